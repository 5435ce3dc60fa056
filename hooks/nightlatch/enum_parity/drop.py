"""Dropping: what goes along, and what stands in the way."""

from __future__ import annotations

from nightlatch.core.sql_lexer import SIGN
from nightlatch.enum_parity.catalog import Table, Type
from nightlatch.enum_parity.server_error import IN_USE, NO_SCHEMA, UNDEFINED_OBJECT, ServerError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from nightlatch.enum_parity.cursor import Cursor
    from nightlatch.enum_parity.session import Session

BUILT_IN = (
    "text", "varchar", "character", "char", "bpchar", "name", "citext", "integer", "int", "int2", "int4", "int8",
    "bigint", "smallint", "serial", "bigserial", "smallserial", "boolean", "bool", "numeric", "decimal", "real",
    "double", "float", "float4", "float8", "money", "date", "time", "timestamp", "timestamptz", "timetz", "interval",
    "uuid", "json", "jsonb", "bytea", "xml", "inet", "cidr", "bit", "oid", "regclass", "regtype", "tsvector",
)  # fmt: skip
"""Types that are there from the start: the first word of their names."""


def type_named(session: Session, cursor: Cursor) -> Type | None:
    """Pass a type's name; the type where a script made it, else None. Its length and brackets are passed too.

    Raises ServerError where there is no such type and nothing may be assumed.
    """
    cursor.word("setof")
    schema, name = cursor.qualified()
    found = session.find_type(schema, name)
    if found is None and session.faithful and not (schema in ("", "pg_catalog") and name in BUILT_IN):
        code = NO_SCHEMA if schema and schema not in session.catalog.schemas else UNDEFINED_OBJECT
        raise ServerError(code, f'the type "{name}" does not exist')
    while cursor.peek().kind == SIGN and cursor.peek().value in ("(", "[", "%"):
        if cursor.peek().is_sign("("):
            cursor.group()
        elif cursor.sign("%"):
            cursor.word("type")
            return None
        else:
            while not cursor.done and not cursor.sign("]"):
                cursor.next()
    return found


def drop_column(session: Session, table: Table, column: str) -> None:
    """A column goes, and the CHECKs that speak of it."""
    journal = session.catalog.journal
    journal.remove(table.columns, column, table)
    for name, check in tuple(table.checks.items()):
        if column in check.columns:
            journal.remove(table.checks, name, table)
    for child in tuple(session.catalog.children(table)):
        if column in child.columns:
            drop_column(session, child, column)


def drop_things(session: Session, things: Iterable[Type | Table], *, cascade: bool) -> None:
    """Types and tables go, all at once. Raises ServerError where others need them and CASCADE isn't said."""
    dropped = dict.fromkeys(things)
    columns: dict[tuple[Table, str], None] = {}
    waiting = list(dropped)
    while waiting:
        thing = waiting.pop()
        for dependent in _dependents(session, thing):
            if isinstance(dependent, tuple):
                columns[dependent] = None
            elif dependent not in dropped:
                _demand(session, thing, cascade=cascade)
                dropped[dependent] = None
                waiting.append(dependent)
    gone = {thing.table for thing in dropped if isinstance(thing, Type)} | set(dropped)
    for table, column in columns:
        if table not in gone:
            if cascade or session.faithful:
                _demand(session, table, cascade=cascade)
                if column in table.columns:
                    drop_column(session, table, column)
            else:
                session.catalog.journal.put(table.columns, column, None, table)
    for thing in dropped:
        _remove(session, thing)


def _demand(session: Session, thing: Type | Table, *, cascade: bool) -> None:
    if not cascade and session.faithful:
        raise ServerError(IN_USE, f"something else needs {thing.full_name}", thing)


def _dependents(session: Session, thing: Type | Table) -> list[Type | Table | tuple[Table, str]]:
    """What can't be without it: columns of the type, domains over it, children of the table."""
    catalog = session.catalog
    type_ = thing.row if isinstance(thing, Table) else thing
    found: list[Type | Table | tuple[Table, str]] = []
    if type_ is not None:
        found.extend(catalog.users(type_))
        found.extend(catalog.domains(type_))
    if isinstance(thing, Table):
        found.extend(catalog.children(thing))
    return found


def _remove(session: Session, thing: Type | Table) -> None:
    journal = session.catalog.journal
    schema = session.catalog.schemas[thing.schema]
    if isinstance(thing, Type):
        if schema.types.get(thing.name) is thing:
            journal.remove(schema.types, thing.name, thing)
        return
    if schema.tables.get(thing.name) is thing:
        journal.remove(schema.tables, thing.name, thing)
    if thing.row is not None and schema.types.get(thing.name) is thing.row:
        journal.remove(schema.types, thing.name, thing.row)
