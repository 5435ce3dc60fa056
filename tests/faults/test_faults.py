"""Files that can't be read, or that try not to be: for every hook exit 2 and a reason, or the finding all the same."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from nightlatch import cli
from nightlatch.core import files, source
from nightlatch.core.files import MAX_BYTES
from tests.faults.harness import assert_found, assert_harmless, assert_unchecked, inspect
from tests.support.repository import COMMAND, Outcome, Repository, run
from tests.support.samples import Sample

MARKED_LE = b"\xff\xfe"
MARKED_BE = b"\xfe\xff"


def _le(text: str) -> bytes:
    return text.encode("utf-16-le")


def _be(text: str) -> bytes:
    return text.encode("utf-16-be")


ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "UTF-8 with a mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "UTF-16 LE with a mark": lambda text: MARKED_LE + _le(text),
    "UTF-16 BE with a mark": lambda text: MARKED_BE + _be(text),
    "UTF-16 LE": _le,
    "UTF-16 BE": _be,
    "UTF-16 LE with other letters": lambda text: MARKED_LE + _le("# \u4e2d\u6587 \u0416\n" * 20 + text),
    "UTF-32 LE with a mark": lambda text: b"\xff\xfe\0\0" + text.encode("utf-32-le"),
    "UTF-32 BE with a mark": lambda text: b"\0\0\xfe\xff" + text.encode("utf-32-be"),
    "UTF-32 LE": lambda text: text.encode("utf-32-le"),
    "UTF-32 BE": lambda text: text.encode("utf-32-be"),
    "UTF-16 LE after ASCII": lambda text: b"# plain letters stand here\n" + _le(text),
    "UTF-16 BE after ASCII": lambda text: b"# plain letters stand here\n" + _be(text),
    "UTF-16 with a mark after ASCII": lambda text: b"# plain letters stand here\n" + MARKED_LE + _le(text),
    "ASCII after UTF-16 with a mark": lambda text: MARKED_LE + _le("# wide\n" * 9) + text.encode(),
    "ASCII after UTF-16": lambda text: _be("# wide\n" * 9) + text.encode(),
    "UTF-16 shifted by one newline": lambda text: MARKED_LE + _le("# wide\n" * 9) + b"\n" + _le(text),
    "UTF-16 BE under the mark of LE": lambda text: MARKED_LE + _be(text),
    "UTF-16 LE whose first character is NUL": lambda text: MARKED_LE + _le("\0" + text),
    "half a character at the end of UTF-16": lambda text: MARKED_LE + _le(text) + b"\x41",
    "Latin-1 around it": lambda text: b"# caf\xe9 \xff\xfe\xfd\n" + text.encode() + b"# \xe0\xff\n",
    "NUL bytes around it": lambda text: b"\0\0\n" + text.encode() + b"\0",
    "a NUL after every line": lambda text: text.encode().replace(b"\n", b"\0\n"),
    "NUL bytes in the middle": lambda text: text[: len(text) // 2].encode() + b"\0\0" + text[len(text) // 2 :].encode(),
    "a NUL at an even and at an odd place": lambda text: b"#\0#\n#\0\n" + text.encode(),
    "CR alone ends lines": lambda text: ("# one\n# two\n" + text).replace("\n", "\r").encode(),
    "CRLF ends lines": lambda text: ("# one\n# two\n" + text).replace("\n", "\r\n").encode(),
    "no newline at the end": lambda text: text.rstrip("\n").encode(),
    "a form feed and an escape before it": lambda text: b"\x0c\n# \x1b[2J\n" + text.encode(),
    "the first line of an LFS pointer": lambda text: b"version https://git-lfs.github.com/spec/v1\n" + text.encode(),
    "a picture's first bytes, but text": lambda text: b"GIF89a = 1\n" + text.encode(),
    "after 2 MB in one line": lambda text: b"#" + b"x y=" * (1 << 19) + b"\n" + text.encode(),
    "in one line of 4 MB": lambda text: b"#" + b"x y=" * (1 << 19) + text.strip().encode() + b" x y=" * (1 << 19),
    "after 300 000 lines": lambda text: b"x = 1\n" * 300_000 + text.encode(),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.any_file
def test_the_encoding_hides_nothing(tmp_path: Path, sample: Sample, encoding: str) -> None:
    (tmp_path / sample.path).write_bytes(ENCODINGS[encoding](sample.content()))
    assert_found(inspect(tmp_path, sample, sample.path), sample)


OF_ONE_LINE = "in one line of 4 MB"
"""There everything stands behind the sign of a comment."""


@pytest.mark.parametrize("encoding", sorted(ENCODINGS.keys() - {OF_ONE_LINE}))
@pytest.mark.file_by_file
def test_no_encoding_makes_a_file_clean(tmp_path: Path, sample: Sample, encoding: str) -> None:
    """A hook that reads lines of a format may say that it can't, or that they are wrong; never that all is well."""
    (tmp_path / sample.path).write_bytes(ENCODINGS[encoding](sample.content()))
    assert inspect(tmp_path, sample, sample.path).code in (1, 2)


@pytest.mark.file_by_file
def test_staged_utf_16_is_found(planted: Repository, sample: Sample) -> None:
    planted.stage(sample.path, MARKED_LE + _le(sample.content()))
    assert_found(inspect(planted.path, sample, "--staged"), sample)


def test_an_empty_file_is_checked_and_clean(tmp_path: Path, sample: Sample) -> None:
    (tmp_path / sample.path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / sample.path).write_bytes(b"")
    assert inspect(tmp_path, sample, sample.path).code == 0


def _plant_beside(folder: Path, sample: Sample) -> str:
    """Write the sample into a folder of its own, for it must be found whatever is broken beside it."""
    target = folder / "beside" / sample.path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(sample.content())
    return f"beside/{sample.path}"


def _sparse(path: Path) -> None:
    path.write_bytes(b"")
    os.truncate(path, MAX_BYTES + 1)


def _socket(path: Path) -> None:
    """Bind by a short name: a socket's path may have a hundred characters only."""
    with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{short}/s")
        os.rename(f"{short}/s", path)


def _unreadable(path: Path) -> None:
    path.write_text("x = 1\n")
    path.chmod(0)


def _cut(path: Path) -> None:
    """Leave nothing: the PATH is named all the same."""
    assert not path.exists()


BROKEN_FILES: dict[str, tuple[Callable[[Path], None], str]] = {
    "vanished": (_cut, "no such file"),
    "mode 000": (_unreadable, "permission denied"),
    "over the bound": (_sparse, r"larger than 100 MiB \(104857601 bytes\)"),
    "FIFO": (os.mkfifo, "not a regular file"),
    "socket": (_socket, "no such device|not a regular file"),
}


@pytest.mark.parametrize("fault", BROKEN_FILES)
@pytest.mark.file_by_file
def test_a_named_file_that_cannot_be_read_is_unchecked(
    tmp_path: Path, sample: Sample, bound_by_modes: tuple[str, ...], fault: str
) -> None:
    break_file, reason = BROKEN_FILES[fault]
    beside = _plant_beside(tmp_path, sample)
    break_file(tmp_path / sample.path)
    verdict = inspect(tmp_path, sample, beside, sample.path, before=bound_by_modes)
    assert_unchecked(verdict, sample.path, reason)
    assert_found(verdict, sample, beside, code=2)


@pytest.mark.parametrize("fault", [name for name in BROKEN_FILES if name != "vanished"])
@pytest.mark.parametrize("arguments", [("folder",), ("--all-files",)], ids=["PATH", "all files"])
@pytest.mark.file_by_file
def test_a_file_that_cannot_be_read_in_a_walked_folder_is_unchecked(
    tmp_path: Path, sample: Sample, bound_by_modes: tuple[str, ...], fault: str, arguments: tuple[str, ...]
) -> None:
    break_file, reason = BROKEN_FILES[fault]
    beside = _plant_beside(tmp_path / "folder", sample)
    break_file(tmp_path / "folder" / sample.path)
    verdict = inspect(tmp_path, sample, *arguments, before=bound_by_modes)
    root = "" if arguments == ("folder",) else "folder/"
    assert_unchecked(verdict, root + sample.path, reason)
    assert_found(verdict, sample, root + beside, code=2)


@pytest.mark.parametrize("fault", ["mode 000", "over the bound", "FIFO", "socket"])
@pytest.mark.file_by_file
def test_a_tracked_file_that_cannot_be_read_is_unchecked(
    planted: Repository, sample: Sample, bound_by_modes: tuple[str, ...], fault: str
) -> None:
    break_file, reason = BROKEN_FILES[fault]
    planted.stage(f"other/{sample.path}", sample.content())
    (planted.path / sample.path).unlink()
    break_file(planted.path / sample.path)
    verdict = inspect(planted.path, sample, "--all-files", before=bound_by_modes)
    assert_unchecked(verdict, sample.path, reason)
    assert_found(verdict, sample, f"other/{sample.path}", code=2)


@pytest.mark.parametrize("in_git", [False, True], ids=["outside git", "in git"])
@pytest.mark.parametrize("arguments", [("--all-files",), (".",), ()], ids=["all files", "PATH", "no selector"])
def test_a_folder_that_cannot_be_read_is_unchecked(
    tmp_path: Path, sample: Sample, bound_by_modes: tuple[str, ...], arguments: tuple[str, ...], *, in_git: bool
) -> None:
    folder = tmp_path / "project"
    if in_git:
        Repository.create(folder)
    closed = folder / "closed"
    (closed / sample.path).parent.mkdir(parents=True)
    (closed / sample.path).write_text(sample.content())
    closed.chmod(0)
    try:
        verdict = inspect(folder, sample, *arguments, before=bound_by_modes)
    finally:
        closed.chmod(0o755)
    assert verdict.code == 2, verdict.outcomes
    assert "closed" in {path.rstrip("/") for path in verdict.unchecked()}


def test_a_named_folder_that_cannot_be_read_is_refused(
    planted: Repository, sample: Sample, bound_by_modes: tuple[str, ...]
) -> None:
    closed = planted.path / "closed"
    closed.mkdir(mode=0)
    verdict = inspect(planted.path, sample, "closed", before=bound_by_modes)
    assert verdict.code == 2
    assert "closed" in verdict.text.out + verdict.text.err


@pytest.mark.parametrize("in_git", [False, True], ids=["outside git", "in git"])
@pytest.mark.file_by_file
def test_folders_deeper_than_any_path_are_unchecked(tmp_path: Path, sample: Sample, *, in_git: bool) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    if in_git:
        Repository.create(folder)
    beside = _plant_beside(folder, sample)
    here = os.open(folder, os.O_RDONLY)
    for _ in range(25):
        os.mkdir("d" * 200, dir_fd=here)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    deep = os.open(sample.path, os.O_WRONLY | os.O_CREAT, dir_fd=here)
    os.write(deep, sample.content().encode())
    os.close(deep)
    os.close(here)
    verdict = inspect(folder, sample, "--all-files")
    assert_found(verdict, sample, beside, code=2)
    assert any("d" * 200 in path for path in verdict.unchecked())


@pytest.mark.any_file
def test_a_device_is_refused_without_reading_it(tmp_path: Path, sample: Sample) -> None:
    assert_unchecked(inspect(tmp_path, sample, "/dev/zero"), "zero", "not a regular file")


LINKS = {
    "to itself": "link",
    "to a file that isn't there": "nowhere/at/all",
    "to an endless device": "/dev/zero",
    "to a FIFO": "fifo",
    "to its own folder": ".",
    "to the folder above": "..",
    "to the root": "/",
}


@pytest.mark.parametrize("target", LINKS.values(), ids=LINKS)
@pytest.mark.parametrize("arguments", [("--all-files",), ("link", "beside")], ids=["all files", "PATH"])
@pytest.mark.file_by_file
@pytest.mark.any_file
def test_a_symbolic_link_is_not_followed(
    tmp_path: Path, sample: Sample, target: str, arguments: tuple[str, ...]
) -> None:
    folder = tmp_path / "folder"
    beside = _plant_beside(folder, sample)
    if target == "fifo":
        os.mkfifo(tmp_path / "fifo")
        target = "../fifo"
    (folder / "link").symlink_to(target)
    verdict = inspect(folder, sample, *arguments)
    assert_found(verdict, sample, beside)
    assert verdict.report["checked"]["files"] == (1 if sample.by_name else 2)


@pytest.mark.parametrize("target", ["/", "/nowhere", "..", "elsewhere"])
def test_a_link_among_the_paths_does_not_lead_away_from_the_repository(
    tmp_path: Path, planted: Repository, sample: Sample, target: str
) -> None:
    Repository.create(tmp_path / "elsewhere")
    planted.write(".nightlatch.yaml", 'accept-unchecked: [{path: "/gone", reason: "a test"}]\n')
    (planted.path / "link").symlink_to(tmp_path / "elsewhere" if target == "elsewhere" else target)
    verdict = inspect(planted.path, sample, "link", sample.path, "gone")
    assert_found(verdict, sample)


def test_a_staged_symbolic_link_is_not_followed(planted: Repository, sample: Sample) -> None:
    (planted.path / "link").symlink_to("/dev/zero")
    planted.git("add", "link")
    assert_found(inspect(planted.path, sample), sample)


@pytest.mark.file_by_file
def test_a_loop_of_folders_is_walked_once(tmp_path: Path, sample: Sample) -> None:
    beside = _plant_beside(tmp_path, sample)
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    (tmp_path / "beside" / "up").symlink_to("..")
    verdict = inspect(tmp_path, sample, "--all-files")
    assert_found(verdict, sample, beside)
    assert [rule for rule, _ in verdict.found()].count(sample.rule) == 1


@pytest.mark.file_by_file
def test_a_path_through_a_loop_of_links_is_unchecked(tmp_path: Path, sample: Sample) -> None:
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    beside = _plant_beside(tmp_path, sample)
    verdict = inspect(tmp_path, sample, f"one/{sample.path}", beside)
    assert_found(verdict, sample, beside, code=2)
    assert [reason for path, reason in verdict.unchecked().items() if sample.path in path]


def test_a_path_longer_than_the_system_takes_is_unchecked(tmp_path: Path, sample: Sample) -> None:
    path = "/".join(["d" * 200] * 25) + "/" + sample.path
    assert inspect(tmp_path, sample, path).code == 2


def _here(sample: Sample, capfd: pytest.CaptureFixture[str], *arguments: str) -> Outcome:
    """Run the command in this process, where its parts can be replaced."""
    code = cli.main([sample.hook, *arguments])
    captured = capfd.readouterr()
    outcome = Outcome(code, captured.out, captured.err)
    assert_harmless(outcome, sample)
    return outcome


@pytest.mark.file_by_file
def test_a_file_that_goes_away_between_listing_and_reading_is_unchecked(
    tmp_path: Path, sample: Sample, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    gone = _plant_beside(tmp_path, sample)
    monkeypatch.chdir(tmp_path)

    def unlink_first(path: str) -> bytes:
        os.unlink(path)
        return files.read_from_tree(path)

    monkeypatch.setattr(source, "read_from_tree", unlink_first)
    outcome = _here(sample, capfd, "--all-files")
    assert outcome.code == 2
    assert f"{gone}: unchecked it vanished" in outcome.out


@pytest.mark.file_by_file
@pytest.mark.any_file
def test_a_staged_file_over_the_bound_is_unchecked_and_the_next_is_found(
    planted: Repository, sample: Sample, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    planted.stage(f"a-large/{sample.path}", "x" * 3_000_000)
    monkeypatch.chdir(planted.path)
    monkeypatch.setattr(source, "MAX_BYTES", 2 << 20)
    outcome = _here(sample, capfd, "--staged")
    assert outcome.code == 2
    assert f"a-large/{sample.path}: unchecked larger than 2 MiB (3000000 bytes)" in outcome.out
    assert sample.rule in outcome.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--no-such-option"], "--no-such-option"),
        (["--format", "no-such-format"], "no-such-format"),
        (["--report", "no-such-format=x"], "--report takes FORMAT=FILE"),
        (["--report", "json"], "--report takes FORMAT=FILE"),
        (["--fail-on", "never"], "never"),
        (["--color", "beige"], "beige"),
        (["--config"], "--config"),
        (["--config", "no/such/file"], "no/such/file"),
        (["--config", "HEAD:no-such-file"], "no-such-file"),
        (["--config", "-x:y"], ""),
        (["--config", "x", "--no-config"], "exclude each other"),
        (["--staged", "--all-files"], "exclude each other"),
        (["--all-files", "path"], "takes no PATH"),
    ],
    ids=" ".join,
)
def test_a_command_line_that_is_not_understood_is_refused(
    planted: Repository, sample: Sample, arguments: list[str], said: str
) -> None:
    outcome = planted.nightlatch(sample.hook, *arguments)
    assert_harmless(outcome, sample)
    assert outcome.code == 2
    assert not outcome.out
    assert said in outcome.err


@pytest.mark.parametrize("arguments", [(), ("no-such-hook",), ("",), ("--", "secrets")], ids=repr)
def test_a_command_without_a_known_hook_is_refused(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    outcome = run(COMMAND, *arguments, cwd=tmp_path)
    assert outcome.code == 2
    assert not outcome.out
    assert outcome.err.startswith("nightlatch: ")


def test_a_misspelt_hook_is_named_rightly(tmp_path: Path, sample: Sample) -> None:
    outcome = run(COMMAND, sample.hook[:-1], cwd=tmp_path)
    assert outcome.code == 2
    assert f"Did you mean {sample.hook}?" in outcome.err
