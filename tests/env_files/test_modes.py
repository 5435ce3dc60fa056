"""Who may read the secret files of the working tree."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from nightlatch.core import sticking
from tests.env_files.conftest import look
from tests.support.private_keys import key_file
from tests.support.repository import Repository
from tests.support.tokens import github_token

PLAIN = "PORT=3000\n"
IGNORED = ".env*\n!.env.example\n!.env.sample\n*.key\n*.pem\n*.p12\n.npmrc\n.netrc\ncredentials.json\n.aios\nlogs\n"


@pytest.fixture
def tidy(repository: Repository) -> Repository:
    """A repository whose .gitignore covers what the tests put there."""
    repository.stage(".gitignore", IGNORED)
    repository.commit()
    return repository


def put(repository: Repository, path: str, content: str | bytes = PLAIN, mode: int = 0o644) -> Path:
    target = repository.write(path, content)
    target.chmod(mode)
    return target


CLOSED = (0o600, 0o400, 0o000, 0o700, 0o200)
OPEN = (0o644, 0o640, 0o604, 0o660, 0o606, 0o601, 0o444, 0o777)


@pytest.mark.parametrize("mode", CLOSED, ids=oct)
def test_what_only_its_owner_may_touch_is_closed(tidy: Repository, mode: int) -> None:
    put(tidy, ".env", mode=mode)
    outcome = tidy.nightlatch("env-files", "--format", "json")
    assert outcome.json()["findings"] == []


@pytest.mark.parametrize("mode", OPEN, ids=oct)
def test_any_bit_for_others_is_told_with_the_mode_to_set(tidy: Repository, mode: int) -> None:
    put(tidy, ".env", mode=mode)
    (found,) = tidy.nightlatch("env-files", "--format", "json").json()["findings"]
    assert (found["rule"], found["severity"], found["path"]) == ("ENV001", "error", ".env")
    assert found["data"] == {"mode": f"{mode:03o}", "to": f"{mode & 0o700:03o}"}
    command = found["fix"].removeprefix("Run: ").split()
    assert command == ["chmod", f"{mode & 0o700:o}", ".env"]
    os.chmod(tidy.path / ".env", int(command[1], 8))
    assert look(tidy) == []


def _key() -> bytes:
    return key_file("pkcs8_ec", random.Random(7)).encode()


SECRET: dict[str, Callable[[], str | bytes]] = {
    ".env.production": lambda: PLAIN,
    "deep/down/.env.local": lambda: PLAIN,
    ".envrc": lambda: "use flake\n",
    "certs/server.key": _key,
    "certs/server.pem": lambda: b"-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n" + _key(),
    "identity.p12": lambda: b"\x30\x82",
    ".npmrc": lambda: f"//registry.npmjs.org/:_authToken={github_token()}\n",
    ".netrc": lambda: "machine example.com login ada password " + "x" * 9 + "\n",
    "credentials.json": lambda: "{}\n",
}


@pytest.mark.parametrize("path", SECRET)
def test_what_holds_credentials_must_be_closed(tidy: Repository, path: str) -> None:
    put(tidy, path, SECRET[path]())
    assert look(tidy) == [f"error ENV001 {path}"]


HARMLESS = {
    ".env.example": PLAIN,
    ".env.sample": PLAIN,
    ".env": "",
    ".env.d.ts": "declare const x: string;\n",
    "certs/server.pem": "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n",
    "certs/rsa.pem": "-----BEGIN PUBLIC KEY-----\nMA==\n-----END PUBLIC KEY-----\n",
    "translation.key": "hello = Hello\n",
    ".npmrc": "save-exact=true\n",
    "node_modules/x/.env": PLAIN,
}


@pytest.mark.parametrize("path", HARMLESS)
def test_what_holds_none_may_be_open(tidy: Repository, path: str) -> None:
    put(tidy, path, HARMLESS[path])
    assert [found for found in look(tidy) if "ENV001" in found] == []


def test_modes_are_not_asked_of_what_git_tracks(tidy: Repository) -> None:
    """git keeps 644 and 755 alone: 600 would be lost with the next checkout."""
    tidy.stage("certs/server.key", _key())
    tidy.stage("credentials.json", "{}\n")
    assert look(tidy) == []


@pytest.mark.parametrize("variable", ["CI", "GITHUB_ACTIONS", "GITLAB_CI"])
def test_modes_are_not_asked_of_a_ci_checkout(tidy: Repository, variable: str) -> None:
    put(tidy, ".env")
    assert look(tidy, **{variable: "true"}) == []
    assert look(tidy, **{variable: "false"}) == ["error ENV001 .env"]


def test_files_outside_git(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    put(repository, ".env")
    assert look(repository) == ["error ENV001 .env"]


def test_paths_narrow_the_check(tidy: Repository) -> None:
    put(tidy, ".env")
    put(tidy, "apps/web/.env")
    assert look(tidy, "apps") == ["error ENV001 apps/web/.env"]
    assert look(tidy, ".env") == ["error ENV001 .env"]
    assert look(tidy, ".") == ["error ENV001 .env", "error ENV001 apps/web/.env"]


def test_excluded_files_are_skipped(tidy: Repository) -> None:
    put(tidy, "vendored/.env")
    tidy.write(".nightlatch.yaml", "exclude: [/vendored/**]\n")
    outcome = tidy.nightlatch("env-files", "--format", "json")
    assert outcome.json()["findings"] == []
    assert [remark["path"] for remark in outcome.json()["skipped"]] == ["vendored/.env"]


# ── The configuration ───────────────────────────────────────────────────────────────────────────────


def configure(repository: Repository, text: str) -> None:
    repository.write(".nightlatch.yaml", f"env-files: {{{text}}}\n")


def test_files_of_the_configuration(tidy: Repository) -> None:
    configure(tidy, 'secret-files: [/users.json, "/temp/*", "!.env.test"]')
    put(tidy, "users.json")
    put(tidy, "temp/session")
    put(tidy, "other/users.json")
    put(tidy, ".env.test")
    assert look(tidy) == ["error ENV001 temp/session", "error ENV001 users.json"]


def test_folders_of_the_configuration_must_be_closed_themselves(tidy: Repository) -> None:
    configure(tidy, "secret-folders: [/.aios/]")
    put(tidy, ".aios/sub/config.yaml")
    assert look(tidy) == ["error ENV002 .aios"]
    (tidy.path / ".aios").chmod(0o500)
    assert look(tidy) == []


def test_logs_are_asked_only_where_they_are_configured(tidy: Repository) -> None:
    put(tidy, "logs/app.log", mode=0o666)
    assert look(tidy) == []
    configure(tidy, "logs: [/logs/]")
    assert look(tidy) == ["warning ENV003 logs", "warning ENV003 logs/app.log"]
    (tidy.path / "logs").chmod(0o750)
    (tidy.path / "logs" / "app.log").chmod(0o640)
    assert look(tidy) == []


# ── Owners, folders, links ──────────────────────────────────────────────────────────────────────────


def test_a_folder_that_anyone_may_write_to(tidy: Repository) -> None:
    put(tidy, "open/.env", mode=0o600)
    put(tidy, "open/.env.local", mode=0o600)
    (tidy.path / "open").chmod(0o777)
    assert look(tidy) == ["warning ENV010 open/.env"]
    (tidy.path / "open").chmod(0o1777)
    assert look(tidy) == [], "the sticky bit keeps others from replacing it"


def test_another_hard_link(tidy: Repository) -> None:
    os.link(put(tidy, ".env", mode=0o600), tidy.path / "other-name")
    assert look(tidy) == ["warning ENV010 .env"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user(tidy: Repository) -> None:
    """For root it may be anyone's: in a container it usually is."""
    os.chown(put(tidy, ".env", mode=0o600), 12345, 12345)
    assert look(tidy) == []


def test_a_link_out_of_the_repository(tidy: Repository, tmp_path: Path) -> None:
    outside = tmp_path / "shared"
    outside.write_text(PLAIN)
    outside.chmod(0o600)
    (tidy.path / ".env").symlink_to(outside)
    (found,) = tidy.nightlatch("env-files", "--format", "json").json()["findings"]
    assert (found["rule"], found["severity"]) == ("ENV009", "warning")
    assert "mode" not in found["message"]
    outside.chmod(0o644)
    (found,) = tidy.nightlatch("env-files", "--format", "json").json()["findings"]
    assert "mode 644" in found["message"]


def test_a_link_to_another_env_file_is_told_there(tidy: Repository) -> None:
    put(tidy, ".env", mode=0o600)
    (tidy.path / "apps").mkdir()
    (tidy.path / "apps" / ".env").symlink_to("../.env")
    assert look(tidy) == []
    (tidy.path / ".env").chmod(0o644)
    assert look(tidy) == ["error ENV001 .env"]


def test_a_link_to_a_file_that_others_may_read(tidy: Repository) -> None:
    put(tidy, "config/local")
    (tidy.path / ".env").symlink_to("config/local")
    assert look(tidy) == ["warning ENV009 .env"]
    (tidy.path / "config" / "local").chmod(0o600)
    assert look(tidy) == []


# ── Where modes don't stick ─────────────────────────────────────────────────────────────────────────


def test_modes_stick_here_and_nothing_is_left_behind(tmp_path: Path) -> None:
    assert sticking.probe(str(tmp_path)) == ""
    assert list(tmp_path.iterdir()) == []


def test_a_file_system_that_shows_one_mode_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As drvfs and CIFS do: fchmod succeeds, and changes nothing."""
    monkeypatch.setattr(os, "fchmod", lambda _descriptor, _mode: None)
    assert sticking.probe(str(tmp_path)) == sticking.FORGETFUL
    assert list(tmp_path.iterdir()) == []


def test_a_file_system_that_refuses_modes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_descriptor: int, _mode: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "fchmod", refuse)
    assert sticking.probe(str(tmp_path)) == sticking.FORGETFUL


def test_a_folder_that_may_not_be_written_to_is_taken_at_its_word(tmp_path: Path) -> None:
    assert sticking.probe(str(tmp_path / "gone")) == ""


def test_on_windows_nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nightlatch.core.sticking.os.name", "nt")
    assert sticking.Sticking().why_not("C:\\x") == sticking.WINDOWS


def test_where_modes_do_not_stick_files_are_skipped_with_the_reason(
    tidy: Repository, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from nightlatch import cli

    put(tidy, ".env", mode=0o777)
    monkeypatch.chdir(tidy.path)
    monkeypatch.setattr(sticking, "probe", lambda _folder: sticking.FORGETFUL)
    assert cli.main(["env-files", "--verbose"]) == 0
    assert f"mode 777: {sticking.FORGETFUL}" in capfd.readouterr().out
