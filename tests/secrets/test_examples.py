"""Every rule's own examples, by the whole hook: what is found is found once, and by that rule."""

from __future__ import annotations

import pytest

from nightlatch.core.files import File
from nightlatch.secrets.hook import findings_in
from nightlatch.secrets.rules import RULES
from nightlatch.secrets.scan import Scanner
from nightlatch.secrets.secret_rule import SecretRule

SCANNER = Scanner(RULES)

POSITIVE = [pytest.param(rule, text, id=f"{rule.id}-{n}") for rule in RULES for n, text in enumerate(rule.positive)]
NEGATIVE = [pytest.param(rule, text, id=f"{rule.id}-{n}") for rule in RULES for n, text in enumerate(rule.negative)]


def found_in(text: str) -> list[str]:
    return [finding.rule.id for finding in findings_in(File("src/settings.py", text.encode()), SCANNER)]


@pytest.mark.parametrize(("rule", "text"), POSITIVE)
def test_a_positive_example_is_found_once_and_by_its_own_rule(rule: SecretRule, text: str) -> None:
    assert found_in(text) == [rule.id]


@pytest.mark.parametrize(("rule", "text"), NEGATIVE)
def test_a_negative_example_is_not_found_by_its_rule(rule: SecretRule, text: str) -> None:
    assert rule.id not in found_in(text)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_each_rule_has_two_positive_and_two_negative_examples(rule: SecretRule) -> None:
    assert len(rule.positive) >= 2
    assert len(rule.negative) >= 2


def test_there_are_rules_for_at_least_sixty_providers() -> None:
    assert len({rule.provider for rule in RULES if rule.provider}) >= 60
