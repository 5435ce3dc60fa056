"""Cursor: `.cursor/hooks.json`, an entry for each event.

Source of the format: excerpts of cursor.com/docs/agent/hooks and other tools' sources; experimental.
"""

from __future__ import annotations

from nightlatch.protected_files.wiring import command as commands
from nightlatch.protected_files.wiring import shape
from nightlatch.protected_files.wiring.registration import Reading, Registration, narrowing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

EVERY_TOOL = "preToolUse"
EVENTS = (EVERY_TOOL, "beforeShellExecution", "beforeMCPExecution", "beforeReadFile", "beforeTabFileRead")
FLAG = '`"failClosed": true`'
TIMEOUT = 60
VERSION = 1
KNOWN = ("type", "command", "timeout", "matcher", "failClosed")


def reading(_path: str, data: dict[str, Any]) -> Reading:
    """What a file of settings says about the guard."""
    result = Reading()
    result.unversioned = data.get("version") != VERSION
    found = data.get("hooks")
    hooks: dict[str, Any] = found if isinstance(found, dict) else {}
    for event in EVENTS:
        entries = hooks.get(event)
        for number, entry in enumerate(entries if isinstance(entries, list) else ()):
            if _is_ours(entry):
                one = Registration(
                    event,
                    entry["command"],
                    ("hooks", event, number),
                    closes=entry.get("failClosed") is True,
                    matcher=entry.get("matcher"),
                    timeout=entry.get("timeout"),
                    narrowed=narrowing(entry, KNOWN, needs_type=False),
                )
                result.registrations.append(one)
    return result


def wire(data: dict[str, Any], command: str, _deny: Sequence[str]) -> None:
    """Register the guard at every event that it answers. Raises UnfitError."""
    data["version"] = VERSION
    hooks = shape.table(data, "hooks")
    for event in EVENTS:
        foreign = [
            entry
            for entry in shape.items(hooks, event)
            if not (isinstance(entry, dict) and commands.is_guard(entry.get("command")))
        ]
        hooks[event] = [*foreign, {"command": command, "timeout": TIMEOUT, "failClosed": True}]


def enable(_data: dict[str, Any]) -> None:
    """Nothing in these settings turns hooks off."""


def _is_ours(entry: object) -> bool:
    return isinstance(entry, dict) and commands.is_about(entry.get("command"))
