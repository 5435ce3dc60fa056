"""The order of npm's versions (Semantic Versioning 2.0.0, section 11), as text that sorts.

A test holds it to node's own `semver`. Like that, and like registries, it takes `v1.2.3` for `1.2.3`.
"""

from __future__ import annotations

from nightlatch.core.advisories.sortable import END, MOST_CHARACTERS, TOP, is_number, just_above, number, split_number

_WORD = "^"
"""Stands before an identifier that is no number: above any number."""

_PARTS = 3


def key(version: str) -> str:
    """The key of a version; its build (`+…`) doesn't count. Raises ValueError where it is no version."""
    if len(version) > MOST_CHARACTERS:
        raise ValueError("too long")
    main, _, build = version.removeprefix("v").partition("+")
    core, dash, pre = main.partition("-")
    parts = core.split(".")
    if len(parts) != _PARTS or not all(map(is_number, parts)) or not (build.isprintable() and build.isascii()):
        raise ValueError("no semantic version")
    return "".join([*map(number, parts), _pre(pre) if dash else TOP])


def bound(version: str) -> str:
    """The key of a version at which something begins or is mended: `2.1` is `2.1.0`. Raises ValueError."""
    if is_number(version.replace(".", "")):
        version += ".0" * (_PARTS - 1 - version.count("."))
    return key(version)


def key_of_the_last(version: str) -> str:
    """The key up to which a span goes whose last version this is, itself excluded."""
    return just_above(key(version))


def is_prerelease(version: str) -> bool:
    """Whether it has something behind a dash."""
    return "-" in version.partition("+")[0]


def major(key: str) -> str:
    """The first number of a key."""
    return split_number(key)[0]


def _pre(text: str) -> str:
    return "".join([_identifier(word) for word in text.split(".")]) + END


def _identifier(word: str) -> str:
    if is_number(word):
        return number(word)
    if not (word.isascii() and word.replace("-", "a").isalnum()):
        raise ValueError("no semantic version")
    return _WORD + word + END
