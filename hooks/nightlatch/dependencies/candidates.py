"""Files of common names that a requirements file may include, and whether one is there that could."""

from __future__ import annotations

from nightlatch.dependencies.names import is_requirements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.core.hook import Source


def includers(source: Source) -> list[str]:
    """The requirements files that git tracks; none outside git."""
    git, top = source.git, source.tree
    if git is None or top is None:
        return []
    from os import fsdecode

    listing = git.at(top).run("ls-files", "-z", "--cached").split(b"\0")
    return [path for path in map(fsdecode, listing) if is_requirements(path)]
