"""What the readers of `.env` files make of an assignment. They disagree on more than one would think.

Facts about each were found by running it, and for compose in its source; `tests/env_files/test_readers.py` holds them
against the real ones. Where a reader replaces `$NAME` by another variable, what comes out isn't known here: such a
reading says so.
"""

from __future__ import annotations

import re

from nightlatch.env_files.dotenv_tokens import AFTER_THE_QUOTE, QUOTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nightlatch.env_files.dotenv_tokens import Assignment

BLANKS = b" \t\r\n\v\f"
NO_BREAK_SPACE = b"\xc2\xa0"

NAME_OR_BRACE = re.compile(rb"\$[A-Za-z0-9_{]")
COMMENT_AFTER_BLANK = re.compile(rb"(?<![ \t])[ \t]+#.*")
PYTHON_ESCAPE = re.compile(rb"\\([\\'\"abfnrtv])")
COMPOSE_ESCAPE = re.compile(rb"\\([\\\"abfnrtv$])")
BASH_ESCAPE = re.compile(rb"\\([\\\"$`\n])")
BASH_PLAIN = re.compile(rb"[A-Za-z0-9_./:@%+,=^!*?\[\]{}-]*")
BASH_EXPANDS = re.compile(rb"\$[A-Za-z0-9_{(#?!@*$-]")
NOT_BASH = re.compile(rb"[.-]|\A[0-9]")
ESCAPES = {
    b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v",
}  # fmt: skip


class Reading:
    """What a reader takes a value to be.

    value    the value, with line feeds at the ends of lines
    expands  whether the reader then replaces `$NAME` or a command in it
    """

    __slots__ = ("expands", "value")

    def __init__(self, value: bytes, *, expands: bool = False) -> None:
        self.value = value.replace(b"\r\n", b"\n")
        self.expands = expands

    def same_as(self, other: Reading) -> bool:
        """Whether both give the same value."""
        return self.value == other.value and self.expands == other.expands


def dotenv(token: Assignment) -> Reading | None:
    """The npm package dotenv, which most tools for Node build on."""
    if token.quote:
        value, quote = token.raw, token.quote
    else:
        value = _trimmed(token.rest.partition(b"#")[0])
        quote = value[:1]
        if quote in QUOTES and len(value) > 1 and value.endswith(quote):
            value = value[1:-1]
    if quote == b'"':
        value = value.replace(b"\\n", b"\n").replace(b"\\r", b"\r")
    return Reading(value)


def with_expansion(token: Assignment) -> Reading | None:
    """Next.js and Vite: dotenv, and then `$NAME` in any quotes. A dollar stays where a backslash is before it."""
    reading = dotenv(token)
    if reading is None:
        return None
    bare = reading.value.replace(b"\\$", b"")
    return Reading(reading.value.replace(b"\\$", b"$"), expands=NAME_OR_BRACE.search(bare) is not None)


def node(token: Assignment) -> Reading | None:
    """Node's own --env-file."""
    value = token.rest.lstrip(b" ")
    quote = value[:1]
    if (
        token.sign == b":"
        or token.marked
        or token.fault not in ("", AFTER_THE_QUOTE)
        or token.export not in (b"", b"export ")
    ):
        return None
    if quote in QUOTES:
        value = value[1:].partition(quote)[0]
        return Reading(value.replace(b"\\n", b"\n") if quote == b'"' else value)
    return Reading(value.partition(b"#")[0].rstrip(b" \r").replace(b"\r", b""))


def python_dotenv(token: Assignment) -> Reading | None:
    """python-dotenv, which replaces `${NAME}` in any quotes, and knows no backticks."""
    if token.sign == b":" or token.fault:
        return None
    if token.quote == b"`" and b"\n" in token.raw:
        return None
    if token.quote in (b"", b"`"):
        value = _trimmed(COMMENT_AFTER_BLANK.sub(b"", token.rest))
    elif token.quote == b"'":
        if _ends_in_open_escape(token.raw):
            return None
        value = re.sub(rb"\\([\\'])", rb"\1", token.raw)
    else:
        if _ends_in_open_escape(token.raw):
            return None
        value = PYTHON_ESCAPE.sub(lambda found: ESCAPES.get(found[1], found[1]), token.raw)
    return Reading(value, expands=b"${" in value and b"}" in value.partition(b"${")[2])


def compose(token: Assignment) -> Reading | None:
    """Docker Compose: an inline comment needs a blank before it that is not the first."""
    if token.fault:
        return None
    if token.quote in (b"", b"`"):
        if b"\n" in token.raw:
            return None
        value = token.rest.lstrip(BLANKS).partition(b" #")[0].rstrip(BLANKS)
        return Reading(value, expands=b"$" in value)
    if _ends_in_open_escape(token.raw):
        return None
    value = token.raw.replace(b"\\" + token.quote, token.quote)
    if token.quote == b"'":
        return Reading(value)
    expanded = COMPOSE_ESCAPE.sub(lambda found: ESCAPES.get(found[1], found[1]), value)
    return Reading(expanded, expands=b"$" in value.replace(b"\\$", b""))


def docker_run(token: Assignment) -> Reading | None:
    """`docker run --env-file`: the line as it is, quotes, comments and all."""
    if token.sign == b":" or bool(token.export) or b"\n" in token.rest or token.blank_before:
        return None
    return Reading(token.rest.rstrip(b"\r"))


def bash(token: Assignment) -> Reading | None:
    """A shell that sources the file. Only values of which it is clear what a shell makes of them."""
    if token.sign == b":" or token.spaced or token.marked or token.fault or NOT_BASH.search(token.key):
        return None
    if token.returned or b'"#' in token.rest or b"'#" in token.rest:
        return None
    if token.quote == b"'":
        return None if b"\\'" in token.raw else Reading(token.raw)
    return _bash_double_quoted(token.raw) if token.quote == b'"' else _bash_unquoted(token)


def _bash_double_quoted(raw: bytes) -> Reading | None:
    if _ends_in_open_escape(raw):
        return None
    bare = re.sub(rb"\\[\s\S]", b"", raw)
    value = BASH_ESCAPE.sub(lambda found: b"" if found[1] == b"\n" else found[1], raw)
    return Reading(value, expands=b"$" in bare or b"`" in bare)


def _bash_unquoted(token: Assignment) -> Reading | None:
    value = COMMENT_AFTER_BLANK.sub(b"", token.raw)
    if token.quote or value.startswith(b"#"):
        return None
    if not BASH_PLAIN.fullmatch(value.replace(b"#", b"_").replace(b"$", b"_")):
        return None
    return Reading(value, expands=BASH_EXPANDS.search(value) is not None)


READERS: dict[str, Callable[[Assignment], Reading | None]] = {
    "dotenv": dotenv,
    "node": node,
    "next": with_expansion,
    "vite": with_expansion,
    "python-dotenv": python_dotenv,
    "compose": compose,
    "docker-run": docker_run,
    "bash": bash,
}
"""Reader → what it makes of an assignment; None where it drops it, refuses the file, or takes it for something else."""

ANY = ("dotenv", "node", "python-dotenv", "compose")
"""Who may read a file of which nothing is known."""


def value_of(token: Assignment, readers: Sequence[str]) -> bytes:
    """The value, as the first of these readers takes it that takes it at all; as it stands where none does."""
    for name in readers:
        reading = READERS[name](token)
        if reading is not None:
            return reading.value
    return token.raw


def groups(token: Assignment, readers: Sequence[str]) -> list[list[str]]:
    """The readers, those together that agree on the value."""
    found: list[tuple[Reading | None, list[str]]] = []
    for name in readers:
        reading = READERS[name](token)
        for other, names in found:
            if other is reading is None or (other and reading and other.same_as(reading)):
                names.append(name)
                break
        else:
            found.append((reading, [name]))
    return [names for _, names in found]


def _trimmed(value: bytes) -> bytes:
    """Without blanks at the ends, the no-break space among them."""
    value = value.strip(BLANKS)
    if NO_BREAK_SPACE not in value:
        return value
    return value.decode("utf-8", "surrogateescape").strip().encode("utf-8", "surrogateescape")


def _ends_in_open_escape(raw: bytes) -> bool:
    """Whether the backslash before the closing quote escapes it."""
    return (len(raw) - len(raw.rstrip(b"\\"))) % 2 == 1
