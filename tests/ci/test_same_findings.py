"""One engine: what a commit's check finds is what GitHub's job and GitLab's find, with the same fingerprints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.ci.conftest import Act, GitLab, tip
from tests.ci.pipelines import DEFAULT
from tests.support.repository import Repository
from tests.support.tokens import github_token, line_with_token

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def app(app: Repository) -> Repository:
    """Findings of several files and rules, two of them on lines alike."""
    app.git("checkout", "--quiet", "planted")
    app.stage("deep/er/c.ini", f"{line_with_token()}A=1\n{line_with_token()}")
    app.stage("d.txt", f"https://user:{github_token()}@example.com/\n")
    app.commit("more")
    return app


def of_json(report: dict[str, Any]) -> list[tuple[str, str, int, str]]:
    return sorted((one["rule"], one["path"], one["line"], one["fingerprint"]) for one in report["findings"])


def of_sarif(report: dict[str, Any]) -> list[tuple[str, str, int, str]]:
    found = []
    for result in (result for run in report["runs"] for result in run["results"]):
        place = result["locations"][0]["physicalLocation"]
        fingerprint = result["partialFingerprints"]["primaryLocationLineHash"].partition(":")[0]
        found.append((result["ruleId"], place["artifactLocation"]["uri"], place["region"]["startLine"], fingerprint))
    return sorted(found)


def of_code_quality(report: list[dict[str, Any]]) -> list[tuple[str, str, int, str]]:
    places = ((one, one["location"]) for one in report)
    return sorted(
        (one["check_name"], place["path"], place["lines"]["begin"], one["fingerprint"]) for one, place in places
    )


def test_here_there_and_there(app: Repository, act: Act, gitlab: GitLab) -> None:
    here = app.nightlatch("run", "--all-files", "--format", "json").json()
    assert len(here["findings"]) == 4
    workflow = (ROOT / "ci-templates/github/security.yml").read_text(encoding="utf-8")
    workflow = workflow.replace("OWNER", "acme").replace("COMMIT", act.product.commit)
    source = f"    with: {{source: {act.product.path}, revision: '{act.product.commit}'}}\n"
    called = f"nightlatch.yml@{act.product.commit}\n"
    workflow = workflow.replace(called, called + source)
    template = (ROOT / "ci-templates/gitlab/nightlatch.gitlab-ci.yml").read_text(encoding="utf-8")
    inputs = f"{{source: {gitlab.product.path}, revision: '{gitlab.product.commit}'}}"
    app.stage(".github/workflows/security.yml", workflow)
    app.stage("ci/template.yml", template)
    app.stage(".gitlab-ci.yml", f"include: [{{local: ci/template.yml, inputs: {inputs}}}]\n")
    app.commit("both")

    act.run(app, "schedule", DEFAULT)
    (report,) = act.home.rglob("artifacts/*/nightlatch.sarif")
    assert of_sarif(json.loads(report.read_text(encoding="utf-8"))) == of_json(here)

    gitlab.pipeline(app, "schedule", CI_COMMIT_SHA=tip(app, "HEAD"))
    quality = json.loads((app.path / "gl-nightlatch-quality.json").read_text(encoding="utf-8"))
    assert of_code_quality(quality) == of_json(here)


def test_a_commit_a_range_and_a_tree_have_the_same_fingerprints(app: Repository) -> None:
    tree = of_json(app.nightlatch("run", "--all-files", "--format", "json").json())
    commits = of_json(app.nightlatch("run", "--from-ref", "main", "--format", "json").json())
    app.git("reset", "--quiet", "--soft", "main")
    staged = of_json(app.nightlatch("run", "--staged", "--format", "json").json())
    assert tree == commits == staged
