"""DROP and ALTER of schemas: what is in them goes along."""

from __future__ import annotations

from nightlatch.enum_parity.drop import drop_things
from nightlatch.enum_parity.server_error import DUPLICATE_SCHEMA, IN_USE, NO_SCHEMA, ServerError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.enum_parity.catalog import Schema, Table, Type
    from nightlatch.enum_parity.cursor import Cursor
    from nightlatch.enum_parity.session import Session


def drop_schema(session: Session, cursor: Cursor) -> None:
    """What follows DROP SCHEMA."""
    skips = cursor.words("if", "exists")
    names = [cursor.name()]
    while cursor.sign(","):
        names.append(cursor.name())
    cascade = bool(cursor.word("cascade"))
    schemas = session.catalog.schemas
    found: list[Schema] = []
    for name in names:
        if name in schemas:
            found.append(schemas[name])
        elif not skips and not session.assumes:
            raise ServerError(NO_SCHEMA, f'the schema "{name}" does not exist')
    content: list[Type | Table] = []
    for schema in found:
        content.extend(type_ for type_ in schema.types.values() if type_.kind != "row")
        content.extend(schema.tables.values())
    if content and not cascade and session.faithful:
        raise ServerError(IN_USE, "the schema is not empty", content[0])
    drop_things(session, content, cascade=True)
    for schema in found:
        session.catalog.journal.remove(schemas, schema.name, None)


def alter_schema(session: Session, cursor: Cursor) -> None:
    """What follows ALTER SCHEMA."""
    before = cursor.name()
    schema = session.schema(before)
    if not cursor.words("rename", "to"):
        return
    after = cursor.name()
    schemas = session.catalog.schemas
    if after in schemas:
        raise ServerError(DUPLICATE_SCHEMA, f'the schema "{after}" exists already')
    journal = session.catalog.journal
    journal.remove(schemas, before, None)
    journal.assign(schema, "name", after)
    journal.put(schemas, after, schema, None)
    for thing in (*schema.types.values(), *schema.tables.values()):
        journal.assign(thing, "schema", after)
