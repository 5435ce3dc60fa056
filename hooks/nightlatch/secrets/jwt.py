"""JSON Web Tokens: RFC 7519, three parts in base64url of which the first two are JSON."""

from __future__ import annotations

SAMPLE_SUBJECT = "1234567890"
"""The subject of the token that RFC-like documentation and jwt.io show."""

PUBLIC_ISSUERS = ("supabase-demo",)
"""Issuers whose tokens documentation publishes: those of a local set-up."""

PUBLIC_ROLES = ("anon",)
"""Roles of tokens that are made to be public, such as Supabase's anonymous key."""


UNREADABLE: dict[str, object] = {"alg": ""}
"""Stands for JSON that exceeds the parser's own limits: it may be a token, so it counts as one."""


def confirm(text: bytes, start: int, end: int) -> tuple[int, int] | None:
    """The span when the parts really are a header and claims, and neither a sample nor public by design."""
    header, claims, _ = text[start:end].split(b".", 2)
    fields = _decoded(header)
    facts = _decoded(claims)
    if not fields or facts is None or not isinstance(fields.get("alg"), str):
        return None
    if facts.get("sub") == SAMPLE_SUBJECT or facts.get("role") in PUBLIC_ROLES or facts.get("iss") in PUBLIC_ISSUERS:
        return None
    return start, end


def _decoded(part: bytes) -> dict[str, object] | None:
    """The JSON object of one part, or None where there is none."""
    from base64 import urlsafe_b64decode
    from binascii import Error as Base64Error
    from json import JSONDecodeError, loads

    try:
        value = loads(urlsafe_b64decode(part + b"=" * (-len(part) % 4)))
    except (JSONDecodeError, UnicodeDecodeError, Base64Error):
        return None
    except (ValueError, RecursionError):
        return UNREADABLE  # a number too long or a depth too great for us may be read by others
    return value if isinstance(value, dict) else None
