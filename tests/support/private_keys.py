"""Key files with the structure of real ones around random numbers, so that no key stands in this repository."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable

Bits = Callable[[int], bytes]
"""Gives so many random bytes."""

RSA = bytes.fromhex("300d06092a864886f70d0101010500")
P256 = bytes.fromhex("06082a8648ce3d030107")
EC_P256 = bytes.fromhex("301306072a8648ce3d0201") + P256
ED25519 = bytes.fromhex("300506032b6570")
PBES2 = bytes.fromhex("305706092a864886f70d01050d304a302906092a864886f70d01050c301c0408")
"""How a key in DER says of which kind it is; the last one, that a passphrase protects it."""


def key_file(kind: str, rng: random.Random) -> str:
    """The lines of a key file of one of KINDS, without a newline at the end. ValueError for an unknown kind."""
    if kind not in KINDS:
        raise ValueError(f"unknown kind of key: {kind}")
    label, headers, content = KINDS[kind]
    text = base64.b64encode(content(rng.randbytes)).decode()
    width = 70 if label.startswith("OPENSSH") else 64
    lines = [text[start : start + width] for start in range(0, len(text), width)]
    if label.startswith("PGP"):
        headers = ("", *headers)
        lines.append("=" + base64.b64encode(rng.randbytes(3)).decode())
    return "\n".join([f"-----BEGIN {label}-----", *headers, *lines, f"-----END {label}-----"])


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def _number(bits: Bits, size: int) -> bytes:
    """An INTEGER whose first bit is set, so that a zero stands before it, as in the numbers of an RSA key."""
    content = bits(size)
    return _der(0x02, b"\0" + bytes([content[0] | 0x80]) + content[1:])


def _rsa(bits: Bits) -> bytes:
    numbers = b"".join(_number(bits, size) for size in (256, 256, 128, 128, 128, 128, 128))
    modulus, rest = numbers[:261], numbers[261:]
    return _der(0x30, b"\x02\x01\x00" + modulus + b"\x02\x03\x01\x00\x01" + rest)


def _rsa_public(bits: Bits) -> bytes:
    numbers = _der(0x30, _number(bits, 256) + b"\x02\x03\x01\x00\x01")
    return _der(0x30, RSA + _der(0x03, b"\0" + numbers))


def _dsa(bits: Bits) -> bytes:
    return _der(0x30, b"\x02\x01\x00" + b"".join(_number(bits, size) for size in (128, 20, 128, 128, 20)))


def _ec(bits: Bits) -> bytes:
    point = _der(0xA1, _der(0x03, b"\0\4" + bits(64)))
    return _der(0x30, b"\x02\x01\x01" + _der(0x04, bits(32)) + _der(0xA0, P256) + point)


def _pkcs8(kind: bytes, key: bytes) -> bytes:
    return _der(0x30, b"\x02\x01\x00" + kind + _der(0x04, key))


def _pkcs8_encrypted(bits: Bits) -> bytes:
    scheme = PBES2 + bits(8) + bytes.fromhex("02020800300c06082a864886f70d02090500301d06096086480165030401") + b"\x2a"
    return _der(0x30, scheme + b"\x04\x10" + bits(16) + _der(0x04, bits(1232)))


def _certificate(bits: Bits) -> bytes:
    signed = _der(0x30, bytes.fromhex("a003020102") + _der(0x02, b"\1" + bits(15)) + bits(420))
    return _der(0x30, signed + bytes.fromhex("300d06092a864886f70d01010b0500") + _der(0x03, b"\0" + bits(256)))


def _field(content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + content


def _openssh(bits: Bits, *, cipher: bytes = b"none", derivation: bytes = b"none", options: bytes = b"") -> bytes:
    public = _field(b"ssh-ed25519") + _field(bits(32))
    check = bits(4)
    private = check + check + public + _field(bits(64)) + _field(b"deploy@build") + b"\1\2\3"
    head = b"openssh-key-v1\0" + _field(cipher) + _field(derivation) + _field(options)
    return head + (1).to_bytes(4, "big") + _field(public) + _field(private)


def _openssh_encrypted(bits: Bits) -> bytes:
    options = _field(bits(16)) + (16).to_bytes(4, "big")
    return _openssh(bits, cipher=b"aes256-ctr", derivation=b"bcrypt", options=options)


def _pgp_packet(tag: int, content: bytes) -> bytes:
    return bytes([tag]) + len(content).to_bytes(2, "big") + content


def _pgp_public(bits: Bits) -> bytes:
    """What an OpenPGP key of version 4 with RSA says of itself: when it was made, and its public numbers."""
    return b"\4" + bits(4) + b"\1\x08\0" + bits(256) + b"\0\x11\1\0\1"


def _pgp(bits: Bits) -> bytes:
    private = b"\x08\0" + bits(256) + b"".join(b"\4\0" + bits(128) for _ in range(3)) + bits(2)
    return _pgp_packet(0x95, _pgp_public(bits) + b"\0" + private)


def _pgp_encrypted(bits: Bits) -> bytes:
    return _pgp_packet(0x95, _pgp_public(bits) + b"\xfe\x07\3\2" + bits(8) + b"\xff" + bits(684))


_CIPHER = ("Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-128-CBC,0F1E2D3C4B5A69788796A5B4C3D2E1F0", "")

KINDS: dict[str, tuple[str, tuple[str, ...], Callable[[Bits], bytes]]] = {
    "rsa": ("RSA PRIVATE KEY", (), _rsa),
    "dsa": ("DSA PRIVATE KEY", (), _dsa),
    "ec": ("EC PRIVATE KEY", (), _ec),
    "pkcs8": ("PRIVATE KEY", (), lambda bits: _pkcs8(RSA, _rsa(bits))),
    "pkcs8_ec": ("PRIVATE KEY", (), lambda bits: _pkcs8(EC_P256, _ec(bits))),
    "pkcs8_ed25519": ("PRIVATE KEY", (), lambda bits: _pkcs8(ED25519, _der(0x04, bits(32)))),
    "openssh": ("OPENSSH PRIVATE KEY", (), _openssh),
    "pgp": ("PGP PRIVATE KEY BLOCK", (), _pgp),
    "rsa_encrypted": ("RSA PRIVATE KEY", _CIPHER, lambda bits: bits(1200)),
    "pkcs8_encrypted": ("ENCRYPTED PRIVATE KEY", (), _pkcs8_encrypted),
    "openssh_encrypted": ("OPENSSH PRIVATE KEY", (), _openssh_encrypted),
    "pgp_encrypted": ("PGP PRIVATE KEY BLOCK", (), _pgp_encrypted),
    "public": ("PUBLIC KEY", (), _rsa_public),
    "certificate": ("CERTIFICATE", (), _certificate),
    "request": ("CERTIFICATE REQUEST", (), _certificate),
    "pgp_public": ("PGP PUBLIC KEY BLOCK", (), lambda bits: _pgp_packet(0x99, _pgp_public(bits))),
    "pgp_message": ("PGP MESSAGE", (), lambda bits: b"\x85\x01\x0c\x03" + bits(400)),
    "age": ("AGE ENCRYPTED FILE", (), lambda bits: b"age-encryption.org/v1\n-> X25519 " + bits(300)),
}
"""The label of a kind's file, the lines above its content, and what gives the content."""
