"""PostgreSQL's SQL, cut into statements and these into tokens, as the server and psql would.

The rules are those of the PostgreSQL manual's chapter 4.1 (lexical structure) and of psql for what is cut at a
semicolon. Cutting into statements only looks for what may hide a semicolon, so that a file's uninteresting statements
(rows of data above all) cost little; the tokens of a statement are made when they are asked for. Both are linear.
"""

from __future__ import annotations

import re
from bisect import bisect_right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

WORD = "word"
QUOTED = "quoted"
STRING = "string"
NUMBER = "number"
SIGN = "sign"
META = "meta"

NAME_BYTES = 63
"""PostgreSQL cuts longer names: NAMEDATALEN less the closing NUL."""

BREAKPOINT = "--> statement-breakpoint"
"""Drizzle's mark between two statements, which may stand without a semicolon."""

_START = r"A-Za-z_\x80-\U0010ffff"
_TOKEN = re.compile(
    rf"(?P<space>[ \t\n\r\f\v]++|--[^\n\r]*+|\\[^\n]*+)"
    rf"|(?P<word>[{_START}][{_START}0-9$]*+)"
    r"|(?P<open>['\"]|/\*|\$(?![0-9]))"
    r"|(?P<number>\.?[0-9][0-9A-Za-z_.]*+|\$[0-9]++)"
    r"|(?P<sign>::|:=|=>|(?:(?!--|/\*)[+\-*/<>=~!@#%^&|?`])++|[\s\S])",
)
_SPACE = re.compile(r"[ \t\n\r\f\v\0]*+")
_HIDING = re.compile(r"[;'\"$()\\]|--|/\*")
_HIDING_IN_ROUTINE = re.compile(r"[;'\"$()\\]|--|/\*|\b(?:begin|case|end)\b", re.IGNORECASE)
_ROUTINE = re.compile(r"create\s+(?:or\s+replace\s+)?(?:function|procedure)\b", re.IGNORECASE)
_COPY_FROM = re.compile(r"\bfrom\s+stdin\b", re.IGNORECASE)
_COPY_END = re.compile(r"^\\\.[ \t\r]*$", re.MULTILINE)
_COMMENT_MARK = re.compile(r"/\*|\*/")
_PLAIN_STRING = re.compile(r"'[^']*+(?:''[^']*+)*+'")
_ESCAPE_STRING = re.compile(r"'[^'\\]*+(?:(?:''|\\[\s\S])[^'\\]*+)*+'")
_QUOTED_NAME = re.compile(r'"[^"]*+(?:""[^"]*+)*+"')
_DOLLAR_TAG = re.compile(rf"\$(?:[{_START}][{_START}0-9]*+)?\$")
_CONTINUED = re.compile(r"(?:[ \t\f\v]|--[^\n\r]*+)*+[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*+[\n\r])*+(?=')")
_ESCAPE = re.compile(
    r"\\(?:u(?P<four>[0-9A-Fa-f]{4})|U(?P<eight>[0-9A-Fa-f]{8})|x(?P<hex>[0-9A-Fa-f]{1,2})|(?P<octal>[0-7]{1,3})"
    r"|(?P<one>[\s\S]))|''"
)
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_UESCAPE = re.compile(r"\s*+uescape\s*+'([^'])'", re.IGNORECASE)


class SqlError(Exception):
    """The text is no SQL that PostgreSQL would read: what opens is never closed.

    what      says what is open
    position  where it opens, in characters from 0
    """

    def __init__(self, what: str, position: int) -> None:
        super().__init__(what)
        self.what = what
        self.position = position


class Token:
    """One token.

    kind        WORD (a name or keyword without quotes), QUOTED (a name), STRING, NUMBER, SIGN or META (a psql command)
    value       a word folded to lower case, a name or string without quotes and escapes; else as it stands
    start, end  its place in the text, in characters; end exclusive
    """

    __slots__ = ("end", "kind", "start", "value")

    def __init__(self, kind: str, value: str, start: int, end: int) -> None:
        self.kind = kind
        self.value = value
        self.start = start
        self.end = end

    def __repr__(self) -> str:
        return f"Token({self.kind}, {self.value!r})"

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these keywords, given in lower case."""
        return self.kind == WORD and self.value in words

    def is_sign(self, *signs: str) -> bool:
        """Whether it is one of these signs."""
        return self.kind == SIGN and self.value in signs

    @property
    def is_name(self) -> bool:
        """Whether it can name something: any word (reserved ones too), or a name in quotes."""
        return self.kind in (WORD, QUOTED)


class Statement:
    """One statement, without its semicolon: a span of the text, from its first token on."""

    __slots__ = ("end", "start", "text")

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.start = start
        self.end = end

    @property
    def source(self) -> str:
        """The statement as it stands, comments included."""
        return self.text[self.start : self.end]

    @property
    def first_word(self) -> str:
        """Its first word in lower case, or its first character."""
        found = _TOKEN.match(self.text, self.start, self.end)
        return found[0].lower() if found and found.lastgroup == "word" else self.text[self.start : self.start + 1]

    def tokens(self) -> list[Token]:
        """Its tokens. Raises SqlError."""
        return list(tokens(self.text, self.start, self.end))


class Lines:
    """The line of a position."""

    __slots__ = ("_breaks",)

    def __init__(self, text: str) -> None:
        self._breaks = [found.start() for found in re.finditer("\n", text)]

    def number(self, position: int) -> int:
        """The line of a position in characters, counted from 1."""
        return bisect_right(self._breaks, position - 1) + 1


def decoded(data: bytes) -> str:
    """A file's bytes as text: UTF-8 without its mark; what is none becomes surrogate escapes."""
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")


def folded(word: str) -> str:
    """A name without quotes as PostgreSQL stores it: ASCII letters in lower case, cut to 63 bytes."""
    return clipped(word.lower() if word.isascii() else "".join(_lower(character) for character in word))


def _lower(character: str) -> str:
    return character.lower() if character.isascii() else character


def clipped(name: str, most: int = NAME_BYTES) -> str:
    """A name cut to so many bytes of UTF-8, never within a character."""
    if len(name) * 4 <= most:
        return name
    data = name.encode("utf-8", "surrogateescape")
    return name if len(data) <= most else data[:most].decode("utf-8", "ignore")


def split(text: str) -> Iterator[Statement]:
    r"""The statements of a script, in order; psql's own commands (`\connect`) are statements of their own.

    Raises SqlError at the end where a string, a name or a comment is never closed.
    """
    position = _to_code(text, 0)
    while position < len(text):
        end, following = _statement_end(text, position)
        if end > position:
            statement = Statement(text, position, end)
            yield statement
            if statement.first_word == "copy":
                following = _past_copied_rows(statement, following)
        position = _to_code(text, following)


def _to_code(text: str, position: int) -> int:
    """The next position that is neither space nor comment nor a lone semicolon."""
    while True:
        found = _SPACE.match(text, position)
        position = found.end() if found else position
        if text.startswith("--", position):
            position = _line_end(text, position)
        elif text.startswith("/*", position):
            position = _past_comment(text, position)
        elif text.startswith(";", position):
            position += 1
        else:
            return position


def _statement_end(text: str, position: int) -> tuple[int, int]:
    """Where the statement that starts here ends, and where to go on."""
    if text[position] == "\\":
        end = _line_end(text, position)
        return end, end
    routine = _ROUTINE.match(text, position) is not None
    hiding = _HIDING_IN_ROUTINE if routine else _HIDING
    parentheses = blocks = 0
    at = position
    while found := hiding.search(text, at):
        what, at = found[0], found.start()
        if what == ";" and parentheses <= 0 and blocks == 0:
            return at, at + 1
        if what == "--" and text.startswith(BREAKPOINT, at):
            return at, at + len(BREAKPOINT)
        parentheses += (what == "(") - (what == ")")
        if len(what) > 2 and parentheses <= 0:  # noqa: PLR2004 - begin, case, end; the marks are shorter
            blocks = _inner_blocks(what.lower(), blocks)
        at = _past_hidden(text, what, at)
    return len(text), len(text)


def _inner_blocks(word: str, blocks: int) -> int:
    """How many blocks of a routine's body (BEGIN ATOMIC … END, CASE … END) are open after a word of it."""
    if word == "begin":
        return blocks + 1
    if not blocks:
        return 0
    return blocks + 1 if word == "case" else blocks - 1


def _past_hidden(text: str, what: str, at: int) -> int:
    """Behind what may hide a semicolon."""
    if what == "'":
        return _past_string(text, at, escapes=_has_escapes(text, at))
    if what == '"':
        return _past(_QUOTED_NAME, text, at, "a name in double quotes")
    if what == "$":
        return _past_dollar(text, at)
    if what in ("--", "\\"):
        return _line_end(text, at)
    return _past_comment(text, at) if what == "/*" else at + len(what)


def _has_escapes(text: str, quote: int) -> bool:
    """Whether the string whose quote stands here is one of the form E'…'."""
    return quote > 0 and text[quote - 1] in "eE" and not (quote > 1 and _in_word(text[quote - 2]))


def _in_word(character: str) -> bool:
    return character in "_$" or character >= "\x80" or (character.isascii() and character.isalnum())


def _past_string(text: str, at: int, *, escapes: bool) -> int:
    """Behind a string and those that continue it on the next lines."""
    pattern = _ESCAPE_STRING if escapes else _PLAIN_STRING
    while True:
        at = _past(pattern, text, at, "a string")
        more = _CONTINUED.match(text, at)
        if more is None:
            return at
        at = more.end()


def _past(pattern: re.Pattern[str], text: str, at: int, what: str) -> int:
    found = pattern.match(text, at)
    if found is None:
        raise SqlError(f"{what} is never closed", at)
    return found.end()


def _past_dollar(text: str, at: int) -> int:
    """Behind a string in dollar quotes; behind the sign alone where none starts here."""
    tag = _DOLLAR_TAG.match(text, at)
    if tag is None or (at > 0 and _in_word(text[at - 1])):
        return at + 1
    end = text.find(tag[0], tag.end())
    if end < 0:
        raise SqlError(f"a string that opens with {tag[0]} is never closed", at)
    return end + len(tag[0])


def _past_comment(text: str, at: int) -> int:
    """Behind a comment and those that are nested in it."""
    depth = 0
    for found in _COMMENT_MARK.finditer(text, at):
        depth += 1 if found[0] == "/*" else -1
        if depth == 0:
            return found.end()
    raise SqlError("a comment is never closed", at)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _past_copied_rows(statement: Statement, following: int) -> int:
    """Behind the rows that follow a COPY … FROM stdin."""
    if _COPY_FROM.search(statement.text, statement.start, statement.end) is None:
        return following
    rows = _line_end(statement.text, following)
    end = _COPY_END.search(statement.text, rows)
    return end.end() if end else len(statement.text)


def tokens(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """The tokens of a part of the text, without comments. Raises SqlError."""
    end = len(text) if end is None else end
    at = start
    while at < end:
        found = _TOKEN.match(text, at, end)
        if found is None:
            return
        kind = found.lastgroup
        if kind == "space":
            at = found.end()
            continue
        token = None
        if kind == "word":
            token = _prefixed(text, found[0], at) or Token(WORD, folded(found[0]), at, found.end())
        elif kind == "open":
            token, at = _opened(text, found[0], at)
        else:
            token = Token(NUMBER if kind == "number" else SIGN, found[0], at, found.end())
        if token is not None:
            at = token.end
            yield token


def _opened(text: str, mark: str, at: int) -> tuple[Token | None, int]:
    """What a quote, a dollar or a comment opens: its token, or none and where to go on."""
    if mark == "/*":
        return None, _past_comment(text, at)
    if mark == "'":
        return _string(text, at, at, escapes=False), at
    if mark == '"':
        end = _past(_QUOTED_NAME, text, at, "a name in double quotes")
        return Token(QUOTED, clipped(text[at + 1 : end - 1].replace('""', '"')), at, end), at
    end = _past_dollar(text, at)
    tag = _DOLLAR_TAG.match(text, at)
    if tag is None:
        return Token(SIGN, "$", at, end), at
    return Token(STRING, text[tag.end() : end - len(tag[0])], at, end), at


def _prefixed(text: str, word: str, at: int) -> Token | None:
    """The string or name that a short prefix belongs to: E'…', B'…', X'…', N'…', U&'…', U&"…"."""
    after = at + len(word)
    if len(word) != 1:
        return None
    if word in "eEbBxXnN" and text.startswith("'", after):
        return _string(text, at, after, escapes=word in "eE")
    if word in "uU" and text.startswith("&'", after):
        token = _string(text, at, after + 1, escapes=False)
        return _with_unicode(text, token, STRING)
    if word in "uU" and text.startswith('&"', after):
        end = _past(_QUOTED_NAME, text, after + 1, "a name in double quotes")
        return _with_unicode(text, Token(QUOTED, text[after + 2 : end - 1].replace('""', '"'), at, end), QUOTED)
    return None


def _string(text: str, start: int, quote: int, *, escapes: bool) -> Token:
    """A string that may go on in the next lines; its quote stands behind a prefix, or starts it."""
    pattern = _ESCAPE_STRING if escapes else _PLAIN_STRING
    parts = []
    while True:
        end = _past(pattern, text, quote, "a string")
        part = text[quote + 1 : end - 1]
        parts.append(_without_escapes(part) if escapes else part.replace("''", "'"))
        more = _CONTINUED.match(text, end)
        if more is None:
            return Token(STRING, "".join(parts), start, end)
        quote = more.end()


def _without_escapes(part: str) -> str:
    """What E'…' says. Escapes may write single bytes of a character."""
    if "\\" not in part:
        return part.replace("''", "'")
    made = bytearray()
    at = 0
    for found in _ESCAPE.finditer(part):
        made += part[at : found.start()].encode("utf-8", "surrogatepass")
        made += _escaped(found)
        at = found.end()
    made += part[at:].encode("utf-8", "surrogatepass")
    return _joined_pairs(made.decode("utf-8", "surrogatepass") if _is_text(made) else made.decode("utf-8", "replace"))


def _is_text(data: bytearray) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _escaped(found: re.Match[str]) -> bytes:
    code = found["four"] or found["eight"]
    if code:
        return _character(int(code, 16)).encode("utf-8", "surrogatepass")
    if found["hex"]:
        return bytes((int(found["hex"], 16),))
    if found["octal"]:
        return bytes((int(found["octal"], 8) & 255,))
    one = found["one"]
    return (_LETTERS.get(one, one) if one else "'").encode("utf-8", "surrogatepass")


def _character(code: int) -> str:
    return chr(code) if code <= 0x10FFFF else "\ufffd"  # noqa: PLR2004 - the last code point of Unicode


def _joined_pairs(text: str) -> str:
    """Two escapes may write one character as a pair of surrogates."""
    if not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _with_unicode(text: str, token: Token, kind: str) -> Token:
    r"""What U&'\0061' says; the escape may be another character, named behind by UESCAPE."""
    escape, end = "\\", token.end
    named = _UESCAPE.match(text, end)
    if named:
        escape, end = named[1], named.end()
    mark = re.escape(escape)
    pattern = re.compile(rf"{mark}(?:([0-9A-Fa-f]{{4}})|\+([0-9A-Fa-f]{{6}})|({mark}))")
    value = pattern.sub(lambda found: escape if found[3] else _character(int(found[1] or found[2], 16)), token.value)
    value = _joined_pairs(value)
    return Token(kind, clipped(value) if kind == QUOTED else value, token.start, end)
