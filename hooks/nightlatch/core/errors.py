"""The error tree. Each class carries the exit code that it ends the process with."""

from __future__ import annotations

EXIT_CLEAN = 0
EXIT_FINDINGS = 1
EXIT_UNCHECKED = 2
EXIT_INTERRUPTED = 130


class NightlatchError(Exception):
    """Something could not be checked.

    `what` says what happened and where, `remedy` what to do next. Neither may hold file content.
    """

    exit_code = EXIT_UNCHECKED

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


class UsageError(NightlatchError):
    """The command line asks for something that does not exist or does not fit together."""


class EventError(NightlatchError):
    """An agent's event can't be read as one of its own: the call is denied."""


class ConfigError(NightlatchError):
    """The configuration is wrong at a line and column, both counted from 1."""

    def __init__(self, where: str, line: int, column: int, what: str, remedy: str = "") -> None:
        place = f"{where}:{line}:{column}" if line else where
        super().__init__(f"{place}: {what}", remedy)
        self.where = where
        self.line = line
        self.column = column


class GitError(NightlatchError):
    """git could not be started, or ended with an error."""


class NotARepositoryError(GitError):
    """The folder lies in no git repository."""


class IncompleteError(GitError):
    """A part of the history is out of reach: a shallow or partial clone, or a reference that isn't there."""


class ReportError(NightlatchError):
    """A report could not be written."""


def unforeseen(error: Exception) -> tuple[str, str]:
    """What to say of an error that no one expected, and what to do: its kind and its place in our code.

    Its own text may hold file content, and is left out.
    """
    import os

    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = ""
    if trace is not None:
        place = f" ({os.path.basename(trace.tb_frame.f_code.co_filename)}, line {trace.tb_lineno})"
    return (
        f"An unforeseen error, {type(error).__name__}{place}: nothing is said to be checked.",
        "This is a fault of nightlatch: please report it with the command and this message.",
    )
