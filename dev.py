#!/usr/bin/env python3
"""Everything from a fresh clone, with Python and git alone. The tools go to .venv, pinned by hash.

python3 dev.py scan FOLDER     set up, then check a repository with every hook
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
LOCKS = {"requirements/dev.txt": ("--extra", "dev", "--extra", "build"), "requirements/ci.txt": ("--extra", "build")}


def main(words: list[str]) -> int:
    """Run one of the commands above and give its exit code."""
    if sys.version_info < NEEDED:
        return complain(f"Python {NEEDED[0]}.{NEEDED[1]} or newer is needed; this is {sys.version.split()[0]}.")
    if words[:1] in (["-h"], ["--help"], ["help"]):
        print((__doc__ or "").strip())
        return 0
    fault = usage_fault(words)
    if fault:
        return complain(fault)
    try:
        set_up()
    except (subprocess.CalledProcessError, OSError) as error:
        what = f"exit code {error.returncode}" if isinstance(error, subprocess.CalledProcessError) else str(error)
        return complain(
            f"Setting up .venv failed ({what}; what pip says stands above).\n"
            "It needs a clone that can be written, and the network or an index of packages that pip knows."
        )
    return COMMANDS[words[0]](words[1:])


def usage_fault(words: list[str]) -> str:
    """What is wrong with the command line; empty where nothing is."""
    if not words or words[0] not in COMMANDS:
        return (__doc__ or "").strip()
    arguments = words[1:]
    if words[0] == "scan" and [Path(name).is_dir() for name in arguments] != [True]:
        return "scan takes the folder of a repository: python3 dev.py scan ../your-repository"
    return ""


def set_up() -> None:
    """Make or renew .venv where what it was made from has changed."""
    stamp = VENV / "made-from"
    state = "\0".join((sys.version, str(ROOT), *((ROOT / name).read_text(encoding="utf-8") for name in INPUTS)))
    if any(SCRIPTS.glob("nightlatch*")) and stamp.is_file() and stamp.read_text(encoding="utf-8") == state:
        return
    print("Setting up .venv …", file=sys.stderr, flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    pip = (PYTHON, "-m", "pip", "--quiet", "--disable-pip-version-check", "install")
    subprocess.run([*pip, "--require-hashes", "--requirement", ROOT / "requirements/dev.txt"], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT], check=True)
    stamp.write_text(state, encoding="utf-8")


def test(arguments: list[str]) -> int:
    """Run the tests, on every core."""
    return run("pytest", *(arguments or ("-n", "auto")))


def check(_arguments: list[str]) -> int:
    """Run every check that is no test, and give the worst exit code."""
    return max(run(*words) for words in CHECKS)


def scan(arguments: list[str]) -> int:
    """Check every file of a repository. Says so when nothing was found, since nobody else would."""
    folder = Path(arguments[0]).resolve()
    print(f"Checking {folder} …", file=sys.stderr, flush=True)
    return run("nightlatch", "run", "--all-files", "--verbose", folder=folder)


def lock(_arguments: list[str]) -> int:
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


COMMANDS = {"scan": scan, "test": test, "check": check, "lock": lock}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
