"""Whole trees as data: what the hook finds in them, and which pairs it sees."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.repository import Repository

CASES = Path(__file__).resolve().parent.parent / "cases" / "enum_parity" / "trees"
TREES: dict[str, dict[str, Any]] = {
    f"{path.stem}: {name}": case
    for path in sorted(CASES.glob("*.json"))
    for name, case in json.loads(path.read_text(encoding="utf-8")).items()
}
"""Each case: `files` (path → lines), and what is expected: `findings` (`rule path:line`), `pairs`
(`database = code (how): state`), `unchecked` (path → a part of the reason), `fix` (parts of what mends it);
`base` are files of a commit before."""


def plant(repository: Repository, files: dict[str, list[str]]) -> None:
    for path, lines in files.items():
        repository.stage(path, "".join(f"{line}\n" for line in lines))


@pytest.mark.parametrize("case", TREES.values(), ids=TREES)
def test_what_is_found(repository: Repository, case: dict[str, Any]) -> None:
    if "base" in case:
        plant(repository, case["base"])
        repository.commit()
    plant(repository, case["files"])
    outcome = repository.nightlatch("enum-parity", "--staged", "--format", "json")
    assert outcome.findings() == case.get("findings", []), outcome.out
    unchecked = {remark["path"]: remark["reason"] for remark in outcome.json()["unchecked"]}
    expected = case.get("unchecked", {})
    assert unchecked.keys() == expected.keys(), unchecked
    assert all(part in unchecked[path] for path, part in expected.items()), unchecked
    fixes = " ".join(found["fix"] for found in outcome.json()["findings"])
    assert all(part in fixes for part in case.get("fix", ())), fixes
    severities = {found["severity"] for found in outcome.json()["findings"]}
    assert outcome.code == (2 if expected else 1 if "error" in severities else 0)


@pytest.mark.parametrize(
    "case",
    [case for case in TREES.values() if "pairs" in case],
    ids=[name for name, case in TREES.items() if "pairs" in case],
)
def test_which_pairs_are_listed(repository: Repository, case: dict[str, Any]) -> None:
    plant(repository, case["files"])
    listed = repository.nightlatch("enum-parity", "--list", "--format", "json").json()
    pairs = [f"{pair['db']} = {pair['code']} ({pair['how']}): {pair['state']}" for pair in listed["pairs"]]
    assert pairs == case["pairs"]
    for pair in listed["pairs"]:
        assert any(f"{one['path']}::{one['symbol']}" == pair["code"] for one in listed["code"])
        assert any(one["name"] == pair["db"] for one in listed["database"])
