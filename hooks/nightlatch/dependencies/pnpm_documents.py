"""pnpm's lockfile cut into its keys, so that each can be parsed by itself, with its lines."""

from __future__ import annotations

from nightlatch.dependencies.package import UnparsableError
from nightlatch.dependencies.yaml_document import yaml_fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.dependencies.yaml_document import Field


class Part:
    """One key at the top of a document, with all that is below it, and how many lines are above it."""

    __slots__ = ("line", "text")

    def __init__(self, line: int, text: str) -> None:
        self.line = line
        self.text = text


def documents(text: str) -> Iterator[dict[str, Part]]:
    """The documents of the stream, each cut into its keys: what isn't needed is not parsed."""
    parts: dict[str, Part] = {}
    key = ""
    start = 0
    lines = text.split("\n")
    for number, line in enumerate([*lines, "---"]):
        if line[:1] in ("", " ", "#", "\r") and number < len(lines):
            continue
        if key:
            parts[key] = Part(start, "\n".join(lines[start:number]))
        elif "".join(lines[start:number]).strip(" \r") and not lines[start].startswith(("#", "---")):
            raise UnparsableError(f"line {start + 1}: something stands in front of the first key")
        if line.rstrip() == "---":
            if parts:
                yield parts
            parts, key, start = {}, "", number + 1
            continue
        key, colon, _ = line.partition(":")
        start = number
        if not colon or key in parts or not key.isalnum():
            raise UnparsableError(f"line {number + 1}: not what pnpm writes, or a key that stands twice")


def field(part: Part, key: str) -> Field:
    """What stands below a key at the top. Raises UnparsableError, also where YAML makes another key of the line."""
    found = yaml_fields(part.text)
    if list(found) != [key]:
        raise UnparsableError(f"line {part.line + 1}: not what pnpm writes")
    return found[key]


def fields(parts: dict[str, Part], key: str) -> Iterator[tuple[str, int, Field]]:
    """The keys below a key at the top, with their lines in the whole text."""
    if key in parts:
        for name, below in field(parts[key], key).fields().items():
            yield name, parts[key].line + below.line, below
