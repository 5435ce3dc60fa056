"""`--changed-lines`: what stands in lines that the change touches, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.core.changed_lines import touched
from tests.support.repository import Repository
from tests.support.tokens import line_with_token

OLD, NEW = line_with_token(), line_with_token().replace("token", "other")
FILLER = "x = 1\ny = 2\nz = 3\n"


@pytest.fixture
def grown(repository: Repository) -> Repository:
    """A committed file with a secret in its first line."""
    repository.stage("a.py", OLD + FILLER)
    repository.commit("start")
    return repository


def found(repository: Repository, *words: str, code: int = 1) -> list[str]:
    outcome = repository.nightlatch("secrets", "--changed-lines", "--format", "json", *words)
    assert outcome.code == code, outcome
    return outcome.findings()


def test_what_is_staged_is_told_where_the_change_touches_it(grown: Repository) -> None:
    grown.stage("a.py", OLD + FILLER + NEW)
    assert [place.split(" ")[1] for place in found(grown, "--staged")] == ["a.py:5"]
    grown.stage("a.py", OLD + FILLER + "w = 4\n")
    assert found(grown, "--staged", code=0) == []


def test_what_is_left_out_is_listed_with_its_reason(grown: Repository) -> None:
    grown.stage("a.py", OLD + FILLER + "w = 4\n")
    outcome = grown.nightlatch("secrets", "--staged", "--changed-lines", "--format", "json")
    (left_out,) = outcome.json()["suppressed"]
    assert (left_out["path"], left_out["line"], left_out["by"]) == ("a.py", 1, "--changed-lines")
    assert "doesn't touch" in left_out["reason"]


def test_files_are_compared_with_what_was_committed(grown: Repository) -> None:
    (grown.path / "a.py").write_text(FILLER + OLD + NEW)
    (grown.path / "b.py").write_text(NEW)
    for words in (["a.py", "b.py"], ["--all-files"]):
        assert sorted(place.split(" ")[1] for place in found(grown, *words)) == ["a.py:4", "a.py:5", "b.py:1"]
    (grown.path / "a.py").write_text("w = 0\n" + OLD + FILLER)
    assert found(grown, "a.py", code=0) == []


def test_the_neighbours_of_a_line_that_was_taken_away_are_touched(grown: Repository) -> None:
    grown.stage("a.py", OLD + FILLER.replace("x = 1\n", ""))
    assert [place.split(" ")[1] for place in found(grown, "--staged")] == ["a.py:1"]
    grown.stage("a.py", OLD + FILLER.replace("y = 2\n", ""))
    assert found(grown, "--staged", code=0) == []


def test_line_ends_alone_touch_nothing(grown: Repository) -> None:
    grown.stage("a.py", (OLD + FILLER).replace("\n", "\r\n"))
    assert found(grown, "--staged", code=0) == []


def test_attributes_of_the_repository_hide_no_line(grown: Repository) -> None:
    grown.stage(".gitattributes", "*.py -diff -text\n")
    grown.stage("a.py", OLD + FILLER + NEW)
    assert [place.split(" ")[1] for place in found(grown, "--staged")] == ["a.py:5"]


def test_the_first_commit_touches_every_line(repository: Repository) -> None:
    repository.stage("a.py", OLD)
    assert [place.split(" ")[1] for place in found(repository, "--staged")] == ["a.py:1"]


def test_each_commit_of_a_range_is_compared_with_its_parents(grown: Repository) -> None:
    grown.stage("a.py", OLD + NEW + FILLER)
    grown.commit("add")
    grown.stage("a.py", OLD + FILLER)
    grown.commit("take away")
    assert [place.split(" ")[1] for place in found(grown, "--from-ref", "HEAD~2")] == ["a.py:2"]
    assert sorted(place.split(" ")[1] for place in found(grown, "--history")) == ["a.py:1", "a.py:2"]


def test_a_merge_touches_what_is_new_to_both_sides(grown: Repository) -> None:
    grown.git("checkout", "--quiet", "-b", "side")
    grown.stage("b.py", FILLER)
    grown.commit("side")
    grown.git("checkout", "--quiet", "main")
    grown.stage("a.py", OLD + FILLER + "w = 4\n")
    grown.commit("main")
    grown.git("merge", "--quiet", "--no-commit", "side")
    grown.stage("b.py", FILLER + NEW)
    grown.commit("merge")
    assert [place.split(" ")[1] for place in found(grown, "--from-ref", "HEAD^1")] == ["b.py:4"]


def test_a_hook_that_checks_the_whole_counts_the_whole_range(repository: Repository) -> None:
    repository.stage("README", "words\n")
    repository.commit("start")
    repository.stage(".env", "A=1\nB=2\n")
    repository.commit("an env file")
    repository.stage("README", "more words\n")
    repository.commit("words")
    outcome = repository.nightlatch("env-files", "--changed-lines", "--from-ref", "HEAD~2", "--format", "json")
    assert "ENV004 .env:1" in outcome.findings(), outcome


def test_a_message_is_always_told(grown: Repository, tmp_path: Path) -> None:
    message = tmp_path / "COMMIT_EDITMSG"
    message.write_text(OLD)
    assert len(found(grown, "--commit-message", str(message))) == 1


def test_a_weakened_guard_is_always_told(grown: Repository) -> None:
    grown.stage(".nightlatch.yaml", "version: 1\nexclude: [/gen/**]\n")
    grown.commit("configuration")
    grown.stage(".nightlatch.yaml", "version: 1\nexclude: [/gen/**]\nrules: {SEC301: off}\n")
    outcome = grown.nightlatch("protected-files", "--staged", "--changed-lines", "--format", "json")
    assert any(place.startswith("PRO011") for place in outcome.findings()), outcome


def test_without_git_it_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(OLD)
    outcome = Repository(tmp_path).nightlatch("secrets", "--changed-lines", "a.py")
    assert outcome.code == 2
    assert "--changed-lines needs a git repository" in outcome.err


def test_the_text_report_shows_the_rest_with_verbose_alone(grown: Repository) -> None:
    grown.stage("a.py", OLD + FILLER + NEW)
    calm = grown.nightlatch("secrets", "--changed-lines", "a.py")
    assert calm.code == 1
    assert "a.py:5:" in calm.out
    assert "a.py:1:" not in calm.out
    assert "a.py:1:" in grown.nightlatch("secrets", "--changed-lines", "--verbose", "a.py").out


LINES = st.lists(st.sampled_from([b"a", b"b", b"c", b""]), max_size=12)


@given(LINES, LINES)
def test_without_the_touched_lines_the_old_content_holds_the_rest_in_order(old: list[bytes], new: list[bytes]) -> None:
    lines = touched(b"\n".join(old), b"\n".join(new))
    assert lines is not None
    kept = [line for number, line in enumerate(b"\n".join(new).split(b"\n"), 1) if number not in lines]
    rest = iter(b"\n".join(old).split(b"\n"))
    assert all(any(line == other for other in rest) for line in kept)


def test_two_long_versions_without_order_count_as_touched() -> None:
    old, new = [b"x", b"y"] * 1000, [b"y", b"y", b"x"] * 1000
    lines = touched(b"\n".join(old), b"\n".join(new))
    assert lines is not None
    assert lines >= set(range(1, len(new) + 1))
