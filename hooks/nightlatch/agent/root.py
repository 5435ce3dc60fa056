"""The project that a call belongs to: its policy stands there, and path patterns begin there."""

from __future__ import annotations

import os
import stat

from nightlatch.core.config import NAME
from nightlatch.core.errors import EventError

MARKS = (NAME, ".git")
"""What a project's folder holds: the configuration, else a repository."""

MOST_ROOTS = 16


def project_of(folder: str) -> str:
    """The project around a folder: the nearest folder with a configuration or a repository, else the folder itself.

    Folders that others may write to, or that are another user's, are no part of a project: `/tmp` holds anyone's files.
    Raises EventError where the folder isn't there: a policy that can't be found must not be passed by.
    """
    real = os.path.realpath(folder)
    if not os.path.isdir(real):
        raise EventError(f"The project's folder isn't there: {folder}", "Start the agent in a folder that exists.")
    owner = os.stat(real).st_uid
    above = real
    while not any(os.path.lexists(os.path.join(above, mark)) for mark in MARKS):
        above = os.path.dirname(above)
        state = os.stat(above)
        if os.path.dirname(above) == above or state.st_uid != owner or state.st_mode & stat.S_IWOTH:
            return real
    return above


def of_process() -> str:
    """The folder that this process was started in, for agents that name no project. Raises EventError."""
    try:
        return os.getcwd()
    except OSError:
        raise EventError("The folder that the hook runs in is gone.", "Start the agent again.") from None
