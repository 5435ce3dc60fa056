"""Calls whose effects once ended in silence: a word that was read past, a name that no table had, a bound."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.agent import Project

COMMANDS = {
    "bash -ce 'cat .env'": "deny",
    "bash -c -e 'cat .env'": "deny",
    "sh -c -- 'cat .env'": "deny",
    "bash -c 'ls src'": "pass",
    "python3.12 -c 'print(open(\".env\").read())'": "deny",
    "ruby3.2 -e 'puts File.read(\".env\")'": "deny",
    "python3.12 -c 'print(1)'": "pass",
    "printf 'exec(input())' > src/y.py; python3 src/y.py": "ask",
    "printf 'print(1)' > src/y.py; python3 src/y.py": "pass",
    "git stripspace < .env": "deny",
    "git interpret-trailers .env": "deny",
    "git $SUBCOMMAND HEAD": "ask",
    "sqlcmd -Q 'USE db DROP TABLE users'": "deny",
    "psql -c 'COPY (DELETE FROM users RETURNING *) TO STDOUT'": "deny",
    "psql -c 'COPY users TO STDOUT'": "pass",
    'python3 -c \'p=".e"; p+="nv"; print(open(p).read())\'': "deny",
    "grep -rE '(export )?DATABASE_URL' .": "deny",
    "grep -rE '(export )?nothing_like_it' .": "pass",
}


@pytest.mark.parametrize(("command", "expected"), COMMANDS.items(), ids=COMMANDS)
def test_a_command(untouched: Project, command: str, expected: str) -> None:
    assert untouched.decision("Bash", {"command": command}) == expected


POWERSHELL = {"<# x #> gc .env": "deny", "gc .env; <#>": "deny", "ls; <# unfinished": "pass"}


@pytest.mark.parametrize(("command", "expected"), POWERSHELL.items(), ids=POWERSHELL)
def test_a_comment_of_powershell(untouched: Project, command: str, expected: str) -> None:
    assert untouched.decision("PowerShell", {"command": command}) == expected


TOOLS: list[tuple[str, dict[str, Any], str]] = [
    ("exec_command", {"command": "true", "cmd": "cat .env"}, "deny"),
    ("read_files", {"files": [{"path": ".env"}]}, "deny"),
    ("Grep", {"pattern": "DATABASE_URL", "output_mode": "content", "glob": "{.e,x}{nv,y}"}, "deny"),
    ("Grep", {"pattern": "(export )?DATABASE_URL", "output_mode": "content"}, "deny"),
    ("exec_command", {"command": "ls", "cmd": "ls"}, "pass"),
]


@pytest.mark.parametrize(("tool", "arguments", "expected"), TOOLS)
def test_a_tool(untouched: Project, tool: str, arguments: dict[str, Any], expected: str) -> None:
    assert untouched.decision(tool, arguments) == expected


def test_a_folder_with_a_slash_behind_it_is_the_folder(project: Project) -> None:
    project.configure('protected-files: {rules: [{id: s, paths: ["/src/secrets/**"], read: deny}]}')
    (project.root / "src" / "secrets").mkdir()
    (project.root / "src" / "secrets" / "prod.txt").write_text("uniqtwo\n")
    for command in ("grep -r uniqtwo src/", "tar cf - src/", "grep -r uniqtwo src"):
        assert project.decision("Bash", {"command": command}) == "deny", command


def test_the_first_question_about_a_folder_hides_no_denial(project: Project) -> None:
    rules = '{id: soft, paths: ["*.ask"], read: ask}, {id: hard, paths: ["*.closed"], read: deny}'
    project.configure(f"protected-files: {{rules: [{rules}]}}")
    (project.root / "conf").mkdir()
    for name in ("a.ask", "b.closed"):
        (project.root / "conf" / name).write_text("x\n")
    assert project.decision("Bash", {"command": "tar cf - conf"}) == "deny"
