"""Shannon entropy, which tells a random value from `xxxxxxxx`."""

from __future__ import annotations


def bits_per_character(value: bytes) -> float:
    """The Shannon entropy of the value's bytes, in bits for each; 0 for an empty one."""
    from math import log2

    size = len(value)
    counts = [value.count(byte) for byte in set(value)]
    return -sum(count / size * log2(count / size) for count in counts)
