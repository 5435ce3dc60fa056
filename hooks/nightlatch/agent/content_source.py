"""One text in memory as a source for a hook."""

from __future__ import annotations

from nightlatch.core.errors import NightlatchError
from nightlatch.core.source import Endless

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nightlatch.core.files import File


class UncheckedError(NightlatchError):
    """A content could not be looked at."""


class ContentSource(Endless):
    """The text, under a path relative to the project's root; empty for text that goes into no file."""

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
