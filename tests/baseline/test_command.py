from __future__ import annotations

import base64
import hashlib
import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from nightlatch.baseline.masked import HAS_CHANGED, MASK
from tests.support.repository import COMMAND, Outcome, Repository
from tests.support.tokens import github_token, line_with_token, random_text

NAME = ".nightlatch-baseline.json"
HOOKS = Path(__file__).resolve().parents[2] / "hooks"


def file_of(repository: Repository) -> dict[str, Any]:
    """The file's content, without the lines between its sections."""
    top: dict[str, Any] = json.loads((repository.path / NAME).read_text(encoding="utf-8"))
    top["entries"] = [entry for entry in top["entries"] if list(entry) != ["section"]]
    return top


def entries(repository: Repository) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sorted(file_of(repository)["entries"], key=lambda entry: str(entry["path"]))
    return found


def raw(repository: Repository) -> bytes:
    return (repository.path / NAME).read_bytes()


def baseline(repository: Repository, *words: str) -> Outcome:
    """Run a subcommand, which must succeed."""
    outcome = repository.nightlatch("baseline", *words)
    assert outcome.code == 0, outcome
    return outcome


def stage_tokens(repository: Repository, *names: str) -> None:
    """A file for each name, with a secret of its own."""
    for name in names:
        repository.stage(f"{name}.py", line_with_token(name))


@pytest.fixture
def adopted(repository: Repository) -> Repository:
    """Three files with a secret each, a baseline of them, all committed."""
    stage_tokens(repository, "a", "b", "c")
    baseline(repository, "create")
    repository.git("add", ".")
    repository.commit("adopt")
    return repository


# ── create ──────────────────────────────────────────────────────────────────────────────────────────


def test_create_makes_an_entry_for_each_finding_and_says_what_is_next(repository: Repository) -> None:
    stage_tokens(repository, "a", "b")
    repository.stage("allowed.py", "# nightlatch: allow SEC301 -- a test\n" + line_with_token())
    outcome = baseline(repository, "create")
    assert outcome.out.splitlines()[0] == f"nightlatch: {NAME}: 2 entries made: SEC301 (2)."
    assert "Commit the file" in outcome.out
    top = file_of(repository)
    assert list(top) == ["version", "salt", "entries"]
    assert top["version"] == 1
    assert len(bytes.fromhex(top["salt"])) == 16
    first, second = entries(repository)
    assert list(first) == ["rule", "path", "fingerprint", "mark", "reason"]
    assert (first["rule"], first["path"], first["reason"]) == ("SEC301", "a.py", "present at adoption")
    assert second["path"] == "b.py"
    assert stat.S_IMODE((repository.path / NAME).stat().st_mode) == 0o644
    assert repository.nightlatch("secrets", "--all-files").code == 0


def test_create_takes_paths_and_a_day(repository: Repository) -> None:
    stage_tokens(repository, "a", "src/b")
    baseline(repository, "create", "--expires", "2099-12-31", "--reason", "until the move", "src")
    assert [(one["path"], one["reason"], one["expires"]) for one in entries(repository)] == [
        ("src/b.py", "until the move", "2099-12-31")
    ]


def test_create_refuses_where_there_is_a_baseline(adopted: Repository) -> None:
    before = raw(adopted)
    outcome = adopted.nightlatch("baseline", "create")
    assert outcome.code == 2
    assert "update --add" in outcome.err
    assert raw(adopted) == before


def test_create_makes_nothing_of_nothing(repository: Repository) -> None:
    repository.stage("page.txt", "words\n")
    assert "none was made" in baseline(repository, "create").out
    assert not (repository.path / NAME).exists()


def test_create_leaves_to_detect_secrets_what_its_baseline_allows(repository: Repository) -> None:
    stage_tokens(repository, "a", "b")
    repository.write(".secrets.baseline", detect_secrets({"a.py": (github_token("a"), None)}))
    baseline(repository, "create")
    assert [one["path"] for one in entries(repository)] == ["b.py"]


def test_what_could_not_be_checked_is_said_and_is_exit_2(repository: Repository) -> None:
    stage_tokens(repository, "a", "b")
    (repository.path / "b.py").unlink()
    os.mkfifo(repository.path / "b.py")
    outcome = repository.nightlatch("baseline", "create")
    assert outcome.code == 2
    assert "b.py: not a regular file" in outcome.out
    assert [one["path"] for one in entries(repository)] == ["a.py"]


def test_thousands_of_entries_take_seconds(repository: Repository) -> None:
    for folder in range(50):
        repository.write(f"src/{folder}.py", "".join(line_with_token((folder, number)) for number in range(100)))
    start = time.monotonic()
    assert "5000 entries made" in baseline(repository, "create").out
    assert repository.nightlatch("secrets", "--all-files").code == 0
    assert time.monotonic() - start < 30, "about two seconds on a machine that does nothing else"
    assert len(raw(repository).splitlines()) >= 5000


def test_no_value_and_no_hash_of_it_stands_in_the_file(repository: Repository) -> None:
    stage_tokens(repository, "a")
    value = github_token("a").encode()
    baseline(repository, "create")
    baseline(repository, "update")
    salt = bytes.fromhex(file_of(repository)["salt"])
    content = raw(repository)
    assert value not in content
    for name in ("md5", "sha1", "sha256", "sha512", "blake2b", "sha3_256"):
        for secret in (value, value + b"\n", salt + value, value + salt):
            digest = hashlib.new(name, secret, usedforsecurity=False).digest()
            for form in (digest.hex().encode(), base64.b64encode(digest)):
                assert form[:8] not in content, name
    for part in (value[4:12], value[-8:], base64.b64encode(value)[:12], value.hex().encode()[8:24]):
        assert part not in content


# ── update and prune ────────────────────────────────────────────────────────────────────────────────


def test_the_file_is_the_same_bytes_when_nothing_changed(adopted: Repository) -> None:
    before, written = raw(adopted), (adopted.path / NAME).stat()
    for words in (("update",), ("prune",), ("update", "--add", "--reason", "new"), ("update", "a.py")):
        assert "nothing changed" in baseline(adopted, *words).out
        assert raw(adopted) == before
    assert (adopted.path / NAME).stat().st_ino == written.st_ino, "it was not even written"


def test_another_layout_is_brought_back_to_the_same_bytes(adopted: Repository) -> None:
    before = raw(adopted)
    top = file_of(adopted)
    adopted.write(NAME, json.dumps(top | {"entries": top["entries"][::-1]}, indent=4))
    baseline(adopted, "update")
    assert raw(adopted) == before


def test_update_drops_what_is_gone_and_leaves_what_is_new(adopted: Repository) -> None:
    adopted.stage("a.py", "")
    stage_tokens(adopted, "new")
    outcome = baseline(adopted, "update")
    assert "2 entries; 1 gone and dropped." in outcome.out
    assert "1 finding is not in it" in outcome.out
    assert [one["path"] for one in entries(adopted)] == ["b.py", "c.py"]
    assert adopted.nightlatch("secrets", "--all-files").code == 1


def test_update_adds_what_is_new_when_it_is_asked_to(adopted: Repository) -> None:
    stage_tokens(adopted, "new")
    salt = file_of(adopted)["salt"]
    outcome = baseline(adopted, "update", "--add", "--reason", "a test", "--expires", "2099-01-31")
    assert "4 entries; 1 added." in outcome.out
    assert file_of(adopted)["salt"] == salt
    (new,) = (one for one in entries(adopted) if one["path"] == "new.py")
    assert (new["reason"], new["expires"]) == ("a test", "2099-01-31")
    assert adopted.nightlatch("secrets", "--all-files").code == 0


def test_update_follows_what_was_moved(adopted: Repository) -> None:
    answer(adopted, "n\nn\nn\n")
    adopted.git("mv", "a.py", "moved.py")
    before = {one["path"]: one for one in entries(adopted)}
    assert "1 moved" in baseline(adopted, "update").out
    moved = next(one for one in entries(adopted) if one["path"] == "moved.py")
    assert moved["fingerprint"] != before["a.py"]["fingerprint"]
    same = ("rule", "mark", "reason", "audit")
    assert [moved[name] for name in same] == [before["a.py"][name] for name in same]
    assert "nothing changed" in baseline(adopted, "update").out


def test_update_of_a_path_leaves_the_others_alone(adopted: Repository) -> None:
    adopted.stage("a.py", "")
    adopted.stage("b.py", "")
    baseline(adopted, "update", "a.py")
    assert [one["path"] for one in entries(adopted)] == ["b.py", "c.py"]


def test_an_entry_of_what_could_not_be_checked_stays(adopted: Repository) -> None:
    (adopted.path / "a.py").unlink()
    os.mkfifo(adopted.path / "a.py")
    assert adopted.nightlatch("baseline", "update").code == 2
    assert [one["path"] for one in entries(adopted)] == ["a.py", "b.py", "c.py"]


def test_an_entry_of_a_hook_that_did_not_run_stays(adopted: Repository) -> None:
    top = file_of(adopted)
    other = top["entries"][0] | {"rule": "SQL001", "fingerprint": "f" * 32, "mark": None}
    adopted.write(NAME, json.dumps(top | {"entries": [*top["entries"], other]}))
    baseline(adopted, "prune")
    assert len(entries(adopted)) == 4


def test_prune_drops_what_is_gone_or_expired(adopted: Repository) -> None:
    stage_tokens(adopted, "new")
    baseline(adopted, "update", "--add", "--reason", "for a day", "--expires", "2020-01-31")
    adopted.stage("a.py", "")
    outcome = baseline(adopted, "update")
    assert "1 entry of it expired" in outcome.out
    assert [one["path"] for one in entries(adopted)] == ["b.py", "c.py", "new.py"]
    assert "1 expired and dropped" in baseline(adopted, "prune").out
    assert [one["path"] for one in entries(adopted)] == ["b.py", "c.py"]


def test_an_expired_entry_is_renewed_by_adding(adopted: Repository) -> None:
    stage_tokens(adopted, "new")
    baseline(adopted, "update", "--add", "--reason", "for a day", "--expires", "2020-01-31")
    baseline(adopted, "update", "--add", "--reason", "for good")
    (new,) = (one for one in entries(adopted) if one["path"] == "new.py")
    assert (new["reason"], new.get("expires")) == ("for good", None)
    assert adopted.nightlatch("secrets", "--all-files").code == 0


def test_commands_work_from_a_folder_below_and_outside_git(repository: Repository, tmp_path: Path) -> None:
    stage_tokens(repository, "src/a")
    below = Repository(repository.path / "src", repository.env)
    baseline(below, "create")
    assert (repository.path / NAME).exists()
    assert below.nightlatch("secrets", "--all-files").code == 0
    assert below.nightlatch("secrets", "a.py").code == 0

    outside = Repository(tmp_path / "outside", repository.env)
    outside.write("a.py", line_with_token())
    baseline(outside, "create")
    assert outside.nightlatch("secrets", "--all-files").code == 0


MISTAKES = {
    "no subcommand": ((), "takes one of"),
    "a subcommand that there isn't": (("creat",), "Did you mean create?"),
    "adding without a reason": (("update", "--add"), "--add needs a reason"),
    "an empty reason": (("update", "--add", "--reason", " "), "--reason takes"),
    "a reason without adding": (("update", "--reason", "x"), "entries that are added"),
    "no day": (("create", "--expires", "tomorrow"), "YYYY-MM-DD"),
    "an option of another subcommand": (("prune", "--add"), "--add"),
    "two files": (("import", "a", "b"), "one FILE"),
    "no file to import": (("import", "nowhere"), "there is no such file"),
    "no baseline to update": (("update",), "there is no such file"),
    "no baseline to prune": (("prune",), "there is no such file"),
    "no baseline to audit": (("audit",), "there is no such file"),
    "a path that there isn't": (("create", "nowhere"), ""),
}


@pytest.mark.parametrize(("words", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_end_in_a_sentence_and_exit_2(repository: Repository, words: tuple[str, ...], said: str) -> None:
    outcome = repository.nightlatch("baseline", *words)
    assert outcome.code == 2
    assert said in outcome.err
    assert "unforeseen" not in outcome.err
    assert not (repository.path / NAME).exists()


def test_help_fits_a_screen(repository: Repository) -> None:
    for words in (("--help",), ("audit", "-h")):
        lines = baseline(repository, *words).out.splitlines()
        assert lines[0].startswith("usage: nightlatch baseline create")
        assert len(lines) <= 24
        assert max(map(len, lines)) <= 80


# ── Merges ──────────────────────────────────────────────────────────────────────────────────────────


def branch(repository: Repository, name: str) -> None:
    repository.git("checkout", "--quiet", "-b", name, "main")


def test_branches_that_each_add_entries_merge_cleanly(adopted: Repository) -> None:
    for name in ("one", "two", "three"):
        branch(adopted, name)
        stage_tokens(adopted, *(f"{name}/{number}" for number in range(2)))
        baseline(adopted, "update", "--add", "--reason", f"of {name}")
        adopted.git("add", ".")
        adopted.commit(name)
    adopted.git("checkout", "--quiet", "main")
    for name in ("one", "two", "three"):
        adopted.git("merge", "--quiet", "--no-edit", name)
    assert len(entries(adopted)) == 9
    assert adopted.nightlatch("secrets", "--all-files").code == 0
    assert "nothing changed" in baseline(adopted, "update").out


def test_branches_that_remove_add_and_audit_entries_merge_cleanly(adopted: Repository) -> None:
    branch(adopted, "one")
    adopted.stage("a.py", "")
    baseline(adopted, "update")
    adopted.git("add", ".")
    adopted.commit("one")
    branch(adopted, "two")
    stage_tokens(adopted, "new")
    answer(adopted, "s\nn\ny\n")
    baseline(adopted, "update", "--add", "--reason", "new")
    adopted.git("add", ".")
    adopted.commit("two")
    adopted.git("merge", "--quiet", "--no-edit", "one")
    assert [(one["path"], one.get("audit")) for one in entries(adopted)] == [
        ("b.py", "false"),
        ("c.py", "real"),
        ("new.py", None),
    ]
    assert adopted.nightlatch("secrets", "--all-files").code == 0


def test_a_conflict_is_mended_by_taking_out_its_markers(adopted: Repository) -> None:
    lines = raw(adopted).decode().splitlines(keepends=True)
    place = next(number for number, line in enumerate(lines) if "a.py" in line)
    other = lines[place].replace('"mark": "', '"mark": "0').replace('"mark": "0', '"mark": "', 1)
    other = other.replace("present at adoption", "theirs").replace('"fingerprint": "', '"fingerprint": "00', 1)
    other = other[: other.index('"00') + 33] + other[other.index('"00') + 35 :]
    both = [lines[place], other]
    marked = ["<" * 7 + " HEAD\n", both[0], "=" * 7 + "\n", both[1], ">" * 7 + " theirs\n"]
    adopted.write(NAME, "".join([*lines[:place], *marked, *lines[place + 1 :]]))
    outcome = adopted.nightlatch("secrets", "--all-files")
    assert outcome.code == 2
    assert f"{NAME}:{place + 1}:1: a merge left its conflict markers" in outcome.err
    adopted.write(NAME, "".join([*lines[:place], *both, *lines[place + 1 :]]))
    assert adopted.nightlatch("secrets", "--all-files").code == 0


# ── Parallel processes, and such as are killed ──────────────────────────────────────────────────────


def start(repository: Repository, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        (COMMAND, "baseline", *words),
        cwd=repository.path,
        env=repository.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def remains(repository: Repository) -> list[str]:
    return sorted(path.name for path in repository.path.glob(f"{NAME}*") if path.name != NAME)


def test_parallel_processes_lose_nothing(adopted: Repository) -> None:
    names = [f"p{number}" for number in range(10)]
    stage_tokens(adopted, *(f"{name}/file" for name in names))
    running = [start(adopted, "update", "--add", "--reason", name, name) for name in names]
    for process in running:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    assert sorted(one["reason"] for one in entries(adopted) if one["path"].startswith("p")) == sorted(names)
    assert len(entries(adopted)) == 13
    assert remains(adopted) == []


def test_of_parallel_creations_one_succeeds(repository: Repository) -> None:
    stage_tokens(repository, "a", "b")
    running = [start(repository, "create") for _ in range(6)]
    codes = []
    for process in running:
        process.communicate(timeout=120)
        codes.append(process.returncode)
    assert sorted(codes) == [0, 2, 2, 2, 2, 2]
    assert len(entries(repository)) == 2
    assert remains(repository) == []


WRITER = """
import sys
from nightlatch.baseline.store import Store, new_baseline
from nightlatch.core.baseline.entry import Entry

store = Store(sys.argv[1], "b")
for number in range(int(sys.argv[3])):
    def add(before):
        known = before.entries if before else []
        name = f"{int(sys.argv[2]):016x}{number:016x}"
        return new_baseline("b", [*known, Entry("SEC999", "a", name, None, "x")], before.salt if before else "")
    store.change(add)
"""


def test_many_changes_at_once_are_all_kept(tmp_path: Path) -> None:
    place = tmp_path / NAME
    running = [
        subprocess.Popen((sys.executable, "-c", WRITER, str(place), str(number), "15"), env=with_hooks())
        for number in range(6)
    ]
    assert [process.wait(timeout=120) for process in running] == [0] * 6
    assert len(json.loads(place.read_text(encoding="utf-8"))["entries"]) == 6 * 15 + 257
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def with_hooks() -> dict[str, str]:
    return dict(os.environ) | {"PYTHONPATH": str(HOOKS)}


KILLED = """
import os, signal, sys
from nightlatch.cli import main

moment = getattr(os, sys.argv[1])

def die(*words, **options):
    if sys.argv[1] == "replace" and not str(words[-1]).endswith(".json"):
        return moment(*words, **options)  # the cache
    os.kill(os.getpid(), signal.SIGKILL)

setattr(os, sys.argv[1], die)
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
@pytest.mark.parametrize("moment", ["fchmod", "fsync", "replace"])
def test_a_process_that_is_killed_while_it_writes_leaves_the_file_as_it_was(adopted: Repository, moment: str) -> None:
    before = raw(adopted)
    stage_tokens(adopted, "new")
    words = ("baseline", "update", "--add", "--reason", "new")
    done = subprocess.run(
        (sys.executable, "-c", KILLED, moment, *words),
        cwd=adopted.path,
        env=adopted.env | {"PYTHONPATH": str(HOOKS)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == -9, done
    assert raw(adopted) == before
    assert len(remains(adopted)) == 2, "its lock, and what it was about to write"
    assert adopted.nightlatch("secrets", "a.py").code == 0, "reading needs no lock"

    start = time.monotonic()
    baseline(adopted, *words[1:])
    assert time.monotonic() - start < 20, "a dead process's lock isn't waited for"
    assert len(entries(adopted)) == 4
    assert remains(adopted) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there age alone tells")
def test_several_that_meet_a_dead_process_s_lock_lose_nothing(adopted: Repository) -> None:
    dead = subprocess.Popen((sys.executable, "-c", ""))
    dead.wait()
    adopted.write(f"{NAME}.lock", f"{dead.pid} {os.uname().nodename} 0\n")
    names = [f"p{number}" for number in range(8)]
    stage_tokens(adopted, *(f"{name}/file" for name in names))
    for process in [start(adopted, "update", "--add", "--reason", name, name) for name in names]:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    assert len(entries(adopted)) == 11
    assert remains(adopted) == []


def test_a_link_is_not_written_through(repository: Repository, tmp_path: Path) -> None:
    stage_tokens(repository, "a", "b")
    baseline(repository, "create", "a.py")
    target = tmp_path / "elsewhere.json"
    (repository.path / NAME).rename(target)
    before = target.read_bytes()
    (repository.path / NAME).symlink_to(target)
    outcome = repository.nightlatch("baseline", "update", "--add", "--reason", "new")
    assert outcome.code == 2
    assert "symbolic link" in outcome.err
    assert target.read_bytes() == before
    assert remains(repository) == []


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_can_not_be_written_is_exit_2(adopted: Repository) -> None:
    stage_tokens(adopted, "new")
    adopted.path.chmod(0o555)
    try:
        outcome = adopted.nightlatch("baseline", "update", "--add", "--reason", "new")
    finally:
        adopted.path.chmod(0o755)
    assert outcome.code == 2
    assert "can't be written" in outcome.err


# ── audit ───────────────────────────────────────────────────────────────────────────────────────────


def answer(repository: Repository, answers: str, *words: str) -> Outcome:
    """Run the audit with these lines as input."""
    done = subprocess.run(
        (COMMAND, "baseline", "audit", *words),
        cwd=repository.path,
        env=repository.env,
        input=answers.encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())


def audits(repository: Repository) -> list[str | None]:
    return [one.get("audit") for one in entries(repository)]


def test_the_audit_asks_about_each_entry_and_shows_its_line_masked(adopted: Repository) -> None:
    outcome = answer(adopted, "y\nn\nu\n")
    assert outcome.code == 0
    assert audits(adopted) == ["real", "false", "unsure"]
    lines = outcome.out.splitlines()
    assert lines[0] == "[1/3] a.py:1  SEC301 github-personal-access-token" or lines[0].startswith(
        "[1/3] a.py:1  SEC301"
    )
    assert lines[1] == f'    TOKEN = "{MASK}"'
    assert "real secret? [y]es, [n]o, [u]nsure, [s]kip, [q]uit: " in outcome.out
    assert f"nightlatch: {NAME}: 1 real, 1 false, 1 unsure." in outcome.out
    assert "Revoke the real ones" in outcome.out
    for name in ("a", "b", "c"):
        assert github_token(name)[4:10] not in outcome.out
    assert adopted.nightlatch("secrets", "--all-files").code == 0, "an audit allows and forbids nothing"


def test_the_audit_is_resumed_where_it_was_left(adopted: Repository) -> None:
    assert answer(adopted, "n\nq\n").code == 0
    assert audits(adopted) == ["false", None, None]
    outcome = answer(adopted, "skip\nunsure\n")
    assert outcome.out.startswith("[1/2] b.py:1")
    assert audits(adopted) == ["false", None, "unsure"]
    assert answer(adopted, "yes\n").out.startswith("[1/1] b.py:1")
    assert audits(adopted) == ["false", "real", "unsure"]
    assert "real secret?" not in answer(adopted, "").out
    assert "so far: false" in answer(adopted, "y\ns\nN\n", "--again").out
    assert audits(adopted) == ["real", "real", "false"]


def test_the_audit_asks_again_where_it_does_not_understand(adopted: Repository) -> None:
    outcome = answer(adopted, "maybe\n\nn\nq\n")
    assert outcome.out.count("real secret?") == 4
    assert audits(adopted) == ["false", None, None]


def test_an_input_that_ends_is_exit_2_and_what_was_answered_is_kept(adopted: Repository) -> None:
    outcome = answer(adopted, "n\n")
    assert outcome.code == 2
    assert "The input ended, and 2 questions of the audit had no answer; the others are kept." in outcome.err
    assert audits(adopted) == ["false", None, None]


def test_the_audit_speaks_with_a_terminal(adopted: Repository) -> None:
    terminal, side = os.openpty()
    process = subprocess.Popen(
        (COMMAND, "baseline", "audit"), cwd=adopted.path, env=adopted.env, stdin=side, stdout=side, stderr=side
    )
    os.close(side)
    shown = b""
    for said in (b"y\n", b"n\n", b"q\n"):
        asked = shown.count(b"[q]uit: ")
        while shown.count(b"[q]uit: ") == asked:
            shown += os.read(terminal, 4096)
        os.write(terminal, said)
    assert process.wait(timeout=60) == 0
    os.close(terminal)
    assert audits(adopted) == ["real", "false", None]
    assert github_token("a").encode() not in shown


def test_an_answer_is_kept_beside_what_others_write_meanwhile(adopted: Repository) -> None:
    process = subprocess.Popen(
        (COMMAND, "baseline", "audit"),
        cwd=adopted.path,
        env=adopted.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    assert process.stdout.readline().startswith(b"[1/3]")
    stage_tokens(adopted, "new")
    baseline(adopted, "update", "--add", "--reason", "meanwhile")
    process.stdin.write(b"n\nn\nn\n")
    process.stdin.close()
    process.stdout.read()
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert audits(adopted) == ["false", "false", "false", None]


def test_every_value_of_a_line_is_masked(repository: Repository) -> None:
    one, other = github_token("one"), github_token("other")
    key = "\n".join(random_text(64, number) for number in range(8))
    head, end = "-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----"
    repository.stage("a.py", f'PAIR = ["{one}", "{other}", "{one}"]  # \x1b[2J\n')
    repository.stage("key.pem", f"{head}\n{key}\n{end}\n")
    baseline(repository, "create")
    outcome = answer(repository, "n\nn\nn\n")
    assert f'    PAIR = ["{MASK}", "{MASK}", "{MASK}"]  # \\x1b[2J\n' in outcome.out
    for value in (one, other, *key.split("\n")):
        assert value[4:16] not in outcome.out
    assert answer(repository, "").code == 0


def test_a_long_line_is_shown_in_part(repository: Repository) -> None:
    repository.stage("a.js", "x" * 5000 + f' t="{github_token("a")}" ' + "y" * 5000)
    baseline(repository, "create")
    shown = answer(repository, "n\n").out.splitlines()[1]
    assert MASK in shown
    assert len(shown) < 160
    assert "…" in shown


def test_a_file_that_changes_while_it_is_audited_is_not_shown(adopted: Repository) -> None:
    adopted.stage("page.py", "words = 1\n" + line_with_token("page"))
    baseline(adopted, "update", "--add", "--reason", "new")
    process = subprocess.Popen(
        (COMMAND, "baseline", "audit"),
        cwd=adopted.path,
        env=adopted.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    assert process.stdout.readline().startswith(b"[1/4]")
    adopted.write("page.py", "\n" + line_with_token("page"))
    adopted.write("c.py", "X" + line_with_token("c"))
    process.stdin.write(b"n\nn\nn\nn\n")
    process.stdin.close()
    shown = process.stdout.read().decode()
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert HAS_CHANGED in shown
    for name in ("c", "page"):
        assert github_token(name)[4:12] not in shown


def test_the_list_shows_what_was_said(adopted: Repository) -> None:
    answer(adopted, "y\ns\nu\n")
    lines = baseline(adopted, "audit", "--list").out.splitlines()
    assert [line.split("  ")[0].strip() for line in lines[:3]] == ["real", "not audited", "unsure"]
    assert "a.py" in lines[0]
    assert lines[3] == f"nightlatch: {NAME}: 1 real, 1 unsure, 1 not audited."


# ── import ──────────────────────────────────────────────────────────────────────────────────────────


def detect_secrets(results: dict[str, tuple[str, bool | None]]) -> str:
    """A file as detect-secrets 1.5.0 writes it: path → value and audit."""
    listed = {
        path: [
            {
                "type": "GitHub Token",
                "filename": path,
                "hashed_secret": hashlib.sha1(value.encode(), usedforsecurity=False).hexdigest(),
                "is_verified": False,
                "line_number": 1,
            }
            | ({} if audit is None else {"is_secret": audit})
        ]
        for path, (value, audit) in results.items()
    }
    top = {"version": "1.5.0", "plugins_used": [], "filters_used": [], "results": listed, "generated_at": "2026-01-02"}
    return json.dumps(top, indent=2)


def test_import_takes_over_what_is_found_now_with_its_audit(repository: Repository) -> None:
    stage_tokens(repository, "a", "b", "c", "d")
    old = detect_secrets(
        {
            "a.py": (github_token("a"), False),
            "b.py": (github_token("b"), True),
            "c.py": (github_token("c"), None),
            "d.py": ("another value", None),
            "gone.py": (github_token("gone"), None),
        }
    )
    place = repository.write(".secrets.baseline", old)
    outcome = baseline(repository, "import", ".secrets.baseline")
    assert f"nightlatch: {NAME}: 3 entries: SEC301 (3); .secrets.baseline lists 3 findings." in outcome.out
    assert [(one["path"], one["reason"], one.get("audit")) for one in entries(repository)] == [
        ("a.py", "audited as no secret (imported from detect-secrets)", "false"),
        ("b.py", "audited as a secret (imported from detect-secrets)", "real"),
        ("c.py", "not audited (imported from detect-secrets)", None),
    ]
    place.unlink()
    report = repository.nightlatch("secrets", "--all-files", "--format", "json")
    assert report.findings() == ["SEC301 d.py:1"]
    for value in ("a", "b", "c"):
        assert (
            hashlib.sha1(github_token(value).encode(), usedforsecurity=False).hexdigest()
            not in raw(repository).decode()
        )


def test_import_leaves_entries_that_are_there(adopted: Repository) -> None:
    before = raw(adopted)
    place = adopted.write("old.json", detect_secrets({"a.py": (github_token("a"), False)}))
    baseline(adopted, "import", "old.json")
    assert raw(adopted) == before
    stage_tokens(adopted, "new")
    place.write_text(detect_secrets({"new.py": (github_token("new"), None)}), encoding="utf-8")
    baseline(adopted, "import", "old.json")
    assert [one["path"] for one in entries(adopted)] == ["a.py", "b.py", "c.py", "new.py"]


def test_import_of_nothing_that_is_found_makes_nothing(repository: Repository) -> None:
    repository.stage("page.txt", "words\n")
    repository.write("old.json", detect_secrets({"gone.py": (github_token("gone"), None)}))
    assert "none was made" in baseline(repository, "import", "old.json").out
    assert not (repository.path / NAME).exists()


def test_a_baseline_never_allows_that_a_guard_is_weakened(adopted: Repository) -> None:
    stage_tokens(adopted, "new")
    for _ in range(2):
        baseline(adopted, "update", "--add", "--reason", "new")
    assert {one["rule"] for one in entries(adopted)} == {"SEC301"}
