"""What a CI job's own work costs, against the command that it starts.

    python -m bench.job REPOSITORY [--commits 20] [--runs 7]

Installs this checkout into a throw-away environment, and checks the newest commits of a repository as a pull
request: by `nightlatch run`, by what the templates start, and by that with a report for code scanning, which is of
the whole tree. Prints the least seconds of each and their ratio to the command's. What a job installs is not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path

from bench.measure import install, timed, with_bytecode


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--commits", type=int, default=20)
    parser.add_argument("--runs", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scripts = install(Path(folder) / "environment")
        base, head = (commit(asked.repository, name) for name in (f"HEAD~{asked.commits}", "HEAD"))
        event = Path(folder) / "event.json"
        request = {"base": {"sha": base}, "head": {"sha": head}}
        event.write_text(json.dumps({"pull_request": request}), encoding="utf-8")
        job = [str(scripts / "python"), "-I", "-m", "nightlatch.ci", "github"]
        command = str(scripts / "nightlatch")
        commands = {
            "nightlatch run": [command, "run", "--from-ref", base, "--to-ref", head, "--format", "github"],
            "the job": job,
            "the job, code scanning": [*job, "--sarif", "true", "--sarif-file", str(Path(folder) / "report.sarif")],
        }
        variables = {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(event)}
        report(commands, asked.repository, with_bytecode(os.environ | variables), asked.runs)


def commit(repository: Path, name: str) -> str:
    """The full name of a commit."""
    words = ("git", "rev-parse", name)
    return subprocess.run(words, cwd=repository, check=True, capture_output=True, text=True).stdout.strip()


def report(commands: dict[str, list[str]], folder: Path, environment: dict[str, str], runs: int) -> None:
    """Run each in turn, so that a drift of the machine's speed meets all alike, and print the least of each."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, words in commands.items():
            seconds[name].append(timed(words, folder, environment))
    first = min(next(iter(seconds.values())))
    for name, values in seconds.items():
        print(f"{name:30} {min(values):7.3f} s   x {min(values) / first:.2f}")


if __name__ == "__main__":
    main()
