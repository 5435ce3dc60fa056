"""Migrations that once were compared although nobody can tell where they lead: they are uncertain, and end with 2."""

from __future__ import annotations

import pytest

from tests.support.repository import Repository

TYPE = "CREATE TYPE role AS ENUM ('a', 'b');\n"
SCHEMA = "export const role = pgEnum('role', ['a', 'b']);\n"
ADD = "ALTER TYPE role ADD VALUE 'c';"

SECOND = {
    "RETURN under a condition": (
        "DO $$ BEGIN IF (SELECT count(*) FROM x) > 0 THEN RETURN; END IF; ALTER TYPE role ADD VALUE 'c'; END $$;\n"
    ),
    "CONTINUE WHEN": (
        "DO $$ DECLARE v text; BEGIN FOREACH v IN ARRAY ARRAY['x', 'c'] LOOP CONTINUE WHEN v = 'x'; "
        "EXECUTE format('ALTER TYPE role ADD VALUE %L', v); END LOOP; END $$;\n"
    ),
    "EXIT WHEN": f"DO $$ BEGIN LOOP EXIT WHEN now() > '2020-01-01'; {ADD} END LOOP; END $$;\n",
    "EXIT of a block": f"DO $$ <<x>> BEGIN IF true THEN EXIT x; END IF; {ADD} END $$;\n",
    "gexec behind a statement": "SELECT 'ALTER TYPE role ADD VALUE ''c''' \\gexec\n",
}


@pytest.mark.parametrize("second", SECOND.values(), ids=SECOND)
def test_what_may_have_happened_is_uncertain(repository: Repository, second: str) -> None:
    repository.write("migrations/1.sql", TYPE)
    repository.write("migrations/2.sql", second)
    repository.write("src/schema.ts", SCHEMA)
    outcome = repository.nightlatch("enum-parity", "--all-files")
    assert outcome.code == 2, outcome
    assert "public.role" in outcome.out
    assert "unforeseen" not in outcome.out + outcome.err


def test_a_comment_cuts_no_file_that_has_no_sections(repository: Repository) -> None:
    repository.write("migrations/1.up.sql", TYPE)
    repository.write("migrations/2.up.sql", f"-- Down migration: none, it can't be removed\n{ADD}\n")
    repository.write("src/schema.ts", SCHEMA)
    outcome = repository.nightlatch("enum-parity", "--all-files", "--format", "json")
    assert outcome.code == 1, outcome


def test_a_change_of_a_plan_that_is_not_there_makes_the_order_uncertain(repository: Repository) -> None:
    repository.write(
        "sqitch.plan",
        "%project=x\na 2026-01-01T00:00:00Z A <a@example.com>\nb 2026-01-02T00:00:00Z A <a@example.com>\n",
    )
    repository.write("deploy/a.sql", TYPE)
    repository.write("src/schema.ts", SCHEMA)
    outcome = repository.nightlatch("enum-parity", "--all-files")
    assert outcome.code == 2, outcome
    assert "deploy/b.sql" in outcome.out


def test_more_files_of_sql_than_are_read_are_said(repository: Repository) -> None:
    for number in range(201):
        repository.write(f"sql/{number}.sql", "SELECT 1;\n")
    repository.write("sql/types.sql", TYPE)
    repository.write("src/schema.ts", SCHEMA)
    outcome = repository.nightlatch("enum-parity", "--all-files")
    assert outcome.code == 2, outcome
