"""How long one staged file takes, and a walk through the tree, against the bare interpreter started the same way.

    python -m bench.commit [--runs 200]

Installs this checkout into a throw-away environment (bytecode compiled, as a hook runner does), makes a
repository with one clean staged file, and starts each command in turn, so that a drift of the machine's
speed meets all alike. Prints the median of each, and the median of the ratios pair by pair.
Cold: each command's first run after the environment was made and the operating system's caches were
dropped (only as root on Linux; else it is left out).
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

from bench.measure import install, timed

FOLDERS, FILES_EACH = 600, 20
"""A working tree of 12,000 files, for the hook that walks through it."""

CLEAN = "def greet(name: str) -> str:\n    return f'hello {name}, see https://acme-corp.io/docs'\n" * 40
CONFIG = 'version: 1\nexclude: ["/vendor/**"]\nrules: {SEC010: warning}\n'
DROP_CACHES = Path("/proc/sys/vm/drop_caches")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        scripts = install(Path(folder) / "environment")
        plain = repository(Path(folder) / "plain", "")
        large = with_many_files(repository(Path(folder) / "large", ""))
        configured = repository(Path(folder) / "configured", CONFIG)
        commands = {
            "python -c pass": ([str(scripts / "python"), "-c", "pass"], plain),
            "nightlatch secrets": ([str(scripts / "nightlatch"), "secrets"], plain),
            "nightlatch env-files": ([str(scripts / "nightlatch"), "env-files"], plain),
            "nightlatch env-files, 12,000 files": ([str(scripts / "nightlatch"), "env-files"], large),
            "nightlatch secrets, with .nightlatch.yaml": ([str(scripts / "nightlatch"), "secrets"], configured),
        }
        report("cold", {name: [cold(*command)] for name, command in commands.items()} if can_drop() else {})
        for command, where in commands.values():
            subprocess.run(command, cwd=where, check=True, stdout=subprocess.DEVNULL)
        report("warm", interleaved(commands, runs))


def repository(folder: Path, config: str) -> Path:
    """A repository with one clean staged file."""
    folder.mkdir()
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    (folder / "greet.py").write_text(CLEAN, encoding="utf-8")
    if config:
        (folder / ".nightlatch.yaml").write_text(config, encoding="utf-8")
    subprocess.run(["git", "add", "greet.py"], cwd=folder, check=True)
    return folder


def with_many_files(folder: Path) -> Path:
    """The same with files that nobody has staged."""
    for number in range(FOLDERS):
        inner = folder / "src" / f"part{number // 20}" / f"module{number}"
        inner.mkdir(parents=True)
        for name in range(FILES_EACH):
            (inner / f"file{name}.ts").touch()
    return folder


def interleaved(commands: dict[str, tuple[list[str], Path]], runs: int) -> dict[str, list[float]]:
    """Seconds of each run, every command once in each round."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            seconds[name].append(timed(*command))
    return seconds


def can_drop() -> bool:
    """Whether the operating system lets us empty its caches."""
    return os.access(DROP_CACHES, os.W_OK)


def cold(command: list[str], folder: Path) -> float:
    """Seconds of a run that finds nothing in the operating system's caches."""
    os.sync()
    DROP_CACHES.write_text("3", encoding="ascii")
    return timed(command, folder)


def report(label: str, seconds: dict[str, list[float]]) -> None:
    """Print milliseconds and ratios to the first command."""
    if not seconds:
        print(f"{label}: not measured here")
        return
    first = next(iter(seconds.values()))
    for name, values in seconds.items():
        ratio = statistics.median(value / base for value, base in zip(values, first, strict=True))
        print(f"{label}: {name:45} {statistics.median(values) * 1000:7.1f} ms  x {ratio:.2f}")


if __name__ == "__main__":
    main()
