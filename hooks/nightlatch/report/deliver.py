"""Where the reports of a run go: standard output, and the files that --report names."""

from __future__ import annotations

import os
import sys

from nightlatch.core.errors import ReportError
from nightlatch.report.formats import Style, render, write, write_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from nightlatch.core.run import Result


def deliver(result: Result, name: str, style: Style, reports: Iterable[tuple[str, str]]) -> None:
    """Write every report that was asked for. Raises ReportError, after the others, where one can't be delivered.

    name     the format of standard output
    style    how a person wants to read it
    reports  (format, file) of the reports that go to files
    """
    failed: ReportError | None = None
    for other, path in reports:
        try:
            write_file(path, render(other, result, Style(verbose=True)))
        except ReportError as error:
            failed = failed or error
    write(render(name, result, style))
    if failed:
        raise failed


def is_colored(choice: str) -> bool:
    """Colour only on a terminal, and never where NO_COLOR is set (https://no-color.org)."""
    if choice != "auto":
        return choice == "always"
    return (
        not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and bool(sys.stdout and sys.stdout.isatty())
    )
