"""An organisation's policy: a floor that no repository gets below."""

from __future__ import annotations

from pathlib import Path

import pytest

from nightlatch.core import config
from nightlatch.core.config import Config
from nightlatch.core.policy import governed
from nightlatch.schema import SCHEMA
from tests.support.repository import Repository
from tests.support.tokens import line_with_token

TODAY = "2026-06-01"


def under(tmp_path: Path, policy: str, own: str) -> Config:
    (tmp_path / "policy.yaml").write_text(policy)
    repository = config.load(own.encode() if own else None, ".nightlatch.yaml", lambda: SCHEMA)
    return governed(repository, str(tmp_path / "policy.yaml"), "", lambda: SCHEMA)


SEVERITIES = {
    "raised": ("rules: {SEC301: error}", "rules: {SEC301: off}", "error"),
    "raised above an override": (
        "rules: {SEC301: error}",
        "overrides: [{paths: [a.py], rules: {SEC301: off}}]",
        "error",
    ),
    "by the policy's override": (
        "overrides: [{paths: [a.py], rules: {SEC301: warning}}]",
        "rules: {SEC301: off}",
        "warning",
    ),
    "stricter than the policy": ("rules: {SEC301: warning}", "rules: {SEC301: error}", "error"),
    "not named": ("rules: {SEC302: error}", "rules: {SEC301: off}", "off"),
    "lowered by the policy alone": ("rules: {SEC301: off}", "", "error"),
}


@pytest.mark.parametrize(("policy", "own", "severity"), SEVERITIES.values(), ids=SEVERITIES)
def test_a_rule_counts_at_least_as_much_as_the_policy_says(
    tmp_path: Path, policy: str, own: str, severity: str
) -> None:
    assert under(tmp_path, policy, own).severity("SEC301", "error", "a.py") == severity


@pytest.mark.parametrize(
    ("policy", "own", "profile"),
    [
        ("profile: strict", "profile: standard", "strict"),
        ("profile: standard", "profile: strict", "strict"),
        ("", "", "standard"),
    ],
)
def test_a_strict_policy_stays_strict(tmp_path: Path, policy: str, own: str, profile: str) -> None:
    assert under(tmp_path, policy, own).profile == profile


@pytest.mark.parametrize(
    ("policy", "own", "hooks"),
    [
        ("hooks: [secrets]", "hooks: [sql]", ["sql", "secrets"]),
        ("hooks: [secrets]", "hooks: [secrets]", ["secrets"]),
        ("hooks: [secrets]", "", None),
        ("", "hooks: [sql]", ["sql"]),
    ],
)
def test_the_policy_s_hooks_always_run(tmp_path: Path, policy: str, own: str, hooks: list[str] | None) -> None:
    assert under(tmp_path, policy, own).hooks == hooks


@pytest.mark.parametrize(
    ("policy", "excluded"),
    [("", True), ("exclude: []", False), ("exclude: [/vendor/**]", True), ("exclude: [/other/**]", False)],
)
def test_a_repository_excludes_and_accepts_at_most_what_the_policy_does(
    tmp_path: Path, policy: str, *, excluded: bool
) -> None:
    own = "exclude: [/vendor/**]\naccept-unchecked: [{path: '/vendor/**', reason: own}]"
    assert under(tmp_path, policy, own).excluded("vendor/a.py") is excluded
    accepting = policy.replace("exclude: []", "accept-unchecked: []")
    accepting = accepting.replace("exclude: [", "accept-unchecked: [{reason: policy, path: ").replace("**]", "**}]")
    assert under(tmp_path, accepting, own).accepted("vendor/a.py", TODAY) == ("own" if excluded else None)
    assert not under(tmp_path, "exclude: [/x]", "").excluded("x")


@pytest.fixture
def disarmed(repository: Repository) -> Repository:
    repository.write(".nightlatch.yaml", "rules: {SEC301: off}\n")
    repository.stage("a.py", line_with_token())
    return repository


@pytest.mark.parametrize("arguments", [(), ("--no-config",), ("--config", "other.yaml"), ("--all-files",), ("a.py",)])
def test_no_option_escapes_the_policy(disarmed: Repository, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "policy.yaml").write_text("rules: {SEC301: error}\n")
    disarmed.write("other.yaml", "exclude: ['**']\n" if "--config" in arguments else "")
    (tmp_path / "policy.yaml").write_text("rules: {SEC301: error}\nexclude: []\n")
    outcome = disarmed.nightlatch("secrets", *arguments, NIGHTLATCH_POLICY=str(tmp_path / "policy.yaml"))
    assert outcome.code == 1
    assert disarmed.nightlatch("secrets", NIGHTLATCH_POLICY="").code == 0


def test_a_range_and_the_history_are_under_the_policy(disarmed: Repository, tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text("rules: {SEC301: error}\n")
    disarmed.git("add", "--all")
    disarmed.commit()
    assert disarmed.nightlatch("secrets", "--history").code == 0
    policy = str(tmp_path / "policy.yaml")
    assert disarmed.nightlatch("secrets", "--history", NIGHTLATCH_POLICY=policy).code == 1


WRONG = {
    "missing": (None, "there is no such file"),
    "not YAML": ("a: [", "not valid YAML"),
    "an unknown key": ("rule: {}", "unknown key `rule` in the policy"),
    "an unknown key like none": ("foo: {}", "It may hold: version, profile, hooks, exclude, rules, overrides, accept"),
    "a section": ("version: 1\naudit-log: {days: 9}", "policy.yaml:2:1: a policy can't hold the key"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_policy_that_is_wrong_is_refused(repository: Repository, tmp_path: Path, fault: str) -> None:
    content, said = WRONG[fault]
    if content is not None:
        (tmp_path / "policy.yaml").write_text(content)
    outcome = repository.nightlatch("secrets", NIGHTLATCH_POLICY=str(tmp_path / "policy.yaml"))
    assert outcome.code == 2
    assert said in outcome.err


def test_a_policy_in_reach_of_the_repository_is_refused(repository: Repository, tmp_path: Path) -> None:
    inside = repository.write("policy.yaml", "version: 1\n")
    (tmp_path / "link.yaml").symlink_to(inside)
    for place, said in (
        (str(inside), "lies in the repository"),
        (str(tmp_path / "link.yaml"), "lies in the repository"),
        ("policy.yaml", "must be an absolute path"),
    ):
        outcome = repository.nightlatch("secrets", NIGHTLATCH_POLICY=place)
        assert outcome.code == 2
        assert said in outcome.err
