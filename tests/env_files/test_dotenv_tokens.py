"""The tokenizer of env files: what it tells of an assignment, that it never fails, and that it ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.env_files.dotenv_readers import READERS, dotenv, groups
from nightlatch.env_files.dotenv_tokens import Assignment, Stray, tokens

PIECES = (
    "A",
    "b",
    '"',
    "'",
    "`",
    "\\",
    "#",
    " ",
    "=",
    ":",
    "$",
    "{",
    "}",
    "(",
    ")",
    "\n",
    "\r\n",
    "\t",
    "\ufeff",
    "é",
    "export ",
)
texts = st.lists(st.sampled_from(PIECES), max_size=60).map("".join).map(str.encode)
values = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x2FF), max_size=30)
LONG = 200_000


def assignments(text: bytes) -> list[Assignment]:
    return [token for token in tokens(text) if isinstance(token, Assignment)]


@given(st.one_of(st.binary(max_size=200), texts))
def test_every_byte_is_told_of_once_or_left_out(text: bytes) -> None:
    """Tokens come in order, don't overlap, and nothing but blanks and comments stands between them."""
    position = 0
    for token in tokens(text):
        assert position <= token.start < token.stop <= len(text)
        between = text[position : token.start].removeprefix(b"\xef\xbb\xbf")
        for line in between.replace(b"\r", b"\n").split(b"\n"):
            assert not line.strip() or line.strip().startswith(b"#")
        position = token.stop


@given(texts)
def test_every_reader_answers(text: bytes) -> None:
    for token in assignments(text):
        named = groups(token, tuple(READERS))
        assert sorted(name for names in named for name in names) == sorted(READERS)


@given(texts)
def test_where_a_token_says_its_value_stands_it_stands(text: bytes) -> None:
    for token in assignments(text):
        assert text[token.value_start : token.value_stop] == token.raw
        assert text[token.key_start :].startswith(token.key)
        if token.quote:
            assert text[token.value_start - 1 : token.value_start] == token.quote
            assert text[token.value_stop : token.value_stop + 1] == token.quote


@given(values.filter(lambda value: "'" not in value and "\\" not in value), st.sampled_from(("", "export ")))
def test_what_is_quoted_comes_back(value: str, export: str) -> None:
    text = f"FIRST=1\n{export}NAME='{value}' # why\nLAST=2\n".encode()
    first, token, last = assignments(text)
    assert (first.key, token.key, last.key) == (b"FIRST", b"NAME", b"LAST")
    assert (token.quote, token.raw, token.fault) == (b"'", value.encode(), "")
    reading = dotenv(token)
    assert reading is not None
    assert reading.value == value.encode()


@given(st.lists(values.filter(lambda value: '"' not in value and "\\" not in value), min_size=1, max_size=5))
def test_quoted_lines_come_back(lines: list[str]) -> None:
    value = "\n".join(lines)
    (token,) = assignments(f'NAME="{value}"\n'.encode())
    assert token.raw == value.encode()
    assert token.lines == len(lines)


@pytest.mark.parametrize(
    ("text", "key", "raw", "fault"),
    [
        (b"A=b", b"A", b"b", ""),
        (b"\xef\xbb\xbfA=b", b"A", b"b", ""),
        (b"  export A = b  \r\n", b"A", b"b", ""),
        (b"A: b", b"A", b"b", ""),
        (b"A=", b"A", b"", ""),
        (b"A=b # c", b"A", b"b # c", ""),
        (b'A="b" # c', b"A", b"b", ""),
        (b'A="b\\"c"', b"A", b'b\\"c', ""),
        (b'A="b\\"', b"A", b"b\\", ""),
        (b"A='b\\'c'", b"A", b"b\\'c", ""),
        (b'A="b', b"A", b'"b', "unterminated"),
        (b'A="b" c', b"A", b'"b" c', "after-the-quote"),
        (b"A=caf\xe9", b"A", b"caf\xe9", ""),
    ],
)
def test_an_assignment(text: bytes, key: bytes, raw: bytes, fault: str) -> None:
    (token,) = assignments(text)
    assert (token.key, token.raw, token.fault) == (key, raw, fault)


def test_a_quote_that_is_never_closed_takes_no_other_line_with_it() -> None:
    first, second = assignments(b'A="b\nC="d"\n')
    assert (first.fault, second.raw) == ("unterminated", b"d")


@pytest.mark.parametrize("line", [b"no assignment", b"=1", b"A B=1", b"- A=1", b"A"])
def test_other_lines_are_strays(line: bytes) -> None:
    (token,) = tokens(line + b"\n")
    assert isinstance(token, Stray)


HOSTILE = (
    b'A="\n',
    b"A='\n",
    b"A=`\n",
    b'A="\\',
    b'A="\\"\n',
    b"A='\\'\n",
    b"A=b #",
    b"export ",
    b"A = ",
    b"\\",
    b"\xc2\xa0",
    b'"',
    b"'",
    b"# ",
    b"\n",
    b" ",
    b"A",
    b"_",
    b"=",
    b'A="b"',
    b'A="b" c\n',
    b'A="b\n"c\n',
    b"A='\"`\n",
    b"\xef\xbb\xbf",
)


@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("start", [b"", b'A="', b"A='", b"A="])
def test_a_hostile_file_ends(piece: bytes, start: bytes) -> None:
    """With the square of the length, so many bytes would take an hour: that it ends is the proof."""
    text = start + piece * (LONG // len(piece))
    reached = 0
    for token in tokens(text):
        reached = token.stop
        if isinstance(token, Assignment):
            groups(token, tuple(READERS))
    assert reached <= len(text)
