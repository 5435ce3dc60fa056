"""Where the parts of a document stand: by looking for them in order, since parsers don't tell."""

from __future__ import annotations

from nightlatch.dependencies.package import UnparsableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


MOST_MISSES = 50


class Lines:
    """Finds texts one behind the other, and counts the lines on the way."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0
        self._counted = 0
        self._line = 1
        self._misses = 0

    def find(self, wanted: str) -> int:
        """The line of the next place that holds the text; the line of the last find where there is none.

        Who writes everything in another way than it is looked for gets no lines after a while, and takes no time.
        """
        place = self._text.find(wanted, self._place) if self._misses < MOST_MISSES else -1
        self._misses += place < 0
        if place >= 0:
            self._line += self._text.count("\n", self._counted, place)
            self._counted = place
            self._place = place + len(wanted)
        return self._line


def block_lines(text: str, head: str, blocks: Sequence[Mapping[str, object]]) -> list[int]:
    """The line of the `name` in each block that begins with this line, such as `[[package]]`.

    blocks  what the parser has read of them
    Raises UnparsableError where the lines are not those of the blocks: heads in texts, or written as nobody does.
    """
    found = list(_names_below(text, head))
    if len(found) != len(blocks):
        raise UnparsableError(f"{len(blocks)} packages, but {len(found)} lines that begin one")
    for block, (number, said) in zip(blocks, found, strict=True):
        if str(block.get("name", "")) not in said:
            raise UnparsableError(f"line {number}: not the name of the package that is read there")
    return [number for number, _ in found]


def _names_below(text: str, head: str) -> Iterator[tuple[int, str]]:
    """The line that begins with `name` below each head, with its number; the head itself where there is none."""
    waiting = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith(head) and line.rstrip() == head:
            if waiting:
                yield waiting, line
            waiting = number
        elif waiting and line.startswith("name"):
            yield number, line
            waiting = 0
    if waiting:
        yield waiting, ""


def count_blocks(text: str, head: str) -> int:
    """How many blocks begin with this line."""
    return ("\n" + text.replace("\r\n", "\n") + "\n").count(f"\n{head}\n")
