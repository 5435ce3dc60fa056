"""The entries below `packages:` in pnpm's lockfile, read line by line where they have their usual shape.

A lockfile has thousands of them, and a YAML parser takes a fifth of a second. What of an entry matters here stands on
lines of a few shapes; an entry with any other is given to the YAML parser, alone.
"""

from __future__ import annotations

import re

from nightlatch.dependencies.package import UnparsableError
from nightlatch.dependencies.yaml_document import yaml_fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

Entry = dict[str, "Any"]

_KEY = re.compile(r"  (?:'([^'\\]+)'|([A-Za-z0-9/][A-Za-z0-9@/._+()~^-]*(?::[A-Za-z0-9@/._+()~^-]+)*)):")
_FIELD = re.compile(r"    ([A-Za-z]+):(?: (.*))?")
_ADDRESS = "https?://[A-Za-z0-9@/._%+~?=&:-]+"
_RESOLUTION = re.compile(rf"\{{(?:integrity: ([A-Za-z0-9+/=-]+))?(?:, )?(?:tarball: ({_ADDRESS}))?\}}")
_NEED = re.compile(r"      (?:'([^'\\]+)'|([A-Za-z0-9][A-Za-z0-9@/._-]*)): ([A-Za-z0-9/][A-Za-z0-9@/._+()-]*)")
_WORD = re.compile(r"[A-Za-z0-9@][A-Za-z0-9@/._+-]*")

_WORDS = ("name", "version", "requiresBuild")
_TABLES = ("dependencies", "optionalDependencies")
_OTHERS = frozenset(
    {
        "bundledDependencies", "cpu", "deprecated", "dev", "engines", "hasBin", "id", "libc", "optional", "os",
        "patched", "peerDependencies", "peerDependenciesMeta", "prepare", "transitivePeerDependencies",
    }
)  # fmt: skip
"""What is of no use here, on one line or on deeper ones."""


class _OtherShapeError(Exception):
    """An entry of another shape than those that are read here."""


def entries(text: str, first: int) -> Iterator[tuple[str, int, Entry]]:
    """Yield the key of each entry, its line and what matters of it.

    text   begins with the line `packages:`, which is the line `first` of the lockfile
    Raises UnparsableError, also where a key stands twice.
    """
    lines = text.split("\n")
    starts = [
        number for number, line in enumerate(lines) if line[:2] == "  " and line[2:3] not in ("", " ", ":", "#", "\r")
    ]
    before = lines[1 : starts[0] if starts else None]
    is_odd = any(line.strip() and not line.lstrip().startswith("#") for line in before)
    if is_odd or lines[0].rstrip() != "packages:":
        yield from _by_yaml(text, first)
        return
    if any(line.strip() and not line.startswith(("   ", "  :")) for line in _between(lines, starts)):
        raise UnparsableError("below `packages:` stands something that is no entry")
    seen: set[str] = set()
    for start, end in zip(starts, [*starts, len(lines)][1:], strict=True):
        for key, line, entry in _entry(lines[start:end], first + start):
            if key in seen:
                raise UnparsableError(f"line {line}: an entry that stands twice")
            seen.add(key)
            yield key, line, entry


def _between(lines: list[str], starts: list[int]) -> Iterator[str]:
    """The lines that begin no entry, comments aside."""
    begin = set(starts)
    return (
        line
        for number, line in enumerate(lines)
        if number and number not in begin and not line.lstrip().startswith("#")
    )


def _entry(lines: list[str], first: int) -> list[tuple[str, int, Entry]]:
    key = _KEY.fullmatch(lines[0].rstrip("\r"))
    if key:
        try:
            return [(key[1] or key[2], first, _fields(lines[1:]))]
        except _OtherShapeError:
            pass  # then it is for the parser
    return list(_by_yaml("\n".join(["packages:", *lines]), first - 1))


def _fields(lines: list[str]) -> Entry:
    found: Entry = {}
    below: dict[str, str] | None = None
    for raw in lines:
        line = raw.rstrip("\r")
        if not line:
            continue
        if line.startswith("     "):
            if below is not None:
                _take_need(line, below)
            continue
        field = _FIELD.fullmatch(line)
        if not field or field[1] in found:
            raise _OtherShapeError
        below = found[field[1]] = {} if field[1] in _TABLES and not field[2] else _value(field[1], field[2] or "")
        below = below if field[1] in _TABLES else None
    return found


def _take_need(line: str, below: dict[str, str]) -> None:
    need = _NEED.fullmatch(line)
    if not need or (need[1] or need[2]) in below:
        raise _OtherShapeError
    below[need[1] or need[2]] = need[3]


def _value(name: str, written: str) -> Any:
    if name == "resolution":
        found = _RESOLUTION.fullmatch(written)
        if not found:
            raise _OtherShapeError
        pairs = (("integrity", found[1]), ("tarball", found[2]))
        return {key: value for key, value in pairs if value}
    if name in _WORDS:
        if not _WORD.fullmatch(written):
            raise _OtherShapeError
        return written
    if name not in _OTHERS:
        raise _OtherShapeError
    return ""


def _by_yaml(text: str, first: int) -> Iterator[tuple[str, int, Entry]]:
    for key, field in yaml_fields(text)["packages"].fields().items():
        entry = field.plain()
        if not isinstance(entry, dict):
            raise UnparsableError(f"line {first + field.line - 1}: something stands where a table should")
        yield key, first + field.line - 1, entry
