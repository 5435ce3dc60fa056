"""The configuration, as the hooks see it. Fast: a file that was met before costs neither YAML nor the schema.

The shape is not known here: it comes as a schema (`core/schema`) from the caller, who imports it only when
it is asked for. What the keys at the top mean to every hook (`rules`, `exclude`, …) is known here.
"""

from __future__ import annotations

import os

from nightlatch.core import cache
from nightlatch.core.errors import ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from nightlatch.core.schema.containers import Map

NAME = ".nightlatch.yaml"
MAX_BYTES = 1024 * 1024

# Raise it whenever the schema or its compiled form changes, for the cache's sake: a test compares.
COMPILED_VERSION = 5

_CACHE_KIND = "config"
_WITHOUT_FILE: dict[str, object] = {
    "profile": "standard",
    "hooks": None,
    "exclude": {"patterns": [], "compiled": ((), ())},
    "rules": {},
    "overrides": [],
    "accept-unchecked": [],
}


class Config:
    """A valid configuration.

    where   the label of the file that it was read from; "" where there is none
    values  the compiled keys at the top, plain data. Without a file only the general keys are there from the
            beginning; `section` completes them
    places  where the keys stand in the file; ask `place`
    """

    __slots__ = ("load_schema", "places", "values", "where")

    def __init__(
        self,
        where: str,
        values: dict[str, Any],
        load_schema: Callable[[], Map],
        places: dict[str, tuple[int, int]] | None = None,
    ) -> None:
        self.where = where
        self.values = values
        self.load_schema = load_schema
        self.places = places or {}

    @property
    def profile(self) -> str:
        """`standard` or `strict`."""
        profile: str = self.values["profile"]
        return profile

    @property
    def hooks(self) -> list[str] | None:
        """The hooks that `nightlatch run` runs; None where the configuration doesn't say."""
        hooks: list[str] | None = self.values["hooks"]
        return hooks

    @property
    def floor(self) -> Config | None:
        """The organisation's policy that this configuration is held to; None where there is none."""
        return None

    def at_least(self, hooks: Sequence[str]) -> list[str]:
        """The hooks that the command line names, and those that must run whatever it names."""
        return list(hooks)

    def severity(self, rule_id: str, default: str, path: str | None) -> str:
        """`error`, `warning`, `info` or `off` for a rule's finding.

        default   the rule's own
        path      of the finding, relative to the root; None for one about the whole repository
        The last override that names both path and rule wins, then `rules`, then the default.
        """
        severity: str = self.values["rules"].get(rule_id, default)
        if path is None:
            return severity
        for override in self.values["overrides"]:
            if rule_id in override["rules"] and _matches(override["paths"], path):
                severity = override["rules"][rule_id]
        return severity

    def excluded(self, path: str) -> bool:
        """Whether `exclude` names the path of a file, relative to the root."""
        return _matches(self.values["exclude"], path)

    def accepted(self, path: str, today: str) -> str | None:
        """The reason why it is accepted that a path could not be checked, or None.

        today   an ISO date; an entry still counts on the day that it expires
        """
        for entry in self.values["accept-unchecked"]:
            if not _expired(entry, today) and _matches(entry["path"], path):
                reason: str = entry["reason"]
                return reason
        return None

    def expired(self, today: str) -> list[dict[str, Any]]:
        """The entries of `accept-unchecked` that no longer count."""
        return [entry for entry in self.values["accept-unchecked"] if _expired(entry, today)]

    def section(self, name: str) -> dict[str, Any]:
        """What stands under a key at the top, such as `protected-files`, complete with its defaults."""
        if name not in self.values:
            self.values = _compiled(b"", "", self.load_schema)[0] | self.values
        section: dict[str, Any] = self.values[name]
        return section

    def beside(self, raw: bytes | None, where: str) -> Config:
        """Another file of the same format, as `load` reads it: an earlier version of this one, or a later."""
        return load(raw, where, self.load_schema)

    def place(self, key_path: str) -> tuple[int, int] | None:
        """Line and column of a key or an entry (`protected-files.rules[0]`) in the file, or None for a default."""
        return self.places.get(key_path)


def load(raw: bytes | None, where: str, load_schema: Callable[[], Map]) -> Config:
    """The configuration from a file's bytes, or the defaults.

    raw           the bytes; None where there is no file
    where         the file's label, for errors and reports
    load_schema   gives the product's schema; called only when the compiled form isn't in the cache
    Raises ConfigError, with line and column, where the file isn't valid.
    """
    if raw is None:
        return Config("", dict(_WITHOUT_FILE), load_schema)
    values, places = _compiled(raw, where, load_schema)
    return Config(where, values, load_schema, places)


def _compiled(
    raw: bytes, where: str, load_schema: Callable[[], Map]
) -> tuple[dict[str, Any], dict[str, tuple[int, int]]]:
    key = b"%d\n%b" % (COMPILED_VERSION, raw)
    known = cache.load(_CACHE_KIND, key)
    if isinstance(known, tuple):
        return known
    from nightlatch.core import config_yaml

    fresh = config_yaml.compiled(raw, where, load_schema())
    cache.store(_CACHE_KIND, key, fresh)
    return fresh


def _expired(entry: dict[str, Any], today: str) -> bool:
    return entry["expires"] is not None and entry["expires"] < today


def _matches(patterns: dict[str, Any], path: str) -> bool:
    """Whether patterns, compiled by the schema, name a path."""
    if not patterns["patterns"]:
        return False  # without the import
    from nightlatch.core import paths

    return paths.matches(patterns["compiled"], path)


def read(path: str) -> bytes:
    """The bytes of a configuration file. A symbolic link is followed, but only to a regular file; never waits.

    Raises ConfigError, with a remedy, where that can't be done: a file that was named must count.
    """
    try:
        # Without O_NONBLOCK a FIFO in the file's place would block for ever.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        raise _unreadable(path, "there is no such file", "Make it, name another one, or pass --no-config.") from None
    except IsADirectoryError:
        raise _unreadable(path, "not a regular file", "Name a file.") from None
    except (OSError, ValueError) as error:
        raise _cannot_be_read(path, error) from None
    try:
        return _contents(path, descriptor)
    except OSError as error:
        raise _cannot_be_read(path, error) from None
    finally:
        os.close(descriptor)


def _contents(path: str, descriptor: int) -> bytes:
    import stat

    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise _unreadable(path, "not a regular file", "Name a file.")
    data = b""
    while len(data) <= MAX_BYTES and (more := os.read(descriptor, MAX_BYTES + 1 - len(data))):
        data += more
    if len(data) > MAX_BYTES:
        raise _unreadable(path, f"larger than {MAX_BYTES // 1024} KiB", "Split or shorten it.")
    return data


def _cannot_be_read(path: str, error: OSError | ValueError) -> ConfigError:
    reason = (error.strerror if isinstance(error, OSError) else None) or "its name can't be opened"
    return _unreadable(path, f"it can't be read ({reason.lower()})", "Let the user who runs nightlatch read it.")


def _unreadable(path: str, what: str, remedy: str) -> ConfigError:
    from nightlatch.core.text import one_line, shown_path

    return ConfigError(one_line(shown_path(path)), 0, 0, what, remedy)
