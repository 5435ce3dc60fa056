"""GitHub Copilot, in the terminal and in the cloud: `.github/hooks/*.json`.

Source of the format: docs.github.com, hooks configuration. A command that fails denies; one that is late doesn't.
"""

from __future__ import annotations

from nightlatch.protected_files.wiring import command as commands
from nightlatch.protected_files.wiring import shape
from nightlatch.protected_files.wiring.registration import Reading, Registration

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

EVENT = "preToolUse"
SHELLS = ("bash", "powershell")
TIMEOUT = 30


def reading(_path: str, data: dict[str, Any]) -> Reading:
    """What a file of settings says about the guard."""
    result = Reading()
    hooks = data.get("hooks")
    entries = hooks.get(EVENT) if isinstance(hooks, dict) else None
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if _is_ours(entry):
            narrowed = [] if commands.is_about(entry.get(SHELLS[0])) else [f"no {SHELLS[0]}"]
            if entry.get("type") != "command":
                narrowed.append("type")
            one = Registration(
                EVENT,
                next(entry[shell] for shell in SHELLS if commands.is_about(entry.get(shell))),
                ("hooks", EVENT, number),
                timeout=entry.get("timeoutSec"),
                narrowed=narrowed,
            )
            result.registrations.append(one)
    if data.get("disableAllHooks") not in (None, False):
        result.disabled = ("disableAllHooks",)
    return result


def wire(data: dict[str, Any], command: str, _deny: Sequence[str]) -> None:
    """Register the guard for both shells. Raises UnfitError."""
    data.setdefault("version", 1)
    hooks = shape.table(data, "hooks")
    foreign = [entry for entry in shape.items(hooks, EVENT) if not _is_ours(entry)]
    plain = commands.written("copilot", closes=False, is_windows=True)
    entry = {"type": "command", "bash": command, "powershell": plain, "timeoutSec": TIMEOUT}
    hooks[EVENT] = [*foreign, entry]


def _is_ours(entry: object) -> bool:
    return isinstance(entry, dict) and any(commands.is_about(entry.get(shell)) for shell in SHELLS)
