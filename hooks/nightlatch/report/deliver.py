"""Where the reports of a run go: standard output, and the files that --report names."""

from __future__ import annotations

import os
import sys

from nightlatch.report.formats import Style, render, write, write_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.arguments import Arguments
    from nightlatch.core.run import Result


def deliver(result: Result, asked: Arguments) -> None:
    """Write every report that was asked for. Raises ReportError where one can't be delivered."""
    for name, path in asked.reports:
        write_file(path, render(name, result, Style(verbose=True)))
    style = Style(quiet=asked.quiet, verbose=asked.verbose, color=asked.format == "text" and _colored(asked.color))
    write(render(asked.format, result, style))


def _colored(choice: str) -> bool:
    """Colour only on a terminal, and never where NO_COLOR is set (https://no-color.org)."""
    if choice != "auto":
        return choice == "always"
    return (
        not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and bool(sys.stdout and sys.stdout.isatty())
    )
