"""A database session while scripts are replayed: the catalog, the search path, the transaction, and where we are.

Two ways to run. `faithful` models the server: nothing exists that no statement created, a statement that the server
would refuse changes nothing, and an open transaction is then lost. Otherwise the scripts are taken for migrations
that succeeded once, in a database that may hold more than they say: what they alter without having created it is
taken to exist with contents that aren't known, and whatever contradicts what is known becomes a doubt, never silence.
"""

from __future__ import annotations

from nightlatch.core.sql_lexer import Lines, Token, clipped
from nightlatch.enum_parity.catalog import ROW, TEMPORARY, Catalog, Schema, Table, Thing, Type
from nightlatch.enum_parity.database_enum import ENUM, Label
from nightlatch.enum_parity.server_error import (
    BAD_NAME,
    NO_SCHEMA,
    UNDEFINED_OBJECT,
    UNDEFINED_TABLE,
    ServerError,
)

NOT_CREATED_HERE = "its creation is in no migration here, so it may have other labels too"
DEFAULT_PATH = ("public",)
LABEL_BYTES = 63
UNKNOWN_TEXT = "the statement is put together at run time"
MOST_ROUNDS = 2000
"""Of all loops of a script together; what would run beyond is doubtful."""


class Remark:
    """Something of the scripts that could not be followed: where, and what."""

    __slots__ = ("line", "path", "what")

    def __init__(self, path: str, line: int, what: str) -> None:
        self.path = path
        self.line = line
        self.what = what


class Session:
    """The state that statements work on; see the module.

    lost       statements that may create or change types and could not be followed: a type may exist that isn't known
    unknown_text  why a text that is executed isn't known
    functions  the full names of routines whose body has DDL of types or CHECKs, and that body
    """

    def __init__(self, *, faithful: bool = False) -> None:
        self.catalog = Catalog()
        self.faithful = faithful
        self.search_path: tuple[str, ...] = DEFAULT_PATH
        self.session_path: tuple[str, ...] = DEFAULT_PATH
        self.remarks: list[Remark] = []
        self.lost: list[Remark] = []
        self.functions: dict[str, str] = {}
        self.guards = 0
        self.path = ""
        self.text = ""
        self._lines = Lines("")
        self.unknown_text = UNKNOWN_TEXT
        self._fixed_line = 0
        self._rounds = 0

    def may_take(self, rounds: int) -> bool:
        """Whether so many rounds of loops may still be run in this script: loops in loops multiply."""
        self._rounds += rounds
        return self._rounds <= MOST_ROUNDS

    def open(self, path: str, text: str) -> None:
        """Start on another script: its statements' places are counted from here."""
        self.path = path
        self.text = text
        self._lines = Lines(text)
        self._rounds = 0

    def inside(self, line: int) -> int:
        """Take all that follows for text made at that line (0: no longer); gives what was set before."""
        before, self._fixed_line = self._fixed_line, line
        return before

    def dollar_quoted(self, token: Token) -> bool:
        """Whether a string of the script stands in dollar quotes, so that its places are those of the script."""
        return not self._fixed_line and self.text.startswith("$", token.start)

    def line(self, token: Token) -> int:
        """The line of a token, counted from 1."""
        return self._fixed_line or self._lines.number(max(token.start, 0))

    def place(self, token: Token) -> str:
        """`path:line` of a token."""
        return f"{self.path}:{self.line(token)}"

    def remark(self, token: Token, what: str) -> None:
        """Note what could not be followed."""
        self.remarks.append(Remark(self.path, self.line(token), what))

    def lose(self, token: Token, what: str) -> None:
        """Note a statement after which there may be types that aren't known."""
        self.lost.append(Remark(self.path, self.line(token), what))

    def label(self, token: Token) -> Label:
        """The label that a string writes, with its place."""
        return Label(token.value, self.path, self.line(token))

    def enum_label(self, token: Token) -> Label:
        """The same for an enum's; raises ServerError where it is too long to be one."""
        if len(token.value.encode("utf-8", "surrogatepass")) > LABEL_BYTES:
            raise ServerError(BAD_NAME, f"a label is longer than {LABEL_BYTES} bytes")
        return self.label(token)

    @property
    def assumes(self) -> bool:
        """Whether what isn't known is taken to exist: not where the script itself provides for its absence."""
        return not self.faithful and not self.guards

    # --- names

    def visible_schemas(self) -> list[Schema]:
        """The schemas in which names without one are looked up, in order."""
        schemas = self.catalog.schemas
        names = self.search_path if TEMPORARY in self.search_path else (TEMPORARY, *self.search_path)
        names = names if "pg_catalog" in names else (*names[:1], "pg_catalog", *names[1:])
        return [schemas[name] for name in dict.fromkeys(names) if name in schemas]

    def creation_schema(self, name: str) -> Schema:
        """The schema that something new goes to; raises ServerError where there is none."""
        if name:
            return self.schema(name)
        for candidate in self.search_path:
            if candidate == "$user":
                continue
            if candidate in self.catalog.schemas or not self.faithful:
                return self.schema(candidate)
        raise ServerError(NO_SCHEMA, "no schema of the search path exists")

    def schema(self, name: str) -> Schema:
        """A schema by its name; where that was never created, a new one that isn't known, or ServerError."""
        found = self.catalog.schemas.get(name)
        if found is not None:
            return found
        if not self.assumes:
            raise ServerError(NO_SCHEMA, f'the schema "{name}" does not exist')
        made = Schema(name, known=False)
        self.catalog.journal.put(self.catalog.schemas, name, made, None)
        return made

    def find_type(self, schema: str, name: str) -> Type | None:
        """A type, as a statement names it."""
        for candidate in self._candidates(schema):
            if name in candidate.types:
                return candidate.types[name]
        return None

    def find_table(self, schema: str, name: str) -> Table | None:
        """A table or view, as a statement names it."""
        for candidate in self._candidates(schema):
            if name in candidate.tables:
                return candidate.tables[name]
        return None

    def _candidates(self, schema: str) -> list[Schema]:
        if not schema:
            return self.visible_schemas()
        found = self.catalog.schemas.get(schema)
        return [found] if found else []

    def type(self, schema: str, name: str, token: Token) -> Type:
        """A type that a statement needs; one that isn't known where it was never created, or ServerError."""
        found = self.find_type(schema, name)
        if found is not None:
            return found
        if not self.assumes:
            self._demand_schema(schema)
            raise ServerError(UNDEFINED_OBJECT, f'the type "{name}" does not exist')
        here = self.creation_schema(schema)
        made = Type(name, here.name, ENUM, self.path, self.line(token))
        made.doubts = (NOT_CREATED_HERE,)
        self.catalog.journal.put(here.types, name, made, made)
        return made

    def table(self, schema: str, name: str, token: Token) -> Table:
        """A table that a statement needs, likewise."""
        found = self.find_table(schema, name)
        if found is not None:
            return found
        if not self.assumes:
            self._demand_schema(schema)
            raise ServerError(UNDEFINED_TABLE, f'the relation "{name}" does not exist')
        made = self.new_table(self.creation_schema(schema), name, token)
        made.known = False
        return made

    def _demand_schema(self, schema: str) -> None:
        if schema and schema not in self.catalog.schemas:
            raise ServerError(NO_SCHEMA, f'the schema "{schema}" does not exist')

    # --- changes

    def new_table(self, schema: Schema, name: str, token: Token) -> Table:
        """Put a table without columns, and its row's type, into a schema."""
        name = clipped(name)
        journal = self.catalog.journal
        table = Table(name, schema.name, self.path, self.line(token))
        row = Type(name, schema.name, ROW, self.path, table.line)
        row.table, table.row = table, row
        journal.put(schema.tables, name, table, table)
        if name not in schema.types:
            journal.put(schema.types, name, row, row)
        return table

    def doubt(self, thing: Thing, reason: str, token: Token) -> None:
        """Note why the state of a type or table may differ from what is known."""
        self.catalog.doubt(thing, f"{self.place(token)}: {reason}")

    def set_path(self, names: tuple[str, ...], *, local: bool) -> None:
        """SET [LOCAL] search_path."""
        self.catalog.journal.assign(self, "search_path", names)
        if not local:
            self.catalog.journal.assign(self, "session_path", names)

    def end_transaction(self) -> None:
        """What SET LOCAL set holds no longer."""
        self.search_path = self.session_path
        self.catalog.journal.forget()
