"""Which events are about a call to come. What isn't known to be none is never passed by unchecked.

Source: the lists of events in the documentation of Claude Code and of Cursor, of August 2026.
"""

from __future__ import annotations

from nightlatch.core.errors import EventError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

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

OF_A_CALL = frozenset(("toolname", "toolinput", "toolargs", "command", "filepath"))
"""Fields that only an event of a call has, in small letters and without `_`."""


def is_of_another_kind(name: str, event: Mapping[str, object]) -> bool:
    """Whether an event under a name that no call to come has is about something else.

    Raises EventError where that can't be told: the event looks like a call's, and its name is none that is known.
    """
    plain = name.lower()
    if plain in OTHERS or plain.startswith(DONE) or OF_A_CALL.isdisjoint(map(_plain, event)):
        return True
    what = "The event looks like a tool's call, and its name is none that this agent is known to send."
    raise EventError(what, "Check that --agent in the hook's command names the agent that runs it.")


def _plain(field: str) -> str:
    return field.lower().replace("_", "")
