"""The message of a commit that is being made, as git hands it to a commit-msg hook: in a file."""

from __future__ import annotations

import os

from nightlatch.core.commits import MESSAGE_PART
from nightlatch.core.errors import GitError
from nightlatch.core.files import File, UnreadableError, as_text, read_from_tree
from nightlatch.core.source import Endless

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nightlatch.core.source import Tally

SCISSORS = b" ------------------------ >8 ------------------------\n"
DIFF = b"\ndiff --git "
LINES_OF_A_DIFF = (b"+", b"-", b" ", b"@@ ", b"diff --git ", b"index ")


class MessageSource(Endless):
    """The one message, as a source for a hook. A hook that wants certain paths wants none of it."""

    def __init__(self, path: str, tally: Tally) -> None:
        self._path = path
        self._tally = tally

    def files(self, wanted: Callable[[str], bool] | None = None) -> Iterator[File]:
        """Yield the message, with an empty path. Raises GitError where it can't be read."""
        if wanted is not None and not wanted(""):
            return
        try:
            data = read_from_tree(self._path)
        except (UnreadableError, FileNotFoundError):
            raise GitError(
                f"The commit message can't be read from {os.path.basename(self._path)}.",
                "git hands its file to the hook: nightlatch secrets --commit-message FILE",
            ) from None
        self._tally.files[os.path.basename(self._path)] = len(data)
        yield File("", as_text(without_diff(data)), part=MESSAGE_PART)

    def skip(self, path: str, reason: str) -> None:
        """Never needed: there is but the message."""
        raise NotImplementedError(path, reason)

    def leave_unchecked(self, path: str, reason: str) -> None:
        """Never needed: there is but the message."""
        raise NotImplementedError(path, reason)


def without_diff(message: bytes) -> bytes:
    """The message without what `git commit --verbose` shows below it: the removed lines there are no news.

    Only the lines of the diff are left out: what was written below the mark by hand may be kept by git.
    """
    kept, mark, rest = message.partition(SCISSORS)
    if not mark or DIFF not in rest:
        return message
    return kept + mark + b"".join(line for line in rest.splitlines(True) if not line.startswith(LINES_OF_A_DIFF))
