"""The hooks by name. Each is imported only when it is asked for."""

from __future__ import annotations

import os

from nightlatch.core.errors import UsageError
from nightlatch.core.hook import Hook
from nightlatch.core.lazy import attribute

MODULES = {
    "secrets": "nightlatch.secrets.hook",
}
"""A hook's name → its module, which holds `HOOK`."""


def load(name: str) -> Hook:
    """The hook of this name. Raises UsageError where this installation has none."""
    module = MODULES.get(name)
    if module is None:
        raise UsageError(f"This version of nightlatch has no hook {name}.", f"It has: {', '.join(MODULES)}.")
    if not _is_installed(name):
        raise UsageError(f"The hook {name} is not part of this installation.", "Install nightlatch again.")
    hook = attribute(f"{module}:HOOK")
    if not isinstance(hook, Hook):
        raise TypeError(module)
    return hook


def load_all() -> list[Hook]:
    """Every hook that this installation has, in the order of the table."""
    return [load(name) for name in MODULES if _is_installed(name)]


def _is_installed(name: str) -> bool:
    """Whether the hook's folder is there: every hook can be taken out by itself."""
    return os.path.isdir(os.path.join(os.path.dirname(__file__), name.replace("-", "_")))
