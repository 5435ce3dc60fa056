"""TOML as lockfiles write it, read line by line: several times as fast as the standard library's parser.

A value stands on one line, or is a list with an item a line. Each line means what TOML makes of it; what has another
shape is given to the library, alone or, where it may go on in the next line, as a whole.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_TEXT = r'"([^"\\\x00-\x1f\x7f]*)"'
_KEY = r"[A-Za-z0-9_-]+"
_ASSIGNED = re.compile(rf"({_KEY}) = (.+)")
_PLAIN = re.compile(_TEXT)
_HEAD = re.compile(rf"\[({_KEY}(?:\.{_KEY})*)\]")
_HEAD_OF_LIST = re.compile(rf"\[\[({_KEY})\]\]")
_NUMBER = re.compile("0|[1-9][0-9]{0,17}")
_WORDS = {"true": True, "false": False}
_PAIR = rf'{_KEY} = (?:"[^"\\\x00-\x1f\x7f]*"|0|[1-9][0-9]{{0,17}})'
_PAIRS = re.compile(rf"\{{ ?({_PAIR}(?:, {_PAIR})*) ?\}}")
_PART = re.compile(rf"({_KEY}) = (?:{_TEXT}|([0-9]+))")


class _OtherShapeError(Exception):
    """A line of another shape than those that are read here."""


def quick_table(text: str) -> dict[str, Any] | None:
    """What `tomllib.loads` gives; None where the text has parts that only it can read, or that are no TOML."""
    reader = _Reader()
    try:
        for line in text.split("\n"):
            reader.take(line)
    except (_OtherShapeError, ValueError, RecursionError):  # tomllib's error is a ValueError
        return None
    return None if reader.items is not None else reader.document


class _Reader:
    """The lines one by one.

    table   where assignments go
    items   the list whose items the next lines are; None outside of one
    """

    def __init__(self) -> None:
        self.document: dict[str, Any] = {}
        self.items: list[Any] | None = None
        self._table = self.document
        self._mine = {id(self.document)}  # the tables and lists that heads have made

    def take(self, line: str) -> None:
        """Raises _OtherShapeError, and what tomllib raises."""
        if self.items is not None:
            self._take_item(line)
        elif not line or line[0] == "#":
            if not line.isprintable():
                raise _OtherShapeError
        elif line[0] == "[":
            self._open(line)
        else:
            self._assign(line)

    def _take_item(self, line: str) -> None:
        items = self.items
        if items is None or line == "]":
            self.items = None
            return
        if not (line.startswith("    ") and line.endswith(",") and line[4] in '{"'):
            raise _OtherShapeError
        items.append(_value(line[4:-1]))

    def _open(self, line: str) -> None:
        """`[[package]]` begins an item, `[package.metadata]` a table in the last one."""
        listed = _HEAD_OF_LIST.fullmatch(line)
        head = _HEAD.fullmatch(line)
        if listed:
            self._table = {}
            self._inner(self.document, listed[1], []).append(self._table)
            self._mine.add(id(self._table))
        elif head:
            *above, name = head[1].split(".")
            place: Any = self.document
            for one in above:
                place = self._inner(place, one, {})
                place = place[-1] if isinstance(place, list) else place
            if name in place:
                raise _OtherShapeError
            self._table = self._inner(place, name, {})
        else:
            raise _OtherShapeError

    def _inner(self, place: dict[str, Any], name: str, empty: Any) -> Any:
        """What stands under a name, made where nothing does. What a value has made takes no head."""
        if name not in place:
            place[name] = empty
            self._mine.add(id(empty))
        found = place[name]
        if id(found) not in self._mine or (isinstance(empty, list) and not isinstance(found, list)):
            raise _OtherShapeError
        return found

    def _assign(self, line: str) -> None:
        found = _ASSIGNED.fullmatch(line)
        if not found or found[1] in self._table:
            raise _OtherShapeError
        name, value = found.groups()
        if value == "[":
            self.items = self._table[name] = []
        else:
            self._table[name] = _value(value)


def _value(written: str) -> Any:
    """One value. Where it doesn't end on this line, the library says that it is an error."""
    plain = _PLAIN.fullmatch(written)
    if plain:
        return plain[1]
    if written in _WORDS:
        return _WORDS[written]
    if _NUMBER.fullmatch(written):
        return int(written)
    pairs = _PAIRS.fullmatch(written)
    if not pairs:
        import tomllib

        return tomllib.loads(f"v = {written}")["v"]
    parts = _PART.findall(pairs[1])
    found = {name: int(number) if number else text for name, text, number in parts}
    if len(found) != len(parts):
        raise _OtherShapeError
    return found
