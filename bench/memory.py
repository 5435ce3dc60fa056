"""The memory of several processes together, read while they run. Linux alone tells it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

PROCESSES = Path("/proc")
PAUSE = 0.05
KIBI = 1024


def known() -> bool:
    """Whether this operating system tells it."""
    return (PROCESSES / "self" / "smaps_rollup").is_file()


def peak_until_end(launcher: subprocess.Popen[bytes]) -> int:
    """The most bytes that the launcher's session held at once, the launcher itself left out. Waits for its end.

    Looks every 50 ms, so a shorter peak escapes it. A page that several processes share counts once (the
    proportional share of each is added up); pages of files that are mapped count too.
    """
    peak = 0
    while launcher.poll() is None:
        peak = max(peak, sum(proportional(process) for process in session(launcher.pid)))
        time.sleep(PAUSE)
    return peak


def session(leader: int) -> list[int]:
    """The processes of a session but its leader."""
    return [int(name) for name in os.listdir(PROCESSES) if name.isdigit() and belongs(int(name), leader)]


def belongs(process: int, leader: int) -> bool:
    """Whether a process, which may have ended, is of this session and not its leader."""
    try:
        return process != leader and os.getsid(process) == leader
    except ProcessLookupError:
        return False


def proportional(process: int) -> int:
    """A process's memory, its share of shared pages; 0 when it has ended."""
    try:
        lines = (PROCESSES / str(process) / "smaps_rollup").read_text(encoding="ascii").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) * KIBI for line in lines if line.startswith("Pss:"))
