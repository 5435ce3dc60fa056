"""The ecosystems that advisories are kept for: how each compares names and versions."""

from __future__ import annotations

from nightlatch.core.advisories import pep440, semver

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Ecosystem:
    """One ecosystem.

    name             as OSV's records name it
    range_types      the types of OSV's ranges that go by its order
    key              version → text that sorts; raises ValueError
    bound            the same for a version at which something begins or is mended
    key_of_the_last  the same for the end of a span that still includes the version
    major            key → what two versions of the same major version have in common
    is_prerelease    whether a version is one that nobody gets without asking; raises ValueError
    comparable       name → the form in which names are equal
    """

    __slots__ = ("bound", "comparable", "is_prerelease", "key", "key_of_the_last", "major", "name", "range_types")

    def __init__(
        self,
        name: str,
        range_types: tuple[str, ...],
        *,
        key: Callable[[str], str],
        bound: Callable[[str], str],
        key_of_the_last: Callable[[str], str],
        major: Callable[[str], str],
        is_prerelease: Callable[[str], bool],
        comparable: Callable[[str], str],
    ) -> None:
        self.name = name
        self.range_types = range_types
        self.key = key
        self.bound = bound
        self.key_of_the_last = key_of_the_last
        self.major = major
        self.is_prerelease = is_prerelease
        self.comparable = comparable


def _python_name(name: str) -> str:
    """PEP 503's form: lower case, and a dash for each run of dashes, dots and underscores."""
    found = name.lower().replace("_", "-").replace(".", "-")
    while "--" in found:
        found = found.replace("--", "-")
    return found


PYPI = Ecosystem(
    "PyPI",
    ("ECOSYSTEM",),
    key=pep440.key,
    bound=pep440.key,
    key_of_the_last=pep440.key_of_the_last,
    major=pep440.major,
    is_prerelease=pep440.is_prerelease,
    comparable=_python_name,
)
NPM = Ecosystem(
    "npm",
    ("SEMVER", "ECOSYSTEM"),
    key=semver.key,
    bound=semver.bound,
    key_of_the_last=semver.key_of_the_last,
    major=semver.major,
    is_prerelease=semver.is_prerelease,
    comparable=str,
)
ECOSYSTEMS = {ecosystem.name: ecosystem for ecosystem in (PYPI, NPM)}
"""By OSV's name."""
