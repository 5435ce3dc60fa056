"""Dumps of a schema: Rails' `structure.sql`, pg_dump's `schema.sql`, scripts that set a database up.

Where a repository also has migrations that may lead to the same database, these tell the state, and the dump nothing.
Where it has neither, a folder of scripts that create enums is taken for what makes the database.
"""

from __future__ import annotations

import re

from nightlatch.core.test_folders import is_test
from nightlatch.enum_parity.migration_orders.migration_set import MigrationSet, by_number, joined
from nightlatch.enum_parity.migration_orders.sections import up_section

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nightlatch.enum_parity.migration_orders.migration_set import Tree

RAILS = "structure.sql"
NAMES = (RAILS, "schema.sql", "dump.sql", "init.sql", "database.sql", "setup.sql", "create_tables.sql")
STARTS = ("docker-entrypoint-initdb.d", "initdb.d")
"""Folders whose scripts a database runs in the order of their names when it is made."""

_ENUM = re.compile(r"\bCREATE\s+TYPE\s+[\w.\"]+\s+AS\s+ENUM\b", re.IGNORECASE)
MOST_FILES = 200
"""More SQL than this outside of migrations is data or queries, and no folder of types is looked for in it."""


def find(tree: Tree, known: Sequence[MigrationSet]) -> Iterator[MigrationSet]:
    """Each dump that no set of migrations stands beside, below or above; else folders that create enums."""
    found = [*_dumps(tree, known), *_starts(tree, known)]
    yield from found
    if not found and not any(set_.files for set_ in known):
        yield from _scripts(tree)


def _dumps(tree: Tree, known: Sequence[MigrationSet]) -> Iterator[MigrationSet]:
    for folder in sorted(tree.folders):
        free = tree.free(folder, ".sql")
        names = [name for name in NAMES if name in free and not any(_same_place(folder, name, one) for one in known)]
        if names:
            with_types = [name for name in names if _ENUM.search(tree.text(joined(folder, name)))]
            name = (with_types or names)[0]
            yield tree.take(MigrationSet(folder, "rails" if name == RAILS else "dump", [joined(folder, name)]))


def _same_place(folder: str, name: str, other: MigrationSet) -> bool:
    """Whether migrations stand in the dump's folder or next to it; Rails' dump is the state, whatever else there is."""
    if other.folder == folder or other.folder.startswith(folder + "/"):
        return True
    above = folder.rpartition("/")[0]
    return name != RAILS and (not above or other.folder.startswith(above + "/"))


def _starts(tree: Tree, known: Sequence[MigrationSet]) -> Iterator[MigrationSet]:
    if any(set_.files for set_ in known):
        return
    for folder in sorted(tree.folders):
        names = sorted(tree.free(folder, ".sql"))
        if names and folder.rpartition("/")[2] in STARTS:
            yield tree.take(MigrationSet(folder, "docker", [joined(folder, name) for name in names]))


def _scripts(tree: Tree) -> Iterator[MigrationSet]:
    """Folders outside of tests in which a file creates an enum, each with all its files in order."""
    folders = {folder: tree.free(folder, ".sql") for folder in sorted(tree.folders) if not is_test(f"{folder}/x.sql")}
    if sum(map(len, folders.values())) > MOST_FILES:
        return
    for folder, names in folders.items():
        paths = [joined(folder, name) for name in sorted(names, key=by_number)]
        if any(_ENUM.search(tree.text(path)) for path in paths):
            yield tree.take(MigrationSet(folder, "scripts", paths, cut=up_section))
