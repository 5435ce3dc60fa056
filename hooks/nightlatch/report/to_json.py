"""JSON: one object, the form that other tools are written against."""

from __future__ import annotations

from nightlatch import __version__
from nightlatch.core.source import sorted_remarks
from nightlatch.core.text import shown_path
from nightlatch.report.json_text import json_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.core.finding import Finding
    from nightlatch.core.run import Result
    from nightlatch.core.source import Remark
    from nightlatch.report.formats import Style

SCHEMA = 1


def render(result: Result, _style: Style) -> str:
    """The whole result, info findings too; escaped to ASCII, with a newline at its end."""
    tally = result.tally
    report = {
        "schema": SCHEMA,
        "tool": {"name": "nightlatch", "version": __version__},
        "selector": result.selector,
        "hooks": list(result.hooks),
        "checked": {"files": tally.file_count, "bytes": tally.byte_count, "commits": tally.commits},
        "findings": [finding_object(finding) for finding in result.findings],
        "unchecked": [_remark(remark) for remark in sorted_remarks(tally.unchecked)],
        "skipped": [_remark(remark) for remark in sorted_remarks(tally.skipped)],
        "suppressed": [_suppressed(finding) for finding in result.suppressed],
    }
    return json_text(report)


def finding_object(finding: Finding) -> dict[str, object]:
    """A finding as other tools read it."""
    return {
        "rule": finding.rule.id,
        "name": finding.rule.name,
        "severity": finding.severity,
        "path": None if finding.path is None else shown_path(finding.path),
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
        "message": finding.message,
        "fix": finding.fix or None,
        "fingerprint": finding.fingerprint,
        "commit": finding.commit,
        "hook": finding.hook,
        "data": finding.data,
    }


def _remark(remark: Remark) -> dict[str, object]:
    return {"path": shown_path(remark.path), "reason": remark.reason, "hook": remark.hook}


def _suppressed(finding: Finding) -> dict[str, object]:
    note = finding.note
    return {
        "rule": finding.rule.id,
        "path": None if finding.path is None else shown_path(finding.path),
        "line": finding.line,
        "fingerprint": finding.fingerprint,
        "by": note.by if note else "",
        "reason": note.reason if note else "",
        "hook": finding.hook,
    }
