"""Values that are numbers: whole or not, true or false, a version, a size."""

from __future__ import annotations

from nightlatch.core.schema.node import Node, Reading, called, expect
from nightlatch.core.schema.texts import Form
from nightlatch.core.schema.value import BOOLEAN, INTEGER, NUMBER, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    Json = dict[str, object]


class Integer(Node):
    """A whole number within bounds."""

    __slots__ = ("largest", "smallest")

    def __init__(self, doc: str, smallest: int, largest: int) -> None:
        super().__init__(doc)
        self.smallest = smallest
        self.largest = largest

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        expect(INTEGER, value, reading, trail)
        if not isinstance(value.data, int) or not self.smallest <= value.data <= self.largest:
            raise reading.wrong(value, f"{called(trail)} must lie between {self.smallest} and {self.largest}")
        return value.data

    def kind_shown(self) -> str:
        return f"whole number, {self.smallest} to {self.largest}"

    def json(self) -> Json:
        return {"type": "integer", "minimum": self.smallest, "maximum": self.largest}


class Number(Node):
    """A number within bounds, whole or not."""

    __slots__ = ("largest", "smallest")

    def __init__(self, doc: str, smallest: float, largest: float) -> None:
        super().__init__(doc)
        self.smallest = smallest
        self.largest = largest

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        if value.kind != INTEGER:
            expect(NUMBER, value, reading, trail)
        if not isinstance(value.data, (int, float)) or not self.smallest <= value.data <= self.largest:
            raise reading.wrong(value, f"{called(trail)} must lie between {self.smallest:g} and {self.largest:g}")
        return float(value.data)

    def kind_shown(self) -> str:
        return f"number, {self.smallest:g} to {self.largest:g}"

    def json(self) -> Json:
        return {"type": "number", "minimum": self.smallest, "maximum": self.largest}


class Boolean(Node):
    """`true` or `false`."""

    __slots__ = ()

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        expect(BOOLEAN, value, reading, trail)
        return value.data

    def kind_shown(self) -> str:
        return "`true` or `false`"

    def json(self) -> Json:
        return {"type": "boolean"}


class Version(Node):
    """The version of the format."""

    __slots__ = ("known",)

    def __init__(self, doc: str, known: tuple[int, ...]) -> None:
        super().__init__(doc)
        self.known = known

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        if value.kind == INTEGER and value.data in self.known:
            return value.data
        known = ", ".join(str(number) for number in self.known)
        raise reading.wrong(
            value,
            f"{called(trail)} is not a version of the format that this nightlatch understands (it knows: {known})",
            f"Write `version: {self.known[-1]}`, or use the nightlatch that the file was written for.",
        )

    def kind_shown(self) -> str:
        return ", ".join(f"`{number}`" for number in self.known)

    def json(self) -> Json:
        return {"type": "integer", "enum": list(self.known)}


SIZE = Form("a size such as 10M (K, M and G are powers of 1024)", r"[1-9][0-9]{0,8}[KMG]?")
_UNITS = {"K": 2**10, "M": 2**20, "G": 2**30}


class Size(Node):
    """A number of bytes: a whole number, or one with K, M or G. Compiled to the number of bytes."""

    __slots__ = ()

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        text = str(value.data) if value.kind == INTEGER else value.text()
        if not SIZE.fits(text):
            raise reading.wrong(value, f"{called(trail)} must be {SIZE.name}")
        unit = _UNITS.get(text[-1])
        return int(text[:-1]) * unit if unit else int(text)

    def kind_shown(self) -> str:
        return SIZE.name

    def json(self) -> Json:
        return {
            "anyOf": [
                {"type": "string", "pattern": SIZE.anchored()},
                {"type": "integer", "minimum": 1, "maximum": 10**9 - 1},
            ]
        }
