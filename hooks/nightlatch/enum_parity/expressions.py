"""What code says about labels, before it is known what the names in it stand for.

A reader turns a file into plain data (`Facts`), which a cache can keep by the name of git's object; what other files
have to say is looked up later, in `resolve.py`. An expression is a tuple whose first item says what it is:

    ("text", label, line)              one label
    ("number", line[, value])          a number: no label of a database
    ("list", items)                    an array, a tuple, a union of types
    ("object", [(key, value), …])      keys with expressions; the key "..." spreads its value
    ("enum", [(name, value, line), …]) an enum's members
    ("name", "A.B")                    what another declaration says, dotted
    ("spread", value)                  the items of another list
    ("values", value)                  Object.values(value), (typeof value)[keyof typeof value]
    ("keys", value)                    Object.keys(value), keyof typeof value
    ("items", value)                   (typeof value)[number], value.options, value.enumValues
    ("each", value, key)               value.map((one) => one.key)
    ("cut", value, start, end)         value.slice(start, end); the end may be None
    ("ordered", value, how)            how: "sorted", "reversed" or, where nothing can be told of it, "free"
    ("recased", value, method, args)   each label through a method of texts: lower, upper, replace, …
    ("joined", parts)                  texts put together: `${a}_b`, a + "_b"
    ("firsts", values)                 pairs, of which these are the first items: [(one.value, one.name) for one in …]
    ("without", value, labels)         z.enum(…).exclude(labels)
    ("only", value, labels)            z.enum(…).extract(labels)
    ("call", "f", [arguments])         a function of the code's own
    ("function", [parameters], value)  what such a function gives
    ("class", [bases], members, ways)  a class of Python that may be an enum: see python_enums.py
    ("auto", line)                     auto() in such a class
    ("unknown", reason)                nothing that can be told from the text
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    Expression = tuple[Any, ...]

TEXT = "text"
NUMBER = "number"
LIST = "list"
OBJECT = "object"
ENUM = "enum"
NAME = "name"
SPREAD = "spread"
VALUES = "values"
KEYS = "keys"
ITEMS = "items"
EACH = "each"
CUT = "cut"
ORDERED = "ordered"
RECASED = "recased"
JOINED = "joined"
FIRSTS = "firsts"
WITHOUT = "without"
ONLY = "only"
CALL = "call"
FUNCTION = "function"
CLASS = "class"
AUTO = "auto"
UNKNOWN = "unknown"

FIRST = "0"
"""The key of the first item of a pair: what Django stores of `("admin", "Administrator")`."""

MOST_DEEP = 24
"""Levels of an expression that are read."""

MOST_LINES = 6
"""How far below the beginning of what a `parity:` comment stands at the declaration itself may begin."""

TEXT_METHODS = ("lower", "upper", "capitalize", "title", "casefold", "strip", "replace", "removeprefix", "removesuffix")
"""Python's methods of texts that are followed, where their arguments are literals."""

REST = "..."
"""The key of an object under which another one is spread."""


class Declared:
    """A declaration: name, kind, line counted from 1, expression, and whether it stands at the file's top."""

    __slots__ = ("expression", "is_top", "kind", "line", "name")

    def __init__(self, name: str, kind: str, line: int, expression: Expression, *, is_top: bool) -> None:
        self.name = name
        self.kind = kind
        self.line = line
        self.expression = expression
        self.is_top = is_top

    def plain(self) -> tuple[object, ...]:
        """As a cache keeps it."""
        return (self.name, self.kind, self.line, self.expression, self.is_top)


class Bound:
    """A use that names the database's side.

    symbol      the variable that holds it, or the name of the type
    kind        pgEnum, mysqlEnum, …
    target      the name of the type or of the column, as the code has it
    qualifier   what stands before it: a schema or a table
    names       what says the target where it isn't a literal; the target is then ""
    owner       what says the qualifier where it isn't a literal: a text, or a call of pgSchema
    is_check    whether the target is a table's column
    is_usual    whether nothing but the library's usual way names the target, so that the expression must be an enum
    """

    __slots__ = (
        "expression",
        "is_check",
        "is_usual",
        "kind",
        "line",
        "names",
        "owner",
        "qualifier",
        "symbol",
        "target",
    )

    def __init__(  # noqa: PLR0917 - a record, which is unpacked from a row
        self,
        symbol: str,
        kind: str,
        line: int,
        expression: Expression,
        target: str,
        qualifier: str = "",
        *,
        names: Expression | None = None,
        owner: Expression | None = None,
        is_check: bool = False,
        is_usual: bool = False,
    ) -> None:
        self.symbol = symbol
        self.kind = kind
        self.line = line
        self.expression = expression
        self.target = target
        self.qualifier = qualifier
        self.names = names
        self.owner = owner
        self.is_check = is_check
        self.is_usual = is_usual

    def plain(self) -> tuple[object, ...]:
        """As a cache keeps it."""
        return (
            self.symbol,
            self.kind,
            self.line,
            self.expression,
            self.target,
            self.qualifier,
            self.names,
            self.owner,
            self.is_check,
            self.is_usual,
        )


class Facts:
    """What one file says.

    declared  its declarations
    bound     its uses that name the database's side
    imports   local name → (module, name there): "*" for the module itself, "default" for its default
    exports   name that others see → (module, name there), with the module "" for this file
    stars     modules of which everything is exported again
    comments  each `parity:` comment: its line, its target, whether that stands alone in it, and between which lines
              the declaration begins that it stands at: 0 and 0 where it stands at none
    faults    (line, reason) of what should have been read and could not be; with the line 0 it is only told where
              somebody asks for what the file says
    glance    None where the file was parsed; else what was seen without parsing it, and there is nothing else
    """

    __slots__ = ("bound", "comments", "declared", "exports", "faults", "glance", "imports", "stars")

    def __init__(self, glance: Glance | None = None) -> None:
        self.glance = glance
        if glance is not None:  # nothing else is known of it, and it may be one of thousands
            return
        self.declared: list[Declared] = []
        self.bound: list[Bound] = []
        self.imports: dict[str, tuple[str, str]] = {}
        self.exports: dict[str, tuple[str, str]] = {}
        self.stars: list[str] = []
        self.comments: list[tuple[int, str, bool, int, int]] = []
        self.faults: list[tuple[int, str]] = []

    def plain(self) -> tuple[object, ...]:
        """As a cache keeps it."""
        if self.glance is not None:
            return (self.glance.binds, self.glance.names)
        return (
            [one.plain() for one in self.declared],
            [one.plain() for one in self.bound],
            self.imports,
            self.exports,
            self.stars,
            self.comments,
            self.faults,
        )

    @classmethod
    def from_plain(cls, plain: Any) -> Facts:
        """Back from the cache. Raises ValueError or TypeError where it holds something else."""
        if len(plain) == 2:  # noqa: PLR2004 - a glance's two facts
            return cls(Glance(bool(plain[0]), list(plain[1])))
        facts = cls()
        declared, bound, facts.imports, facts.exports, facts.stars, facts.comments, facts.faults = plain
        facts.declared = [Declared(*one[:4], is_top=one[4]) for one in declared]
        facts.bound = [Bound(*one[:6], names=one[6], owner=one[7], is_check=one[8], is_usual=one[9]) for one in bound]
        return facts


class Glance:
    """What is seen of a file without parsing it: enough to know whether it must be parsed.

    binds  whether it may name the database's side
    names  what it may declare, normalized
    """

    __slots__ = ("binds", "names")

    def __init__(self, binds: bool, names: list[str]) -> None:  # noqa: FBT001 - a record
        self.binds = binds
        self.names = names


def replaced(expression: Expression, known: Mapping[str, Expression], depth: int = 0) -> Expression:
    """The expression with some names of it given their values: parameters, and members of the same enum."""
    if depth > MOST_DEEP:
        return (UNKNOWN, "it is nested too deeply")
    if expression[0] == NAME:
        return _named(expression, known)
    if expression[0] == CALL:
        called = _named((NAME, expression[1]), known)
        given = [replaced(one, known, depth + 1) for one in expression[2]]
        return (CALL, called[1] if called[0] == NAME else expression[1], given)
    return tuple(_part(one, known, depth) for one in expression)


def _named(expression: Expression, known: Mapping[str, Expression]) -> Expression:
    head, dot, rest = expression[1].partition(".")
    if expression[1] in known:
        return known[expression[1]]
    value = known.get(head)
    if value is None or (dot and value[0] != NAME):
        return expression
    return (NAME, f"{value[1]}.{rest}") if dot else value


def _part(part: Any, known: Mapping[str, Expression], depth: int) -> Any:
    if isinstance(part, list):
        return [_part(one, known, depth) for one in part]
    is_expression = isinstance(part, tuple) and len(part) > 1 and isinstance(part[0], str) and part[0] in _KINDS
    if is_expression and part[0] in {NAME, CALL} and not isinstance(part[1], str):  # a key of that name
        is_expression = False
    return replaced(part, known, depth + 1) if is_expression else part


def names_in(expression: Any) -> Iterator[str]:
    """The first words of the names in an expression; none in None."""
    waiting = [expression]
    while waiting:
        part = waiting.pop()
        if isinstance(part, tuple) and len(part) > 1 and part[0] in {NAME, CALL} and isinstance(part[1], str):
            yield part[1].partition(".")[0]
        if isinstance(part, list | tuple):
            waiting.extend(part)


def recased(text: str, method: str, arguments: Sequence[str]) -> str:
    """A text through one of the methods that are read."""
    made: Callable[..., str] | None = getattr(text, method) if method in TEXT_METHODS else None
    return made(*arguments) if made is not None else text


_KINDS = frozenset(
    {
        TEXT,
        NUMBER,
        LIST,
        OBJECT,
        NAME,
        SPREAD,
        VALUES,
        KEYS,
        ITEMS,
        EACH,
        CUT,
        ORDERED,
        RECASED,
        JOINED,
        FIRSTS,
        WITHOUT,
        ONLY,
        CALL,
    }
)
"""Kinds within which names are replaced."""
