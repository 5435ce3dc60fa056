"""Random texts that a regular expression matches, made by walking its parsed form."""

from __future__ import annotations

import re._constants as sre  # type: ignore[import-not-found]
import re._parser as sre_parser  # type: ignore[import-not-found]
from random import Random
from typing import Any

MOST_EXTRA = 40
"""How many repeats more than the least are made, so that patterns of thousands of characters stay quick."""

CLASSES = {
    sre.CATEGORY_DIGIT: b"0123456789",
    sre.CATEGORY_SPACE: b" \t\r\f\v",
    sre.CATEGORY_WORD: b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_",
}
SINGLE = (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN)
"""What stands for one character."""

PLAIN = bytes(range(0x20, 0x7F))


def matching(pattern: bytes, generator: Random) -> bytes:
    """A text that the pattern matches as a whole, boundaries aside."""
    return _sequence(sre_parser.parse(pattern), generator)


def _sequence(parsed: Any, generator: Random) -> bytes:
    return b"".join(_one(operation, value, generator) for operation, value in parsed)


def _one(operation: Any, value: Any, generator: Random) -> bytes:
    if operation in SINGLE:
        return bytes((generator.choice(_members([(operation, value)] if operation is not sre.IN else value)),))
    if operation is sre.BRANCH:
        return _sequence(generator.choice(value[1]), generator)
    if operation is sre.SUBPATTERN:
        return _sequence(value[3], generator)
    if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        least, most, body = value
        count = generator.choice([least, min(int(most), least + MOST_EXTRA), generator.randint(least, least + 3)])
        return b"".join(_sequence(body, generator) for _ in range(min(count, int(most))))
    if operation is sre.AT:
        return b""
    raise ValueError(f"no text for {operation}")


def _members(items: Any) -> list[int]:
    negated = bool(items) and items[0][0] is sre.NEGATE
    members: set[int] = set()
    for operation, value in items[1:] if negated else items:
        if operation is sre.LITERAL:
            members.add(value)
        elif operation is sre.RANGE:
            members.update(range(value[0], value[1] + 1))
        elif operation is sre.CATEGORY:
            members.update(CLASSES[value])
        elif operation is sre.ANY:
            members.update(PLAIN)
        elif operation is sre.NOT_LITERAL:
            members.update(set(PLAIN) - {value})
        else:
            raise ValueError(f"no characters for {operation}")
    return sorted(set(PLAIN) - members) if negated else sorted(members)
