"""Guard files that git would bring back from another commit: refused where they differ, and only there."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nightlatch.agent.effects import GitTree
from nightlatch.agent.git_trees import Unclear, guard_files_changed
from nightlatch.agent.situation import situation
from tests.support.agent import Project
from tests.support.repository import Repository

GUARD = ".nightlatch.yaml"
WITHOUT = f"':!{GUARD}'"


@pytest.fixture
def grown(project: Project) -> Project:
    """A project of three commits: the configuration changes in the second, another file in the third."""
    repository = Repository(project.root)
    (project.root / GUARD).write_text("version: 1\nprofile: default\n", encoding="utf-8")
    repository.git("add", "-f", GUARD, "src/app.ts")
    repository.git("commit", "-q", "-m", "first")
    repository.git("branch", "old")
    project.configure("version: 1\n")
    repository.git("commit", "-qam", "second")
    repository.git("branch", "same")
    (project.root / "src/app.ts").write_text("three\n", encoding="utf-8")
    repository.git("commit", "-qam", "third")
    return project


REFUSED = [
    "git checkout HEAD~2 -- .",
    "git checkout HEAD~2 .",
    "git checkout old -- :/",
    "git checkout old -- .nightlatch.yaml",
    "git checkout old -- '*.yaml'",
    "git -C src checkout HEAD~2 -- ..",
    "cd src && git checkout HEAD~2 -- :/",
    "git restore --source=HEAD~2 .",
    "git restore -s old -SW .",
    "git restore -s old :/",
    "git read-tree -u --reset HEAD~2",
    "git diff old > /tmp/nl.patch && git apply -R /tmp/nl.patch",
    "git diff HEAD~2 | git apply -R",
]
ASKED = [
    "git reset --hard HEAD~2",
    "git reset --keep old",
    "git checkout old",
    "git checkout -b new old",
    "git checkout -f old",
    "git switch old",
    "git switch --detach HEAD~2",
    "git switch -c new old",
    "git checkout $REVISION -- .",
    "git checkout no-such-revision -- .",
    "git restore -s $REVISION :/",
    "git apply /tmp/nl.patch",
    "git diff HEAD old > /tmp/nl.patch && git apply /tmp/nl.patch",
    "git diff -R > /tmp/nl.patch && git apply /tmp/nl.patch",
    "git diff >> /tmp/nl.patch && git apply /tmp/nl.patch",
    "git diff > /tmp/nl.patch; echo x >> /tmp/nl.patch; git apply /tmp/nl.patch",
    "git diff | sed s/a/b/ > /tmp/nl.patch; git apply /tmp/nl.patch",
    "git diff > /tmp/nl.patch; git apply --directory=.claude /tmp/nl.patch",
]
PASSING = [
    "git checkout HEAD~1 -- .",
    f"git checkout HEAD~2 -- . {WITHOUT}",
    f"git checkout HEAD~2 . {WITHOUT}",
    f"git restore -s old . {WITHOUT}",
    "git checkout HEAD~2 -- src",
    "git checkout old src/app.ts",
    "git -C src checkout HEAD~2 -- .",
    "git restore --staged .",
    "git restore -S -s old .",
    "git restore .",
    "git checkout -- .",
    "git checkout .",
    "git reset --hard",
    "git reset --hard HEAD~1",
    "git reset --soft HEAD~2",
    "git reset HEAD~2",
    "git checkout same",
    "git checkout -",
    "git checkout -b new",
    "git switch same",
    "git switch -c new",
    "git checkout no-such-revision",
    "git checkout $REVISION",
    "git checkout $REVISION -- src",
    "git read-tree HEAD~2",
    "git read-tree -u --reset HEAD~1",
    "git diff > /tmp/nl.patch && git apply -R /tmp/nl.patch",
    "git diff > /tmp/nl.patch; git checkout -- src && git apply /tmp/nl.patch",
    "git diff old -- src > /tmp/nl.patch && git apply -R /tmp/nl.patch",
    "git diff | git apply -R",
]


@pytest.mark.parametrize(
    ("expected", "commands"), [("deny", REFUSED), ("ask", ASKED), ("pass", PASSING)], ids=["deny", "ask", "pass"]
)
def test_guard_files_stay_as_they_are(grown: Project, expected: str, commands: list[str]) -> None:
    found = {command: grown.decision("Bash", {"command": command}) for command in commands}
    assert {command: decision for command, decision in found.items() if decision != expected} == {}


def test_a_file_that_was_only_touched_is_no_other_one(grown: Project) -> None:
    os.utime(grown.root / GUARD, (1, 1))
    for command in ("git restore .", "git checkout -- .", "git reset --hard", "git checkout same"):
        assert grown.decision("Bash", {"command": command}) == "pass", command


def test_what_a_person_has_changed_is_not_taken_back(grown: Project) -> None:
    grown.configure("version: 1\n# by hand\n")
    assert grown.decision("Bash", {"command": "git restore ."}) == "deny"
    assert grown.decision("Bash", {"command": "git checkout HEAD -- ."}) == "deny"
    assert grown.decision("Bash", {"command": "git reset --hard"}) == "ask"
    assert grown.decision("Bash", {"command": "git checkout same"}) == "pass"  # git keeps the change


def test_the_reason_says_what_to_add(grown: Project) -> None:
    assert f"add `{WITHOUT}`" in grown.reason("Bash", {"command": "git checkout HEAD~2 -- ."})
    below = grown.reason("Bash", {"command": "cd src && git checkout HEAD~2 -- :/"})
    assert f"add `':(top,exclude){GUARD}'`" in below


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    revision=st.none() | st.sampled_from(["", "HEAD", "-x", "a..b", ":/x", "@{u}"]) | st.text(max_size=5),
    pathspecs=st.none() | st.lists(st.sampled_from([".", ":/", ":(x)", "", "\0", "\ud800"]) | st.text(max_size=4)),
)
def test_arguments_of_any_kind_are_judged(tree: Project, revision: str | None, pathspecs: list[str] | None) -> None:
    now = situation(str(tree.root), tree.variables)
    try:
        found = guard_files_changed(GitTree(str(tree.root), "git checkout", revision, pathspecs), now)
    except Unclear:
        return
    assert all(isinstance(one, str) for one in found)
