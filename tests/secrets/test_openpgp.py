"""Whether an OpenPGP key says that a passphrase protects it: both formats of packets, all versions and algorithms."""

from __future__ import annotations

import pytest

from nightlatch.secrets.openpgp import is_protected

ISSUED = b"\x65\x00\x00\x00"
CURVE = b"\x09\x2b\x06\x01\x04\x01\xda\x47\x0f\x01"
SHA_AND_AES = b"\x03\x01\x08\x07"

PROTECTED = (254, 255, 253, 9)


def number(bits: int) -> bytes:
    return bits.to_bytes(2, "big") + b"\x5a" * ((bits + 7) // 8)


PUBLIC = {
    1: number(2048) + number(17),
    16: number(2048) + number(3) + number(2045),
    17: number(1024) + number(160) + number(1023) + number(1020),
    18: CURVE + number(263) + SHA_AND_AES,
    22: CURVE + number(263),
    25: b"\x5a" * 32,
    27: b"\x5a" * 32,
    28: b"\x5a" * 57,
}
"""For each algorithm, what the public part of its keys is made of."""


def content(version: int, algorithm: int, usage: int) -> bytes:
    public = PUBLIC[algorithm]
    size = len(public).to_bytes(4, "big") if version > 4 else b""
    return bytes([version]) + ISSUED + bytes([algorithm]) + size + public + bytes([usage]) + b"\x77" * 40


def packets(inner: bytes) -> list[bytes]:
    """The same content in a packet of the old format, and of the new one, with each size of length."""
    size = len(inner)
    long = size.to_bytes(4, "big")
    old = [b"\x95" + long[2:], b"\x96" + long, b"\x97"]
    two_bytes = bytes([192 + ((size - 192) >> 8), (size - 192) & 0xFF])
    new = [b"\xc5" + (bytes([size]) if size < 192 else two_bytes), b"\xc5\xff" + long]
    return [head + inner for head in (*old, *new)]


@pytest.mark.parametrize("version", [4, 6])
@pytest.mark.parametrize("algorithm", PUBLIC)
def test_what_stands_behind_the_public_part_tells(version: int, algorithm: int) -> None:
    for usage in PROTECTED:
        assert all(map(is_protected, packets(content(version, algorithm, usage))))
    assert not any(map(is_protected, packets(content(version, algorithm, 0))))


def test_a_key_that_ends_too_early_or_is_none_tells_of_no_passphrase() -> None:
    key = packets(content(4, 1, 254))[0]
    until_public = len(key) - 41
    assert not any(is_protected(key[:size]) for size in range(until_public))
    assert not is_protected(b"\x99" + key[1:])
    assert not is_protected(b"\xc6" + key[1:])
    assert not is_protected(packets(content(4, 1, 254))[0].replace(ISSUED + b"\x01", ISSUED + b"\x63"))
