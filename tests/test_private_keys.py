"""The made-up key files have the outer form of real ones, so that a rule is tried on what users have."""

from __future__ import annotations

import base64
import random

import pytest

from tests.support.private_keys import KINDS, key_file

NOT_IN_DER = {
    "age",
    "openssh",
    "openssh_encrypted",
    "pgp",
    "pgp_encrypted",
    "pgp_message",
    "pgp_public",
    "rsa_encrypted",
}
IN_DER = sorted(set(KINDS) - NOT_IN_DER)


def _content(kind: str) -> bytes:
    lines = key_file(kind, random.Random(kind)).splitlines()[1:-1]
    return base64.b64decode("".join(line for line in lines if ":" not in line and not line.startswith("=")))


@pytest.mark.parametrize("kind", IN_DER)
def test_a_key_in_der_is_one_sequence_of_the_length_it_states(kind: str) -> None:
    content = _content(kind)
    sized = content[1] - 0x80 if content[1] >= 0x80 else 0
    stated = int.from_bytes(content[2 : 2 + sized], "big") if sized else content[1]
    assert content[0] == 0x30
    assert stated == len(content) - 2 - sized


@pytest.mark.parametrize("kind", ["openssh", "openssh_encrypted"])
def test_a_key_of_openssh_begins_as_ssh_keygen_writes_it(kind: str) -> None:
    assert key_file(kind, random.Random(1)).splitlines()[1].startswith("b3BlbnNzaC1rZXktdjEA")


def test_the_same_seed_gives_the_same_file() -> None:
    assert key_file("rsa", random.Random(1)) == key_file("rsa", random.Random(1))
    assert key_file("rsa", random.Random(1)) != key_file("rsa", random.Random(2))


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        key_file("rot13", random.Random(1))
