from __future__ import annotations

import os
from pathlib import Path

import pytest

from nightlatch.core.discover import NESTED, NO_SUCH_FILE, SUBMODULE, Selection, select
from nightlatch.core.errors import NotARepositoryError, UsageError
from tests.support.repository import Repository, environment, run


def chosen(where: Path, monkeypatch: pytest.MonkeyPatch, *paths: str, **flags: bool) -> Selection:
    monkeypatch.chdir(where)
    return select(environment(), paths, **flags)


def names(selection: Selection) -> list[str]:
    return sorted(entry.path for entry in selection.entries)


@pytest.fixture
def mixed(repository: Repository) -> Repository:
    """A commit, then one file of each state."""
    for name in ("kept", "changed", "deleted", "renamed", "sub/inner"):
        repository.stage(name, f"{name}\n" * 5)
    repository.write(".gitignore", "ignored\nignored-folder/\n")
    repository.git("add", ".gitignore")
    repository.commit()
    repository.stage("changed", "new\n")
    repository.git("rm", "--quiet", "deleted")
    repository.git("mv", "renamed", "sub/moved")
    repository.stage("added", "added\n")
    repository.write("kept", "changed, not staged\n")
    repository.write("untracked", "x\n")
    repository.write("ignored", "x\n")
    repository.write("ignored-folder/file", "x\n")
    return repository


def test_staged_is_what_the_commit_would_change(mixed: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in (".", "sub"):
        selection = chosen(mixed.path / place, monkeypatch, staged=True)
        assert names(selection) == ["added", "changed", "sub/moved"]
        assert all(entry.staged for entry in selection.entries)
        assert selection.root == os.path.realpath(mixed.path)


def test_paths_narrow_what_is_staged(mixed: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    assert names(chosen(mixed.path, monkeypatch, "sub", "added", staged=True)) == ["added", "sub/moved"]
    assert names(chosen(mixed.path / "sub", monkeypatch, ".", staged=True)) == ["sub/moved"]
    assert names(chosen(mixed.path, monkeypatch, "kept", "deleted", staged=True)) == []


def test_a_staged_path_that_names_nothing_is_unchecked(mixed: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    selection = chosen(mixed.path, monkeypatch, "no/such", staged=True)
    assert selection.unchecked == [("no/such", NO_SUCH_FILE)]


def test_all_files_are_the_tracked_and_the_untracked_not_ignored(
    mixed: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = [".gitignore", "added", "changed", "kept", "sub/inner", "sub/moved", "untracked"]
    assert names(chosen(mixed.path, monkeypatch, all_files=True)) == expected
    assert names(chosen(mixed.path / "sub", monkeypatch, all_files=True)) == expected


def test_without_a_selector_the_staged_files_and_else_all(mixed: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen(mixed.path, monkeypatch).selector == "staged"
    mixed.commit()
    selection = chosen(mixed.path, monkeypatch)
    assert selection.selector == "all-files"
    assert "kept" in names(selection)


def test_paths_are_files_and_folders(mixed: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    assert names(chosen(mixed.path, monkeypatch, "kept", "sub")) == ["kept", "sub/inner", "sub/moved"]
    assert names(chosen(mixed.path, monkeypatch, "sub", "sub/inner", "./sub/../sub/inner")) == [
        "sub/inner",
        "sub/moved",
    ]
    assert names(chosen(mixed.path / "sub", monkeypatch, "inner", "../kept")) == ["kept", "sub/inner"]
    assert names(chosen(mixed.path.parent, monkeypatch, "repository/kept")) == ["kept"]
    assert names(chosen(Path("/"), monkeypatch, str(mixed.path / "kept"))) == ["kept"]


def test_an_ignored_file_or_folder_is_checked_when_it_is_named(
    mixed: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert names(chosen(mixed.path, monkeypatch, "ignored", "ignored-folder")) == ["ignored", "ignored-folder/file"]
    assert "ignored" not in names(chosen(mixed.path, monkeypatch, "."))


def test_a_missing_path_is_unchecked(mixed: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    selection = chosen(mixed.path, monkeypatch, "kept", "typo.txt", "no/such/folder")
    assert names(selection) == ["kept"]
    assert [path for path, _ in selection.unchecked] == ["typo.txt", "no/such/folder"]


def test_a_tracked_file_that_the_working_tree_lacks_is_taken_from_the_index(
    mixed: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mixed.path / "kept").unlink()
    mixed.git("update-index", "--skip-worktree", "kept")
    selection = chosen(mixed.path, monkeypatch, "kept")
    assert [(entry.path, bool(entry.object)) for entry in selection.entries] == [("kept", True)]
    assert "kept" in names(chosen(mixed.path, monkeypatch, all_files=True))


def test_outside_git_every_file_below_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "sub/b", "sub/deep/c", ".git/config"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "link").symlink_to("sub")
    assert names(chosen(tmp_path, monkeypatch, "sub")) == ["b", "deep/c"]
    (tmp_path / ".git/config").unlink()
    (tmp_path / ".git").rmdir()
    selection = chosen(tmp_path, monkeypatch)
    assert (selection.selector, selection.root) == ("all-files", str(tmp_path))
    assert names(selection) == ["a", "link", "sub/b", "sub/deep/c"]


def test_staged_outside_git_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotARepositoryError):
        chosen(tmp_path, monkeypatch, staged=True)


def test_selectors_exclude_each_other(mixed: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError):
        chosen(mixed.path, monkeypatch, staged=True, all_files=True)
    with pytest.raises(UsageError):
        chosen(mixed.path, monkeypatch, "kept", all_files=True)


def test_submodules_and_nested_repositories_are_said_and_not_entered(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Repository.create(tmp_path / "other")
    other.stage("inside", "x")
    other.commit()
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.path), "module")
    nested = Repository.create(repository.path / "nested")
    nested.stage("inside", "x")
    nested.commit()
    staged = chosen(repository.path, monkeypatch, staged=True)
    assert (names(staged), staged.skipped) == ([".gitmodules"], [("module", SUBMODULE)])
    whole = chosen(repository.path, monkeypatch, all_files=True)
    assert (names(whole), sorted(whole.skipped)) == (
        [".gitmodules"],
        [("module", SUBMODULE), ("nested", NESTED)],
    )


def test_an_unmerged_file_is_unchecked_when_staged_is_asked_for(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.stage("a", "base\n")
    repository.commit()
    repository.git("checkout", "--quiet", "-b", "other")
    repository.stage("a", "other\n")
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    repository.stage("a", "main\n")
    repository.commit()
    assert run("git", "merge", "other", cwd=repository.path).code == 1
    assert [path for path, _ in chosen(repository.path, monkeypatch, staged=True).unchecked] == ["a"]
    assert names(chosen(repository.path, monkeypatch, all_files=True)) == ["a"]


def test_a_staged_deletion_alone_answers_for_no_other_file(mixed: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    mixed.commit()
    mixed.git("rm", "--quiet", "--force", "kept")
    selection = chosen(mixed.path, monkeypatch)
    assert (selection.selector, names(selection)) == ("staged", [])


def test_inside_a_commit_s_hook_nothing_staged_is_nothing_to_check(
    mixed: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    mixed.commit()
    monkeypatch.chdir(mixed.path)
    selection = select(environment(GIT_INDEX_FILE=".git/index"), ())
    assert (selection.selector, names(selection)) == ("staged", [])


def test_inside_a_commit_s_hook_the_index_is_checked_whatever_the_runner_names(
    mixed: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    mixed.git("update-index", "--skip-worktree", "changed")
    mixed.write("changed", "what the commit won't hold\n")
    monkeypatch.chdir(mixed.path)
    selection = select(environment(GIT_INDEX_FILE=".git/index"), ["added", "untracked"])
    assert {entry.path: entry.staged for entry in selection.entries} == {
        "added": True,
        "changed": True,
        "sub/moved": True,
        "untracked": False,
    }
