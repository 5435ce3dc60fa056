"""The running of another audit's command: in a folder of its own, with an end, and with nothing of the repository."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from contextlib import contextmanager

from nightlatch.online.programs import OnlineError, found

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any, BinaryIO

SECONDS = 180.0
MOST_BYTES = 64 * 1024 * 1024
MOST_SAID = 300


@contextmanager
def folder_of_its_own() -> Iterator[str]:
    """A folder that holds nothing but what the command is asked about."""
    with tempfile.TemporaryDirectory(prefix="nightlatch-") as folder:
        yield folder


def answer(name: str, arguments: Sequence[str], folder: str, environ: Mapping[str, str], remedy: str) -> Any:
    """What a command answers as JSON. Its exit code says nothing: findings and failures share it.

    name    the program, as `programs.found` finds it
    Raises OnlineError where it isn't there, doesn't end, or answers anything but JSON.
    """
    output, errors = run(name, arguments, folder, environ, remedy)
    try:
        return json.loads(output)
    except (ValueError, RecursionError):
        raise OnlineError(f"{name} gave no answer: {sentence(_said(errors or output))}", remedy) from None


def run(
    name: str, arguments: Sequence[str], folder: str, environ: Mapping[str, str], remedy: str
) -> tuple[bytes, bytes]:
    """What a command writes to standard output and to standard error. Raises OnlineError.

    It writes to files: a program that it leaves running can't hold up the end, and what it writes needs no memory.
    """
    program, clean = found(name, environ, remedy)
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        try:
            subprocess.run(
                [program, *arguments],
                cwd=folder,
                env=clean,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise OnlineError(f"{name} did not end within {SECONDS:.0f} seconds.", remedy) from None
        except OSError as error:
            reason = (error.strerror or "it failed").lower()
            raise OnlineError(f"{name} can't be started: {reason}.", remedy) from None
        if output.seek(0, os.SEEK_END) > MOST_BYTES:
            raise OnlineError(f"{name} answers more than {MOST_BYTES // (1024 * 1024)} MiB.", remedy)
        return _from_the_start(output), _from_the_start(errors)


def _from_the_start(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(MOST_BYTES)


def _said(text: bytes) -> str:
    """The last line of what a command complains about."""
    lines = [line.strip() for line in text.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1][:MOST_SAID] if lines else "it wrote nothing"


def sentence(text: str) -> str:
    """A text of another program, with a full stop: our own sentence follows."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def shaped(value: object, kind: type, name: str, remedy: str) -> Any:
    """The value, where it is of this kind. Raises OnlineError."""
    if not isinstance(value, kind):
        raise OnlineError(f"{name} answers in a form that isn't known here.", remedy)
    return value
