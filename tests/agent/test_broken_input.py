"""Whatever is broken is denied with a reason: never let through, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nightlatch.agent import engine
from nightlatch.agent.command import AGENTS, command
from tests.support.agent import Project, decision_of
from tests.support.repository import COMMAND, environment, run
from tests.support.tokens import github_token

DEEP = 200_000

BROKEN: dict[str, bytes] = {
    "nothing": b"",
    "not JSON": b"{",
    "not UTF-8": b'{"tool_name": "\xff"}',
    "a list": b"[]",
    "null": b"null",
    "deep": b'{"tool_name":"Read","tool_input":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "a number beyond measure": b'{"tool_name":"Read","tool_input":{"limit":' + b"9" * 10_000 + b"}}",
    "no tool": b'{"tool_input": {}}',
    "a tool that is no text": b'{"tool_name": 7, "tool_input": {}}',
    "no input": b'{"tool_name": "Read"}',
    "an input that is no object": b'{"tool_name": "Read", "tool_input": []}',
    "an input that is text but no JSON": b'{"tool_name": "Read", "tool_input": "x"}',
    "no path": b'{"tool_name": "Read", "tool_input": {}}',
    "a path that is no text": b'{"tool_name": "Read", "tool_input": {"file_path": 3}}',
    "a path with a NUL": b'{"tool_name": "Read", "tool_input": {"file_path": "/a\\u0000b"}}',
    "half a character in a path": b'{"tool_name": "Read", "tool_input": {"file_path": "/\\ud800"}}',
    "a limit that is no number": b'{"tool_name": "Read", "tool_input": {"file_path": "/x", "limit": "many"}}',
    "a limit without end": b'{"tool_name": "Read", "tool_input": {"file_path": "/x", "limit": Infinity}}',
    "no command": b'{"tool_name": "Bash", "tool_input": {}}',
    "a command that is no text": b'{"tool_name": "Bash", "tool_input": {"command": {"a": 1}}}',
    "edits that are none": b'{"tool_name": "MultiEdit", "tool_input": {"file_path": "/x", "edits": "all"}}',
    "a folder that is no text": b'{"tool_name": "Read", "tool_input": {"file_path": "x"}, "cwd": 5}',
    "a patch of nothing": b'{"tool_name": "apply_patch", "tool_input": {"command": "hello"}}',
    "too many arguments": json.dumps({"tool_name": "mcp__a__b", "tool_input": {"x": ["a"] * 6000}}).encode(),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_a_broken_event_is_denied_with_a_reason(tree: Project, data: bytes) -> None:
    answer = tree.answer(data)
    assert decision_of(answer) == "deny"
    assert answer.error.startswith("nightlatch could not check this call, so it is refused.")
    assert "Traceback" not in answer.error + answer.output


@pytest.mark.parametrize("agent", AGENTS)
@pytest.mark.parametrize("data", [b"{", b"[]", b"{}", b'{"hook_event_name": 1}'])
def test_every_protocol_denies_what_it_can_t_read(tree: Project, agent: str, data: bytes) -> None:
    answer = tree.answer(data, agent)
    assert answer.error
    assert answer.code == (0 if agent == "copilot" else 2)
    assert agent == "auto" or "deny" in answer.output


def test_an_event_beyond_the_bound_is_denied(tree: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nightlatch.agent.json_input.MOST_BYTES", 1000)
    event = tree.event("Write", {"file_path": "src/x", "content": "x" * 1000})
    outcome = started(tree, json.dumps(event).encode() * 20_000)
    assert outcome.returncode == 2
    assert b"larger than" in outcome.stderr


def started(project: Project, data: bytes, *words: str, **changes: str) -> subprocess.CompletedProcess[bytes]:
    """The installed command with an event on its standard input."""
    env = environment() | project.variables | changes
    words = words or ("--agent", "claude-code")
    return subprocess.run(
        [COMMAND, "agent-hook", *words], input=data, env=env, cwd=project.root, capture_output=True, check=False
    )


def test_the_installed_command_answers_on_its_standard_streams(tree: Project) -> None:
    event = json.dumps(tree.event("Read", {"file_path": str(tree.root / ".env")})).encode()
    denied = started(tree, event)
    assert denied.returncode == 2
    assert json.loads(denied.stdout)["hookSpecificOutput"]["permissionDecision"] == "deny"
    assert denied.stderr.decode().strip() == json.loads(denied.stdout)["hookSpecificOutput"]["permissionDecisionReason"]
    passed = started(tree, json.dumps(tree.event("Read", {"file_path": str(tree.root / "src/app.ts")})).encode())
    assert (passed.returncode, passed.stdout, passed.stderr) == (0, b"", b"")


@pytest.mark.parametrize("words", [("--agent",), ("--agent", "emacs"), ("claude-code",), ("--agent=codex", "x")])
def test_a_wrong_command_line_denies(tree: Project, words: tuple[str, ...]) -> None:
    outcome = started(tree, b"{}", *words)
    assert outcome.returncode == 2
    assert b"names no agent" in outcome.stderr


def test_help_is_no_answer(tree: Project) -> None:
    outcome = started(tree, b"", "--help")
    assert (outcome.returncode, outcome.stdout.startswith(b"usage: nightlatch agent-hook")) == (0, True)


def test_a_closed_output_denies(tree: Project) -> None:
    event = json.dumps(tree.event("Bash", {"command": "cat .env"})).encode()
    reading, writing = os.pipe()
    os.close(reading)
    env = environment() | tree.variables
    words = [COMMAND, "agent-hook", "--agent=claude-code"]
    done = subprocess.run(words, input=event, env=env, cwd=tree.root, stdout=writing, stderr=writing, check=False)
    os.close(writing)
    assert done.returncode == 2


POLICIES: dict[str, Callable[[Path], object]] = {
    "not YAML": lambda path: path.write_text("protected-files: ["),
    "an unknown key": lambda path: path.write_text("protected-file: {}"),
    "not UTF-8": lambda path: path.write_bytes(b"\xff"),
    "a folder": lambda path: path.mkdir(),
    "a FIFO": os.mkfifo,
    "a dead link": lambda path: path.symlink_to("nowhere"),
    "a log in the project": lambda path: path.write_text(f"audit-log: {{path: {path.parent}/a.log}}"),
}


@pytest.mark.parametrize("make", POLICIES.values(), ids=POLICIES)
def test_a_policy_that_can_t_be_read_denies_every_call(project: Project, make: Callable[[Path], object]) -> None:
    make(project.root / ".nightlatch.yaml")
    reason = project.reason("Read", {"file_path": str(project.root / "src/app.ts")})
    assert ".nightlatch.yaml" in reason


def test_a_project_that_isn_t_there_denies(project: Project) -> None:
    project.variables["CLAUDE_PROJECT_DIR"] = str(project.root / "gone")
    assert "isn't there" in project.reason("Read", {"file_path": "/x"})


def test_without_git_the_policy_holds_all_the_same(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(project.home))
    assert project.decision("Read", {"file_path": ".env"}) == "deny"
    assert project.decision("Read", {"file_path": "src/app.ts"}) == "pass"
    assert project.decision("Grep", {"pattern": "DATABASE_URL", "output_mode": "content"}) == "deny"


@pytest.mark.parametrize("error", [MemoryError, RecursionError, KeyboardInterrupt, SystemExit, OSError, KeyError])
def test_whatever_goes_wrong_within_denies_and_says_nothing_of_the_call(
    tree: Project, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    token = github_token("broken")

    def broken(*_words: object) -> None:
        raise error(token)

    monkeypatch.setattr(engine, "_weightiest", broken)
    answer = tree.answer(tree.event("Read", {"file_path": f"src/{token}"}))
    assert decision_of(answer) == "deny"
    assert token not in answer.error + answer.output
    assert error.__name__ in answer.error


def test_a_missing_standard_input_denies(tree: Project) -> None:
    outcome = run(
        "sh", "-c", f"{COMMAND} agent-hook --agent auto <&-", cwd=tree.root, env=environment() | tree.variables
    )
    assert outcome.code == 2
    assert "Traceback" not in outcome.err


def test_command_raises_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_words: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nightlatch.agent.command._named", interrupted)
    assert command(["--agent", "codex"]) == 2


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from([".env", "/x"])
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner), max_leaves=8
)
KEYS = st.sampled_from(
    ["file_path", "path", "command", "content", "edits", "old_string", "new_string", "glob", "pattern"]
)
TOOLS = st.sampled_from(
    ["Read", "Write", "Edit", "MultiEdit", "NotebookEdit", "Grep", "Glob", "mcp__a__write", "apply_patch"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(tool=TOOLS, arguments=st.dictionaries(KEYS, VALUES, max_size=4))
def test_arguments_of_any_kind_get_an_answer(tree: Project, tool: str, arguments: dict[str, Any]) -> None:
    answer = tree.answer(json.dumps(tree.event(tool, arguments)).encode())
    assert decision_of(answer) in ("pass", "deny")
    assert "fault of nightlatch" not in answer.error


def test_a_folder_that_can_t_be_one_is_told_as_such(project: Project) -> None:
    answer = project.answer(project.event("Bash", {"command": "ls"}, cwd="/a\0b"))
    assert answer.code == 2
    assert "`cwd`" in answer.error
