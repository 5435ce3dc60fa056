"""An organisation's policy, `NIGHTLATCH_POLICY=FILE`: a floor under every repository's configuration.

The same format as `.nightlatch.yaml`, of which it may hold the general keys:

- `rules`, `overrides`: a rule that they name counts at least as much as they say.
- `profile: strict` stays strict.
- `hooks`: these run in `nightlatch run` whatever the repository names.
- `exclude`, `accept-unchecked`: what a repository may exclude or accept at most; an empty list is nothing.
- `protected-files`: what coding agents are held to beside the repository's own section, of which of each word the
  stricter one counts (`protected_files/policy.py`).
"""

from __future__ import annotations

import os

from nightlatch.core import config
from nightlatch.core.config import Config
from nightlatch.core.errors import ConfigError
from nightlatch.core.rule import OFF, stricter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nightlatch.core.schema.containers import Map

GENERAL = ("version", "profile", "hooks", "exclude", "rules", "overrides", "accept-unchecked")
FOR_AGENTS = "protected-files"
ALLOWED = (*GENERAL, FOR_AGENTS)
"""The keys that a policy may have."""

STRICT = "strict"


class Governed(Config):
    """A repository's configuration, with a policy that it can't loosen."""

    __slots__ = ("_policy",)

    def __init__(self, own: Config, policy: Config) -> None:
        limits = [key for key in GENERAL if policy.place(key)]
        # The policy is among the values, so that what is kept for them (core/scan_state.py) isn't kept for others.
        values = own.values | {"policy": (policy.values, limits)}
        super().__init__(own.where, values, own.load_schema, own.places)
        self._policy = policy

    @property
    def floor(self) -> Config:
        """The policy."""
        return self._policy

    @property
    def profile(self) -> str:
        """The stricter one."""
        return STRICT if self._policy.profile == STRICT else super().profile

    @property
    def hooks(self) -> list[str] | None:
        """The repository's, and then those that the policy adds."""
        own = super().hooks
        return None if own is None else self.at_least(own)

    def at_least(self, hooks: Sequence[str]) -> list[str]:
        """These, and then those that the policy adds."""
        return [*hooks, *(name for name in self._policy.hooks or () if name not in hooks)]

    def severity(self, rule_id: str, default: str, path: str | None) -> str:
        """The stricter one, for a rule that the policy names."""
        return stricter(super().severity(rule_id, default, path), self._policy.severity(rule_id, OFF, path))

    def excluded(self, path: str) -> bool:
        """Whether the repository excludes the path, and may."""
        return super().excluded(path) and (not self._limits("exclude") or self._policy.excluded(path))

    def accepted(self, path: str, today: str) -> str | None:
        """The repository's reason, if the policy lets it give one."""
        if self._limits("accept-unchecked") and self._policy.accepted(path, today) is None:
            return None
        return super().accepted(path, today)

    def _limits(self, key: str) -> bool:
        """Whether the policy says anything of a key; an empty list says something."""
        return self._policy.place(key) is not None


def governed(own: Config, named: str, repository: str, load_schema: Callable[[], Map]) -> Config:
    """The configuration under the policy that the environment names.

    repository  the folder that the policy may not lie in; empty where there is none
    Raises ConfigError where the policy isn't there, isn't valid, or is in the repository's reach.
    """
    if not os.path.isabs(named):
        raise _wrong(named, "NIGHTLATCH_POLICY must be an absolute path", "Give the whole path of the file.")
    if repository and _is_below(named, repository):
        what = "NIGHTLATCH_POLICY lies in the repository that it is to govern"
        raise _wrong(named, what, "Keep it where no change reaches it.")
    if not os.path.lexists(named):
        what = "NIGHTLATCH_POLICY names it, and there is no such file"
        raise _wrong(named, what, "Put the organisation's policy there, or name it where it is.")
    policy = _loaded(named, load_schema)
    for key in policy.values:
        place = policy.place(key)
        if key not in ALLOWED and place is not None:
            raise ConfigError(
                named, *place, f"a policy can't hold the key `{key}`", f"It may hold: {', '.join(ALLOWED)}."
            )
    return Governed(own, policy)


def _loaded(named: str, load_schema: Callable[[], Map]) -> Config:
    """The policy as it is written. Raises ConfigError, which names the keys of a policy and no others."""
    try:
        return config.load(config.read(named), named, load_schema)
    except ConfigError as error:
        from nightlatch.core.schema.node import UnknownKeyError
        from nightlatch.core.schema.value import name_shown
        from nightlatch.core.text import nearest

        if not isinstance(error, UnknownKeyError) or error.trail:
            raise
        remedy = nearest(error.key, GENERAL).strip() or f"It may hold: {', '.join(GENERAL)}."
        what = f"unknown key `{name_shown(error.key)}` in the policy"
        raise ConfigError(named, error.line, error.column, what, remedy) from None


def _is_below(path: str, folder: str) -> bool:
    return os.path.realpath(path).startswith(os.path.join(os.path.realpath(folder), ""))


def _wrong(named: str, what: str, remedy: str) -> ConfigError:
    from nightlatch.core.text import one_line, shown_path

    return ConfigError(one_line(shown_path(named)), 0, 0, what, remedy)
