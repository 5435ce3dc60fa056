from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema
import pytest

from nightlatch.core.rule import ERROR, INFO, WARNING, Rule
from nightlatch.core.run import COMMITS, Result
from nightlatch.registry import load
from nightlatch.report.formats import Style
from nightlatch.report.to_gitlab import NO_TIME, render
from tests.report.examples import (
    COMMIT,
    SCHEMAS,
    SQL,
    everything,
    finding,
    golden,
    hostile,
    remark,
    result_with,
    without_version,
)
from tests.support.repository import Repository
from tests.support.tokens import github_token, line_with_token

SCHEMA = json.loads((SCHEMAS / "gitlab-secret-detection-15.0.7.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.validators.validator_for(SCHEMA)(SCHEMA)


def checked(text: str) -> dict[str, Any]:
    """The report, held against what GitLab demands."""
    report: dict[str, Any] = json.loads(text)
    VALIDATOR.validate(report)
    ids = [found["id"] for found in report["vulnerabilities"]]
    assert len(ids) == len(set(ids))
    assert "raw_source_code_extract" not in text, "it would hold the secret"
    return report


def report_of(result: Result, **style: Any) -> dict[str, Any]:
    return checked(render(result, Style(**style)))


def found_by(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = report_of(result)["vulnerabilities"]
    return found


def test_a_report_on_everything_is_as_it_was_agreed() -> None:
    text = render(everything(), Style())
    checked(text)
    assert without_version(text) == golden("gitlab.json")


def test_a_clean_run_is_a_success_without_vulnerabilities() -> None:
    report = report_of(result_with())
    assert (report["scan"]["status"], report["vulnerabilities"], report["scan"]["messages"]) == ("success", [], [])


@pytest.mark.parametrize(("severity", "said"), [(ERROR, "Critical"), (WARNING, "Medium"), (INFO, "Info")])
def test_severities_are_gitlab_s(severity: str, said: str) -> None:
    (found,) = found_by(result_with(finding(severity=severity)))
    assert found["severity"] == said


def test_the_id_and_the_signature_are_the_fingerprint() -> None:
    made = finding()
    (found,) = found_by(result_with(made))
    assert UUID(found["id"]).hex == made.fingerprint
    assert found["tracking"]["items"][0]["signatures"] == [{"algorithm": "hash", "value": made.fingerprint}]
    assert found["details"]["fingerprint"]["value"] == made.fingerprint


def test_the_identifier_is_the_rule() -> None:
    (found,) = found_by(result_with(finding()))
    assert [identifier["value"] for identifier in found["identifiers"]] == ["SEC999"]
    assert (found["name"], found["solution"]) == ("A test", "Mend it.")


@pytest.mark.parametrize(
    ("made", "file", "lines", "sha"),
    [
        (finding(), "src/a.py", (3, 3), "0000000"),
        (finding(commit=COMMIT, span=(3, 5, 4, 1)), "src/a.py", (3, 4), COMMIT),
        (finding(span=None), "src/a.py", (1, 1), "0000000"),
        (finding(path=None, span=None), ".nightlatch.yaml", (1, 1), "0000000"),
        (finding(path=None, data={"in": "commit message"}, commit=COMMIT), ".nightlatch.yaml", (1, 1), COMMIT),
    ],
    ids=["a line", "lines of a commit", "a file", "the repository", "a message"],
)
def test_every_finding_has_a_place(made: Any, file: str, lines: tuple[int, int], sha: str) -> None:
    (found,) = found_by(result_with(made))
    first, last = lines
    assert found["location"] == {"file": file, "start_line": first, "end_line": last, "commit": {"sha": sha}}


def test_what_is_no_line_of_a_file_is_said_in_the_description() -> None:
    message = finding(path=None, data={"in": "commit message"}, commit=COMMIT)
    (found,) = found_by(result_with(message))
    assert found["description"] == (
        "A test. In the commit message, line 3. In the commit 0123456789ab. It can go wrong."
    )


def test_what_several_commits_bring_stands_there_once() -> None:
    several = [finding(commit=COMMIT, anchor="x", ordinal=1), finding(commit=COMMIT[::-1], anchor="x", ordinal=1)]
    (found,) = found_by(result_with(*several))
    assert found["location"]["commit"]["sha"] == COMMIT


def test_other_hooks_findings_are_no_secrets_and_only_mentioned() -> None:
    report = report_of(
        result_with(finding(SQL, hook="sql"), finding(SQL, path="b", hook="sql"), hooks=("secrets", "sql"))
    )
    assert report["vulnerabilities"] == []
    assert report["scan"]["status"] == "success"
    (message,) = report["scan"]["messages"]
    assert message == {"level": "info", "value": "Not in this report: 2 findings of the hook sql (SQL100)"}


def test_what_is_unchecked_makes_the_scan_a_failed_one() -> None:
    scan = report_of(result_with(unchecked=(remark("b\n", "unreadable"), remark(COMMITS, "missing"))))["scan"]
    assert scan["status"] == "failure"
    assert scan["messages"] == [
        {"level": "warn", "value": "Unchecked: (commits): missing"},
        {"level": "warn", "value": "Unchecked: b\\n: unreadable"},
    ]


def test_what_another_hook_could_not_check_says_nothing_about_secrets() -> None:
    scan = report_of(result_with(hooks=("secrets", "sql"), unchecked=(remark("b", hook="sql"),)))["scan"]
    assert (scan["status"], scan["messages"]) == ("success", [])


def test_a_run_without_the_hook_is_no_clean_scan_for_secrets() -> None:
    scan = report_of(result_with(hooks=("sql",)))["scan"]
    assert scan["status"] == "failure"
    assert "did not run" in scan["messages"][0]["value"]


def test_the_hook_is_the_one_that_looks_for_secrets() -> None:
    assert all(rule.is_secret for rule in load("secrets").rules)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", NO_TIME),
        ("yesterday", NO_TIME),
        ("2026-10-01T10:00:00+02:00", "2026-10-01T08:00:00"),
        ("2026-10-01T10:00:00.75Z", "2026-10-01T10:00:00"),
        ("2026-10-01T10:00:00", "2026-10-01T10:00:00"),
        ("0001-01-01T00:00:00+14:00", NO_TIME),
    ],
)
def test_the_times_are_the_commit_s_in_utc_without_a_z(given: str, said: str) -> None:
    scan = report_of(result_with(), commit_time=given)["scan"]
    assert (scan["start_time"], scan["end_time"]) == (said, said)


def test_long_texts_are_cut_to_what_gitlab_takes() -> None:
    rule = Rule(id="SEC999", name="test-rule", summary="s" * 300, why="Why.", fix="f" * 8000)
    (found,) = found_by(result_with(finding(rule)))
    assert (len(found["name"]), len(found["solution"])) == (255, 7000)


@pytest.mark.parametrize("result", hostile(), ids=lambda result: ascii(result.findings[0].path)[:30])
def test_nothing_hostile_is_acted_upon(result: Result) -> None:
    text = render(result, Style())
    report = checked(text)
    assert text.isascii()
    assert text.replace("\n", "").isprintable()
    assert "##[" not in text
    assert "##vso[" not in text
    assert not any(line.lstrip().startswith("::") for line in text.split("\n"))
    said = [message["value"] for message in report["scan"]["messages"]]
    said += [found[key] for found in report["vulnerabilities"] for key in ("name", "description", "solution")]
    assert all(words.isprintable() and "](" not in words for words in said)


def test_the_command_writes_it_without_the_secret_and_the_same_each_time(
    repository: Repository, tmp_path: Path
) -> None:
    repository.stage("a b.txt", "first\n" + line_with_token())
    target = tmp_path / "report.json"
    outcome = repository.nightlatch(
        "secrets",
        "--format",
        "gitlab",
        "--report",
        f"gitlab={target}",
        CI_COMMIT_TIMESTAMP="2026-10-01T10:00:00+02:00",
    )
    assert outcome.code == 1
    report = checked(outcome.out)
    assert report["scan"]["end_time"] == "2026-10-01T08:00:00"
    (found,) = report["vulnerabilities"]
    assert (found["identifiers"][0]["value"], found["location"]["file"]) == ("SEC301", "a b.txt")
    assert github_token()[8:-4] not in outcome.out + outcome.err
    assert target.read_text(encoding="utf-8") == outcome.out
    as_json = repository.nightlatch("secrets", "--format", "json").json()
    assert UUID(found["id"]).hex == as_json["findings"][0]["fingerprint"]


def test_a_finding_of_a_range_names_its_commit(repository: Repository) -> None:
    start = repository.commit("start")
    repository.stage("a.txt", line_with_token())
    brought = repository.commit("brought")
    repository.stage("a.txt", "gone\n")
    repository.commit("gone")
    outcome = repository.nightlatch("secrets", "--from-ref", start, "--format", "gitlab")
    (found,) = checked(outcome.out)["vulnerabilities"]
    assert found["location"]["commit"]["sha"] == brought
