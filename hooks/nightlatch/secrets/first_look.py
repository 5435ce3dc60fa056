"""Whether a short text may hold a secret at all, without loading the rules: their keywords are kept in the cache.

For whoever asks about one text in a process of its own. It says yes at least wherever the search would find something.
"""

from __future__ import annotations

import os

from nightlatch.core import cache
from nightlatch.secrets.base64_text import holds_text

_CACHE_KIND = "keywords"
_TABLES = ("providers", "formats.py", "rules.py")


def may_hold(text: bytes) -> bool:
    """Whether a keyword of a rule stands in the text, or something in base64."""
    lowered = text.lower()
    return holds_text(text) or any(keyword in lowered for keyword in _keywords())


def _keywords() -> tuple[bytes, ...]:
    """The keywords of every rule, each once."""
    key = _state_of_the_tables()
    known = cache.load(_CACHE_KIND, key)
    if isinstance(known, tuple):
        return known
    from nightlatch.secrets.rules import RULES

    words = sorted({keyword.encode() for rule in RULES for keyword in rule.keywords}, key=len)
    fresh = tuple(word for place, word in enumerate(words) if not any(other in word for other in words[:place]))
    cache.store(_CACHE_KIND, key, fresh)
    return fresh


def _state_of_the_tables() -> bytes:
    """Names, sizes and times of the files that the rules stand in: an edited rule must not meet old keywords."""
    here = os.path.dirname(__file__)
    entries = [(entry.name, entry.stat()) for entry in os.scandir(os.path.join(here, _TABLES[0]))]
    entries += [(name, os.stat(os.path.join(here, name))) for name in _TABLES[1:]]
    told = (f"{name} {state.st_size} {state.st_mtime_ns}" for name, state in sorted(entries, key=lambda one: one[0]))
    return "\n".join(told).encode()
