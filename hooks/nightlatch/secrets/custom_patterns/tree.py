r"""A custom rule's pattern, read into a small tree: what both engines understand alike, and nothing else.

What is searched with is written anew from the tree (`Pattern.expression`): no flags, every class spelt out, no
line end in any of them, every repeat as `{least,most}`. So there is one meaning, whatever a dialect would make
of `(?i)`, `\s` or `[^"]`.
"""

from __future__ import annotations

import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as sre_parser  # type: ignore[import-not-found]
import warnings
from dataclasses import dataclass

from nightlatch.core.schema.texts import regex_fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

ALL = (1 << 256) - 1
LINE_END = 1 << ord("\n")
SECRET = "secret"  # noqa: S105 - the name of a group
MOST_LEVELS = 20
"""How deep groups may be nested."""


class PatternError(Exception):
    """A pattern can't be used: what is wrong with it, and what to write instead. Neither quotes the pattern."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Byte:
    """One byte out of a set; bit N of `mask` is the byte N."""

    mask: int


@dataclass(frozen=True, slots=True)
class Boundary:
    r"""The edge of a word, `\b`, or with `inside` the absence of one, `\B`."""

    inside: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    """One part after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several."""

    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A body from `least` to `most` times."""

    body: Node
    least: int
    most: int
    lazy: bool


@dataclass(frozen=True, slots=True)
class Secret:
    """The group that holds the value."""

    body: Node


Node = Byte | Boundary | Sequence | Choice | Repeat | Secret


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that was read."""

    root: Node

    @property
    def expression(self) -> str:
        """The pattern as both engines search with it: ASCII, for bytes."""
        return _written(self.root)

    @property
    def width(self) -> tuple[int, int]:
        """The lengths of the shortest and of the longest match."""
        return width(self.root)


def read(text: str) -> Pattern:
    """Read a pattern. Raises PatternError for what it may not hold."""
    if not text.isascii():
        raise PatternError("holds a character that is not ASCII", "Write its bytes in UTF-8, such as \\xc3\\xa9 for é.")
    parsed = _parsed(text)
    if parsed.state.flags & ~re.IGNORECASE:
        raise _wrong_flags()
    if set(parsed.state.groupdict) - {SECRET}:
        raise PatternError(
            f"has a named group other than `{SECRET}`",
            f"Only (?P<{SECRET}>…) has a meaning, the value; write (?:…) for a group that has none.",
        )
    return Pattern(_sequence(parsed, _Around(fold=bool(parsed.state.flags & re.IGNORECASE))))


def width(node: Node) -> tuple[int, int]:
    """The lengths of the shortest and of the longest match of a part."""
    if isinstance(node, Byte):
        return 1, 1
    if isinstance(node, Repeat):
        least, most = width(node.body)
        return least * node.least, most * node.most
    if isinstance(node, Secret):
        return width(node.body)
    inner = [width(part) for part in parts(node)]
    if isinstance(node, Choice):
        return min(least for least, _ in inner), max(most for _, most in inner)
    return sum(least for least, _ in inner), sum(most for _, most in inner)


def parts(node: Node) -> tuple[Node, ...]:
    """What a part is made of."""
    if isinstance(node, Sequence):
        return node.parts
    if isinstance(node, Choice):
        return node.options
    return (node.body,) if isinstance(node, Repeat | Secret) else ()


def everything(node: Node) -> Iterable[Node]:
    """The part and all below it."""
    yield node
    for part in parts(node):
        yield from everything(part)


def _parsed(text: str) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return sre_parser.parse(text.encode())
    except re.error as error:
        raise PatternError(
            f"is no regular expression over bytes{regex_fault(error)}",
            "It is read as Python's `re` reads bytes, which doesn't know \\u, \\N and \\p.",
        ) from None
    except Warning:
        raise PatternError(
            "has a sign in a class that other engines read differently ([, --, &&, ~~ or ||)",
            "Put a backslash before it; for a class such as [:alpha:] write A-Za-z.",
        ) from None
    except (OverflowError, RecursionError):
        raise PatternError("is no regular expression over bytes", "Make it simpler.") from None


@dataclass(frozen=True, slots=True)
class _Around:
    """What holds for a part because of what stands around it.

    fold   letters stand for both cases
    firm   every match passes through here, and once
    level  how deep it is nested
    """

    fold: bool
    firm: bool = True
    level: int = 0


def _sequence(items: Any, around: _Around) -> Node:
    """The node for what Python's own parser found."""
    if around.level > MOST_LEVELS:
        raise PatternError(f"is nested deeper than {MOST_LEVELS} levels", "Make it simpler.")
    found = [_node(operation, value, around) for operation, value in items]
    return found[0] if len(found) == 1 else Sequence(tuple(found))


def _node(operation: Any, value: Any, around: _Around) -> Node:
    if operation in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN):
        return Byte(_mask(operation, value, fold=around.fold))
    if operation is sre.AT:
        return _boundary(value)
    if operation is sre.BRANCH:
        inside = _Around(around.fold, firm=False, level=around.level + 1)
        return Choice(tuple(_sequence(option, inside) for option in value[1]))
    if operation is sre.SUBPATTERN:
        return _group(value, around)
    if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        return _repeat(value, around, lazy=operation is sre.MIN_REPEAT)
    raise PatternError(
        _UNKNOWN.get(operation, "has a part that the fast engine doesn't know"),
        "The fast engine can't do that: describe the text itself, with \\b for a word's edge.",
    )


def _group(value: Any, around: _Around) -> Node:
    number, added, removed, items = value
    if (added | removed) & ~re.IGNORECASE:
        raise _wrong_flags()
    fold = (around.fold or bool(added & re.IGNORECASE)) and not removed & re.IGNORECASE
    body = _sequence(items, _Around(fold, around.firm, around.level + 1))
    if number is None or number != items.state.groupdict.get(SECRET):
        return body
    if not around.firm or not width(body)[0]:
        raise PatternError(
            f"has a group `{SECRET}` that may be empty, repeated or missing from a match",
            "Each match must hold it once: keep it out of |, ? and repeats.",
        )
    return Secret(body)


def _repeat(value: Any, around: _Around, *, lazy: bool) -> Node:
    least, most, items = value
    if most == sre.MAXREPEAT:
        raise PatternError(
            "has a repeat without an end (+, * or {n,})",
            "Write the most that can be, such as {1,200} for + and {0,200} for *.",
        )
    body = _sequence(items, _Around(around.fold, firm=False, level=around.level + 1))
    if not width(body)[0]:
        raise PatternError("repeats what may be empty", "Leave out the ? or the {0,…} within the repeat.")
    return Repeat(body, least, most, lazy)


def _wrong_flags() -> PatternError:
    return PatternError("sets a flag other than i", "Of the flags only (?i), in any case, may be used.")


def _mask(operation: Any, value: Any, *, fold: bool) -> int:
    """The bytes that one place may hold, without the line end: text is searched line by line."""
    if operation is sre.IN:
        mask = _class(value, fold=fold)
    else:
        mask = ALL if operation is sre.ANY else _folded(1 << value, fold=fold)
        mask = ALL & ~mask if operation is sre.NOT_LITERAL else mask
    mask &= ~LINE_END
    if not mask:
        raise PatternError("asks for a line end, or for no byte at all", "Leave it out: text is searched line by line.")
    return mask


def _class(items: Any, *, fold: bool) -> int:
    mask = 0
    negated = False
    for operation, value in items:
        if operation is sre.NEGATE:
            negated = True
        elif operation is sre.LITERAL:
            mask |= 1 << value
        elif operation is sre.RANGE:
            mask |= sum(1 << byte for byte in range(value[0], value[1] + 1))
        else:
            mask |= _category(value)
    mask = _folded(mask, fold=fold)
    return ALL & ~mask if negated else mask


_CATEGORIES = {
    sre.CATEGORY_DIGIT: rb"\d",
    sre.CATEGORY_NOT_DIGIT: rb"\D",
    sre.CATEGORY_SPACE: rb"\s",
    sre.CATEGORY_NOT_SPACE: rb"\S",
    sre.CATEGORY_WORD: rb"\w",
    sre.CATEGORY_NOT_WORD: rb"\W",
}


def _category(category: Any) -> int:
    found = re.findall(_CATEGORIES[category], bytes(range(256)))
    return sum(1 << byte[0] for byte in found)


def _folded(mask: int, *, fold: bool) -> int:
    """The same, and with `fold` the other case of each letter."""
    if fold:
        for upper, lower in zip(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"abcdefghijklmnopqrstuvwxyz", strict=True):
            if mask >> upper & 1 or mask >> lower & 1:
                mask |= 1 << upper | 1 << lower
    return mask


def _boundary(place: Any) -> Boundary:
    if place in (sre.AT_BOUNDARY, sre.AT_NON_BOUNDARY):
        return Boundary(inside=place is sre.AT_NON_BOUNDARY)
    raise PatternError(
        "has an anchor (^, $, \\A or \\Z)",
        "Leave it out: a match may stand anywhere in a line. \\b, a word's edge, may be used.",
    )


_UNKNOWN = {
    sre.ASSERT: "looks ahead or behind ((?=, (?!, (?<= or (?<!)",
    sre.ASSERT_NOT: "looks ahead or behind ((?=, (?!, (?<= or (?<!)",
    sre.FAILURE: "looks ahead or behind ((?=, (?!, (?<= or (?<!)",
    sre.GROUPREF: "refers back to a group",
    sre.GROUPREF_EXISTS: "asks whether a group has matched",
    sre.ATOMIC_GROUP: "has an atomic group ((?>)",
    sre.POSSESSIVE_REPEAT: "has a possessive repeat (such as ++)",
}


def _written(node: Node) -> str:
    if isinstance(node, Byte):
        return _class_written(node.mask)
    if isinstance(node, Boundary):
        return r"\B" if node.inside else r"\b"
    if isinstance(node, Secret):
        return f"(?P<{SECRET}>{_written(node.body)})"
    if isinstance(node, Choice):
        return f"(?:{'|'.join(_written(option) for option in node.options)})"
    if isinstance(node, Sequence):
        return "".join(_written(part) for part in node.parts)
    return _repeat_written(node)


def _repeat_written(node: Repeat) -> str:
    if not node.most:
        return ""
    body = _written(node.body)
    body = body if isinstance(node.body, Byte | Choice) else f"(?:{body})"
    if (node.least, node.most) == (1, 1):
        return body
    return body + f"{{{node.least},{node.most}}}" + ("?" if node.lazy else "")


def _class_written(mask: int) -> str:
    """A class of ranges; a single letter, digit or underscore as it is."""
    ranges: list[tuple[int, int]] = []
    for byte in range(256):
        if mask >> byte & 1:
            start = ranges.pop()[0] if ranges and ranges[-1][1] == byte - 1 else byte
            ranges.append((start, byte))
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return _byte_written(ranges[0][0])
    inner = (
        _byte_written(start) if start == end else f"{_byte_written(start)}-{_byte_written(end)}"
        for start, end in ranges
    )
    return f"[{''.join(inner)}]"


def _byte_written(byte: int) -> str:
    character = chr(byte)
    return character if character.isascii() and (character.isalnum() or character == "_") else f"\\x{byte:02x}"
