"""What of a configuration's general keys is a weakening, and what isn't."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.core import config
from nightlatch.core.config import Config
from nightlatch.core.weakening import weakenings
from nightlatch.schema import SCHEMA


def read(text: str) -> Config:
    return config.load(text.encode() if text else None, "file", lambda: SCHEMA)


def told(base: str, change: str) -> list[str]:
    """`key: sentence` of each weakening, after the key's place was found to be in the file or above."""
    return [f"{one.key} | {one.sentence}" for one in weakenings(read(base), read(change))]


WEAKER = {
    "profile": ("profile: strict", "profile: standard", "profile | profile: strict became standard"),
    "profile by deletion": ("profile: strict", "", "profile | profile: strict became standard"),
    "a hook less": (
        "hooks: [secrets, env-files]",
        "hooks: [secrets]",
        "hooks | hooks: env-files no longer runs",
    ),
    "hooks for the first time": (
        "",
        "hooks: [secrets]",
        "hooks | hooks: only secrets run; before, all that apply did",
    ),
    "an exclude": ("", "exclude: [/src/**]", "exclude[0] | exclude: /src/** is no longer checked"),
    "a further exclude": (
        "exclude: [/a]",
        "exclude: [/b, /a]",
        "exclude[0] | exclude: /b is no longer checked",
    ),
    "an exception less": (
        'exclude: [/a/*, "!/a/b"]',
        "exclude: [/a/*]",
        "exclude | exclude: !/a/b exempts nothing any more",
    ),
    "an exception that comes too early": (
        'exclude: [/a/*, "!/a/b"]',
        'exclude: ["!/a/b", /a/*]',
        "exclude | exclude: the order changed, and of the patterns that fit a path the last one counts",
    ),
    "an exception that is overridden": (
        'exclude: [/a/*, "!/a/b"]',
        'exclude: [/a/*, "!/a/b", /a/*]',
        "exclude | exclude: the order changed, and of the patterns that fit a path the last one counts",
    ),
    "a rule off": ("", "rules: {SEC301: off}", "rules.SEC301 | rules: SEC301 goes from its own severity to off"),
    "a rule lower": (
        "rules: {SEC301: error}",
        "rules: {SEC301: off}",
        "rules.SEC301 | rules: SEC301 goes from error to off",
    ),
    "a rule no longer raised": (
        "rules: {ENV114: error}",
        "rules: {}",
        "rules.ENV114 | rules: ENV114 goes from error to its own severity",
    ),
    "an override": (
        "",
        "overrides: [{paths: [/a, /b], rules: {CODE006: warning}}]",
        "overrides[0].rules.CODE006 | overrides: CODE006 goes from its own severity to warning in /a, /b",
    ),
    "an override that is lower than the rule": (
        "rules: {CODE006: warning}",
        "rules: {CODE006: warning}\noverrides: [{paths: [/a], rules: {CODE006: info}}]",
        "overrides[0].rules.CODE006 | overrides: CODE006 goes from warning to info in /a",
    ),
    "an override that raised": (
        "overrides: [{paths: [/a], rules: {CODE006: error}}]",
        "overrides: []",
        "overrides | overrides: CODE006 goes from error to its own severity in /a",
    ),
    "overrides in another order": (
        "overrides: [{paths: [/a], rules: {X001: off}}, {paths: [/a/b], rules: {X001: error}}]".replace("X0", "ACME0"),
        "overrides: [{paths: [/a/b], rules: {X001: error}}, {paths: [/a], rules: {X001: off}}]".replace("X0", "ACME0"),
        "overrides | overrides: the order changed, and of the entries that fit the last one counts",
    ),
    "accepted": (
        "",
        "accept-unchecked: [{path: /a, reason: b}]",
        "accept-unchecked[0] | accept-unchecked: /a may go unchecked",
    ),
    "accepted for longer": (
        'accept-unchecked: [{path: /a, reason: b, expires: "2027-01-31"}]',
        'accept-unchecked: [{path: /a, reason: b, expires: "2027-02-28"}]',
        "accept-unchecked[0] | accept-unchecked: /a may go unchecked until 2027-02-28, not until 2027-01-31",
    ),
    "accepted without an end": (
        'accept-unchecked: [{path: /a, reason: b, expires: "2027-01-31"}]',
        "accept-unchecked: [{path: /a, reason: b}]",
        "accept-unchecked[0] | accept-unchecked: /a may go unchecked for ever, not until 2027-01-31",
    ),
}


@pytest.mark.parametrize(("base", "change", "said"), WEAKER.values(), ids=WEAKER)
def test_a_weakening_is_told_with_its_key(base: str, change: str, said: str) -> None:
    assert told(base, change) == [said]


STRICTER = {
    "strict": ("", "profile: strict"),
    "all hooks": ("hooks: [secrets]", ""),
    "a hook more": ("hooks: [secrets]", "hooks: [sql, secrets]"),
    "an exclude less": ("exclude: [/a, /b]", "exclude: [/b]"),
    "an exception more": ("exclude: [/a/*]", 'exclude: [/a/*, "!/a/b"]'),
    "excludes in another order": ("exclude: [/a, /b]", "exclude: [/b, /a]"),
    "a pattern twice": ("exclude: [/a]", "exclude: [/a, /a]"),
    "a rule raised": ("rules: {SEC301: off}", "rules: {SEC301: warning}"),
    "a rule to error": ("", "rules: {SEC301: error}"),
    "a rule no longer lowered": ("rules: {SEC301: off}", ""),
    "an override that raises": ("", "overrides: [{paths: [/a], rules: {SEC301: error}}]"),
    "an override less": ("overrides: [{paths: [/a], rules: {SEC301: off}}]", ""),
    "nothing accepted": ("accept-unchecked: [{path: /a, reason: b}]", ""),
    "accepted for less long": (
        "accept-unchecked: [{path: /a, reason: b}]",
        'accept-unchecked: [{path: /a, reason: c, expires: "2027-01-31"}]',
    ),
    "a comment": ("rules: {SEC301: off}", "# why\nrules:\n  SEC301: off  # because\n"),
    "keys in another order": ("profile: strict\nexclude: [/a]", "exclude: [/a]\nprofile: strict"),
    "an empty file": ("", "version: 1"),
}


@pytest.mark.parametrize(("base", "change"), STRICTER.values(), ids=STRICTER)
def test_what_is_as_strict_or_stricter_is_not_told(base: str, change: str) -> None:
    assert told(base, change) == []


SEVERITY = st.sampled_from(["off", "info", "warning", "error"])
RULES = st.dictionaries(st.sampled_from(["SEC301", "ENV101", "ACME001"]), SEVERITY, max_size=3)
PATTERNS = st.lists(st.sampled_from(["/a", "/b/**", "*.c", "!/a", "!*.c"]), max_size=5)
CONFIGURATIONS = st.fixed_dictionaries(
    {},
    optional={
        "profile": st.sampled_from(["standard", "strict"]),
        "hooks": st.lists(st.sampled_from(["secrets", "sql", "posture"]), min_size=1, unique=True),
        "exclude": PATTERNS,
        "rules": RULES,
        "overrides": st.lists(st.fixed_dictionaries({"paths": PATTERNS.filter(bool), "rules": RULES}), max_size=3),
        "accept-unchecked": st.lists(st.sampled_from([{"path": "/a", "reason": "b"}, {"path": "/b", "reason": "c"}])),
    },
)


@given(CONFIGURATIONS)
def test_nothing_is_weaker_than_itself(values: dict[str, object]) -> None:
    text = json.dumps(values)
    assert told(text, text) == []


@given(CONFIGURATIONS, st.sampled_from(["/new", "*.new", "**"]))
def test_an_exclude_that_is_added_to_anything_is_told(values: dict[str, object], pattern: str) -> None:
    excluded = values.get("exclude")
    more = values | {"exclude": [*(excluded if isinstance(excluded, list) else []), pattern]}
    assert any(
        f"exclude: {pattern} is no longer checked" in said for said in told(json.dumps(values), json.dumps(more))
    )


@given(CONFIGURATIONS, CONFIGURATIONS, st.sampled_from(["SEC301", "ENV101", "ACME001"]), st.sampled_from(["/a", "/z"]))
def test_no_rule_is_lowered_for_all_paths_in_silence(
    base: dict[str, object], change: dict[str, object], rule: str, path: str
) -> None:
    """Where the change lowers what a finding at a path weighs, something is told."""
    before, after = read(json.dumps(base)), read(json.dumps(change))
    ranks = ["off", "info", "warning", "error"]
    if ranks.index(after.severity(rule, "error", path)) < ranks.index(before.severity(rule, "error", path)):
        assert weakenings(before, after)
    if after.excluded(path) and not before.excluded(path):
        assert weakenings(before, after)
