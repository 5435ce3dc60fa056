"""`--deepen` fetches what is missing, and nothing of the clone's own configuration is started for it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.support.repository import Outcome, Repository, run
from tests.support.tokens import line_with_token


@pytest.fixture
def server(tmp_path: Path) -> Repository:
    """120 commits on main, of which the third brought a token."""
    server = Repository.create(tmp_path / "server")
    for number in range(120):
        server.stage("a.py", f"a = {number}\n")
        if number == 2:
            server.stage("old.py", line_with_token())
        server.commit(f"commit {number}")
    return server


def clone_of(server: Repository, target: Path, *options: str) -> Repository:
    shutil.rmtree(target, ignore_errors=True)
    words = ("git", "clone", "--quiet", "--no-checkout", *options, f"file://{server.path}", str(target))
    outcome = run(*words, cwd=target.parent)
    assert outcome.code == 0, outcome
    return Repository(target)


def check(clone: Repository, start: str, end: str = "HEAD", **changes: str) -> Outcome:
    return clone.nightlatch("secrets", "--from-ref", start, "--to-ref", end, "--deepen", "--format", "json", **changes)


def test_an_old_branch_that_is_merged_brings_only_its_own(server: Repository, tmp_path: Path) -> None:
    """The walk from the request's end reaches main's first commits on the side; they are not news."""
    base = server.git("rev-parse", "HEAD").strip()
    server.git("checkout", "--quiet", "-b", "side", "main~112")
    server.stage("side.py", "s = 1\n")
    server.commit("side")
    server.git("checkout", "--quiet", "-b", "request", "main")
    server.git("merge", "--quiet", "--no-edit", "side")
    clone = clone_of(server, tmp_path / "clone", "--depth=1", "--branch=request")
    outcome = check(clone, base)
    assert (outcome.code, outcome.json()["checked"]["commits"]) == (0, 2), outcome


def test_a_clone_never_gets_shallower(server: Repository, tmp_path: Path) -> None:
    clone = clone_of(server, tmp_path / "clone", "--depth=100")
    unknown = "1234567890" * 4
    assert check(clone, unknown).code == 2
    assert int(clone.git("rev-list", "--count", "HEAD")) >= 100
    assert check(clone, server.git("rev-parse", "HEAD~110").strip()).code == 0
    assert int(clone.git("rev-list", "--count", "HEAD")) >= 111


def test_the_clone_is_a_sound_one_afterwards(server: Repository, tmp_path: Path) -> None:
    clone = clone_of(server, tmp_path / "clone", "--depth=2")
    before = clone.git("for-each-ref")
    assert check(clone, server.git("rev-parse", "HEAD~70").strip()).code == 0
    assert clone.git("fsck", "--connectivity-only") == ""
    assert clone.git("for-each-ref") == before
    assert clone.nightlatch("secrets", "--history", "--deepen").code == 1
    assert clone.git("rev-parse", "--is-shallow-repository").strip() == "false"
    assert clone.git("fsck", "--connectivity-only") == ""


def test_a_shallow_and_partial_clone(server: Repository, tmp_path: Path) -> None:
    server.git("config", "uploadpack.allowFilter", "true")
    clone = clone_of(server, tmp_path / "clone", "--depth=3", "--filter=blob:none")
    outcome = check(clone, server.git("rev-parse", "HEAD~60").strip())
    assert (outcome.code, outcome.json()["checked"]["commits"]) == (0, 60), outcome
    assert clone.nightlatch("secrets", "--history", "--deepen").code == 1


def test_a_branch_that_the_clone_does_not_know(server: Repository, tmp_path: Path) -> None:
    server.git("checkout", "--quiet", "-b", "feature")
    server.stage("new.py", line_with_token())
    server.commit("leak")
    clone = clone_of(server, tmp_path / "clone", "--depth=1", "--single-branch", "--branch=feature")
    outcome = check(clone, "origin/main")
    assert outcome.findings() == ["SEC301 new.py:1"]
    assert check(clone, "origin/nothing").code == 2


def test_a_relative_address(server: Repository, tmp_path: Path) -> None:
    clone = clone_of(server, tmp_path / "clone", "--depth=1")
    clone.git("remote", "set-url", "origin", "../server")
    assert check(clone, server.git("rev-parse", "HEAD~20").strip()).code == 0


@pytest.fixture
def trap(tmp_path: Path) -> tuple[str, Path]:
    """A program, and the file that it leaves where it was started."""
    trace = tmp_path / "started"
    program = tmp_path / "program"
    program.write_text(f'#!/bin/sh\necho "$0 $*" >>"{trace}"\nexit 1\n')
    program.chmod(0o755)
    return str(program), trace


@pytest.mark.parametrize(
    ("address", "settings"),
    [
        ("", {"remote.origin.uploadpack": "{program}"}),
        ("", {"remote.origin.vcs": "trap"}),
        ("ext::{program} %S", {"protocol.ext.allow": "always", "protocol.allow": "always"}),
        ("ssh://example.invalid/x", {"core.sshCommand": "{program}"}),
        ("git://example.invalid/x", {"core.gitProxy": "{program}"}),
        ("http://127.0.0.1:9/x", {"credential.helper": "!{program}", "core.askPass": "{program}"}),
        ("", {"url.ext::{program} .insteadOf": "file://", "protocol.ext.allow": "always"}),
        ("", {"core.hooksPath": "{folder}", "core.fsmonitor": "{program}", "uploadpack.packObjectsHook": "{program}"}),
        ("", {"core.alternateRefsCommand": "{program}", "fetch.recurseSubmodules": "true"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else "",
)
def test_nothing_that_the_clone_s_configuration_names_is_started(
    server: Repository, tmp_path: Path, trap: tuple[str, Path], address: str, settings: dict[str, str]
) -> None:
    program, trace = trap
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("reference-transaction", "post-checkout", "git-remote-trap"):
        shutil.copy(program, hooks / name)
    clone = clone_of(server, tmp_path / "clone", "--depth=1")
    for key, value in settings.items():
        names = {"program": program, "folder": hooks}
        clone.git("config", key.format(**names), value.format(**names))
    if address:
        clone.git("config", "remote.origin.url", address.format(program=program))
    path = os.pathsep.join((str(hooks), os.environ["PATH"]))
    outcome = check(clone, server.git("rev-parse", "HEAD~20").strip(), PATH=path)
    assert outcome.code == (2 if address else 0), outcome
    assert not trace.exists(), trace.read_text()


@pytest.mark.parametrize("reference", ["--upload-pack={program}", "+refs/heads/main:refs/heads/main", "-x", "a b"])
def test_a_reference_is_no_option(server: Repository, tmp_path: Path, trap: tuple[str, Path], reference: str) -> None:
    program, trace = trap
    clone = clone_of(server, tmp_path / "clone", "--depth=1")
    named = f"--from-ref={reference.format(program=program)}"
    outcome = clone.nightlatch("secrets", named, "--deepen")
    assert (outcome.code, outcome.out) == (2, ""), outcome
    assert not trace.exists()


def test_what_git_says_is_told_without_the_password(server: Repository, tmp_path: Path) -> None:
    clone = clone_of(server, tmp_path / "clone", "--depth=1")
    password = "pass" + "word" * 3
    clone.git("remote", "set-url", "origin", f"http://user:{password}@127.0.0.1:9/x")
    outcome = clone.nightlatch("secrets", "--history", "--deepen")
    assert (outcome.code, "could not fetch" in outcome.err) == (2, True), outcome
    assert password not in outcome.err
    assert "127.0.0.1" in outcome.err
