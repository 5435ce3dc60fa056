"""How sure a finding is. A checksum only ever raises it: made-up tokens in tests fail it, and leaked ones may too."""

from __future__ import annotations

from nightlatch.secrets.secret_rule import CANDIDATE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.secrets.secret_rule import SecretRule

HIGH = "high"
MEDIUM = "medium"
LOW = "low"

CHECKED = frozenset({"SEC301", "SEC303", "SEC304", "SEC305", "SEC315"})
"""GitHub's tokens and npm's: their last six characters are the CRC-32 of those between prefix and checksum.

https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
"""

DIGITS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CHECKSUM_LENGTH = 6


def confidence(rule: SecretRule, value: bytes) -> str:
    """`high` where the checksum fits, else `medium` for a provider's format and `low` for a candidate."""
    if rule.id in CHECKED and has_checksum(value):
        return HIGH
    return LOW if rule.tier == CANDIDATE else MEDIUM


def has_checksum(value: bytes) -> bool:
    """Whether a token of the form `prefix_…` ends in the CRC-32 of its body, in base 62 with leading zeros."""
    from binascii import crc32

    body = value.partition(b"_")[2]
    return body[-CHECKSUM_LENGTH:] == _base62(crc32(body[:-CHECKSUM_LENGTH]))


def _base62(number: int) -> bytes:
    digits = bytearray()
    while number:
        number, rest = divmod(number, len(DIGITS))
        digits.append(DIGITS[rest])
    return bytes(reversed(digits)).rjust(CHECKSUM_LENGTH, b"0")
