"""Whole calls and their answers, as data: commands (decisions.txt), and calls of every tool and agent (calls.jsonl).

The second were written without sight of the guard. A denial satisfies a question too.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from nightlatch.agent.command import answered
from nightlatch.agent.shell.commands import files
from tests.support.agent import CASES, calls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.agent import Project


def commands() -> Iterator[tuple[str, str]]:
    """Each command with the decision that is expected."""
    decision, lines = "", list[str]()
    for line in [*(CASES / "decisions.txt").read_text(encoding="utf-8").splitlines(), "= end"]:
        if line.startswith("> "):
            lines.append(line[2:])
            continue
        if lines:
            yield decision, "\n".join(lines)
            lines = []
        if line.startswith("= "):
            decision = line[2:]
        elif line.startswith("$ "):
            lines = [line[2:]]


@pytest.mark.parametrize("expected", ["deny", "ask", "allow"])
def test_every_command_gets_its_answer(untouched: Project, expected: str) -> None:
    cases = [command for decision, command in commands() if decision == expected]
    assert len(cases) >= 8
    found = {command: untouched.decision("Bash", {"command": command}) for command in cases}
    wanted = "pass" if expected == "allow" else expected
    assert {command: decision for command, decision in found.items() if decision != wanted} == {}


def given(agent: str, event: dict[str, Any], project: Project) -> str:
    """The decision in whichever form the agent has it."""
    variables = dict(project.variables)
    if agent != "claude-code":
        del variables["CLAUDE_PROJECT_DIR"]
    answer = answered(agent, variables, json.dumps(event).encode())
    if not answer.output:
        return "allow" if answer.code == 0 else "deny"
    told = json.loads(answer.output)
    told = told.get("hookSpecificOutput", told)
    decision: str = told.get("permissionDecision") or told["permission"]
    return decision


@pytest.mark.parametrize("agent", ["claude-code", "codex", "cursor", "copilot"])
def test_every_call_gets_its_answer(untouched: Project, agent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(untouched.root)
    monkeypatch.setattr(files, "TEMPORARY", ())  # where the tests' own projects lie
    cases = [case for case in calls(untouched) if case["agent"] == agent]
    assert len(cases) > 20
    wrong = []
    for case in cases:
        event = case.get("event") or {"session_id": "s", "hook_event_name": "PreToolUse", **case["input"]}
        decision = given(agent, event, untouched)
        if decision not in (("ask", "deny") if case["expect"] == "ask" else (case["expect"],)):
            wrong.append((case["id"], case["expect"], decision, case["why"]))
    assert wrong == []
