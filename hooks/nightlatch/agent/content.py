"""The write gate: text that is about to be kept or shown passes the checks that a commit would pass.

Each hook that looks at one content by itself is asked through the same door; `GATES` names them.
"""

from __future__ import annotations

from nightlatch.core.errors import NightlatchError
from nightlatch.core.rule import INFO, OFF
from nightlatch.core.source import Endless

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nightlatch.core.config import Config
    from nightlatch.core.files import File
    from nightlatch.core.finding import Finding

GATES = ("secrets",)
"""The hooks that are asked, by their names on the command line."""


class UncheckedError(NightlatchError):
    """A content could not be looked at."""


class _Content(Endless):
    """One text as a source for a hook."""

    def __init__(self, path: str, data: bytes) -> None:
        self._path = path
        self._data = data

    def files(self, wanted: Callable[[str], bool] | None = None) -> Iterator[File]:
        from nightlatch.core.files import readings

        if wanted is None or wanted(self._path):
            yield from readings(self._path, self._data)

    def skip(self, path: str, reason: str) -> None:
        """What holds no text by nature has no secret to find."""

    def leave_unchecked(self, path: str, reason: str) -> None:
        """Raise UncheckedError: what can't be checked isn't let through."""
        raise UncheckedError(f"{path or 'The text'} can't be checked: {reason}.", "Write it in smaller parts.")


def findings(text: str, path: str, before: str, config: Config) -> list[Finding]:
    """What the checks find in a text and that doesn't stand in the file already.

    path    relative to the project's root; empty for text that goes into no file
    before  what the file holds now
    Raises NightlatchError where a check can't be done.
    """
    if config.excluded(path):
        return []
    data = text.encode("utf-8", "surrogatepass")
    old = before.encode("utf-8", "surrogateescape")
    return [found for name in GATES for found in _of(name, path, data, config) if _counts(found, old, config)]


def _of(name: str, path: str, data: bytes, config: Config) -> Iterator[Finding]:
    from nightlatch.core.hook import Options
    from nightlatch.registry import load

    if name == "secrets" and not _may_hold_secrets(data, config):
        return
    yield from load(name).check(_Content(path, data), Options(config, name))


def _may_hold_secrets(data: bytes, config: Config) -> bool:
    """Whether it is worth loading all rules: with rules of a team's own, always."""
    if config.where and config.section("secrets")["custom-rules"]:
        return True
    from nightlatch.secrets.first_look import may_hold

    return may_hold(data)


def _counts(found: Finding, old: bytes, config: Config) -> bool:
    """Whether a finding is of some weight, and its value new to the file."""
    if config.severity(found.rule.id, found.severity, found.path) in (OFF, INFO):
        return False
    return not (found.value and found.value in old)
