"""Which commits each event of GitHub and each pipeline of GitLab asks to be checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nightlatch.ci import github, gitlab
from nightlatch.ci.scope import EventError, Scope, selector
from tests.ci.pipelines import ZERO

A, B, C = "a" * 40, "b" * 40, "c" * 40
REPOSITORY = {"default_branch": "main", "full_name": "acme/app"}


@pytest.fixture
def payload(tmp_path: Path) -> Path:
    return tmp_path / "event.json"


def of_github(payload: Path, name: str, **event: Any) -> Scope:
    payload.write_text(json.dumps({"repository": REPOSITORY} | event), encoding="utf-8")
    return github.scope({"GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": str(payload)})


def of_gitlab(source: str, **variables: str) -> Scope:
    return gitlab.scope({"CI_PIPELINE_SOURCE": source, "CI_COMMIT_SHA": B, "CI_DEFAULT_BRANCH": "main"} | variables)


@pytest.mark.parametrize("name", ["pull_request", "pull_request_target", "pull_request_review"])
def test_a_pull_request_answers_for_its_own_commits(payload: Path, name: str) -> None:
    event = {"base": {"sha": A}, "head": {"sha": B}}
    assert of_github(payload, name, pull_request=event) == Scope(name, A, B)


def test_a_merge_group_answers_for_what_it_would_merge(payload: Path) -> None:
    event = {"base_sha": A, "head_sha": B}
    assert of_github(payload, "merge_group", merge_group=event) == Scope("merge_group", A, B, upload=False)


@pytest.mark.parametrize(
    ("reference", "before", "expected"),
    [
        ("refs/heads/main", A, Scope("push", A, B)),
        ("refs/heads/main", ZERO, Scope("push", history=True)),
        ("refs/heads/feature", A, Scope("push", A, B, upload=False)),
        ("refs/heads/feature", ZERO, Scope("push", "", B, beside="main", upload=False)),
        ("refs/tags/v1", ZERO, Scope("push", "", B, beside="main", upload=False)),
    ],
)
def test_a_push_to_github(payload: Path, reference: str, before: str, expected: Scope) -> None:
    assert of_github(payload, "push", ref=reference, before=before, after=B) == expected


def test_a_deleted_branch_answers_for_nothing(payload: Path) -> None:
    assert of_github(payload, "push", ref="refs/heads/x", before=A, after=ZERO).end == ZERO


@pytest.mark.parametrize("name", ["schedule", "workflow_dispatch", "release", "repository_dispatch"])
def test_other_events_of_github_ask_for_everything(payload: Path, name: str) -> None:
    scope = of_github(payload, name)
    assert scope == Scope(name)
    assert not scope.is_range


def test_a_range_is_a_range_whatever_is_asked_of_the_history() -> None:
    assert selector(A, B, history=True) == ("--from-ref", A, "--to-ref", B)
    assert selector("", "", history=True) == ("--history",)
    assert selector("", "", history=False) == ("--all-files",)


def test_a_merge_request_answers_for_its_own_commits() -> None:
    source = "merge_request_event"
    assert of_gitlab(source, CI_MERGE_REQUEST_DIFF_BASE_SHA=A) == Scope(source, A, B)
    merged = of_gitlab(source, CI_MERGE_REQUEST_DIFF_BASE_SHA=A, CI_MERGE_REQUEST_SOURCE_BRANCH_SHA=C)
    assert merged == Scope(source, A, C)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"CI_COMMIT_BRANCH": "main", "CI_COMMIT_BEFORE_SHA": A}, Scope("push", A, B)),
        ({"CI_COMMIT_BRANCH": "main", "CI_COMMIT_BEFORE_SHA": ZERO}, Scope("push", history=True)),
        ({"CI_COMMIT_BRANCH": "x", "CI_COMMIT_BEFORE_SHA": A}, Scope("push", A, B, upload=False)),
        ({"CI_COMMIT_BRANCH": "x", "CI_COMMIT_BEFORE_SHA": ZERO}, Scope("push", "", B, beside="main", upload=False)),
        (
            {"CI_COMMIT_TAG": "v1", "CI_COMMIT_BEFORE_SHA": ZERO},
            Scope("push", "", "refs/tags/v1", beside="main", upload=False),
        ),
    ],
)
def test_a_push_to_gitlab(variables: dict[str, str], expected: Scope) -> None:
    assert of_gitlab("push", **variables) == expected


@pytest.mark.parametrize("source", ["schedule", "web", "trigger", "api", "pipeline", "parent_pipeline"])
def test_other_pipelines_of_gitlab_ask_for_everything(source: str) -> None:
    assert of_gitlab(source, CI_COMMIT_BRANCH="main", CI_COMMIT_BEFORE_SHA=ZERO) == Scope(source)


@pytest.mark.parametrize("value", [None, "", "main", "--upload-pack=x", A[:12], A + "\n", 7, "A" * 40])
def test_what_is_no_commit_is_refused(payload: Path, value: object) -> None:
    with pytest.raises(EventError):
        of_github(payload, "push", ref="refs/heads/main", before=value, after=B)
    with pytest.raises(EventError):
        of_github(payload, "pull_request", pull_request={"base": {"sha": A}, "head": {"sha": value}})
    with pytest.raises(EventError):
        of_github(payload, "merge_group", merge_group={"base_sha": value})


@pytest.mark.parametrize("value", ["", "-x", "a b", "a\nb", "a..b", "a:b", "*"])
def test_what_is_no_branch_is_refused(value: str) -> None:
    with pytest.raises(EventError):
        of_gitlab("push", CI_DEFAULT_BRANCH=value, CI_COMMIT_BEFORE_SHA=ZERO)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, None])
def test_a_payload_that_can_not_be_read_is_refused(payload: Path, content: bytes | None) -> None:
    if content is not None:
        payload.write_bytes(content)
    with pytest.raises(EventError, match="payload"):
        github.scope({"GITHUB_EVENT_NAME": "push", "GITHUB_EVENT_PATH": str(payload)})


def test_a_job_that_nobody_started_is_refused(payload: Path) -> None:
    with pytest.raises(EventError, match="CI_PIPELINE_SOURCE"):
        gitlab.scope({"CI_COMMIT_SHA": B})
    with pytest.raises(EventError, match="GITHUB_EVENT_NAME"):
        of_github(payload, "")


def test_a_request_without_its_commits_is_not_everything_but_refused(payload: Path) -> None:
    for event in ({}, {"pull_request": None}, {"pull_request": {"base": {"sha": A}}}):
        with pytest.raises(EventError, match="pull_request"):
            of_github(payload, "pull_request", **event)
    with pytest.raises(EventError, match="merge_group"):
        of_github(payload, "merge_group")
    with pytest.raises(EventError, match="CI_MERGE_REQUEST_DIFF_BASE_SHA"):
        of_gitlab("merge_request_event")
