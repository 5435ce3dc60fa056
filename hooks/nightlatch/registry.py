"""The hooks by name. Each is imported only when it is asked for."""

from __future__ import annotations

import os

from nightlatch.core.errors import ConfigError, UsageError
from nightlatch.core.hook import Hook, Options
from nightlatch.core.lazy import attribute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.core.advisories.database import Database
    from nightlatch.core.advisories.opinion import Opinion
    from nightlatch.core.config import Config
    from nightlatch.core.hook import OpenAdvisories
    from nightlatch.core.run import Request
    from nightlatch.core.schema.containers import Map

MODULES = {
    "secrets": "nightlatch.secrets.hook",
    "env-files": "nightlatch.env_files.hook",
    "enum-parity": "nightlatch.enum_parity.hook",
    "dependencies": "nightlatch.dependencies.hook",
    "protected-files": "nightlatch.protected_files.hook",
}
"""A hook's name → its module, which holds `HOOK`."""

TAKES_PLUGINS = "secrets"
"""The hook that starts plugins of detect-secrets."""

TAKES_ADVISORIES = "dependencies"
"""The hook that asks the database of advisories."""


def load(name: str) -> Hook:
    """The hook of this name. Raises UsageError where this installation has none."""
    module = MODULES.get(name)
    if module is None:
        from nightlatch.core.text import nearest

        hint = nearest(name, tuple(MODULES))
        raise UsageError(f"This version of nightlatch has no hook {name}.{hint}", f"It has: {', '.join(MODULES)}.")
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


def load_schema() -> Map:
    """The shape of the configuration."""
    from nightlatch.schema import SCHEMA

    return SCHEMA


def door_to_advisories(request: Request) -> OpenAdvisories:
    """What opens the database of advisories for a hook that asks for it: nothing is loaded before."""

    def open_advisories(ecosystems: Sequence[str], *, is_required: bool) -> Database | None:
        from nightlatch.advisories.supply import supply

        return supply(ecosystems, os.environ, request.advisories, request.max_age, may_fetch=is_required)

    return open_advisories


def ask_online(ecosystem: str, packages: Sequence[tuple[str, str]]) -> Sequence[Opinion]:
    """Ask another audit over the network: nothing is loaded before. Raises NightlatchError."""
    from nightlatch.online.door import ask

    return ask(ecosystem, packages)


def check_rules(config: Config, hooks: Sequence[Hook]) -> None:
    """Check what the schema can't: the rules that the configuration adds, and ids that are no rule of these hooks.

    Raises ConfigError with the place of what is wrong.
    """
    known = {rule.id for hook in hooks for rule in (*hook.rules, *hook.rules_for(Options(config, hook.name)))}
    named = dict.fromkeys(config.values["rules"], "rules")
    for number, override in enumerate(config.values["overrides"]):
        named.update(dict.fromkeys(override["rules"], f"overrides[{number}].rules"))
    prefixes = {_prefix(identity) for identity in known}
    for identity, key in named.items():
        if identity not in known and (_prefix(identity) in prefixes or _is_of_the_team(identity, hooks)):
            line, column = config.place(f"{key}.{identity}") or (0, 0)
            raise ConfigError(config.where, line, column, f"there is no rule {identity}", _WHERE_RULES_ARE)


_WHERE_RULES_ARE = "`nightlatch explain` lists them all. Rules of your own stand in `secrets: custom-rules`."
"""Of ids that are all alike none is likelier meant than another."""


def _prefix(identity: str) -> str:
    return identity.rstrip("0123456789")


def _is_of_the_team(identity: str, hooks: Sequence[Hook]) -> bool:
    """Whether only the configuration could have added such a rule, to one of these hooks."""
    from nightlatch.schema.general import PREFIXES

    return _prefix(identity) not in PREFIXES.values() and any(hook.takes_rules for hook in hooks)


def check_plugins(plugins: Sequence[str], hooks: Sequence[Hook]) -> None:
    """Raise UsageError where plugins are named and no hook that runs would start them."""
    if plugins and TAKES_PLUGINS not in [hook.name for hook in hooks]:
        raise UsageError(
            f"--detect-secrets-plugin is for the hook {TAKES_PLUGINS}, which doesn't run here.",
            f"Run: nightlatch {TAKES_PLUGINS} --detect-secrets-plugin …",
        )


def check_advisories(request: Request, hooks: Sequence[Hook], *, is_run: bool) -> None:
    """Raise UsageError where the command line speaks of advisories and no hook that runs would use them.

    is_run  whether the configuration chooses the hooks: then an age is a wish for those that it chooses
    """
    is_named = request.advisories is not None or request.online or (request.max_age is not None and not is_run)
    if is_named and TAKES_ADVISORIES not in [hook.name for hook in hooks]:
        raise UsageError(
            f"--advisories, --max-age and --online are for the hook {TAKES_ADVISORIES}, which doesn't run here.",
            f"Run: nightlatch {TAKES_ADVISORIES} --advisories FILE",
        )
