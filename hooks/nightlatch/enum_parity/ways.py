"""The files that counted when both sides were last compared at a commit.

A file that declares no enum may pass labels on, and one that declares one may lose it. Whether a commit that only
changes files which say nothing of enums now concerns them is told by this list, as long as the tree is still the one
that it was made from: the index of that commit. It is the tree of now, but for what is known to mean nothing, where
HEAD has since got what was staged then and nothing else of matter.
"""

from __future__ import annotations

from nightlatch.core import cache
from nightlatch.core.errors import GitError
from nightlatch.enum_parity.languages import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from nightlatch.core.hook import Source

KIND = "enum-ways"


def counted(source: Source, paths: Collection[str], matters: Callable[[str], bool]) -> bool:
    """Whether one of the paths may have counted; True where that isn't known.

    matters  whether a change of a path could have changed the list
    """
    kept, touched, head = _load(source), source.touched(), _head(source)
    if kept is None or touched is None or not head:
        return True
    before, staged, ways = kept
    folders = tuple(way for way in ways if way.endswith("/"))
    if not ways.isdisjoint(paths) or any(path.startswith(folders) for path in paths):
        return True
    landed = _between(source, before, head)
    if landed is None:
        return True
    other = {path for path, name in landed.items() if staged.get(path) != name}
    other |= {path for path, name in staged.items() if path not in landed and touched.get(path) != name}
    if any(matters(path) and path not in paths for path in other):  # those were judged by what they hold now
        return True
    _store(source, head, touched, ways)
    return False


def keep(source: Source, ways: Collection[str]) -> None:
    """Remember the files that counted, where it is a commit that is checked."""
    touched, head = source.touched(), _head(source)
    if touched is not None and head:
        _store(source, head, touched, ways)


def _between(source: Source, before: str, head: str) -> dict[str, str] | None:
    """Path and new object of all that differs between two commits; None where that can't be told."""
    if before == head:
        return {}
    try:
        listing = source.git.run("diff-tree", "-r", "-z", "--no-renames", before, head) if source.git else b""
    except GitError:
        return None
    parts = listing.split(b"\0")
    names = (record.split(b" ")[3].decode("ascii", "replace") for record in parts[:-1:2])
    return dict(zip((path.decode("utf-8", "surrogateescape") for path in parts[1::2]), names, strict=False))


def _head(source: Source) -> str:
    try:
        return source.git.run("rev-parse", "--verify", "--quiet", "HEAD").decode().strip() if source.git else ""
    except GitError:
        return ""


def _key(source: Source) -> bytes:
    return f"{VERSION}\0{source.root}".encode("utf-8", "surrogateescape")


def _store(source: Source, head: str, touched: Mapping[str, str], ways: Collection[str]) -> None:
    cache.store(KIND, _key(source), [head, dict(touched), sorted(ways)])


def _load(source: Source) -> tuple[str, dict[str, str], frozenset[str]] | None:
    """Commit, what was staged on it, and the list; None where nothing, or something else, is kept."""
    match cache.load(KIND, _key(source)):
        case [str(head), dict(touched), list(ways)]:
            return head, touched, frozenset(ways)
    return None
