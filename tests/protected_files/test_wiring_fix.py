"""`--fix`: the guard is written into the settings of each agent that is set up, and the written command works."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from nightlatch.protected_files.agents import AGENTS
from nightlatch.protected_files.wiring import command as commands
from nightlatch.protected_files.wiring import installation, judge, self_test
from nightlatch.protected_files.wiring.findings import finding
from nightlatch.protected_files.wiring.fix import wire
from tests.support.repository import COMMAND, Repository
from tests.support.wiring import (
    CLAUDE,
    CLAUDE_LOCAL,
    CODEX,
    CODEX_TOML,
    COPILOT,
    CURSOR,
    WRITTEN,
    claude,
    codex,
    copilot,
    cursor,
    put,
    told,
)

SCHEMAS = Path(__file__).parent / "agent_schemas"
POLICY = """\
protected-files:
  rules:
    - id: closed
      paths: [.env, ".env.*", "!.env.example", /secrets/**, "*.pem", "!/tests/*.pem", ~/.ssh/**, "!~/.ssh/*.pub"]
      read: deny
"""
each_agent = pytest.mark.parametrize("agent", WRITTEN)


def mend(repository: Repository, code: int = 1) -> str:
    outcome = repository.nightlatch("protected-files", "--all-files", "--fix")
    assert outcome.code == code, outcome
    return outcome.err


def settings(repository: Repository, path: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((repository.path / path).read_text(encoding="utf-8"))
    return data


def set_up(repository: Repository, agent: str) -> None:
    """Settings by which an agent is known to be set up, without any hook."""
    repository.stage(WRITTEN[agent], "{}\n")


@each_agent
def test_what_is_written_is_what_the_agent_documents_and_needs_no_second_time(
    repository: Repository, agent: str
) -> None:
    set_up(repository, agent)
    assert told(repository, "--staged", code=0)
    said = mend(repository)
    assert f"{WRITTEN[agent]}: the guard is registered; stage it: git add {WRITTEN[agent]}" in said
    schema = json.loads((SCHEMAS / f"{agent}.json").read_text(encoding="utf-8"))
    jsonschema.validate(settings(repository, WRITTEN[agent]), schema)
    assert told(repository, "--all-files", code=0, rules="PRO009 PRO016") == []
    before = (repository.path / WRITTEN[agent]).read_bytes()
    assert mend(repository, 0) == ""
    assert (repository.path / WRITTEN[agent]).read_bytes() == before


@each_agent
def test_the_schemas_refuse_what_an_agent_would_not_take(agent: str) -> None:
    schema = json.loads((SCHEMAS / f"{agent}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    flat = {"hooks": {"NoSuchEvent": []}, "PreToolUse": [], "version": 1}
    assert not jsonschema.Draft202012Validator(schema).is_valid(flat)


FOREIGN = {
    "claude-code": claude("./lint.sh", matcher="Edit", onFailure=None, permissions={"allow": ["Bash(ls)"]})
    | {"model": "x"},
    "codex": codex("./lint.sh", matcher="Bash"),
    "cursor": cursor("./lint.sh", events=("preToolUse", "stop"), failClosed=None),
    "copilot": copilot("./lint.sh"),
}


def entries(data: Any) -> list[str]:
    """Every foreign command, wherever it stands."""
    text = json.dumps(data)
    return ["./lint.sh"] * text.count("./lint.sh")


@each_agent
def test_what_is_foreign_stays(repository: Repository, agent: str) -> None:
    put(repository, WRITTEN[agent], FOREIGN[agent])
    mend(repository)
    data = settings(repository, WRITTEN[agent])
    assert entries(data) == entries(FOREIGN[agent])
    if agent == "claude-code":
        assert data["model"] == "x"
        assert data["permissions"]["allow"] == ["Bash(ls)"]
        assert data["hooks"]["PreToolUse"][0] == FOREIGN[agent]["hooks"]["PreToolUse"][0]
    if agent == "cursor":
        assert data["hooks"]["stop"] == FOREIGN[agent]["hooks"]["stop"]


BROKEN = {
    "narrow": (CLAUDE, claude(matcher="Bash")),
    "open": (CLAUDE, claude(onFailure=None, permissions={"deny": []})),
    "disabled": (CLAUDE, claude(disableAllHooks=True)),
    "a wrapper": (CLAUDE, claude("uvx nightlatch agent-hook --agent claude-code")),
    "codex flat": (CODEX, {"PreToolUse": codex()["hooks"]["PreToolUse"]}),
    "codex open": (CODEX, codex("nightlatch agent-hook --agent codex")),
    "cursor open": (CURSOR, cursor(failClosed=None)),
    "cursor at one event": (CURSOR, cursor(events=("beforeReadFile",))),
    "copilot late": (COPILOT, copilot(timeoutSec=1)),
    "copilot in another file": (".github/hooks/guard.json", copilot(timeoutSec=1)),
}


@pytest.mark.parametrize(("path", "data"), BROKEN.values(), ids=BROKEN)
def test_what_did_not_hold_is_replaced(repository: Repository, path: str, data: Any) -> None:
    put(repository, path, data)
    mend(repository)
    assert told(repository, "--all-files", code=0, rules="PRO009 PRO016") == []
    text = (repository.path / path).read_text(encoding="utf-8")
    once = {CURSOR: 5, COPILOT: 2, ".github/hooks/guard.json": 2}.get(path, 1)
    assert text.count("agent-hook") == once


OWN = f'PATH="$PATH:{os.path.dirname(COMMAND)}"'
OFF: dict[str, tuple[str, Any]] = {
    "copilot": (
        COPILOT,
        copilot(
            f"{OWN} nightlatch agent-hook --agent copilot || exit 2", powershell="nightlatch agent-hook --agent copilot"
        ),
    ),
    "codex": (CODEX, codex(f"{OWN} nightlatch agent-hook --agent codex || exit 2")),
}


@pytest.mark.parametrize("agent", OFF)
def test_hooks_that_are_off_are_turned_on_and_nothing_else_changes(repository: Repository, agent: str) -> None:
    path, right = OFF[agent]
    put(repository, path, right | ({"features": {"hooks": False}} if agent == "codex" else {"disableAllHooks": True}))
    assert f"{path}: hooks run again; stage it" in mend(repository)
    assert settings(repository, path) | {"features": {}} == right | {"features": {}}
    repository.git("add", path)
    assert told(repository, "--staged", code=0, rules="PRO009 PRO011") == []


@pytest.mark.parametrize("foreign", ["./audit.sh --then 'nightlatch agent-hook'", "./docs.sh nightlatch-agent-hook.md"])
@each_agent
def test_a_foreign_hook_that_names_the_guard_stays(repository: Repository, agent: str, foreign: str) -> None:
    of_agent = {"claude-code": claude, "codex": codex, "cursor": cursor, "copilot": copilot}[agent]
    put(repository, WRITTEN[agent], of_agent(foreign))
    mend(repository)
    assert foreign in (repository.path / WRITTEN[agent]).read_text(encoding="utf-8")
    assert told(repository, "--all-files", code=0) == []


VALUES = ("1.10", "1e5", "1e999", "-0.0", "12345678901234567890", '"\\ud800"', '"ä\\u0000"', "[]", "{}", "[null, true]")


@pytest.mark.parametrize("value", VALUES)
def test_a_value_is_written_again_as_it_was(repository: Repository, value: str) -> None:
    repository.stage(CLAUDE, f'{{"x": {value}}}')
    mend(repository)
    text = (repository.path / CLAUDE).read_text(encoding="utf-8")
    assert f'"x": {value},' in text.replace("\n    ", "").replace("\n  ]", "]").replace(",true", ", true")
    assert told(repository, "--all-files", code=0) == []


def test_one_file_that_would_not_be_read_again_keeps_no_other_from_being_written(repository: Repository) -> None:
    repository.stage(CLAUDE, f'{{"x": [{", ".join(["[[[[1]]]]"] * 60_000)}]}}')
    set_up(repository, "cursor")
    outcome = repository.nightlatch("protected-files", "--all-files", "--fix")
    assert f"{CLAUDE}: left as it is: with the guard in it, it is larger than 1 MiB" in outcome.err
    assert "PreToolUse" not in (repository.path / CLAUDE).read_text(encoding="utf-8")
    assert "preToolUse" in (repository.path / CURSOR).read_text(encoding="utf-8")


def test_a_folder_further_up_that_is_a_link_is_not_written_to(repository: Repository, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / "hooks"
    elsewhere.mkdir(parents=True)
    (repository.path / ".github").symlink_to(elsewhere.parent)
    repository.nightlatch("protected-files", "--all-files", "--fix")
    assert list(elsewhere.iterdir()) == []


def test_hooks_that_personal_settings_turn_off_are_turned_on(repository: Repository) -> None:
    put(repository, CLAUDE, claude())
    put(repository, CLAUDE_LOCAL, {"disableAllHooks": True, "model": "x"})
    outcome = repository.nightlatch("protected-files", "--staged")
    assert "fix:    Run: nightlatch protected-files --fix\n" in outcome.out
    mend(repository)
    assert settings(repository, CLAUDE_LOCAL) == {"model": "x"}


def test_a_registration_that_holds_stays_as_it_is_written(repository: Repository) -> None:
    own = f'PATH="$PATH:{os.path.dirname(COMMAND)}" nightlatch agent-hook --agent claude-code'
    right = claude(own, matcher=".*", timeout=90, permissions={"deny": []})
    put(repository, CLAUDE, right)
    mend(repository)
    data = settings(repository, CLAUDE)
    assert data["hooks"] == right["hooks"]
    assert "Read(**/.env)" in data["permissions"]["deny"]


@pytest.mark.parametrize("indent", ["    ", "\t", "   "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_indent_and_line_ends_are_kept(repository: Repository, indent: str, end: str) -> None:
    repository.stage(CLAUDE, json.dumps({"model": "ä"}, indent=indent, ensure_ascii=False).replace("\n", end) + end)
    mend(repository)
    text = (repository.path / CLAUDE).read_bytes().decode()
    assert text.startswith(f'{{{end}{indent}"model": "ä",{end}{indent}"hooks": {{{end}{indent}{indent}"PreToolUse"')
    assert text.endswith(f"}}{end}")
    assert text.count("\n") == text.count(end)


LEFT: dict[str, tuple[str, str, str]] = {
    "not JSON": (CLAUDE, "{,}\n", "it isn't valid JSON"),
    "a list": (CLAUDE, "[]\n", "it holds no object at its top"),
    "hooks of another type": (CLAUDE, '{"hooks": []}\n', "`hooks` is no object"),
    "permissions of another type": (
        CLAUDE,
        '{"permissions": {"deny": "x"}}\n',
        "`permissions.deny` is no list of texts",
    ),
}


@pytest.mark.parametrize(("path", "text", "said"), LEFT.values(), ids=LEFT)
def test_what_is_not_understood_is_not_touched_and_said(
    repository: Repository, path: str, text: str, said: str
) -> None:
    repository.stage(path, text)
    outcome = repository.nightlatch("protected-files", "--all-files", "--fix")
    assert (repository.path / path).read_text(encoding="utf-8") == text
    assert said in outcome.err + outcome.out


def test_toml_is_not_touched_and_what_to_paste_is_said(repository: Repository) -> None:
    text = '[[hooks.PreToolUse]]\nmatcher = "Bash"\n[[hooks.PreToolUse.hooks]]\ntype = "command"\n'
    text += 'command = "nightlatch agent-hook --agent codex"\n'
    repository.stage(CODEX_TOML, text)
    outcome = repository.nightlatch("protected-files", "--all-files", "--fix")
    assert (repository.path / CODEX_TOML).read_text(encoding="utf-8") == text
    assert "nightlatch agent-hook --agent codex || exit 2'" in outcome.out


def test_a_link_is_not_followed(repository: Repository, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere.json"
    target.write_text("{}", encoding="utf-8")
    (repository.path / ".claude").mkdir()
    (repository.path / CLAUDE).symlink_to(target)
    outcome = repository.nightlatch("protected-files", "--all-files", "--fix")
    assert f"Put what {CLAUDE} leads to in the place of the link" in outcome.out
    assert target.read_text(encoding="utf-8") == "{}"


@pytest.mark.parametrize("agent", ["claude-code", "cursor", "codex"])
def test_an_empty_folder_is_wired_in(repository: Repository, agent: str) -> None:
    (repository.path / WRITTEN[agent]).parent.mkdir(parents=True)
    mend(repository)
    assert told(repository, "--all-files", code=0) == []


def test_what_git_ignores_is_written_for_one_person_and_not_staged(repository: Repository) -> None:
    repository.stage(".gitignore", ".claude/\n")
    repository.stage(".nightlatch.yaml", "profile: strict\n")
    repository.write(CLAUDE_LOCAL, "{}\n")
    (found,) = told(repository, "--staged", code=0)
    assert found.startswith(f"warning {CLAUDE_LOCAL}:")
    assert f"{CLAUDE_LOCAL}: the guard is registered, for you alone: git ignores the file" in mend(repository, 0)
    assert told(repository, "--all-files", code=0) == []
    assert not (repository.path / CLAUDE).exists()


def test_where_no_nightlatch_would_be_found_nothing_is_written_and_the_remedy_says_why(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = repository.write(".venv/bin/nightlatch", "#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program.with_name("python")))
    home = str(repository.path.parent)
    monkeypatch.setenv("HOME", home)
    repository.write(CLAUDE, "{}\n")
    tree = str(repository.path)
    (fault,) = judge.faults(["claude-code"], {CLAUDE: b"{}\n"}, [], [], (tree, home))
    found = finding(fault, {CLAUDE: b"{}\n"}, [], (tree, home), is_strict=False, is_own=False)
    assert found.fix.startswith("Run: pipx install /path/to/nightlatch (outside the project")
    (done,) = wire(tree, [found])
    assert done.what.startswith("left as it is: no nightlatch would be found by what is written there")
    assert (repository.path / CLAUDE).read_text(encoding="utf-8") == "{}\n"


def test_claude_code_s_own_rules_come_from_the_policy_and_refuse_nothing_that_it_allows(repository: Repository) -> None:
    repository.stage(".nightlatch.yaml", POLICY)
    set_up(repository, "claude-code")
    mend(repository)
    assert settings(repository, CLAUDE)["permissions"]["deny"] == [
        "Read(**/.env)",
        "Read(**/.env.local)",
        "Read(**/.env.*.local)",
        "Read(**/.env.dev)",
        "Read(**/.env.development)",
        "Read(**/.env.prod)",
        "Read(**/.env.production)",
        "Read(**/.env.staging)",
        "Read(**/.env.test)",
        "Read(/secrets/**)",
        "Read(~/.ssh/id_rsa)",
        "Read(~/.ssh/id_dsa)",
        "Read(~/.ssh/id_ecdsa)",
        "Read(~/.ssh/id_ed25519)",
    ]


# ── The command that is written, started as the agent starts it ────────────────────────────────────


def written_commands(data: Any) -> list[str]:
    """Every command of the guard for a POSIX shell in written settings."""
    if isinstance(data, dict):
        own = [value for key, value in data.items() if key in ("command", "bash") and "agent-hook" in str(value)]
        return own + [one for value in data.values() for one in written_commands(value)]
    return [one for value in data for one in written_commands(value)] if isinstance(data, list) else []


@pytest.mark.skipif(sys.platform == "win32", reason="there is no POSIX shell with which agents start commands there")
@each_agent
def test_the_written_command_answers_from_another_folder_with_a_minimal_path(
    repository: Repository, tmp_path: Path, agent: str
) -> None:
    set_up(repository, agent)
    mend(repository)
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    home = tmp_path / "home"
    home.mkdir()
    env = {"PATH": "/usr/bin:/bin", "HOME": str(home), "CLAUDE_PROJECT_DIR": str(repository.path)}
    found = set(written_commands(settings(repository, WRITTEN[agent])))
    assert len(found) == 1
    calls: tuple[tuple[str, dict[str, object], bool], ...] = (
        ("Write", {"file_path": f"{repository.path}/.nightlatch.yaml", "content": "x"}, True),
        ("Read", {"file_path": f"{repository.path}/.env"}, True),
        ("Bash", {"command": "git commit --no-verify -m x"}, True),
        ("TodoWrite", {"todos": []}, False),
    )
    for tool, arguments, refused in calls:
        event = self_test.event(agent, tool, arguments, str(repository.path))
        done = subprocess.run(
            ["/bin/sh", "-c", next(iter(found))],
            input=json.dumps(event).encode(),
            env=env,
            cwd=elsewhere,
            capture_output=True,
            timeout=60,
            check=False,
        )
        is_refused = done.returncode == 2 or b'"deny"' in done.stdout
        assert is_refused == refused, (tool, done)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no POSIX shell with which agents start commands there")
@pytest.mark.parametrize("agent", ["claude-code", "codex"])
def test_a_command_that_is_not_there_denies(tmp_path: Path, agent: str) -> None:
    command = commands.written(agent, closes=True)
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    done = subprocess.run(["/bin/sh", "-c", command], env=env, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 2
    assert done.stderr, "Codex lets the call run where nothing is said on standard error"


@pytest.mark.skipif(sys.platform == "win32", reason="there is no POSIX shell with which agents start commands there")
@pytest.mark.parametrize("path", [None, "", "{project}", "{project}/.venv/bin:/usr/bin:/bin"])
def test_what_lies_in_the_project_is_not_started_where_there_is_another(tmp_path: Path, path: str | None) -> None:
    project, home = tmp_path / "project", tmp_path / "home"
    for folder, said in ((project, "project"), (project / ".venv/bin", "project"), (home / ".local/bin", "home")):
        folder.mkdir(parents=True)
        program = folder / "nightlatch"
        program.write_text(f"#!/bin/sh\necho {said}\n", encoding="utf-8")
        program.chmod(0o755)
    variables = {"HOME": str(home)} | ({} if path is None else {"PATH": path.format(project=project)})
    command = commands.written("claude-code", closes=True)
    done = subprocess.run(["/bin/sh", "-c", command], env=variables, cwd=project, capture_output=True, check=True)
    assert done.stdout == b"home\n"


@pytest.mark.skipif(sys.platform == "win32", reason="there is no POSIX shell with which agents start commands there")
def test_an_empty_path_does_not_stand_for_the_project(tmp_path: Path) -> None:
    program = tmp_path / "nightlatch"
    program.write_text("#!/bin/sh\necho project\n", encoding="utf-8")
    program.chmod(0o755)
    command = commands.written("claude-code", usual=(), closes=True)
    env = {"HOME": str(tmp_path), "PATH": ""}
    done = subprocess.run(["/bin/sh", "-c", command], env=env, cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")


# ── The self-test ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("cat >/dev/null; exit 0", "a call that writes .nightlatch.yaml is let through."),
        ("cat >/dev/null; exit 2", "a call that only makes a note is refused"),
        ("exit 127", "ends with exit code 127"),
    ],
)
def test_a_guard_that_answers_wrongly_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, said: str
) -> None:
    program = tmp_path / "nightlatch"
    program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(self_test, "own_command", lambda: str(program))
    messages = [finding.message for finding in self_test._replayed(str(tmp_path), "claude-code", CLAUDE)]
    assert any(said in message for message in messages), messages


def test_a_guard_that_cannot_be_started_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "own_command", lambda: str(tmp_path / "nightlatch"))
    messages = [finding.message for finding in self_test._replayed(str(tmp_path), "codex", CODEX)]
    assert messages
    assert all("can't be started" in message for message in messages)


def test_nothing_that_the_repository_names_is_started(repository: Repository, tmp_path: Path) -> None:
    trace = tmp_path / "started"
    for name in ("bin/nightlatch", "nightlatch"):
        program = repository.write(name, f"#!/bin/sh\ntouch {trace}\nexit 2\n")
        program.chmod(0o755)
    for command in (
        f"{repository.path}/bin/nightlatch agent-hook --agent claude-code",
        "./nightlatch agent-hook --agent claude-code",
        f"PATH={repository.path}/bin:$PATH nightlatch agent-hook --agent claude-code",
        f"nightlatch agent-hook --agent claude-code $(touch {trace})",
        f"touch {trace}; nightlatch agent-hook --agent claude-code",
    ):
        put(repository, CLAUDE, claude(command))
        repository.nightlatch("protected-files", "--all-files")
        repository.nightlatch("protected-files", "--staged")
        assert not trace.exists(), command


def test_a_command_that_is_nowhere_is_told(repository: Repository) -> None:
    put(repository, CLAUDE, claude("/opt/none/nightlatch agent-hook --agent claude-code"))
    found = told(repository, "--all-files", code=1)
    assert [line for line in found if "no nightlatch is found" in line]
    quiet = repository.nightlatch("protected-files", "--all-files", CI="true")
    assert quiet.code == 0, quiet


def test_a_command_that_the_path_leads_into_the_project_is_told(repository: Repository) -> None:
    put(repository, CLAUDE, claude())
    repository.write(".venv/bin/nightlatch", "#!/bin/sh\n").chmod(0o755)
    path = f"{repository.path}/.venv/bin:{os.environ['PATH']}"
    outcome = repository.nightlatch("protected-files", "--all-files", "--format", "json", PATH=path)
    (found,) = [one for one in outcome.json()["findings"] if one["rule"] == "PRO009"]
    assert (
        found["message"]
        == "Claude Code: on your PATH its command leads to the project itself, where an agent can write."
    )
    assert found["severity"] == "warning"


def test_at_a_commit_nothing_is_started(repository: Repository) -> None:
    put(repository, CLAUDE, claude("/opt/none/nightlatch agent-hook --agent claude-code"))
    assert told(repository, "--staged", code=0) == []


@pytest.mark.parametrize("scripts", ['/a"b', "/a$b", "/a:b", "relative", "/project/.venv/bin"])
def test_a_folder_that_cannot_be_written_is_left_out(scripts: str) -> None:
    assert commands.folder_for(scripts, "/home/ada", "/project") == ""


def test_a_folder_below_home_is_written_so_that_it_names_nobody() -> None:
    assert commands.folder_for("/home/ada/venv/bin", "/home/ada", "/project") == "$HOME/venv/bin"
    command = commands.written("claude-code", "$HOME/venv/bin", closes=True)
    parsed = commands.parsed(command)
    assert parsed is not None
    assert (parsed.agent, parsed.program, parsed.closes) == ("claude-code", "nightlatch", True)
    assert "$HOME/venv/bin" in parsed.folders


def test_every_agent_has_settings_that_are_written() -> None:
    assert {agent.name: agent.files[0] for agent in AGENTS} == WRITTEN
    assert os.path.basename(installation.own_command()) in commands.NAMES


def test_where_there_is_guidance_alone_the_next_step_is_said(repository: Repository) -> None:
    repository.stage("CLAUDE.md", "Be brief.\n")
    first = repository.nightlatch("protected-files", "--fix")
    assert first.code == 0
    assert "CLAUDE.md: no agent is set up here: make its folder (mkdir .claude), and run this again" in first.err
    (repository.path / ".claude").mkdir()
    assert "the guard is registered; stage it: git add" in repository.nightlatch("protected-files", "--fix").err


def test_outside_git_nothing_is_to_be_staged(tmp_path: Path) -> None:
    (tmp_path / ".claude").mkdir()
    outcome = Repository(tmp_path).nightlatch("protected-files", "--fix")
    assert "the guard is registered" in outcome.err
    assert "git add" not in outcome.err
