"""Env files at a real commit, under both runners: refused, mended as the message says, and then let through."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.end_to_end.test_commit import Project, Runner, assert_passed, product, runner
from tests.support.repository import Outcome, run
from tests.support.tokens import github_token

pytestmark = pytest.mark.slow

__all__ = ["product", "runner"]  # fixtures, by name

FIX = re.compile(r"(?m)^ *fix: +(.*)$")
ADD = "add to .gitignore, each on a line of its own: "


@pytest.fixture(params=["check-env-files", "nightlatch"])
def project(request: pytest.FixtureRequest, runner: Runner, tmp_path: Path) -> Project:
    """A repository with one commit, in which the hook is installed."""
    project = Project.create(tmp_path / "project")
    assert isinstance(project, Project)
    project.env |= runner.variables
    project.stage(".pre-commit-config.yaml", runner.config(request.param))
    project.stage("app.py", "print('hello')\n")
    project.commit("first")
    installed = run(runner.program, "install", cwd=project.path, env=project.env)
    assert installed.code == 0, installed
    return project


def follow(project: Project, refused: Outcome) -> None:
    """Do what each `fix:` says, word for word: the commands, and the lines for .gitignore."""
    fixes = FIX.findall(refused.out)
    assert fixes, refused
    for fix in fixes:
        for part in fix.split("; "):
            _, is_command, command = part.partition("Run: ")
            if not is_command:
                _, is_command, command = part.partition("not off the disk: ")
            for step in command.split(" && ") if is_command else ():
                assert run(*shlex.split(step), cwd=project.path, env=project.env).code == 0, step
            _, is_list, lines = part.replace("Add to", "add to", 1).partition(ADD)
            if is_list:
                ignored = project.path / ".gitignore"
                before = ignored.read_text() if ignored.exists() else ""
                ignored.write_text(before + "".join(f"{line}\n" for line in lines.split(" and ")))
                project.git("add", ".gitignore")


def test_an_open_env_file_that_nothing_ignores(project: Project) -> None:
    project.write(".env", "PORT=3000\n").chmod(0o644)
    project.stage("app.py", "print('more')\n")
    refused = project.try_commit()
    assert refused.code == 1
    assert "error ENV001" in refused.out
    assert "error ENV005" in refused.out
    follow(project, refused)
    assert_passed(project.try_commit())
    assert (project.path / ".env").stat().st_mode & 0o777 == 0o600
    assert project.git("status", "--porcelain") == ""


def test_an_env_file_that_is_about_to_be_committed(project: Project) -> None:
    project.stage(".env", "DATABASE_PASSWORD=" + github_token()[4:30] + "\n")
    project.stage("app.py", "print('more')\n")
    refused = project.try_commit()
    assert refused.code == 1
    assert re.search(r"(?m)^ *\.env:1(:\d+)?: error ENV004", refused.out), refused
    assert github_token()[4:30] not in refused.out
    follow(project, refused)
    assert_passed(project.try_commit())
    assert ".env\n" not in project.git("ls-files")
    assert (project.path / ".env").exists()
