"""Reads the members of a zip archive one by one, in bounded memory.

`zipfile` keeps an object for each member: a quarter of a gigabyte for OSV's archive of npm. Here the central
directory is read as it goes, by PKWARE's application note: stored and deflated members, with the 64-bit extensions.
"""

from __future__ import annotations

import os
import struct
import zlib
from contextlib import closing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_END = struct.Struct("<I4H2IH")
_END_64_PLACE = struct.Struct("<IIQI")
_END_64 = struct.Struct("<IQ2H2I4Q")
_ENTRY = struct.Struct("<I4B4HL2L5H2L")
_LOCAL = struct.Struct("<I2B4HL2L2H")
_END_SIGN = b"PK\5\6"
_END_64_PLACE_MARK, _END_64_MARK = 0x07064B50, 0x06064B50
_ENTRY_MARK, _LOCAL_MARK = 0x02014B50, 0x04034B50
_MOST_COMMENT = 0xFFFF
_ELSEWHERE = 0xFFFFFFFF
"""As a size or a place: it stands in the 64-bit extension."""

_EXTENSION_64 = 1
_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 1


class ArchiveError(Exception):
    """It is no archive, or a damaged one: the text says why."""


class TooLargeError(Exception):
    """A member is larger than it may be."""


class Member:
    """A member of an archive: its name, and where its data stands."""

    __slots__ = ("_checksum", "_flags", "_method", "_packed", "_place", "_size", "name")

    def __init__(self, name: str, flags: int, method: int, checksum: int, packed: int, size: int, place: int) -> None:  # noqa: PLR0917 - in the file's order
        self.name = name
        self._flags = flags
        self._method = method
        self._checksum = checksum
        self._packed = packed
        self._size = size
        self._place = place

    def read(self, source: BinaryIO, most: int) -> bytes:
        """The member's bytes, checked. Raises ArchiveError, TooLargeError, OSError."""
        if self._flags & _ENCRYPTED or self._method not in (_STORED, _DEFLATED):
            raise ArchiveError(f"{self.name} is packed in a way that can't be read")
        if max(self._size, self._packed) > most:
            raise TooLargeError
        source.seek(self._place)
        mark, *_, name_size, extra_size = _fields(_LOCAL, source)
        if mark != _LOCAL_MARK:
            raise ArchiveError(f"{self.name} isn't where it should be")
        source.seek(name_size + extra_size, os.SEEK_CUR)
        data = _unpacked(source.read(self._packed), self._size) if self._method else source.read(self._packed)
        if len(data) != self._size or zlib.crc32(data) != self._checksum:
            raise ArchiveError(f"{self.name} is damaged")
        return data


def members(path: str) -> Iterator[Member]:
    """Yield what the archive's directory lists. Raises ArchiveError where it is damaged, OSError."""
    with open(path, "rb") as source:
        count, place = _directory(source)
        source.seek(place)
        for _ in range(count):
            yield _member(source)


def reader(path: str) -> closing[BinaryIO]:
    """The archive, opened for `Member.read`. Raises OSError."""
    return closing(open(path, "rb"))


def _directory(source: BinaryIO) -> tuple[int, int]:
    """How many members there are, and where their list begins."""
    size = source.seek(0, os.SEEK_END)
    source.seek(max(0, size - _END.size - _MOST_COMMENT))
    start, tail = source.tell(), source.read()
    place = tail.rfind(_END_SIGN)
    if place < 0 or len(tail) - place < _END.size:
        raise ArchiveError("its end is missing")
    _, _, _, _, count, length, where, _ = _END.unpack_from(tail, place)
    end = start + place
    locator = start + place - _END_64_PLACE.size
    if locator >= 0:
        source.seek(locator)
        mark, _, far, _ = _fields(_END_64_PLACE, source)
        if mark == _END_64_PLACE_MARK:
            source.seek(far)
            mark, *_, count, length, where = _fields(_END_64, source)
            end = far
            if mark != _END_64_MARK:
                raise ArchiveError("its end is damaged")
    if where + length != end:
        raise ArchiveError("a part of it is missing")
    return count, where


def _member(source: BinaryIO) -> Member:
    found = _fields(_ENTRY, source)
    flags, method = found[5], found[6]
    checksum, packed, size = found[9:12]
    name_size, extra_size, comment_size = found[12:15]
    place = found[18]
    name, extra = source.read(name_size), source.read(extra_size)
    source.seek(comment_size, os.SEEK_CUR)
    if found[0] != _ENTRY_MARK or len(name) != name_size:
        raise ArchiveError("its directory is damaged")
    if _ELSEWHERE in (packed, size, place):
        size, packed, place = _far(extra, size, packed, place)
    return Member(name.decode("utf-8", "replace"), flags, method, checksum, packed, size, place)


def _far(extra: bytes, *values: int) -> tuple[int, ...]:
    """The values, those that stand elsewhere taken from the 64-bit extension."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == _EXTENSION_64:
            wide = list(struct.unpack_from(f"<{length // 8}Q", extra, at + 4)) if at + 4 + length <= len(extra) else []
            if len(wide) >= values.count(_ELSEWHERE):
                return tuple(wide.pop(0) if value == _ELSEWHERE else value for value in values)
            break
        at += 4 + length
    raise ArchiveError("its directory is damaged")


def _fields(form: struct.Struct, source: BinaryIO) -> tuple[int, ...]:
    data = source.read(form.size)
    if len(data) < form.size:
        raise ArchiveError("a part of it is missing")
    return form.unpack(data)


def _unpacked(data: bytes, size: int) -> bytes:
    """At most one byte more than it should have: no archive unpacks to more than it says."""
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, size + 1)
    except zlib.error:
        return b""
