"""OpenAI Codex: `.codex/hooks.json`, or `[[hooks.PreToolUse]]` in `.codex/config.toml`.

Source of the format: the source of codex-rs/hooks; experimental, as is the guard's answer there.
"""

from __future__ import annotations

from nightlatch.protected_files.wiring import shape
from nightlatch.protected_files.wiring.registration import Reading, nested, without_guard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

EVENT = "PreToolUse"
TIMEOUT = 60
FEATURES = ("hooks", "codex_hooks")
FLAT = f"`{EVENT}` stands at the top, and Codex rejects the whole file: it belongs below `hooks`"


def reading(path: str, data: dict[str, Any]) -> Reading:
    """What a file of settings says about the guard."""
    result = Reading()
    if path.endswith(".json") and EVENT in data:
        result.rejected = (FLAT, (EVENT,), True)
    hooks = data.get("hooks")
    if isinstance(hooks, dict):
        result.registrations = nested(hooks, ("hooks",), EVENT, {})
    features = data.get("features")
    if isinstance(features, dict):
        for key in FEATURES:
            if features.get(key) is False:
                result.disabled = ("features", key)
    return result


def enable(data: dict[str, Any]) -> None:
    """Let hooks run again."""
    features = data.get("features")
    if isinstance(features, dict):
        for key in FEATURES:
            if features.get(key) is False:
                del features[key]


def wire(data: dict[str, Any], command: str, _deny: Sequence[str]) -> None:
    """Register the guard in `hooks.json`; what stands flat at the top moves to its place. Raises UnfitError."""
    hooks = shape.table(data, "hooks")
    flat = shape.items(data, EVENT) if EVENT in data else []
    groups = without_guard([*shape.items(hooks, EVENT), *flat])
    data.pop(EVENT, None)
    entry = {"type": "command", "command": command, "timeout": TIMEOUT}
    hooks[EVENT] = [*groups, {"matcher": ".*", "hooks": [entry]}]
