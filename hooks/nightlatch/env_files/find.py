"""The secret files that a run is about: those that the walk meets, and those of what is staged or committed."""

from __future__ import annotations

import os

from nightlatch.core.secret_files import ALWAYS, CONFIGURED, DIRENV, TEMPLATE, WITH_SECRETS, kind_at
from nightlatch.env_files.env_file import is_name_of_another
from nightlatch.env_files.walk import walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.core.files import File
    from nightlatch.core.git import Git
    from nightlatch.core.hook import Source
    from nightlatch.core.secret_files import Kind
    from nightlatch.env_files.env_file import EnvFile
    from nightlatch.env_files.settings import Settings
    from nightlatch.env_files.walk import Walked

AT_ONCE = 500
"""So many names are handed to one git: a command line has its bounds."""

NO_TEXT = "NUL bytes stand in it: the encoding of its text can't be told"
ENCRYPTED = "encrypted as a whole"
A_LINK = "a link: what it leads to is checked under its own name"
OUT_OF_THE_REPOSITORY = "a link out of the repository that git tracks: what it leads to is not read"
NOWHERE = "a link that leads nowhere"
A_PIPE = "a FIFO, a device or a folder: nothing of it lies here to be read"


class Tracked:
    """A file that git tracks: `mode` and `object` as in the index; no object where it is unmerged."""

    __slots__ = ("mode", "object")

    def __init__(self, mode: bytes, object: str | None) -> None:
        self.mode = mode
        self.object = object


class Found:
    """What was found.

    walked    the walk through the working tree; None where commits are checked
    kinds     path → kind of every secret file, on the disk, staged or committed
    on_disk   those of them that lie in the working tree
    quiet     those whose content says that they don't count: encrypted ones, and `name.env` without a secret
    readings  path → what `source.files` has read of it; empty where it could not
    tracked   path → what git knows of it, of those above that it tracks, and of what the configuration names
    """

    __slots__ = ("kinds", "on_disk", "quiet", "readings", "tracked", "walked")

    def __init__(self, walked: Walked | None) -> None:
        self.walked = walked
        self.kinds: dict[str, Kind] = dict(walked.secret) if walked else {}
        self.on_disk: set[str] = set(self.kinds)
        self.quiet: set[str] = set()
        self.readings: dict[str, list[File]] = {}
        self.tracked: dict[str, Tracked] = {}


def find(source: Source, settings: Settings) -> Found:
    """Find every secret file of the tree or of the commit. Raises GitError.

    settings  what the configuration adds and takes out
    """
    tree = source.tree
    found = Found(
        None
        if tree is None
        else walk(tree, source.scope, None if settings.is_empty else settings.names, settings.folders)
    )
    readings = found.readings

    def wanted(path: str) -> bool:
        if not _is_read(path):
            return False
        readings.setdefault(path, [])
        return True

    for file in source.files(wanted):
        readings[file.path].append(file)
    for path in readings:
        kind = kind_at(path)
        if kind is not None:
            found.kinds.setdefault(path, kind)
    if source.git is not None and tree is not None:
        _add_from_the_index(source, source.git, tree, found)
    named = _apply(settings, found) if found.walked else []
    for path in [path for path in found.kinds if path not in readings and not source.includes(path)]:
        del found.kinds[path]
    if source.git is not None and tree is not None and named:
        found.tracked.update(tracked(source.git.at(tree), sorted(named)))
    found.quiet.update(
        path for path, kind in found.kinds.items() if kind.counts != ALWAYS and _is_quiet(source, found, path)
    )
    return found


def _add_from_the_index(source: Source, git: Git, tree: str, found: Found) -> None:
    """Add what git tracks: also in folders that the walk doesn't enter, and what the disk no longer has."""
    from nightlatch.env_files.index_names import listing

    tops = [path for path in source.scope if path != "."] if "." not in source.scope else []
    for path, row in _rows(listing(git, tree)).items():
        kind = kind_at(path)
        if kind is None:
            continue
        found.tracked[path] = row
        is_asked = not tops or any(path == top or path.startswith(f"{top}/") for top in tops)
        if is_asked and (kind.is_env or kind is DIRENV):
            found.kinds.setdefault(path, kind)


def _is_quiet(source: Source, found: Found, path: str) -> bool:
    """Whether a file that its name leaves open doesn't count, by what it holds; what has no text doesn't."""
    from nightlatch.env_files.encrypted import is_sealed
    from nightlatch.env_files.plaintext import Plaintext

    files = found.readings.get(path)
    if files is None:
        files = list(source.beside(path)) if path in found.on_disk and _holds_text(source, path) else []
    if found.kinds[path].counts == WITH_SECRETS:
        return not any(Plaintext(file.text, is_dotenv=True).is_secret for file in files)
    return all(is_sealed(file.text) for file in files)


def _apply(settings: Settings, found: Found) -> list[str]:
    """Add the files that the configuration names, take out those that it takes out; return the former, with logs."""
    if settings.is_empty or found.walked is None:
        return []
    named = [path for path, is_folder in found.walked.matched.items() if not is_folder]
    for path in named:
        if settings.secret_file(path):
            found.kinds.setdefault(path, CONFIGURED)
            found.on_disk.add(path)
    for path in [path for path in found.kinds if settings.secret_file(path) is False]:
        found.on_disk.discard(path)
    return named


def env_files(source: Source, found: Found) -> list[EnvFile]:
    """The env files and templates, read."""
    from nightlatch.env_files.encrypted import is_encrypted
    from nightlatch.env_files.env_file import EnvFile

    result = []
    for path, kind in sorted(found.kinds.items()):
        if not kind.is_dotenv or path in found.quiet:
            continue
        readings = _read(source, found, path)
        if readings and is_encrypted(readings[0].text):
            source.skip(path, ENCRYPTED)
        elif len(readings) > 1:
            source.leave_unchecked(path, NO_TEXT)
        elif readings:
            is_tracked = path in found.tracked if source.tree is not None and source.git is not None else None
            result.append(EnvFile(path, readings, is_template=kind is TEMPLATE, is_tracked=is_tracked))
    return result


def _read(source: Source, found: Found, path: str) -> Sequence[File]:
    """What an env file holds; of a link what the file holds that it leads to, unless that is read by its own name."""
    readings = found.readings.get(path)
    if source.tree is None or (readings and not is_name_of_another(readings[0].text)):
        return readings or ()
    full = os.path.join(source.tree, path)
    if path in found.on_disk and os.path.islink(full):
        return _behind(source, found, path, full)
    if readings is not None or path not in found.on_disk:
        return readings or ()
    return list(source.beside(path)) if _holds_text(source, path) else []


def _behind(source: Source, found: Found, path: str, full: str) -> Sequence[File]:
    from nightlatch.core.files import UnreadableError, read_from_tree
    from nightlatch.core.files import readings as readings_of

    top, target = os.path.realpath(source.tree or ""), os.path.realpath(full)
    inside = target.startswith(top + os.sep)
    relative = target[len(top) + 1 :].replace(os.sep, "/") if inside else ""
    kind = found.kinds.get(relative)
    if kind is not None and kind.is_dotenv:
        source.skip(path, A_LINK)
    elif not inside and path in found.tracked:
        source.skip(path, OUT_OF_THE_REPOSITORY)
    elif not os.path.isfile(target):
        source.skip(path, NOWHERE if not os.path.lexists(target) else A_PIPE)
    else:
        try:
            return list(readings_of(path, read_from_tree(target)))
        except (UnreadableError, FileNotFoundError) as error:
            source.leave_unchecked(path, f"what it leads to: {error}")
    return ()


def tracked(git: Git, paths: Sequence[str]) -> dict[str, Tracked]:
    """Those of the paths that the index holds. Raises GitError."""
    result: dict[str, Tracked] = {}
    for start in range(0, len(paths), AT_ONCE):
        listing = git.run("ls-files", "-z", "--stage", "--full-name", "--", *paths[start : start + AT_ONCE])
        result.update(_rows(listing))
    return result


def _rows(listing: bytes) -> dict[str, Tracked]:
    """Read `git ls-files -z --stage`: `MODE OBJECT STAGE`, tab, path, NUL. Raises GitError."""
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


def _holds_text(source: Source, path: str) -> bool:
    """Whether a path of the working tree is a file.

    A link is checked where it leads; a pipe, as password managers put in an env file's place, would wait for a reader.
    """
    import stat

    try:
        mode = os.lstat(os.path.join(source.tree or "", path)).st_mode
    except OSError:
        return True  # the reading says why
    if stat.S_ISREG(mode):
        return True
    source.skip(path, A_LINK if stat.S_ISLNK(mode) else A_PIPE)
    return False


def _is_read(path: str) -> bool:
    """Whether the content of such a file is looked into."""
    kind = kind_at(path)
    return kind is not None and (kind.is_dotenv or kind.is_env or kind is DIRENV)
