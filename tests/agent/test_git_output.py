"""What git prints of tracked files: refused where a closed one is among it, and where it is not, let through."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nightlatch.agent.effects import GitOutput
from nightlatch.agent.git_output import PRINTING, closed_files_shown
from nightlatch.agent.situation import situation
from tests.support.agent import CLOSED_TEXT, Project
from tests.support.repository import Repository, environment, run

SECOND = "src/app.ts"


@pytest.fixture
def tracked(project: Project) -> Project:
    """A project that tracks .env since its first commit; the second and the working tree change another file."""
    repository = Repository(project.root)
    repository.git("add", ".env")
    repository.git("commit", "-q", "--amend", "-m", "first")
    for text in ("two\n", "three\n"):
        (project.root / SECOND).write_text(text)
        if text == "two\n":
            repository.git("commit", "-qam", "second")
    return project


WITHOUT = "-- . ':!.env'"

PASSING = [
    "git diff",
    "git diff --stat HEAD~1",
    "git diff HEAD~1",
    "git diff HEAD~1 HEAD",
    "git diff HEAD~1..HEAD",
    "git diff --cached",
    "git show",
    "git show --stat HEAD~1",
    f"git show HEAD~1 {WITHOUT}",
    "git show HEAD~1 -- src",
    "git show HEAD:src/app.ts",
    "git log",
    "git log --oneline --name-only",
    "git log -p -1",
    "git log -n 1 -p",
    "git log -1 -p --stat --oneline -U5",
    "git show -1",
    "git show -s HEAD~1",
    f"git log -p {WITHOUT}",
    "git log -p -- src",
    "git format-patch -1 --stdout",
    "git diff-tree -p HEAD",
    "git add -u",
    "git add -p",
    "git commit -C HEAD -m x",
    f"git archive HEAD {WITHOUT} | tar t",
    "git status",
    "git blame src/app.ts",
]


@pytest.mark.parametrize("command", PASSING)
def test_what_shows_nothing_of_it_passes(tracked: Project, command: str) -> None:
    assert tracked.decision("Bash", {"command": command}) == "pass"


SHOWING = [
    "git show HEAD~1",
    "cd src && git show HEAD~1",
    "git -C src log -p",
    "git log -p",
    "git log -p -2",
    "git log -p -1 --skip=1",
    "git log -p -1 --author=someone",
    "git log -1 -p --grep first",
    "git show -2",
    "git show -n 2 HEAD",
    "git log -p --reflog",
    "git log -p --since=2020-01-01",
    "git log -u -- .",
    "git log -1 -p -- .",
    "git diff $(git hash-object -t tree /dev/null)",
    "git diff-tree -p HEAD~1",
    "git format-patch -2 --stdout",
    "git format-patch -s -q -2 --stdout",
    "git fast-export HEAD",
    "git archive HEAD | tar xO .env",
    "git archive --format=tar HEAD",
]


@pytest.mark.parametrize("command", SHOWING)
def test_what_shows_lines_of_it_is_refused(tracked: Project, command: str) -> None:
    said = tracked.reason("Bash", {"command": command})
    assert "would show lines of .env, which git tracks" in said


CHANGED = ["git diff", "git diff HEAD", "git add -p", "git diff -U10", "git diff --word-diff", "git diff --exit-code"]


@pytest.mark.parametrize("command", CHANGED)
def test_a_change_of_it_that_is_not_committed_counts(tracked: Project, command: str) -> None:
    assert tracked.decision("Bash", {"command": command}) == "pass"
    (tracked.root / ".env").write_text("A=another\n")
    assert tracked.decision("Bash", {"command": command}) == "deny"
    assert tracked.decision("Bash", {"command": f"{command} {WITHOUT}"}) == "pass"
    assert tracked.decision("Bash", {"command": "git diff --cached"}) == "pass"
    Repository(tracked.root).git("add", ".env")
    assert tracked.decision("Bash", {"command": "git diff --staged"}) == "deny"
    Repository(tracked.root).git("stash")
    assert tracked.decision("Bash", {"command": "git stash show"}) == "pass"
    assert tracked.decision("Bash", {"command": "git stash show -p"}) == "deny"


@pytest.mark.parametrize("command", ["git show HEAD~1", "git log -p", "git archive HEAD", "cd src && git show HEAD~1"])
def test_the_remedy_can_be_followed_word_for_word(tracked: Project, command: str) -> None:
    said = tracked.reason("Bash", {"command": command})
    added = said.partition("Leave it out: add `")[2].removesuffix("`.")
    assert added
    assert tracked.decision("Bash", {"command": f"{command} {added}"}) == "pass"
    printed = run("sh", "-c", f"{command} {added}", cwd=tracked.root, env=environment())
    assert printed.code == 0
    assert printed.out
    assert CLOSED_TEXT not in printed.out


def test_the_remedy_for_a_stash(tracked: Project) -> None:
    for name in (".env", SECOND):
        (tracked.root / name).write_text("A=another\n")
    Repository(tracked.root).git("stash")
    instead = tracked.reason("Bash", {"command": "git stash show -p"}).partition("instead: `")[2].removesuffix("`.")
    assert tracked.decision("Bash", {"command": instead}) == "pass"
    printed = run("sh", "-c", instead, cwd=tracked.root, env=environment())
    assert (printed.code, SECOND in printed.out, ".env" in printed.out) == (0, True, False)


def test_without_a_closed_file_that_is_tracked_everything_passes(tracked: Project) -> None:
    Repository(tracked.root).git("rm", "--cached", "-q", ".env")
    Repository(tracked.root).git("add", "docs/notes.txt")  # a link to it: where it leads is not shown
    for command in SHOWING:
        if ".env" not in command:
            assert tracked.decision("Bash", {"command": command}) == "pass", command


WORDS = st.sampled_from(
    ["-p", "-1", "-n", "-n3", "-U", "-U3", "--", "--stat", "--cached", "HEAD", "HEAD~1", "HEAD^!", "..", "a..b", ":x",
     "HEAD:.env", ":!.env", ":/", "src", ".env", "-", "", "-x", "--max-count=9", "show", "-m", "\udcff", "a\nb", "$(x)"]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    name=st.sampled_from(sorted(PRINTING)),
    words=st.lists(WORDS | st.none() | st.text(max_size=5).filter(lambda text: "\0" not in text), max_size=5),
)
def test_arguments_of_any_kind_are_judged(tree: Project, name: str, words: list[str | None]) -> None:
    now = situation(str(tree.root), tree.variables)
    found = closed_files_shown(GitOutput(str(tree.root), name, words), now)
    assert all(isinstance(one, str) for one in found)


def test_a_server_for_git_prints_the_same(tracked: Project) -> None:
    where = {"repo_path": str(tracked.root)}
    assert tracked.decision("mcp__git__git_show", where | {"revision": "HEAD~1"}) == "deny"
    assert tracked.decision("mcp__git__git_show", where | {"revision": "HEAD"}) == "pass"
    assert tracked.decision("mcp__git__git_diff", where | {"target": "HEAD~1"}) == "pass"
    assert tracked.decision("mcp__git__git_log", where | {"max_count": 10}) == "pass"
    (tracked.root / ".env").write_text("A=another\n")
    assert tracked.decision("mcp__git__git_diff_unstaged", where) == "deny"
    assert tracked.decision("mcp__git__git_diff_staged", where) == "pass"
    assert tracked.decision("mcp__git__git_diff", where | {"target": "HEAD~1"}) == "deny"
    Repository(tracked.root).git("add", ".env")
    assert tracked.decision("mcp__git__git_diff_unstaged", where) == "pass"
    assert tracked.decision("mcp__git__git_diff_staged", where) == "deny"


def test_other_branches_count_where_they_are_shown(tracked: Project) -> None:
    repository = Repository(tracked.root)
    repository.git("checkout", "-q", "--orphan", "other")
    repository.git("rm", "-rqf", "--cached", ".")
    repository.git("add", "README.md")
    repository.git("commit", "-qm", "other")
    repository.git("add", ".env")
    assert tracked.decision("Bash", {"command": "git log -p"}) == "pass"
    for option in ("--all", "--branches", "--glob=refs/*"):
        assert tracked.decision("Bash", {"command": f"git log -p {option}"}) == "deny", option


def test_what_can_t_be_told_is_taken_to_show_it(tracked: Project) -> None:
    for command in ("git show $REVISION", "git diff no-such-revision", "git log -p -200"):
        assert tracked.decision("Bash", {"command": command}) == "deny", command


def test_no_program_of_the_repository_is_started(tracked: Project) -> None:
    repository = Repository(tracked.root)
    for name in ("filter.x.clean", "diff.x.textconv", "diff.external", "core.fsmonitor", "diff.x.command"):
        repository.git("config", name, f"touch {tracked.root}/started; cat")
    (tracked.root / ".gitattributes").write_text("* filter=x diff=x\n")
    (tracked.root / ".env").write_text("A=another\n")
    for command in ("git diff", "git diff HEAD", "git show HEAD~1", "git log -p", "git diff HEAD~1 HEAD"):
        tracked.decision("Bash", {"command": command})
    assert not (tracked.root / "started").exists()
