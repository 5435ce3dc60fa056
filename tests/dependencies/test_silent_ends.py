"""What once was read past, or said too much: each is looked up, left unchecked, or told without its secret."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.repository import Repository
from tests.support.tokens import random_text

EVIL = "evil-0"
HASH = " --hash=sha256:" + "0" * 64


@pytest.fixture
def project(repository: Repository, whole_advisories: Path) -> Repository:
    repository.env["NIGHTLATCH_ADVISORIES"] = str(whole_advisories)
    return repository


def rules(project: Repository, *words: str) -> set[str]:
    outcome = project.nightlatch("dependencies", "--format", "json", *words)
    assert "unforeseen" not in outcome.err, outcome
    return {found["rule"] for found in outcome.json()["findings"]}


@pytest.mark.parametrize("start", ["-r https://ci-bot:{}@host.example/req.txt", "-r //ci-bot:{}@host.example/req.txt"])
def test_an_address_is_told_without_its_password(project: Repository, start: str) -> None:
    password = random_text(16, "password")
    project.stage("requirements.txt", start.format(password) + "\n")
    for words in ((), ("--format", "json")):
        outcome = project.nightlatch("dependencies", "--all-files", *words)
        assert outcome.code == 2
        assert password not in outcome.out + outcome.err


def test_a_lockfile_that_nothing_reads_ends_no_check_of_its_manifest(project: Repository) -> None:
    project.stage("package.json", json.dumps({"dependencies": {}}))
    project.stage("bun.lock", "{}")
    project.commit("first")
    project.stage("package.json", json.dumps({"dependencies": {EVIL: "*"}}))
    assert "DEP002" in rules(project, "--staged")


def test_a_lockfile_above_speaks_for_what_it_holds_alone(project: Repository) -> None:
    project.stage("package.json", json.dumps({"dependencies": {}}))
    project.stage("package-lock.json", json.dumps({"lockfileVersion": 3, "packages": {"": {}}}))
    project.stage("examples/app/package.json", json.dumps({"dependencies": {EVIL: "*"}}))
    assert "DEP002" in rules(project, "--all-files")


def test_a_requirement_that_an_old_constraint_pins_is_looked_up(project: Repository) -> None:
    project.stage("constraints.txt", f"{EVIL}==1.4\n")
    project.stage("requirements.txt", "-c constraints.txt\n")
    project.commit("first")
    project.stage("requirements.txt", f"-c constraints.txt\n{EVIL}\n")
    assert "DEP002" in rules(project, "--staged")


@pytest.mark.parametrize(
    "text",
    [f"[build-system]\nrequires = ['{EVIL}']\n", f"[tool.uv]\ndev-dependencies = ['{EVIL}']\n"],
    ids=["to build", "uv's own"],
)
def test_every_place_that_names_packages_is_read(project: Repository, text: str) -> None:
    project.stage("pyproject.toml", text)
    assert "DEP002" in rules(project, "--all-files")


def test_a_yarn_entry_does_not_hide_behind_another_kind_of_source(project: Repository) -> None:
    project.stage("package.json", json.dumps({"dependencies": {EVIL: "^1.0.0"}}))
    entry = f'"{EVIL}@^1.0.0", "x@file:y":\n  version "1.0.0"\n'
    entry += f'  resolved "https://registry.yarnpkg.com/{EVIL}/-/{EVIL}-1.0.0.tgz#0000"\n'
    project.stage("yarn.lock", f"# yarn lockfile v1\n\n\n{entry}")
    outcome = project.nightlatch("dependencies", "--all-files", "--format", "json")
    assert outcome.code == 2 or "DEP002" in {found["rule"] for found in outcome.json()["findings"]}, outcome
