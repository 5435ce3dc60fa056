"""What of an env file could be a secret, judged from each variable's name and value: for files that git tracks.

Frameworks have people commit env files with defaults (Vite, Create React App, Symfony, Docker Compose): what such a
file holds in plain sight, ports, switches and public addresses, harms nobody.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

ENCRYPTED_VALUES = (b"encrypted:", b"ENC[")
"""How a single value begins that is: dotenvx, SOPS."""

REFERENCES = (
    b"$",
    b"op://",
    b"vault:",
    b"ref+",
    b"arn:aws:secretsmanager",
    b"arn:aws:ssm",
    b"projects/",
    b"file:",
    b"<",
)
"""How a value begins that says where the secret is, or that one belongs here."""

PUBLIC_PREFIXES = (
    b"NEXT_PUBLIC_",
    b"VITE_",
    b"REACT_APP_",
    b"EXPO_PUBLIC_",
    b"NUXT_PUBLIC_",
    b"GATSBY_",
    b"VUE_APP_",
    b"PUBLIC_",
    b"STORYBOOK_",
    b"NG_APP_",
)
"""Variables that a framework puts into what every visitor gets: those are judged by another rule."""

SECRET_WORDS = frozenset(
    (
        b"SECRET",
        b"SECRETS",
        b"TOKEN",
        b"PASSWORD",
        b"PASSWD",
        b"PASS",
        b"PWD",
        b"PW",
        b"PASSPHRASE",
        b"CREDENTIAL",
        b"CREDENTIALS",
        b"APIKEY",
        b"KEY",
        b"KEYS",
        b"PRIVATE",
        b"SALT",
        b"PEPPER",
        b"DSN",
        b"AUTH",
        b"WEBHOOK",
    )
)
"""Parts of a variable's name."""

HARMLESS_WORDS = frozenset(
    (b"PUBLIC", b"PUBLISHABLE", b"ID", b"NAME", b"FILE", b"PATH", b"DIR", b"TTL", b"EXPIRY", b"LENGTH")
)
"""Parts with which a name speaks of something beside the secret."""

WEAK = frozenset(
    b"""admin app change changeit changeme default demo dev development dummy example foobar guest letmein local
    localhost minio minioadmin mysql pass passw0rd password postgres postgresql rabbitmq redis root sa secret test
    testing user username""".split()
)
"""Values that protect nothing, and so betray nothing."""

PLACEHOLDER = re.compile(
    rb"(?i)your|change[-_ ]?me|replace|example|placeholder|insert|to[-_]?do|dummy|fake|xxx|\.\.\.|not[-_]?(?:a[-_]?)?"
    rb"secret|insecure|test|local|dev"
)
PLAIN = re.compile(rb"(?i)true|false|yes|no|on|off|null|none|[0-9.,:]+(?:ms|[smhdkgb]|[kmg]i?b)?|[a-z][a-z_-]{0,11}")
"""A switch, a number, a duration, a short word."""

ASSIGNMENT = re.compile(
    rb"^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]{0,200})[ \t]*[=:][ \t]*"
    rb"(\"[^\"\n]*\"|'[^'\n]*'|`[^`\n]*`|[^\n]*)",
    re.MULTILINE,
)
USERINFO = re.compile(rb"^[a-z][a-z0-9+.-]{0,30}://[^/\s:@]{0,200}:([^/\s@]{1,300})@", re.IGNORECASE)
RANDOM = re.compile(rb"[A-Za-z0-9+/=_-]{24,}")
LEAST_RANDOM_SIGNS = 12
"""Different characters that a random value of 24 has at least, all but surely."""


class Value:
    """A variable that may hold a secret: its name, and the bounds of its value in bytes."""

    __slots__ = ("end", "name", "start")

    def __init__(self, name: str, start: int, end: int) -> None:
        self.name = name
        self.start = start
        self.end = end


def values(data: bytes) -> Iterator[tuple[int, int]]:
    """The bounds of every value."""
    return (match.span(2) for match in ASSIGNMENT.finditer(data))


def may_be_secret(data: bytes) -> Iterator[Value]:
    """The variables whose values may be secrets, in plain text."""
    for match in ASSIGNMENT.finditer(data):
        name, value = match[1], _bare(match[2])
        if _may_be_secret(name.upper(), value):
            yield Value(name.decode("ascii"), *match.span(2))


def _bare(value: bytes) -> bytes:
    """A value without its quotes, or without the comment behind it."""
    value = value.strip()
    if value[:1] in (b'"', b"'", b"`") and value[-1:] == value[:1] and len(value) > 1:
        return value[1:-1]
    return value.partition(b" #")[0].strip()


def _may_be_secret(name: bytes, value: bytes) -> bool:
    if not value or value.startswith((*ENCRYPTED_VALUES, *REFERENCES)) or name.startswith(PUBLIC_PREFIXES):
        return False
    login = USERINFO.match(value)
    if login:
        return not _is_harmless(login[1])
    words = set(name.replace(b".", b"_").replace(b"-", b"_").split(b"_"))
    if words & HARMLESS_WORDS:
        return False
    if words & SECRET_WORDS or name.endswith((b"KEY", b"PASSWORD", b"SECRET", b"TOKEN")):
        return not (_is_harmless(value) or value.startswith((b"/", b"./")))
    return _is_random(value)


def _is_harmless(value: bytes) -> bool:
    return (
        value.startswith((b"$", b"{{", b"%"))
        or value.lower() in WEAK
        or bool(PLAIN.fullmatch(value) or PLACEHOLDER.search(value))
        or len(set(value)) <= 3  # noqa: PLR2004 - xxxx, 0000, ****
    )


def _is_random(value: bytes) -> bool:
    """Whether a value is one long word of letters and digits without a plan."""
    return (
        RANDOM.fullmatch(value) is not None
        and len(set(value)) >= LEAST_RANDOM_SIGNS
        and any(48 <= byte <= 57 for byte in value)  # noqa: PLR2004 - the digits
        and any(byte > 57 for byte in value)  # noqa: PLR2004
        and not PLACEHOLDER.search(value)
    )
