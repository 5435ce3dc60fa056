"""GitHub Copilot, in the terminal and in the cloud: `.github/hooks/*.json`.

Source of the format: docs.github.com, hooks configuration. A command that fails denies; one that is late doesn't.
"""

from __future__ import annotations

from nightlatch.protected_files.wiring import command as commands
from nightlatch.protected_files.wiring import shape
from nightlatch.protected_files.wiring.registration import Reading, Registration, narrowing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

EVENT = "preToolUse"
SHELLS = ("bash", "powershell")
TIMEOUT = 30
VERSION = 1
FOLDER = ".github/hooks/"
DISABLING = "disableAllHooks"
KNOWN = ("type", *SHELLS, "timeoutSec", "matcher", "comment")
WITHOUT_POWERSHELL = "`powershell` is missing, so nothing starts the guard on Windows"


def reading(path: str, data: dict[str, Any]) -> Reading:
    """What a file of settings says about the guard."""
    result = Reading()
    hooks = data.get("hooks")
    entries = hooks.get(EVENT) if isinstance(hooks, dict) else None
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if _is_ours(entry):
            narrowed = [] if commands.is_about(entry.get(SHELLS[0])) else [f"no {SHELLS[0]}"]
            narrowed += narrowing(entry, KNOWN)
            if SHELLS[1] in entry and not is_fit_for_powershell(entry[SHELLS[1]]):
                narrowed.append(SHELLS[1])
            one = Registration(
                EVENT,
                next(entry[shell] for shell in SHELLS if commands.is_about(entry.get(shell))),
                ("hooks", EVENT, number),
                matcher=entry.get("matcher"),
                timeout=entry.get("timeoutSec"),
                narrowed=narrowed,
                absent=() if SHELLS[1] in entry else (WITHOUT_POWERSHELL,),
            )
            result.registrations.append(one)
    if data.get(DISABLING) not in (None, False):
        result.disabled = (DISABLING,)
    result.unversioned = path.startswith(FOLDER) and data.get("version") != VERSION
    return result


def wire(data: dict[str, Any], command: str, _deny: Sequence[str]) -> None:
    """Register the guard for both shells. Raises UnfitError."""
    data["version"] = VERSION
    hooks = shape.table(data, "hooks")
    foreign = [entry for entry in shape.items(hooks, EVENT) if not _is_guard(entry)]
    plain = commands.written("copilot", closes=False, is_windows=True)
    entry = {"type": "command", "bash": command, "powershell": plain, "timeoutSec": TIMEOUT}
    hooks[EVENT] = [*foreign, entry]


def enable(data: dict[str, Any]) -> None:
    """Let hooks run again."""
    data.pop(DISABLING, None)


def is_fit_for_powershell(text: object) -> bool:
    """Whether a command is the guard's to that shell too: it knows no assignment in front, and no `||` in old ones."""
    parsed = commands.parsed(text) if isinstance(text, str) else None
    if parsed is None or parsed.agent not in ("copilot", "auto"):
        return False
    return not str(text).lstrip().startswith("PATH=") and not set("\"'|").intersection(str(text))


def _is_guard(entry: object) -> bool:
    """Whether an entry starts the guard and nothing else."""
    own = [entry[shell] for shell in SHELLS if shell in entry] if isinstance(entry, dict) else []
    return any(commands.is_guard(one) for one in own) and all(commands.is_guard(one) or not one for one in own)


def _is_ours(entry: object) -> bool:
    return isinstance(entry, dict) and any(commands.is_about(entry.get(shell)) for shell in SHELLS)
