"""Each agent's protocol: what it sends, and the exact answer."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from nightlatch.agent import codex
from nightlatch.agent.call import Verdict
from tests.support.agent import Project

POLICY = """\
protected-files:
  rules:
    - {id: closed, paths: [.env], read: deny}
    - {id: asked, paths: [/README.md], read: ask}
"""


@pytest.fixture
def guarded(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    project.configure(POLICY)
    monkeypatch.chdir(project.root)
    return project


def file_of(project: Project, decision: str) -> str:
    return str(project.root / {"deny": ".env", "ask": "README.md", "pass": "src/app.ts"}[decision])


def claude(project: Project, decision: str) -> dict[str, Any]:
    return project.event("Read", {"file_path": file_of(project, decision)})


def of_codex(project: Project, decision: str) -> dict[str, Any]:
    event = claude(project, decision) | {"turn_id": "t", "model": "m", "transcript_path": None}
    return event | {"tool_name": "mcp__files__read", "tool_input": {"path": file_of(project, decision)}}


def of_cursor(project: Project, decision: str, event: str = "beforeReadFile", **fields: Any) -> dict[str, Any]:
    common = {
        "conversation_id": "c",
        "generation_id": "g",
        "cursor_version": "3.1",
        "hook_event_name": event,
        "workspace_roots": [str(project.root)],
    }
    return common | (fields or {"file_path": file_of(project, decision), "content": "", "attachments": []})


def of_cursor_mcp(project: Project, decision: str) -> dict[str, Any]:
    arguments = json.dumps({"path": file_of(project, decision)})
    return of_cursor(project, decision, "beforeMCPExecution", tool_name="read_file", tool_input=arguments, url="")


def of_copilot(project: Project, decision: str) -> dict[str, Any]:
    arguments = json.dumps({"path": file_of(project, decision)})
    return {"timestamp": 1, "cwd": str(project.root), "toolName": "view", "toolArgs": arguments}


def nested(decision: str, reason: str) -> dict[str, Any]:
    inner = {"hookEventName": "PreToolUse", "permissionDecision": decision, "permissionDecisionReason": reason}
    return {"hookSpecificOutput": inner}


@pytest.mark.parametrize("agent", ["claude-code", "auto"])
def test_claude_code(guarded: Project, agent: str) -> None:
    passed = guarded.answer(claude(guarded, "pass"), agent)
    assert (passed.output, passed.error, passed.code) == ("", "", 0)
    asked = guarded.answer(claude(guarded, "ask"), agent)
    reason = json.loads(asked.output)["hookSpecificOutput"]["permissionDecisionReason"]
    assert "README.md" in reason
    assert json.loads(asked.output) == nested("ask", reason)
    assert (asked.error, asked.code) == ("", 0)
    denied = guarded.answer(claude(guarded, "deny"), agent)
    assert json.loads(denied.output) == nested("deny", denied.error)
    assert (".env" in denied.error, denied.code) == (True, 2)


@pytest.mark.parametrize("agent", ["codex", "auto"])
def test_codex_is_denied_where_a_person_would_be_asked(guarded: Project, agent: str) -> None:
    assert guarded.answer(of_codex(guarded, "pass"), agent).output == ""
    for decision in ("ask", "deny"):
        answer = guarded.answer(of_codex(guarded, decision), agent)
        assert json.loads(answer.output) == nested("deny", answer.error)
        assert answer.error
        assert answer.code == (0 if sys.platform == "win32" else 2)


def test_codex_on_windows_is_told_by_json_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert codex.answer(Verdict("deny", "no")).code == 0


@pytest.mark.parametrize("agent", ["cursor", "auto"])
def test_cursor(guarded: Project, agent: str) -> None:
    passed = guarded.answer(of_cursor(guarded, "pass"), agent)
    assert (json.loads(passed.output), passed.code) == ({"permission": "allow"}, 0)
    denied = guarded.answer(of_cursor(guarded, "deny"), agent)
    told = {"permission": "deny", "user_message": denied.error, "agent_message": denied.error}
    assert (json.loads(denied.output), denied.code) == (told, 2)


def test_cursor_asks_only_where_it_can(guarded: Project) -> None:
    assert json.loads(guarded.answer(of_cursor_mcp(guarded, "ask"), "cursor").output)["permission"] == "ask"
    assert json.loads(guarded.answer(of_cursor(guarded, "ask"), "cursor").output)["permission"] == "deny"
    every_tool = of_cursor(guarded, "ask", "preToolUse", tool_name="Read", tool_input={"path": file_of(guarded, "ask")})
    assert json.loads(guarded.answer(every_tool, "cursor").output)["permission"] == "deny"


WIRED = {"version": 1, "hooks": {"beforeShellExecution": [{"command": "nightlatch agent-hook --agent cursor"}]}}


@pytest.mark.parametrize(
    ("settings", "expected"), [(WIRED, "allow"), ({"version": 1, "hooks": {}}, "deny"), ("[", "deny"), (None, "deny")]
)
def test_cursor_is_asked_once_where_it_can_be(guarded: Project, settings: object, expected: str) -> None:
    if settings is not None:
        place = guarded.root / ".cursor" / "hooks.json"
        place.parent.mkdir()
        place.write_text(settings if isinstance(settings, str) else json.dumps(settings))
    command = {"command": "psql -c 'CREATE TABLE a (b int)'"}
    first = of_cursor(guarded, "ask", "preToolUse", tool_name="Shell", tool_input=command)
    assert json.loads(guarded.answer(first, "cursor").output)["permission"] == expected
    second = of_cursor(guarded, "ask", "beforeShellExecution", **command)
    assert json.loads(guarded.answer(second, "cursor").output)["permission"] == "ask"
    denied = of_cursor(guarded, "deny", "preToolUse", tool_name="Shell", tool_input={"command": "cat .env"})
    assert json.loads(guarded.answer(denied, "cursor").output)["permission"] == "deny"


def test_cursor_s_other_parts_of_an_event_count(guarded: Project, tmp_path: Path) -> None:
    attached = of_cursor(guarded, "pass")
    attached["attachments"] = [{"type": "file", "filePath": file_of(guarded, "deny")}]
    assert guarded.answer(attached, "cursor").code == 2
    several = of_cursor(guarded, "deny")
    several["workspace_roots"] = [str(tmp_path / "home"), str(guarded.root)]
    assert guarded.answer(several, "cursor").code == 2


@pytest.mark.parametrize("agent", ["copilot", "auto"])
def test_copilot(guarded: Project, agent: str) -> None:
    passed = guarded.answer(of_copilot(guarded, "pass"), agent)
    assert (passed.output, passed.code) == ("", 0)
    for decision in ("ask", "deny"):
        answer = guarded.answer(of_copilot(guarded, decision), agent)
        flat = {"permissionDecision": decision, "permissionDecisionReason": answer.error}
        assert json.loads(answer.output) == flat | nested(decision, answer.error)
        assert answer.code == 0


def test_copilot_in_vs_code(guarded: Project) -> None:
    event = guarded.event("read_file", {"filePath": file_of(guarded, "deny"), "startLine": 1, "endLine": 20})
    told = json.loads(guarded.answer(event, "copilot").output)
    assert told["hookSpecificOutput"]["permissionDecision"] == "deny"


def test_who_only_shares_the_shape_is_never_told_to_ask(guarded: Project) -> None:
    for fields in ({"transcript_path": "/var/x"}, {"cursor_version": "3"}, {"turn_id": "t"}):
        answer = guarded.answer(claude(guarded, "ask") | fields, "auto")
        assert json.loads(answer.output)["hookSpecificOutput"]["permissionDecision"] == "deny", fields
    answer = guarded.answer(claude(guarded, "ask") | {"cursor_version": "3"}, "claude-code")
    assert json.loads(answer.output)["hookSpecificOutput"]["permissionDecision"] == "deny"


@pytest.mark.parametrize("agent", ["claude-code", "codex", "auto"])
def test_events_that_are_about_no_call_to_come_are_not_refused(guarded: Project, agent: str) -> None:
    answer = guarded.answer(claude(guarded, "deny") | {"hook_event_name": "PostToolUse"}, agent)
    assert (answer.output, answer.code) == ("", 0)


UNKNOWN = [
    ("claude-code", "preToolUse"),
    ("claude-code", "pretooluse"),
    ("claude-code", "Foo"),
    ("claude-code", "BeforeTool"),
    ("cursor", "PreToolUse"),
    ("codex", "preToolUse"),
    ("auto", "BeforeTool"),
]


@pytest.mark.parametrize(("agent", "name"), UNKNOWN)
def test_a_call_under_a_name_that_isn_t_known_is_refused(guarded: Project, agent: str, name: str) -> None:
    answer = guarded.answer(claude(guarded, "pass") | {"hook_event_name": name}, agent)
    assert answer.code == 2
    assert "--agent" in answer.error


def test_an_event_of_another_agent_is_refused(guarded: Project) -> None:
    command = of_cursor(guarded, "deny", "beforeShellExecution", command="ls")
    for agent in ("claude-code", "codex"):
        assert guarded.answer(command, agent).code == 2, agent
    stop = {"hook_event_name": "SomethingNew", "session_id": "s"}
    assert guarded.answer(stop, "claude-code").code == 0


def test_a_request_for_a_permission_is_judged(guarded: Project) -> None:
    event = {"hook_event_name": "PermissionRequest"}
    assert guarded.answer(claude(guarded, "deny") | event).code == 2
    assert guarded.answer(claude(guarded, "pass") | event).code == 0


@pytest.mark.parametrize("agent", ["claude-code", "codex", "copilot", "auto"])
def test_an_event_with_two_calls_is_refused(guarded: Project, agent: str) -> None:
    answer = guarded.answer(claude(guarded, "pass") | of_copilot(guarded, "pass"), agent)
    assert "two calls at once" in answer.error
    assert answer.code == 2 or '"deny"' in answer.output


def test_the_root_is_the_project_and_not_where_the_agent_went(guarded: Project, tmp_path: Path) -> None:
    event = claude(guarded, "deny") | {"cwd": str(tmp_path)}
    assert guarded.answer(event).code == 2
    relative = guarded.event("Read", {"file_path": "app/.env"}, cwd=str(guarded.root.parent))
    assert guarded.answer(relative).code == 2
    below = guarded.variables | {"CLAUDE_PROJECT_DIR": str(guarded.root / "src")}
    assert Project(guarded.root, guarded.home, below).answer(claude(guarded, "ask")).output
