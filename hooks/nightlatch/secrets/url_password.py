"""Passwords in URLs and in connection strings."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from nightlatch.secrets.entropy import bits_per_character
from nightlatch.secrets.placeholder import is_documentation, is_local, is_template, is_weak

USER_MOST = 100
HOST = re.compile(rb"\[[0-9A-Fa-f:]{2,45}\]|[^\s/:?#,\"'`<>)\\]{0,255}")
ATTRIBUTE = re.compile(
    rb"(?i:(?P<name>server|data source|host|hostname|addr|address|endpoint|user id|uid|user|username"
    rb"|initial catalog|database|dbname))[ \t]{0,4}=[ \t]{0,4}(?P<value>[^;\s\"'&]{0,200})"
)
PROPERTY = re.compile(rb"\.(?i:password|pwd)[ \t]{0,4}=[ \t]{0,4}\Z")
MEMBER = re.compile(rb"[A-Za-z_$][A-Za-z0-9_$]{0,60}(?:\.[A-Za-z_$][A-Za-z0-9_$]{0,60}){1,8}")
HOST_ATTRIBUTES = (b"server", b"data source", b"host", b"hostname", b"addr", b"address", b"endpoint")
USER_ATTRIBUTES = (b"user id", b"uid", b"user", b"username")
NEAR = 512
"""How far from the password, in bytes and within its line, the other attributes of a connection are sought."""

RANDOM_LENGTH = 12
RANDOM_BITS = 3.3


def confirm_url(text: bytes, start: int, end: int) -> tuple[int, int] | None:
    """The span of the password (from start up to end) when it is a real one for the URL's user and host."""
    begin = text.rfind(b"://", max(0, start - USER_MOST - 5), start) + len(b"://")
    user = text[begin : start - len(b":")]
    host = HOST.match(text, end + len(b"@"))
    return (start, end) if _is_real(text[start:end], user, host.group() if host else b"") else None


def confirm_connection_string(text: bytes, start: int, end: int) -> tuple[int, int] | None:
    """The span of the password when other attributes of a connection stand beside it."""
    if is_template(text[start:end]) or is_weak(text[start:end]) or _is_code(text, start, end):
        return None
    first = max(text.rfind(b"\n", max(0, start - NEAR), start) + 1, start - NEAR, 0)
    last = text.find(b"\n", end, end + NEAR)
    line = text[first : last if last >= 0 else end + NEAR]
    values = {found["name"].lower(): found["value"] for found in ATTRIBUTE.finditer(line)}
    host = next((values[name] for name in HOST_ATTRIBUTES if name in values), b"")
    user = next((values[name] for name in USER_ATTRIBUTES if name in values), b"")
    jdbc = b"jdbc:" in line
    if not jdbc and not (host and (user or len(values) > 1)):
        return None
    if jdbc and not host:
        host = line.partition(b"://")[2].partition(b"/")[0].partition(b":")[0]
    bare_host = host.removeprefix(b"tcp:").partition(b",")[0].partition(b"\\")[0]
    return (start, end) if _is_real(text[start:end], user, bare_host) else None


def _is_code(text: bytes, start: int, end: int) -> bool:
    """Whether a property gets another object's: `url.password=base.password`."""
    return bool(PROPERTY.search(text, max(0, start - 16), start) and MEMBER.fullmatch(text, start, end))


def _is_real(password: bytes, user: bytes, host: bytes) -> bool:
    """Whether these are credentials that open something, not a template, an example or a local default."""
    if is_template(password) or is_documentation(host):
        return False
    plain = unquote_to_bytes(password)
    return not is_weak(plain, unquote_to_bytes(user)) and (not is_local(host) or _is_random(plain))


def _is_random(password: bytes) -> bool:
    return len(password) >= RANDOM_LENGTH and bits_per_character(password) >= RANDOM_BITS
