"""What a hook is given: the files of a selection, read one by one, and a tally of what was checked."""

from __future__ import annotations

import os

from nightlatch.core.discover import ALL_FILES, STAGED
from nightlatch.core.files import (
    MAX_BYTES,
    Entry,
    File,
    UnreadableError,
    no_content,
    read_from_tree,
    readings,
    skip_reason,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from nightlatch.core.config import Config
    from nightlatch.core.discover import Selection
    from nightlatch.core.ends import Ends
    from nightlatch.core.git import Git
    from nightlatch.core.whole import WholeSource

EXCLUDED = "excluded by the configuration"


class Remark:
    """A path that was skipped or left unchecked by a hook, and why."""

    __slots__ = ("hook", "path", "reason")

    def __init__(self, path: str, reason: str, hook: str) -> None:
        self.path = path
        self.reason = reason
        self.hook = hook


class Tally:
    """What a run has checked, over all hooks.

    files      path → size in bytes, of what the index or the working tree holds
    objects    how many contents of the history were read, and object_bytes how large they are together
    commits    how many commits were checked whole
    skipped    what was passed over; it never changes the exit code
    unchecked  what should have been checked and was not; exit 2
    """

    __slots__ = ("commits", "files", "object_bytes", "objects", "skipped", "unchecked")

    def __init__(self) -> None:
        self.files: dict[str, int] = {}
        self.objects = 0
        self.object_bytes = 0
        self.commits = 0
        self.skipped: list[Remark] = []
        self.unchecked: list[Remark] = []

    def add(self, other: Tally) -> None:
        """Count what another tally has counted."""
        self.files.update(other.files)
        self.objects += other.objects
        self.object_bytes += other.object_bytes
        self.commits += other.commits
        self.skipped.extend(other.skipped)
        self.unchecked.extend(other.unchecked)

    @property
    def file_count(self) -> int:
        """How many contents were checked, of files and of the history."""
        return len(self.files) + self.objects

    @property
    def byte_count(self) -> int:
        """How many bytes these have."""
        return sum(self.files.values()) + self.object_bytes


class TreeSource:
    """The files of a selection, for one hook: what the index or the working tree holds."""

    def __init__(self, selection: Selection, config: Config, tally: Tally, hook: str, today: str) -> None:
        self.root = selection.root
        self._selection = selection
        self._config = config
        self._tally = tally
        self._hook = hook
        self._today = today
        self._ends: Ends | None = None
        self._left: set[tuple[str, str]] = set()
        self._skipped: set[str] = set()

    def files(self, wanted: Callable[[str], bool] | None = None) -> Iterator[File]:
        """Read and yield each file whose path is wanted. What can't be read is noted as unchecked."""
        self.note_what_was_not_selected()
        later: list[Entry] = []
        for entry in self._included(wanted):
            if entry.staged:
                later.append(entry)
            else:
                yield from self._from_tree(entry, later)
        yield from self._from_objects(later)

    @property
    def tree(self) -> str | None:
        """The top folder of the working tree."""
        return self.root

    @property
    def git(self) -> Git | None:
        """The runner for the repository; None outside git."""
        return self._selection.git

    @property
    def scope(self) -> Sequence[str]:
        """The PATHs that the check is narrowed to; none: the whole tree."""
        return self._selection.scope

    def includes(self, path: str) -> bool:
        """Whether the configuration lets a path be looked at; where it doesn't, that is noted as skipped."""
        if self._config.excluded(path):
            self.skip(path, EXCLUDED)
            return False
        return True

    def beside(self, path: str) -> Iterator[File]:
        """Read a file of the working tree that `files` may not know, such as one that git ignores."""
        yield from self._from_tree(Entry(path), [])

    def note_what_was_not_selected(self) -> None:
        """Note what the selection passed over, and what it could not select."""
        for path, reason in self._selection.skipped:
            self.skip(path, reason)
        for path, reason in self._selection.unchecked:
            self.leave_unchecked(path, reason)

    def skip(self, path: str, reason: str) -> None:
        """Note a path as passed over; the first reason for it counts."""
        if path not in self._skipped:
            self._skipped.add(path)
            self._tally.skipped.append(Remark(path, reason, self._hook))

    def leave_unchecked(self, path: str, reason: str) -> None:
        """Note a path as unchecked: exit 2, unless the configuration accepts it with a reason."""
        if (path, reason) in self._left:
            return
        self._left.add((path, reason))
        accepted = self._config.accepted(path, self._today)
        if accepted is None:
            self._tally.unchecked.append(Remark(path, reason, self._hook))
        else:
            self.skip(path, accepted_reason(reason, accepted))

    def changed(self, paths: Sequence[str]) -> list[str]:
        """Those of the paths at which the change differs from what it is based on; none without a base."""
        selection = self._selection
        if selection.selector == STAGED and not self._is_touched(paths):
            return []
        return self._both_ends().changed(paths)

    def base(self, path: str) -> bytes | None:
        """What stood at a path before the change, or None. Raises UnreadableError."""
        return self._both_ends().base(path)

    def current(self, path: str) -> bytes | None:
        """What stands there now, or None. Raises UnreadableError."""
        data = self._both_ends().current(path)
        if data is not None:
            self._tally.files[path] = len(data)
        return data

    def where(self, path: str) -> str:
        """How errors call what stands at a path now."""
        return self._both_ends().where(path)

    @property
    def is_change(self) -> bool:
        """Whether a change is checked (what is staged, or a range of commits), and not files as they are."""
        selection = self._selection
        return selection.selector == STAGED or bool(selection.span and selection.span.base)

    @property
    def is_whole(self) -> bool:
        """Whether every file that there is was selected: all files, or all that a range or the history leads to."""
        return self._selection.selector == ALL_FILES or self._selection.span is not None

    def removed(self, wanted: Callable[[str], bool]) -> list[str]:
        """The wanted paths that what is staged takes away; none for any other selection."""
        if self._selection.selector != STAGED:
            return []
        gone = (path for path, (mode, _) in self._selection.touched.items() if not mode.strip(b"0"))
        return [path for path in gone if wanted(path) and not self._config.excluded(path)]

    def _is_touched(self, paths: Sequence[str]) -> bool:
        """Whether something staged is one of the paths, or lies in one that is a folder."""
        touched = self._selection.touched
        folders = tuple(path for path in paths if path.endswith("/"))
        return any(path in touched for path in paths) or (bool(folders) and any(map(_in_one_of(folders), touched)))

    def touched(self) -> Mapping[str, str] | None:
        """The paths that a commit changes, and git's names of what is staged; None where none is being made."""
        if self._selection.selector != STAGED:
            return None
        return {path: name for path, (_, name) in self._selection.touched.items()}

    def whole(self) -> WholeSource:
        """All files that stand where those of the selection do. Raises GitError."""
        from nightlatch.core.whole import whole

        return whole(self._selection, self._config, self._tally, self._hook, self._today)

    def before(self) -> WholeSource | None:
        """All files before the change; None where nothing stood there. Raises GitError."""
        from nightlatch.core.whole import before

        return before(self._selection, self._config, self._tally, self._hook, self._today)

    def _both_ends(self) -> Ends:
        if self._ends is None:
            from nightlatch.core.ends import Ends

            self._ends = Ends(self._selection)
        return self._ends

    def _included(self, wanted: Callable[[str], bool] | None) -> Iterator[Entry]:
        for entry in self._selection.entries:
            if wanted and not wanted(entry.path):
                continue
            if self.includes(entry.path):
                yield entry

    def _from_tree(self, entry: Entry, later: list[Entry]) -> Iterator[File]:
        """Read from the working tree. A tracked file that it lacks is left for later, to be read from the index."""
        try:
            data = read_from_tree(os.path.join(self.root, entry.path))
        except FileNotFoundError:
            if entry.object:
                later.append(entry)
            else:
                self.leave_unchecked(entry.path, "it vanished while it was to be read")
        except UnreadableError as error:
            self.leave_unchecked(entry.path, str(error))
        else:
            yield from self._checked(entry.path, data)

    def _from_objects(self, entries: list[Entry]) -> Iterator[File]:
        """Read the objects of the index, all through one git."""
        git = self._selection.git
        if not entries or git is None:
            return
        names = (entry.object or "" for entry in entries)
        for entry, (_, data, size) in zip(entries, git.objects(names, MAX_BYTES), strict=True):
            if data is not None:
                yield from self._checked(entry.path, data)
            else:
                self.leave_unchecked(entry.path, no_content(size, MAX_BYTES))

    def _checked(self, path: str, data: bytes) -> Iterator[File]:
        """Count the file and yield it, unless it has no text."""
        reason = skip_reason(data)
        if reason:
            self.skip(path, reason)
        if not reason.startswith("binary"):
            self._tally.files[path] = len(data)
            yield from readings(path, data)


def _in_one_of(folders: tuple[str, ...]) -> Callable[[str], bool]:
    return lambda path: path.startswith(folders)


class Endless:
    """What of a source is the same where single contents are checked: no change has a beginning and an end."""

    root = ""
    tree: str | None = None
    git: Git | None = None
    scope: Sequence[str] = ()

    def includes(self, path: str) -> bool:  # noqa: ARG002 - the protocol's
        return False

    def beside(self, path: str) -> Iterator[File]:  # noqa: ARG002 - the protocol's
        yield from ()

    def changed(self, paths: Sequence[str]) -> list[str]:  # noqa: ARG002 - the protocol's
        return []

    def base(self, path: str) -> bytes | None:  # noqa: ARG002 - the protocol's
        return None

    def current(self, path: str) -> bytes | None:  # noqa: ARG002 - the protocol's
        return None

    def where(self, path: str) -> str:
        return path

    @property
    def is_change(self) -> bool:
        return False

    @property
    def is_whole(self) -> bool:
        return False

    def removed(self, wanted: Callable[[str], bool]) -> list[str]:  # noqa: ARG002 - the protocol's
        return []

    def touched(self) -> Mapping[str, str] | None:
        return {}

    def whole(self) -> None:
        return None

    def before(self) -> None:
        return None


def accepted_reason(reason: str, accepted: str) -> str:
    """Why a path went unchecked, and why that is accepted: without the command that would have mended it."""
    return f"{reason.partition(' Run: ')[0].rstrip('.')}; accepted: {accepted}"


def sorted_remarks(remarks: Iterable[Remark]) -> list[Remark]:
    """In the order of a report."""
    return sorted(remarks, key=lambda remark: (remark.path, remark.reason, remark.hook))
