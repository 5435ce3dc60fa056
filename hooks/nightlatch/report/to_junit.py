"""JUnit's XML: a suite for each hook, a test for each finding. What GitLab, Jenkins and others read of it."""

from __future__ import annotations

from html import escape

from nightlatch.core.run import COMMITS
from nightlatch.core.source import sorted_remarks
from nightlatch.core.text import one_line, plural, shown_path
from nightlatch.report.choice import once_each, worst
from nightlatch.report.place import in_words, thing
from nightlatch.report.words import MEND_OR_ACCEPT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nightlatch.core.finding import Finding
    from nightlatch.core.run import Result
    from nightlatch.core.source import Remark
    from nightlatch.report.formats import Style

MOST = 10_000
"""Findings of a suite: GitLab refuses a file of more than 250,000 parts, of which each takes ten."""

FAILURE, ERROR, PASSED = "failure", "error", "system-out"


class Case:
    """A test of a suite.

    name     what it is compared by from one run to the next
    kind     failure, error, or system-out where it passes
    file     where it is, or ""
    type     of the failure or the error
    message  of the same, in a few words
    text     all there is to say, in lines
    """

    __slots__ = ("file", "kind", "message", "name", "text", "type")

    def __init__(
        self,
        name: str,
        kind: str = PASSED,
        *,
        file: str = "",
        type: str = "",
        message: str = "",
        text: Sequence[str] = (),
    ) -> None:
        self.name = name
        self.kind = kind
        self.file = file
        self.type = type
        self.message = message
        self.text = text


def render(result: Result, _style: Style) -> str:
    """The suites of all hooks that ran, also of those that found nothing."""
    suites = {hook: [*_cases(result, hook)] for hook in dict.fromkeys(result.hooks)}
    every = [case for cases in suites.values() for case in cases]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuites{_attributes(name='nightlatch', **_counts(every))}>",
    ]
    for hook, cases in suites.items():
        lines.append(f"  <testsuite{_attributes(name=hook, **_counts(cases))}>")
        lines.extend(_lines(hook, cases))
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>", ""])


def _counts(cases: Sequence[Case]) -> dict[str, str]:
    kinds = [case.kind for case in cases]
    return {"tests": str(len(kinds)), "failures": str(kinds.count(FAILURE)), "errors": str(kinds.count(ERROR))}


def _cases(result: Result, hook: str) -> Iterator[Case]:
    """What was left unchecked, then each finding once, or else the one test that there is nothing."""
    unchecked = [remark for remark in sorted_remarks(result.tally.unchecked) if remark.hook == hook]
    found = once_each(finding for finding in result.findings if finding.hook == hook)
    kept = worst(found, MOST)
    for remark in unchecked:
        yield _unchecked(remark)
    for finding in kept:
        yield _found(finding, FAILURE if finding.severity in result.failing else PASSED)
    if len(found) > len(kept):
        text = f"{plural(len(found) - len(kept), 'finding')} left out, the least severe: the JSON report has all."
        kind = FAILURE if _failing(found, result) > _failing(kept, result) else PASSED
        yield Case("left out", kind, type="left-out", message=text, text=[text])
    if not unchecked and not found:
        yield Case("nothing found")


def _unchecked(remark: Remark) -> Case:
    path = shown_path(remark.path)
    return Case(
        f"unchecked {path}: {remark.reason}",
        ERROR,
        file="" if remark.path == COMMITS else path,
        type="unchecked",
        message=remark.reason,
        text=[f"{path}: unchecked {remark.reason}", MEND_OR_ACCEPT],
    )


def _failing(findings: Sequence[Finding], result: Result) -> int:
    return sum(finding.severity in result.failing for finding in findings)


def _found(finding: Finding, kind: str) -> Case:
    """The name has the fingerprint and not the line: a finding whose line moves is not a new one."""
    rule = finding.rule
    text = [f"{in_words(finding)}: {finding.severity} {rule.id} {finding.message}"]
    if finding.commit:
        text.append(f"commit: {finding.commit}")
    text.append(f"why: {rule.why}")
    if finding.fix:
        text.append(f"fix: {finding.fix}")
    text.append(f"fingerprint: {finding.fingerprint}")
    return Case(
        f"{rule.id} {rule.name}: {thing(finding)} [{finding.fingerprint[:12]}]",
        kind,
        file="" if finding.path is None else shown_path(finding.path),
        type=rule.id,
        message=finding.message,
        text=text,
    )


def _lines(hook: str, cases: Sequence[Case]) -> Iterator[str]:
    """Readers know a test by its name, and of two with the same one they drop the other."""
    seen: dict[str, int] = {}
    for case in cases:
        seen[case.name] = seen.get(case.name, 0) + 1
        name = case.name if seen[case.name] == 1 else f"{case.name} ({seen[case.name]})"
        place = {"file": case.file} if case.file else {}
        start = f"    <testcase{_attributes(classname=f'nightlatch.{hook}', name=name, **place)}"
        if not case.text:
            yield f"{start}/>"
            continue
        said = {} if case.kind == PASSED else {"message": case.message, "type": case.type}
        text = "\n".join(_escaped(line) for line in case.text)
        yield f"{start}>"
        yield f"      <{case.kind}{_attributes(**said)}>{text}</{case.kind}>"
        yield "    </testcase>"


def _attributes(**values: str) -> str:
    return "".join(f' {name}="{_escaped(value)}"' for name, value in values.items())


def _escaped(text: str) -> str:
    """Text in one line, of printable characters alone: XML has no way to write the others."""
    return escape(one_line(text), quote=False).replace('"', "&quot;")
