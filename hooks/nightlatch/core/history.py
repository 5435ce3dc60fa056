"""Commits one by one: each object is read and checked once, and a finding belongs to the commit that brought it.

A hook checks files; it knows nothing of commits. It is given every content that the commits bring, and then
the contents that these replaced, where something was found. What a parent already had is no new finding.
"""

from __future__ import annotations

from nightlatch.core.commits import (
    MESSAGE_PART,
    TAG_PART,
    boundary_of_a_shallow_clone,
    changes,
    commits,
    files_at,
    message,
    tags,
)
from nightlatch.core.files import MAX_BYTES, File, as_text, no_content, readings, skip_reason
from nightlatch.core.source import EXCLUDED, Endless, Remark, accepted_reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from nightlatch.core.commits import Change, Commit, Span
    from nightlatch.core.config import Config
    from nightlatch.core.finding import Finding
    from nightlatch.core.git import Git
    from nightlatch.core.hook import Hook, Options
    from nightlatch.core.scan_state import State
    from nightlatch.core.source import Tally
    from nightlatch.core.workers import Workers

    Key = tuple[str, str]
    """A path and an object."""

UNREAD = -1

WINDOW = 500
"""Commits that are worked on at once; memory holds their changes and the findings so far, never their contents."""


SHARE = 200
"""Contents that one process checks before it is given the next."""

SHALLOW = "the clone is shallow: git fetch --unshallow, or run again with --deepen"
PARTIAL = "objects are missing: in a partial clone git fetch --refetch --no-filter, or run again with --deepen"


class Walk:
    """The check of a span of commits by one hook.

    commits     the commits, parents before children
    incomplete  the commits that could not be checked whole
    """

    def __init__(
        self, git: Git, span: Span, *, config: Config, tally: Tally, hook: Hook, options: Options, today: str
    ) -> None:
        self._git = git
        self._options = options
        self._workers: Workers | None = None
        self._span = span
        self._config = config
        self._tally = tally
        self._hook = hook
        self._today = today
        self._known: dict[Key, list[Finding]] = {}
        self._sizes: dict[Key, int] = {}
        self._skipped: set[tuple[str, str]] = set()
        self._unread: set[Key] = set()
        self._cut = boundary_of_a_shallow_clone(git)
        self.commits = commits(git, span)
        self.incomplete = {commit.name for commit in self.commits if commit.name in self._cut}

    def share(self, workers: Workers | None) -> None:
        """Let these processes check contents, as `check_contents` does it; None where there are none."""
        self._workers = workers

    def check_contents(self, keys: list[Key]) -> Contents:
        """Let the hook check these contents, and give what came of it."""
        contents = Contents(self._git, keys)
        contents.findings = list(self._hook.check(contents, self._options))
        return contents

    def findings(
        self, *, state: State | None = None, progress: Callable[[int, int], None] | None = None
    ) -> Iterator[Finding]:
        """Yield each finding once, with the commit that brought it.

        state     what an earlier run has checked already; it is brought up to date
        progress  is told how many commits of how many are done
        """
        found: list[Finding] = []
        told: set[tuple[object, ...]] = set()
        for window, is_new in self._windows(state, progress):
            found.extend(finding for finding in self._window(window) if _is_first(finding, told))
            if state and is_new and not self.incomplete:
                state.add(window, {finding.commit or "" for finding in found}, self._tally, self._skipped)
        found.extend(finding for finding in self._tags() if _is_first(finding, told))
        self._tally.commits = len(self.commits) - len(self.incomplete)
        self._note_what_the_tip_allows(found)
        yield from found

    def _windows(
        self, state: State | None, progress: Callable[[int, int], None] | None
    ) -> Iterator[tuple[Sequence[Commit], bool]]:
        """The commits in lots, and whether they are new: of the others only those that bring findings come again."""
        rest = [commit for commit in self.commits if commit.name not in self._cut]
        if state and not self._cut:
            again, rest = state.divide(self._git, rest)
            yield again, False
            for path, reason in state.skipped:
                self.skip(path, reason)
            self._tally.objects, self._tally.object_bytes = state.objects, state.object_bytes
        for start in range(0, len(rest), WINDOW):
            window = rest[start : start + WINDOW]
            yield window, True
            if progress:
                progress(start + len(window), len(rest))

    def incompleteness(self) -> str:
        """How much of the span was checked, and the command that mends it."""
        checked = len(self.commits) - len(self.incomplete)
        if self._cut:
            return f"incomplete: {checked} of at least {len(self.commits)} commits; {SHALLOW}"
        return f"incomplete: {checked} of {len(self.commits)} commits; {PARTIAL}"

    def _window(self, window: Sequence[Commit]) -> Iterator[Finding]:
        changed = changes(self._git, [commit.name for commit in window])
        self._check(self._new_contents(changed.values()))
        self._count(changed.values())
        self._check(self._replaced_contents(changed.values()))
        messages = self._messages([commit.name for commit in window], MESSAGE_PART)
        for commit in window:
            for change in changed[commit.name]:
                if (change.path, change.new) in self._unread:
                    self.incomplete.add(commit.name)
            yield from self._brought(commit, changed[commit.name])
            yield from messages.get(commit.name, ())

    def _count(self, changed: Iterable[list[Change]]) -> None:
        """Count what commits bring, content by content, so that an interrupted and a whole walk count alike."""
        for each in changed:
            for change in each:
                size = self._sizes.get((change.path, change.new), UNREAD)
                if size != UNREAD:
                    self._tally.objects += 1
                    self._tally.object_bytes += size

    def _brought(self, commit: Commit, changed: Sequence[Change]) -> Iterator[Finding]:
        """The findings that a commit has and none of its parents."""
        moved = [self._known.get((change.path, change.old[0]), []) for change in changed if not change.new]
        for change in changed:
            found = self._known.get((change.path, change.new), [])
            if not found:
                continue
            befores = [self._known.get((change.path, old), []) for old in change.old]
            if not any(change.old):
                befores.extend(moved)
            for before in befores:
                found = _without(found, before)
            for finding in found:
                yield finding.at_commit(commit.name)

    def _new_contents(self, changed: Iterable[list[Change]]) -> list[Key]:
        keys = ((change.path, change.new) for each in changed for change in each if change.new)
        return self._unseen(keys)

    def _replaced_contents(self, changed: Iterable[list[Change]]) -> list[Key]:
        """What stood before where something was found: at the same path, or at a path that the commit deletes."""
        keys: list[Key] = []
        for each in changed:
            bringing = [change for change in each if self._known.get((change.path, change.new))]
            keys.extend((change.path, old) for change in bringing for old in change.old if old)
            if any(not any(change.old) for change in bringing):
                keys.extend((change.path, old) for change in each if not change.new for old in change.old if old)
        return self._unseen(keys)

    def _unseen(self, keys: Iterable[Key]) -> list[Key]:
        fresh = []
        for key in keys:
            if key not in self._sizes:
                self._sizes[key] = UNREAD
                if self._config.excluded(key[0]):
                    self.skip(key[0], EXCLUDED)
                else:
                    fresh.append(key)
        return fresh

    def _check(self, keys: list[Key]) -> None:
        """Have these contents checked, here or by the processes that share the work, and keep what is found."""
        if self._workers is None or len(keys) <= SHARE:
            checked: Iterable[Contents] = (self.check_contents(keys),)
        else:
            checked = self._workers.map(_shares(keys))
        for contents in checked:
            self._sizes.update(contents.sizes)
            for path, reason in contents.skipped:
                self.skip(path, reason)
            for path, name, reason in contents.unread:
                self._leave_unread(path, name, reason)
            for finding in contents.findings:
                self._known.setdefault((finding.path or "", finding.object), []).append(finding)

    def skip(self, path: str, reason: str) -> None:
        """Note a path as passed over, once for all its versions."""
        if (path, reason) not in self._skipped:
            self._skipped.add((path, reason))
            self._tally.skipped.append(Remark(path, reason, self._hook.name))

    def leave_unchecked(self, path: str, reason: str) -> None:
        """Note a path as unchecked, unless the configuration accepts it."""
        accepted = self._config.accepted(path, self._today)
        remark = Remark(path, reason if accepted is None else accepted_reason(reason, accepted), self._hook.name)
        (self._tally.unchecked if accepted is None else self._tally.skipped).append(remark)

    def _leave_unread(self, path: str, name: str, reason: str) -> None:
        if self._config.accepted(path, self._today) is None:
            self._unread.add((path, name))
        self.leave_unchecked(path, reason)

    def _messages(self, names: list[str], part: str) -> dict[str, list[Finding]]:
        """What is found in the messages of commits or tags, by the name of their object."""
        found: dict[str, list[Finding]] = {}
        for finding in self._hook.check(_Messages(self, names, part), self._options):
            name = finding.object
            found.setdefault(name, []).append(finding.at_commit(name))
        return found

    def read_messages(self, names: list[str], part: str) -> Iterator[File]:
        """Read the messages of these objects."""
        for name, data, size in self._git.objects(names, MAX_BYTES):
            if data is None:
                self.incomplete.add(name)
                self.leave_unchecked(name, no_content(size, MAX_BYTES))
            else:
                yield File("", as_text(message(data)), object=name, part=part)

    def _note_what_the_tip_allows(self, found: list[Finding]) -> None:
        """A note that stands beside the same secret in the newest version allows it in the older ones too."""
        paths = sorted({finding.path for finding in found if finding.path and not finding.note})
        at_tip = files_at(self._git, self._span.tip or "HEAD", paths)
        self._check(self._unseen(at_tip.items()))
        for finding in found:
            newest = self._known.get((finding.path or "", at_tip.get(finding.path or "", "")), [])
            notes = (other.note for other in newest if (other.rule.id, other.value) == (finding.rule.id, finding.value))
            finding.note = finding.note or next((note for note in notes if note), None)

    def _tags(self) -> Iterator[Finding]:
        """What annotated tags of the checked commits say."""
        checked = {commit.name for commit in self.commits}
        of_span = {name: place for name, place in tags(self._git).items() if place[1] in checked}
        if self._span.tag:
            of_span.setdefault(self._span.tag, tags(self._git).get(self._span.tag, ("", self._span.tip)))
        for name, found in self._messages(sorted(of_span), TAG_PART).items():
            for finding in found:
                finding.data = finding.data | {"tag": of_span[name][0]}
                yield finding.at_commit(of_span[name][1])


class Contents(Endless):
    """What the hook takes for its source: contents that commits bring, each object read once for all its paths.

    sizes     path and object → bytes, of what was read
    skipped   (path, reason) of what holds no text
    unread    (path, object, reason) of what could not be read
    findings  what the hook found
    """

    def __init__(self, git: Git, keys: list[Key]) -> None:
        self._git: Git | None = git
        self._keys = keys
        self.sizes: dict[Key, int] = {}
        self.skipped: list[tuple[str, str]] = []
        self.unread: list[tuple[str, str, str]] = []
        self.findings: list[Finding] = []

    def __getstate__(self) -> dict[str, object]:
        """What goes back to the process that shared the work out: what came of it alone."""
        return self.__dict__ | {"_git": None, "_keys": []}

    def files(self, wanted: Callable[[str], bool] | None = None) -> Iterator[File]:
        """Read each object once, through one git, and yield a file for each of its paths, if it holds text."""
        paths: dict[str, list[str]] = {}
        for path, name in self._keys if self._git else ():
            if wanted is None or wanted(path):
                paths.setdefault(name, []).append(path)
        for name, data, size in self._git.objects(paths, MAX_BYTES) if self._git else ():
            if data is None:
                reason = no_content(size, MAX_BYTES)
                self.unread.extend((path, name, reason) for path in paths[name])
            else:
                self.sizes.update({(path, name): size for path in paths[name]})
                yield from self._texts(paths[name], name, data)

    def _texts(self, paths: list[str], name: str, data: bytes) -> Iterator[File]:
        reason = skip_reason(data)
        for path in paths:
            if reason:
                self.skip(path, reason)
            if not reason.startswith("binary"):
                yield from readings(path, data, object=name)

    def skip(self, path: str, reason: str) -> None:
        self.skipped.append((path, reason))

    def leave_unchecked(self, path: str, reason: str) -> None:
        self.unread.extend((path, name, reason) for other, name in self._keys if other == path)


def _shares(keys: list[Key]) -> list[list[Key]]:
    """The keys in shares; those of one object stay together, so that it is read once."""
    together: dict[str, list[Key]] = {}
    for key in keys:
        together.setdefault(key[1], []).append(key)
    shares: list[list[Key]] = [[]]
    for same in together.values():
        if len(shares[-1]) >= SHARE:
            shares.append([])
        shares[-1].extend(same)
    return shares


class _Messages(Endless):
    """The same for messages. A hook that wants certain paths wants none of them."""

    def __init__(self, walk: Walk, names: list[str], part: str) -> None:
        self._walk = walk
        self._names = names
        self._part = part

    def files(self, wanted: Callable[[str], bool] | None = None) -> Iterator[File]:
        return self._walk.read_messages(self._names, self._part) if wanted is None or wanted("") else iter(())

    def skip(self, path: str, reason: str) -> None:
        self._walk.skip(path, reason)

    def leave_unchecked(self, path: str, reason: str) -> None:
        self._walk.leave_unchecked(path, reason)


def _without(found: list[Finding], before: list[Finding]) -> list[Finding]:
    """What is found that was not there before.

    Lines that stayed as they are cancel out first, then lines that changed around the same value: a second
    copy of a value is new, an edited comment beside it isn't.
    """
    rest = _cancelled(found, before, lambda finding: (finding.rule.id, finding.anchor, finding.value))
    return _cancelled(*rest, lambda finding: (finding.rule.id, finding.value or finding.anchor))[0]


def _cancelled(
    found: list[Finding], before: list[Finding], identity: Callable[[Finding], object]
) -> tuple[list[Finding], list[Finding]]:
    """Both lists without the pairs of the same identity."""
    left: dict[object, list[Finding]] = {}
    for finding in before:
        left.setdefault(identity(finding), []).append(finding)
    kept = []
    for finding in found:
        same = left.get(identity(finding))
        if same:
            same.pop()
        else:
            kept.append(finding)
    return kept, [finding for same in left.values() for finding in same]


def _is_first(finding: Finding, told: set[tuple[object, ...]]) -> bool:
    """Whether this place, line and value was not told of an earlier commit: cherry-picks repeat it."""
    identity = (finding.rule.id, finding.path, finding.anchor, finding.ordinal, finding.value)
    if identity in told:
        return False
    told.add(identity)
    return True
