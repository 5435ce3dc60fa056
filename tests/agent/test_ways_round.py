"""Ways round the guard that are no plain commands: arguments, events, bounds, and what a reason may quote."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from nightlatch.agent.command import answered
from tests.support.agent import decision_of

if TYPE_CHECKING:
    from tests.support.agent import Project

TOOLS: list[tuple[str, dict[str, Any], str]] = [
    ("Read", {"file_path": "CLAUDE.md", "offset": -5}, "deny"),
    ("Read", {"file_path": "README.md", "paths": [".env"]}, "deny"),
    ("Read", {"file_path": "README.md", "path": ".env"}, "deny"),
    ("Read", {"file_path": "README.md"}, "pass"),
    ("shell", {"command": ["cat", "prod.yaml"], "workdir": "secrets"}, "deny"),
    ("shell", {"command": ["cat", "a.py"], "workdir": "src"}, "pass"),
    (
        "shell",
        {"command": ["apply_patch", "*** Begin Patch\n*** Delete File: .nightlatch.yaml\n*** End Patch"]},
        "deny",
    ),
    ("mcp__git__git_show", {"revision": "HEAD:.env"}, "deny"),
    ("mcp__git__git_show", {"revision": "HEAD"}, "pass"),
    ("mcp__x__execute", {"cmd": ["cat", ".env"]}, "deny"),
    ("mcp__ide__executeCode", {"code": "print(open('.env').read())"}, "deny"),
    ("mcp__ide__executeCode", {"code": "print(1 + 1)"}, "pass"),
    ("mcp__fs__read", {"files": [{"name": ".env"}]}, "deny"),
    ("mcp__fs__read", {"name": "Overview"}, "pass"),
    ("mcp__serena__read_file", {"relative_path": "CLAUDE.md", "start_line": 0, "end_line": 5}, "deny"),
    ("mcp__serena__replace_symbol_body", {"name_path": "Foo", "relative_path": "src/app.ts", "body": "x"}, "pass"),
    ("mcp__serena__write_memory", {"memory_file_name": "plan", "content": "x"}, "pass"),
    ("mcp__github__create_or_update_file", {"owner": "o", "repo": "r", "path": "README.md", "content": "x"}, "pass"),
    ("mcp__fs__write_file", {"path": "README.md", "content": "x"}, "deny"),
    ("view", {"path": "CLAUDE.md", "view_range": "1-5"}, "deny"),
    ("mcp__any__query", {"sql": "DROP TABLE users"}, "deny"),
    ("PowerShell", {"command": "Get-Content -LiteralPath:.env"}, "deny"),
    ("PowerShell", {"command": "Get-Content -Pat .env"}, "deny"),
    ("PowerShell", {"command": '(New-Object IO.StreamReader ".env").ReadToEnd()'}, "deny"),
    ("PowerShell", {"command": 'Invoke-Sqlcmd -Query "DROP TABLE users"'}, "deny"),
    ("PowerShell", {"command": "Get-Content -Path src/app.ts"}, "pass"),
    ("Grep", {"pattern": "line 1", "glob": "CLAUDE.md", "output_mode": "content"}, "deny"),
    ("Grep", {"pattern": "line 3", "path": ".claude/rules", "output_mode": "content"}, "deny"),
    ("Grep", {"pattern": "line 3", "glob": "*.md", "output_mode": "content"}, "pass"),
]


@pytest.mark.parametrize(("tool", "arguments", "expected"), TOOLS)
def test_what_a_tool_is_given(untouched: Project, tool: str, arguments: dict[str, Any], expected: str) -> None:
    assert untouched.decision(tool, arguments) == expected


@pytest.mark.parametrize(
    ("tool", "arguments", "expected"),
    [
        ("write_bash", {"sessionId": "1", "input": "y{enter}"}, "pass"),
        ("write_bash", {"sessionId": "1", "input": "{down}{enter}"}, "pass"),
        ("write_bash", {"sessionId": "1", "input": "cat .env{enter}"}, "deny"),
        ("write_bash", {"sessionId": "1", "input": "ls{enter}cat .env{enter}"}, "deny"),
        ("sql", {"query": "UPDATE todos SET status = 'done'"}, "pass"),
        ("sql", {"query": "ATTACH 'app.db' AS a; DROP TABLE a.users"}, "deny"),
        ("apply_patch", "*** Begin Patch\n*** Update File: src/app.ts\n+x\n*** End Patch", "pass"),
        ("apply_patch", "*** Begin Patch\n*** Delete File: .nightlatch.yaml\n*** End Patch", "deny"),
    ],
)
def test_what_copilots_own_tools_are_given(
    untouched: Project, monkeypatch: pytest.MonkeyPatch, tool: str, arguments: object, expected: str
) -> None:
    monkeypatch.chdir(untouched.root)
    told = arguments if isinstance(arguments, str) else json.dumps(arguments)
    event = {"timestamp": 1, "cwd": str(untouched.root), "toolName": tool, "toolArgs": told}
    answer = untouched.answer(event, "copilot")
    assert (json.loads(answer.output)["permissionDecision"] if answer.output else "pass") == expected, answer.error


@pytest.mark.parametrize("path", ["src/.env\0.ts", "src/\ud800.ts"])
def test_a_path_that_none_can_be_is_named_as_such(untouched: Project, path: str) -> None:
    reason = untouched.reason("Read", {"file_path": path})
    assert "has a character that no path has" in reason
    assert "unforeseen" not in reason


def test_fields_of_a_call_in_another_spelling_do_not_run(untouched: Project) -> None:
    event = {"hook_event_name": "PreToolUse", "Tool_Name": "Bash", "Tool_Input": {"command": "cat .env"}}
    assert json.loads(untouched.answer(event, "cursor").output)["permission"] == "deny"


@pytest.mark.parametrize("name", ["preToolUse", "Foo", "BeforeTool"])
@pytest.mark.parametrize("agent", ["claude-code", "codex", "auto"])
def test_a_call_in_an_event_of_an_unknown_name_does_not_run(untouched: Project, agent: str, name: str) -> None:
    event = untouched.event("Bash", {"command": "cat .env"}, hook_event_name=name)
    assert untouched.answer(event, agent).code == 2


@pytest.mark.parametrize("name", ["PostToolUse", "SessionStart", "Stop"])
def test_an_event_that_is_about_no_call_to_come_passes(untouched: Project, name: str) -> None:
    event = untouched.event("Bash", {"command": "cat .env"}, hook_event_name=name)
    assert untouched.answer(event).code == 0


def test_an_event_of_two_shapes_is_denied(untouched: Project) -> None:
    event = untouched.event("Bash", {"command": "cat .env"}) | {"toolName": "bash", "toolArgs": "{}"}
    answer = untouched.answer(event, "auto")
    assert answer.code == 2 or json.loads(answer.output)["permissionDecision"] == "deny"


def test_cursors_search_shows_lines(untouched: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(untouched.root)
    event = {
        "hook_event_name": "preToolUse", "cursor_version": "1", "workspace_roots": [str(untouched.root)],
        "tool_name": "Grep", "tool_input": {"pattern": "STRIPE", "glob": ".env*"},
    }  # fmt: skip
    answer = answered("cursor", untouched.variables, json.dumps(event).encode())
    assert json.loads(answer.output)["permission"] == "deny"


@pytest.mark.parametrize(
    "command", ["psql -f notes.txt", "psql < notes.txt", "mysql -e 'source notes.txt'", "cat notes.txt | psql"]
)
def test_a_reason_quotes_the_call_and_never_a_file(project: Project, command: str) -> None:
    (project.root / "notes.txt").write_text("DROP TABLE hidden_name;\nMYSTERY9 hidden_value;\n")
    reason = project.reason("Bash", {"command": command})
    assert "hidden" not in reason
    assert "MYSTERY9" not in reason
    assert "DROP TABLE users" in project.reason("Bash", {"command": "psql -c 'DROP TABLE users'"})


BOUNDED = {
    "x=" + "a" * 20_000 + "; cat ${x##*a*a*a*a*b}": "ask",
    "psql -c '" + "(" * 100_000 + "'": "ask",
    "psql -c '" + "with a as (" * 3_000 + "select 1" + ")" * 3_000 + " select 1'": "ask",
    "cat .en\0v": "deny",
}


@pytest.mark.parametrize("command", BOUNDED, ids=["removal", "brackets", "with", "nul"])
def test_what_would_take_long_is_asked_about(untouched: Project, command: str) -> None:
    assert untouched.decision("Bash", {"command": command}) == BOUNDED[command]


def test_more_work_than_there_is_time_for_is_asked_about(untouched: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nightlatch.agent.shell.trace.MOST_SECONDS", -1.0)
    assert untouched.decision("Bash", {"command": "echo a; echo b"}) == "ask"


def test_the_log_may_lie_below_a_home_folder_that_is_the_project(project: Project) -> None:
    variables = {name: value for name, value in project.variables.items() if name != "XDG_STATE_HOME"}
    variables["CLAUDE_PROJECT_DIR"] = str(project.home)
    event = project.event("Bash", {"command": "ls"}, cwd=str(project.home))
    assert decision_of(answered("claude-code", variables, json.dumps(event).encode())) == "pass"
    log = str(project.home / ".local/state/nightlatch/audit/audit.log")
    event = project.event("Write", {"file_path": log, "content": ""}, cwd=str(project.home))
    assert decision_of(answered("claude-code", variables, json.dumps(event).encode())) == "deny"


@pytest.mark.parametrize(
    "command", ["git status", "git log -3", "git diff", "node --version", "gh pr view 3", "sed -n 1p src/a.py"]
)
def test_exploring_may_look(project: Project, command: str) -> None:
    project.configure("protected-files: {mode: explore}")
    assert project.decision("Bash", {"command": command}) == "pass"


@pytest.mark.parametrize(
    "command", ["git push", "git branch -D x", "npm test", "sed -i s/a/b/ src/a.py", "uniq a src/b"]
)
def test_exploring_is_no_more_than_looking(project: Project, command: str) -> None:
    project.configure("protected-files: {mode: explore}")
    assert project.decision("Bash", {"command": command}) == "deny"


def test_a_new_file_of_variables_may_be_made_and_an_old_one_not(project: Project) -> None:
    for command in ("cp .env.example apps/.env", "touch apps/.env"):
        assert project.decision("Bash", {"command": command}) == "pass", command
    assert project.decision("Bash", {"command": "cp .env.example .env"}) == "deny"


def test_a_script_without_a_first_line_is_the_shells(project: Project) -> None:
    script = project.root / "z.sh"
    script.write_text("cat .env\n")
    script.chmod(0o755)
    for command in ("./z.sh", "./z.sh | head", "bash z.sh", ". ./z.sh"):
        assert project.decision("Bash", {"command": command}) == "deny", command
