"""Where a finding is: in words, and for the formats in which everything has to stand in a line of a file."""

from __future__ import annotations

from nightlatch.core.config import NAME as CONFIGURATION
from nightlatch.core.text import shown_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.core.finding import Finding


def in_words(finding: Finding) -> str:
    """`src/a.py:3:5`, or what stands for a place where there is none. Not yet fit to be printed."""
    place = thing(finding)
    return f"{place}:{finding.line}:{finding.column}" if finding.line else place


def thing(finding: Finding) -> str:
    """The file, or what else the finding is about: `(commit message)`, `(repository)`. Not yet fit to be printed."""
    if finding.path is not None:
        return shown_path(finding.path)
    return f"({finding.data.get('in', 'repository')})" if finding.line else "(repository)"


def about(finding: Finding) -> str:
    """A sentence on what it is about, where that is no line of a file; else an empty text."""
    if finding.path is not None:
        return "" if finding.line else "About the whole file."
    if finding.line:
        return f"In the {finding.data.get('in', 'repository')}, line {finding.line}."
    return "About the whole repository."


def file_of(finding: Finding) -> str:
    """The path that it stands at in a format that demands one: the configuration's where it is in no file."""
    return CONFIGURATION if finding.path is None else finding.path


def lines_of(finding: Finding) -> tuple[int, int]:
    """The first and the last line, in a format that demands them: 1 where it is about no line of a file."""
    if finding.path is None or finding.line is None:
        return 1, 1
    return finding.line, finding.end_line or finding.line
