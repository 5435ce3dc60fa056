"""A real PostgreSQL and the replay run the same scripts: they must come to the same enums and the same CHECKs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.enum_parity.random_ddl import scripts
from tests.enum_parity.replay_support import allowed, checks, enums, replayed
from tests.support.postgres import Postgres, server

SCRIPTS = sorted((Path(__file__).parent.parent / "cases/enum_parity/scripts").glob("*.sql"))


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with server() as running:
        yield running


@pytest.mark.slow
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_leads_to_the_same(postgres: Postgres, path: Path) -> None:
    script = path.read_text(encoding="utf-8")
    postgres.reset()
    postgres.psql(script)
    replay = replayed(script)
    assert enums(replay) == postgres.enums()
    assert sorted(checks(replay)) == [tuple(row[:3]) for row in postgres.checks()]
    ours, theirs = allowed(postgres, replay)
    assert ours == theirs


MOST_STATEMENTS = 40
EXAMPLES = int(os.environ.get("ENUM_PARITY_EXAMPLES", "20"))
"""Each example is a script of 24 to 44 statements: ENUM_PARITY_EXAMPLES=350 compares more than 10,000."""


@pytest.mark.slow
@given(scripts(MOST_STATEMENTS))
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate])
def test_random_statements_lead_to_the_same(postgres: Postgres, statements: list[str]) -> None:
    script = ";\n".join(statements) + ";\n"
    postgres.reset()
    postgres.psql(script)
    replay = replayed(script)
    assert enums(replay) == postgres.enums()
    assert sorted(checks(replay)) == [tuple(row[:3]) for row in postgres.checks()]
