"""The database is refused, with what to do, unless it is whole, known and fresh."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nightlatch.advisories.build import build
from nightlatch.core.advisories.age import read_age, shown_age
from nightlatch.core.advisories.canaries import (
    CANARIES,
    FAMILIES,
    FEWEST_MALWARE,
    FEWEST_VULNERABILITIES,
    MALWARE_CANARIES,
)
from nightlatch.core.advisories.database import AdvisoriesError, Database, NoAdvisoriesError
from nightlatch.core.advisories.ecosystems import ECOSYSTEMS
from nightlatch.core.advisories.matching import match
from tests.support.advisories import (
    DAY,
    Locked,
    Record,
    affected,
    archive,
    build_partial,
    build_whole,
    opened,
    record,
    tell_enough,
    whole,
)

THING = record("A-1", affected("thing", "introduced 0"))


def require(
    path: Path, *ecosystems: str, max_age: int = 30 * DAY, now: float = 0, may_be_a_part: bool = False
) -> list[str]:
    """The warnings. Raises AdvisoriesError."""
    database = opened(path)
    try:
        database.require(ecosystems or tuple(ECOSYSTEMS), now or time.time(), max_age, may_be_a_part=may_be_a_part)
        return [text for text, _ in database.warnings]
    finally:
        database.close()


@pytest.fixture
def copy(whole_advisories: Path, tmp_path: Path) -> Path:
    """A whole database that may be broken."""
    path = tmp_path / "copy.sqlite"
    path.write_bytes(whole_advisories.read_bytes())
    return path


def test_a_whole_and_fresh_database_is_taken(whole_advisories: Path) -> None:
    assert require(whole_advisories) == []


def change(statement: str) -> Callable[[Path], None]:
    def changed(path: Path) -> None:
        connection = sqlite3.connect(path)
        with connection:
            connection.execute(statement)
        connection.close()

    return changed


def as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5000])


def grown(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def overwritten(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    path.write_bytes(data)


FAULTS: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "missing": (lambda path: path.unlink(), "doesn't exist", "advisories update"),
    "empty": (lambda path: path.write_bytes(b""), "is empty", "advisories update"),
    "a web page": (lambda path: path.write_text("<html>" * 500), "is no file of advisories", "advisories update"),
    "a folder": (as_folder, "is no file of advisories", "advisories update"),
    "another database": (change("PRAGMA application_id = 7"), "is no file of advisories", "advisories update"),
    "another form": (change("PRAGMA user_version = 99"), "has the form 99", "build it anew"),
    "truncated": (cut, "is truncated", "advisories update"),
    "grown": (grown, "is truncated", "advisories update"),
    "overwritten": (overwritten, "is damaged", "advisories update"),
    "a table is gone": (change("DROP TABLE packages"), "is damaged", "advisories update"),
    "no ecosystem": (change("DELETE FROM ecosystems"), "no advisory data for PyPI", "advisories update"),
    "emptied": (change("DELETE FROM packages"), "doesn't know CVE", "advisories update"),
    "too few": (change("UPDATE ecosystems SET vulnerabilities = 7"), "7 records about vulnerabilities", "update"),
    "too little malware": (change("UPDATE ecosystems SET malware = 2499"), "2499 records about malware", "update"),
    "some": (change("UPDATE ecosystems SET extent = 'some'"), "without all that there is", "update"),
    "no extent": (change("UPDATE ecosystems SET extent = 'x'"), "is damaged", "advisories update"),
    "no number": (change("UPDATE ecosystems SET newest = 'x'"), "is damaged", "advisories update"),
    "from the future": (change("UPDATE ecosystems SET newest = newest + 200000"), "from the future", "clock"),
    "beyond the calendar": (change("UPDATE ecosystems SET newest = 1 << 62"), "from the future", "clock"),
    "stale": (
        change("UPDATE ecosystems SET newest = newest - 31 * 86400"),
        "31 days old; at most 30 days",
        "advisories update",
    ),
    "a row of another form": (change("UPDATE packages SET records = 'x'"), "is damaged", "advisories update"),
}


@pytest.mark.parametrize(("fault", "what", "remedy"), FAULTS.values(), ids=FAULTS)
def test_faults(copy: Path, fault: Callable[[Path], object], what: str, remedy: str) -> None:
    fault(copy)
    with pytest.raises(AdvisoriesError) as caught:
        require(copy)
    assert what in caught.value.what
    assert remedy in caught.value.remedy
    assert caught.value.exit_code == 2


def refused(folder: Path, ecosystem: str, records: list[Record]) -> str:
    """Why a database of these records is refused, that pretends to have been found whole; the same when it is built."""
    source = archive(folder / "all.zip", records)
    counts = build([str(source)], str(folder / "o"), is_partial=False, now=time.time())
    assert opened(folder / "o").parts[ecosystem].extent == ("some" if counts.missing[ecosystem] else "whole")
    change("UPDATE ecosystems SET extent = 'whole'")(folder / "o")
    with pytest.raises(AdvisoriesError) as caught:
        require(folder / "o", ecosystem)
    assert counts.missing[ecosystem]
    assert counts.missing[ecosystem] in caught.value.what
    return caught.value.what


@pytest.mark.usefixtures("low_floors")
@pytest.mark.parametrize("ecosystem", ECOSYSTEMS)
def test_each_canary_counts(tmp_path: Path, ecosystem: str) -> None:
    for number in range(len(CANARIES[ecosystem])):
        records = [one for one in whole(ecosystem) if one["id"] != f"GHSA-CANARY-{ecosystem}-{number}"]
        assert CANARIES[ecosystem][number][2] in refused(tmp_path / str(number), ecosystem, records)


@pytest.mark.usefixtures("low_floors")
@pytest.mark.parametrize("ecosystem", ECOSYSTEMS)
def test_without_any_report_of_known_malware_it_is_not_whole(tmp_path: Path, ecosystem: str) -> None:
    every = whole(ecosystem)
    reports = [one["id"] for one in every if one["id"].startswith("MAL-CANARY")]
    without = [one for one in every if one["id"] not in reports]
    assert "it has no MAL- record about any of " in refused(tmp_path / "none", ecosystem, without)
    for id in reports:
        folder = tmp_path / id
        source = archive(folder / "all.zip", [*without, *(one for one in every if one["id"] == id)])
        build([str(source)], str(folder / "o"), is_partial=False, now=time.time())
        assert require(folder / "o", ecosystem) == [], "one of them will do: reports are withdrawn"


@pytest.mark.usefixtures("low_floors")
@pytest.mark.parametrize("ecosystem", ECOSYSTEMS)
def test_a_vulnerability_in_malwares_place_is_none(tmp_path: Path, ecosystem: str) -> None:
    records = [
        one | ({"id": "X-" + one["id"]} if one["id"].startswith("MAL-CANARY") else {}) for one in whole(ecosystem)
    ]
    assert "it has no MAL- record" in refused(tmp_path, ecosystem, records)


@pytest.mark.usefixtures("low_floors")
@pytest.mark.parametrize("ecosystem", ECOSYSTEMS)
def test_one_database_of_several_is_not_whole(tmp_path: Path, ecosystem: str) -> None:
    records = [one | {"id": one["id"].replace("GHSA-", "PYSEC-")} for one in whole(ecosystem)]
    assert "it has no GHSA- record about any of " in refused(tmp_path, ecosystem, records)


@pytest.mark.parametrize("ecosystem", ECOSYSTEMS)
def test_the_real_floors(tmp_path: Path, ecosystem: str) -> None:
    """What the canaries and some filling make is far from all that there is."""
    what = refused(tmp_path, ecosystem, whole(ecosystem))
    assert f"about vulnerabilities in {ecosystem}, and there are at least" in what
    assert FEWEST_VULNERABILITIES[ecosystem] >= 3000
    assert FEWEST_MALWARE[ecosystem] >= 5000


def test_canaries_and_floors_are_for_every_ecosystem() -> None:
    for each in (CANARIES, MALWARE_CANARIES, FAMILIES, FEWEST_MALWARE, FEWEST_VULNERABILITIES):
        assert set(each) == set(ECOSYSTEMS)


@pytest.mark.usefixtures("low_floors")
def test_what_came_along_with_another_ecosystem_is_not_all_that_there_is(tmp_path: Path) -> None:
    source = archive(tmp_path / "all.zip", [*whole("npm"), THING])
    output = tmp_path / "o"
    counts = build([str(source)], str(output), is_partial=False, now=time.time())
    assert require(output, "npm") == []
    assert counts.missing["npm"] == ""
    with pytest.raises(AdvisoriesError) as caught:
        require(output, "PyPI")
    assert "it has 1 record about vulnerabilities in PyPI" in caught.value.what
    assert f"It was built from {source}." in caught.value.what


def test_a_locked_file(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nightlatch.core.advisories.database._PATIENCE", 0.05)
    other = sqlite3.connect(copy)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(AdvisoriesError, match="is locked: another program writes to it"):
        require(copy)
    other.rollback()
    other.close()
    assert require(copy) == []


def test_a_read_only_folder_is_no_fault(copy: Path) -> None:
    copy.chmod(0o400)
    copy.parent.chmod(0o500)
    try:
        assert require(copy) == []
    finally:
        copy.parent.chmod(0o700)


@pytest.mark.parametrize("name", ["what?.sqlite", "50%25.sqlite", "a#b.sqlite", "ü ö.sqlite"])
def test_names_that_mean_something_in_addresses(tmp_path: Path, name: str) -> None:
    path = build_partial(tmp_path, THING).rename(tmp_path / name)
    database = opened(path)
    assert [one.id for one in database.records("PyPI", "thing")] == ["A-1"]
    database.close()


def test_opening_writes_nothing(copy: Path) -> None:
    before = (copy.read_bytes(), sorted(os.listdir(copy.parent)))
    require(copy)
    assert (copy.read_bytes(), sorted(os.listdir(copy.parent))) == before


def test_damage_that_lookups_dont_meet_is_found_by_reading_all(copy: Path) -> None:
    database = opened(copy)
    database.check_every_page()
    database.close()
    data = bytearray(copy.read_bytes())
    place = data.rfind(b"filling-2")
    start = place // 4096 * 4096
    data[start : start + 4096] = b"\xff" * 4096
    copy.write_bytes(data)
    database = opened(copy)
    with pytest.raises(AdvisoriesError, match="is damaged"):
        database.check_every_page()
    database.close()


def test_damage_in_the_row_that_is_asked_for(copy: Path) -> None:
    change("UPDATE packages SET records = 'x' WHERE name = 'acme-http'")(copy)
    database = opened(copy)
    with pytest.raises(AdvisoriesError, match="is damaged"):
        list(match([Locked("PyPI", "acme-http", "1.0")], database, lambda *_: None))
    database.close()


# ── Age ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_week_is_worth_a_warning_and_a_month_is_too_much(tmp_path: Path) -> None:
    path = build_whole(tmp_path, ecosystems=["npm"])
    now = time.time()
    assert require(path, "npm", now=now + 6.9 * DAY) == []
    (warning,) = require(path, "npm", now=now + 7.1 * DAY)
    assert warning.startswith("The advisory data for npm is 7 days old. From 30 days on it is refused.")
    assert require(path, "npm", now=now + 29.9 * DAY)
    with pytest.raises(AdvisoriesError, match="30 days old"):
        require(path, "npm", now=now + 30.1 * DAY)


def test_a_smaller_age_can_be_asked_for(tmp_path: Path) -> None:
    path = build_whole(tmp_path, ecosystems=["npm"], age=3)
    assert require(path, "npm", max_age=4 * DAY) == []
    with pytest.raises(AdvisoriesError, match="3 days old; at most 2 days are accepted"):
        require(path, "npm", max_age=2 * DAY)


def test_the_age_is_the_datas_own_and_not_the_files(tmp_path: Path) -> None:
    path = build_whole(tmp_path, ecosystems=["npm"], age=40)
    assert time.time() - path.stat().st_mtime < 3600
    with pytest.raises(AdvisoriesError, match="40 days old"):
        require(path, "npm")


def test_each_ecosystem_has_an_age_of_its_own(tmp_path: Path) -> None:
    path = tell_enough(build_whole(tmp_path, *whole("npm", age=40), ecosystems=["PyPI"]), "npm")
    assert require(path, "PyPI") == []
    with pytest.raises(AdvisoriesError, match="npm is 40 days old"):
        require(path)


def test_a_clock_may_be_a_little_behind(tmp_path: Path) -> None:
    path = build_whole(tmp_path, ecosystems=["npm"])
    assert require(path, "npm", now=time.time() - 0.9 * DAY) == []


@pytest.mark.parametrize(("text", "seconds"), [("2d", 172800), ("36h", 129600), ("30d", 2592000), ("720h", 2592000)])
def test_ages(text: str, seconds: int) -> None:
    assert read_age(text) == seconds


@pytest.mark.parametrize("text", ["", "2", "d", "0d", "31d", "2w", "-1d", "1.5d", " 2d", "2d ", "٣d", "99999999d"])
def test_what_is_no_age(text: str) -> None:
    assert read_age(text) is None


def test_ages_are_told_in_words() -> None:
    assert [shown_age(seconds) for seconds in (-5, 3600, 90000, 2 * DAY, 12.7 * DAY)] == [
        "0 hours", "1 hour", "25 hours", "2 days", "12 days",
    ]  # fmt: skip


# ── Parts ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_part_that_was_built_on_purpose_is_told(tmp_path: Path) -> None:
    (warning,) = require(build_partial(tmp_path, THING), "PyPI", may_be_a_part=True)
    assert "holds a part of the advisories for PyPI" in warning


def test_a_part_is_refused_where_all_is_expected(tmp_path: Path) -> None:
    with pytest.raises(AdvisoriesError, match="it was built as a part of the advisories for PyPI, on purpose"):
        require(build_partial(tmp_path, THING), "PyPI")


def test_each_ecosystem_may_have_a_file_of_its_own(tmp_path: Path) -> None:
    both = [THING, record("B-1", affected("thing", "introduced 0", ecosystem="npm"))]
    first, second = build_partial(tmp_path / "a", *both), build_partial(tmp_path / "b", *both[1:])
    database = Database({"PyPI": str(first), "npm": str(second)})
    assert {name: part.file for name, part in database.parts.items()} == {"PyPI": str(first), "npm": str(second)}
    database.close()


def test_without_an_ecosystem_there_is_no_data(tmp_path: Path) -> None:
    with pytest.raises(NoAdvisoriesError, match="no advisory data for npm"):
        require(build_partial(tmp_path, THING), "npm")


def test_the_page_tells_the_floors_and_the_canaries() -> None:
    page = (Path(__file__).parents[2] / "docs" / "advisories.md").read_text(encoding="utf-8")
    for floors in (FEWEST_VULNERABILITIES, FEWEST_MALWARE):
        assert "| " + " | ".join(f"{floors[name]:,}" for name in ("PyPI", "npm")) + " |" in page
    for name in ECOSYSTEMS:
        assert ", ".join(f"{id} ({package})" for package, _, id in CANARIES[name]) in page
        assert ", ".join(package for package, _ in MALWARE_CANARIES[name]) in page
