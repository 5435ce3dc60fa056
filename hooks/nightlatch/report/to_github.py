"""GitHub Actions: workflow commands, of which the runner makes annotations at the lines of a change.

How they are escaped: https://docs.github.com/actions (workflow commands). GitHub shows ten of each kind from a step.
"""

from __future__ import annotations

from nightlatch.core.rule import ERROR, INFO, SEVERITIES, WARNING
from nightlatch.core.run import COMMITS
from nightlatch.core.source import sorted_remarks
from nightlatch.core.text import one_line, shown_path
from nightlatch.report.choice import is_shown
from nightlatch.report.place import in_words
from nightlatch.report.words import counts, described, plain, what_was_checked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.core.finding import Finding
    from nightlatch.core.run import Result
    from nightlatch.core.source import Remark
    from nightlatch.report.formats import Style

MOST = 10
"""So many annotations of each kind GitHub shows from a step."""

ROOM_FOR_UNCHECKED = 3
"""What is unchecked comes first, but leaves most of the errors' places to what was found, where that needs them."""

LONGEST_MESSAGE = 2_000
"""In characters: the runner cuts at some 4,000, and what is escaped takes three."""

COMMANDS = {ERROR: "error", WARNING: "warning", INFO: "notice"}

IN_MESSAGES = "%\r\n"
IN_PROPERTIES = "%\r\n:,"
"""What the runner would read otherwise: it stands as its number."""


def render(result: Result, style: Style) -> str:
    """The worst ten of each kind as commands, and in the last line how many there are of everything."""
    shown = [finding for finding in result.findings if is_shown(finding, result, style)]
    unchecked = sorted_remarks(result.tally.unchecked)
    found = {severity: [finding for finding in shown if finding.severity == severity] for severity in SEVERITIES}
    first = unchecked[: max(ROOM_FOR_UNCHECKED, MOST - len(found[ERROR]))][:MOST]
    found[ERROR] = found[ERROR][: MOST - len(first)]
    lines = [_unchecked(remark) for remark in first]
    for severity in SEVERITIES:
        lines.extend(_annotation(finding) for finding in found[severity][:MOST])
    left_out = len(shown) + len(unchecked) - len(lines)
    lines.extend(_last(result, left_out))
    return "".join(line + "\n" for line in lines)


def _last(result: Result, left_out: int) -> Iterator[str]:
    yield f"nightlatch: {counts(result)}; {what_was_checked(result)}."
    if left_out:
        yield f"{left_out} of them without an annotation: GitHub shows {MOST} of a kind from a step."


def _annotation(finding: Finding) -> str:
    """The command for a finding. One that is in no file has no place, and then stands above the log alone.

    The log shows the message and nothing else of a command: so the message says where, too.
    """
    properties: dict[str, object] = {}
    if finding.path is not None:
        properties["file"] = one_line(shown_path(finding.path))
        properties |= _region(finding)
    properties["title"] = one_line(f"{finding.rule.id} {finding.rule.name}")
    said = f"{in_words(finding)}: {finding.rule.id} {described(finding)} {finding.fix}"
    return _command(COMMANDS[finding.severity], properties, said.rstrip())


def _region(finding: Finding) -> dict[str, object]:
    """Lines and columns. GitHub takes columns only within one line."""
    if finding.line is None:
        return {}
    region: dict[str, object] = {"line": finding.line, "endLine": finding.end_line}
    if finding.line == finding.end_line:
        region |= {"col": finding.column, "endColumn": finding.end_column}
    return region


def _unchecked(remark: Remark) -> str:
    path = shown_path(remark.path)
    properties: dict[str, object] = {} if remark.path == COMMITS else {"file": one_line(path)}
    properties["title"] = "Unchecked"
    return _command("error", properties, f"{path}: {remark.reason}. What can't be checked does not pass.")


def _command(name: str, properties: dict[str, object], message: str) -> str:
    said = ",".join(f"{key}={_escaped(str(value), IN_PROPERTIES)}" for key, value in properties.items())
    message = plain(message)
    if len(message) > LONGEST_MESSAGE:
        message = f"{message[: LONGEST_MESSAGE - 1]}…"
    return f"::{name} {said}::{_escaped(message, IN_MESSAGES)}"


def _escaped(text: str, special: str) -> str:
    return "".join(f"%{ord(character):02X}" if character in special else character for character in text)
