"""Settings of coding agents in a repository, and what the hook says of them."""

from __future__ import annotations

import json
from typing import Any

from tests.support.repository import Outcome, Repository

CLAUDE = ".claude/settings.json"
CLAUDE_LOCAL = ".claude/settings.local.json"
CURSOR = ".cursor/hooks.json"
CODEX = ".codex/hooks.json"
CODEX_TOML = ".codex/config.toml"
COPILOT = ".github/hooks/nightlatch.json"
WRITTEN = {"claude-code": CLAUDE, "cursor": CURSOR, "codex": CODEX, "copilot": COPILOT}
"""Agent → the settings that `--fix` writes."""

PLAIN = "nightlatch agent-hook --agent"
CURSOR_EVENTS = ("preToolUse", "beforeShellExecution", "beforeMCPExecution", "beforeReadFile", "beforeTabFileRead")


def group(command: str, **more: Any) -> dict[str, Any]:
    """A group of Claude Code's with one entry; `matcher` goes to the group, the rest to the entry."""
    matcher = {"matcher": more.pop("matcher", "*")}
    named = {key.rstrip("_"): value for key, value in more.items()}  # `async_` is a word of Python's
    entry = {"type": "command", "command": command, "timeout": 60} | named
    return matcher | {"hooks": [{key: value for key, value in entry.items() if value is not None}]}


def claude(command: str = f"{PLAIN} claude-code", **more: Any) -> dict[str, Any]:
    """Settings of Claude Code that are right, but for what is changed."""
    top = {key: more.pop(key) for key in ("disableAllHooks", "permissions") if key in more}
    permissions = {"deny": ["Read(.env)", "Read(.env.*)", "Read(~/**)"]}
    entry = {"onFailure": "block"} | more
    return {"hooks": {"PreToolUse": [group(command, **entry)]}, "permissions": permissions} | top


def codex(command: str = f"{PLAIN} codex || exit 2", **more: Any) -> dict[str, Any]:
    return {"hooks": {"PreToolUse": [group(command, **({"matcher": ".*"} | more))]}}


def cursor(command: str = f"{PLAIN} cursor", events: tuple[str, ...] = CURSOR_EVENTS, **more: Any) -> dict[str, Any]:
    entry = {"command": command, "timeout": 60, "failClosed": True} | more
    kept = {key: value for key, value in entry.items() if value is not None}
    return {"version": 1, "hooks": {event: [kept] for event in events}}


def copilot(command: str = f"{PLAIN} copilot", **more: Any) -> dict[str, Any]:
    entry = {"type": "command", "bash": command, "powershell": command, "timeoutSec": 30} | more
    kept = {key: value for key, value in entry.items() if value is not None}
    return {"version": 1, "hooks": {"preToolUse": [kept]}}


def put(repository: Repository, path: str, data: object) -> None:
    """Write and stage settings: text as it is, anything else as JSON."""
    repository.stage(path, data if isinstance(data, str) else json.dumps(data, indent=2) + "\n")


def told(repository: Repository, *arguments: str, code: int | None = None, rules: str = "PRO009") -> list[str]:
    """`severity path:line message` of each finding of the named rules."""
    outcome: Outcome = repository.nightlatch("protected-files", *arguments, "--format", "json")
    assert outcome.code in ((0, 1) if code is None else (code,)), outcome
    return [
        f"{one['severity']} {one['path']}:{one['line']} {one['message']}"
        for one in outcome.json()["findings"]
        if one["rule"] in rules.split()
    ]
