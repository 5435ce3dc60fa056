"""Whether a commit can change anything about enums. If not, nothing else of this hook is loaded."""

from __future__ import annotations

from nightlatch.enum_parity.languages import is_code, is_marked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.core.hook import Source

DATABASE_SUFFIXES = (".sql", ".prisma")
DATABASE_NAMES = (".nightlatch.yaml", "_journal.json", "sqitch.plan", "migration_lock.toml")
MIGRATION_FOLDERS = ("/migrations/", "/versions/", "/alembic/", "/migrate/")


def concerns(source: Source, touched: list[str]) -> bool:
    """Whether a migration, a schema or a file that declares an enum, or did, is among the touched paths."""
    if any(is_of_the_database(path) for path in touched):
        return True
    code = {path for path in touched if is_code(path)}
    return bool(code) and (_is_marked_now(source, code) or _was_marked(source, code) or _passes_labels_on(source, code))


def is_of_the_database(path: str) -> bool:
    """Whether a path may hold a part of the database's history."""
    name = path.rpartition("/")[2]
    is_migration = path.endswith(".py") and any(folder in f"/{path}" for folder in MIGRATION_FOLDERS)
    return is_migration or path.endswith(DATABASE_SUFFIXES) or name in DATABASE_NAMES


def _is_marked_now(source: Source, paths: set[str]) -> bool:
    return any(is_marked(file.path, file.text) for file in source.files(lambda path: path in paths))


def _was_marked(source: Source, paths: set[str]) -> bool:
    """A change may take the enum out, or the whole file."""
    before = source.before()
    if before is None:
        return False
    return any(is_marked(file.path, file.text) for file in before.read(before.entries(lambda path: path in paths)))


def _passes_labels_on(source: Source, paths: set[str]) -> bool:
    """Whether an enum's labels came through one of these files when they were last looked up."""
    from nightlatch.enum_parity.facts_cache import FactsCache

    ways = FactsCache(source.root).ways()
    return ways is None or not paths.isdisjoint(ways)
