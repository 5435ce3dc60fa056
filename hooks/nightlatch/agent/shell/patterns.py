"""Shell patterns (`*`, `?`, `[a-z]`), on names and on texts. No regular expressions: their module costs start-up."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

SPECIAL = frozenset("*?[")
LITERAL = "\ue001"
"""Stands before a character that is quoted, so that it is no pattern: of a private use."""


def quoted(text: str) -> str:
    """A text as a pattern that matches it alone."""
    if not any(character in SPECIAL for character in text):
        return text
    return "".join(LITERAL + character if character in SPECIAL else character for character in text)


def is_pattern(text: str) -> bool:
    """Whether anything in it is special."""
    return any(
        character in SPECIAL and (place == 0 or text[place - 1] != LITERAL) for place, character in enumerate(text)
    )


def plain(text: str) -> str:
    """A pattern as the text that it is where it matches nothing."""
    return text.replace(LITERAL, "")


def matches(pattern: str, name: str) -> bool:
    """Whether the whole name matches. Its time is the product of the two lengths at most."""
    parts = _parts(pattern)
    part, place = 0, 0
    star, retry = -1, 0
    while place < len(name):
        if part < len(parts) and parts[part] == "*":
            star, retry = part, place
            part += 1
        elif part < len(parts) and _is_one(parts[part], name[place]):
            part += 1
            place += 1
        elif star >= 0:
            retry += 1
            part, place = star + 1, retry
        else:
            return False
    return all(rest == "*" for rest in parts[part:])


def _parts(pattern: str) -> list[str]:
    """`*`, `?`, a set with its brackets, or a literal character behind a mark."""
    found: list[str] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        if character in (LITERAL, "\\") and at + 1 < len(pattern):
            found.append(LITERAL + pattern[at + 1])
            at += 2
            continue
        if character == "[":
            end = pattern.find("]", at + (3 if pattern[at + 1 : at + 2] in ("!", "^") else 2))
            if end > 0:
                found.append(pattern[at : end + 1])
                at = end + 1
                continue
        if character in "*?":
            if character != "*" or found[-1:] != ["*"]:
                found.append(character)
        else:
            found.append(LITERAL + character)
        at += 1
    return found


def _is_one(part: str, character: str) -> bool:
    if part == "?":
        return True
    if part[0] == LITERAL:
        return part[1] == character
    inner = part[1:-1].replace(LITERAL, "")
    is_negated = inner[:1] in ("!", "^")
    return _is_in_set(inner[is_negated:], character) != is_negated


def _is_sign(character: str) -> bool:
    return not character.isalnum() and not character.isspace()


_CLASSES: dict[str, Callable[[str], bool]] = {
    "alpha": str.isalpha, "digit": str.isdigit, "alnum": str.isalnum, "lower": str.islower, "upper": str.isupper,
    "space": str.isspace, "punct": _is_sign,
}  # fmt: skip


def _is_in_set(inner: str, character: str) -> bool:
    if inner.startswith("[:") or ":" in inner:
        for name, test in _CLASSES.items():
            if f":{name}:" in inner and test(character):
                return True
    at = 0
    while at < len(inner):
        if inner[at + 1 : at + 2] == "-" and at + 2 < len(inner):
            if inner[at] <= character <= inner[at + 2]:
                return True
            at += 3
        else:
            if inner[at] == character:
                return True
            at += 1
    return False
