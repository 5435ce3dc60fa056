"""The second look at a candidate: what its pattern alone can't tell."""

from __future__ import annotations

from nightlatch.core.lazy import attribute
from nightlatch.secrets.placeholder import is_example
from nightlatch.secrets.rules import CONFIRMATIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from nightlatch.secrets.scan import Match


def confirmed(text: bytes, match: Match) -> tuple[int, int] | None:
    """The span of the credential that a match really is, or None where it is none."""
    start, end = match.start, match.end
    place = CONFIRMATIONS.get(match.rule.id)
    if place is None:
        return None if is_example(text[start:end]) else (start, end)
    confirm: Any = attribute(f"nightlatch.secrets.{place}")
    span: tuple[int, int] | None = confirm(text, start, end)
    return span
