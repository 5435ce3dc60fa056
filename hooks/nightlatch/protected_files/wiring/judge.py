"""From the agents' settings to what is wrong with them (PRO009)."""

from __future__ import annotations

from nightlatch.protected_files import agents
from nightlatch.protected_files.wiring import claude_code, cursor, deny_rules
from nightlatch.protected_files.wiring import command as commands
from nightlatch.protected_files.wiring.document import UnfitError
from nightlatch.protected_files.wiring.read import read
from nightlatch.protected_files.wiring.registration import faults as faults_of
from nightlatch.protected_files.wiring.registration import setting_of, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nightlatch.protected_files.agents import Agent
    from nightlatch.protected_files.wiring.document import Document
    from nightlatch.protected_files.wiring.registration import Reading, Registration

    Fault = tuple[str, str, int, str, bool, str, str]
    """Agent, path, offset in bytes (-1: the whole file), sentence, whether it is bad (else only not good), what

    `--fix` does about it (HOOKS, DENY, ENABLE, or nothing), and what a person does where it does nothing."""
    Files = Mapping[str, bytes]
    Place = tuple[str, str]
    """The top folder of the working tree, and the home folder."""

    Read = Mapping[str, tuple[Document, Reading]]

MAIN_EVENT = {"claude-code": "PreToolUse", "codex": "PreToolUse", "cursor": "preToolUse", "copilot": "preToolUse"}
FLAGS = {"claude-code": claude_code.FLAG, "cursor": cursor.FLAG}
CLOSED_BY_EXIT_CODE = ("codex",)
"""Agents without a flag, in which a command that isn't found lets the call run."""

OF_ONE_MACHINE = ("/home/", "/Users/", "/root/")
PERSONAL = ".claude/settings.local.json"
PERSONAL_NAME = "/settings.local.json"
MOST_NAMED = 3

HOOKS = "hooks"
DENY = "deny"
ENABLE = "enable"
BY_HAND = ""


def faults(
    present: Sequence[str], files: Files, links: Sequence[str], deny: Sequence[str], place: Place
) -> Iterator[Fault]:
    """Yield what is wrong.

    present  the names of the agents that are set up
    files    path → bytes of every file of settings that there is
    links    settings that are links, or lie behind one
    deny     what Claude Code should never read, as its own rules
    place    the top folder of the working tree, and the home folder; empty where it isn't known
    """
    for name in present:
        agent = agents.named(name)
        own = {path: raw for path, raw in files.items() if agent.owns(path)}
        yield from _of_agent(agent, own, [path for path in links if agent.owns(path)], deny, place)


def _of_agent(agent: Agent, files: Files, links: Sequence[str], deny: Sequence[str], place: Place) -> Iterator[Fault]:
    readings: dict[str, tuple[Document, Reading]] = {}
    shared = [path for path in links if not path.endswith(PERSONAL_NAME)]
    is_broken = bool(shared)
    for path in shared:
        sentence = f"{path} is a link, or lies behind one: what it leads to is not read, so nothing is known of a guard"
        by_hand = f"Put what {path} leads to in the place of the link, as a file of the repository."
        yield agent.name, path, -1, sentence, False, BY_HAND, by_hand
    for path, raw in files.items():
        try:
            readings[path] = read(agent.name, path, raw)
        except UnfitError as error:
            is_broken = True
            sentence = f"{agent.title} takes nothing of {path}: {error}"
            yield agent.name, path, 0, sentence, True, BY_HAND, f"Mend in {path}, by hand: {error.remedy or error}."
    for path, (document, reading) in readings.items():
        is_broken = is_broken or reading.rejected is not None
        yield from _of_file(agent, path, document, reading)
    is_registered = any(reading.registrations for _, reading in readings.values())
    for path, (document, reading) in readings.items() if is_registered else ():
        yield from _of_variables(agent, path, document, reading)
    yield from _registered(agent, readings, place, is_broken=is_broken)
    if agent.name == "claude-code" and is_registered and not is_broken:  # else both are mended at once, and told once
        yield from _denied(agent, readings, deny)


def _of_file(agent: Agent, path: str, document: Document, reading: Reading) -> Iterator[Fault]:
    """What of a file lets no registration in it hold."""
    if reading.rejected:
        sentence, trail, can_mend = reading.rejected
        by_hand = f"Mend in {path}, by hand: {sentence}."
        yield agent.name, path, document.offset(trail), sentence, True, HOOKS if can_mend else BY_HAND, by_hand
    if reading.disabled:
        key = reading.disabled[-1]
        sentence = f"`{key}` turns every hook off, the guard too"
        mend = BY_HAND if path.endswith(".toml") else ENABLE
        by_hand = f"In {path} take `{key} = false` out of [features], by hand."
        yield agent.name, path, document.offset(reading.disabled), sentence, True, mend, by_hand
    if reading.unversioned and reading.registrations:
        by_hand = f'Write `"version": 1` at the top of {path}.'
        yield agent.name, path, -1, '`"version": 1` is missing, which the format demands', False, BY_HAND, by_hand


def _of_variables(agent: Agent, path: str, document: Document, reading: Reading) -> Iterator[Fault]:
    """What settings hand to the guard that is registered, and could make of it another one."""
    for trail in sorted([*reading.redirected, *reading.bent], key=document.offset):
        sentence = setting_of(trail, is_bent=trail in reading.bent)
        by_hand = f"Take {shown(str(trail[-1]))} out of `env` in {path}."
        yield agent.name, path, document.offset(trail), sentence, True, BY_HAND, by_hand


def _registered(agent: Agent, readings: Read, place: Place, *, is_broken: bool) -> Iterator[Fault]:
    """Whether the guard is started at the event for all tools, and well; and at the others that there are."""
    every = [(path, one) for path, (_, reading) in readings.items() for one in reading.registrations]
    main = [(path, one) for path, one in every if one.event == MAIN_EVENT[agent.name]]
    if not main:
        if not is_broken:
            more = f" (only at {', '.join(sorted({one.event for _, one in every}))})" if every else ""
            sentence = f"{agent.title} is set up here, and no {MAIN_EVENT[agent.name]} hook starts the guard{more}"
            yield agent.name, next(iter(readings), ""), -1, sentence, False, HOOKS, ""
        return
    yield from _best(agent, main, readings, place)
    events = cursor.EVENTS if agent.name == "cursor" else ()
    lacking = []
    for event in events[1:]:
        others = [(path, one) for path, one in every if one.event == event]
        if others:
            yield from _best(agent, others, readings, place)
        else:
            lacking.append(event)
    if lacking:
        path = main[0][0]
        yield agent.name, path, -1, f"the guard isn't started at {', '.join(lacking)}", False, HOOKS, ""


def _best(
    agent: Agent, candidates: Sequence[tuple[str, Registration]], readings: Read, place: Place
) -> Iterator[Fault]:
    """The faults of the registration that has the fewest: one that is right is enough."""
    shared = [(path, one) for path, one in candidates if not path.endswith(PERSONAL_NAME)]  # a person's own mends none
    lots = [(path, one, list(_faults(agent, path, one, place))) for path, one in shared or candidates]
    path, one, found = min(lots, key=lambda lot: (sum(bad for _, bad in lot[2]), len(lot[2])))
    document, _ = readings[path]
    for sentence, bad in found:
        mend = HOOKS if is_written(agent, path) else BY_HAND
        offset = document.offset(one.trail) if not path.endswith(".toml") else 0
        yield agent.name, path, offset, f"{one.event}: {sentence}", bad, mend, _by_hand(agent, path)


def is_written(agent: Agent, path: str) -> bool:
    """Whether `--fix` registers the guard in a file of settings."""
    return path == agent.files[0] or bool(agent.further and path.startswith(agent.further))


def _by_hand(agent: Agent, path: str) -> str:
    """What to write for a registration where `--fix` doesn't."""
    out = (
        f"or take the hook out there, then run: nightlatch protected-files --fix; and: git add {path} {agent.files[0]}"
    )
    if path.endswith(".toml"):
        command = commands.written(agent.name, closes=True)
        return (
            f'In {path} write, by hand: matcher = ".*", type = "command", timeout = 60, command = \'{command}\'; {out}'
        )
    return f"In {path} mend the hook by hand, {out}"


def _faults(agent: Agent, path: str, one: Registration, place: Place) -> Iterator[tuple[str, bool]]:
    for sentence in faults_of(one, agent.name, flag=FLAGS.get(agent.name, "")):
        yield sentence, True
    parsed = commands.parsed(one.command)
    if parsed is None:
        return
    for absent in one.absent:
        yield absent, False
    tree, home = place
    if tree and any(commands.lies_in(folder, tree, home) for folder in commands.places(parsed)):
        yield "its command lies in the repository, where an agent can write", True
    elif any(commands.is_temporary(folder) for folder in commands.first_places(parsed)):
        yield "its command lies in a folder for temporary files, where an agent can write", True
    elif path != PERSONAL and parsed.program.startswith(OF_ONE_MACHINE):
        yield "its command is a path of one machine, and the file is everyone's", False
    if agent.name in CLOSED_BY_EXIT_CODE and not parsed.closes:
        yield "a call runs when the command isn't found: `|| exit 2` behind it denies then", False


def _denied(agent: Agent, readings: Read, deny: Sequence[str]) -> Iterator[Fault]:
    """What Claude Code's own rules don't close: a file that is mentioned with `@` is read without any hook."""
    shared = {path: found for path, found in readings.items() if path != PERSONAL} or readings
    lacking = deny_rules.missing(deny, [rule for _, reading in shared.values() for rule in reading.deny])
    if lacking and readings:
        more = f" and {len(lacking) - MOST_NAMED} more" if len(lacking) > MOST_NAMED else ""
        rules = ", ".join(lacking[:MOST_NAMED])
        sentence = f"permissions.deny lacks {rules}{more}: a file that is mentioned with @ is read without any hook"
        yield agent.name, next(iter(shared)), -1, sentence, False, DENY, ""
