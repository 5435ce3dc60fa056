"""What was learned of a file, kept by the name of git's object: a commit reads only what it changes.

One value for each repository, outside of it (core/cache.py). What doesn't have the shape that was stored counts as
lost, and is learned anew.
"""

from __future__ import annotations

from nightlatch.core import cache
from nightlatch.enum_parity.languages import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

KIND = "enum-facts"


class FactsCache:
    """Plain facts by key. Only what was asked for or put in since it was opened is kept at the end.

    root  the repository's folder: two repositories don't push each other out
    """

    def __init__(self, root: str) -> None:
        self._key = f"{VERSION}\0{root}".encode("utf-8", "surrogateescape")
        loaded = cache.load(KIND, self._key)
        self._known: dict[str, Any] = loaded if isinstance(loaded, dict) else {}
        self._used: dict[str, Any] = {}
        self._is_changed = False

    def get(self, key: str) -> Any:
        """The plain facts under a key, or None."""
        found = self._known.get(key)
        if found is not None:
            self._used[key] = found
        return found

    def put(self, key: str, plain: Any) -> None:
        """Remember facts. None is no fact; say () for a file that says nothing."""
        self._known[key] = self._used[key] = plain
        self._is_changed = True

    def drop(self, key: str) -> None:
        """Forget what turned out to have another shape."""
        self._known.pop(key, None)
        self._used.pop(key, None)

    def store(self) -> None:
        """Keep what was used, where something came."""
        if self._is_changed:
            cache.store(KIND, self._key, self._used)


def object_name(data: bytes) -> str:
    """The name that git gives to a content, for one that it doesn't know yet."""
    from hashlib import sha1

    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
