"""The statements that are printed, run by a real PostgreSQL: each applies cleanly, and mends the drift."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nightlatch.enum_parity.mend import quoted, statements
from nightlatch.enum_parity.replay import Replay
from tests.enum_parity.test_mutations import LABELS, mutations
from tests.support.postgres import Postgres, server

pytestmark = pytest.mark.slow

REORDERED = tuple(reversed(LABELS))
CASES = [*mutations(LABELS), ("the order turned round", list(REORDERED)), ("all others", ["p", "q"])]


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with server() as running:
        yield running


def listed(labels: tuple[str, ...] | list[str]) -> str:
    return ", ".join(map(quoted, labels))


def apply(postgres: Postgres, sql: list[str]) -> None:
    """Each statement by itself, as a migration of its own."""
    for one in sql:
        postgres.psql(one)
        assert postgres.errors == "", (one, postgres.errors)


@pytest.mark.parametrize(("what", "wanted"), CASES, ids=[what for what, _ in CASES])
def test_a_type(postgres: Postgres, what: str, wanted: list[str]) -> None:
    """With a column that has a default, a table with a name to be quoted, and an array beside them."""
    kept = next((label for label in wanted if label in LABELS), "")
    default = f" DEFAULT {quoted(kept)}" if kept else ""
    script = (
        f'CREATE SCHEMA "My s"; CREATE TYPE "My s"."User role" AS ENUM ({listed(LABELS)});'
        f'CREATE TABLE "T x" (id int, "R" "My s"."User role"{default});'
    )
    postgres.reset()
    postgres.psql(script)
    assert postgres.errors == ""
    replay = Replay()
    replay.run("1.sql", script)
    (before,) = replay.session.catalog.enums()
    apply(postgres, statements(before, wanted))
    assert postgres.enums() == {"My s.User role": wanted}, what
    if kept:
        assert postgres.psql('INSERT INTO "T x" (id) VALUES (1) RETURNING "R";').strip() == kept


@pytest.mark.parametrize(("what", "wanted"), CASES, ids=[what for what, _ in CASES])
def test_a_check(postgres: Postgres, what: str, wanted: list[str]) -> None:
    script = f"CREATE TABLE orders (id int, status text CHECK (status IN ({listed(LABELS)})));"
    postgres.reset()
    postgres.psql(script)
    replay = Replay()
    replay.run("1.sql", script)
    (before,) = replay.session.catalog.enums()
    apply(postgres, statements(before, wanted))
    for label in {*wanted, *LABELS}:
        postgres.psql(f"INSERT INTO orders (status) VALUES ({quoted(label)});")  # noqa: S608 - a label of this test
        assert (postgres.errors == "") == (label in wanted), (what, label)
