"""What a file would hold after an edit: the changed lines, with enough around them to judge them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    Replacement = tuple[str, str, bool]
    """(old text, new text, whether every place of it is replaced)"""

LINES_AROUND = 60
"""A private key has fewer lines, and what names a credential stands nearer."""


def changed_part(before: str, replacements: Sequence[Replacement]) -> str:
    """The lines that the replacements change, as they would stand, with the lines around them.

    A replacement that doesn't fit leaves its new text alone, at the end: the tool may be more lenient than this.
    """
    after = before
    loose = []
    for old, new, everywhere in replacements:
        if old and old in after:
            after = after.replace(old, new) if everywhere else after.replace(old, new, 1)
        elif not old and not after:
            after = new
        else:
            loose.append(new)
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    part = _with_lines_around(after, start, len(after) - end) if before != after else ""
    return "\n".join([part, *loose]) if loose else part


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _with_lines_around(text: str, start: int, end: int) -> str:
    for _ in range(LINES_AROUND + 1):
        start = text.rfind("\n", 0, max(start, 0))
        if start < 0:
            break
    for _ in range(LINES_AROUND + 1):
        end = text.find("\n", end) + 1
        if end == 0:
            end = len(text)
            break
    return text[start + 1 : end]
