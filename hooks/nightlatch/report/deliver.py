"""Where the reports of a run go: standard output, and the files that --report names."""

from __future__ import annotations

import os
import sys

from nightlatch.core.errors import ReportError
from nightlatch.report.formats import Style, render, write, write_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.core.run import Result


def deliver(
    result: Result, name: str, style: Style, reports: Sequence[tuple[str, str]], *, github_summary: str = ""
) -> None:
    """Write every report that was asked for. Raises ReportError, after the others, where one can't be delivered.

    name            the format of standard output
    style           how a person wants to read it
    reports         (format, file) of the reports that go to files
    github_summary  the file of a step's summary in GitHub Actions, or ""; the format github is appended to it
    """
    failed: ReportError | None = None
    for other, path in reports:
        try:
            write_file(path, render(other, result, Style(verbose=True, commit_time=style.commit_time)))
        except ReportError as error:
            failed = failed or error
    if github_summary and "github" in (name, *(other for other, _ in reports)):
        try:
            _append_summary(github_summary, result, style)
        except ReportError as error:
            failed = failed or error
    write(render(name, result, style))
    if failed:
        raise failed


def _append_summary(path: str, result: Result, style: Style) -> None:
    """Add to what the step has already written there: GitHub counts all of it."""
    from nightlatch.report.github_summary import MOST_BYTES, summary

    try:
        written = os.path.getsize(path) if os.path.exists(path) else 0
        gap = "\n\n" if written else ""  # what stands there may end within a line, or within a table
        text = summary(result, style, MOST_BYTES - written - len(gap))
        with open(path, "a", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
            stream.write(gap + text if text else "")
    except OSError as error:
        raise ReportError(
            f"The summary can't be written to {path}: {error.strerror}.", "GITHUB_STEP_SUMMARY names that file."
        ) from None


def is_colored(choice: str) -> bool:
    """Colour only on a terminal, and never where NO_COLOR is set (https://no-color.org)."""
    if choice != "auto":
        return choice == "always"
    return (
        not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and bool(sys.stdout and sys.stdout.isatty())
    )
