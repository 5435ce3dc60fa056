"""What several reports say in the same words."""

from __future__ import annotations

from nightlatch.core.discover import NO_SUCH_FILE
from nightlatch.core.rule import ERROR, WARNING
from nightlatch.core.run import COMMITS
from nightlatch.core.source import sorted_remarks
from nightlatch.core.suppress import OWNERS_NOTE
from nightlatch.core.text import one_line, plural
from nightlatch.report.place import about

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nightlatch.core.finding import Finding
    from nightlatch.core.run import Result
    from nightlatch.core.source import Remark

MEND_OR_ACCEPT = "What can't be checked does not pass: mend it, or name it under accept-unchecked in .nightlatch.yaml."
MOST_ENTRIES = 3

_WORDS_OF_PATTERNS = frozenset("\\*?[!#~")
"""Signs that a path pattern takes for something else, wherever or at its beginning."""


def plain(text: str) -> str:
    """Text in one line, of which no viewer makes a link."""
    return one_line(text).replace("](", "] (")


def described(finding: Finding) -> str:
    """What was found, in which commit, and what it is about where that is no line of a file: in one line."""
    commit = f"In the commit {finding.commit[:12]}." if finding.commit else ""
    return plain(" ".join(part for part in (f"{finding.message}.", about(finding), commit) if part))


def acceptance(remarks: Sequence[Remark]) -> list[str]:
    """Lines for the configuration that accept what is unchecked, as far as that can be: the first few paths."""
    known = (remark.path for remark in remarks if remark.reason != NO_SUCH_FILE)
    paths = [path for path in dict.fromkeys(known) if _can_be_accepted(path)]
    if not paths:
        return []
    lines = ["accept-unchecked:"]
    for path in paths[:MOST_ENTRIES]:
        lines += [f"  {OWNERS_NOTE}", f'  - {{path: "{_pattern(path)}", reason: "your reason"}}']
    return lines


def _can_be_accepted(path: str) -> bool:
    """Not the commits as a whole, nor a name that would need more than a pattern as it is written here."""
    return path != COMMITS and path.isprintable() and not _WORDS_OF_PATTERNS.intersection(path) and '"' not in path


def _pattern(path: str) -> str:
    """The pattern of one path: what stands for no file has no folder."""
    return path if path.startswith("(") and "/" not in path else f"/{path}"


def once(remarks: Iterable[Remark]) -> list[Remark]:
    """The remarks in a report's order, each once: several hooks may say the same of a path."""
    return list({(remark.path, remark.reason): remark for remark in sorted_remarks(remarks)}.values())


def counts(result: Result) -> str:
    """`1 error, 2 warnings, 1 unchecked`, or `nothing found`."""
    tally = result.tally
    said = [
        plural(number, noun)
        for noun in (ERROR, WARNING)
        if (number := sum(finding.severity == noun for finding in result.findings))
    ]
    if tally.unchecked:
        said.append(f"{len(once(tally.unchecked))} unchecked")
    if tally.skipped:
        said.append(f"{len(once(tally.skipped))} skipped")
    if result.suppressed:
        said.append(f"{len(result.suppressed)} allowed")
    return ", ".join(said) or "nothing found"


def what_was_checked(result: Result) -> str:
    """`2 files in 3 commits checked (range)`."""
    tally = result.tally
    commits = f" in {plural(tally.commits, 'commit')}" if tally.commits else ""
    return f"{plural(tally.file_count, 'file')}{commits} checked ({result.selector})"
