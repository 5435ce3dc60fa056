"""Baselines before and after a change: each entry that came silences a finding.

They are read here without asking whether they are valid: whoever honours one does that.
"""

from __future__ import annotations

from nightlatch.core.text import plural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_BYTES = 16 * 1024 * 1024
MOST_NAMED = 3
FOR_EVER = "9999-12-31"


class Entry:
    """An entry: what no other shares, its last day, its name for people, and a text that stands on its line."""

    __slots__ = ("expires", "key", "mark", "name")

    def __init__(self, key: tuple[str, ...], expires: str, name: str, mark: str) -> None:
        self.key = key
        self.expires = expires
        self.name = name
        self.mark = mark


class UnfitError(Exception):
    """A file isn't a baseline at all."""


def added(before: bytes | None, after: bytes | None, read: Callable[[bytes], list[Entry]]) -> list[Entry]:
    """The entries that came, or that count for longer than they did. Raises UnfitError where that can't be told."""
    if after is None:
        return []
    known: dict[tuple[str, ...], str] = {}
    for entry in _tolerantly(before, read):
        known[entry.key] = max(known.get(entry.key, ""), entry.expires)
    return [entry for entry in read(after) if known.get(entry.key, "") < entry.expires]


def _tolerantly(raw: bytes | None, read: Callable[[bytes], list[Entry]]) -> list[Entry]:
    """An earlier file that was no baseline silenced nothing."""
    try:
        return read(raw) if raw is not None else []
    except UnfitError:
        return []


def said(entries: list[Entry]) -> str:
    """How many there are, and the first few by name."""
    names = list(dict.fromkeys(entry.name for entry in entries))
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{plural(len(entries), 'finding')} more allowed ({', '.join(names[:MOST_NAMED])}{more})"


def nightlatch_entries(raw: bytes) -> list[Entry]:
    """What nightlatch's own baseline allows."""
    return [
        Entry(
            tuple(repr(item.get(key)) for key in ("rule", "path", "fingerprint", "mark")),
            _text(item, "expires") or FOR_EVER,
            f"{_text(item, 'rule')} {_text(item, 'path') or 'the repository'}",
            _text(item, "fingerprint"),
        )
        for item in _items(_loaded(raw).get("entries"))
        if "section" not in item
    ]


def detect_secrets_entries(raw: bytes) -> list[Entry]:
    """What a baseline of detect-secrets allows. The hash of a secret is compared and never shown."""
    results = _loaded(raw).get("results")
    if not isinstance(results, dict):
        raise UnfitError
    return [
        Entry(
            (str(path), _text(item, "type"), _text(item, "hashed_secret"), str(item.get("is_secret") is False)),
            FOR_EVER,
            str(path),
            _text(item, "hashed_secret"),
        )
        for path, items in results.items()
        for item in _items(items)
    ]


def _loaded(raw: bytes) -> dict[str, object]:
    import json

    if len(raw) > MAX_BYTES:
        raise UnfitError
    try:
        loaded = json.loads(raw)
    except (ValueError, RecursionError):
        raise UnfitError from None
    if not isinstance(loaded, dict):
        raise UnfitError
    return loaded


def _items(items: object) -> Iterator[dict[str, object]]:
    if not isinstance(items, list):
        raise UnfitError
    for item in items:
        if not isinstance(item, dict):
            raise UnfitError
        yield item


def _text(item: dict[str, object], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""
