"""The reader of zip archives, held to the standard library's writer, and to damage."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.advisories import archive
from nightlatch.advisories.archive import ArchiveError, TooLargeError, members, reader

MOST = 1000
CONTENTS = st.lists(st.binary(max_size=MOST), max_size=6)
METHODS = st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])


def written(contents: list[bytes], method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as output:
        for number, data in enumerate(contents):
            output.writestr(f"folder/{number}.json", data)
        output.comment = comment
    return target.getvalue()


def contents(path: Path) -> list[tuple[str, bytes]]:
    with reader(str(path)) as source:
        return [(member.name, member.read(source, MOST)) for member in members(str(path))]


@given(CONTENTS, METHODS, st.binary(max_size=50).filter(lambda text: b"PK" not in text))
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, data: list[bytes], method: int, comment: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "some.zip"
    path.write_bytes(written(data, method, comment))
    assert contents(path) == [(f"folder/{number}.json", one) for number, one in enumerate(data)]


def test_archives_with_64_bit_sizes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 10)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 2)
    data = [b"x" * 100, b"y" * 50, b"z"]
    path = tmp_path / "some.zip"
    path.write_bytes(written(data, zipfile.ZIP_STORED))
    assert b"PK\6\6" in path.read_bytes()
    assert [one for _, one in contents(path)] == data


@given(st.data())
def test_no_cut_archive_is_taken_for_a_whole_one(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    whole = written([b"first" * 20, b"second" * 20])
    path = tmp_path_factory.getbasetemp() / "cut.zip"
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    with pytest.raises(ArchiveError):
        contents(path)


@given(st.data())
def test_a_changed_byte_is_noticed_or_changes_nothing_that_counts(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    original = [b"first" * 20, b"second" * 20]
    raw = bytearray(written(original))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.getbasetemp() / "changed.zip"
    path.write_bytes(raw)
    try:
        found = contents(path)
    except (ArchiveError, TooLargeError):
        return
    assert [one for _, one in found] in (original, original[:1], [])


@given(st.binary(max_size=300))
def test_any_bytes_are_an_archive_or_an_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.zip"
    path.write_bytes(data + b"PK\5\6" + data[:18].ljust(18, b"\0"))
    try:
        contents(path)
    except (ArchiveError, TooLargeError):
        return


def test_a_member_over_the_bound_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "large.zip"
    path.write_bytes(written([b"\0" * (MOST + 1)]))
    with pytest.raises(TooLargeError):
        contents(path)


def test_a_member_never_unpacks_to_more_than_it_says(tmp_path: Path) -> None:
    raw = written([b"\0" * MOST])
    size = MOST.to_bytes(4, "little")
    assert raw.count(size) == 2
    path = tmp_path / "bomb.zip"
    path.write_bytes(raw.replace(size, (10).to_bytes(4, "little")))
    with pytest.raises(ArchiveError, match="damaged"):
        contents(path)


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    raw = bytearray(written([b"text"], zipfile.ZIP_STORED))
    place = raw.find(b"PK\1\2")
    raw[place + 8] |= archive._ENCRYPTED
    path = tmp_path / "secret.zip"
    path.write_bytes(raw)
    with pytest.raises(ArchiveError, match="can't be read"):
        contents(path)
