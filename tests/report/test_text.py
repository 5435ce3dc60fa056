from __future__ import annotations

import pytest

from nightlatch.core.finding import Finding
from nightlatch.core.rule import INFO, WARNING, Rule
from nightlatch.core.source import Remark
from nightlatch.core.suppress import Note, note_for
from nightlatch.report.formats import Style
from nightlatch.report.to_text import render
from tests.support.results import result_of

RULE = Rule(id="SEC999", name="test-rule", summary="A test", why="It can go wrong.", fix="Mend it.")
PLAIN = Style()


def finding(**changes: object) -> Finding:
    values: dict[str, object] = {"path": "src/a.py", "span": (3, 5, 3, 9)} | changes
    return Finding(RULE, "A test", **values)  # type: ignore[arg-type]


def test_nothing_is_said_when_all_is_well() -> None:
    assert render(result_of(), PLAIN) == ""


def test_a_finding_says_what_where_why_and_how_to_mend_and_allow_it() -> None:
    assert render(result_of(finding()), PLAIN) == (
        "src/a.py:3:5: error SEC999 A test\n"
        "    why:    It can go wrong.\n"
        "    fix:    Mend it.\n"
        "    allow:  only if it is harmless, by a comment on the line: nightlatch: allow SEC999 -- your reason\n"
        "\n"
        "nightlatch: 1 error; 2 files checked (staged).\n"
        "More on a rule: nightlatch explain SEC999\n"
    )


def test_a_finding_about_the_whole_repository_has_no_place_and_no_note() -> None:
    text = render(result_of(finding(path=None, span=None)), PLAIN)
    assert text.startswith("(repository): error SEC999 A test\n")
    assert "allow:" not in text


def test_quiet_leaves_out_warnings_and_the_summary() -> None:
    result = result_of(finding(), finding(severity=WARNING))
    text = render(result, Style(quiet=True))
    assert text.count("SEC999 A test") == 1
    assert "nightlatch:" not in text.replace("nightlatch: allow", "")


def test_info_is_shown_with_verbose_alone() -> None:
    result = result_of(finding(severity=INFO))
    assert render(result, PLAIN) == ""
    assert "info SEC999" in render(result, Style(verbose=True))


def test_json_takes_a_key_in_the_place_of_a_comment() -> None:
    text = render(result_of(finding(path="a/conn.json")), PLAIN)
    key = '"//": "nightlatch: allow SEC999 -- your reason",'
    assert f"by a line of its own above: {key}    or in .nightlatch.yaml: overrides: [" in text
    assert note_for("SEC999", b'  "dsn": ""', f"  {key}".encode()), "as it is printed"


def test_a_runner_says_where_the_command_is_that_a_remedy_names() -> None:
    style = Style(in_runner=True, command="/cache/bin/nightlatch")
    told = "Where your shell knows no command nightlatch, write: /cache/bin/nightlatch\n"
    assert render(result_of(finding(fix="Run: nightlatch explain SEC999")), style).endswith(told)
    assert told not in render(result_of(finding()), style), "no remedy names it"
    assert told not in render(result_of(finding(fix="Run: nightlatch explain SEC999")), Style(in_runner=True))


def test_what_is_unchecked_is_said_with_the_way_out() -> None:
    result = result_of()
    result.tally.unchecked.append(Remark("big.bin", "larger than 100 MiB", "secrets"))
    text = render(result, PLAIN)
    assert text.startswith("big.bin: unchecked larger than 100 MiB\n")
    assert "1 unchecked" in text
    assert text.endswith(
        "name it under accept-unchecked in .nightlatch.yaml:\n"
        "accept-unchecked:\n"
        "  # nightlatch: allow PRO011 -- your reason\n"
        '  - {path: "/big.bin", reason: "your reason"}\n'
    )


@pytest.mark.parametrize("path", ["(commits)", "a[1].bin", 'a"b', "a\nb", "what?"])
def test_no_entry_is_shown_for_a_path_that_it_would_not_name(path: str) -> None:
    result = result_of()
    result.tally.unchecked.append(Remark(path, "larger than 100 MiB", "secrets"))
    assert render(result, PLAIN).endswith("name it under accept-unchecked in .nightlatch.yaml.\n")


def test_what_stands_for_no_file_is_accepted_by_the_name_that_is_shown() -> None:
    result = result_of()
    result.tally.unchecked.append(Remark("(advisories)", "no data", "dependencies"))
    assert '- {path: "(advisories)", reason: "your reason"}' in render(result, PLAIN)


def test_verbose_names_what_was_skipped_and_what_was_allowed() -> None:
    result = result_of()
    result.tally.skipped.append(Remark("logo.png", "binary without text", "secrets"))
    result.suppressed.append(finding(note=Note("inline", "a fixture")))
    text = render(result, Style(verbose=True))
    assert "logo.png: skipped: binary without text" in text
    assert "src/a.py:3:5: allowed SEC999 (inline: a fixture)" in text


def test_colour_only_where_it_is_asked_for() -> None:
    assert "\x1b[" not in render(result_of(finding()), PLAIN)
    assert "\x1b[1;31merror\x1b[0m" in render(result_of(finding()), Style(color=True))


def test_a_path_can_not_forge_lines_colours_or_log_commands() -> None:
    text = render(result_of(finding(path="a\n::error::x\x1b[2J.py")), PLAIN)
    assert "\n::" not in text
    assert "\x1b" not in text
    assert render(result_of(finding(path="::warning::x")), PLAIN).startswith("\\x3a:warning")
