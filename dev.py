#!/usr/bin/env python3
"""Everything from a fresh clone, with Python and git alone. The tools go to .venv, pinned by hash.

python3 dev.py scan [PATH]     set up, then check a repository with every hook
python3 dev.py test [ARGS]     set up, then run the tests (ARGS go to pytest)
python3 dev.py check           set up, then format, lint, types and generated pages
python3 dev.py lock            renew the pinned versions in requirements/
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / "python"
NEEDED = (3, 11)
INPUTS = ("pyproject.toml", "requirements/dev.txt")

CHECKS = (
    ("ruff", "format", "--check", "--quiet", "."),
    ("ruff", "check", "--quiet", "."),
    ("mypy",),
    ("python", "docs/generate.py", "--check"),
)
LOCKS = {"requirements/dev.txt": ("--extra", "dev"), "requirements/runtime.txt": ()}


def main(words: list[str]) -> int:
    """Run one of the commands above and give its exit code."""
    command, arguments = (words[0], words[1:]) if words else ("", [])
    if sys.version_info < NEEDED:
        return complain(f"Python {NEEDED[0]}.{NEEDED[1]} or newer is needed; this is {sys.version.split()[0]}.")
    if command not in ("scan", "test", "check", "lock"):
        return complain((__doc__ or "").strip())
    set_up()
    if command == "scan":
        return scan(Path(arguments[0]) if arguments else ROOT)
    if command == "test":
        return run("pytest", *(arguments or ("-n", "auto")))
    if command == "check":
        return max(run(*words) for words in CHECKS)
    return lock()


def set_up() -> None:
    """Make or renew .venv where what it was made from has changed."""
    stamp = VENV / "made-from"
    state = "\0".join((sys.version, *((ROOT / name).read_text(encoding="utf-8") for name in INPUTS)))
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == state:
        return
    print("Setting up .venv …", file=sys.stderr, flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    pip = (PYTHON, "-m", "pip", "--quiet", "--disable-pip-version-check", "install")
    subprocess.run([*pip, "--require-hashes", "--requirement", ROOT / "requirements/dev.txt"], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT], check=True)
    stamp.write_text(state, encoding="utf-8")


def scan(folder: Path) -> int:
    """Check every file of a repository. Says so when nothing was found, since nobody else would."""
    return run("nightlatch", "run", "--all-files", "--verbose", folder=folder)


def lock() -> int:
    """Pin the newest versions, for every platform at once."""
    install = (PYTHON, "-m", "pip", "--quiet", "install", "uv")
    subprocess.run(install, check=True)
    options = ("--upgrade", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--quiet")
    return max(
        run("uv", "pip", "compile", *options, *extra, "--output-file", name, "pyproject.toml")
        for name, extra in LOCKS.items()
    )


def run(tool: str, *arguments: str, folder: Path = ROOT) -> int:
    """Run a tool of .venv and give its exit code."""
    return subprocess.run([SCRIPTS / tool, *arguments], cwd=folder, check=False).returncode


def complain(text: str) -> int:
    """Say it on standard error; the exit code of a usage error."""
    print(text, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
