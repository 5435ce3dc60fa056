"""The workflow and the action, run by act: what each event shows, hands on, and ends with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.ci.conftest import Act, Job, tip
from tests.ci.pipelines import DEFAULT, ZERO, pull_request, push
from tests.support.repository import Repository
from tests.support.tokens import github_token, line_with_token

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "tests/schemas/sarif-2.1.0.json").read_text(encoding="utf-8"))
FOUND = ["error b.py:2 SEC301 github-personal-access-token"]
CHECK = "Check what the event brings"


@pytest.fixture
def caller(app: Repository, act: Act) -> Repository:
    """A consumer: the documented workflow, with where nightlatch comes from, which act can't tell it."""
    text = (ROOT / "ci-templates/github/security.yml").read_text(encoding="utf-8")
    text = text.replace("OWNER", "acme").replace("COMMIT", act.product.commit)
    source = f"    with:\n      source: {act.product.path}\n      revision: {act.product.commit}\n"
    text = text.replace(f"nightlatch.yml@{act.product.commit}\n", f"nightlatch.yml@{act.product.commit}\n{source}")
    app.write(".github/workflows/security.yml", text)
    app.write(".git/info/exclude", "/.github/\n")
    return app


def on(app: Repository, branch: str) -> Repository:
    app.git("checkout", "--quiet", branch)
    return app


def of_pull_request(app: Repository, branch: str) -> dict[str, Any]:
    return pull_request(tip(app, "main"), tip(app, branch))


def assert_red(job: Job) -> None:
    assert job.code != 0
    assert f"{CHECK}: failure" in job.steps
    assert job.annotations == FOUND
    assert job.outputs["exit-code"] == "1"
    assert "### nightlatch: 1 error" in job.summary
    assert "| error | `SEC301` | `b.py:2:10` |" in job.summary
    assert github_token() not in job.text


def assert_green(job: Job) -> None:
    assert job.code == 0, job.text
    assert f"{CHECK}: success" in job.steps
    assert (job.annotations, job.outputs["exit-code"]) == ([], "0")
    assert "nothing found" in job.summary


def uploaded(act: Act) -> list[str]:
    """`RULE path` of each result of what was uploaded, which is valid."""
    return results(act.uploaded / "nightlatch.sarif")


def results(path: Path) -> list[str]:
    report = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.validate(report, SCHEMA)
    found = (result for run in report["runs"] for result in run["results"])
    return [
        f"{result['ruleId']} {result['locations'][0]['physicalLocation']['artifactLocation']['uri']}"
        for result in found
    ]


def test_a_pull_request(caller: Repository, act: Act) -> None:
    job = act.run(on(caller, "planted"), "pull_request", of_pull_request(caller, "planted"))
    assert_red(job)
    assert "Keep the report: success" in job.steps
    assert results(act.home / "artifacts/nightlatch-sarif/nightlatch.sarif") == ["SEC301 b.py"]
    assert_green(act.run(on(caller, "clean"), "pull_request", of_pull_request(caller, "clean")))
    assert uploaded(act) == []


def test_what_was_there_before_is_uploaded_and_fails_nothing(caller: Repository, act: Act) -> None:
    on(caller, "main").stage("old.py", line_with_token())
    caller.commit("long ago")
    caller.git("rebase", "--quiet", "main", "clean")
    assert_green(act.run(caller, "pull_request", of_pull_request(caller, "clean")))
    assert uploaded(act) == ["SEC301 old.py"]


@pytest.mark.parametrize("change", ["fork", "dependabot"])
def test_who_may_not_write_uploads_nothing(caller: Repository, act: Act, change: str) -> None:
    event = of_pull_request(caller, "clean")
    if change == "fork":
        event["pull_request"]["head"]["repo"]["full_name"] = "eve/app"
    else:
        event["pull_request"]["user"]["login"] = "dependabot[bot]"
    assert_green(act.run(on(caller, "clean"), "pull_request", event))
    assert not act.uploaded.exists()


def test_a_merge_group(caller: Repository, act: Act) -> None:
    group = {"base_sha": tip(caller, "main"), "head_sha": tip(caller, "planted")}
    assert_red(act.run(on(caller, "planted"), "merge_group", DEFAULT | {"merge_group": group}))
    group["head_sha"] = group["base_sha"]
    job = act.run(caller, "merge_group", DEFAULT | {"merge_group": group})
    assert (job.code, job.annotations) == (0, [])
    assert not act.uploaded.exists()


def test_a_push(caller: Repository, act: Act) -> None:
    before = tip(caller, "main")
    on(caller, "main").git("merge", "--quiet", "--ff-only", "planted")
    assert_red(act.run(caller, "push", push(before, tip(caller, "main"))))
    assert_red(act.run(caller, "push", push(ZERO, tip(caller, "main"))))
    caller.git("reset", "--quiet", "--hard", "clean")
    assert_green(act.run(caller, "push", push(before, tip(caller, "main"))))
    assert uploaded(act) == []


def test_a_push_whose_past_is_gone_ends_with_2(caller: Repository, act: Act) -> None:
    job = act.run(on(caller, "clean"), "push", push("1" * 40, tip(caller, "clean")))
    assert job.code != 0
    assert job.outputs["exit-code"] == "2"


@pytest.mark.parametrize("name", ["schedule", "workflow_dispatch"])
def test_everything(caller: Repository, act: Act, name: str) -> None:
    job = act.run(on(caller, "planted"), name, DEFAULT)
    assert_red(job)
    assert_green(act.run(on(caller, "clean"), name, DEFAULT))
    assert uploaded(act) == []


STEP = """\
name: Security
on: [push, pull_request]
permissions: {{}}
jobs:
  nightlatch:
    name: nightlatch
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1
        with:
          persist-credentials: false
      - name: Check
        id: nightlatch
        uses: acme/nightlatch@{commit}
        with:
          sarif: "true"
          hooks: "{hooks}"
      - name: Tell
        if: ${{{{ always() }}}}
        env:
          CODE: ${{{{ steps.nightlatch.outputs.exit-code }}}}
          SARIF: ${{{{ steps.nightlatch.outputs.sarif }}}}
        run: echo "told=$CODE $(basename "$SARIF")" >>"$GITHUB_OUTPUT"
"""


@pytest.mark.parametrize("hooks", ["", "secrets", "secrets'; touch injected; '$(touch injected)"])
def test_the_action_as_a_step(app: Repository, act: Act, hooks: str) -> None:
    app.write(".git/info/exclude", "/.github/\n")
    app.write(".github/workflows/security.yml", STEP.format(commit=act.product.commit, hooks=hooks))
    job = act.run(on(app, "planted"), "pull_request", of_pull_request(app, "planted"))
    assert job.code != 0
    if "touch" in hooks:
        assert job.outputs["told"].startswith("2 ")
        assert not (app.path / "injected").exists()
        return
    assert job.annotations == FOUND
    assert job.outputs["told"] == "1 nightlatch.sarif"
    clean = act.run(on(app, "clean"), "push", push(tip(app, "main"), tip(app, "clean")))
    assert (clean.code, clean.annotations, clean.outputs["told"]) == (0, [], "0 nightlatch.sarif")
