"""The baseline's file: its layout, and changes of it that no other process and no crash can damage."""

from __future__ import annotations

import json
import os

from nightlatch.baseline.lock import Lock
from nightlatch.core.baseline.entry import SECTION, VERSION, Baseline
from nightlatch.core.baseline.reading import load
from nightlatch.core.baseline.selected import read
from nightlatch.core.errors import NightlatchError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nightlatch.core.baseline.entry import Entry

    Change = Callable[[Baseline | None], Baseline]

SECTIONS = 256
END = "end"
SALT_BYTES = 16
MODE = 0o644
TEMPORARY = ".tmp"


def rendered(baseline: Baseline) -> bytes:
    """The file's bytes: the same for the same entries, in whatever order they come.

    An entry has a line of its own, in the order of the fingerprints, which scatters what is added at one time.
    git merges two changes where a line that neither touches stands between them: hence the sections, one for each
    first byte of a fingerprint, whose lines are always there. The last one ends the entries, so that each of their
    lines ends in a comma.
    """
    sections = [[f'{{"{SECTION}": "{number:02x}"}},\n'] for number in range(SECTIONS)]
    for entry in sorted(baseline.entries, key=lambda entry: (entry.fingerprint, entry.mark or "")):
        sections[int(entry.fingerprint[:2], 16)].append(f"{json.dumps(_object(entry))},\n")
    head = f'{{\n"version": {VERSION},\n"salt": {json.dumps(baseline.salt)},\n"entries": [\n'
    end = f'{{"{SECTION}": "{END}"}}\n]\n}}\n'
    return (head + "".join("".join(lines) for lines in sections) + end).encode("ascii")


def _object(entry: Entry) -> dict[str, str | None]:
    found: dict[str, str | None] = {
        "rule": entry.rule,
        "path": entry.path,
        "fingerprint": entry.fingerprint,
        "mark": entry.mark,
        "reason": entry.reason,
    }
    return found | {
        name: value for name, value in (("expires", entry.expires), ("audit", entry.audit)) if value is not None
    }


def new_baseline(where: str, entries: Iterable[Entry] = (), salt: str = "") -> Baseline:
    """A baseline that isn't written yet, with a salt of its own where none is given."""
    return Baseline(where, salt or os.urandom(SALT_BYTES).hex(), list(entries))


class Store:
    """The file of a baseline.

    path   where it is
    where  its label for messages
    """

    def __init__(self, path: str, where: str) -> None:
        self.path = os.path.abspath(path)
        self.where = where

    def exists(self) -> bool:
        """Whether there is anything by that name."""
        return os.path.lexists(self.path)

    def load(self) -> Baseline:
        """The baseline as it is. Raises ConfigError where there is none, or none that is valid."""
        return load(read(self.path, self.where), self.where)

    def change(self, change: Change) -> Baseline:
        """Read, change and write the file while no other process does; what comes of it.

        change  is given the baseline, or None where there is no file, and gives the one to write
        The bytes stay untouched where nothing changes. Raises NightlatchError where it can't be written.
        """
        try:
            with Lock(self.path) as lock:
                after = change(self.load() if self.exists() else None)
                data = rendered(after)
                if not self.exists() or read(self.path, self.where) != data:
                    self._write(data, lock)
                return after
        except OSError as error:
            reason = (error.strerror or "it failed").lower()
            raise NightlatchError(f"{self.where} can't be written: {reason}.", "The file is as it was.") from None

    def _write(self, data: bytes, lock: Lock) -> None:
        """Write beside the file, then rename: who reads, and who is killed, sees the old file or the new one."""
        if os.path.islink(self.path):
            raise NightlatchError(f"{self.where} is a symbolic link.", "Name the file itself with --baseline.")
        self._remove_remains()
        temporary = f"{self.path}.{os.urandom(4).hex()}{TEMPORARY}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(temporary, flags, MODE)
        try:
            _write_and_sync(descriptor, data)
            lock.require()
            os.replace(temporary, self.path)
        except BaseException:
            _remove(temporary)
            raise
        _sync_folder(os.path.dirname(self.path))

    def _remove_remains(self) -> None:
        """Remove what killed processes left behind: with the lock in hand nobody is writing."""
        folder, name = os.path.split(self.path)
        for other in os.listdir(folder):
            if other.startswith(name + ".") and other.endswith(TEMPORARY):
                _remove(os.path.join(folder, other))


def _write_and_sync(descriptor: int, data: bytes) -> None:
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, MODE)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return


def _sync_folder(folder: str) -> None:
    """Make the renaming last. Where a folder can't be opened for that (Windows) the system sees to it."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        return
    finally:
        os.close(descriptor)
