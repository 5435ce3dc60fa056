"""A small language for the shape of the configuration.

A schema is a tree of nodes. From the one tree come validation, the compiled form, the defaults, a Markdown
reference (`markdown`) and a JSON Schema for editors (`json_schema`).

What is validated is a tree of `Value`s, which know their line and column; `config_yaml` makes it from a file,
`written` from plain Python data. What comes out is plain data that `marshal` can keep.

Messages name keys and types, never values: a value in the wrong place may be a secret.
"""

from __future__ import annotations

import re

from nightlatch.core.errors import ConfigError
from nightlatch.core.text import nearest, one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Json = dict[str, object]

NOTHING = "nothing"
BOOLEAN = "true or false"
INTEGER = "a whole number"
NUMBER = "a number"
TEXT = "text"
LIST = "a list"
MAP = "keys with values"

QUOTE_IT = "Put quotes around it."
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


class Reading:
    """One document on its way through the schema: where it comes from, and where its parts stand.

    where   the file's label, for errors
    places  key path (`rules.SEC001`, `protected-files.rules[0].paths[2]`) to (line, column); a path names
            what the file says, not what is filled in from the defaults
    """

    __slots__ = ("places", "where")

    def __init__(self, where: str) -> None:
        self.where = where
        self.places: dict[str, tuple[int, int]] = {}

    def note(self, trail: str, value: Value) -> None:
        if value.line:
            self.places[trail] = (value.line, value.column)

    def wrong(self, value: Value, what: str, remedy: str = "") -> ConfigError:
        """The error to raise for a value."""
        return ConfigError(self.where, value.line, value.column, what, remedy)


class UnknownKeyError(ConfigError):
    """A map has a key that isn't known.

    key    the key, as it is written
    trail  the key path of the map; empty for the whole file
    """

    def __init__(self, where: str, key: Value, what: str, remedy: str, trail: str) -> None:
        super().__init__(where, key.line, key.column, what, remedy)
        self.key = key.text()
        self.trail = trail


def _called(trail: str) -> str:
    return f"`{trail}`" if trail else "the configuration"


class Node:
    """What one value may be. `doc` says what it is for, in a sentence or two of Markdown."""

    __slots__ = ("doc",)

    def __init__(self, doc: str) -> None:
        self.doc = doc

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        """The compiled form of a value; ConfigError where it isn't valid."""
        raise NotImplementedError

    def absent(self) -> object:
        """The compiled form when the value isn't written and its key has no default."""
        return None

    def kind_shown(self) -> str:
        """The type in a word or two of Markdown, for the reference."""
        raise NotImplementedError

    def json(self) -> Json:
        """The JSON Schema, without the description."""
        raise NotImplementedError

    def inner(self) -> Iterator[tuple[str, Key]]:
        """What is documented below this node: a suffix for the key path, and the key."""
        return iter(())


def _expect(kind: str, value: Value, reading: Reading, trail: str) -> None:
    if value.kind == kind:
        return
    remedy = QUOTE_IT if kind == TEXT and value.kind in (BOOLEAN, INTEGER, NUMBER) else ""
    if kind == BOOLEAN and value.kind == TEXT:
        remedy = "Only true and false are truth values here; yes, no, on and off are words."
    raise reading.wrong(value, f"{_called(trail)} must be {kind}, not {value.kind}", remedy)


class Form:
    """A named form of a text. The pattern must fit the whole text, and mean the same in Python and ECMAScript."""

    __slots__ = ("name", "pattern")

    def __init__(self, name: str, pattern: str) -> None:
        self.name = name
        self.pattern = pattern

    def fits(self, text: str) -> bool:
        import re

        return re.fullmatch(self.pattern, text) is not None

    def anchored(self) -> str:
        return f"^(?:{self.pattern})$"


NOT_BLANK = Form("text that isn't blank", r"[\s\S]*\S[\s\S]*")
# Bounded, since compiling a pattern takes quadratic time at worst.
PATTERN = Form("a path pattern of at most 4096 characters", r"(?=[\s\S]*\S)[\s\S]{1,4096}")
ONE_PATTERN = Form(f"{PATTERN.name} that doesn't begin with !", f"(?!!){PATTERN.pattern}")
DATE = Form("a date such as 2027-01-31", r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
SIZE = Form("a size such as 10M (K, M and G are powers of 1024)", r"[1-9][0-9]{0,8}[KMG]?")


class Text(Node):
    """A text, of a named form where one is given."""

    __slots__ = ("form",)

    def __init__(self, doc: str, form: Form | None = None) -> None:
        super().__init__(doc)
        self.form = form

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        _expect(TEXT, value, reading, trail)
        if self.form is not None and not self.form.fits(value.text()):
            raise reading.wrong(value, f"{_called(trail)} must be {self.form.name}")
        return value.text()

    def kind_shown(self) -> str:
        return self.form.name if self.form else "text"

    def json(self) -> Json:
        return {"type": "string", "pattern": self.form.anchored()} if self.form else {"type": "string"}


class Date(Text):
    """A day of the calendar, kept as text: ISO dates sort as they read."""

    __slots__ = ()

    def __init__(self, doc: str) -> None:
        super().__init__(doc, DATE)

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        from datetime import date

        super().read(value, reading, trail)
        try:
            return date.fromisoformat(value.text()).isoformat()
        except ValueError:
            raise reading.wrong(value, f"{_called(trail)} is no day of the calendar") from None


_REGEX_FAULTS = (
    "missing ), unterminated subpattern",
    "unbalanced parenthesis",
    "unterminated character set",
    "nothing to repeat",
    "multiple repeat",
    "min repeat greater than max repeat",
    "bad escape (end of pattern)",
    "global flags not at the start of the expression",
)
"""What Python says of an expression and that quotes nothing of it."""


def regex_fault(error: re.error) -> str:
    """Where an expression is wrong and, if that can be said without a piece of it, what is."""
    what = f": {error.msg}" if error.msg in _REGEX_FAULTS else ""
    return f"{what}, at its character {error.pos + 1}" if error.pos is not None else what


class Regex(Text):
    """A regular expression for Python's `re`."""

    __slots__ = ()

    def __init__(self, doc: str) -> None:
        super().__init__(doc, Form("a regular expression of 1 to 1000 characters", r"[\s\S]{1,1000}"))

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        import re
        import warnings

        text = super().read(value, reading, trail)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a FutureWarning would go to standard error
                re.compile(value.text())
        except re.error as error:
            what = f"{_called(trail)} is no valid regular expression{regex_fault(error)}"
            raise reading.wrong(value, what) from None
        except (OverflowError, RecursionError):
            raise reading.wrong(value, f"{_called(trail)} is no valid regular expression") from None
        return text


_SAYS_OFF = ("no", "none", "false", "never", "disable", "disabled", "ignore", "skip")
"""What people write who mean `off`."""


class Choice(Node):
    """One of some words."""

    __slots__ = ("words",)

    def __init__(self, doc: str, words: tuple[str, ...]) -> None:
        super().__init__(doc)
        self.words = words

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        if value.kind == TEXT and value.data in self.words:
            return value.data
        is_no = "off" in self.words and (value.data is False or value.text().lower() in _SAYS_OFF)
        hint = "Did you mean off?" if is_no else nearest(value.text(), self.words).strip()
        raise reading.wrong(value, f"{_called(trail)} must be one of {', '.join(self.words)}", hint)

    def kind_shown(self) -> str:
        return ", ".join(f"`{word}`" for word in self.words)

    def json(self) -> Json:
        return {"type": "string", "enum": list(self.words)}


class Severity(Choice):
    """How much a finding weighs, or that it isn't looked for."""

    __slots__ = ()

    def __init__(self, doc: str) -> None:
        super().__init__(doc, ("error", "warning", "info", "off"))


class RuleId(Text):
    """The id of a rule."""

    __slots__ = ()

    def __init__(self, doc: str, form: Form) -> None:
        super().__init__(doc, form)


class Integer(Node):
    """A whole number within bounds."""

    __slots__ = ("largest", "smallest")

    def __init__(self, doc: str, smallest: int, largest: int) -> None:
        super().__init__(doc)
        self.smallest = smallest
        self.largest = largest

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        _expect(INTEGER, value, reading, trail)
        if not isinstance(value.data, int) or not self.smallest <= value.data <= self.largest:
            raise reading.wrong(value, f"{_called(trail)} must lie between {self.smallest} and {self.largest}")
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
            _expect(NUMBER, value, reading, trail)
        if not isinstance(value.data, (int, float)) or not self.smallest <= value.data <= self.largest:
            raise reading.wrong(value, f"{_called(trail)} must lie between {self.smallest:g} and {self.largest:g}")
        return float(value.data)

    def kind_shown(self) -> str:
        return f"number, {self.smallest:g} to {self.largest:g}"

    def json(self) -> Json:
        return {"type": "number", "minimum": self.smallest, "maximum": self.largest}


class Boolean(Node):
    """`true` or `false`."""

    __slots__ = ()

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        _expect(BOOLEAN, value, reading, trail)
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
            f"{_called(trail)} is not a version of the format that this nightlatch understands (it knows: {known})",
            f"Write `version: {self.known[-1]}`, or use the nightlatch that the file was written for.",
        )

    def kind_shown(self) -> str:
        return ", ".join(f"`{number}`" for number in self.known)

    def json(self) -> Json:
        return {"type": "integer", "enum": list(self.known)}


_UNITS = {"K": 2**10, "M": 2**20, "G": 2**30}


class Size(Node):
    """A number of bytes: a whole number, or one with K, M or G. Compiled to the number of bytes."""

    __slots__ = ()

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        text = str(value.data) if value.kind == INTEGER else value.text()
        if not SIZE.fits(text):
            raise reading.wrong(value, f"{_called(trail)} must be {SIZE.name}")
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


class ListOf(Node):
    """A list. `unique` names a key of the items that no two of them may share; `distinct`: no two items are equal."""

    __slots__ = ("distinct", "item", "least", "unique")

    def __init__(self, doc: str, item: Node, *, least: int = 0, unique: str = "", distinct: bool = False) -> None:
        super().__init__(doc)
        self.item = item
        self.least = least
        self.unique = unique
        self.distinct = distinct

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        if value.kind != NOTHING:  # a key whose items are all commented out is an empty list
            _expect(LIST, value, reading, trail)
        if len(value.items()) < self.least:
            raise reading.wrong(value, f"{_called(trail)} must not be empty")
        compiled = []
        for index, item in enumerate(value.items()):
            place = f"{trail}[{index}]"
            reading.note(place, item)
            compiled.append(self.item.read(item, reading, place))
        self._refuse_twins(value, compiled, reading, trail)
        return compiled

    def _refuse_twins(self, value: Value, compiled: list[object], reading: Reading, trail: str) -> None:
        seen: set[object] = set()
        for item, result in zip(value.items(), compiled, strict=True):
            if self.distinct and result in seen:
                raise reading.wrong(item, f"{_called(trail)} names {result} twice", "Take one of the two out.")
            if self.distinct:
                seen.add(result)
            mark = result.get(self.unique) if self.unique and isinstance(result, dict) else None
            if mark is not None and mark in seen:
                raise reading.wrong(item, f"two entries of {_called(trail)} have the same `{self.unique}`")
            seen.add(mark)

    def absent(self) -> object:
        return []

    def kind_shown(self) -> str:
        return f"list of {self.item.kind_shown()}"

    def json(self) -> Json:
        schema: Json = {"type": "array" if self.least else ["array", "null"], "items": described(self.item)}
        if self.least:
            schema["minItems"] = self.least
        if self.distinct:
            schema["uniqueItems"] = True
        return schema

    def inner(self) -> Iterator[tuple[str, Key]]:
        return ((f"[]{suffix}", key) for suffix, key in self.item.inner())


class PathPatterns(Node):
    """Patterns of paths as gitignore has them.

    Compiled to {"patterns": [the texts], "compiled": what core/paths.py matches with}.
    """

    __slots__ = ("least",)

    def __init__(self, doc: str, *, least: int = 0) -> None:
        super().__init__(doc)
        self.least = least

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        texts = self._as_list().read(value, reading, trail)
        return {"patterns": texts, "compiled": _compiled_patterns(value.items(), reading, trail)}

    def _as_list(self) -> ListOf:
        return ListOf(self.doc, Text("A path pattern as in `.gitignore`.", PATTERN), least=self.least)

    def absent(self) -> object:
        return self.read(written([]), Reading(""), "")

    def kind_shown(self) -> str:
        return "list of path patterns"

    def json(self) -> Json:
        return self._as_list().json()


class PathPattern(Node):
    """One pattern of paths, which can't be a negation. Compiled as `PathPatterns` are."""

    __slots__ = ()

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        text = Text(self.doc, ONE_PATTERN).read(value, reading, trail)
        return {"patterns": [text], "compiled": _compiled_patterns([value], reading, trail)}

    def kind_shown(self) -> str:
        return "path pattern"

    def json(self) -> Json:
        return Text(self.doc, ONE_PATTERN).json()


def _compiled_patterns(values: Sequence[Value], reading: Reading, trail: str) -> object:
    from nightlatch.core import paths

    try:
        return paths.compile_patterns([value.text() for value in values])
    except paths.PatternError as error:
        value = next(value for value in values if value.text() == error.pattern)
        reason = str(error).removeprefix(f"the path pattern '{error.pattern}' ")
        raise reading.wrong(value, f"a path pattern in {_called(trail)} {reason}") from None


_UNSET = object()


class Key:
    """A key of a map.

    default   as one would write it in the file; None stays None, whatever the node. Without a default,
              lists and maps are empty, the rest is None
    required  the map isn't valid without the key
    """

    __slots__ = ("_default", "name", "node", "required")

    def __init__(self, name: str, node: Node, *, default: object = _UNSET, required: bool = False) -> None:
        self.name = name
        self.node = node
        self.required = required
        self._default = default

    def has_default(self) -> bool:
        """Whether there is a default to show."""
        return self._default is not _UNSET and self._default is not None

    def default_written(self) -> object:
        """The default as it would stand in the file."""
        return self._default

    def absent(self) -> object:
        """The compiled form when the key isn't written."""
        if self._default is _UNSET:
            return self.node.absent()
        if self._default is None:
            return None
        return self.node.read(written(self._default), Reading("the default"), self.name)


class Map(Node):
    """A map with known keys. Every key is in the compiled form, with its default where it isn't written."""

    __slots__ = ("keys",)

    def __init__(self, doc: str, *keys: Key) -> None:
        super().__init__(doc)
        self.keys: Mapping[str, Key] = {key.name: key for key in keys}

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        if value.kind != NOTHING:  # a section whose keys are all commented out says nothing
            _expect(MAP, value, reading, trail)
        found: dict[str, object] = {}
        for name, item in value.pairs():
            key = self._known(name, reading, trail)
            place = _joined(trail, key.name)
            reading.note(place, name)
            found[key.name] = key.node.read(item, reading, place)
        return {key.name: self._filled(key, found, value, reading, trail) for key in self.keys.values()}

    def _known(self, name: Value, reading: Reading, trail: str) -> Key:
        key = self.keys.get(name.text())
        if key is not None:
            return key
        remedy = nearest(name.text(), tuple(self.keys)).strip() or f"Known here: {', '.join(self.keys)}."
        what = f"unknown key `{name_shown(name.text())}` in {_called(trail)}"
        raise UnknownKeyError(reading.where, name, what, remedy, trail)

    def _filled(self, key: Key, found: dict[str, object], value: Value, reading: Reading, trail: str) -> object:
        if key.name in found:
            return found[key.name]
        if key.required:
            raise reading.wrong(value, f"{_called(trail)} lacks the key `{key.name}`")
        return key.absent()

    def absent(self) -> object:
        return self.read(written(None), Reading(""), "")

    def kind_shown(self) -> str:
        return "keys below"

    def json(self) -> Json:
        required = [key.name for key in self.keys.values() if key.required]
        schema: Json = {
            "type": "object" if required else ["object", "null"],
            "properties": {key.name: _described_key(key) for key in self.keys.values()},
            "additionalProperties": False,
        }
        if required:
            schema["required"] = required
        return schema

    def inner(self) -> Iterator[tuple[str, Key]]:
        for key in self.keys.values():
            yield f".{key.name}", key
            for suffix, below in key.node.inner():
                yield f".{key.name}{suffix}", below


class OpenMap(Node):
    """A map whose keys are the user's, each of one form, with values of one kind."""

    __slots__ = ("key_form", "value")

    def __init__(self, doc: str, key_form: Form, value: Node) -> None:
        super().__init__(doc)
        self.key_form = key_form
        self.value = value

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        if value.kind != NOTHING:
            _expect(MAP, value, reading, trail)
        compiled = {}
        for name, item in value.pairs():
            if not self.key_form.fits(name.text()):
                shown = name_shown(name.text())
                raise reading.wrong(name, f"the key `{shown}` in {_called(trail)} must be {self.key_form.name}")
            place = _joined(trail, name.text())
            reading.note(place, name)
            compiled[name.text()] = self.value.read(item, reading, place)
        return compiled

    def absent(self) -> object:
        return {}

    def kind_shown(self) -> str:
        return f"keys ({self.key_form.name}), each with {self.value.kind_shown()}"

    def json(self) -> Json:
        return {
            "type": ["object", "null"],
            "patternProperties": {self.key_form.anchored(): described(self.value)},
            "additionalProperties": False,
        }

    def inner(self) -> Iterator[tuple[str, Key]]:
        return ((f".*{suffix}", key) for suffix, key in self.value.inner())


def _joined(trail: str, name: str) -> str:
    return f"{trail}.{name}" if trail else name


def described(node: Node) -> Json:
    """The JSON Schema of a node with its description."""
    return {"description": node.doc, **node.json()}


def _described_key(key: Key) -> Json:
    schema = described(key.node)
    if key.has_default():
        schema["default"] = key.default_written()
    return schema


def json_schema(schema: Map, title: str) -> str:
    """The whole schema as JSON Schema (draft 2020-12), for editors. Ends with a newline."""
    import json

    head: Json = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return json.dumps({**head, **described(schema)}, indent=2, ensure_ascii=False) + "\n"


def markdown(schema: Map) -> str:
    """The reference of all keys: a heading for each key at the top, a table of the keys below it."""
    return "\n".join(line for key in schema.keys.values() for line in _section(key))


def _section(key: Key) -> Iterable[str]:
    yield from (f"## `{key.name}`", "", key.node.doc, "", f"Type: {key.node.kind_shown()}.{_default_sentence(key)}", "")
    below = list(key.node.inner())
    if not below:
        return
    yield "| key | type | default | meaning |"
    yield "|---|---|---|---|"
    for suffix, inner in below:
        yield _row(key.name + suffix, inner)
    yield ""


def _row(path: str, key: Key) -> str:
    cells = (f"`{path}`", key.node.kind_shown(), _default_cell(key), key.node.doc)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _default_cell(key: Key) -> str:
    if key.required:
        return "required"
    return f"`{_yaml_word(key.default_written())}`" if key.has_default() else "none"


def _default_sentence(key: Key) -> str:
    return f" Default: `{_yaml_word(key.default_written())}`." if key.has_default() else ""


def _yaml_word(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(_yaml_word(item) for item in value)}]"
    return str(value)
