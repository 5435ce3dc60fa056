"""The configuration's mode: a ceiling over whatever mode the agent's own session runs in.

explore  nothing is written and nothing is started that does more than look
ask      where the session would not ask by itself, removing and running are asked about
auto     no ceiling
"""

from __future__ import annotations

from nightlatch.agent import effects
from nightlatch.agent.call import ASK, DENY
from nightlatch.agent.reasons import NO_OTHER_WAY, Reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.agent.call import Call
    from nightlatch.agent.effects import Effect
    from nightlatch.agent.judge import Objection
    from nightlatch.agent.situation import Situation

NEVER_ASKING = frozenset(("bypassPermissions", "auto"))
"""The agents' own modes in which nobody is asked. `dontAsk` refuses what it may not ask about."""

RULE = "mode"
KEY = "protected-files.mode in .nightlatch.yaml"
EXPLORE = "explore"
SPECIAL = ("/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty")


def objections(effect: Effect, call: Call, now: Situation) -> Iterator[Objection]:
    """Yield what the mode says against an effect."""
    mode = now.policy.mode
    if mode == EXPLORE and (what := _more_than_looking(effect, now)):
        yield DENY, _exploring(what), RULE
    elif mode == ASK and call.mode in NEVER_ASKING and (what := _asked_for(effect, now)):
        yield ASK, _asking(call, what), RULE


def of_tool(call: Call, now: Situation) -> Iterator[Objection]:
    """Yield what the mode says against a tool of an MCP server, by what its name says that it does."""
    from nightlatch.agent.tool_names import changes_something

    mode = now.policy.mode
    is_asked = mode == ASK and call.mode in NEVER_ASKING
    if not (mode == EXPLORE or is_asked) or not call.tool.startswith("mcp__") or not changes_something(call.tool):
        return
    if is_asked:
        yield ASK, _asking(call, "a tool that changes something"), RULE
    else:
        yield DENY, _exploring("using a tool that changes something"), RULE


def _exploring(what: str) -> Reason:
    said = f"The mode here is explore ({KEY}), in which agents only read: {what} is left to the user."
    return Reason(said, NO_OTHER_WAY)


def _asking(call: Call, what: str) -> Reason:
    said = f"The mode here is ask ({KEY}), and this session runs without asking ({call.mode}): {what} needs a person."
    return Reason(said, NO_OTHER_WAY)


def _more_than_looking(effect: Effect, now: Situation) -> str:
    """What an effect does beyond reading, in a few words; empty where nothing."""
    if isinstance(effect, effects.Write) and effect.path not in SPECIAL:
        return f"{'removing' if effect.is_removal else 'writing'} {now.in_project(effect.path)}"
    if isinstance(effect, effects.Sql) and not _only_reads(effect.text):
        return "running this SQL"
    return _run_by(effect, now)


def _asked_for(effect: Effect, now: Situation) -> str:
    if isinstance(effect, effects.Write) and effect.is_removal:
        return f"removing {now.in_project(effect.path)}"
    return _run_by(effect, now)


def _run_by(effect: Effect, now: Situation) -> str:
    """The program that an effect starts, in words; empty where it is none, or one that only looks."""
    from nightlatch.agent.programs import only_looks

    if not isinstance(effect, effects.Execute) or effect.looks or only_looks(effect.path):
        return ""
    return f"running {now.in_project(effect.path)}"


def _only_reads(text: str | None) -> bool:
    from nightlatch.agent.sql import classify

    return text is not None and all(statement.kind == "read" for statement in classify(text))
