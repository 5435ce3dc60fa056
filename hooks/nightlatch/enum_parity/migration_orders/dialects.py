"""Whether a set of migrations is PostgreSQL's, where no file of the tool's names the database.

One word proves nothing: a comment may speak of another database, and a service may be called Oracle. Statements and
types that only PostgreSQL has outweigh everything else.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from nightlatch.enum_parity.migration_orders.migration_set import MigrationSet

POSTGRES_NAMES = ("", "postgresql", "postgres", "cockroachdb", "pg")
OTHER_FOLDERS = ("sqlite", "sqlite3", "mysql", "mariadb", "mssql", "sqlserver", "oracle", "clickhouse", "cassandra")

_NO_STATEMENTS = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", re.DOTALL)
_OURS = re.compile(
    r"\bAS\s+ENUM\s*\(|\bALTER\s+TYPE\b|\bCREATE\s+DOMAIN\b|\bCREATE\s+EXTENSION\b|\bplpgsql\b|\w::\w|\bDO\s*\$|\bTIMESTAMPTZ\b"
    r"|\bJSONB\b|\bBYTEA\b|\b(?:BIG|SMALL)?SERIAL\b|\bENABLE\s+ROW\s+LEVEL\s+SECURITY\b|=\s*ANY\s*\(+\s*ARRAY\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\bAUTO_INCREMENT\b|\bENGINE\s*=\s*\w|^[ \t]*GO[ \t]*$|\[dbo\]|\bNVARCHAR\b|\bAUTOINCREMENT\b|\bVARCHAR2\b"
    r"|\bCREATE TABLE (?:IF NOT EXISTS )?`",
    re.IGNORECASE | re.MULTILINE,
)


def is_postgres(set_: MigrationSet, texts: Iterable[str]) -> bool:
    """Whether a set is to be replayed. A dialect that the tool names decides; else the SQL; else the folder's name."""
    if set_.dialect:
        return set_.dialect in POSTGRES_NAMES
    is_other = any(part.lower() in OTHER_FOLDERS for part in set_.folder.split("/"))
    for text in texts:
        bare = _NO_STATEMENTS.sub(" ", text)
        if _OURS.search(bare):
            return True
        is_other = is_other or _OTHERS.search(bare) is not None
    return not is_other
