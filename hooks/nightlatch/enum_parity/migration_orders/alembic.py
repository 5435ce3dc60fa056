"""Alembic: each revision names the one before it. Read statically, never imported."""

from __future__ import annotations

import re
from graphlib import CycleError, TopologicalSorter

from nightlatch.enum_parity.migration_orders.migration_set import MigrationSet, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nightlatch.enum_parity.migration_orders.migration_set import Script, Tree

_REVISION = re.compile(r"^revision\s*(?::[^=\n]+)?=\s*(.+)$", re.MULTILINE)
_BEFORE = re.compile(
    r"^(?:down_revision|depends_on)\s*(?::[^=\n]+)?=\s*((?:[^()\[\]\n]*$)|(?:[(\[][^)\]]*[)\]]))", re.MULTILINE
)
_NAME = re.compile(r"""["']([^"'\s]+)["']""")


def find(tree: Tree) -> Iterator[MigrationSet]:
    """Each folder with revisions."""
    for folder in sorted(tree.folders):
        paths = [joined(folder, name) for name in tree.free(folder, ".py")]
        if not paths or not _may_hold_revisions(folder):
            continue
        revisions = {path: tree.text(path) for path in paths}
        revisions = {path: text for path, text in revisions.items() if _REVISION.search(text) and "upgrade" in text}
        if revisions:
            yield tree.take(_set(folder, revisions))


def _may_hold_revisions(folder: str) -> bool:
    return folder.rpartition("/")[2] in ("versions", "migrations", "alembic") or "/versions/" in f"/{folder}/"


def _set(folder: str, texts: dict[str, str]) -> MigrationSet:
    names = {path: _names(_REVISION, text)[:1] for path, text in texts.items()}
    path_of = {name: path for path, found in names.items() for name in found}
    graph = {path: [path_of[name] for name in _names(_BEFORE, text) if name in path_of] for path, text in texts.items()}
    doubts = []
    unknown = sorted({name for text in texts.values() for name in _names(_BEFORE, text)} - set(path_of))
    if unknown:
        doubts.append((folder, f"the revision {unknown[0]}, which others follow, isn't there"))
    try:
        ordered = list(TopologicalSorter({path: graph[path] for path in sorted(graph)}).static_order())
    except CycleError:
        ordered = sorted(graph)
        doubts.append((folder, "the revisions follow each other in a circle"))
    return MigrationSet(folder, "alembic", ordered, cut=cut, doubts=doubts)


def _names(pattern: re.Pattern[str], text: str) -> list[str]:
    return [name for found in pattern.finditer(text) for name in _NAME.findall(found[1])]


def cut(path: str, text: str) -> Sequence[Script]:
    """The SQL that a revision's upgrade() comes to."""
    from nightlatch.enum_parity.migration_orders.alembic_operations import scripts

    return scripts(path, text)
