"""The benchmarks run: corpora are made as they say, and nobody is left out of a table in silence."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from bench import corpora, peers
from bench.measure import measured
from bench.rounds import counted
from bench.sources import Source, text_files
from tests.support.repository import COMMAND, Repository

SOURCE = "def greet(name):\n    return 'hello ' + name\n" * 60


@pytest.fixture
def source(repository: Repository) -> Repository:
    for number in range(80):
        repository.write(f"src/part_{number}.py", f"# part {number}\n{SOURCE}")
    repository.write("picture.png", b"\x89PNG\0\0")
    repository.write(".gitignore", "/build/\n")
    repository.git("add", "--all", "--force")
    repository.commit("Sources")
    return repository


@pytest.fixture
def made(source: Repository, tmp_path: Path) -> Path:
    output = tmp_path / "corpora"
    output.mkdir()
    here = Source(source.path, "HEAD")
    listed = list(corpora.make(output, [here], [here], corpora.MILLION, planted=40))
    corpora.save(output, listed)
    return output


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with git and nightlatch, and a PATH of nothing else."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for program in ("git", COMMAND):
        (folder / Path(program).name).symlink_to(shutil.which(program) or program)
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_a_source_is_a_path_with_or_without_a_revision(source: Repository) -> None:
    assert Source.parse(str(source.path)) == Source(source.path, "HEAD")
    assert Source.parse(f"{source.path}@main") == Source(source.path, "main")


def test_binary_files_and_the_scanners_own_files_are_left_out(source: Repository) -> None:
    paths = {path for path, _ in text_files(Source(source.path, "HEAD"))}
    assert paths == {f"src/part_{number}.py" for number in range(80)}


def test_each_corpus_is_listed_with_what_it_holds(made: Path) -> None:
    held = {corpus.name: (corpus.mode, corpus.files, corpus.planted) for corpus in corpora.load(made)}
    assert held == {
        "commit-1": ("commit", 1, 0),
        "commit-10": ("commit", 10, 0),
        "commit-token": ("commit", 1, 1),
        "tree": ("tree", 80, 40),
        "tree-small": ("tree", 2, 1),
        "history-repository": ("history", 82, 0),
    }


def test_no_git_objects_lie_inside_a_tree(made: Path) -> None:
    assert (made / "tree" / ".git").is_file()
    assert (made / "tree.git" / "HEAD").is_file()


@pytest.mark.slow
def test_every_scanner_has_a_row_with_figures_or_a_reason(
    made: Path, programs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    peers.main([str(made), "--runs", "1", "--nightlatch", str(programs / "nightlatch")])
    told = capsys.readouterr().out
    tables = {part.partition(" ")[0]: part for part in told.split("\n\n")[1:] if "(" in part}
    assert set(tables) == {"commit-1", "commit-10", "commit-token", "tree", "tree-small", "history-repository"}
    rows = [line for line in told.splitlines() if line.startswith("| ")]
    for name in ("gitleaks", "betterleaks", "kingfisher", "detect-secrets"):
        assert [row.count("not installed") for row in rows if row.startswith(f"| {name} |")] == [1] * 6
    stdlib = [row.split("|")[-2].strip() for row in rows if row.startswith("| nightlatch, stdlib |")]
    assert stdlib == ["0", "0", "1", "1", "1", "0"]


def test_a_run_over_the_limit_is_stopped_and_says_so(tmp_path: Path) -> None:
    usage = measured(["sleep", "60"], tmp_path, dict(os.environ), tmp_path / "output", limit=1, watch=True)
    assert usage.stopped
    assert usage.code < 0


def test_a_run_keeps_its_exit_code_and_output(tmp_path: Path) -> None:
    command = ["sh", "-c", "echo found; exit 7"]
    usage = measured(command, tmp_path, dict(os.environ), tmp_path / "output", limit=60, watch=False)
    assert (usage.code, usage.stopped) == (7, False)
    assert (tmp_path / "output").read_text(encoding="utf-8") == "found\n"


@pytest.mark.parametrize(
    ("report", "count"),
    [
        ([{}, {}], 2),
        ([], 0),
        ({"findings": [{}]}, 1),
        ({"findings": None}, 0),
        ({"results": {"a.py": [{}, {}], "b.py": [{}]}, "version": "1"}, 3),
    ],
)
def test_findings_of_each_report_are_counted(tmp_path: Path, report: object, count: int) -> None:
    output = tmp_path / "output"
    output.write_text(json.dumps(report), encoding="utf-8")
    assert counted(output) == count


def test_what_is_no_report_has_no_count(tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.write_text("error: unknown option\n", encoding="utf-8")
    assert counted(output) is None
