"""Prisma and Diesel (and Drizzle from 1.0 on): a folder for each migration, run in the order of their names."""

from __future__ import annotations

import re

from nightlatch.enum_parity.migration_orders.migration_set import MigrationSet, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.enum_parity.migration_orders.migration_set import Tree

TOOLS = {"migration.sql": "prisma", "up.sql": "diesel"}
"""The file that is run in each folder → whose migrations these are."""

_PROVIDER = re.compile(r'^\s*provider\s*=\s*"(\w+)"', re.MULTILINE)
LOCK = "migration_lock.toml"


def find(tree: Tree) -> Iterator[MigrationSet]:
    """Each folder that holds such folders."""
    parents: dict[tuple[str, str], list[str]] = {}
    for folder, names in sorted(tree.folders.items()):
        for name in TOOLS:
            if name in names and "/" in folder:
                parents.setdefault((folder.rpartition("/")[0], name), []).append(joined(folder, name))
    for (parent, name), files in parents.items():
        yield tree.take(MigrationSet(parent, TOOLS[name], sorted(files), dialect=_dialect(tree, parent)))


def _dialect(tree: Tree, folder: str) -> str:
    if LOCK not in tree.folders.get(folder, ()):
        return ""
    found = _PROVIDER.search(tree.text(joined(folder, LOCK)))
    return found[1] if found else ""
