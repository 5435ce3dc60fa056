"""No text makes the replay fail in a way that it doesn't foresee: what is broken is refused or passed over."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.core.sql_lexer import SqlError
from nightlatch.enum_parity.migration_orders.alembic_operations import scripts
from nightlatch.enum_parity.migration_orders.django import cut
from nightlatch.enum_parity.replay import Replay

SCRIPTS = sorted((Path(__file__).parent.parent / "cases/enum_parity/scripts").glob("*.sql"))
WORDS = sorted({word for path in SCRIPTS for word in path.read_text(encoding="utf-8").split()})
HEADS = (
    "CREATE TYPE", "ALTER TYPE a", "DROP TYPE", "CREATE TABLE t (", "ALTER TABLE t", "CREATE DOMAIN", "ALTER DOMAIN",
    "CREATE SCHEMA", "ALTER SCHEMA", "DROP SCHEMA", "SET search_path", "SELECT set_config(", "DO $$ BEGIN", "COMMIT",
    "DO $$ BEGIN IF", "DO $$ DECLARE", "CREATE VIEW", "DROP VIEW", "SAVEPOINT", "ROLLBACK TO", "UPDATE pg_enum",
    "ALTER TABLE t ADD CHECK (", "CREATE", "ALTER", "DROP", "DO", "CREATE FUNCTION", "DO $$ BEGIN EXECUTE format(",
    "DO $$ BEGIN IF EXISTS (SELECT FROM pg_type WHERE typname =", "DO $$ BEGIN FOREACH x IN ARRAY",
)  # fmt: skip
texts = st.lists(
    st.tuples(st.sampled_from(HEADS), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)).map(" ".join),
    max_size=6,
).map(" ; ".join)


@pytest.mark.parametrize("faithful", [True, False])
@given(texts)
def test_any_text(faithful: bool, text: str) -> None:  # noqa: FBT001 - a parameter of the test
    replay = Replay(faithful=faithful)
    try:
        replay.run("1.sql", "CREATE TYPE a AS ENUM ('x'); CREATE TABLE t (s text);" + text)
    except SqlError as error:
        assert error.what  # noqa: PT017 - either outcome is right
    assert all(enum.path == "1.sql" for enum in replay.session.catalog.enums())


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_any_beginning_of_a_script(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for end in range(0, len(text), 23):
        try:
            Replay().run("1.sql", text[:end])
        except SqlError as error:
            assert error.position < end  # noqa: PT017 - either outcome is right


DEEP = 30_000
HOSTILE = {
    "parentheses": "CREATE TABLE t (s text CHECK (" + "(" * DEEP + "s IN ('a')" + ")" * DEEP + "))",
    "blocks": "DO $$ BEGIN " + "BEGIN " * DEEP + "END; " * DEEP + "END $$",
    "conditions": "DO $$ BEGIN " + "IF true THEN " * 5_000 + "END IF; " * 5_000 + "END $$",
    "a negation": "DO $$ BEGIN IF " + "NOT " * DEEP + "true THEN NULL; END IF; END $$",
    "a sum": "DO $$ BEGIN EXECUTE " + "(" * DEEP + "'x'" + ")" * DEEP + "; END $$",
    "EXECUTE of a block": "DO $$ BEGIN EXECUTE 'DO ''BEGIN EXECUTE ''''SELECT 1''''; END'''; END $$",
    "many labels": "CREATE TYPE e AS ENUM (" + ", ".join(f"'{number}'" for number in range(DEEP)) + ")",
}


@pytest.mark.parametrize("script", HOSTILE.values(), ids=HOSTILE)
def test_what_is_nested_deeply(script: str) -> None:
    """It is refused or passed over, and nothing overflows."""
    replay = Replay()
    try:
        replay.run("1.sql", script + "; CREATE TYPE last AS ENUM ('x');")
    except SqlError as error:
        assert error.what  # noqa: PT017 - either outcome is right
    else:
        assert "public.last" in [enum.name for enum in replay.session.catalog.enums()]


PYTHON = (
    "(" * 500,
    "revision = '1'\ndef upgrade():\n    " + "f(" * 150 + ")" * 150,
    "\0",
    "def upgrade(:",
    "x = " + "-" * 9_000 + "1",
)


@pytest.mark.parametrize("text", PYTHON)
def test_python_that_is_none(text: str) -> None:
    assert {script.path for script in [*scripts("a.py", text), *cut("a.py", text)]} <= {"a.py"}
