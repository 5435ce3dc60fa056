"""What is compared can't be had, or tries not to be: for every hook that compares both ends of a change."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from nightlatch.core.files import MAX_BYTES
from tests.faults.harness import assert_all_refused, assert_found, assert_unchecked, fake_git, inspect, plain_git
from tests.support.repository import Repository, run
from tests.support.samples import SAMPLES, Sample

COMPARING = [sample for sample in SAMPLES if sample.before]
SELECTORS = pytest.mark.parametrize("arguments", [(), ("--staged",), ("--all-files",)], ids=" ".join)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "comparing" in metafunc.fixturenames:
        metafunc.parametrize("comparing", COMPARING, ids=[sample.hook for sample in COMPARING])


@pytest.fixture
def changed(repository: Repository, comparing: Sample) -> Repository:
    """A repository whose last commit holds what stood before, with the change staged."""
    repository.stage(comparing.path, comparing.before)
    repository.commit()
    repository.stage(comparing.path, comparing.content())
    return repository


def _object_file(repository: Repository, revision: str) -> Path:
    name = repository.git("rev-parse", revision).strip()
    return repository.path / ".git" / "objects" / name[:2] / name[2:]


@SELECTORS
@pytest.mark.parametrize("end", ["HEAD", ""], ids=["before", "after"])
@pytest.mark.parametrize("broken", ["garbage", "truncated", "empty", "missing"])
def test_an_end_whose_object_cannot_be_read_is_unchecked(
    changed: Repository, comparing: Sample, end: str, broken: str, arguments: tuple[str, ...]
) -> None:
    if not end and arguments == ("--all-files",):
        (changed.path / comparing.path).unlink()  # so that the index is read
    target = _object_file(changed, f"{end}:{comparing.path}")
    whole = target.read_bytes()
    target.unlink()
    if broken != "missing":
        target.write_bytes({"garbage": b"garbage" * 9, "empty": b""}.get(broken, whole[: len(whole) // 2]))
    assert_unchecked(inspect(changed.path, comparing, *arguments), comparing.path, "object")


@pytest.mark.parametrize("broken", ["base", "tip"])
def test_an_end_of_a_range_whose_object_cannot_be_read_is_unchecked(
    changed: Repository, comparing: Sample, broken: str
) -> None:
    changed.commit()
    _object_file(changed, f"HEAD{'~' if broken == 'base' else ''}:{comparing.path}").unlink()
    assert_unchecked(inspect(changed.path, comparing, "--from-ref", "HEAD~"), comparing.path, "object")


def _sparse(path: Path) -> None:
    path.write_bytes(b"")
    os.truncate(path, MAX_BYTES + 1)


def _unreadable(path: Path) -> None:
    path.write_text("x: 1\n")
    path.chmod(0)


IN_ITS_PLACE: dict[str, tuple[Callable[[Path], None], str]] = {
    "mode 000": (_unreadable, "permission denied"),
    "over the bound": (_sparse, "larger than 100 MiB"),
    "a FIFO": (os.mkfifo, "not a regular file"),
    "a folder": (Path.mkdir, "not a regular file"),
    "a link": (lambda path: path.symlink_to("elsewhere"), "a symbolic link"),
    "a link to itself": (lambda path: path.symlink_to(path.name), "a symbolic link"),
    "a link to a device": (lambda path: path.symlink_to("/dev/zero"), "a symbolic link"),
}


@pytest.mark.parametrize("fault", IN_ITS_PLACE)
def test_what_stands_in_the_place_of_the_file_is_unchecked(
    changed: Repository, comparing: Sample, bound_by_modes: tuple[str, ...], fault: str
) -> None:
    put, reason = IN_ITS_PLACE[fault]
    (changed.path / comparing.path).unlink()
    put(changed.path / comparing.path)
    verdict = inspect(changed.path, comparing, "--all-files", before=bound_by_modes)
    assert_unchecked(verdict, comparing.path, reason)


def test_a_staged_link_in_the_place_of_the_file_is_unchecked(changed: Repository, comparing: Sample) -> None:
    changed.stage("elsewhere", comparing.before)
    (changed.path / comparing.path).unlink()
    (changed.path / comparing.path).symlink_to("elsewhere")
    changed.git("add", "--all")
    assert_unchecked(inspect(changed.path, comparing, "--staged"), comparing.path, "a symbolic link")
    changed.commit()
    assert_unchecked(inspect(changed.path, comparing, "--from-ref", "HEAD~"), comparing.path, "a symbolic link")


@SELECTORS
def test_a_deleted_file_is_found(changed: Repository, comparing: Sample, arguments: tuple[str, ...]) -> None:
    changed.git("rm", "--quiet", "--force", comparing.path)
    assert_found(inspect(changed.path, comparing, *arguments), comparing)


@SELECTORS
def test_a_file_that_became_a_folder_is_found(
    changed: Repository, comparing: Sample, arguments: tuple[str, ...]
) -> None:
    changed.git("rm", "--quiet", "--force", comparing.path)
    changed.stage(f"{comparing.path}/inside", "x\n")
    verdict = inspect(changed.path, comparing, *arguments)
    assert verdict.code in (1, 2)
    assert (comparing.rule, comparing.path) in verdict.found() or comparing.path in verdict.unchecked()


def test_a_file_that_a_sparse_checkout_leaves_out_is_not_taken_for_deleted(
    changed: Repository, comparing: Sample
) -> None:
    changed.git("reset", "--quiet", "--hard")
    changed.stage("kept/README.md", "# A project\n")
    changed.commit()
    changed.git("sparse-checkout", "set", "--no-cone", "kept")
    assert not (changed.path / comparing.path).exists()
    assert inspect(changed.path, comparing, "--all-files").code == 0


def test_an_unmerged_file_is_unchecked(changed: Repository, comparing: Sample) -> None:
    blob = changed.git("rev-parse", f":{comparing.path}").strip()
    changed.git("rm", "--quiet", "--cached", comparing.path)
    entries = "".join(f"100644 {blob} {stage}\t{comparing.path}\n" for stage in (1, 2, 3))
    assert plain_git("update-index", "--index-info", cwd=changed.path, stdin=entries.encode()).returncode == 0
    assert_unchecked(inspect(changed.path, comparing, "--staged"), comparing.path, "unmerged")
    (changed.path / comparing.path).unlink()
    assert_unchecked(inspect(changed.path, comparing, "--all-files"), comparing.path, "unmerged")


def test_a_shallow_clone_has_both_ends(changed: Repository, comparing: Sample, tmp_path: Path) -> None:
    changed.git("clone", "--quiet", "--depth=1", f"file://{changed.path}", str(tmp_path / "shallow"))
    shallow = Repository(tmp_path / "shallow")
    shallow.stage(comparing.path, comparing.content())
    assert_found(inspect(shallow.path, comparing), comparing)


def test_a_base_that_a_shallow_clone_lacks_is_refused(changed: Repository, comparing: Sample, tmp_path: Path) -> None:
    base = changed.git("rev-parse", "HEAD").strip()
    changed.commit()
    run("git", "clone", "--quiet", "--depth=1", f"file://{changed.path}", str(tmp_path / "shallow"), cwd=tmp_path)
    verdict = inspect(tmp_path / "shallow", comparing, "--from-ref", base)
    assert_all_refused(verdict, "incomplete", "--deepen")


def test_the_first_commit_has_nothing_to_be_compared_with(repository: Repository, comparing: Sample) -> None:
    repository.stage(comparing.path, comparing.content())
    for arguments in ((), ("--staged",), ("--all-files",)):
        assert inspect(repository.path, comparing, *arguments).code == 0


def test_a_head_that_names_a_missing_commit_is_not_taken_for_none(changed: Repository, comparing: Sample) -> None:
    changed.write(".git/refs/heads/main", "0123456789012345678901234567890123456789\n")
    assert inspect(changed.path, comparing, "--all-files").code == 2


@pytest.mark.parametrize("command", ["rev-parse --verify", "ls-tree", "cat-file", "symbolic-ref"])
@pytest.mark.parametrize("failure", ["exit 1", "exit 128", "kill -9 $$"])
def test_a_git_that_fails_at_any_step_never_ends_as_clean(
    changed: Repository, comparing: Sample, tmp_path: Path, command: str, failure: str
) -> None:
    env = fake_git(tmp_path / "bin", f'case "$*" in *"{command}"*) {failure};; *) exec "$GIT" "$@";; esac')
    expected = 1 if command == "symbolic-ref" else 2  # which is asked only where HEAD leads nowhere
    assert inspect(changed.path, comparing, "--staged", env=env).code == expected


def test_a_list_that_is_cut_off_never_ends_as_clean(changed: Repository, comparing: Sample, tmp_path: Path) -> None:
    for output in ("garbage", "100644 blob", "garbage\\0", "100644 blob abc\\tx"):
        env = fake_git(tmp_path / "bin", f'case "$*" in *ls-tree*) printf "{output}";; *) exec "$GIT" "$@";; esac')
        assert inspect(changed.path, comparing, "--staged", env=env).code == 2
