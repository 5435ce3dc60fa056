"""`--fix`: the guard is registered in the settings of each agent that is set up. What is foreign there stays."""

from __future__ import annotations

import os
import stat
from functools import partial

from nightlatch.core.files import UnreadableError, read_from_tree
from nightlatch.core.hook import Fixed
from nightlatch.protected_files.agents import named, present
from nightlatch.protected_files.wiring import claude_code, deny_rules, document, installation
from nightlatch.protected_files.wiring.document import Document, UnfitError
from nightlatch.protected_files.wiring.judge import DENY, ENABLE, HOOKS, is_written
from nightlatch.protected_files.wiring.read import PROTOCOLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from nightlatch.core.finding import Finding
    from nightlatch.protected_files.agents import Agent

PERSONAL = ".claude/settings.local.json"
NOWHERE = (
    "no nightlatch would be found by what is written there: install it outside the project, where no agent can write "
    f"({installation.INSTALL}), and run that one's --fix"
)
GUIDANCE = ("CLAUDE.md", "AGENTS.md", ".cursorrules", ".github/copilot-instructions.md")
IN_PLACE = "the guard is registered"


def unwired(tree: str) -> Iterator[Fixed]:
    """Say what is to be done where there is guidance for agents, and none of them is set up."""
    told = next((name for name in GUIDANCE if os.path.isfile(os.path.join(tree, name))), "")
    if told and not present(tree, ()):
        yield Fixed(told, "no agent is set up here: make its folder (mkdir .claude), and run this again")


def wire(tree: str, findings: Sequence[Finding], *, is_in_git: bool = True) -> Iterator[Fixed]:
    """Register the guard for each agent that a finding names; yield what was done, and what could not be."""
    for name in dict.fromkeys(str(one.data["agent"]) for one in findings if one.data.get("mend")):
        agent = named(name)
        mine = [one for one in findings if one.data.get("agent") == name]
        for path in dict.fromkeys(one.path for one in mine if one.path and one.data.get("mend") == ENABLE):
            yield from _rewritten(tree, path, PROTOCOLS[name].enable, done="hooks run again", is_in_git=is_in_git)
        if not any(one.data.get("mend") in (HOOKS, DENY) for one in mine):
            continue
        deny = next((one.data["deny"] for one in mine if isinstance(one.data.get("deny"), list)), [])
        rules = [str(rule) for rule in deny] if isinstance(deny, list) else []
        yield from _rewritten(
            tree,
            _target(agent, mine),
            partial(_wire, tree, agent, rules, is_rewritten=_is_rewritten(mine)),
            is_own=any(one.data.get("own") for one in mine),
            is_in_git=is_in_git,
        )


def _target(agent: Agent, findings: Sequence[Finding]) -> str:
    """The file that is written: the one that starts the guard badly, if it is everyone's and JSON."""
    for one in findings:
        if one.data.get("own"):
            return str(one.data["target"])
    for one in findings:
        if one.path and one.line and one.data.get("mend") == HOOKS and is_written(agent, one.path):
            return one.path
    return agent.files[0]


def _is_rewritten(findings: Sequence[Finding]) -> bool:
    """Whether the registration itself doesn't hold: one that does stays as it is written."""
    return any(one.data.get("mend") == HOOKS for one in findings)


def _wire(tree: str, agent: Agent, deny: Sequence[str], data: dict[str, Any], *, is_rewritten: bool) -> None:
    if agent.name == "claude-code":
        deny = deny_rules.missing(deny, claude_code.denied(data))
        if not is_rewritten:
            claude_code.forbid(data, deny)
            return
    home = os.path.expanduser("~")
    if not installation.is_startable(tree, home):
        raise UnfitError(NOWHERE)
    PROTOCOLS[agent.name].wire(data, installation.command_for(agent.name, tree, home), deny)


def _rewritten(
    tree: str,
    path: str,
    change: Callable[[dict[str, Any]], object],
    *,
    done: str = IN_PLACE,
    is_own: bool = False,
    is_in_git: bool = True,
) -> Iterator[Fixed]:
    """Change a file of settings; nothing is said where that changes nothing."""
    full = os.path.join(tree, path)
    try:
        found = _read(tree, path)
        before = found.dump()
        change(found.data)
        after = found.dump()
        if after == before:
            return
        _check(after)
        _write(full, after)
    except (UnfitError, UnreadableError) as error:
        yield Fixed(path, f"left as it is: {error}")
    except OSError as error:
        yield Fixed(path, f"left as it is, for it can't be written ({(error.strerror or 'unknown').lower()})")
    else:
        if is_own:
            done = f"{done}, for you alone: git ignores the file"
        elif path != PERSONAL and is_in_git:
            done = f"{done}; stage it: git add {path}"
        yield Fixed(path, done, is_content=not is_own)


def _read(tree: str, path: str) -> Document:
    full = os.path.join(tree, path)
    folder = os.path.dirname(path)
    if os.path.realpath(os.path.join(tree, folder)) != os.path.join(os.path.realpath(tree), folder):
        raise UnfitError("a folder above it is a link")
    if os.path.islink(full):
        raise UnfitError("it is a link")
    try:
        return document.read(read_from_tree(full, document.MOST_BYTES))
    except FileNotFoundError:
        return document.empty()


def _check(text: str) -> None:
    """Whether it will be read again. Raises UnfitError."""
    try:
        document.read(text.encode("utf-8"))
    except UnfitError as error:
        raise UnfitError(f"with the guard in it, {error}") from None


def _write(full: str, text: str) -> None:
    """Write beside the place, then rename, with the mode that the file had. Raises OSError, UnfitError."""
    folder = os.path.dirname(full)
    if os.path.islink(folder):
        raise UnfitError("its folder is a link")
    os.makedirs(folder, exist_ok=True)
    beside = f"{full}.{os.getpid()}.tmp"
    mode = stat.S_IMODE(os.stat(full).st_mode) if os.path.exists(full) else 0o666
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), mode)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.replace(beside, full)
    except BaseException:
        os.unlink(beside)
        raise
