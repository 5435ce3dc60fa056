"""Whether modes stick on a file system: some forget them, some show the same one for every file.

Nobody is told to close a file that can't be closed: on Windows, on a Windows drive under WSL (drvfs without
`metadata`), on CIFS, FAT and exFAT. Asked only where a mode is too wide, so that a clean run writes nothing.
"""

from __future__ import annotations

import os

WINDOWS = "Windows keeps no modes"
FORGETFUL = "this file system keeps no modes (a Windows drive, CIFS, FAT)"
READ_ONLY = "this file system is read-only: its modes can't be changed"
MODES = (0o600, 0o644)
"""Set one after the other on a file of our own: where modes stick, each is then shown."""


class Sticking:
    """Answers for folders, once for each file system."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[int, str] = {}

    def why_not(self, folder: str) -> str:
        """Why modes don't stick in a folder; empty where they do, and where that can't be found out."""
        if os.name == "nt":
            return WINDOWS
        try:
            device = os.stat(folder).st_dev
        except OSError:
            return ""
        if device not in self._known:
            self._known[device] = probe(folder)
        return self._known[device]


def probe(folder: str) -> str:
    """Try it on a temporary file in the folder. Why modes don't stick there; empty where they do."""
    import errno

    path = os.path.join(folder, f".nightlatch-{os.getpid()}.tmp")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, MODES[0])
    except OSError as error:
        return READ_ONLY if error.errno == errno.EROFS else ""
    try:
        return "" if all(_sticks(descriptor, mode) for mode in MODES) else FORGETFUL
    finally:
        os.close(descriptor)
        os.unlink(path)


def _sticks(descriptor: int, mode: int) -> bool:
    try:
        os.fchmod(descriptor, mode)
    except OSError:
        return False
    return os.fstat(descriptor).st_mode & 0o777 == mode
