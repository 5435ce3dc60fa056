"""Files and folders that can't be looked into: said, never passed over in silence, and never waited for."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.support.repository import COMMAND, Outcome, Repository, run

PORT = "PORT=3000\n"
BOUND = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
"""Before a command so that file modes hold for it: they don't for root as he is."""

needs_modes = pytest.mark.skipif(bool(BOUND) and not shutil.which("setpriv"), reason="modes don't hold for root")


@pytest.fixture
def covered(repository: Repository) -> Repository:
    repository.stage(".gitignore", ".env*\n!.env.example\nsecret\n")
    repository.commit()
    return repository


def look(repository: Repository, *arguments: str) -> Outcome:
    return run(*BOUND, COMMAND, "env-files", "--format", "json", *arguments, cwd=repository.path, env=repository.env)


def remarks(outcome: Outcome, kind: str) -> list[tuple[str, str]]:
    return [(remark["path"], remark["reason"]) for remark in outcome.json()[kind]]


def test_a_fifo_is_skipped_and_not_waited_for(covered: Repository) -> None:
    """Password managers put one in an env file's place."""
    os.mkfifo(covered.path / ".env", 0o644)
    outcome = look(covered)
    assert outcome.code == 0
    assert [path for path, _ in remarks(outcome, "skipped")] == [".env"]


def test_a_fifo_in_the_place_of_a_key(covered: Repository) -> None:
    os.mkfifo(covered.path / "server.key", 0o644)
    assert look(covered).code == 0


def test_a_link_that_leads_back_to_itself_is_unchecked(covered: Repository) -> None:
    (covered.path / ".env").symlink_to(".env")
    outcome = look(covered)
    assert outcome.code == 2
    assert [path for path, _ in remarks(outcome, "unchecked")] == [".env"]


def test_a_link_that_leads_nowhere_is_skipped(covered: Repository) -> None:
    (covered.path / ".env").symlink_to("gone")
    outcome = look(covered)
    assert outcome.code == 0
    assert (".env", "a link that leads nowhere") in remarks(outcome, "skipped")


def test_folders_that_link_to_one_another(covered: Repository) -> None:
    (covered.path / "a").mkdir()
    (covered.path / "a" / "b").symlink_to("..")
    (covered.path / "a" / "c").symlink_to("c")
    assert look(covered).code == 0


@needs_modes
def test_an_env_file_that_may_not_be_read_is_unchecked(covered: Repository) -> None:
    covered.write(".env", PORT).chmod(0)
    outcome = look(covered)
    assert outcome.code == 2
    assert remarks(outcome, "unchecked") == [(".env", "permission denied")]


@needs_modes
def test_a_key_that_may_not_be_read_is_as_closed_as_can_be(covered: Repository) -> None:
    covered.write("server.key", PORT).chmod(0)
    assert look(covered).code == 0


@needs_modes
def test_a_folder_that_may_not_be_read_is_unchecked(covered: Repository) -> None:
    covered.write("secret/.env", PORT)
    (covered.path / "secret").chmod(0)
    outcome = look(covered)
    (covered.path / "secret").chmod(0o755)
    assert outcome.code == 2
    assert remarks(outcome, "unchecked") == [("secret", "folder: permission denied")]


@needs_modes
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_closed_folder_of_another_user_is_skipped(covered: Repository) -> None:
    """As the data of a database in a container: it would stop every commit."""
    covered.write("secret/.env", PORT)
    os.chown(covered.path / "secret", 12345, 12345)
    (covered.path / "secret").chmod(0o700)
    outcome = look(covered)
    assert outcome.code == 0
    assert remarks(outcome, "skipped") == [("secret", "a folder of another user, closed to you")]


def test_ten_megabytes(covered: Repository) -> None:
    text = "".join(f"# {'x' * 80}\n" for _ in range(120_000)) + PORT
    covered.write(".env", text).chmod(0o644)
    outcome = look(covered)
    assert outcome.code == 1
    assert [found["rule"] for found in outcome.json()["findings"] if found["rule"] < "ENV1"] == ["ENV001"]


def test_over_the_bound(covered: Repository) -> None:
    target = covered.write(".env", b"")
    os.truncate(target, 100 * 1024 * 1024 + 1)
    target.chmod(0o600)
    outcome = look(covered)
    assert outcome.code == 2
    assert remarks(outcome, "unchecked") == [(".env", "larger than 100 MiB (104857601 bytes)")]


def test_a_folder_in_the_place_of_an_env_file(covered: Repository) -> None:
    """As a virtual environment that was named so."""
    covered.write(".env/bin/python", "")
    covered.write(".env/pyvenv.cfg", "")
    assert look(covered).code == 0


def test_outside_git_nothing_is_asked_of_it(tmp_path: Path) -> None:
    folder = Repository(tmp_path / "plain")
    folder.write(".env", PORT).chmod(0o600)
    folder.write(".gitignore", "node_modules\n")
    assert look(folder).json()["findings"] == []


def test_a_git_that_cannot_answer(covered: Repository, tmp_path: Path) -> None:
    covered.write(".env", PORT).chmod(0o600)
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    real = shutil.which("git")
    fake.write_text(f'#!/bin/sh\nfor word; do [ "$word" = check-ignore ] && exit 3; done\nexec {real} "$@"\n')
    fake.chmod(0o755)
    path = f"{fake.parent}{os.pathsep}{os.environ['PATH']}"
    outcome = covered.nightlatch("env-files", PATH=path)
    assert outcome.code == 2
    assert "check-ignore" in outcome.err
