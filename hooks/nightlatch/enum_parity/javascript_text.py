"""String literals of JavaScript and TypeScript as the text that they stand for."""

from __future__ import annotations

import re

_ESCAPE = re.compile(
    r"\\(?:u\{([0-9A-Fa-f]{1,8})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(\r\n|[\n\r\u2028\u2029])|([\s\S]))"
)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_LAST = 0x10FFFF


def unescaped(inner: str) -> str:
    """What stands between the quotes, with its escapes replaced."""
    if "\\" not in inner:
        return inner
    text = _ESCAPE.sub(_replaced, inner)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # two escapes may make one character


def _replaced(found: re.Match[str]) -> str:
    braces, four, two, newline, letter = found.groups()
    digits = braces or four or two
    if digits:
        return chr(min(int(digits, 16), _LAST))
    return "" if newline else _LETTERS.get(letter, letter)
