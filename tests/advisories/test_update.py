"""Fetching from a server that answers well and badly: what is there stays as it was unless what comes is better."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from nightlatch.advisories import download as downloading
from nightlatch.advisories import update as updating
from nightlatch.advisories.download import DownloadError, download, shown
from nightlatch.advisories.update import update
from nightlatch.core.advisories.database import AdvisoriesError
from nightlatch.core.errors import NightlatchError
from tests.support.advisories import affected, archive, build_partial, build_whole, opened, record, whole
from tests.support.web import Answer, sends, serving

pytestmark = pytest.mark.usefixtures("low_floors")
THING = record("A-1", affected("thing", "introduced 0", ecosystem="npm"))


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An archive of npm as it should be."""
    return archive(tmp_path_factory.mktemp("good") / "all.zip", whole("npm", THING)).read_bytes()


def ids(path: Path) -> list[str]:
    """What is known of `thing`."""
    database = opened(path)
    try:
        return [one.id for one in database.records("npm", "thing")]
    finally:
        database.close()


def fetched(target: Path, source: str, *ecosystems: str, seconds: float = 60) -> None:
    database, _ = update(str(target), ecosystems or ("npm",), source, seconds=seconds)
    database.close()


def test_a_mirror(tmp_path: Path, good: bytes) -> None:
    target = tmp_path / "npm.sqlite"
    with serving(sends(good)) as (address, asked):
        fetched(target, address + "/mirror/")
    assert asked == ["/mirror/npm/all.zip"]
    assert ids(target) == ["A-1"]
    assert os.listdir(tmp_path) == ["npm.sqlite"]


def test_several_ecosystems_in_one_file(tmp_path: Path) -> None:
    archives = {name: archive(tmp_path / f"{name}.zip", whole(name)).read_bytes() for name in ("npm", "PyPI")}

    def answer(request: BaseHTTPRequestHandler) -> None:
        sends(archives[request.path.split("/")[1]])(request)

    with serving(answer) as (address, asked):
        fetched(tmp_path / "all.sqlite", address, "PyPI", "npm")
    assert asked == ["/PyPI/all.zip", "/npm/all.zip"]


@pytest.mark.parametrize("name", ["all.zip", "records", "mirror", "built.sqlite"])
def test_local_sources(tmp_path: Path, good: bytes, name: str) -> None:
    source = tmp_path / name
    if name == "all.zip":
        source.write_bytes(good)
    elif name == "records":
        source.mkdir()
        (source / "some.zip").write_bytes(good)
    elif name == "mirror":
        (source / "npm").mkdir(parents=True)
        (source / "npm" / "all.zip").write_bytes(good)
    else:
        build_whole(tmp_path, THING, ecosystems=["npm"]).rename(source)
    fetched(tmp_path / "npm.sqlite", str(source))
    assert ids(tmp_path / "npm.sqlite") == ["A-1"]


def test_a_database_that_was_built_elsewhere(tmp_path: Path) -> None:
    data = build_whole(tmp_path, THING, ecosystems=["npm"]).read_bytes()
    with serving(sends(data)) as (address, asked):
        fetched(tmp_path / "npm.sqlite", f"{address}/team/advisories.sqlite")
    assert asked == ["/team/advisories.sqlite"]
    assert ids(tmp_path / "npm.sqlite") == ["A-1"]


# ── What is no answer ───────────────────────────────────────────────────────────────────────────────


def hangs_up(request: BaseHTTPRequestHandler) -> None:
    request.connection.close()


def talks_nonsense(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"220 mail.example ESMTP\r\n")


def loops(request: BaseHTTPRequestHandler) -> None:
    sends(b"", 302, Location=request.path)(request)


def leads_astray(request: BaseHTTPRequestHandler) -> None:
    sends(b"", 302, Location="http://example.com/all.zip")(request)


PAGE = b"<!doctype html><title>Sign in</title>"
ANSWERS: dict[str, tuple[Answer, str]] = {
    "500": (sends(b"oops", 500), "answered 500"),
    "404": (sends(b"no", 404), "answered 404"),
    "407": (sends(b"no", 407), "answered 407"),
    "a web page": (sends(PAGE, kind="text/html"), "answered with a web page"),
    "a web page that says it is an archive": (sends(b"\n  " + PAGE), "answered with a web page"),
    "nothing": (sends(b""), "answered with nothing"),
    "no content": (sends(b"", 204), "answered with nothing"),
    "cut short": (sends(b"PK\3\4" + b"x" * 100, length=5000), "can't be fetched|broke off"),
    "no archive": (sends(b'{"message": "ok"}'), "no whole zip archive"),
    "hangs up": (hangs_up, "can't be fetched"),
    "another protocol": (talks_nonsense, "can't be fetched"),
    "a loop": (loops, "answered 302"),
    "led astray": (leads_astray, "only https is fetched"),
}


@pytest.mark.parametrize(("answer", "words"), ANSWERS.values(), ids=ANSWERS)
def test_bad_answers_change_nothing(tmp_path: Path, good: bytes, answer: Answer, words: str) -> None:
    target = tmp_path / "npm.sqlite"
    with serving(sends(good)) as (address, _):
        fetched(target, address)
    before = target.read_bytes()
    with serving(answer) as (address, _), pytest.raises(NightlatchError, match=words) as caught:
        fetched(target, address)
    assert caught.value.remedy
    assert caught.value.exit_code == 2
    assert target.read_bytes() == before
    assert os.listdir(tmp_path) == ["npm.sqlite"]


def test_a_service_that_is_down(tmp_path: Path) -> None:
    with serving(sends(b"")) as (address, _):
        pass
    with pytest.raises(DownloadError, match=r"can't be fetched: .*refused"):
        fetched(tmp_path / "npm.sqlite", address)


def silent(request: BaseHTTPRequestHandler) -> None:
    time.sleep(3)
    request.close_connection = True


def dribbles_in_the_head(request: BaseHTTPRequestHandler) -> None:
    for _ in range(300):
        request.wfile.write(b"X")
        time.sleep(0.01)


def dribbles(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    for _ in range(300):
        request.wfile.write(b"P")
        time.sleep(0.01)


@pytest.mark.parametrize("answer", [silent, dribbles_in_the_head, dribbles])
def test_a_slow_service_is_given_up(tmp_path: Path, answer: Answer) -> None:
    with serving(answer) as (address, _), pytest.raises(DownloadError, match="was too slow"):
        fetched(tmp_path / "npm.sqlite", address, seconds=0.2)
    assert not (tmp_path / "npm.sqlite").exists()


def test_a_slow_build_is_given_up(tmp_path: Path, good: bytes) -> None:
    (tmp_path / "all.zip").write_bytes(good)
    with pytest.raises(AdvisoriesError, match="time limit"):
        fetched(tmp_path / "npm.sqlite", str(tmp_path / "all.zip"), seconds=0)


def test_too_much_is_not_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloading, "MOST_BYTES", 1000)
    with serving(sends(b"P" * 5000)) as (address, _), pytest.raises(DownloadError, match="is larger than"):
        fetched(tmp_path / "npm.sqlite", address)


# ── Addresses ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "source", ["http://example.com/x", "ftp://example.com/x", "file:///etc/passwd", "https:///x", "http://[x/"]
)
def test_only_https_is_fetched(tmp_path: Path, source: str) -> None:
    with pytest.raises(DownloadError, match=r"only https is fetched|no valid address"):
        fetched(tmp_path / "npm.sqlite", source)


def test_credentials_go_into_the_head_and_nowhere_else(tmp_path: Path) -> None:
    heads: list[str | None] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        heads.append(request.headers.get("Authorization"))
        if request.path == "/a":
            sends(b"", 302, Location="/b")(request)
        else:
            sends(b"", 500)(request)

    user, word = "ada", "p%40ss" + "word"
    with serving(answer) as (address, asked), pytest.raises(DownloadError) as caught:
        download(f"{address.replace('//', f'//{user}:{word}@')}/a", str(tmp_path / "x"), time.monotonic() + 9)
    assert asked == ["/a", "/b"]
    assert heads == ["Basic " + base64.b64encode(f"{user}:p@ss".encode() + b"word").decode(), None]
    assert word not in caught.value.what
    assert shown(f"https://{user}:{word}@example.com/x?token=1") == "https://example.com/x"


def test_a_proxy_is_used(tmp_path: Path, good: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    with serving(sends(good)) as (proxy, asked):
        monkeypatch.setenv("http_proxy", proxy)
        fetched(tmp_path / "npm.sqlite", "http://localhost:9/osv")
    assert asked == ["http://localhost:9/osv/npm/all.zip"]


# ── What comes must be better than what is there ────────────────────────────────────────────────────


def refused(target: Path, source: Path, words: str) -> None:
    before = target.read_bytes() if target.exists() else None
    with pytest.raises(NightlatchError, match=words) as caught:
        fetched(target, str(source))
    assert caught.value.remedy
    assert (target.read_bytes() if target.exists() else None) == before


Make = Callable[[Path], Path]
SOURCES: dict[str, tuple[Make, str]] = {
    "few": (lambda folder: archive(folder / "few.zip", [THING]), "is not whole"),
    "none": (lambda folder: archive(folder / "none.zip", []), "no advisory data for npm"),
    "stale": (lambda folder: archive(folder / "old.zip", whole("npm", age=31)), "31 days old"),
    "future": (lambda folder: archive(folder / "new.zip", whole("npm", age=-3)), "from the future"),
    "another ecosystem": (lambda folder: archive(folder / "py.zip", whole("PyPI")), "no advisory data for npm"),
    "unreadable": (lambda folder: archive(folder / "x.zip", [*whole("npm"), *([{}] * 99)]), "99 of .* can't be read"),
    "partial": (lambda folder: build_partial(folder, THING), "holds a part of the advisories, on purpose"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "words"), SOURCES.values(), ids=SOURCES)
def test_what_is_not_worth_to_be_used(tmp_path: Path, make: Make, words: str) -> None:
    refused(tmp_path / "npm.sqlite", make(tmp_path / "source"), words)


def test_older_data_is_refused(tmp_path: Path) -> None:
    target = build_whole(tmp_path / "now", ecosystems=["npm"])
    refused(target, archive(tmp_path / "old.zip", whole("npm", age=2)), "is older")


@pytest.mark.parametrize(("kind", "id"), [("vulnerabilities", "MORE"), ("malware", "MAL-MORE")])
def test_much_less_data_of_a_kind_is_refused(tmp_path: Path, kind: str, id: str) -> None:
    more = [record(f"{id}-{number}", affected(f"m-{number}", "introduced 0", ecosystem="npm")) for number in range(40)]
    target = tmp_path / "npm.sqlite"
    fetched(target, str(archive(tmp_path / "all.zip", whole("npm", *more))))
    words = f"has 33 records about {kind} for npm; there are 73 now"
    refused(target, archive(tmp_path / "less.zip", whole("npm")), words)


def test_a_part_in_its_place_is_replaced(tmp_path: Path, good: bytes) -> None:
    target = build_partial(tmp_path, record("B-1", affected("other", "introduced 0", ecosystem="npm")))
    (tmp_path / "all.zip").write_bytes(good)
    fetched(target, str(tmp_path / "all.zip"))
    assert ids(target) == ["A-1"]


@pytest.mark.parametrize("age", [-9, 40])
def test_what_is_no_use_is_replaced_whatever_its_date(tmp_path: Path, good: bytes, age: float) -> None:
    target = build_whole(tmp_path / "now", ecosystems=["npm"], age=age)
    (tmp_path / "all.zip").write_bytes(good)
    fetched(target, str(tmp_path / "all.zip"))
    assert ids(target) == ["A-1"]


def test_a_damaged_file_is_replaced(tmp_path: Path, good: bytes) -> None:
    target = tmp_path / "npm.sqlite"
    target.write_bytes(b"damaged")
    (tmp_path / "all.zip").write_bytes(good)
    fetched(target, str(tmp_path / "all.zip"))
    assert ids(target) == ["A-1"]


def test_where_nothing_can_be_written(tmp_path: Path, good: bytes) -> None:
    (tmp_path / "all.zip").write_bytes(good)
    with pytest.raises(AdvisoriesError, match="can't be written") as caught:
        fetched(tmp_path / "none" / "npm.sqlite", str(tmp_path / "all.zip"))
    assert "writable" in caught.value.remedy


def test_remains_of_killed_updates_are_removed(tmp_path: Path, good: bytes) -> None:
    (tmp_path / "all.zip").write_bytes(good)
    here = f".advisories-{updating._machine()}"
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    names = {
        "old": f".advisories-0000dead-{os.getpid()}-x",
        "of another machine": ".advisories-0000dead-1-x",
        "of a process that runs": f"{here}-{os.getpid()}-x",
        "of a process that ended": f"{here}-{int(dead.stdout)}-x",
        "of none": f"{here}-x",
    }
    for name in names.values():
        (tmp_path / name).mkdir()
    os.utime(tmp_path / names["old"], (0, 0))
    fetched(tmp_path / "npm.sqlite", str(tmp_path / "all.zip"))
    assert {key for key, name in names.items() if not (tmp_path / name).exists()} == {"old", "of a process that ended"}
