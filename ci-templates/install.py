"""Install nightlatch for a CI job: into a new virtual environment, from the clone that this file lies in.

python3 -I install.py FOLDER    prints the path of the environment's interpreter

What it is built on comes first, pinned by version and hash (requirements/ci.txt); then nightlatch itself, which
brings nothing more along.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEEDED = (3, 11)
SET_ASIDE = ("PYTHON", "PIP_REQUIRE_HASHES")
"""Variables that could make Python import from the checked repository, and one that a folder can't satisfy."""

FAILED = 2
"""Not 1: that would say that something was found."""


def main(words: list[str]) -> int:
    """Install into the folder and print its interpreter; say on standard error why that can't be done."""
    if sys.version_info < NEEDED:
        return complain(f"Python {NEEDED[0]}.{NEEDED[1]} or newer is needed; this is {sys.version.split()[0]}.")
    if len(words) != 1:
        return complain((__doc__ or "").strip())
    folder = Path(words[0]).resolve()
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(SET_ASIDE)}
    pip = (python, "-I", "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", "install")
    try:
        for command in (
            (sys.executable, "-I", "-m", "venv", "--clear", folder),
            (*pip, "--require-hashes", "--only-binary", ":all:", "--requirement", ROOT / "requirements" / "ci.txt"),
            (*pip, "--no-deps", "--no-build-isolation", ROOT),
        ):
            subprocess.run(command, check=True, stdout=sys.stderr, stdin=subprocess.DEVNULL, env=environment)
    except (OSError, subprocess.CalledProcessError) as error:
        what = f"exit code {error.returncode}" if isinstance(error, subprocess.CalledProcessError) else str(error)
        return complain(
            f"nightlatch could not be installed ({what}; the reason stands above).\n"
            "It needs Python's venv module and an index of packages that pip can reach (PIP_INDEX_URL)."
        )
    sys.stdout.buffer.write(os.fsencode(python) + b"\n")  # no carriage return, which a shell would keep
    return 0


def complain(text: str) -> int:
    """Say it on standard error; the exit code of what could not be checked."""
    print(text, file=sys.stderr)
    return FAILED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
