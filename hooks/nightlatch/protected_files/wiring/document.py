"""A JSON file of settings with the places of its keys, and its text again after a change."""

from __future__ import annotations

import json
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Self

    Trail = tuple[str | int, ...]
    """The keys and numbers that lead to a value."""

MOST_BYTES = 1 << 20
TOO_DEEP = "it is nested too deep"
AS_UTF_8 = "save it as UTF-8, without a byte order mark"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_INDENT = re.compile(r"\n([ \t]+)\S")


class Number(float):
    """A number that isn't whole, and how it is written: `1.10` is the same as `1.1`, and isn't ours to change."""

    __slots__ = ("written",)

    def __new__(cls, written: str) -> Self:
        """The number that a text of JSON stands for."""
        result = super().__new__(cls, written)
        result.written = written
        return result

    written: str


class UnfitError(Exception):
    """A file isn't settings that an agent would take; the text says why, in a few words without its content.

    remedy  what to do about it, where that is more than the text says
    """

    def __init__(self, text: str, remedy: str = "") -> None:
        super().__init__(text)
        self.remedy = remedy


class Document:
    """What a file of settings holds.

    data    the object at its top
    text    the characters of the file
    """

    __slots__ = ("_places", "data", "text")

    def __init__(self, text: str, data: dict[str, Any]) -> None:
        self.text = text
        self.data = data
        self._places: dict[Trail, int] | None = None

    def offset(self, trail: Trail) -> int:
        """Where a value's key stands, or that of the nearest one above it; counted in bytes of UTF-8."""
        if self._places is None:
            self._places = _places(self.text)
        while trail and trail not in self._places:
            trail = trail[:-1]
        return len(self.text[: self._places.get(trail, 0)].encode("utf-8", "surrogatepass"))

    def dump(self) -> str:
        """The data as text, in the file's own indent and line ends. Raises UnfitError where it is nested too deep."""
        found = _INDENT.search(self.text)
        try:
            text = _text(self.data, found[1] if found else "  ", "\n") + "\n"
        except RecursionError:
            raise UnfitError(TOO_DEEP) from None
        return text.replace("\n", "\r\n") if "\r\n" in self.text else text


def read(raw: bytes) -> Document:
    """The settings of a file. Raises UnfitError."""
    if len(raw) > MOST_BYTES:
        raise UnfitError(f"it is larger than {MOST_BYTES >> 20} MiB")
    if raw.startswith(BYTE_ORDER_MARK):
        raise UnfitError("a byte order mark, which no editor shows, stands before its first character", AS_UTF_8)
    try:
        text = raw.decode("utf-8")
        data = json.loads(text, object_pairs_hook=_object, parse_constant=_constant, parse_float=Number)
    except UnicodeDecodeError:
        raise UnfitError("it isn't UTF-8", AS_UTF_8) from None
    except json.JSONDecodeError as error:
        raise UnfitError(f"it isn't valid JSON (line {error.lineno}, column {error.colno})") from None
    except ValueError:  # what Python turns into no number, for its length
        raise UnfitError("a number in it has too many digits") from None
    except RecursionError:
        raise UnfitError(TOO_DEEP) from None
    if not isinstance(data, dict):
        raise UnfitError("it holds no object at its top")
    return Document(text, data)


def empty() -> Document:
    """Settings that are to be written for the first time."""
    return Document("", {})


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two equal keys readers take either: nobody can say what such a file means."""
    result = dict(pairs)
    if len(result) != len(pairs):
        raise UnfitError("a key stands in it twice")
    return result


def _text(value: Any, indent: str, end: str) -> str:
    """A value as the indented text that `json.dumps` makes, but for numbers, which stay as they were written.

    end  a line break, and the indent of the line that the value stands in
    """
    if isinstance(value, Number):
        return value.written
    if isinstance(value, str):
        return _quoted(value)
    inner = end + indent
    if isinstance(value, dict) and value:
        lines = [f"{inner}{_quoted(key)}: {_text(one, indent, inner)}" for key, one in value.items()]
        return f"{{{','.join(lines)}{end}}}"
    if isinstance(value, list) and value:
        return f"[{','.join(inner + _text(one, indent, inner) for one in value)}{end}]"
    return json.dumps(value)


def _quoted(text: str) -> str:
    """A text as JSON has it; half a character, which UTF-8 can't hold, as its escape."""
    is_whole = not any("\ud800" <= character <= "\udfff" for character in text)
    return json.dumps(text, ensure_ascii=not is_whole)


def _constant(name: str) -> object:
    """Python reads NaN and Infinity; JSON has neither."""
    raise UnfitError(f"it isn't valid JSON ({name} is no number there)")


def _places(text: str) -> dict[Trail, int]:
    """The offset of each key and of each item, by its trail. The text is valid JSON."""
    places: dict[Trail, int] = {}
    trail: list[str | int] = []
    key: tuple[str, int] | None = None
    for found in _TOKEN.finditer(text):
        sign = found[0]
        if sign == ":":
            continue
        if sign == ",":
            key = None
            if trail and isinstance(trail[-1], int):
                trail[-1] += 1
            continue
        if sign in "}]":
            trail.pop()
            key = None
            continue
        is_item = bool(trail) and isinstance(trail[-1], int) and trail[-1] >= 0
        if trail and not is_item and key is None:
            key = (json.loads(sign), found.start())
            trail[-1] = key[0]
            places[tuple(trail)] = key[1]
            continue
        if is_item:
            places[tuple(trail)] = found.start()
        if sign in "{[":
            trail.append("" if sign == "{" else 0)
            key = None
    return places
