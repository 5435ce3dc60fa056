"""Codex's patches: which files one touches, and what it brings into each.

Source of the format: the instructions of `apply_patch` in openai/codex.
"""

from __future__ import annotations

from nightlatch.core.errors import EventError

BEGIN = "*** Begin Patch"
ADD = "*** Add File: "
UPDATE = "*** Update File: "
DELETE = "*** Delete File: "
MOVE = "*** Move to: "


class Change:
    """One file of a patch. `added` is what it brings; `moved_to` is empty unless the file moves."""

    __slots__ = ("added", "is_removal", "moved_to", "path")

    def __init__(self, path: str, *, is_removal: bool = False) -> None:
        self.path = path
        self.is_removal = is_removal
        self.moved_to = ""
        self.added: list[str] = []


def changes(text: str) -> list[Change]:
    """The files of a patch, in its order. Raises EventError where it names none."""
    found: list[Change] = []
    for line in text.splitlines():
        name = line.strip()
        if name.startswith((ADD, UPDATE)):
            found.append(Change(name.partition(": ")[2].strip()))
        elif name.startswith(DELETE):
            found.append(Change(name[len(DELETE) :].strip(), is_removal=True))
        elif name.startswith(MOVE) and found:
            found[-1].moved_to = name[len(MOVE) :].strip()
        elif found and line.startswith(("+", " ")):
            found[-1].added.append(line[1:])
    if not found:
        raise EventError("The patch names no file.", "Send one that begins with *** Begin Patch.")
    return found
