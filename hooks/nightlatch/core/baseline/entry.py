"""What a baseline holds: its entries, and the salt of their marks."""

from __future__ import annotations

NAME = ".nightlatch-baseline.json"

NOT_ASKED_FOR = ""
"""As `--baseline`: no baseline of any kind is consulted."""

BY = "baseline"
VERSION = 1
MAX_BYTES = 16 * 1024 * 1024
REAL, FALSE, UNSURE = "real", "false", "unsure"
AUDITS = (REAL, FALSE, UNSURE)

SECTION = "section"
"""The one key of an object among the entries that is none: it parts them for git's sake."""

REQUIRED = ("rule", "path", "fingerprint", "mark", "reason")
OPTIONAL = ("expires", "audit")
MOST_REASON = 1000
MOST_NAME = 40


class Entry:
    """One allowed finding.

    rule, path, fingerprint  the finding's; the path as reports show it, None for the whole repository
    mark                     two hexadecimal digits of the value, or None for a finding without one
    reason                   why it is allowed
    expires                  the last day on which it counts, as an ISO date; None for ever
    audit                    what a person said of it: real, false or unsure; None where nobody was asked
    """

    __slots__ = ("audit", "expires", "fingerprint", "mark", "path", "reason", "rule")

    def __init__(
        self,
        rule: str,
        path: str | None,
        fingerprint: str,
        mark: str | None,
        reason: str,
        *,
        expires: str | None = None,
        audit: str | None = None,
    ) -> None:
        self.rule = rule
        self.path = path
        self.fingerprint = fingerprint
        self.mark = mark
        self.reason = reason
        self.expires = expires
        self.audit = audit

    @property
    def key(self) -> tuple[str, str | None]:
        """What no two entries share."""
        return self.fingerprint, self.mark

    def is_expired(self, today: str) -> bool:
        """Whether its day is over; it still counts on that day."""
        return self.expires is not None and self.expires < today


class Baseline:
    """A valid baseline: its label for messages, its salt in hexadecimal digits, and its entries."""

    __slots__ = ("entries", "salt", "where")

    def __init__(self, where: str, salt: str, entries: list[Entry]) -> None:
        self.where = where
        self.salt = salt
        self.entries = entries

    def mark(self, value: bytes | None) -> str | None:
        """The mark of a finding's value."""
        if value is None:
            return None
        from hmac import digest

        return digest(bytes.fromhex(self.salt), value, "sha256")[:1].hex()
