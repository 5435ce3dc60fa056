"""Fetches or reads a source, builds the database beside its place, verifies it, and puts it there in one step.

Whoever reads meanwhile, and whoever is interrupted, has the old file or the new one.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
import time
import zlib

from nightlatch.advisories.build import BuildError, Counts, build
from nightlatch.advisories.download import download, shown
from nightlatch.advisories.inputs import InputError
from nightlatch.advisories.sources import archive_of, is_remote
from nightlatch.core.advisories.age import DAY, shown_date
from nightlatch.core.advisories.database import UPDATE, AdvisoriesError, Database
from nightlatch.core.advisories.layout import PART
from nightlatch.core.progress import progress
from nightlatch.core.text import plural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

SECONDS = 900.0
"""The time limit of `advisories update`, unless another is asked for."""

LEAST_SHARE = 0.9
"""New data has at least this share of the records of what it takes the place of."""

MOST_REFUSED = 0.01
"""The share of records that may be unreadable. More is a fault of the source, or of this version."""

_MORE_TIME = "Run: nightlatch advisories update --timeout 3600"
_NAME_IT = "Use it as it is: --advisories FILE"
_OTHER = "Try again later, or name another source: nightlatch advisories update --source URL|PATH"
_REMAINS = ".advisories-"
"""How the folders begin in which a new file is made; then come machine and process, by which a dead one is told."""
_MAGIC = b"SQLite format 3\0"
_MODE = 0o600


def update(target: str, ecosystems: Sequence[str], source: str, *, seconds: float = SECONDS) -> tuple[Database, Counts]:
    """Put a new database in its place; what is there now, opened, and what became of the records.

    target      the file; its folder must exist
    ecosystems  those that it must then have
    seconds     the time limit
    Raises NightlatchError: then the file is as it was.
    """
    deadline = time.monotonic() + seconds
    folder = os.path.dirname(os.path.abspath(target))
    try:
        _remove_remains(folder)
        prefix = f"{_REMAINS}{_machine()}-{os.getpid()}-"
        with tempfile.TemporaryDirectory(prefix=prefix, dir=folder, ignore_cleanup_errors=True) as workspace:
            new = os.path.join(workspace, "new.sqlite")
            counts = _make(new, workspace, ecosystems, source, deadline)
            _verify(new, target, ecosystems)
            _sync(new)
            os.replace(new, target)
    except (OSError, BuildError) as error:
        reason = error.reason if isinstance(error, BuildError) else (error.strerror or "it failed").lower()
        raise AdvisoriesError(
            f"{target} can't be written: {reason}. It is as it was.",
            f"Make {folder} writable for this user and see that there is room, or name another place.",
        ) from None
    return Database(dict.fromkeys(ecosystems, target)), counts


def _make(new: str, workspace: str, ecosystems: Sequence[str], source: str, deadline: float) -> Counts:
    """Write the new database: built from archives and folders, or copied where the source has it built."""
    names: dict[str, str] = {}
    for number, place in enumerate(dict.fromkeys(archive_of(source, ecosystem) for ecosystem in ecosystems)):
        if not is_remote(place):
            names[place] = os.path.abspath(place)
            continue
        fetched = os.path.join(workspace, f"{number}.fetched")
        names[fetched] = shown(place)
        with progress(f"fetching {shown(place)}") as told:
            download(place, fetched, deadline, told)
    inputs = list(names)
    if len(inputs) == 1 and _is_database(inputs[0]):
        shutil.copyfile(inputs[0], new)
        os.chmod(new, _MODE)
        return Counts()
    with progress("records") as told:

        def tell(done: int, total: int) -> None:
            if time.monotonic() > deadline:
                raise AdvisoriesError("The time limit was over before the database was built.", _MORE_TIME)
            if told:
                told(done, total)

        try:
            counts = build(inputs, new, is_partial=False, now=time.time(), told=tell, names=names)
        except InputError as error:
            raise AdvisoriesError(f"{error.what} Nothing was changed.", _OTHER) from None
    if counts.all_refused > MOST_REFUSED * counts.read:
        reasons = ", ".join(f"{reason} ({number})" for reason, number in counts.refused.items())
        raise AdvisoriesError(
            f"{counts.all_refused} of {plural(counts.read, 'record')} can't be read: {reasons}.",
            "Name another source, or install the newest version of nightlatch.",
        )
    return counts


def _is_database(path: str) -> bool:
    if not os.path.isfile(path):
        return False
    with open(path, "rb") as source:
        return source.read(len(_MAGIC)) == _MAGIC


def _verify(new: str, target: str, ecosystems: Sequence[str]) -> None:
    """Refuse what is damaged, not whole, not fresh, or less than what it would take the place of."""
    database = Database(dict.fromkeys(ecosystems, new))
    try:
        database.check_every_page()
        _refuse_a_part(database)
        database.require(ecosystems, time.time())
        _compare(database, target, ecosystems)
    except AdvisoriesError as error:
        # To run this command, as most of these say, is what was just done.
        remedy = _OTHER if error.remedy.startswith(UPDATE) else error.remedy
        what = error.what.replace(new, "What the source gave")
        raise type(error)(f"{what} Nothing was changed.", remedy) from None
    finally:
        database.close()


def _refuse_a_part(new: Database) -> None:
    for part in new.parts.values():
        if part.extent == PART:
            raise AdvisoriesError(f"{part.file} holds a part of the advisories, on purpose.", _NAME_IT)


def _compare(new: Database, target: str, ecosystems: Sequence[str]) -> None:
    try:
        old = Database(dict.fromkeys(ecosystems, target))
    except AdvisoriesError:
        return  # nothing is there
    try:
        old.require(old.parts, time.time())
    except AdvisoriesError:
        return  # nothing of worth
    finally:
        old.close()
    for name, part in old.parts.items():
        now = new.parts[name]
        if now.newest < part.newest:
            raise AdvisoriesError(
                f"What the source gave is older ({name}: {shown_date(now.newest)}) "
                f"than what is there ({shown_date(part.newest)})."
            )
        for kind, count, before in (
            ("vulnerabilities", now.vulnerabilities, part.vulnerabilities),
            ("malware", now.malware, part.malware),
        ):
            if count < LEAST_SHARE * before:
                raise AdvisoriesError(
                    f"What the source gave has {plural(count, 'record')} about {kind} for {name}; "
                    f"there are {before} now."
                )


def _remove_remains(folder: str) -> None:
    """Remove what updates have left behind that were killed: on this machine, or on any, a day ago or earlier."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith(_REMAINS) or not entry.is_dir(follow_symlinks=False):
                continue
            machine, _, rest = entry.name.removeprefix(_REMAINS).partition("-")
            is_dead = machine == _machine() and not _is_alive(rest.partition("-")[0])
            if is_dead or _age(entry) > DAY:
                shutil.rmtree(entry.path, ignore_errors=True)


def _machine() -> str:
    """A few signs for this machine: several may share a folder, each with process ids of its own."""
    return format(zlib.crc32(socket.gethostname().encode()), "08x")


def _is_alive(process: str) -> bool:
    """Whether a process of this machine runs. On Windows asking would end it: there the age alone tells."""
    if sys.platform == "win32" or not (process.isdigit() and process.isascii()):
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _age(entry: os.DirEntry[str]) -> float:
    """Seconds since a folder was changed; 0 where another process has just removed it."""
    try:
        return time.time() - entry.stat(follow_symlinks=False).st_mtime
    except FileNotFoundError:
        return 0.0


def _sync(path: str) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
