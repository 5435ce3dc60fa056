"""Addresses: where they lead, and that nobody is asked to guess."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.dependencies.addresses import is_insecure, parsed


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://r.example/a/-/a-1.tgz", "r.example"),
        ("HTTPS://R.Example/a", "r.example"),
        ("https://r.example:443/a", "r.example"),
        ("https://r.example:8443/a", "r.example:8443"),
        ("https://r.example./a", "r.example"),
        ("https://r.example@other.example/a", "other.example"),
        ("https://user:word@r.example/a", "r.example"),
        ("https://${USER}:${WORD}@r.example/a", "r.example"),
        ("https://other.example?@r.example/a", "other.example"),
        ("https://other.example#@r.example/a", "other.example"),
        ("https://[::1]:4873/a", "[::1]:4873"),
        ("https://10.0.0.5/a", "10.0.0.5"),
        ("git+ssh://git@host.example:owner/name.git#main", "host.example"),
        ("git@host.example:owner/name.git", "host.example"),
        ("file:evil.tgz", "file:"),
        ("github:owner/name", "github:"),
        ("a-1.0.0.tar.gz", ""),
        ("../a", ""),
        ("a file with blanks.whl", ""),
    ],
)
def test_where_an_address_leads(text: str, origin: str) -> None:
    assert (parsed(text).origin, parsed(text).fault) == (origin, "")


@pytest.mark.parametrize(
    "text",
    [
        "https:/other.example/a",
        "https:other.example/a",
        "https:///other.example/a",
        "//other.example/a",
        "\\\\other.example\\a",
        "https://other.example\\@r.example/a",
        "https://a@b@r.example/a",
        "https://r.example:port/a",
        "https://r.example:99999/a",
        "https:///",
        "https://",
        "https://r%2eexample/a",
        "https://r.exämple/a",
        "https://r.example\t/a",
        " https://r.example/a",
        "https://r. example/a",
        "https://0x7f.1/a",
        "https://2130706433/a",
        "https://010.0.0.1/a",
        "https://r..example/a",
        "https://[::1/a",
        "https://[0]/a",
        "https://[1:2]/a",
        "https://" + "a" * 9_000,
    ],
)
def test_what_programs_read_in_different_ways(text: str) -> None:
    assert parsed(text).fault


@given(st.text("aA.:/@\\?#[]%0 -x", max_size=30), st.sampled_from(["https:", "http://", "https://", ""]))
def test_a_host_that_is_told_is_the_one_of_the_library(rest: str, start: str) -> None:
    found = parsed(start + rest)
    if found.host and not found.fault and found.scheme != "ssh":
        assert (urlsplit(start + rest).hostname or "").removesuffix(".") == found.host.strip("[]")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://r.example/a", True),
        ("HTTP://r.example/a", True),
        ("git+http://r.example/a", True),
        ("https://r.example/a", False),
        ("http://localhost:4873/a", False),
        ("http://127.0.0.2/a", False),
        ("http://[::1]/a", False),
        ("http://localhost.evil.example/a", True),
        ("http://127.0.0.1.evil.example/a", True),
        ("a-1.0.0.tar.gz", False),
    ],
)
def test_what_is_read_without_tls(text: str, *, expected: bool) -> None:
    assert is_insecure(text) is expected
