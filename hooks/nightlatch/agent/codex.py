"""OpenAI Codex: Claude Code's shape, but it can't be told to ask, and every other error lets the call run.

Experimental: known from its source (codex-rs/hooks), not from a document read in full.
"""

from __future__ import annotations

import sys

from nightlatch.agent.call import PASS, Answer, Call, arguments_of, is_of_call, text_of
from nightlatch.agent.claude_code import EVENTS, permission_decision
from nightlatch.agent.root import of_process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from nightlatch.agent.call import Verdict

NAME = "codex"


def parse(event: Mapping[str, object], variables: Mapping[str, str]) -> Call | None:  # noqa: ARG001 - the protocol's
    """The call of an event. Codex names no project: it is the one around the folder that it runs hooks in."""
    if not is_of_call(text_of(event, "hook_event_name"), EVENTS, event):
        return None
    return Call(
        NAME,
        text_of(event, "tool_name", required=True),
        arguments_of(event, "tool_input"),
        folder=text_of(event, "cwd"),
        roots=[of_process()],
        mode=text_of(event, "permission_mode"),
        session=text_of(event, "session_id"),
        can_ask=False,
    )


def answer(verdict: Verdict) -> Answer:
    """Exit 2 must come with a reason on standard error, or the call runs.

    On Windows the shell in between turns exit 2 into 1, which counts as a failed hook: there JSON alone denies.
    """
    if verdict.decision == PASS:
        return Answer()
    reason = verdict.reason or "Denied."
    return Answer(permission_decision(verdict), reason, 0 if sys.platform == "win32" else 2)
