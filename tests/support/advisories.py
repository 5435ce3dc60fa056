"""Records of advisories as OSV writes them, and databases that are built of them: small ones, and whole ones."""

from __future__ import annotations

import json
import sqlite3
import time
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightlatch.advisories.build import Counts, build
from nightlatch.core.advisories.canaries import CANARIES, FEWEST_MALWARE, FEWEST_VULNERABILITIES, MALWARE_CANARIES
from nightlatch.core.advisories.database import Database
from nightlatch.core.advisories.ecosystems import ECOSYSTEMS
from nightlatch.core.advisories.layout import WHOLE

DAY = 86400

Record = dict[str, Any]
RANGE_TYPES = {"PyPI": "ECOSYSTEM", "npm": "SEMVER"}


@dataclass
class Locked:
    """A package as a lockfile pins it."""

    ecosystem: str
    name: str
    version: str


def day(age: float = 0) -> str:
    """So many days ago, as OSV writes dates."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - age * DAY))


def events(*pairs: str) -> list[dict[str, str]]:
    """`introduced 0`, `fixed 1.2` and so on."""
    return [dict([pair.split(" ", 1)]) for pair in pairs]


def affected(package: str, *pairs: str, ecosystem: str = "PyPI", versions: Sequence[str] = (), **more: Any) -> Record:
    """An entry for one package, with one range of these events."""
    found: Record = {"package": {"ecosystem": ecosystem, "name": package}}
    if pairs:
        found["ranges"] = [{"type": RANGE_TYPES[ecosystem], "events": events(*pairs)}]
    if versions:
        found["versions"] = list(versions)
    return found | more


def record(
    id: str, *entries: Record, age: float = 0, aliases: Sequence[str] = (), severity: str = "", **more: Any
) -> Record:
    """A record that was modified so many days ago.

    severity  in the words of GitHub's database
    """
    found: Record = {"id": id, "modified": day(age), "affected": list(entries)}
    if aliases:
        found["aliases"] = list(aliases)
    if severity:
        found["database_specific"] = {"severity": severity}
    return found | more


def write(folder: Path, records: Iterable[Record]) -> Path:
    """A folder with a JSON file for each record."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, one in enumerate(records):
        (folder / f"{number:05}.json").write_text(json.dumps(one))
    return folder


def archive(path: Path, records: Iterable[Record]) -> Path:
    """A zip archive with a member for each record."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for number, one in enumerate(records):
            target.writestr(f"{number:05}.json", json.dumps(one))
    return path


REAL_FLOORS = {name: max(FEWEST_VULNERABILITIES[name], FEWEST_MALWARE[name]) for name in ECOSYSTEMS}
"""Taken before any test lowers them."""

FILLING = 30
"""Records of each kind beside the canaries, where their number is told and not filled."""


def whole(ecosystem: str, *records: Record, age: float = 0, filling: int = FILLING) -> list[Record]:
    """The records, the canaries, and filling of each kind.

    With the floors of the fixture `low_floors`, or `in_full(ecosystem)`, they count as all that there are.
    """

    def named(id: str, package: str, *pairs: str, **more: Any) -> Record:
        return record(id, affected(package, *pairs, ecosystem=ecosystem), age=age, **more)

    canaries = [
        named(f"GHSA-CANARY-{ecosystem}-{number}", name, f"introduced {version}", aliases=[id])
        for number, (name, version, id) in enumerate(CANARIES[ecosystem])
    ]
    malware = [
        named(f"MAL-CANARY-{ecosystem}-{number}", name, f"introduced {version}")
        for number, (name, version) in enumerate(MALWARE_CANARIES[ecosystem])
    ]
    fill = [named(f"TEST-FILL-{ecosystem}-{number}", f"filling-{number}", "introduced 0") for number in range(filling)]
    reports = [named(f"MAL-FILL-{ecosystem}-{number}", f"evil-{number}", "introduced 0") for number in range(filling)]
    return [*canaries, *malware, *fill, *reports, *records]


def in_full(ecosystem: str, *records: Record, age: float = 0) -> list[Record]:
    """The same, with as many records as the real floors ask for."""
    return whole(ecosystem, *records, age=age, filling=REAL_FLOORS[ecosystem])


def tell_enough(path: Path, *ecosystems: str) -> Path:
    """Write into a database that it has as many records as there must be, and that it was found whole."""
    connection = sqlite3.connect(path)
    with connection:
        for name in ecosystems:
            connection.execute(
                "UPDATE ecosystems SET extent = ?, vulnerabilities = ?, malware = ? WHERE name = ?",
                (WHOLE, FEWEST_VULNERABILITIES[name], FEWEST_MALWARE[name], name),
            )
    connection.close()
    return path


def build_partial(folder: Path, *records: Record) -> Path:
    """A database of these records alone, built as a part on purpose."""
    build_counted(folder, *records)
    return folder / "advisories.sqlite"


def build_counted(folder: Path, *records: Record) -> Counts:
    """The same; what became of the records."""
    source = write(folder / "records", records)
    return build([str(source)], str(folder / "advisories.sqlite"), is_partial=True, now=time.time())


def build_whole(folder: Path, *records: Record, ecosystems: Sequence[str] = tuple(ECOSYSTEMS), age: float = 0) -> Path:
    """A database that counts as whole and fresh, with these records; most others are told and not there."""
    everything = [one for ecosystem in ecosystems for one in whole(ecosystem, age=age)]
    source = archive(folder / "all.zip", [*everything, *records])
    output = folder / "advisories.sqlite"
    build([str(source)], str(output), is_partial=False, now=time.time())
    return tell_enough(output, *ecosystems)


def opened(path: Path) -> Database:
    """The database, asked about every ecosystem."""
    return Database(dict.fromkeys(ECOSYSTEMS, str(path)))


WHOLE_RECORDS = (
    record(
        "GHSA-aaaa-bbbb-cccc",
        affected("leftish", "introduced 1.0.0", "fixed 1.2.3", "introduced 2.0.0", "fixed 2.0.1", ecosystem="npm"),
        aliases=["CVE-2026-1001"],
        severity="HIGH",
        summary="Padding runs over",
    ),
    record("MAL-2026-1", affected("leftisch", "introduced 0", ecosystem="npm"), summary="Malicious code in leftisch"),
    record(
        "PYSEC-2026-1",
        affected("acme-http", "introduced 0", "fixed 1.4"),
        aliases=["CVE-2026-1002"],
        summary="Headers are split",
    ),
    record(
        "GHSA-dddd-eeee-ffff",
        affected("acme_http", "introduced 0", "fixed 1.4.1"),
        aliases=["CVE-2026-1002"],
        severity="MODERATE",
    ),
)
"""What the database of the fixture `whole_advisories` says, beside its filling."""
