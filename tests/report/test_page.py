"""The examples of docs/reports.md are what the command writes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from nightlatch import __version__
from tests.support.repository import Repository
from tests.support.tokens import line_with_token

PAGE = (Path(__file__).parent.parent.parent / "docs" / "reports.md").read_text(encoding="utf-8")


def example(name: str) -> str:
    """The first block of code below the format's heading."""
    _, _, section = PAGE.partition(f"\n## `{name}`\n")
    found = re.search(r"^```\w+\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    assert found
    return found[1].replace('"version": "0.1.0"', f'"version": "{__version__}"')


@pytest.mark.parametrize("name", ["github", "gitlab", "codequality", "junit"])
def test_an_example_is_what_the_command_writes(repository: Repository, name: str) -> None:
    repository.write("src/deploy.py", "import os\n" + line_with_token())
    times = {"CI_COMMIT_TIMESTAMP": "2026-10-01T10:00:00+02:00", "GITHUB_STEP_SUMMARY": ""}
    written = repository.nightlatch("run", "--all-files", "--format", name, **times).out
    if name in ("github", "junit"):
        assert written == example(name)
    else:
        assert json.loads(written) == json.loads(example(name))


def test_every_format_has_a_row_and_a_section() -> None:
    from nightlatch.report.formats import FORMATS

    for name in FORMATS:
        assert f"\n| `{name}` |" in PAGE
        assert name == "text" or f"\n## `{name}`\n" in PAGE
