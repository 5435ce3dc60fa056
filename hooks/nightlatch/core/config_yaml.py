"""From the bytes of a configuration file to its compiled form. Heavy: imported only when that isn't cached.

YAML is read as a small, plain language: `true` and `false` are the only booleans, dates are text, numbers are
decimal, and only nothing at all, `null` and `~` are null. Tags, merge keys, duplicate keys and further documents
are refused. Sizes, depths and counts are bounded, aliases included.
"""

from __future__ import annotations

import re

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from nightlatch.core.errors import ConfigError
from nightlatch.core.schema.node import Reading
from nightlatch.core.schema.value import BOOLEAN, INTEGER, LIST, MAP, NOTHING, NUMBER, TEXT, Value, name_shown
from nightlatch.core.text import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.core.schema.containers import Map

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32
MAX_VALUES = 100_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # a PyYAML without libyaml has only the slow one
_WHOLE_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}")
_NOT_FOR_TEXT = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_QUOTED = re.compile(r"'[^']{3,}'|\"[^\"]{3,}\"")

_QUOTE_A_STAR = "Put quotes around a value that begins with *: bare, YAML takes it for an alias."
_QUOTE_A_BANG = "Put quotes around a value that begins with !: bare, YAML takes it for a tag."
_QUOTE_A_SIGN = "Put quotes around a value that holds signs with a meaning in YAML; indent with spaces, not tabs."
_REMEDIES = {"scanning an alias": _QUOTE_A_STAR, "scanning a tag": _QUOTE_A_BANG, "parsing a tag": _QUOTE_A_BANG}
_UNCLOSED = {
    "parsing a flow mapping": (
        "the { in line {line} isn't closed, or a comma is missing",
        "Write } behind its last entry, and a comma between two.",
    ),
    "parsing a flow sequence": (
        "the [ in line {line} isn't closed, or a comma is missing",
        "Write ] behind its last entry, and a comma between two.",
    ),
    "scanning a quoted scalar": (
        "the quote in line {line} isn't closed",
        "Write the same quote at the end of the text.",
    ),
}
"""What was being read when the parser stopped: what is missing, and what to do. Its own words list its signs."""
_OUT_OF_LINE = (
    "Let the keys of one section begin in one column, and put quotes around a value that holds a colon and a blank."
)
_BY_PROBLEM = {
    "mapping values are not allowed": _OUT_OF_LINE,
    "did not find expected key": _OUT_OF_LINE,
    "expected <block end>": _OUT_OF_LINE,
    "'-' indicator": _OUT_OF_LINE,
}


def compiled(raw: bytes, where: str, schema: Map) -> tuple[dict[str, object], dict[str, tuple[int, int]]]:
    """The values of a file, complete with defaults, and the places (line, column) of what it says.

    raw     the file's bytes; an empty one gives the defaults
    where   its label for errors
    Raises ConfigError at the first thing that is wrong.
    """
    reading = Reading(where)
    root = parsed(raw, where)
    _check_version(root, schema, reading)
    values = schema.read(root, reading, "")
    return (values if isinstance(values, dict) else {}), reading.places


def _check_version(root: Value, schema: Map, reading: Reading) -> None:
    """The version goes first: in a file of another version the other keys would be blamed for nothing."""
    for name, value in root.pairs():
        if name.text() == "version" and "version" in schema.keys:
            schema.keys["version"].node.read(value, reading, "version")


def parsed(raw: bytes, where: str) -> Value:
    """The file as a tree of values with their places. Raises ConfigError where it isn't the YAML described above."""
    text = _decoded(raw, where)
    try:
        return _Tree(where, yaml.parse(text, Loader=_LOADER)).root()
    except yaml.YAMLError as error:
        raise _syntax_error(error, where) from None
    except (ValueError, OverflowError):
        # The loader written in Python lets these out for an escape such as "\UFFFFFFFF".
        raise ConfigError(where, 0, 0, "not valid YAML: an escape in a quoted text is no character") from None


def _decoded(raw: bytes, where: str) -> str:
    if len(raw) > MAX_BYTES:
        raise ConfigError(
            where, 0, 0, f"larger than {MAX_BYTES // 1024} KiB ({len(raw)} bytes)", "Split or shorten it."
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _place(error.object[: error.start].decode("utf-8"))
        raise ConfigError(where, line, column, "not UTF-8", "Save the file in UTF-8.") from None
    if odd := _NOT_FOR_TEXT.search(text):
        line, column = _place(text[: odd.start()])
        raise ConfigError(
            where, line, column, f"the control character U+{ord(odd.group()):04X} has no place here", "Remove it."
        )
    return text


def _place(before: str) -> tuple[int, int]:
    """Line and column, from 1, of what follows this text."""
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return len(lines), len(lines[-1]) + 1


def _syntax_error(error: yaml.YAMLError, where: str) -> ConfigError:
    """What the parser says, without the texts that it quotes from the file."""
    context = str(getattr(error, "context", None) or "")
    unclosed = next((said for word, said in _UNCLOSED.items() if word in context), None)
    start = getattr(error, "context_mark", None)
    remedy = next((remedy for word, remedy in _REMEDIES.items() if word in context), "")
    marks = ("context_mark", "problem_mark") if remedy else ("problem_mark", "context_mark")
    mark = getattr(error, marks[0], None) or getattr(error, marks[1], None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    problem = str(getattr(error, "problem", None) or "it can't be read")
    if unclosed and start and "escape" not in problem:
        what, remedy = unclosed
        return ConfigError(
            where, line, column, "not valid YAML: " + what.replace("{line}", str(start.line + 1)), remedy
        )
    remedy = remedy or next((said for words, said in _BY_PROBLEM.items() if words in problem), _QUOTE_A_SIGN)
    return ConfigError(where, line, column, f"not valid YAML: {one_line(_QUOTED.sub('a text', problem))}", remedy)


class _Tree:
    """Builds values from the parser's events, refusing what isn't allowed as soon as it is met."""

    def __init__(self, where: str, events: Iterator[object]) -> None:
        self._where = where
        self._events = events
        self._anchors: dict[str, Value | None] = {}
        self._count = 0

    def root(self) -> Value:
        """The one document, or nothing where there is none."""
        root: Value | None = None
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    raise self._wrong(event, "a second document begins here", "Keep one document in the file.")
                root = self._value(next(self._events), 0)
        return root or Value(NOTHING, None, 1, 1)

    def _value(self, event: object, depth: int) -> Value:
        self._bound(event, depth)
        if isinstance(event, AliasEvent):
            return self._aliased(event, depth)
        self._refuse_tag(event)
        anchor = event.anchor if isinstance(event, NodeEvent) else None
        if anchor is not None:
            self._anchors[anchor] = None  # begun, not done: an alias to it now would be its own part
        value = self._bare(event, depth)
        if anchor is not None:
            self._anchors[anchor] = value
        return value

    def _bare(self, event: object, depth: int) -> Value:
        place = self._start(event)
        if isinstance(event, ScalarEvent):
            kind, data = (TEXT, self._checked(event)) if event.style else _resolved(event.value)
            return Value(kind, data, *place)
        if isinstance(event, MappingStartEvent):
            return Value(MAP, self._pairs(depth), *place)
        return Value(LIST, self._items(depth), *place)

    def _items(self, depth: int) -> list[Value]:
        items = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            items.append(self._value(event, depth + 1))
        return items

    def _pairs(self, depth: int) -> list[tuple[Value, Value]]:
        pairs = []
        seen: dict[str, int] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            key = self._key(event, seen)
            pairs.append((key, self._value(next(self._events), depth + 1)))
        return pairs

    def _key(self, event: object, seen: dict[str, int]) -> Value:
        self._bound(event, 0)
        if not isinstance(event, ScalarEvent):
            raise self._wrong(event, "a key must be a plain word")
        self._refuse_tag(event)
        name = self._checked(event)
        if name == "<<" and not event.style:
            raise self._wrong(event, "merge keys (<<) are not supported", "Write the keys out.")
        if name in seen:
            shown = name_shown(name)
            raise self._wrong(event, f"the key `{shown}` stands here twice (first in line {seen[name]})", "Keep one.")
        key = Value(TEXT, name, *self._start(event))
        seen[name] = key.line
        if event.anchor is not None:
            self._anchors[event.anchor] = key
        return key

    def _aliased(self, event: AliasEvent, depth: int) -> Value:
        if event.anchor not in self._anchors:
            raise self._wrong(event, "an alias without its anchor", _QUOTE_A_STAR)
        value = self._anchors[event.anchor]
        if value is None:
            raise self._wrong(event, "an alias to a value that it is part of", _QUOTE_A_STAR)
        self._count += value.size
        self._bound(event, depth + value.height)
        return value

    def _bound(self, event: object, depth: int) -> None:
        self._count += 1
        if depth > MAX_DEPTH:
            raise self._wrong(event, f"nested deeper than {MAX_DEPTH} levels")
        if self._count > MAX_VALUES:
            raise self._wrong(event, f"more than {MAX_VALUES} values, aliases counted each time")

    def _refuse_tag(self, event: object) -> None:
        if getattr(event, "tag", None) is not None:
            raise self._wrong(event, "tags are not supported", _QUOTE_A_BANG)

    def _checked(self, event: ScalarEvent) -> str:
        """The characters of a text, which an escape in quotes may have made from anything."""
        text: str = event.value
        if "\0" in text or not _encodable(text):
            raise self._wrong(event, "a text holds a NUL or half a character")
        return text

    def _wrong(self, event: object, what: str, remedy: str = "") -> ConfigError:
        return ConfigError(self._where, *self._start(event), what, remedy)

    @staticmethod
    def _start(event: object) -> tuple[int, int]:
        mark = getattr(event, "start_mark", None)
        return (mark.line + 1, mark.column + 1) if mark else (0, 0)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _resolved(word: str) -> tuple[str, object]:
    """Kind and data of a bare word."""
    if word in ("", "~", "null"):
        return NOTHING, None
    if word in ("true", "false"):
        return BOOLEAN, word == "true"
    if _WHOLE_NUMBER.fullmatch(word):
        return INTEGER, int(word)
    if _DECIMAL_NUMBER.fullmatch(word):
        return NUMBER, float(word)
    return TEXT, word
