"""SQL files in the order of their numbers: Supabase, golang-migrate, sqlx, goose, dbmate, graphile-migrate and more."""

from __future__ import annotations

import re

from nightlatch.enum_parity.migration_orders.migration_set import POSTGRES, MigrationSet, by_number, joined
from nightlatch.enum_parity.migration_orders.sections import up_section

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.enum_parity.migration_orders.migration_set import Tree

FOLDERS = (
    "migrations", "migration", "migrate", "db-migrations", "db_migrations", "schema_migrations", "changes",
    "evolutions", "changelog", "changelogs", "liquibase",
)  # fmt: skip
"""What a folder of migrations, or one above it, is called."""

NUMBERED_ONLY = ("drizzle",)
"""Folders in which other SQL lies too: only what begins with a number is a migration."""

BACKWARD = ("down", "downs", "rollback", "rollbacks", "undo", "revert", "reverts")
"""What a folder of the way back is called, beside or below that of the way forward."""

_UP = re.compile(r"([._-])up\.sql$", re.IGNORECASE)
_DOWN = re.compile(r"([._-])(?:down|rollback|undo|revert)\.sql$", re.IGNORECASE)
_ALONE_DOWN = re.compile(r"(?:down|rollback|undo|revert)\.sql$", re.IGNORECASE)
_YEAR = re.compile(r"\d+$")
COMMITTED, CURRENT = "committed", "current"


def find(tree: Tree) -> Iterator[MigrationSet]:
    """Each folder of numbered files; folders that are numbers themselves (years) belong to the one above them."""
    parents: dict[str, list[str]] = {}
    for folder in sorted(tree.folders):
        if not _is_backward(folder) and not _is_current(tree, folder):
            parents.setdefault(_parent(folder), []).append(folder)
    for parent, folders in parents.items():
        names = [name for folder in folders for name in _forward(_free(tree, folder), _beyond(parent, folder), folder)]
        if names and (_is_of_migrations(parent) or any(_is_way_up(name, tree.folders[folders[0]]) for name in names)):
            yield tree.take(_numbered(tree, parent, names))


def _free(tree: Tree, folder: str) -> list[str]:
    has_committed = joined(folder, COMMITTED) in tree.folders
    return [name for name in tree.free(folder, ".sql") if not (has_committed and name == f"{CURRENT}.sql")]


def _parent(folder: str) -> str:
    """The folder above years and months."""
    above, _, last = folder.rpartition("/")
    return _parent(above) if above and _YEAR.match(last) else folder


def _beyond(parent: str, folder: str) -> str:
    return folder[len(parent) + 1 :] if folder != parent else ""


def _is_backward(folder: str) -> bool:
    return folder.rpartition("/")[2].lower() in BACKWARD


def _is_of_migrations(folder: str) -> bool:
    """Whether the folder, or one of the two above it, is called so."""
    return any(part.lower() in (*FOLDERS, *NUMBERED_ONLY) for part in folder.split("/")[-3:])


def _forward(names: list[str], lead: str, folder: str) -> list[str]:
    """The names that are run on the way up, below the set's folder.

    A name that ends like a way back is one where the way forward stands beside it: `rls_rollback.sql` alone is a
    migration about rollbacks.
    """
    known = set(names)
    kept = [name for name in names if not _is_way_back(name, known)]
    dotted = [name for name in kept if name.lower().endswith(".up.sql")]
    if _is_supabase(folder) or dotted or folder.rpartition("/")[2] in NUMBERED_ONLY:
        kept = [name for name in kept if name[:1].isdigit() or name in dotted]  # the tools run no other
    return [joined(lead, name) for name in kept]


def _is_way_back(name: str, known: set[str]) -> bool:
    found = _DOWN.search(name)
    if found is None:
        return _ALONE_DOWN.fullmatch(name) is not None
    stem, mark = name[: found.start()], found[1]
    return found[0].lower() == ".down.sql" or f"{stem}.sql" in known or f"{stem}{mark}up.sql" in known


def _is_way_up(name: str, known: list[str]) -> bool:
    """Whether a name says so, and can't mean anything else."""
    found = _UP.search(name)
    return found is not None and (found[1] == "." or f"{name[: found.start()]}{found[1]}down.sql" in known)


def _is_current(tree: Tree, folder: str) -> bool:
    """Whether a folder holds graphile-migrate's newest migration, which runs behind those that are committed."""
    above, _, last = folder.rpartition("/")
    return last == CURRENT and joined(above, COMMITTED) in tree.folders


def _is_supabase(folder: str) -> bool:
    return f"/{folder}".endswith("/supabase/migrations")


def _numbered(tree: Tree, folder: str, names: list[str]) -> MigrationSet:
    ordered = [joined(folder, name) for name in sorted(names, key=by_number)]
    if _is_supabase(folder):
        return MigrationSet(folder, "supabase", ordered, dialect=POSTGRES)
    above, _, last = folder.rpartition("/")
    if last == COMMITTED:
        current = [joined(above, name) for name in tree.free(above, ".sql") if name == f"{CURRENT}.sql"]
        place = joined(above, CURRENT)
        current += [joined(place, name) for name in sorted(tree.free(place, ".sql"))]
        return MigrationSet(above, "graphile-migrate", [*ordered, *current])
    tool = "golang-migrate" if any(name.lower().endswith(".up.sql") for name in names) else "plain"
    return MigrationSet(folder, tool, ordered, cut=up_section)
