"""Every commit of a range and of the history, through the whole command."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.repository import Repository, run
from tests.support.tokens import github_token, line_with_token


def shown(repository: Repository, *arguments: str, code: int = 1, **env: str) -> list[str]:
    """`path:line subject` of each finding, by the subject of the commit that it is laid to."""
    outcome = repository.nightlatch("secrets", *arguments, "--format", "json", **env)
    assert outcome.code == code, outcome
    subjects = dict(
        line.split(" ", 1) for line in repository.git("log", "--all", "HEAD", "--format=%H %s").splitlines()
    )
    return [
        f"{found['path'] or found['data']['in']}:{found['line']} {subjects[found['commit']]}"
        for found in outcome.json()["findings"]
    ]


def commit_file(repository: Repository, path: str, content: str, subject: str) -> str:
    repository.stage(path, content)
    return repository.commit(subject)


@pytest.fixture
def started(repository: Repository) -> Repository:
    commit_file(repository, "a.py", "x = 1\n", "start")
    return repository


def test_a_secret_added_and_removed_within_the_range_is_laid_to_its_commit(started: Repository) -> None:
    commit_file(started, "a.py", "x = 1\n" + line_with_token(), "add")
    commit_file(started, "a.py", "x = 1\n", "remove")
    assert shown(started, "--from-ref", "HEAD~2") == ["a.py:2 add"]
    assert shown(started, "--history") == ["a.py:2 add"]
    assert shown(started, "--from-ref", "HEAD~1", code=0) == []


def test_the_first_commit_of_a_history_is_checked_whole(repository: Repository) -> None:
    commit_file(repository, "a.py", line_with_token(), "root")
    assert shown(repository, "--history") == ["a.py:1 root"]


def test_a_file_that_keeps_its_secret_is_told_once(started: Repository) -> None:
    commit_file(started, "a.py", line_with_token(), "add")
    for number in range(4):
        commit_file(started, "a.py", "# more\n" * number + line_with_token() + f"y = {number}\n", f"edit {number}")
    assert shown(started, "--history") == ["a.py:1 add"]
    assert shown(started, "--from-ref", "HEAD~4", code=0) == []


def test_a_secret_that_comes_back_is_told_once_in_the_history(started: Repository) -> None:
    for turn in range(2):
        commit_file(started, "a.py", line_with_token(), f"add {turn}")
        commit_file(started, "a.py", "x = 1\n", f"remove {turn}")
    assert shown(started, "--history") == ["a.py:1 add 0"]
    assert shown(started, "--from-ref", "HEAD~2") == ["a.py:1 add 1"]


def test_another_value_in_the_same_place_is_new(started: Repository) -> None:
    commit_file(started, "a.py", line_with_token(1), "first")
    commit_file(started, "a.py", line_with_token(2), "second")
    assert shown(started, "--history") == ["a.py:1 first", "a.py:1 second"]
    assert shown(started, "--from-ref", "HEAD~1") == ["a.py:1 second"]


def test_a_second_copy_of_a_value_is_new_and_an_edited_line_is_not(started: Repository) -> None:
    commit_file(started, "a.py", line_with_token(), "add")
    commit_file(started, "a.py", line_with_token().replace("\n", "  # note\n"), "edit")
    commit_file(started, "a.py", line_with_token().replace("\n", "  # note\n") + f"again = {github_token()}\n", "copy")
    assert shown(started, "--history") == ["a.py:1 add", "a.py:2 copy"]


def test_a_renamed_file_brings_nothing_new_and_a_copy_does(started: Repository) -> None:
    commit_file(started, "a.py", "x = 1\n" * 9 + line_with_token(), "add")
    started.git("mv", "a.py", "b.py")
    started.commit("rename")
    started.git("mv", "b.py", "c.py")
    commit_file(started, "c.py", "x = 1\n" * 8 + line_with_token() + "z = 3\n", "rename and edit")
    commit_file(started, "d.py", line_with_token(), "copy")
    assert shown(started, "--history") == ["a.py:10 add", "d.py:1 copy"]
    assert shown(started, "--from-ref", "HEAD~3") == ["d.py:1 copy"]


def test_changes_of_mode_and_type_bring_nothing_new(started: Repository) -> None:
    target = started.stage("a.py", line_with_token())
    started.commit("add")
    target.chmod(0o755)
    started.git("add", "a.py")
    started.commit("mode")
    target.unlink()
    target.symlink_to("b.py")
    started.git("add", "a.py")
    started.commit("type")
    assert shown(started, "--history") == ["a.py:1 add"]


def test_a_link_that_points_at_a_secret_s_text_is_checked_as_git_stores_it(started: Repository) -> None:
    (started.path / "link").symlink_to(github_token())
    started.git("add", "link")
    started.commit("link")
    assert shown(started, "--from-ref", "HEAD~1") == ["link:1 link"]


def test_merges_answer_for_what_no_parent_had(started: Repository) -> None:
    started.git("checkout", "--quiet", "-b", "side")
    commit_file(started, "side.py", line_with_token(1), "side")
    started.git("checkout", "--quiet", "main")
    commit_file(started, "main.py", line_with_token(2), "main")
    started.git("merge", "--quiet", "--no-commit", "--no-ff", "side")
    started.stage("evil.py", line_with_token(3))
    started.commit("merge")
    assert shown(started, "--history") == ["evil.py:1 merge", "main.py:1 main", "side.py:1 side"]
    assert shown(started, "--from-ref", "main^1") == ["evil.py:1 merge", "side.py:1 side"]


def test_a_conflict_that_is_resolved_with_a_new_secret_is_the_merge_s_own(started: Repository) -> None:
    started.git("checkout", "--quiet", "-b", "side")
    commit_file(started, "a.py", "x = 2\n", "side")
    started.git("checkout", "--quiet", "main")
    commit_file(started, "a.py", "x = 3\n" + line_with_token(1), "main")
    assert run("git", "merge", "side", cwd=started.path, env=started.env).code == 1
    started.stage("a.py", "x = 4\n" + line_with_token(1) + line_with_token(2))
    started.commit("merge")
    assert shown(started, "--history") == ["a.py:2 main", "a.py:3 merge"]


def test_messages_of_commits_and_tags_are_checked(started: Repository) -> None:
    started.commit(f"subject\n\nbody {github_token(1)}")
    started.git("tag", "--annotate", "v1", "-m", f"release {github_token(2)}")
    outcome = started.nightlatch("secrets", "--history", "--format", "json")
    found = [(item["path"], item["line"], item["data"]) for item in outcome.json()["findings"]]
    assert found == [
        (None, 1, {"confidence": "medium", "in": "tag message", "tag": "refs/tags/v1"}),
        (None, 3, {"confidence": "medium", "in": "commit message"}),
    ]
    assert shown(started, "--from-ref", "HEAD~1") == ["tag message:1 subject", "commit message:3 subject"]


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_contents_in_any_encoding_are_checked(started: Repository, encoding: str) -> None:
    (started.path / "a.txt").write_bytes(f"ü {github_token()}\n".encode(encoding))
    started.git("add", "a.txt")
    started.commit("encoded")
    assert shown(started, "--from-ref", "HEAD~1") == ["a.txt:1 encoded"]


def test_strange_paths_are_read_right(started: Repository) -> None:
    names = ["a b", "-x", "new\nline", "ü", ":100644", "tab\there"]
    for number, name in enumerate(names):
        started.stage(name, line_with_token(number))
    started.commit("strange")
    paths = {found.rpartition(":")[0] for found in shown(started, "--from-ref", "HEAD~1")}
    assert paths == set(names)


def test_all_branches_stashes_and_a_detached_head_are_history(started: Repository) -> None:
    started.git("checkout", "--quiet", "--detach")
    commit_file(started, "detached.py", line_with_token(1), "detached")
    found = shown(started, "--history")
    assert found == ["detached.py:1 detached"]
    started.git("checkout", "--quiet", "main")
    started.write("a.py", line_with_token(2))
    started.git("stash", "--quiet")
    assert any(item.startswith("a.py:1") for item in shown(started, "--history"))


def test_an_empty_range_passes(started: Repository) -> None:
    outcome = started.nightlatch("secrets", "--from-ref", "HEAD", "--to-ref", "HEAD", "--format", "json")
    assert (outcome.code, outcome.json()["checked"]["commits"]) == (0, 0)


def test_a_runner_s_range_is_every_commit_of_it(started: Repository) -> None:
    commit_file(started, "a.py", line_with_token(), "add")
    commit_file(started, "a.py", "x = 1\n", "remove")
    runner = {"PRE_COMMIT_FROM_REF": "HEAD~2", "PRE_COMMIT_TO_REF": "HEAD"}
    started.env |= runner
    assert shown(started) == ["a.py:1 add"]


def test_a_new_branch_answers_for_what_the_other_side_lacks(started: Repository, tmp_path: Path) -> None:
    commit_file(started, "old.py", line_with_token(1), "old")
    other = Repository.create(tmp_path / "server", "--bare")
    started.git("remote", "add", "origin", str(other.path))
    started.git("push", "--quiet", "origin", "main")
    started.git("checkout", "--quiet", "-b", "feature")
    commit_file(started, "new.py", line_with_token(2), "new")
    zero = "0" * 40
    assert shown(started, "--from-ref", zero, "--to-ref", "feature") == ["new.py:1 new"]
    assert shown(started, "--from-ref", "main", "--to-ref", zero, code=0) == []


def test_a_reference_that_is_not_there_is_incomplete(started: Repository) -> None:
    outcome = started.nightlatch("secrets", "--from-ref", "nowhere")
    assert outcome.code == 2
    assert "nowhere" in outcome.err
    assert "--deepen" in outcome.err
    option = started.nightlatch("secrets", "--from-ref", "--output=x")
    assert option.code == 2


@pytest.fixture
def long(repository: Repository) -> Repository:
    for number in range(6):
        commit_file(repository, "a.py", f"x = {number}\n", f"commit {number}")
    commit_file(repository, "a.py", line_with_token(), "add")
    for number in range(6):
        commit_file(repository, "a.py", f"y = {number}\n", f"later {number}")
    return repository


def shallow(repository: Repository, tmp_path: Path, depth: int) -> Repository:
    target = tmp_path / "shallow"
    shutil.rmtree(target, ignore_errors=True)
    run("git", "clone", "--quiet", f"--depth={depth}", f"file://{repository.path}", str(target), cwd=tmp_path)
    return Repository(target)


def test_a_shallow_clone_is_incomplete_and_says_how_to_mend_it(long: Repository, tmp_path: Path) -> None:
    clone = shallow(long, tmp_path, 3)
    outcome = clone.nightlatch("secrets", "--history")
    assert outcome.code == 2
    assert "incomplete: 2 of at least 3 commits" in outcome.out
    assert "git fetch --unshallow" in outcome.out
    clone.git("fetch", "--quiet", "--unshallow")
    assert clone.nightlatch("secrets", "--history").code == 1


def test_a_range_that_a_shallow_clone_holds_is_complete(long: Repository, tmp_path: Path) -> None:
    clone = shallow(long, tmp_path, 3)
    assert clone.nightlatch("secrets", "--from-ref", "HEAD~1").code == 0
    assert clone.nightlatch("secrets", "--from-ref", "HEAD~2").code == 0
    beyond = clone.nightlatch("secrets", "--from-ref", long.git("rev-parse", "HEAD~9").strip())
    assert beyond.code == 2
    assert "incomplete" in beyond.err


def test_deepen_fetches_what_is_missing(long: Repository, tmp_path: Path) -> None:
    clone = shallow(long, tmp_path, 2)
    start = long.git("rev-parse", "HEAD~9").strip()
    assert clone.nightlatch("secrets", "--from-ref", start, "--deepen").code == 1
    clone = shallow(long, tmp_path, 2)
    assert clone.nightlatch("secrets", "--history", "--deepen").code == 1


def test_a_partial_clone_is_incomplete_until_it_is_deepened(long: Repository, tmp_path: Path) -> None:
    long.git("config", "uploadpack.allowFilter", "true")
    target = tmp_path / "partial"
    address = f"file://{long.path}"
    run("git", "clone", "--quiet", "--filter=blob:none", "--no-checkout", address, str(target), cwd=tmp_path)
    clone = Repository(target)
    outcome = clone.nightlatch("secrets", "--history")
    assert outcome.code == 2
    assert "incomplete: 0 of 13 commits" in outcome.out
    assert clone.nightlatch("secrets", "--history", "--deepen").code == 1


def test_a_remote_that_can_not_be_reached_is_said(long: Repository, tmp_path: Path) -> None:
    clone = shallow(long, tmp_path, 2)
    clone.git("remote", "set-url", "origin", f"file://{tmp_path}/nowhere")
    outcome = clone.nightlatch("secrets", "--history", "--deepen")
    assert outcome.code == 2
    assert "could not fetch" in outcome.err


def test_a_commit_whose_object_is_missing_is_not_counted_as_checked(long: Repository) -> None:
    name = long.git("rev-parse", "HEAD~3:a.py").strip()
    (long.path / ".git/objects" / name[:2] / name[2:]).unlink()
    outcome = long.nightlatch("secrets", "--history", "--format", "json")
    assert outcome.code == 2
    reasons = {item["path"]: item["reason"] for item in outcome.json()["unchecked"]}
    assert "incomplete: 12 of 13 commits" in reasons["(commits)"]
    assert "a.py" in reasons
    assert [found["path"] for found in outcome.json()["findings"]] == ["a.py"]


def test_a_bare_repository_has_a_history_too(long: Repository, tmp_path: Path) -> None:
    run("git", "clone", "--quiet", "--bare", str(long.path), str(tmp_path / "bare"), cwd=tmp_path)
    assert Repository(tmp_path / "bare").nightlatch("secrets", "--history").code == 1


def test_a_range_is_judged_by_the_configuration_that_it_starts_from(started: Repository) -> None:
    started.stage(".nightlatch.yaml", "version: 1\nrules: {SEC301: off}\n")
    commit_file(started, "a.py", line_with_token(), "disarm and add")
    assert shown(started, "--from-ref", "HEAD~1") == ["a.py:1 disarm and add"]
    commit_file(started, "b.py", line_with_token(2), "next")
    assert shown(started, "--from-ref", "HEAD~1", code=0) == []


def test_excluded_paths_are_skipped_in_commits(started: Repository) -> None:
    commit_file(started, ".nightlatch.yaml", 'version: 1\nexclude: ["/vendor/**"]\n', "configure")
    commit_file(started, "vendor/a.py", line_with_token(), "vendor")
    outcome = started.nightlatch("secrets", "--from-ref", "HEAD~1", "--format", "json")
    assert outcome.code == 0
    assert [item["path"] for item in outcome.json()["skipped"]] == ["vendor/a.py"]


def test_two_runs_give_the_same_bytes(long: Repository) -> None:
    first = long.nightlatch("secrets", "--history", "--format", "json").out
    assert long.nightlatch("secrets", "--history", "--format", "json").out == first


def test_more_commits_than_a_window_are_all_checked(repository: Repository) -> None:
    stream = []
    for number in range(1201):
        content = line_with_token(number) if number % 400 == 0 else f"x = {number}\n"
        stream.append(
            f"commit refs/heads/main\nmark :{number + 1}\ncommitter A <a@example.com> {1700000000 + number} +0000\n"
            f"data 2\nc\n"
            + (f"from :{number}\n" if number else "")
            + f"M 100644 inline f{number % 400}.py\ndata {len(content)}\n{content}\n"
        )
    run("git", "fast-import", "--quiet", cwd=repository.path, env=repository.env, stdin="".join(stream).encode())
    outcome = repository.nightlatch("secrets", "--history", "--format", "json")
    report = outcome.json()
    assert report["checked"]["commits"] == 1201
    assert len(report["findings"]) == 4


def test_a_second_scan_goes_on_behind_the_first(long: Repository) -> None:
    shown(long, "--history")
    commit_file(long, "b.py", line_with_token(2), "newer")
    trace = long.path.parent / "objects"
    outcome = long.nightlatch("secrets", "--history", "--format", "json")
    fresh = long.nightlatch("secrets", "--history", "--format", "json", NIGHTLATCH_CACHE_DIR=str(trace))
    assert outcome.out == fresh.out
    assert [found["path"] for found in outcome.json()["findings"]] == ["a.py", "b.py"]


def test_what_was_checked_is_not_read_again(long: Repository) -> None:
    clean = long.git("rev-parse", "HEAD~3:a.py").strip()
    shown(long, "--history")
    (long.path / ".git/objects" / clean[:2] / clean[2:]).unlink()
    assert shown(long, "--history") == ["a.py:1 add"]


def test_a_rewritten_history_is_checked_anew(long: Repository) -> None:
    shown(long, "--history")
    long.git("reset", "--quiet", "--hard", "HEAD~7")
    commit_file(long, "c.py", line_with_token(3), "other")
    long.git("reflog", "expire", "--expire=now", "--all")
    long.git("gc", "--quiet", "--prune=now")
    assert shown(long, "--history") == ["c.py:1 other"]


def test_the_state_holds_no_secret_and_lies_outside_the_repository(long: Repository, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    shown(long, "--history", NIGHTLATCH_CACHE_DIR=str(cache))
    stored = b"".join(path.read_bytes() for path in cache.iterdir())
    assert stored
    assert github_token().encode() not in stored


def test_an_incomplete_scan_is_not_remembered_as_whole(long: Repository) -> None:
    name = long.git("rev-parse", "HEAD~3:a.py").strip()
    place = long.path / ".git/objects" / name[:2] / name[2:]
    content = place.read_bytes()
    place.unlink()
    assert long.nightlatch("secrets", "--history").code == 2
    assert long.nightlatch("secrets", "--history").code == 2
    place.write_bytes(content)
    assert long.nightlatch("secrets", "--history").code == 1


def test_a_note_in_the_newest_version_allows_the_older_ones(started: Repository) -> None:
    commit_file(started, "a.py", line_with_token(), "add")
    noted = line_with_token().replace("\n", "  # nightlatch: allow SEC301 -- revoked\n")
    commit_file(started, "a.py", noted, "note")
    assert shown(started, "--from-ref", "HEAD~2", code=0) == []
    assert shown(started, "--history", code=0) == []
    commit_file(started, "a.py", noted + line_with_token(2), "another")
    assert shown(started, "--history") == ["a.py:2 another"]


def test_grafts_and_replacements_hide_no_commit(started: Repository) -> None:
    added = commit_file(started, "a.py", line_with_token(), "add")
    last = commit_file(started, "a.py", "x = 1\n", "remove")

    def laid_to() -> list[str]:
        report = started.nightlatch("secrets", "--history", "--format", "json").json()
        return [found["commit"] for found in report["findings"]]

    started.write(".git/info/grafts", f"{last}\n")
    assert laid_to() == [added]
    (started.path / ".git/info/grafts").unlink()
    started.git("replace", "--graft", last)
    assert laid_to() == [added]
