"""Where secret files are found: in every folder that people fill, and in none that tools fill."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nightlatch.core import secret_files as kinds
from nightlatch.env_files import walk


def plant(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()


def test_files_are_found_in_every_folder(tmp_path: Path) -> None:
    plant(tmp_path, ".env", "a/b/c/.env.production", ".hidden/.envrc", "certs/server.key", "src/app.py")
    assert sorted(walk.walk(str(tmp_path)).secret) == [
        ".env",
        ".hidden/.envrc",
        "a/b/c/.env.production",
        "certs/server.key",
    ]


@pytest.mark.parametrize("folder", sorted(walk.NOT_ENTERED - {".git"}))
def test_what_tools_fill_is_not_entered(tmp_path: Path, folder: str) -> None:
    plant(tmp_path, f"{folder}/.env", f"a/{folder}/b/.env", "a/.env")
    assert list(walk.walk(str(tmp_path)).secret) == ["a/.env"]


@pytest.mark.parametrize("mark", sorted(walk.MARKS))
def test_what_a_tool_has_marked_is_not_entered(tmp_path: Path, mark: str) -> None:
    plant(tmp_path, f"python3/{mark}", "python3/.env", "python3/lib/.env")
    assert not walk.walk(str(tmp_path)).secret


def test_a_repository_within_is_not_entered_and_said(tmp_path: Path) -> None:
    plant(tmp_path, "library/.git/HEAD", "library/.env", "worktree/.git", "worktree/deep/.env")
    walked = walk.walk(str(tmp_path))
    assert not walked.secret
    assert sorted(walked.nested) == ["library", "worktree"]


def test_a_mark_at_the_top_closes_nothing(tmp_path: Path) -> None:
    plant(tmp_path, ".git/HEAD", "pyvenv.cfg", ".env")
    assert list(walk.walk(str(tmp_path)).secret) == [".env"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    plant(tmp_path, "outside/.env", "tree/a.txt")
    (tmp_path / "tree" / "link").symlink_to("../outside")
    (tmp_path / "tree" / "loop").symlink_to(".")
    (tmp_path / "tree" / ".env").symlink_to("../outside/.env")
    assert list(walk.walk(str(tmp_path / "tree")).secret) == [".env"], "a link is met under its own name"


def test_the_scope_narrows(tmp_path: Path) -> None:
    plant(tmp_path, ".env", "a/.env", "a/b/.env.local", "c/.env")
    assert sorted(walk.walk(str(tmp_path), ["a"]).secret) == ["a/.env", "a/b/.env.local"]
    assert list(walk.walk(str(tmp_path), ["c/.env"]).secret) == ["c/.env"]
    assert list(walk.walk(str(tmp_path), [".env", "gone"]).secret) == [".env"]
    assert sorted(walk.walk(str(tmp_path), ["."]).secret) == [".env", "a/.env", "a/b/.env.local", "c/.env"]


def test_the_walk_is_bounded_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, *(f"d{number}/.env" for number in range(9)))
    assert not walk.walk(str(tmp_path)).truncated
    monkeypatch.setattr(walk, "MOST_FOLDERS", 5)
    assert walk.walk(str(tmp_path)).truncated


def test_names_that_are_not_utf_8(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/caf\xe9"
    os.mkdir(folder)
    with open(folder + b"/.env.\xff", "wb"):
        pass
    assert list(walk.walk(str(tmp_path)).secret) == ["caf\udce9/.env.\udcff"]


def test_the_extra_question_is_asked_of_everything_that_is_met(tmp_path: Path) -> None:
    plant(tmp_path, "logs/app.log", "node_modules/x.log", "a.log")
    asked: list[tuple[str, bool]] = []

    def ends_with_log(path: str, is_folder: bool) -> bool:  # noqa: FBT001 - as the walk calls it
        asked.append((path, is_folder))
        return path.endswith("log")

    walked = walk.walk(str(tmp_path), (), ends_with_log)
    assert sorted(asked) == [("a.log", False), ("logs", True), ("logs/app.log", False)]
    assert walked.matched == {"a.log": False, "logs/app.log": False}


NAMES = {
    kinds.ENV: (".env", ".env.local", ".env.production", ".ENV", ".env-prod", ".env_old", ".env~", ".env.bak",
                ".env copy", ".env (1)", ".env2", ".env@prod", ".dev.vars", ".dev.vars.production"),
    kinds.ENV_OTHER: (".env.json", ".env.production.yaml", ".env.local.php", ".env-cmdrc"),
    kinds.ENV_ENCRYPTED: (".env.vault", ".env.enc", ".env.gpg", ".env.production.encrypted", ".envrc.age"),
    kinds.ENV_BY_OTHER_NAME: ("prod.env", "docker.env"),
    kinds.TEMPLATE: (
        ".env.example", ".env.sample", ".env.template", ".env.dist", ".env-example", ".env.local.example",
        ".env.example.local", ".env.defaults", ".env.schema", "env.example", "example.env", ".envrc.sample",
        ".env copy.example", ".dev.vars.example",
    ),
    kinds.DIRENV: (".envrc", ".envrc.local"),
    kinds.NPMRC: (".npmrc",),
    kinds.LOGIN: (".netrc", "_netrc", ".pypirc"),
    kinds.CREDENTIALS: (".pgpass", ".git-credentials", "credentials.json"),
    kinds.PRIVATE_KEY: ("id_rsa", "id_ed25519", "server.key", "Server.PEM", "AuthKey.p8", "putty.ppk",
                       "id_ed25519_work", "id_rsa_deploy", "id_rsa.bak"),
    kinds.KEY_STORE: ("identity.p12", "code-signing.pfx", "release.jks"),
    None: (
        ".environment", ".envoy", "env.d.ts", ".env.d.ts", ".env.ts", ".env.md", "prod.example.env", "id_rsa_work.pub",
        "env", "id_rsa.pub", "package.json", "key", "pem", ".env.j2",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in NAMES.items() for name in names])
def test_what_a_name_tells(kind: kinds.Kind | None, name: str) -> None:
    assert kinds.kind_of(name) is kind


def test_a_folder_of_env_files() -> None:
    assert kinds.kind_at(".envs/.production/.django") is kinds.ENV_BY_OTHER_NAME
    assert kinds.kind_at("a/.envs/.local/README.md") is None
    assert kinds.kind_at("a/.production/.django") is None


@pytest.mark.parametrize(
    "name", [*kinds.BY_NAME, *sorted(kinds.TEMPLATE_NAMES), *(f"x.{end}" for end in kinds.BY_SUFFIX)]
)
def test_every_name_of_interest_holds_one_of_the_signs(name: str) -> None:
    assert kinds.kind_of(name) is not None
    assert any(sign in name for sign in kinds.SIGNS)
