"""The entries below `packages:` in pnpm's lockfile."""

from __future__ import annotations

from nightlatch.dependencies.package import UnparsableError
from nightlatch.dependencies.yaml_document import yaml_fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

Entry = dict[str, "Any"]


def entries(text: str, first: int) -> Iterator[tuple[str, int, Entry]]:
    """Yield the key of each entry, its line and what it holds.

    text   begins with the line `packages:`, which is the line `first` of the lockfile
    Raises UnparsableError, also where a key stands twice.
    """
    for key, field in yaml_fields(text)["packages"].fields().items():
        entry = field.plain()
        if not isinstance(entry, dict):
            raise UnparsableError(f"line {first + field.line - 1}: something stands where a table should")
        yield key, first + field.line - 1, entry
