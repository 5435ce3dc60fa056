"""What stands where a secret would stand and is none: documentation's examples, templates, weak words."""

from __future__ import annotations

import re

EXAMPLE_PARTS = (
    b"example",
    b"placeholder",
    b"changeme",
    b"redacted",
    b"your_",
    b"your-",
    b"xxxxx",
    b"*****",
    b".....",
    b"000000",
    b"0123456789",
    b"1234567890",
    b"abcdefghij",
    b"eby8vdm02xnocqflquwjpl",
)
"""Texts that a random value of some 40 characters holds less often than once in a million times. The
last is the key of Azure's storage emulator, which its documentation publishes."""

TEMPLATE = (
    rb"\$[A-Za-z_][A-Za-z0-9_]{0,60}|%[A-Za-z_][A-Za-z0-9_]{0,60}%|%[sdv@]"
    rb"|\{[^{}]{0,80}\}|<[^<>]{0,80}>|\[[^\[\]]{0,80}\]"
    rb"|__[A-Za-z0-9_]{1,60}__|(?:process\.env|os\.environ)[^;]{0,80}"
)
"""A value that is a variable or a place to fill in, from end to end."""

TEMPLATE_PARTS = (
    rb"\$\{[^}]{0,100}\}|\$\([^)]{0,100}\)|^\$\(|\{\{[^}]{0,100}|#\{[^}]{0,100}\}"
    rb"|%\{[^}]{0,100}\}|%\([a-z_]{1,40}\)s|<%|\$\[\["
)
"""A variable within a value. The end may be missing, where a blank inside it has cut the value off."""

WORDS = frozenset(
    b"""
    a abc access an admin administrator apikey app auth bar baz changeit changeme changethis credential credentials db
    dbpass
    dbpassword default demo dev devpassword dummy dummypass example fake foo foobar guest hello hidden hunter key
    letmein login my masked mypass mypassword mysecret mysecretpassword mysql name none null one pass passphrase passwd
    password postgres postgresql private pswd pw pwd qwerty rabbitmq redacted redis removed root sa sample secret
    secretpassword string supersecret test the three two tester testing testpass testpassword testuser todo
    token topsecret
    undefined user username userpass userpassword value welcome word xxx your yourpassword yoursecret
    """.split()
)
"""Words that stand in the place of a password in documentation, tests and development set-ups."""

LETTERS_OR_SPACE = bytes(byte if byte in b"abcdefghijklmnopqrstuvwxyz" else 32 for byte in range(256))
SPOKEN = bytes.maketrans(b"013457@$!", b"oleastasi")
"""Digits and signs that stand for letters, as in `p@ssw0rd`."""
LEAST_LENGTH = 4
LEAST_DISTINCT = 4
"""A password with fewer than one distinct character in so many is a row of the same."""

LOCAL_HOSTS = (b"localhost", b"host.docker.internal", b"0.0.0.0", b"[::1]", b"::1")
LOCAL_ENDINGS = (b".localhost", b".local", b".internal", b".svc", b".svc.cluster.local")
KEYBOARD_ROWS = (b"qwer", b"asdf", b"zxcv", b"tyui", b"ghjk", b"1234", b"5678")
MOST_BESIDE_A_ROW = 3
"""How many characters may stand beside runs along the keyboard in a password that is typed, not chosen."""

DOCUMENTATION_HOSTS = frozenset((b"host", b"hostname", b"server", b"domain", b"address", b"ip", b"example"))
DOCUMENTATION_DOMAINS = (b"example.com", b"example.org", b"example.net", b"example", b"invalid", b"test")


def is_example(value: bytes) -> bool:
    """Whether a provider's credential is one that documentation shows."""
    lowered = value.lower()
    return any(part in lowered for part in EXAMPLE_PARTS)


def is_template(value: bytes) -> bool:
    """Whether the value is filled in later: `${PASSWORD}`, `{{ password }}`, `%s`, `<password>`."""
    return bool(re.fullmatch(TEMPLATE, value) or re.search(TEMPLATE_PARTS, value))


def is_weak(password: bytes, user: bytes = b"") -> bool:
    """Whether a password is a placeholder, a well-known default or the user's own name."""
    lowered = password.lower()
    words = _words(lowered)
    return (
        len(password) < LEAST_LENGTH
        or lowered == user.lower()
        or all(word in WORDS for word in words)
        or b"".join(words) in WORDS
        or b"".join(_words(lowered.translate(SPOKEN))) in WORDS
        or _is_along_the_keyboard(lowered)
        or len(set(lowered)) <= len(lowered) // LEAST_DISTINCT
        or is_example(password)
    )


def _is_along_the_keyboard(lowered: bytes) -> bool:
    rest = lowered
    for row in KEYBOARD_ROWS:
        rest = rest.replace(row, b"")
    return len(rest) <= MOST_BESIDE_A_ROW and rest != lowered


def _words(lowered: bytes) -> list[bytes]:
    """The runs of letters of a lower-case text."""
    return lowered.translate(LETTERS_OR_SPACE).split()


def is_local(host: bytes) -> bool:
    """Whether a host is this machine, or a bare name as containers give it."""
    lowered = host.lower()
    bare = b"." not in lowered and b":" not in lowered
    return lowered.startswith(b"127.") or lowered in LOCAL_HOSTS or lowered.endswith(LOCAL_ENDINGS) or bare


def is_documentation(host: bytes) -> bool:
    """Whether a host is reserved for documentation, or a word in its place."""
    lowered = host.lower()
    under = any(lowered == domain or lowered.endswith(b"." + domain) for domain in DOCUMENTATION_DOMAINS)
    return lowered in DOCUMENTATION_HOSTS or under
