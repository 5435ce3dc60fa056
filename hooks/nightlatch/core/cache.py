"""The product's cache folder: compiled forms of things that take long to build.

A cache is an optimisation and nothing else. What can't be read is built again, what can't be written is
not kept, and neither is worth a word to the user; so `load` and `store` never raise for the state of the
disk. What must not happen is that a *wrong* value is read. Hence:

- the folder lies outside every git repository, for a scanned repository could otherwise bring its own
  "compiled" configuration along and disarm the check;
- folder and files belong to the current user, and nobody else may write to them (POSIX);
- each file holds its whole key, which is compared, so no hash has to be trusted;
- a header with the versions, the lengths and a checksum is checked before anything is unpacked.

The number of files is bounded: each kind has 256 places, and a new value takes the place of an old one.
"""

from __future__ import annotations

import _imp
import marshal
import os
import stat
import sys

import nightlatch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_BYTES = 16 * 1024 * 1024
PLACES = 256
FOLDER_VARIABLE = "NIGHTLATCH_CACHE_DIR"

_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
_NO_SURPRISES = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_TAG = f"nightlatch {nightlatch.__version__} {sys.implementation.cache_tag} {sys.hexversion:x} 1\n".encode()


def folder() -> str | None:
    """The absolute path of the cache folder, whether it exists or not; None where no place is known.

    Empty and relative values of the environment are passed over: a relative one would lie in the repository.
    """
    own = os.environ.get(FOLDER_VARIABLE, "")
    if os.path.isabs(own):
        return own
    shared = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(shared):
        return os.path.join(shared, "nightlatch")
    return _platform_folder(sys.platform)


def _platform_folder(platform: str) -> str | None:
    if platform == "win32":
        local = os.environ.get("LOCALAPPDATA", "")
        return os.path.join(local, "nightlatch", "cache") if os.path.isabs(local) else None
    home = os.path.expanduser("~")
    if not os.path.isabs(home):
        return None
    if platform == "darwin":
        return os.path.join(home, "Library", "Caches", "nightlatch")
    return os.path.join(home, ".cache", "nightlatch")


def load(kind: str, key: bytes) -> object | None:
    """The value that `store` kept for this kind and key, or None.

    None as well for whatever is damaged, too large, of another version, or not safely the user's own.
    """
    try:
        where = usable_folder(create=False)
        return None if where is None else _unpacked(_read(_place(where, kind, key)), key)
    except (OSError, EOFError, ValueError, TypeError, MemoryError):
        return None


def store(kind: str, key: bytes, value: Any) -> None:
    """Keep a value that `marshal` can write (plain data) for `load`.

    Gives up silently where that isn't possible (no folder, a full disk, a value over the bound or not plain),
    but only because a cache is an optimisation: the caller has the value already.
    """
    try:
        packed = _packed(key, value)
        where = usable_folder(create=True) if len(packed) <= MAX_BYTES else None
        if where is not None:
            _write(_place(where, kind, key), packed)
    except (OSError, ValueError, MemoryError):
        return


def usable_folder(*, create: bool) -> str | None:
    """The folder's real path, when it may be trusted; None where it may not. Raises OSError where it isn't there."""
    wanted = folder()
    if wanted is None:
        return None
    where = os.path.realpath(wanted)
    if _in_a_repository(where):
        return None
    if create:
        if not _may_be_made(wanted):
            return None
        os.makedirs(where, mode=0o700, exist_ok=True)
    state = os.stat(where)
    return where if stat.S_ISDIR(state.st_mode) and _only_ours(state) else None


def _may_be_made(folder: str) -> bool:
    """A home folder that isn't there is not made, by way of a folder in it: `/nonexistent` of a service's account."""
    home = os.path.expanduser("~")
    return not folder.startswith(os.path.join(home, "")) or os.path.isdir(home)


def _in_a_repository(path: str) -> bool:
    """Whether the folder or one above it is a checkout. A home folder under git counts, since it may be scanned."""
    while True:
        if os.path.lexists(os.path.join(path, ".git")):
            return True
        above = os.path.dirname(path)
        if above == path:
            return False
        path = above


def _only_ours(state: os.stat_result) -> bool:
    if sys.platform == "win32":  # the modes say nothing there, and the profile's ACL keeps others out
        return True
    return state.st_uid == os.geteuid() and not state.st_mode & _OTHERS_MAY_WRITE


def _place(where: str, kind: str, key: bytes) -> str:
    """The file for a key. `kind` is a plain word of this program, never input."""
    number = int.from_bytes(_checksum(_TAG + key), "little") % PLACES
    return os.path.join(where, f"{kind}-{number:02x}.cache")


def _checksum(data: bytes) -> bytes:
    """Finds damage, not malice: the folder's owner and modes see to that.

    SipHash, as the interpreter checks its own bytecode: built in, and ten times as fast as zlib's sums.
    """
    return _imp.source_hash(0, data)


def _header(key: bytes, body: bytes) -> bytes:
    return b"%b%d %d %b\n%b" % (_TAG, len(key), len(body), _checksum(body).hex().encode(), key)


def _packed(key: bytes, value: Any) -> bytes:
    body = marshal.dumps(value)
    return _header(key, body) + body


def _unpacked(data: bytes, key: bytes) -> object | None:
    start = data.find(b"\n", len(_TAG)) + 1 + len(key)
    body = data[start:]
    if data[:start] != _header(key, body):
        return None
    value: object = marshal.loads(body)  # noqa: S302 - our own file, checked
    return value


def _read(path: str) -> bytes:
    """The bytes of a regular file of our own within the bound; empty for any other."""
    # Without O_NONBLOCK a FIFO in the file's place would block for ever.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _NO_SURPRISES)
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode) or not _only_ours(state) or state.st_size > MAX_BYTES:
            return b""
        return _read_exactly(descriptor, state.st_size)
    finally:
        os.close(descriptor)


def _read_exactly(descriptor: int, size: int) -> bytes:
    data = os.read(descriptor, size)
    while len(data) < size and (more := os.read(descriptor, size - len(data))):
        data += more
    return data


def _write(path: str, data: bytes) -> None:
    """Write beside the place, then rename: a reader sees the old file or the new one."""
    temporary = f"{path}.{os.getpid()}.tmp"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_SURPRISES, 0o600)
    try:
        try:
            _write_all(descriptor, data)
        finally:
            os.close(descriptor)
        os.replace(temporary, path)
    except OSError:
        os.unlink(temporary)
        raise


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
