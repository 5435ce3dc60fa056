"""`nightlatch advisories` as it is typed, and the door through which a hook gets the data."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from nightlatch.advisories import options
from nightlatch.advisories.options import OVERVIEW
from nightlatch.advisories.place import usable_folder
from nightlatch.advisories.supply import supply
from nightlatch.cli import main
from nightlatch.core.advisories.database import AdvisoriesError, NoAdvisoriesError
from nightlatch.core.errors import UsageError
from tests.support.advisories import DAY, affected, archive, build_partial, build_whole, in_full, record, whole, write
from tests.support.repository import COMMAND, environment, run
from tests.support.web import sends, serving

pytestmark = pytest.mark.usefixtures("low_floors")
THING = record("A-1", affected("thing", "introduced 0", ecosystem="npm"))


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own, and no variable of its makers."""
    monkeypatch.setenv("NIGHTLATCH_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("NIGHTLATCH_ADVISORIES_SOURCE")
    return tmp_path / "cache"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A mirror in a folder, with both ecosystems."""
    for name in ("npm", "PyPI"):
        archive(tmp_path / "mirror" / name / "all.zip", whole(name))
    return tmp_path / "mirror"


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["advisories", *words])
    out, err = capsys.readouterr()
    return code, out, err


def test_without_data(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "status")
    assert (code, out) == (2, "PyPI: no data.\nnpm: no data.\n")
    assert "Run: nightlatch advisories update" in err


def test_update_status_and_update_again(capsys: pytest.CaptureFixture[str], cache: Path, source: Path) -> None:
    code, out, _ = said(capsys, "update", "--source", str(source))
    assert code == 0
    assert "66 records read: 0 withdrawn, 0 about other ecosystems or none, 0 unreadable." in out
    assert sorted(os.listdir(cache)) == ["advisories-npm.sqlite", "advisories-pypi.sqlite"]
    code, out, err = said(capsys, "status")
    assert (code, err) == (0, "")
    assert "npm: 66 records (33 of them about malware) about 66 packages; the newest is of 20" in out
    assert str(cache / "advisories-npm.sqlite") in out
    code, out, _ = said(capsys, "update", "--source", "/nowhere", "--max-age", "2d")
    assert (code, out.count("nothing was fetched")) == (0, 2)


def test_one_ecosystem_is_enough_unless_another_is_asked_for(capsys: pytest.CaptureFixture[str], source: Path) -> None:
    assert said(capsys, "update", "--source", str(source), "--ecosystem", "PyPI")[0] == 0
    assert said(capsys, "status")[0] == 0
    assert said(capsys, "status", "--ecosystem", "npm")[0] == 2


def test_what_fails_for_one_ecosystem_is_done_for_the_other(
    capsys: pytest.CaptureFixture[str], cache: Path, source: Path
) -> None:
    (source / "PyPI" / "all.zip").write_bytes(b"<html>")
    code, _, err = said(capsys, "update", "--source", str(source))
    assert code == 2
    assert err.startswith("nightlatch: PyPI: ")
    assert os.listdir(cache) == ["advisories-npm.sqlite"]


def test_a_file_of_ones_own(capsys: pytest.CaptureFixture[str], tmp_path: Path, cache: Path, source: Path) -> None:
    file = str(tmp_path / "own.sqlite")
    assert said(capsys, "update", "--source", str(source), "--advisories", file)[0] == 0
    code, out, _ = said(capsys, "status", "--advisories", file)
    assert (code, out.count(file)) == (0, 2)
    assert not cache.exists()


@pytest.mark.parametrize("content", [b"mine", b"SQLite format 3\0" + bytes(200)])
def test_update_replaces_no_file_that_is_not_ours(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, source: Path, content: bytes
) -> None:
    (tmp_path / "notes").write_bytes(content)
    code, _, err = said(capsys, "update", "--source", str(source), "--advisories", str(tmp_path / "notes"))
    assert (code, (tmp_path / "notes").read_bytes()) == (2, content)
    assert "is no database of advisories" in err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
def test_update_does_not_wait_for_a_fifo(capsys: pytest.CaptureFixture[str], tmp_path: Path, source: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    code, _, err = said(capsys, "update", "--source", str(source), "--advisories", str(tmp_path / "fifo"))
    assert (code, "is no database of advisories" in err) == (2, True)


def test_update_replaces_a_damaged_file_of_ones_own(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, source: Path
) -> None:
    file = build_whole(tmp_path)
    file.write_bytes(file.read_bytes()[:-5000])
    assert said(capsys, "update", "--source", str(source), "--advisories", str(file))[0] == 0
    file.write_bytes(b"")
    assert said(capsys, "update", "--source", str(source), "--advisories", str(file))[0] == 0


def test_the_environment_names_source_and_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIGHTLATCH_ADVISORIES_SOURCE", str(source))
    monkeypatch.setenv("NIGHTLATCH_ADVISORIES", str(tmp_path / "own.sqlite"))
    assert said(capsys, "update")[0] == 0
    assert (tmp_path / "own.sqlite").is_file()
    monkeypatch.setenv("NIGHTLATCH_ADVISORIES_SOURCE", "off")
    assert main(["advisories", "update"]) == 2
    assert "switched off" in capsys.readouterr().err


def test_the_remedy_is_about_the_file_that_was_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = build_partial(tmp_path, record("GHSA-aaaa-bbbb-cccc", affected("acme", "introduced 0")))
    file.write_bytes(file.read_bytes()[:-5000])
    _, _, err = said(capsys, "status", "--advisories", str(file))
    assert f"Run: nightlatch advisories update --advisories {file}    (puts" in err
    (tmp_path / "package.json").write_text("{}")
    _, _, err = said(capsys, "status", "--advisories", str(tmp_path / "package.json"))
    assert "Name a database that nightlatch wrote" in err
    assert "advisories update" not in err, "which would refuse to put a database there"


def test_the_name_of_an_ecosystem_may_be_written_in_any_case(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = build_partial(tmp_path, record("GHSA-aaaa-bbbb-cccc", affected("acme", "introduced 0")))
    code, out, _ = said(capsys, "status", "--advisories", str(file), "--ecosystem", "pypi")
    assert (code, out.startswith("PyPI: 1 record")) == (0, True)
    with pytest.raises(UsageError, match=r"there are PyPI and npm\.$"):
        options.parse(["status", "--ecosystem", "pip"])


def test_records_from_the_future_are_told_and_alone_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ahead, old = (record(f"GHSA-aaaa-bbbb-ccc{age + 9}", affected("acme", "introduced 0"), age=age) for age in (-9, 1))
    (tmp_path / "some").mkdir()
    for name, one in (("a", ahead), ("b", old)):
        (tmp_path / "some" / f"{name}.json").write_text(json.dumps(one))
    words = ("build", str(tmp_path / "some"), "--partial", "--output", str(tmp_path / "x.sqlite"))
    code, out, _ = said(capsys, *words)
    assert (code, "    1 from the future: they count" in out) == (0, True)
    (tmp_path / "some" / "b.json").unlink()
    (tmp_path / "x.sqlite").unlink()
    code, _, err = said(capsys, *words)
    assert (code, "Every record about PyPI is from the future" in err) == (2, True)
    assert not (tmp_path / "x.sqlite").exists()


def test_stale_data(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = str(build_whole(tmp_path, age=9))
    code, out, _ = said(capsys, "status", "--advisories", file)
    assert (code, out.count("warning: The advisory data for")) == (0, 2)
    code, _, err = said(capsys, "status", "--advisories", file, "--max-age", "8d")
    assert (code, err.count("9 days old; at most 8 days are accepted")) == (2, 2)


def test_build(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write(tmp_path / "records", [THING, {"x": 1}])
    output = tmp_path / "out.sqlite"
    code, out, _ = said(capsys, "build", str(folder), "--output", str(output), "--partial")
    assert code == 0
    assert "2 records read: 0 withdrawn, 0 about other ecosystems or none, 1 unreadable." in out
    assert f"1 unreadable: no id: {folder / '00001.json'}" in out
    assert said(capsys, "build", str(folder), "--output", str(output), "--partial")[0] == 0, "it may be built again"
    assert sorted(os.listdir(tmp_path)) == ["out.sqlite", "records"]


def test_what_is_built_is_all_or_a_part_on_purpose(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, source: Path
) -> None:
    output = str(tmp_path / "o")
    folder = str(write(tmp_path / "records", [THING]))
    code, _, err = said(capsys, "build", folder, "--output", output)
    assert code == 2
    assert "These records are not all that there is. npm: it has 1 record about vulnerabilities in npm" in err
    assert "--partial" in err
    assert not os.path.exists(output)
    code, out, _ = said(capsys, "build", str(source / "PyPI"), folder, "--output", output)
    assert code == 0
    assert "npm: not whole, so lockfiles of npm are not compared with it: it has 1 record" in out
    code, out, err = said(capsys, "status", "--advisories", output)
    assert code == 2
    assert f"built from {source / 'PyPI'} (66 records)" in out
    assert "npm: " in err


def test_what_is_built_without_packages_is_no_database(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write(tmp_path / "records", [record("A-1")])
    code, _, err = said(capsys, "build", str(folder), "--output", str(tmp_path / "o"))
    assert (code, "No record is about a package" in err) == (2, True)
    assert os.listdir(tmp_path) == ["records"]


def test_build_replaces_nothing_else(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write(tmp_path / "records", [THING])
    (tmp_path / "notes.txt").write_text("mine")
    code, _, err = said(capsys, "build", str(folder), "--output", str(tmp_path / "notes.txt"))
    assert (code, (tmp_path / "notes.txt").read_text()) == (2, "mine")
    assert "Remove it first" in err


@pytest.mark.parametrize(
    "words",
    [
        [], ["fetch"], ["updat"], ["build"], ["build", "x"], ["update", "x"], ["status", "--max-age", "9w"],
        ["update", "--ecosystem", "Go"], ["update", "--timeout", "0.5"], ["status", "--source", "x"],
    ],
)  # fmt: skip
def test_usage_errors(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    code, out, err = said(capsys, *words)
    assert (code, out) == (2, "")
    assert err.startswith("nightlatch: ")
    assert "unforeseen" not in err


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--help"], ["-h"], ["build", "--help"], ["update", "-h"], ["status", "--help"]):
        assert said(capsys, *words) == (0, OVERVIEW, "")
    assert max(map(len, OVERVIEW.splitlines())) <= 80


# ── The door ────────────────────────────────────────────────────────────────────────────────────────


def ask(
    *ecosystems: str, option: str | None = None, max_age: int | None = None, may_fetch: bool = True
) -> list[str] | None:
    """The ecosystems that there is data for."""
    database = supply(ecosystems or ("npm",), os.environ, option, max_age, may_fetch=may_fetch)
    if database is None:
        return None
    database.close()
    return sorted(database.parts)


def test_on_first_use_it_is_fetched_and_never_again(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = archive(tmp_path / "all.zip", whole("npm")).read_bytes()
    with serving(sends(data)) as (address, asked):
        monkeypatch.setenv("NIGHTLATCH_ADVISORIES_SOURCE", address)
        assert ask() == ["npm"]
        assert ask() == ["npm"]
    assert asked == ["/npm/all.zip"]
    assert os.listdir(cache) == ["advisories-npm.sqlite"]


def test_a_failure_is_remembered_for_a_while(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    """The next commit doesn't wait again; another source, a later hour and a clock that went back are tried."""
    now = time.time()
    with serving(sends(b"", 500)) as (address, asked):
        monkeypatch.setenv("NIGHTLATCH_ADVISORIES_SOURCE", f"{address}/one")
        with pytest.raises(NoAdvisoriesError, match="answered 500"):
            ask()
        with pytest.raises(
            NoAdvisoriesError, match=r"failed at 20[0-9-]+ [0-9:]+ UTC: .*answered 500.*10 min"
        ) as caught:
            ask()
        assert caught.value.remedy.startswith("Run: nightlatch advisories update")
        assert asked == ["/one/npm/all.zip"]
        assert main(["advisories", "update", "--ecosystem", "npm"]) == 2, "the command always tries"
        assert asked == ["/one/npm/all.zip"] * 2
        with pytest.raises(NoAdvisoriesError, match="fetching it within 20 seconds failed"):
            ask("PyPI")
        for moment in (now + 601, now - 60):
            monkeypatch.setattr(time, "time", lambda moment=moment: moment)
            with pytest.raises(NoAdvisoriesError, match="fetching it within 20 seconds failed"):
                ask()
        monkeypatch.setattr(time, "time", lambda: now)
        monkeypatch.setenv("NIGHTLATCH_ADVISORIES_SOURCE", f"{address}/two")
        with pytest.raises(NoAdvisoriesError, match="fetching it within 20 seconds failed"):
            ask()
    assert all(name.startswith("advisories-failed-") for name in os.listdir(cache))


def test_what_is_remembered_holds_no_credentials(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    secret = "s3cr" + "et"
    monkeypatch.setenv("NIGHTLATCH_ADVISORIES_SOURCE", f"http://ada:{secret}@127.0.0.1:9/x?token={secret}")
    with pytest.raises(NoAdvisoriesError):
        ask()
    (kept,) = cache.iterdir()
    assert secret.encode() not in kept.read_bytes()


@pytest.mark.parametrize(("ci", "limit"), [("", 20.0), ("true", 300.0)])
def test_all_ecosystems_together_wait_no_longer_than_one(
    monkeypatch: pytest.MonkeyPatch, ci: str, limit: float
) -> None:
    monkeypatch.setenv("CI", ci)
    clock, given = [100.0], []

    class Built:
        def close(self) -> None:
            clock.append(clock[-1] + 15)

    def slow(*_: object, seconds: float) -> tuple[Built, None]:
        given.append(seconds)
        return Built(), None

    monkeypatch.setattr("nightlatch.advisories.update.update", slow)
    monkeypatch.setattr(time, "monotonic", lambda: clock[-1])
    with pytest.raises(NoAdvisoriesError, match="doesn't exist"):
        ask("PyPI", "npm")
    assert given == [limit, limit - 15]


def test_where_nothing_may_be_fetched_nothing_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(sends(b"")) as (address, asked):
        monkeypatch.setenv("NIGHTLATCH_ADVISORIES_SOURCE", address)
        assert ask(may_fetch=False) is None
    assert asked == []


def test_what_is_there_is_used_where_nothing_may_be_fetched(monkeypatch: pytest.MonkeyPatch, source: Path) -> None:
    monkeypatch.setenv("NIGHTLATCH_ADVISORIES_SOURCE", str(source))
    ask("PyPI")
    assert ask("PyPI", "npm", may_fetch=False) == ["PyPI"]


@pytest.mark.parametrize("value", ["off", "/nowhere", "http://127.0.0.1:9"])
def test_without_data_the_message_has_the_one_command_that_mends_it(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("NIGHTLATCH_ADVISORIES_SOURCE", value)
    with pytest.raises(NoAdvisoriesError, match="There is no advisory data for npm yet") as caught:
        ask()
    assert "Run: nightlatch advisories update" in caught.value.remedy
    assert "if-present" in caught.value.remedy


def test_stale_data_is_not_renewed_behind_ones_back(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.mkdir(mode=0o700)
    build_whole(tmp_path, ecosystems=["npm"], age=31).rename(cache / "advisories-npm.sqlite")
    with serving(sends(b"")) as (address, asked):
        monkeypatch.setenv("NIGHTLATCH_ADVISORIES_SOURCE", address)
        with pytest.raises(AdvisoriesError, match="31 days old"):
            ask()
        with pytest.raises(AdvisoriesError, match="31 days old"):
            ask(may_fetch=False)
    assert asked == []


def test_a_named_file_is_taken_and_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = str(build_partial(tmp_path, THING))
    assert ask(option=file) == ["npm"]
    monkeypatch.setenv("NIGHTLATCH_ADVISORIES", file)
    assert ask() == ["npm"]
    monkeypatch.setenv("NIGHTLATCH_ADVISORIES", file + "x")
    for may_fetch in (True, False):
        with pytest.raises(NoAdvisoriesError, match="doesn't exist"):
            ask(may_fetch=may_fetch)


def test_the_age_that_is_asked_for(tmp_path: Path) -> None:
    file = str(build_whole(tmp_path, ecosystems=["npm"], age=3))
    assert ask(option=file, max_age=4 * DAY) == ["npm"]
    with pytest.raises(AdvisoriesError, match="at most 2 days"):
        ask(option=file, max_age=2 * DAY)


def test_a_cache_in_a_repository_is_not_trusted(cache: Path) -> None:
    cache.mkdir(mode=0o700)
    (cache / ".git").mkdir()
    with pytest.raises(AdvisoriesError, match="it is in a repository") as caught:
        usable_folder(create=True)
    assert "NIGHTLATCH_CACHE_DIR" in caught.value.remedy
    with pytest.raises(AdvisoriesError, match="it is in a repository"):
        ask()


def test_a_cache_that_others_may_write_to_is_not_trusted(cache: Path) -> None:
    cache.mkdir()
    cache.chmod(0o777)
    with pytest.raises(AdvisoriesError, match="others may write"):
        ask()


# ── As a program ────────────────────────────────────────────────────────────────────────────────────


def test_an_interrupted_update_leaves_what_was_there(tmp_path: Path, source: Path) -> None:
    """The command as users start it, with a proxy and a time limit that is over."""
    archive(source / "PyPI" / "all.zip", in_full("PyPI"))
    env = environment(NIGHTLATCH_CACHE_DIR=str(tmp_path / "cache"))
    done = run(COMMAND, "advisories", "update", "--source", str(source), "--ecosystem", "PyPI", cwd=tmp_path, env=env)
    assert done.code == 0, done
    before = {name: (tmp_path / "cache" / name).read_bytes() for name in os.listdir(tmp_path / "cache")}

    def slow(_: object) -> None:
        time.sleep(5)

    with serving(slow) as (address, _):
        words = ("advisories", "update", "--source", address, "--timeout", "1", "--ecosystem", "PyPI")
        done = run(COMMAND, *words, cwd=tmp_path, env=env)
    assert (done.code, "was too slow" in done.err) == (2, True)
    assert {name: (tmp_path / "cache" / name).read_bytes() for name in os.listdir(tmp_path / "cache")} == before


@pytest.mark.parametrize("words", [["--advisories", "x.sqlite"], ["--max-age", "2d"]])
def test_its_options_are_refused_where_nothing_asks_the_data(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert main(["secrets", *words]) == 2
    assert "are for the hook dependencies" in capsys.readouterr().err


def test_an_age_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dependencies", "--max-age", "31d"]) == 2
    assert "--max-age takes days or hours up to 30d" in capsys.readouterr().err
