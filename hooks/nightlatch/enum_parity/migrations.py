"""The database's enums, as a repository's migrations lead to them."""

from __future__ import annotations

import re

from nightlatch.core.sql_lexer import Lines, SqlError, decoded
from nightlatch.enum_parity.database_enum import DatabaseEnum, Label
from nightlatch.enum_parity.facts_cache import object_name
from nightlatch.enum_parity.migration_orders.find import find_sets, is_relevant
from nightlatch.enum_parity.migration_orders.migration_set import POSTGRES, Tree
from nightlatch.enum_parity.migration_orders.prisma_schema import schema_enums
from nightlatch.enum_parity.replay import Replay

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from nightlatch.core.files import Entry
    from nightlatch.core.hook import Options
    from nightlatch.core.whole import WholeSource
    from nightlatch.enum_parity.facts_cache import FactsCache
    from nightlatch.enum_parity.migration_orders.migration_set import MigrationSet

VERSION = 1
"""Counted up whenever the replay comes to another state for the same files."""

_POSTGRES_NAMES = ("", POSTGRES, "postgres", "cockroachdb", "pg")
_OTHER_DIALECT = re.compile(
    r"\bAUTO_INCREMENT\b|\bENGINE\s*=\s*\w|^\s*GO\s*$|\[dbo\]|\bNVARCHAR\b|\bAUTOINCREMENT\b|\bVARCHAR2\b"
    r"|^\s*CREATE TABLE (?:IF NOT EXISTS )?`",
    re.IGNORECASE | re.MULTILINE,
)
_OTHER_FOLDERS = ("sqlite", "sqlite3", "mysql", "mariadb", "mssql", "sqlserver", "oracle", "clickhouse", "cassandra")
_OTHER = "written for another database than PostgreSQL, whose migrations are not replayed"


def database_enums(whole: WholeSource, options: Options, known: FactsCache) -> list[DatabaseEnum]:  # noqa: ARG001
    """Every list of labels of every set of migrations, in the order of the sets' folders.

    What of a set can't be read is noted as unchecked.
    """
    texts = _Texts(whole)
    tree = Tree(texts.paths(), texts.text)
    found: list[DatabaseEnum] = []
    sets = find_sets(tree)
    for set_ in sets:
        found.extend(_of_set(set_, texts, whole, known))
    found.extend(schema_enums(tree, sets))
    return found


class _Texts:
    """The files of a tree, each read once."""

    def __init__(self, whole: WholeSource) -> None:
        self._whole = whole
        self._entries: dict[str, Entry] = {entry.path: entry for entry in whole.entries(is_relevant)}
        self._texts: dict[str, str] = {}

    def paths(self) -> list[str]:
        return list(self._entries)

    def text(self, path: str) -> str:
        """A file's text; empty where it can't be read, which is noted."""
        if path not in self._texts:
            self._read([path])
        return self._texts.get(path, "")

    def read(self, paths: list[str]) -> None:
        """Read these at once."""
        self._read([path for path in paths if path not in self._texts])

    def name(self, path: str) -> str:
        """The name of a file's content, as git's objects are named."""
        entry = self._entries[path]
        if entry.staged and entry.object:
            return entry.object
        return object_name(self.text(path).encode("utf-8", "surrogateescape"))

    def _read(self, paths: list[str]) -> None:
        entries = [self._entries[path] for path in paths if path in self._entries]
        self._texts.update(dict.fromkeys(paths, ""))
        for file in self._whole.read(entries):
            if not file.again:
                self._texts[file.path] = decoded(file.text)


def _of_set(set_: MigrationSet, texts: _Texts, whole: WholeSource, known: FactsCache) -> list[DatabaseEnum]:
    if set_.dialect not in _POSTGRES_NAMES:
        return []
    key = "\0".join([f"database {VERSION}", set_.folder, set_.tool, repr(set_.doubts), *map(texts.name, set_.files)])
    kept = known.get(object_name(key.encode("utf-8", "surrogateescape")))
    if kept is not None:
        try:
            return [_from_plain(row) for row in kept]
        except (TypeError, ValueError, KeyError):
            known.drop(key)
    texts.read(list(set_.files))
    if not set_.dialect and _is_of_another_database(set_, texts):
        for path in set_.files[:1]:
            whole.skip(path, f"the migrations in {set_.folder or '.'} are {_OTHER}")
        return []
    found, faults = replay_set(set_, texts)
    for path, reason in faults:
        whole.leave_unchecked(path, reason)
    if not faults:
        known.put(object_name(key.encode("utf-8", "surrogateescape")), [_plain(enum) for enum in found])
    return found


def _is_of_another_database(set_: MigrationSet, texts: _Texts) -> bool:
    """Whether the folder's name or the SQL says so, where no file of the tool's names the database."""
    if any(part.lower() in _OTHER_FOLDERS for part in set_.folder.split("/")):
        return True
    return any(_OTHER_DIALECT.search(texts.text(path)) for path in set_.files if path.endswith(".sql"))


def replay_set(set_: MigrationSet, texts: _Texts) -> tuple[list[DatabaseEnum], list[tuple[str, str]]]:
    """The lists of labels that a set leads to, and (path, why) for what can't be read."""
    replay = Replay()
    faults: list[tuple[str, str]] = []
    for path in set_.files:
        text = texts.text(path)
        for script in set_.cut(path, text):
            try:
                replay.run(path, script.text, line=script.line)
            except SqlError as error:
                line = script.line or Lines(script.text).number(error.position)
                faults.append((path, f"line {line} is no SQL that PostgreSQL would read: {error.what}"))
    found = replay.session.catalog.enums(set_.folder)
    for path, reason in set_.doubts:
        for enum in found:
            enum.reason = "; ".join(part for part in (enum.reason, f"{path}: {reason}") if part)
    return found, faults


def _plain(enum: DatabaseEnum) -> list[Any]:
    labels = [[label.text, label.path, label.line] for label in enum.labels]
    return [enum.name, enum.kind, labels, enum.path, enum.line, enum.source, enum.reason, enum.constraint]


def _from_plain(row: list[Any]) -> DatabaseEnum:
    name, kind, labels, path, line, source, reason, constraint = row
    made = tuple(Label(str(text), str(where), int(at)) for text, where, at in labels)
    return DatabaseEnum(name, kind, made, path, int(line), source=source, reason=reason, constraint=constraint)
