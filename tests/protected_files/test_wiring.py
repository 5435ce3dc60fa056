"""PRO009: whether the guard is registered in each agent that is set up, and so that it holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

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

LONG = 'PATH="$PATH:$HOME/.local/bin:/usr/local/bin" nightlatch agent-hook --agent claude-code || exit 2'

RIGHT: dict[str, dict[str, Any]] = {
    "claude": {CLAUDE: claude()},
    "claude, without a matcher": {CLAUDE: claude(matcher="")},
    "claude, an expression for all": {CLAUDE: claude(matcher=".*")},
    "claude, an expression that has an alternative for all": {CLAUDE: claude(matcher="Bash|.*")},
    "claude, the long command": {CLAUDE: claude(LONG)},
    "claude, auto": {CLAUDE: claude(f"{PLAIN} auto")},
    "claude, by an equals sign": {CLAUDE: claude("/usr/bin/nightlatch agent-hook --agent=claude-code")},
    "claude, from home": {CLAUDE: claude('"$HOME/.local/bin/nightlatch" agent-hook --agent claude-code')},
    "claude, in the personal settings": {CLAUDE_LOCAL: claude()},
    "claude, a second one that is narrow": {
        CLAUDE: claude()
        | {"hooks": {"PreToolUse": [*claude(matcher="Bash")["hooks"]["PreToolUse"], *claude()["hooks"]["PreToolUse"]]}}
    },
    "cursor": {CURSOR: cursor()},
    "codex": {CODEX: codex()},
    "codex, in TOML": {
        CODEX_TOML: '[[hooks.PreToolUse]]\nmatcher = ".*"\n[[hooks.PreToolUse.hooks]]\ntype = "command"\n'
        f'command = "{PLAIN} codex || exit 2"\ntimeout = 60\n'
    },
    "copilot": {COPILOT: copilot()},
    "copilot, in another file": {".github/hooks/guard.json": copilot()},
    "guidance alone": {"CLAUDE.md": "Be kind.\n", "AGENTS.md": "Be kind.\n", ".cursorrules": "x\n"},
    "variables that bend nothing": {
        CLAUDE: claude() | {"env": {"PYTHONUNBUFFERED": "1", "BASH_DEFAULT_TIMEOUT_MS": "1", "FOO": "x"}}
    },
    "git's own hooks": {".github/hooks/pre-commit": "#!/bin/sh\n"},
    "no agent": {".github/workflows/ci.yml": "on: push\n"},
}


@pytest.mark.parametrize("files", RIGHT.values(), ids=RIGHT)
def test_what_is_wired_in_is_not_told(repository: Repository, files: dict[str, Any]) -> None:
    for path, data in files.items():
        put(repository, path, data)
    assert told(repository, "--staged", code=0) == []


ABSENT: dict[str, tuple[str, Any, str]] = {
    "claude": (CLAUDE, "{}\n", "Claude Code is set up here, and no PreToolUse hook starts the guard."),
    "claude, other hooks": (
        CLAUDE,
        {"hooks": {"PostToolUse": [{"hooks": [{"type": "command", "command": "true"}]}]}},
        "Claude Code is set up here, and no PreToolUse hook starts the guard.",
    ),
    "cursor": (
        CURSOR,
        {"version": 1, "hooks": {}},
        "Cursor is set up here, and no preToolUse hook starts the guard.",
    ),
    "cursor, at one event": (
        CURSOR,
        cursor(events=("beforeShellExecution",)),
        "Cursor is set up here, and no preToolUse hook starts the guard (only at beforeShellExecution).",
    ),
    "cursor, not at all events": (
        CURSOR,
        cursor(events=("preToolUse", "beforeShellExecution", "beforeMCPExecution", "beforeReadFile")),
        "the guard isn't started at beforeTabFileRead.",
    ),
    "codex": (CODEX_TOML, 'model = "x"\n', "Codex is set up here, and no PreToolUse hook starts the guard."),
    "codex, a missing command lets calls run": (
        CODEX,
        codex(f"{PLAIN} codex"),
        "PreToolUse: a call runs when the command isn't found: `|| exit 2` behind it denies then.",
    ),
    "copilot": (
        ".github/hooks/a.json",
        {"version": 1, "hooks": {}},
        "GitHub Copilot is set up here, and no preToolUse hook starts the guard.",
    ),
    "copilot without a command for Windows": (
        COPILOT,
        copilot(powershell=None),
        "preToolUse: `powershell` is missing, so nothing starts the guard on Windows.",
    ),
    "cursor without a version": (
        CURSOR,
        {"hooks": cursor()["hooks"]},
        '`"version": 1` is missing, which the format demands.',
    ),
    "a path of one machine": (
        CLAUDE,
        claude("/home/ada/.local/bin/nightlatch agent-hook --agent claude-code"),
        "PreToolUse: its command is a path of one machine, and the file is everyone's.",
    ),
}


@pytest.mark.parametrize(("path", "data", "said"), ABSENT.values(), ids=ABSENT)
def test_what_is_only_not_there_is_a_warning_and_an_error_under_strict(
    repository: Repository, path: str, data: Any, said: str
) -> None:
    put(repository, path, data)
    found = told(repository, "--staged", code=0)
    assert [line.split(" ", 2)[2] for line in found if "permissions.deny" not in line] == [said]
    assert all(line.startswith("warning ") for line in found)
    repository.stage(".nightlatch.yaml", "profile: strict\n")
    assert all(line.startswith("error ") for line in told(repository, "--staged", code=1))


CANNOT = "PreToolUse: its command can't be verified: "
UNVERIFIED = f"{CANNOT}only the guard itself, by its name or its whole path, is known to hold."
NO_TOML = "it isn't valid TOML (line 1, column 9), and Codex doesn't start with it."
MARKED = "a byte order mark, which no editor shows, stands before its first character."
UNKNOWN = "is not known to leave the guard in force for every call."
REDIRECTED = "by which another program may start than the guard, or none."
TEMPORARY = "PreToolUse: its command lies in a folder for temporary files, where an agent can write."
BROKEN: dict[str, tuple[str, Any, str]] = {
    "a tool alone": (
        CLAUDE,
        claude(matcher="Bash"),
        "PreToolUse: its matcher is not known to cover every tool (`*` does).",
    ),
    "a list of tools": (
        CLAUDE,
        claude(matcher="Bash|Read|Write|Edit"),
        "PreToolUse: its matcher is not known to cover every tool (`*` does).",
    ),
    "an expression": (
        CLAUDE,
        claude(matcher="^(?!mcp__).*"),
        "PreToolUse: its matcher is not known to cover every tool (`*` does).",
    ),
    "open when it fails": (
        CLAUDE,
        claude(onFailure=None),
        'PreToolUse: a call runs when the guard can\'t answer: `"onFailure": "block"` is missing.',
    ),
    "open by its flag": (
        CLAUDE,
        claude(onFailure="allow"),
        'PreToolUse: a call runs when the guard can\'t answer: `"onFailure": "block"` is missing.',
    ),
    "cursor open when it fails": (
        CURSOR,
        cursor(events=("preToolUse",), failClosed=None),
        'preToolUse: a call runs when the guard can\'t answer: `"failClosed": true` is missing.',
    ),
    "cursor narrowed": (
        CURSOR,
        cursor(events=("preToolUse",), matcher="Shell"),
        "preToolUse: its matcher is not known to cover every tool (`*` does).",
    ),
    "disabled": (CLAUDE, claude(disableAllHooks=True), "`disableAllHooks` turns every hook off, the guard too."),
    "a condition": (CLAUDE, claude(**{"if": "Bash(git *)"}), "PreToolUse: `if` lets calls pass by it."),
    "not waited for": (CLAUDE, claude(async_=True), "PreToolUse: `async` lets calls pass by it."),
    "too short": (
        CLAUDE,
        claude(timeout=1),
        "PreToolUse: its time-out is under 5 seconds, too short for a busy machine.",
    ),
    "milliseconds": (
        CLAUDE,
        claude(timeout=60000),
        "PreToolUse: its time-out is over 600 seconds (the unit is seconds).",
    ),
    "no number": (CLAUDE, claude(timeout="60"), "PreToolUse: its time-out is no number."),
    "another agent's answers": (
        CLAUDE,
        claude(f"{PLAIN} cursor"),
        "PreToolUse: its command answers cursor and not claude-code.",
    ),
    "a relative path": (
        CLAUDE,
        claude(".venv/bin/nightlatch agent-hook --agent claude-code"),
        "PreToolUse: its command is looked for from the folder that the agent is in, and an agent can write there.",
    ),
    "a wrapper": (CLAUDE, claude(f"uvx {PLAIN} claude-code"), UNVERIFIED),
    "a substitution": (CLAUDE, claude(f"{PLAIN} claude-code $(touch /tmp/x)"), UNVERIFIED),
    "a way out": (CLAUDE, claude(f"{PLAIN} claude-code || true"), UNVERIFIED),
    "a second command": (CLAUDE, claude(f"{PLAIN} claude-code; true"), UNVERIFIED),
    "another PATH": (CLAUDE, claude(f"PATH=./bin:$PATH {PLAIN} claude-code"), UNVERIFIED),
    "in the project": (CLAUDE, claude(f"$CLAUDE_PROJECT_DIR/nightlatch {PLAIN[11:]} claude-code"), UNVERIFIED),
    "codex flat": (
        CODEX,
        {"PreToolUse": codex()["hooks"]["PreToolUse"]},
        "`PreToolUse` stands at the top, and Codex rejects the whole file: it belongs below `hooks`.",
    ),
    "codex broken TOML": (
        CODEX_TOML,
        "model = \n",
        f"Codex takes nothing of {CODEX_TOML}: {NO_TOML}",
    ),
    "not JSON": (
        CLAUDE,
        '{"hooks": {},}\n',
        "Claude Code takes nothing of .claude/settings.json: it isn't valid JSON (line 1, column 14).",
    ),
    "a key twice": (
        CLAUDE,
        '{"hooks": {}, "hooks": {}}\n',
        "Claude Code takes nothing of .claude/settings.json: a key stands in it twice.",
    ),
    "not waited for, and woken": (
        CLAUDE,
        claude(asyncRewake=True),
        "PreToolUse: `asyncRewake` lets calls pass by it.",
    ),
    "another shell": (CLAUDE, claude(shell_="powershell"), f"PreToolUse: `shell` {UNKNOWN}"),
    "a key that nobody knows": (
        CURSOR,
        cursor(events=("preToolUse",), enabled=False),
        f"preToolUse: `enabled` {UNKNOWN}",
    ),
    "no type": (CLAUDE, claude(type=None), 'PreToolUse: its `"type": "command"` is missing.'),
    "a group that is none": (
        CLAUDE,
        {"hooks": {"PreToolUse": [*claude()["hooks"]["PreToolUse"], {"matcher": 5, "hooks": "x"}]}},
        "`hooks.PreToolUse.1.matcher` is no text, and Claude Code takes nothing of such a file.",
    ),
    "rules that are none": (
        CLAUDE,
        claude(permissions={"deny": {"a": 1}}),
        "`permissions.deny` is no list of texts, and Claude Code takes nothing of such a file.",
    ),
    "another PATH by a variable": (CLAUDE, claude() | {"env": {"Path": "./bin"}}, f"`env` sets Path, {REDIRECTED}"),
    "no hooks by a variable": (
        CLAUDE,
        claude() | {"env": {"CLAUDE_CODE_SIMPLE": "1"}},
        f"`env` sets CLAUDE_CODE_SIMPLE, {REDIRECTED}",
    ),
    "other modules by a variable": (
        CLAUDE,
        claude() | {"env": {"PYTHONPATH": "src"}},
        "`env` sets PYTHONPATH, by which the guard may load or read something else.",
    ),
    "no number of JSON": (
        CLAUDE,
        '{"x": NaN}\n',
        "Claude Code takes nothing of .claude/settings.json: it isn't valid JSON (NaN is no number there).",
    ),
    "a number without an end": (
        CLAUDE,
        f'{{"x": {"1" * 5000}}}\n',
        "Claude Code takes nothing of .claude/settings.json: a number in it has too many digits.",
    ),
    "a number without an end in TOML": (
        CODEX_TOML,
        f"x = {'1' * 5000}\n",
        "Codex takes nothing of .codex/config.toml: a number in it has too many digits.",
    ),
    "a key without an end in TOML": (
        CODEX_TOML,
        f"{'a.' * 5000}a = 1\n",
        "Codex takes nothing of .codex/config.toml: a line in it has more than 200 dots.",
    ),
    "a byte order mark": (
        CLAUDE,
        "\ufeff{}\n",
        f"Claude Code takes nothing of .claude/settings.json: {MARKED}",
    ),
    "home in quotes": (CLAUDE, claude('"~/.local/bin/nightlatch" agent-hook --agent claude-code'), UNVERIFIED),
    "a way out that is an argument": (CLAUDE, claude(f"{PLAIN} claude-code '||' exit 2"), UNVERIFIED),
    "a path that is none": (CLAUDE, claude("/a\0/nightlatch agent-hook --agent claude-code"), UNVERIFIED),
    "a folder for temporary files": (CLAUDE, claude(f"PATH=/tmp/a:$PATH {PLAIN} claude-code"), TEMPORARY),
    "a program there": (CLAUDE, claude("/usr/../tmp/nightlatch agent-hook --agent claude-code"), TEMPORARY),
    "copilot narrowed": (
        COPILOT,
        copilot(matcher="bash"),
        "preToolUse: its matcher is not known to cover every tool (`*` does).",
    ),
    "copilot with variables": (COPILOT, copilot(env={"PATH": "./bin"}), f"preToolUse: `env` {UNKNOWN}"),
    "copilot from elsewhere": (COPILOT, copilot(cwd="/opt"), f"preToolUse: `cwd` {UNKNOWN}"),
    "copilot, nothing on Windows": (COPILOT, copilot(powershell="exit 0"), f"preToolUse: `powershell` {UNKNOWN}"),
    "copilot without bash": (
        COPILOT,
        copilot(bash=None),
        "preToolUse: `no bash` lets calls pass by it.",
    ),
    "copilot too late": (
        COPILOT,
        copilot(timeoutSec=0),
        "preToolUse: its time-out is under 5 seconds, too short for a busy machine.",
    ),
}


@pytest.mark.parametrize(("path", "data", "said"), BROKEN.values(), ids=BROKEN)
def test_what_is_there_and_does_not_hold_is_an_error(repository: Repository, path: str, data: Any, said: str) -> None:
    put(repository, path, data)
    found = told(repository, "--staged", code=1)
    assert [line.split(" ", 2)[2] for line in found if line.startswith("error")] == [said]


IN_THE_REPOSITORY = (
    "{tree}/bin/nightlatch",
    "/{tree}/bin/nightlatch",
    "/usr/..{tree}/bin/nightlatch",
    "{tree}.link/bin/nightlatch",
    "$HOME/{name}/bin/nightlatch",
    "~/{name}/bin/nightlatch",
    'PATH="$HOME/{name}/bin:$PATH" nightlatch',
    'PATH="$PATH:{tree}/bin" nightlatch',
)


@pytest.mark.parametrize("program", IN_THE_REPOSITORY)
def test_a_command_in_the_repository_is_refused_however_it_is_written(repository: Repository, program: str) -> None:
    tree = repository.path
    tree.with_name(f"{tree.name}.link").symlink_to(tree)
    put(repository, CLAUDE, claude(f"{program.format(tree=tree, name=tree.name)} agent-hook --agent claude-code"))
    arguments = ("protected-files", "--staged", "--format", "json")
    outcome = repository.nightlatch(*arguments, HOME=str(tree.parent))
    (found,) = outcome.json()["findings"]
    assert "lies in the repository" in found["message"]


def test_copilot_s_own_settings_count(repository: Repository) -> None:
    put(repository, COPILOT, copilot())
    put(repository, ".github/copilot/settings.json", {"disableAllHooks": True})
    (found,) = told(repository, "--staged", code=1)
    assert found.startswith("error .github/copilot/settings.json:2 `disableAllHooks` turns every hook off")


def test_where_there_are_no_comments_none_is_advised(repository: Repository) -> None:
    put(repository, CLAUDE, claude(matcher="Bash"))
    outcome = repository.nightlatch("protected-files", "--staged")
    assert "a comment on the line" not in outcome.out
    assert "in .nightlatch.yaml: overrides" in outcome.out


REMEDIES = {
    "hooks off": ("[features]\nhooks = false\n", "take `hooks = false` out of [features]"),
    "no TOML": ("x = \n", "it isn't valid TOML (line 1, column 5)"),
    "narrow": (
        f'[[hooks.PreToolUse]]\nmatcher = "Bash"\n[[hooks.PreToolUse.hooks]]\ncommand = "{PLAIN} codex || exit 2"\n',
        'write, by hand: matcher = ".*"',
    ),
}


@pytest.mark.parametrize(("text", "said"), REMEDIES.values(), ids=REMEDIES)
def test_the_remedy_for_toml_is_that_of_the_fault(repository: Repository, text: str, said: str) -> None:
    put(repository, CODEX_TOML, text)
    outcome = repository.nightlatch("protected-files", "--staged", "--format", "json")
    assert any(said in one["fix"] for one in outcome.json()["findings"])


def test_the_personal_settings_count_although_git_ignores_them(repository: Repository) -> None:
    repository.stage(".gitignore", ".claude/settings.local.json\n")
    put(repository, CLAUDE, claude())
    repository.commit()
    repository.write(CLAUDE_LOCAL, '{\n  "disableAllHooks": true\n}\n')
    assert told(repository, "--staged", code=1) == [
        f"error {CLAUDE_LOCAL}:2 `disableAllHooks` turns every hook off, the guard too."
    ]


def test_a_person_s_own_registration_does_not_hide_a_bad_one_of_everybody_s(repository: Repository) -> None:
    repository.stage(".gitignore", ".claude/settings.local.json\n")
    put(repository, CLAUDE, claude(matcher="Bash"))
    repository.write(CLAUDE_LOCAL, json.dumps(claude()))
    (found,) = told(repository, "--staged", code=1)
    assert found.startswith(f"error {CLAUDE}:")


def test_what_is_staged_counts_and_not_what_lies_beside_it(repository: Repository) -> None:
    put(repository, CLAUDE, claude(disableAllHooks=True))
    repository.write(CLAUDE, "{}")
    assert len(told(repository, "--staged", code=1)) == 1


def test_in_a_range_what_the_last_commit_holds_counts(repository: Repository) -> None:
    repository.stage("a.txt", "x\n")
    repository.commit()
    put(repository, CLAUDE, claude(disableAllHooks=True))
    repository.commit()
    repository.write(CLAUDE, "{}")
    assert len(told(repository, "--from-ref", "HEAD~1", code=1)) == 1
    put(repository, CLAUDE, claude())
    repository.commit()
    assert told(repository, "--from-ref", "HEAD~2", code=0) == []


EXCEPTED = """\
protected-files:
  rules:
    - {id: a, paths: [/private/**, "!/private/x.md"], read: deny}
    - {id: b, paths: [/keys/], read: deny}"""
DENIED: dict[str, tuple[str, list[str], str]] = {
    "nothing": ("", [], "permissions.deny lacks Read(**/.env), Read(**/.env.local), Read(**/.env.*.local) and 10 more"),
    "a part": (
        "",
        ["Read(./.env)", "Read(./.env.*)", "Read(~/.ssh/**)"],
        "permissions.deny lacks Read(~/.aws/credentials)",
    ),
    "no list of closed files": (
        "protected-files: {rules: [{id: a, paths: [/CLAUDE.md], read: whole}]}",
        ["Read(./.env)", "Read(./.env.*)", "Read(~/.ssh/**)"],
        "permissions.deny lacks Read(~/.aws/credentials)",
    ),
    "the policy's": (EXCEPTED, [], "lacks Read(/keys/**)"),
}


@pytest.mark.parametrize(("policy", "deny", "said"), DENIED.values(), ids=DENIED)
def test_rules_of_claude_code_that_are_missing_are_told(
    repository: Repository, policy: str, deny: list[str], said: str
) -> None:
    if policy:
        repository.stage(".nightlatch.yaml", f"{policy}\n")
    put(repository, CLAUDE, claude(permissions={"deny": deny}))
    (found,) = told(repository, "--staged", code=0)
    assert said in found


def test_a_link_is_not_read(repository: Repository) -> None:
    repository.write("elsewhere.json", "{")
    (repository.path / ".claude").mkdir()
    (repository.path / CLAUDE).symlink_to("../elsewhere.json")
    outcome = repository.nightlatch("protected-files", "--all-files", "--format", "json")
    assert outcome.code == 0, outcome
    assert {one["path"]: one["reason"] for one in outcome.json()["skipped"]}[CLAUDE].startswith("a link")


def test_settings_that_cannot_be_read_are_unchecked(repository: Repository) -> None:
    (repository.path / CLAUDE).mkdir(parents=True)
    outcome = repository.nightlatch("protected-files", "--staged")
    assert outcome.code == 2, outcome


def test_what_was_judged_before_costs_no_json(repository: Repository) -> None:
    put(repository, CLAUDE, claude())
    repository.nightlatch("protected-files")
    outcome = repository.nightlatch("protected-files", "--staged", PYTHONPROFILEIMPORTTIME="1")
    loaded = {line.rpartition("|")[2].strip() for line in outcome.err.splitlines()}
    assert "nightlatch.protected_files.wiring.check" in loaded
    assert not loaded & {"json", "yaml", "nightlatch.protected_files.wiring.judge"}


@pytest.mark.parametrize("path", [".claude/CLAUDE.md", ".claude/skills/a/SKILL.md", ".cursor/mcp.json", ".codex/x.md"])
def test_guidance_in_an_agent_s_folder_is_a_note_whatever_the_profile(repository: Repository, path: str) -> None:
    repository.stage(".nightlatch.yaml", "profile: strict\n")
    repository.stage(path, "x\n")
    outcome = repository.nightlatch("protected-files", "--staged", "--format", "json")
    assert outcome.code == 0
    assert [one["reason"] for one in outcome.json()["skipped"] if "has guidance here and no settings" in one["reason"]]
    assert outcome.json()["findings"] == []
    repository.commit()
    assert repository.nightlatch("protected-files", "--all-files").out == ""


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("selector", ["--staged", "--all-files", "range"])
def test_settings_in_another_encoding_are_taken_by_no_agent(
    repository: Repository, encoding: str, selector: str
) -> None:
    repository.stage("a.txt", "x\n")
    repository.commit()
    (repository.path / ".claude").mkdir()
    (repository.path / CLAUDE).write_bytes(json.dumps(claude()).encode(encoding))
    repository.git("add", CLAUDE)
    if selector == "range":
        repository.commit()
    arguments = ("--from-ref", "HEAD~1", "--to-ref", "HEAD") if selector == "range" else (selector,)
    (found,) = told(repository, *arguments, code=1)
    assert "Claude Code takes nothing of .claude/settings.json" in found
    outcome = repository.nightlatch("protected-files", *arguments, "--format", "json")
    assert ("save it as UTF-8" in outcome.json()["findings"][0]["fix"]) == (encoding != "utf-16-le")


def test_a_folder_of_settings_that_is_a_link_is_told(repository: Repository) -> None:
    put(repository, "x/settings.json", claude())
    (repository.path / ".claude").symlink_to("x")
    repository.git("add", ".claude")
    repository.commit()
    put(repository, "x/settings.json", {})
    for arguments in (("--staged",), ("--all-files",)):
        (found,) = told(repository, *arguments, code=0)
        assert f"{CLAUDE} is a link, or lies behind one" in found
    repository.commit()
    (found,) = told(repository, "--from-ref", "HEAD~1", "--to-ref", "HEAD", code=0)
    assert f"{CLAUDE} is a link, or lies behind one" in found


def test_a_folder_of_settings_that_becomes_a_link_is_unchecked(repository: Repository) -> None:
    put(repository, CLAUDE, claude())
    repository.commit()
    repository.git("mv", ".claude", "x")
    (repository.path / ".claude").symlink_to("x")
    repository.git("add", ".claude")
    outcome = repository.nightlatch("protected-files", "--staged")
    assert ".claude: unchecked a symbolic link" in outcome.out
    assert outcome.code == 2
    repository.commit()
    outcome = repository.nightlatch("protected-files", "--from-ref", "HEAD~1", "--to-ref", "HEAD")
    assert ".claude: unchecked a symbolic link" in outcome.out
    assert outcome.code == 2


def test_a_link_to_a_folder_of_guidance_is_none_to_settings(repository: Repository) -> None:
    repository.stage(".agents/skills/a.md", "x\n")
    (repository.path / ".claude").symlink_to(".agents")
    repository.git("add", ".claude")
    for arguments in (("--staged",), ("--all-files",)):
        assert repository.nightlatch("protected-files", *arguments).code == 0


def test_a_link_that_git_does_not_know_is_one_person_s_own(repository: Repository) -> None:
    repository.stage(".gitignore", ".claude/settings.local.json\n")
    put(repository, CLAUDE, claude())
    repository.commit()
    repository.write("elsewhere.json", "{}")
    (repository.path / CLAUDE_LOCAL).symlink_to("../elsewhere.json")
    outcome = repository.nightlatch("protected-files", "--all-files", CI="true")
    assert outcome.code == 0, outcome
    assert outcome.out == ""


def test_variables_are_a_project_s_own_where_no_guard_is_registered(repository: Repository) -> None:
    put(repository, CLAUDE, {"env": {"PYTHONPATH": "src", "LD_LIBRARY_PATH": "lib"}})
    (found,) = told(repository, "--staged", code=0, rules="PRO009 PRO011")
    assert found.startswith("warning ")


def test_settings_in_a_submodule_are_read_as_they_lie_there(repository: Repository, tmp_path: Path) -> None:
    inner = Repository.create(tmp_path / "inner")
    put(inner, "settings.json", {})
    inner.commit()
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.path), ".claude")
    (found,) = told(repository, "--all-files", code=0)
    assert found.startswith(f"warning {CLAUDE}:")


def test_what_lacks_both_hook_and_rules_is_told_once(repository: Repository) -> None:
    put(repository, CLAUDE, {"model": "x"})
    assert len(told(repository, "--staged", code=0)) == 1


def test_a_person_s_own_rules_do_not_close_what_everybody_s_leave_open(repository: Repository) -> None:
    repository.stage(".gitignore", ".claude/settings.local.json\n")
    put(repository, CLAUDE, claude(permissions={"deny": []}))
    repository.write(CLAUDE_LOCAL, json.dumps(claude()))
    (found,) = told(repository, "--staged", code=0)
    assert "permissions.deny lacks" in found


def test_a_place_in_the_repository_is_found_in_a_range_too(repository: Repository) -> None:
    repository.stage("a.txt", "x\n")
    repository.commit()
    put(repository, CLAUDE, claude(f"{repository.path}/bin/nightlatch agent-hook --agent claude-code"))
    repository.commit()
    (found,) = told(repository, "--from-ref", "HEAD~1", "--to-ref", "HEAD", code=1)
    assert "lies in the repository" in found
