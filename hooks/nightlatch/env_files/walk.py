"""Where secret files lie in the working tree, whether git ignores them or not.

The walk doesn't enter what tools have put there: packages, virtual environments, caches and build folders; nor
another repository. It never follows a link.
"""

from __future__ import annotations

import os

from nightlatch.core.secret_files import FOLDER_OF_ENV_FILES, SIGNS, kind_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nightlatch.core.secret_files import Kind

    Extra = Callable[[str, bool], bool]

NOT_ENTERED = frozenset(
    (
        ".bzr",
        ".cache",
        ".dart_tool",
        ".direnv",
        ".eggs",
        ".git",
        ".gradle",
        ".hg",
        ".jj",
        ".mypy_cache",
        ".next",
        ".nox",
        ".nuxt",
        ".nx",
        ".output",
        ".parcel-cache",
        ".pnpm-store",
        ".pytest_cache",
        ".ruff_cache",
        ".svelte-kit",
        ".svn",
        ".terraform",
        ".tox",
        ".turbo",
        ".venv",
        ".yarn",
        "Pods",
        "__pycache__",
        "__pypackages__",
        "_build",
        "bower_components",
        "build",
        "coverage",
        "dist",
        "jspm_packages",
        "node_modules",
        "out",
        "site-packages",
        "target",
        "vendor",
    )
)
"""Folders that tools fill, by name."""

MARKS = frozenset(("pyvenv.cfg", "CACHEDIR.TAG"))
"""A file that says its folder was filled by a tool: a virtual environment, a cache (https://bford.info/cachedir/)."""

MOST_FOLDERS = 200_000
"""The walk ends there, and says so."""


class Walked:
    """What a walk met.

    secret      path → kind of each file that the names tell
    matched     what the extra question was answered yes for: path → whether it is a folder
    unreadable  (folder, reason) of what couldn't be looked into
    nested      the folders that are repositories of their own
    filled      (folder, name) of the folders that were filled by a tool, and the file that says so
    linked      the PATHs that are links to folders
    truncated   whether the walk ended before the tree did
    """

    __slots__ = ("filled", "linked", "matched", "nested", "secret", "truncated", "unreadable")

    def __init__(self) -> None:
        self.secret: dict[str, Kind] = {}
        self.matched: dict[str, bool] = {}
        self.unreadable: list[tuple[str, str]] = []
        self.nested: list[str] = []
        self.filled: list[tuple[str, str]] = []
        self.linked: list[str] = []
        self.truncated = False


def walk(root: str, scope: Sequence[str] = (), extra: Extra | None = None, named: Sequence[str] = ()) -> Walked:
    """Look through the working tree below a root.

    scope  the PATHs below the root to look at, files or folders; none: everything
    extra  asked of every path, with whether it is a folder: for what the configuration names
    named  folders that are entered whatever they are called, and whatever lies in them
    """
    walked = Walked()
    tops: list[str] = []
    for path in scope or (".",):
        full = os.path.join(root, path)
        if path == ".":
            tops.append("")
        elif os.path.isdir(full) and not os.path.islink(full):
            tops.append(f"{path}/")
            _ask(walked, "", [path], extra, are_folders=True)
        elif os.path.isdir(full):
            walked.linked.append(path)
        elif os.path.lexists(full):
            folder, slash, name = path.rpartition("/")
            _meet(walked, folder + slash, [name], extra)
    _go(walked, root, tops, extra, frozenset(_with_those_above(named)))
    return walked


def _with_those_above(folders: Sequence[str]) -> Iterator[str]:
    for folder in folders:
        parts = folder.split("/")
        yield from ("/".join(parts[:count]) for count in range(1, len(parts) + 1))


def _go(walked: Walked, root: str, tops: Sequence[str], extra: Extra | None, named: frozenset[str]) -> None:
    """Go through these folders and those below; each is "" for the root, or ends in a slash."""
    waiting = list(tops)
    count = 0
    while waiting:
        folder = waiting.pop()
        count += 1
        if count > MOST_FOLDERS:
            walked.truncated = True
            return
        try:
            folders, names = _listed(f"{root}/{folder}")
        except OSError as error:
            walked.unreadable.append((folder.rstrip("/") or ".", (error.strerror or "unreadable").lower()))
            continue
        is_meant = folder in tops or folder[:-1] in named
        if is_meant or not _is_foreign(walked, root, folder, folders, names):
            entered = [name for name in folders if name not in NOT_ENTERED or folder + name in named]
            waiting.extend([f"{folder}{name}/" for name in entered])
            _ask(walked, folder, entered, extra, are_folders=True)
            _meet(walked, folder, names, extra)


def _listed(folder: str) -> tuple[list[str], list[str]]:
    """The names of the folders in a folder, and of everything else. Raises OSError."""
    folders: list[str] = []
    names: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            (folders if entry.is_dir(follow_symlinks=False) else names).append(entry.name)
    return folders, names


def _is_foreign(walked: Walked, root: str, folder: str, folders: list[str], names: list[str]) -> bool:
    """Whether a folder is a repository of its own, or was filled by a tool."""
    if ".git" in names or (".git" in folders and os.path.lexists(f"{root}/{folder}.git/HEAD")):
        walked.nested.append(folder.rstrip("/"))
        return True
    marks = MARKS.intersection(names)
    if marks:
        walked.filled.append((folder.rstrip("/"), min(marks)))
    return bool(marks)


def _meet(walked: Walked, folder: str, names: list[str], extra: Extra | None) -> None:
    """Note the files of interest. One search over all names of a folder is much cheaper than one question a name."""
    together = "\n".join(names).lower()
    if any(sign in together for sign in SIGNS) or FOLDER_OF_ENV_FILES in f"/{folder}":
        for name in names:
            kind = kind_at(folder + name)
            if kind is not None:
                walked.secret[folder + name] = kind
    _ask(walked, folder, names, extra, are_folders=False)


def _ask(walked: Walked, folder: str, names: list[str], extra: Extra | None, *, are_folders: bool) -> None:
    if extra is not None:
        for name in names:
            if extra(folder + name, are_folders):
                walked.matched[folder + name] = are_folders
