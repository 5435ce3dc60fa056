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
        return None if is_example(text[start:end]) or _is_no_value(text, match) else (start, end)
    confirm: Any = attribute(f"nightlatch.secrets.{place}")
    span: tuple[int, int] | None = confirm(text, start, end)
    return span


def _is_no_value(text: bytes, match: Match) -> bool:
    """For a rule that goes by a name: whether the name says something else, or the value is no whole one, or words."""
    if not match.rule.context:
        return False
    from nightlatch.secrets.assigned_name import names_no_secret
    from nightlatch.secrets.lookalike import is_words

    goes_on = text[match.end : match.end + 1] in (b"+", b"/") and text[match.end + 1 : match.end + 2].isalnum()
    return goes_on or is_words(text[match.start : match.end]) or names_no_secret(text, match.start)
