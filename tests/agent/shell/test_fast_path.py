"""The fast path is never less strict than the grammar, and loads no grammar."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.agent.shell import follow_parsed, follow_plain
from nightlatch.agent.shell.fast import plain_commands
from nightlatch.agent.shell.trace import identity
from tests.agent.shell.tree import cases
from tests.support.repository import run

if TYPE_CHECKING:
    from nightlatch.agent.effects import Effect
    from nightlatch.agent.place import Place

HOOKS = Path(__file__).resolve().parent.parent.parent.parent / "hooks"
WORDS = (
    "cat", "head", "-n", "5", ".env", "src/app.ts", "git", "show", "HEAD:.env", "commit", "--no-verify", "-m", "x",
    "psql",
    "-c", "'DROP TABLE x'", '"a b"', "env", "sudo", "timeout", "5", "find", ".", "-name", "'*.env'", "cp", "/copy/x",
    "grep",
    "-r", "TODO", "cd", "src", "&&", ";", "bash", "rm", "-rf", "curl", "-d", "@.env", "echo", "xargs", "npm", "test",
    "''",
    "docker", "run", "-v", "./:/w", "alpine", "/w/.env", "source", "printenv", "ls", "-la", "python3", "open('.env')",
    "!", "A=1",
    "if", "then", "time", "export", "function", "a#b", "#", "~", "*", "{a,b}", "\\", "|", "<", "$x",
)  # fmt: skip


def identities(effects: list[Effect]) -> set[tuple[object, ...]]:
    return {identity(effect) for effect in effects}


def assert_as_strict(command: str, place: Place) -> bool:
    commands = plain_commands(command)
    if commands is None:
        return False
    plain = identities(follow_plain(commands, place.root, place))
    assert plain >= identities(follow_parsed(command, place.root, place))
    return True


@given(st.lists(st.sampled_from(WORDS), max_size=9), st.sampled_from((" ", "  ", "\t", "")))
def test_it_is_as_strict_as_the_grammar(place: Place, words: list[str], space: str) -> None:
    assert_as_strict((space or " ").join(words), place)


@given(st.text("abcE ./-_='\";&|<>$(){}*~#!\\\n\tcat.env", max_size=24))
def test_it_is_as_strict_on_any_text(place: Place, text: str) -> None:
    assert_as_strict(text, place)


def test_it_is_as_strict_on_the_cases(place: Place) -> None:
    names = ("shell_reads.txt", "shell_everyday.txt", "shell_effects.txt")
    commands = [command for name in names for command, _ in cases(name)]
    taken = [command for command in commands if assert_as_strict(command, place)]
    assert len(taken) > len(commands) / 3, "it is worth having"


@pytest.mark.parametrize(
    "command",
    ["ls -la", "git status", "npm test", "pytest -q", 'git commit -m "A message"', "cd src && npm run build", ""],
)
def test_it_loads_no_grammar(command: str) -> None:
    start = (
        "import sys; from nightlatch.agent.place import Place; from nightlatch.agent.shell import effects_of;"
        "effects_of(sys.argv[1], '/tmp', Place('/tmp', '/tmp')); print(*sys.modules, sep='\\n')"
    )
    outcome = run(sys.executable, "-S", "-c", start, command, cwd=HOOKS)
    assert outcome.code == 0, outcome
    loaded = set(outcome.out.split())
    assert "nightlatch.agent.shell.interpreter" in loaded or not command
    assert not loaded & {
        "tree_sitter",
        "tree_sitter._binding",
        "tree_sitter_bash._binding",
        "re",
        "ast",
        "typing",
        "json",
    }


PLAIN = {
    "git status": [["git", "status"]],
    "a 'b c' \"d\"e": [["a", "b c", "de"]],
    "a && b; c": [["a"], ["b"], ["c"]],
    "a ''": [["a", ""]],
    "a;": [["a"]],
    "": [],
}


@pytest.mark.parametrize(("command", "expected"), PLAIN.items())
def test_plain_words(command: str, expected: list[list[str]]) -> None:
    assert plain_commands(command) == expected


@pytest.mark.parametrize("command", [
    "a $b", "a `b`", "a | b", "a > b", "a < b", "a & b", "a*", "~/a", "a # b", "a\nb", 'a "$b"', "A=1 b", "if a", "!a",
    "a &&",
    "; a", "a ;; b", "a 'b", "{a,b}", "(a)", "a || b", "[a]", "a\\ b", "eval a", "'if' a",
])  # fmt: skip
def test_what_is_not_plain(command: str) -> None:
    assert plain_commands(command) is None
