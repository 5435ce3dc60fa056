"""Reports that can't be delivered: never success, never a traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nightlatch.report.formats import FORMATS
from tests.faults.harness import assert_harmless, assert_refused, shell
from tests.support.repository import Repository
from tests.support.samples import Sample

EVERY_FORMAT = pytest.mark.parametrize("format", FORMATS)


@pytest.mark.parametrize("redirection", [">/dev/full", ">&-"], ids=["full disk", "closed"])
@EVERY_FORMAT
def test_a_report_that_standard_output_does_not_take_is_refused(
    planted: Repository, sample: Sample, format: str, redirection: str
) -> None:
    outcome = shell(f'"$@" {redirection}', sample.hook, "--format", format, cwd=planted.path)
    assert_harmless(outcome, sample)
    assert_refused(outcome, "tandard output")


@EVERY_FORMAT
def test_a_reader_that_goes_away_does_not_turn_findings_into_success(
    planted: Repository, sample: Sample, format: str
) -> None:
    script = '{ sleep 0.2; "$@"; echo $? >code; } | :'
    outcome = shell(script, sample.hook, "--format", format, cwd=planted.path)
    assert_harmless(outcome, sample)
    assert (planted.path / "code").read_text() in ("1\n", "2\n")


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full"])
def test_a_standard_error_that_takes_nothing_does_not_change_the_exit_code(
    planted: Repository, sample: Sample, redirection: str
) -> None:
    found = shell(f'"$@" {redirection}', sample.hook, cwd=planted.path)
    assert_harmless(found, sample)
    assert found.code == 1
    assert sample.rule in found.out
    wrong = shell(f'"$@" {redirection}', sample.hook, "--no-such-option", cwd=planted.path)
    assert (wrong.code, wrong.out, wrong.err) == (2, "", "")


@pytest.mark.parametrize(
    ("redirection", "code"),
    [
        ("<&-", 1),
        (">&- 2>&-", 2),
        ("<&- >&-", 2),
        ("<&- 2>&-", 1),
        ("<&- >&- 2>&-", 2),
        (">/dev/full 2>/dev/full", 2),
    ],
)
def test_closed_descriptors_are_never_success(planted: Repository, sample: Sample, redirection: str, code: int) -> None:
    outcome = shell(f'"$@" {redirection}', sample.hook, cwd=planted.path)
    assert_harmless(outcome, sample)
    assert outcome.code == code


@pytest.mark.parametrize("redirection", [">/dev/full", ">&-"])
def test_a_clean_run_without_a_word_needs_no_standard_output(
    repository: Repository, sample: Sample, redirection: str
) -> None:
    repository.stage(sample.path, sample.clean)
    repository.write(".gitignore", ".env*\n")  # lest a hook should ask for it
    assert shell(f'"$@" {redirection}', sample.hook, cwd=repository.path).code == 0


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("explain", "SEC001")], ids=lambda words: words[0])
def test_words_that_standard_output_does_not_take_are_refused(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert_refused(shell('"$@" >/dev/full', *arguments, cwd=tmp_path), "standard output")


@EVERY_FORMAT
@pytest.mark.parametrize(
    "target",
    ["/dev/full", "no/such/folder/report", "README.md/report", "folder", "x" * 300],
    ids=lambda name: name[:20],
)
def test_a_report_file_that_cannot_be_written_is_refused(
    planted: Repository, sample: Sample, format: str, target: str
) -> None:
    (planted.path / "folder").mkdir()
    outcome = planted.nightlatch(sample.hook, "--report", f"{format}={target}")
    assert_harmless(outcome, sample)
    assert_refused(outcome, target, "can't be written")


def test_a_report_file_in_a_folder_that_cannot_be_written_is_refused(
    planted: Repository, sample: Sample, bound_by_modes: tuple[str, ...]
) -> None:
    (planted.path / "closed").mkdir(mode=0o555)
    outcome = shell(
        f'exec {" ".join(bound_by_modes)} "$@"', sample.hook, "--report", "json=closed/report", cwd=planted.path
    )
    assert_harmless(outcome, sample)
    assert_refused(outcome, "closed/report", "ermission denied")


def test_a_report_that_failed_leaves_no_half_file(planted: Repository, sample: Sample) -> None:
    before = set(os.listdir(planted.path))
    script = 'ulimit -f 0; trap "" XFSZ; "$@"'
    outcome = shell(script, sample.hook, "--report", "json=report", cwd=planted.path)
    assert_harmless(outcome, sample)
    assert_refused(outcome, "report", "can't be written")
    assert set(os.listdir(planted.path)) == before


@EVERY_FORMAT
def test_a_failed_report_does_not_keep_the_others_from_being_shown(
    planted: Repository, sample: Sample, format: str
) -> None:
    outcome = planted.nightlatch(
        sample.hook, "--report", "json=no/such/folder/report", "--report", "json=written.json", "--format", format
    )
    assert outcome.code == 2
    assert sample.rule in outcome.out
    assert sample.rule in (planted.path / "written.json").read_text()
