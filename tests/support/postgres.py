"""A real PostgreSQL for the tests: the oracle of what a script leads to. Debian's package, or any other in the path."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REMEDY = "These tests need a PostgreSQL: apt-get install postgresql (-m 'not slow' leaves them out)."
OFF = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "autovacuum=off")

ENUMS = """
SELECT n.nspname a, t.typname b,
       array(SELECT e.enumlabel FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) c
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype = 'e' AND n.nspname !~ '^pg_' ORDER BY 1, 2"""

CHECKS = """
SELECT coalesce(rn.nspname, tn.nspname) a, coalesce(r.relname, t.typname) b, c.conname c,
       pg_get_expr(c.conbin, c.conrelid) d, coalesce(array(SELECT a.attname FROM unnest(c.conkey) k
         JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k), '{}') e
FROM pg_constraint c
LEFT JOIN pg_class r ON r.oid = c.conrelid LEFT JOIN pg_namespace rn ON rn.oid = r.relnamespace
LEFT JOIN pg_type t ON t.oid = c.contypid LEFT JOIN pg_namespace tn ON tn.oid = t.typnamespace
WHERE c.contype = 'c' AND c.conislocal AND coalesce(rn.nspname, tn.nspname) !~ '^(pg_|information_schema$)'
ORDER BY 1, 2, 3"""


class Postgres:
    """A server of its own, reached through a socket."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self.folder = folder

    def psql(self, script: str, *words: str) -> str:
        """Run a script; a statement that fails doesn't end it. Gives what it prints."""
        command = [
            str(self._programs / "psql"),
            "-X",
            "-q",
            "-A",
            "-t",
            "-h",
            str(self.folder),
            "-U",
            "postgres",
            *words,
        ]
        done = subprocess.run(command, input=script.encode(), capture_output=True, check=False)
        self.errors = done.stderr.decode()
        return done.stdout.decode()

    def _rows(self, query: str) -> list[list[object]]:
        wrapped = f"SELECT coalesce(json_agg(json_build_array({_columns(query)})), '[]') FROM ({query}) AS q"  # noqa: S608
        text = self.psql(wrapped)
        rows: list[list[object]] = json.loads(text)
        return rows

    def reset(self) -> None:
        """Drop everything that scripts have made."""
        self.psql(
            "DO $$ DECLARE s text; BEGIN FOR s IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' "
            "AND nspname <> 'information_schema' LOOP EXECUTE format('DROP SCHEMA %I CASCADE', s); END LOOP; END $$;"
            "CREATE SCHEMA public;"
        )

    def enums(self) -> dict[str, list[str]]:
        """`schema.type` → labels in order."""
        return {f"{row[0]}.{row[1]}": list(row[2]) for row in self._rows(ENUMS)}  # type: ignore[call-overload]

    def checks(self) -> list[list[object]]:
        """Schema, table or domain, constraint, expression, columns."""
        return self._rows(CHECKS)

    def allows(self, expression: str, column: str, values: list[str]) -> list[str] | None:
        """Those of the values for which a condition on a text column isn't false; None where it wants no text."""
        texts = ", ".join("(E'" + value.replace("\\", "\\\\").replace("'", "\\'") + "')" for value in values)
        text = self.psql(
            f"SELECT coalesce(json_agg(v), '[]') FROM (VALUES {texts}) AS t(v), "  # noqa: S608 - a test's own text
            f'LATERAL (SELECT v AS "{column}") AS c WHERE ({expression}) IS NOT FALSE'
        )
        if not text.strip():
            return None
        found: list[str] = json.loads(text)
        return found


def _columns(query: str) -> str:
    return ", ".join(f'q."{name}"' for name in (("a", "b", "c") if query is ENUMS else ("a", "b", "c", "d", "e")))


def programs() -> Path | None:
    """Where PostgreSQL's programs are."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def server() -> Iterator[Postgres]:
    """A server in a folder of its own, for as long as the block runs. It refuses to run as root: then as nobody."""
    where = programs()
    if where is None:
        raise RuntimeError(REMEDY)
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    user = {"user": "nobody", "group": os.stat("/").st_gid} if os.geteuid() == 0 else {}
    if user:
        shutil.chown(folder, "nobody")
    data = folder / "data"
    try:
        _run(user, where / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C")
        options = " ".join(f"-c {option}" for option in (*OFF, f"unix_socket_directories={folder}"))
        _run(user, where / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        yield Postgres(where, folder)
    finally:
        if (data / "postmaster.pid").exists():
            _run(user, where / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _run(user: dict[str, object], *command: object) -> None:
    words = [str(word) for word in command]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd="/", **user)  # type: ignore[call-overload]
