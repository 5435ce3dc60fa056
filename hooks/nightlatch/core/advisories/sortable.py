"""Numbers as text that sorts as the numbers do: the stuff that the keys of versions are made of.

A key is plain ASCII. Two of them compare as text as their versions do, and none is the beginning of another.
These characters stand in keys, in this order: END, digits behind a letter (a number), letters, TOP.
"""

from __future__ import annotations

END = "!"
"""Below everything else that may stand in its place: the end of a list, or what is absent and counts least."""

TOP = "~"
"""Above everything else: what is absent and counts most. By itself it is above every key."""

MOST_CHARACTERS = 256
"""No version is longer: npm's own bound, and far more than any of PyPI has."""

_FIRST = ord("A") - 1
_MOST_DIGITS = 25


def number(digits: str) -> str:
    """A number, of any size, given in ASCII digits: `7` is `A7`, `12` is `B12`."""
    plain = digits.lstrip("0") or "0"
    length = len(plain)
    if length <= _MOST_DIGITS:
        return chr(_FIRST + length) + plain
    return "Z" + number(str(length)) + plain


def is_number(text: str) -> bool:
    """Whether a text is nothing but ASCII digits."""
    return text.isdigit() and text.isascii()


def just_above(key: str) -> str:
    """A text above the key and below every greater one: the end of a span that the key still belongs to."""
    return key + END


def split_number(key: str) -> tuple[str, str]:
    """The number that a key begins with, as it stands there, and the rest; "" where it begins with none."""
    letter = key[:1]
    if not "A" <= letter <= "Z":
        return "", key
    if letter < "Z":
        size = 1 + ord(letter) - _FIRST
    else:
        length, _ = split_number(key[1:])
        size = 1 + len(length) + int(length[1:])
    return key[:size], key[size:]
