"""Where secret files are looked for beside the folders that people fill, and what is said of the rest."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.env_files.conftest import look
from tests.support.repository import Repository
from tests.support.tokens import github_token

COVER = ".env*\n!.env.example\n"
PORT = "PORT=3000\n"


def secret() -> str:
    return f"GITHUB_TOKEN={github_token()}\n"


def skipped(repository: Repository, *arguments: str) -> dict[str, str]:
    outcome = repository.nightlatch("env-files", "--format", "json", *arguments)
    assert outcome.code in (0, 1), outcome
    return {remark["path"]: remark["reason"] for remark in outcome.json()["skipped"]}


@pytest.mark.parametrize("path", ["vendor/.env", "a/dist/.env.production", "node_modules/x/.ENV"])
def test_what_git_tracks_is_found_where_the_walk_does_not_go(repository: Repository, path: str) -> None:
    repository.stage(path, secret())
    repository.commit()
    repository.stage("a.txt", "a\n")
    assert look(repository) == [f"error ENV004 {path}"]


@pytest.mark.parametrize("version", ["2", "4"])
def test_what_was_deleted_on_the_disk_alone_is_still_in_git(repository: Repository, version: str) -> None:
    repository.git("config", "index.version", version)
    repository.stage(".environs/a", "a\n")
    repository.stage(".env", secret())
    repository.commit()
    (repository.path / ".env").unlink()
    repository.stage("a.txt", "a\n")
    assert look(repository) == ["error ENV004 .env"]


def test_the_index_of_another_working_tree(repository: Repository) -> None:
    repository.stage("vendor/.env", secret())
    repository.commit()
    repository.git("worktree", "add", "--quiet", "../other")
    other = Repository(repository.path.parent / "other", repository.env)
    other.stage("a.txt", "a\n")
    assert look(other) == ["error ENV004 vendor/.env"]


CONFIGURED = {
    "secret-files": ("vendor/keys/x.bin", "/vendor/keys/*.bin", "error ENV001 vendor/keys/x.bin"),
    "secret-folders": ("build/secrets/x", "/build/secrets/", "error ENV002 build/secrets"),
    "logs": ("out/logs/app.log", "/out/logs/", "warning ENV003 out/logs/app.log"),
}


@pytest.mark.parametrize("key", CONFIGURED)
def test_what_the_configuration_names_is_looked_for_in_every_folder(repository: Repository, key: str) -> None:
    path, pattern, finding = CONFIGURED[key]
    repository.write(".gitignore", "vendor/\nbuild/\nout/\n")
    repository.write(".nightlatch.yaml", f"env-files: {{{key}: ['{pattern}']}}\n")
    repository.write(path, "x\n").chmod(0o666)
    assert finding in look(repository)


def test_a_folder_that_became_a_link_stops_nothing(repository: Repository) -> None:
    repository.stage("config/.env", secret())
    repository.commit()
    (repository.path / "config" / ".env").unlink()
    (repository.path / "config").rmdir()
    (repository.path / "other").mkdir()
    (repository.path / "config").symlink_to("other")
    repository.stage("a.txt", "a\n")
    assert look(repository) == ["error ENV004 config/.env"]


def test_a_path_that_is_a_link_to_a_folder_is_said(repository: Repository) -> None:
    repository.write("real/.env", PORT)
    (repository.path / "link").symlink_to("real")
    assert "name the folder itself" in skipped(repository, "link")["link"]


@pytest.mark.parametrize("mark", ["CACHEDIR.TAG", "pyvenv.cfg"])
def test_a_folder_that_a_mark_closes_is_said(repository: Repository, mark: str) -> None:
    repository.write(f"some/{mark}", "")
    assert mark in skipped(repository)["some"]


def test_an_empty_git_folder_closes_nothing(repository: Repository) -> None:
    repository.write("web/.env", PORT)
    (repository.path / "web" / ".git").mkdir()
    assert "error ENV001 web/.env" in look(repository)


@pytest.mark.parametrize("path", [".env", ".envrc"])
def test_a_fifo_can_not_be_committed(repository: Repository, path: str) -> None:
    os.mkfifo(repository.path / path, 0o600)
    outcome = repository.nightlatch("env-files", "--format", "json", "--staged")
    assert outcome.code == 0, outcome
    assert [found for found in outcome.json()["findings"] if found["rule"] == "ENV005"] == []


def test_a_note_in_the_first_line_allows_the_file(repository: Repository) -> None:
    repository.stage(".env", f"# nightlatch: allow ENV004 -- agreed on\nPORT=3000\nHOST=a\n{secret()}")
    assert look(repository) == []


def test_ci_off_is_no_ci(repository: Repository) -> None:
    repository.write(".gitignore", COVER)
    repository.write(".env", PORT).chmod(0o644)
    assert look(repository, CI="off") == ["error ENV001 .env"]


# ── Contents of frameworks ──────────────────────────────────────────────────────────────────────────


def contents(repository: Repository, text: str) -> list[tuple[str, str, str]]:
    repository.write(".gitignore", COVER)
    repository.write(".env", text).chmod(0o600)
    findings = repository.nightlatch("env-files", "--format", "json").json()["findings"]
    return [(found["rule"], found["severity"], found["fix"]) for found in findings]


def test_laravel(repository: Repository) -> None:
    repository.write("artisan", "")
    text = 'APP_NAME=Shop\nMAIL_FROM_NAME="${APP_NAME}"\nREDIS_PASSWORD=null\nMAIL_PASSWORD=null\n'
    assert contents(repository, text) == []
    ((rule, _, fix),) = contents(repository, "APP_KEY=changeme\n")
    assert (rule, fix) == ("ENV105", "Run: php artisan key:generate")


def test_the_key_of_a_new_django_project(repository: Repository) -> None:
    text = f"SECRET_KEY=django-insecure-{github_token()[4:]}\n"
    assert [severity for rule, severity, _ in contents(repository, text) if rule == "ENV105"] == ["warning"]


def test_the_end_of_a_key_is_not_shown(repository: Repository) -> None:
    end = "Zm9vYmFyQmF6" + "="
    repository.write(".gitignore", COVER)
    repository.write(".env", f"{end}\n{end}\n").chmod(0o600)
    outcome = repository.nightlatch("env-files", "--format", "json")
    assert [found["rule"] for found in outcome.json()["findings"]] == ["ENV101"]
    assert end[:-1] not in outcome.out


def test_a_line_of_the_ledger_that_is_not_understood_is_told(repository: Repository) -> None:
    repository.stage(".nightlatch-rotation.csv", "# the ledger\n\nOPENAI_API_KEY;ai;2020-01-01\n")
    repository.stage(".env.example", PORT)
    repository.write(".gitignore", COVER)
    found = repository.nightlatch("env-files", "--format", "json").findings()
    assert found == ["ENV115 .nightlatch-rotation.csv:3"]


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("JWT_SECRET,jvt,2020-01-01", "Write one of: ai, jwt, mcp, service."),
        ("JWT_SECRET,jwt,01.01.2020", "Write the day on which it was made."),
        ("JWT_SECRET", "Write NAME,class,YYYY-MM-DD."),
        ("JWT_SECRET,jwt,2020-01-01", "Replace the secret, and put today's date into the ledger."),
    ],
)
def test_what_is_amiss_in_the_ledger_is_mended_there(repository: Repository, line: str, fix: str) -> None:
    repository.stage(".nightlatch-rotation.csv", f"{line}\n")
    repository.stage(".env.example", PORT)
    repository.write(".gitignore", COVER)
    (found,) = repository.nightlatch("env-files", "--format", "json").json()["findings"]
    assert (found["rule"], found["fix"]) == ("ENV115", fix)


def test_a_ledger_that_the_configuration_names_must_be_there(repository: Repository) -> None:
    repository.stage(".nightlatch.yaml", "version: 1\nenv-files: {ledger: gone.csv}\n")
    repository.stage(".env.example", PORT)
    outcome = repository.nightlatch("env-files", "--format", "json")
    assert outcome.code == 2
    assert [one["path"] for one in outcome.json()["unchecked"]] == ["gone.csv"]


# ── How much work it is ─────────────────────────────────────────────────────────────────────────────


def gits(repository: Repository, folder: Path) -> int:
    """How often git is started by one run."""
    folder.mkdir(exist_ok=True)
    log, fake = folder / "log", folder / "git"
    log.unlink(missing_ok=True)
    fake.write_text(f'#!/bin/sh\necho x >> "{log}"\nexec {shutil.which("git")} "$@"\n')
    fake.chmod(0o755)
    repository.nightlatch("env-files", PATH=f"{folder}{os.pathsep}{os.environ['PATH']}")
    return len(log.read_text().splitlines())


def test_git_is_started_as_often_for_many_files_as_for_one(repository: Repository, tmp_path: Path) -> None:
    repository.stage("a.txt", "a\n")
    repository.write("d0/.env", PORT).chmod(0o600)
    one = gits(repository, tmp_path / "bin")
    for number in range(1, 12):
        repository.write(f"d{number}/.env", PORT).chmod(0o600)
    assert gits(repository, tmp_path / "bin") == one


def test_a_repository_without_env_files_costs_no_further_git(repository: Repository, tmp_path: Path) -> None:
    repository.stage("a.txt", "a\n")
    assert gits(repository, tmp_path / "bin") == 2, "what is staged, and where the top folder is"
    repository.commit()
    assert gits(repository, tmp_path / "bin") == 4, "and two lists of all files, since nothing is staged"
