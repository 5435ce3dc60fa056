"""Whether code of JavaScript, Ruby, Perl or PHP keeps a part of a file that it reads: `readFileSync(…).slice(0, 9)`.

It is told from what stands behind the call that reads, and behind the names that its value is given.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Protocol

    class Token(Protocol):
        """A piece of code, as `other_code` has it."""

        is_text: bool
        value: str | None


_PASSING = frozenset(
    {"toString", "trim", "trimEnd", "trimStart", "split", "join", "replace", "replaceAll", "lines", "chars", "chomp",
     "strip", "each_line", "each", "to_a", "utf8", "readlines", "read", "split_lines"}
)  # fmt: skip
"""Methods whose value is still the content, or all its lines."""

_TAKING = frozenset(
    {"slice", "substring", "substr", "at", "shift", "charAt", "first", "last", "take", "gets", "readline", "byteslice"}
)
"""Methods that take a part of it."""

_PHRASES = {"perl": ("scalar<", "scalar(<"), "php": ("fgets(", "substr(file_get_contents", "file(")}
"""Language → what takes a part without a method, blanks left out; of PHP's `file(…)` only with an index behind it."""


def takes_part(tokens: Sequence[Token], text: str, language: str, reads: Callable[[int], bool]) -> bool:
    """Whether a part is kept of what is read. `reads` tells whether a file is read by the name at a place."""
    squeezed = "".join(text.split())
    phrases = [phrase for phrase in _PHRASES.get(language, ()) if phrase in squeezed]
    if any(phrase != "file(" or ")[" in squeezed for phrase in phrases):
        return True
    held: set[str] = set()
    for place, token in enumerate(tokens):
        if token.is_text or not token.value:
            continue
        name, _, methods = token.value.partition(".")
        if reads(place):
            is_part, end = _behind(tokens, _past_brackets(tokens, place + 1), ())
        elif name.lstrip("$") in held and not _sign(tokens, place + 1, "="):
            is_part, end = _behind(tokens, place + 1, tuple(methods.split(".")) if methods else ())
        else:
            continue
        if is_part:
            return True
        given = _given_to(tokens, place)
        if given and end:
            held.add(given)
    return False


def _behind(tokens: Sequence[Token], place: int, methods: tuple[str, ...]) -> tuple[bool, bool]:
    """Follow a chain of methods: whether one takes a part; whether its end is still the content."""
    while True:
        for number, method in enumerate(methods):
            if method in _TAKING:
                return True, False
            if method not in _PASSING:
                return False, False
            if number == len(methods) - 1:
                place = _past_brackets(tokens, place)
        if _sign(tokens, place, "["):
            return _value(tokens, place + 1) is not None, False
        if not (_sign(tokens, place, ".") and _value(tokens, place + 1) is not None):
            return False, True
        methods = tuple((_value(tokens, place + 1) or "").split("."))
        place += 2


def _value(tokens: Sequence[Token], place: int) -> str | None:
    """The sign or the name at a place; None where a text stands there, or nothing."""
    return None if place >= len(tokens) or tokens[place].is_text else tokens[place].value


def _sign(tokens: Sequence[Token], place: int, sign: str) -> bool:
    return _value(tokens, place) == sign


def _past_brackets(tokens: Sequence[Token], place: int) -> int:
    """Behind the brackets that open here; the same place where none do."""
    if not _sign(tokens, place, "("):
        return place
    depth = 0
    for end in range(place, min(place + MOST_TOKENS, len(tokens))):
        depth += _sign(tokens, end, "(") - _sign(tokens, end, ")")
        if depth == 0:
            return end + 1
    return len(tokens)


MOST_TOKENS = 400
"""So many pieces of code the arguments of a call may have."""

MOST_BACK = 8
"""So far before a call its sign of equality may stand: `text = await require('fs').promises.readFile(`."""


def _given_to(tokens: Sequence[Token], place: int) -> str:
    """The name that a value is given, as `const text = …`; empty where there is none."""
    for before in range(place - 1, max(place - MOST_BACK, 0), -1):
        if _value(tokens, before) in (";", "\n", "{", "}"):
            return ""
        if _sign(tokens, before, "="):
            return (_value(tokens, before - 1) or "").lstrip("$")
    return ""
