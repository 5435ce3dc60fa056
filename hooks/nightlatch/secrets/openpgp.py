"""The beginning of an OpenPGP key (RFC 9580, 5.5): whether it says that a passphrase protects it."""

from __future__ import annotations

SECRET_KEY = 5
"""The tag of the packet that a private key begins with."""
NEW_HEADER, OLD_HEADER = 0xC0, 0x20
"""What stands beside the tag in a packet's first byte; in the old format two more bits tell the length's size."""
TWO_BYTES, FIVE_BYTES = 192, 224
"""From which first byte on the new format tells a length in two bytes, or in five."""
ISSUED = 4
"""The bytes that say when a key was made."""
WITH_LENGTH = 5
"""From this version on, a key says how long its public part is."""

NUMBERS = {1: 2, 2: 2, 3: 2, 16: 3, 17: 4}
"""How many numbers the public part has, for RSA, Elgamal and DSA."""
CURVES = {18: True, 19: False, 22: False}
"""The algorithms that name a curve before their point; whether parameters stand behind it."""
FIXED = {25: 32, 26: 56, 27: 32, 28: 57}
"""How many bytes the public part has, for X25519, X448, Ed25519 and Ed448."""


def is_protected(key: bytes) -> bool:
    """Whether the first packet of a key, of which the end may be missing, tells of a passphrase."""
    try:
        start = _content(key)
        return start > 0 and key[_end_of_public(key, start)] != 0
    except (IndexError, KeyError):
        return False


def _content(key: bytes) -> int:
    """Where the content of the first packet begins; 0 where that is no private key. IndexError."""
    first, size = key[0], key[1]
    if first == NEW_HEADER | SECRET_KEY:
        return 2 if size < TWO_BYTES else 3 if size < FIVE_BYTES else 6
    return 1 + (1, 2, 4, 0)[first & 3] if first >> 2 == OLD_HEADER | SECRET_KEY else 0


def _end_of_public(key: bytes, start: int) -> int:
    """Where the public part ends, and what protects the private one is told. IndexError and KeyError."""
    version = key[start]
    algorithm, place = key[start + 1 + ISSUED], start + 2 + ISSUED
    if version >= WITH_LENGTH:
        return place + 4 + int.from_bytes(key[place : place + 4], "big")
    if algorithm in FIXED:
        return place + FIXED[algorithm]
    if algorithm in CURVES:
        place = _after_number(key, place + 1 + key[place])
        return place + 1 + key[place] if CURVES[algorithm] else place
    for _ in range(NUMBERS[algorithm]):
        place = _after_number(key, place)
    return place


def _after_number(key: bytes, place: int) -> int:
    """The place behind a number, which begins with the count of its bits."""
    bits = key[place] << 8 | key[place + 1]
    return place + 2 + (bits + 7) // 8
