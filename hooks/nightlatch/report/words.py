"""What several reports say in the same words."""

from __future__ import annotations

from nightlatch.core.rule import ERROR, WARNING
from nightlatch.core.text import one_line, plural
from nightlatch.report.place import about

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.core.finding import Finding
    from nightlatch.core.run import Result

MEND_OR_ACCEPT = "What can't be checked does not pass: mend it, or name it under accept-unchecked in .nightlatch.yaml."


def plain(text: str) -> str:
    """Text in one line, of which no viewer makes a link."""
    return one_line(text).replace("](", "] (")


def described(finding: Finding) -> str:
    """What was found, in which commit, and what it is about where that is no line of a file: in one line."""
    commit = f"In the commit {finding.commit[:12]}." if finding.commit else ""
    return plain(" ".join(part for part in (f"{finding.message}.", about(finding), commit) if part))


def counts(result: Result) -> str:
    """`1 error, 2 warnings, 1 unchecked`, or `nothing found`."""
    tally = result.tally
    said = [
        plural(number, noun)
        for noun in (ERROR, WARNING)
        if (number := sum(finding.severity == noun for finding in result.findings))
    ]
    if tally.unchecked:
        said.append(f"{len(tally.unchecked)} unchecked")
    if tally.skipped:
        said.append(f"{len(tally.skipped)} skipped")
    if result.suppressed:
        said.append(f"{len(result.suppressed)} allowed")
    return ", ".join(said) or "nothing found"


def what_was_checked(result: Result) -> str:
    """`2 files in 3 commits checked (range)`."""
    tally = result.tally
    commits = f" in {plural(tally.commits, 'commit')}" if tally.commits else ""
    return f"{plural(tally.file_count, 'file')}{commits} checked ({result.selector})"
