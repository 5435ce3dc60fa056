"""The guard is started as an agent starts it, and calls that it must refuse are put to it (PRO016).

Nothing that a repository names is run: of the command that stands in the settings only the agent's name counts, and
what is started is this very installation's own command, from another folder and with the system's own PATH. Whether
the settings' command leads to it is looked up, as a shell would.
"""

from __future__ import annotations

import json
import os

from nightlatch.core.finding import Finding
from nightlatch.core.rule import ERROR, WARNING
from nightlatch.protected_files.agents import named
from nightlatch.protected_files.rules import NOT_WIRED, SELF_TEST
from nightlatch.protected_files.wiring import command as commands
from nightlatch.protected_files.wiring import installation
from nightlatch.protected_files.wiring.document import UnfitError
from nightlatch.protected_files.wiring.findings import remedy
from nightlatch.protected_files.wiring.installation import own_command
from nightlatch.protected_files.wiring.judge import BY_HAND, HOOKS, MAIN_EVENT, is_written
from nightlatch.protected_files.wiring.read import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nightlatch.core.hook import Source
    from nightlatch.protected_files.wiring.command import Command

    Canary = tuple[str, str, dict[str, object], bool]
    """What it is, the tool, its arguments, and whether it must be refused."""

    Start = tuple[list[str], bytes, dict[str, str], str]

PATIENCE = 60
"""Seconds: as long as the settings that are written let an agent wait."""

SESSION = "nightlatch-self-test"
MISSING = (
    f"Install nightlatch where an agent finds it, outside the project, where no agent can write: {installation.INSTALL}"
)
OUTSIDE = f"{MISSING}; and start the agent without the project's own folder on the PATH, or take nightlatch out of it."


def check(
    source: Source, tree: str, agents: Sequence[str], files: Mapping[str, bytes], *, in_ci: bool
) -> Iterator[Finding]:
    """Yield what is wrong with the guard as it is registered. One that is registered badly is told elsewhere."""
    home, path = _of_environment(source)
    for name in agents:
        found = registered(name, files)
        if not found:
            continue
        place, command = next((one for one in found if commands.found(one[1], home, path)), found[0])
        if not in_ci:
            yield from _resolved(source, tree, name, place, command, home=home, path=path)
        if own_command():
            yield from _replayed(tree, name, place)


def _of_environment(source: Source) -> tuple[str, list[str]]:
    """The home folder, and the folders in which a person's own shell finds commands: as git is given them."""
    known = source.git.environment if source.git is not None else {}
    home = known.get("HOME") or known.get("USERPROFILE", "")
    path = [folder for folder in known.get("PATH", "").split(os.pathsep) if os.path.isabs(folder)]
    return home, path


def registered(agent: str, files: Mapping[str, bytes]) -> list[tuple[str, Command]]:
    """Each file that starts the guard at the event for all tools, with the command; none that can't be verified."""
    result = []
    for path, raw in files.items():
        if not named(agent).owns(path):
            continue
        try:
            _, reading = read(agent, path, raw)
        except UnfitError:
            continue
        for one in reading.registrations:
            parsed = commands.parsed(one.command)
            if parsed is not None and one.event == MAIN_EVENT[agent] and parsed.agent in (agent, "auto"):
                result.append((path, parsed))
    return result


def _resolved(
    source: Source, tree: str, agent: str, place: str, command: Command, *, home: str, path: Sequence[str]
) -> Iterator[Finding]:
    """Whether the command is there at all, and not in the project; where another installation answers, that is said."""
    program = commands.found(command, home, path)
    if not program:
        message = f"{named(agent).title}: no {commands.PROGRAM} is found where its command looks for it."
        is_mended = is_written(named(agent), place) and installation.is_startable(tree, home)
        yield Finding(
            NOT_WIRED,
            message,
            path=place,
            fix=remedy(place) if is_mended else MISSING,
            anchor=message,
            severity=ERROR,
            data={"agent": agent, "mend": HOOKS if is_mended else BY_HAND, "target": place},
        )
    elif commands.lies_in(os.path.dirname(program), tree, home) and not any(
        commands.lies_in(folder, tree, home)
        for folder in commands.places(command)  # which is told elsewhere
    ):
        message = (
            f"{named(agent).title}: on your PATH its command leads to the project itself, where an agent can write."
        )
        yield Finding(NOT_WIRED, message, path=place, fix=OUTSIDE, anchor=message, severity=WARNING)
    elif not commands.found(command, home):
        message = f"{named(agent).title}: its command is found on your PATH alone; one started from a desktop has less."
        source.skip(place, message)
    elif os.path.realpath(program) != os.path.realpath(own_command()):
        source.skip(place, f"another installation of nightlatch answers {named(agent).title} than the one that checks")


def _replayed(tree: str, agent: str, place: str) -> Iterator[Finding]:
    """Put the canary calls to this installation's own command."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="nightlatch-") as elsewhere:
        for what, tool, arguments, must_be_refused in _canaries(tree):
            said = _asked(_start(tree, agent, tool, arguments, elsewhere), must_be_refused=must_be_refused)
            if said:
                message = f"{named(agent).title}: {what} {said}."
                yield Finding(SELF_TEST, message, path=place, anchor=f"{agent} {what}")


def _canaries(tree: str) -> list[Canary]:
    """Calls that every policy refuses, since what guards the repository can't be opened; and one that none refuses."""
    return [
        (
            "a call that writes .nightlatch.yaml",
            "Write",
            {"file_path": f"{tree}/.nightlatch.yaml", "content": "x"},
            True,
        ),
        ("a call that writes .git/hooks", "Write", {"file_path": f"{tree}/.git/hooks/x", "content": "x"}, True),
        ("a call that only makes a note", "TodoWrite", {"todos": []}, False),
    ]


def event(agent: str, tool: str, arguments: dict[str, object], tree: str) -> dict[str, object]:
    """A call as the agent sends it."""
    if agent == "copilot":
        return {"timestamp": 0, "cwd": tree, "toolName": tool, "toolArgs": json.dumps(arguments)}
    result: dict[str, object] = {
        "cwd": tree,
        "hook_event_name": MAIN_EVENT[agent],
        "tool_name": tool,
        "tool_input": arguments,
    }
    if agent == "cursor":
        return result | {"conversation_id": SESSION, "cursor_version": "0", "workspace_roots": [tree]}
    return result | {"session_id": SESSION}


def _start(tree: str, agent: str, tool: str, arguments: dict[str, object], elsewhere: str) -> Start:
    """The command line, its standard input, its environment, and the folder to start it in."""
    variables = {
        "PATH": os.pathsep.join(commands.MINIMAL_PATH),
        "HOME": elsewhere,
        "XDG_STATE_HOME": elsewhere,
        "LOCALAPPDATA": elsewhere,
        "CLAUDE_PROJECT_DIR": tree,
    }
    data = json.dumps(event(agent, tool, arguments, tree)).encode()
    folder = elsewhere if agent in ("claude-code", "cursor") else tree  # the others name no project
    return [own_command(), "agent-hook", "--agent", agent], data, variables, folder


def _asked(start: Start, *, must_be_refused: bool) -> str:
    """What is wrong with the answer; empty where it is right."""
    import subprocess

    words, data, variables, folder = start
    try:
        done = subprocess.run(
            words, input=data, env=variables, cwd=folder, capture_output=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return f"got no answer within {PATIENCE} seconds"
    except OSError as error:
        return f"could not be put to the guard, which can't be started ({(error.strerror or 'unknown').lower()})"
    is_refused = done.returncode == 2 or b'"deny"' in done.stdout  # noqa: PLR2004 - the code that denies
    if must_be_refused and not is_refused:
        return "is let through"
    if not must_be_refused and is_refused:
        return "is refused: the guard refuses all work, as it does where the configuration can't be read"
    return (
        "" if done.returncode in (0, 2) else f"ends with exit code {done.returncode}, and an agent lets such calls run"
    )
