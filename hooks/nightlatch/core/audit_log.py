"""The audit log: a line of JSON for each decision, in one file that several processes write to at once.

The file has mode 640 and lies in a folder of mode 750, outside every repository. When it has reached its size it is
compressed and numbered (`audit.log.1.gz` is the newest), and what is too old or too much is removed. All of it happens
under one lock, so that no line is lost between the writing of one process and the renaming of another.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

FILE_MODE = 0o640
FOLDER_MODE = 0o750
NAME = "audit.log"

MAX_SIZE = 10 * 2**20
FILES = 10
DAYS = 90
"""The defaults, as the configuration's schema has them."""

MOST_WAIT = 2.0
"""Seconds for the lock: writing takes milliseconds, compressing a full file a fraction of a second."""

LONGEST_LINE = 64 * 1024
DAY = 24 * 60 * 60

_PAUSE = 0.005
_SAFE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
_BINARY = getattr(os, "O_BINARY", 0)


class Settings:
    """Where the log is and how long it is kept.

    path      absolute; empty where no folder for it is known
    home      the home folder, which is not made where it isn't there; empty where none is known
    max_size  bytes at which a new file is begun
    files     how many files are kept, the current one among them
    days      for how many days the others are kept
    is_own    whether the folder is this program's own, whose mode it sets
    """

    __slots__ = ("days", "files", "home", "is_own", "max_size", "path")

    def __init__(self, path: str, *, max_size: int = MAX_SIZE, files: int = FILES, days: int = DAYS) -> None:
        self.path = path
        self.max_size = max_size
        self.files = files
        self.days = days
        self.is_own = False
        self.home = ""

    @classmethod
    def of(cls, section: Mapping[str, Any] | None, variables: Mapping[str, str]) -> Settings:
        """The settings of the configuration's section `audit-log`; None: the defaults."""
        named = "default" if section is None else section["path"]
        path = default_path(variables) if named == "default" else _in_home(named, variables)
        sizes = (
            {} if section is None else {name.replace("-", "_"): section[name] for name in ("max-size", "files", "days")}
        )
        settings = cls(path, **sizes)
        settings.is_own = named == "default"
        settings.home = home_of(variables)
        return settings

    @property
    def folder(self) -> str:
        """The folder of the log; empty where none is known."""
        return os.path.dirname(self.path)


def default_path(variables: Mapping[str, str], platform: str = sys.platform) -> str:
    """The log's place in the user's folder for state. Relative values of the environment are passed over."""
    shared = variables.get("XDG_STATE_HOME", "")
    home = home_of(variables)
    parts: tuple[str, ...]
    if os.path.isabs(shared):
        parts = (shared,)
    elif platform == "win32":
        parts = (variables.get("LOCALAPPDATA", ""),)
    elif platform == "darwin":
        parts = (home, "Library", "Application Support")
    else:
        parts = (home, ".local", "state")
    base = os.path.join(*parts)
    return os.path.join(base, "nightlatch", "audit", NAME) if os.path.isabs(base) else ""


def home_of(variables: Mapping[str, str]) -> str:
    """The home folder, absolute; empty where none is known."""
    home = variables.get("USERPROFILE" if sys.platform == "win32" else "HOME") or os.path.expanduser("~")
    return home if os.path.isabs(home) else ""


def _in_home(path: str, variables: Mapping[str, str]) -> str:
    """A configured path with its `~` made out."""
    return home_of(variables) + path[1:] if path.startswith(("~/", "~\\")) else path


def timestamp(now: float | None = None) -> str:
    """A moment in UTC, with milliseconds: `2026-01-29T14:30:00.000Z`."""
    now = time.time() if now is None else now
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(now))}.{int(now * 1000) % 1000:03d}Z"


def write(entry: Mapping[str, object], settings: Settings) -> None:
    """Append one entry. Raises OSError where it can't be written whole, ValueError where it is no JSON."""
    import json

    line = json.dumps(entry, separators=(",", ":")).encode() + b"\n"
    if len(line) > LONGEST_LINE:
        raise ValueError("the entry is too long")
    if not settings.path:
        raise FileNotFoundError(errno.ENOENT, "no folder for it is known")
    _make_folder(settings)
    lock = _locked(f"{settings.path}.lock")
    try:
        if _size(settings.path) + len(line) > settings.max_size and _size(settings.path):
            _rotate(settings)
        _append(settings.path, line)
        if _is_new_day(lock):
            _remove_old(settings, time.time())
    finally:
        os.close(lock)  # which also gives the lock back


def _make_folder(settings: Settings) -> None:
    folder = settings.folder
    is_new = not os.path.isdir(folder)
    if is_new:
        home = settings.home
        if home and os.path.join(folder, "").startswith(os.path.join(home, "")) and not os.path.isdir(home):
            raise FileNotFoundError(errno.ENOENT, "the home folder is not there")
        os.makedirs(folder, FOLDER_MODE, exist_ok=True)
    if is_new or (settings.is_own and stat.S_IMODE(os.stat(folder).st_mode) & 0o027):
        os.chmod(folder, FOLDER_MODE)


def _locked(path: str) -> int:
    """A descriptor of the lock file, which holds the lock until it is closed. Raises OSError."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _SAFE | _BINARY, 0o600)
    patience = time.monotonic() + MOST_WAIT
    while True:
        try:
            _lock(descriptor)
        except OSError:
            if time.monotonic() > patience:
                os.close(descriptor)
                raise
            time.sleep(_PAUSE)
        else:
            return descriptor


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _size(path: str) -> int:
    try:
        return os.lstat(path).st_size
    except FileNotFoundError:
        return 0


def _append(path: str, line: bytes) -> None:
    """Write a line whole or not at all."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _SAFE | _BINARY, FILE_MODE)
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise OSError(errno.EINVAL, "the log is no regular file")
        if sys.platform != "win32" and stat.S_IMODE(state.st_mode) != FILE_MODE:
            os.fchmod(descriptor, FILE_MODE)
        try:
            rest = memoryview(line)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        except OSError:
            os.ftruncate(descriptor, state.st_size)  # half a line would spoil the next one
            raise
    finally:
        os.close(descriptor)


def _rotate(settings: Settings) -> None:
    """Begin a new file: the current one becomes number 1, compressed, the others move up by one."""
    numbered = sorted(_numbered(settings.path), reverse=True)
    for number, path in numbered:
        if number >= settings.files - 1:
            os.unlink(path)
        else:
            os.replace(path, f"{settings.path}.{number + 1}.gz")
    if settings.files > 1:
        _compress(settings.path, f"{settings.path}.1.gz")
    os.unlink(settings.path)


def _compress(path: str, target: str) -> None:
    import gzip
    import shutil

    temporary = f"{target}.tmp"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _SAFE | _BINARY, FILE_MODE)
    with os.fdopen(descriptor, "wb") as raw:
        with gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6) as packed, open(path, "rb") as plain:
            shutil.copyfileobj(plain, packed)
        os.chmod(temporary, FILE_MODE)
    os.replace(temporary, target)


def _numbered(path: str) -> Iterator[tuple[int, str]]:
    """The compressed files of a log, with their numbers."""
    folder, name = os.path.split(path)
    for entry in os.listdir(folder):
        number = entry.removeprefix(f"{name}.").removesuffix(".gz")
        if entry == f"{name}.{number}.gz" and number.isdecimal() and number.isascii():
            yield int(number), os.path.join(folder, entry)


def _is_new_day(lock: int) -> bool:
    """Whether a day has passed since old files were looked for; the lock file's time tells."""
    if os.fstat(lock).st_size and time.time() - os.fstat(lock).st_mtime < DAY:
        return False
    os.lseek(lock, 0, os.SEEK_SET)
    os.write(lock, b"1")
    return True


def _remove_old(settings: Settings, now: float) -> None:
    """Remove compressed files whose last line is older than the log is kept."""
    for _, path in list(_numbered(settings.path)):
        if now - os.stat(path).st_mtime > settings.days * DAY:
            os.unlink(path)
