"""docs/ci.md says what the templates are and what they take."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"<!-- file: (\S+) -->\n```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_workflow_to_copy_is_the_one_that_runs() -> None:
    assert [name for name, _ in SNIPPETS] == ["ci-templates/github/security.yml"]
    for name, text in SNIPPETS:
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines(keepends=True)
        assert text == "".join(line for line in lines if not line.startswith("#"))


def test_the_action_s_checkout_is_the_workflow_s() -> None:
    workflow = (ROOT / ".github/workflows/nightlatch.yml").read_text(encoding="utf-8")
    (pinned,) = re.findall(r"actions/checkout@.*", workflow)
    assert pinned in PAGE


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("action.yml", ("inputs",)),
        ("action.yml", ("outputs",)),
        (".github/workflows/nightlatch.yml", (True, "workflow_call", "inputs")),
        ("ci-templates/gitlab/nightlatch.gitlab-ci.yml", ("spec", "inputs")),
    ],
)
def test_every_input_and_output_is_told(path: str, keys: tuple[object, ...]) -> None:
    """`on` is a boolean to YAML 1.1: hence True."""
    found = next(yaml.safe_load_all((ROOT / path).read_text(encoding="utf-8")))
    for key in keys:
        found = found[key]
    assert [name for name in found if f"`{name}`" not in PAGE] == []
