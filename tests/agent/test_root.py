"""Which folder is the project: there its policy stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from nightlatch.agent.root import project_of
from nightlatch.core.errors import EventError

DEEP = "a/b/c"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / DEEP).mkdir(parents=True)
    return tmp_path.resolve()


@pytest.mark.parametrize("mark", [".nightlatch.yaml", ".git"])
def test_the_nearest_folder_with_a_mark(folder: Path, mark: str) -> None:
    (folder / "a" / mark).mkdir()
    for start in ("a", "a/b", DEEP):
        assert project_of(str(folder / start)) == str(folder / "a")
    (folder / "a/b/.git").mkdir()
    assert project_of(str(folder / DEEP)) == str(folder / "a/b")


def test_without_a_mark_it_is_the_folder_itself(folder: Path) -> None:
    assert project_of(str(folder / DEEP)) == str(folder / DEEP)


def test_a_folder_that_anyone_may_write_to_says_nothing(folder: Path) -> None:
    (folder / "a/.nightlatch.yaml").touch()
    (folder / "a").chmod(0o777)
    assert project_of(str(folder / DEEP)) == str(folder / DEEP)
    (folder / "a").chmod(0o700)
    assert project_of(str(folder / DEEP)) == str(folder / "a")


def test_links_are_followed_and_a_missing_folder_is_an_error(folder: Path) -> None:
    (folder / "a/.git").mkdir()
    (folder / "link").symlink_to(DEEP)
    assert project_of(str(folder / "link")) == str(folder / "a")
    with pytest.raises(EventError, match="isn't there"):
        project_of(str(folder / "gone"))
