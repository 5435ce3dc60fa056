"""The hooks by name. Each is imported only when it is asked for."""

from __future__ import annotations

import os

from nightlatch.core.errors import ConfigError, UsageError
from nightlatch.core.hook import Hook
from nightlatch.core.lazy import attribute
from nightlatch.core.text import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.core.config import Config

MODULES = {
    "secrets": "nightlatch.secrets.hook",
    "protected-files": "nightlatch.protected_files.hook",
}
"""A hook's name → its module, which holds `HOOK`."""


WITHOUT_EFFECT = ("audit-log", "dependencies", "enum-parity", "env-files", "protected-files")
"""Sections of the configuration that are read and checked, and that nothing in this version acts upon yet."""


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


def check_rules(config: Config, hooks: list[Hook]) -> None:
    """Refuse ids that look like a rule of these hooks and are none. Raises ConfigError with the id's place."""
    named = dict.fromkeys(config.values["rules"], "rules")
    for number, override in enumerate(config.values["overrides"]):
        named.update(dict.fromkeys(override["rules"], f"overrides[{number}].rules"))
    if not named:
        return
    known = {rule.id: hook for hook in hooks for rule in hook.rules}
    prefixes = {identity.rstrip("0123456789") for identity in known}
    for identity, key in named.items():
        if identity not in known and identity.rstrip("0123456789") in prefixes:
            line, column = config.place(f"{key}.{identity}") or (0, 0)
            raise ConfigError(
                config.where, line, column, f"there is no rule {identity}", nearest(identity, tuple(known))
            )


def without_effect(config: Config) -> list[str]:
    """A sentence for each section that the configuration has and that this version doesn't act upon."""
    places = ((name, config.place(name)) for name in WITHOUT_EFFECT)
    return [
        f"note: {config.where}:{place[0]}: this version does not act upon the section {name} yet."
        for name, place in places
        if place
    ]
