"""What a provider's pattern can't tell from its credential: a file's name, an identifier, an article's number."""

from __future__ import annotations

from nightlatch.secrets.assigned_name import names_no_secret
from nightlatch.secrets.placeholder import is_example, is_weak

DIGITS = b"0123456789"
CAPITALS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LEAST_DIGITS = 2
"""Of 65 random characters 10 are digits; fewer than two are in one of 2,000. Identifiers have none."""


def is_words(value: bytes) -> bool:
    """Whether a value is words in camel case: no digit, and few capitals, where half of random letters are."""
    capitals = len(value) - len(value.translate(None, CAPITALS))
    return value.isalpha() and 0 < capitals <= len(value) // 4


def confirm_named(text: bytes, start: int, end: int) -> tuple[int, int] | None:
    """The span, unless the value's name says that it is something else: `SKU: SK…`."""
    return None if is_example(text[start:end]) or names_no_secret(text, start) else (start, end)


def confirm_not_weak(text: bytes, start: int, end: int) -> tuple[int, int] | None:
    """The span, unless it is a short value as documentation shows it: `abc123`."""
    return None if is_weak(text[start:end]) else (start, end)


def confirm_no_file(text: bytes, start: int, end: int) -> tuple[int, int] | None:
    """The span, unless it goes on as a file's name or a host's does: `…-us14.png`."""
    goes_on = text[end : end + 1] == b"." and text[end + 1 : end + 2].isalnum()
    return None if goes_on else confirm_named(text, start, end)


def confirm_no_identifiers(text: bytes, start: int, end: int) -> tuple[int, int] | None:
    """The span, unless it is words joined by dots: a random value of this length has digits."""
    value = text[start:end]
    digits = len(value) - len(value.translate(None, DIGITS))
    return None if digits < LEAST_DIGITS or is_example(value) else (start, end)
