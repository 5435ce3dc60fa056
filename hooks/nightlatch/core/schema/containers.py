"""Lists, and maps with known keys or with the user's own."""

from __future__ import annotations

from nightlatch.core.schema.node import Key, Node, Reading, UnknownKeyError, called, expect
from nightlatch.core.schema.value import LIST, MAP, NOTHING, Value, name_shown, written
from nightlatch.core.text import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nightlatch.core.schema.texts import Form

    Json = dict[str, object]


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
            expect(LIST, value, reading, trail)
        if len(value.items()) < self.least:
            raise reading.wrong(value, f"{called(trail)} must not be empty")
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
                raise reading.wrong(item, f"{called(trail)} names {result} twice", "Take one of the two out.")
            if self.distinct:
                seen.add(result)
            mark = result.get(self.unique) if self.unique and isinstance(result, dict) else None
            if mark is not None and mark in seen:
                raise reading.wrong(item, f"two entries of {called(trail)} have the same `{self.unique}`")
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


class Map(Node):
    """A map with known keys. Every key is in the compiled form, with its default where it isn't written."""

    __slots__ = ("keys",)

    def __init__(self, doc: str, *keys: Key) -> None:
        super().__init__(doc)
        self.keys: Mapping[str, Key] = {key.name: key for key in keys}

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        if value.kind != NOTHING:  # a section whose keys are all commented out says nothing
            expect(MAP, value, reading, trail)
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
        what = f"unknown key `{name_shown(name.text())}` in {called(trail)}"
        raise UnknownKeyError(reading.where, name, what, remedy, trail)

    def _filled(self, key: Key, found: dict[str, object], value: Value, reading: Reading, trail: str) -> object:
        if key.name in found:
            return found[key.name]
        if key.required:
            raise reading.wrong(value, f"{called(trail)} lacks the key `{key.name}`")
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
            expect(MAP, value, reading, trail)
        compiled = {}
        for name, item in value.pairs():
            if not self.key_form.fits(name.text()):
                shown = name_shown(name.text())
                raise reading.wrong(name, f"the key `{shown}` in {called(trail)} must be {self.key_form.name}")
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
