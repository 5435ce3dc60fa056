"""A tool call as the engine sees it, whichever agent made it, and what is answered."""

from __future__ import annotations

from nightlatch.core.errors import EventError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from typing import Final, Protocol

PASS: Final = "pass"  # noqa: S105 - no password
ASK: Final = "ask"
DENY: Final = "deny"

RANKS = {PASS: 0, ASK: 1, DENY: 2}
"""Of several decisions the one that weighs most counts."""


class Call:
    """One call of a tool.

    agent      the protocol's name: `claude-code`
    tool       the tool's name as the agent gives it
    arguments  its arguments by name
    folder     the folder that relative paths and commands start from, absolute; empty where it isn't known
    roots      the project's folders, absolute: each may have a policy of its own, and all of them count
    mode       the agent's own permission mode (`default`, `bypassPermissions`), empty where it says none
    session    the agent's name for the session, for the log
    can_ask    whether the agent asks a person when it is told to
    secrets    the secrets that were found in it: no reason and no log may hold one
    again      None, or what tells whether the same call comes once more, in an event at which the agent can ask
    """

    __slots__ = ("again", "agent", "arguments", "can_ask", "folder", "mode", "roots", "secrets", "session", "tool")

    def __init__(
        self,
        agent: str,
        tool: str,
        arguments: Mapping[str, object],
        *,
        folder: str = "",
        roots: Sequence[str] = (),
        mode: str = "",
        session: str = "",
        can_ask: bool = True,
    ) -> None:
        self.agent = agent
        self.tool = tool
        self.arguments = arguments
        self.folder = folder
        self.roots = roots
        self.mode = mode
        self.session = session
        self.can_ask = can_ask
        self.secrets: set[str] = set()
        self.again: Callable[[], bool] | None = None


class Verdict:
    """What is decided about a call, and why, in words for the agent. A pass has no reason.

    rules  the names of the policy's rules that decided, for the log
    """

    __slots__ = ("decision", "reason", "rules")

    def __init__(self, decision: str = PASS, reason: str = "", rules: Sequence[str] = ()) -> None:
        self.decision = decision
        self.reason = reason
        self.rules = rules


class Answer:
    """What the process ends with: standard output, standard error, and the exit code."""

    __slots__ = ("code", "error", "output")

    def __init__(self, output: str = "", error: str = "", code: int = 0) -> None:
        self.output = output
        self.error = error
        self.code = code


if TYPE_CHECKING:

    class Agent(Protocol):
        """One agent's protocol: a module of this package."""

        NAME: str

        def parse(self, event: Mapping[str, object], variables: Mapping[str, str]) -> Call | None:
            """The call of an event, or None for an event that is not about a call to come. Raises EventError."""

        def answer(self, verdict: Verdict) -> Answer:
            """What is told to the agent."""


def text_of(event: Mapping[str, object], name: str, *, required: bool = False) -> str:
    """A text of an event; empty where it is null or missing. Raises EventError where it is something else."""
    value = event.get(name)
    if isinstance(value, str) and (value or not required):
        return value
    if required or value is not None:
        raise EventError(f"The event's `{name}` is no text.", REMEDY)
    return ""


def is_of_call(name: str, known: Collection[str], event: Mapping[str, object]) -> bool:
    """Whether an event is about a call to come. Raises EventError where that can't be told.

    name   the event's name
    known  the names that the agent gives to such events
    """
    if name in known:
        return True
    from nightlatch.agent.events import is_of_another_kind

    return not is_of_another_kind(name, event)


def refuse_two_shapes(event: Mapping[str, object]) -> None:
    """Raise EventError for an event that names a call twice: which of them would run can't be told."""
    if ("toolName" in event or "toolArgs" in event) and ("tool_name" in event or "tool_input" in event):
        raise EventError("The event names two calls at once.", REMEDY)


def arguments_of(event: Mapping[str, object], name: str) -> Mapping[str, object]:
    """The arguments of a call: an object, JSON text of one, or a patch as it is. Raises EventError."""
    value = event.get(name)
    if isinstance(value, str):
        from nightlatch.agent.json_input import parsed

        try:
            value = {"patch": value} if value.lstrip().startswith(PATCH) else parsed(value)
        except EventError:
            value = None
    if not isinstance(value, dict):
        raise EventError(f"The event's `{name}` is no object, nor JSON text of one.", REMEDY)
    return value


PATCH = "*** Begin Patch"
"""How the text begins that some models send to `apply_patch` in the place of its arguments."""

REMEDY = "Check that the hook is wired to the right event of this agent: docs/agent-hook.md."
