"""The two ends of a change: what stood at a path before it, and what stands there after it.

Staged: HEAD and the index. Files and folders: HEAD and the working tree. A range: the commit that it starts
from and the one that it ends with. Where nothing stood before (outside git, the first commit, the whole history)
there is nothing to compare.
"""

from __future__ import annotations

import os

from nightlatch.core.discover import LINK, STAGED
from nightlatch.core.errors import GitError
from nightlatch.core.files import MAX_BYTES, NO_OBJECT, UnreadableError, no_content, read_from_tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nightlatch.core.discover import Selection
    from nightlatch.core.git import Git

    Blob = tuple[bytes, str]
    """git's mode and the name of the object."""

REGULAR = (b"100644", b"100755", LINK)
A_LINK = "a symbolic link: what it says can't be compared"


class Ends:
    """Both ends of what a selection checks. A link before the change is read as git stores it: as a name."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._tip = selection.span.tip if selection.span else ""
        self._before: dict[str, Blob] = {}
        self._after: dict[str, Blob] = {}

    def changed(self, paths: Sequence[str]) -> list[str]:
        """Those of the paths at which the ends differ; none where there is nothing to compare.

        paths  one that ends with `/` stands for the files that lie in that folder, at either end
        Raises GitError where that can't be found out.
        """
        git, selection = self._selection.git, self._selection
        base = base_of(selection)
        if git is None:
            return []
        if not base:
            self._after = _regular(selection.touched, paths)  # of the first commit, which only adds
            return []
        self._before = _listed(git, base, paths)
        if self._tip:
            self._after = _listed(git, self._tip, paths)
        elif selection.selector == STAGED:
            self._after = _regular(self._before | selection.touched, paths)
        else:
            return [path for path in self._files(paths) if self._differs_in_the_tree(path)]
        return [path for path in self._files(paths) if self._before.get(path) != self._after.get(path)]

    def base(self, path: str) -> bytes | None:
        """What stood at a path that `changed` was asked for, or None. Raises UnreadableError."""
        blob = self._before.get(path)
        return self._read(blob) if blob else None

    def current(self, path: str) -> bytes | None:
        """What stands there now, or None. Raises UnreadableError; for a link too."""
        if self._in_the_tree:
            full = os.path.join(self._selection.root, path)
            if os.path.islink(full):
                raise UnreadableError(A_LINK)
            try:
                return read_from_tree(full)
            except FileNotFoundError:
                blob = self._in_the_index(path)  # a sparse checkout may leave the file out
        else:
            blob = self._after.get(path)
        if blob and blob[0] == LINK:
            raise UnreadableError(A_LINK)
        return self._read(blob) if blob else None

    def where(self, path: str) -> str:
        """How errors call what stands at a path now."""
        return f"{self._tip[:12]}:{path}" if self._tip else path

    def _files(self, paths: Sequence[str]) -> list[str]:
        """The paths, and in the place of each folder the files that either end has in it."""
        known = dict.fromkeys(path for path in paths if not path.endswith("/"))
        folders = [path for path in paths if path.endswith("/")]
        if not folders:
            return list(known)
        there = [f"{folder}{name}" for folder in folders if self._in_the_tree for name in self._names(folder)]
        known.update(dict.fromkeys(sorted(within([*self._before, *self._after, *there], folders))))
        return list(known)

    def _names(self, folder: str) -> list[str]:
        """The names of the files in a folder of the working tree; one that can't be looked into has none to tell."""
        full = os.path.join(self._selection.root, folder)
        try:
            return [name for name in os.listdir(full) if not os.path.isdir(os.path.join(full, name))]
        except OSError:
            return []

    @property
    def _in_the_tree(self) -> bool:
        return not self._tip and self._selection.selector != STAGED

    def _in_the_index(self, path: str) -> Blob | None:
        git = self._selection.git
        listing = git.run("ls-files", "-z", "--stage", "--", path) if git else b""
        found = [record.split(b"\t")[0].split(b" ") for record in listing.split(b"\0")[:-1]]
        if any(len(words) != 3 or words[2] != b"0" for words in found):  # noqa: PLR2004 - mode, object, stage
            raise UnreadableError("unmerged: resolve the conflict and stage the file")
        return (found[0][0], found[0][1].decode("ascii", "replace")) if found and found[0][0] in REGULAR else None

    def _differs_in_the_tree(self, path: str) -> bool:
        """What can't be read may differ."""
        try:
            return self.base(path) != self.current(path)
        except UnreadableError:
            return True

    def _read(self, blob: Blob) -> bytes:
        git = self._selection.git
        if git is None:
            raise UnreadableError(NO_OBJECT)
        _, data, size = next(git.objects([blob[1]], MAX_BYTES))
        if data is None:
            raise UnreadableError(no_content(size, MAX_BYTES))
        return data


def within(known: Iterable[str], paths: Sequence[str]) -> list[str]:
    """Those of the known files that the paths name: by themselves, or as lying in a folder that ends with `/`."""
    exact = {path for path in paths if not path.endswith("/")}
    folders = {path for path in paths if path.endswith("/")}
    return [path for path in known if path in exact or path[: path.rfind("/") + 1] in folders]


def _listed(git: Git, commit: str, paths: Sequence[str]) -> dict[str, Blob]:
    """What a commit has at these paths, submodules and folders aside."""
    rows = tree_rows(git.run("ls-tree", "-z", "--full-tree", commit, "--", *paths))
    return {path: (mode, name) for path, mode, name in rows if mode in REGULAR}


def _regular(blobs: dict[str, Blob], paths: Sequence[str]) -> dict[str, Blob]:
    """What stands at these paths, without submodules and what was taken away."""
    return {path: blobs[path] for path in within(blobs, paths) if blobs[path][0] in REGULAR}


def tree_rows(listing: bytes) -> Iterator[tuple[str, bytes, str]]:
    """Read `git ls-tree -z`: `MODE TYPE OBJECT`, tab, path, NUL."""
    for path, words in rows_of(listing):
        yield path, words[0], words[2].decode("ascii", "replace")


def rows_of(listing: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """Path and words of each file in a list of git's: three words, tab, path, NUL. Raises GitError where it is cut."""
    *records, rest = listing.split(b"\0")
    for record in records:
        head, tab, path = record.partition(b"\t")
        words = head.split(b" ")
        if not tab or len(words) != 3:  # noqa: PLR2004 - as the format above has it
            rest = record
            break
        yield os.fsdecode(path), words
    if rest:
        raise GitError("git's list of files is cut off.", "Check the repository with: git fsck")


def base_of(selection: Selection) -> str:
    """The commit before the change; "" where there is none to compare with. Raises GitError."""
    if selection.git is None:
        _refuse_lost_repository(selection.root)
        return ""
    if selection.span:
        return selection.span.base if selection.span.tip else ""
    return _head(selection.git)


def _head(git: Git) -> str:
    """The commit that HEAD names; "" before the first one. Raises GitError where it names one that can't be had."""
    try:
        return git.run("rev-parse", "--verify", "--quiet", "HEAD").decode("ascii", "replace").strip()
    except GitError:
        branch = git.run("symbolic-ref", "HEAD").decode("utf-8", "surrogateescape").strip()
        if git.run("for-each-ref", "--format=%(refname)", branch):
            raise
        return ""


def _refuse_lost_repository(root: str) -> None:
    """A folder with a `.git` that git doesn't take for a repository has something to compare with, out of reach."""
    if os.path.lexists(os.path.join(root, ".git")):
        raise GitError(
            "There is a .git here, but git finds no repository: nothing can be compared with what was committed.",
            "Check the repository with: git status",
        )
