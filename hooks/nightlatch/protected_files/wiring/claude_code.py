"""Claude Code: `.claude/settings.json`, and a person's own `.claude/settings.local.json` over it.

Source of the format: code.claude.com/docs/en/hooks and /permissions, of August 2026; `onFailure` of 2.1.295.
"""

from __future__ import annotations

from nightlatch.protected_files.wiring import shape
from nightlatch.protected_files.wiring.registration import Reading, nested, without_guard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

EVENT = "PreToolUse"
FLAGS = {"onFailure": "block"}
FLAG = '`"onFailure": "block"`'
DISABLING = "disableAllHooks"
TIMEOUT = 60
READ = "Read("


def reading(_path: str, data: dict[str, Any]) -> Reading:
    """What a file of settings says about the guard."""
    result = Reading()
    hooks = data.get("hooks")
    if isinstance(hooks, dict):
        result.registrations = nested(hooks, ("hooks",), EVENT, FLAGS)
    if data.get(DISABLING) not in (None, False):
        result.disabled = (DISABLING,)
    result.deny = denied(data)
    return result


def denied(data: dict[str, Any]) -> list[str]:
    """The rules of `permissions.deny`."""
    permissions = data.get("permissions")
    deny = permissions.get("deny") if isinstance(permissions, dict) else None
    return [rule for rule in deny if isinstance(rule, str)] if isinstance(deny, list) else []


def wire(data: dict[str, Any], command: str, deny: Sequence[str]) -> None:
    """Register the guard, and add the rules for what may not be read. Raises UnfitError."""
    hooks = shape.table(data, "hooks")
    groups = without_guard(shape.items(hooks, EVENT))
    entry = {"type": "command", "command": command, "timeout": TIMEOUT, **FLAGS}
    hooks[EVENT] = [*groups, {"matcher": "*", "hooks": [entry]}]
    forbid(data, deny)


def forbid(data: dict[str, Any], deny: Sequence[str]) -> None:
    """Add rules to `permissions.deny`. Raises UnfitError."""
    if deny:
        rules = shape.items(shape.table(data, "permissions"), "deny")
        rules.extend(rule for rule in deny if rule not in rules)


def enable(data: dict[str, Any]) -> bool:
    """Let hooks run again; whether that was needed."""
    return data.pop(DISABLING, None) not in (None, False)
