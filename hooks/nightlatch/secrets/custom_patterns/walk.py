"""What is true of every match of a pattern, found by walking through all of them at once.

A walk keeps for each text that a part may have matched what matters of it, its end: the longest that begins a
keyword, whether it is a letter, digit or underscore, and what a word's edge demands of the next byte. There are
few such ends, so a part takes a set of them to another set, and a repeat is soon where it was before.
"""

from __future__ import annotations

from functools import reduce

from nightlatch.secrets.custom_patterns.tree import ALL, Boundary, Byte, Choice, Repeat, parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from nightlatch.secrets.custom_patterns.tree import Node

    End = tuple[bytes, bool, bool | None]
    Ends = frozenset[End]
    """The beginning of a keyword; whether a character of a word came last; whether one must come next, if that is
    settled."""

MOST_WORK = 1_000_000
"""Ends that are carried on by a byte. A pattern with a handful of keywords needs some thousands."""

WORD = sum(1 << byte for byte in b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")


class TooMuchWorkError(Exception):
    """What was asked can't be found in `MOST_WORK`."""


def can_match(root: Node) -> bool:
    r"""Whether any text matches: `a\ba` fits none."""
    return bool(_Walk([]).through(root, _START))


def always_holds(root: Node, keywords: Iterable[bytes]) -> bool:
    """Whether each match holds a keyword, in whatever case. The keywords are in lower case, none is empty.

    Raises TooMuchWorkError.
    """
    return not _Walk(list(keywords)).through(root, _START)


_START: Ends = frozenset(((b"", False, None), (b"", True, None)))


class _Walk:
    """Goes on as long as no keyword was met."""

    def __init__(self, keywords: list[bytes]) -> None:
        self._keywords = tuple(keywords)
        self._beginnings = {b""} | {keyword[:size] for keyword in keywords for size in range(len(keyword))}
        self._letters = set(b"".join(keywords))
        self._known: dict[tuple[bytes, int], bytes | None] = {}
        self._work = 0

    def through(self, node: Node, ends: Ends) -> Ends:
        """The ends of all texts that the part may add to those with these ends."""
        if isinstance(node, Byte):
            return self._byte(node.mask, ends)
        if isinstance(node, Boundary):
            return _edge(ends, inside=node.inside)
        if isinstance(node, Choice):
            return frozenset().union(*(self.through(option, ends) for option in node.options))
        if isinstance(node, Repeat):
            return self._repeat(node, ends)
        return reduce(lambda left, part: self.through(part, left), parts(node), ends)

    def _byte(self, mask: int, ends: Ends) -> Ends:
        found: set[End] = set()
        for is_word, of_kind in ((True, mask & WORD), (False, mask & ALL & ~WORD)):
            before = {beginning for beginning, _, needed in ends if needed in (None, is_word)}
            read = _lowered(of_kind)
            after = {self._after(beginning, byte) for beginning in before for byte in read & self._letters}
            if before and read - self._letters:
                after.add(b"")  # what is in no keyword begins none
            found.update((beginning, is_word, None) for beginning in after if beginning is not None)
            self._work += 1 + len(before) * len(read & self._letters)
        if self._work > MOST_WORK:
            raise TooMuchWorkError
        return frozenset(found)

    def _after(self, beginning: bytes, byte: int) -> bytes | None:
        """The beginning of a keyword that stands at the end of a text now; None where a whole one does."""
        key = (beginning, byte)
        if key not in self._known:
            text = beginning + bytes((byte,))
            rests = (text[start:] for start in range(len(text) + 1))
            longest = next(rest for rest in rests if rest in self._beginnings)
            self._known[key] = None if text.endswith(self._keywords) else longest
        return self._known[key]

    def _repeat(self, node: Repeat, ends: Ends) -> Ends:
        left: Ends = frozenset() if node.least else ends
        seen: set[Ends] = set()
        for done in range(1, node.most + 1):
            ends = self.through(node.body, ends)
            if done >= node.least:
                if ends in seen:
                    break
                seen.add(ends)
                left |= ends
        return left


def _edge(ends: Ends, *, inside: bool) -> Ends:
    """A word's edge, or none: what comes next must be of the other kind, or of the same."""
    demanded = ((beginning, was_word, needed, was_word is inside) for beginning, was_word, needed in ends)
    return frozenset(
        (beginning, word, demand) for beginning, word, needed, demand in demanded if needed in (None, demand)
    )


def _lowered(mask: int) -> set[int]:
    return set(bytes(byte for byte in range(256) if mask >> byte & 1).lower())
