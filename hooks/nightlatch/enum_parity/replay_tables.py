"""CREATE, ALTER and DROP of tables and views: columns, their types, and CHECK constraints."""

from __future__ import annotations

from nightlatch.enum_parity.catalog import TEMPORARY, Check, Table
from nightlatch.enum_parity.check_list import columns_in, is_plain, read_check
from nightlatch.enum_parity.constraint_name import chosen_name
from nightlatch.enum_parity.cursor import Cursor, parts
from nightlatch.enum_parity.drop import drop_column, drop_things, type_named
from nightlatch.enum_parity.replay_types import rename_check, rename_key
from nightlatch.enum_parity.server_error import (
    DUPLICATE_COLUMN,
    DUPLICATE_OBJECT,
    DUPLICATE_TABLE,
    UNDEFINED_COLUMN,
    UNDEFINED_OBJECT,
    UNDEFINED_TABLE,
    WRONG_KIND,
    ServerError,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.core.sql_lexer import Token
    from nightlatch.enum_parity.session import Session

_TABLE_CONSTRAINTS = ("constraint", "check", "primary", "unique", "foreign", "exclude", "like")


def create_table(session: Session, cursor: Cursor, *, temporary: bool = False) -> None:
    """What follows CREATE TABLE."""
    skips = cursor.words("if", "not", "exists")
    start = cursor.peek()
    schema_name, name = cursor.qualified()
    table = _new(session, TEMPORARY if temporary and not schema_name else schema_name, name, start, skips=skips)
    if table is None:
        return
    if cursor.words("partition", "of") or cursor.word("of"):
        _take_after(session, table, cursor)
    elif cursor.peek().is_sign("("):
        _add_elements(session, table, parts(cursor.group()))
        if cursor.word("inherits"):
            for part in parts(cursor.group()):
                _inherit(session, table, Cursor(part))
    else:
        session.catalog.journal.assign(table, "known", False)


def _new(session: Session, schema_name: str, name: str, start: Token, *, skips: bool) -> Table | None:
    """A new table; None where it exists and the statement provides for that."""
    schema = session.creation_schema(schema_name)
    existing = schema.tables.get(name)
    if existing is not None and not existing.known and session.assumes and not skips:
        drop_things(session, [existing], cascade=False)
        existing = None
    if existing is not None:
        if skips:
            return None
        raise ServerError(DUPLICATE_TABLE, f"{existing.full_name} exists already", existing)
    type_ = schema.types.get(name)
    if type_ is not None and not (type_.doubts and session.assumes):
        code = DUPLICATE_TABLE if type_.table is not None else DUPLICATE_OBJECT
        raise ServerError(code, f"{type_.full_name} exists already, as a type", type_)
    return session.new_table(schema, name, start)


def _take_after(session: Session, table: Table, cursor: Cursor) -> None:
    """PARTITION OF parent, OF type: its columns."""
    start = cursor.peek()
    schema, name = cursor.qualified()
    parent = session.find_table(schema, name)
    if parent is None:
        type_ = session.find_type(schema, name)
        if type_ is not None and type_.table is not None:
            session.catalog.journal.assign(table, "columns", dict(type_.table.columns))
            return
        parent = session.table(schema, name, start)
    session.catalog.journal.assign(table, "columns", dict(parent.columns))
    session.catalog.journal.assign(table, "known", parent.known)
    session.catalog.journal.assign(table, "parents", (parent,))
    if cursor.peek().is_sign("("):
        _add_elements(session, table, parts(cursor.group()))


def _inherit(session: Session, table: Table, cursor: Cursor) -> None:
    start = cursor.peek()
    parent = session.table(*cursor.qualified(), start)
    columns = {**parent.columns, **table.columns}
    session.catalog.journal.assign(table, "columns", columns)
    session.catalog.journal.assign(table, "parents", (*table.parents, parent))


def _add_elements(session: Session, table: Table, elements: Sequence[Sequence[Token]]) -> None:
    """The columns first, then the constraints: a table's CHECK may speak of a column that follows."""
    own: list[Sequence[Token]] = []
    constraints: list[Sequence[Token]] = []
    for element in elements:
        is_constraint = bool(element) and element[0].is_word(*_TABLE_CONSTRAINTS)
        (constraints if is_constraint else own).append(element)
    named: list[tuple[str, Sequence[Token], Token]] = []
    for element in own:
        named.extend(_add_column(session, table, Cursor(element), is_new=True))
    for element in constraints:
        named.extend(_constraint(session, table, Cursor(element)))
    _add_checks(session, table, named)


def _add_checks(session: Session, table: Table, named: Sequence[tuple[str, Sequence[Token], Token]]) -> None:
    """The CHECKs of one statement, those with a name first: the server chooses names among what is left."""
    for name, condition, start in named:
        add_check(session, table, name, condition, start)


def _add_column(
    session: Session, table: Table, cursor: Cursor, *, is_new: bool = False
) -> list[tuple[str, Sequence[Token], Token]]:
    """A column; the CHECKs that are written behind it are given back."""
    name = cursor.name()
    if name in table.columns:
        raise ServerError(DUPLICATE_COLUMN, f"the column {name} of {table.full_name} exists already", table)
    of = None if cursor.done or cursor.peek().is_word("with") else type_named(session, cursor)
    if of is not None and of is table.row and is_new and session.faithful:
        raise ServerError(UNDEFINED_OBJECT, f"the type {table.name} does not exist", table)
    session.catalog.journal.put(table.columns, name, of, table)
    return _column_checks(session, table, cursor)


def _column_checks(session: Session, table: Table, cursor: Cursor) -> list[tuple[str, Sequence[Token], Token]]:
    found: list[tuple[str, Sequence[Token], Token]] = []
    name = ""
    while not cursor.done:
        start = cursor.peek()
        if cursor.word("constraint"):
            name = cursor.name()
            if not cursor.peek().is_word("check"):
                _note_constraint(session, table, name)
        elif cursor.word("check") and cursor.peek().is_sign("("):
            found.append((name, cursor.group(), start))
            name = ""
        else:
            _pass_one(cursor)
    return found


def _pass_one(cursor: Cursor) -> None:
    if cursor.peek().is_sign("("):
        cursor.group()
    else:
        cursor.next()


def _constraint(session: Session, table: Table, cursor: Cursor) -> list[tuple[str, Sequence[Token], Token]]:
    """A table's constraint: a CHECK is given back, of another its name is noted."""
    start = cursor.peek()
    name = cursor.name() if cursor.word("constraint") else ""
    if cursor.word("check"):
        return [(name, cursor.group(), start)]
    if cursor.word("like"):
        _take_like(session, table, cursor)
    elif name:
        _note_constraint(session, table, name)
    return []


def _take_like(session: Session, table: Table, cursor: Cursor) -> None:
    """LIKE other [INCLUDING ALL | INCLUDING CONSTRAINTS]."""
    start = cursor.peek()
    other = session.table(*cursor.qualified(), start)
    journal = session.catalog.journal
    journal.assign(table, "columns", {**table.columns, **other.columns})
    journal.assign(table, "known", other.known)
    checks = False
    while not cursor.done:
        way, what = cursor.next(), cursor.next()
        if what.is_word("all", "constraints"):
            checks = way.is_word("including")
    if checks:
        for check in other.checks.values():
            journal.put(table.checks, check.name, check, table)


def _note_constraint(session: Session, table: Table, name: str) -> None:
    if name in table.checks or name in table.constraints:
        raise ServerError(DUPLICATE_OBJECT, f"the constraint {name} of {table.full_name} exists already", table)
    session.catalog.journal.put(table.constraints, name, True, table)


def add_check(session: Session, table: Table, name: str, condition: Sequence[Token], start: Token) -> None:
    """A CHECK constraint, with the name that the server would choose where it has none."""
    known = tuple(table.columns) if table.known else _likely_columns(table, condition)
    columns = columns_in(condition, known)
    if session.faithful:
        _demand_columns(table, condition)
    if name and (name in table.checks or name in table.constraints):
        raise ServerError(DUPLICATE_OBJECT, f"the constraint {name} of {table.full_name} exists already", table)
    if not name:
        taken = session.catalog.constraint_names(table.schema)
        name = chosen_name(taken, table.name, columns[0] if len(columns) == 1 else "")
    lists, doubt = read_check(condition, known, session.label)
    plain = len(lists) == 1 and is_plain(condition, next(iter(lists)))
    check = Check(name, columns, lists, (session.path, session.line(start)), doubt, is_plain=plain)
    session.catalog.journal.put(table.checks, name, check, table)


def _demand_columns(table: Table, condition: Sequence[Token]) -> None:
    likely = _likely_columns(table, condition)
    missing = [name for name in columns_in(condition, likely) if name not in table.columns and name != table.name]
    if missing:
        raise ServerError(UNDEFINED_COLUMN, f"the column {missing[0]} of {table.full_name} does not exist", table)


def _likely_columns(table: Table, condition: Sequence[Token]) -> tuple[str, ...]:
    """Where a table's columns aren't known: every name that isn't a keyword of conditions."""
    words = ("and", "or", "not", "in", "any", "some", "array", "is", "null", "true", "false", "as", "case", "when",
             "then", "else", "end", "between", "like", "ilike", "cast", "distinct", "from")  # fmt: skip
    names = (token.value for token in condition if token.is_name and not token.is_word(*words))
    return tuple(dict.fromkeys((*table.columns, *names)))


# --- ALTER TABLE


def alter_table(session: Session, cursor: Cursor) -> None:
    """What follows ALTER TABLE."""
    skips = cursor.words("if", "exists")
    cursor.word("only")
    start = cursor.peek()
    schema, name = cursor.qualified()
    cursor.sign("*")
    if skips and session.find_table(schema, name) is None and not session.assumes:
        return
    table = session.table(schema, name, start)
    if cursor.word("rename"):
        _rename(session, table, cursor)
    elif cursor.words("set", "schema"):
        after = session.schema(cursor.name()).name
        if after != table.schema:
            _replant(session, table, after, table.name)
    else:
        for action in _in_order(parts(cursor.rest())):
            _alter(session, table, Cursor(action))


_DROPS, _ADDS_COLUMN, _ADDS_CONSTRAINT = 0, 2, 3


def _in_order(actions: list[list[Token]]) -> list[list[Token]]:
    """The server runs what is dropped first, then changed types, new columns, and new constraints."""
    return sorted(actions, key=_pass_of)


def _pass_of(action: list[Token]) -> int:
    words = [token.value if token.kind == "word" else "" for token in action[:3]] + ["", "", ""]
    if words[0] == "drop":
        return _DROPS
    if words[0] == "add":
        return _ADDS_CONSTRAINT if words[1] in _TABLE_CONSTRAINTS else _ADDS_COLUMN
    return 1 if words[0] == "alter" else _ADDS_CONSTRAINT


def _alter(session: Session, table: Table, cursor: Cursor) -> None:
    if cursor.word("add"):
        _add(session, table, cursor)
    elif cursor.word("drop"):
        _drop(session, table, cursor)
    elif cursor.word("alter"):
        _alter_column(session, table, cursor)
    elif cursor.words("attach", "partition"):
        start = cursor.peek()
        child = session.table(*cursor.qualified(), start)
        session.catalog.journal.assign(child, "parents", (*child.parents, table))
    elif cursor.words("detach", "partition"):
        start = cursor.peek()
        child = session.table(*cursor.qualified(), start)
        parents = tuple(parent for parent in child.parents if parent is not table)
        session.catalog.journal.assign(child, "parents", parents)


def _add(session: Session, table: Table, cursor: Cursor) -> None:
    if cursor.peek().is_word(*_TABLE_CONSTRAINTS):
        _add_checks(session, table, _constraint(session, table, cursor))
        return
    cursor.word("column")
    skips = cursor.words("if", "not", "exists")
    if skips and cursor.peek().value in table.columns:
        return
    _add_checks(session, table, _add_column(session, table, cursor))


def _drop(session: Session, table: Table, cursor: Cursor) -> None:
    if cursor.word("constraint"):
        skips = cursor.words("if", "exists")
        _drop_constraint(session, table, cursor.name(), skips=skips)
        return
    cursor.word("column")
    skips = cursor.words("if", "exists")
    name = cursor.name()
    if name in table.columns:
        drop_column(session, table, name)
        return
    for check in tuple(table.checks.values()):
        if name in check.columns:
            session.catalog.journal.remove(table.checks, check.name, table)
    if not skips and not session.assumes:
        raise ServerError(UNDEFINED_COLUMN, f"the column {name} of {table.full_name} does not exist", table)


def _drop_constraint(session: Session, table: Table, name: str, *, skips: bool) -> None:
    journal = session.catalog.journal
    if name in table.checks:
        journal.remove(table.checks, name, table)
    elif name in table.constraints:
        journal.remove(table.constraints, name, table)
    elif not skips and not session.assumes:
        raise ServerError(UNDEFINED_OBJECT, f"the constraint {name} of {table.full_name} does not exist", table)


def _alter_column(session: Session, table: Table, cursor: Cursor) -> None:
    if cursor.word("constraint"):
        return
    cursor.word("column")
    name = cursor.name()
    if name not in table.columns and not session.assumes:
        raise ServerError(UNDEFINED_COLUMN, f"the column {name} of {table.full_name} does not exist", table)
    cursor.words("set", "data")
    if cursor.word("type"):
        session.catalog.journal.put(table.columns, name, type_named(session, cursor), table)


def _rename(session: Session, table: Table, cursor: Cursor) -> None:
    if cursor.word("to"):
        _replant(session, table, table.schema, cursor.name())
    elif cursor.word("constraint"):
        before = cursor.name()
        cursor.expect("to")
        _rename_constraint(session, table, before, cursor.name())
    else:
        cursor.word("column")
        before = cursor.name()
        cursor.expect("to")
        _rename_column(session, table, before, cursor.name())


def _rename_constraint(session: Session, table: Table, before: str, after: str) -> None:
    if before not in table.constraints:
        rename_check(session, table, before, after)
    elif after in table.constraints or after in table.checks:
        raise ServerError(DUPLICATE_OBJECT, f"the constraint {after} of {table.full_name} exists already", table)
    else:
        session.catalog.journal.remove(table.constraints, before, table)
        session.catalog.journal.put(table.constraints, after, True, table)


def _rename_column(session: Session, table: Table, before: str, after: str) -> None:
    if before in table.columns:
        rename_key(session, table, before, after)
    elif not session.assumes:
        raise ServerError(UNDEFINED_COLUMN, f"the column {before} of {table.full_name} does not exist", table)
    checks = {name: _with_renamed(check, before, after) for name, check in table.checks.items()}
    session.catalog.journal.assign(table, "checks", checks)
    for child in tuple(session.catalog.children(table)):
        if before in child.columns:
            _rename_column(session, child, before, after)


def _with_renamed(check: Check, before: str, after: str) -> Check:
    """The CHECK as it reads once a column has another name."""
    columns = tuple(after if name == before else name for name in check.columns)
    lists = {after if name == before else name: labels for name, labels in check.lists.items()}
    return Check(check.name, columns, lists, (check.path, check.line), check.doubt, is_plain=check.is_plain)


def _replant(session: Session, table: Table, schema_name: str, name: str) -> None:
    """Give a table another name or schema; its row's type goes along."""
    schema = session.catalog.schemas[schema_name]
    taken = schema.tables.get(name)
    if taken is not None:
        raise ServerError(DUPLICATE_TABLE, f"{taken.full_name} exists already", taken)
    type_ = schema.types.get(name)
    if type_ is not None:
        raise ServerError(DUPLICATE_OBJECT, f"{type_.full_name} exists already, as a type", type_)
    journal = session.catalog.journal
    old = session.catalog.schemas[table.schema]
    journal.remove(old.tables, table.name, None)
    row = table.row
    if row is not None and old.types.get(table.name) is row:
        journal.remove(old.types, table.name, None)
        journal.assign(row, "name", name)
        journal.assign(row, "schema", schema_name)
        journal.put(schema.types, name, row, None)
    journal.assign(table, "name", name)
    journal.assign(table, "schema", schema_name)
    journal.put(schema.tables, name, table, table)


# --- DROP, views


def drop_table(session: Session, cursor: Cursor) -> None:
    """What follows DROP TABLE, DROP VIEW and DROP MATERIALIZED VIEW."""
    views = cursor.tokens[1].is_word("view", "materialized")
    skips = cursor.words("if", "exists")
    names = cursor.qualified_list()
    cascade = bool(cursor.word("cascade"))
    found = []
    for schema, name in names:
        table = session.find_table(schema, name)
        if table is not None:
            if table.known and table.is_view != views:
                raise ServerError(WRONG_KIND, f"{table.full_name} is not of that kind", table)
            found.append(table)
        elif not skips and not session.assumes:
            raise ServerError(UNDEFINED_TABLE, f'the table "{name}" does not exist')
    drop_things(session, found, cascade=cascade)


def create_view(session: Session, cursor: Cursor, *, replaces: bool = False) -> None:
    """What follows CREATE VIEW: it takes a name among the tables and types."""
    skips = cursor.words("if", "not", "exists") or replaces
    start = cursor.peek()
    schema_name, name = cursor.qualified()
    view = _new(session, schema_name, name, start, skips=skips)
    if view is not None:
        session.catalog.journal.assign(view, "is_view", True)
