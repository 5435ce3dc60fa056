"""Text for a log: what stands where a credential usually stands is masked, whatever it looks like.

This goes by names alone. Credentials that are known by their form are masked by whoever found them, before.
"""

from __future__ import annotations

import re

MOST_CHARACTERS = 8000
"""So much is looked at; the rest is left out."""

MASK = "***"

_KEY = r"(?:api[_-]?key|access[_-]?key|private[_-]?key|passw(?:or)?d|passphrase|pwd|secret|token|credential|auth(?!or))"
_NAME = rf"[\w.-]{{0,60}}{_KEY}[\w.-]{{0,60}}"

ASSIGNMENT = re.compile(
    rf"(?i)({_NAME}[\"']?\s{{0,4}}[=:]\s{{0,4}}(?:bearer |basic )?)(\"[^\"]*\"|'[^']*'|[^\s\"'&;,}}]+)"
)
OPTION = re.compile(rf"(?i)(--?{_NAME}\s{{1,4}})(\"[^\"]*\"|'[^']*'|[^\s\"'-]\S*)")
SCHEME = re.compile(r"(?i)\b((?:bearer|basic)\s{1,4})([^\s\"']+)")
ADDRESS = re.compile(r"(://[^\s/:@]{0,100}:)([^\s/@]{1,500})(?=@)")
USER = re.compile(r"(?i)((?:\s|^)(?:-u|--user)[ =]?[\"']?[^\s:\"']{1,100}:)([^\s\"']+)")
SQL = re.compile(r"(?i)(\b(?:password|identified\s{1,4}by)\s{1,4})('[^']*'|\"[^\"]*\")")
JOINED = re.compile(r"(\b(?:mysql|mariadb)[a-z-]{0,20}\b[^|;&\n]{0,200}?\s-p)([^\s|;&]+)")
SHORT = re.compile(
    r"(\b(?:sshpass|redis-cli|(?:docker|podman|registry|az)\s{1,4}login)\b[^|;&\n]{0,200}?\s-[pa]\s{0,4})([^\s|;&]+)"
)
"""Programs whose short options are passwords."""


def redacted(text: str) -> str:
    """The text with masked values."""
    text = text[:MOST_CHARACTERS]
    for pattern in (ADDRESS, USER, SCHEME, OPTION, ASSIGNMENT, SQL, JOINED, SHORT):
        text = pattern.sub(rf"\g<1>{MASK}", text)
    return text
