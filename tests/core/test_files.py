from __future__ import annotations

import os
import re
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.core.files import UnreadableError, _without_values, as_text, read_from_tree, readings, skip_reason
from tests.support.tokens import github_token

TOKEN = github_token()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_become_utf8(encoding: str) -> None:
    text = f"first\nname = 'Jürgen'\ntoken = {TOKEN}\n" + "plain\n" * 20
    if encoding in ("utf-16-le", "utf-16-be"):
        text = text.replace("ü", "u")
    assert text.encode().strip() in as_text(text.encode(encoding))


@pytest.mark.parametrize(
    "data",
    [
        f"ascii {TOKEN}\n".encode() + "wide\n".encode("utf-16-le"),
        b"ascii first\n" + f"wide {TOKEN}\n".encode("utf-16-le"),
        "wide\n".encode("utf-16") + f"ascii {TOKEN}\n".encode(),
        "wide\n".encode("utf-16") + f"ascii {TOKEN} odd\n".encode(),
        TOKEN[:20].encode() + b"\0" + TOKEN[20:].encode(),
        b"\0" * 3 + TOKEN.encode() + b"\0" * 5,
        TOKEN.encode("utf-16-be")[1:],
    ],
)
def test_mixed_encodings_and_stray_nuls_hide_nothing(data: bytes) -> None:
    assert any(TOKEN.encode() in file.text for file in readings("a.txt", data))


def test_a_nul_parts_words_in_the_first_reading() -> None:
    data = f"A=1\0TOKEN={TOKEN}\0NEXT=2\0".encode()
    first, second = readings("environ", data)
    assert first.text == data.replace(b"\0", b" ")
    assert (first.again, second.again) == (False, True)
    assert len(list(readings("a.txt", b"no such thing"))) == 1


@given(st.binary())
def test_any_bytes_can_be_read(data: bytes) -> None:
    as_text(data)
    skip_reason(data)


def test_only_real_media_counts_as_binary() -> None:
    png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\1" * 50
    assert skip_reason(png) == "binary without text"
    assert skip_reason(b"GIF89a is how a GIF begins") == ""
    assert skip_reason(b"text with a \0 in it") == ""


def test_a_pointer_of_git_lfs_is_said_to_be_one() -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 12\n"
    assert "LFS pointer" in skip_reason(pointer)
    assert skip_reason(pointer + b"x" * 2000) == ""


def test_a_link_is_read_as_its_target_and_never_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("content")
    (tmp_path / "link").symlink_to("secret")
    (tmp_path / "loop").symlink_to("loop")
    assert read_from_tree(str(tmp_path / "link")) == b"secret"
    assert read_from_tree(str(tmp_path / "loop")) == b"loop"


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        for name in ("fifo", "socket", "."):
            with pytest.raises(UnreadableError):
                read_from_tree(str(tmp_path / name))


def test_the_bound_is_said_in_the_reason(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * 2_000_001)
    with pytest.raises(UnreadableError, match="larger than 1 MiB"):
        read_from_tree(str(tmp_path / "large"), limit=1024 * 1024)
    assert len(read_from_tree(str(tmp_path / "large"), limit=2_000_001)) == 2_000_001


def test_a_file_that_is_not_there_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_from_tree(str(tmp_path / "missing"))


WORDS = st.lists(st.sampled_from([b"***", b"a", b"1", b",", b"aaaaa1", b" ", b'"', b"'", b"`", b"\\", b"\xff"])).map(
    b"".join
)


def without_values_word_by_word(line: bytes) -> bytes:
    """The same, slowly: whatever fingerprints are made of must stay as it is."""
    around = rb"[^\s\"'`]*\*\*\*[^\s\"'`]*"
    with_digit = rb"(?=[A-Za-z_+/=.@:$!-]{0,64}[0-9])[A-Za-z0-9_+/=.@:$!-]{6,}"
    return re.sub(rb"\"[^\"]*\"|'[^']*'|`[^`]*`|" + around + b"|" + with_digit, b"***", line)


@given(WORDS)
def test_what_a_fingerprint_is_made_of(line: bytes) -> None:
    assert _without_values(line) == without_values_word_by_word(line)


@pytest.mark.parametrize("piece", [b",", b"a,", b"ab", b"*", b"**,", b"'", b'"a`', b"a1", b"aaaaa"])
def test_a_hostile_line_has_a_fingerprint(piece: bytes) -> None:
    """With the square of its length it would take minutes."""
    line = piece * (1_000_000 // len(piece))
    assert b"***" in _without_values(line + b" ***")
    assert b"***" in _without_values(b"*** " + line)
