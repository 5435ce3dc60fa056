"""Ranges of versions as spans of keys: which versions a requirement lets in that pins none.

PyPI: https://packaging.python.org/en/latest/specifications/version-specifiers/; npm:
https://docs.npmjs.com/cli/using-npm/package-spec and https://github.com/npm/node-semver#ranges. Pre-releases are let in
wherever they lie between two ends: who looks for malware looks at too many versions rather than at too few.
"""

from __future__ import annotations

import re

from nightlatch.core.advisories.ecosystems import ECOSYSTEMS
from nightlatch.core.advisories.layout import EVERY
from nightlatch.dependencies.package import NPM, PYPI

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Span = tuple[str, str]
    """(first, end) keys, `end` excluded."""

LONGEST = 500
OPERATORS = ("===", "~=", "==", "!=", "<=", ">=", "<", ">")
_COMPARATOR = re.compile(
    r"(\^|~>?|[<>]=?|=)?\s*v?([0-9]+|[xX*])(?:\.([0-9]+|[xX*]))?(?:\.([0-9]+|[xX*]))?(-[\w.-]+)?(?:\+\S*)?"
)
_BLANKS_BEHIND_OPERATOR = re.compile(r"([\^~<>=])\s+")


def spans(ecosystem: str, wanted: str) -> list[Span]:
    """The spans that a range lets in. What can't be read (a tag, for example) may be any version."""
    if not wanted.strip() or len(wanted) > LONGEST:
        return [EVERY]
    try:
        return _of_pypi(wanted) if ecosystem == PYPI else _of_npm(wanted)
    except ValueError:
        return [EVERY]


def overlap(some: Iterable[Span], others: Sequence[Span]) -> bool:
    """Whether a version may lie in both."""
    return any(max(first, begin) < min(end, last) for first, end in some for begin, last in others)


def lies_within(some: Sequence[Span], others: Iterable[Span]) -> bool:
    """Whether each of some spans lies in one of the others; False for none at all."""
    ends = list(others)
    return bool(some) and all(any(begin <= first and end <= last for begin, last in ends) for first, end in some)


def _both(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    pairs = ((max(one[0], other[0]), min(one[1], other[1])) for one in some for other in others)
    return [(first, end) for first, end in pairs if first < end]


def _of_pypi(wanted: str) -> list[Span]:
    """Clauses that all hold. Raises ValueError."""
    found = [EVERY]
    wanted = wanted.strip()
    if wanted.startswith("(") and wanted.endswith(")"):
        wanted = wanted[1:-1]
    for clause in filter(None, (part.strip() for part in wanted.split(","))):
        operator = next((known for known in OPERATORS if clause.startswith(known)), "")
        if not operator:
            raise ValueError("no operator")
        found = _both(found, _of_clause(operator, clause[len(operator) :].strip()))
    return found


def _of_clause(operator: str, version: str) -> list[Span]:
    low, top = EVERY
    ecosystem = ECOSYSTEMS[PYPI]
    if operator in ("==", "!=") and version.endswith(".*"):
        first, end = _of_prefix(version[:-2].split("."))
    elif operator == "~=":
        first, end = ecosystem.key(version), _of_prefix(_release(version)[:-1])[1]
    else:
        first, end = ecosystem.key(version), ecosystem.key_of_the_last(version)
    if operator == "!=":
        return [(low, first), (end, top)]
    return [{"<": (low, first), "<=": (low, end), ">": (end, top), ">=": (first, top)}.get(operator, (first, end))]


def _of_prefix(parts: list[str]) -> Span:
    """All versions that begin with these numbers. Raises ValueError."""
    if not parts:
        raise ValueError("no prefix")
    following = [*parts[:-1], str(int(parts[-1]) + 1)]
    key = ECOSYSTEMS[PYPI].key
    return key(".".join(parts) + ".dev0"), key(".".join(following) + ".dev0")


def _release(version: str) -> list[str]:
    """The numbers at a version's beginning."""
    found = re.match(r"v?(?:[0-9]+!)?[0-9]+(?:\.[0-9]+)*", version)
    if found is None:
        raise ValueError("no release")
    return found[0].removeprefix("v").split(".")


def _of_npm(wanted: str) -> list[Span]:
    """Alternatives of comparators that all hold. Raises ValueError."""
    found: list[Span] = []
    for alternative in wanted.split("||"):
        said = _BLANKS_BEHIND_OPERATOR.sub(r"\1", alternative.strip())
        low, hyphen, high = said.partition(" - ")
        words = [f">={low.strip()}", f"<={high.strip()}"] if hyphen else said.split()
        mine = [EVERY]
        for word in words:
            mine = _both(mine, [_of_comparator(word)])
        found += mine
    return found


def _of_comparator(word: str) -> Span:
    found = _COMPARATOR.fullmatch(word)
    if found is None:
        raise ValueError("no comparator")
    operator, *written, tail = found.groups()
    numbers = [int(one) for one in written if one is not None and one.isdigit()][: _count(written)]
    first = _npm_key(numbers, tail or "")
    end = _end_of_npm(operator or "=", numbers, tail or "")
    low, top = EVERY
    if not numbers:
        return EVERY
    if operator in (">", ">="):
        return (first if operator == ">=" else _end_of_npm("=", numbers, tail or ""), top)
    if operator in ("<", "<="):
        return (low, first if operator == "<" else _end_of_npm("=", numbers, tail or ""))
    return first, end


def _count(written: Sequence[str | None]) -> int:
    """How many numbers stand in front of the first `x` or gap."""
    return next((place for place, one in enumerate(written) if one is None or not one.isdigit()), len(written))


def _npm_key(numbers: Sequence[int], tail: str) -> str:
    return ECOSYSTEMS[NPM].key(".".join(str(one) for one in [*numbers, 0, 0, 0][:3]) + tail)


def _end_of_npm(operator: str, numbers: Sequence[int], tail: str) -> str:
    """The key behind the last version that a comparator lets in: of `^` the first number that isn't zero counts."""
    if not numbers:
        return EVERY[1]
    if operator == "=" and len(numbers) == 3:  # noqa: PLR2004 - a whole version
        return ECOSYSTEMS[NPM].key_of_the_last(".".join(map(str, numbers)) + tail)
    place = len(numbers) - 1
    if operator == "^":
        place = next((at for at, one in enumerate(numbers) if one), place)
    elif operator.startswith("~"):
        place = min(place, 1)
    return _npm_key([*numbers[:place], numbers[place] + 1], "-0")
