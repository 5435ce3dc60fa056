"""A live database: what it has is read as the migrations would lead to it, and nothing can be written through it."""

from __future__ import annotations

import os
import re
import sqlite3
import sys
from pathlib import Path

import pytest

from nightlatch.enum_parity import live
from nightlatch.enum_parity.database_enum import DatabaseEnum
from nightlatch.enum_parity.live_compare import drifts
from nightlatch.enum_parity.live_postgres import LiveError, connection_settings, live_enums
from nightlatch.enum_parity.live_sqlite import sqlite_lists
from nightlatch.enum_parity.replay import Replay
from tests.enum_parity.test_replay_postgres import SCRIPTS
from tests.support.postgres import Postgres
from tests.support.repository import Repository


def address(postgres: Postgres) -> str:
    return f"postgresql://postgres@/postgres?host={postgres.folder}"


def plain(enums: list[DatabaseEnum]) -> dict[str, list[str]]:
    return {
        enum.name: list(enum.texts) if enum.kind == "enum" else sorted(enum.texts) for enum in enums if enum.certain
    }


@pytest.mark.slow
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_the_live_state_is_that_of_the_script(postgres: Postgres, path: Path) -> None:
    script = path.read_text(encoding="utf-8")
    postgres.reset()
    postgres.psql(script)
    replay = Replay(faithful=True)
    replay.run("1.sql", script)
    migrated, live = replay.session.catalog.enums(), live_enums(address(postgres))
    assert plain(live) == plain(migrated)
    assert list(drifts(migrated, live)) == []


@pytest.mark.slow
def test_drift(postgres: Postgres) -> None:
    postgres.reset()
    postgres.psql("CREATE TYPE a AS ENUM ('x', 'z'); CREATE TYPE b AS ENUM ('x'); CREATE TYPE d AS ENUM ('1', '2');")
    replay = Replay()
    replay.run(
        "1.sql", "CREATE TYPE a AS ENUM ('x', 'y'); CREATE TYPE c AS ENUM ('x'); CREATE TYPE d AS ENUM ('2', '1');"
    )
    found = list(drifts(replay.session.catalog.enums(), live_enums(address(postgres))))
    assert [(one.name, one.only_migrated, one.only_live) for one in found] == [
        ("public.a", ["y"], ["z"]),
        ("public.b", [], ["x"]),
        ("public.c", ["x"], []),
        ("public.d", [], []),
    ]


def test_the_address() -> None:
    assert connection_settings("postgres://me:a%40b@db.example:6000/shop?sslmode=disable") == {
        "user": "me", "password": "a@b", "database": "shop", "host": "db.example", "port": 6000, "ssl_context": None,
        "optional TLS": False,
    }  # fmt: skip
    assert connection_settings("postgresql:///x?host=/run/pg&user=u")["unix_sock"] == "/run/pg/.s.PGSQL.5432"
    checked = connection_settings("postgresql://u@h/x?sslmode=verify-full")["ssl_context"]
    assert checked is not None
    assert checked.check_hostname


@pytest.mark.parametrize(
    "dsn",
    [
        "",
        "mysql://x",
        "host=localhost",
        "postgresql://h:port/x",
        "postgresql://[x",
        "postgresql://u@h/x?port=abc",
        "postgresql://u:12/ab@h/x",
    ],
)
def test_what_is_no_address(dsn: str) -> None:
    with pytest.raises(LiveError, match="no URL"):
        connection_settings(dsn)


@pytest.mark.parametrize(
    ("dsn", "what"),
    [
        ("foo", "no address of a database"),
        ("me:word@host", "no address of a database"),
        ("mysql://me:word@host/x", "begins with mysql://"),
        ("postgresql+psycopg2://me:word@host/x", "begins with postgresql+psycopg2://"),
        ("sqlite://word.db", "begins with sqlite://"),
        ("me:word@x://host", "no address of a database"),
    ],
)
def test_the_kind_of_the_address_is_told_first(monkeypatch: pytest.MonkeyPatch, dsn: str, what: str) -> None:
    monkeypatch.setitem(sys.modules, "pg8000.native", None)
    with pytest.raises(LiveError, match=re.escape(what)) as raised:
        live.live_enums(dsn)
    assert "sqlite:///path/of/a.db" in raised.value.remedy
    assert "word" not in raised.value.what + raised.value.remedy


def test_a_missing_package_is_added_to_where_nightlatch_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pg8000.native", None)
    with pytest.raises(LiveError, match="isn't installed") as raised:
        live.live_enums("postgresql://me@host/x")
    remedy = raised.value.remedy
    assert "pipx inject nightlatch pg8000" in remedy
    assert "additional_dependencies: [pg8000]" in remedy
    assert not re.search(r"(?:pip|pipx|uv tool) install '?nightlatch", remedy), "no registry has it under that name"


def test_a_sqlite_is_not_what_migrations_with_types_lead_to(repository: Repository, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("CREATE TABLE orders (status TEXT)")
    repository.write("migrations/1_a.sql", "CREATE TYPE role AS ENUM ('a');\n")
    asked = repository.nightlatch("enum-parity", "--all-files", "--dsn", f"sqlite:///{tmp_path / 'a.db'}")
    assert asked.code == 2
    assert "which SQLite can't have" in asked.err
    repository.write("migrations/1_a.sql", "CREATE TABLE orders (status TEXT CHECK (status IN ('a')));\n")
    lists = repository.nightlatch("enum-parity", "--all-files", "--dsn", f"sqlite:///{tmp_path / 'a.db'}")
    assert (lists.code, lists.err) == (1, ""), "its CHECKs are compared"


def test_no_message_holds_the_password(tmp_path: Path) -> None:
    word = "-".join(str(number) for number in range(7))
    with pytest.raises(LiveError) as raised:
        live_enums(f"postgresql://me:{word}@/x?host={tmp_path}")
    assert word not in raised.value.what + raised.value.remedy
    assert str(tmp_path) in raised.value.what


def test_sqlite(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, s TEXT CHECK (s IN ('a', 'b')))")
    connection.execute("CREATE TABLE \"U\" (k TEXT, CHECK (k = 'x' OR k = 'y'))")
    connection.commit()
    connection.close()
    assert plain(sqlite_lists(f"sqlite:///{path}")) == {"public.t.s": ["a", "b"], "public.U.k": ["x", "y"]}
    os.mkfifo(tmp_path / "fifo")
    for name in ("missing.db", "fifo"):
        with pytest.raises(LiveError, match="no such file"):
            sqlite_lists(f"sqlite:///{tmp_path / name}")


def test_code_is_compared_with_a_live_sqlite(repository: Repository, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("CREATE TABLE orders (status TEXT CHECK (status IN ('a', 'b')))")
    connection.commit()
    connection.close()
    repository.write(
        "s.ts", "export const o = sqliteTable('orders', { status: text('status', { enum: ['a', 'z'] }) });\n"
    )
    found = repository.nightlatch("enum-parity", "--all-files", "--dsn", f"sqlite:///{tmp_path / 'a.db'}")
    assert found.code == 1, found
    assert "ENUM001" in found.out
    assert "DROP CONSTRAINT" not in found.out, "which SQLite doesn't know"
    assert """CHECK ("status" IN ('a', 'z'))""" in found.out
    assert 'ALTER TABLE "orders__new" RENAME TO "orders";' in found.out


@pytest.mark.slow
def test_the_hook_tells_of_drift_and_of_a_database_that_does_not_answer(
    postgres: Postgres, repository: Repository
) -> None:
    postgres.reset()
    postgres.psql("CREATE TYPE role AS ENUM ('a', 'by hand');")
    repository.write("migrations/1_a.sql", "CREATE TYPE role AS ENUM ('a');\n")
    same = repository.nightlatch("enum-parity", "--all-files")
    assert same.code == 0, same
    found = repository.nightlatch("enum-parity", "--all-files", "--dsn", address(postgres))
    assert found.code == 1, found
    assert "ENUM007" in found.out
    assert "'by hand'" in found.out
    postgres.psql("ALTER TYPE role RENAME TO other; CREATE TYPE role AS ENUM ('a'); DROP TYPE other;")
    mended = repository.nightlatch("enum-parity", "--all-files", "--dsn", address(postgres))
    assert mended.code == 0, mended
    postgres.psql("CREATE SCHEMA auth; CREATE TYPE auth.level AS ENUM ('a'); CREATE TYPE kind AS ENUM ('x');")
    repository.write("migrations/2_b.sql", "CREATE TYPE kind AS ENUM ('x');\n")
    owned = repository.nightlatch("enum-parity", "--all-files", "--dsn", address(postgres))
    assert owned.code == 0, "what lies in another schema is the platform's own"
    repository.write(
        "src/s.ts", "const auth = pgSchema('auth');\nexport const level = auth.enum('level', ['a', 'b']);\n"
    )
    code = repository.nightlatch("enum-parity", "--all-files", "--dsn", address(postgres), "--format", "json")
    assert code.findings() == ["ENUM001 src/s.ts:2"], code.out
    silent = repository.nightlatch("enum-parity", "--all-files", "--dsn", "postgresql://x@/x?host=/nowhere")
    assert silent.code == 2, silent


def test_a_closed_port_is_said_in_plain_words() -> None:
    with pytest.raises(LiveError) as raised:
        live_enums("postgresql://u@127.0.0.1:1/x")
    assert "source_address" not in raised.value.what
    assert "127.0.0.1" in raised.value.what


def test_what_nobody_foresaw_is_said_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_dsn: str) -> list[DatabaseEnum]:
        raise KeyError("uid")

    monkeypatch.setattr("nightlatch.enum_parity.live_postgres._ask", broken)
    with pytest.raises(LiveError, match="KeyError"):
        live_enums("postgresql://u@127.0.0.1:1/x")
