"""The database's enums, as a repository's migrations lead to them."""

from __future__ import annotations

from nightlatch.core.sql_lexer import Lines, SqlError, decoded
from nightlatch.enum_parity.database_enum import DatabaseEnum, Label
from nightlatch.enum_parity.facts_cache import object_name
from nightlatch.enum_parity.links import Links
from nightlatch.enum_parity.migration_orders.alembic import SETTINGS, locations
from nightlatch.enum_parity.migration_orders.dialects import POSTGRES_NAMES, is_postgres
from nightlatch.enum_parity.migration_orders.find import find_sets, is_relevant
from nightlatch.enum_parity.migration_orders.migration_set import Tree
from nightlatch.enum_parity.migration_orders.prisma_schema import schema_enums
from nightlatch.enum_parity.replay import Replay
from nightlatch.enum_parity.session import UNKNOWN_TEXT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from nightlatch.core.files import Entry
    from nightlatch.core.whole import WholeSource
    from nightlatch.enum_parity.facts_cache import FactsCache
    from nightlatch.enum_parity.migration_orders.migration_set import MigrationSet

VERSION = 10
"""Counted up whenever the replay comes to another state for the same files."""

MOST_UNSURE = 20
"""So many statements that couldn't be followed are kept of a set: one is told."""

MIGRATION_SUFFIXES = (".sql", ".py")

_OTHER = "written for another database than PostgreSQL, whose migrations are not replayed"


class DatabaseSide:
    """What the migrations of a tree say.

    enums    every list of labels
    unsure   (folder of a set, path, why) of what may have made types that aren't known
    folders  those that a tool's settings name, each with a closing `/`: nothing else says that migrations are there
    """

    __slots__ = ("enums", "folders", "unsure")

    def __init__(self) -> None:
        self.enums: list[DatabaseEnum] = []
        self.folders: list[str] = []
        self.unsure: list[tuple[str, str, str]] = []


def database_side(whole: WholeSource, known: FactsCache) -> DatabaseSide:
    """Every list of labels of every set of migrations, in the order of the sets' folders.

    What of a set can't be read is noted as unchecked.
    """
    texts = _Texts(whole)
    tree = Tree(texts.paths(), texts.text)
    side = DatabaseSide()
    side.folders = texts.folders
    sets = find_sets(tree)
    for set_ in sets:
        enums, unsure = _of_set(set_, texts, whole, known)
        for enum in enums:
            enum.tool = set_.tool
        side.enums.extend(enums)
        side.unsure.extend((set_.folder, path, why) for path, why in unsure)
    side.enums.extend(schema_enums(tree, sets))
    return side


class _Texts:
    """The files of a tree, each read once."""

    def __init__(self, whole: WholeSource) -> None:
        self._whole = whole
        self._entries: dict[str, Entry] = {entry.path: entry for entry in whole.entries(is_relevant)}
        self._texts: dict[str, str] = {}
        self._lost: dict[str, str] = {}
        self.folders = self._named_folders()
        self._follow(Links(whole, MIGRATION_SUFFIXES))

    def _named_folders(self) -> list[str]:
        """Folders of revisions that a tool's settings name, each with a closing `/`. Their files are taken in."""
        settings = [path for path in self._entries if path.rpartition("/")[2] == SETTINGS]
        folders = tuple(f"{folder}/" for path in settings for folder in locations(path, self.text(path)))
        if folders:
            found = self._whole.entries(lambda path: path.endswith(".py") and path.startswith(folders))
            self._entries.update((entry.path, entry) for entry in found)
        return list(folders)

    def _follow(self, links: Links) -> None:
        """Put the files that are meant in the place of symbolic links."""
        for path, end, meant in links.files():
            if path not in self._entries:
                continue
            if meant is None:
                self._lost[path] = f"it is a symbolic link, and {end} is no file of this repository"
            else:
                self._entries[path] = meant
        for path, meant in links.below():
            if is_relevant(path):
                self._entries.setdefault(path, meant)

    def paths(self) -> list[str]:
        return list(self._entries)

    def text(self, path: str) -> str:
        """A file's text; empty where it can't be read, which is noted."""
        entry = self._entries.get(path)
        if entry is None:
            return ""
        if entry.path not in self._texts or path in self._lost:
            self._read([path])
        return self._texts[entry.path]

    def read(self, paths: list[str]) -> None:
        """Read these at once."""
        self._read([path for path in paths if path in self._entries and self._entries[path].path not in self._texts])

    def name(self, path: str) -> str:
        """The name of a file's content, as git's objects are named."""
        entry = self._entries[path]
        if entry.staged and entry.object:
            return entry.object
        return object_name(self.text(path).encode("utf-8", "surrogateescape"))

    def _read(self, paths: list[str]) -> None:
        for path in self._lost.keys() & paths:
            self._whole.leave_unchecked(path, self._lost[path])
        entries = {self._entries[path].path: self._entries[path] for path in paths if path in self._entries}
        self._texts.update(dict.fromkeys(entries, ""))
        kept = [entry for path, entry in entries.items() if path not in self._lost]
        for file in self._whole.read(kept):
            if not file.again:
                self._texts[file.path] = decoded(file.text)


def _of_set(
    set_: MigrationSet, texts: _Texts, whole: WholeSource, known: FactsCache
) -> tuple[list[DatabaseEnum], list[tuple[str, str]]]:
    """The lists of a set, and (path, why) of what may have made others."""
    if set_.dialect not in POSTGRES_NAMES:
        return [], []
    key = _key(set_, texts)
    kept = known.get(key)
    if kept == _OTHER:
        _skip(set_, whole)
        return [], []
    if kept is not None:
        try:
            return [_from_plain(row) for row in kept[0]], [(str(path), str(why)) for path, why in kept[1]]
        except (TypeError, ValueError, KeyError):
            known.drop(key)
    texts.read([*set_.files, *set_.beside])
    if not is_postgres(set_, [texts.text(path) for path in set_.files if path.endswith(".sql")]):
        _skip(set_, whole)
        known.put(key, _OTHER)
        return [], []
    found, unsure, faults = replay_set(set_, texts)
    for path, reason in faults:
        whole.leave_unchecked(path, reason)
    if not faults:
        known.put(key, [[_plain(enum) for enum in found], [list(row) for row in unsure]])
    return found, unsure


def _key(set_: MigrationSet, texts: _Texts) -> str:
    """The name of all that a set's state and its places depend on."""
    files = [*set_.files, "", *set_.beside]
    parts = [f"{path}\n{texts.name(path) if path else ''}" for path in files]
    key = "\0".join([f"database {VERSION}", set_.folder, set_.tool, set_.dialect, repr(set_.doubts), set_.why, *parts])
    return object_name(key.encode("utf-8", "surrogateescape"))


def _skip(set_: MigrationSet, whole: WholeSource) -> None:
    for path in set_.files[:1]:
        whole.skip(path, f"the migrations in {set_.folder or '.'} are {_OTHER}")


def replay_set(
    set_: MigrationSet, texts: _Texts
) -> tuple[list[DatabaseEnum], list[tuple[str, str]], list[tuple[str, str]]]:
    """The lists of labels that a set leads to; (path, why) of what may have made others, and of what can't be read."""
    replay = Replay()
    faults = [fault for path in set_.files for fault in _replay_file(replay, set_, path, texts)]
    found = replay.session.catalog.enums(set_.folder)
    for path, reason in set_.doubts:
        for enum in found:
            _doubt(enum, f"{path}: {reason}")
    for path in set_.beside:
        found = _what_if(replay, set_, path, found, texts)
    lost = {(one.path, f"line {one.line}: {one.what}") for one in replay.session.lost}
    return found, [*set_.doubts, *sorted(lost)[:MOST_UNSURE]], faults


def _replay_file(replay: Replay, set_: MigrationSet, path: str, texts: _Texts) -> Iterator[tuple[str, str]]:
    scripts = set_.cut(path, texts.text(path))
    for number, script in enumerate(scripts, 1):
        if script.words:
            replay.doubt_words(f"{path}:{script.line}", script.words)
        replay.session.unknown_text = script.why or UNKNOWN_TEXT
        try:
            replay.run(path, script.text, line=script.line, is_last=number == len(scripts))
        except SqlError as error:
            line = script.line or Lines(script.text).number(error.position)
            yield path, f"line {line} is no SQL that PostgreSQL would read: {error.what}"


def _what_if(
    replay: Replay, set_: MigrationSet, path: str, found: list[DatabaseEnum], texts: _Texts
) -> list[DatabaseEnum]:
    """Run a file that may never have been run: what it would change is uncertain, as it was before."""
    before = _by_name(replay, set_)
    list(_replay_file(replay, set_, path, texts))
    after = _by_name(replay, set_)
    changed = {
        key for key in before.keys() | after.keys() if _plain_state(before.get(key)) != _plain_state(after.get(key))
    }
    known = {(enum.name, enum.kind): enum for enum in found}
    known.update({key: after[key] for key in changed - known.keys()})
    for key in sorted(changed):
        if set_.why not in known[key].reason:
            _doubt(known[key], f"{path} would change it, and {set_.why}")
    return sorted(known.values(), key=lambda enum: (enum.name, enum.kind))


def _by_name(replay: Replay, set_: MigrationSet) -> dict[tuple[str, str], DatabaseEnum]:
    return {(enum.name, enum.kind): enum for enum in replay.session.catalog.enums(set_.folder)}


def _plain_state(enum: DatabaseEnum | None) -> tuple[tuple[str, ...], str] | None:
    return None if enum is None else (enum.texts, enum.reason)


def _doubt(enum: DatabaseEnum, reason: str) -> None:
    enum.reason = "; ".join(part for part in (enum.reason, reason) if part)


def _plain(enum: DatabaseEnum) -> list[Any]:
    labels = [[label.text, label.path, label.line] for label in enum.labels]
    return [enum.name, enum.kind, labels, enum.path, enum.line, enum.source, enum.reason, enum.constraint]


def _from_plain(row: list[Any]) -> DatabaseEnum:
    name, kind, labels, path, line, source, reason, constraint = row
    made = tuple(Label(str(text), str(where), int(at)) for text, where, at in labels)
    return DatabaseEnum(name, kind, made, path, int(line), source=source, reason=reason, constraint=constraint)
