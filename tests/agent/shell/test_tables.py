"""The index of the commands, and the bounds of the work."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from nightlatch.agent.effects import Unresolved
from nightlatch.agent.shell import effects_of
from nightlatch.agent.shell.commands.index import NAMES, TELLING, usage_of
from nightlatch.agent.shell.printed_folders import FOLDERS

if TYPE_CHECKING:
    from nightlatch.agent.place import Place


@pytest.mark.parametrize("theme", NAMES)
def test_the_index_has_every_name(theme: str) -> None:
    table = import_module(f"nightlatch.agent.shell.commands.{theme}").COMMANDS
    assert sorted(table) == NAMES[theme].split()


def test_no_name_stands_in_two_themes() -> None:
    names = [name for listed in NAMES.values() for name in listed.split()]
    assert len(names) == len(set(names))


def test_the_index_has_every_program_that_prints_folders_of_its_own() -> None:
    assert set(FOLDERS) == TELLING


def test_a_name_in_capitals_is_the_same_program() -> None:
    assert usage_of("CAT") is usage_of("cat")
    assert usage_of("nosuchprogram") is None


@pytest.mark.parametrize("command", [
    "while :; do " * 40 + "cat x" + "; done" * 40,
    "$(" * 60 + "cat x" + ")" * 60,
    "for a in {1..300}; do for b in {1..300}; do cat $a$b; done; done",
    "f() { f; }; f",
    "f() { f | f; }; f; cat x",
    "alias a='a b'; a; cat $x",
    "cat " + "{a,b}" * 30,
    "cat x; " + "a" * 600_000,
    "eval " * 50 + "cat x",
    "x() { bash -c 'x'; }; f() { eval f; }; f",
    "a=" + "x" * 1000 + "; " + "a=$a$a;" * 40 + "cat $a",
], ids=range(11))  # fmt: skip
def test_what_is_too_much_is_asked_about(command: str, place: Place) -> None:
    found = effects_of(command, place.root, place)
    assert any(isinstance(effect, Unresolved) for effect in found)


@pytest.mark.parametrize(
    "command", ["cat 'x", "cat $(", "cat <(", "cat ${x", "cat `x", 'cat "x', "cat @(a|b)", "cat <<", "if cat x"]
)
def test_what_cannot_be_parsed_is_asked_about(command: str, place: Place) -> None:
    found = effects_of(command, place.root, place)
    assert any(isinstance(effect, Unresolved) for effect in found)


@pytest.mark.parametrize(
    "command",
    ["\0", "\ud800 cat", "cat \udcff", "\ue000", "cat \ue0000\ue000", "\ue003 x", "$", "''", ";", "&", "<", "\n" * 99],
)
def test_no_text_is_an_error(command: str, place: Place) -> None:
    assert isinstance(effects_of(command, place.root, place), list)
