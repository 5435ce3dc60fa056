"""`--fix` of the ignore file: it only ever hides more env files, whatever the names in the tree are."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nightlatch.core.git import Git
from nightlatch.core.secret_files import DIRENV, TEMPLATE, kind_of
from nightlatch.env_files import ignore_lines
from nightlatch.env_files.ignore_file import Answer, add
from tests.env_files.conftest import look
from tests.support.repository import Repository, environment

PORT = "PORT=3000\n"
HOSTILE = ".env.example\n!.env"


def close(repository: Repository, path: str) -> None:
    repository.write(path, PORT).chmod(0o600)


def is_ignored(repository: Repository, path: str) -> bool:
    code = subprocess.run(
        ["git", "check-ignore", "-q", "--no-index", path], cwd=repository.path, env=repository.env, check=False
    ).returncode
    return code == 0


def test_it_does_not_take_back_in_what_is_tracked_elsewhere(repository: Repository) -> None:
    """One `.env` is in git and PATHs leave it out of the run: git must go on ignoring the others."""
    repository.stage("tests/fixtures/.env", PORT)
    repository.stage("tests/fixtures/.env.local", PORT)
    repository.write(".gitignore", ".env\n")
    close(repository, "app/.env.production")
    repository.nightlatch("env-files", "app", "--fix")
    assert "!.env\n" not in (repository.path / ".gitignore").read_text()
    assert "!.env.local" not in (repository.path / ".gitignore").read_text()
    assert is_ignored(repository, "app/.env")
    assert is_ignored(repository, "app/.env.production")


def test_the_name_of_a_template_is_no_pattern(repository: Repository) -> None:
    close(repository, ".env")
    repository.write(f"a/{HOSTILE}", PORT)
    repository.write(".gitignore", ".env*\n")
    repository.nightlatch("env-files", "--fix", "--fail-on", "warning")
    assert is_ignored(repository, ".env")
    assert repository.path.joinpath(".gitignore").read_text().count("!.env\n") == 0


@pytest.mark.parametrize("line", ["!.env", "!.env.local", "!.envrc", "!*", "a\n!.env", "", "!", "*", "#x y", "[a]"])
def test_lines_that_are_never_written(repository: Repository, line: str) -> None:
    git = Git(str(repository.path), repository.env)
    repository.write(".gitignore", ".env\n")
    done = add(git, str(repository.path), [".env*", line])
    assert (done.is_failure, done.is_content) == (True, False)
    assert (repository.path / ".gitignore").read_text() == ".env\n"


def test_what_would_show_an_env_file_is_taken_back(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever lets such a line through, git's own word about it counts."""
    close(repository, ".env")
    repository.write(".gitignore", ".env\n")
    monkeypatch.setattr("nightlatch.env_files.ignore_file.is_ours", lambda _: True)
    done = add(Git(str(repository.path), repository.env), str(repository.path), ["!.env"])
    assert done.is_failure
    assert "no longer ignore" in done.what
    assert (repository.path / ".gitignore").read_text() == ".env\n"


@pytest.mark.parametrize("nested", ["!.env\n", "!.env*\n", "!*\n"])
def test_the_deciding_line_is_named_and_nothing_is_appended_again(repository: Repository, nested: str) -> None:
    close(repository, "web/.env")
    repository.stage("web/.gitignore", nested)
    repository.nightlatch("env-files", "--fix")
    first = (repository.path / ".gitignore").read_bytes() if (repository.path / ".gitignore").exists() else b""
    outcome = repository.nightlatch("env-files", "--fix")
    second = (repository.path / ".gitignore").read_bytes() if (repository.path / ".gitignore").exists() else b""
    assert first == second
    assert "web/.gitignore:1" in outcome.out
    assert "Take line 1 out of web/.gitignore." in outcome.out


def test_capitals_are_written_as_they_are(repository: Repository) -> None:
    close(repository, ".ENV")
    repository.nightlatch("env-files", "--fix")
    text = (repository.path / ".gitignore").read_text()
    assert ".ENV\n" in text
    assert repository.nightlatch("env-files", "--fix").code == 0
    assert (repository.path / ".gitignore").read_text() == text


def test_a_finding_that_nobody_was_shown_is_not_mended(repository: Repository) -> None:
    repository.stage("a.txt", "a\n")
    repository.write(".gitignore", ".env\n")
    assert look(repository) == ["info ENV006 .gitignore"]
    assert repository.nightlatch("env-files", "--fix").code == 0
    assert (repository.path / ".gitignore").read_text() == ".env\n"


NAMES = st.sampled_from(
    [".env", ".env.local", ".env.example", ".env.prod", ".envrc", ".ENV", ".env.d.ts", HOSTILE, ".env.sample", ".env*"]
)
PATHS = st.builds(lambda folder, name: folder + name, st.sampled_from(["", "a/", "a/b/"]), NAMES)
PATTERNS = st.sampled_from([".env", ".env*", "!.env", "!.env.local", "/.env", "a/", "*.local", "!.env.example", "x"])


@settings(max_examples=15, deadline=None)
@given(
    tracked=st.sets(PATHS, max_size=3),
    here=st.sets(PATHS, max_size=3),
    top=st.lists(PATTERNS, max_size=3),
    nested=st.lists(PATTERNS, max_size=2),
)
def test_git_only_ignores_more_and_the_second_run_changes_nothing(
    tracked: set[str], here: set[str], top: list[str], nested: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repository = Repository.create(Path(folder), "--template=")
        repository.env = environment()
        for path in tracked:
            repository.stage(path, PORT)
        for path in here:
            close(repository, path)
        repository.write(".gitignore", "".join(f"{line}\n" for line in top))
        repository.write("a/.gitignore", "".join(f"{line}\n" for line in nested))
        git = Git(folder, repository.env)
        before = Answer(git, folder).env
        assert repository.nightlatch("env-files", "--fix").code in (0, 1)
        text = (repository.path / ".gitignore").read_bytes()
        assert before <= Answer(git, folder).env
        repository.nightlatch("env-files", "--fix")
        assert (repository.path / ".gitignore").read_bytes() == text


@given(st.text(max_size=12), NAMES)
def test_no_line_shows_an_env_file(text: str, name: str) -> None:
    for line in ignore_lines.lines_for([name, text], [text, name]):
        assert ignore_lines.is_ours(line)
        if line.startswith("!"):
            kind = kind_of(line[1:])
            assert kind in (None, TEMPLATE)
            assert kind is not DIRENV
