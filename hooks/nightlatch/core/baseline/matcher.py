"""Which entry names a finding: at its place, beside it, or at one that is gone."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nightlatch.core.baseline.entry import Baseline, Entry
    from nightlatch.core.finding import Finding

    Places = dict[str, dict[str, Entry]]
    """Path → fingerprint → entry."""


MOST_ORDINALS = 8
"""A line that was moved among equal ones is looked for under this many ordinals beside its own."""

MOST_ATTEMPTS = 1_000_000
"""How often a run looks for a finding at another place than its own; a second's work. The rest are new findings."""


class Matcher:
    """Finds the entry for a finding, and remembers which entries were needed.

    exists  tells whether a path, as reports show it, is in the tree that is checked
    """

    def __init__(self, baseline: Baseline, exists: Callable[[str], bool]) -> None:
        self.baseline = baseline
        self._exists = exists
        self._entries = {entry.key: entry for entry in baseline.entries}
        self._places: dict[tuple[str, str | None], Places] | None = None
        self._gone: dict[tuple[str, str | None], Places] = {}
        self._counts: dict[tuple[str, str | None], int] = {}
        self._fingerprints: dict[tuple[str, str, str], list[str]] = {}
        self._serves: dict[tuple[str, str | None], str] = {}
        self._moves: dict[str, str] = {}
        self._attempts_left = MOST_ATTEMPTS

    def entry_for(self, finding: Finding) -> Entry | None:
        """The entry that names this finding, expired or not: at its place, beside it, or at one that is gone."""
        mark = self.baseline.mark(finding.value)
        exact = self._entries.get((finding.fingerprint, mark))
        if exact is not None:
            self._serves[exact.key] = finding.fingerprint
            return exact
        if finding.path is None:
            return None
        return self._among_equal_lines(finding, mark) or self._moved(finding, mark)

    def unused(self) -> list[Entry]:
        """The entries that named no finding so far."""
        return [entry for entry in self.baseline.entries if entry.key not in self._serves]

    def _takes(self, entry: Entry | None, finding: Finding) -> bool:
        """Whether an entry for another place serves this finding: it serves one, not every copy of a line."""
        return entry is not None and self._serves.setdefault(entry.key, finding.fingerprint) == finding.fingerprint

    def _among_equal_lines(self, finding: Finding, mark: str | None) -> Entry | None:
        """The entry of a line that changed its ordinal, since an equal one was put above it or taken away."""
        from nightlatch.core.text import shown_path

        path = shown_path(finding.path or "")
        known = self._by_place(finding.rule.id, mark).get(path)
        if not known:
            return None
        for name in self._fingerprints_of(finding.rule.id, path, finding.anchor):
            entry = known.get(name)
            if entry and self._takes(entry, finding):
                return entry
        return None

    def _moved(self, finding: Finding, mark: str | None) -> Entry | None:
        """The entry for the same line at a path that is gone (`git mv`)."""
        from nightlatch.core.finding import fingerprint

        place = finding.path or ""
        gone = self._gone_places(finding.rule.id, mark)
        for path in self._likeliest(place, gone):
            if self._attempts_left <= 0:
                return None
            for ordinal in _ordinals(finding.ordinal):
                self._attempts_left -= 1
                entry = gone[path].get(fingerprint(finding.rule.id, path, finding.anchor, ordinal))
                if entry and self._takes(entry, finding):
                    self._moves[place] = path
                    return entry
        return None

    def _likeliest(self, path: str, gone: Places) -> Iterator[str]:
        """The paths that are gone: first where another line of this file came from, then those of the same name."""
        before = self._moves.get(path, "")
        if before in gone:
            yield before
        name = path.rpartition("/")[2]
        yield from (other for other in gone if other != before and other.rpartition("/")[2] == name)
        yield from (other for other in gone if other != before and other.rpartition("/")[2] != name)

    def _by_place(self, rule: str, mark: str | None) -> Places:
        """The entries of a rule and mark by their path and fingerprint."""
        if self._places is None:
            self._places = {}
            for entry in self.baseline.entries:
                if entry.path is not None:
                    places = self._places.setdefault((entry.rule, entry.mark), {})
                    places.setdefault(entry.path, {})[entry.fingerprint] = entry
                    self._counts[entry.rule, entry.path] = self._counts.get((entry.rule, entry.path), 0) + 1
        return self._places.get((rule, mark), {})

    def _gone_places(self, rule: str, mark: str | None) -> Places:
        """Those of them whose path the tree no longer has."""
        key = (rule, mark)
        if key not in self._gone:
            places = self._by_place(rule, mark)
            self._gone[key] = {path: known for path, known in places.items() if not self._exists(path)}
        return self._gone[key]

    def _fingerprints_of(self, rule: str, path: str, anchor: str) -> list[str]:
        """The fingerprints of as many equal lines as there are entries of the rule for a file."""
        from nightlatch.core.finding import fingerprint

        key = (rule, path, anchor)
        if key not in self._fingerprints:
            count = max(min(self._counts.get((rule, path), 0), self._attempts_left), 0)
            self._attempts_left -= count
            self._fingerprints[key] = [fingerprint(rule, path, anchor, number) for number in range(1, count + 1)]
        return self._fingerprints[key]


def _ordinals(own: int) -> Iterator[int]:
    """A moved line mostly keeps its ordinal; beside equal ones it takes another."""
    yield own
    yield from (ordinal for ordinal in range(1, MOST_ORDINALS + 1) if ordinal != own)
