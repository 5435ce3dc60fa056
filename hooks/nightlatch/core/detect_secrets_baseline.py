"""A baseline of detect-secrets (`.secrets.baseline`, format 1.x), honoured as it is.

It names a secret by its file and the SHA-1 of its value. A finding of a `SEC` rule whose file and value stand in it
is allowed, whatever the audit said: in detect-secrets too an entry that was audited as a secret no longer stops a
commit. The audit becomes the reason, so that reports show it. The hashes stay in memory: nothing keeps them.
"""

from __future__ import annotations

import os

from nightlatch.core.baseline.selected import content_at
from nightlatch.core.errors import ConfigError
from nightlatch.core.files import as_text
from nightlatch.core.suppress import MARKED_RULES, Note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from nightlatch.core.config import Config
    from nightlatch.core.discover import Selection
    from nightlatch.core.finding import Finding

NAME = ".secrets.baseline"
SECTION = "secrets"
KEY = "detect-secrets-baseline"
BY = "detect-secrets baseline"
REASONS = {False: "audited as no secret", True: "audited as a secret", None: "not audited"}

SHA1_DIGITS = 40
KEY_HEADERS = (
    b"BEGIN DSA PRIVATE KEY",
    b"BEGIN EC PRIVATE KEY",
    b"BEGIN OPENSSH PRIVATE KEY",
    b"BEGIN PGP PRIVATE KEY BLOCK",
    b"BEGIN PRIVATE KEY",
    b"BEGIN RSA PRIVATE KEY",
    b"BEGIN SSH2 ENCRYPTED PRIVATE KEY",
    b"PuTTY-User-Key-File-2",
)
"""What its PrivateKeyDetector takes for the value of a private key: the first line alone."""

_REMEDY = "Make it anew with: detect-secrets scan > .secrets.baseline"


class DetectSecretsBaseline:
    """A valid one.

    where    its label for messages
    results  path → SHA-1 of the value in hexadecimal digits → what the audit said: False, True or None
    """

    __slots__ = ("results", "where")

    def __init__(self, where: str, results: dict[str, dict[str, bool | None]]) -> None:
        self.where = where
        self.results = results

    def note_for(self, finding: Finding) -> Note | None:
        """The note that allows a finding, or None."""
        audit = self.audit_of(finding)
        return None if audit is None else Note(BY, REASONS[audit[0]])

    def audit_of(self, finding: Finding) -> tuple[bool | None] | None:
        """What the audit said of a finding, in a tuple; None where the finding isn't listed."""
        listed = self.results.get(finding.path or "")
        is_secret = finding.rule.is_secret or finding.rule.id.startswith(MARKED_RULES)
        if not listed or finding.value is None or not is_secret:
            return None
        return next(((listed[name],) for name in _names(finding.value) if name in listed), None)


def _names(value: bytes) -> list[str]:
    """The hashes by which detect-secrets may know a value."""
    from hashlib import sha1

    forms = (value, *(header for header in KEY_HEADERS if header in value[:200]))
    return [sha1(form, usedforsecurity=False).hexdigest() for form in forms]


def finder(selection: Selection, configuration: Config) -> Callable[[], DetectSecretsBaseline | None] | None:
    """What reads the baseline that goes with a selection, once it is needed; None where there is none.

    That is the configured file, which must exist (ConfigError), or else `.secrets.baseline` at the root.
    """
    configured = configuration.section(SECTION).get(KEY) if configuration.where else None
    path = configured or NAME
    is_commit = selection.span is not None
    if not is_commit and not os.path.lexists(os.path.join(selection.root, path)):
        if configured:
            raise _missing(configured, configuration.where)
        return None

    def find() -> DetectSecretsBaseline | None:
        found = content_at(selection, path)
        if found is None and configured:
            raise _missing(configured, configuration.where)
        return load(*found) if found else None

    return find


def _missing(path: str, where: str) -> ConfigError:
    from shlex import quote

    remedy = f"Make it anew with: detect-secrets scan > {quote(path)}"
    return ConfigError(path, 0, 0, f"there is no such file, but {where} names it ({SECTION}: {KEY}).", remedy)


def load(raw: bytes, where: str) -> DetectSecretsBaseline:
    """The baseline in a file's bytes; what redirection on Windows wrote as UTF-16 counts too.

    Keys that say nothing about a result are passed over, as detect-secrets does. Raises ConfigError.
    """
    from nightlatch.core.json_file import parsed, parsed_text

    top = parsed(parsed_text(as_text(raw), where), where)
    results = top.get("results") if isinstance(top, dict) else None
    if not isinstance(results, dict):
        raise ConfigError(where, 0, 0, "a baseline of detect-secrets has an object `results`.", _REMEDY)
    found: dict[str, dict[str, bool | None]] = {}
    for path, secrets in results.items():
        if not isinstance(secrets, list):
            raise ConfigError(where, 0, 0, "each path in `results` has a list of secrets.", _REMEDY)
        listed = found.setdefault(path.replace("\\", "/").removeprefix("./"), {})
        for secret in secrets:
            _add(secret, listed, where)
    return DetectSecretsBaseline(where, found)


def _add(secret: Any, listed: dict[str, bool | None], where: str) -> None:
    """Take up one result. Several plugins may list one value: then an audit counts, and the graver one."""
    name = secret.get("hashed_secret") if isinstance(secret, dict) else None
    audit = secret.get("is_secret") if isinstance(secret, dict) else None
    if not isinstance(name, str) or len(name) != SHA1_DIGITS or name.strip("0123456789abcdefABCDEF"):
        raise ConfigError(where, 0, 0, "a result's `hashed_secret` is 40 hexadecimal digits.", _REMEDY)
    if audit is not None and not isinstance(audit, bool):
        raise ConfigError(where, 0, 0, "a result's `is_secret` is true or false.", _REMEDY)
    before = listed.get(name.lower())
    listed[name.lower()] = before if audit is None else bool(before) or audit
