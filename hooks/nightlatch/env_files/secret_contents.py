"""What a file must hold to be the secret that its name says: a private key, a login, a token of npm."""

from __future__ import annotations

import re

from nightlatch.core.secret_files import NPMRC, PRIVATE_KEY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.core.secret_files import Kind

HEXADECIMAL = re.compile(rb"[0-9A-Fa-f]{32,256}\s*")
"""The whole of a key file, as Rails keeps it in `config/master.key`."""

DER = re.compile(rb"\x30(?:[\x00-\x7f]|\x81.|\x82..)\x02\x01[\x00\x01]", re.DOTALL)
"""How a private key begins in DER: a sequence, and in it a version. A certificate has another sequence there."""

TOKEN_OF_NPM = re.compile(rb"(?i)(?:_authToken|_auth|_password)[ \t]*=[ \t]*[\"']?(?!\$\{)[^\s\"']")
"""A credential, and not `${NPM_TOKEN}`."""


def is_secret(kind: Kind, data: bytes) -> bool:
    """Whether a file of a kind holds what it is known by."""
    if not kind.marks:
        return True
    if kind is NPMRC:
        return TOKEN_OF_NPM.search(data) is not None
    if kind is PRIVATE_KEY and (HEXADECIMAL.fullmatch(data[:300]) or DER.match(data)):
        return True
    lowered = data.replace(b"\0", b"").lower()
    return any(mark.lower() in lowered for mark in kind.marks)
