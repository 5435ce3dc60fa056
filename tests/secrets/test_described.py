"""Each provider's credential, as the provider itself describes it, is found, and what only looks like it is not.

The cases were written from the providers' pages and client libraries, without sight of our patterns: where one of the
two is wrong, they disagree here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from nightlatch.core.files import File
from nightlatch.secrets.hook import findings_in
from nightlatch.secrets.rules import RULES
from nightlatch.secrets.scan import Scanner
from tests.support.templates import expand

CASES = Path(__file__).resolve().parent.parent / "cases" / "secrets" / "described"


class Described(NamedTuple):
    """What the providers say of the credentials that one rule finds."""

    rule: str
    source: str
    positive: list[str]
    negative: list[str]


def _described() -> list[Described]:
    """All entries of all files, in the order of their names."""
    files = sorted(CASES.glob("*.json"))
    return [Described(**entry) for file in files for entry in json.loads(file.read_text(encoding="utf-8"))]


DESCRIBED = _described()
POSITIVE = [
    pytest.param(entry.rule, f"{entry.rule}-{index}", template, id=f"{entry.rule}-{index}")
    for entry in DESCRIBED
    for index, template in enumerate(entry.positive)
]
NEGATIVE = [
    pytest.param(f"{entry.rule}-not-{index}", template, id=f"{entry.rule}-not-{index}")
    for entry in DESCRIBED
    for index, template in enumerate(entry.negative)
]


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    return Scanner(RULES)


def _rules_that_find(text: str, scanner: Scanner) -> set[str]:
    return {finding.rule.id for finding in findings_in(File("src/settings.txt", text.encode()), scanner)}


@pytest.mark.parametrize(("rule", "seed", "template"), POSITIVE)
def test_the_described_credential_is_found(rule: str, seed: str, template: str, scanner: Scanner) -> None:
    assert rule in _rules_that_find(expand(template, seed), scanner)


@pytest.mark.parametrize(("seed", "template"), NEGATIVE)
def test_what_only_looks_like_it_is_not(seed: str, template: str, scanner: Scanner) -> None:
    assert _rules_that_find(expand(template, seed), scanner) == set()


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_every_rule_is_described(rule: str) -> None:
    """Once, by its provider's words, with two credentials and one that is none, and no fewer than a third of all."""
    entries = [entry for entry in DESCRIBED if entry.rule == rule]
    assert len(entries) == 1
    entry = entries[0]
    own = next(known for known in RULES if known.id == rule)
    assert entry.source
    assert len(entry.positive) >= 2
    assert entry.negative
    assert len(entry.positive) + len(entry.negative) >= (len(own.positive) + len(own.negative)) / 2


def test_no_rule_is_described_that_does_not_exist() -> None:
    assert {entry.rule for entry in DESCRIBED} <= {rule.id for rule in RULES}
