"""The name that a value is assigned to, and whether it names something that is no secret."""

from __future__ import annotations

import re

from nightlatch.secrets.scan import ASSIGNMENT

NEAR = 160
"""How far before a value, in bytes and within its line, its name is sought."""

NAME = re.compile(rb"([\w.-]{1,80})" + ASSIGNMENT + rb"\Z")
WORD = re.compile(rb"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
NO_SECRETS = frozenset(
    b"""
    checksum commit digest etag file fingerprint hash id identifier ids image index integrity md model name path
    revision rev sha sku slug tag uri url uuid version
    """.split()
)
"""Last words of names whose values may look random and are no secrets: `COHERE_INDEX`, `deepgram_sha1`."""


def names_no_secret(text: bytes, start: int) -> bool:
    """Whether the value that begins at `start` is assigned to a name such as `deepgram_sha1`."""
    words = WORD.findall(name_before(text, start))
    return bool(words) and words[-1].lower() in NO_SECRETS


def name_before(text: bytes, start: int) -> bytes:
    """The name that the value is assigned to; empty where none stands before it."""
    first = max(text.rfind(b"\n", max(0, start - NEAR), start) + 1, start - NEAR, 0)
    found = NAME.search(text, first, start)
    return found[1] if found else b""
