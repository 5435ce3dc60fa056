"""From the agents' settings to what is wrong with them (PRO009)."""

from __future__ import annotations

from nightlatch.protected_files import agents
from nightlatch.protected_files.wiring import claude_code, cursor, deny_rules
from nightlatch.protected_files.wiring import command as commands
from nightlatch.protected_files.wiring.document import UnfitError
from nightlatch.protected_files.wiring.read import read
from nightlatch.protected_files.wiring.registration import faults as faults_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nightlatch.protected_files.agents import Agent
    from nightlatch.protected_files.wiring.document import Document
    from nightlatch.protected_files.wiring.registration import Reading, Registration

    Fault = tuple[str, str, int, str, bool, str]
    """Agent, path, offset in bytes (-1: the whole file), sentence, whether it is bad (else only not good), and what

    `--fix` does about it: HOOKS, DENY, ENABLE, or nothing."""
    Files = Mapping[str, bytes]
    Read = Mapping[str, tuple[Document, Reading]]

MAIN_EVENT = {"claude-code": "PreToolUse", "codex": "PreToolUse", "cursor": "preToolUse", "copilot": "preToolUse"}
FLAGS = {"claude-code": claude_code.FLAG, "cursor": cursor.FLAG}
CLOSED_BY_EXIT_CODE = ("codex",)
"""Agents without a flag, in which a command that isn't found lets the call run."""

OF_ONE_MACHINE = ("/home/", "/Users/", "/root/")
PERSONAL = ".claude/settings.local.json"
MOST_NAMED = 3

HOOKS = "hooks"
DENY = "deny"
ENABLE = "enable"
BY_HAND = ""


def faults(present: Sequence[str], files: Files, deny: Sequence[str], tree: str) -> Iterator[Fault]:
    """Yield what is wrong.

    present  the names of the agents that are set up
    files    path → bytes of every file of settings that there is
    deny     what Claude Code should never read, as its own rules
    tree     the top folder of the working tree; empty where commits are checked
    """
    for name in present:
        agent = agents.named(name)
        own = {path: raw for path, raw in files.items() if agent.owns(path)}
        yield from _of_agent(agent, own, deny, tree)


def _of_agent(agent: Agent, files: Files, deny: Sequence[str], tree: str) -> Iterator[Fault]:
    readings: dict[str, tuple[Document, Reading]] = {}
    is_broken = False
    for path, raw in files.items():
        try:
            readings[path] = read(agent.name, path, raw)
        except UnfitError as error:
            is_broken = True
            yield agent.name, path, 0, f"{agent.title} takes nothing of {path}: {error}", True, BY_HAND
    for path, (document, reading) in readings.items():
        if reading.rejected:
            is_broken = True
            sentence, trail = reading.rejected
            yield agent.name, path, document.offset(trail), sentence, True, HOOKS
        if reading.disabled:
            sentence = f"`{reading.disabled[-1]}` turns every hook off, the guard too"
            mend = BY_HAND if path.endswith(".toml") else ENABLE
            yield agent.name, path, document.offset(reading.disabled), sentence, True, mend
    yield from _registered(agent, readings, tree, is_broken=is_broken)
    if agent.name == "claude-code":
        yield from _denied(agent, readings, deny)


def _registered(agent: Agent, readings: Read, tree: str, *, is_broken: bool) -> Iterator[Fault]:
    """Whether the guard is started at the event for all tools, and well; and at the others that there are."""
    every = [(path, one) for path, (_, reading) in readings.items() for one in reading.registrations]
    main = [(path, one) for path, one in every if one.event == MAIN_EVENT[agent.name]]
    if not main:
        if not is_broken:
            more = f" (only at {', '.join(sorted({one.event for _, one in every}))})" if every else ""
            sentence = f"{agent.title} is set up here, and no {MAIN_EVENT[agent.name]} hook starts the guard{more}"
            yield agent.name, next(iter(readings), ""), -1, sentence, False, HOOKS
        return
    yield from _best(agent, main, readings, tree)
    events = cursor.EVENTS if agent.name == "cursor" else ()
    lacking = []
    for event in events[1:]:
        others = [(path, one) for path, one in every if one.event == event]
        if others:
            yield from _best(agent, others, readings, tree)
        else:
            lacking.append(event)
    if lacking:
        path = main[0][0]
        yield agent.name, path, -1, f"the guard isn't started at {', '.join(lacking)}", False, HOOKS


def _best(agent: Agent, candidates: Sequence[tuple[str, Registration]], readings: Read, tree: str) -> Iterator[Fault]:
    """The faults of the registration that has the fewest: one that is right is enough."""
    lots = [(path, one, list(_faults(agent, path, one, tree))) for path, one in candidates]
    path, one, found = min(lots, key=lambda lot: (sum(bad for _, bad in lot[2]), len(lot[2])))
    document, _ = readings[path]
    for sentence, bad in found:
        mend = BY_HAND if path.endswith(".toml") else HOOKS
        yield agent.name, path, document.offset(one.trail), f"{one.event}: {sentence}", bad, mend


def _faults(agent: Agent, path: str, one: Registration, tree: str) -> Iterator[tuple[str, bool]]:
    for sentence in faults_of(one, agent.name, flag=FLAGS.get(agent.name, "")):
        yield sentence, True
    parsed = commands.parsed(one.command)
    if parsed is None:
        return
    if tree and parsed.program.startswith(f"{tree}/"):
        yield "its command lies in the repository, where an agent can write", True
    elif path != PERSONAL and parsed.program.startswith(OF_ONE_MACHINE):
        yield "its command is a path of one machine, and the file is everyone's", False
    if agent.name in CLOSED_BY_EXIT_CODE and not parsed.closes:
        yield "a call runs when the command isn't found: `|| exit 2` behind it denies then", False


def _denied(agent: Agent, readings: Read, deny: Sequence[str]) -> Iterator[Fault]:
    """What Claude Code's own rules don't close: a file that is mentioned with `@` is read without any hook."""
    lacking = deny_rules.missing(deny, [rule for _, reading in readings.values() for rule in reading.deny])
    if lacking and readings:
        more = f" and {len(lacking) - MOST_NAMED} more" if len(lacking) > MOST_NAMED else ""
        rules = ", ".join(lacking[:MOST_NAMED])
        sentence = f"permissions.deny lacks {rules}{more}: a file that is mentioned with @ is read without any hook"
        yield agent.name, next(iter(readings)), -1, sentence, False, DENY
