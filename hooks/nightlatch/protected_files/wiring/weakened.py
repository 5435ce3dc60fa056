"""Two versions of an agent's settings: what the later one no longer guards (PRO011)."""

from __future__ import annotations

from nightlatch.protected_files.agents import agent_of
from nightlatch.protected_files.wiring import command as commands
from nightlatch.protected_files.wiring.document import Document, UnfitError
from nightlatch.protected_files.wiring.read import read
from nightlatch.protected_files.wiring.registration import Reading, faults_of_timeout, setting_of, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nightlatch.protected_files.wiring.registration import Registration

    Fault = tuple[int, str]
    """An offset in bytes into the later version, and a sentence."""

PROTECTING = ("Read(", "Edit(", "Write(")
"""Rules of `permissions.deny` that close files."""

CLOSED_ANYWAY = "copilot"
"""The agent that denies whenever a command fails."""

TRUSTED = (*commands.USUAL_FOLDERS, "${HOME}/.local/bin", "~/.local/bin", *commands.MINIMAL_PATH)
"""Folders that only a person's installer fills."""

NOTHING = Document("", {})


def weakened(
    path: str, before: bytes | None, after: bytes | None, others: Mapping[str, bytes] | None = None
) -> list[Fault]:
    """What the later version of a file of settings guards less; turned off counts even in a first one.

    others  what else of the agent's settings everybody has after the change: a guard may have moved there
    """
    agent = agent_of(path)
    if agent is None:
        return []
    try:
        old = read(agent.name, path, before)[1] if before is not None else Reading()
    except UnfitError:
        old = Reading()
    try:
        document, new = read(agent.name, path, after) if after is not None else (NOTHING, Reading())
    except UnfitError as error:
        return [(0, f"{agent.title} takes nothing of it any more: {error}")] if _guards(old) else []
    elsewhere = [one for other, raw in (others or {}).items() for one in _registered(agent.name, other, raw)]
    return list(_less(agent.name, document, old, new, elsewhere, is_gone=after is None))


def _registered(agent: str, path: str, raw: bytes) -> list[Registration]:
    """Where another file of settings starts the guard; nowhere if the agent takes nothing of it."""
    try:
        reading = read(agent, path, raw)[1]
    except UnfitError:
        return []
    return [] if reading.rejected or reading.disabled else reading.registrations


def _guards(reading: Reading) -> bool:
    return bool(reading.registrations or _closing(reading))


def _closing(reading: Reading) -> list[str]:
    return [rule for rule in reading.deny if rule.startswith(PROTECTING)]


def _less(
    agent: str, document: Document, old: Reading, new: Reading, elsewhere: Sequence[Registration], *, is_gone: bool
) -> Iterator[Fault]:
    gone = "the file was deleted; " if is_gone else ""
    if new.disabled and not old.disabled:
        yield document.offset(new.disabled), f"`{new.disabled[-1]}` turns every hook off"
    is_guarded = bool(old.registrations or new.registrations)
    for trail in [*new.redirected, *(new.bent if is_guarded else ())]:
        if trail not in (*old.redirected, *old.bent):
            yield document.offset(trail), setting_of(trail, is_bent=trail in new.bent)
    if new.rejected and not old.rejected and _guards(old):
        yield document.offset(new.rejected[1]), new.rejected[0]
    for event in dict.fromkeys(one.event for one in old.registrations):
        before = [one for one in old.registrations if one.event == event]
        here = [one for one in new.registrations if one.event == event]
        after = [*here, *(one for one in elsewhere if one.event == event)]
        if not after:
            yield document.offset(("hooks", event)), f"{gone}{event}: nothing starts the guard any more"
            continue
        lots = [min((list(_weaker(agent, one, other)) for other in after), key=len) for one in before]
        where = here[0].trail if here else ("hooks", event)
        for sentence in dict.fromkeys(sentence for lot in lots for sentence in lot):
            yield document.offset(where), f"{event}: {sentence}"
    lost = [rule for rule in _closing(old) if rule not in new.deny]
    if lost:
        yield document.offset(("permissions", "deny")), f"{gone}permissions.deny: {', '.join(lost[:3])} was taken out"


def _weaker(agent: str, old: Registration, new: Registration) -> Iterator[str]:
    if old.covers_all and not new.covers_all:
        yield "the guard is no longer started for every tool"
    elif not old.covers_all and old.matcher != new.matcher and not new.covers_all:
        yield "the matcher changed"
    if old.closes and not new.closes:
        yield "a call runs now when the guard can't answer"
    before, after = commands.parsed(old.command), commands.parsed(new.command)
    if before is not None and after is None:
        yield "the command is another one, and can't be verified"
    elif before is not None and after is not None:
        if before.agent != after.agent:
            yield f"the command answers {after.agent} now"
        if before.closes and not after.closes and not new.closes and agent != CLOSED_ANYWAY:
            yield "a failure of the command no longer denies"
        known = {*TRUSTED, *commands.first_places(before)}
        other = next((place for place in commands.first_places(after) if place not in known), "")
        if other:
            yield f"the command is looked for in {shown(other)} now"
    if not list(faults_of_timeout(old.timeout)):
        yield from faults_of_timeout(new.timeout)
