"""What becomes of records: in every form, broken ones, several with one id; and the file that comes of it."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.advisories.build import BuildError, build
from nightlatch.advisories.inputs import MOST_BYTES, InputError
from nightlatch.advisories.osv import NotARecordError, read
from nightlatch.core.advisories.layout import Fixed, Record, pack, unpack
from tests.support.advisories import affected, archive, build_counted, day, opened, record, write

THING = record("A-1", affected("thing", "introduced 0", "fixed 1.10"))


def built(folder: Path, *paths: Path) -> list[str]:
    """The ids that are known of `thing`."""
    output = folder / "built.sqlite"
    build([str(path) for path in paths], str(output), is_partial=True, now=time.time())
    database = opened(output)
    try:
        return [one.id for one in database.records("PyPI", "thing")]
    finally:
        database.close()


def test_a_folder_of_json_yaml_and_archives_at_any_depth(tmp_path: Path) -> None:
    source = write(tmp_path / "records", [THING])
    (source / "deep" / "er").mkdir(parents=True)
    (source / "deep" / "er" / "one.yaml").write_text(yaml.safe_dump(THING | {"id": "B-1"}))
    archive(source / "deep" / "some.zip", [THING | {"id": "C-1"}])
    (source / ".git").mkdir()
    (source / ".git" / "x.json").write_text(json.dumps(THING | {"id": "D-1"}))
    (source / "README.md").write_text("no record")
    (source / "link.json").symlink_to(source / "00000.json")
    assert built(tmp_path, source) == ["A-1", "B-1", "C-1"]


def test_single_files_and_several_sources(tmp_path: Path) -> None:
    first = archive(tmp_path / "all.zip", [THING])
    second = tmp_path / "one.json"
    second.write_text(json.dumps(THING | {"id": "B-1"}))
    unnamed = first.rename(tmp_path / "0.fetched")
    assert built(tmp_path, unnamed, second) == ["A-1", "B-1"]


def test_versions_in_yaml_stay_as_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(
        "id: A-1\nmodified: 2026-01-01T00:00:00Z\naffected:\n- package: {ecosystem: PyPI, name: thing}\n"
        "  ranges:\n  - type: ECOSYSTEM\n    events:\n    - introduced: 0\n    - fixed: 1.10\n"
    )
    built(tmp_path, tmp_path / "one.yaml")
    database = opened(tmp_path / "built.sqlite")
    assert [one.version for known in database.records("PyPI", "thing") for one in known.fixed] == ["1.10"]
    assert database.parts["PyPI"].newest == 1767225600
    database.close()


def test_of_two_with_one_id_the_newer_counts(tmp_path: Path) -> None:
    old = record("A-1", affected("thing", "introduced 0", "fixed 1.0"), age=5)
    new = record("A-1", affected("thing", "introduced 0", "fixed 2.0"), age=1)
    for number, records in enumerate(([old, new], [new, old])):
        folder = tmp_path / str(number)
        built(folder, write(folder / "records", records))
        database = opened(folder / "built.sqlite")
        assert [one.version for known in database.records("PyPI", "thing") for one in known.fixed] == ["2.0"]
        database.close()


@pytest.mark.parametrize(("age", "expected"), [(1, []), (9, ["A-1"])])
def test_a_withdrawal_counts_where_it_is_newer(tmp_path: Path, age: float, expected: list[str]) -> None:
    withdrawn = record("A-1", affected("thing", "introduced 0"), age=age, withdrawn=day(age))
    standing = record("A-1", affected("thing", "introduced 0"), age=5)
    filling = record("B-1", affected("other", "introduced 0"))
    assert built(tmp_path, write(tmp_path / "records", [withdrawn, standing, filling])) == expected


def test_every_record_is_counted(tmp_path: Path) -> None:
    source = write(
        tmp_path / "records",
        [
            THING,
            record("B-1", affected("thing", "introduced 0"), withdrawn=day()),
            record("C-1", {"package": {"ecosystem": "Go", "name": "x"}}),
            record("D-1"),
            record("E-1", affected("thing", "introduced ?")),
            {"name": "package.json"},
        ],
    )
    (source / "list.json").write_text("[]")
    (source / "text.json").write_text("{")
    (source / "deep.json").write_text("[" * 100_000)
    (source / "text.yaml").write_text("a: [")
    (source / "latin.json").write_bytes(b'{"id": "\xff"}')
    (source / "large.json").write_bytes(b" " * (MOST_BYTES + 1))
    counts = build([str(source)], str(tmp_path / "o"), is_partial=True, now=time.time())
    assert (counts.read, counts.withdrawn, counts.others, counts.partly) == (12, 1, 2, 1)
    assert counts.refused == {"no id": 1, "no object": 1, "no JSON": 3, "no YAML": 1, "larger than 32 MB": 1}
    assert counts.examples["no YAML"] == [str(source / "text.yaml")]
    standing = counts.read - counts.withdrawn - counts.others - counts.all_refused
    database = opened(tmp_path / "o")
    assert (database.parts["PyPI"].records, database.parts["PyPI"].unreadable) == (standing, 1)
    database.close()


BROKEN: list[tuple[Any, str]] = [
    (None, "no object"),
    ({"id": 7}, "no id"),
    ({"id": "A\t1"}, "no id"),
    (THING | {"affected": 7}, "`affected` is no list"),
    (THING | {"affected": ["x"]}, "an entry of `affected` is no object"),
    (THING | {"affected": [{"package": "x"}]}, "a package without an ecosystem"),
    (THING | {"affected": [{"package": {"ecosystem": "npm"}}]}, "a package without a name"),
]


@pytest.mark.parametrize(("data", "reason"), BROKEN)
def test_broken_records(data: Any, reason: str) -> None:
    with pytest.raises(NotARecordError, match=reason):
        read(data)


KEYS = [
    "id", "modified", "affected", "package", "ecosystem", "name", "ranges", "type", "events", "introduced", "fixed",
    "versions", "severity", "aliases", "database_specific", "references", "summary",
]  # fmt: skip
JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=8) | st.sampled_from(["PyPI", "npm", "0", "1.0", "ECOSYSTEM"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=20,
)


@given(JSON, JSON, JSON)
def test_any_record_is_read_or_refused(affected_part: Any, more: Any, entry: Any) -> None:
    package = {"package": {"ecosystem": "npm", "name": "thing"}}
    data = (more if isinstance(more, dict) else {}) | {
        "id": "A-1",
        "affected": [package | (entry if isinstance(entry, dict) else {}), affected_part],
    }
    try:
        said = read(data)
    except NotARecordError:
        return
    for known in said.packages.values():
        assert vars_of(unpack(pack([known]))[0]) == vars_of(known)


def vars_of(known: Record) -> dict[str, Any]:
    values = {name: getattr(known, name) for name in Record.__slots__}
    values["fixed"] = [(one.key, one.version, one.is_prerelease) for one in known.fixed]
    return values | {"aliases": list(known.aliases)}


def test_a_row_comes_back_as_it_was() -> None:
    known = Record(
        "GHSA-1", group=3, aliases=["CVE-1", "MAL-2"], severity="low", is_malware=True, is_unreadable=True,
        spans=[("", "A1"), ("A2", "~")], listed=["1.0-x"], fixed=[Fixed("A1", "1.0", is_prerelease=True)],
    )  # fmt: skip
    assert [vars_of(one) for one in unpack(pack([known, known]))] == [vars_of(known)] * 2


@pytest.mark.parametrize("row", ["", "x", "a\t0\t\thigh\t\tA1\t\t", "a\t0\t\turgent\t\t\t\t", "a\tx\t\thigh\t\t\t\t"])
def test_another_row_is_an_error(row: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its words are not promised
        unpack(row)


# ── Inputs and output ───────────────────────────────────────────────────────────────────────────────


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    source = write(tmp_path / "records", [THING, record("B-1", affected("other", "introduced 0"))])
    for name in ("one", "two"):
        build([str(source)], str(tmp_path / name), is_partial=False, now=time.time())
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_only_its_owner_may_read_and_write_it_and_nothing_else_is_left(tmp_path: Path) -> None:
    source = write(tmp_path / "records", [THING])
    output = tmp_path / "out" / "advisories.sqlite"
    output.parent.mkdir()
    build([str(source)], str(output), is_partial=False, now=time.time())
    assert os.listdir(output.parent) == [output.name]
    assert stat.S_IMODE(output.stat().st_mode) == 0o600


def test_records_from_the_future_make_nothing_fresher(tmp_path: Path) -> None:
    ahead = record("B-1", affected("thing", "introduced 0"), age=-400)
    build_counted(tmp_path, ahead, record("A-1", affected("thing", "introduced 0"), age=3))
    database = opened(tmp_path / "advisories.sqlite")
    assert abs(time.time() - 3 * 86400 - database.parts["PyPI"].newest) < 3600
    database.close()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.with_name("other").touch(), "doesn't exist"),
        (lambda path: path.write_bytes(b""), "no whole zip archive"),
        (lambda path: path.write_text("<html>"), "no whole zip archive"),
    ],
)
def test_what_is_no_source(tmp_path: Path, make: Any, words: str) -> None:
    path = tmp_path / "source"
    make(path)
    with pytest.raises(InputError, match=words):
        build([str(path)], str(tmp_path / "o"), is_partial=False, now=time.time())


def test_a_damaged_member_fails_the_build(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as target:
        target.writestr("a.json", json.dumps(THING))
    path.write_bytes(path.read_bytes().replace(b"1.10", b"1.11"))
    with pytest.raises(InputError, match=r"all\.zip is no whole zip archive: a\.json is damaged"):
        build([str(path)], str(tmp_path / "o"), is_partial=False, now=time.time())


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    source = write(tmp_path / "records", [THING])
    with pytest.raises(BuildError, match="can't be written"):
        build([str(source)], str(tmp_path / "none" / "o"), is_partial=False, now=time.time())


def test_the_file_says_whose_work_it_holds(tmp_path: Path) -> None:
    build_counted(tmp_path, THING)
    connection = sqlite3.connect(tmp_path / "advisories.sqlite")
    ((said,),) = connection.execute("SELECT value FROM facts WHERE name = 'attribution'").fetchall()
    connection.close()
    assert "GitHub Advisory Database, CC-BY-4.0" in said
    assert "PyPA Advisory Database, CC-BY-4.0" in said
