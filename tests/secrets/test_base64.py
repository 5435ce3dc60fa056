"""Base64 is opened one level: what stands in it is found at its place, and pictures and hashes cost nothing."""

from __future__ import annotations

import base64
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.core.files import File
from nightlatch.core.finding import Finding
from nightlatch.secrets.base64_text import BLOCK, SHAPE, holds_text, opened
from nightlatch.secrets.hook import findings_in
from nightlatch.secrets.rules import RULES
from nightlatch.secrets.scan import Scanner
from tests.support.tokens import github_token, random_text

SCANNER = Scanner(RULES)
TOKEN = github_token()
PRINTABLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=20, max_size=400)


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def found(text: str) -> list[Finding]:
    return list(findings_in(File("deploy/secret.yaml", text.encode()), SCANNER))


@pytest.mark.parametrize("before", ["", "a", "ab", "abc", "token: ", "the GitHub token of the deployment is "])
@pytest.mark.parametrize(
    "around", ["{}", "  token: {}\n", 'data = "{}"', "url(data:text/plain;base64,{})", "key={}&b=1"]
)
def test_a_token_is_found_wherever_it_stands_in_base64(before: str, around: str) -> None:
    (finding,) = found(around.replace("{}", encoded(before + " " + TOKEN + "\nnext")))
    assert finding.rule.id == "SEC301"
    assert "base64" in finding.message
    assert finding.value == TOKEN.encode()


@pytest.mark.parametrize("size", [0, 1, 2])
def test_a_value_without_padding_loses_no_end(size: int) -> None:
    text = "x" * size + " " + TOKEN
    assert [finding.rule.id for finding in found(f"token: {encoded(text).rstrip('=')}\n")] == ["SEC301"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\n    "])
@pytest.mark.parametrize("width", [64, 76])
def test_wrapped_base64_is_read_as_one(newline: str, width: int) -> None:
    whole = encoded("A word before the token, so that it stands in the second line. " + TOKEN + " and one after it")
    lines = [whole[start : start + width] for start in range(0, len(whole), width)]
    text = "data: |" + newline + newline.join(lines) + "\nother: value\n"
    (finding,) = found(text)
    assert finding.rule.id == "SEC301"
    assert finding.line in (3, 4)


def test_the_line_behind_a_value_is_not_taken_for_more_of_it() -> None:
    text = f"a: {encoded('password store ' + TOKEN)}\nnextkey: value\n"
    assert [finding.rule.id for finding in found(text)] == ["SEC301"]


def test_the_place_is_that_of_the_base64_that_holds_the_value() -> None:
    text = "first: line\nsecond: " + encoded("some words before " + TOKEN + " and after") + "\n"
    (finding,) = found(text)
    line = text.split("\n")[1]
    assert finding.line == 2
    assert finding.column is not None
    assert finding.end_column is not None
    part = line[finding.column - 1 : finding.end_column - 1]
    assert TOKEN in base64.b64decode(part + "=" * (-len(part) % 4)).decode()
    assert len(part) <= (len(TOKEN) + 6) * 4 // 3


def test_only_one_level_is_opened() -> None:
    assert found("x: " + encoded(encoded("some words " + TOKEN))) == []


def test_the_same_token_plain_and_in_base64_is_found_in_both_places() -> None:
    assert len(found(f"a: {TOKEN}\nb: {encoded('words before it ' + TOKEN)}\n")) == 2


def test_a_private_key_in_base64_is_found() -> None:
    body = random_text(1600, "key", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    lines = "\n".join(body[start : start + 64] for start in range(0, len(body), 64))
    pem = f"-----BEGIN {'RSA PRIVATE'} KEY-----\n{lines}\n-----END RSA PRIVATE KEY-----\n"
    assert [finding.rule.id for finding in found(f"tls.key: {encoded(pem)}\n")] == ["SEC001"]


def test_no_message_and_no_anchor_holds_the_value() -> None:
    first = found(f"token: {encoded('of the deployment ' + TOKEN)}\n")[0]
    second = found(f"token: {encoded('of the deployment ' + github_token(2))}\n")[0]
    assert TOKEN[6:] not in first.message
    assert first.anchor == second.anchor


@given(PRINTABLE, st.integers(0, 3), st.sampled_from(["", "==", "\n", '"']))
def test_printable_text_has_the_shape(text: str, before: int, after: str) -> None:
    data = (" " * before + encoded(text).rstrip("=") + after).encode()
    assert holds_text(data)
    assert opened(data).text.startswith(text.encode())


@given(st.binary(max_size=400), st.integers(0, 30))
def test_both_readings_of_the_shape_agree(noise: bytes, length: int) -> None:
    data = noise + base64.b64encode(b"q" * length) + noise
    assert holds_text(data) == bool(re.search(SHAPE, data))


def test_the_shape_is_seen_over_the_end_of_a_block() -> None:
    hidden = encoded("light-house-keeper").encode()
    for place in range(BLOCK - 30, BLOCK + 3):
        assert holds_text(b"-" * place + hidden + b"." * 50), place


def test_random_bytes_seldom_have_the_shape() -> None:
    generator = random.Random(7)
    data = base64.b64encode(generator.randbytes(200_000))
    assert not holds_text(data)


@given(st.lists(st.one_of(PRINTABLE, st.just("-----"), st.just("a.b")), max_size=6), st.data())
def test_every_decoded_byte_has_its_place(texts: list[str], data: st.DataObject) -> None:
    whole = "\n".join(f"k: {encoded(text)}" for text in texts).encode()
    result = opened(whole)
    for text in texts:
        start = result.text.find(text.encode()) if len(text) >= 20 else -1
        if start >= 0:
            first = data.draw(st.integers(start, start + len(text) - 1))
            last = data.draw(st.integers(first + 1, start + len(text)))
            begin, end = result.place(first, last)
            piece = base64.b64decode(whole[begin:end] + b"=" * (-(end - begin) % 4))
            assert result.text[first:last] in piece


@pytest.mark.parametrize("between", ["\n", ",", " ", ", and "])
def test_neighbours_in_base64_are_told_one_by_one(between: str) -> None:
    tokens = [github_token(number) for number in range(9)]
    text = encoded("tokens: " + between.join(tokens))
    assert [finding.value for finding in found(f"data: {text}\n")] == [token.encode() for token in tokens]
