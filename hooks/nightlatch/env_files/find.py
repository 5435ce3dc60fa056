"""The secret files that a run is about: those that the walk meets, and those of what is staged or committed."""

from __future__ import annotations

from nightlatch.env_files.env_file import EnvFile
from nightlatch.env_files.kinds import TEMPLATE, kind_of
from nightlatch.env_files.walk import walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nightlatch.core.files import File
    from nightlatch.core.git import Git
    from nightlatch.core.hook import Source
    from nightlatch.env_files.kinds import Kind
    from nightlatch.env_files.walk import Walked

AT_ONCE = 500
"""So many names are handed to one git: a command line has its bounds."""


class Tracked:
    """A file that git tracks: `mode` and `object` as in the index; no object where it is unmerged."""

    __slots__ = ("mode", "object")

    def __init__(self, mode: bytes, object: str | None) -> None:
        self.mode = mode
        self.object = object


class Found:
    """What was found.

    walked     the walk through the working tree; None where commits are checked
    kinds      path → kind of every secret file, on the disk, staged or committed
    readings   path → what `source.files` has read of it
    tracked    path → what git knows of it, of those above that it tracks
    """

    __slots__ = ("kinds", "readings", "tracked", "walked")

    def __init__(self, walked: Walked | None) -> None:
        self.walked = walked
        self.kinds: dict[str, Kind] = dict(walked.secret) if walked else {}
        self.readings: dict[str, list[File]] = {}
        self.tracked: dict[str, Tracked] = {}


def find(source: Source, extra: Callable[[str, bool], bool] | None = None) -> Found:
    """Find every secret file of the tree or of the commit. Raises GitError.

    extra  asked of every path of the tree, with whether it is a folder: what the configuration adds
    """
    found = Found(walk(source.tree, source.scope, extra) if source.tree is not None else None)
    for file in source.files(_is_dotenv):
        found.readings.setdefault(file.path, []).append(file)
        kind = kind_of(_name(file.path))
        if kind is not None:
            found.kinds[file.path] = kind
    for path in [path for path in found.kinds if path not in found.readings and not source.includes(path)]:
        del found.kinds[path]
    if source.git is not None and source.tree is not None and found.kinds:
        found.tracked = tracked(source.git.at(source.tree), sorted(found.kinds))
    return found


def env_files(source: Source, found: Found) -> list[EnvFile]:
    """The env files and templates, read."""
    result = []
    for path, kind in sorted(found.kinds.items()):
        if not kind.is_dotenv:
            continue
        readings = found.readings.get(path)
        if readings is None:
            readings = list(source.beside(path))
        if readings:
            is_tracked = path in found.tracked if source.tree is not None and source.git is not None else None
            result.append(EnvFile(path, readings, is_template=kind is TEMPLATE, is_tracked=is_tracked))
    return result


def tracked(git: Git, paths: Sequence[str]) -> dict[str, Tracked]:
    """Those of the paths that the index holds. Raises GitError."""
    result: dict[str, Tracked] = {}
    for start in range(0, len(paths), AT_ONCE):
        listing = git.run("ls-files", "-z", "--stage", "--full-name", "--", *paths[start : start + AT_ONCE])
        result.update(_rows(listing))
    return result


def _rows(listing: bytes) -> dict[str, Tracked]:
    """Read `git ls-files -z --stage`: `MODE OBJECT STAGE`, tab, path, NUL. Raises GitError."""
    import os

    from nightlatch.core.errors import GitError

    *records, rest = listing.split(b"\0")
    rows = {}
    for record in records:
        head, tab, path = record.partition(b"\t")
        words = head.split(b" ")
        if not tab or len(words) != 3:  # noqa: PLR2004 - as the format above has it
            rest = record
            break
        rows[os.fsdecode(path)] = Tracked(words[0], words[1].decode() if words[2] == b"0" else None)
    if rest:
        raise GitError("git's list of files is cut off.", "Check the repository with: git fsck")
    return rows


def _is_dotenv(path: str) -> bool:
    kind = kind_of(_name(path))
    return kind is not None and kind.is_dotenv


def _name(path: str) -> str:
    return path.rpartition("/")[2]
