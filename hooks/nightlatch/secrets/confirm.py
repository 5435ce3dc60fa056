"""The second look at a candidate: what its pattern alone can't tell."""

from __future__ import annotations

from nightlatch.secrets.placeholder import is_example
from nightlatch.secrets.rules import CONFIRMATIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.secrets.scan import Match


def confirmed(text: bytes, match: Match) -> tuple[int, int] | None:
    """The span of the credential that a match really is, or None where it is none."""
    start, end = match.start, match.end
    place = CONFIRMATIONS.get(match.rule.id)
    if place is None:
        return None if is_example(text[start:end]) else (start, end)
    from importlib import import_module

    module, _, function = place.partition(":")
    span: tuple[int, int] | None = getattr(import_module(f"nightlatch.secrets.{module}"), function)(text, start, end)
    return span
