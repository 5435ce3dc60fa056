"""PRO013, PRO014, PRO015: what agents may not read git must not hold, and no other user may read."""

from __future__ import annotations

import os
import re
import subprocess
from typing import Any

import pytest

from nightlatch.core import config
from nightlatch.protected_files import closed_files
from nightlatch.schema import SCHEMA
from tests.support.repository import Repository
from tests.support.wiring import told

RULES = "PRO013 PRO014 PRO015"
POLICY = """\
protected-files:
  rules:
    - id: closed
      paths: [.env, ".env.*", "!.env.example", /secrets/**, "*.tfstate", "keys/", ~/.ssh/**]
      read: deny
    - id: guidance
      paths: [/CLAUDE.md]
      read: whole
"""


@pytest.fixture
def closed(repository: Repository) -> Repository:
    repository.stage(".nightlatch.yaml", POLICY)
    repository.stage(".gitignore", ".env\n/secrets\n*.tfstate\nkeys\n")
    repository.stage("CLAUDE.md", "x\n")
    repository.commit()
    return repository


@pytest.mark.parametrize("path", [".env", "apps/api/.env.local", "secrets/deep/prod.yaml", "a.tfstate", "x/keys/k"])
@pytest.mark.parametrize("arguments", [("--staged",), ("--all-files",), ()])
def test_a_closed_file_that_is_tracked_is_an_error(closed: Repository, path: str, arguments: tuple[str, ...]) -> None:
    closed.stage(path, "x\n").chmod(0o600)
    assert told(closed, *arguments, code=1, rules=RULES) == [
        f"error {path}:None The rule closed closes it for agents, and git tracks it."
    ]
    closed.commit()
    assert len(told(closed, "--from-ref", "HEAD~1", code=1, rules=RULES)) == 1


@pytest.mark.parametrize("path", [".env.example", "CLAUDE.md", "src/secrets/x", "environment", "secrets.md"])
def test_other_files_are_not_told(closed: Repository, path: str) -> None:
    closed.stage(path, "more\n")
    for arguments in (("--staged",), ("--all-files",)):
        assert told(closed, *arguments, code=0, rules=RULES) == []


def test_a_closed_file_that_nothing_ignores_is_an_error_and_its_remedy_holds(closed: Repository) -> None:
    closed.write("a [b].env/.env.local", "x\n").chmod(0o600)
    outcome = closed.nightlatch("protected-files", "--all-files", "--format", "json")
    (finding,) = [one for one in outcome.json()["findings"] if one["rule"] != "PRO010"]
    assert finding["rule"] == "PRO014"
    line = finding["fix"].partition("on a line of its own: ")[2]
    closed.write(".gitignore", f"{(closed.path / '.gitignore').read_text()}{line}\n")
    assert told(closed, "--all-files", code=0, rules=RULES) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no modes")
def test_a_closed_file_that_others_may_read_is_an_error_and_is_closed_by_fix(closed: Repository) -> None:
    path = closed.write("secrets/prod.yaml", "x\n")
    path.chmod(0o644)
    assert told(closed, code=1, rules=RULES) == [
        "error secrets/prod.yaml:None The rule closed closes it for agents, and other users may get at it: mode 644."
    ]
    quiet = closed.nightlatch("protected-files", "--all-files", CI="true")
    assert quiet.code == 0, quiet
    outcome = closed.nightlatch("protected-files", "--all-files", "--fix")
    assert outcome.code == 0, outcome
    assert path.stat().st_mode & 0o777 == 0o600
    assert "secrets/prod.yaml: mode 644 is now 600" in outcome.err


def test_without_rules_of_the_team_nothing_is_looked_for(repository: Repository) -> None:
    repository.stage(".env", "x\n")
    assert told(repository, "--staged", code=0, rules=RULES) == []


def test_links_tools_folders_and_other_repositories_are_not_entered(closed: Repository) -> None:
    closed.write("filled/CACHEDIR.TAG", "x\n")
    closed.write("node_modules/.env.local", "x\n")
    for path in ("filled/.env.local", "inner/.env.local"):
        closed.write(path, "x\n")
    Repository.create(closed.path / "inner")
    (closed.path / "link").symlink_to("filled")
    assert told(closed, "--all-files", code=0, rules=RULES) == []


def test_a_folder_that_cannot_be_read_is_unchecked(closed: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process, since no mode binds root."""
    left: list[tuple[str, str]] = []

    class Source:
        def leave_unchecked(self, path: str, reason: str) -> None:
            left.append((path, reason))

    def refused(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    section = config.load(POLICY.encode(), "file", lambda: SCHEMA).section("protected-files")
    monkeypatch.setattr(os, "scandir", refused)
    source: Any = Source()
    assert list(closed_files.walk(source, str(closed.path), closed_files.Closed(section))) == []
    assert left == [(".", "folder: permission denied")]


def test_an_override_allows_a_finding(closed: Repository) -> None:
    closed.stage(".nightlatch.yaml", POLICY + "overrides: [{paths: [/.env.test], rules: {PRO013: off}}]\n")
    closed.stage(".env.test", "x\n").chmod(0o600)
    assert told(closed, "--staged", rules=RULES) == []


def test_a_tracked_link_holds_no_content(closed: Repository) -> None:
    (closed.path / "apps").mkdir()
    (closed.path / "apps/.env").symlink_to("../.env")
    closed.git("add", "--force", "apps/.env")
    assert told(closed, "--staged", code=0, rules=RULES) == []
    closed.commit()
    assert told(closed, "--all-files", code=0, rules=RULES) == []
    closed.stage("a.txt", "x\n")
    closed.commit()
    assert told(closed, "--from-ref", "HEAD~1", "--to-ref", "HEAD", code=0, rules=RULES) == []


def test_a_link_that_nothing_ignores_brings_no_content_either(closed: Repository) -> None:
    (closed.path / ".env.local").symlink_to("/etc/hostname")
    assert told(closed, "--all-files", code=0, rules=RULES) == []


def test_what_is_excluded_is_not_told_in_a_range(closed: Repository) -> None:
    closed.stage(".nightlatch.yaml", POLICY + "exclude: [/fixtures/**]  # nightlatch: allow PRO011 -- not ours\n")
    closed.commit()
    closed.stage("fixtures/.env", "x\n")
    closed.commit()
    assert told(closed, "--from-ref", "HEAD~1", "--to-ref", "HEAD", code=0, rules=RULES) == []


NAMES = (
    "-r.env",
    "!y.env",
    "#x.env",
    "[z].env",
    "a b.env",
    "it's.env",
    "new\nline.env",
    "x\\\\y.env",
    "t .env",
    "ü.env",
)


@pytest.mark.skipif(os.name == "nt", reason="such names can't be there, and it keeps no modes")
@pytest.mark.parametrize("name", NAMES)
def test_a_remedy_can_be_pasted_whatever_the_name(closed: Repository, name: str) -> None:
    closed.stage(".nightlatch.yaml", POLICY.replace(".env,", "'*.env',", 1))
    closed.commit()
    path = closed.write(name, "x\n")
    path.chmod(0o644)
    outcome = closed.nightlatch("protected-files", "--all-files")
    fixes = dict(re.findall(r"error (PRO01[0-9]) .*\n.*\n *fix: +(.*)\n", outcome.out))
    line = fixes["PRO014"].partition("on a line of its own: ")[2]
    closed.write(".gitignore", f"{(closed.path / '.gitignore').read_text()}{line}\n")
    subprocess.run(["bash", "-c", fixes["PRO015"].removeprefix("Run: ")], cwd=closed.path, check=True)
    assert told(closed, "--all-files", code=0, rules=RULES) == []
    closed.git("add", "--force", "--", name)
    outcome = closed.nightlatch("protected-files", "--all-files")
    command = re.search(r"git rm --cached .*(?=; replace)", outcome.out)
    assert command
    subprocess.run(["bash", "-c", command[0]], cwd=closed.path, check=True, capture_output=True)
    assert told(closed, "--all-files", code=0, rules=RULES) == []
