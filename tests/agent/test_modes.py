"""The ceiling: what a session may do at most, whatever mode the agent itself is in."""

from __future__ import annotations

from typing import Any

import pytest

from nightlatch.agent import effects
from nightlatch.agent.call import Call
from nightlatch.agent.judge import objections
from nightlatch.agent.situation import situation
from tests.support.agent import Project

LOOKING = [effects.Read("/x", "Read"), effects.Metadata("/x", "ls"), effects.Execute("ls"), effects.Execute("cd")]
DOING = [
    effects.Write("/x", "Write"),
    effects.Execute("npm"),
    effects.Execute("/opt/tool"),
    effects.Write("/dev/nul", "cat"),
]
REMOVING = effects.Write("/x", "rm", is_removal=True)


def decisions(project: Project, mode: str, session: str, *found: Any) -> list[str]:
    project.configure(f"protected-files: {{mode: {mode}}}")
    now = situation(str(project.root), project.variables)
    call = Call("claude-code", "Bash", {}, folder=str(project.root), mode=session)
    return [max((one[0] for one in objections([effect], call, now)), default="pass") for effect in found]


def test_explore_lets_look_and_nothing_else(project: Project) -> None:
    assert decisions(project, "explore", "default", *LOOKING) == ["pass"] * len(LOOKING)
    assert decisions(project, "explore", "bypassPermissions", *DOING, REMOVING) == ["deny"] * (len(DOING) + 1)
    assert decisions(project, "explore", "", effects.Write("/dev/null", "cat")) == ["pass"]
    assert project.decision("Write", {"file_path": "src/a.py", "content": "x"}) == "deny"
    assert "explore" in project.reason("Edit", {"file_path": "src/a.py", "old_string": "a", "new_string": "b"})


@pytest.mark.parametrize("session", ["default", "acceptEdits", "plan", "dontAsk", ""])
def test_ask_adds_nothing_where_the_session_asks_by_itself(project: Project, session: str) -> None:
    found = [*LOOKING, *DOING, REMOVING]
    assert decisions(project, "ask", session, *found) == ["pass"] * len(found)


@pytest.mark.parametrize("session", ["bypassPermissions", "auto"])
def test_ask_has_removing_and_running_asked_where_the_session_would_not(project: Project, session: str) -> None:
    assert decisions(project, "ask", session, *LOOKING, DOING[0]) == ["pass"] * (len(LOOKING) + 1)
    assert decisions(project, "ask", session, DOING[1], DOING[2], REMOVING) == ["ask"] * 3


def test_auto_has_no_ceiling_and_no_configuration_has_none(project: Project) -> None:
    found = [*LOOKING, *DOING, REMOVING]
    assert decisions(project, "auto", "bypassPermissions", *found) == ["pass"] * len(found)
    (project.root / ".nightlatch.yaml").unlink()
    assert project.decision("Delete", {"path": "README.md"}, permission_mode="bypassPermissions") == "pass"


def test_which_programs_may_run(project: Project) -> None:
    tools = project.root / "scripts"
    (tools / "run").write_text("")
    (tools / "run").chmod(0o755)
    project.configure("protected-files: {mode: auto, execute-allowed: [/scripts/**, git, '//bin/*', '//usr/bin/*']}")
    now = situation(str(project.root), project.variables)
    call = Call("claude-code", "Bash", {}, folder=str(project.root))

    def decided(program: str) -> str:
        return max((one[0] for one in objections([effects.Execute(program)], call, now)), default="pass")

    for program in ("git", "cd", "sh", str(tools / "run"), f"{tools}/../scripts/run"):
        assert decided(program) == "pass", program
    for program in ("no-such-program", str(project.root / "src/a.py"), f"{tools}/../src/a.py", "/opt/x"):
        assert decided(program) == "deny", program


CHANGING = [
    ("Bash", {"command": "date -s 12:00"}),
    ("Bash", {"command": "hostname x"}),
    ("Bash", {"command": "rg --pre ./x foo"}),
    ("Bash", {"command": "sort --compress-program=./x README.md"}),
    ("Bash", {"command": "rg -n -i foo src docs --pre ./x"}),
    ("Bash", {"command": "git grep -n -O./x foo"}),
    ("Bash", {"command": "kill 1"}),
    ("mcp__x__create_issue", {"title": "x"}),
    ("mcp__github__merge_pull_request", {"number": 1}),
]
ONLY_LOOKING = [
    ("Bash", {"command": "date +%s; hostname -f; rg foo src; sort README.md | uniq -c"}),
    ("Bash", {"command": "git status"}),
    ("mcp__x__get_issue", {"title": "x"}),
    ("mcp__x__list_runs", {}),
]


@pytest.mark.parametrize(("tool", "arguments"), CHANGING)
def test_what_changes_something_is_more_than_looking(project: Project, tool: str, arguments: dict[str, Any]) -> None:
    project.configure("protected-files: {mode: explore}")
    assert project.decision(tool, arguments) == "deny"
    project.configure("protected-files: {mode: ask}")
    assert project.decision(tool, arguments, permission_mode="bypassPermissions") == "ask"
    assert project.decision(tool, arguments) == "pass"


@pytest.mark.parametrize(("tool", "arguments"), ONLY_LOOKING)
def test_what_only_looks_may_be_done_in_every_mode(project: Project, tool: str, arguments: dict[str, Any]) -> None:
    for mode in ("explore", "ask"):
        project.configure(f"protected-files: {{mode: {mode}}}")
        assert project.decision(tool, arguments, permission_mode="bypassPermissions") == "pass", mode


def test_without_the_key_there_is_no_ceiling(project: Project) -> None:
    project.configure('protected-files: {write-allowed: ["/src/**"]}')
    assert project.decision("Bash", {"command": "npm test"}, permission_mode="bypassPermissions") == "pass"
    project.configure('protected-files: {mode: ask, write-allowed: ["/src/**"]}')
    assert project.decision("Bash", {"command": "npm test"}, permission_mode="bypassPermissions") == "ask"
    said = project.reason("Bash", {"command": "npm test"}, permission_mode="bypassPermissions")
    assert "protected-files.mode in .nightlatch.yaml" in said
