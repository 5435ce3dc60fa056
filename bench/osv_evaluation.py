"""Which versions a record of OSV concerns, written as the specification tells it: the oracle of the matcher.

https://ossf.github.io/osv-schema/#evaluation, with `packaging` for PyPI's versions and Semantic Versioning's eleventh
section for npm's. It is slow and knows nothing of keys and spans. Two things are nightlatch's own: a version with a
local part is its public one where a record names the last version or lists versions, as PEP 440's `<=` and `==` have
it; and what names no version at all, or one that is none, is open and not false.
"""

from __future__ import annotations

from functools import cmp_to_key, lru_cache, partial
from typing import TYPE_CHECKING, Any

from packaging.specifiers import Specifier
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TYPES = {"PyPI": ("ECOSYSTEM",), "npm": ("SEMVER", "ECOSYSTEM")}
PARTS = 3


def is_concerned(part: dict[str, Any], ecosystem: str, version: str, *, is_malware: bool = False) -> bool | None:
    """Whether an entry of `affected` concerns a version; None where it can't be told."""
    versions, ranges = part.get("versions") or [], part.get("ranges") or []
    if any(is_equal(ecosystem, version, one) for one in versions):
        return True
    usable = [one for one in ranges if one["type"] != "GIT"]
    if not usable and not versions:
        return True if is_malware else None
    answer: bool | None = False
    for one in usable:
        try:
            if is_in_range(one, ecosystem, version):
                return True
        except ValueError:
            answer = None
    return answer


def is_in_range(one: dict[str, Any], ecosystem: str, version: str) -> bool:
    """The specification's IncludedInRanges, for one range. Raises ValueError where a version or the range is none."""
    events = one["events"]
    if one["type"] not in TYPES[ecosystem] or not any("introduced" in event for event in events):
        raise ValueError("no range")
    for event in events:
        for kind, value in event.items():
            if (kind, value) not in {("introduced", "0"), ("limit", "*")}:
                compare(ecosystem, value, value)
    if not is_before_limits(events, ecosystem, version):
        return False
    is_vulnerable = False
    in_order = sorted(events, key=cmp_to_key(partial(by_version, ecosystem)))
    for event in in_order:
        ((kind, value),) = event.items()
        if kind == "introduced" and (value == "0" or compare(ecosystem, version, value) >= 0):
            is_vulnerable = True
        elif (kind == "fixed" and compare(ecosystem, version, value) >= 0) or (
            kind == "last_affected" and not is_at_most(ecosystem, version, value)
        ):
            is_vulnerable = False
    return is_vulnerable


def is_before_limits(events: Sequence[dict[str, str]], ecosystem: str, version: str) -> bool:
    """The specification's BeforeLimits: no limit is the same as `*`."""
    limits = [event["limit"] for event in events if "limit" in event]
    return not limits or any(limit == "*" or compare(ecosystem, version, limit) < 0 for limit in limits)


def by_version(ecosystem: str, one: dict[str, str], other: dict[str, str]) -> int:
    """The order of two events; `introduced: 0` stands before everything, `limit: *` behind it."""
    ranks = [0 if event.get("introduced") == "0" else 2 if event.get("limit") == "*" else 1 for event in (one, other)]
    if ranks != [1, 1]:
        return ranks[0] - ranks[1]
    (first,), (second,) = one.values(), other.values()
    return compare(ecosystem, first, second)


def compare(ecosystem: str, one: str, other: str) -> int:
    """-1, 0 or 1. Raises ValueError where one is no version."""
    if ecosystem == "PyPI":
        return (parsed(one) > parsed(other)) - (parsed(one) < parsed(other))
    return semantic_order(semantic(one), semantic(other))


def is_at_most(ecosystem: str, version: str, last: str) -> bool:
    """Whether a version is not above the last one concerned."""
    if ecosystem == "PyPI" and "+" not in last:
        return specifier(f"<={last}").contains(version, prereleases=True)
    return compare(ecosystem, version, last) <= 0


def is_equal(ecosystem: str, version: str, listed: str) -> bool:
    """Whether a version is one of a list."""
    try:
        if ecosystem == "PyPI":
            return specifier(f"=={parsed(listed)}").contains(parsed(version), prereleases=True)
        return compare(ecosystem, version, listed) == 0
    except ValueError:
        return version == listed


@lru_cache(maxsize=100_000)
def parsed(version: str) -> Version:
    """A version of PEP 440. Raises InvalidVersion, a ValueError."""
    return Version(version)


@lru_cache(maxsize=100_000)
def specifier(text: str) -> Specifier:
    """A specifier of PEP 440."""
    return Specifier(text)


@lru_cache(maxsize=100_000)
def semantic(version: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The numbers and the pre-release of a semantic version; 2 and 2.1 are 2.0.0 and 2.1.0. Raises ValueError."""
    core, dash, pre = version.removeprefix("v").partition("+")[0].partition("-")
    parts = core.split(".")
    if not dash and "+" not in version:
        parts += ["0"] * (PARTS - len(parts))
    words = tuple(pre.split(".")) if dash else ()
    if len(parts) != PARTS or not all(part.isascii() and part.isdigit() for part in parts):
        raise ValueError(version)
    if not all(word and word.isascii() and word.replace("-", "a").isalnum() for word in words):
        raise ValueError(version)
    return tuple(map(int, parts)), words


def semantic_order(one: tuple[Any, ...], other: tuple[Any, ...]) -> int:
    """Section 11: numbers first; then what has a pre-release is less; then its words one by one; then their number."""
    if one[0] != other[0]:
        return 1 if one[0] > other[0] else -1
    if not one[1] or not other[1]:
        return bool(other[1]) - bool(one[1])
    for mine, yours in zip(one[1], other[1], strict=False):
        if mine.isdigit() != yours.isdigit():
            return -1 if mine.isdigit() else 1
        if mine.isdigit() and int(mine) != int(yours):
            return 1 if int(mine) > int(yours) else -1
        if not mine.isdigit() and mine != yours:
            return 1 if mine > yours else -1
    return (len(one[1]) > len(other[1])) - (len(one[1]) < len(other[1]))


def comparable(ecosystem: str, name: str) -> str:
    """A name in the form in which names are equal."""
    return str(canonicalize_name(name)) if ecosystem == "PyPI" else name


def parts_about(record: dict[str, Any], ecosystem: str, name: str) -> Iterator[dict[str, Any]]:
    """What a record says of a package."""
    for part in record.get("affected", []):
        package = part.get("package", {})
        if package.get("ecosystem") == ecosystem and comparable(ecosystem, package["name"]) == name:
            yield part


def is_version(ecosystem: str, version: str) -> bool:
    """Whether it can be compared."""
    try:
        compare(ecosystem, version, version)
    except (ValueError, InvalidVersion):
        return False
    return True
