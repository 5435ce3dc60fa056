"""A real PostgreSQL and the replay run the same scripts: they must come to the same enums and the same CHECKs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

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
