from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from nightlatch.core.rule import ERROR, INFO, WARNING
from nightlatch.core.run import COMMITS, Result
from nightlatch.report.formats import Style
from nightlatch.report.to_codequality import render
from tests.report.examples import (
    COMMIT,
    SCHEMAS,
    everything,
    finding,
    golden,
    hostile,
    remark,
    result_with,
)
from tests.support.repository import Repository
from tests.support.tokens import github_token, line_with_token

SCHEMA = json.loads((SCHEMAS / "gitlab-code-quality.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.validators.validator_for(SCHEMA)(SCHEMA)


def checked(text: str) -> list[dict[str, Any]]:
    issues: list[dict[str, Any]] = json.loads(text)
    VALIDATOR.validate(issues)
    prints = [issue["fingerprint"] for issue in issues]
    assert len(prints) == len(set(prints)), "GitLab shows one of those with the same fingerprint"
    return issues


def issues_of(result: Result) -> list[dict[str, Any]]:
    return checked(render(result, Style()))


def test_a_report_on_everything_is_as_it_was_agreed() -> None:
    text = render(everything(), Style())
    checked(text)
    assert text == golden("codequality.json")


def test_a_clean_run_is_an_empty_list() -> None:
    assert render(result_with(), Style()) == "[]\n"


@pytest.mark.parametrize(("severity", "said"), [(ERROR, "critical"), (WARNING, "minor"), (INFO, "info")])
def test_severities_are_gitlab_s(severity: str, said: str) -> None:
    (issue,) = issues_of(result_with(finding(severity=severity)))
    assert issue["severity"] == said


def test_the_fingerprint_is_the_finding_s_own() -> None:
    made = finding()
    (issue,) = issues_of(result_with(made))
    assert issue["fingerprint"] == made.fingerprint


def test_what_several_commits_bring_stands_there_once() -> None:
    several = [finding(commit=COMMIT, anchor="x", ordinal=1), finding(commit=COMMIT[::-1], anchor="x", ordinal=1)]
    (issue,) = issues_of(result_with(*several))
    assert "In the commit 0123456789ab." in issue["description"]


@pytest.mark.parametrize(
    ("made", "path", "line", "said"),
    [
        (finding(), "src/a.py", 3, "A test. Mend it."),
        (finding(span=None), "src/a.py", 1, "A test. About the whole file. Mend it."),
        (finding(path=None, span=None), ".nightlatch.yaml", 1, "A test. About the whole repository. Mend it."),
        (
            finding(path=None, data={"in": "tag message"}, fix=""),
            ".nightlatch.yaml",
            1,
            "A test. In the tag message, line 3.",
        ),
    ],
    ids=["a line", "a file", "the repository", "a message"],
)
def test_every_finding_has_a_place(made: Any, path: str, line: int, said: str) -> None:
    (issue,) = issues_of(result_with(made))
    assert issue["location"] == {"path": path, "lines": {"begin": line}}
    assert issue["description"] == said


def test_what_is_unchecked_is_an_issue_of_the_gravest_kind_once_each() -> None:
    unchecked = [remark("b"), remark("b"), remark("b", hook="sql"), remark("b", "gone"), remark(COMMITS, "missing")]
    issues = issues_of(result_with(unchecked=unchecked))
    assert [issue["location"]["path"] for issue in issues] == [".nightlatch.yaml", "b", "b", "b"]
    assert {(issue["check_name"], issue["severity"]) for issue in issues} == {("unchecked", "blocker")}
    assert issues[1]["description"] == "b: gone. What can't be checked does not pass."


@pytest.mark.parametrize("result", hostile(), ids=lambda result: ascii(result.findings[0].path)[:30])
def test_nothing_hostile_is_acted_upon(result: Result) -> None:
    text = render(result, Style())
    issues = checked(text)
    assert text.isascii()
    assert text.replace("\n", "").isprintable()
    assert "##[" not in text
    assert "##vso[" not in text
    assert not any(line.lstrip().startswith("::") for line in text.split("\n"))
    for issue in issues:
        assert issue["description"].isprintable()
        assert "](" not in issue["description"]


def test_the_command_writes_it_without_the_secret_and_the_same_each_time(
    repository: Repository, tmp_path: Path
) -> None:
    repository.stage("a b.txt", "first\n" + line_with_token())
    target = tmp_path / "report.json"
    outcome = repository.nightlatch("secrets", "--format", "codequality", "--report", f"codequality={target}")
    assert outcome.code == 1
    (issue,) = checked(outcome.out)
    assert (issue["check_name"], issue["location"]) == ("SEC301", {"path": "a b.txt", "lines": {"begin": 2}})
    assert github_token()[8:-4] not in outcome.out + outcome.err
    assert target.read_text(encoding="utf-8") == outcome.out
    as_json = repository.nightlatch("secrets", "--format", "json").json()
    assert issue["fingerprint"] == as_json["findings"][0]["fingerprint"]
