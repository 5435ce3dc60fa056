"""Private keys: PEM (RFC 7468), OpenSSH, PGP (RFC 9580), PuTTY and JWK (RFC 7517)."""

from __future__ import annotations

import re

from nightlatch.secrets.entropy import bits_per_character
from nightlatch.secrets.openpgp import is_protected
from nightlatch.secrets.placeholder import is_example

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 64 * 1024
MOST_BYTES_TO_END = 300
"""How far behind the last whole line of a key its END line may stand: behind a short line and a checksum."""
PUTTY_MOST_BYTES = 8 * 1024
PUTTY = b"PuTTY-"
PUTTY_CIPHER = re.compile(rb"(?:\\[nr]|[^A-Za-z0-9]){0,12}Encryption: ([a-z0-9-]{3,20})")
"""What a PuTTY key says in its second line: how it is encrypted."""
PUTTY_PLAIN = b"none"
LEAST_KEY_CHARACTERS = 60
LEAST_BITS = 3.5
SHORTENED_BELOW = 200

KEY_RUN = re.compile(rb"[A-Za-z0-9+/=]{16,}")
BETWEEN_RUNS = re.compile(rb"(?:\\[nrt]|\\u000[ad]|[^A-Za-z0-9]){0,200}")
"""What may stand between two lines of a key: line ends, plain or escaped, quotes, signs of comments."""
HEADER_LINE = re.compile(
    rb"(?:(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|Key-Comment): (?:[^\n\\]|\\[^nr]){0,200})?"
)
MOST_HEADER_LINES = 8
MOST_PUBLIC = 4096
"""How many characters of an OpenPGP key are read to see what protects it: those of a key of 16,384 bits."""
END = re.compile(rb"-----END [A-Z0-9 ]{0,60}-----")
ENCRYPTED_HEADERS = (b"4,ENCRYPTED", b"DEK-Info:", b"BEGIN ENCRYPTED")

DER_SEQUENCE = b"\x30\x82"
OPENSSH_MAGIC = b"openssh-key-v1\0"
KEY_TYPE_NEAR = 4096
SHARED_KEY = re.compile(rb"\bk[\"']?[ \t]{0,8}:[ \t]{0,8}[\"']\Z")
SHARED_TYPE = b"oct"


def confirm_pem(text: bytes, start: int, end: int) -> tuple[int, int] | None:
    """The span of an unencrypted PEM, OpenSSH or PGP key whose first line stands from start up to end."""
    block = _block(text, start, end)
    return None if block is None or _is_encrypted(text[slice(*block)]) else block


def confirm_encrypted_pem(text: bytes, start: int, end: int) -> tuple[int, int] | None:
    """The same for a key that a passphrase protects, PuTTY's too."""
    if text.startswith(PUTTY, start):
        return _putty(text, start, end, is_encrypted=True)
    block = _block(text, start, end)
    return block if block is not None and _is_encrypted(text[slice(*block)]) else None


def confirm_putty(text: bytes, start: int, end: int) -> tuple[int, int] | None:
    """The span of a PuTTY key file without a passphrase, from its first line to its private lines."""
    return _putty(text, start, end, is_encrypted=False)


def confirm_jwk(text: bytes, start: int, end: int) -> tuple[int, int] | None:
    """The span of a JWK's private exponent or shared key, where its type stands near it."""
    near = text[max(0, start - KEY_TYPE_NEAR) : end + KEY_TYPE_NEAR]
    typed = b'"kty"' in near or b"'kty'" in near or b"kty:" in near
    of_this_type = SHARED_TYPE in near or not SHARED_KEY.search(text[max(0, start - 24) : start])
    return (start, end) if typed and of_this_type and not is_example(text[start:end]) else None


def _putty(text: bytes, start: int, end: int, *, is_encrypted: bool) -> tuple[int, int] | None:
    """From the first line of a PuTTY key to its private lines, where a passphrase protects it or not, as asked."""
    body = text[end : end + PUTTY_MOST_BYTES]
    cipher = PUTTY_CIPHER.match(body)
    if cipher is None or (cipher[1] != PUTTY_PLAIN) != is_encrypted:
        return None
    place = body.find(b"Private-Lines:")
    run = KEY_RUN.search(body, place) if place >= 0 else None
    return (start, end + run.end()) if run else None


def _block(text: bytes, start: int, end: int) -> tuple[int, int] | None:
    """From the BEGIN line to the END line, where a key's worth of base64 stands between them."""
    next_key = text.find(b"-----BEGIN ", end, end + MOST_BYTES)
    limit = next_key if next_key >= 0 else end + MOST_BYTES
    runs = list(_runs(text, end, limit))
    characters = b"".join(run.group() for run in runs)
    if len(characters) < LEAST_KEY_CHARACTERS or bits_per_character(characters) < LEAST_BITS:
        return None
    closing = END.search(text, runs[-1].end(), min(runs[-1].end() + MOST_BYTES_TO_END, limit))
    last = closing.end() if closing else runs[-1].end()
    if closing and _is_cut_short(characters):
        return None
    if len(characters) < SHORTENED_BELOW and b"..." in text[end:last]:
        return None
    return start, last


def _is_cut_short(characters: bytes) -> bool:
    """Whether the DER inside (a SEQUENCE, its length in two bytes) says that it is more than twice as long."""
    from base64 import b64decode
    from binascii import Error as Base64Error

    try:
        head = b64decode(characters[:8], validate=True)
    except Base64Error:
        return False
    declared = int.from_bytes(head[2:4], "big") if head[:2] == DER_SEQUENCE else 0
    return len(characters) * 3 // 4 < declared // 2


def _runs(text: bytes, start: int, end: int) -> Iterator[re.Match[bytes]]:
    """The lines of base64 that follow a key's first line, after its header lines, with nothing else between."""
    position = start
    for _ in range(MOST_HEADER_LINES):
        header = _match(HEADER_LINE, text, _match(BETWEEN_RUNS, text, position, end).end(), end)
        if not header.group():
            break
        position = header.end()
    while run := KEY_RUN.match(text, _match(BETWEEN_RUNS, text, position, end).end(), end):
        yield run
        position = run.end()


def _match(pattern: re.Pattern[bytes], text: bytes, start: int, end: int) -> re.Match[bytes]:
    """A match of a pattern that also matches nothing."""
    match = pattern.match(text, start, end)
    if match is None:
        raise ValueError(pattern.pattern)
    return match


def _is_encrypted(block: bytes) -> bool:
    first_run = KEY_RUN.search(block, block.find(b"-----", len(b"-----BEGIN")) + 5)
    headers = block[: first_run.start()] if first_run else block
    if any(header in headers for header in ENCRYPTED_HEADERS):
        return True
    if b"PGP" in block[:40]:
        return is_protected(_beginning(block))
    return b"OPENSSH" in block[:40] and _openssh_cipher(block) not in (b"", b"none")


def _beginning(block: bytes) -> bytes:
    """The first bytes of an armoured key, which hold its public numbers; fewer or none where it isn't base64."""
    from base64 import b64decode

    start = block.find(b"-----", len(b"-----BEGIN")) + len(b"-----")
    characters = b"".join(run.group() for run in _runs(block, start, len(block)))[:MOST_PUBLIC]
    try:
        return b64decode(characters[: len(characters) // 4 * 4])
    except ValueError:
        return b""


def _openssh_cipher(block: bytes) -> bytes:
    """The cipher that an OpenSSH key names: a magic, then a length in four bytes and the name."""
    from base64 import b64decode

    run = KEY_RUN.search(block, len(b"-----BEGIN OPENSSH PRIVATE KEY-----"))
    if run is None:
        return b""
    try:
        head = b64decode(run.group()[:64])
    except ValueError:
        return b""
    if not head.startswith(OPENSSH_MAGIC):
        return b""
    length = int.from_bytes(head[len(OPENSSH_MAGIC) :][:4], "big")
    return head[len(OPENSSH_MAGIC) + 4 :][:length]
