"""The names that are really there: what a pattern stands for, the files below a folder. Links are not followed."""

from __future__ import annotations

import os.path

from nightlatch.agent.shell.patterns import is_pattern, matches, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.place import Place

MOST_FILES = 5_000
MOST_MATCHES = 1_000
MOST_DEPTH = 25

VENDORED = frozenset(
    {".git", "node_modules", ".venv", "venv", "vendor", "target", "dist", "build", ".next", ".tox", "__pycache__",
     ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis"}
)  # fmt: skip
"""Folders of what others made: looked at last, and passed over where the bound is reached."""


class Files:
    """The files below a folder.

    paths        absolute, the shallow ones first
    is_complete  whether these are all, but for what lies in folders of what others made
    """

    __slots__ = ("is_complete", "paths")

    def __init__(self, paths: list[str], *, is_complete: bool) -> None:
        self.paths = paths
        self.is_complete = is_complete


def files_below(place: Place, folder: str, *, hidden: bool = True, most_depth: int = MOST_DEPTH) -> Files:
    """The files below a folder; with `hidden` those too whose name, or whose folder's, starts with a dot."""
    found: list[str] = []
    own, vendored = [(folder, 1)], list[tuple[str, int]]()
    while own or vendored:
        is_own = bool(own)
        here, depth = (own if is_own else vendored).pop(0)
        names = place.listing(here)
        if names is None:
            if is_own:
                return Files(found, is_complete=False)
            continue
        for name in names:
            if not hidden and name.startswith("."):
                continue
            path = os.path.join(here, name)
            if place.is_folder(path) and not os.path.islink(path):
                if depth < most_depth:
                    (vendored if not is_own or name in VENDORED else own).append((path, depth + 1))
            else:
                found.append(path)
        if len(found) > MOST_FILES:
            return Files(found[:MOST_FILES], is_complete=not is_own)
    return Files(found, is_complete=True)


def matching(place: Place, folder: str, pattern: str, *, dots: bool = False) -> list[str] | None:
    """The paths that a pattern stands for, spelled as it is (relative or absolute), sorted; None where nobody knows.

    `dots`: whether `*` stands for names with a leading dot too.
    """
    is_absolute = pattern.startswith("/")
    found = ["/" if is_absolute else ""]
    parts = [part for part in pattern.split("/") if part]
    for number, part in enumerate(parts):
        is_last = number == len(parts) - 1
        step = _step(place, folder, found, part, is_last=is_last, dots=dots)
        if step is None or len(step) > MOST_MATCHES:
            return None
        found = step
    return sorted(path + "/" if pattern.endswith("/") else path for path in found)


def _step(place: Place, folder: str, found: list[str], part: str, *, is_last: bool, dots: bool) -> list[str] | None:
    if not is_pattern(part):
        name = plain(part)
        paths = [prefix + name for prefix in found]
        if is_last:
            paths = [path for path in paths if place.exists(os.path.join(folder, path))]
        return paths if is_last else [path + "/" for path in paths]
    result: list[str] = []
    for prefix in found:
        here = os.path.normpath(os.path.join(folder, prefix))
        if part == "**":
            below = files_below(place, here, hidden=dots)
            if not below.is_complete:
                return None
            names = _below(here, below.paths, is_last=is_last)
        else:
            listing = place.listing(here)
            if listing is None and place.is_folder(here):
                return None
            names = [name for name in listing or [] if _is_match(part, name, dots=dots)]
        result += [prefix + name + ("" if is_last or not name else "/") for name in names]
    return result


def _below(here: str, paths: list[str], *, is_last: bool) -> list[str]:
    relative = [os.path.relpath(path, here) for path in paths]
    if is_last:
        return relative
    return ["", *dict.fromkeys(folder for path in relative for folder in _folders_of(path))]


def _folders_of(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: number + 1]) for number in range(len(parts))]


def _is_match(part: str, name: str, *, dots: bool) -> bool:
    if name.startswith(".") and not dots and not plain(part).startswith("."):
        return False
    return matches(part, name)
