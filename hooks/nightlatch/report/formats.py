"""The report formats by name, and the writing of them."""

from __future__ import annotations

import os
import sys

from nightlatch.core.errors import ReportError, UsageError
from nightlatch.core.lazy import attribute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from nightlatch.core.run import Result

FORMATS = {
    "text": "nightlatch.report.to_text:render",
    "json": "nightlatch.report.to_json:render",
    "sarif": "nightlatch.report.to_sarif:render",
    "gitlab": "nightlatch.report.to_gitlab:render",
    "codequality": "nightlatch.report.to_codequality:render",
    "junit": "nightlatch.report.to_junit:render",
    "github": "nightlatch.report.to_github:render",
}
"""A format's name → the function that writes it."""


class Style:
    """How a report is written.

    quiet, verbose, color   how a person wants to read it
    in_runner               it is shown by a hook runner, where our command isn't at hand
    command                 where our command lies, in a runner of whose copy no shell knows; or ""
    commit_time             when the checked commit was made (ISO 8601), for a format that demands a time; or ""
    """

    __slots__ = ("color", "command", "commit_time", "in_runner", "quiet", "verbose")

    def __init__(
        self,
        *,
        quiet: bool = False,
        verbose: bool = False,
        color: bool = False,
        in_runner: bool = False,
        commit_time: str = "",
        command: str = "",
    ) -> None:
        self.command = command
        self.commit_time = commit_time
        self.in_runner = in_runner
        self.quiet = quiet
        self.verbose = verbose
        self.color = color


def render(name: str, result: Result, style: Style) -> str:
    """The report in one format. Raises UsageError for a format that there isn't."""
    if name not in FORMATS:
        raise UsageError(f"There is no report format {name}.", f"There are: {', '.join(FORMATS)}.")
    write_report: Any = attribute(FORMATS[name])
    text: str = write_report(result, style)
    return text


def write(text: str) -> None:
    """Write to standard output, in UTF-8 on every system. Raises ReportError where it can't be delivered."""
    if not text:
        return
    if sys.stdout is None:
        raise ReportError("Standard output is closed: the report can't be shown.")
    try:
        sys.stdout.flush()
        stream = getattr(sys.stdout, "buffer", None)
        if stream is None:
            sys.stdout.write(text)
        else:
            stream.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
    except OSError as error:
        raise ReportError(f"The report can't be written to standard output: {error.strerror}.") from None


def write_file(path: str, text: str) -> None:
    """Write a report to a file, whole or not at all. Raises ReportError."""
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            _write_to(path, text)
        else:
            _write_to(temporary, text)
            os.replace(temporary, path)
    except OSError as error:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise ReportError(
            f"The report can't be written to {path}: {error.strerror}.", "Name a file in a folder that can be written."
        ) from None


def _write_to(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
        stream.write(text)
