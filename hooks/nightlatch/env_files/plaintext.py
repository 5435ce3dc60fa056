"""What of an env file may be a secret, in plain text: for files that git tracks.

Frameworks have people commit env files with defaults (Vite, Create React App, Symfony, Docker Compose): what such a
file holds in plain sight, ports, switches, public addresses and passwords that everyone knows, harms nobody.
"""

from __future__ import annotations

import re

from nightlatch.env_files.dotenv_tokens import Assignment, tokens
from nightlatch.env_files.key_names import public_prefix
from nightlatch.env_files.placeholders import is_short, why_no_secret
from nightlatch.env_files.variables import Variable
from nightlatch.env_files.vendor_formats import (
    IN_A_VALUE,
    LIVE,
    SECRET,
    first_credential,
    is_known_to_all,
    vendor_format,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

READERS = ("dotenv",)
PASSWORD_IN_URL = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]{0,30}://([^/\s:@]{0,200}):([^/\s@]{1,300})@")
PLAIN = re.compile(rb"(?i)true|false|yes|no|on|off|null|none|[0-9.,:]+(?:ms|[smhdkgb]|[kmg]i?b)?|[a-z]{1,12}")
"""A switch, a number, a duration, a word."""

PATH = re.compile(rb"\.{0,2}/[A-Za-z0-9_./-]*|[a-z]+://[^@\s]*")
"""A file, or an address without a password."""


class Plaintext:
    """What git holds of an env file.

    variables      its variables, where it is written as `NAME=value` lines
    secrets        those of them that may be secrets
    credential     where a provider's secret stands, whatever the format of the file; None where there is none
    is_understood  whether every line says something that was looked at
    """

    __slots__ = ("credential", "is_understood", "secrets", "variables")

    def __init__(self, text: bytes, *, is_dotenv: bool) -> None:
        found = list(tokens(text)) if is_dotenv else []
        self.variables = [Variable(token, READERS) for token in found if isinstance(token, Assignment)]
        self.secrets = [variable for variable in self.variables if _may_be_secret(variable)]
        self.is_understood = is_dotenv and len(self.variables) == len(found)
        credential = next((variable.token for variable in self.secrets if _is_of_a_provider(variable)), None)
        if credential is not None:
            self.credential: tuple[int, int] | None = (credential.key_start, credential.value_stop)
        else:
            self.credential = None if self.is_understood else first_credential(text)

    @property
    def is_secret(self) -> bool:
        """Whether a secret may stand in it."""
        return bool(self.secrets) or self.credential is not None


def _is_of_a_provider(variable: Variable) -> bool:
    form = vendor_format(variable.value.strip())
    return IN_A_VALUE.search(variable.value) is not None or (form is not None and form.kind in (SECRET, LIVE))


def variables(text: bytes) -> Iterator[Variable]:
    """The variables of an env file."""
    return (Variable(token, READERS) for token in tokens(text) if isinstance(token, Assignment))


def secrets(text: bytes) -> list[Variable]:
    """The variables whose values may be secrets."""
    return [variable for variable in variables(text) if _may_be_secret(variable)]


def _may_be_secret(variable: Variable) -> bool:
    value = variable.value.strip()
    if variable.is_opaque or public_prefix(variable.key) or is_known_to_all(value):
        return False
    if IN_A_VALUE.search(value):
        return not why_no_secret(value, variable.key)
    login = PASSWORD_IN_URL.match(value)
    if login:
        return login[1] != login[2] and not _is_harmless(login[2], variable.key)
    if vendor_format(value):
        return not why_no_secret(value, variable.key)
    return bool(variable.secret) and not PATH.fullmatch(value) and not _is_harmless(value, variable.key)


def _is_harmless(value: bytes, key: str) -> bool:
    return bool(is_short(value) or PLAIN.fullmatch(value) or why_no_secret(value, key))
