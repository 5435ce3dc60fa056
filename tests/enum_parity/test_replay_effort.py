"""How much work a long script is: as much for each statement, however many there were before it."""

from __future__ import annotations

import cProfile
import pstats

import pytest

from nightlatch.enum_parity.replay import Replay

COUNT = 150
SCRIPTS = {
    "types": ("CREATE TYPE t{0} AS ENUM ('a');", "DROP TYPE t{0};"),
    "tables": ("CREATE TABLE t{0} (id int, s text CHECK (s IN ('a')));", "DROP TABLE t{0};"),
    "tables of types": (
        "CREATE TYPE t{0} AS ENUM ('a'); CREATE TABLE x{0} (s t{0});",
        "DROP TABLE x{0}; DROP TYPE t{0};",
    ),
    "types that tables use": ("CREATE TYPE t{0} AS ENUM ('a'); CREATE TABLE x{0} (s t{0});", "DROP TYPE t{0} CASCADE;"),
    "domains": ("CREATE DOMAIN d{0} AS text CHECK (VALUE IN ('a'));", "DROP DOMAIN d{0};"),
    "columns": ("CREATE TABLE t{0} (id int, s text CHECK (s IN ('a')));", "ALTER TABLE t{0} DROP COLUMN s;"),
    "children": ("CREATE TABLE p{0} (s text); CREATE TABLE c{0} () INHERITS (p{0});", "DROP TABLE p{0} CASCADE;"),
}
"""What is made so many times, and then taken back so many times."""


def calls(script: tuple[str, str], count: int) -> int:
    """How many calls of functions a replay takes: the same number on every machine."""
    text = "\n".join(statement.format(number) for statement in script for number in range(count))
    profile = cProfile.Profile()
    profile.enable()
    Replay().run("1.sql", text)
    profile.disable()
    total: int = pstats.Stats(profile).total_calls  # type: ignore[attr-defined]
    return total


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_twice_the_statements_are_twice_the_work(script: tuple[str, str]) -> None:
    calls(script, 2)  # what is loaded and compiled once
    assert calls(script, 2 * COUNT) < 2.1 * calls(script, COUNT)
