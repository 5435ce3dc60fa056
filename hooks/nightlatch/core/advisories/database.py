"""The database of advisories, opened for reading: refused unless it is whole, known and fresh."""

from __future__ import annotations

import os
import sqlite3

from nightlatch.core.advisories.age import MOST_AHEAD, REFUSE_AFTER, WARN_AFTER, shown_age, shown_date
from nightlatch.core.advisories.completeness import missing
from nightlatch.core.advisories.layout import APPLICATION, EXTENTS, PART, VERSION, WHOLE, unpack
from nightlatch.core.errors import NightlatchError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nightlatch.core.advisories.layout import Record

UPDATE = "Run: nightlatch advisories update"

_WHOLE = "Name a database that holds all of them, or none: `nightlatch advisories update` fetches them into the cache."

_PATIENCE = 2.0
"""Seconds to wait for another program that writes to the file. Ours never do: they put a new file in its place."""

_MAGIC = b"SQLite format 3\0"
_HEADER = 100
_LARGEST_PAGE = 65536
_MOST_NAMED = 2


class AdvisoriesError(NightlatchError):
    """The data can't be used: `what` says why, `remedy` how to mend it."""

    def __init__(self, what: str, remedy: str = UPDATE) -> None:
        super().__init__(what, remedy)


class NoAdvisoriesError(AdvisoriesError):
    """There is no data, for an ecosystem or at all."""


class Part:
    """What a file has of one ecosystem.

    file             where it stands
    extent           whole, part or some: see `layout.EXTENTS`
    vulnerabilities  how many records have a say that are no reports of malware
    malware          how many reports of malware have a say
    packages         how many packages they are about
    newest           when the last of them was modified, in seconds since 1970
    unreadable       how many could not be evaluated, whole or in part
    sources          what the file was built from, each with the number of records that were read there
    """

    __slots__ = ("extent", "file", "malware", "newest", "packages", "sources", "unreadable", "vulnerabilities")

    def __init__(self, file: str, extent: str, counts: Sequence[int], sources: Sequence[tuple[str, int]]) -> None:
        self.file = file
        self.extent = extent
        self.vulnerabilities, self.malware, self.packages, self.newest, self.unreadable = counts
        self.sources = sources

    @property
    def records(self) -> int:
        """How many records have a say."""
        return self.vulnerabilities + self.malware


class Database:
    """One or several files of advisories, each asked about some ecosystems.

    parts     by the name of the ecosystem: what its file has of it
    warnings  what a person should know although the data can be used, and what to do; filled by `require`
    """

    def __init__(self, files: Mapping[str, str]) -> None:
        """Open the files. Raises NoAdvisoriesError where one isn't there, AdvisoriesError where it is no such file.

        files  ecosystem → the file to ask about it; one file may be asked about several
        """
        self.parts: dict[str, Part] = {}
        self.warnings: list[tuple[str, str]] = []
        self._connections: dict[str, sqlite3.Connection] = {}
        for file in dict.fromkeys(files.values()):
            self._open(file, files)

    def close(self) -> None:
        """Close the files."""
        for connection in self._connections.values():
            connection.close()

    def require(
        self, ecosystems: Iterable[str], now: float, refuse_after: int = REFUSE_AFTER, *, may_be_a_part: bool = False
    ) -> None:
        """Raise AdvisoriesError unless there is whole and fresh data for each of these ecosystems.

        now            seconds since 1970
        refuse_after   the age in seconds from which on the data is refused
        may_be_a_part  whether a part that was built on purpose will do: then it is a warning
        """
        for ecosystem in ecosystems:
            part = self.parts.get(ecosystem)
            if part is None:
                raise NoAdvisoriesError(f"There is no advisory data for {ecosystem}.")
            if part.extent == PART and may_be_a_part:
                what = f"{part.file} holds a part of the advisories for {ecosystem} (--partial)."
                self.warnings.append((what, _WHOLE))
            else:
                self._require_whole(ecosystem, part)
            self._require_fresh(ecosystem, part, now, refuse_after)

    def records(self, ecosystem: str, name: str) -> list[Record]:
        """What is known of a package; its name in the form in which names are equal. Raises AdvisoriesError."""
        part = self.parts.get(ecosystem)
        if part is None:
            return []
        row = self._row(part.file, "SELECT records FROM packages WHERE ecosystem = ? AND name = ?", ecosystem, name)
        try:
            return [] if row is None else unpack(str(row[0]))
        except ValueError:
            raise damaged(part.file) from None

    def check_every_page(self) -> None:
        """Read the files whole. Raises AdvisoriesError where a page of one is damaged."""
        for file in self._connections:
            if self._row(file, "PRAGMA quick_check(1)") != ("ok",):
                raise damaged(file)

    def details(self, ecosystem: str, id: str) -> tuple[str, str]:
        """The summary and the address of a record, each "" where there is none. Raises AdvisoriesError."""
        file = self.parts[ecosystem].file
        row = self._row(file, "SELECT summary, url FROM details WHERE id = ?", id)
        return ("", "") if row is None else (str(row[0]), str(row[1]))

    def _row(self, file: str, query: str, *values: str) -> tuple[object, ...] | None:
        try:
            row: tuple[object, ...] | None = self._connections[file].execute(query, values).fetchone()
        except sqlite3.Error as error:
            raise _refused(file, error) from None
        return row

    def _open(self, file: str, files: Mapping[str, str]) -> None:
        _check_header(file)
        try:
            connection = sqlite3.connect(_address(file), timeout=_PATIENCE, uri=True)
            self._connections[file] = connection
            rows = connection.execute(_PARTS).fetchall()
            sources = connection.execute("SELECT place, records FROM sources ORDER BY place").fetchall()
        except sqlite3.Error as error:
            self.close()
            raise _refused(file, error) from None
        for name, extent, *counts in rows:
            if extent not in EXTENTS or not all(isinstance(value, int) for value in counts):
                raise damaged(file)
            if files.get(str(name)) == file:
                self.parts[str(name)] = Part(file, extent, counts, sources)

    def missing(self, ecosystem: str) -> str:
        """What a whole set has and this one hasn't, in words; "" where nothing is missing. Raises AdvisoriesError."""
        part = self.parts[ecosystem]
        return missing(ecosystem, part.vulnerabilities, part.malware, self.records)

    def _require_whole(self, ecosystem: str, part: Part) -> None:
        reason = self.missing(ecosystem)
        if part.extent == PART:
            reason = f"it was built as a part of the advisories for {ecosystem}, on purpose"
        elif part.extent != WHOLE and not reason:
            reason = f"it was built without all that there is for {ecosystem}"
        if reason:
            raise AdvisoriesError(f"{part.file} is not whole: {reason}. It was built from {_named(part.sources)}.")

    def _require_fresh(self, ecosystem: str, part: Part, now: float, refuse_after: int) -> None:
        age = now - part.newest
        if age < -MOST_AHEAD:
            raise AdvisoriesError(
                f"The advisory data for {ecosystem} is from the future ({shown_date(part.newest)}).",
                f"Set this machine's clock. If it is right, the data is wrong. {UPDATE}",
            )
        said = f"The advisory data for {ecosystem} is {shown_age(age)} old"
        if age > refuse_after:
            raise AdvisoriesError(f"{said}; at most {shown_age(refuse_after)} are accepted.")
        if age > WARN_AFTER:
            self.warnings.append((f"{said}. From {shown_age(refuse_after)} on it is refused. {UPDATE}", UPDATE))


_PARTS = "SELECT name, extent, vulnerabilities, malware, packages, newest, unreadable FROM ecosystems"


def _named(sources: Sequence[tuple[str, int]]) -> str:
    """What a file was built from, in a few words."""
    places = [place for place, _ in sources]
    return " and ".join([*places[:_MOST_NAMED], *["others"] * (len(places) > _MOST_NAMED)]) or "nothing"


def damaged(file: str) -> AdvisoriesError:
    """The error for a file that is not what was once written."""
    return AdvisoriesError(f"{file} is damaged.", f"{UPDATE}    (puts a new file in its place)")


def may_be_replaced(file: str) -> bool:
    """Whether nothing is lost where a new file takes its place: none is there, it is empty, or ours in any state."""
    if not os.path.isfile(file):  # a FIFO would never answer
        return not os.path.lexists(file)
    try:
        with open(file, "rb") as source:
            header = source.read(_HEADER)
    except OSError:
        return False
    return not header or _is_ours(header)


def _is_ours(header: bytes) -> bool:
    return header[:16] == _MAGIC and int.from_bytes(header[68:72], "big") == APPLICATION


def _address(file: str) -> str:
    """The file as a URI that opens it for reading alone."""
    path = os.path.abspath(file).replace(os.sep, "/").replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return f"file:{path if path.startswith('/') else '/' + path}?mode=ro"


def _refused(file: str, error: sqlite3.Error) -> AdvisoriesError:
    if "locked" in str(error) or "busy" in str(error):
        return AdvisoriesError(f"{file} is locked: another program writes to it.", "Wait for it to end, or end it.")
    if "unable to open" in str(error) or "readonly" in str(error):
        return AdvisoriesError(f"{file} can't be opened.", "Give this user the right to read it and its folder.")
    return damaged(file)


def _check_header(file: str) -> None:
    """Refuse what isn't a whole file of this version before SQLite looks at it: its first bytes tell."""
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise NoAdvisoriesError(f"There is no advisory data: {file} doesn't exist.") from None
    except OSError as error:
        reason = (error.strerror or "it failed").lower()
        raise AdvisoriesError(f"{file} can't be read: {reason}.", "Give this user the right to read it.") from None
    try:
        header, size = os.read(descriptor, _HEADER), os.fstat(descriptor).st_size
    except OSError:
        raise AdvisoriesError(f"{file} is no file of advisories.") from None
    finally:
        os.close(descriptor)
    if not size:
        raise AdvisoriesError(f"{file} is empty.")
    if not _is_ours(header):
        raise AdvisoriesError(f"{file} is no file of advisories.")
    version = int.from_bytes(header[60:64], "big")
    if version != VERSION:
        raise AdvisoriesError(
            f"{file} has the form {version}; this version of nightlatch reads the form {VERSION}.",
            f"{UPDATE}    (or build it anew with this version)",
        )
    page = int.from_bytes(header[16:18], "big")
    if size != (_LARGEST_PAGE if page == 1 else page) * int.from_bytes(header[28:32], "big"):
        raise AdvisoriesError(f"{file} is truncated.", f"{UPDATE}    (puts a whole file in its place)")
