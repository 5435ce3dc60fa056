"""Git's own configuration: shown where it holds no credential, else asked about, and the file is closed."""

from __future__ import annotations

import pytest

from nightlatch.agent.git_settings import holds_credentials
from tests.support.agent import Project
from tests.support.repository import Repository
from tests.support.tokens import random_text

PASSWORD = random_text(24, "remote")

SHOWING = [
    "git remote -v",
    "git remote show origin",
    "git remote get-url origin",
    "git config --list",
    "git config -l",
    "git config --get remote.origin.url",
    "git config remote.origin.url",
    "git config --get-regexp '.*'",
    "git -C src remote -v",
    "cat .git/config",
]
OTHERS = ["git remote", "git config user.name", "git config --get user.email", "git config user.name x", "git status"]

ADDRESSES = {
    "a password": (f"https://me:{PASSWORD}@git.example/a.git", True),
    "a token": (f"https://{PASSWORD}@git.example/a.git", True),
    "a name": ("https://me@git.example/a.git", False),
    "none": ("https://git.example/a.git", False),
    "SSH": ("git@git.example:a/b.git", False),
    "SSH with its scheme": ("ssh://git@git.example:2222/a/b.git", False),
}


@pytest.mark.parametrize(("address", "holds"), ADDRESSES.values(), ids=ADDRESSES)
def test_only_a_credential_matters(project: Project, address: str, *, holds: bool) -> None:
    Repository(project.root).git("remote", "add", "origin", address)
    assert holds_credentials(f"url = {address}") is holds
    for command in SHOWING:
        expected = ("deny" if command.startswith("cat") else "ask") if holds else "pass"
        assert project.decision("Bash", {"command": command}) == expected, command
    for command in OTHERS:
        assert project.decision("Bash", {"command": command}) == "pass", command
    read = project.decision("Read", {"file_path": str(project.root / ".git/config")})
    assert read == ("deny" if holds else "pass")
    assert PASSWORD not in project.log.read_text()


def test_a_header_is_a_credential(project: Project) -> None:
    Repository(project.root).git("config", "http.https://git.example/.extraheader", "AUTHORIZATION: basic eA==")
    assert project.decision("Bash", {"command": "git config --list"}) == "ask"
