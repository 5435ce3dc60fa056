from __future__ import annotations

import os
from pathlib import Path

import pytest

from nightlatch.core.errors import GitError, NotARepositoryError
from nightlatch.core.git import Git, failure, find_git, hardened
from tests.support.repository import Repository, environment


def test_only_what_says_where_the_repository_lies_is_kept() -> None:
    given = {
        "GIT_INDEX_FILE": ".git/next-index",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*",
        "GIT_EXTERNAL_DIFF": "evil",
        "GIT_SSH_COMMAND": "evil",
        "GIT_TRACE": "1",
        "GIT_PAGER": "evil",
        "HOME": "/home/ada",
    }
    kept = hardened(given)
    assert {name for name in given if kept.get(name) == given[name]} == set(given) - {
        "GIT_EXTERNAL_DIFF",
        "GIT_SSH_COMMAND",
        "GIT_TRACE",
        "GIT_PAGER",
    }


def test_in_another_repository_what_git_set_for_a_hook_is_dropped() -> None:
    kept = hardened({"GIT_DIR": "x", "GIT_INDEX_FILE": "y", "GIT_CONFIG_GLOBAL": "z"}, foreign=True)
    assert "GIT_DIR" not in kept
    assert "GIT_INDEX_FILE" not in kept
    assert kept["GIT_CONFIG_GLOBAL"] == "z"


def test_git_is_never_taken_from_a_relative_folder_of_the_path(tmp_path: Path) -> None:
    planted = tmp_path / "git"
    planted.write_text("#!/bin/sh\nexit 0\n")
    planted.chmod(0o755)
    assert find_git({"PATH": str(tmp_path)}) == str(planted)
    for relative in (".", "", "bin"):
        with pytest.raises(GitError, match="not found on the PATH"):
            find_git({"PATH": relative})


def test_outside_a_repository_is_told_apart_from_a_refusal() -> None:
    command = ("git", "-c", "submodule.recurse=false", "diff", "--cached")
    assert isinstance(failure(command, 128, "fatal: not a git repository (or any …)"), NotARepositoryError)
    refused = failure(command, 128, "fatal: detected dubious ownership in repository at '/srv/app'\nTo add …")
    assert not isinstance(refused, NotARepositoryError)
    assert "safe.directory" in refused.remedy
    assert "/srv/app" in refused.remedy
    assert "exit code 3: fatal: boom" in failure(command, 3, "warning: x\nfatal: boom\n").what


def test_much_output_on_both_streams_is_read_whole(repository: Repository) -> None:
    for number in range(3):
        repository.stage(f"{number}", f"{number}\n" * 100_000)
    git = Git(str(repository.path), environment())
    names = [line.split()[1] for line in git.run("ls-files", "--stage").decode().splitlines()]
    objects = list(git.objects(names, limit=10**6))
    assert [content for _, content, _ in objects] == [f"{number}\n".encode() * 100_000 for number in range(3)]


def test_more_objects_than_a_pipe_holds_come_in_order(repository: Repository) -> None:
    for number in range(300):
        repository.write(f"{number:03}", f"content {number}\n")
    repository.git("add", ".")
    git = Git(str(repository.path), environment())
    names = [line.split()[1] for line in git.run("ls-files", "--stage").decode().splitlines()] * 20
    contents = [content for _, content, _ in git.objects(iter(names), limit=10**6)]
    assert contents == [f"content {number}\n".encode() for number in range(300)] * 20


def test_objects_that_are_missing_or_over_the_limit_are_said(repository: Repository) -> None:
    repository.stage("large", "x" * 1000)
    repository.stage("small", "y")
    git = Git(str(repository.path), environment())
    large, small = (line.split()[1] for line in git.run("ls-files", "--stage").decode().splitlines())
    answers = list(git.objects(["0" * 40, large, small], limit=999))
    assert answers == [("0" * 40, None, -1), (large, None, 1000), (small, b"y", 1)]


def test_leaving_a_conversation_early_leaves_no_process(repository: Repository) -> None:
    repository.stage("a", "x" * 500_000)
    git = Git(str(repository.path), environment())
    name = git.run("ls-files", "--stage").decode().split()[1]
    answers = git.objects([name] * 100, limit=10**6)
    next(answers)
    answers.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_failing_git_is_an_error_with_its_own_words(repository: Repository) -> None:
    with pytest.raises(GitError, match=r"`git cat-file` failed with exit code 128"):
        Git(str(repository.path), environment()).run("cat-file", "blob", "nothing")


def test_git_that_can_not_be_started_is_an_error(tmp_path: Path) -> None:
    broken = tmp_path / "git"
    broken.write_text("no program")
    broken.chmod(0o755)
    with pytest.raises(GitError, match="could not be started"):
        Git(None, {"PATH": str(tmp_path)}).run("version")


def test_a_git_that_never_answers_is_given_up(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(repository.path / ".gitignore")
    repository.write("a.txt", "x\n")
    monkeypatch.setattr("nightlatch.core.git.PATIENCE", 1)
    git = Git(str(repository.path), environment())
    with pytest.raises(GitError, match="no answer"):
        git.run("ls-files", "--others", "--exclude-standard")
