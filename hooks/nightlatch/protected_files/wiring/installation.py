"""The nightlatch that runs here: where its command lies, and whether what `--fix` writes leads to one."""

from __future__ import annotations

import os
import sys

from nightlatch.protected_files.wiring import command as commands

INSTALL = "pipx install /path/to/nightlatch"
CLOSED_BY_EXIT_CODE = ("claude-code", "codex")
"""Agents that take exit code 2 for a denial, and any other failure for none."""


def own_command() -> str:
    """This installation's own command; empty where it was started in another way."""
    for name in commands.NAMES:
        path = os.path.join(os.path.dirname(os.path.abspath(sys.executable)), name)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return ""


def command_for(agent: str, tree: str, home: str) -> str:
    """The command that is written for an agent.

    tree  the top folder of the project: nothing in it is named, since an agent can write there
    home  the person's home folder
    """
    return commands.written(
        agent,
        _scripts(tree, home),
        usual=[folder for folder in commands.USUAL_FOLDERS if not commands.lies_in(folder, tree, home)],
        closes=agent in CLOSED_BY_EXIT_CODE,
        is_windows=os.name == "nt",
    )


def is_startable(tree: str, home: str) -> bool:
    """Whether that command leads to a nightlatch, with the system's own folders as PATH."""
    if os.name == "nt":
        return True  # what is written there is the bare name
    parsed = commands.parsed(command_for("auto", tree, home))
    return parsed is not None and bool(commands.found(parsed, home))


def _scripts(tree: str, home: str) -> str:
    """The folder of this installation's command as it is written; empty where a usual folder leads to it."""
    folder = os.path.dirname(os.path.abspath(sys.executable))
    program = os.path.join(folder, commands.PROGRAM)
    folders = (*commands.USUAL_FOLDERS, *commands.OWN_PATH[:1])
    usual = commands.found(commands.Command("", commands.PROGRAM, folders, closes=True), home)
    if not os.path.exists(program) or (usual and os.path.realpath(usual) == os.path.realpath(program)):
        return ""
    if commands.lies_in(folder, tree, home):
        return ""
    return commands.folder_for(folder, home, tree)
