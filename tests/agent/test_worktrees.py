"""The project's rules hold in every working tree of its repository."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nightlatch.agent.place import Place
from nightlatch.agent.worktrees import worktrees_of
from tests.support.agent import Project
from tests.support.repository import Repository

read = Place("", "").read_text


@pytest.fixture
def repository(project: Project) -> Repository:
    """The project as a repository with one commit."""
    made = Repository(project.root)
    made.git("init", "--quiet")
    made.git("add", "--all")
    made.commit("start")
    return made


@pytest.fixture(params=["within", "beside"])
def worktree(repository: Repository, request: pytest.FixtureRequest) -> Path:
    """Another working tree: where Claude Code makes its own, or beside the project."""
    root = repository.path
    place = root / ".claude" / "worktrees" / "x" if request.param == "within" else root.parent / "x"
    repository.git("worktree", "add", "--quiet", str(place))
    return place


def test_the_rules_of_the_project_hold_in_a_worktree(project: Project, worktree: Path) -> None:
    project.configure(
        "protected-files: {rules: [{id: g, paths: [/CLAUDE.md], read: whole}, "
        '{id: s, paths: ["/secrets/**"], read: deny}], write-allowed: ["/src/**"]}'
    )
    for path, expected in (("src/new.ts", "pass"), ("other/new.ts", "deny")):
        assert project.decision("Write", {"file_path": str(worktree / path), "content": "x"}) == expected
    for command, expected in (
        (f"sed -i s/a/b/ {worktree}/src/app.ts", "pass"),
        (f"cat {worktree}/secrets/prod.yaml", "deny"),
        (f"head -3 {worktree}/CLAUDE.md", "deny"),
        (f"head -3 {worktree}/README.md", "pass"),
    ):
        assert project.decision("Bash", {"command": command}, cwd=str(worktree)) == expected


def test_each_of_them_knows_the_others(repository: Repository, worktree: Path) -> None:
    root = repository.path
    assert worktrees_of(str(root), read) == [str(worktree)]
    assert worktrees_of(str(worktree), read) == [str(root)]
    repository.git("worktree", "add", "--quiet", str(root.parent / "y"))
    assert worktrees_of(str(worktree), read) == [str(root), str(root.parent / "y")]


def test_one_that_does_not_name_the_repository_is_none(repository: Repository, worktree: Path) -> None:
    shutil.rmtree(worktree)
    worktree.mkdir()
    assert worktrees_of(str(repository.path), read) == []
    (worktree / ".git").write_text("gitdir: /elsewhere/.git/worktrees/x\n")
    assert worktrees_of(str(repository.path), read) == []


def test_where_there_is_no_repository_there_is_none(tmp_path: Path) -> None:
    assert worktrees_of(str(tmp_path), read) == []
    (tmp_path / ".git").write_text("no link\n")
    assert worktrees_of(str(tmp_path), read) == []
