"""The GitLab template, run by gitlab-ci-local: what each pipeline shows, keeps, and ends with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from tests.ci.conftest import GitLab, tip
from tests.ci.pipelines import ZERO
from tests.support.repository import Outcome, Repository
from tests.support.tokens import github_token

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "tests/schemas"
INCLUDE = """\
include:
  - local: ci/nightlatch.gitlab-ci.yml
    inputs:
      source: {source}
      revision: "{revision}"
"""
REPORTS = ("gl-nightlatch-secrets.json", "gl-nightlatch-quality.json", "gl-nightlatch-junit.xml")


@pytest.fixture
def consumer(app: Repository, gitlab: GitLab) -> Repository:
    """A project with the template as a file of its own: what is included from elsewhere can't be fetched here."""
    template = (ROOT / "ci-templates/gitlab/nightlatch.gitlab-ci.yml").read_text(encoding="utf-8")
    app.git("checkout", "--quiet", "main")
    app.stage("ci/nightlatch.gitlab-ci.yml", template)
    app.stage(".gitlab-ci.yml", INCLUDE.format(source=gitlab.product.path, revision=gitlab.product.commit))
    app.commit("include the template")
    for branch in ("clean", "planted"):
        app.git("rebase", "--quiet", "main", branch)
    app.write(".git/info/exclude", "/.gitlab-ci-local/\n/gl-nightlatch-*\n")
    return app


def include(app: Repository, gitlab: GitLab, **more: str) -> None:
    lines = [f"      {name}: {value}\n" for name, value in more.items()]
    text = INCLUDE.format(source=gitlab.product.path, revision=gitlab.product.commit)
    app.write(".gitlab-ci.yml", text + "".join(lines))


def merge_request(app: Repository, branch: str) -> dict[str, str]:
    app.git("checkout", "--quiet", branch)
    return {"CI_MERGE_REQUEST_DIFF_BASE_SHA": tip(app, "main"), "CI_COMMIT_SHA": tip(app, branch)}


def reports(app: Repository) -> tuple[Any, Any, ET.Element]:
    secrets, quality, junit = (app.path / name for name in REPORTS)
    loaded = [json.loads(path.read_text(encoding="utf-8")) for path in (secrets, quality)]
    for report, name in zip(loaded, ("gitlab-secret-detection-15.0.7.json", "gitlab-code-quality.json"), strict=True):
        jsonschema.validate(report, json.loads((SCHEMAS / name).read_text(encoding="utf-8")))
    return loaded[0], loaded[1], ET.fromstring(junit.read_text(encoding="utf-8"))  # noqa: S314 - our own file


def assert_red(outcome: Outcome, app: Repository) -> None:
    assert outcome.code == 1, outcome
    assert "FAIL 1" in outcome.out
    assert "b.py:2:10: error SEC301" in outcome.out
    assert github_token() not in outcome.out
    secrets, quality, junit = reports(app)
    places = [(found["location"]["file"], found["location"]["start_line"]) for found in secrets["vulnerabilities"]]
    assert places == [("b.py", 2)]
    assert [(issue["check_name"], issue["location"]["path"]) for issue in quality] == [("SEC301", "b.py")]
    assert (junit.get("failures"), junit.get("errors")) == ("1", "0")


def assert_green(outcome: Outcome, app: Repository) -> None:
    assert outcome.code == 0, outcome
    secrets, quality, junit = reports(app)
    assert (secrets["vulnerabilities"], quality, junit.get("failures")) == ([], [], "0")


def test_a_merge_request(consumer: Repository, gitlab: GitLab) -> None:
    told = merge_request(consumer, "planted")
    assert_red(gitlab.pipeline(consumer, "merge_request_event", **told), consumer)
    told = merge_request(consumer, "clean")
    assert_green(gitlab.pipeline(consumer, "merge_request_event", **told), consumer)


def test_a_merge_request_without_commits(consumer: Repository, gitlab: GitLab) -> None:
    told = merge_request(consumer, "main")
    assert_green(gitlab.pipeline(consumer, "merge_request_event", **told), consumer)


def test_the_default_branch(consumer: Repository, gitlab: GitLab) -> None:
    told = {"CI_COMMIT_BRANCH": "main", "CI_COMMIT_BEFORE_SHA": tip(consumer, "main")}
    for branch, check in (("planted", assert_red), ("clean", assert_green)):
        consumer.git("checkout", "--quiet", branch)
        check(gitlab.pipeline(consumer, "push", CI_COMMIT_SHA=tip(consumer, branch), **told), consumer)
    first = told | {"CI_COMMIT_BEFORE_SHA": ZERO, "CI_COMMIT_SHA": tip(consumer, "planted")}
    assert_red(gitlab.pipeline(consumer, "push", **first), consumer)


def test_a_scheduled_pipeline(consumer: Repository, gitlab: GitLab) -> None:
    for branch, check in (("planted", assert_red), ("clean", assert_green)):
        consumer.git("checkout", "--quiet", branch)
        check(gitlab.pipeline(consumer, "schedule", CI_COMMIT_SHA=tip(consumer, branch)), consumer)


def test_a_branch_without_a_merge_request_has_no_job(consumer: Repository, gitlab: GitLab) -> None:
    told = {"CI_COMMIT_BRANCH": "planted", "CI_COMMIT_BEFORE_SHA": ZERO, "CI_COMMIT_SHA": tip(consumer, "planted")}
    outcome = gitlab.pipeline(consumer, "push", **told)
    assert "SEC301" not in outcome.out
    assert not (consumer.path / REPORTS[0]).exists()


def test_what_can_not_be_reached_ends_with_2(consumer: Repository, gitlab: GitLab) -> None:
    told = merge_request(consumer, "clean") | {"CI_MERGE_REQUEST_DIFF_BASE_SHA": "1" * 40}
    outcome = gitlab.pipeline(consumer, "merge_request_event", **told)
    assert outcome.code != 0
    assert "FAIL 2" in outcome.out


def test_the_inputs(consumer: Repository, gitlab: GitLab) -> None:
    include(
        consumer,
        gitlab,
        hooks="secrets",
        stage="build",
        **{"job-name": "security", "fail-on": "warning", "history": "true", "image": "python:3.12"},
        rules="[{if: $CI_PIPELINE_SOURCE == 'web'}]",
    )
    outcome = gitlab.pipeline(consumer, "web", CI_COMMIT_SHA=tip(consumer, "planted"))
    assert outcome.code == 1, outcome
    said = "nightlatch run --hooks secrets --fail-on warning --max-age 2d --history"
    assert f"security > nightlatch: web: {said}" in outcome.out
    assert "python:3.12" in gitlab.run(consumer, "--preview").out


@pytest.mark.parametrize(
    ("name", "value"), [("hooks", '"a; touch x"'), ("fail-on", "never"), ("revision", "main"), ("history", "maybe")]
)
def test_a_wrong_input_is_refused_before_anything_runs(
    consumer: Repository, gitlab: GitLab, name: str, value: str
) -> None:
    text = INCLUDE.format(source=gitlab.product.path, revision=gitlab.product.commit)
    kept = "".join(line for line in text.splitlines(keepends=True) if f"  {name}:" not in line)
    consumer.write(".gitlab-ci.yml", f"{kept}      {name}: {value}\n")
    outcome = gitlab.pipeline(consumer, "schedule", CI_COMMIT_SHA=tip(consumer, "planted"))
    assert outcome.code != 0
    assert "SEC301" not in outcome.out
    assert name in outcome.out
