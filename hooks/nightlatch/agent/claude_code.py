"""Claude Code: PreToolUse on standard input; exit 2 and the reason on standard error deny.

Source of the format: code.claude.com/docs/en/hooks, of August 2026; `onFailure` of 2.1.295.
"""

from __future__ import annotations

from nightlatch.agent.call import DENY, PASS, Answer, Call, arguments_of, is_of_call, text_of
from nightlatch.agent.root import of_process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from nightlatch.agent.call import Verdict

NAME = "claude-code"
EVENT = "PreToolUse"
EVENTS = ("", EVENT, "PermissionRequest")
"""Exit 2 denies in each of them; where a person is asked anyway, a question changes nothing."""
PROJECT = "CLAUDE_PROJECT_DIR"

OF_OTHERS = ("cursor_version", "workspace_roots", "turn_id", "generation_id")
"""Fields that other agents add to an event of this shape, when they load Claude Code's settings."""


def parse(event: Mapping[str, object], variables: Mapping[str, str]) -> Call | None:
    """The call of an event. Raises EventError."""
    if not is_of_call(text_of(event, "hook_event_name"), EVENTS, event):
        return None
    return Call(
        NAME,
        text_of(event, "tool_name", required=True),
        arguments_of(event, "tool_input"),
        folder=text_of(event, "cwd"),
        roots=[variables.get(PROJECT) or of_process()],
        mode=text_of(event, "permission_mode"),
        session=text_of(event, "session_id"),
        can_ask=not any(name in event for name in OF_OTHERS),
    )


def answer(verdict: Verdict) -> Answer:
    """Nothing for a pass; JSON for a question; JSON and exit 2 for a denial, of which either suffices."""
    if verdict.decision == PASS:
        return Answer()
    output = permission_decision(verdict)
    return Answer(output, verdict.reason, 2) if verdict.decision == DENY else Answer(output)


def permission_decision(verdict: Verdict) -> str:
    """The JSON of a decision, in the shape that several agents share."""
    import json

    decision = {
        "hookEventName": EVENT,
        "permissionDecision": verdict.decision,
        "permissionDecisionReason": verdict.reason,
    }
    return json.dumps({"hookSpecificOutput": decision}) + "\n"
