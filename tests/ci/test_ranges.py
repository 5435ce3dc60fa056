"""Runners' clones hold one commit; the range of the event is checked whole all the same, or the job ends with 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nightlatch.core.files import MAX_BYTES
from tests.ci.pipelines import ZERO, commits, on_github, on_gitlab, pull_request, push, runners_clone
from tests.support.repository import Outcome, Repository
from tests.support.tokens import github_token, line_with_token


@pytest.fixture
def server(tmp_path: Path) -> Repository:
    """A repository whose default branch has a token in an old commit, which is nobody's news."""
    server = Repository.create(tmp_path / "server")
    server.stage("old.py", line_with_token())
    server.commit("old")
    server.git("rm", "--quiet", "old.py")
    server.commit("taken out")
    return server


def tip(server: Repository, reference: str = "HEAD") -> str:
    return server.git("rev-parse", reference).strip()


def leak(server: Repository, path: str = "leak.py") -> str:
    """A commit that brings a token, and one that takes it out again; the first one's name."""
    server.stage(path, line_with_token())
    leaking = server.commit("leak")
    server.git("rm", "--quiet", path)
    server.commit("taken out")
    return leaking


def branch(server: Repository, name: str, start: str = "main") -> None:
    server.git("checkout", "--quiet", "-b", name, start)


def assert_found(outcome: Outcome, *paths: str) -> None:
    assert outcome.code == 1, outcome
    found = [line.partition("file=")[2].partition(",")[0] for line in outcome.out.splitlines() if "::error" in line]
    assert found == list(paths), outcome
    assert github_token() not in outcome.out + outcome.err


def assert_clean(outcome: Outcome) -> None:
    assert (outcome.code, "::error" in outcome.out) == (0, False), outcome


@pytest.mark.parametrize("count", [5, 40, 320])
def test_every_commit_of_a_pull_request_is_checked(server: Repository, tmp_path: Path, count: int) -> None:
    base = tip(server)
    branch(server, "feature")
    leak(server)
    commits(server, count)
    server.git("checkout", "--quiet", "main")
    commits(server, count, "main.py")
    head = tip(server, "feature")
    clone = runners_clone(server, head, tmp_path / "clone")
    assert_found(on_github(clone, "pull_request", pull_request(base, head)), "leak.py")
    clone = runners_clone(server, head, tmp_path / "clone")
    assert_found(on_github(clone, "pull_request", pull_request(tip(server, "main"), head)), "leak.py")
    clone = runners_clone(server, head, tmp_path / "clone")
    outcome = on_gitlab(clone, "merge_request_event", CI_MERGE_REQUEST_DIFF_BASE_SHA=base, CI_COMMIT_SHA=head)
    assert (outcome.code, "leak.py:1" in outcome.out, "old.py" in outcome.out) == (1, True, False), outcome


def test_the_merge_that_github_checks_out_has_neither_of_its_parents(server: Repository, tmp_path: Path) -> None:
    branch(server, "feature")
    leak(server)
    head = tip(server)
    commits(server, 3)
    head = tip(server)
    server.git("checkout", "--quiet", "main")
    commits(server, 60, "main.py")
    base = tip(server)
    server.git("merge", "--quiet", "--no-ff", "-m", "merge", "feature")
    merge = tip(server)
    server.git("reset", "--quiet", "--hard", base)
    clone = runners_clone(server, merge, tmp_path / "clone")
    assert_found(on_github(clone, "pull_request", pull_request(base, head)), "leak.py")


def test_a_fork_s_commits_are_on_no_branch_of_the_server(server: Repository, tmp_path: Path) -> None:
    base = tip(server)
    branch(server, "feature")
    leak(server)
    head = tip(server)
    server.git("update-ref", "refs/pull/1/head", head)
    server.git("checkout", "--quiet", "main")
    server.git("branch", "--quiet", "-D", "feature")
    clone = runners_clone(server, base, tmp_path / "clone")
    assert_found(on_github(clone, "pull_request", pull_request(base, head)), "leak.py")


def test_an_empty_range_passes(server: Repository, tmp_path: Path) -> None:
    head = tip(server)
    clone = runners_clone(server, head, tmp_path / "clone")
    assert_clean(on_github(clone, "pull_request", pull_request(head, head)))
    assert_clean(on_github(clone, "merge_group", {"merge_group": {"base_sha": head, "head_sha": head}}))
    assert_clean(on_github(clone, "push", push(head, head)))
    outcome = on_gitlab(clone, "merge_request_event", CI_MERGE_REQUEST_DIFF_BASE_SHA=head, CI_COMMIT_SHA=head)
    assert outcome.code == 0, outcome


def test_a_merge_group_answers_for_what_it_would_merge(server: Repository, tmp_path: Path) -> None:
    base = tip(server)
    leak(server)
    group = {"merge_group": {"base_sha": base, "head_sha": tip(server)}}
    clone = runners_clone(server, tip(server), tmp_path / "clone")
    assert_found(on_github(clone, "merge_group", group), "leak.py")


def test_a_push_answers_for_what_it_brings(server: Repository, tmp_path: Path) -> None:
    before = tip(server)
    leak(server)
    commits(server, 40)
    after = tip(server)
    clone = runners_clone(server, after, tmp_path / "clone")
    assert_found(on_github(clone, "push", push(before, after)), "leak.py")
    clone = runners_clone(server, after, tmp_path / "clone")
    told = {"CI_COMMIT_BEFORE_SHA": before, "CI_COMMIT_SHA": after, "CI_COMMIT_BRANCH": "main"}
    assert on_gitlab(clone, "push", **told).code == 1


def test_the_first_push_answers_for_the_whole_history(server: Repository, tmp_path: Path) -> None:
    commits(server, 60)
    clone = runners_clone(server, tip(server), tmp_path / "clone")
    assert_found(on_github(clone, "push", push(ZERO, tip(server))), "old.py")
    clone = runners_clone(server, tip(server), tmp_path / "clone")
    told = {"CI_COMMIT_BEFORE_SHA": ZERO, "CI_COMMIT_SHA": tip(server), "CI_COMMIT_BRANCH": "main"}
    assert on_gitlab(clone, "push", **told).code == 1


def test_a_new_branch_answers_for_what_the_default_branch_has_not(server: Repository, tmp_path: Path) -> None:
    commits(server, 60, "main.py")
    branch(server, "feature")
    clone = runners_clone(server, tip(server), tmp_path / "clone")
    assert_clean(on_github(clone, "push", push(ZERO, tip(server), "refs/heads/feature")))
    leak(server)
    commits(server, 60)
    clone = runners_clone(server, tip(server), tmp_path / "clone")
    assert_found(on_github(clone, "push", push(ZERO, tip(server), "refs/heads/feature")), "leak.py")
    clone = runners_clone(server, tip(server), tmp_path / "clone")
    told = {"CI_COMMIT_BEFORE_SHA": ZERO, "CI_COMMIT_SHA": tip(server), "CI_COMMIT_BRANCH": "feature"}
    outcome = on_gitlab(clone, "push", **told)
    assert (outcome.code, "leak.py" in outcome.out, "old.py" in outcome.out) == (1, True, False), outcome


def test_a_new_tag_answers_for_what_the_default_branch_has_not(server: Repository, tmp_path: Path) -> None:
    server.git("tag", "-a", "-m", "first", "v1")
    clone = runners_clone(server, tip(server), tmp_path / "clone")
    assert_clean(on_github(clone, "push", push(ZERO, tip(server, "v1"), "refs/tags/v1")))


def test_a_tag_s_message_is_new_with_it(server: Repository, tmp_path: Path) -> None:
    server.git("tag", "-a", "-m", f"release {github_token()}", "v2")
    clone = runners_clone(server, tip(server), tmp_path / "clone")
    outcome = on_github(clone, "push", push(ZERO, tip(server, "v2"), "refs/tags/v2"))
    assert (outcome.code, "SEC301" in outcome.out) == (1, True), outcome
    clone = runners_clone(server, tip(server), tmp_path / "clone")
    told = {"CI_COMMIT_BEFORE_SHA": ZERO, "CI_COMMIT_SHA": tip(server), "CI_COMMIT_TAG": "v2"}
    outcome = on_gitlab(clone, "push", **told)
    assert (outcome.code, "SEC301" in outcome.out) == (1, True), outcome


def test_a_tag_that_is_named_like_the_default_branch_hides_nothing(server: Repository, tmp_path: Path) -> None:
    branch(server, "feature")
    leak(server)
    server.git("tag", "origin/main")
    server.git("tag", "main")
    clone = runners_clone(server, tip(server), tmp_path / "clone")
    clone.git("fetch", "--quiet", "--tags", "origin")
    assert_found(on_github(clone, "push", push(ZERO, tip(server), "refs/heads/feature")), "leak.py")


def test_what_a_reused_clone_believes_of_the_default_branch_counts_for_nothing(
    server: Repository, tmp_path: Path
) -> None:
    leaking = leak(server)
    clone = Repository.create(tmp_path / "clone")
    clone.git("remote", "add", "origin", f"file://{server.path}")
    clone.git("fetch", "--quiet", "origin")
    server.git("reset", "--quiet", "--hard", f"{leaking}~1")
    server.git("branch", "old", leaking)
    clone.git("fetch", "--quiet", "origin", leaking)
    clone.git("checkout", "--quiet", "--detach", leaking)
    assert_found(on_github(clone, "push", push(ZERO, leaking, "refs/heads/old")), "leak.py")


def test_the_first_push_of_two_branches_leaves_none_out(server: Repository, tmp_path: Path) -> None:
    branch(server, "dev")
    clone = Repository.create(tmp_path / "clone")
    clone.git("remote", "add", "origin", f"file://{server.path}")
    clone.git("fetch", "--quiet", "origin")
    clone.git("checkout", "--quiet", "--detach", tip(server, "main"))
    assert_found(on_github(clone, "push", push(ZERO, tip(server, "main"))), "old.py")


def test_a_force_push_answers_for_what_the_branch_had_not(server: Repository, tmp_path: Path) -> None:
    branch(server, "feature")
    commits(server, 3)
    before = tip(server)
    server.git("reset", "--quiet", "--hard", "main")
    leak(server)
    clone = runners_clone(server, tip(server), tmp_path / "clone")
    assert_found(on_github(clone, "push", push(before, tip(server), "refs/heads/feature")), "leak.py")


def test_a_deleted_branch_passes(server: Repository, tmp_path: Path) -> None:
    clone = runners_clone(server, tip(server), tmp_path / "clone")
    assert_clean(on_github(clone, "push", push(tip(server), ZERO, "refs/heads/feature")))


def test_everything_is_the_tree_or_with_history_every_commit(server: Repository, tmp_path: Path) -> None:
    commits(server, 60)
    clone = runners_clone(server, tip(server), tmp_path / "clone")
    assert_clean(on_github(clone, "schedule", {}))
    assert_clean(on_github(clone, "workflow_dispatch", {}))
    assert on_gitlab(clone, "schedule", CI_COMMIT_SHA=tip(server)).code == 0
    assert_found(on_github(clone, "schedule", {}, "--history", "true"), "old.py")
    clone = runners_clone(server, tip(server), tmp_path / "clone")
    assert on_gitlab(clone, "schedule", "--history", "true", CI_COMMIT_SHA=tip(server)).code == 1


def test_what_can_not_be_reached_ends_with_2(server: Repository, tmp_path: Path) -> None:
    head = tip(server)
    unknown = "1234567890" * 4
    clone = runners_clone(server, head, tmp_path / "clone")
    for event, name in ((pull_request(unknown, head), "pull_request"), (push(unknown, head), "push")):
        outcome = on_github(clone, name, event)
        assert (outcome.code, unknown in outcome.err) == (2, True), outcome
    clone = runners_clone(server, head, tmp_path / "clone")
    clone.git("remote", "set-url", "origin", f"file://{tmp_path}/gone")
    outcome = on_github(clone, "pull_request", pull_request(tip(server, "HEAD~1"), head))
    assert (outcome.code, "could not fetch" in outcome.err) == (2, True), outcome
    clone.git("remote", "remove", "origin")
    outcome = on_github(clone, "pull_request", pull_request(tip(server, "HEAD~1"), head))
    assert (outcome.code, "git remote add" in outcome.err) == (2, True), outcome


def test_a_damaged_event_ends_with_2_and_says_what_to_do(server: Repository, tmp_path: Path) -> None:
    clone = runners_clone(server, tip(server), tmp_path / "clone")
    outcome = on_github(clone, "push", push("--output=x", tip(server)))
    assert (outcome.code, "before is not the full name" in outcome.err) == (2, True), outcome


def test_the_line_that_it_says_gives_the_same_findings_in_a_clone_of_one_s_own(
    server: Repository, tmp_path: Path
) -> None:
    before = tip(server)
    leak(server)
    clone = runners_clone(server, tip(server), tmp_path / "clone")
    report = tmp_path / "there.json"
    outcome = on_github(clone, "push", push(before, tip(server)), "--report", f"json={report}")
    said = next(line for line in outcome.err.splitlines() if "nightlatch run" in line).partition("nightlatch run ")[2]
    here = server.nightlatch("run", *said.split(), "--format", "json")
    assert here.json() == json.loads(report.read_text(encoding="utf-8"))


def test_a_report_for_code_scanning_holds_what_is_open_in_the_tree(server: Repository, tmp_path: Path) -> None:
    server.stage("open.py", line_with_token())
    server.stage("allowed.py", line_with_token().rstrip("\n") + "  # nightlatch: allow SEC301 -- an example\n")
    server.commit("both")
    head = tip(server)
    clone = runners_clone(server, head, tmp_path / "clone")
    outputs, report = tmp_path / "outputs", tmp_path / "report.sarif"
    event = pull_request(head, head)
    outcome = on_github(
        clone, "pull_request", event, "--sarif", "true", "--sarif-file", str(report), GITHUB_OUTPUT=str(outputs)
    )
    assert_clean(outcome)
    results = [result for part in json.loads(report.read_text(encoding="utf-8"))["runs"] for result in part["results"]]
    places = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results]
    assert places == ["open.py"]
    assert outputs.read_text(encoding="utf-8") == f"sarif={report}\nexit-code=0\n"


def test_a_report_that_code_scanning_would_refuse_is_not_offered(server: Repository, tmp_path: Path) -> None:
    clone = runners_clone(server, tip(server), tmp_path / "clone")
    with (clone.path / "huge.txt").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    outputs, report = tmp_path / "outputs", tmp_path / "report.sarif"
    event = pull_request(tip(server), tip(server))
    outcome = on_github(
        clone, "pull_request", event, "--sarif", "true", "--sarif-file", str(report), GITHUB_OUTPUT=str(outputs)
    )
    assert outcome.code == 2, outcome
    assert "huge.txt" in outcome.out
    assert "code scanning would refuse it" in outcome.err
    assert outputs.read_text(encoding="utf-8") == "exit-code=2\n"


def test_branches_that_nobody_merges_are_not_for_code_scanning(server: Repository, tmp_path: Path) -> None:
    clone = runners_clone(server, tip(server), tmp_path / "clone")
    report = tmp_path / "report.sarif"
    event = push(tip(server), tip(server), "refs/heads/feature")
    assert_clean(on_github(clone, "push", event, "--sarif", "true", "--sarif-file", str(report)))
    assert not report.exists()


def test_outputs_that_can_not_be_written_end_with_2(server: Repository, tmp_path: Path) -> None:
    clone = runners_clone(server, tip(server), tmp_path / "clone")
    outcome = on_github(clone, "schedule", {}, GITHUB_OUTPUT=str(tmp_path / "no" / "outputs"))
    assert (outcome.code, "GITHUB_OUTPUT" in outcome.err) == (2, True), outcome


@pytest.mark.parametrize("words", [("--history", "yes"), ("--sarif", "True"), ("--fail-on", "never"), ("--nothing",)])
def test_a_wrong_input_ends_with_2(server: Repository, tmp_path: Path, words: tuple[str, ...]) -> None:
    clone = runners_clone(server, tip(server), tmp_path / "clone")
    outputs = tmp_path / "outputs"
    outcome = on_github(clone, "schedule", {}, *words, GITHUB_OUTPUT=str(outputs))
    assert (outcome.code, words[0] in outcome.err) == (2, True), outcome
    assert outputs.read_text(encoding="utf-8") == "exit-code=2\n"


def test_a_policy_s_hooks_run_whatever_the_job_names(server: Repository, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\nhooks: [secrets]\n", encoding="utf-8")
    clone = runners_clone(server, tip(server), tmp_path / "clone")
    report = tmp_path / "report.json"
    words = ("--hooks", "protected-files", "--report", f"json={report}")
    assert_clean(on_github(clone, "schedule", {}, *words, NIGHTLATCH_POLICY=str(policy)))
    assert json.loads(report.read_text(encoding="utf-8"))["hooks"] == ["protected-files", "secrets"]


def test_hooks_can_be_chosen(server: Repository, tmp_path: Path) -> None:
    clone = runners_clone(server, tip(server), tmp_path / "clone")
    report = tmp_path / "report.json"
    assert_clean(on_github(clone, "schedule", {}, "--hooks", "secrets", "--report", f"json={report}"))
    assert json.loads(report.read_text(encoding="utf-8"))["hooks"] == ["secrets"]
    wrong = on_github(clone, "schedule", {}, "--hooks", "secret")
    assert (wrong.code, "has no hook secret" in wrong.err) == (2, True), wrong
