"""Cursor: an event for each kind of call, and one for all (`preToolUse`).

Experimental: known from excerpts of its documentation and from other tools' sources. A hook that is registered with
`failClosed` and prints nothing counts as failed, so that a pass needs an answer of its own.
"""

from __future__ import annotations

from nightlatch.agent.call import DENY, PASS, Answer, Call, arguments_of, is_of_call, text_of
from nightlatch.agent.root import MOST_ROOTS, of_process
from nightlatch.core.errors import EventError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nightlatch.agent.call import Verdict

NAME = "cursor"
PROJECT = "CURSOR_PROJECT_DIR"

SETTINGS = ".cursor/hooks.json"
SHELL = "beforeShellExecution"
MCP = "beforeMCPExecution"
READS = ("beforeReadFile", "beforeTabFileRead")
EVERY_TOOL = "preToolUse"
ASKING = (SHELL, MCP)
"""The events whose answer may be to ask; in the others only allow and deny count."""

EVENTS = (SHELL, MCP, *READS, EVERY_TOOL)

_NEUTRAL = '{"permission": "allow"}\n'
"""No permission by itself: Cursor's own list of allowed commands still counts."""


def parse(event: Mapping[str, object], variables: Mapping[str, str]) -> Call | None:
    """The call of an event. Raises EventError."""
    name = text_of(event, "hook_event_name", required=True)
    if not is_of_call(name, EVENTS, event):
        return None
    tool, arguments = _tool(name, event)
    roots = _roots(event, variables)
    call = Call(
        NAME,
        tool,
        arguments,
        folder=text_of(event, "cwd") or roots[0],
        roots=roots,
        session=text_of(event, "conversation_id"),
        can_ask=name in ASKING,
    )
    later = _event_of(tool) if name == EVERY_TOOL else ""
    if later:
        call.again = lambda: _is_wired(later, roots, variables)
    return call


def _event_of(tool: str) -> str:
    """The event in which a call comes again after the one for all tools, and at which a person can be asked."""
    if tool.lower().startswith(("mcp:", "mcp__")):
        return MCP
    return SHELL if tool.lower() == "shell" else ""


def _is_wired(event: str, roots: Sequence[str], variables: Mapping[str, str]) -> bool:
    """Whether the guard is registered for an event, in a folder of the workspace or in the home folder."""
    from nightlatch.agent.json_input import parsed
    from nightlatch.agent.place import Place

    for folder in (*roots, variables.get("HOME", "")):
        text = Place("", "").read_text(f"{folder}/{SETTINGS}") if folder else None
        try:
            settings = parsed(text or "{}")
        except EventError:
            continue
        hooks = settings.get("hooks") if isinstance(settings, dict) else None
        entries = hooks.get(event) if isinstance(hooks, dict) else None
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and "agent-hook" in str(entry.get("command")):
                return True
    return False


def _tool(name: str, event: Mapping[str, object]) -> tuple[str, Mapping[str, object]]:
    """The tool and its arguments, in the words of the event for all tools."""
    if name == SHELL:
        return "Shell", {"command": text_of(event, "command", required=True)}
    if name in READS:
        return "Read", {"file_path": text_of(event, "file_path", required=True), "attachments": _attached(event)}
    tool = text_of(event, "tool_name", required=True)
    return (f"mcp__{tool}" if name == MCP else tool), arguments_of(event, "tool_input")


def _attached(event: Mapping[str, object]) -> list[str]:
    """The files that go along with one that is read."""
    attachments = event.get("attachments") or []
    if not isinstance(attachments, list):
        raise EventError("The event's `attachments` is no list.")
    named = [item.get(key) for item in attachments if isinstance(item, dict) for key in ("file_path", "filePath")]
    return [path for path in named if isinstance(path, str)]


def _roots(event: Mapping[str, object], variables: Mapping[str, str]) -> list[str]:
    """The folders of the workspace. On Windows they may come as `/c:/src`."""
    roots = event.get("workspace_roots") or []
    if not isinstance(roots, list) or not all(isinstance(root, str) for root in roots) or len(roots) > MOST_ROOTS:
        raise EventError(f"The event's `workspace_roots` is no list of at most {MOST_ROOTS} folders.")
    named = [root[1:] if root[2:3] == ":" and root.startswith("/") else root for root in roots]
    return named or [variables.get(PROJECT) or of_process()]


def answer(verdict: Verdict) -> Answer:
    """JSON in every case; exit 2 denies too."""
    if verdict.decision == PASS:
        return Answer(_NEUTRAL)
    import json

    told = {"permission": verdict.decision, "user_message": verdict.reason, "agent_message": verdict.reason}
    output = json.dumps(told) + "\n"
    return Answer(output, verdict.reason, 2) if verdict.decision == DENY else Answer(output)
