"""Events as each agent's documentation has them: what is closed is denied in its form, what is open passes in its form.

The fields are those of the documentation (for Codex: of its source); what is known of none is in no event here.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from nightlatch.agent.call import Answer
from tests.support.agent import CASES, Project, filled

EVENTS = [json.loads(line) for line in (CASES / "protocol_events.jsonl").read_text(encoding="utf-8").splitlines()]
CLOSED, OPEN = ".env", "docs/adr.md"


def answer(project: Project, row: dict[str, Any], name: str, agent: str) -> Answer:
    marks = {
        "@FILE@": f"{project.root}/{name}",
        "@NAME@": name,
        "@APP@": str(project.root),
        "@HOME@": str(project.home),
    }
    return project.answer(filled(row["event"], marks), agent)


@pytest.fixture
def guarded(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    (project.root / OPEN).write_text("a\n")
    monkeypatch.chdir(project.root)
    return project


def told(agent: str, found: Answer) -> dict[str, Any]:
    """The decision as that agent reads it. What it would take for a failed hook fails here."""
    output: dict[str, Any] = json.loads(found.output) if found.output else {}
    if agent == "cursor":
        assert set(output) <= {"permission", "user_message", "agent_message"}
        return {"decision": output["permission"], "reason": output.get("agent_message", "")}
    if agent == "copilot":
        assert found.code == 0
        inner = output.get("hookSpecificOutput", {})
        flat = {key: output[key] for key in ("permissionDecision", "permissionDecisionReason") if key in output}
        assert flat == {key: inner[key] for key in flat}
    else:
        assert set(output) <= {"hookSpecificOutput"}
        inner = output.get("hookSpecificOutput", {})
    assert not output or inner["hookEventName"] == "PreToolUse"
    return {"decision": inner.get("permissionDecision", "allow"), "reason": inner.get("permissionDecisionReason", "")}


@pytest.mark.parametrize("row", EVENTS, ids=[f"{row['agent']} {row['about']}" for row in EVENTS])
def test_an_event_is_answered_in_its_agent_s_form(guarded: Project, row: dict[str, Any]) -> None:
    agent = row["agent"]
    denied = answer(guarded, row, CLOSED, agent)
    assert told(agent, denied)["decision"] == "deny"
    assert CLOSED in told(agent, denied)["reason"]
    assert denied.error, "without a reason on standard error exit 2 counts as a failure"
    assert denied.code == (0 if agent == "copilot" else 2)
    passed = answer(guarded, row, OPEN, agent)
    assert told(agent, passed)["decision"] == "allow", passed
    assert (passed.error, passed.code) == ("", 0)
    assert bool(passed.output) == (agent == "cursor")


@pytest.mark.parametrize("row", EVENTS, ids=[f"{row['agent']} {row['about']}" for row in EVENTS])
def test_auto_denies_the_same(guarded: Project, row: dict[str, Any]) -> None:
    found = answer(guarded, row, CLOSED, "auto")
    assert found.code == 2 or json.loads(found.output)["permissionDecision"] == "deny"
    passed = answer(guarded, row, OPEN, "auto")
    assert passed.code == 0
    assert "deny" not in passed.output
