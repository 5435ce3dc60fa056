"""How severe a record says that it is: the highest of all that it says, by number or in words."""

from __future__ import annotations

from nightlatch.advisories.cvss import score
from nightlatch.core.advisories.layout import CRITICAL, HIGH, LOW, MEDIUM, UNKNOWN
from nightlatch.core.advisories.matching import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_FROM = ((9.0, CRITICAL), (7.0, HIGH), (4.0, MEDIUM))
"""CVSS's own bands, which are the same in version 3 and 4; what is below is low."""

_WORDS = {"low": LOW, "moderate": MEDIUM, "medium": MEDIUM, "high": HIGH, "critical": CRITICAL}
"""As databases write them, in whatever case."""


def severity(record: dict[str, Any], affected: dict[str, Any]) -> str:
    """The severity for one of the record's packages; `unknown` where nothing says it, or nothing that can be read."""
    said = [*_told(record), *_told(affected)]
    return max(said, key=SEVERITIES.index, default=UNKNOWN)


def _told(place: dict[str, Any]) -> Iterator[str]:
    scores = place.get("severity")
    for one in scores if isinstance(scores, list) else ():
        vector = one.get("score") if isinstance(one, dict) else None
        if isinstance(vector, str):
            yield from _band(vector)
    for name in ("database_specific", "ecosystem_specific"):
        extra = place.get(name)
        word = extra.get("severity") if isinstance(extra, dict) else None
        if isinstance(word, str) and word.lower() in _WORDS:
            yield _WORDS[word.lower()]


def _band(vector: str) -> Iterator[str]:
    try:
        found = score(vector)
    except ValueError:
        return
    yield next((name for least, name in _FROM if found >= least), LOW)
