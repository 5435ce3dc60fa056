"""One writer at a time: a lock file beside the file that is written.

It is made with O_EXCL, so that of several processes one succeeds, on every system and file system. What a killed
process leaves behind is told by its process id, or by its age where that says nothing.
"""

from __future__ import annotations

import os
import socket
import sys
import time

from nightlatch.core.errors import NightlatchError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

MOST_WAIT = 30.0
"""Seconds; a lock is held for milliseconds."""

STALE_AFTER = 600.0
"""Seconds after which nobody still holds a lock, whatever its process id says: ids come again, hosts go away."""

STALE_WHEN_EMPTY = 5.0
"""The same for a lock whose maker ended before it had written who it was."""

_PAUSE = 0.01
_MOST_BYTES = 1000


class Lock:
    """`with Lock(path):` waits for its turn. Raises NightlatchError where it doesn't come."""

    def __init__(self, path: str, most_wait: float = MOST_WAIT) -> None:
        self.path = path + ".lock"
        self._guard = self.path + ".stale"
        self._most_wait = most_wait
        self._token = f"{os.getpid()} {socket.gethostname()} {os.urandom(8).hex()}\n".encode()

    def __enter__(self) -> Self:
        patience = time.monotonic() + self._most_wait
        while not self._made(self.path):
            if _is_stale(self.path):
                self._remove_stale()
            elif time.monotonic() > patience:
                raise NightlatchError(
                    f"Another process holds {os.path.basename(self.path)}.",
                    f"Wait for it; if there is none, remove {self.path}",
                )
            else:
                time.sleep(_PAUSE)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.is_held():
            os.unlink(self.path)

    def is_held(self) -> bool:
        """Whether the lock is still ours: who slept for too long may have lost it."""
        return _content(self.path) == self._token

    def require(self) -> None:
        """Raise NightlatchError where the lock was lost."""
        if not self.is_held():
            raise NightlatchError("Nothing was written: another process took the lock meanwhile.", "Try again.")

    def _made(self, path: str) -> bool:
        """Make a lock file, unless there is one."""
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return False
        except PermissionError:
            if sys.platform == "win32" and os.path.lexists(path):  # it is being removed
                return False
            raise
        try:
            os.write(descriptor, self._token)
        finally:
            os.close(descriptor)
        return True

    def _remove_stale(self) -> None:
        """Remove a lock that nobody holds. The guard sees to it that nobody removes the lock that follows."""
        if not self._made(self._guard):
            if _age(self._guard) > STALE_WHEN_EMPTY:  # its maker was killed within the two lines below
                _unlink(self._guard)
            time.sleep(_PAUSE)
            return
        try:
            if _is_stale(self.path):
                _unlink(self.path)
        finally:
            _unlink(self._guard)


def _is_stale(path: str) -> bool:
    """Whether the process that made a lock is gone."""
    age, content = _age(path), _content(path)
    if content is None:
        return False
    process, _, rest = content.partition(b" ")
    if not rest.endswith(b"\n") or not process.isdigit():
        return age > STALE_WHEN_EMPTY
    is_here = rest.partition(b" ")[0] == socket.gethostname().encode()
    return age > STALE_AFTER or (is_here and not _is_alive(int(process)))


def _is_alive(process: int) -> bool:
    """Whether a process of this machine runs. On Windows asking would end it: there age alone tells."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _content(path: str) -> bytes | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return None
    try:
        return os.read(descriptor, _MOST_BYTES)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _age(path: str) -> float:
    """Seconds since a file was written; 0 where there is none."""
    try:
        return time.time() - os.lstat(path).st_mtime
    except OSError:
        return 0.0


def _unlink(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
