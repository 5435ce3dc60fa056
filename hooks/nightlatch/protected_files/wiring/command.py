"""The command that settings start the guard with: what is written, and what of a command that stands there holds.

Agents hand it to a shell. The PATH that it finds there may be a desktop's, with the system's own folders alone, so
the folders in which tools are installed are named before it; and whatever fails ends with the exit code that denies.
"""

from __future__ import annotations

import os
import re
import shlex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

PROGRAM = "nightlatch"
NAMES = (PROGRAM, "nightlatch.exe")
USUAL_FOLDERS = ("$HOME/.local/bin", "/usr/local/bin", "/opt/homebrew/bin")
"""Where pipx, uv, pip and Homebrew put commands."""

MINIMAL_PATH = ("/usr/bin", "/bin")
"""What a program that a desktop starts has for sure."""

OWN_PATH = ("$PATH", "${PATH}")
REST = "$PATH/"
"""The PATH that there is, as it is written, behind the folders that only a person's installer fills: it may begin with
one of the project's. Where it is empty an element would be too, which means the folder that the agent is in. With the
`/` it is the file system's root then, and every shell that agents use understands it."""

HOMES = ("$HOME/", "${HOME}/", "~/")
ENDING = ("||", "exit", "2")
"""Whatever fails, above all a command that isn't found, ends with the code that denies."""

TEMPORARY = ("/tmp", "/var/tmp", "/dev/shm", "/private/tmp", "/private/var/tmp")  # noqa: S108 - told, never written
"""Where everybody can write, an agent too."""

_ENDS_SO = re.compile(r"\s\|\|\s+exit\s+2\s*$")
_ITSELF = re.compile(
    r"\s*(?:PATH=\S{0,2000}\s+)?(?:(?:uvx|uv run|uv tool run|pipx run|exec|env)\s+)?"
    r"""["']?(?:[^\s"';|&]{0,2000}[/\\])?nightlatch(?:\.exe)?["']?\s+agent-hook\b"""
)
_BARE_TILDE = re.compile(r"(?:^|\s)~/")

UNQUOTABLE = frozenset('"$`\\:\n')
MOST_CHARACTERS = 4096


class Command:
    """A command that starts the guard.

    agent    what it says after --agent
    program  its first word
    folders  the PATH in which a shell looks for it, in order; `$PATH` among them is the one that there is
    closes   whether every failure ends with exit code 2
    """

    __slots__ = ("agent", "closes", "folders", "program")

    def __init__(self, agent: str, program: str, folders: Sequence[str], *, closes: bool) -> None:
        self.agent = agent
        self.program = program
        self.folders = folders
        self.closes = closes


def written(
    agent: str, scripts: str = "", *, usual: Sequence[str] = USUAL_FOLDERS, closes: bool, is_windows: bool = False
) -> str:
    """The command for an agent.

    scripts  the folder of this installation's commands; named where it isn't a usual one
    usual    the usual folders that are named
    closes   whether the agent must be told to deny by the exit code
    """
    core = f"{PROGRAM} agent-hook --agent {agent}"
    if is_windows:  # no shell that all of its agents use understands the rest
        return core
    folders = [*usual, REST]
    if scripts and scripts not in (*folders, *MINIMAL_PATH):
        folders.append(scripts)
    ending = f" {' '.join(ENDING)}" if closes else ""
    return f'PATH="{":".join(folders)}" {core}{ending}'


def folder_for(scripts: str, home: str, root: str) -> str:
    """How the folder of the installed commands is written, from home if it lies there; empty where it can't be.

    A folder in the project itself is none: an agent can write there.
    """
    if _is_below(scripts, root) or not os.path.isabs(scripts):
        return ""
    rest = scripts[len(home) :] if home and _is_below(scripts, home) else None
    if UNQUOTABLE.intersection(scripts if rest is None else rest):
        return ""
    return scripts if rest is None else f"$HOME{rest}"


def is_guard(text: object) -> bool:
    """Whether a command is the guard itself, well or badly: started by its name, alone or by a usual starter."""
    return is_about(text) and _ITSELF.match(str(text)) is not None


def is_about(text: object) -> bool:
    """Whether a command means the guard, well or badly."""
    return isinstance(text, str) and PROGRAM in text and "agent-hook" in text


def parsed(text: str) -> Command | None:
    """The command, if it is one that can be relied on without running it; else None."""
    if len(text) > MOST_CHARACTERS or not text.replace("\n", "").replace("\t", "").isprintable():
        return None
    try:
        words = shlex.split(text)
    except ValueError:
        return None
    folders = [OWN_PATH[0]]
    if words and words[0].startswith("PATH="):
        folders = words.pop(0)[len("PATH=") :].replace(OWN_PATH[1], OWN_PATH[0]).split(":")
        folders = [OWN_PATH[0] if folder == REST else folder for folder in folders]
    closes = tuple(words[-3:]) == ENDING and _ENDS_SO.search(text) is not None
    words = words[:-3] if closes else words
    agent = _agent(words[1:])
    if not agent or not _is_plain(text, words[0]) or not all(_is_sound(folder) for folder in folders):
        return None
    return Command(agent, words[0], folders, closes=closes)


def _agent(words: Sequence[str]) -> str:
    """The agent that `agent-hook --agent X` names."""
    if tuple(words[:1]) != ("agent-hook",):
        return ""
    option, _, name = "=".join(words[1:]).partition("=")
    return name if option == "--agent" and name.replace("-", "").isalnum() else ""


def _is_plain(text: str, program: str) -> bool:
    """Whether nothing but the known forms stands in the text: no substitution, no second command."""
    known = ("$PATH", "${PATH}", "$HOME", "${HOME}", "||")
    rest = text
    for one in known:
        rest = rest.replace(one, "")
    if "$" in text and ("'" in text or "\\" in text):  # where it isn't expanded it is another folder
        return False
    if "~" in text and (text.count("~") > 1 or _BARE_TILDE.search(text) is None):  # nor is it within quotes
        return False
    if "$" in _rest(program):
        return False
    is_program = program.replace("\\", "/").rpartition("/")[2] in NAMES
    return is_program and not set("$`|;&<>(){}\n\r*?[#!").intersection(rest)


def _is_sound(folder: str) -> bool:
    """Whether a folder of PATH is the same from everywhere."""
    return folder in OWN_PATH or (folder.startswith(("/", *HOMES[:2])) and "$" not in _rest(folder))


def _rest(path: str) -> str:
    """A path without the home folder in front."""
    return next((path[len(sign) :] for sign in HOMES if path.startswith(sign)), path)


def first_places(command: Command) -> list[str]:
    """The folders in which a shell looks before it comes to the PATH that there is."""
    if "/" in command.program:
        return [command.program.rpartition("/")[0] or "/"]
    folders = list(command.folders)
    return folders[: folders.index(OWN_PATH[0])] if OWN_PATH[0] in folders else folders


def places(command: Command) -> list[str]:
    """Every folder that the command names by itself."""
    if "/" in command.program:
        return first_places(command)
    return [folder for folder in command.folders if folder != OWN_PATH[0]]


def is_temporary(folder: str) -> bool:
    """Whether everybody can write to what lies there."""
    plain = "/" + os.path.normpath(folder).lstrip("/")
    return any(_is_below(plain, one) for one in TEMPORARY)


def lies_in(folder: str, tree: str, home: str) -> bool:
    """Whether a folder is one of the tree, by its name or by links, however it is written. Reads the tree's names."""
    if not home and folder.startswith(HOMES):
        return False
    full = expanded(folder, home)
    return os.path.isabs(full) and any(
        _has_above(path, tree) for path in (os.path.normpath(full), os.path.realpath(full))
    )


def _has_above(path: str, tree: str) -> bool:
    """Whether a folder is the path or above it: the same on the disk, so that links and the case don't count."""
    while True:
        try:
            if os.path.samefile(path, tree):
                return True
        except (OSError, ValueError):
            pass  # it isn't there: what is above it may be
        above = os.path.dirname(path)
        if above == path:
            return False
        path = above


def is_relative(program: str) -> bool:
    """Whether a program is looked for from the current folder, where an agent can write."""
    return "/" in program and not program.startswith(("/", *HOMES)) and program[1:3] not in (":/", ":\\")


def expanded(path: str, home: str) -> str:
    """A path with the home folder in it."""
    for sign in HOMES:
        if path.startswith(sign):
            return os.path.join(home, path[len(sign) :])
    return path


def found(command: Command, home: str, path: Sequence[str] = ()) -> str:
    """The file that a shell would start, with the system's own folders as its PATH; empty where there is none.

    path  further folders of that PATH, in front
    """
    if "/" in command.program:
        program = expanded(command.program, home)
        return program if os.access(program, os.X_OK) else ""
    own = (*path, *MINIMAL_PATH)
    for folder in (one for name in command.folders for one in (own if name in OWN_PATH else (expanded(name, home),))):
        for name in (command.program, f"{PROGRAM}.exe") if os.name == "nt" else (command.program,):
            candidate = os.path.join(folder, name)
            if os.path.isabs(folder) and os.path.isfile(candidate) and os.access(candidate, os.X_OK):
                return candidate
    return ""


def _is_below(path: str, folder: str) -> bool:
    return bool(folder) and (path == folder or path.startswith(folder.rstrip("/") + "/"))
