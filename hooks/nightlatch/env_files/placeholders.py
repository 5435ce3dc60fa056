"""What stands in the place of a secret: text to fill in, defaults that everyone knows, rows of the same.

Length proves nothing: many a placeholder is longer than the secret that should replace it.
"""

from __future__ import annotations

import re
from itertools import pairwise

PHRASES = tuple(
    b"your_ your- yourself changeme change_me change-me changethis change_this change-this replaceme replace_ replace-"
    b" placeholder example.com _example -example example_ example- dummy fixme todo insert_ insert- enter_ enter-"
    b" goes-here goes_here _here -here generate_ generate- supersecret super_secret super-secret must_be must-be"
    b" xxxxx ***** ..... lorem notreal not_real not-real fake_ fake- redacted mysecret my_secret my-secret somesecret"
    b" some-secret some_secret add_your addyour get_a_ get_the_ <your put_your for_production in_production"
    b" 123456789 987654321 abcdefgh qwertyui -in-production do_not_use do-not-use dontuse insecure"
    b" unsafe-secret thisisnot this-is-not".split()
)
"""Texts that a value which is made at random holds less often than once in a million times."""

FILLED_IN_LATER = re.compile(
    rb"<[^<>]*>|\[[A-Za-z][A-Za-z _-]*\]|\{\{[^{}]*\}\}|__[A-Z_]+__|%[A-Z_]+%"
    rb"|\.{3,}|\*{3,}|[xX]{3,}|-+|\?+"
)
"""A value that is a place to fill in, from end to end."""

REFERENCE = re.compile(
    rb"\$\{?[A-Za-z_]|\$\(|\$\{\{|\{\{|(?:op|vault|awssm|gcpsm|sm|akv|azurekv|doppler|infisical|bws|ssm|keyring|pass)[:+]"
    rb"|ref\+|arn:aws|projects/[^/]+/secrets/|/run/secrets/|file:|@Microsoft\.KeyVault\(|secretref:"
)
"""How a value begins that says where the secret is kept."""

ENCRYPTED = (b"encrypted:", b"ENC[", b"ENC(", b"age1", b"-----BEGIN AGE ENCRYPTED", b"-----BEGIN PGP MESSAGE")
"""How a value begins that is encrypted where it stands: dotenvx, sops, jasypt, age, PGP."""

WORDS = frozenset(
    b"""
    abc access admin administrator an any api apikey app at auth authentication bar base baz be bit bits by
    certificate change changeit char character characters chars client cookie credential credentials
    cryptographically data database db debug default demo dev devel developer development do dummy encrypt
    encryption env etc example fake foo foobar for from generate generated guest hash hello here hex hunter id in
    insecure is it jwt jwtsecret key keys letmein like local localhost long longer lorem mail make master maybe me
    min mine minimum minio minioadmin minute mongo must my mysql name nextauth none not nothing now null of on one
    only or our pass passphrase passwd password phrase placeholder please postgres postgresql prod production proper
    pswd pw pwd qwerty rabbitmq random randomly real really redis refresh replace root sa salt sample secret secrets
    secure securely server service session set short should sign signing simple sk some something staging string
    strong super superlongsecret supersecret supersecretkey temp temporary test tester testing that the this to todo
    token toor two unsafe use user username value very want weak welcome with word world xx xxx xxxx you your yours
    """.split()
)
"""Words of texts that nobody chose as a secret. A value of such words alone is none."""

WELL_KNOWN = frozenset(
    b"""
    admin123 admin1234 password1 password123 passw0rd p@ssw0rd p@ssword pa55word pa$$word 123 1234 12345 123456
    1234567 12345678 123456789 1234567890 abc123 abcd1234 qwerty123 letmein1 welcome1 iloveyou monkey dragon sunshine
    princess football baseball trustno1 secret123 test123 test1234 root123 postgres123 changeme1 changeme123 1q2w3e4r
    qwertyuiop asdfghjkl zxcvbnm 111111 000000 aaaaaa s3cr3t sup3rs3cr3t correcthorsebatterystaple deadbeef cafebabe
    """.split()
)
"""Passwords that are tried first."""

SPOKEN = bytes.maketrans(b"013457@$!", b"oleastasi")
"""Digits and signs that stand for letters, as in `s3cr3t`."""

LETTERS = re.compile(rb"[a-z]+")
LEAST_PASSWORD = 6
LEAST_DISTINCT = 4
LONG = 40
PERIOD_FROM = 12
LONGEST_NAME = 200
MOSTLY = 0.7
LEAST_RUN = 8

PLACEHOLDER = "a placeholder"
WELL_KNOWN_DEFAULT = "a default that everyone knows"
ROW = "a row of the same or of neighbouring characters"
ECHO = "the variable's own name"
TEMPLATES_VALUE = "the value that stands in the template"
SHORT = "so short that it is soon guessed"


def is_reference(value: bytes) -> bool:
    """Whether a value says where the real one is kept, or is made from another variable."""
    return REFERENCE.match(value) is not None


def is_encrypted(value: bytes) -> bool:
    """Whether a value is encrypted where it stands."""
    return value.startswith(ENCRYPTED)


def why_no_secret(value: bytes, key: str, template: bytes | None = None) -> str:
    """Why a value is no secret, in words that follow "is"; nothing where it may be one.

    key       the variable's name
    template  what the template has for it
    """
    value = value.strip()
    lowered = value.lower()
    runs = LETTERS.findall(lowered)
    verdicts = (
        (not value, ""),
        (lowered in WELL_KNOWN or lowered.translate(SPOKEN) in WORDS, WELL_KNOWN_DEFAULT),
        (FILLED_IN_LATER.fullmatch(value) or any(phrase in lowered for phrase in PHRASES), PLACEHOLDER),
        (_is_of_words(runs), PLACEHOLDER if len(runs) > 1 else WELL_KNOWN_DEFAULT),
        (_echoes(runs, key), ECHO),
        (_is_row(lowered), ROW),
        (template is not None and value == template.strip(), TEMPLATES_VALUE),
    )
    return next((reason for holds, reason in verdicts if holds), "")


UNFILLED = tuple(
    b"your_ your- changeme change-me change_me change-this change_this replace_me replace-me <your".split()
)


def is_unfilled(value: bytes) -> bool:
    """Whether a value says outright that it is to be replaced, whatever it is for."""
    lowered = value.lower()
    return FILLED_IN_LATER.fullmatch(value) is not None or any(phrase in lowered for phrase in UNFILLED)


def is_short(value: bytes) -> bool:
    """Whether a password is so short that it is soon guessed."""
    return len(value) < LEAST_PASSWORD


def _is_of_words(runs: list[bytes]) -> bool:
    """Whether the letters are words that say nothing. Single ones count for nothing: hexadecimal digits are such."""
    longer = [run for run in runs if len(run) > 1]
    letters = sum(map(len, longer))
    return letters > 2 and letters * 2 >= sum(map(len, runs)) and all(run in WORDS for run in longer)  # noqa: PLR2004 - a short word


def _echoes(runs: list[bytes], key: str) -> bool:
    """Whether every word is one of the name's, or one that says nothing: `tiny-bird-api-key` for TINYBIRD_API_KEY."""
    name = b"".join(LETTERS.findall(key[:LONGEST_NAME].lower().encode("utf-8", "replace")))
    own = [run for run in runs if run not in WORDS and len(run) > 1]
    return bool(own) and all(len(run) > 2 and run in name for run in own)  # noqa: PLR2004 - ab is in many names


def _is_row(lowered: bytes) -> bool:
    """Whether it is a row of few characters, of neighbours (`abcdef`, `123456`), or the same again and again."""
    size = len(lowered)
    if size < LEAST_DISTINCT:
        return False
    if len(set(lowered)) <= max(2, min(size, LONG) // LEAST_DISTINCT - 1):
        return True
    if size >= PERIOD_FROM and (lowered + lowered).find(lowered, 1) < size:
        return True
    steps = sum(abs(one - other) <= 1 for one, other in pairwise(lowered))
    return size >= LEAST_RUN and steps >= MOSTLY * (size - 1)


RANDOM_FROM = 16
LEAST_KINDS = 10
LETTERS_AND_DIGITS = re.compile(rb"[A-Za-z0-9+/_=.~-]+")


def looks_random(value: bytes) -> bool:
    """Whether a value was made by a machine: long, of many characters, letters and digits in no order."""
    if len(value) < RANDOM_FROM or not LETTERS_AND_DIGITS.fullmatch(value) or len(set(value)) < LEAST_KINDS:
        return False
    kinds = [_kind(byte) for byte in value]
    changes = sum(one != other for one, other in pairwise(kinds))
    return changes * 4 >= len(value) and any(kind == "0" for kind in kinds)


def _kind(byte: int) -> str:
    sign = chr(byte)
    return "0" if sign.isdigit() else "a" if sign.islower() else "A" if sign.isupper() else "-"
