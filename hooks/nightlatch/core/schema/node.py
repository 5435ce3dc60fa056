"""What one value of the configuration may be: the base of every kind, and a document on its way through them."""

from __future__ import annotations

from nightlatch.core.errors import ConfigError
from nightlatch.core.schema.value import BOOLEAN, INTEGER, LIST, MAP, NUMBER, TEXT, Value, written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Json = dict[str, object]


QUOTE_IT = "Put quotes around it."


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


class UnknownKeyError(ConfigError):
    """A map has a key that isn't known.

    key    the key, as it is written
    trail  the key path of the map; empty for the whole file
    """

    def __init__(self, where: str, key: Value, what: str, remedy: str, trail: str) -> None:
        super().__init__(where, key.line, key.column, what, remedy)
        self.key = key.text()
        self.trail = trail


def called(trail: str) -> str:
    """A key path as messages name it."""
    return f"`{trail}`" if trail else "the configuration"


def expect(kind: str, value: Value, reading: Reading, trail: str) -> None:
    """Return where a value is of a kind; ConfigError, with what would mend it, where it isn't."""
    if value.kind == kind:
        return
    remedy = QUOTE_IT if kind == TEXT and value.kind in (BOOLEAN, INTEGER, NUMBER) else ""
    if kind == LIST and value.kind == TEXT:
        remedy = "Put it in brackets, with commas between several: [one, two]"
    if kind == MAP and (value.data is False or value.text() in ("off", "no")):
        remedy = "A hook is left out by naming the others in `hooks`, a rule is switched off by `rules: {ID: off}`."
    if kind == BOOLEAN and value.kind == TEXT:
        remedy = "Only true and false are truth values here; yes, no, on and off are words."
    raise reading.wrong(value, f"{called(trail)} must be {kind}, not {value.kind}", remedy)


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
