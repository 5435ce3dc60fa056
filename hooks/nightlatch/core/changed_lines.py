"""Which lines a change touches, for `--changed-lines`.

Staged: the index against HEAD. Files and folders: the working tree against HEAD. Commits: each against its parents,
and the last one of a range against where the range starts too.

Contents are compared here and not by `git diff`, whose answer depends on attributes and filters that the repository
sets: a file marked `-diff` would have no changed line at all.
"""

from __future__ import annotations

from nightlatch.core.commits import files_at
from nightlatch.core.ends import Ends, base_of
from nightlatch.core.errors import UsageError
from nightlatch.core.files import MAX_BYTES, UnreadableError, as_text
from nightlatch.core.suppress import Note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.core.discover import Selection
    from nightlatch.core.finding import Finding
    from nightlatch.core.git import Git

    Lines = set[int] | None
    """Numbers of lines, counted from 1; None for every line there is."""

BY = "--changed-lines"
REASON = "the change doesn't touch this line"

MOST_PAIRS = 200_000
"""So many pairs of equal lines are compared; where two versions have more, the whole part that differs counts."""


class ChangedLines:
    """Tells of findings whether the change touches their lines. Raises UsageError outside git: nothing changed there.

    What can't be compared counts as touched.
    """

    def __init__(self, selection: Selection) -> None:
        if selection.git is None and not selection.message:
            raise UsageError(
                "--changed-lines needs a git repository: without one there is no change to look at.", "Leave it out."
            )
        self._selection = selection
        self._git = selection.git
        self._known: dict[tuple[str, str], Lines] = {}

    def note_for(self, finding: Finding) -> Note | None:
        """The note that takes a finding out of the report; None where the change touches it.

        What is about no line counts always, and so does what is about a weakened guard.
        """
        if finding.floored or finding.path is None or finding.line is None:
            return None
        touched = self._lines(finding.path, finding.commit or "")
        last = finding.end_line or finding.line
        if touched is None or not touched.isdisjoint(range(finding.line, last + 1)):
            return None
        return Note(BY, REASON)

    def _lines(self, path: str, commit: str) -> Lines:
        key = (path, commit)
        if key not in self._known:
            self._known[key] = self._of_a_commit(path, commit) if commit else self._of_the_files(path)
        return self._known[key]

    def _of_the_files(self, path: str) -> Lines:
        """What is staged, or what the working tree has, against HEAD."""
        if not base_of(self._selection):
            return None
        ends = Ends(self._selection)
        try:
            if not ends.changed([path]):
                return set()
            return touched(ends.base(path), ends.current(path))
        except UnreadableError:
            return None

    def _of_a_commit(self, path: str, commit: str) -> Lines:
        """A commit against its parents: as for git, a line of a merge counts where it is new to all of them."""
        git, span = self._git, self._selection.span
        if git is None or span is None:
            return None
        new = _content(git, commit, path)
        found = [touched(_content(git, parent, path), new) for parent in _parents(git, commit)]
        lines = _common(found)
        if lines is None or commit != span.tip or not span.base:
            return lines
        since_base = touched(_content(git, span.base, path), new)
        return None if since_base is None else lines | since_base


def touched(old: bytes | None, new: bytes | None) -> Lines:
    """The lines of the new content that the old one hasn't in this place; beside a line taken away, its neighbours.

    None where there is no old content. Line ends don't count: neither do they for fingerprints.
    """
    if old is None or new is None:
        return None
    before, after = _lines_of(old), _lines_of(new)
    start = _common_start(before, after)
    end = _common_start(before[start:][::-1], after[start:][::-1])
    changed, fresh = before[start : len(before) - end], after[start : len(after) - end]
    if _pairs(changed, fresh) > MOST_PAIRS:
        return set(range(start + 1, start + len(fresh) + 1)) | _beside(start)
    from difflib import SequenceMatcher

    found: set[int] = set()
    for kind, _, _, first, last in SequenceMatcher(None, changed, fresh, autojunk=False).get_opcodes():
        if kind == "delete":
            found |= _beside(start + first)
        elif kind != "equal":
            found.update(range(start + first + 1, start + last + 1))
    return found


def _beside(place: int) -> set[int]:
    """The two lines between which something was taken away: `place` lines stand before it."""
    return {place, place + 1}


def _lines_of(content: bytes) -> list[bytes]:
    return [line.removesuffix(b"\r") for line in as_text(content).split(b"\n")]


def _common_start(first: Sequence[bytes], second: Sequence[bytes]) -> int:
    """How many lines are the same at the start of both."""
    for number, (one, other) in enumerate(zip(first, second, strict=False)):
        if one != other:
            return number
    return min(len(first), len(second))


def _pairs(first: Sequence[bytes], second: Sequence[bytes]) -> int:
    """How many pairs of equal lines there are: what a comparison costs grows with it."""
    from collections import Counter

    counts = Counter(first)
    return sum(counts[line] for line in second)


def _common(found: Sequence[Lines]) -> Lines:
    """The lines that are in every set; every line where there is none to compare with."""
    known = [lines for lines in found if lines is not None]
    return set.intersection(*known) if known else None


def _content(git: Git, commit: str, path: str) -> bytes | None:
    """What a commit has at a path, if that can be read."""
    name = files_at(git, commit, [path]).get(path)
    return next(git.objects([name], MAX_BYTES))[1] if name else None


def _parents(git: Git, commit: str) -> list[str]:
    return git.run("rev-parse", f"{commit}^@").decode("ascii", "replace").split()
