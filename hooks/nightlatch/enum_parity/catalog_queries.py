"""Answers the queries on the system's catalog by which migrations ask whether something exists.

`SELECT 1 FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typname = 'x' AND n.nspname = 'public'`
and its many forms come to a set of facts (`typname` is 'x', `nspname` is 'public'), joined by AND. A query that says
more than that isn't answered.
"""

from __future__ import annotations

from nightlatch.core.sql_lexer import STRING
from nightlatch.enum_parity.catalog import DOMAIN
from nightlatch.enum_parity.cursor import Cursor
from nightlatch.enum_parity.database_enum import ENUM
from nightlatch.enum_parity.server_error import UNDEFINED_OBJECT, UNDEFINED_TABLE, ServerError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nightlatch.core.sql_lexer import Token
    from nightlatch.enum_parity.catalog import Table, Thing, Type
    from nightlatch.enum_parity.session import Session

    Text = Callable[[Sequence[Token]], object]
    Facts = dict[str, str]

_JOINS = ("oid", "typnamespace", "enumtypid", "relnamespace", "connamespace", "conrelid", "attrelid", "contypid",
          "atttypid", "table_schema", "table_name", "constraint_name", "constraint_schema", "typelem")  # fmt: skip
"""Columns that two tables are joined by."""

_OPAQUE = ("or", "not", "like", "ilike", "similar", "between", "group", "having", "union", "except", "intersect",
           "case", "left", "right", "full", "is", "any", "all", "in")  # fmt: skip
_TYPE_COLUMNS = {"typname", "nspname", "enumlabel", "typtype", "typnamespace", "oid", "enumtypid"}
_TABLE_COLUMNS = {"table_name", "table_schema", "tablename", "schemaname", "relname", "nspname", "relkind",
                  "table_type"}  # fmt: skip
_COLUMN_COLUMNS = {"table_name", "table_schema", "column_name", "attname", "relname", "nspname", "attrelid"}
_CONSTRAINT_COLUMNS = {"conname", "conrelid", "contype", "nspname", "relname", "constraint_name", "table_name",
                       "table_schema", "constraint_type", "constraint_schema"}  # fmt: skip


def exists(session: Session, query: Sequence[Token], text: Text) -> bool | None:  # noqa: PLR0911 - a case each
    """Whether a query finds anything; None where that can't be told.

    query  SELECT … FROM … WHERE …, as tokens
    text   what an expression comes to: a str, or something else where it isn't known
    """
    tables = _tables(query)
    facts = _facts(session, query, text)
    if facts is None or not tables:
        return None
    if tables <= {"pg_type", "pg_namespace", "pg_enum"} and tables & {"pg_type", "pg_enum"}:
        return _type_exists(session, facts)
    if tables <= {"pg_namespace"} or tables == {"schemata"}:
        name = facts.get("nspname") or facts.get("schema_name")
        return None if name is None else name in session.catalog.schemas or None
    if "pg_constraint" in tables or tables & {"table_constraints", "check_constraints"}:
        return _constraint_exists(session, facts)
    if "columns" in tables or "pg_attribute" in tables:
        return _column_exists(session, facts)
    if tables <= {"tables", "pg_tables", "pg_class", "pg_namespace"}:
        return _table_exists(session, facts)
    return None


def _tables(query: Sequence[Token]) -> set[str]:
    """The tables behind FROM and JOIN; a comma goes on with the next."""
    found = set()
    cursor = Cursor(query)
    while not cursor.done:
        if cursor.word("from", "join"):
            while cursor.peek().is_name:
                found.add(cursor.qualified()[1])
                cursor.word("as")
                if cursor.peek().is_name and not cursor.peek().is_word("where", "join", "on", "inner", "limit"):
                    cursor.next()
                if not cursor.sign(","):
                    break
        else:
            cursor.next()
    return found


def _facts(session: Session, query: Sequence[Token], text: Text) -> Facts | None:
    """Column → the text that it is compared with; None where the query says what isn't such a comparison."""
    facts: Facts = {}
    for index, token in enumerate(query):
        if token.is_word(*_OPAQUE):
            return None
        if token.kind == "sign" and token.value in ("<", ">", "<>", "!=", "<=", ">=", "~", "!~", "~*"):
            return None
        if not token.is_sign("="):
            continue
        column, other, is_last = _sides(query, index)
        if column is None:
            return None
        if is_last:
            continue
        value = _value(session, other, text)
        if value is None or facts.get(column, value) != value:
            return None
        facts[column] = value
    return facts


def _sides(query: Sequence[Token], index: int) -> tuple[str | None, list[Token], bool]:
    """The column on one side of `=`, what stands on the other, and whether that only joins two tables."""
    left = query[index - 1] if index else None
    if left is None or not left.is_name:
        if left is not None and left.kind == STRING and index + 1 < len(query):
            name = query[index + 3] if index + 3 < len(query) and query[index + 2].is_sign(".") else query[index + 1]
            return (name.value if name.is_name else None), [left], False
        return None, [], False
    if index > 2 and query[index - 2].is_sign("::"):  # noqa: PLR2004 - column::text
        left = query[index - 3]
    other = _right(query, index + 1)
    names = [token for token in other if token.is_name]
    joins = (
        bool(names)
        and names[-1].value in _JOINS
        and left.value in _JOINS
        and not any(token.kind == STRING for token in other)
    )
    return left.value, other, joins


def _right(query: Sequence[Token], start: int) -> list[Token]:
    """What stands behind `=`, up to AND or the end."""
    depth = 0
    for index in range(start, len(query)):
        token = query[index]
        depth += token.is_sign("(") - token.is_sign(")")
        if depth < 0 or (depth == 0 and token.is_word("and", "where", "limit", "join", "inner", "order")):
            return list(query[start:index])
    return list(query[start:])


def _value(session: Session, tokens: list[Token], text: Text) -> str | None:
    """The text on the other side; of a nested query the one that it compares with."""
    if tokens and tokens[0].is_sign("("):
        strings = [token.value for token in tokens if token.kind == STRING]
        return strings[0] if len(strings) == 1 else None
    if len(tokens) == 1 and tokens[0].is_word("current_schema"):
        return session.creation_schema("").name
    value = text(tokens)
    return value if isinstance(value, str) else None


def _type_exists(session: Session, facts: Facts) -> bool | None:
    if not facts.keys() <= _TYPE_COLUMNS:
        return None
    named = facts.get("oid") or facts.get("enumtypid")
    if named is not None and "typname" not in facts:
        found = [_regtype(session, named)]
    else:
        schema = facts.get("nspname") or facts.get("typnamespace") or ""
        found = [type_ for type_ in session.catalog.types() if facts.get("typname") in (None, type_.name)]
        found = [type_ for type_ in found if schema in ("", type_.schema)]
    if "typname" not in facts and named is None:
        return None
    if "typtype" in facts:
        found = [type_ for type_ in found if facts["typtype"] == _typtype(type_)]
    label = facts.get("enumlabel")
    if label is not None:
        return _label_exists(found, label)
    return _certain(session, found)


def _label_exists(found: list[Type], label: str) -> bool | None:
    if any(label == known.text for type_ in found for known in type_.labels):
        return True
    return None if any(type_.doubts for type_ in found) else False


def _regtype(session: Session, name: str) -> Type:
    from nightlatch.core.sql_lexer import tokens

    found = session.find_type(*Cursor(list(tokens(name))).qualified())
    if found is None:
        raise ServerError(UNDEFINED_OBJECT, f'the type "{name}" does not exist')
    return found


def _typtype(type_: Type) -> str:
    return {ENUM: "e", DOMAIN: "d"}.get(type_.kind, "c")


def _certain(session: Session, found: Sequence[Thing]) -> bool | None:
    """Whether anything was found; what is only doubtful may be there or not."""
    if not found:
        return False
    return None if not session.faithful and all(thing.doubts for thing in found) else True


def _table_exists(session: Session, facts: Facts) -> bool | None:
    if not facts.keys() <= _TABLE_COLUMNS:
        return None
    name = facts.get("table_name") or facts.get("tablename") or facts.get("relname")
    if name is None:
        return None
    schema = facts.get("table_schema") or facts.get("schemaname") or facts.get("nspname") or ""
    found = list(_named_tables(session, name, schema))
    return True if found else (False if session.faithful else None)


def _named_tables(session: Session, name: str, schema: str) -> Iterator[Table]:
    return (table for table in session.catalog.tables() if table.name == name and schema in ("", table.schema))


def _column_exists(session: Session, facts: Facts) -> bool | None:
    column = facts.get("column_name") or facts.get("attname")
    tables = _tables_of(session, facts, _COLUMN_COLUMNS)
    if column is None or tables is None:
        return None
    if any(column in table.columns for table in tables):
        return True
    return False if session.faithful or (tables and all(table.known for table in tables)) else None


def _constraint_exists(session: Session, facts: Facts) -> bool | None:
    name = facts.get("conname") or facts.get("constraint_name")
    tables = _tables_of(session, facts, _CONSTRAINT_COLUMNS)
    if name is None or tables is None:
        return None
    return any(name in table.checks or name in table.constraints for table in tables)


def _tables_of(session: Session, facts: Facts, columns: set[str]) -> list[Table] | None:
    """The tables that the facts speak of; all where they name none; None where they say more."""
    if not facts.keys() <= columns:
        return None
    regclass = facts.get("conrelid") or facts.get("attrelid")
    if regclass is not None:
        return _regclass(session, regclass)
    name = facts.get("table_name") or facts.get("relname")
    schema = facts.get("table_schema") or facts.get("nspname") or facts.get("constraint_schema") or ""
    if name is None:
        return [table for table in session.catalog.tables() if schema in ("", table.schema)]
    return list(_named_tables(session, name, schema))


def _regclass(session: Session, name: str) -> list[Table]:
    from nightlatch.core.sql_lexer import tokens

    schema, plain = Cursor(list(tokens(name))).qualified()
    found = session.find_table(schema, plain)
    if found is None and not session.assumes:
        raise ServerError(UNDEFINED_TABLE, f'the relation "{plain}" does not exist')
    return [found] if found else []
