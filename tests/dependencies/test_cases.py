"""Whole repositories, as data: `tests/cases/dependencies/NAME.txt`.

A case begins with a sentence; then come files, each below a line `-- PATH`. `-- before PATH` stands in the commit
before, and then what is staged is checked, else all files; `-- removed PATH` is taken away by the change. At the end
stands what is expected: `RULE SEVERITY PATH:LINE`, `suppressed RULE PATH:LINE`, `unchecked PATH`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nightlatch.dependencies.rules import RULES
from tests.support.repository import Outcome, Repository

CASES = Path(__file__).parents[1] / "cases" / "dependencies"
CONFIG = "rules: {DEP301: off, DEP303: off}\n"
"""What a case is about unless it has a configuration of its own: each would find no least age and no update bot."""

ONLY_IN_OTHER_TESTS = {"DEP004": "needs another audit", "DEP005": "needs data of last week"}


def read(path: Path) -> tuple[dict[str, str], list[str]]:
    """The files of a case, and what is expected of it."""
    _, *parts = re.split(r"(?m)^-- (.+)\n", path.read_text(encoding="utf-8"))
    files = dict(zip(parts[::2], parts[1::2], strict=True))
    soon = (datetime.now(UTC) + timedelta(days=30)).strftime("%Y-%m-%d")
    expected = files.pop("expected").splitlines()
    return {name: text.replace('"SOON"', f'"{soon}"') for name, text in files.items()}, expected


def made(repository: Repository, files: dict[str, str]) -> str:
    """Write a case into a repository; the selector that it is to be checked with."""
    before = {name.removeprefix("before "): text for name, text in files.items() if name.startswith("before ")}
    for name, text in ({".nightlatch.yaml": CONFIG} | before).items():
        repository.stage(name, text)
    if before:
        repository.commit()
    for name, text in files.items():
        if name.startswith("removed "):
            repository.git("rm", "--quiet", name.removeprefix("removed "))
        elif not name.startswith("before "):
            repository.stage(name, text)
    return "--staged" if before else "--all-files"


def told(outcome: Outcome) -> list[str]:
    report = outcome.json()
    found = [f"{one['rule']} {one['severity']} {one['path']}:{one['line']}" for one in report["findings"]]
    found += [f"suppressed {one['rule']} {one['path']}:{one['line']}" for one in report["suppressed"]]
    return sorted([*found, *(f"unchecked {one['path']}" for one in report["unchecked"])])


@pytest.mark.parametrize("case", sorted(CASES.glob("*.txt")), ids=lambda path: path.stem)
def test_a_case(repository: Repository, whole_advisories: Path, case: Path) -> None:
    files, expected = read(case)
    selector = made(repository, files)
    outcome = repository.nightlatch(
        "dependencies", selector, "--format", "json", NIGHTLATCH_ADVISORIES=str(whole_advisories)
    )
    assert told(outcome) == sorted(expected), outcome


def test_every_rule_is_found_in_some_case() -> None:
    found = {line.split()[0] for path in CASES.glob("*.txt") for line in read(path)[1]}
    assert {rule.id for rule in RULES} - found == set(ONLY_IN_OTHER_TESTS)
