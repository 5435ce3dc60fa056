"""Several at once, a kill in the middle, a full disk: what is there is whole, or nothing is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.support.advisories import archive, build_whole, in_full, opened
from tests.support.repository import COMMAND, Repository, environment
from tests.support.web import sends, serving

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it kills and limits processes as POSIX does")

UPDATE = ("advisories", "update", "--ecosystem", "PyPI", "--source")
LOCKED = "filling-1==2.0.1 --hash=sha256:" + "0" * 64 + "\n"
FILE = "advisories-pypi.sqlite"
LIMITED = """\
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
os.execv(sys.argv[2], sys.argv[2:])
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An archive of PyPI that counts as whole."""
    return archive(tmp_path_factory.mktemp("full") / "all.zip", in_full("PyPI")).read_bytes()


def started(*words: str, cwd: Path, changes: dict[str, str], most: int = 0) -> subprocess.Popen[str]:
    """The command, under way; most: how many bytes a file that it writes may have, 0 for any number."""
    limited = (sys.executable, "-c", LIMITED, str(most)) if most else ()
    return subprocess.Popen(
        [*limited, COMMAND, *words],
        cwd=cwd,
        env=environment(**changes),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def records(cache: Path) -> int:
    """Opens it and reads it whole."""
    database = opened(cache / FILE)
    try:
        database.check_every_page()
        return database.parts["PyPI"].records
    finally:
        database.close()


def test_two_commits_that_both_fetch(repository: Repository, tmp_path: Path, data: bytes) -> None:
    repository.stage("requirements.txt", LOCKED)
    (tmp_path / "cache").mkdir(mode=0o700)
    with serving(sends(data)) as (address, _):
        changes = {"NIGHTLATCH_CACHE_DIR": str(tmp_path / "cache"), "NIGHTLATCH_ADVISORIES_SOURCE": address}
        both = [started("dependencies", cwd=repository.path, changes=changes) for _ in range(2)]
        answers = [(one.communicate(timeout=120)[0], one.returncode) for one in both]
    assert answers[0] == answers[1]
    assert all("unchecked" not in said and code in (0, 1) for said, code in answers), answers
    assert [name for name in os.listdir(tmp_path / "cache") if "advisories" in name] == [FILE]
    assert records(tmp_path / "cache") == 15006


def test_updates_and_commits_at_once(repository: Repository, tmp_path: Path, data: bytes) -> None:
    """Who reads meanwhile has the old file or the new one, whole."""
    repository.stage("requirements.txt", LOCKED)
    cache = tmp_path / "cache"
    cache.mkdir(mode=0o700)
    build_whole(tmp_path / "old", ecosystems=["PyPI"], age=1).rename(cache / FILE)
    (tmp_path / "all.zip").write_bytes(data)
    changes = {"NIGHTLATCH_CACHE_DIR": str(cache)}
    updates = [started(*UPDATE, str(tmp_path / "all.zip"), cwd=tmp_path, changes=changes) for _ in range(2)]
    codes = set()
    while any(one.poll() is None for one in updates):
        done = started("dependencies", "--fail-on", "error", cwd=repository.path, changes=changes)
        said = done.communicate(timeout=60)[0]
        assert "unchecked" not in said, said
        codes.add(done.returncode)
    assert 2 not in codes
    told = [one.communicate()[0] for one in updates]
    assert [one.returncode for one in updates] == [0, 0], told
    assert records(cache) == 15006


def test_a_kill_in_the_middle(tmp_path: Path, data: bytes) -> None:
    cache = tmp_path / "cache"
    cache.mkdir(mode=0o700)
    build_whole(tmp_path / "old", ecosystems=["PyPI"], age=1).rename(cache / FILE)
    before = (cache / FILE).read_bytes()

    def half(request: BaseHTTPRequestHandler) -> None:
        sends(data[: len(data) // 2], length=len(data))(request)
        request.wfile.flush()
        time.sleep(60)

    with serving(half) as (address, _):
        one = started(*UPDATE, address, cwd=tmp_path, changes={"NIGHTLATCH_CACHE_DIR": str(cache)})
        while not any(path.stat().st_size for path in cache.glob(".advisories-*/*.fetched")):
            assert one.poll() is None, one.communicate()[0]
            time.sleep(0.05)
        one.send_signal(signal.SIGKILL)
        one.communicate()
    assert (cache / FILE).read_bytes() == before
    assert len(os.listdir(cache)) == 2, "what it had fetched is left behind"
    (tmp_path / "all.zip").write_bytes(data)
    again = started(*UPDATE, str(tmp_path / "all.zip"), cwd=tmp_path, changes={"NIGHTLATCH_CACHE_DIR": str(cache)})
    assert again.communicate(timeout=60)[0].startswith("15006 records read")
    assert os.listdir(cache) == [FILE]


@pytest.mark.parametrize("most", [100_000, 1_000_000])
@pytest.mark.parametrize("is_remote", [True, False])
def test_a_full_disk(tmp_path: Path, data: bytes, most: int, *, is_remote: bool) -> None:
    """No file may grow beyond so many bytes: while it is fetched, while it is built."""
    cache = tmp_path / "cache"
    cache.mkdir(mode=0o700)
    build_whole(tmp_path / "old", ecosystems=["PyPI"], age=1).rename(cache / FILE)
    before = (cache / FILE).read_bytes()
    (tmp_path / "all.zip").write_bytes(data)

    with serving(sends(data)) as (address, _):
        source = address if is_remote else str(tmp_path / "all.zip")
        one = started(*UPDATE, source, cwd=tmp_path, most=most, changes={"NIGHTLATCH_CACHE_DIR": str(cache)})
        said = one.communicate(timeout=60)[0]
    assert one.returncode == 2
    assert said.startswith(f"nightlatch: PyPI: {cache / FILE} can't be written: ")
    assert "It is as it was." in said
    assert "see that there is room" in said
    assert (cache / FILE).read_bytes() == before
    assert os.listdir(cache) == [FILE]
