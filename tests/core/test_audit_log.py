from __future__ import annotations

import errno
import gzip
import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from nightlatch.core import audit_log
from nightlatch.core.audit_log import DAY, Settings, default_path, timestamp, write
from nightlatch.core.redact import MASK, redacted
from tests.support.tokens import random_text

HOOKS = Path(__file__).resolve().parents[2] / "hooks"


def settings(folder: Path, **limits: int) -> Settings:
    return Settings(str(folder / "log" / "audit.log"), **limits)


def lines(where: Settings) -> list[Any]:
    """Every line that is kept, in any file."""
    found = []
    for path in Path(where.folder).iterdir():
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        found += [json.loads(line) for line in data.splitlines() if path.suffix != ".lock"]
    return found


def mode(path: str) -> int:
    return stat.S_IMODE(os.stat(path).st_mode)


def test_a_line_is_appended_to_a_file_that_others_can_t_read(tmp_path: Path) -> None:
    where = settings(tmp_path)
    previous = os.umask(0)
    try:
        write({"a": "é\n\x1b"}, where)
        write({"a": 2}, where)
    finally:
        os.umask(previous)
    assert Path(where.path).read_bytes() == b'{"a":"\\u00e9\\n\\u001b"}\n{"a":2}\n'
    assert (mode(where.path), mode(where.folder)) == (0o640, 0o750)


def test_a_mode_that_was_loosened_is_set_again(tmp_path: Path) -> None:
    where = settings(tmp_path)
    where.is_own = True
    write({}, where)
    os.chmod(where.path, 0o644)
    os.chmod(where.folder, 0o700 | stat.S_IROTH)
    write({}, where)
    assert (mode(where.path), mode(where.folder)) == (0o640, 0o750)


def test_a_full_file_is_compressed_and_the_oldest_goes(tmp_path: Path) -> None:
    where = settings(tmp_path, max_size=100, files=3)
    for number in range(50):
        write({"number": number, "fill": "x" * 20}, where)
    names = sorted(path.name for path in Path(where.folder).iterdir())
    assert names == ["audit.log", "audit.log.1.gz", "audit.log.2.gz", "audit.log.lock"]
    assert all(mode(os.path.join(where.folder, name)) & 0o027 == 0 for name in names)
    kept = sorted(line["number"] for line in lines(where))
    assert kept == list(range(kept[0], 50))
    assert kept[0] > 30


def test_one_file_alone_begins_anew(tmp_path: Path) -> None:
    where = settings(tmp_path, max_size=100, files=1)
    for number in range(20):
        write({"number": number, "fill": "x" * 20}, where)
    assert sorted(path.name for path in Path(where.folder).iterdir()) == ["audit.log", "audit.log.lock"]


def test_compressed_files_go_when_their_days_are_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = settings(tmp_path, max_size=100, files=9, days=2)
    for _ in range(6):
        write({"fill": "x" * 60}, where)
    old = Path(f"{where.path}.2.gz")
    os.utime(old, (0, time.time() - 3 * DAY))
    write({}, where)
    assert old.exists(), "it is looked for once a day"
    tomorrow = time.time() + 1.5 * DAY
    monkeypatch.setattr(time, "time", lambda: tomorrow)
    write({}, where)
    assert not old.exists()
    assert Path(f"{where.path}.1.gz").exists()


WRITER = """
import sys
from nightlatch.core.audit_log import Settings, write
for number in range(int(sys.argv[3])):
    write({"who": sys.argv[2], "number": number, "fill": "x" * 200}, Settings(sys.argv[1], max_size=20_000, files=100))
"""


def test_no_line_of_several_writers_is_lost_or_torn(tmp_path: Path) -> None:
    where = settings(tmp_path)
    start = [sys.executable, "-c", WRITER, where.path]
    env = os.environ | {"PYTHONPATH": str(HOOKS)}
    writers = [subprocess.Popen([*start, str(who), "120"], env=env) for who in range(4)]
    assert [writer.wait() for writer in writers] == [0] * 4
    expected = [(str(who), number) for who in range(4) for number in range(120)]
    assert sorted((line["who"], line["number"]) for line in lines(where)) == sorted(expected)
    assert Path(f"{where.path}.1.gz").exists()


def test_half_a_line_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = settings(tmp_path)
    write({"a": 1}, where)
    real = os.write

    def full(descriptor: int, data: Sequence[int]) -> int:
        if len(data) < 15:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, bytes(data[:10]))

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space"):
            write({"a": "x" * 50}, where)
    write({"a": 2}, where)
    assert lines(where) == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize("kind", ["link", "fifo", "folder"])
def test_what_is_no_file_is_not_written_to(tmp_path: Path, kind: str) -> None:
    where = settings(tmp_path)
    target = Path(where.path)
    target.parent.mkdir()
    if kind == "link":
        (tmp_path / "other").write_text("")
        target.symlink_to(tmp_path / "other")
    elif kind == "fifo":
        os.mkfifo(target)
    else:
        target.mkdir()
    with pytest.raises(OSError):  # noqa: PT011 - each system has its own words
        write({}, where)


def test_a_lock_that_is_held_is_not_waited_for_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = settings(tmp_path)
    write({}, where)
    monkeypatch.setattr(audit_log, "MOST_WAIT", 0.05)
    held = audit_log._locked(f"{where.path}.lock")
    with pytest.raises(OSError):  # noqa: PT011 - each system has its own words
        write({}, where)
    os.close(held)
    write({}, where)
    assert len(lines(where)) == 2


def test_what_is_no_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too long"):
        write({"a": "x" * 100_000}, settings(tmp_path))
    with pytest.raises(OSError, match="no folder"):
        write({}, Settings(""))


def test_where_the_log_lies() -> None:
    home = {"HOME": "/home/a", "USERPROFILE": "/home/a"}
    assert default_path(home, "linux") == "/home/a/.local/state/nightlatch/audit/audit.log"
    assert default_path(home | {"XDG_STATE_HOME": "/s"}, "linux") == "/s/nightlatch/audit/audit.log"
    assert default_path(home | {"XDG_STATE_HOME": "here"}, "linux").startswith("/home/a/")
    assert default_path(home, "darwin") == "/home/a/Library/Application Support/nightlatch/audit/audit.log"
    assert default_path(home | {"LOCALAPPDATA": "/l"}, "win32") == "/l/nightlatch/audit/audit.log"
    assert default_path(home, "win32") == ""
    section = {"path": "~/a/b.log", "max-size": 5, "files": 2, "days": 3}
    found = Settings.of(section, home)
    assert (found.path, found.max_size, found.files, found.days) == ("/home/a/a/b.log", 5, 2, 3)


def test_a_timestamp_is_utc_with_milliseconds() -> None:
    assert timestamp(0.25) == "1970-01-01T00:00:00.250Z"
    assert timestamp(1769697000.9999) == "2026-01-29T14:30:00.999Z"


VALUE = random_text(20, "redact")
WITH_VALUES = {
    "an assignment": f"export DB_PASSWORD={VALUE}",
    "quoted": f"API_KEY='{VALUE} and more' run",
    "JSON": f'curl -d \'{{"client_secret": "{VALUE}"}}\'',
    "an option": f"tool --auth-token {VALUE} build",
    "an option with =": f"tool --password={VALUE}",
    "a header": f"curl -H 'Authorization: Bearer {VALUE}'",
    "an address": f"psql postgres://app:{VALUE}@db/app",
    "a user": f"curl -u admin:{VALUE} https://a.example",
}


@pytest.mark.parametrize("text", WITH_VALUES.values(), ids=WITH_VALUES)
def test_values_are_masked_by_their_names(text: str) -> None:
    shown = redacted(text)
    assert VALUE not in shown
    assert "and more" not in shown
    assert MASK in shown


@pytest.mark.parametrize("text", ["git log --author Ada", "npm run build", "ls src:lib", "make token", "a = b"])
def test_plain_text_is_left_alone(text: str) -> None:
    assert redacted(text) == text


def test_masking_takes_linear_time_and_a_bounded_text() -> None:
    assert len(redacted("a" * 10**6)) < 10_000
    for piece in ("token", "token=", "-token ", "://a:", "x" * 59 + "token", '"', "-u a:"):
        redacted(piece * 4000)
