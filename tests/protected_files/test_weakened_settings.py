"""PRO011 for the agents' own settings: a change that guards less than what stood there before."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nightlatch.protected_files.wiring.weakened import weakened
from tests.support.repository import Repository
from tests.support.wiring import (
    CLAUDE,
    CLAUDE_LOCAL,
    CODEX,
    CODEX_TOML,
    COPILOT,
    CURSOR,
    PLAIN,
    claude,
    codex,
    copilot,
    cursor,
    put,
    told,
)

FLAT = "`PreToolUse` stands at the top, and Codex rejects the whole file: it belongs below `hooks`"
ONE = ("preToolUse",)
FOUR = (*ONE, "beforeShellExecution", "beforeMCPExecution", "beforeReadFile")
OPEN_NOW = "a call runs now when the guard can't answer"
BROKEN = "Claude Code takes nothing of it any more: it isn't valid JSON (line 1, column 2)"
NARROW = claude(matcher="Bash|Read")


def said(path: str, before: Any, after: Any) -> list[str]:
    def raw(data: Any) -> bytes | None:
        return data if isinstance(data, bytes) or data is None else json.dumps(data, indent=2).encode()

    return [sentence for _, sentence in weakened(path, raw(before), raw(after))]


GONE = "nothing starts the guard any more"
DENY = {"deny": ["Read(.env)", "Read(.env.*)", "Read(~/**)"]}
PASSED = copilot(matcher="bash")["hooks"]["preToolUse"][0]
WEAKER: dict[str, tuple[str, Any, Any, str]] = {
    "gone": (CLAUDE, claude(), {"permissions": DENY}, f"PreToolUse: {GONE}"),
    "narrower": (CLAUDE, claude(), claude(matcher="Bash"), "PreToolUse: the guard is no longer started for every tool"),
    "narrower in another way": (CLAUDE, NARROW, claude(matcher="Bash"), "PreToolUse: the matcher changed"),
    "a condition": (
        CLAUDE,
        claude(),
        claude(**{"if": "Bash(x)"}),
        "PreToolUse: the guard is no longer started for every tool",
    ),
    "open": (CLAUDE, claude(), claude(onFailure=None), "PreToolUse: a call runs now when the guard can't answer"),
    "disabled": (CLAUDE, claude(), claude(disableAllHooks=True), "`disableAllHooks` turns every hook off"),
    "disabled in personal settings": (
        CLAUDE_LOCAL,
        {"model": "x"},
        {"disableAllHooks": True},
        "`disableAllHooks` turns every hook off",
    ),
    "another command": (
        CLAUDE,
        claude(),
        claude(f"true; {PLAIN} claude-code"),
        "PreToolUse: the command is another one, and can't be verified",
    ),
    "another place": (
        CLAUDE,
        claude(),
        claude("/opt/x/nightlatch agent-hook --agent claude-code"),
        "PreToolUse: the command is looked for in /opt/x now",
    ),
    "another PATH in front": (
        CLAUDE,
        claude(),
        claude(f"PATH=/opt/x:$PATH {PLAIN} claude-code"),
        "PreToolUse: the command is looked for in /opt/x now",
    ),
    "the better of two": (
        COPILOT,
        {"version": 1, "hooks": {"preToolUse": [copilot()["hooks"]["preToolUse"][0], PASSED]}},
        {"version": 1, "hooks": {"preToolUse": [PASSED]}},
        "preToolUse: the guard is no longer started for every tool",
    ),
    "too short a time": (
        CLAUDE,
        claude(),
        claude(timeout=1),
        "PreToolUse: its time-out is under 5 seconds, too short for a busy machine",
    ),
    "a variable": (
        CLAUDE,
        claude(),
        claude() | {"env": {"PATH": "./bin"}},
        "`env` sets PATH, by which another program may start than the guard, or none",
    ),
    "a variable that bends the guard": (
        CLAUDE,
        claude(),
        claude() | {"env": {"PYTHONPATH": "src"}},
        "`env` sets PYTHONPATH, by which the guard may load or read something else",
    ),
    "a first file that turns hooks off": (
        CLAUDE_LOCAL,
        None,
        {"disableAllHooks": True},
        "`disableAllHooks` turns every hook off",
    ),
    "a first TOML that turns hooks off": (
        CODEX_TOML,
        None,
        b"[features]\nhooks = false\n",
        "`hooks` turns every hook off",
    ),
    "a rule less": (
        CLAUDE,
        claude(),
        claude(permissions={"deny": ["Read(.env)", "Read(~/**)"]}),
        "permissions.deny: Read(.env.*) was taken out",
    ),
    "no JSON any more": (CLAUDE, claude(), b"{", BROKEN),
    "cursor open": (CURSOR, cursor(events=ONE), cursor(events=ONE, failClosed=False), f"preToolUse: {OPEN_NOW}"),
    "cursor at an event less": (CURSOR, cursor(), cursor(events=FOUR), f"beforeTabFileRead: {GONE}"),
    "codex open": (CODEX, codex(), codex(f"{PLAIN} codex"), "PreToolUse: a failure of the command no longer denies"),
    "codex flat": (CODEX, codex(), codex() | {"PreToolUse": []}, FLAT),
    "copilot gone": (COPILOT, copilot(), {"version": 1, "hooks": {}}, f"preToolUse: {GONE}"),
    "copilot deleted": (COPILOT, copilot(), None, f"the file was deleted; preToolUse: {GONE}"),
}  # fmt: skip


@pytest.mark.parametrize(("path", "before", "after", "sentence"), WEAKER.values(), ids=WEAKER)
def test_a_weakening_is_told(path: str, before: Any, after: Any, sentence: str) -> None:
    assert said(path, before, after) == [sentence]


LONG = f'PATH="$PATH:$HOME/.local/bin:$HOME/venv/bin" {PLAIN} claude-code || exit 2'
SAME: dict[str, tuple[str, Any, Any]] = {
    "a first file": (CLAUDE, None, claude(matcher="Bash")),
    "nothing was guarded": (CLAUDE, {"hooks": {}}, None),
    "wider": (CLAUDE, claude(matcher="Bash"), claude()),
    "another spelling of all": (CLAUDE, claude(), claude(matcher=".*")),
    "another order": (CLAUDE, claude(), dict(reversed(claude().items()))),
    "as --fix writes it": (CLAUDE, claude(), claude(LONG)),
    "copilot, whose failures deny anyway": (COPILOT, copilot(f"{PLAIN} copilot || exit 2"), copilot()),
    "rules more": (CLAUDE, claude(), claude(permissions={"deny": [*DENY["deny"], "Read(x)"]})),
    "a rule for commands less": (CLAUDE, {"permissions": {"deny": ["Bash(x)"]}}, {}),
    "the whole path": (CLAUDE, claude(), claude("/usr/bin/nightlatch agent-hook --agent claude-code")),
    "it could not be read before": (CLAUDE, b"{", claude(matcher="Bash")),
    "a variable where no guard is": (CLAUDE, {}, {"env": {"PYTHONPATH": "src"}}),
    "no settings": (".cursor/mcp.json", cursor(), None),
}


@pytest.mark.parametrize(("path", "before", "after"), SAME.values(), ids=SAME)
def test_what_guards_as_much_is_not_told(path: str, before: Any, after: Any) -> None:
    assert said(path, before, after) == []


@pytest.mark.parametrize("path", [CLAUDE, CLAUDE_LOCAL, CURSOR, CODEX, COPILOT, ".github/hooks/other.json"])
@pytest.mark.parametrize("arguments", [("--staged",), ("--all-files",), ("--from-ref", "HEAD~1")])
def test_at_a_commit_in_the_tree_and_in_a_range(repository: Repository, path: str, arguments: tuple[str, ...]) -> None:
    agent = {CURSOR: cursor, CODEX: codex}.get(path, claude if path.startswith(".claude") else copilot)
    put(repository, path, agent())
    repository.stage("README.md", "x\n")
    repository.commit()
    repository.git("rm", "--quiet", path)
    if "HEAD~1" in arguments:
        repository.commit()
    found = told(repository, *arguments, code=1, rules="PRO011")
    assert any(GONE in line and line.startswith(f"error {path}:") for line in found), found


def test_the_change_that_brings_the_hook_back_is_not_told(repository: Repository) -> None:
    put(repository, CLAUDE, claude(matcher="Bash"))
    repository.commit()
    put(repository, CLAUDE, claude())
    assert told(repository, "--staged", code=0, rules="PRO011") == []


IN_TOML = f"""\
[[hooks.PreToolUse]]
[[hooks.PreToolUse.hooks]]
type = "command"
command = "{PLAIN} codex || exit 2"
"""


def test_a_guard_that_moves_to_another_file_of_everybody_s_is_not_lost(repository: Repository) -> None:
    put(repository, ".github/hooks/guard.json", copilot())
    put(
        repository,
        CODEX_TOML,
        IN_TOML,
    )
    repository.commit()
    repository.git("mv", ".github/hooks/guard.json", COPILOT)
    repository.stage(CODEX_TOML, "model = 'x'\n")
    put(repository, CODEX, codex())
    assert told(repository, "--staged", code=0, rules="PRO011") == []
    repository.commit()
    assert told(repository, "--from-ref", "HEAD~1", code=0, rules="PRO011") == []


def test_it_is_lost_where_the_other_file_is_weaker_or_nobody_else_s(repository: Repository) -> None:
    put(
        repository,
        CODEX_TOML,
        IN_TOML,
    )
    put(repository, CLAUDE, claude())
    repository.commit()
    repository.stage(CODEX_TOML, "model = 'x'\n")
    put(repository, CODEX, codex(matcher="Bash"))
    put(repository, CLAUDE, {"permissions": DENY})
    put(repository, CLAUDE_LOCAL, claude())
    assert told(repository, "--staged", code=1, rules="PRO011") == [
        f"error {CLAUDE}:1 PreToolUse: {GONE}",
        f"error {CODEX_TOML}:1 PreToolUse: the guard is no longer started for every tool",
    ]
    put(repository, CODEX, codex())
    repository.git("rm", "--quiet", "--cached", CODEX)
    assert f"error {CODEX_TOML}:1 PreToolUse: {GONE}" in told(repository, "--staged", code=1, rules="PRO011")
