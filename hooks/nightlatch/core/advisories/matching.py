"""Which advisories concern which packages, and the version that clears them all."""

from __future__ import annotations

from nightlatch.core.advisories.ecosystems import ECOSYSTEMS
from nightlatch.core.advisories.layout import CRITICAL, HIGH, LOW, MEDIUM, UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Protocol, TypeVar

    from nightlatch.core.advisories.database import Database
    from nightlatch.core.advisories.ecosystems import Ecosystem
    from nightlatch.core.advisories.layout import Fixed, Record

    class Locked(Protocol):
        """A package as a lockfile pins it.

        ecosystem  PyPI or npm
        name       in any form that the ecosystem takes for the same
        version    the one version that is locked
        """

        ecosystem: str
        name: str
        version: str

    Package = TypeVar("Package", bound=Locked)

SEVERITIES = (LOW, MEDIUM, HIGH, CRITICAL)
"""From the least to the greatest."""

_JUDGE = "Judge by the advisory's page; if this version is not concerned, name the id under `dependencies: ignore`"
"""What to do about an advisory that can't be evaluated."""

_FAMILIES = ("MAL-", "GHSA-", "PYSEC-", "CVE-")
"""Which of several records of one advisory stands for it: the kind with the most telling page first."""


class Match:
    """One advisory, under however many ids, that concerns a locked package.

    advisory    the id that stands for it
    aliases     its other ids, in order
    severity    the highest that any of its records tells: low, medium, high, critical; unknown where none does
    is_malware  whether the package itself is the attack: this blocks whatever its severity
    fixed       the smallest version that no advisory about this package concerns, one of the same major version
                first; None where no record names such a version
    summary     one line of untrusted text, or ""
    url         where to read more, untrusted, or ""
    """

    __slots__ = ("advisory", "aliases", "fixed", "is_malware", "severity", "summary", "url")

    def __init__(
        self,
        advisory: str,
        aliases: Sequence[str],
        *,
        severity: str,
        is_malware: bool,
        fixed: str | None,
        summary: str,
        url: str,
    ) -> None:
        self.advisory = advisory
        self.aliases = aliases
        self.severity = severity
        self.is_malware = is_malware
        self.fixed = fixed
        self.summary = summary
        self.url = url

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id that it goes by."""
        return (self.advisory, *self.aliases)


def rank(severity: str) -> int:
    """Its place among SEVERITIES. What is unknown counts as high."""
    return SEVERITIES.index(HIGH if severity == UNKNOWN else severity)


def match(
    packages: Iterable[Package],
    database: Database,
    leave: Callable[[Package, str], None],
    is_settled: Callable[[Package, Sequence[str]], bool] | None = None,
) -> Iterator[tuple[Package, Match]]:
    """Yield each package with each advisory that concerns it, in the order of the packages.

    leave       is told of each package that could not be compared with all that is known of it, and why
    is_settled  whether somebody has judged an advisory, given by its ids, that can't be evaluated
    A version is compared as it is written; a package that no record names concerns nobody.
    Raises AdvisoriesError where the database turns out to be damaged.
    """
    for package in packages:
        ecosystem = ECOSYSTEMS.get(package.ecosystem)
        if ecosystem is None:
            leave(package, f"no advisories are kept for {package.ecosystem}")
            continue
        records = database.records(ecosystem.name, ecosystem.comparable(package.name))
        if records:
            settled = [record for record in records if is_settled and is_settled(package, _ids(record))]
            for found in _matches(package, records, settled, ecosystem, database, leave=leave):
                yield package, found


def _matches(
    package: Package,
    records: Sequence[Record],
    settled: Sequence[Record],
    ecosystem: Ecosystem,
    database: Database,
    *,
    leave: Callable[[Package, str], None],
) -> Iterator[Match]:
    version = package.version
    key = _key(ecosystem, version)
    concerned = [record for record in records if record.concerns(key, version)]
    reason = _undecided(records, [*concerned, *settled], key)
    if reason:
        leave(package, reason)
    if not concerned:
        return
    fixed = None if key is None else _clearing(records, key, ecosystem)
    for group in dict.fromkeys(record.group for record in concerned):
        everyone = [record for record in records if record.group == group]
        first = min((record for record in concerned if record.group == group), key=_preference)
        ids = {id for record in everyone for id in (record.id, *record.aliases)}
        summary, url = database.details(ecosystem.name, first.id)
        yield Match(
            first.id,
            sorted(ids - {first.id}),
            severity=highest(record.severity for record in everyone),
            is_malware=any(record.is_malware for record in everyone),
            fixed=fixed,
            summary=summary,
            url=url,
        )


def _key(ecosystem: Ecosystem, version: str) -> str | None:
    try:
        return ecosystem.key(version)
    except ValueError:
        return None


def _ids(record: Record) -> tuple[str, ...]:
    return (record.id, *record.aliases)


def _undecided(records: Sequence[Record], decided: Sequence[Record], key: str | None) -> str:
    """Why it remains open whether some record concerns the package; "" where nothing is open."""
    known = {record.group for record in decided}
    open_ones = [record.id for record in records if record.group not in known and (key is None or record.is_unreadable)]
    if not open_ones:
        return ""
    named = ", ".join(open_ones[:3]) + (" and others" if len(open_ones) > 3 else "")  # noqa: PLR2004 - that many fit
    if key is None:
        return f"its version can't be compared with those of {named}. {_JUDGE}"
    return f"{named} can't be evaluated: no versions stand there, or some that are none. {_JUDGE}"


def _preference(record: Record) -> tuple[int, str]:
    for number, family in enumerate(_FAMILIES):
        if record.id.startswith(family):
            return number, record.id
    return len(_FAMILIES), record.id


def highest(severities: Iterable[str]) -> str:
    """The highest of them that is known; unknown where none is."""
    known = [severity for severity in severities if severity != UNKNOWN]
    return max(known, key=rank, default=UNKNOWN)


def _clearing(records: Sequence[Record], key: str, ecosystem: Ecosystem) -> str | None:
    """The version to go to: above the locked one, and concerned by no record. What is no pre-release goes first."""
    major = ecosystem.major(key)

    def order(fixed: Fixed) -> tuple[bool, bool, str]:
        return fixed.is_prerelease, ecosystem.major(fixed.key) != major, fixed.key

    above = (fixed for record in records for fixed in record.fixed if fixed.key > key)
    for fixed in sorted(above, key=order):
        if not any(record.concerns(fixed.key, fixed.version) for record in records):
            return fixed.version
    return None
