"""GitLab's security report, in the version of its schema that every supported GitLab knows.

It is on secret detection; where `dependencies` ran without `secrets`, on dependency scanning.
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
    f"/-/raw/v{VERSION}/dist/{{}}-report-format.json"
)
HOOK = "secrets"
"""What GitLab takes for a secret: other hooks' findings would be shown, and tracked, as leaked credentials."""

DEPENDENCIES = "dependencies"
"""Whose findings about advisories GitLab takes for vulnerable dependencies."""

ADVISORY_SEVERITIES = {"low": "Low", "medium": "Medium", "high": "High", "critical": "Critical"}

SEVERITIES = {ERROR: "Critical", WARNING: "Medium", INFO: "Info"}
"""GitLab's own secret detection calls every secret critical."""

NO_COMMIT = "0000000"
"""What GitLab's own secret detection writes where a secret was found in a file and not in a commit."""

NO_TIME = "1970-01-01T00:00:00"
"""The schema demands times; the run's own would make each report another."""

LONGEST_NAME = 255
LONGEST_SOLUTION = 7_000


def render(result: Result, style: Style) -> str:
    """The report on the hook `secrets`, or on `dependencies`; that others have found something is only mentioned."""
    is_on_dependencies = DEPENDENCIES in result.hooks and HOOK not in result.hooks
    hook = DEPENDENCIES if is_on_dependencies else HOOK
    found = once_each(finding for finding in result.findings if _belongs(finding, hook))
    report: Object = {
        "version": VERSION,
        "schema": SCHEMA.format("dependency-scanning" if is_on_dependencies else "secret-detection"),
        "scan": _scan(result, _moment(style.commit_time), hook),
        "vulnerabilities": [(_dependency if is_on_dependencies else _vulnerability)(finding) for finding in found],
    }
    if is_on_dependencies:
        report["dependency_files"] = []  # demanded; it would be for a list of all that is installed
    return json_text(report)


def _belongs(finding: Finding, hook: str) -> bool:
    """GitLab's vulnerable dependency is a package and an advisory: what else is wrong with a lockfile is neither."""
    return finding.hook == hook and (hook != DEPENDENCIES or bool(finding.data.get("advisory")))


def _scan(result: Result, moment: str, hook: str) -> Object:
    tool = {"id": "nightlatch", "name": "nightlatch", "version": __version__, "vendor": {"name": "nightlatch"}}
    failures = [*_failures(result, hook)]
    messages = [{"level": "warn", "value": plain(text)} for text in failures]
    messages.extend({"level": "info", "value": plain(text)} for text in _left_to_others(result, hook))
    return {
        "type": "dependency_scanning" if hook == DEPENDENCIES else "secret_detection",
        "status": "failure" if failures else "success",
        "start_time": moment,
        "end_time": moment,
        "analyzer": tool,
        "scanner": tool,
        "messages": messages,
    }


def _failures(result: Result, hook: str) -> Iterator[str]:
    """Why nobody may take this report for the whole truth about what it is on."""
    if hook not in result.hooks:
        yield f"The hook {hook} did not run: whether there are secrets is not known."
    for remark in sorted_remarks(result.tally.unchecked):
        if remark.hook == hook:
            yield f"Unchecked: {shown_path(remark.path)}: {remark.reason}"


def _left_to_others(result: Result, ours: str) -> Iterator[str]:
    for hook in dict.fromkeys(result.hooks):
        rules = [one.rule.id for one in result.findings if one.hook == hook and not _belongs(one, ours)]
        if rules:
            count = plural(len(rules), "finding")
            yield f"Not in this report: {count} of the hook {hook} ({', '.join(sorted(set(rules)))})"


def _dependency(finding: Finding) -> Object:
    """A package that an advisory concerns. The identifiers begin with the id that stands for it."""
    data = finding.data
    others = data.get("aliases")
    ids = [str(data["advisory"]), *(map(str, others) if isinstance(others, list) else ())]
    version = plain(str(data["version"]))
    is_malware = finding.rule.name.startswith("malicious")
    return {
        "id": _uuid(finding.fingerprint),
        "name": plain(finding.rule.summary)[:LONGEST_NAME],
        "description": f"{described(finding)} {plain(finding.rule.why)}",
        "severity": "Critical" if is_malware else ADVISORY_SEVERITIES.get(str(data["severity"]), "Unknown"),
        "solution": plain(finding.fix)[:LONGEST_SOLUTION],
        "identifiers": [{"type": _family(one), "name": plain(one), "value": plain(one)} for one in ids],
        "location": {
            "file": shown_path(file_of(finding)),
            "dependency": {"package": {"name": plain(str(data["package"]))}, "version": version},
        },
        "details": {
            "fingerprint": {"type": "text", "name": "nightlatch's fingerprint", "value": finding.fingerprint},
        },
    }


def _family(advisory: str) -> str:
    """GitLab's word for where an id is from."""
    family = advisory.partition("-")[0].lower()
    return family if family in ("cve", "ghsa") else "osv"


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
