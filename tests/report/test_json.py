from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from nightlatch import __version__
from nightlatch.core.finding import Finding
from nightlatch.core.rule import Rule
from nightlatch.core.source import Remark
from nightlatch.core.suppress import Note
from nightlatch.report.formats import Style
from nightlatch.report.to_json import render
from tests.support.repository import Repository
from tests.support.results import result_of
from tests.support.tokens import github_token, line_with_token

RULE = Rule(id="SEC999", name="test-rule", summary="A test", why="It can go wrong.", fix="Mend it.")

TEXT = {"type": "string"}
NUMBER = {"type": "integer", "minimum": 0}
PLACE = {"type": ["integer", "null"], "minimum": 1}
OPTIONAL = {"type": ["string", "null"]}


def strict(**properties: object) -> dict[str, object]:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }


REMARK = strict(path=TEXT, reason=TEXT, hook=TEXT)
SCHEMA = strict(
    schema={"const": 1},
    tool=strict(name={"const": "nightlatch"}, version=TEXT),
    selector=TEXT,
    hooks={"type": "array", "items": TEXT},
    checked=strict(files=NUMBER, bytes=NUMBER, commits=NUMBER),
    findings={
        "type": "array",
        "items": strict(
            rule=TEXT,
            name=TEXT,
            severity={"enum": ["error", "warning", "info"]},
            path=OPTIONAL,
            line=PLACE,
            column=PLACE,
            end_line=PLACE,
            end_column=PLACE,
            message=TEXT,
            fix=OPTIONAL,
            fingerprint={"type": "string", "pattern": "^[0-9a-f]{32}$"},
            commit=OPTIONAL,
            hook=TEXT,
            data={"type": "object"},
        ),
    },
    unchecked={"type": "array", "items": REMARK},
    skipped={"type": "array", "items": REMARK},
    suppressed={
        "type": "array",
        "items": strict(rule=TEXT, path=OPTIONAL, line=PLACE, fingerprint=TEXT, by=TEXT, reason=TEXT, hook=TEXT),
    },
)
"""The design's form: other tools are written against it."""


def checked(text: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(text)
    jsonschema.validate(report, SCHEMA)
    return report


def test_the_form_is_the_contract_s() -> None:
    whole = Finding(RULE, "A test", path="a\udcff.py", span=(3, 5, 3, 9), note=Note("inline", "fine"))
    result = result_of(whole, Finding(RULE, "A test", fix=""))
    result.suppressed = [whole]
    result.tally.skipped.append(Remark("logo.png", "binary without text", "secrets"))
    result.tally.unchecked.append(Remark("b", "unreadable", "secrets"))
    report = checked(render(result, Style()))
    assert report["tool"]["version"] == __version__
    assert report["checked"] == {"files": 2, "bytes": 30, "commits": 0}
    assert report["findings"][0]["path"] == "a%FF.py"
    assert report["suppressed"][0]["by"] == "inline"
    nowhere = report["findings"][1]
    assert [nowhere[key] for key in ("path", "line", "column", "fix", "commit")] == [None] * 5


def test_the_command_writes_it_for_clean_and_for_found(repository: Repository) -> None:
    repository.stage("clean.txt", "nothing\n")
    assert checked(repository.nightlatch("secrets", "--format", "json").out)["findings"] == []
    repository.stage("ü.txt", "first\n" + line_with_token())
    outcome = repository.nightlatch("secrets", "--format", "json")
    report = checked(outcome.out)
    (finding,) = report["findings"]
    assert (finding["path"], finding["line"], finding["column"]) == ("ü.txt", 2, 10)
    assert finding["end_column"] == 10 + len(github_token())
    assert github_token() not in outcome.out
    assert outcome.code == 1


def test_the_same_input_gives_the_same_bytes(repository: Repository) -> None:
    repository.write(".nightlatch.yaml", "hooks: [secrets]\n")
    for number in range(20):
        repository.stage(f"{number}.txt", line_with_token(number) * 2)
    first = repository.nightlatch("secrets", "--format", "json").out
    assert repository.nightlatch("secrets", "--format", "json").out == first
    assert repository.nightlatch("run", "--format", "json").out == first


def test_a_report_goes_to_a_file_beside_standard_output(repository: Repository, tmp_path: Path) -> None:
    repository.stage("a.txt", line_with_token())
    target = tmp_path / "report.json"
    outcome = repository.nightlatch("secrets", "--report", f"json={target}", "--report", f"text={tmp_path / 'r.txt'}")
    assert "SEC301" in outcome.out
    assert checked(target.read_text())["findings"][0]["rule"] == "SEC301"
    assert "SEC301" in (tmp_path / "r.txt").read_text()
    assert [path.name for path in tmp_path.glob("*.tmp")] == []


@pytest.mark.parametrize("value", ["json", "sarif2=x", "json="])
def test_a_report_without_format_or_file_is_a_usage_error(repository: Repository, value: str) -> None:
    outcome = repository.nightlatch("secrets", "--report", value)
    assert outcome.code == 2
    assert "FORMAT=FILE" in outcome.err
