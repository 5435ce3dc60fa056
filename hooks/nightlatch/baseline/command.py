"""`nightlatch baseline create|update|audit|prune|import`."""

from __future__ import annotations

import os
import time

from nightlatch.baseline import options
from nightlatch.baseline.comparison import Comparison, entry_of, moved_to, not_allowed_elsewhere
from nightlatch.baseline.scan import Scan
from nightlatch.baseline.store import Store, new_baseline
from nightlatch.core.baseline.entry import FALSE, NAME, REAL, Baseline, Entry
from nightlatch.core.baseline.selected import read
from nightlatch.core.errors import EXIT_CLEAN, EXIT_UNCHECKED, UsageError
from nightlatch.core.text import one_line, plural
from nightlatch.report.formats import write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Iterator

    from nightlatch.core.detect_secrets_baseline import DetectSecretsBaseline
    from nightlatch.core.finding import Finding


def command(words: list[str]) -> int:
    """Do what the words after `baseline` say; the exit code. Raises NightlatchError."""
    asked = options.parse(words)
    if isinstance(asked, str):
        write(asked)
        return EXIT_CLEAN
    paths = [] if asked.subcommand == options.IMPORT else asked.paths
    scan = Scan(paths, asked.config, no_config=asked.no_config, plugins=tuple(asked.detect_secrets_plugin))
    store = _store(asked, scan)
    _say(_DO[asked.subcommand](asked, store, scan))
    _say(one_line(remark) for remark in scan.unchecked)
    if scan.unchecked:
        _say(["What is named above could not be checked: the baseline says nothing about it."])
    return EXIT_UNCHECKED if scan.unchecked else EXIT_CLEAN


def _store(asked: Namespace, scan: Scan) -> Store:
    """The file that --baseline names, or the one at the root."""
    if asked.baseline is not None:
        return Store(asked.baseline, asked.baseline)
    return Store(os.path.join(scan.selection.root, NAME), NAME)


def _say(lines: Iterable[str]) -> None:
    write("".join(f"{line}\n" for line in lines))


def _create(asked: Namespace, store: Store, scan: Scan) -> Iterator[str]:
    """Allow everything that is there."""
    _refuse_existing(store)
    scan.run()
    found = not_allowed_elsewhere(scan.findings, scan)
    if not found:
        yield "nightlatch: nothing was found: no baseline is needed, and none was made."
        return

    def created(before: Baseline | None) -> Baseline:
        if before is not None:
            _refuse_existing(store)
        fresh = new_baseline(store.where)
        fresh.entries = _entries(found, fresh, asked)
        return fresh

    entries = store.change(created).entries
    yield f"nightlatch: {store.where}: {_count(entries)} made: {_rules(entries)}."
    yield "Commit the file. From then on each commit is judged by its own change alone."
    yield "Next: nightlatch baseline audit    asks which of them are real"


def _refuse_existing(store: Store) -> None:
    if store.exists():
        raise UsageError(
            f"There is a baseline already: {store.where}.",
            'To allow what is new as well: nightlatch baseline update --add --reason "…"',
        )


def _update(asked: Namespace, store: Store, scan: Scan) -> Iterator[str]:
    """Drop what is gone and follow what was moved; add what is new with --add; `prune` drops what has expired."""
    store.load()
    scan.run()
    today = time.strftime("%Y-%m-%d", time.gmtime())
    prune, add = asked.subcommand == options.PRUNE, getattr(asked, "add", False)
    change = _Change(scan, today, asked if add else None, prune=prune)
    after = store.change(change)
    yield f"nightlatch: {store.where}: {_count(after.entries)}; {', '.join(change.told()) or 'nothing changed'}."
    if change.new:
        yield f"{_found(change.new)} not in it. Mend it, or allow it: nightlatch baseline update --add --reason …"
    if change.active:
        yield (
            f"{_count(change.active)} of it expired: what they allowed counts again. "
            "Mend it, or renew them: nightlatch baseline update --add --reason …"
        )


class _Change:
    """What `update` and `prune` do to a baseline, and afterwards what they did.

    added    where and why to add what is new; None to leave it
    """

    def __init__(self, scan: Scan, today: str, added: Namespace | None, *, prune: bool) -> None:
        self._scan = scan
        self._today = today
        self._addition = added
        self._prune = prune
        self.gone: list[Entry] = []
        self.expired: list[Entry] = []
        self.active: list[Entry] = []
        self.moved: list[Entry] = []
        self.added: list[Entry] = []
        self.new: list[Finding] = []

    def __call__(self, before: Baseline | None) -> Baseline:
        if before is None:
            raise UsageError("The baseline was removed meanwhile.", "Make it with: nightlatch baseline create")
        comparison = Comparison(before, self._scan)
        kept = list(comparison.unseen)
        new = list(comparison.new)
        for finding, entry in comparison.matches:
            if self._addition and entry.is_expired(self._today):
                new.append(finding)
            else:
                kept.append(moved_to(finding, entry))
                self.moved += [entry] if entry.fingerprint != finding.fingerprint else []
        self.gone = comparison.gone
        expired = [entry for entry in kept if entry.is_expired(self._today)]
        self.expired, self.active = (expired, []) if self._prune else ([], expired)
        self.new = [] if self._addition else new
        if self._addition:
            self.added = _entries(new, before, self._addition)
        entries = {entry.key: entry for entry in (*kept, *self.added) if not (self._prune and entry in expired)}
        return Baseline(before.where, before.salt, list(entries.values()))

    def told(self) -> Iterator[str]:
        """What was done, in words."""
        for entries, what in (
            (self.gone, "gone and dropped"),
            (self.expired, "expired and dropped"),
            (self.moved, "moved"),
            (self.added, "added"),
        ):
            if entries:
                yield f"{len(entries)} {what}"


def _audit(asked: Namespace, store: Store, scan: Scan) -> Iterator[str]:
    """Ask a person, or list what was answered."""
    from nightlatch.baseline.audit import audit, listing

    baseline = store.load()
    if asked.list:
        yield from listing(baseline)
    else:
        scan.run()
        audit(store, scan, again=asked.again)


def _import(asked: Namespace, store: Store, scan: Scan) -> Iterator[str]:
    """Make entries for what a baseline of detect-secrets lists and is found now."""
    from nightlatch.core.detect_secrets_baseline import load

    (name,) = asked.paths
    if not os.path.lexists(name):
        raise UsageError(f"{name}: there is no such file.", "Name a baseline that detect-secrets has written.")
    foreign = load(read(name, name), name)
    scan.run()
    listed = [finding for finding in scan.findings if foreign.audit_of(finding)]

    def imported(before: Baseline | None) -> Baseline:
        after = before or new_baseline(store.where)
        known = {finding.fingerprint for finding, _ in Comparison(after, scan).matches}
        after.entries += [
            _imported_entry(finding, after, foreign) for finding in listed if finding.fingerprint not in known
        ]
        return after

    if not listed and not store.exists():
        yield f"nightlatch: nothing that {name} lists is found: no baseline is needed, and none was made."
        return
    entries = store.change(imported).entries
    yield f"nightlatch: {store.where}: {_count(entries)}: {_rules(entries)}; {name} lists {len(listed)} findings."
    yield f"Remove {name} once nothing else uses it: as long as it is there, it is honoured too."


def _imported_entry(finding: Finding, baseline: Baseline, foreign: DetectSecretsBaseline) -> Entry:
    audit = foreign.audit_of(finding)
    note = foreign.note_for(finding)
    said = {True: REAL, False: FALSE, None: None}[audit[0] if audit else None]
    reason = f"{note.reason if note else 'listed'} (imported from detect-secrets)"
    return entry_of(finding, baseline, reason, audit=said)


def _entries(findings: list[Finding], baseline: Baseline, asked: Namespace) -> list[Entry]:
    return [entry_of(finding, baseline, asked.reason, expires=asked.expires) for finding in findings]


def _count(entries: list[Entry]) -> str:
    return "1 entry" if len(entries) == 1 else f"{len(entries)} entries"


def _found(findings: list[Finding]) -> str:
    return f"{plural(len(findings), 'finding')} {'is' if len(findings) == 1 else 'are'}"


def _rules(entries: list[Entry]) -> str:
    """`SEC301 (8)` for each rule, the most frequent first."""
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry.rule] = counts.get(entry.rule, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{rule} ({count})" for rule, count in ordered) or "none"


_DO = {
    options.CREATE: _create,
    options.UPDATE: _update,
    options.AUDIT: _audit,
    options.PRUNE: _update,
    options.IMPORT: _import,
}
"""What each subcommand does; it yields the lines that tell of it."""
