"""The order of Python's versions (PEP 440), as text that sorts: `packaging`'s order, which a test holds it to.

Most locked versions are plain numbers with dots. For these `packaging` isn't needed, whose import costs more than
the whole comparison of a lockfile.
"""

from __future__ import annotations

from nightlatch.core.advisories.sortable import END, MOST_CHARACTERS, TOP, is_number, number, split_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packaging.version import Version

_NO_EPOCH = number("0")
_NOT_PRE, _NOT_POST, _NOT_DEV, _NOT_LOCAL = TOP, END, TOP, END
_PLAIN = END + _NOT_PRE + _NOT_POST + _NOT_DEV + _NOT_LOCAL
_TEXT = "$"
"""Stands before a local version's word: above END, below any number."""


def key(version: str) -> str:
    """The key of a version. Raises ValueError where PEP 440 knows no such version."""
    parts = version.split(".")
    if len(version) <= MOST_CHARACTERS and all(map(is_number, parts)):
        return _NO_EPOCH + _release(parts) + _PLAIN
    return _key(_parsed(version))


def key_of_the_last(version: str) -> str:
    """The key up to which a span goes whose last version this is, itself excluded.

    As PEP 440's `<=` and `==` have it, a local version (`2.1+cu118`) belongs to its public one (`2.1`).
    """
    found = key(version)
    return found + END if "+" in version else found[:-1] + TOP


def is_prerelease(version: str) -> bool:
    """Whether pip passes it over unless it is asked for: a, b, rc or dev. Raises ValueError."""
    return not is_number(version.replace(".", "")) and _parsed(version).is_prerelease


def major(key: str) -> str:
    """The epoch and the first number of a key."""
    epoch, rest = split_number(key)
    return epoch + split_number(rest)[0]


def _parsed(version: str) -> Version:
    from packaging.version import Version

    if len(version) > MOST_CHARACTERS:
        raise ValueError("too long")
    return Version(version)


def _key(version: Version) -> str:
    return "".join(
        (
            number(str(version.epoch)),
            _release([str(part) for part in version.release]),
            END,
            _pre(version),
            _NOT_POST if version.post is None else number(str(version.post)),
            _NOT_DEV if version.dev is None else number(str(version.dev)),
            _local(version.local),
        )
    )


def _release(parts: list[str]) -> str:
    """The numbers without the zeros at their end: 1.0 is 1."""
    count = len(parts)
    while count and not parts[count - 1].strip("0"):
        count -= 1
    return "".join([number(part) for part in parts[:count]])


def _pre(version: Version) -> str:
    if version.pre is not None:
        letter, count = version.pre
        return letter[0] + number(str(count))  # a, b, r
    is_dev_alone = version.dev is not None and version.post is None
    return END if is_dev_alone else _NOT_PRE


def _local(local: str | None) -> str:
    if local is None:
        return _NOT_LOCAL
    return "".join(number(word) if is_number(word) else _TEXT + word + END for word in local.split(".")) + END
