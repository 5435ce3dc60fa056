"""Compiles OSV's records into the database that commits are checked against.

Two passes, so that memory is bounded by the largest package whatever the number of records: the first writes what
each record says of each package into a table of its own, the second reads that table package by package, groups the
records that are the same advisory under several ids, and writes one row a package.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from itertools import groupby

from nightlatch.advisories.inputs import UnreadableRecordError, count, read_all
from nightlatch.advisories.osv import NotARecordError, read
from nightlatch.advisories.sources import CREDITS
from nightlatch.core.advisories.age import MOST_AHEAD
from nightlatch.core.advisories.canaries import MALWARE
from nightlatch.core.advisories.database import Database
from nightlatch.core.advisories.ecosystems import ECOSYSTEMS
from nightlatch.core.advisories.layout import (
    APPLICATION,
    ATTRIBUTION,
    BUILT,
    PART,
    SOME,
    TABLES,
    VERSION,
    WHOLE,
    pack,
    unpack,
)
from nightlatch.core.errors import NightlatchError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from nightlatch.advisories.osv import Said
    from nightlatch.core.advisories.layout import Record

    Told = Callable[[int, int], None]

RAW = """
CREATE TABLE said (
    ecosystem TEXT NOT NULL, name TEXT NOT NULL, id TEXT NOT NULL, modified INTEGER NOT NULL,
    is_unreadable INTEGER NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (ecosystem, name, id)
) WITHOUT ROWID;
CREATE TABLE pages (
    id TEXT PRIMARY KEY, modified INTEGER NOT NULL, summary TEXT NOT NULL, url TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE withdrawn (id TEXT PRIMARY KEY, modified INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIEW standing AS SELECT said.* FROM said LEFT JOIN withdrawn ON withdrawn.id = said.id
WHERE withdrawn.modified IS NULL OR withdrawn.modified < said.modified;
"""
"""What stands between the passes. Of two records with the same id the one that was modified later counts."""

_SAY = """
INSERT INTO said VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
SET modified = excluded.modified, is_unreadable = excluded.is_unreadable, record = excluded.record
WHERE excluded.modified >= modified
"""
_SHOW = """
INSERT INTO pages VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
SET modified = excluded.modified, summary = excluded.summary, url = excluded.url WHERE excluded.modified >= modified
"""
_WITHDRAW = """
INSERT INTO withdrawn VALUES (?, ?) ON CONFLICT DO UPDATE
SET modified = excluded.modified WHERE excluded.modified >= modified
"""
_SUMS = """
SELECT ecosystem, ?,
    count(DISTINCT CASE WHEN id NOT GLOB ? THEN id END), count(DISTINCT CASE WHEN id GLOB ? THEN id END),
    count(DISTINCT name),
    coalesce(max(CASE WHEN modified <= ? THEN modified END), min(modified)),
    count(DISTINCT CASE WHEN is_unreadable THEN id END)
FROM standing GROUP BY ecosystem
"""

_AHEAD = "SELECT count(DISTINCT id) FROM standing WHERE modified > ?"

_REPORTS = f"{MALWARE}*"
"""The ids of reports of malware, as SQLite's GLOB has it."""

_FAST = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
_MODE = 0o600
EXAMPLES = 5


class BuildError(NightlatchError):
    """No database could be written: `reason` says why, in a few words."""

    def __init__(self, folder: str, reason: str) -> None:
        super().__init__(
            f"{folder}: the database can't be written: {reason}.", "Name another place, or make room there."
        )
        self.reason = reason


class Counts:
    """What became of the records.

    read        how many there were
    withdrawn   how many have no say any more
    others      how many are about other ecosystems, or about no package at all
    partly      how many are kept, with a part that can't be evaluated
    refused     reason → how many could not be read at all
    examples    reason → where some of them stand
    sources     what was read, by the name that it is to be known by → how many records there were in it
    missing     ecosystem → why what there is of it is not whole
    ahead       how many with a say are from the future
    """

    def __init__(self) -> None:
        self.read = 0
        self.withdrawn = 0
        self.others = 0
        self.partly = 0
        self.refused: dict[str, int] = {}
        self.examples: dict[str, list[str]] = {}
        self.sources: dict[str, int] = {}
        self.missing: dict[str, str] = {}
        self.ahead = 0

    @property
    def all_refused(self) -> int:
        """How many could not be read, for whatever reason."""
        return sum(self.refused.values())

    def refuse(self, where: str, reason: str) -> None:
        """Count a record that could not be read."""
        self.refused[reason] = self.refused.get(reason, 0) + 1
        named = self.examples.setdefault(reason, [])
        if len(named) < EXAMPLES:
            named.append(where)


def build(
    paths: Sequence[str],
    output: str,
    *,
    is_partial: bool,
    now: float,
    told: Told | None = None,
    names: Mapping[str, str] | None = None,
) -> Counts:
    """Compile the records of folders and archives into a file that must not exist; what became of the records.

    is_partial  marks the file as holding a part on purpose: nothing then guards against its being empty
    now         seconds since 1970: a record from the future doesn't make the data any fresher
    told        is told of (done, all)
    names       path → what to call it, where it stands for something that was fetched; without credentials
    Raises InputError, BuildError.
    """
    raw = output + ".raw"
    try:
        # Nobody else may write to the file that is built, from its first moment on.
        os.close(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE))
        with _opened(raw, RAW) as collected:
            counts = _collect(paths, collected, told, names or {})
            collected.commit()
            with _opened(output, TABLES) as database:
                _write(collected, database, counts, is_partial=is_partial, now=now)
                if not is_partial:
                    _judge(output, database, counts)
    except (OSError, sqlite3.Error) as error:
        reason = (getattr(error, "strerror", "") or str(error)).lower()
        raise BuildError(os.path.dirname(output) or ".", reason) from None
    finally:
        if os.path.lexists(raw):
            os.unlink(raw)
    return counts


def _opened(path: str, tables: str) -> closing[sqlite3.Connection]:
    """A database that is being written, and that nobody else uses."""
    connection = sqlite3.connect(path)
    connection.executescript(_FAST + tables)
    return closing(connection)


def _collect(
    paths: Sequence[str], collected: sqlite3.Connection, told: Told | None, names: Mapping[str, str]
) -> Counts:
    """The first pass: what each record says of each package."""
    counts = Counts()
    total = count(paths, names) if told else 0
    for source, where, parsed in read_all(paths, names):
        counts.read += 1
        counts.sources[source] = counts.sources.get(source, 0) + 1
        if told:
            told(counts.read, total)
        try:
            said = read(parsed())
        except (NotARecordError, UnreadableRecordError) as error:
            counts.refuse(where, str(error))
            continue
        _keep(said, collected, counts)
    return counts


def _keep(said: Said, collected: sqlite3.Connection, counts: Counts) -> None:
    if said.is_withdrawn:
        counts.withdrawn += 1
        collected.execute(_WITHDRAW, (said.id, said.modified))
        return
    if not said.packages:
        counts.others += 1
        return
    counts.partly += any(record.is_unreadable for record in said.packages.values())
    collected.execute(_SHOW, (said.id, said.modified, said.summary, said.url))
    for (ecosystem, name), record in said.packages.items():
        row = (ecosystem, name, said.id, said.modified, record.is_unreadable, pack([record]))
        collected.execute(_SAY, row)


def _write(
    collected: sqlite3.Connection, database: sqlite3.Connection, counts: Counts, *, is_partial: bool, now: float
) -> None:
    """The second pass: one row a package, in the order in which they are stored."""
    for ecosystem, name, rows in _packages(collected):
        database.execute("INSERT INTO packages VALUES (?, ?, ?)", (ecosystem, name, _one_row(rows)))
    database.executemany(
        "INSERT INTO ecosystems VALUES (?, ?, ?, ?, ?, ?, ?)",
        collected.execute(_SUMS, (PART if is_partial else SOME, _REPORTS, _REPORTS, now + MOST_AHEAD)),
    )
    (counts.ahead,) = collected.execute(_AHEAD, (now + MOST_AHEAD,)).fetchone()
    shown = collected.execute("SELECT id, summary, url FROM pages ORDER BY id")
    database.executemany("INSERT INTO details VALUES (?, ?, ?)", shown)
    database.executemany("INSERT INTO sources VALUES (?, ?)", counts.sources.items())
    database.executemany("INSERT INTO facts VALUES (?, ?)", ((ATTRIBUTION, CREDITS), (BUILT, str(int(now)))))
    database.execute(f"PRAGMA application_id = {APPLICATION}")
    database.execute(f"PRAGMA user_version = {VERSION}")
    database.commit()


def _judge(output: str, database: sqlite3.Connection, counts: Counts) -> None:
    """Look at what was built, and write down of which ecosystems it is all that there is."""
    built = Database(dict.fromkeys(ECOSYSTEMS, output))
    try:
        for ecosystem in built.parts:
            counts.missing[ecosystem] = built.missing(ecosystem)
    finally:
        built.close()
    for ecosystem, reason in counts.missing.items():
        if not reason:
            database.execute("UPDATE ecosystems SET extent = ? WHERE name = ?", (WHOLE, ecosystem))
    database.commit()


def _packages(collected: sqlite3.Connection) -> Iterator[tuple[str, str, list[str]]]:
    """Each package with what its records say."""
    found = collected.execute("SELECT ecosystem, name, record FROM standing ORDER BY ecosystem, name, id")
    for (ecosystem, name), rows in groupby(found, key=lambda row: row[:2]):
        yield ecosystem, name, [record for _, _, record in rows]


def _one_row(rows: Sequence[str]) -> str:
    """The row of a package, of those of its records. Most packages have one record, which is a group of its own."""
    if len(rows) == 1:
        return rows[0]
    records = [record for row in rows for record in unpack(row)]
    _group(records)
    return pack(records)


def _group(records: Sequence[Record]) -> None:
    """Number the records of a package so that those with an id in common, over whatever chain, have the same."""
    leaders: dict[str, str] = {}

    def leader(id: str) -> str:
        while leaders.setdefault(id, id) != id:
            leaders[id] = leaders[leaders[id]]
            id = leaders[id]
        return id

    for record in records:
        for alias in record.aliases:
            leaders[leader(alias)] = leader(record.id)
    numbers: dict[str, int] = {}
    for record in records:
        record.group = numbers.setdefault(leader(record.id), len(numbers))
