"""What holds for every pattern: bounded, linear, and fit to serve as a filter of another engine."""

from __future__ import annotations

import marshal
import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as sre_parser  # type: ignore[import-not-found]
from pathlib import Path
from typing import Any

import pytest

from nightlatch.core.files import File
from nightlatch.secrets import hyperscan_filter
from nightlatch.secrets.confirm import confirmed
from nightlatch.secrets.rules import CONFIRMATIONS, RULES
from nightlatch.secrets.scan import ESCAPES_BEFORE, OVERLAP, Scanner, expression
from nightlatch.secrets.secret_rule import PROVIDER, SecretRule

SOURCES = Path(__file__).parents[2] / "hooks" / "nightlatch"
FORBIDDEN = {sre.ASSERT, sre.ASSERT_NOT, sre.GROUPREF, sre.GROUPREF_EXISTS, sre.ANY_ALL}
HOSTILE_LENGTH = 250_000

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def operations(parsed: Any) -> list[tuple[Any, Any]]:
    """Every operation of a parsed expression, at every depth."""
    found = []
    for operation, value in parsed:
        found.append((operation, value))
        for inner in value if isinstance(value, tuple | list) else ():
            if isinstance(inner, sre_parser.SubPattern):
                found.extend(operations(inner))
            elif isinstance(inner, list) and inner and isinstance(inner[0], sre_parser.SubPattern):
                found.extend(step for branch in inner for step in operations(branch))
    return found


@each_rule
def test_a_pattern_can_serve_as_a_filter(rule: SecretRule) -> None:
    parsed = sre_parser.parse(rule.pattern.encode())
    assert not {operation for operation, _ in operations(parsed)} & FORBIDDEN
    assert not parsed.state.flags & re.DOTALL
    for operation, value in operations(parsed):
        if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            assert value[1] != sre.MAXREPEAT, "an unbounded quantifier"


@each_rule
def test_no_match_is_longer_than_the_overlap_of_slices(rule: SecretRule) -> None:
    assert sre_parser.parse(expression(rule)).getwidth()[1] < OVERLAP


@each_rule
def test_no_match_runs_over_a_line_end(rule: SecretRule) -> None:
    pattern = re.compile(expression(rule))
    for text in rule.positive:
        for match in pattern.finditer(text.encode()):
            assert b"\n" not in match.group()


@each_rule
def test_keywords_are_lower_case_and_long_enough_to_mean_something(rule: SecretRule) -> None:
    for keyword in rule.keywords:
        assert keyword == keyword.lower()
        assert len(keyword) >= 3


@each_rule
def test_the_rule_names_its_parts(rule: SecretRule) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert rule.revoke
    assert not rule.summary.endswith(".")


def test_confirmations_belong_to_rules() -> None:
    assert set(CONFIRMATIONS) <= {rule.id for rule in RULES}


def hostile_line(rule: SecretRule) -> bytes:
    """A quarter of a megabyte that begins to match again and again: whole examples, their parts, their beginnings."""
    example = max(rule.positive, key=len).encode()
    match = re.search(expression(rule), example)
    assert match is not None
    token = match.group()
    parts = [token, token + b" ", token[:-1] + b"!", token[: len(token) // 2] + b"-", token[:4], token[:1]]
    parts += [keyword.encode() + end for keyword in rule.keywords[:2] for end in (b"", b"=")]
    length = HOSTILE_LENGTH // len(parts)
    return b"".join((part * (length // len(part) + 1))[:length] for part in parts)


@pytest.mark.slow
@each_rule
def test_a_hostile_line_ends(rule: SecretRule) -> None:
    """With the square of the length it would take minutes for each of 427 rules: that all end is the proof."""
    line = hostile_line(rule)
    plain, fast = Scanner([rule]), Scanner([rule], hyperscan_filter.build([rule]))
    found = [(match.start, match.end) for match in plain.matches(line) if confirmed(line, match)]
    assert [(match.start, match.end) for match in fast.matches(line) if confirmed(line, match)] == found


def test_no_line_of_the_sources_is_taken_for_a_secret() -> None:
    scanner = Scanner(RULES)
    for source in sorted(SOURCES.rglob("*.py")):
        file = File(source.name, source.read_bytes())
        assert [match.rule.id for match in scanner.matches(file.text) if confirmed(file.text, match)] == []


def test_no_compiled_module_is_taken_for_a_secret() -> None:
    """An installation holds compiled modules: the compiler must not join what the sources keep apart."""
    scanner = Scanner(RULES)
    for source in sorted((SOURCES / "secrets").rglob("*.py")):
        text = marshal.dumps(compile(source.read_bytes(), source.name, "exec"))
        found = [match for match in scanner.matches(text) if confirmed(text, match)]
        assert [match.rule.id for match in found if match.rule.tier == PROVIDER] == [], source


def test_the_escapes_before_a_value_have_a_fixed_width() -> None:
    assert re.compile(rb"(?:" + ESCAPES_BEFORE + rb")x").search(rb"\nx")
