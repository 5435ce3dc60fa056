from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from nightlatch.core.rule import INFO, WARNING
from nightlatch.core.run import COMMITS, Result
from nightlatch.report.deliver import deliver
from nightlatch.report.formats import Style
from nightlatch.report.github_summary import MOST_BYTES, summary
from nightlatch.report.to_github import render
from tests.report.examples import HOSTILE, everything, finding, golden, hostile, remark, result_with
from tests.support.repository import Repository
from tests.support.tokens import github_token, line_with_token

COMMAND = re.compile(r"::(?P<name>error|warning|notice) (?P<properties>[^\n]*?)::(?P<message>.*)")
"""As the runner reads a line: the first `::` after the name and the properties ends them."""

PROPERTIES = {"file", "line", "endLine", "col", "endColumn", "title"}


def commands(text: str) -> list[dict[str, str]]:
    """The commands of an output, read as the runner reads them; nothing else may be one."""
    read = []
    for line in text.split("\n"):
        if line.lstrip().startswith("::"):
            found = COMMAND.fullmatch(line)
            assert found, line
            pairs = [pair.partition("=") for pair in found["properties"].split(",")]
            properties = {key: unquote(value) for key, _, value in pairs}
            assert set(properties) <= PROPERTIES
            read.append({"command": found["name"], "message": unquote(found["message"])} | properties)
        assert "##[" not in line
        assert "##vso[" not in line
    return read


def commands_for(result: Result, **style: Any) -> list[dict[str, str]]:
    return commands(render(result, Style(**style)))


def last_line(result: Result) -> str:
    return render(result, Style()).split("\n")[-2]


def test_a_report_on_everything_is_as_it_was_agreed() -> None:
    text = render(everything(), Style(verbose=True))
    commands(text)
    assert text == golden("github.txt")
    assert summary(everything(), Style(verbose=True)) == golden("github-summary.md")


def test_a_clean_run_says_so_without_a_command() -> None:
    assert render(result_with(), Style()) == "nightlatch: nothing found; 2 files checked (staged).\n"


def test_a_finding_is_a_command_with_its_place() -> None:
    assert render(result_with(finding()), Style()).split("\n")[0] == (
        "::error file=src/a.py,line=3,endLine=3,col=5,endColumn=9,title=SEC999 test-rule"
        "::src/a.py:3:5: SEC999 A test. Mend it."
    )


def test_columns_are_given_within_one_line_alone() -> None:
    (command,) = commands_for(result_with(finding(span=(3, 5, 4, 2))))
    assert (command["line"], command["endLine"]) == ("3", "4")
    assert not {"col", "endColumn"} & set(command)


@pytest.mark.parametrize(
    ("made", "keys", "start"),
    [
        (finding(span=None), {"file"}, "src/a.py: SEC999 A test. About the whole file."),
        (finding(path=None, span=None), set(), "(repository): SEC999 A test. About the whole repository."),
        (
            finding(path=None, data={"in": "commit message"}, commit="0123456789abcdef"),
            set(),
            "(commit message):3:5: SEC999 A test. In the commit message, line 3. In the commit 0123456789ab.",
        ),
    ],
    ids=["a file", "the repository", "a message"],
)
def test_what_is_in_no_line_says_what_it_is_about(made: Any, keys: set[str], start: str) -> None:
    (command,) = commands_for(result_with(made))
    assert set(command) - {"command", "message", "title"} == keys
    assert command["message"].startswith(start)


def test_info_is_a_notice_with_verbose_and_quiet_leaves_out_warnings() -> None:
    result = result_with(finding(severity=INFO), finding(severity=WARNING), finding())
    assert [command["command"] for command in commands_for(result)] == ["error", "warning"]
    assert [command["command"] for command in commands_for(result, verbose=True)] == ["error", "warning", "notice"]
    assert [command["command"] for command in commands_for(result, quiet=True)] == ["error"]


def test_what_is_unchecked_is_an_error() -> None:
    first, second = commands_for(result_with(unchecked=(remark("b", "too large"), remark(COMMITS, "missing"))))
    assert (first["command"], first["title"], first.get("file")) == ("error", "Unchecked", None)
    assert (second["file"], second["message"]) == ("b", "b: too large. What can't be checked does not pass.")


def test_ten_errors_and_ten_warnings_are_shown_and_the_rest_is_counted() -> None:
    found = [finding(path=f"{number:02}.py", severity=WARNING) for number in range(12)]
    found += [finding(path=f"{number:02}.ts") for number in range(34)]
    result = result_with(*found)
    shown = commands_for(result)
    assert [command["command"] for command in shown] == ["error"] * 10 + ["warning"] * 10
    assert shown[0]["file"] == "00.ts"
    assert "34 errors, 12 warnings" in render(result, Style())
    assert last_line(result) == "26 of them without an annotation: GitHub shows 10 of a kind from a step."


@pytest.mark.parametrize(
    ("unchecked", "errors", "expected"), [(20, 20, (3, 7)), (20, 2, (8, 2)), (1, 20, (1, 9)), (20, 0, (10, 0))]
)
def test_what_is_unchecked_leaves_room_for_what_was_found(
    unchecked: int, errors: int, expected: tuple[int, int]
) -> None:
    found = [finding(path=f"{number}.py") for number in range(errors)]
    shown = commands_for(result_with(*found, unchecked=[remark(f"{number}.bin") for number in range(unchecked)]))
    titles = [command["title"] for command in shown]
    assert (titles.count("Unchecked"), len(titles) - titles.count("Unchecked")) == expected


def test_what_the_runner_reads_otherwise_is_escaped_as_github_documents() -> None:
    text = render(result_with(finding(path="100%,a:b.py", fix="50%, b: c")), Style())
    assert text.startswith("::error file=100%25%2Ca%3Ab.py,line=3")
    assert "::100%25,a:b.py:3:5: SEC999 A test. 50%25, b: c\n" in text
    (command,) = commands(text)
    assert command["file"] == "100%,a:b.py"


@pytest.mark.parametrize("result", hostile(), ids=lambda result: ascii(result.findings[0].path)[:30])
def test_nothing_hostile_starts_a_command_or_ends_one(result: Result) -> None:
    text = render(result, Style())
    assert [command["command"] for command in commands(text)] == ["error"] * 3
    assert text.count("\n") == 4
    assert text.replace("\n", "").isprintable()
    for command in commands(text):
        assert len(command["message"]) <= 2_000
        assert all(value.isprintable() for value in command.values())


# ── The summary ─────────────────────────────────────────────────────────────────────────────────────

CODE = r"`[^`|]+`"
ROWS = (
    r"\| (?:error|warning|info) \| " + CODE + r" \| " + CODE + r" \| " + CODE + r" \|",
    r"\| unchecked \| \| " + CODE + r" \| " + CODE + r" \|",
    r"- " + CODE + ": " + CODE,
)


@pytest.mark.parametrize("result", hostile(), ids=lambda result: ascii(result.findings[0].path)[:30])
def test_nothing_hostile_leaves_its_code_span(result: Result) -> None:
    text = summary(result, Style())
    assert text.replace("\n", "").isprintable()
    lines = text.split("\n")
    ours = [line for line in lines if not any(re.fullmatch(row, line) for row in ROWS)]
    assert ours == summary_of_a_harmless_twin(result).split("\n"), "what is no row is the same whatever the texts are"


def summary_of_a_harmless_twin(result: Result) -> str:
    """The same result's summary with its rows taken out, made of harmless texts."""
    first, second = result.findings
    twin = result_with(
        finding(path="a", message="b", fix="c"),
        finding(second.rule, path=None, message="b", fix="d"),
        unchecked=[remark("a")],
    )
    assert len(twin.findings) == len(result.findings)
    assert first.rule.id == "SEC999"
    lines = summary(twin, Style()).split("\n")
    return "\n".join(line for line in lines if not any(re.fullmatch(row, line) for row in ROWS))


def test_a_long_text_does_not_fill_the_page() -> None:
    (long,) = [text for text in HOSTILE if len(text) > 1_000]
    assert max(map(len, summary(result_with(finding(path=long)), Style()).split("\n"))) < 1_200


def test_a_remedy_stands_there_once() -> None:
    text = summary(result_with(finding(), finding(path="b.py")), Style())
    assert text.count("Mend it.") == 1


def test_the_summary_is_cut_to_the_room_that_there_is_and_says_how_much_is_missing() -> None:
    result = result_with(*(finding(path=f"{number:05}.py") for number in range(30_000)))
    text = summary(result, Style())
    assert len(text.encode()) <= MOST_BYTES
    assert len(text.encode()) > MOST_BYTES - 300
    kept = text.count("| error |")
    found = re.search(r"\n\n(\d+) lines left out: GitHub takes 1 MiB from a step\.\n\Z", text)
    assert found
    assert kept + int(found[1]) - 30_000 == 5, "the lines of the remedies are missing too"
    assert "30000 errors" in text
    assert summary(result, Style(), 10) == summary(result, Style(), -10) == ""


@pytest.mark.parametrize("written", [b"", b"| a step's own |", b"x" * (MOST_BYTES - 5_000), b"x" * MOST_BYTES])
def test_the_summary_is_added_to_what_the_step_has_written(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], written: bytes
) -> None:
    target = tmp_path / "summary.md"
    target.write_bytes(written)
    result = result_with(*(finding(path=f"{number:05}.py") for number in range(30_000)))
    deliver(result, "github", Style(), [("github", str(tmp_path / "report"))], github_summary=str(target))
    text = target.read_bytes()
    assert text.startswith(written)
    assert len(text) <= MOST_BYTES
    added = text[len(written) :]
    if len(written) == MOST_BYTES:
        assert added == b""
    else:
        assert added.lstrip(b"\n").startswith(b"### nightlatch: 30000 errors\n")
        assert added.startswith(b"\n\n") == bool(written)
        assert added.count(b"### nightlatch") == 1, "once, however many reports"
    assert capsysbinary.readouterr().out.startswith(b"::error ")


def test_other_formats_write_no_summary(tmp_path: Path) -> None:
    target = tmp_path / "summary.md"
    deliver(result_with(finding()), "text", Style(), [], github_summary=str(target))
    assert not target.exists()


def test_the_command_writes_both_without_the_secret(repository: Repository, tmp_path: Path) -> None:
    target = tmp_path / "summary.md"
    repository.stage("a,b.txt", "first\n" + line_with_token())
    outcome = repository.nightlatch("secrets", "--format", "github", GITHUB_STEP_SUMMARY=str(target))
    assert outcome.code == 1
    (command,) = commands(outcome.out)
    assert (command["file"], command["line"], command["col"]) == ("a,b.txt", "2", "10")
    text = target.read_text(encoding="utf-8")
    assert "| error | `SEC301` | `a,b.txt:2:10` |" in text
    assert github_token()[8:-4] not in outcome.out + outcome.err + text


def test_a_summary_that_cannot_be_written_is_refused_after_the_report(repository: Repository, tmp_path: Path) -> None:
    repository.stage("a.txt", line_with_token())
    outcome = repository.nightlatch("secrets", "--format", "github", GITHUB_STEP_SUMMARY=str(tmp_path / "no" / "x.md"))
    assert outcome.code == 2
    assert "The summary can't be written" in outcome.err
    assert len(commands(outcome.out)) == 1
