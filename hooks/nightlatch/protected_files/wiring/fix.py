"""`--fix`: the guard is registered in the settings of each agent that is set up. What is foreign there stays."""

from __future__ import annotations

import os
import stat
import sys
from functools import partial

from nightlatch.core.files import UnreadableError, read_from_tree
from nightlatch.core.hook import Fixed
from nightlatch.protected_files.agents import named
from nightlatch.protected_files.wiring import claude_code, deny_rules, document
from nightlatch.protected_files.wiring import command as commands
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
CLOSED_BY_EXIT_CODE = ("claude-code", "codex")
"""Agents that take exit code 2 for a denial, and any other failure for none."""

IN_PLACE = "the guard is registered"


def wire(tree: str, findings: Sequence[Finding]) -> Iterator[Fixed]:
    """Register the guard for each agent that a finding names; yield what was done, and what could not be."""
    for name in dict.fromkeys(str(one.data["agent"]) for one in findings if one.data.get("mend")):
        agent = named(name)
        mine = [one for one in findings if one.data.get("agent") == name]
        for path in dict.fromkeys(one.path for one in mine if one.path and one.data.get("mend") == ENABLE):
            yield from _rewritten(tree, path, PROTOCOLS[name].enable, done="hooks run again")
        if not any(one.data.get("mend") in (HOOKS, DENY) for one in mine):
            continue
        deny = next((one.data["deny"] for one in mine if isinstance(one.data.get("deny"), list)), [])
        rules = [str(rule) for rule in deny] if isinstance(deny, list) else []
        yield from _rewritten(
            tree, _target(agent, mine), partial(_wire, tree, agent, rules, is_rewritten=_is_rewritten(mine))
        )


def _target(agent: Agent, findings: Sequence[Finding]) -> str:
    """The file that is written: the one that starts the guard badly, if it is everyone's and JSON."""
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
    command = commands.written(
        agent.name,
        _scripts(tree),
        closes=agent.name in CLOSED_BY_EXIT_CODE,
        is_windows=os.name == "nt",
    )
    PROTOCOLS[agent.name].wire(data, command, deny)


def _scripts(tree: str) -> str:
    """The folder of this installation's command as it is written; empty where a usual folder leads to it."""
    home = os.path.expanduser("~")
    folder = os.path.dirname(os.path.abspath(sys.executable))
    program = os.path.join(folder, commands.PROGRAM)
    usual = commands.found(
        commands.Command("", commands.PROGRAM, (*commands.OWN_PATH[:1], *commands.USUAL_FOLDERS), closes=True), home
    )
    if not os.path.exists(program) or (usual and os.path.realpath(usual) == os.path.realpath(program)):
        return ""
    return commands.folder_for(folder, home, tree)


def _rewritten(
    tree: str, path: str, change: Callable[[dict[str, Any]], object], *, done: str = IN_PLACE
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
        yield Fixed(path, f"{done}" if path == PERSONAL else f"{done}; stage it: git add {path}", is_content=True)


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
    except UnicodeEncodeError:
        raise UnfitError("it holds half a character (a lone \\ud800 to \\udfff)") from None


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
