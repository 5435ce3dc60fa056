"""Dumps of a schema: Rails' `structure.sql`, pg_dump's `schema.sql`, scripts that set a database up.

Where a repository also has migrations that may lead to the same database, these tell the state, and the dump nothing.
"""

from __future__ import annotations

from nightlatch.enum_parity.migration_orders.migration_set import MigrationSet, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nightlatch.enum_parity.migration_orders.migration_set import Tree

NAMES = ("structure.sql", "schema.sql", "dump.sql", "init.sql", "database.sql", "setup.sql", "create_tables.sql")
RAILS = "structure.sql"


def find(tree: Tree, known: Sequence[MigrationSet]) -> Iterator[MigrationSet]:
    """Each dump that no set of migrations stands beside, below or above."""
    for folder in sorted(tree.folders):
        for name in NAMES:
            if name in tree.free(folder, ".sql") and not any(_same_place(folder, other.folder) for other in known):
                tool = "rails" if name == RAILS else "dump"
                yield tree.take(MigrationSet(folder, tool, [joined(folder, name)]))
                break


def _same_place(folder: str, other: str) -> bool:
    """Whether migrations stand in the dump's folder or next to it."""
    above = folder.rpartition("/")[0]
    return not above or other == folder or other.startswith(above + "/")
