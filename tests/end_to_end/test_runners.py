"""The snippets of docs/runners.md, each run by what it is for."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.support.repository import COMMAND, Outcome, Repository, environment, run
from tests.support.tokens import github_token, line_with_token

PAGE = Path(__file__).parents[2] / "docs" / "runners.md"
SNIPPETS = dict(re.findall(r"<!-- snippet: (\S+) -->\n```\w+\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))
NODE_TOOLS = ("lefthook@2.2.2", "husky@9.1.7", "lint-staged@16.4.0")

with_node = pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")


def with_command(**changes: str) -> dict[str, str]:
    """The environment in which `nightlatch` is found, as for a user who installed it."""
    return environment(PATH=os.pathsep.join((str(Path(COMMAND).parent), os.environ["PATH"])), **changes)


def write_snippet(repository: Repository, name: str) -> None:
    repository.write(name, SNIPPETS[name]).chmod(0o755)


def git(repository: Repository, *words: str) -> Outcome:
    return run("git", *words, cwd=repository.path, env=repository.env)


def assert_refused(outcome: Outcome) -> None:
    said = outcome.out + outcome.err
    assert outcome.code != 0, said
    assert "SEC301" in said
    assert github_token() not in said


@pytest.fixture
def user(tmp_path: Path) -> Repository:
    """A repository with one commit, in an environment that has the command."""
    repository = Repository.create(tmp_path / "user")
    repository.env = with_command(HOME=str(tmp_path))
    repository.stage("a.txt", "x\n")
    repository.commit("start")
    return repository


@pytest.fixture
def server(user: Repository, tmp_path: Path) -> Repository:
    """The remote of that repository, which has its first commit."""
    bare = Repository.create(tmp_path / "server", "--bare")
    user.git("remote", "add", "origin", str(bare.path))
    user.git("push", "--quiet", "origin", "main")
    return bare


def assert_guards_commits(user: Repository) -> None:
    """A token is refused, in a file and in a message; without it the commit passes."""
    user.stage("b.txt", line_with_token())
    assert_refused(git(user, "commit", "-m", "b"))
    user.stage("b.txt", "clean\n")
    assert_refused(git(user, "commit", "-m", f"b {github_token()}"))
    outcome = git(user, "commit", "-m", "b")
    assert outcome.code == 0, outcome


def test_git_s_own_hooks_guard_commits(user: Repository) -> None:
    write_snippet(user, ".git/hooks/pre-commit")
    write_snippet(user, ".git/hooks/commit-msg")
    assert_guards_commits(user)


def push_cases(user: Repository) -> None:
    """Commits that bring a token and take it out again can't be pushed; what is clean, and deletions, can."""
    user.git("checkout", "--quiet", "-b", "feature")
    user.stage("b.txt", "clean\n")
    user.commit("clean")
    assert git(user, "push", "--quiet", "origin", "feature").code == 0
    user.stage("b.txt", line_with_token())
    user.commit("bring")
    user.stage("b.txt", "clean\n")
    user.commit("take out")
    assert_refused(git(user, "push", "origin", "feature"))
    assert_refused(git(user, "push", "origin", "feature:other"))
    user.git("reset", "--quiet", "--hard", "HEAD~2")
    user.stage("c.txt", "clean\n")
    user.commit("clean again")
    assert git(user, "push", "--quiet", "origin", "feature").code == 0
    assert git(user, "push", "--quiet", "--force", "origin", "main:feature").code == 0
    assert git(user, "push", "--quiet", "origin", "--delete", "feature").code == 0


@pytest.mark.usefixtures("server")
def test_a_pre_push_hook_checks_every_commit_that_is_pushed(user: Repository) -> None:
    write_snippet(user, ".git/hooks/pre-push")
    push_cases(user)


def test_a_server_checks_in_quarantine_what_it_receives(user: Repository, server: Repository) -> None:
    write_snippet(server, "hooks/pre-receive")
    push_cases(user)
    kept = run("git", "count-objects", "-v", cwd=server.path)
    assert "garbage: 0" in kept.out


@pytest.fixture(scope="module")
def node_tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("node")
    install = ("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), *NODE_TOOLS)
    outcome = run(*install, cwd=folder)
    assert outcome.code == 0, outcome
    return folder / "node_modules" / ".bin"


@pytest.fixture
def with_tools(user: Repository, node_tools: Path) -> Repository:
    user.env["PATH"] = os.pathsep.join((str(node_tools), user.env["PATH"]))
    user.write("package.json", '{"name": "app", "version": "1.0.0"}\n')
    return user


@pytest.mark.slow
@with_node
def test_lefthook(with_tools: Repository) -> None:
    write_snippet(with_tools, "lefthook.yml")
    assert run("lefthook", "install", cwd=with_tools.path, env=with_tools.env).code == 0
    assert_guards_commits(with_tools)


@pytest.mark.slow
@with_node
def test_husky(with_tools: Repository) -> None:
    assert run("husky", cwd=with_tools.path, env=with_tools.env).code == 0
    write_snippet(with_tools, ".husky/pre-commit")
    write_snippet(with_tools, ".husky/commit-msg")
    assert_guards_commits(with_tools)


@pytest.mark.slow
@with_node
def test_lint_staged(with_tools: Repository) -> None:
    write_snippet(with_tools, ".lintstagedrc.json")
    hook = with_tools.write(".git/hooks/pre-commit", "#!/bin/sh\nexec lint-staged\n")
    hook.chmod(0o755)
    write_snippet(with_tools, ".git/hooks/commit-msg")
    assert_guards_commits(with_tools)
    with_tools.stage("half.txt", line_with_token())
    with_tools.write("half.txt", "the working copy has it no longer\n")
    assert_refused(git(with_tools, "commit", "-m", "half"))


def test_every_snippet_has_its_test() -> None:
    tests = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in SNIPPETS if f'"{name}"' not in tests] == []
