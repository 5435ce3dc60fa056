"""The whole tree at one end of a change: for a hook that compares files that the change doesn't touch.

Staged: the index, before it HEAD. Files and folders: the repository's working tree, before it HEAD. A range: its last
commit, before it the one that it starts from. Outside git: what the selection holds, and nothing before it.
The files are listed first, with the names of git's objects where these are what would be read, so that a hook which
keeps what it has learned of an object reads only the others.
"""

from __future__ import annotations

from nightlatch.core.discover import ALL_FILES, HISTORY, LINK, PATHS, RANGE, STAGED, Selection, add_listed
from nightlatch.core.ends import REGULAR, base_of, rows_of
from nightlatch.core.files import Entry
from nightlatch.core.git import Git
from nightlatch.core.source import Tally, TreeSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nightlatch.core.config import Config
    from nightlatch.core.files import File


class WholeSource(TreeSource):
    """All files of a tree. Each is listed once, whatever is asked for, and what is excluded is noted once."""

    def __init__(self, selection: Selection, config: Config, tally: Tally, hook: str, today: str) -> None:
        super().__init__(selection, config, tally, hook, today)
        self._noted: set[str] = set()

    def entries(self, wanted: Callable[[str], bool] | None = None) -> list[Entry]:
        """The wanted files, sorted by path. An entry that is `staged` is read as its object, the others as a file."""
        return sorted(self._included(wanted), key=lambda entry: entry.path)

    def read(self, entries: Sequence[Entry]) -> Iterator[File]:
        """Read and yield these. What can't be read is noted as unchecked."""
        later: list[Entry] = []
        for entry in entries:
            if entry.staged:
                later.append(entry)
            else:
                yield from self._from_tree(entry, later)
        yield from self._from_objects(later)

    def skip(self, path: str, reason: str) -> None:
        """Note a path as passed over, once."""
        if path not in self._noted:
            self._noted.add(path)
            super().skip(path, reason)


def whole(selection: Selection, config: Config, tally: Tally, hook: str, today: str) -> WholeSource:
    """Everything that stands where the selection's files do. Raises GitError."""
    git = _git_at_the_root(selection)
    if git is None or selection.selector == ALL_FILES:
        return WholeSource(selection, config, tally, hook, today)
    every = Selection(selection.selector, selection.root, git)
    if selection.selector == PATHS:
        add_listed(every)
    elif selection.selector == STAGED:
        every.add(_of_the_index(git.run("ls-files", "-z", "--stage")))
    elif selection.selector in (RANGE, HISTORY):
        every.add(_of_a_commit(git, _tip(selection)))
    return WholeSource(every, config, tally, hook, today)


def before(selection: Selection, config: Config, tally: Tally, hook: str, today: str) -> WholeSource | None:
    """The same before the change; None where nothing stood there. What is read of it isn't counted as checked."""
    git, commit = _git_at_the_root(selection), base_of(selection)
    if git is None or not commit:
        return None
    earlier = Selection(selection.selector, selection.root, git)
    earlier.add(_of_a_commit(git, commit))
    uncounted = Tally()
    uncounted.unchecked = tally.unchecked
    return WholeSource(earlier, config, uncounted, hook, today)


def _git_at_the_root(selection: Selection) -> Git | None:
    """Where git lists everything: it lists what lies below its folder alone."""
    git = selection.git
    return git and (git if git.folder == selection.root else Git(selection.root, git.environment))


def _tip(selection: Selection) -> str:
    return (selection.span.tip if selection.span else "") or "HEAD"


def _of_the_index(listing: bytes) -> Iterator[Entry]:
    """`git ls-files -z --stage` has `MODE OBJECT STAGE`. What is unmerged is noted where it is selected."""
    for path, (mode, name, stage) in rows_of(listing):
        if mode in REGULAR and stage == b"0":
            yield Entry(path, name.decode("ascii", "replace"), staged=True, is_link=mode == LINK)


def _of_a_commit(git: Git, commit: str) -> Iterator[Entry]:
    """`git ls-tree -z` has `MODE TYPE OBJECT`."""
    for path, (mode, _, name) in rows_of(git.run("ls-tree", "-z", "-r", "--full-tree", commit)):
        if mode in REGULAR:
            yield Entry(path, name.decode("ascii", "replace"), staged=True, is_link=mode == LINK)
