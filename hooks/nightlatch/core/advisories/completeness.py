"""Whether what a file has of an ecosystem is all that there is: told by what every whole set has."""

from __future__ import annotations

from nightlatch.core.advisories.canaries import (
    CANARIES,
    FAMILIES,
    FEWEST_MALWARE,
    FEWEST_VULNERABILITIES,
    MALWARE,
    MALWARE_CANARIES,
)
from nightlatch.core.advisories.ecosystems import ECOSYSTEMS
from nightlatch.core.text import plural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nightlatch.core.advisories.layout import Record

    Records = Callable[[str, str], Sequence[Record]]


def missing(ecosystem: str, vulnerabilities: int, malware: int, records: Records) -> str:
    """What is missing of a whole set, in words; "" where nothing is.

    vulnerabilities  how many records there are that are no reports of malware
    malware          how many reports of malware there are
    records          (ecosystem, name of a package) → what is known of it; what it raises is passed on
    """
    return (
        _too_few(ecosystem, "vulnerabilities", vulnerabilities, FEWEST_VULNERABILITIES[ecosystem])
        or _too_few(ecosystem, "malware", malware, FEWEST_MALWARE[ecosystem])
        or _unknown_vulnerability(ecosystem, records)
        or _unknown_malware(ecosystem, records)
    )


def _too_few(ecosystem: str, of_what: str, number: int, fewest: int) -> str:
    if number >= fewest:
        return ""
    return f"it has {plural(number, 'record')} about {of_what} in {ecosystem}, and there are at least {fewest}"


def _unknown_vulnerability(ecosystem: str, records: Records) -> str:
    known: list[str] = []
    for name, version, id in CANARIES[ecosystem]:
        found = [one.id for one in _about(ecosystem, name, version, records) if id in (one.id, *one.aliases)]
        if not found:
            return f"it doesn't know {id}, an old advisory about {name} ({ecosystem})"
        known += found
    for family in FAMILIES[ecosystem]:
        if not any(id.startswith(family) for id in known):
            return f"it has no {family} record about any of {_names(CANARIES[ecosystem])} ({ecosystem})"
    return ""


def _unknown_malware(ecosystem: str, records: Records) -> str:
    for name, version in MALWARE_CANARIES[ecosystem]:
        for one in _about(ecosystem, name, version, records):
            if one.is_malware and one.id.startswith(MALWARE):
                return ""
    return f"it has no {MALWARE} record about any of {_names(MALWARE_CANARIES[ecosystem])} ({ecosystem})"


def _about(ecosystem: str, name: str, version: str, records: Records) -> list[Record]:
    """The records that concern a version of a package."""
    key = ECOSYSTEMS[ecosystem].key(version)
    return [record for record in records(ecosystem, name) if record.concerns(key, version)]


def _names(packages: Sequence[tuple[str, ...]]) -> str:
    return ", ".join(package[0] for package in packages)
