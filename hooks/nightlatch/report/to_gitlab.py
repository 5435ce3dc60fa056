"""GitLab's security report for secret detection, in the version of its schema that every supported GitLab knows.

https://docs.gitlab.com/development/integrations/secure (report), 15.0.7 of its schema
"""

from __future__ import annotations

from nightlatch import __version__
from nightlatch.core.rule import ERROR, INFO, WARNING
from nightlatch.core.source import sorted_remarks
from nightlatch.core.text import plural, shown_path
from nightlatch.report.choice import once_each
from nightlatch.report.json_text import json_text
from nightlatch.report.place import file_of, lines_of
from nightlatch.report.words import described, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.core.finding import Finding
    from nightlatch.core.run import Result
    from nightlatch.report.formats import Style

    Object = dict[str, object]

VERSION = "15.0.7"
SCHEMA = (
    "https://gitlab.com/gitlab-org/security-products/security-report-schemas"
    f"/-/raw/v{VERSION}/dist/secret-detection-report-format.json"
)
HOOK = "secrets"
"""What GitLab takes for a secret: other hooks' findings would be shown, and tracked, as leaked credentials."""

SEVERITIES = {ERROR: "Critical", WARNING: "Medium", INFO: "Info"}
"""GitLab's own secret detection calls every secret critical."""

NO_COMMIT = "0000000"
"""What GitLab's own secret detection writes where a secret was found in a file and not in a commit."""

NO_TIME = "1970-01-01T00:00:00"
"""The schema demands times; the run's own would make each report another."""

LONGEST_NAME = 255
LONGEST_SOLUTION = 7_000


def render(result: Result, style: Style) -> str:
    """The report on the hook `secrets`; that other hooks have found something is only mentioned."""
    found = once_each(finding for finding in result.findings if finding.hook == HOOK)
    return json_text(
        {
            "version": VERSION,
            "schema": SCHEMA,
            "scan": _scan(result, _moment(style.commit_time)),
            "vulnerabilities": [_vulnerability(finding) for finding in found],
        }
    )


def _scan(result: Result, moment: str) -> Object:
    tool = {"id": "nightlatch", "name": "nightlatch", "version": __version__, "vendor": {"name": "nightlatch"}}
    failures = [*_failures(result)]
    messages = [{"level": "warn", "value": plain(text)} for text in failures]
    messages.extend({"level": "info", "value": plain(text)} for text in _left_to_others(result))
    return {
        "type": "secret_detection",
        "status": "failure" if failures else "success",
        "start_time": moment,
        "end_time": moment,
        "analyzer": tool,
        "scanner": tool,
        "messages": messages,
    }


def _failures(result: Result) -> Iterator[str]:
    """Why nobody may take this report for the whole truth about secrets."""
    if HOOK not in result.hooks:
        yield f"The hook {HOOK} did not run: whether there are secrets is not known."
    for remark in sorted_remarks(result.tally.unchecked):
        if remark.hook == HOOK:
            yield f"Unchecked: {shown_path(remark.path)}: {remark.reason}"


def _left_to_others(result: Result) -> Iterator[str]:
    for hook in dict.fromkeys(result.hooks):
        rules = [finding.rule.id for finding in result.findings if finding.hook == hook != HOOK]
        if rules:
            count = plural(len(rules), "finding")
            yield f"Not in this report: {count} of the hook {hook} ({', '.join(sorted(set(rules)))})"


def _vulnerability(finding: Finding) -> Object:
    first, last = lines_of(finding)
    place: Object = {"file": shown_path(file_of(finding)), "start_line": first, "end_line": last}
    return {
        "id": _uuid(finding.fingerprint),
        "name": plain(finding.rule.summary)[:LONGEST_NAME],
        "description": f"{described(finding)} {plain(finding.rule.why)}",
        "severity": SEVERITIES[finding.severity],
        "solution": plain(finding.fix)[:LONGEST_SOLUTION],
        "identifiers": [
            {"type": "nightlatch_rule", "name": f"nightlatch {finding.rule.id}", "value": finding.rule.id},
        ],
        "location": place | {"commit": {"sha": finding.commit or NO_COMMIT}},
        "tracking": {
            "type": "source",
            "items": [place | {"signatures": [{"algorithm": "hash", "value": finding.fingerprint}]}],
        },
        "details": {
            "fingerprint": {"type": "text", "name": "nightlatch's fingerprint", "value": finding.fingerprint},
        },
    }


def _uuid(fingerprint: str) -> str:
    """The fingerprint, grouped as the schema recommends."""
    ends = (8, 12, 16, 20, 32)
    return "-".join(fingerprint[start:end] for start, end in zip((0, *ends), ends, strict=False))


def _moment(commit_time: str) -> str:
    """A time as the schema wants it, in UTC without a Z; 1970 where there is none to be read."""
    from datetime import UTC, datetime

    try:
        moment = datetime.fromisoformat(commit_time)
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return NO_TIME
    return moment.replace(tzinfo=None).isoformat(timespec="seconds")
