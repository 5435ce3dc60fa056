"""Which events are about a call to come. What isn't known to be none is never passed by unchecked.

Source: the lists of events in the documentation of Claude Code and of Cursor, of August 2026.
"""

from __future__ import annotations

from nightlatch.agent.call import EventError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

OTHERS = frozenset(
    (
        "beforesubmitprompt",
        "configchange",
        "cwdchanged",
        "elicitation",
        "elicitationresult",
        "filechanged",
        "instructionsloaded",
        "notification",
        "permissiondenied",
        "precompact",
        "sessionend",
        "sessionstart",
        "setup",
        "stop",
        "stopfailure",
        "subagentstart",
        "subagentstop",
        "taskcompleted",
        "taskcreated",
        "teammateidle",
        "userpromptsubmit",
        "workspaceopen",
        "worktreecreate",
        "worktreeremove",
    )
)
"""Events about something else, in small letters. Those that begin with `after` or `post` are about what is done."""

DONE = ("after", "post")

OF_A_CALL = ("tool_name", "toolName", "tool_input", "toolArgs", "command", "file_path")
"""Fields that only an event of a call has."""


def is_of_call(name: str, known: Collection[str], event: Mapping[str, object]) -> bool:
    """Whether an event is about a call to come.

    name   the event's name
    known  the names that the agent gives to such events
    Raises EventError where that can't be told: the event looks like one, and its name is none that is known.
    """
    if name in known:
        return True
    plain = name.lower()
    if plain in OTHERS or plain.startswith(DONE) or not any(field in event for field in OF_A_CALL):
        return False
    what = "The event looks like a tool's call, and its name is none that this agent is known to send."
    raise EventError(what, "Check that --agent in the hook's command names the agent that runs it.")


def refuse_two_shapes(event: Mapping[str, object]) -> None:
    """Raise EventError for an event that names a call twice: which of them would run can't be told."""
    if ("toolName" in event or "toolArgs" in event) and ("tool_name" in event or "tool_input" in event):
        raise EventError("The event names two calls at once.", "Check what the hook's command gets on standard input.")
