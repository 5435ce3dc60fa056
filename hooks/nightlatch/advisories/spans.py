"""OSV's ranges as spans of keys: what each record says of versions, worked out once, when the database is built.

After https://ossf.github.io/osv-schema/#evaluation: the events of a range are gone through in the order of their
versions, `introduced` opens, `fixed` closes before its version and `last_affected` behind it, `limit` ends what is
open. A version is concerned where any range or the list of versions has it.
"""

from __future__ import annotations

from itertools import groupby

from nightlatch.core.advisories.sortable import TOP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from nightlatch.core.advisories.ecosystems import Ecosystem

    Span = tuple[str, str]
    _Turn = tuple[str, str, str]
    """The key of its version, its kind, and from which key on it holds."""

INTRODUCED, FIXED, LAST, LIMIT = EVENTS = ("introduced", "fixed", "last_affected", "limit")
_START = "0"
"""As `introduced`: before every version."""
_NO_LIMIT = "*"


def spans_of_range(events: Sequence[dict[str, Any]], ecosystem: Ecosystem) -> list[Span]:
    """The spans of one range. Raises ValueError where an event or a version in it can't be read."""
    turns: list[_Turn] = []
    limits: list[str] = []
    for event in events:
        kind, version = _event(event)
        if kind in (INTRODUCED, FIXED):
            key = "" if (kind, version) == (INTRODUCED, _START) else ecosystem.bound(version)
            turns.append((key, kind, key))
        elif kind == LAST:
            turns.append((ecosystem.key(version), kind, ecosystem.key_of_the_last(version)))
        else:
            limits.append(TOP if version == _NO_LIMIT else ecosystem.bound(version))
    if not any(kind == INTRODUCED for _, kind, _ in turns):
        raise ValueError("nothing is introduced")
    return _before(max(limits, default=TOP), _opened_and_closed(turns))


def spans_of_list(versions: Iterable[str], ecosystem: Ecosystem) -> tuple[list[Span], list[str]]:
    """A span for each version of a list, and those versions that have no key."""
    spans, others = [], []
    for version in versions:
        try:
            spans.append((ecosystem.key(version), ecosystem.key_of_the_last(version)))
        except ValueError:
            others.append(version)
    return spans, others


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same versions in as few spans as there can be, in order."""
    found: list[Span] = []
    for first, end in sorted(spans):
        if first >= end:
            continue
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((first, end))
    return found


def _event(event: dict[str, Any]) -> tuple[str, str]:
    """The kind of an event and its version. An event has one of each."""
    known = [(kind, event[kind]) for kind in EVENTS if kind in event]
    if len(known) != 1 or not isinstance(known[0][1], str):
        raise ValueError("an event of another kind")
    return known[0]


def _opened_and_closed(turns: list[_Turn]) -> list[Span]:
    """What is open: at a version the turn decides that is the last in order of all that hold there.

    Those at the same version stand in the order of the record.
    """
    in_order = sorted(turns, key=lambda turn: turn[0])
    holding = sorted((bound, rank, kind) for rank, (_, kind, bound) in enumerate(in_order))
    bounds: list[str] = []
    deciding, is_open = -1, False
    for bound, here in groupby(holding, key=lambda one: one[0]):
        for _, rank, kind in here:
            if rank > deciding:
                deciding, is_open = rank, kind == INTRODUCED
        if is_open == (len(bounds) % 2 == 0):
            bounds.append(bound)
    return list(zip(bounds[::2], [*bounds[1::2], TOP], strict=False))


def _before(limit: str, spans: Iterable[Span]) -> list[Span]:
    return [(first, min(end, limit)) for first, end in spans if first < limit]
