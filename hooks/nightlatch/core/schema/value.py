"""A value of the configuration as it was written: its kind, its data and its place."""

from __future__ import annotations

import re

from nightlatch.core.text import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


NOTHING = "nothing"
BOOLEAN = "true or false"
INTEGER = "a whole number"
NUMBER = "a number"
TEXT = "text"
LIST = "a list"
MAP = "keys with values"
_KEY = re.compile(r"[a-z]{1,20}(?:[-_. ][a-z]{1,20}){0,6}|[A-Z]{2,5}[0-9]{0,4}|[A-Z]+(?:_[A-Z]+){0,6}")
_SHOWN_OF_OTHERS = 4


class Value:
    """A value as it was written, with its place counted from 1 (line 0: it stands in no file).

    data is None, bool, int, float or str; for LIST a list of values, for MAP a list of (key, value) where
    the key is itself a value of text. `size` counts this value and all below, `height` the levels below.
    """

    __slots__ = ("column", "data", "height", "kind", "line", "size")

    def __init__(self, kind: str, data: object, line: int = 0, column: int = 0) -> None:
        self.kind = kind
        self.data = data
        self.line = line
        self.column = column
        below = list(self._below())
        self.size: int = 1 + sum(value.size for value in below)
        self.height: int = 1 + max((value.height for value in below), default=-1)

    def _below(self) -> Iterator[Value]:
        yield from self.items()
        for key, value in self.pairs():
            yield key
            yield value

    def items(self) -> list[Value]:
        """The values of a list; of anything else, none."""
        return self.data if self.kind == LIST and isinstance(self.data, list) else []

    def pairs(self) -> list[tuple[Value, Value]]:
        """The keys and values of a map, in the order of the file; of anything else, none."""
        return self.data if self.kind == MAP and isinstance(self.data, list) else []

    def text(self) -> str:
        """The characters of a text."""
        return self.data if isinstance(self.data, str) else ""


def written(data: object) -> Value:
    """Plain Python data (a default, a test's document) as the value that YAML would have given."""
    if isinstance(data, dict):
        return Value(MAP, [(written(str(key)), written(value)) for key, value in data.items()])
    if isinstance(data, (list, tuple)):
        return Value(LIST, [written(item) for item in data])
    for kind, python_type in ((BOOLEAN, bool), (INTEGER, int), (NUMBER, float), (TEXT, str)):
        if isinstance(data, python_type):
            return Value(kind, data)
    return Value(NOTHING, None)


def name_shown(name: str) -> str:
    """A key for a message: whole where it looks like a key or a rule, else its beginning.

    A secret that slipped into a key's place must not be told.
    """
    plain = _KEY.fullmatch(name)
    return one_line(name if plain else name[:_SHOWN_OF_OTHERS] + "…")
