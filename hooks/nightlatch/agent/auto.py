"""Which agent an event is of, by the fields that only one of them sends.

Several agents share Claude Code's shape, and some load its settings. Where it can't be told that Claude Code itself
is there to ask, a question becomes a denial.
"""

from __future__ import annotations

from nightlatch.agent import claude_code, codex, copilot, cursor
from nightlatch.agent.call import Answer
from nightlatch.core.errors import EventError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from nightlatch.agent.call import Agent, Call, Verdict

NAME = "auto"

_CURSOR = ("cursor_version", "workspace_roots", "generation_id")
_CODEX = ("turn_id",)
_TRANSCRIPTS = ("/.claude/", "\\.claude\\")


def agent_of(event: Mapping[str, object], variables: Mapping[str, str]) -> Agent:
    """The protocol of an event. Raises EventError where it is none that is known."""
    if "toolName" in event:
        return copilot
    if any(name in event for name in _CURSOR) and event.get("hook_event_name") in cursor.EVENTS:
        return cursor
    if "tool_name" not in event:
        raise EventError("The event is none of an agent that is known here.", "Name the agent with --agent.")
    if any(name in event for name in _CODEX):
        return codex
    return claude_code if _is_claude_code(event, variables) else _SHARED


def _is_claude_code(event: Mapping[str, object], variables: Mapping[str, str]) -> bool:
    """Whether it is certain: the project's variable is set, and the transcript lies where only Claude Code keeps it."""
    transcript = event.get("transcript_path")
    is_its_own = isinstance(transcript, str) and any(mark in transcript for mark in _TRANSCRIPTS)
    return is_its_own and bool(variables.get(claude_code.PROJECT))


class _Shared:
    """Claude Code's shape, of an agent that may not know how to ask."""

    NAME = claude_code.NAME

    def parse(self, event: Mapping[str, object], variables: Mapping[str, str]) -> Call | None:
        call = claude_code.parse(event, variables)
        if call is not None:
            call.can_ask = False
        return call

    def answer(self, verdict: Verdict) -> Answer:
        return claude_code.answer(verdict)


_SHARED = _Shared()


def answer(verdict: Verdict) -> Answer:
    """For an event of an unknown agent: exit 2 and a reason deny in every protocol that is known."""
    return Answer("", verdict.reason, 2)
