"""Sqitch: `sqitch.plan` names the changes in the order in which they are deployed."""

from __future__ import annotations

import re

from nightlatch.enum_parity.migration_orders.migration_set import MigrationSet, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.enum_parity.migration_orders.migration_set import Tree

PLAN = "sqitch.plan"
_CHANGE = re.compile(r"^([^\s%#@\[][^\s\[]*)(?:\s|$)", re.MULTILINE)


def find(tree: Tree) -> Iterator[MigrationSet]:
    """Each folder with a plan; a change that is reworked keeps its last form's place."""
    for folder, names in sorted(tree.folders.items()):
        if PLAN in names:
            changes = dict.fromkeys(_CHANGE.findall(tree.text(joined(folder, PLAN))))
            files = [joined(folder, f"deploy/{name}.sql") for name in changes]
            yield tree.take(MigrationSet(folder, "sqitch", [path for path in files if path in set(tree.paths)]))
