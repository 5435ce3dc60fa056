"""SARIF 2.1.0, the form that code scanning reads: one run a hook, within GitHub's limits.

What GitHub asks for beyond the standard: https://docs.github.com/code-security (SARIF support for code scanning).
"""

from __future__ import annotations

from urllib.parse import quote

from nightlatch import __version__
from nightlatch.core.rule import ERROR, INFO, WARNING
from nightlatch.core.source import sorted_remarks
from nightlatch.core.text import plural, shown_path
from nightlatch.report.choice import worst
from nightlatch.report.json_text import json_text
from nightlatch.report.place import about, file_of
from nightlatch.report.words import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.core.finding import Finding
    from nightlatch.core.rule import Rule
    from nightlatch.core.run import Result
    from nightlatch.core.source import Remark
    from nightlatch.report.formats import Style

    Object = dict[str, object]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT = "%SRCROOT%"
MOST_RESULTS = 25_000
"""GitHub refuses a file with a longer run."""

LEVELS = {ERROR: "error", WARNING: "warning", INFO: "note"}

SECURITY_SEVERITY = {ERROR: "8.0", WARNING: "5.0", INFO: "2.0"}
"""High, medium and low on GitHub, where by default high and above fail a pull request, as an error fails a run."""

PRECISION = {ERROR: "high", WARNING: "medium", INFO: "medium"}
"""A rule may only block where it is seldom wrong."""

IN_PATHS = "/!$&'()*+,;=@"
"""What RFC 3986 lets stand in a path beside letters, digits and `-._~`; the colon would make a scheme."""

HELP = """\
{summary}.

{why}

Mend: {fix}

{allow}

More: {more}"""

ALLOW = """\
Allow, only if it is harmless: a comment on the line, or alone on the line above, that says
{note}
Everywhere: {off} in .nightlatch.yaml."""


def render(result: Result, _style: Style) -> str:
    """A run for each hook, also where it found nothing, so that code scanning closes what is mended."""
    runs = [_run(result, hook) for hook in dict.fromkeys(result.hooks)]
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": runs})


def _run(result: Result, hook: str) -> Object:
    found = [finding for finding in (*result.findings, *result.suppressed) if finding.hook == hook]
    kept = worst(found, MOST_RESULTS)
    rules = sorted({finding.rule.id: finding.rule for finding in kept}.items())
    places = {identity: place for place, (identity, _) in enumerate(rules)}
    return {
        "tool": {
            "driver": {
                "name": "nightlatch",
                "version": __version__,
                "rules": [_rule(rule, hook) for _, rule in rules],
            }
        },
        "automationDetails": {"id": f"nightlatch/{hook}/"},
        "invocations": [_invocation(result, hook, len(found) - len(kept))],
        "originalUriBaseIds": {ROOT: {"description": {"text": "The repository's root, or the scanned folder."}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, places[finding.rule.id]) for finding in kept],
    }


def _rule(rule: Rule, hook: str) -> Object:
    words = {"summary": rule.summary, "why": rule.why, "fix": rule.fix}
    note, off = f"nightlatch: allow {rule.id} -- your reason", f"rules: {{{rule.id}: off}}"
    more = f"nightlatch explain {rule.id}"
    return {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": f"{rule.summary}. {rule.why}"},
        "help": {
            "text": HELP.format(**words, allow=_allowance(rule, note, off), more=more),
            "markdown": HELP.format(**words, allow=_allowance(rule, f"`{note}`\n", f"`{off}`"), more=f"`{more}`"),
        },
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {
            "precision": PRECISION[rule.severity],
            "security-severity": SECURITY_SEVERITY[rule.severity],
            "tags": ["security", hook],
        },
    }


def _allowance(rule: Rule, note: str, off: str) -> str:
    """How to allow a rule's findings."""
    return f"Allow: {rule.allow}" if rule.allow else ALLOW.format(note=note, off=off)


def _result(finding: Finding, place: int) -> Object:
    message = f"{finding.message}. {finding.fix}" if finding.fix else finding.message
    result: Object = {
        "ruleId": finding.rule.id,
        "ruleIndex": place,
        "level": LEVELS[finding.severity],
        "message": {"text": plain(message)},
        "locations": [_location(finding)],
        "partialFingerprints": {
            "primaryLocationLineHash": finding.fingerprint,
            "nightlatch/v1": finding.fingerprint,
        },
    }
    if finding.note:
        kind = "external" if "baseline" in finding.note.by or finding.note.by.startswith("--") else "inSource"
        result["suppressions"] = [{"kind": kind, "justification": plain(finding.note.reason or finding.note.by)}]
    properties: Object = {}
    if finding.commit:
        properties.update(history=True, commit=finding.commit)
    if finding.data:
        properties["data"] = finding.data
    if properties:
        result["properties"] = properties
    return result


def _location(finding: Finding) -> Object:
    """Where it is. GitHub refuses a file in which one result has no place, so every finding gets one.

    A finding about a whole file stands at its start. One that is in no file stands at the start of the
    configuration, whether there is one or not: its rule is set there. Both say so.
    """
    words = plain(about(finding))
    location: Object = {"message": {"text": words}} if words else {}
    location["physicalLocation"] = {
        "artifactLocation": _artifact(file_of(finding)),
        "region": {
            "startLine": 1 if words else finding.line,
            "startColumn": 1 if words else finding.column,
            "endLine": 1 if words else finding.end_line,
            "endColumn": 1 if words else finding.end_column,
        },
    }
    return location


def _invocation(result: Result, hook: str, left_out: int) -> Object:
    """How the hook's run ended. What was left unchecked makes it a failed one: GitHub then closes no alert."""
    unchecked = [remark for remark in sorted_remarks(result.tally.unchecked) if remark.hook == hook]
    skipped = [remark for remark in sorted_remarks(result.tally.skipped) if remark.hook == hook]
    notifications = [
        *_notifications(unchecked, "unchecked", "error"),
        *_notifications(skipped, "skipped", "note"),
    ]
    if left_out:
        text = f"{plural(left_out, 'result')} left out, the least severe: GitHub takes {MOST_RESULTS} a run."
        notifications.append(_notification(text, "left-out", "warning"))
    return {
        "executionSuccessful": not unchecked,
        "exitCode": result.exit_code,
        "toolExecutionNotifications": notifications,
    }


def _notifications(remarks: Sequence[Remark], kind: str, level: str) -> list[Object]:
    return [
        _notification(f"{shown_path(remark.path)}: {remark.reason}", kind, level)
        | {"locations": [{"physicalLocation": {"artifactLocation": _artifact(remark.path)}}]}
        for remark in remarks
    ]


def _notification(text: str, kind: str, level: str) -> Object:
    return {"descriptor": {"id": kind}, "level": level, "message": {"text": plain(text)}}


def _artifact(path: str) -> Object:
    """A path as RFC 3986 writes it. Bytes that are not UTF-8 stand in it as they do in every report."""
    uri = "".join(quote(character, IN_PATHS) if _is_text(character) else shown_path(character) for character in path)
    return {"uri": uri, "uriBaseId": ROOT}


def _is_text(character: str) -> bool:
    """Whether it has a UTF-8 form: surrogates have none."""
    return not "\ud800" <= character <= "\udfff"
