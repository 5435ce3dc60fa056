"""Passwords in URLs and in connection strings."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from nightlatch.secrets.entropy import bits_per_character
from nightlatch.secrets.placeholder import DOLLAR_NAME, is_documentation, is_local, is_template, is_weak

USER_MOST = 100
HOST = re.compile(rb"\[[0-9A-Fa-f:]{2,45}\]|[^\s/:?#,\"'`<>)\\]{0,255}")
ATTRIBUTE = re.compile(
    rb"(?i:(?P<name>server|data source|host|hostname|addr|address|endpoint|user id|uid|user|username"
    rb"|initial catalog|database|dbname))[ \t]{0,4}=[ \t]{0,4}"
    rb"(?:\\{0,2}[\"']{1,2}|&quot;)?(?P<value>[^;\s\"'&\\]{0,200})"
)
PROPERTY = re.compile(rb"\.(?i:password|pwd)[ \t]{0,4}=[ \t]{0,4}\Z")
MEMBER = re.compile(rb"[A-Za-z_$][A-Za-z0-9_$]{0,60}(?:\.[A-Za-z_$][A-Za-z0-9_$]{0,60}){1,8}(?:\|\||\?\?|&&|\?)?")
HOST_ATTRIBUTES = (b"server", b"data source", b"host", b"hostname", b"addr", b"address", b"endpoint")
USER_ATTRIBUTES = (b"user id", b"uid", b"user", b"username")
QUOTES = re.compile(rb"\\{0,2}[\"']{1,2}|&quot;|\{")
"""What a value begins with that is quoted: a quote, escaped, doubled or plain, XML's, or the brace of ODBC."""
CLOSING = {b"{": b"}"}
CODE_IN_QUOTES = re.compile(rb"[\s+.,;)&|?:%]|.{0,200}[\s+.(,&|]\Z")
"""How text between quotes begins or ends that are the end of one text and the beginning of another: `" + pw + "`."""
NAME = re.compile(rb"[A-Za-z_$][A-Za-z0-9_$.]{0,200}(?:\([^()]{0,80}\)?|\[[^\[\]]{0,80}\]?){0,4}(?:![rsa])?")
NAME_WITH_DIGITS = re.compile(rb"[A-Za-z]+[0-9]+[A-Za-z]+[0-9]+[A-Za-z0-9]*")
ARGUMENT = re.compile(rb"[(,][ \t]{0,8}(?i:password|pwd)[ \t]{0,4}=[ \t]{0,4}\Z")
"""The name of an argument in a call: behind it, what has no quotes is a name."""
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
    """The span of the password, without its quotes, when other attributes of a connection stand beside it."""
    first, last = _within_quotes(text, start, end)
    password = text[first:last]
    if is_template(password) or is_weak(password) or _is_code(text, (start, end), password):
        return None
    line_start = max(text.rfind(b"\n", max(0, start - NEAR), start) + 1, start - NEAR, 0)
    line_end = text.find(b"\n", end, end + NEAR)
    line = text[line_start : line_end if line_end >= 0 else end + NEAR]
    values = {found["name"].lower(): found["value"] for found in ATTRIBUTE.finditer(line)}
    host = next((values[name] for name in HOST_ATTRIBUTES if name in values), b"")
    user = next((values[name] for name in USER_ATTRIBUTES if name in values), b"")
    jdbc = b"jdbc:" in line
    if not jdbc and not (host and (user or len(values) > 1)):
        return None
    if jdbc and not host:
        host = line.partition(b"://")[2].partition(b"/")[0].partition(b":")[0]
    bare_host = host.removeprefix(b"tcp:").partition(b",")[0].partition(b"\\")[0]
    return (first, last) if _is_real(password, user, bare_host) else None


def _within_quotes(text: bytes, start: int, end: int) -> tuple[int, int]:
    """The span between the quotes, or the whole where it has none; nothing where they don't close."""
    opening = QUOTES.match(text, start, end)
    if opening is None:
        return start, end
    closing = CLOSING.get(opening.group(), opening.group())
    first, last = opening.end(), end - len(closing)
    return (first, last) if first <= last and text.startswith(closing, last) else (first, first)


def _is_code(text: bytes, span: tuple[int, int], password: bytes) -> bool:
    """Whether what looks like a password is a part of the program: `url.password=base.password`, `" + pw + "`."""
    start, end = span
    before = text[max(0, start - 24) : start]
    if text[start:end] == password:
        return bool(
            (PROPERTY.search(before) and MEMBER.fullmatch(password))
            or (ARGUMENT.search(before) and NAME.fullmatch(password))
        )
    if text.startswith(b"{", start):
        return bool(NAME.fullmatch(password)) and not NAME_WITH_DIGITS.fullmatch(password)
    return bool(CODE_IN_QUOTES.match(password))


def _is_real(password: bytes, user: bytes, host: bytes) -> bool:
    """Whether these are credentials that open something, not a template, an example or a local default."""
    if is_template(password) or is_documentation(host) or _is_one_of_variables(password, user, host):
        return False
    plain = unquote_to_bytes(password)
    return not is_weak(plain, unquote_to_bytes(user)) and (not is_local(host) or _is_random(plain))


def _is_one_of_variables(password: bytes, user: bytes, host: bytes) -> bool:
    """Whether the password and what stands beside it are `$name`: then all of them are variables."""
    return bool(DOLLAR_NAME.fullmatch(password)) and (user.startswith(b"$") or host.startswith(b"$"))


def _is_random(password: bytes) -> bool:
    return len(password) >= RANDOM_LENGTH and bits_per_character(password) >= RANDOM_BITS
