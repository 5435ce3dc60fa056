"""What git ignores, by its own word: `git check-ignore`, which knows every ignore file, global ones too."""

from __future__ import annotations

import os

from nightlatch.core.errors import GitError
from nightlatch.core.git import MOST_ASKED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nightlatch.core.git import Git

COMMAND = ("--no-literal-pathspecs", "check-ignore", "--stdin", "-z", "-v", "--no-index")
"""`check-ignore` refuses literal pathspecs; what it gets is literal all the same, but for a `:` at the start."""

HERE = b"./"
FIELDS = 4


class Hit:
    """The last pattern that fits a path; it may be a negation, which takes the path back in.

    source   the file that holds the pattern, as git names it: relative to the root, or absolute
    line     its line there, counted from 1; 0 where it comes from the command line
    pattern  the pattern, with its `!`
    """

    __slots__ = ("line", "pattern", "source")

    def __init__(self, source: str, line: int, pattern: str) -> None:
        self.source = source
        self.line = line
        self.pattern = pattern

    @property
    def is_negated(self) -> bool:
        """Whether the path is not ignored."""
        return self.pattern.startswith("!")

    def __str__(self) -> str:
        return f"{self.source}:{self.line}: {self.pattern}"


def hits(git: Git, paths: Iterable[str]) -> dict[str, Hit]:
    """Path → the pattern that decides about it, negations among them; a path that no pattern fits is left out.

    git  started at the root, since the paths count from there
    Raises GitError.
    """
    result: dict[str, Hit] = {}
    for asked in _shares(paths):
        fields = git.answers(*COMMAND, asked=asked).split(b"\0")
        if len(fields) % FIELDS != 1 or fields[-1]:
            raise GitError(
                "`git check-ignore` gave an answer that is cut off.", "Check that it works: git check-ignore -v ."
            )
        for source, line, pattern, path in zip(*[iter(fields)] * FIELDS, strict=False):
            result[os.fsdecode(path.removeprefix(HERE))] = Hit(
                os.fsdecode(source), int(line or 0), os.fsdecode(pattern)
            )
    return result


def _shares(paths: Iterable[str]) -> Iterator[bytes]:
    """The paths, each ended by a NUL, in parts that a pipe takes at once."""
    share = b""
    for path in paths:
        asked = HERE + os.fsencode(path) + b"\0"
        if share and len(share) + len(asked) > MOST_ASKED:
            yield share
            share = b""
        share += asked
    if share:
        yield share
