"""The lines of a `.env` file: its assignments, and what is none.

One grammar that takes in what every reader takes in, so that a file is understood whoever reads it. What the readers
make of an assignment differs: see `dotenv_readers`.

It looks at bytes, since the encoding is nobody's promise. Each byte is looked at a fixed number of times at most:
a quotation that doesn't end is searched to the end of the file once for each kind of quote.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
QUOTES = (b'"', b"'", b"`")

NOTHING = re.compile(rb"(?:[ \t\r\f\v\n]+|#[^\r\n]*)+")
START = re.compile(
    rb"(?P<export>export[ \t]+)?"
    rb"(?P<key>[A-Za-z0-9_][A-Za-z0-9_.-]*)"
    rb"(?P<before>[ \t]*)(?P<sign>=|:(?=[ \t\r\n]|\Z))(?P<after>[ \t]*)"
)
NAME_ALONE = re.compile(rb"(?:export[ \t]+)?(?P<key>[A-Za-z_][A-Za-z0-9_]*)[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")
QUOTED = {
    quote: tuple(re.compile(pattern.replace(b"Q", quote)) for pattern in patterns)
    for quote, patterns in {
        b'"': (rb"Q([^Q\\]*(?:\\[\s\S][^Q\\]*)*)Q", rb"Q([^Q]*)Q"),
        b"'": (rb"Q([^Q\\]*(?:\\[\s\S][^Q\\]*)*)Q", rb"Q([^Q]*)Q"),
        b"`": (rb"Q([^Q]*)Q",),
    }.items()
}
"""Quote → what stands in it. Whether a backslash keeps a quote from closing, the readers disagree on: where the first
way doesn't lead to the end of a line, the second is tried."""

TAIL = re.compile(rb"[ \t]*(?:#[^\r\n]*)?(?=\r?\n|\r|\Z)")
REST = re.compile(rb"[^\r\n]*")

UNTERMINATED = "unterminated"
AFTER_THE_QUOTE = "after-the-quote"
NAME_WITHOUT_VALUE = "name-without-value"
NO_ASSIGNMENT = "no-assignment"


class Assignment:
    """A variable and its value.

    key          its name
    start, stop  the whole assignment's bounds in bytes: from the key (or `export`) up to the end of its last line
    key_start    where the key begins
    export       `export` and the blanks behind it, where that stands before it
    sign         `=`, or `:` as in YAML
    spaced       whether blanks stand around the sign, and `blank_before` whether one stands before it
    quote        the quote around the value, or nothing
    raw          what stands between the quotes; without them the rest of the line, comment and all, without blanks
                 at its ends
    value_start, value_stop  where `raw` stands
    rest         everything behind the sign up to the end of its last line
    fault        what is wrong with the quotation: UNTERMINATED, AFTER_THE_QUOTE or nothing
    marked       whether a byte order mark stands before it
    returned     whether its last line ends with a carriage return
    """

    __slots__ = (
        "blank_before",
        "export",
        "fault",
        "key",
        "key_start",
        "marked",
        "quote",
        "raw",
        "rest",
        "returned",
        "sign",
        "spaced",
        "start",
        "stop",
        "value_start",
        "value_stop",
    )

    def __init__(self, text: bytes, start: re.Match[bytes], stop: int, inner: tuple[int, int]) -> None:
        self.key = start["key"]
        self.start = start.start()
        self.stop = stop
        self.key_start = start.start("key")
        self.export = start["export"] or b""
        self.sign = start["sign"]
        self.blank_before = bool(start["before"])
        self.spaced = bool(start["before"] or start["after"])
        self.quote = b""
        self.value_start, self.value_stop = inner
        self.raw = text[slice(*inner)]
        self.rest = text[start.end("sign") : stop]
        self.fault = ""
        self.returned = text.startswith(b"\r", stop)
        self.marked = start.start() == len(BYTE_ORDER_MARK) and text.startswith(BYTE_ORDER_MARK)

    @property
    def lines(self) -> int:
        """How many lines its value has."""
        return self.raw.count(b"\n") + 1


class Stray:
    """A line that is neither an assignment nor a comment: NAME_WITHOUT_VALUE or NO_ASSIGNMENT."""

    __slots__ = ("fault", "start", "stop")

    def __init__(self, fault: str, start: int, stop: int) -> None:
        self.fault = fault
        self.start = start
        self.stop = stop


def tokens(text: bytes) -> Iterator[Assignment | Stray]:
    """Yield what stands in a `.env` file, in order; comments and empty lines are left out. Raises nothing."""
    position = len(BYTE_ORDER_MARK) if text.startswith(BYTE_ORDER_MARK) else 0
    open_quotes: set[bytes] = set()
    while True:
        nothing = NOTHING.match(text, position)
        position = nothing.end() if nothing else position
        if position >= len(text):
            return
        start = START.match(text, position)
        token = _assignment(text, start, open_quotes) if start else _stray(text, position)
        yield token
        position = token.stop


def _assignment(text: bytes, start: re.Match[bytes], open_quotes: set[bytes]) -> Assignment:
    """What begins there. `open_quotes` are those of which no closing one stands in the rest of the file."""
    position = start.end()
    quote = text[position : position + 1]
    if quote not in QUOTES:
        return _unquoted(text, start)
    fault = UNTERMINATED
    for pattern in QUOTED[quote] if quote not in open_quotes else ():
        quoted = pattern.match(text, position)
        tail = TAIL.match(text, quoted.end()) if quoted else None
        if quoted and tail:
            assignment = Assignment(text, start, tail.end(), quoted.span(1))
            assignment.quote = quote
            return assignment
        if quoted and b"\n" not in quoted[0]:
            fault = AFTER_THE_QUOTE
    if text.find(quote, position + 1) < 0:
        open_quotes.add(quote)
    return _unquoted(text, start, fault)


def _unquoted(text: bytes, start: re.Match[bytes], fault: str = "") -> Assignment:
    stop = _end_of_line(text, start.end())
    length = len(text[start.end() : stop].rstrip())
    assignment = Assignment(text, start, stop, (start.end(), start.end() + length))
    assignment.fault = fault
    return assignment


def _stray(text: bytes, position: int) -> Stray:
    name = NAME_ALONE.match(text, position)
    return Stray(NAME_WITHOUT_VALUE if name else NO_ASSIGNMENT, position, _end_of_line(text, position))


def _end_of_line(text: bytes, position: int) -> int:
    rest = REST.match(text, position)
    return rest.end() if rest else position
