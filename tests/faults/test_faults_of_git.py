"""Repositories that are broken or unusual, and a git that is missing or fails."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nightlatch.core import git as runner
from tests.faults.harness import (
    GIT,
    assert_all_refused,
    assert_found,
    assert_harmless,
    assert_refused,
    assert_unchecked,
    fake_git,
    give_away,
    inspect,
    plain_git,
    program,
)
from tests.support.repository import COMMAND, Outcome, Repository, environment, run
from tests.support.samples import Sample

SELECTORS = pytest.mark.parametrize("arguments", [(), ("--staged",), ("--all-files",)], ids=" ".join)


@SELECTORS
@pytest.mark.file_by_file
def test_a_sample_is_found_before_the_first_commit(
    repository: Repository, sample: Sample, arguments: tuple[str, ...]
) -> None:
    repository.stage(sample.path, sample.content())
    assert_found(inspect(repository.path, sample, *arguments), sample)


@SELECTORS
def test_a_sample_is_found_on_a_detached_head(planted: Repository, sample: Sample, arguments: tuple[str, ...]) -> None:
    planted.git("checkout", "--quiet", "--detach")
    assert_found(inspect(planted.path, sample, *arguments), sample)


@SELECTORS
def test_a_sample_is_found_while_the_index_is_locked(
    planted: Repository, sample: Sample, arguments: tuple[str, ...]
) -> None:
    planted.write(".git/index.lock", "")
    assert_found(inspect(planted.path, sample, *arguments), sample)


@SELECTORS
@pytest.mark.file_by_file
def test_a_sample_is_found_in_a_shallow_clone(
    tmp_path: Path, planted: Repository, sample: Sample, arguments: tuple[str, ...]
) -> None:
    planted.commit()
    planted.commit()
    planted.git("clone", "--quiet", "--depth=1", f"file://{planted.path}", str(tmp_path / "shallow"))
    shallow = Repository(tmp_path / "shallow")
    shallow.stage(f"new/{sample.path}", sample.content())
    assert_found(inspect(shallow.path, sample, *arguments), sample, f"new/{sample.path}")


def _partial_clone(tmp_path: Path, origin: Repository) -> Repository:
    """A clone that lacks every blob, with an index that names them."""
    origin.git("config", "uploadpack.allowFilter", "true")
    origin.git("config", "uploadpack.allowAnySHA1InWant", "true")
    target = tmp_path / "partial"
    origin.git("clone", "--quiet", "--no-checkout", "--filter=blob:none", f"file://{origin.path}", str(target))
    clone = Repository(target)
    clone.git("read-tree", "HEAD")
    return clone


@pytest.mark.parametrize("arguments", [("--staged",), ("--all-files",), ("missing",)], ids=" ".join)
@pytest.mark.file_by_file
@pytest.mark.any_file
def test_a_blob_that_a_partial_clone_lacks_is_unchecked_and_not_fetched(
    tmp_path: Path, repository: Repository, sample: Sample, arguments: tuple[str, ...]
) -> None:
    repository.stage("README.md", "# A project\n")
    repository.commit()
    missing = f"missing/{sample.path}"
    repository.stage(missing, "x = 1\n")
    repository.commit()
    clone = _partial_clone(tmp_path, repository)
    clone.git("update-ref", "HEAD", "HEAD~")
    clone.stage(sample.path, sample.content())
    named = (missing, sample.path) if arguments == ("missing",) else arguments
    verdict = inspect(clone.path, sample, *named)
    assert_unchecked(verdict, missing, "can't read its object")
    assert_found(verdict, sample, code=2)
    name = clone.git("ls-files", "--format=%(objectname)", missing).strip()
    assert plain_git("cat-file", "-e", name, cwd=clone.path, env=environment(GIT_ALLOW_PROTOCOL="none")).returncode != 0


def _object_file(repository: Repository, path: str) -> Path:
    name = repository.git("rev-parse", f":{path}").strip()
    return repository.path / ".git" / "objects" / name[:2] / name[2:]


@pytest.mark.parametrize("broken", ["garbage", "truncated", "empty", "missing", "unreadable", "folder"])
@pytest.mark.file_by_file
@pytest.mark.any_file
def test_an_object_that_cannot_be_read_is_unchecked_and_the_others_are_found(
    planted: Repository, sample: Sample, bound_by_modes: tuple[str, ...], broken: str
) -> None:
    path = f"a-broken/{sample.path}"
    planted.stage(path, "text that is broken in a moment\n" * 50)
    target = _object_file(planted, path)
    whole = target.read_bytes()
    target.unlink()
    if broken == "folder":
        target.mkdir()
    elif broken != "missing":
        target.write_bytes({"garbage": b"garbage" * 9, "empty": b""}.get(broken, whole[: len(whole) // 2]))
        target.chmod(0 if broken == "unreadable" else 0o444)
    verdict = inspect(planted.path, sample, "--staged", before=bound_by_modes)
    assert verdict.code == 2
    assert_unchecked(verdict, path, "object")
    assert_found(verdict, sample, code=2)


@SELECTORS
@pytest.mark.parametrize("content", [b"DIRC", b"", b"garbage" * 30], ids=["cut", "empty", "garbage"])
def test_a_broken_index_is_refused(
    planted: Repository, sample: Sample, arguments: tuple[str, ...], content: bytes
) -> None:
    planted.write(".git/index", content)
    assert_all_refused(inspect(planted.path, sample, *arguments), "index")


@SELECTORS
@pytest.mark.any_file
def test_an_index_cut_in_half_is_never_clean(planted: Repository, sample: Sample, arguments: tuple[str, ...]) -> None:
    index = planted.path / ".git" / "index"
    whole = index.read_bytes()
    index.write_bytes(whole[: len(whole) // 2])
    assert inspect(planted.path, sample, *arguments).code in (
        1,
        2,
    )  # where only git's own caches are cut off, it goes on


@pytest.mark.parametrize("name", ["HEAD", "objects", "refs"])
@SELECTORS
def test_a_repository_without_its_parts_is_never_clean(
    planted: Repository, sample: Sample, arguments: tuple[str, ...], name: str
) -> None:
    (planted.path / ".git" / name).rename(planted.path / ".git" / "elsewhere")
    assert inspect(planted.path, sample, *arguments).code in (1, 2)


@SELECTORS
def test_a_head_that_leads_nowhere_is_never_clean(
    planted: Repository, sample: Sample, arguments: tuple[str, ...]
) -> None:
    planted.write(".git/refs/heads/main", "0123456789012345678901234567890123456789\n")
    assert inspect(planted.path, sample, *arguments).code in (1, 2)


def test_an_unmerged_file_is_unchecked_when_staged(planted: Repository, sample: Sample) -> None:
    blob = planted.git("rev-parse", f":{sample.path}").strip()
    entries = "".join(f"100644 {blob} {stage}\tconflict\n" for stage in (1, 2, 3))
    assert plain_git("update-index", "--index-info", cwd=planted.path, stdin=entries.encode()).returncode == 0
    verdict = inspect(planted.path, sample, "--staged")
    assert_unchecked(verdict, "conflict", "unmerged")
    assert_found(verdict, sample, code=2)


@pytest.mark.file_by_file
def test_each_side_of_a_conflict_that_the_tree_lacks_is_checked(planted: Repository, sample: Sample) -> None:
    harmless = plain_git("hash-object", "-w", "--stdin", cwd=planted.path, stdin=b"x = 1\n").stdout.decode().strip()
    secret = planted.git("rev-parse", f":{sample.path}").strip()
    path = f"conflict/{sample.path}"
    entries = f"100644 {harmless} 1\t{path}\n100644 {harmless} 2\t{path}\n100644 {secret} 3\t{path}\n"
    assert plain_git("update-index", "--index-info", cwd=planted.path, stdin=entries.encode()).returncode == 0
    verdict = inspect(planted.path, sample, "--all-files")
    assert (sample.rule, path) in verdict.found() or path in verdict.unchecked()


@SELECTORS
def test_a_bare_repository_is_refused_with_a_remedy(tmp_path: Path, sample: Sample, arguments: tuple[str, ...]) -> None:
    bare = Repository.create(tmp_path / "bare", "--bare")
    assert_all_refused(inspect(bare.path, sample, *arguments), "bare repository", "Run in the folder")


@SELECTORS
def test_the_inside_of_git_s_own_folder_is_refused(
    planted: Repository, sample: Sample, arguments: tuple[str, ...]
) -> None:
    assert_all_refused(inspect(planted.path / ".git", sample, *arguments), "inside of .git", "Run in the folder")


def test_staged_outside_a_repository_is_refused(tmp_path: Path, sample: Sample) -> None:
    assert_all_refused(inspect(tmp_path, sample, "--staged"), "no git repository")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
@pytest.mark.parametrize("arguments", [(), ("--staged",), ("--all-files",), ("README.md",)], ids=" ".join)
def test_a_repository_of_another_user_is_refused_with_the_remedy(
    tmp_path: Path, planted: Repository, sample: Sample, arguments: tuple[str, ...]
) -> None:
    give_away(planted.path)
    env = environment(HOME=str(tmp_path))
    verdict = inspect(planted.path, sample, *arguments, env=env)
    remedy = f"git config --global --add safe.directory '{planted.path}'"
    assert_all_refused(verdict, "belongs to another user", remedy)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_the_remedy_for_another_user_s_repository_works(tmp_path: Path, planted: Repository, sample: Sample) -> None:
    give_away(planted.path)
    env = environment(HOME=str(tmp_path))
    del env["GIT_CONFIG_GLOBAL"]
    said = run(COMMAND, sample.hook, cwd=planted.path, env=env).err
    remedy = said.partition("run: ")[2].strip()
    assert run("sh", "-c", remedy, cwd=tmp_path, env=env).code == 0
    assert_found(inspect(planted.path, sample, env=env), sample)


@SELECTORS
def test_a_missing_git_is_refused_with_a_remedy(
    tmp_path: Path, planted: Repository, sample: Sample, arguments: tuple[str, ...]
) -> None:
    verdict = inspect(planted.path, sample, *arguments, env=environment(PATH=str(tmp_path)))
    assert_all_refused(verdict, "git was not found", "Install git")


FAILING_GITS = {
    "exits 1": "exit 1",
    "says why": "echo 'fatal: it is raining' >&2; exit 128",
    "says what it likes": "printf '::error::x\\n\\033[2Jfatal: \\033]0;x\\007##[error]y\\n' >&2; exit 128",
    "prints garbage": "printf 'garbage\\000more garbage\\377'",
    "prints garbage instead of the list": (
        'case "$*" in *show-toplevel*) exec "$GIT" "$@";; *) printf "garbage\\000more\\377\\000";; esac'
    ),
    "prints half of the list": (
        'case "$*" in *show-toplevel*) exec "$GIT" "$@";; *) printf ":000000 100644 0000 aaaa A\\000";; esac'
    ),
    "prints nothing": "exit 0",
    "dies of a signal": "kill -9 $$",
    "closes its output first": "exec >&- 2>&-; exit 3",
}


@SELECTORS
@pytest.mark.parametrize("fault", FAILING_GITS)
def test_a_git_that_fails_never_ends_as_clean(
    tmp_path: Path, planted: Repository, sample: Sample, arguments: tuple[str, ...], fault: str
) -> None:
    verdict = inspect(planted.path, sample, *arguments, env=fake_git(tmp_path / "bin", FAILING_GITS[fault]))
    assert verdict.code == 2, verdict.outcomes
    assert verdict.text.err.startswith("nightlatch: ")


FAILING_ANSWERS = {
    "hangs up": "exit 0",
    "hangs up within a head": "printf 'abc bl'",
    "hangs up within a content": "printf 'abc blob 100\\nshort'",
    "answers garbage": "printf 'garbage\\n'; cat > /dev/null",
    "answers with a size below zero": "printf 'abc blob -5\\n\\n'; cat > /dev/null",
    "answers once for many": 'read name; echo "$name" | "$GIT" "$@"',
    "answers with other objects": "while read name; do printf 'abc blob 6\\nx = 1\\n\\n'; done",
}


@pytest.mark.parametrize("fault", FAILING_ANSWERS)
@pytest.mark.file_by_file
@pytest.mark.any_file
def test_a_git_that_fails_while_it_hands_out_objects_never_ends_as_clean(
    tmp_path: Path, planted: Repository, sample: Sample, fault: str
) -> None:
    planted.stage(f"zzz/{sample.path}", "one more\n")
    script = f'case "$*" in *cat-file*) {FAILING_ANSWERS[fault]};; *) exec "$GIT" "$@";; esac'
    verdict = inspect(planted.path, sample, "--staged", env=fake_git(tmp_path / "bin", script))
    assert verdict.code == 2, verdict.outcomes


def test_a_git_that_cannot_be_started_is_refused(tmp_path: Path, planted: Repository, sample: Sample) -> None:
    env = fake_git(tmp_path / "bin", "")
    (tmp_path / "bin" / "git").write_text("#!/no/such/interpreter\n")
    assert_all_refused(inspect(planted.path, sample, env=env), "git could not be started", "git --version")


def test_a_git_that_talks_a_lot_on_standard_error_does_not_stop_the_run(
    tmp_path: Path, planted: Repository, sample: Sample
) -> None:
    env = fake_git(tmp_path / "bin", f'{sys.executable} -c "print(\'y\' * 300000)" >&2; exec "$GIT" "$@"')
    assert_found(inspect(planted.path, sample, "--staged", env=env), sample)


@pytest.mark.parametrize("path", [".", "", "bin", "./bin", "../repository/bin", "~/bin"])
def test_a_git_planted_by_a_relative_path_is_not_run(planted: Repository, sample: Sample, path: str) -> None:
    marker = planted.path / "marker"
    for folder in (".", "bin", "~/bin"):
        program(planted.path / folder / "git", f"touch '{marker}'; exec {GIT} \"$@\"")
    env = environment(PATH=os.pathsep.join((path, os.path.dirname(GIT), os.environ["PATH"])))
    assert_found(inspect(planted.path, sample, "--staged", env=env), sample)
    assert not marker.exists()


@pytest.mark.file_by_file
@pytest.mark.any_file
def test_the_whole_index_of_many_files_is_answered_for(planted: Repository, sample: Sample) -> None:
    for number in range(3 * runner.REQUESTS_AHEAD):
        planted.write(f"many/{number}/{sample.path}", f"x = {number}\n" * (1 + number % 7 * 200))
    planted.git("add", "many")
    verdict = inspect(planted.path, sample, "--staged")
    assert_found(verdict, sample)
    assert verdict.report["checked"]["files"] == 3 * runner.REQUESTS_AHEAD + 1


@pytest.mark.parametrize("arguments", [(), ("--staged",), ("--all-files",), ("file",)], ids=" ".join)
@pytest.mark.parametrize("in_git", [True, False], ids=["in git", "outside git"])
def test_a_current_folder_that_was_deleted_is_refused(
    tmp_path: Path, sample: Sample, arguments: tuple[str, ...], *, in_git: bool
) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    if in_git:
        Repository.create(folder)
    gone = folder / "gone"
    gone.mkdir()
    script = 'rmdir "$PWD"; exec "$@"'
    outcome = run("sh", "-c", script, "sh", COMMAND, sample.hook, *arguments, cwd=gone)
    assert_harmless(outcome, sample)
    assert_refused(outcome)


def _wait_for(path: Path) -> None:
    for _ in range(1000):
        if path.exists():
            return
        time.sleep(0.01)
    raise AssertionError(path)


def _interrupted(folder: Path, env: dict[str, str], sample: Sample, started: Path, *, whole_group: bool) -> Outcome:
    """Start the command, send what Ctrl-C sends once its git runs, and see it end within ten seconds."""
    before = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # in the background it is ignored, and that is inherited
    child = subprocess.Popen(
        (COMMAND, sample.hook),
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    signal.signal(signal.SIGINT, before)
    try:
        _wait_for(started)
        time.sleep(0.3)  # until it waits for an answer
        (os.killpg if whole_group else os.kill)(child.pid, signal.SIGINT)
        out, err = child.communicate(timeout=10)
    finally:
        os.killpg(child.pid, signal.SIGKILL) if child.poll() is None else None
        child.wait()
    return Outcome(child.returncode, out, err)


@pytest.mark.parametrize("whole_group", [True, False], ids=["as a terminal does", "to the command alone"])
def test_an_interrupted_run_ends_with_130(
    tmp_path: Path, planted: Repository, sample: Sample, *, whole_group: bool
) -> None:
    started = tmp_path / "started"
    env = fake_git(tmp_path / "bin", f"touch '{started}'; exec sleep 20")
    outcome = _interrupted(planted.path, env, sample, started, whole_group=whole_group)
    assert_harmless(outcome, sample)
    assert outcome.code == 130
    assert outcome.err == "nightlatch: Interrupted.\n"
    assert not outcome.out
