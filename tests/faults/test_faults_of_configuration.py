"""A configuration that is broken is refused with its place; a cache that is broken or hostile changes nothing."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from nightlatch.core import cache, config
from nightlatch.core.config_yaml import compiled
from nightlatch.schema import SCHEMA
from tests.faults.harness import NOBODY, assert_all_refused, assert_found, inspect
from tests.support.repository import Repository, environment
from tests.support.samples import Sample

BROKEN: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "not YAML": (b"version: 1\nexclude: [a\n", (".nightlatch.yaml:3:1:", "not valid YAML")),
    "a tab": (b"version: 1\nsecrets:\n\tx: 1\n", (".nightlatch.yaml:3:1:", "not valid YAML")),
    "an unknown key": (b"version: 1\nexclud: []\n", (".nightlatch.yaml:2:1:", "Did you mean exclude?")),
    "an unknown key of a section": (b"secrets:\n  custom-rule: []\n", (":2:3:", "Did you mean custom-rules?")),
    "a key twice": (b"exclude: []\nexclude: []\n", (".nightlatch.yaml:2:1:", "twice")),
    "a value of another kind": (b"exclude: 7\n", (".nightlatch.yaml:1:10:",)),
    "a wrong word": (b"profile: loose\n", (".nightlatch.yaml:1:10:", "profile")),
    "a boolean for a severity": (b"rules: {SEC301: false}\n", (".nightlatch.yaml:1:",)),
    "a later version": (b"version: 99\n", (".nightlatch.yaml:1:10:", "version")),
    "a list at the top": (b"- version\n", (".nightlatch.yaml:1:1:",)),
    "a tag": (b"exclude: !!python/object/apply:os.system [x]\n", (".nightlatch.yaml:1:10:", "tags")),
    "not UTF-8": (b"version: 1\nexclude: ['\xff']\n", (".nightlatch.yaml:2:12:", "not UTF-8")),
    "UTF-16": ("version: 1\n".encode("utf-16"), (".nightlatch.yaml", "not UTF-8")),
    "a NUL": (b"version: 1\0\n", (".nightlatch.yaml:1:11:", "U+0000")),
    "an escape sequence": (b"exclude: ['\x1b[2J']\n", (".nightlatch.yaml:1:12:", "U+001B")),
    "too large": (b"#" * (config.MAX_BYTES + 1), (".nightlatch.yaml", "larger than 1024 KiB")),
    "too deep": (b"exclude: " + b"[" * 5000 + b"]" * 5000, (".nightlatch.yaml:1:", "deeper")),
    "a bomb of aliases": (
        b"a: &a [x, x, x, x, x, x, x, x]\n"
        + b"".join(b"%c: &%c [%b]\n" % (c, c, b", ".join([b"*%c" % (c - 1)] * 8)) for c in range(98, 110)),
        (".nightlatch.yaml:",),
    ),
    "two documents": (b"version: 1\n---\nversion: 1\n", (".nightlatch.yaml:2:1:", "second document")),
    "a catastrophic pattern": (
        b"secrets: {custom-rules: [{id: ACME001, pattern: '(a+)+$', keywords: [a]}]}\n",
        ("custom-rules",),
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_configuration_is_refused_with_its_place(planted: Repository, sample: Sample, fault: str) -> None:
    content, said = BROKEN[fault]
    if fault == "a catastrophic pattern" and sample.hook != "secrets":
        pytest.skip("who uses the pattern refuses it")
    planted.write(".nightlatch.yaml", content)
    assert_all_refused(inspect(planted.path, sample, "--staged"), *said)


@pytest.mark.parametrize("fault", ["not YAML", "an unknown key", "too large"])
def test_a_broken_configuration_of_another_name_is_refused_by_that_name(
    planted: Repository, sample: Sample, fault: str
) -> None:
    planted.write("other.yaml", BROKEN[fault][0])
    assert_all_refused(inspect(planted.path, sample, "--staged", "--config", "other.yaml"), "other.yaml")


def _closed(path: Path) -> None:
    path.write_text("version: 1\n")
    path.chmod(0)


IN_ITS_PLACE: dict[str, Callable[[Path], None]] = {
    "a folder": Path.mkdir,
    "a FIFO": os.mkfifo,
    "a link that dangles": lambda path: path.symlink_to("nowhere"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "a link to a folder": lambda path: path.symlink_to("/"),
    "a file of mode 000": _closed,
}


@pytest.mark.parametrize("fault", IN_ITS_PLACE)
def test_what_stands_in_the_place_of_a_configuration_is_refused(
    planted: Repository, sample: Sample, bound_by_modes: tuple[str, ...], fault: str
) -> None:
    IN_ITS_PLACE[fault](planted.path / ".nightlatch.yaml")
    assert_all_refused(inspect(planted.path, sample, "--staged", before=bound_by_modes), ".nightlatch.yaml")


@pytest.mark.parametrize("name", [".nightlatch.yml", "nightlatch.yaml", "nightlatch.yml"])
@pytest.mark.parametrize("dangles", [False, True], ids=["file", "dangling link"])
def test_a_configuration_by_a_wrong_name_is_refused(
    planted: Repository, sample: Sample, name: str, *, dangles: bool
) -> None:
    if dangles:
        (planted.path / name).symlink_to("nowhere")
    else:
        planted.write(name, "version: 1\n")
    assert_all_refused(inspect(planted.path, sample, "--staged"), name, "Rename it to .nightlatch.yaml")


@pytest.mark.parametrize("reference", ["nowhere", "HEAD~9", "", "--output=x", "-p", "HEAD:x"])
def test_a_configuration_of_a_commit_that_is_not_there_is_refused(
    planted: Repository, sample: Sample, reference: str
) -> None:
    verdict = inspect(planted.path, sample, "--staged", f"--config={reference}:.nightlatch.yaml")
    assert_all_refused(verdict)
    assert not (planted.path / "x").exists()


def test_expired_exceptions_do_not_count(tmp_path: Path, sample: Sample) -> None:
    entry = '{path: "/gone", reason: "a test", expires: "%s"}'
    for day, code in (("2020-01-01", 2), ("2999-12-31", 0)):
        (tmp_path / ".nightlatch.yaml").write_text(f"accept-unchecked: [{entry % day}]\n")
        assert inspect(tmp_path, sample, "gone").code == code


CONFIGURATION = b"version: 1\n# what the cache is asked for\n"
DISARMING = b"exclude: ['**']\n"


def _plant_lie(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Store what would disarm every hook as the compiled form of CONFIGURATION."""
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(folder))
    cache.store(
        config._CACHE_KIND, b"%d\n%b" % (config.COMPILED_VERSION, CONFIGURATION), compiled(DISARMING, "", SCHEMA)
    )
    assert list(folder.iterdir())


def _with_cache(planted: Repository, folder: Path) -> dict[str, str]:
    planted.write(".nightlatch.yaml", CONFIGURATION)
    return environment(NIGHTLATCH_CACHE_DIR=str(folder))


@pytest.mark.file_by_file
def test_the_planted_lie_would_be_believed_in_a_cache_of_one_s_own(
    tmp_path: Path, planted: Repository, sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without this the tests below would prove nothing."""
    _plant_lie(tmp_path / "cache", monkeypatch)
    assert inspect(planted.path, sample, "--staged", env=_with_cache(planted, tmp_path / "cache")).code == 0


def _owned_by_another(path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may give files away")
    os.chown(path, NOBODY, NOBODY)


HOSTILE_CACHES: dict[str, Callable[[Path], None]] = {
    "writable by all": lambda folder: folder.chmod(0o777),
    "writable by the group": lambda folder: folder.chmod(0o770),
    "of another user": _owned_by_another,
    "with a file writable by all": lambda folder: next(folder.iterdir()).chmod(0o666),
    "with a file of another user": lambda folder: _owned_by_another(next(folder.iterdir())),
}


@pytest.mark.parametrize("fault", HOSTILE_CACHES)
def test_a_cache_that_others_may_have_written_is_not_believed(
    tmp_path: Path, planted: Repository, sample: Sample, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    folder = tmp_path / "cache"
    _plant_lie(folder, monkeypatch)
    HOSTILE_CACHES[fault](folder)
    assert_found(inspect(planted.path, sample, "--staged", env=_with_cache(planted, folder)), sample)


@pytest.mark.parametrize("place", ["cache", ".git/cache"])
def test_a_cache_within_a_repository_is_not_believed(
    tmp_path: Path, planted: Repository, sample: Sample, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    _plant_lie(tmp_path / "cache", monkeypatch)
    (tmp_path / "cache").rename(planted.path / place)
    assert_found(inspect(planted.path, sample, "--staged", env=_with_cache(planted, planted.path / place)), sample)


@pytest.mark.parametrize("relative", ["cache", ".", "../repository/cache", ""])
def test_a_cache_by_a_relative_name_is_not_used(
    tmp_path: Path, planted: Repository, sample: Sample, monkeypatch: pytest.MonkeyPatch, relative: str
) -> None:
    _plant_lie(tmp_path / "cache", monkeypatch)
    (tmp_path / "cache").rename(planted.path / "cache")
    planted.write(".nightlatch.yaml", CONFIGURATION)
    home = tmp_path / "home"
    home.mkdir()
    env = environment(NIGHTLATCH_CACHE_DIR=relative, HOME=str(home), XDG_CACHE_HOME="cache")
    assert_found(inspect(planted.path, sample, "--staged", env=env), sample)


UNUSABLE_CACHES: dict[str, Callable[[Path], None]] = {
    "a file in its place": Path.touch,
    "a FIFO in its place": os.mkfifo,
    "a dangling link in its place": lambda folder: folder.symlink_to("/proc/nowhere"),
    "a link to itself": lambda folder: folder.symlink_to(folder.name),
    "read-only": lambda folder: folder.mkdir(mode=0o500),
    "closed": lambda folder: folder.mkdir(mode=0),
    "below a file": lambda folder: (folder.parent / "file").touch(),
}


@pytest.mark.parametrize("fault", UNUSABLE_CACHES)
def test_a_cache_that_cannot_be_used_is_done_without(
    tmp_path: Path, planted: Repository, sample: Sample, bound_by_modes: tuple[str, ...], fault: str
) -> None:
    folder = tmp_path / "cache"
    UNUSABLE_CACHES[fault](folder)
    env = _with_cache(planted, tmp_path / "file" / "cache" if fault == "below a file" else folder)
    verdict = inspect(planted.path, sample, "--staged", env=env, before=bound_by_modes)
    assert_found(verdict, sample)
    assert not verdict.text.err


def _garbage(path: Path) -> None:
    path.write_bytes(os.urandom(300))


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5])


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-3] ^= 0xFF
    path.write_bytes(data)


def _fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize("damage", [_garbage, _cut, _flip, _fifo, _folder, _link], ids=lambda damage: damage.__name__)
def test_a_damaged_cache_is_not_believed(
    tmp_path: Path, planted: Repository, sample: Sample, damage: Callable[[Path], None]
) -> None:
    folder = tmp_path / "cache"
    env = _with_cache(planted, folder)
    assert_found(inspect(planted.path, sample, "--staged", env=env), sample)
    files = list(folder.iterdir())
    assert files
    for path in files:
        damage(path)
    assert_found(inspect(planted.path, sample, "--staged", env=env), sample)


def test_the_cache_is_made_for_the_user_alone(tmp_path: Path, planted: Repository, sample: Sample) -> None:
    folder = tmp_path / "cache"
    inspect(planted.path, sample, "--staged", env=_with_cache(planted, folder))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
