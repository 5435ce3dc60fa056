"""CREATE, ALTER and DROP of types and domains."""

from __future__ import annotations

from nightlatch.enum_parity.catalog import COMPOSITE, DOMAIN, OTHER, ROW, Check, Table, Type
from nightlatch.enum_parity.check_list import is_plain, read_check
from nightlatch.enum_parity.constraint_name import chosen_name
from nightlatch.enum_parity.cursor import Cursor, parts
from nightlatch.enum_parity.database_enum import ENUM, Label
from nightlatch.enum_parity.drop import drop_column, drop_things, type_named
from nightlatch.enum_parity.server_error import (
    BAD_TEXT,
    BAD_VALUE,
    DUPLICATE_COLUMN,
    DUPLICATE_OBJECT,
    DUPLICATE_TABLE,
    NOT_UNIQUE,
    SYNTAX,
    UNDEFINED_COLUMN,
    UNDEFINED_OBJECT,
    WRONG_KIND,
    ServerError,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.core.sql_lexer import Token
    from nightlatch.enum_parity.catalog import Schema
    from nightlatch.enum_parity.session import Session


def create_type(session: Session, cursor: Cursor) -> None:
    """What follows CREATE TYPE. IF NOT EXISTS is CockroachDB's."""
    skips = not session.faithful and cursor.words("if", "not", "exists")
    start = cursor.peek()
    names = cursor.qualified()
    if skips:
        existing = session.creation_schema(names[0]).types.get(names[1])
        if existing is not None and not _may_be_replaced(session, existing):
            return
    if cursor.words("as", "enum"):
        labels = _labels(session, cursor)
        new = _new_type(session, names, ENUM, start, labels)
        new.labels = labels
    elif cursor.word("as") and not cursor.word("range"):
        attributes = _attributes(session, cursor)
        new = _new_type(session, names, COMPOSITE, start)
        new.table = Table(new.name, new.schema, new.path, new.line)
        new.table.row = new
        new.table.columns = attributes
        session.catalog.journal.index.note(new.table, "columns", attributes)
    else:
        _new_type(session, names, OTHER, start)


def _labels(session: Session, cursor: Cursor) -> tuple[Label, ...]:
    """`('a', 'b')` of CREATE TYPE … AS ENUM."""
    labels = []
    for part in parts(cursor.group()):
        inner = Cursor(part)
        labels.append(session.enum_label(inner.string()))
        if not inner.done:
            raise ServerError(SYNTAX, "a label is one string")
    if len({label.text for label in labels}) < len(labels):
        raise ServerError(NOT_UNIQUE, "a label is given twice")
    return tuple(labels)


def _new_type(
    session: Session, names: tuple[str, str], kind: str, start: Token, labels: tuple[Label, ...] = ()
) -> Type:
    schema_name, name = names
    schema = session.creation_schema(schema_name)
    existing = schema.types.get(name)
    if existing is not None and not _may_be_replaced(session, existing):
        _refuse_existing(existing, kind, labels)
    new = Type(name, schema.name, kind, session.path, session.line(start))
    session.catalog.journal.put(schema.types, name, new, new)
    return new


def _may_be_replaced(session: Session, existing: Type) -> bool:
    """Whether the type only was a guess, so that its creation tells what it is."""
    return bool(existing.doubts) and session.assumes and existing.kind != ROW


def _refuse_existing(existing: Type, kind: str, labels: tuple[Label, ...]) -> None:
    texts = [label.text for label in labels]
    same = existing.kind == kind == ENUM and [label.text for label in existing.labels] == texts
    if existing.kind == ROW and kind == COMPOSITE:
        raise ServerError(DUPLICATE_TABLE, f"{existing.full_name} exists already", existing)
    if existing.kind == OTHER and kind == OTHER:
        same = True
    raise ServerError(DUPLICATE_OBJECT, f"{existing.full_name} exists already", existing, same=same)


def _attributes(session: Session, cursor: Cursor) -> dict[str, Type | None]:
    """`(name type, …)` of CREATE TYPE … AS: they can't be of the type that is being made."""
    found: dict[str, Type | None] = {}
    for part in parts(cursor.group()):
        inner = Cursor(part)
        name = inner.name()
        if name in found:
            raise ServerError(DUPLICATE_COLUMN, f"the attribute {name} is given twice")
        found[name] = type_named(session, inner)
    return found


def _add_attribute(session: Session, table: Table, cursor: Cursor) -> None:
    name = cursor.name()
    if name in table.columns:
        raise ServerError(DUPLICATE_COLUMN, f"the attribute {name} exists already")
    session.catalog.journal.put(table.columns, name, type_named(session, cursor), table)


def alter_type(session: Session, cursor: Cursor) -> None:
    """What follows ALTER TYPE."""
    start = cursor.peek()
    names = cursor.qualified()
    if cursor.words("add", "value"):
        _add_value(session, _enum(session, names, start), cursor)
    elif not session.faithful and cursor.words("drop", "value"):  # CockroachDB's
        _drop_value(session, _enum(session, names, start), cursor)
    elif cursor.words("rename", "value"):
        _rename_value(session, _enum(session, names, start), cursor)
    elif cursor.words("rename", "to"):
        _rename(session, _free_standing(session.type(*names, start)), cursor.name())
    elif cursor.words("set", "schema"):
        _move(session, _free_standing(session.type(*names, start)), cursor.name())
    elif cursor.peek().is_word("add", "drop", "alter", "rename"):
        _alter_attributes(session, session.type(*names, start), cursor)
    elif cursor.peek().is_word("owner", "set"):
        session.type(*names, start)
    else:
        raise ServerError(SYNTAX, f"ALTER TYPE … {cursor.peek().value}")


def _enum(session: Session, names: tuple[str, str], start: Token) -> Type:
    found = session.type(*names, start)
    if found.kind != ENUM:
        raise ServerError(WRONG_KIND, f"{found.full_name} is no enum", found)
    return found


def _free_standing(found: Type) -> Type:
    if found.kind == ROW:
        raise ServerError(WRONG_KIND, f"{found.full_name} is a table's row type", found)
    return found


def _add_value(session: Session, enum: Type, cursor: Cursor) -> None:
    skips = cursor.words("if", "not", "exists")
    label = session.enum_label(cursor.string())
    texts = [known.text for known in enum.labels]
    side = cursor.word("before", "after")
    neighbour = cursor.string().value if side else ""
    if label.text in texts:
        if skips:
            return
        raise ServerError(DUPLICATE_OBJECT, f"{enum.full_name} has the label '{label.text}' already", enum)
    at = len(texts)
    if side and neighbour in texts:
        at = texts.index(neighbour) + (side == "after")
    elif side and not enum.doubts:
        raise ServerError(BAD_VALUE, f"{enum.full_name} has no label '{neighbour}'", enum)
    session.catalog.journal.assign(enum, "labels", (*enum.labels[:at], label, *enum.labels[at:]))


def _drop_value(session: Session, enum: Type, cursor: Cursor) -> None:
    gone = cursor.string().value
    if gone not in [label.text for label in enum.labels] and not enum.doubts:
        raise ServerError(BAD_VALUE, f"{enum.full_name} has no label '{gone}'", enum)
    labels = tuple(label for label in enum.labels if label.text != gone)
    session.catalog.journal.assign(enum, "labels", labels)


def _rename_value(session: Session, enum: Type, cursor: Cursor) -> None:
    before = cursor.string().value
    cursor.expect("to")
    label = session.enum_label(cursor.string())
    texts = [known.text for known in enum.labels]
    if before not in texts:
        if enum.doubts and session.assumes:
            session.catalog.journal.assign(enum, "labels", (*enum.labels, label))
            return
        raise ServerError(BAD_VALUE, f"{enum.full_name} has no label '{before}'", enum)
    if label.text in texts:
        raise ServerError(DUPLICATE_OBJECT, f"{enum.full_name} has the label '{label.text}' already", enum)
    at = texts.index(before)
    session.catalog.journal.assign(enum, "labels", (*enum.labels[:at], label, *enum.labels[at + 1 :]))


def _rename(session: Session, found: Type, name: str) -> None:
    schema = session.catalog.schemas[found.schema]
    _replant(session, found, schema, name)


def _move(session: Session, found: Type, schema_name: str) -> None:
    schema = session.schema(schema_name)
    if schema.name != found.schema:
        _replant(session, found, schema, found.name)


def _replant(session: Session, found: Type, schema: Schema, name: str) -> None:
    """Give a type another name or schema."""
    existing = schema.types.get(name)
    if existing is not None and not (_may_be_replaced(session, existing) and existing is not found):
        code = DUPLICATE_TABLE if found.kind == COMPOSITE and existing.kind in (ROW, COMPOSITE) else DUPLICATE_OBJECT
        raise ServerError(code, f"{existing.full_name} exists already", existing)
    journal = session.catalog.journal
    journal.remove(session.catalog.schemas[found.schema].types, found.name, None)
    journal.assign(found, "name", name)
    journal.assign(found, "schema", schema.name)
    journal.put(schema.types, name, found, found)
    if found.table is not None:
        journal.assign(found.table, "name", name)
        journal.assign(found.table, "schema", schema.name)


def _alter_attributes(session: Session, found: Type, cursor: Cursor) -> None:
    """ADD, DROP, ALTER and RENAME ATTRIBUTE of a composite type."""
    if found.kind != COMPOSITE or found.table is None:
        if found.doubts and not session.faithful:
            return
        raise ServerError(WRONG_KIND, f"{found.full_name} is no composite type", found)
    table = found.table
    for part in parts(cursor.rest()):
        _alter_attribute(session, table, Cursor(part))


def _alter_attribute(session: Session, table: Table, cursor: Cursor) -> None:
    journal = session.catalog.journal
    action = cursor.word("add", "drop", "alter", "rename")
    cursor.expect("attribute")
    skips = cursor.words("if", "exists")
    if action == "add":
        _add_attribute(session, table, cursor)
        return
    name = cursor.name()
    if name not in table.columns:
        if skips:
            return
        raise ServerError(UNDEFINED_COLUMN, f"the attribute {name} does not exist")
    if action == "drop":
        drop_column(session, table, name)
    elif action == "alter":
        cursor.words("set", "data")
        cursor.expect("type")
        journal.put(table.columns, name, type_named(session, cursor), table)
    elif cursor.word("to"):
        rename_key(session, table, name, cursor.name())


def rename_key(session: Session, table: Table, before: str, after: str) -> None:
    """Give a column or attribute another name, in its place."""
    if after in table.columns:
        raise ServerError(DUPLICATE_COLUMN, f"the column {after} of {table.full_name} exists already")
    columns = {after if name == before else name: of for name, of in table.columns.items()}
    session.catalog.journal.assign(table, "columns", columns)


def drop_type(session: Session, cursor: Cursor) -> None:
    """What follows DROP TYPE or DROP DOMAIN."""
    domains = cursor.tokens[1].is_word("domain") if len(cursor.tokens) > 1 else False
    skips = cursor.words("if", "exists")
    names = cursor.qualified_list()
    cascade = bool(cursor.word("cascade"))
    found = []
    for schema, name in names:
        type_ = session.find_type(schema, name)
        if type_ is not None:
            if domains and type_.kind != DOMAIN:
                raise ServerError(WRONG_KIND, f"{type_.full_name} is no domain", type_)
            found.append(_droppable(type_))
        elif not skips and not session.assumes:
            raise ServerError(UNDEFINED_OBJECT, f'the type "{name}" does not exist')
    drop_things(session, found, cascade=cascade)


def _droppable(found: Type) -> Type:
    if found.kind == ROW:
        raise ServerError("dependent_objects_still_exist", f"a table needs its row type {found.full_name}", found)
    return found


# --- domains


def create_domain(session: Session, cursor: Cursor) -> None:
    """What follows CREATE DOMAIN."""
    start = cursor.peek()
    names = cursor.qualified()
    cursor.word("as")
    base = type_named(session, cursor)
    rest = cursor.rest()
    domain = _new_type(session, names, DOMAIN, start)
    domain.base = base
    session.catalog.journal.index.note(domain, "base", base)
    _add_domain_constraints(session, domain, Cursor(rest))


def _add_domain_constraints(session: Session, domain: Type, cursor: Cursor) -> None:
    name = ""
    while not cursor.done:
        start = cursor.peek()
        if cursor.word("constraint"):
            name = cursor.name()
        elif cursor.word("check"):
            _add_domain_check(session, domain, name, cursor.group(), start)
            name = ""
        else:
            cursor.next()


def _add_domain_check(session: Session, domain: Type, name: str, condition: Sequence[Token], start: Token) -> None:
    if name and name in domain.checks:
        raise ServerError(DUPLICATE_OBJECT, f"the constraint {name} of {domain.full_name} exists already", domain)
    name = name or chosen_name(session.catalog.constraint_names(domain.schema), domain.name, "")
    lists, doubt = read_check(condition, ("value",), session.label)
    own = {"": lists["value"]} if lists else {}
    if session.faithful and own:
        _demand_values(domain, own[""])
    plain = bool(own) and is_plain(condition, "value")
    check = Check(name, (), own, (session.path, session.line(start)), doubt, is_plain=plain)
    session.catalog.journal.put(domain.checks, name, check, domain)


def _demand_values(domain: Type, labels: tuple[Label, ...]) -> None:
    """What a domain over an enum lists must be the enum's labels; a row type has no such values."""
    base = domain.base
    while base is not None and base.kind == DOMAIN:
        base = base.base
    if base is None or base.kind == OTHER:
        return
    texts = {label.text for label in base.labels}
    if base.kind != ENUM or any(label.text not in texts for label in labels):
        raise ServerError(BAD_TEXT, f"{base.full_name} has no such value", domain)


def alter_domain(session: Session, cursor: Cursor) -> None:
    """What follows ALTER DOMAIN."""
    start = cursor.peek()
    domain = session.type(*cursor.qualified(), start)
    if domain.kind != DOMAIN:
        if domain.doubts and session.assumes:
            session.catalog.journal.assign(domain, "kind", DOMAIN)
        else:
            raise ServerError(WRONG_KIND, f"{domain.full_name} is no domain", domain)
    if cursor.words("rename", "constraint"):
        _rename_domain_check(session, domain, cursor)
    elif cursor.words("rename", "to"):
        _rename(session, domain, cursor.name())
    elif cursor.words("set", "schema"):
        _move(session, domain, cursor.name())
    elif cursor.words("drop", "constraint"):
        skips = cursor.words("if", "exists")
        name = cursor.name()
        if name in domain.checks:
            session.catalog.journal.remove(domain.checks, name, domain)
        elif not skips and not session.assumes:
            raise ServerError(UNDEFINED_OBJECT, f"the constraint {name} of {domain.full_name} does not exist", domain)
    elif cursor.word("add"):
        _add_domain_constraints(session, domain, cursor)


def _rename_domain_check(session: Session, domain: Type, cursor: Cursor) -> None:
    before = cursor.name()
    cursor.expect("to")
    rename_check(session, domain, before, cursor.name())


def rename_check(session: Session, owner: Type | Table, before: str, after: str) -> None:
    """RENAME CONSTRAINT of a CHECK, in its place."""
    check = owner.checks.get(before)
    if check is None:
        if session.assumes:
            return
        raise ServerError(UNDEFINED_OBJECT, f"the constraint {before} of {owner.full_name} does not exist", owner)
    if after in owner.checks:
        raise ServerError(DUPLICATE_OBJECT, f"the constraint {after} of {owner.full_name} exists already", owner)
    renamed = Check(after, check.columns, check.lists, (check.path, check.line), check.doubt, is_plain=check.is_plain)
    checks = {after if name == before else name: renamed if name == before else of for name, of in owner.checks.items()}
    session.catalog.journal.assign(owner, "checks", checks)
