"""Flyway: versions, number by number, from a location and all folders below it; what is repeatable runs last."""

from __future__ import annotations

import re

from nightlatch.enum_parity.migration_orders.migration_set import MigrationSet, joined
from nightlatch.enum_parity.migration_orders.numbered_files import FOLDERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.enum_parity.migration_orders.migration_set import Tree

_VERSIONED = re.compile(r"V(\d+(?:[._]\d+)*)__.*\.sql$")
_BASELINE = re.compile(r"B(\d+(?:[._]\d+)*)__.*\.sql$")
_REPEATED = re.compile(r"R__.*\.sql$")
_OTHERS = re.compile(r"U\d+(?:[._]\d+)*__.*\.sql$")
"""The way back."""

_VENDORS = (
    "postgresql", "postgres", "pg", "mysql", "mariadb", "h2", "hsqldb", "oracle", "sqlserver", "mssql", "sqlite",
    "db2", "derby", "cockroachdb", "redshift", "snowflake",
)  # fmt: skip
"""Folders that Flyway's `{vendor}` may stand for: one database each."""


def find(tree: Tree) -> Iterator[MigrationSet]:
    """Each location with versioned files."""
    locations: dict[str, list[str]] = {}
    for folder in sorted(tree.folders):
        names = [name for name in tree.free(folder, ".sql") if _is_flyway(name)]
        if names:
            locations.setdefault(_location(folder), []).extend(joined(folder, name) for name in names)
    for location, paths in locations.items():
        for folder, files in _apart(location, paths).items():
            if any(_version(_VERSIONED, path) or _version(_BASELINE, path) for path in files):
                made = tree.take(MigrationSet(folder, "flyway", _ordered(files)))
                tree.taken.update(files)
                yield made


def _is_flyway(name: str) -> bool:
    return any(pattern.match(name) for pattern in (_VERSIONED, _BASELINE, _REPEATED, _OTHERS))


def _location(folder: str) -> str:
    """The uppermost folder that is called like one of migrations; a vendor's below it stands for itself."""
    parts = folder.split("/")
    for index, part in enumerate(parts):
        if part.lower() in FOLDERS:
            rest = parts[index + 1 :]
            vendor = next((at for at, below in enumerate(rest) if below.lower() in _VENDORS), None)
            return "/".join(parts[: index + 1 if vendor is None else index + 2 + vendor])
    return folder


def _apart(location: str, paths: list[str]) -> dict[str, list[str]]:
    """One set; where two files of one version show that these are several databases, a set for each folder."""
    versions = [version for path in paths if (version := _version(_VERSIONED, path))]
    if len({tuple(version) for version in versions}) == len(versions):
        return {location: paths}
    apart: dict[str, list[str]] = {}
    for path in paths:
        apart.setdefault(path.rpartition("/")[0], []).append(path)
    return apart


def _ordered(paths: list[str]) -> list[str]:
    """V10 behind V9, V1.2 behind V1.1. A new database starts from the newest baseline, and runs what is newer."""
    base = max(
        (path for path in paths if _version(_BASELINE, path)), key=lambda path: _version(_BASELINE, path), default=""
    )
    start = _version(_BASELINE, base)
    versioned = [
        path for path in paths if _version(_VERSIONED, path) and (not start or _version(_VERSIONED, path) > start)
    ]
    versioned.sort(key=lambda path: _version(_VERSIONED, path))
    repeated = sorted((path for path in paths if _REPEATED.match(_name(path))), key=_name)
    return [*([base] if base else []), *versioned, *repeated]


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _version(pattern: re.Pattern[str], path: str) -> list[int]:
    """The numbers of a version, zeros at the end aside, with one in front so that version 0 is one too."""
    found = pattern.match(_name(path))
    if found is None:
        return []
    numbers = [int(part) for part in re.split(r"[._]", found[1])]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return [1, *numbers]
