"""All sets of migrations of a repository, found from the tools' own files, without configuration."""

from __future__ import annotations

from nightlatch.enum_parity.concern import PYTHON_FOLDERS
from nightlatch.enum_parity.migration_orders import (
    alembic,
    django,
    drizzle,
    flyway,
    numbered_files,
    one_folder_each,
    prisma_schema,
    schema_dumps,
    sqitch,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.enum_parity.migration_orders.migration_set import MigrationSet, Tree

ORDERS = (drizzle, one_folder_each, sqitch, flyway, numbered_files, alembic, django)
"""In this order: what one has taken is no other's."""


def find_sets(tree: Tree) -> list[MigrationSet]:
    """Every set, those of dumps last."""
    found = [set_ for order in ORDERS for set_ in order.find(tree)]
    return [*found, *schema_dumps.find(tree, found)]


def is_relevant(path: str) -> bool:
    """Whether a path may be a migration, or name some."""
    name = path.rpartition("/")[2]
    if path.endswith((".sql", prisma_schema.SUFFIX)) or name in (drizzle.JOURNAL, one_folder_each.LOCK, sqitch.PLAN):
        return True
    folder = f"/{path}"
    return name == alembic.SETTINGS or (path.endswith(".py") and any(mark in folder for mark in PYTHON_FOLDERS))
