from __future__ import annotations

import json
from hashlib import sha1
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nightlatch.core.detect_secrets_baseline import KEY_HEADERS, load
from nightlatch.core.errors import ConfigError
from nightlatch.core.finding import Finding
from nightlatch.core.rule import Rule
from tests.support.repository import Repository
from tests.support.tokens import ALPHANUMERIC, github_token, line_with_token, random_text

SECRET = Rule(id="SEC999", name="test", summary="Test", why="why", fix="fix.")
OTHER_RULE = Rule(id="SQL999", name="test", summary="Test", why="why", fix="fix.")


def result(value: str, path: str, **more: object) -> dict[str, object]:
    """A result as detect-secrets 1.5.0 writes it."""
    return {
        "type": "GitHub Token",
        "filename": path,
        "hashed_secret": sha1(value.encode(), usedforsecurity=False).hexdigest(),
        "is_verified": False,
        "line_number": 1,
        **more,
    }


def file_of(*results: dict[str, object]) -> str:
    """The whole file."""
    listed: dict[str, list[dict[str, object]]] = {}
    for one in results:
        listed.setdefault(str(one["filename"]), []).append(one)
    top = {
        "version": "1.5.0",
        "plugins_used": [{"name": "Base64HighEntropyString", "limit": 4.5}, {"name": "GitHubTokenDetector"}],
        "filters_used": [{"path": "detect_secrets.filters.allowlist.is_line_allowlisted"}],
        "results": listed,
        "generated_at": "2026-01-02T03:04:05Z",
    }
    return json.dumps(top, indent=2) + "\n"


def finding(value: str, path: str = "a.py", rule: Rule = SECRET) -> Finding:
    return Finding(rule, "message", path=path, span=(1, 1, 1, 9), value=value.encode())


def reason(text: str, found: Finding) -> str | None:
    note = load(text.encode(), "b").note_for(found)
    return note.reason if note else None


@pytest.mark.parametrize(
    ("audit", "said"),
    [
        ({}, "not audited"),
        ({"is_secret": False}, "audited as no secret"),
        ({"is_secret": True}, "audited as a secret"),
    ],
)
def test_what_is_listed_is_allowed_and_the_audit_is_the_reason(audit: dict[str, object], said: str) -> None:
    assert reason(file_of(result("value", "a.py", **audit)), finding("value")) == said


def test_the_line_does_not_matter_but_file_value_and_rule_do() -> None:
    text = file_of(result("value", "a.py", line_number=99))
    assert reason(text, finding("value"))
    assert reason(text, finding("another")) is None
    assert reason(text, finding("value", "b.py")) is None
    assert reason(text, finding("value", rule=OTHER_RULE)) is None


def test_of_several_results_for_a_value_the_audit_counts_and_the_graver_one() -> None:
    for audits, said in (
        ((None, False), "audited as no secret"),
        ((False, None), "audited as no secret"),
        ((True, False), "audited as a secret"),
        ((False, True), "audited as a secret"),
        ((None, None), "not audited"),
    ):
        results = [result("value", "a.py", **({} if audit is None else {"is_secret": audit})) for audit in audits]
        assert reason(file_of(*results), finding("value")) == said, audits


@pytest.mark.parametrize("header", KEY_HEADERS, ids=[header.decode() for header in KEY_HEADERS])
def test_a_private_key_is_known_by_its_first_line(header: bytes) -> None:
    key = f"-----{header.decode()}-----\n{random_text(300, header)}\n"
    text = file_of(result(header.decode(), "a.pem"))
    assert reason(text, finding(key, "a.pem"))
    assert reason(text, finding(key, "b.pem")) is None
    other = next(one for one in KEY_HEADERS if one != header).decode()
    assert reason(text, finding(f"-----{other}-----\n{random_text(300, header)}\n", "a.pem")) is None


def test_paths_of_windows_and_files_in_utf_16_count() -> None:
    text = file_of(result("value", "src\\a.py"))
    assert reason(text, finding("value", "src/a.py"))
    assert load(text.encode("utf-16"), "b").note_for(finding("value", "src/a.py"))


HOSTILE: dict[str, Any] = {
    "a list": [],
    "no results": {"version": "1.5.0"},
    "results that are none": {"results": []},
    "no list": {"results": {"a.py": {}}},
    "no object": {"results": {"a.py": ["x"]}},
    "no hash": {"results": {"a.py": [{}]}},
    "another hash": {"results": {"a.py": [{"hashed_secret": "0" * 64}]}},
    "no digits": {"results": {"a.py": [{"hashed_secret": "x" * 40}]}},
    "another audit": {"results": {"a.py": [{"hashed_secret": "0" * 40, "is_secret": "no"}]}},
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_baseline_is_refused(content: object) -> None:
    with pytest.raises(ConfigError) as caught:
        load(json.dumps(content).encode(), "b.json")
    assert caught.value.what.startswith("b.json:")
    assert caught.value.remedy


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_file_brings_another_error_than_ours(raw: bytes) -> None:
    with pytest.raises(ConfigError):
        load(raw, "b")


# ── In a run ────────────────────────────────────────────────────────────────────────────────────────


def test_the_file_at_the_root_is_honoured_without_a_configuration(repository: Repository) -> None:
    repository.stage("a.py", line_with_token(1))
    repository.write(".secrets.baseline", file_of(result(github_token(1), "a.py", is_secret=False)))
    report = repository.nightlatch("secrets", "--staged", "--format", "json")
    assert report.code == 0
    (allowed,) = report.json()["suppressed"]
    assert (allowed["by"], allowed["reason"]) == ("detect-secrets baseline", "audited as no secret")

    repository.stage("a.py", line_with_token(2))
    assert repository.nightlatch("secrets", "--staged").code == 1


def test_a_configured_file_counts_in_its_place_and_must_exist(repository: Repository) -> None:
    repository.stage("a.py", line_with_token(1))
    repository.write(".nightlatch.yaml", "version: 1\nsecrets: {detect-secrets-baseline: ci/known.json}\n")
    outcome = repository.nightlatch("secrets", "--staged")
    assert outcome.code == 2
    assert "ci/known.json: there is no such file" in outcome.err

    repository.write("ci/known.json", file_of(result(github_token(1), "a.py")))
    assert repository.nightlatch("secrets", "--staged").code == 0
    repository.write("ci/known.json", file_of())
    repository.write(".secrets.baseline", file_of(result(github_token(1), "a.py")))
    assert repository.nightlatch("secrets", "--staged").code == 1


def test_a_broken_one_is_exit_2_where_it_matters(repository: Repository) -> None:
    repository.write(".secrets.baseline", "{")
    repository.stage("page.txt", "words\n")
    assert repository.nightlatch("secrets", "--staged").code == 0, "it could allow nothing here"
    repository.stage("a.py", line_with_token(1))
    outcome = repository.nightlatch("secrets", "--staged")
    assert outcome.code == 2
    assert ".secrets.baseline:1:" in outcome.err


def test_a_real_key_is_known_by_its_first_line(repository: Repository) -> None:
    body = "\n".join(random_text(64, number, ALPHANUMERIC + "+/") for number in range(12))
    head, end = "-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----"
    repository.stage("key.pem", f"{head}\n{body}\n{end}\n")
    assert repository.nightlatch("secrets", "--staged").code == 1
    repository.write(".secrets.baseline", file_of(result("BEGIN RSA PRIVATE KEY", "key.pem", type="Private Key")))
    assert repository.nightlatch("secrets", "--staged").code == 0


def test_a_range_is_judged_by_the_one_of_its_base(repository: Repository) -> None:
    repository.stage("a.py", "words\n")
    base = repository.commit()
    repository.stage("a.py", line_with_token(1))
    repository.stage(".secrets.baseline", file_of(result(github_token(1), "a.py", is_secret=False)))
    repository.commit("disarm")
    assert repository.nightlatch("secrets", "--from-ref", base).code == 1
    repository.stage("a.py", "import os\n" + line_with_token(1))
    repository.commit("later")
    assert repository.nightlatch("secrets", "--from-ref", "HEAD~1").code == 0


def test_no_hash_of_it_is_kept_in_the_cache(repository: Repository, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("cache")
    repository.stage("a.py", line_with_token(1))
    text = file_of(result(github_token(1), "a.py"))
    repository.write(".secrets.baseline", text)
    repository.nightlatch("baseline", "create", NIGHTLATCH_CACHE_DIR=str(folder))
    assert repository.nightlatch("secrets", "--staged", NIGHTLATCH_CACHE_DIR=str(folder)).code == 0
    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert sha1(github_token(1).encode(), usedforsecurity=False).hexdigest().encode() not in kept
