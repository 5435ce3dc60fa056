"""What the benchmarks share: an environment with this checkout in it, and what a command took."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench import memory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
LAUNCHER = Path(__file__).with_name("launcher.py")
MILLION = 1_000_000
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Usage:
    """What one run took. Memory in millions of bytes; `together` is 0 where nobody watched."""

    wall: float
    cpu: float
    largest: float
    together: float
    code: int
    stopped: bool


def install(environment: Path) -> Path:
    """A new environment with this checkout in it, its bytecode compiled; gives the folder of its commands."""
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    scripts = environment / ("Scripts" if os.name == "nt" else "bin")
    plain = with_bytecode(os.environ)
    subprocess.run([scripts / "python", "-m", "pip", "install", "--quiet", "--upgrade", "pip"], check=True, env=plain)
    subprocess.run([scripts / "python", "-m", "pip", "install", "--quiet", ROOT], check=True, env=plain)
    return scripts


def with_bytecode(environment: Mapping[str, str]) -> dict[str, str]:
    """The same environment, in which Python keeps the bytecode that it compiles, as on a user's machine."""
    return {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}


def timed(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> float:
    """Seconds from start to end. The exit code is not looked at: findings are no failure of the measurement."""
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=False, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - start


def measured(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], output: Path, limit: int, *, watch: bool
) -> Usage:
    """Run a command whose standard output goes to a file, and give what it took.

    After `limit` seconds it is stopped. With `watch`, the memory of all its processes together is sampled,
    which takes some time of its own: such a run is for the memory, not for the seconds.
    """
    with (
        tempfile.TemporaryDirectory() as scratch,
        output.open("wb") as out,
        output.with_suffix(".err").open("wb") as err,
    ):
        report = Path(scratch) / "report"
        launcher = subprocess.Popen(
            [sys.executable, "-I", "-S", str(LAUNCHER), str(report), str(limit), *command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        try:
            together = memory.peak_until_end(launcher) if watch and memory.known() else 0
            ended = launcher.wait()
        except BaseException:  # an interruption from the keyboard does not reach a session of its own
            launcher.terminate()
            raise
        if ended != 0:
            raise OSError(f"{command[0]} could not be started")
        wall, user, system, peak, code = (float(number) for number in report.read_text(encoding="ascii").split())
    megabytes = peak * PEAK_UNIT / MILLION
    return Usage(wall, user + system, megabytes, together / MILLION, int(code), stopped=wall >= limit)
