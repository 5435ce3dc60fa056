"""A word of bash as it is written, read into pieces: text, quoted or not, and what the shell will put in its place.

Only the writing is read here; nothing is looked up. The rules are those of the bash manual, chapters 3.1.2 and 3.5.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

TEXT: Final = "text"
PARAMETER: Final = "parameter"
COMMAND: Final = "command"
ARITHMETIC: Final = "arithmetic"
INPUT: Final = "input"
OUTPUT: Final = "output"

_NAME = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
_SPECIAL = frozenset("@*#?-$!0123456789")
_SIMPLE_ESCAPES = {
    "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    "\\": "\\", "'": "'", '"': '"', "?": "?",
}  # fmt: skip
_HEX_DIGITS = {"x": 2, "u": 4, "U": 8}
_CLOSING = {"(": ")", "{": "}"}
MOST_DEPTH = 40


class WordError(Exception):
    """What is written can't be read: a quote or a bracket is never closed, or they are nested too deeply."""


class Piece:
    """A piece of a word.

    kind       TEXT; PARAMETER (`text` is what stands between the braces, or the bare name); COMMAND (the commands
               inside); ARITHMETIC (the expression); INPUT, OUTPUT (`<(…)`, `>(…)`: the commands inside)
    is_quoted  whether neither splitting nor patterns apply
    source     as it is written
    """

    __slots__ = ("is_quoted", "kind", "source", "text")

    def __init__(self, kind: str, text: str, source: str, *, is_quoted: bool) -> None:
        self.kind = kind
        self.text = text
        self.source = source
        self.is_quoted = is_quoted

    def __repr__(self) -> str:
        return f"Piece({self.kind}, {self.text!r}{', quoted' if self.is_quoted else ''})"


def pieces(source: str) -> list[Piece]:
    """The pieces of a word. Raises WordError."""
    found: list[Piece] = []
    at = 0
    while at < len(source):
        at = _next(source, at, found)
    return found


def quoted_pieces(source: str) -> list[Piece]:
    """The pieces of a text that stands as if between double quotes: a here-document. Raises WordError."""
    found: list[Piece] = []
    at = 0
    while at < len(source):
        at = _in_double_quotes(source, at, found, is_here=True)
    return found


def _next(source: str, at: int, found: list[Piece]) -> int:  # noqa: PLR0911 - one form after the other
    character = source[at]
    if character == "\\":
        if source[at + 1 : at + 2] != "\n":
            _add(found, source[at + 1 : at + 2], quoted=True)
        return at + 2
    if character == "'":
        end = _index(source, "'", at + 1)
        _add(found, source[at + 1 : end], quoted=True)
        return end + 1
    if character == '"':
        return _double_quotes(source, at + 1, found)
    if character == "$":
        return _dollar(source, at, found, quoted=False)
    if character == "`":
        return _backticks(source, at, found, quoted=False)
    if character in "<>" and source[at + 1 : at + 2] == "(":
        end = closing(source, at + 2, ")")
        kind = INPUT if character == "<" else OUTPUT
        found.append(Piece(kind, source[at + 2 : end], source[at : end + 1], is_quoted=True))
        return end + 1
    end = at + 1
    while end < len(source) and source[end] not in "\\'\"$`<>":
        end += 1
    _add(found, source[at:end], quoted=False)
    return end


def _double_quotes(source: str, at: int, found: list[Piece]) -> int:
    _add(found, "", quoted=True)
    while at < len(source):
        if source[at] == '"':
            return at + 1
        at = _in_double_quotes(source, at, found, is_here=False)
    raise WordError("a double quote is never closed")


def _in_double_quotes(source: str, at: int, found: list[Piece], *, is_here: bool) -> int:
    character = source[at]
    if character == "\\":
        following = source[at + 1 : at + 2]
        kept = "" if following and following in ('$`\\\n"' if not is_here else "$`\\\n") else "\\"
        _add(found, kept + ("" if following == "\n" else following), quoted=True)
        return at + 2
    if character == "$":
        return _dollar(source, at, found, quoted=True)
    if character == "`":
        return _backticks(source, at, found, quoted=True)
    end = at + 1
    while end < len(source) and source[end] not in '\\"$`':
        end += 1
    _add(found, source[at:end], quoted=True)
    return end


def _dollar(source: str, at: int, found: list[Piece], *, quoted: bool) -> int:  # noqa: PLR0911 - one form after the other
    following = source[at + 1 : at + 2]
    if following == "'" and not quoted:
        text, end = ansi_c(source, at + 2)
        _add(found, text, quoted=True)
        return end
    if following == '"' and not quoted:
        return _double_quotes(source, at + 2, found)
    if source.startswith("((", at + 1):
        end = closing(source, at + 3, ")")
        if source.startswith("))", end):
            found.append(Piece(ARITHMETIC, source[at + 3 : end], source[at : end + 2], is_quoted=quoted))
            return end + 2
    if following == "(":
        end = closing(source, at + 2, ")")
        found.append(Piece(COMMAND, source[at + 2 : end], source[at : end + 1], is_quoted=quoted))
        return end + 1
    if following == "[":
        end = closing(source, at + 2, "]")
        found.append(Piece(ARITHMETIC, source[at + 2 : end], source[at : end + 1], is_quoted=quoted))
        return end + 1
    if following == "{":
        end = closing(source, at + 2, "}")
        found.append(Piece(PARAMETER, source[at + 2 : end], source[at : end + 1], is_quoted=quoted))
        return end + 1
    return _bare_name(source, at, found, quoted=quoted)


def _bare_name(source: str, at: int, found: list[Piece], *, quoted: bool) -> int:
    following = source[at + 1 : at + 2]
    end = at + 2
    if following in _SPECIAL and following:
        found.append(Piece(PARAMETER, following, source[at:end], is_quoted=quoted))
        return end
    if following not in _NAME or not following:
        _add(found, "$", quoted=True)
        return at + 1
    while end < len(source) and source[end] in _NAME:
        end += 1
    found.append(Piece(PARAMETER, source[at + 1 : end], source[at:end], is_quoted=quoted))
    return end


def _backticks(source: str, at: int, found: list[Piece], *, quoted: bool) -> int:
    inner = []
    end = at + 1
    while end < len(source) and source[end] != "`":
        if source[end] == "\\" and source[end + 1 : end + 2] in ("`", "\\", "$"):
            end += 1
        inner.append(source[end : end + 1])
        end += 1
    if end >= len(source):
        raise WordError("a backtick is never closed")
    found.append(Piece(COMMAND, "".join(inner), source[at : end + 1], is_quoted=quoted))
    return end + 1


def _add(found: list[Piece], text: str, *, quoted: bool) -> None:
    """Text joins the text before it where it is quoted alike."""
    last = found[-1] if found else None
    if last is not None and last.kind == TEXT and last.is_quoted == quoted:
        last.text += text
        last.source += text
    else:
        found.append(Piece(TEXT, text, text, is_quoted=quoted))


def _index(source: str, what: str, at: int) -> int:
    end = source.find(what, at)
    if end < 0:
        raise WordError("a quote is never closed")
    return end


def ansi_c(source: str, at: int) -> tuple[str, int]:
    r"""What `$'…'` says from behind its opening quote on, and where it ends. Raises WordError."""
    made = bytearray()
    while at < len(source):
        character = source[at]
        if character == "'":
            return made.decode("utf-8", "surrogateescape"), at + 1
        if character == "\\" and at + 1 < len(source):
            data, at = _escape(source, at + 1)
            made += data
            continue
        made += character.encode("utf-8", "surrogateescape")
        at += 1
    raise WordError("a quote is never closed")


def escaped(text: str) -> str:
    r"""A text with the escapes of `echo -e` and of printf's format done."""
    made = bytearray()
    at = 0
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text):
            data, at = _escape(text, at + 1)
            made += data
        else:
            made += text[at].encode("utf-8", "surrogateescape")
            at += 1
    return made.decode("utf-8", "surrogateescape")


def _escape(source: str, at: int) -> tuple[bytes, int]:
    """The bytes of the escape whose letter stands here, and where to go on."""
    letter = source[at]
    if letter in _SIMPLE_ESCAPES:
        return _SIMPLE_ESCAPES[letter].encode(), at + 1
    if letter in _HEX_DIGITS:
        digits = _digits(source, at + 1, "0123456789abcdefABCDEF", _HEX_DIGITS[letter])
        if digits:
            code = int(digits, 16)
            data = bytes((code,)) if letter == "x" else _character(code)
            return data, at + 1 + len(digits)
    if letter in "01234567":
        digits = _digits(source, at, "01234567", 4 if letter == "0" else 3)
        return bytes((int(digits, 8) & 255,)), at + len(digits)
    if letter == "c" and at + 1 < len(source):
        return bytes((ord(source[at + 1]) & 31,)), at + 2
    return f"\\{letter}".encode("utf-8", "surrogateescape"), at + 1


def _character(code: int) -> bytes:
    return chr(code).encode("utf-8", "surrogatepass") if code <= 0x10FFFF else b"?"  # noqa: PLR2004 - Unicode's last


def _digits(source: str, at: int, allowed: str, most: int) -> str:
    end = at
    while end < len(source) and end - at < most and source[end] in allowed:
        end += 1
    return source[at:end]


def closing(source: str, at: int, what: str, depth: int = 0) -> int:
    """Where the bracket that was opened just before `at` is closed; quotes and nested ones are stepped over.

    The text has gone through `prepare.prepared`: there are neither comments nor here-documents. Raises WordError.
    """
    if depth > MOST_DEPTH:
        raise WordError("brackets are nested too deeply")
    start, cases = at, 0
    while at < len(source):
        if what == ")" and source[at] in "ce":
            cases += _case_step(source, start, at, cases)
        if source[at] == what:
            if not cases:
                return at
            at += 1  # the bracket behind a pattern of `case`
            continue
        at = _past_nested(source, at, what, depth)
    raise WordError("a bracket is never closed")


_BEFORE_COMMANDS = (";", "&", "|", "(", "\n", "{", " do", " then", " else")


def _case_step(source: str, start: int, at: int, cases: int) -> int:
    """1 where a `case` starts here, -1 where its `esac` stands, else 0."""
    following = source[at + 4 : at + 5]
    if source.startswith("esac", at) and cases and following in (" ", ")", ";", "\n", "|", "&", ""):
        return -1
    if not source.startswith("case", at) or not following.isspace():
        return 0
    before = source[start:at].rstrip(" \t")
    return int(not before or before.endswith(_BEFORE_COMMANDS))


def _past_nested(source: str, at: int, what: str, depth: int) -> int:  # noqa: PLR0911 - one form after the other
    character = source[at]
    if character == "\\":
        return at + 2
    if character == "'" and what != "}":
        return _index(source, "'", at + 1) + 1
    if character == '"':
        return _past_double_quotes(source, at + 1, depth)
    if character == "`":
        return _backticks(source, at, [], quoted=True)
    if character == "$" and source[at + 1 : at + 2] == "'":
        return ansi_c(source, at + 2)[1]
    if character == "$" and source[at + 1 : at + 2] in _CLOSING:
        return closing(source, at + 2, _CLOSING[source[at + 1]], depth + 1) + 1
    if character == "(" and what == ")":
        return closing(source, at + 1, ")", depth + 1) + 1
    return at + 1


def _past_double_quotes(source: str, at: int, depth: int) -> int:
    while at < len(source):
        if source[at] == '"':
            return at + 1
        if source[at] == "\\":
            at += 2
        elif source[at] == "`":
            at = _backticks(source, at, [], quoted=True)
        elif source[at] == "$" and source[at + 1 : at + 2] in _CLOSING:
            at = closing(source, at + 2, _CLOSING[source[at + 1]], depth + 1) + 1
        else:
            at += 1
    raise WordError("a double quote is never closed")
