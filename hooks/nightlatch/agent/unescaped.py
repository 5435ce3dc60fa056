"""Text with its escapes taken out: a token that is written in parts or in code numbers is a token all the same."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable

_HEX = "([2-7][0-9a-fA-F])"
HEXADECIMAL = rf"\\u00{_HEX}|\\u\{{0{{0,4}}{_HEX}\}}|\\x{_HEX}|%{_HEX}|&#[xX]{_HEX};"
OCTAL = r"\\0?(1[0-7][0-7])|\\0?([4-7][0-7])(?![0-7])"
DECIMAL = r"&#([0-9]{2,3});"
CONTINUED = r"\\\r?\n"
JOINED = r"[\"'`]\s{0,80}(?:\+|\.{1,2}|&|\|\||<>)\s{0,80}[\"'`]"
"""Two texts with what joins them in one language or another."""

BESIDE = r"([\"'])\s{1,80}\1"
"""Two texts that stand beside each other, which some languages join."""

WITHIN = r"(?<=[A-Za-z0-9_-])(?:\"\"|''|\"'|'\"|[\"'])(?=[A-Za-z0-9_-])"
"""Quotation marks in the middle of a word of a shell."""


def unescaped(text: str, *, is_shell: bool) -> str:
    r"""The text with `\u0067`, `\x67`, `\147`, `%67` and `&#103;` as `g`, without NULs, with `"a" + "b"` as `"ab"`.

    is_shell  whether it is a shell's, in which `a"b"` is one word and `"a" "b"` are two
    """
    import re

    text = re.sub(CONTINUED, "", text.replace("\0", ""))
    for pattern, base in ((HEXADECIMAL, 16), (OCTAL, 8), (DECIMAL, 10)):
        text = re.sub(pattern, _of_base(base), text)
    text = re.sub(JOINED, "", text)
    return re.sub(WITHIN if is_shell else BESIDE, "", text)


def _of_base(base: int) -> Callable[[re.Match[str]], str]:
    """Gives the character of a code number."""
    return lambda found: chr(int(found[found.lastindex or 0], base))
