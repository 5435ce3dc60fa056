"""Claude Code: `.claude/settings.json`, and a person's own `.claude/settings.local.json` over it.

Source of the format: code.claude.com/docs/en/hooks and /permissions, of August 2026; `onFailure` of 2.1.295.
"""

from __future__ import annotations

from nightlatch.protected_files.wiring import shape
from nightlatch.protected_files.wiring.registration import Reading, nested, shown, without_guard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from nightlatch.protected_files.wiring.document import Trail

EVENT = "PreToolUse"
FLAGS = {"onFailure": "block"}
NO_OBJECT = "no object"
NO_LIST = "no list"
FLAG = '`"onFailure": "block"`'
DISABLING = "disableAllHooks"
TIMEOUT = 60
READ = "Read("
REDIRECTING = ("PATH", "HOME", "ENV", "BASH_ENV", "SHELLOPTS", "BASHOPTS")
REDIRECTING_STARTS = ("NIGHTLATCH_", "CLAUDE_CODE_SIMPLE", "CLAUDE_CODE_SHELL", "BASH_FUNC_")
"""Variables, whole or by their start, that decide which program a hook starts, or whether it starts."""

BENDING = (
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONUSERBASE",
    "PYTHONPYCACHEPREFIX",
    "PYTHONSTARTUP",
    "PYTHONEXECUTABLE",
    "PYTHONPLATLIBDIR",
    "PYTHONBREAKPOINT",
)
BENDING_STARTS = ("LD_", "DYLD_", "GIT_CONFIG", "GIT_DIR", "GIT_EXEC_PATH", "GIT_WORK_TREE")
"""Variables that decide what the guard reads. Projects without a guard have their own reasons to set these."""


def reading(_path: str, data: dict[str, Any]) -> Reading:
    """What a file of settings says about the guard."""
    result = Reading()
    hooks = data.get("hooks")
    if isinstance(hooks, dict):
        result.registrations = nested(hooks, ("hooks",), EVENT, FLAGS)
    if data.get(DISABLING) not in (None, False):
        result.disabled = (DISABLING,)
    variables = data.get("env")
    if isinstance(variables, dict):
        result.redirected = [("env", name) for name in variables if _redirects(name.upper())]
        result.bent = [("env", name) for name in variables if _bends(name.upper())]
    result.deny = denied(data)
    result.rejected = _unfit(data)
    return result


def _redirects(name: str) -> bool:
    return name in REDIRECTING or name.startswith(REDIRECTING_STARTS)


def _bends(name: str) -> bool:
    return name in BENDING or name.startswith(BENDING_STARTS)


def _unfit(data: dict[str, Any]) -> tuple[str, Trail, bool] | None:
    """What of the hooks and the rules has a form for which the whole file is passed over."""
    found = next(_wrong_types(data), None)
    if found is None:
        return None
    trail, wanted = found
    name = ".".join(shown(str(step)) for step in trail)
    return f"`{name}` is {wanted}, and Claude Code takes nothing of such a file", trail, False


def _wrong_types(data: dict[str, Any]) -> Iterator[tuple[Trail, str]]:
    hooks = data.get("hooks", {})
    if not isinstance(hooks, dict):
        yield ("hooks",), NO_OBJECT
        return
    for event, groups in hooks.items():
        if not isinstance(groups, list):
            yield ("hooks", event), NO_LIST
            continue
        for number, group in enumerate(groups):
            yield from _wrong_group(group, ("hooks", event, number))
    permissions = data.get("permissions", {})
    if not isinstance(permissions, dict):
        yield ("permissions",), NO_OBJECT
        return
    deny = permissions.get("deny", [])
    if not isinstance(deny, list) or not all(isinstance(rule, str) for rule in deny):
        yield ("permissions", "deny"), "no list of texts"


def _wrong_group(group: object, trail: Trail) -> Iterator[tuple[Trail, str]]:
    if not isinstance(group, dict):
        yield trail, NO_OBJECT
        return
    if not isinstance(group.get("matcher", ""), str):
        yield (*trail, "matcher"), "no text"
    entries = group.get("hooks")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        yield (*trail, "hooks"), "no list of objects"


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
