"""SQL files in the order of their numbers: Supabase, Flyway, golang-migrate, sqlx, goose, dbmate, plain folders."""

from __future__ import annotations

import re

from nightlatch.enum_parity.migration_orders.migration_set import MigrationSet, Script, by_number, joined, whole_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.enum_parity.migration_orders.migration_set import Tree

FOLDERS = ("migrations", "migration", "migrate", "db-migrations", "db_migrations", "schema_migrations", "changes")
"""What a folder of migrations, or one above it, is called."""

_DOWN = re.compile(r"(?:[._-](?:down|rollback|undo|revert)|^down)\.sql$|^U\d[\d._]*__", re.IGNORECASE)
_UP = re.compile(r"[._-]up\.sql$", re.IGNORECASE)
_VERSIONED = re.compile(r"V(\d+(?:[._]\d+)*)__.*\.sql$")
_REPEATED = re.compile(r"R__.*\.sql$")
_SECTION = re.compile(r"^--\s*(?:\+goose|\+micrate|\+migrate|migrate:|@)\s*(up|down)\b", re.IGNORECASE)
_SECTIONED = re.compile(r"^--\s*(?:\+goose|\+micrate|\+migrate|migrate:|@)\s*up\b", re.IGNORECASE | re.MULTILINE)


def find(tree: Tree) -> Iterator[MigrationSet]:
    """Each folder of numbered files."""
    for folder in sorted(tree.folders):
        names = [name for name in tree.free(folder, ".sql") if not _DOWN.search(name)]
        versioned = [name for name in names if _VERSIONED.match(name)]
        if versioned:
            yield tree.take(_flyway(folder, names, versioned))
        elif names and (_is_of_migrations(folder) or any(_UP.search(name) for name in names)):
            yield tree.take(_numbered(tree, folder, names))


def _is_of_migrations(folder: str) -> bool:
    """Whether the folder, or one of the two above it, is called so."""
    return any(part.lower() in FOLDERS for part in folder.split("/")[-3:])


def _flyway(folder: str, names: list[str], versioned: list[str]) -> MigrationSet:
    """By version, number by number (V10 behind V9, V1.2 behind V1.1); what is repeatable runs last."""
    ordered = sorted(versioned, key=_version)
    ordered += sorted(name for name in names if _REPEATED.match(name))
    return MigrationSet(folder, "flyway", [joined(folder, name) for name in ordered])


def _version(name: str) -> list[int]:
    found = _VERSIONED.match(name)
    numbers = [int(part) for part in re.split(r"[._]", found[1])] if found else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return numbers


def _numbered(tree: Tree, folder: str, names: list[str]) -> MigrationSet:
    ups = [name for name in names if _UP.search(name)]
    if ups:
        names = ups
    ordered = [joined(folder, name) for name in sorted(names, key=by_number)]
    if folder.endswith("supabase/migrations"):
        return MigrationSet(folder, "supabase", ordered, dialect="postgresql")
    if any(_SECTIONED.search(tree.text(path)) for path in ordered[:3]):
        return MigrationSet(folder, "goose", ordered, cut=up_section)
    return MigrationSet(folder, "golang-migrate" if ups else "plain", ordered, cut=whole_file)


def up_section(path: str, text: str) -> list[Script]:
    """What of a file is run on the way up: all but what stands behind the mark Down. Lines keep their place."""
    if not _SECTIONED.search(text):
        return [Script(path, text)]
    is_up = True
    kept = []
    for line in text.split("\n"):
        found = _SECTION.match(line)
        if found:
            is_up = found[1].lower() == "up"
        kept.append(line if is_up else "")
    return [Script(path, "\n".join(kept))]
