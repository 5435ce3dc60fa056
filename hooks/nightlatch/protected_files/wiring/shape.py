"""Parts of settings that are to be changed: made where they are missing, refused where they are something else."""

from __future__ import annotations

from nightlatch.protected_files.wiring.document import UnfitError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def table(above: dict[str, Any], key: str) -> dict[str, Any]:
    """The object under a key. Raises UnfitError where something else stands there."""
    found = above.setdefault(key, {})
    if not isinstance(found, dict):
        raise UnfitError(f"`{key}` is no object")
    return found


def items(above: dict[str, Any], key: str) -> list[Any]:
    """The list under a key. Raises UnfitError where something else stands there."""
    found = above.setdefault(key, [])
    if not isinstance(found, list):
        raise UnfitError(f"`{key}` is no list")
    return found
