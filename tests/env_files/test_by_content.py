"""Files whose names leave open what they are: their content decides."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable

import pytest

from tests.env_files.conftest import look
from tests.support.repository import Repository
from tests.support.tokens import github_token

COVER = ".env*\n!.env.example\n"
PORT = "PORT=3000\n"


def random_text(count: int) -> str:
    return base64.b64encode(hashlib.shake_256(b"cipher").digest(count)).decode()


def secret() -> str:
    return f"GITHUB_TOKEN={github_token()}\n"


SEALED: dict[str, Callable[[], str | bytes]] = {
    ".env.vault": lambda: f'#/--- .env.vault ---/\nDOTENV_VAULT_CI="{random_text(120)}"\n',
    ".env.enc": lambda: b"Salted__" + hashlib.shake_256(b"x").digest(80),
    ".env.production.encrypted": lambda: "eyJpdiI6" + random_text(90),
    ".env.gpg": lambda: b"\x85\x01\x8c\x03" + hashlib.shake_256(b"y").digest(200).replace(b"\0", b"\x01"),
    ".env.sops": lambda: f"KEY=ENC[AES256_GCM,data:{random_text(9)},type:str]\nsops_version=3.9.0\n",
}


@pytest.mark.parametrize("path", SEALED)
def test_encrypted_files_belong_into_git_and_may_be_open(repository: Repository, path: str) -> None:
    content = SEALED[path]()
    repository.stage(path, content)
    repository.write(f"b/{path}", content).chmod(0o644)
    assert look(repository, "--all-files") == []


@pytest.mark.parametrize("path", SEALED)
def test_a_name_alone_encrypts_nothing(repository: Repository, path: str) -> None:
    repository.stage(path, secret())
    repository.write(f"b/{path}", secret()).chmod(0o644)
    found = look(repository, "--all-files")
    assert {f"error ENV004 {path}", f"error ENV001 b/{path}", f"error ENV005 b/{path}"} <= set(found)


OTHER_NAMES = ("prod.env", "docker/web.env", ".envs/.production/.django")


@pytest.mark.parametrize("path", OTHER_NAMES)
def test_env_files_by_other_names_count_with_a_secret_in_them(repository: Repository, path: str) -> None:
    repository.stage(path, PORT)
    assert look(repository) == []
    repository.write(path, secret()).chmod(0o644)
    repository.git("rm", "--quiet", "--force", "--cached", path)
    found = look(repository, "--all-files")
    assert f"error ENV001 {path}" in found
    assert f"error ENV005 {path}" in found
    repository.stage(path, secret())
    assert f"error ENV004 {path}" in look(repository)


def heading(kind: str) -> str:
    return f"-----BEGIN {kind} PRIVATE KEY-----\n"


KEYS: dict[str, Callable[[], str | bytes]] = {
    "config/master.key": lambda: hashlib.md5(b"master", usedforsecurity=False).hexdigest(),
    "server.key": lambda: b"\x30\x82\x04\xa4\x02\x01\x00\x02\x82\x01\x01\x00" + hashlib.sha512(b"z").digest() * 9,
    "id_ed25519_work": lambda: heading("OPENSSH"),
    "release.jks": lambda: b"\xfe\xed\xfe\xed" + b"x" * 90,
    ".pypirc": lambda: "[pypi]\nPassword = " + hashlib.sha256(b"p").hexdigest()[:20] + "\n",
    "late.pem": lambda: "#\n" * 700_000 + heading("RSA"),
}


@pytest.mark.parametrize("path", KEYS)
def test_keys_that_others_may_read(repository: Repository, path: str) -> None:
    repository.write(path, KEYS[path]()).chmod(0o644)
    assert look(repository) == [f"error ENV001 {path}"]


def test_a_key_file_that_is_too_large_to_be_searched_is_unchecked(repository: Repository) -> None:
    os.truncate(repository.write("large.pem", ""), (1 << 24) + 1)
    assert repository.nightlatch("env-files").code == 2


@pytest.mark.parametrize(
    "content", ["//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n", "save-exact=true\n# _authToken\n"]
)
def test_a_reference_is_no_credential(repository: Repository, content: str) -> None:
    repository.write(".npmrc", content).chmod(0o644)
    assert look(repository) == []


def test_the_file_of_env_cmd_is_json(repository: Repository) -> None:
    repository.write(".gitignore", COVER)
    repository.write(".env-cmdrc", '{"development": {"PORT": 3000}}\n').chmod(0o600)
    assert repository.nightlatch("env-files", "--format", "json").json()["findings"] == []


# ── Behind links ────────────────────────────────────────────────────────────────────────────────────


def contents(repository: Repository) -> list[str]:
    findings = repository.nightlatch("env-files", "--format", "json").json()["findings"]
    return sorted(f"{found['rule']} {found['path']}" for found in findings if found["rule"] >= "ENV1")


def test_what_a_link_leads_to_is_read(repository: Repository) -> None:
    repository.write(".gitignore", COVER + "config/\n")
    repository.write("config/local", "JWT_SECRET=changeme\n").chmod(0o600)
    (repository.path / ".env").symlink_to("config/local")
    assert contents(repository) == ["ENV105 .env"]


def test_a_link_that_is_tracked_is_read_too(repository: Repository) -> None:
    repository.stage("config/local", "JWT_SECRET=changeme\n")
    (repository.path / ".env").symlink_to("config/local")
    repository.git("add", "--force", ".env")
    assert contents(repository) == ["ENV105 .env"]


def test_a_link_to_another_env_file_is_read_once(repository: Repository) -> None:
    repository.write(".gitignore", COVER)
    repository.write(".env.local", "JWT_SECRET=changeme\n").chmod(0o600)
    (repository.path / ".env").symlink_to(".env.local")
    assert contents(repository) == ["ENV105 .env.local"]


def test_a_tracked_link_out_of_the_repository(repository: Repository) -> None:
    outside = repository.path.parent / "outside"
    outside.write_text(secret())
    (repository.path / ".env").symlink_to(outside)
    repository.git("add", "--force", ".env")
    assert look(repository) == ["warning ENV009 .env"]
