"""GitHub Copilot: the CLI and the cloud agent (`toolName`, with arguments as JSON text), and VS Code's (`tool_name`).

Source of the first format: docs.github.com, hooks configuration. VS Code's is experimental: known from excerpts.
"""

from __future__ import annotations

from nightlatch.agent import claude_code
from nightlatch.agent.call import PASS, Answer, Call, arguments_of, is_of_call, text_of
from nightlatch.agent.root import of_process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from nightlatch.agent.call import Verdict

NAME = "copilot"
EVENTS = ("", "preToolUse", "PreToolUse")


def parse(event: Mapping[str, object], variables: Mapping[str, str]) -> Call | None:
    """The call of an event. Raises EventError."""
    if "toolName" not in event and "tool_name" in event:
        return claude_code.parse(event, variables)
    if not is_of_call(text_of(event, "hook_event_name"), EVENTS, event):
        return None
    tool = text_of(event, "toolName", required=True)
    folder = text_of(event, "cwd")
    return Call(NAME, tool, arguments_of(event, "toolArgs"), folder=folder, roots=[of_process()])


def answer(verdict: Verdict) -> Answer:
    """Flat JSON and the nested form of VS Code in one, and exit 0: any other code would deny without the reason."""
    if verdict.decision == PASS:
        return Answer()
    import json

    told = {"permissionDecision": verdict.decision, "permissionDecisionReason": verdict.reason}
    nested = {"hookSpecificOutput": {"hookEventName": claude_code.EVENT, **told}}
    return Answer(json.dumps(told | nested) + "\n", verdict.reason)
