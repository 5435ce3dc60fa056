"""The records of folders and zip archives, one after the other: never more than one in memory."""

from __future__ import annotations

import json
import os
from functools import partial

from nightlatch.advisories.archive import ArchiveError, Member, TooLargeError, members, reader
from nightlatch.core.errors import NightlatchError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any, BinaryIO

    Read = Callable[[], bytes]

SUFFIXES = (".json", ".yaml", ".yml")
MOST_BYTES = 32 * 1024 * 1024
"""Of one record. The largest that is known has two."""

AGAIN = "Fetch that file again, or name another source."
"""What to do about an archive that isn't whole."""

_TOO_LARGE = f"larger than {MOST_BYTES >> 20} MB"
_ZIP = ".zip"


class InputError(NightlatchError):
    """A folder or an archive can't be read."""


class UnreadableRecordError(Exception):
    """One record can't be read or parsed: its text says why, in a few words."""


def count(paths: Sequence[str], names: Mapping[str, str]) -> int:
    """How many records there are to read. Raises InputError."""
    return sum(1 for path in paths for _ in _listed(path, names.get(path, path)))


def read_all(paths: Sequence[str], names: Mapping[str, str]) -> Iterator[tuple[str, str, Callable[[], Any]]]:
    """Yield from which path a record comes, where it stands, and what reads and parses it, in a fixed order.

    names  path → what to call it, where that isn't the path itself
    Raises InputError where a folder or an archive can't be read; what reads a record, UnreadableRecordError.
    """
    for path in paths:
        name = names.get(path, path)
        for where, read in _listed(path, name):
            yield name, where, partial(_parsed, where, read)


def _listed(path: str, name: str) -> Iterator[tuple[str, Read]]:
    if os.path.isdir(path):
        yield from _in_folder(path)
    elif os.path.isfile(path):
        yield from _in_file(path, name)
    else:
        what = "is neither a folder nor a zip archive" if os.path.lexists(path) else "doesn't exist"
        raise InputError(f"{path} {what}.", "Name a folder of OSV records (JSON or YAML), or a zip archive of them.")


def _in_folder(folder: str) -> Iterator[tuple[str, Read]]:
    """What lies in a folder and below it. Links and hidden names are left aside."""
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        reason = (error.strerror or "it failed").lower()
        raise InputError(f"{folder} can't be read: {reason}.", "Give this user the right to read it.") from None
    for entry in found:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _in_folder(entry.path)
        elif entry.name.endswith((_ZIP, *SUFFIXES)) and entry.is_file(follow_symlinks=False):
            yield from _in_file(entry.path, entry.path)


def _in_file(path: str, where: str) -> Iterator[tuple[str, Read]]:
    if path.endswith(SUFFIXES):
        yield where, partial(_file_bytes, path)
        return
    try:
        with reader(path) as source:
            for member in members(path):
                if member.name.endswith(SUFFIXES):
                    yield f"{where}:{member.name}", partial(_member_bytes, member, source, where)
    except ArchiveError as error:
        raise _not_whole(where, error) from None
    except OSError as error:
        reason = (error.strerror or "it failed").lower()
        raise InputError(f"{where} can't be read: {reason}.", "Give this user the right to read it.") from None


def _file_bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as source:
            return _bounded(source.read(MOST_BYTES + 1))
    except OSError as error:
        raise UnreadableRecordError((error.strerror or "it can't be read").lower()) from None


def _member_bytes(member: Member, source: BinaryIO, where: str) -> bytes:
    try:
        return member.read(source, MOST_BYTES)
    except TooLargeError:
        raise UnreadableRecordError(_TOO_LARGE) from None
    except (ArchiveError, OSError) as error:
        raise _not_whole(where, error) from None


def _not_whole(where: str, error: Exception) -> InputError:
    return InputError(f"{where} is no whole zip archive: {error}.", AGAIN)


def _bounded(data: bytes) -> bytes:
    if len(data) > MOST_BYTES:
        raise UnreadableRecordError(_TOO_LARGE)
    return data


def _parsed(where: str, read: Read) -> Any:
    data = read()
    try:
        return json.loads(data) if where.endswith(".json") else _from_yaml(data)
    except (ValueError, RecursionError):
        raise UnreadableRecordError("no JSON" if where.endswith(".json") else "no YAML") from None


def _from_yaml(data: bytes) -> Any:
    """YAML whose values all stay text: 1.10 is a version and no number. Raises ValueError."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return yaml.load(data, loader)  # noqa: S506 - the base loader makes text, lists and maps alone
    except yaml.YAMLError:
        raise ValueError("no YAML") from None
