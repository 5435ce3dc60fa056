"""How long the whole history of a repository takes, against `git log -p --all` alone.

    python -m bench.history REPOSITORY [--runs 3]

Cold: nightlatch with an empty cache folder, so that every commit is checked. Warm: the same again, when only
what is new would be. Prints seconds, and each as a ratio to git's own time. The installed command of the
current environment is measured.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from bench.measure import timed

COMMAND = Path(sys.executable).with_name("nightlatch")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    seconds: dict[str, list[float]] = {"git log -p --all": [], "nightlatch, cold": [], "nightlatch, warm": []}
    for _ in range(asked.runs):
        with tempfile.TemporaryDirectory() as cache:
            environment = os.environ | {"NIGHTLATCH_CACHE_DIR": cache}
            scan = [str(COMMAND), "secrets", "--history", "--format", "json"]
            seconds["git log -p --all"].append(timed(["git", "log", "-p", "--all"], asked.repository, environment))
            seconds["nightlatch, cold"].append(timed(scan, asked.repository, environment))
            seconds["nightlatch, warm"].append(timed(scan, asked.repository, environment))
    base = statistics.median(seconds["git log -p --all"])
    for name, values in seconds.items():
        print(f"{name:20} {statistics.median(values):8.2f} s  x {statistics.median(values) / base:.2f}")


if __name__ == "__main__":
    main()
