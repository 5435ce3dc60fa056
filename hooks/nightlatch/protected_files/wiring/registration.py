"""What of a registration every agent's settings have in common, and what is wrong with one."""

from __future__ import annotations

from nightlatch.protected_files.wiring import command as commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from typing import Any

    from nightlatch.protected_files.wiring.document import Trail

SHORTEST = 5
LONGEST = 600
"""Seconds. Below, a busy machine runs out of time; above, somebody took the unit for milliseconds."""

EVERYTHING = frozenset(("", "*", ".*", ".+", "^.*$", "^.+$", "^.*", ".*$", "(.*)", "^(.*)$", r"[\s\S]*"))
"""Matchers that are known to cover every tool. No expression of a repository's is ever tried out."""


KNOWN = ("type", "command", "timeout", "statusMessage")
"""Keys of an entry in Claude Code's shape that leave the guard in force; any other may not."""

HARMLESS: Mapping[str, Sequence[object]] = {
    "async": (False,),
    "asyncRewake": (False,),
    "once": (False,),
    "shell": ("bash",),
}
"""Values with which other keys change nothing."""

PASSED_BY = ("if", "async", "asyncRewake", "once", "args")
LONGEST_KEY = 60


class Registration:
    """One place in which settings start the guard.

    event     the event's name
    command   the command line
    closes    whether a failure of the command itself denies, by the agent's own flag
    matcher   None where the agent has none, or the entry has none
    timeout   as it stands there; None: the agent's own
    narrowed  what of it lets calls pass by, or isn't known not to: a key each, or `no` and what is missing
    absent    what could be there as well, each as a sentence
    trail     where it stands
    """

    __slots__ = ("absent", "closes", "command", "event", "matcher", "narrowed", "timeout", "trail")

    def __init__(
        self,
        event: str,
        command: str,
        trail: Trail,
        *,
        closes: bool = False,
        matcher: object = None,
        timeout: object = None,
        narrowed: Sequence[str] = (),
        absent: Sequence[str] = (),
    ) -> None:
        self.event = event
        self.command = command
        self.trail = trail
        self.closes = closes
        self.matcher = matcher
        self.timeout = timeout
        self.narrowed = narrowed
        self.absent = absent

    @property
    def covers_all(self) -> bool:
        """Whether it is started for every tool."""
        return not self.narrowed and (self.matcher is None or covers_every_tool(self.matcher))


class Reading:
    """What one file of settings says.

    registrations  where it starts the guard, well or badly
    rejected       why the agent takes nothing of the file, where, and whether `--fix` mends it; None where it does
    disabled       where it turns every hook off; None where it doesn't
    redirected     where it sets variables by which another program may start than the guard
    bent           where it sets variables by which the guard may read something else, if it is started here
    unversioned    whether it lacks the version that its format demands
    deny           what it never lets be read, in the agent's own form, with its place
    """

    __slots__ = ("bent", "deny", "disabled", "redirected", "registrations", "rejected", "unversioned")

    def __init__(self) -> None:
        self.registrations: list[Registration] = []
        self.rejected: tuple[str, Trail, bool] | None = None
        self.redirected: list[Trail] = []
        self.bent: list[Trail] = []
        self.unversioned = False
        self.disabled: Trail | None = None
        self.deny: list[str] = []


def setting_of(trail: Trail, *, is_bent: bool) -> str:
    """What is said of a variable that settings set."""
    name = shown(str(trail[-1]))
    if is_bent:
        return f"`env` sets {name}, by which the guard may load or read something else"
    return f"`env` sets {name}, by which another program may start than the guard, or none"


def shown(key: str) -> str:
    """A key or a path of a repository's, as a message may hold it."""
    plain = key if len(key) <= LONGEST_KEY else f"{key[:LONGEST_KEY]}…"
    return "".join(one if one.isprintable() and one != "`" else "?" for one in plain)


def covers_every_tool(matcher: object) -> bool:
    """Whether a matcher is known to take every tool: by itself, or by one of its alternatives."""
    if not isinstance(matcher, str):
        return False
    if matcher in EVERYTHING:
        return True
    if set(matcher) & set("([\\"):
        return False
    return any(part in EVERYTHING - {"", "*"} for part in matcher.split("|"))


def faults(one: Registration, agent: str, *, flag: str) -> Iterator[str]:
    """Yield what is wrong with a registration, each as the end of a sentence.

    agent  the name that the command must give
    flag   how the agent is told to deny when the command fails; empty where it can't be told
    """
    parsed = commands.parsed(one.command)
    if parsed is None:
        yield "its command can't be verified: only the guard itself, by its name or its whole path, is known to hold"
    elif parsed.agent not in (agent, "auto"):
        yield f"its command answers {parsed.agent} and not {agent}"
    elif commands.is_relative(parsed.program):
        yield "its command is looked for from the folder that the agent is in, and an agent can write there"
    if one.matcher is not None and not covers_every_tool(one.matcher):
        yield "its matcher is not known to cover every tool (`*` does)"
    for key in one.narrowed:
        yield _narrowing(key)
    yield from faults_of_timeout(one.timeout)
    if flag and not one.closes:
        yield f"a call runs when the guard can't answer: {flag} is missing"


def _narrowing(key: str) -> str:
    if key == "type":
        return 'its `"type": "command"` is missing'
    if key in PASSED_BY or key.startswith("no "):
        return f"`{key}` lets calls pass by it"
    return f"`{shown(key)}` is not known to leave the guard in force for every call"


def narrowing(entry: Mapping[str, Any], known: Collection[str], *, needs_type: bool = True) -> list[str]:
    """The keys of an entry that are not known to leave the guard in force.

    known       what may stand there with any value
    needs_type  whether the agent demands a type
    """
    found = [key for key in entry if key not in known and not _is_harmless(key, entry[key])]
    if entry.get("type", None if needs_type else "command") != "command":
        found.append("type")
    return found


def _is_harmless(key: str, value: object) -> bool:
    return any(value is one or (isinstance(one, str) and value == one) for one in HARMLESS.get(key, ()))


def faults_of_timeout(timeout: object) -> Iterator[str]:
    if timeout is None:
        return
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)):
        yield "its time-out is no number"
    elif timeout < SHORTEST:
        yield f"its time-out is under {SHORTEST} seconds, too short for a busy machine"
    elif timeout > LONGEST:
        yield f"its time-out is over {LONGEST} seconds (the unit is seconds)"


def nested(document: Mapping[str, Any], trail: Trail, event: str, flags: Mapping[str, object]) -> list[Registration]:
    """The registrations of an event in the shape of Claude Code, which others share.

    flags  the key, and its value, that makes the agent deny when the command fails
    """
    found = []
    groups = document.get(event)
    for number, group in enumerate(groups if isinstance(groups, list) else ()):
        entries = group.get("hooks") if isinstance(group, dict) else None
        for place, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict) and commands.is_about(entry.get("command")):
                found.append(
                    Registration(
                        event,
                        entry["command"],
                        (*trail, event, number, "hooks", place),
                        closes=bool(flags) and all(entry.get(key) == value for key, value in flags.items()),
                        matcher=group.get("matcher"),
                        timeout=entry.get("timeout"),
                        narrowed=narrowing(entry, (*KNOWN, *flags)),
                    )
                )
    return found


def without_guard(groups: list[Any]) -> list[Any]:
    """The groups of an event in that shape, without what starts the guard; foreign entries stay as they are."""
    kept = []
    for group in groups:
        entries = group.get("hooks") if isinstance(group, dict) else None
        if isinstance(entries, list):
            foreign = [one for one in entries if not (isinstance(one, dict) and commands.is_guard(one.get("command")))]
            if not foreign and len(entries):
                continue
            if len(foreign) != len(entries):
                group["hooks"] = foreign
        kept.append(group)
    return kept
