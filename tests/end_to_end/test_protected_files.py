"""The agents' guard at a real commit, under both runners: refused, mended as the message says, and then let through."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.end_to_end.test_commit import Project, Runner, assert_passed, product, runner
from tests.support.repository import run
from tests.support.wiring import CLAUDE, CURSOR, claude, cursor, put

pytestmark = pytest.mark.slow

__all__ = ["product", "runner"]  # fixtures, by name

FIX = re.compile(r"(?m)^ *fix: +Run: (nightlatch protected-files --fix); then: (git add .*)$")


@pytest.fixture(params=["check-protected-files", "nightlatch"])
def project(request: pytest.FixtureRequest, runner: Runner, tmp_path: Path) -> Project:
    """A repository with one commit, in which the hook is installed and `nightlatch` is on the PATH."""
    project = Project.create(tmp_path / "project")
    assert isinstance(project, Project)
    project.env |= runner.variables
    project.env["PATH"] = f"{Path(runner.command).parent}:{project.env['PATH']}"
    project.stage(".pre-commit-config.yaml", runner.config(request.param))
    project.stage("app.txt", "hello\n")
    project.commit("first")
    installed = run(runner.program, "install", cwd=project.path, env=project.env)
    assert installed.code == 0, installed
    return project


def test_a_guard_that_fails_open_is_refused_and_its_remedy_holds_until_somebody_takes_it_out(project: Project) -> None:
    """One story in one repository: a runner takes its time to start, and each step stands on the one before."""
    put(project, CLAUDE, claude(matcher="Bash", onFailure=None))
    put(project, CURSOR, cursor(failClosed=None))
    refused = project.try_commit()
    assert refused.code == 1
    assert re.search(rf"(?m)^ *{re.escape(CLAUDE)}:\d+:\d+: error PRO009 ", refused.out), refused
    assert re.search(rf"(?m)^ *{re.escape(CURSOR)}:\d+:\d+: error PRO009 ", refused.out), refused
    for command, then in dict.fromkeys(FIX.findall(refused.out)):
        run(*shlex.split(command), cwd=project.path, env=project.env)
        assert run(*shlex.split(then), cwd=project.path, env=project.env).code == 0, then
    assert_passed(project.try_commit())
    assert json.loads(project.git("show", f"HEAD:{CLAUDE}"))["hooks"]["PreToolUse"][-1]["matcher"] == "*"
    assert project.git("status", "--porcelain") == ""

    put(project, CLAUDE, {"hooks": {}})
    refused = project.try_commit()
    assert refused.code == 1
    assert "error PRO011 PreToolUse: nothing starts the guard any more" in refused.out
    project.git("checkout", "--quiet", "HEAD", "--", CLAUDE)
    project.stage("app.txt", "more\n")
    assert_passed(project.try_commit())
