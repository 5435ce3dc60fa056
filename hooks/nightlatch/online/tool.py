"""The running of another audit's command: in a folder of its own, with an end, and with nothing of the repository."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager

from nightlatch.core.errors import NightlatchError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

SECONDS = 180.0
MOST_BYTES = 64 * 1024 * 1024
MOST_SAID = 300


class OnlineError(NightlatchError):
    """Another audit gave no answer, or none that can be relied upon."""


@contextmanager
def folder_of_its_own() -> Iterator[str]:
    """A folder that holds nothing but what the command is asked about."""
    with tempfile.TemporaryDirectory(prefix="nightlatch-") as folder:
        yield folder


def answer(name: str, arguments: Sequence[str], folder: str, environ: Mapping[str, str], remedy: str) -> Any:
    """What a command answers as JSON. Its exit code says nothing: findings and failures share it.

    name    the program, as it is found on PATH; a PATH relative to the repository doesn't count
    Raises OnlineError where it isn't there, doesn't end, or answers anything but JSON.
    """
    output, errors = run(name, arguments, folder, environ, remedy)
    try:
        return json.loads(output)
    except (ValueError, RecursionError):
        raise OnlineError(f"{name} gave no answer: {_said(errors or output)}", remedy) from None


def run(
    name: str, arguments: Sequence[str], folder: str, environ: Mapping[str, str], remedy: str
) -> tuple[bytes, bytes]:
    """What a command writes to standard output and to standard error. Raises OnlineError."""
    program = _found(name, environ)
    if program is None:
        raise OnlineError(f"{name} isn't installed: --online asks it.", remedy)
    try:
        done = subprocess.run(
            [program, *arguments],
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise OnlineError(f"{name} did not end within {SECONDS:.0f} seconds.", remedy) from None
    except OSError as error:
        raise OnlineError(f"{name} can't be started: {(error.strerror or 'it failed').lower()}.", remedy) from None
    if len(done.stdout) > MOST_BYTES:
        raise OnlineError(f"{name} answers more than {MOST_BYTES // (1024 * 1024)} MiB.", remedy)
    return done.stdout, done.stderr


def _found(name: str, environ: Mapping[str, str]) -> str | None:
    """The program's place. Relative folders on PATH would lead into the repository."""
    folders = [folder for folder in environ.get("PATH", "").split(os.pathsep) if os.path.isabs(folder)]
    return shutil.which(name, path=os.pathsep.join(folders))


def _said(text: bytes) -> str:
    """The last line of what a command complains about."""
    lines = [line.strip() for line in text.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1][:MOST_SAID] if lines else "it wrote nothing"


def shaped(value: object, kind: type, name: str, remedy: str) -> Any:
    """The value, where it is of this kind. Raises OnlineError."""
    if not isinstance(value, kind):
        raise OnlineError(f"{name} answers in a form that isn't known here.", remedy)
    return value
