"""Whether a commit can change anything about enums. If not, nothing else of this hook is loaded."""

from __future__ import annotations

from nightlatch.enum_parity.marks import is_code, is_marked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from nightlatch.core.hook import Source

DATABASE_SUFFIXES = (".sql", ".prisma")
DATABASE_NAMES = (".nightlatch.yaml", "_journal.json", "sqitch.plan", "migration_lock.toml", "alembic.ini")
PYTHON_FOLDERS = ("/migrations/", "/versions/", "/alembic/", "/migrate/", "/revisions/")
"""Where migrations in Python are, unless alembic.ini names another folder."""

CONFIGURATION = ("package.json", "tsconfig", "jsconfig")
"""How the names of files begin that say where modules are."""


def concerns(source: Source, touched: Collection[str]) -> bool:
    """Whether a migration, a schema or a file that declares an enum, or did, is among the touched paths."""
    if any(is_of_the_database(path) for path in touched):
        return True
    code = {path for path in touched if is_code(path)}
    others = {path for path in touched if _is_configuration(path)}
    if not code and not others:
        return False
    return _is_marked_now(source, code) or _said_something(source, code | others)


def is_of_the_database(path: str) -> bool:
    """Whether a path may hold a part of the database's history."""
    name = path.rpartition("/")[2]
    is_migration = path.endswith(".py") and any(folder in f"/{path}" for folder in PYTHON_FOLDERS)
    return is_migration or path.endswith(DATABASE_SUFFIXES) or name in DATABASE_NAMES


def _is_configuration(path: str) -> bool:
    return path.endswith(".json") and path.rpartition("/")[2].startswith(CONFIGURATION)


def _is_marked_now(source: Source, paths: Collection[str]) -> bool:
    return bool(paths) and any(is_marked(file.path, file.text) for file in source.files(lambda path: path in paths))


def _said_something(source: Source, paths: Collection[str]) -> bool:
    """Whether one of these files counted when both sides were last compared: a change may take its enum out."""
    from nightlatch.enum_parity.ways import counted

    return counted(source, paths, lambda path: is_code(path) or _is_configuration(path) or is_of_the_database(path))
