"""The line of a finding as a person may see it: with every value masked."""

from __future__ import annotations

import os

from nightlatch.core.files import UnreadableError, as_text, decoded, read_from_tree
from nightlatch.core.text import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from nightlatch.core.finding import Finding

MASK = "********"
BEFORE, AFTER = 80, 40
"""How many characters are shown on either side of the value."""

HAS_CHANGED = "(the file has changed since it was scanned)"
NOT_READABLE = "(the file can't be read)"
LEAST_REPEATED = 4
"""A value that stands on the line once more is masked there too, from this many characters on."""


class MaskedLines:
    """The lines of a repository's files. Every finding is to be named, for its value may share another's line."""

    def __init__(self, root: str, findings: Iterable[Finding]) -> None:
        self._root = root
        self._findings: dict[str, list[Finding]] = {}
        for finding in findings:
            if finding.path is not None and finding.line is not None:
                self._findings.setdefault(finding.path, []).append(finding)
        self._path = ""
        self._lines: list[str] | None = None

    def around(self, finding: Finding) -> str:
        """The line on which a finding starts, without its values; in brackets why it can't be shown."""
        if finding.path is None or finding.line is None or finding.column is None:
            return ""
        lines = self._lines_of(finding.path)
        if lines is None:
            return NOT_READABLE
        here = [one for one in self._findings[finding.path] if _touches(one, finding.line)]
        if finding.line > len(lines) or not all(_stands(one, lines) for one in here):
            return HAS_CHANGED
        line = lines[finding.line - 1]
        before, after = _halves(line, here, finding)
        for one in here:
            before, after = _without(one, before), _without(one, after)
        return one_line((_end(before) + MASK + _start(after)).strip())

    def _lines_of(self, path: str) -> list[str] | None:
        """The lines of a file; the last one is kept, for findings come file by file."""
        if path != self._path:
            self._path, self._lines = path, None
            try:
                data = read_from_tree(os.path.join(self._root, path))
            except (UnreadableError, FileNotFoundError):
                return None
            self._lines = decoded(as_text(data)).split("\n")
        return self._lines


def _touches(finding: Finding, line: int) -> bool:
    return (finding.line or 0) <= line <= (finding.end_line or 0)


def _stands(finding: Finding, lines: list[str]) -> bool:
    """Whether a finding's value still stands where it was found."""
    if finding.value is None:
        return True
    parts = decoded(finding.value).split("\n")
    first, column = (finding.line or 0) - 1, (finding.column or 0) - 1
    there = lines[first : first + len(parts)]
    if len(there) < len(parts):
        return False
    there[0] = there[0][column:]
    return there[:-1] == parts[:-1] and there[-1].startswith(parts[-1])


def _halves(line: str, here: list[Finding], finding: Finding) -> tuple[str, str]:
    """What stands before and after a finding on its line, with the spans of all others masked."""
    number = finding.line or 0
    spans = sorted(_span(one, number, len(line)) for one in here if one.value is not None or one is finding)
    start, end = _span(finding, number, len(line))
    before, after, place = "", "", 0
    for first, last in spans:
        if last <= start:
            before += line[place:first] + MASK
            place = max(place, last)
    before += line[place:start]
    place = end
    for first, last in spans:
        if first >= end:
            after += line[place:first] + MASK
            place = max(place, last)
    return before, after + line[place:]


def _span(finding: Finding, number: int, size: int) -> tuple[int, int]:
    """The part of a line that a finding covers."""
    start = (finding.column or 1) - 1 if finding.line == number else 0
    return start, (finding.end_column or 1) - 1 if finding.end_line == number else size


def _without(finding: Finding, text: str) -> str:
    """The text without copies of a finding's value, or of a line of it."""
    for part in decoded(finding.value or b"").split("\n"):
        if len(part.strip()) >= LEAST_REPEATED:
            text = text.replace(part.strip(), MASK)
    return text


def _end(text: str) -> str:
    return text if len(text) <= BEFORE else "…" + text[-BEFORE:]


def _start(text: str) -> str:
    return text if len(text) <= AFTER else text[:AFTER] + "…"
