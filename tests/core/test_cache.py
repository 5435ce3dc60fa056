"""The cache gives back what was stored, and nothing that isn't safely the user's own."""

from __future__ import annotations

import marshal
import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nightlatch.core import cache

if TYPE_CHECKING:
    from pathlib import Path

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="modes and links of POSIX")
VALUE = {"rules": {"SEC001": "off"}, "list": [1, 2.5, None, True, "é", ("a", ())]}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NIGHTLATCH_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def only_file(folder: Path) -> Path:
    [file] = folder.iterdir()
    return file


def test_a_stored_value_is_loaded() -> None:
    cache.store("config", b"key", VALUE)
    assert cache.load("config", b"key") == VALUE


def test_nothing_is_loaded_for_another_key_or_kind() -> None:
    cache.store("config", b"key", VALUE)
    assert cache.load("config", b"other") is None
    assert cache.load("other", b"key") is None


def test_keys_that_share_a_place_are_told_apart(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(cache, "PLACES", 1)
    cache.store("config", b"one", 1)
    cache.store("config", b"two", 2)
    assert len(list(folder.iterdir())) == 1
    assert cache.load("config", b"one") is None
    assert cache.load("config", b"two") == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(key=st.binary(max_size=300), value=st.dictionaries(st.text(), st.lists(st.integers() | st.text() | st.none())))
def test_any_key_and_plain_value_come_back(key: bytes, value: object) -> None:
    cache.store("config", key, value)
    assert cache.load("config", key) == value


@pytest.mark.parametrize("cut", range(0, 100, 7))
def test_a_truncated_file_is_a_miss(folder: Path, cut: int) -> None:
    cache.store("config", b"key", VALUE)
    file = only_file(folder)
    data = file.read_bytes()
    file.write_bytes(data[: len(data) * cut // 100])
    assert cache.load("config", b"key") is None


def test_a_change_of_any_single_byte_is_a_miss(folder: Path) -> None:
    cache.store("config", b"key", VALUE)
    file = only_file(folder)
    data = file.read_bytes()
    for index, byte in enumerate(data):
        file.write_bytes(data[:index] + bytes([byte ^ 1]) + data[index + 1 :])
        assert cache.load("config", b"key") is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.binary(max_size=200))
def test_a_file_of_anything_else_is_a_miss(folder: Path, data: bytes) -> None:
    cache.store("config", b"key", VALUE)
    only_file(folder).write_bytes(data)
    assert cache.load("config", b"key") is None


def test_a_form_of_another_version_is_a_miss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "PLACES", 1)
    cache.store("config", b"key", VALUE)
    monkeypatch.setattr(cache, "_TAG", b"nightlatch 9 cpython-399 1\n")
    assert cache.load("config", b"key") is None


def test_a_file_over_the_bound_is_neither_written_nor_read(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    cache.store("config", b"key", VALUE)
    monkeypatch.setattr(cache, "MAX_BYTES", 40)
    assert cache.load("config", b"key") is None
    only_file(folder).unlink()
    cache.store("config", b"key", VALUE)
    assert list(folder.iterdir()) == []


def test_a_value_that_is_not_plain_is_not_kept_and_no_error() -> None:
    cache.store("config", b"key", object())
    assert cache.load("config", b"key") is None


@POSIX
def test_folder_and_file_are_closed_to_others(folder: Path) -> None:
    before = os.umask(0)
    try:
        cache.store("config", b"key", VALUE)
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(only_file(folder).stat().st_mode) == 0o600


@POSIX
@pytest.mark.parametrize("mode", [0o777, 0o770, 0o722, 0o1777])
def test_a_folder_that_others_may_write_to_is_not_used(folder: Path, mode: int) -> None:
    cache.store("config", b"key", VALUE)
    folder.chmod(mode)
    assert cache.load("config", b"key") is None
    cache.store("config", b"more", VALUE)
    assert len(list(folder.iterdir())) == 1


@POSIX
def test_a_folder_of_another_user_is_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.store("config", b"key", VALUE)
    somebody = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: somebody)
    assert cache.load("config", b"key") is None
    cache.store("config", b"more", VALUE)
    assert len(list(folder.iterdir())) == 1


@POSIX
def test_a_file_that_others_may_write_to_is_a_miss(folder: Path) -> None:
    cache.store("config", b"key", VALUE)
    only_file(folder).chmod(0o666)
    assert cache.load("config", b"key") is None


@POSIX
def test_a_symbolic_link_in_a_files_place_is_not_followed(folder: Path, tmp_path: Path) -> None:
    cache.store("config", b"key", VALUE)
    file = only_file(folder)
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert cache.load("config", b"key") is None
    cache.store("config", b"key", VALUE)
    assert not file.is_symlink()
    assert cache.load("config", b"key") == VALUE


@POSIX
def test_a_fifo_in_a_files_place_does_not_block(folder: Path) -> None:
    cache.store("config", b"key", VALUE)
    file = only_file(folder)
    file.unlink()
    os.mkfifo(file)
    assert cache.load("config", b"key") is None


def test_a_folder_in_a_files_place_is_a_miss(folder: Path) -> None:
    cache.store("config", b"key", VALUE)
    file = only_file(folder)
    file.unlink()
    file.mkdir()
    assert cache.load("config", b"key") is None
    cache.store("config", b"key", VALUE)
    assert [entry.name for entry in folder.iterdir()] == [file.name]


@pytest.mark.parametrize("marker", ["folder", "file"])
def test_a_cache_inside_a_git_repository_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, marker: str
) -> None:
    """Else a scanned repository could bring a compiled configuration along that switches its checks off."""
    cache.store("config", b"key", VALUE)
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (tmp_path / "cache").rename(checkout / "cache")
    monkeypatch.setenv("NIGHTLATCH_CACHE_DIR", str(checkout / "cache"))
    assert cache.load("config", b"key") == VALUE
    if marker == "folder":
        (checkout / ".git").mkdir()
    else:
        (checkout / ".git").write_text("gitdir: elsewhere")
    assert cache.load("config", b"key") is None


@POSIX
def test_a_link_into_a_git_repository_is_not_used(tmp_path: Path) -> None:
    cache.store("config", b"key", VALUE)
    (tmp_path / "checkout" / ".git").mkdir(parents=True)
    (tmp_path / "cache").rename(tmp_path / "checkout" / "cache")
    (tmp_path / "cache").symlink_to(tmp_path / "checkout" / "cache")
    assert cache.load("config", b"key") is None


def test_a_place_that_cannot_be_made_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NIGHTLATCH_CACHE_DIR", str(tmp_path / "file" / "below"))
    cache.store("config", b"key", VALUE)
    assert cache.load("config", b"key") is None


def test_a_full_disk_is_no_error_and_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        cache.store("config", b"key", VALUE)
    assert list(folder.iterdir()) == []


def test_short_writes_and_reads_are_carried_on(monkeypatch: pytest.MonkeyPatch) -> None:
    write, read = os.write, os.read
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda descriptor, data: write(descriptor, bytes(data[:3])))
        patched.setattr(os, "read", lambda descriptor, size: read(descriptor, min(size, 5)))
        cache.store("config", b"key", VALUE)
        assert cache.load("config", b"key") == VALUE


def test_the_environment_decides_the_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own, shared, home = (str(tmp_path / name) for name in ("own", "shared", "home"))
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("HOME", home)
    monkeypatch.setenv("XDG_CACHE_HOME", shared)
    monkeypatch.setenv("NIGHTLATCH_CACHE_DIR", own)
    assert cache.folder() == own
    monkeypatch.delenv("NIGHTLATCH_CACHE_DIR")
    assert cache.folder() == os.path.join(shared, "nightlatch")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache.folder() == os.path.join(home, ".cache", "nightlatch")


@pytest.mark.parametrize("odd", ["", "relative", "./here", "~/there"])
def test_relative_and_empty_places_are_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, odd: str) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("NIGHTLATCH_CACHE_DIR", odd)
    monkeypatch.setenv("XDG_CACHE_HOME", odd)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.folder() == str(tmp_path / ".cache" / "nightlatch")


def test_without_any_absolute_place_there_is_no_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.chdir(tmp_path)
    for name in ("NIGHTLATCH_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "here")
    cache.store("config", b"key", VALUE)
    assert cache.folder() is None
    assert cache.load("config", b"key") is None
    assert list(tmp_path.iterdir()) == []


def test_macos_and_windows_have_their_own_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("NIGHTLATCH_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cache.folder() == str(tmp_path / "Library" / "Caches" / "nightlatch")
    monkeypatch.setattr(sys, "platform", "win32")
    assert cache.folder() is None
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert cache.folder() == os.path.join(str(tmp_path / "local"), "nightlatch", "cache")


def test_the_place_of_a_key_is_the_same_in_every_process() -> None:
    cache.store("config", b"key", VALUE)
    script = (
        "from nightlatch.core import cache; import marshal, sys; "
        "marshal.dump(cache.load('config', b'key'), sys.stdout.buffer)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "7"}
    answer = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=True).stdout
    assert marshal.loads(answer) == VALUE  # noqa: S302 - the test wrote it


def test_a_home_folder_that_isn_t_there_is_not_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = tmp_path / "nobody"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("NIGHTLATCH_CACHE_DIR")
    for shared in ("", str(home / "cache")):
        monkeypatch.setenv("XDG_CACHE_HOME", shared)
        cache.store("kind", b"key", 1)
        assert cache.load("kind", b"key") is None
        assert not home.exists()
    home.mkdir()
    cache.store("kind", b"key", 1)
    assert cache.load("kind", b"key") == 1
