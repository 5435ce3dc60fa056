# ruff: noqa: S608 - scripts that no database ever runs
"""What migrations that succeeded once lead to, where not everything is known: the state is uncertain, and says why."""

from __future__ import annotations

import pytest

from nightlatch.enum_parity.replay import Replay


def state(*scripts: str) -> dict[str, tuple[list[str], str]]:
    """Name → labels, and why they are uncertain."""
    replay = Replay()
    for number, script in enumerate(scripts, 1):
        replay.run(f"{number}.sql", script)
    return {enum.name: (list(enum.texts), enum.reason) for enum in replay.session.catalog.enums()}


ENUM = "CREATE TYPE role AS ENUM ('a', 'b'); CREATE TYPE other AS ENUM ('x');"

UNCERTAIN = {
    "no baseline": ("ALTER TYPE role ADD VALUE 'c';", ["c"], "its creation is in no migration here"),
    "labels changed by hand": (
        ENUM + "UPDATE pg_enum SET enumlabel = 'z' WHERE enumtypid = 'role'::regtype;", ["a", "b"], "by hand",
    ),
    "labels deleted by hand": (
        ENUM + "DELETE FROM pg_catalog.pg_enum WHERE enumlabel = 'a' AND enumtypid = 'role'::regtype;", ["a", "b"],
        "by hand",
    ),
    "a condition about rows": (
        ENUM + "DO $$ BEGIN IF EXISTS (SELECT 1 FROM users) THEN ALTER TYPE role ADD VALUE 'c'; END IF; END $$;",
        ["a", "b", "c"], "depends on what can't be read",
    ),
    "a drop that depends": (
        ENUM + "DO $$ BEGIN IF current_setting('x') = '1' THEN DROP TYPE role; END IF; END $$;",
        ["a", "b"], "depends on",
    ),
    "a loop over rows": (
        ENUM + "DO $$ DECLARE r record; BEGIN FOR r IN SELECT v FROM t LOOP "
        "EXECUTE format('ALTER TYPE role ADD VALUE %L', r.v); END LOOP; END $$;",
        ["a", "b"], "put together at run time",
    ),
    "a text of unknown parts": (
        ENUM + "DO $$ DECLARE v text := f(); BEGIN EXECUTE 'ALTER TYPE role ADD VALUE ' || v; END $$;", ["a", "b"],
        "put together at run time",
    ),
    "a routine with DDL": (
        ENUM + "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ALTER TYPE role ADD VALUE 'c'; END $$;"
        "SELECT f();",
        ["a", "b"], "f() is called",
    ),
    "labels changed by hand within a query": (
        ENUM + "WITH x AS (UPDATE pg_enum SET enumlabel = 'z' WHERE enumtypid = 'role'::regtype RETURNING 1) "
        "SELECT * FROM x;",
        ["a", "b"], "by hand",
    ),
    "labels merged by hand": (
        ENUM + "MERGE INTO pg_catalog.pg_enum e USING x ON enumtypid = 'role'::regtype WHEN MATCHED THEN DELETE;",
        ["a", "b"], "by hand",
    ),
    "a block in another language": (
        ENUM + "DO LANGUAGE plpython3u $$ plpy.execute(\"ALTER TYPE role ADD VALUE 'c'\") $$;", ["a", "b"],
        "a block of plpython3u",
    ),
    "a placeholder": (ENUM + "ALTER TYPE ${schema}.role ADD VALUE 'c';", ["a", "b"], "can't be followed"),
    "created twice": (ENUM + "CREATE TYPE role AS ENUM ('c');", ["a", "b"], "would refuse"),
    "a label that is there": (ENUM + "ALTER TYPE role ADD VALUE 'a';", ["a", "b"], "would refuse"),
    "before a label that isn't there": (
        ENUM + "ALTER TYPE role ADD VALUE 'c' BEFORE 'zz';", ["a", "b"], "would refuse",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("script", "labels", "reason"), UNCERTAIN.values(), ids=UNCERTAIN)
def test_what_cannot_be_known(script: str, labels: list[str], reason: str) -> None:
    found = state(script)
    assert found["public.role"][0] == labels
    assert reason in found["public.role"][1]
    assert found.get("public.other", ([], ""))[1] == ""


def test_a_text_that_names_no_type_makes_all_uncertain() -> None:
    found = state(ENUM, "DO $$ BEGIN EXECUTE 'ALTER TYPE ' || f() || ' ADD VALUE ''x'''; END $$;")
    assert all(reason for _, reason in found.values())


CERTAIN = {
    "the same twice": (ENUM + "CREATE TYPE role AS ENUM ('a', 'b');", ["a", "b"]),
    "a table that no migration creates": (ENUM + "ALTER TABLE users ADD COLUMN r role;", ["a", "b"]),
    "dropped and made anew after a guess": (
        "ALTER TYPE role ADD VALUE 'c'; DROP TYPE role; CREATE TYPE role AS ENUM ('x');", ["x"],
    ),
    "made after a drop that depends": (
        ENUM + "DO $$ BEGIN IF f() THEN DROP TYPE role; END IF; END $$; CREATE TYPE role AS ENUM ('x');", ["x"],
    ),
    "what a schema from elsewhere holds": ("CREATE TYPE auth.x AS ENUM ('a');" + ENUM, ["a", "b"]),
    "a loop about something else": (
        ENUM + "DO $$ DECLARE t text; BEGIN FOR t IN SELECT 1 LOOP EXECUTE format('GRANT SELECT ON %I TO x', t); "
        "END LOOP; END $$;",
        ["a", "b"],
    ),
    "a routine that is never called": (
        ENUM + "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP TYPE role; END $$;", ["a", "b"],
    ),
    "rows about types": (ENUM + "INSERT INTO t VALUES ('UPDATE pg_enum');", ["a", "b"]),
}  # fmt: skip


@pytest.mark.parametrize(("script", "labels"), CERTAIN.values(), ids=CERTAIN)
def test_what_is_known_all_the_same(script: str, labels: list[str]) -> None:
    assert state(script)["public.role"] == (labels, "")


def test_each_label_knows_where_it_came_from() -> None:
    replay = Replay()
    replay.run("1.sql", "\nCREATE TYPE role AS ENUM (\n  'a',\n  'b'\n);")
    replay.run(
        "2.sql", "DO $$\nBEGIN\n  ALTER TYPE role ADD VALUE 'c';\nEND $$;\nALTER TYPE role RENAME VALUE 'a' TO 'z';"
    )
    (enum,) = replay.session.catalog.enums()
    assert (enum.path, enum.line) == ("1.sql", 2)
    assert [(label.text, label.place) for label in enum.labels] == [
        ("z", "2.sql:5"),
        ("b", "1.sql:4"),
        ("c", "2.sql:3"),
    ]


CHECKS = {
    "the list": ("CREATE TABLE t (s text CHECK (s IN ('a', 'b')))", {"public.t.s": ["a", "b"]}),
    "two lists": ("CREATE TABLE t (s text CHECK (s IN ('a', 'b')) CHECK (s IN ('b', 'c')))", {"public.t.s": ["b"]}),
    "a condition on another column": (
        "CREATE TABLE t (s text, k int, CHECK (k > 1 OR s IN ('a'))); CREATE TABLE u (s text CHECK (s IN ('x')))",
        {"public.u.s": ["x"]},
    ),
    "both of two columns": (
        "CREATE TABLE t (s text, k text, CHECK (s IN ('a') AND k IN ('b')))",
        {"public.t.s": ["a"], "public.t.k": ["b"]},
    ),
    "a domain": ("CREATE DOMAIN d AS text CHECK (VALUE IN ('a'))", {"public.d": ["a"]}),
    "a table that no migration creates": ("ALTER TABLE t ADD CHECK (s IN ('a'))", {"public.t.s": ["a"]}),
    "its automatic name": (
        "CREATE TABLE t (s text CHECK (s IN ('a'))); ALTER TABLE t DROP CONSTRAINT t_s_check", {},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("script", "expected"), CHECKS.values(), ids=CHECKS)
def test_lists_of_checks(script: str, expected: dict[str, list[str]]) -> None:
    assert state(script) == {name: (labels, "") for name, labels in expected.items()}


ALL = {
    "a text that nothing is known of": "DO $$ BEGIN EXECUTE f(); END $$;",
    "another file, by psql": "\n\\ir more.sql\n",
}


@pytest.mark.parametrize("script", ALL.values(), ids=ALL)
def test_what_may_be_about_anything_leaves_nothing_certain(script: str) -> None:
    assert all(reason for _, reason in state(ENUM + script).values())


def test_loops_in_loops_are_bounded_together() -> None:
    names, values = "abcde", ", ".join(["'x'"] * 30)
    opened = "".join(f"FOREACH {name} IN ARRAY ARRAY[{values}] LOOP " for name in names)
    declared = "".join(f"{name} text; " for name in names)
    text = f"EXECUTE format('ALTER TYPE role ADD VALUE %L', {' || '.join(names)} || f());"
    found = state(f"{ENUM}DO $$ DECLARE {declared}BEGIN {opened}{text}{' END LOOP;' * len(names)} END $$;")
    assert found["public.role"][1]


ABOUT_ROWS = {
    "partitions": "DO $$ DECLARE s text; BEGIN s := format('CREATE TABLE %I PARTITION OF t', f()); EXECUTE s; END $$;",
    "rows": "DO $$ BEGIN EXECUTE 'INSERT INTO y (domain, type) VALUES (' || f() || ')'; END $$;",
}


@pytest.mark.parametrize("script", ABOUT_ROWS.values(), ids=ABOUT_ROWS)
def test_what_is_about_something_else_leaves_no_doubt(script: str) -> None:
    assert state(ENUM + script)["public.role"] == (["a", "b"], "")


def test_queries_of_the_catalog_and_other_blocks_change_nothing() -> None:
    found = state(ENUM, "WITH x AS (SELECT enumlabel FROM pg_enumeration) SELECT * FROM x; DO LANGUAGE plperl $$ 1 $$;")
    assert found["public.role"] == (["a", "b"], "")


def test_what_cockroachdb_writes() -> None:
    found = state(
        "CREATE TYPE IF NOT EXISTS role AS ENUM ('a', 'b', 'c');", "CREATE TYPE IF NOT EXISTS role AS ENUM ('z');"
    )
    assert found["public.role"] == (["a", "b", "c"], "")
    assert state("CREATE TYPE role AS ENUM ('a', 'b'); ALTER TYPE role DROP VALUE 'a';")["public.role"] == (["b"], "")
    assert "would refuse" in state("CREATE TYPE role AS ENUM ('a'); ALTER TYPE role DROP VALUE 'q';")["public.role"][1]


def test_a_type_that_is_taken_back_stands_where_it_stood() -> None:
    script = "BEGIN; DROP TYPE role; CREATE TYPE role AS ENUM ('q'); ROLLBACK;"
    assert state(ENUM, script)["public.role"] == (["a", "b"], "")
