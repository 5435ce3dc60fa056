from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import jsonschema
import pytest

from nightlatch import __version__
from nightlatch.core.finding import Finding, add_fingerprints
from nightlatch.core.rule import ERROR, INFO, WARNING, Rule
from nightlatch.core.source import Remark
from nightlatch.core.suppress import Note
from nightlatch.registry import MODULES, load_all
from nightlatch.report import to_sarif
from nightlatch.report.formats import Style
from nightlatch.report.to_sarif import render
from tests.support.repository import Repository
from tests.support.results import result_of
from tests.support.tokens import github_token, line_with_token

GOLDEN = Path(__file__).parent / "golden" / "report.sarif"
SCHEMA = json.loads((Path(__file__).parent.parent / "schemas" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.validators.validator_for(SCHEMA)(SCHEMA)

RULE = Rule(id="SEC999", name="test-rule", summary="A test", why="It can go wrong.", fix="Mend it.")
OTHER = Rule(id="SEC100", name="other-rule", severity=WARNING, summary="Another", why="It may.", fix="Look at it.")
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def finding(rule: Rule = RULE, **changes: object) -> Finding:
    values: dict[str, object] = {"path": "src/a.py", "span": (3, 5, 3, 9)} | changes
    commit = values.pop("commit", None)
    made = Finding(rule, "A test", **values)  # type: ignore[arg-type]
    made.commit = commit  # type: ignore[assignment]
    made.hook = "secrets"
    return made


def remark(path: str, reason: str = "unreadable", hook: str = "secrets") -> Remark:
    return Remark(path, reason, hook)


def checked(text: str) -> dict[str, Any]:
    """The report, held against the published schema and against what GitHub asks for beyond it."""
    log: dict[str, Any] = json.loads(text)
    VALIDATOR.validate(log)
    assert len(log["runs"]) <= 20
    for run in log["runs"]:
        rules = run["tool"]["driver"]["rules"]
        assert all(len(rule["properties"]["tags"]) <= 20 for rule in rules)
        assert all(0 < float(rule["properties"]["security-severity"]) <= 10 for rule in rules)
        assert all(rule[key]["text"] for rule in rules for key in ("shortDescription", "fullDescription", "help"))
        for result in run["results"]:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
            assert result["message"]["text"]
            assert result["partialFingerprints"]["primaryLocationLineHash"]
            (location,) = result["locations"]
            assert location["physicalLocation"]["artifactLocation"]["uri"]
            region = location["physicalLocation"]["region"]
            assert all(region[key] >= 1 for key in ("startLine", "startColumn", "endLine", "endColumn"))
    return log


def run_of(*findings: Finding, **changes: Any) -> dict[str, Any]:
    """The only run of a report on these findings."""
    result = result_of(*findings)
    result.suppressed = changes.get("suppressed", [])
    add_fingerprints(result.suppressed)
    result.tally.unchecked = changes.get("unchecked", [])
    result.tally.skipped = changes.get("skipped", [])
    (run,) = checked(render(result, Style()))["runs"]
    assert isinstance(run, dict)
    return run


def result_for(made: Finding) -> dict[str, Any]:
    (result,) = run_of(made)["results"]
    assert isinstance(result, dict)
    return result


def uri_of(made: Finding) -> str:
    uri: str = result_for(made)["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    return uri


def test_a_report_on_everything_is_as_it_was_agreed() -> None:
    """The golden file: after a change on purpose, write it anew and read the difference."""
    result = result_of(
        finding(path=None, span=None),
        finding(OTHER, path="logo.svg", span=None, data={"advisory": "GHSA-1"}),
        finding(path="src/a b.py", commit=COMMIT),
        finding(severity=INFO, fix=""),
    )
    allowed = finding(OTHER, path="src/c.py", note=Note("inline", "a fixture"))
    result.suppressed = [allowed]
    add_fingerprints(result.suppressed)
    result.hooks = ["secrets", "sql"]
    result.tally.unchecked = [remark("b", hook="sql")]
    result.tally.skipped = [remark("logo.png", "binary without text")]
    result.exit_code = 2
    text = render(result, Style())
    checked(text)
    assert text.replace(f'"version": "{__version__}"', '"version": "0"') == GOLDEN.read_text(encoding="utf-8")


def test_each_hook_has_a_run_and_a_category_of_its_own_even_where_it_found_nothing() -> None:
    result = result_of(finding())
    result.hooks = ["secrets", "sql"]
    runs = checked(render(result, Style()))["runs"]
    assert [run["automationDetails"]["id"] for run in runs] == ["nightlatch/secrets/", "nightlatch/sql/"]
    assert [len(run["results"]) for run in runs] == [1, 0]


def test_all_hooks_together_stay_within_github_s_twenty_runs() -> None:
    assert len(MODULES) <= 20


def test_a_rule_says_what_why_how_to_mend_and_how_to_allow_it() -> None:
    (rule,) = run_of(finding())["tool"]["driver"]["rules"]
    assert (rule["id"], rule["name"]) == ("SEC999", "test-rule")
    assert rule["fullDescription"]["text"] == "A test. It can go wrong."
    for text in rule["help"].values():
        for part in ("A test.", "It can go wrong.", "Mend it.", "nightlatch: allow SEC999 -- ", "{SEC999: off}"):
            assert part in text


def test_only_rules_with_results_are_listed_each_once_in_order() -> None:
    run = run_of(finding(), finding(), finding(OTHER))
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["SEC100", "SEC999"]
    assert [result["ruleIndex"] for result in run["results"]] == [1, 1, 0]


@pytest.mark.parametrize(
    ("severity", "level", "least", "below"), [(ERROR, "error", 7, 9), (WARNING, "warning", 4, 7), (INFO, "note", 0, 4)]
)
def test_errors_are_high_on_github_warnings_medium_and_infos_low(
    severity: str, level: str, least: float, below: float
) -> None:
    run = run_of(finding(Rule(id="SEC1", name="x", severity=severity, summary="x", why="y.", fix="z.")))
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["defaultConfiguration"]["level"] == run["results"][0]["level"] == level
    assert least <= float(rule["properties"]["security-severity"]) < below


def test_a_severity_that_the_configuration_changes_is_the_result_s_level() -> None:
    run = run_of(finding(severity=WARNING))
    assert run["results"][0]["level"] == "warning"
    assert run["tool"]["driver"]["rules"][0]["defaultConfiguration"]["level"] == "error"


@pytest.mark.parametrize("hook", load_all(), ids=lambda hook: str(hook.name))
def test_every_rule_fits_what_github_shows(hook: Any) -> None:
    run = run_of(*(finding(rule) for rule in hook.rules))
    for rule in run["tool"]["driver"]["rules"]:
        assert len(rule["name"]) <= 255
        assert len(rule["shortDescription"]["text"]) <= 1024
        assert len(rule["fullDescription"]["text"]) <= 1024


def test_the_message_says_what_and_how_to_mend_it() -> None:
    assert result_for(finding())["message"]["text"] == "A test. Mend it."
    assert result_for(finding(fix=""))["message"]["text"] == "A test"


def test_a_place_is_given_in_characters_and_the_end_is_exclusive() -> None:
    run = run_of(finding(span=(3, 5, 4, 9)))
    assert run["columnKind"] == "unicodeCodePoints"
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 3, "startColumn": 5, "endLine": 4, "endColumn": 9}


def test_a_finding_about_a_whole_file_stands_at_its_start_and_says_so() -> None:
    (location,) = result_for(finding(span=None))["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "src/a.py"
    assert set(location["physicalLocation"]["region"].values()) == {1}
    assert location["message"]["text"] == "About the whole file."


def test_a_finding_about_the_whole_repository_stands_at_the_configuration_and_says_so() -> None:
    (location,) = result_for(finding(path=None, span=None))["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == ".nightlatch.yaml"
    assert location["message"]["text"] == "About the whole repository."


def test_a_finding_in_a_commit_s_message_is_no_line_of_a_file() -> None:
    (location,) = result_for(finding(path=None, data={"in": "commit message"}))["locations"]
    assert set(location["physicalLocation"]["region"].values()) == {1}
    assert location["message"]["text"] == "In the commit message, line 3."


PATHS = {
    "app/(shop)/[id]/page.tsx": "app/(shop)/%5Bid%5D/page.tsx",
    "a b.py": "a%20b.py",
    "100%.py": "100%25.py",
    "a%FF.py": "a%25FF.py",
    "what?#.py": "what%3F%23.py",
    "c:evil.py": "c%3Aevil.py",
    "back\\slash": "back%5Cslash",
    "ü.py": "%C3%BC.py",
    "a\udcff.py": "a%FF.py",
    "a\nb\x1b\x7f": "a%0Ab%1B%7F",
    "@scope/a+b,c;d=e~.js": "@scope/a+b,c;d=e~.js",
}


@pytest.mark.parametrize(("path", "uri"), PATHS.items(), ids=[ascii(path) for path in PATHS])
def test_a_path_is_written_as_rfc_3986_wants_it_and_can_be_read_back(path: str, uri: str) -> None:
    assert uri_of(finding(path=path)) == uri
    assert unquote_to_bytes(uri) == path.encode("utf-8", "surrogateescape")


def test_a_half_of_a_character_in_a_path_is_shown_as_in_every_report() -> None:
    assert uri_of(finding(path="a\ud800.py")) == "a%EF%BF%BD.py"


def test_the_fingerprint_is_the_finding_s_own_under_github_s_name_and_ours() -> None:
    made = finding()
    prints = result_for(made)["partialFingerprints"]
    assert prints == {"primaryLocationLineHash": made.fingerprint, "nightlatch/v1": made.fingerprint}


@pytest.mark.parametrize(
    ("note", "kind", "justification"),
    [
        (Note("inline", "a fixture"), "inSource", "a fixture"),
        (Note("gitleaks:allow", ""), "inSource", "gitleaks:allow"),
        (Note("baseline", "rotated in March"), "external", "rotated in March"),
        (Note("--changed-lines", "not touched"), "external", "not touched"),
    ],
)
def test_what_is_allowed_is_a_suppressed_result(note: Note, kind: str, justification: str) -> None:
    run = run_of(suppressed=[finding(note=note)])
    (result,) = run["results"]
    assert result["suppressions"] == [{"kind": kind, "justification": justification}]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["SEC999"]


def test_a_finding_in_a_commit_is_marked_as_history() -> None:
    assert result_for(finding(commit=COMMIT))["properties"] == {"history": True, "commit": COMMIT}
    assert "properties" not in result_for(finding())


def test_what_is_unchecked_makes_its_hook_s_run_a_failed_one() -> None:
    result = result_of()
    result.hooks = ["secrets", "sql"]
    result.exit_code = 2
    result.tally.unchecked = [remark("b c", "larger than 100 MiB", "sql")]
    (good,), (bad,) = (run["invocations"] for run in checked(render(result, Style()))["runs"])
    assert (good["executionSuccessful"], good["toolExecutionNotifications"]) == (True, [])
    assert (bad["executionSuccessful"], bad["exitCode"]) == (False, 2)
    (said,) = bad["toolExecutionNotifications"]
    assert (said["level"], said["message"]["text"]) == ("error", "b c: larger than 100 MiB")
    assert said["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "b%20c"


def test_what_is_skipped_is_noted_and_fails_nothing() -> None:
    (invocation,) = run_of(skipped=[remark("logo.png", "binary without text")])["invocations"]
    assert invocation["executionSuccessful"] is True
    (said,) = invocation["toolExecutionNotifications"]
    assert (said["level"], said["message"]["text"]) == ("note", "logo.png: binary without text")


def test_more_results_than_github_takes_lose_the_least_severe_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(to_sarif, "MOST_RESULTS", 3)
    allowed = finding(path="e", note=Note("inline", "fine"))
    found = [
        finding(path="a", severity=INFO),
        finding(path="b", severity=WARNING),
        finding(path="c"),
        finding(path="d"),
    ]
    run = run_of(*found, suppressed=[allowed])
    places = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]]
    assert places == ["c", "d", "b"]
    (said,) = run["invocations"][0]["toolExecutionNotifications"]
    assert (said["level"], said["message"]["text"]) == (
        "warning",
        "2 results left out, the least severe: GitHub takes 3 a run.",
    )


def test_as_many_results_as_github_takes_fit_into_its_ten_megabytes() -> None:
    import gzip

    found = [finding(path=f"packages/package-{number}/src/index.ts") for number in range(25_001)]
    text = render(result_of(*found), Style())
    (run,) = json.loads(text)["runs"]
    assert len(run["results"]) == 25_000
    assert len(gzip.compress(text.encode())) < 10 * 1024 * 1024


HOSTILE = "a\n::error::x\x1b[2J\x7f\u202e##[error]##vso[x] [click](https://acme-corp.io).py"


def test_nothing_in_it_is_acted_upon_by_a_terminal_a_log_or_a_page() -> None:
    result = result_of(finding(path=HOSTILE, data={"label": HOSTILE}))
    result.findings[0].message = HOSTILE
    result.tally.unchecked = [remark(HOSTILE, HOSTILE)]
    text = render(result, Style())
    log = checked(text)
    assert text.isascii()
    assert text.replace("\n", "").isprintable()
    assert "##[" not in text
    assert "##vso[" not in text
    assert not any(line.lstrip().startswith("::") for line in text.split("\n"))
    (run,) = log["runs"]
    assert run["results"][0]["properties"]["data"] == {"label": HOSTILE}
    said = [run["results"][0], *run["invocations"][0]["toolExecutionNotifications"]]
    assert all("](" not in part["message"]["text"] and part["message"]["text"].isprintable() for part in said)


def test_the_command_writes_it_for_clean_and_for_found(repository: Repository) -> None:
    repository.stage("clean.txt", "nothing\n")
    outcome = repository.nightlatch("secrets", "--format", "sarif")
    assert outcome.code == 0
    assert checked(outcome.out)["runs"][0]["results"] == []
    repository.stage("a b.txt", "first\n" + line_with_token())
    repository.stage("allowed.txt", line_with_token().rstrip() + "  # nightlatch: allow SEC301 -- a test\n")
    outcome = repository.nightlatch("secrets", "--format", "sarif")
    assert outcome.code == 1
    assert github_token() not in outcome.out
    (run,) = checked(outcome.out)["runs"]
    result, allowed = run["results"]
    (location,) = result["locations"]
    assert (result["ruleId"], location["physicalLocation"]["artifactLocation"]["uri"]) == ("SEC301", "a%20b.txt")
    end = 10 + len(github_token())
    assert location["physicalLocation"]["region"] == {"startLine": 2, "startColumn": 10, "endLine": 2, "endColumn": end}
    assert allowed["suppressions"] == [{"kind": "inSource", "justification": "a test"}]
    as_json = repository.nightlatch("secrets", "--format", "json").json()
    assert result["partialFingerprints"]["primaryLocationLineHash"] == as_json["findings"][0]["fingerprint"]


def test_the_same_input_gives_the_same_bytes(repository: Repository) -> None:
    for number in range(20):
        repository.stage(f"{number}.txt", line_with_token(number) * 2)
    first = repository.nightlatch("run", "--format", "sarif").out
    assert repository.nightlatch("run", "--format", "sarif").out == first


def test_a_report_file_holds_no_secret_and_the_same_as_standard_output(repository: Repository, tmp_path: Path) -> None:
    repository.stage("a.txt", line_with_token())
    target = tmp_path / "report.sarif"
    outcome = repository.nightlatch("secrets", "--format", "sarif", "--report", f"sarif={target}")
    assert target.read_text(encoding="utf-8") == outcome.out
    assert github_token()[8:-4] not in outcome.out + outcome.err


def test_what_the_page_says_takes_history_and_the_allowed_out_of_an_upload(tmp_path: Path) -> None:
    """docs/reports.md tells users this filter: what it writes still fits the schema."""
    page = (Path(__file__).parent.parent.parent / "docs" / "reports.md").read_text(encoding="utf-8")
    (script,) = [line for line in page.splitlines() if line.startswith("jq ")]
    result = result_of(finding(path="a"), finding(path="b", commit=COMMIT))
    result.suppressed = [finding(path="c", note=Note("inline", "fine"))]
    add_fingerprints(result.suppressed)
    (tmp_path / "report.sarif").write_text(render(result, Style()), encoding="utf-8")
    try:
        subprocess.run(["sh", "-c", script], cwd=tmp_path, check=True, capture_output=True)
    except subprocess.CalledProcessError as error:
        if error.returncode == 127:
            pytest.skip("jq is not installed")
        raise
    (run,) = checked((tmp_path / "upload.sarif").read_text(encoding="utf-8"))["runs"]
    assert [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]] == ["a"]
