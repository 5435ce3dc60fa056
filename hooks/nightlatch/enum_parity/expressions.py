"""What code says about labels, before it is known what the names in it stand for.

A reader turns a file into plain data (`Facts`), which a cache can keep by the name of git's object; what other files
have to say is looked up later, in `resolve.py`. An expression is a tuple whose first item says what it is:

    ("text", label, line)              one label
    ("number", line)                   a number: no label of a database
    ("list", items)                    an array, a tuple, a union of types
    ("object", [(key, value), …])      keys with expressions; the key "..." spreads its value
    ("enum", [(name, value, line), …]) an enum's members
    ("name", "A.B")                    what another declaration says, dotted
    ("spread", value)                  the items of another list
    ("values", value)                  Object.values(value), (typeof value)[keyof typeof value]
    ("keys", value)                    Object.keys(value), keyof typeof value
    ("items", value)                   (typeof value)[number], value.options, value.enumValues
    ("each", value, key)               value.map((one) => one.key)
    ("without", value, labels)         z.enum(…).exclude(labels)
    ("only", value, labels)            z.enum(…).extract(labels)
    ("call", "f", [arguments])         a function of the code's own
    ("function", [parameters], value)  what such a function gives
    ("unknown", reason)                nothing that can be told from the text
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
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
WITHOUT = "without"
ONLY = "only"
CALL = "call"
FUNCTION = "function"
UNKNOWN = "unknown"

FIRST = "0"
"""The key of the first item of a pair: what Django stores of `("admin", "Administrator")`."""

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
    qualifier   what stands before it: a schema or a table as text, or the name of a variable that says so
    is_variable whether the qualifier is such a name
    is_check    whether the target is a table's column
    """

    __slots__ = ("expression", "is_check", "is_variable", "kind", "line", "qualifier", "symbol", "target")

    def __init__(  # noqa: PLR0917 - a record, which is unpacked from a row
        self,
        symbol: str,
        kind: str,
        line: int,
        expression: Expression,
        target: str,
        qualifier: str = "",
        *,
        is_variable: bool = False,
        is_check: bool = False,
    ) -> None:
        self.symbol = symbol
        self.kind = kind
        self.line = line
        self.expression = expression
        self.target = target
        self.qualifier = qualifier
        self.is_variable = is_variable
        self.is_check = is_check

    def plain(self) -> tuple[object, ...]:
        """As a cache keeps it."""
        return (
            self.symbol,
            self.kind,
            self.line,
            self.expression,
            self.target,
            self.qualifier,
            self.is_variable,
            self.is_check,
        )


class Facts:
    """What one file says.

    declared  its declarations
    bound     its uses that name the database's side
    imports   local name → (module, name there): "*" for the module itself, "default" for its default
    exports   name that others see → (module, name there), with the module "" for this file
    stars     modules of which everything is exported again
    comments  (line, target) of each `parity:` comment
    faults    (line, reason) of what should have been read and could not be
    glance    None where the file was parsed; else what was seen without parsing it
    """

    __slots__ = ("bound", "comments", "declared", "exports", "faults", "glance", "imports", "stars")

    def __init__(self, glance: Glance | None = None) -> None:
        self.glance = glance
        self.declared: list[Declared] = []
        self.bound: list[Bound] = []
        self.imports: dict[str, tuple[str, str]] = {}
        self.exports: dict[str, tuple[str, str]] = {}
        self.stars: list[str] = []
        self.comments: list[tuple[int, str]] = []
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
        facts.bound = [Bound(*one[:6], is_variable=one[6], is_check=one[7]) for one in bound]
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
