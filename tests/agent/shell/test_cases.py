"""Commands and what they would do, as data: tests/cases/agent/shell_*.txt."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from nightlatch.agent.effects import Read
from nightlatch.agent.search import Search
from nightlatch.agent.shell import effects_of, powershell
from tests.agent.shell.tree import cases, told

if TYPE_CHECKING:
    from nightlatch.agent.place import Place

FILES = ("shell_reads.txt", "shell_everyday.txt", "shell_effects.txt")
ALL = [case for name in FILES for case in cases(name)]
EVERYDAY = list(cases("shell_everyday.txt"))
READS = list(cases("shell_reads.txt"))
DOUBTFUL = ("unresolved", "bypass", "credentials", "sql unknown", "sql destructive", "sql schema-change", "sql opaque")


def lines(command: str, place: Place) -> list[str]:
    found = [told(effect, place).replace("\n", " ") for effect in effects_of(command, place.root, place)]
    return [line for line in found if line]


@pytest.mark.parametrize(("command", "expected"), ALL, ids=[command for command, _ in ALL])
def test_what_a_command_would_do(command: str, expected: list[str], place: Place) -> None:
    assert lines(command, place) == expected


@pytest.mark.parametrize(("command", "expected"), list(cases("shell_powershell.txt")))
def test_what_a_command_of_powershell_would_do(command: str, expected: list[str], place: Place) -> None:
    found = [told(effect, place).replace("\n", " ") for effect in powershell.effects_of(command, place.root, place)]
    assert [line for line in found if line] == expected


def test_nothing_is_doubtful_about_everyday_commands() -> None:
    assert len(EVERYDAY) >= 300
    assert [command for command, effects in EVERYDAY if any(line.startswith(DOUBTFUL) for line in effects)] == []


def is_closed(path: str, place: Place) -> bool:
    real = os.path.realpath(path)
    return os.path.basename(real) == ".env" or real.startswith((f"{place.home}/.ssh/", f"{place.home}/.aws/", "/proc/"))


@pytest.mark.parametrize("command", [command for command, _ in READS])
def test_a_closed_file_is_seen_to_be_read(command: str, place: Place) -> None:
    """Whatever the cases' file says: it is the point of those commands."""
    found = effects_of(command, place.root, place)
    shown = [effect.path for effect in found if isinstance(effect, Read)]
    shown += [effect.folder for effect in found if isinstance(effect, Search)]
    assert any(is_closed(path, place) or os.path.normpath(path) == place.root for path in shown)
