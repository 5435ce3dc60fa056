"""A baseline held against a scan: what is still needed, what is gone, what is new."""

from __future__ import annotations

from nightlatch.core.baseline.entry import Baseline, Entry
from nightlatch.core.baseline.matcher import Matcher
from nightlatch.core.baseline.selected import existence
from nightlatch.core.detect_secrets_baseline import finder
from nightlatch.core.text import shown_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.baseline.scan import Scan
    from nightlatch.core.finding import Finding


class Comparison:
    """What a comparison says.

    matches  the findings that have an entry, and their entries; expired ones too
    new      the findings that have none, and that no baseline of detect-secrets allows
    gone     the entries whose finding the scan would have met and did not
    unseen   the entries about what the scan didn't look at
    """

    def __init__(self, baseline: Baseline, scan: Scan) -> None:
        matcher = Matcher(baseline, existence(scan.selection))
        self.matches: list[tuple[Finding, Entry]] = []
        without: list[Finding] = []
        for finding in scan.findings:
            entry = matcher.entry_for(finding)
            if entry is None:
                without.append(finding)
            else:
                self.matches.append((finding, entry))
        self.new = not_allowed_elsewhere(without, scan)
        unused = matcher.unused()
        self.gone = [entry for entry in unused if scan.covers(entry)]
        self.unseen = [entry for entry in unused if not scan.covers(entry)]


def not_allowed_elsewhere(findings: list[Finding], scan: Scan) -> list[Finding]:
    """The findings that the baseline of detect-secrets that goes with the repository, if any, doesn't allow."""
    find = finder(scan.selection, scan.configuration) if findings else None
    foreign = find() if find else None
    return [finding for finding in findings if foreign is None or foreign.note_for(finding) is None]


def entry_of(
    finding: Finding, baseline: Baseline, reason: str, *, expires: str | None = None, audit: str | None = None
) -> Entry:
    """The entry that allows a finding."""
    mark = baseline.mark(finding.value)
    return Entry(finding.rule.id, _path(finding), finding.fingerprint, mark, reason, expires=expires, audit=audit)


def moved_to(finding: Finding, entry: Entry) -> Entry:
    """An entry as it is at the place where its finding is now."""
    there = (_path(finding), finding.fingerprint)
    return Entry(entry.rule, *there, entry.mark, entry.reason, expires=entry.expires, audit=entry.audit)


def _path(finding: Finding) -> str | None:
    return None if finding.path is None else shown_path(finding.path)
