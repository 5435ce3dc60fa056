"""Text that base64 hides: found by its shape, and opened one level (RFC 4648, both alphabets).

Four characters of base64 hold three bytes, and when these are printable ASCII the first three characters come
from a half of the alphabet each. So a few such groups in a row tell text from hashes, keys and pictures
without decoding anything; the shortest token of any rule fills six of them.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import Pattern

    Line = tuple[int, int]
    """Where the base64 of one line starts and ends."""

    Piece = tuple[int, list[Line], list[int]]
    """Where a piece begins among what was decoded, its lines, and how many characters stand before each of them."""

FIRST = b"IJKLMNOPQRSTUVWXYZabcdef"
SECOND = b"CDEFGHSTUVWXijklmnyz0123"
THIRD = b"ABEFIJMNQRUVYZcdghklopstwx014589"
FOURTH = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-"
GROUPS = 6
GROUP = 4

TABLES = tuple(bytes(byte in alphabet for byte in range(256)) for alphabet in (FIRST, SECOND, THIRD, FOURTH))
"""For `bytes.translate`: 1 for what is in the alphabet, 0 for everything else."""

SHAPE = b"(?:[%s][%s][%s][%s]){%d}" % (FIRST, SECOND, THIRD, FOURTH, GROUPS)
"""Printable ASCII in base64, as an expression that a filter can take: no `-` stands between two signs of a class."""

BLOCK = 64 * 1024
"""Bytes that are looked at together."""

WRAPPED = 60
"""Characters that a line has at least where base64 was wrapped; the usual widths are 64 and 76."""

LINE = rb"[A-Za-z0-9+/_-]*"
NEXT_LINE = rb"\r?\n[ \t]*(?P<line>[A-Za-z0-9+/_-]+)=*(?=\r?\n|\Z)"

STRAIGHT = bytes.maketrans(b"-_", b"+/")


class Opened:
    """What the base64 in a text says.

    text  all that was decoded, each piece on a line of its own
    """

    __slots__ = ("_pieces", "text")

    def __init__(self, text: bytes, pieces: list[Piece]) -> None:
        self.text = text
        self._pieces = pieces

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where what was decoded from start up to end stands in the text that was opened."""
        from bisect import bisect_right

        first, lines, before = self._pieces[bisect_right(self._pieces, start, key=lambda piece: piece[0]) - 1]
        begin = _offset(lines, before, (start - first) // 3 * GROUP)
        last = _offset(lines, before, ((end - first) * GROUP + 2) // 3 - 1)
        return begin, min(last + 1, lines[-1][1])


def holds_text(text: bytes) -> bool:
    """Whether `SHAPE` matches anywhere in the text.

    Every byte is looked at at once, as the bits of large integers: five times as fast as `re`, whose import
    alone would take as long as the check of a small commit.
    """
    blocks = range(0, len(text), BLOCK)
    return any(_is_in_block(text[start : start + BLOCK + GROUP * GROUPS - 1]) for start in blocks)


def _is_in_block(block: bytes) -> bool:
    groups = -1
    for offset, table in enumerate(TABLES):
        groups &= int.from_bytes(block.translate(table), "little") >> 8 * offset
        if not groups:
            return False
    rows = groups
    for number in range(1, GROUPS):
        rows &= groups >> 8 * GROUP * number
    return bool(rows)


def opened(text: bytes) -> Opened:
    """Decode what has the shape of text in base64, whether in one line or wrapped into many."""
    from itertools import accumulate

    parts: list[bytes] = []
    pieces: list[Piece] = []
    size = 0
    for lines in _runs(text):
        parts.append(_decoded(b"".join(text[start:end] for start, end in lines)))
        pieces.append((size, lines, [0, *accumulate(end - start for start, end in lines)]))
        size += len(parts[-1]) + 1
    return Opened(b"\n".join(parts), pieces)


def _decoded(encoded: bytes) -> bytes:
    """The bytes that base64 without its padding stands for; a single character left over stands for none."""
    from binascii import a2b_base64

    whole = encoded[:-1] if len(encoded) % GROUP == 1 else encoded
    return a2b_base64(whole.translate(STRAIGHT) + b"=" * (-len(whole) % GROUP))


def _runs(text: bytes) -> Iterator[list[Line]]:
    """The lines of each piece of base64 that holds text, without their ends and indentation."""
    import re

    shape, line, next_line = re.compile(SHAPE), re.compile(LINE), re.compile(NEXT_LINE)
    position = 0
    while found := shape.search(text, position):
        lines = [_whole_line(text, line, found.start(), position)]
        width = lines[0][1] - lines[0][0]
        while width >= WRAPPED and width % GROUP == 0 and (after := next_line.match(text, lines[-1][1])):
            lines.append(after.span("line"))
            width = after.end("line") - after.start("line")
        yield lines
        position = lines[-1][1]


def _whole_line(text: bytes, line: Pattern[bytes], start: int, least: int) -> Line:
    """From a group on to the end of its base64, and back to its beginning, group by group."""
    end = start
    if found := line.match(text, start):
        end = found.end()
    while start - GROUP >= least and not text[start - GROUP : start].strip(FOURTH):
        start -= GROUP
    return start, end


def _offset(lines: list[Line], before: list[int], number: int) -> int:
    """Where the character of that number, from 0, stands."""
    from bisect import bisect_right

    line = min(bisect_right(before, number) - 1, len(lines) - 1)
    return min(lines[line][0] + number - before[line], lines[-1][1])
