"""Other audits' programs are found and started with nothing of the repository's, and always come to an end."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from nightlatch.online import tool
from nightlatch.online.programs import OnlineError, found
from nightlatch.online.tool import answer, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs of these tests are scripts with #!")


def program(folder: Path, script: str, name: str = "npm") -> str:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!{sys.executable}\n{script}")
    (folder / name).chmod(0o755)
    return str(folder)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, with the current folder below its root."""
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "repository" / "packages" / "one").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "repository" / "packages" / "one")
    return tmp_path / "repository"


def path(*folders: str) -> dict[str, str]:
    return {"PATH": os.pathsep.join(folders), "PIP_AUDIT_OUTPUT": "elsewhere", "KEPT": "1"}


@pytest.mark.parametrize("place", ["", "bin", ".venv/bin", "node_modules/.bin", "packages/one/node_modules/.bin"])
def test_a_program_of_the_repository_does_not_count(repository: Path, tmp_path: Path, place: str) -> None:
    inside = program(repository / place, "")
    outside = program(tmp_path / "bin", "")
    assert found("npm", path(inside, outside), "Mend it.")[0] == os.path.join(outside, "npm")
    with pytest.raises(OnlineError, match="npm stands in the repository") as caught:
        found("npm", path(inside), "Mend it.")
    assert inside in caught.value.what
    assert caught.value.remedy.startswith("Mend it.")


def test_neither_does_one_that_a_link_leads_to(repository: Path, tmp_path: Path) -> None:
    inside = program(repository / "bin", "")
    (tmp_path / "folder").symlink_to(inside)
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "npm").symlink_to(repository / "bin" / "npm")
    for folder in ("folder", "links"):
        with pytest.raises(OnlineError):
            found("npm", path(str(tmp_path / folder)), "Mend it.")


@pytest.mark.parametrize("relative", ["", ".", "bin", "./bin"])
def test_a_folder_that_depends_on_the_current_one_does_not_count(repository: Path, relative: str) -> None:
    program(repository / "packages" / "one", "")
    program(repository / "packages" / "one" / "bin", "")
    with pytest.raises(OnlineError, match="isn't installed"):
        found("npm", path(relative), "Mend it.")


@pytest.mark.usefixtures("repository")
def test_modules_of_another_place_do_not_count(tmp_path: Path) -> None:
    with pytest.raises(OnlineError):
        found("npm", path(program(tmp_path / "node_modules" / ".bin", "")), "Mend it.")


def test_without_a_repository_the_current_folder_counts_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OnlineError, match="stands in the repository"):
        found("npm", path(program(tmp_path / "bin", "")), "Mend it.")


def test_what_it_starts_in_turn_is_not_found_in_the_repository_either(repository: Path, tmp_path: Path) -> None:
    inside = program(repository / "node_modules" / ".bin", "open('started', 'w')", "node")
    outside = program(tmp_path / "bin", "import os; print(os.environ)")
    _, clean = found("npm", path(inside, ".", outside), "Mend it.")
    assert clean == {"PATH": outside, "KEPT": "1"}


@pytest.mark.usefixtures("repository")
def test_it_runs_in_the_folder_of_its_own(tmp_path: Path) -> None:
    outside = program(tmp_path / "bin", "import os, json; print(json.dumps([os.getcwd(), sorted(os.environ)]))")
    (tmp_path / "own").mkdir()
    where, names = answer("npm", (), str(tmp_path / "own"), path(outside), "Mend it.")
    assert where == os.path.realpath(tmp_path / "own")
    assert "PIP_AUDIT_OUTPUT" not in names


@pytest.mark.usefixtures("repository")
def test_one_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool, "SECONDS", 0.5)
    outside = program(tmp_path / "bin", "import time; time.sleep(60)")
    with pytest.raises(OnlineError, match="did not end within") as caught:
        run("npm", (), str(tmp_path), path(outside), "Mend it.")
    assert caught.value.remedy == "Mend it."


@pytest.mark.usefixtures("repository")
def test_what_it_leaves_running_holds_nothing_up(tmp_path: Path) -> None:
    script = (
        "import subprocess, sys; print('[]')\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(20)'])"
    )
    outside = program(tmp_path / "bin", script)
    assert run("npm", (), str(tmp_path), path(outside), "Mend it.")[0] == b"[]\n"


@pytest.mark.usefixtures("repository")
def test_an_endless_answer_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool, "MOST_BYTES", 1000)
    outside = program(tmp_path / "bin", "print('x' * 2000)")
    with pytest.raises(OnlineError, match="answers more than"):
        run("npm", (), str(tmp_path), path(outside), "Mend it.")


@pytest.mark.usefixtures("repository")
def test_one_that_cant_be_started(tmp_path: Path) -> None:
    outside = program(tmp_path / "bin", "")
    (tmp_path / "bin" / "npm").write_text("#!/nowhere/at/all\n")
    with pytest.raises(OnlineError, match="can't be started"):
        run("npm", (), str(tmp_path), path(outside), "Mend it.")
