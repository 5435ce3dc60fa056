"""Drizzle: `meta/_journal.json` lists the migrations, each with its index and name."""

from __future__ import annotations

import json

from nightlatch.enum_parity.migration_orders.migration_set import MigrationSet, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.enum_parity.migration_orders.migration_set import Tree

JOURNAL = "_journal.json"


def find(tree: Tree) -> Iterator[MigrationSet]:
    """Each folder with a journal."""
    for folder in sorted(tree.folders):
        if folder.rpartition("/")[2] == "meta" and JOURNAL in tree.folders[folder]:
            yield tree.take(_set(tree, folder))


def _set(tree: Tree, meta: str) -> MigrationSet:
    folder = meta.rpartition("/")[0]
    path = joined(meta, JOURNAL)
    present = tree.folders.get(folder, [])
    try:
        journal = json.loads(tree.text(path))
        entries = sorted(journal["entries"], key=lambda entry: int(entry["idx"]))
        names = [f"{entry['tag']}.sql" for entry in entries]
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        files = [joined(folder, name) for name in present if name.endswith(".sql")]
        return MigrationSet(folder, "drizzle", files, doubts=((path, "the journal is no journal of Drizzle's"),))
    missing = [name for name in names if name not in present]
    return MigrationSet(
        folder,
        "drizzle",
        [joined(folder, name) for name in names if name in present],
        dialect=str(journal.get("dialect", "")),
        doubts=[(path, f"the journal lists {', '.join(missing[:3])}, which isn't there")] if missing else (),
        beside=[joined(folder, name) for name in present if name.endswith(".sql") and name not in names],
        why=f"{path} doesn't list it: delete it, and make it anew with: npx drizzle-kit generate",
    )
