"""The form of the database's file: its tables, and the row that holds everything about one package.

A package is looked up once, by ecosystem and name, whatever the size of the file. Its row is text, a line for each
record, since unpacking a line by hand takes less time than importing a parser. Versions stand in it as the texts
that sort (`pep440.py`, `semver.py`), so that comparing them takes no parsing.
"""

from __future__ import annotations

from nightlatch.core.advisories.sortable import TOP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

APPLICATION = int.from_bytes(b"nlad", "big")
"""SQLite's application_id: what tells the file from any other database."""

VERSION = 2
"""SQLite's user_version: of the tables, of the row, and of the texts that versions sort by."""

TABLES = """
CREATE TABLE ecosystems (
    name TEXT PRIMARY KEY,
    extent TEXT NOT NULL,               -- see EXTENTS
    vulnerabilities INTEGER NOT NULL,   -- how many records have a say that are no reports of malware
    malware INTEGER NOT NULL,           -- how many reports of malware have a say
    packages INTEGER NOT NULL,
    newest INTEGER NOT NULL,            -- when the last of them was modified, in seconds since 1970
    unreadable INTEGER NOT NULL         -- how many could not be evaluated, whole or in part
) WITHOUT ROWID;
CREATE TABLE sources (              -- what it was built from
    place TEXT PRIMARY KEY,         -- an address or a path, without credentials
    records INTEGER NOT NULL        -- how many were read there
) WITHOUT ROWID;
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE packages (
    ecosystem TEXT NOT NULL,
    name TEXT NOT NULL,
    records TEXT NOT NULL,
    PRIMARY KEY (ecosystem, name)
) WITHOUT ROWID;
CREATE TABLE details (id TEXT PRIMARY KEY, summary TEXT NOT NULL, url TEXT NOT NULL) WITHOUT ROWID;
"""

WHOLE, PART, SOME = EXTENTS = ("whole", "part", "some")
"""What a file has of an ecosystem.

whole  all that there is: it was looked at when the file was built, and nothing was missing
part   a part, by the will of whoever built it
some   whatever came along with the records about another ecosystem, or what was found to be not whole
"""

BUILT = "built"
"""The fact when it was built, in seconds since 1970."""

ATTRIBUTION = "attribution"
"""The fact that names whose work the records are: their licences ask for it wherever the file goes."""

LOW, MEDIUM, HIGH, CRITICAL, UNKNOWN = SEVERITIES = ("low", "medium", "high", "critical", "unknown")

EVERY = ("", TOP)
"""The span of all versions."""

_FIELDS, _WORDS = "\t", " "
_MALWARE, _UNREADABLE = "m", "?"
_PRERELEASE = "-"


class Fixed:
    """A version that a record names as mended.

    key            its key
    version        as the record writes it
    is_prerelease  whether nobody gets it without asking
    """

    __slots__ = ("is_prerelease", "key", "version")

    def __init__(self, key: str, version: str, *, is_prerelease: bool) -> None:
        self.key = key
        self.version = version
        self.is_prerelease = is_prerelease


class Record:
    """What one record says of one package.

    id             such as GHSA-…, PYSEC-…, MAL-…
    group          records of a package with the same number are one advisory under several ids
    aliases        its other ids
    severity       low, medium, high, critical or unknown
    is_malware     whether the package itself is the attack
    is_unreadable  whether a part of it can't be evaluated: it may concern versions that it doesn't seem to
    spans          (first, end) keys, in order and apart: the versions concerned, `end` excluded
    listed         versions that have no key, by which alone they are told
    fixed          the versions that it names as mended
    """

    __slots__ = ("aliases", "fixed", "group", "id", "is_malware", "is_unreadable", "listed", "severity", "spans")

    def __init__(
        self,
        id: str,
        *,
        group: int = 0,
        aliases: Sequence[str] = (),
        severity: str = UNKNOWN,
        is_malware: bool = False,
        is_unreadable: bool = False,
        spans: Sequence[tuple[str, str]] = (),
        listed: Sequence[str] = (),
        fixed: Sequence[Fixed] = (),
    ) -> None:
        self.id = id
        self.group = group
        self.aliases = aliases
        self.severity = severity
        self.is_malware = is_malware
        self.is_unreadable = is_unreadable
        self.spans = spans
        self.listed = listed
        self.fixed = fixed

    def concerns(self, key: str | None, version: str) -> bool:
        """Whether a version, whose key is None where it has none, is among those concerned."""
        if key is None:
            return version in self.listed or EVERY in self.spans
        return any(first <= key < end for first, end in self.spans) or version in self.listed


def pack(records: Iterable[Record]) -> str:
    """The row of a package. No id, alias or version may hold white space or commas."""
    return "\n".join([_packed(record) for record in records])


def unpack(row: str) -> list[Record]:
    """The records of a row. Raises ValueError where it has another form: the file is damaged."""
    return [_unpacked(line) for line in row.split("\n")]


def _packed(record: Record) -> str:
    flags = (_MALWARE if record.is_malware else "") + (_UNREADABLE if record.is_unreadable else "")
    return _FIELDS.join(
        (
            record.id,
            str(record.group),
            _WORDS.join(record.aliases),
            record.severity,
            flags,
            _WORDS.join([f"{first},{end}" for first, end in record.spans]),
            _WORDS.join(record.listed),
            _WORDS.join(
                [f"{one.key},{one.version},{_PRERELEASE if one.is_prerelease else ''}" for one in record.fixed]
            ),
        )
    )


def _unpacked(line: str) -> Record:
    id, group, aliases, severity, flags, spans, listed, fixed = line.split(_FIELDS)
    if severity not in SEVERITIES:
        raise ValueError("no severity")
    return Record(
        id,
        group=int(group),
        aliases=aliases.split(),
        severity=severity,
        is_malware=_MALWARE in flags,
        is_unreadable=_UNREADABLE in flags,
        spans=[_span(word) for word in spans.split()],
        listed=listed.split(),
        fixed=[_fixed(word) for word in fixed.split()],
    )


def _span(word: str) -> tuple[str, str]:
    first, end = word.split(",")
    return first, end


def _fixed(word: str) -> Fixed:
    key, version, mark = word.split(",")
    return Fixed(key, version, is_prerelease=mark == _PRERELEASE)
