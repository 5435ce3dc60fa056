"""Which findings stand in a report that can't hold all of them, or is not meant to."""

from __future__ import annotations

from nightlatch.core.rule import INFO, SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nightlatch.core.finding import Finding
    from nightlatch.core.run import Result
    from nightlatch.report.formats import Style


def is_shown(finding: Finding, result: Result, style: Style) -> bool:
    """Whether a person wants to see it: info only with --verbose; with --quiet only what makes the run fail."""
    if finding.severity == INFO:
        return style.verbose
    return not style.quiet or finding.severity in result.failing


def worst(findings: Sequence[Finding], most: int) -> Sequence[Finding]:
    """So many at most: of more, the most severe, in the order of the report within a severity."""
    return findings if len(findings) <= most else sorted(findings, key=_badness)[:most]


def _badness(finding: Finding) -> int:
    """What comes first where not all can be kept: errors, warnings, infos, and then what is allowed."""
    return len(SEVERITIES) if finding.note else SEVERITIES.index(finding.severity)


def once_each(findings: Iterable[Finding]) -> list[Finding]:
    """Each fingerprint once: what several commits have brought is one finding where fingerprints must be unique."""
    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(finding.fingerprint, finding)
    return list(first.values())
