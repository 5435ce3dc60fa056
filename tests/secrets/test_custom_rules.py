"""A team's own rules, from the configuration to the report, as a user meets them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from nightlatch.core import config
from nightlatch.core.errors import ConfigError
from nightlatch.core.hook import Options
from nightlatch.registry import check_rules, load, load_schema
from nightlatch.secrets import custom_rules
from nightlatch.secrets.engine import HYPERSCAN, STANDARD_LIBRARY, VARIABLE
from tests.support.repository import Outcome, Repository
from tests.support.tokens import github_token, random_text

PAGE = Path(__file__).parents[2] / "docs" / "secrets.md"
LOWER = "abcdefghijklmnopqrstuvwxyz0123456789"


def token(seed: object = 1) -> str:
    return "acme_" + random_text(32, seed, LOWER)


def yaml(rule: str = "", more: str = "", **keys: object) -> str:
    """A configuration with one custom rule; keys are those of the rule."""
    written = {"id": "ACME001", "pattern": "acme_[a-z0-9]{32}", "keywords": ["acme_"]} | keys
    lines = "\n".join(f"      {key}: {json.dumps(value)}" for key, value in written.items())
    return f"version: 1\n{more}secrets:\n  custom-rules:\n    -\n{lines}\n{rule}"


def rules(text: str) -> list[Any]:
    """What the secrets hook makes of a configuration, or its error."""
    settings = config.load(text.encode(), ".nightlatch.yaml", load_schema)
    return custom_rules.custom_rules(Options(settings, "secrets"))


@pytest.fixture
def configured(repository: Repository) -> Repository:
    repository.write(".nightlatch.yaml", yaml(entropy=3))
    return repository


# ── What is found ───────────────────────────────────────────────────────────────────────────────────


def test_a_commit_with_a_team_s_own_token_is_refused_until_it_is_gone(configured: Repository) -> None:
    hook = configured.write(".git/hooks/pre-commit", f"#!/bin/sh\nexec {_command()} run --staged\n")
    hook.chmod(0o755)
    configured.stage("a.py", f'KEY = "{token()}"\n')
    refused = _commit(configured)
    assert refused.code == 1
    assert "a.py:1:8: error ACME001 Custom secret rule ACME001 (acme_…)" in refused.out + refused.err
    assert token() not in refused.out + refused.err
    configured.stage("a.py", 'KEY = os.environ["KEY"]\n')
    assert _commit(configured).code == 0


def _command() -> str:
    from tests.support.repository import COMMAND

    return COMMAND


def _commit(repository: Repository) -> Outcome:
    from tests.support.repository import run

    return run("git", "commit", "-m", "change", cwd=repository.path, env=repository.env)


@pytest.mark.parametrize("engine", [STANDARD_LIBRARY, HYPERSCAN])
def test_both_engines_find_the_same(repository: Repository, engine: str) -> None:
    context = r"""(?i)globex[\w.-]{0,40}\s{0,5}[=:]\s{0,5}["']?(?P<secret>[a-z0-9]{32})"""
    more = f"    - {{id: GLOBEX002, pattern: '{context.replace(chr(39), chr(39) * 2)}', keywords: [Globex]}}\n"
    repository.write(".nightlatch.yaml", yaml(more, examples=[f"x {token('example')}"]))
    value = random_text(32, 9, LOWER)
    repository.write("a.txt", f"{token()} x{token(2)}y\nGLOBEX_KEY = '{value}'\nglobex:\n{value}\n{github_token()}\n")
    found = repository.nightlatch("secrets", "a.txt", "--format", "json", **{VARIABLE: engine}).json()["findings"]
    assert [(one["rule"], one["line"], one["column"], one["end_column"]) for one in found] == [
        ("ACME001", 1, 1, 38),
        ("ACME001", 1, 40, 77),
        ("GLOBEX002", 2, 15, 47),
        ("SEC301", 5, 1, 41),
    ]


def test_a_value_below_the_entropy_and_a_placeholder_are_passed_over(configured: Repository) -> None:
    configured.write("a.txt", f"acme_{'ab' * 16}\nacme_{'x' * 6}{random_text(26, 1, LOWER)}\n")
    assert configured.nightlatch("secrets", "a.txt").code == 0


def test_a_provider_s_rule_is_not_hidden_by_a_team_s_own(repository: Repository) -> None:
    """It would be a way to turn an error of ours into a warning unseen."""
    wide = yaml(pattern="KEY = ghp_[A-Za-z0-9]{36};", keywords=["ghp_"])
    repository.write(".nightlatch.yaml", wide.replace("secrets:", "rules: {ACME001: warning}\nsecrets:"))
    repository.write("a.txt", f"KEY = {github_token()};\n")
    outcome = repository.nightlatch("secrets", "a.txt", "--format", "json")
    assert outcome.findings() == ["SEC301 a.txt:1"]
    assert outcome.code == 1


def test_the_severity_and_the_overrides_of_the_configuration_count(repository: Repository) -> None:
    more = "rules: {ACME001: warning}\noverrides: [{paths: [/strict/**], rules: {ACME001: error}}]\n"
    repository.write(".nightlatch.yaml", yaml(more=more))
    for path in ("a.txt", "strict/a.txt"):
        repository.write(path, token(path))
    found = repository.nightlatch("secrets", "a.txt", "strict", "--format", "json").json()["findings"]
    assert [(one["path"], one["severity"]) for one in found] == [("a.txt", "warning"), ("strict/a.txt", "error")]


@pytest.mark.parametrize("note", ["nightlatch: allow ACME001 -- why", "pragma: allowlist secret", "gitleaks:allow"])
def test_a_note_allows_it(configured: Repository, note: str) -> None:
    configured.write("a.py", f"KEY = '{token()}'  # {note}\n")
    outcome = configured.nightlatch("secrets", "a.py", "--format", "json")
    assert (outcome.code, len(outcome.json()["suppressed"])) == (0, 1)


def test_a_note_allows_an_id_with_digits_in_its_name(repository: Repository) -> None:
    repository.write(".nightlatch.yaml", yaml(id="A1001", more="rules: {A1001: error}\n"))
    repository.write("a.py", f"KEY = '{token()}'  # nightlatch: allow A1001 -- why\n")
    assert repository.nightlatch("secrets", "a.py").code == 0


def test_baselines_allow_it(configured: Repository) -> None:
    import hashlib

    configured.stage("a.py", f"KEY = '{token()}'\n")
    assert configured.nightlatch("baseline", "create").code == 0
    assert configured.nightlatch("secrets", "--all-files").code == 0
    assert "nothing changed" in configured.nightlatch("baseline", "update").out
    (configured.path / ".nightlatch-baseline.json").unlink()
    digest = hashlib.sha1(token().encode(), usedforsecurity=False).hexdigest()
    configured.write(".secrets.baseline", json.dumps({"results": {"a.py": [{"hashed_secret": digest}]}}))
    assert configured.nightlatch("secrets", "--all-files").code == 0


def test_reports_know_the_rule(configured: Repository) -> None:
    configured.write("a.py", f"KEY = '{token()}'\n")
    found = configured.nightlatch("secrets", "a.py", "--format", "json").json()["findings"][0]
    assert (found["rule"], found["name"], found["severity"]) == ("ACME001", "custom-acme001", "error")
    assert "revoke it (where it was issued)" in found["fix"]
    driver = configured.nightlatch("secrets", "a.py", "--format", "sarif").json()["runs"][0]["tool"]["driver"]
    assert [(rule["id"], rule["name"]) for rule in driver["rules"]] == [("ACME001", "custom-acme001")]


def test_explain_knows_the_rules_of_the_repository(configured: Repository, tmp_path: Path) -> None:
    page = configured.nightlatch("explain", "ACME001")
    assert (page.code, page.out.splitlines()[0]) == (0, "ACME001 custom-acme001 (error, hook secrets)")
    assert configured.nightlatch("explain", "custom-acme001").out == page.out
    assert "ACME001  error    custom-acme001: " in configured.nightlatch("explain").out
    outside = Repository(tmp_path).nightlatch("explain", "ACME001")
    assert outside.code == 2
    assert "Rules of a repository's own are known inside it." in outside.err
    configured.write(".nightlatch.yaml", yaml(pattern="acme_.+"))
    assert configured.nightlatch("explain", "ACME001").code == 2
    assert configured.nightlatch("explain", "SEC301").code == 0


# ── Commits ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_history_is_searched_again_for_a_new_rule(repository: Repository) -> None:
    repository.stage("a.txt", token())
    repository.commit()
    repository.stage("a.txt", "gone")
    repository.commit()
    assert repository.nightlatch("secrets", "--history").code == 0
    repository.write(".nightlatch.yaml", yaml())
    for _ in range(2):
        assert repository.nightlatch("secrets", "--history", "--format", "json").findings() == ["ACME001 a.txt:1"]
    repository.stage("a.txt", f"{token()}  # nightlatch: allow ACME001 -- revoked\n")
    repository.commit()
    assert repository.nightlatch("secrets", "--history").code == 0, "the note at the tip counts for the older commit"


def test_a_range_is_judged_by_the_rules_that_it_starts_from(repository: Repository) -> None:
    repository.stage(".nightlatch.yaml", yaml())
    start = repository.commit()
    repository.stage(".nightlatch.yaml", "version: 1\n")
    repository.stage("a.txt", token())
    repository.commit()
    outcome = repository.nightlatch("run", "--from-ref", start, "--format", "json")
    assert outcome.code == 1
    assert outcome.findings() == ["PRO011 .nightlatch.yaml:1", "ACME001 a.txt:1"]


def test_a_range_that_ends_with_a_wrong_rule_is_refused(repository: Repository) -> None:
    start = repository.commit()
    repository.stage(".nightlatch.yaml", yaml(pattern="acme_.+"))
    end = repository.commit()
    for words in (("secrets",), ("run",), ("protected-files",)):
        outcome = repository.nightlatch(*words, "--from-ref", start)
        assert outcome.code == 2
        assert f"{end[:12]}:.nightlatch.yaml:6:7: `secrets.custom-rules[0].pattern` of ACME001" in outcome.err
    repository.stage(".nightlatch.yaml", yaml())
    repository.commit()
    assert repository.nightlatch("run", "--from-ref", start).code == 0


def test_work_that_is_shared_out_finds_it_too(configured: Repository) -> None:
    for number in range(600):
        configured.write(f"f{number}.txt", token() if number in (3, 599) else "nothing\n")
    outcome = configured.nightlatch("secrets", ".", "--format", "json")
    assert outcome.findings() == ["ACME001 f3.txt:1", "ACME001 f599.txt:1"]


# ── What is refused ─────────────────────────────────────────────────────────────────────────────────

WRONG: dict[str, tuple[str, str, str]] = {
    "no end": (yaml(pattern="acme_[a-z]+"), ":6:7:", "custom-rules[0].pattern` of ACME001 has a repeat without"),
    "a lookahead": (yaml(pattern="acme_(?=x)"), ":6:7:", "looks ahead or behind"),
    "exponential": (yaml(pattern="(a{1,30}){1,30}!", keywords=["aaa"]), ":6:7:", "more than 10000 steps"),
    "no expression": (yaml(pattern="acme_("), ":6:16:", "missing ), unterminated subpattern, at its character 6"),
    "no expression over bytes": (yaml(pattern="acme_\\N{DIGIT ONE}"), ":6:7:", "no regular expression over bytes"),
    "too long": (yaml(pattern="acme_" + "a" * 996), ":6:16:", "of 1 to 1000 characters"),
    "no keyword": (yaml(keywords=[]), ":7:17:", "must not be empty"),
    "a keyword that a match may lack": (yaml(keywords=["acmee_"]), ":7:7:", "custom-rules[0].keywords` of ACME001"),
    "a short keyword": (yaml(keywords=["acme_", "ac"]), ":7:27:", "`secrets.custom-rules[0].keywords[1]` of ACME001"),
    "an example of another form": (yaml(examples=[token(), "acme_x"]), ":8:", "examples[1]` of ACME001 is not matched"),
    "an example in a word": (yaml(pattern=r"\bacme_[a-z0-9]{32}", examples=["x" + token()]), ":8:", "not matched"),
    "a placeholder": (yaml(examples=["acme_" + "0123456789" + token()[15:]]), ":8:", "taken for a placeholder"),
    "an example of little entropy": (yaml(entropy=3, examples=["acme_" + "ab" * 16]), ":9:", "less than 3 bits"),
    "a long keyword": (yaml(keywords=["acme_" * 13]), ":7:18:", "must have 3 to 64 characters"),
    "too many keywords": (
        yaml(pattern=".{200}", keywords=[random_text(60, number) for number in range(400)]),
        ":7:7:",
        "are too many or too long",
    ),
    "the id of a hook's rule": (yaml(id="SEC301"), ":5:11:", "not the prefix of a hook"),
    "the prefix of a hook": (yaml(id="SQL777"), ":5:11:", "not the prefix of a hook"),
    "an id twice": (yaml("    - {id: ACME001, pattern: abc, keywords: [abc]}\n"), ":8:7:", "the same `id`"),
    "too many": (
        yaml("".join(f"    - {{id: BETA{number:03}, pattern: abc, keywords: [abc]}}\n" for number in range(200))),
        ":3:3:",
        "more than 200 rules",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_rule_is_refused_with_its_place(repository: Repository, fault: str) -> None:
    text, place, said = WRONG[fault]
    repository.write(".nightlatch.yaml", text)
    repository.stage("a.txt", "nothing\n")
    outcome = repository.nightlatch("secrets", "--staged")
    assert (outcome.code, outcome.out) == (2, "")
    assert f".nightlatch.yaml{place}" in outcome.err
    assert said in outcome.err
    for word in re.findall(r"acme_\w{3,}", text):
        assert word not in outcome.err, "no message quotes a pattern, a keyword or an example"


@pytest.mark.parametrize(
    "named",
    [
        "rules: {ACME002: off}\n",
        "rules: {ZULU009: off}\n",
        "overrides: [{paths: [a], rules: {ACME002: off}}]\n",
    ],
)
def test_a_severity_for_a_rule_that_is_not_there_is_refused(repository: Repository, named: str) -> None:
    repository.write(".nightlatch.yaml", yaml(more=named))
    outcome = repository.nightlatch("secrets")
    assert outcome.code == 2
    assert "there is no rule" in outcome.err
    assert "Rules of your own stand in `secrets: custom-rules`." in outcome.err
    assert "Did you mean" not in outcome.err, "an id is no word that one misspells: the next one is another rule"


def test_a_severity_for_a_rule_of_a_later_version_is_let_be() -> None:
    settings = config.load(yaml(more="rules: {CON107: off, ACME001: info}\n").encode(), "c", load_schema)
    check_rules(settings, [load("secrets")])
    with pytest.raises(ConfigError):
        check_rules(config.load(b"rules: {ACME001: info}", "c", load_schema), [load("secrets")])
    check_rules(config.load(b"rules: {ACME001: info}", "c", load_schema), [load("protected-files")])


# ── What is remembered ──────────────────────────────────────────────────────────────────────────────


def test_what_was_checked_is_not_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from nightlatch.secrets.custom_patterns import check

    (first,) = rules(yaml(examples=[token()]))
    monkeypatch.setattr(check, "check", None)
    (again,) = rules(yaml(examples=[token()]))
    assert (again.pattern, again.keywords, again.positive) == (first.pattern, first.keywords, first.positive)
    with pytest.raises(TypeError):
        rules(yaml(examples=[token(2)]))


def test_what_other_code_has_checked_is_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from nightlatch.secrets.custom_patterns import check

    rules(yaml(examples=[token(3)]))
    monkeypatch.setattr(check, "check", None)
    monkeypatch.setattr(custom_rules, "_state", lambda: [("check.py", 1, 2)])
    with pytest.raises(TypeError):
        rules(yaml(examples=[token(3)]))


def test_without_a_configuration_there_is_none() -> None:
    settings = config.load(None, "", load_schema)
    assert custom_rules.custom_rules(Options(settings, "secrets")) == []
    assert rules("version: 1\n") == []


# ── The documentation ───────────────────────────────────────────────────────────────────────────────


def test_the_page_s_example_loads_and_finds_what_the_page_says(repository: Repository) -> None:
    (example,) = re.findall(r"```yaml\n(secrets:\n  custom-rules:.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    repository.stage(".nightlatch.yaml", example)
    values = {"ACME001": token(), "ACME002": f"acme_api_key: {random_text(40, 1)}"}
    repository.stage("a.txt", "".join(f"{value}\n" for value in values.values()))
    outcome = repository.nightlatch("secrets", "--staged", "--format", "json")
    assert outcome.findings() == ["ACME001 a.txt:1", "ACME002 a.txt:2"]
    assert [one["rule"] for one in outcome.json()["suppressed"]] == ["ACME001"], "its example, with a note"


def test_a_rule_that_is_off_hides_nothing_else(repository: Repository) -> None:
    rule = "{id: ACME001, pattern: '://[^ ]{1,200}', keywords: ['://']}"
    repository.write(".nightlatch.yaml", f"secrets: {{custom-rules: [{rule}]}}\nrules: {{ACME001: off}}\n")
    repository.write("a.env", "DATABASE_URL=postgres:" + "//billing:zh87mTa5Vsqxez@db.acme-corp.io/billing\n")
    outcome = repository.nightlatch("secrets", "a.env", "--format", "json")
    assert outcome.findings() == ["SEC011 a.env:1"]
