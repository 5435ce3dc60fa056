"""PRO010: rules that never count as they stand, and patterns that match nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.core import config
from nightlatch.core.paths import compile_patterns, matches
from nightlatch.protected_files.pattern_cover import covers, witnesses
from nightlatch.protected_files.rule_faults import faults
from nightlatch.schema import SCHEMA
from tests.support.repository import Repository
from tests.support.wiring import told

CASES = Path(__file__).resolve().parent.parent / "cases" / "agent"


def found(*rules: str, more: str = "") -> list[str]:
    text = "protected-files:\n  rules:\n" + "".join(f"    - {rule}\n" for rule in rules) + more
    section = config.load(text.encode(), "file", lambda: SCHEMA).section("protected-files")
    return [f"{key} | {sentence}" for key, sentence in faults(section)]


DENY_ENV = '{id: closed, paths: [.env, ".env.*", "!.env.example"], read: deny, write: deny}'

WRONG: dict[str, tuple[list[str], str, str]] = {
    "no action": (["{id: a, paths: [/x]}"], "", "rules[0] | a names no action"),
    "contradicted": (
        [DENY_ENV, "{id: open, paths: [.env], read: allow}"],
        "",
        "rules[1].read | open says read: allow, and closed says deny for all of its files",
    ),
    "weaker": (
        ["{id: all, paths: [/src/**], write: deny}", "{id: some, paths: [/src/gen/**], write: ask}"],
        "",
        "rules[1].write | some says write: ask, and all says deny",
    ),
    "shadowed": (
        ["{id: all, paths: [/src/**], write: deny}", "{id: some, paths: [/src/gen/*.ts], write: deny}"],
        "",
        "rules[1] | some is shadowed: all says as much",
    ),
    "twice": (
        ["{id: a, paths: [/x], write: deny}", "{id: b, paths: [/x], write: deny}"],
        "",
        "rules[1] | b is shadowed: a says as much",
    ),
    "taken back": (['{id: a, paths: [.env, "!.env"], read: deny}'], "", "rules[0].paths[0] | .env has no effect"),
    "an exception above": (
        ['{id: a, paths: ["!.env.example", ".env.*"], read: deny}'],
        "",
        "rules[0].paths[0] | !.env.example has no effect: it stands above",
    ),
    "an exception in a folder": (
        ['{id: a, paths: [/secrets, "!/secrets/a.pub"], read: deny}'],
        "",
        "rules[0].paths[1] | !/secrets/a.pub has no effect: a folder that is closed as such stays closed",
    ),
    "allowed and denied": (
        ["{id: a, paths: [/src/gen/**], write: deny}"],
        "  write-allowed: [/docs/**, /src/gen/api/**]\n",
        "write-allowed[1] | /src/gen/api/** is allowed here, and a says write: deny",
    ),
}


@pytest.mark.parametrize(("rules", "more", "said"), WRONG.values(), ids=WRONG)
def test_what_never_counts_is_told(rules: list[str], more: str, said: str) -> None:
    (fault,) = found(*rules, more=more)
    assert fault.startswith(said)


SOUND: dict[str, tuple[list[str], str]] = {
    "one rule": ([DENY_ENV], ""),
    "an exception is no part of it": ([DENY_ENV, "{id: b, paths: [.env.example], read: whole}"], ""),
    "a stricter part": (["{id: a, paths: [/src/**], write: ask}", "{id: b, paths: [/src/x/**], write: deny}"], ""),
    "another action": (["{id: a, paths: [/src/**], write: deny}", "{id: b, paths: [/src/**], read: whole}"], ""),
    "one action more": (
        ["{id: a, paths: [/src/**], write: deny}", "{id: b, paths: [/src/x], write: deny, read: deny}"],
        "",
    ),
    "a part that lies elsewhere": (["{id: a, paths: [/a/**], write: deny}", "{id: b, paths: [/ab*], write: deny}"], ""),
    "a bare name is more than one at the root": (
        ["{id: a, paths: [/.env], read: deny, write: deny}", "{id: b, paths: [.env], read: deny}"],
        "",
    ),
    "an exception of files": (['{id: a, paths: [~/.ssh/**, "!~/.ssh/*.pub"], read: deny}'], ""),
    "allowed around what is denied": (["{id: a, paths: [/src/gen/**], write: deny}"], "  write-allowed: [/src/**]\n"),
    "allowed for what is excepted": ([DENY_ENV], "  write-allowed: [/.env.example]\n"),
}


@pytest.mark.parametrize(("rules", "more"), SOUND.values(), ids=SOUND)
def test_what_counts_is_not_told(rules: list[str], more: str) -> None:
    assert found(*rules, more=more) == []


def test_the_sample_policy_has_no_fault() -> None:
    section = config.load((CASES / "policy.yaml").read_bytes(), "file", lambda: SCHEMA).section("protected-files")
    assert list(faults(section)) == []


# ── Cover ──────────────────────────────────────────────────────────────────────────────────────────

names = st.sampled_from(["a", "b", "ab", "*", "a*", "*b", "?", "**"])
patterns = st.lists(names, min_size=1, max_size=3).map(lambda parts: "/" + "/".join(parts))
plain = st.lists(st.sampled_from(["a", "b", "ab", "abb"]), min_size=1, max_size=4).map("/".join)


@given(outer=patterns, inner=patterns, path=plain)
def test_what_is_covered_matches_no_path_that_the_cover_does_not(outer: str, inner: str, path: str) -> None:
    one, other = compile_patterns([outer]), compile_patterns([inner])
    if covers(one, other[0][0]) and matches(other, path):
        assert matches(one, path)


@given(pattern=patterns)
def test_a_pattern_covers_itself_and_matches_what_stands_for_it(pattern: str) -> None:
    compiled = compile_patterns([pattern])
    assert covers(compiled, compiled[0][0])
    assert all(matches(compiled, path, base=base) for base, path in witnesses(compiled[0][0]))


# ── Through the command ────────────────────────────────────────────────────────────────────────────

FAULTY = """\
protected-files:
  rules:
    - id: a
      paths: [/src/**]
      write: deny
    - id: b
      paths: [/src/x]
      write: ask
"""


def test_a_fault_stands_at_its_line_when_the_configuration_is_changed_and_when_all_is_checked(
    repository: Repository,
) -> None:
    repository.stage("src/x", "x\n")
    repository.stage(".nightlatch.yaml", FAULTY)
    (fault,) = told(repository, "--staged", code=1, rules="PRO010")
    assert fault.startswith("error .nightlatch.yaml:8 b says write: ask")
    repository.commit()
    repository.stage("y", "y\n")
    assert told(repository, "--staged", code=0, rules="PRO010") == []
    assert len(told(repository, "--all-files", code=1, rules="PRO010")) == 1


def test_in_a_range_the_configuration_of_its_end_is_told(repository: Repository) -> None:
    repository.stage("src/x", "x\n")
    repository.commit()
    repository.stage(".nightlatch.yaml", FAULTY)
    repository.commit()
    assert len(told(repository, "--from-ref", "HEAD~1", code=1, rules="PRO010")) == 1


def test_a_closed_place_that_git_ignores_may_come(repository: Repository) -> None:
    repository.stage(".nightlatch.yaml", NOTHING)
    repository.stage(".gitignore", "/secrets/\n")
    assert not any("/secrets/**" in line for line in told(repository, "--all-files", code=0, rules="PRO010"))


NOTHING = """\
protected-files:
  rules:
    - id: guidance
      paths: [/CLAUDE.md, /missing.md, "*.guide", /docs/**]
      read: whole
    - id: closed
      paths: [.env, "*.pem", /secrets/**, "!/secrets/x", "**/private/**", ~/.ssh/**, //proc/*/environ, /.git/hooks/**]
      read: deny
"""


def test_patterns_that_match_nothing_are_told_where_all_is_checked(repository: Repository) -> None:
    for path in ("CLAUDE.md", "docs/a/b.md"):
        repository.stage(path, "x\n")
    repository.stage(".nightlatch.yaml", NOTHING)
    repository.commit()
    assert told(repository, "--all-files", code=0, rules="PRO010") == [
        "warning .nightlatch.yaml:4 /missing.md matches no file of this repository",
        "warning .nightlatch.yaml:4 *.guide matches no file of this repository",
        "warning .nightlatch.yaml:7 /secrets/** matches no file of this repository",
    ]
    repository.stage("a", "a\n")
    assert told(repository, "--staged", code=0, rules="PRO010") == []
    assert told(repository, "CLAUDE.md", code=0, rules="PRO010") == []


def test_a_closed_place_that_git_ignores_is_not_nothing_and_a_clean_checkout_does_not_ask(
    repository: Repository,
) -> None:
    repository.stage(".gitignore", "/secrets\n")
    repository.stage(".nightlatch.yaml", NOTHING.replace("/missing.md, ", "").replace('"*.guide", ', ""))
    repository.stage("CLAUDE.md", "x\n")
    repository.stage("docs/a", "x\n")
    outcome = repository.nightlatch("protected-files", "--all-files", CI="true")
    assert (outcome.code, "PRO010" in outcome.out) == (0, False), outcome
    repository.write("secrets/prod.yaml", "x\n").chmod(0o600)
    assert told(repository, "--all-files", code=0, rules="PRO010") == []
