"""The lists of CHECKs in a SQLite database, which has no enums: from the statements that created its tables."""

from __future__ import annotations

import os
import sqlite3

from nightlatch.core.sql_lexer import SqlError
from nightlatch.enum_parity.database_enum import DatabaseEnum, Label
from nightlatch.enum_parity.live_postgres import SOURCE, LiveError
from nightlatch.enum_parity.replay import Replay

SECONDS = 10
SCHEME = "sqlite:///"


def sqlite_lists(dsn: str) -> list[DatabaseEnum]:
    """Every list, sorted by name (`public.table.column`, as in migrations). Raises LiveError.

    dsn  `sqlite:///PATH`
    """
    path = dsn.removeprefix(SCHEME)
    if not os.path.isfile(path):
        raise LiveError(f"The database {path} can't be read: there is no such file.", "Check the path in --dsn.")
    try:
        statements = _statements(path)
    except sqlite3.Error as error:
        raise LiveError(f"The database {path} can't be read: {error}.", "Check the path in --dsn.") from None
    replay = Replay()
    for statement in statements:
        try:
            replay.run(SOURCE, statement)
        except SqlError as error:
            raise LiveError(f"A table of {path} can't be read: {error.what}.", "") from None
    return [_without_place(enum) for enum in replay.session.catalog.enums(SOURCE)]


def _statements(path: str) -> list[str]:
    from urllib.parse import quote

    connection = sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True, timeout=SECONDS)
    try:
        rows = connection.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL ORDER BY name"
        )
        return [str(sql) + ";" for (sql,) in rows]
    finally:
        connection.close()


def _without_place(enum: DatabaseEnum) -> DatabaseEnum:
    """Nor the constraint: SQLite can't put another one in its place."""
    labels = tuple(Label(label.text, SOURCE, 0) for label in enum.labels)
    return DatabaseEnum(enum.name, enum.kind, labels, SOURCE, 0, source=SOURCE, reason=enum.reason, tool="sqlite")
