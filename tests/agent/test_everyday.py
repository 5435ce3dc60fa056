"""Everyday commands pass by the built-in rules: each question that nobody needs is a fault, as data: everyday.txt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.agent import CASES

if TYPE_CHECKING:
    from tests.support.agent import Project


def commands() -> list[str]:
    found: list[str] = []
    for line in (CASES / "everyday.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("$ "):
            found.append(line[2:])
        elif line.startswith(">"):
            found[-1] += "\n" + line[2:]
    return found


def test_everyday_commands_pass(project: Project) -> None:
    cases = commands()
    assert len(cases) > 1000
    found = {command: project.decision("Bash", {"command": command}) for command in cases}
    assert {command: decision for command, decision in found.items() if decision != "pass"} == {}
