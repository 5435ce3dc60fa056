from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.core.text import nearest, one_line, plural, shown_path


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"src/a.py", "src/a.py"),
        ("Büro/文.txt".encode(), "Büro/文.txt"),
        (b"caf\xe9.txt", "caf%E9.txt"),
        (b"\xff\xfe", "%FF%FE"),
        (b"100%.txt", "100%.txt"),
    ],
)
def test_undecodable_bytes_of_a_path_are_percent_encoded(raw: bytes, shown: str) -> None:
    assert shown_path(os.fsdecode(raw)) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text", "plain text"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\u202egpj.exe", "\\u202egpj.exe"),
        ("\u200bhidden", "\\u200bhidden"),
        ("\x9b2J", "\\x9b2J"),
        ("::error::boo", "\\x3a:error::boo"),
        ("  ::error::boo", "\\x3a:error::boo"),
        ("a ##[error]boo", "a #\\x23[error]boo"),
        ("##vso[task]", "#\\x23vso[task]"),
        ("Büro 文", "Büro 文"),
    ],
)
def test_what_a_terminal_or_a_log_would_act_upon_is_escaped(text: str, shown: str) -> None:
    assert one_line(text) == shown


@given(st.text())
def test_one_line_never_holds_control_characters_or_a_leading_log_command(text: str) -> None:
    line = one_line(text)
    assert line.isprintable() or not line
    assert not line.lstrip().startswith("::")
    assert "##[" not in line


@given(st.binary().filter(lambda name: b"\0" not in name))
def test_every_path_can_be_encoded_once_it_is_shown(name: bytes) -> None:
    shown_path(os.fsdecode(name)).encode("utf-8")


def test_small_words() -> None:
    assert plural(1, "file") == "1 file"
    assert plural(0, "file") == "0 files"
    assert nearest("secret", ("secrets", "run")) == " Did you mean secrets?"
    assert nearest("xyz", ("secrets", "run")) == ""
