"""Which package of a repository a file belongs to: two packages may mean different things by one name."""

from __future__ import annotations

import posixpath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

MANIFESTS = (
    "package.json",
    "pyproject.toml",
    "Cargo.toml",
    "setup.py",
    "setup.cfg",
    "go.mod",
    "Gemfile",
    "composer.json",
)


class Packages:
    """The packages of a tree, by the files that describe one."""

    def __init__(self, paths: Collection[str]) -> None:
        self._folders = {posixpath.dirname(path) for path in paths if posixpath.basename(path) in MANIFESTS}
        self._known: dict[str, str] = {}

    def of(self, path: str) -> str:
        """The folder of the package that holds a file; "" where that is the whole tree."""
        folder = posixpath.dirname(path)
        if folder not in self._known:
            is_package = not folder or folder in self._folders
            self._known[folder] = folder if is_package else self.of(folder)
        return self._known[folder]


def nearness(one: str, other: str) -> int:
    """How many folders two paths have in common."""
    count = 0
    for left, right in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if left != right:
            break
        count += 1
    return count
