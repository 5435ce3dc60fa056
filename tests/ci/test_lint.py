"""The templates as others judge them: workflow security, expressions, and the public schemas."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ci.conftest import GitLab
from tests.support.repository import Outcome, Repository, run

ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = ROOT / ".github/workflows/nightlatch.yml"
SCANNING = ROOT / ".github/workflows/code-scanning.yml"
CALLER = ROOT / "ci-templates/github/security.yml"
ACTION = ROOT / "action.yml"
GITLAB = ROOT / "ci-templates/gitlab/nightlatch.gitlab-ci.yml"
CHECKED = (WORKFLOW, SCANNING, CALLER, ACTION)


def tool(name: str, *words: str, cwd: Path) -> Outcome:
    return run(str(Path(sys.executable).with_name(name)), *words, cwd=cwd)


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A repository with everything that GitHub would read, the caller as a user would fill it in."""
    folder = Repository.create(tmp_path / "published").path
    caller = CALLER.read_text(encoding="utf-8").replace("OWNER", "acme").replace("COMMIT", "0123456789" * 4)
    (folder / ".github/workflows").mkdir(parents=True)
    (folder / ".github/workflows/security.yml").write_text(caller, encoding="utf-8")
    (folder / ".github/workflows/nightlatch.yml").write_bytes(WORKFLOW.read_bytes())
    (folder / ".github/workflows/code-scanning.yml").write_bytes(SCANNING.read_bytes())
    (folder / "action.yml").write_bytes(ACTION.read_bytes())
    return folder


def test_zizmor_finds_nothing(published: Path) -> None:
    outcome = tool("zizmor", "--offline", "--persona=auditor", "--no-progress", ".", cwd=published)
    assert outcome.code == 0, outcome.out
    assert outcome.err.count("completed") == 4, outcome.err


def test_zizmor_would_find_something(published: Path) -> None:
    path = published / "action.yml"
    path.write_text(path.read_text(encoding="utf-8").replace('--hooks "$HOOKS"', "--hooks ${{ inputs.hooks }}"))
    assert tool("zizmor", "--offline", "--persona=auditor", ".", cwd=published).code != 0


def test_actionlint_finds_nothing(published: Path) -> None:
    outcome = tool("actionlint", "-no-color", cwd=published)
    assert (outcome.code, outcome.out) == (0, ""), outcome


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("vendor.github-workflows", WORKFLOW),
        ("vendor.github-workflows", SCANNING),
        ("vendor.github-workflows", CALLER),
        ("vendor.github-actions", ACTION),
    ],
)
def test_github_s_files_follow_their_schema(schema: str, path: Path) -> None:
    outcome = tool("check-jsonschema", "--builtin-schema", schema, str(path), cwd=ROOT)
    assert outcome.code == 0, outcome


@pytest.mark.slow
def test_what_gitlab_makes_of_the_template_follows_its_schema(gitlab: GitLab, repository: Repository) -> None:
    repository.stage("template.yml", GITLAB.read_bytes())
    inputs = f"{{source: https://example.com/nightlatch.git, revision: '{'0123456789' * 4}'}}"
    repository.stage(".gitlab-ci.yml", f"include:\n  - local: template.yml\n    inputs: {inputs}\n")
    repository.commit()
    repository.git("remote", "add", "origin", "git@example.com:acme/app.git")
    shown = gitlab.run(repository, "--preview")
    assert shown.code == 0, shown
    path = repository.write("preview.yml", shown.out)
    outcome = tool("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", str(path), cwd=ROOT)
    assert outcome.code == 0, outcome


def steps(path: Path) -> list[dict[str, Any]]:
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    if "runs" in loaded:
        return list(loaded["runs"]["steps"])
    return [step for job in loaded["jobs"].values() for step in job.get("steps", [])]


def test_the_action_uses_no_other_action() -> None:
    assert [step for step in steps(ACTION) if "uses" in step] == []


@pytest.mark.parametrize("path", CHECKED, ids=lambda path: path.name)
def test_no_expression_stands_in_a_script(path: Path) -> None:
    assert [step["name"] for step in steps(path) if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize("path", CHECKED, ids=lambda path: path.name)
def test_every_action_is_pinned_by_its_commit(path: Path) -> None:
    uses = [step["uses"] for step in steps(path) if "uses" in step]
    assert [one for one in uses if not re.search(r"@[0-9a-f]{40}$", one)] == []


def test_permissions_are_the_least() -> None:
    loaded = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in (WORKFLOW, SCANNING, CALLER)]
    assert [one["permissions"] for one in loaded] == [{}, {}, {}]
    workflow, scanning, caller = ({job: one["permissions"] for job, one in every["jobs"].items()} for every in loaded)
    assert workflow == {"check": {"contents": "read"}}
    assert scanning["upload"] == {"security-events": "write", "contents": "read", "actions": "read"}
    assert caller == {"nightlatch": workflow["check"], "code-scanning": scanning["upload"]}
    assert "pull_request_target" not in "".join(path.read_text(encoding="utf-8") for path in CHECKED)


def test_no_run_of_a_called_workflow_cancels_another() -> None:
    for path in (WORKFLOW, SCANNING):
        assert "concurrency" not in yaml.safe_load(path.read_text(encoding="utf-8"))
    concurrency = yaml.safe_load(CALLER.read_text(encoding="utf-8"))["concurrency"]
    assert concurrency["cancel-in-progress"] == "${{ github.event_name == 'pull_request' }}"


def test_the_gitlab_template_leaves_the_pipeline_s_own_settings_alone() -> None:
    _, document = yaml.safe_load_all(GITLAB.read_text(encoding="utf-8"))
    assert list(document) == ["$[[ inputs.job-name ]]"]
