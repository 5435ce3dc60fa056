"""User names and passwords in base64: RFC 7617, as .npmrc and Docker's config.json keep them."""

from __future__ import annotations

from nightlatch.secrets.placeholder import is_template, is_weak

PASSWORD_ALONE = b"_password"
OF_A_REGISTRY = b"/:_"
SETTINGS = (b"registry", b"always-auth")
"""What stands in an .npmrc that sets a password without naming the registry in the same line."""
NAME_BEFORE = 24
"""How far before the value, in bytes, its name begins at the most."""


def confirm_pair(text: bytes, start: int, end: int) -> tuple[int, int] | None:
    """The span where it decodes to a user and a password that is no placeholder."""
    user, colon, password = _decoded(text[start:end]).partition(b":")
    return (start, end) if colon and _is_real(password, user) else None


def confirm_npm(text: bytes, start: int, end: int) -> tuple[int, int] | None:
    """The same for `_auth`; the span of a `_password` where it decodes to one that is no placeholder."""
    name = text[max(0, start - NAME_BEFORE) : start]
    if OF_A_REGISTRY not in name and not any(setting in text for setting in SETTINGS):
        return None
    if PASSWORD_ALONE in name:
        return (start, end) if _is_real(_decoded(text[start:end])) else None
    return confirm_pair(text, start, end)


def _decoded(value: bytes) -> bytes:
    """The text that a base64 value stands for; empty where it is none, or no text."""
    from base64 import b64decode
    from binascii import Error as Base64Error

    try:
        decoded = b64decode(value + b"=" * (-len(value) % 4), validate=True)
        return decoded if "".join(decoded.decode().split()).isprintable() else b""
    except (Base64Error, UnicodeDecodeError):
        return b""


def _is_real(password: bytes, user: bytes = b"") -> bool:
    return not is_template(password) and not is_weak(password, user)
