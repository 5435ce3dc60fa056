from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from nightlatch.core.rule import ERROR, INFO, WARNING
from nightlatch.core.run import COMMITS, Result
from nightlatch.report import to_junit
from nightlatch.report.formats import Style
from nightlatch.report.to_junit import render
from tests.report.examples import COMMIT, SQL, everything, finding, golden, hostile, remark, result_with
from tests.support.repository import Repository
from tests.support.tokens import github_token, line_with_token

COUNTS = {"name", "tests", "failures", "errors"}
ATTRIBUTES = {
    "testsuites": (COUNTS, COUNTS),
    "testsuite": (COUNTS, COUNTS),
    "testcase": ({"classname", "name"}, {"classname", "name", "file"}),
    "failure": ({"message", "type"}, {"message", "type"}),
    "error": ({"message", "type"}, {"message", "type"}),
    "system-out": (set(), set()),
}
"""Element → the attributes that it must have, and those that it may have."""

CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"testcase"},
    "testcase": {"failure", "error", "system-out"},
}

PARSED_BY_GITLAB = {"array", "boolean", "date", "file", "hash", "integer", "float", "symbol", "yaml", "string"}
"""Types that its reader of XML takes for its own; of some of them it refuses the whole file."""


def checked(text: str) -> ET.Element:
    """The root, after a check of the whole structure: what readers of the format agree on."""
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n')
    root = ET.fromstring(text.encode("utf-8"))  # noqa: S314 - our own
    assert root.tag == "testsuites"
    for element in root.iter():
        must, may = ATTRIBUTES[element.tag]
        assert must <= set(element.attrib) <= may, element.attrib
        assert {child.tag for child in element} <= CHILDREN.get(element.tag, set())
        assert element.attrib.get("type") not in PARSED_BY_GITLAB
    for part in (root, *root):
        assert int(part.attrib["tests"]) == len(part.findall(".//testcase"))
        assert int(part.attrib["failures"]) == len(part.findall(".//failure"))
        assert int(part.attrib["errors"]) == len(part.findall(".//error"))
    for suite in root:
        names = [case.attrib["name"] for case in suite]
        assert names, "a suite without a test is no sign of a check"
        assert len(names) == len(set(names)), "of two tests with the same name one is dropped"
        assert all(len(case) <= 1 for case in suite)
    return root


def cases_of(result: Result) -> list[ET.Element]:
    return checked(render(result, Style())).findall(".//testcase")


def kinds(result: Result) -> list[str]:
    return [case[0].tag if len(case) else "" for case in cases_of(result)]


def test_a_report_on_everything_is_as_it_was_agreed() -> None:
    text = render(everything(), Style())
    checked(text)
    assert text == golden("junit.xml")


def test_each_hook_has_a_suite_and_a_clean_one_a_test_that_passes() -> None:
    root = checked(render(result_with(hooks=("secrets", "sql")), Style()))
    assert [suite.attrib["name"] for suite in root] == ["secrets", "sql"]
    assert [(case.attrib["name"], len(case)) for case in root.iter("testcase")] == [("nothing found", 0)] * 2


def test_findings_stand_in_the_suite_of_their_hook() -> None:
    root = checked(render(result_with(finding(), finding(SQL, hook="sql"), hooks=("secrets", "sql")), Style()))
    assert [suite[0].attrib["classname"] for suite in root] == ["nightlatch.secrets", "nightlatch.sql"]
    assert [suite[0].attrib["name"].split(":")[0] for suite in root] == ["SEC999 test-rule", "SQL100 sql-rule"]


def test_what_fails_the_run_fails_its_test_and_nothing_else_does() -> None:
    found = [finding(severity=severity) for severity in (ERROR, WARNING, INFO)]
    assert kinds(result_with(*found)) == ["failure", "system-out", "system-out"]
    assert kinds(result_with(*found, failing=(ERROR, WARNING))) == ["failure", "failure", "system-out"]


def test_what_is_unchecked_is_an_error() -> None:
    cases = cases_of(result_with(unchecked=(remark("b"), remark(COMMITS, "missing"), remark("b"))))
    assert [case[0].tag for case in cases] == ["error"] * 3
    assert [case.attrib["name"] for case in cases] == [
        "unchecked (commits): missing",
        "unchecked b: unreadable",
        "unchecked b: unreadable (2)",
    ]
    assert [case.attrib.get("file") for case in cases] == [None, "b", "b"]
    assert "does not pass" in (cases[0][0].text or "")


def test_a_failure_says_where_what_why_and_how_to_mend_it() -> None:
    made = finding(commit=COMMIT)
    (case,) = cases_of(result_with(made))
    (failure,) = case
    assert failure.attrib == {"message": "A test", "type": "SEC999"}
    assert (failure.text or "").split("\n") == [
        "src/a.py:3:5: error SEC999 A test",
        f"commit: {COMMIT}",
        "why: It can go wrong.",
        "fix: Mend it.",
        f"fingerprint: {made.fingerprint}",
    ]


@pytest.mark.parametrize(
    ("made", "place", "file"),
    [
        (finding(span=None), "src/a.py", "src/a.py"),
        (finding(path=None, span=None), "(repository)", None),
        (finding(path=None, data={"in": "commit message"}), "(commit message)", None),
    ],
    ids=["a file", "the repository", "a message"],
)
def test_what_is_in_no_line_says_what_it_is_about(made: Any, place: str, file: str | None) -> None:
    (case,) = cases_of(result_with(made))
    assert case.attrib["name"] == f"SEC999 test-rule: {place} [{made.fingerprint[:12]}]"
    assert case.attrib.get("file") == file


def test_a_finding_keeps_its_name_where_its_line_moves() -> None:
    names = [
        cases_of(result_with(finding(anchor="x", span=span)))[0].attrib["name"] for span in ((3, 5, 3, 9), (8, 1, 8, 5))
    ]
    assert names[0] == names[1]


def test_what_several_commits_bring_stands_there_once() -> None:
    several = [finding(commit=COMMIT, anchor="x", ordinal=1), finding(commit=COMMIT[::-1], anchor="x", ordinal=1)]
    assert len(cases_of(result_with(*several))) == 1


def test_more_than_readers_take_lose_the_least_severe_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(to_junit, "MOST", 2)
    found = [finding(path="a", severity=WARNING), finding(path="b"), finding(path="c")]
    *kept, said = cases_of(result_with(*found))
    assert [case.attrib["file"] for case in kept] == ["b", "c"]
    assert said[0].tag == "system-out"
    assert said[0].text == "1 finding left out, the least severe: the JSON report has all."
    assert kinds(result_with(*found, finding(path="d")))[-1] == "failure"


UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


@pytest.mark.parametrize("result", hostile(), ids=lambda result: ascii(result.findings[0].path)[:30])
def test_it_is_well_formed_whatever_stands_in_it(result: Result) -> None:
    text = render(result, Style())
    root = checked(text)
    assert [element.tag for element in root.iter()] == [
        "testsuites", "testsuite", "testcase", "error", "testcase", "failure", "testcase", "failure",
    ]  # fmt: skip
    assert not UNPRINTABLE.search(text)
    assert "]]>" not in text
    assert "##[" not in text
    assert "##vso[" not in text
    assert not any(line.lstrip().startswith("::") for line in text.split("\n"))


def test_the_command_writes_it_without_the_secret_and_the_same_each_time(
    repository: Repository, tmp_path: Path
) -> None:
    repository.stage("ü.txt", "first\n" + line_with_token())
    target = tmp_path / "report.xml"
    outcome = repository.nightlatch("secrets", "--format", "junit", "--report", f"junit={target}")
    assert outcome.code == 1
    (case,) = checked(outcome.out).iter("testcase")
    assert case.attrib["file"] == "ü.txt"
    assert (case[0].text or "").startswith("ü.txt:2:10: error SEC301 ")
    assert github_token()[8:-4] not in outcome.out + outcome.err
    assert target.read_text(encoding="utf-8") == outcome.out
