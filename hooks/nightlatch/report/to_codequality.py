"""GitLab's Code Quality: the part of Code Climate's format that GitLab reads.

https://docs.gitlab.com/ci/testing/code_quality (Code Quality report format)
"""

from __future__ import annotations

from nightlatch.core.config import NAME as CONFIGURATION
from nightlatch.core.finding import fingerprint
from nightlatch.core.rule import ERROR, INFO, WARNING
from nightlatch.core.run import COMMITS
from nightlatch.core.source import sorted_remarks
from nightlatch.core.text import shown_path
from nightlatch.report.choice import once_each
from nightlatch.report.json_text import json_text
from nightlatch.report.place import file_of, lines_of
from nightlatch.report.words import described, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.core.finding import Finding
    from nightlatch.core.run import Result
    from nightlatch.core.source import Remark
    from nightlatch.report.formats import Style

    Object = dict[str, object]

SEVERITIES = {ERROR: "critical", WARNING: "minor", INFO: "info"}
UNCHECKED = "unchecked"


def render(result: Result, _style: Style) -> str:
    """A list: what is unchecked first, then each finding once."""
    unchecked = {(remark.path, remark.reason, remark.hook): remark for remark in sorted_remarks(result.tally.unchecked)}
    issues = [_unchecked(remark) for remark in unchecked.values()]
    issues.extend(_issue(finding) for finding in once_each(result.findings))
    return json_text(issues)


def _issue(finding: Finding) -> Object:
    return {
        "description": " ".join(filter(None, (described(finding), plain(finding.fix)))),
        "check_name": finding.rule.id,
        "fingerprint": finding.fingerprint,
        "severity": SEVERITIES[finding.severity],
        "location": _location(file_of(finding), lines_of(finding)[0]),
    }


def _unchecked(remark: Remark) -> Object:
    """The format has no place for what was left unchecked: it stands there as an issue of the gravest kind."""
    path = shown_path(remark.path)
    return {
        "description": plain(f"{path}: {remark.reason}. What can't be checked does not pass."),
        "check_name": UNCHECKED,
        "fingerprint": fingerprint(UNCHECKED, remark.path, f"{remark.hook}\0{plain(remark.reason)}", 1),
        "severity": "blocker",
        "location": _location(CONFIGURATION if remark.path == COMMITS else remark.path, 1),
    }


def _location(path: str, line: int) -> Object:
    return {"path": shown_path(path), "lines": {"begin": line}}
