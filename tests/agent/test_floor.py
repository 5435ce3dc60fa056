"""What an organisation's policy says of agents holds in every repository, whatever that says itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.core import config
from nightlatch.protected_files import policy
from nightlatch.schema import SCHEMA
from tests.support.agent import Project

READ = ("Read", {"file_path": "src/app.ts"})
WRITE = ("Write", {"file_path": "src/a.ts", "content": "x"})
RUN = ("Bash", {"command": "npm test"})
DROP = ("Bash", {"command": "psql -c 'DROP TABLE a'"})
ALTER = ("Bash", {"command": "psql -c 'ALTER TABLE a ADD b int'"})
BYPASS = ("Bash", {"command": "git commit --no-verify -m x"})

FLOORS: dict[str, tuple[str, str, tuple[str, dict[str, Any]], str]] = {
    "a rule of its own": ("rules: [{id: org, paths: [/src/**], read: deny}]", "", READ, "deny"),
    "a rule beside the project's": (
        "rules: [{id: org, paths: [/src/**], read: deny}]",
        "rules: [{id: a, paths: [/x], read: deny}, {id: b, paths: [/src/**], read: allow}]",
        READ,
        "deny",
    ),
    "the project's stays": (
        "rules: [{id: org, paths: [/x], read: deny}]",
        "rules: [{id: a, paths: [/src/**], read: ask}]",
        READ,
        "ask",
    ),
    "the built-in rules stay": (
        "rules: [{id: org, paths: [/x], read: deny}]",
        "",
        ("Read", {"file_path": ".env"}),
        "deny",
    ),
    "a narrower place to write": ("write-allowed: [/docs/**]", "write-allowed: [/src/**]", WRITE, "deny"),
    "a place both allow": ("write-allowed: [/src/a.ts]", "write-allowed: [/src/**]", WRITE, "pass"),
    "a place where the project has no list": ("write-allowed: [/docs/**]", "", WRITE, "deny"),
    "programs": ("execute-allowed: [git]", "execute-allowed: [npm, git]", RUN, "deny"),
    "programs both allow": ("execute-allowed: [npm]", "execute-allowed: [npm, git]", RUN, "pass"),
    "a stricter mode": ("mode: explore", "mode: auto", WRITE, "deny"),
    "a stricter mode than none": ("mode: explore", "", WRITE, "deny"),
    "a looser mode": ("mode: auto", "mode: explore", WRITE, "deny"),
    "a mode that it doesn't name": ("hook-bypass: deny", "mode: auto", WRITE, "pass"),
    "a word of SQL": ("sql: {schema-change: deny}", "sql: {schema-change: allow}", ALTER, "deny"),
    "a word of SQL that it doesn't name": (
        "sql: {schema-change: deny}",
        "sql: {destructive: ask}",
        DROP,
        "ask",
    ),
    "a looser word of SQL": ("sql: {destructive: allow}", "", DROP, "deny"),
    "a bypass": ("hook-bypass: deny", "hook-bypass: allow", BYPASS, "deny"),
    "a bypass that it doesn't name": ("mode: ask", "hook-bypass: ask", BYPASS, "ask"),
}


@pytest.mark.parametrize(("floor", "own", "call", "expected"), FLOORS.values(), ids=FLOORS)
def test_the_stricter_of_both_counts(
    project: Project, floor: str, own: str, call: tuple[str, dict[str, Any]], expected: str
) -> None:
    place = project.home / "policy.yaml"
    place.write_text(f"protected-files: {{{floor}}}\n")
    if own:
        project.configure(f"protected-files: {{{own}}}")
    project.variables["NIGHTLATCH_POLICY"] = str(place)
    assert project.decision(*call) == expected


WORDS = st.sampled_from(["allow", "ask", "deny"])
SECTIONS = st.fixed_dictionaries(
    {},
    optional={
        "mode": st.sampled_from(["explore", "ask", "auto"]),
        "hook-bypass": WORDS,
        "credentials-on-stdout": WORDS,
        "unresolved-command": WORDS,
        "secrets-in-content": WORDS,
        "sql": st.fixed_dictionaries({}, optional={"destructive": WORDS, "schema-change": WORDS, "opaque": WORDS}),
    },
)


def loaded(section: dict[str, Any]) -> config.Config:
    text = json.dumps({"version": 1, "protected-files": section})
    return config.load(text.encode(), "file", lambda: SCHEMA)


@given(own=SECTIONS, floor=SECTIONS)
def test_no_word_is_looser_than_the_project_s_or_than_one_that_the_floor_names(
    own: dict[str, Any], floor: dict[str, Any]
) -> None:
    before = policy.policy_of(loaded(own).section("protected-files"))
    above = loaded(floor)
    after = before.under(
        above.section("protected-files"), lambda key: above.place(f"protected-files.{key}") is not None
    )
    pairs = [(after.acts[key], before.acts[key], floor.get(key)) for key in policy.DEFAULTS if key != "sql"]
    named = floor.get("sql", {})
    pairs += [(after.acts["sql"][key], before.acts["sql"][key], named.get(key)) for key in before.acts["sql"]]
    for word, project_s, floor_s in pairs:
        assert policy.RANKS[word] == max(policy.RANKS[project_s], policy.RANKS[floor_s or "allow"])
    modes = policy.MODES
    assert modes.index(after.mode) == max(modes.index(before.mode), modes.index(floor.get("mode", modes[0])))


def test_a_changed_policy_counts_at_once(project: Project) -> None:
    place = project.home / "policy.yaml"
    project.variables["NIGHTLATCH_POLICY"] = str(place)
    for word, expected in (("allow", "pass"), ("deny", "deny"), ("ask", "ask")):
        place.write_text(f"protected-files: {{rules: [{{id: org, paths: [/src/**], read: {word}}}]}}\n")
        assert project.decision(*READ) == expected
    place.write_text("protected-files: {mode: explore}")
    project.configure("protected-files: {rules: [{id: a, paths: [/src/**], read: deny}]}")
    assert project.decision(*READ) == "deny"
    assert project.decision(*WRITE) == "deny"
