"""The summary of a step in GitHub Actions, in Markdown: what was found and what was not checked, as a table.

Whatever a repository's author may have chosen stands in a code span, in which Markdown knows no other mark.
"""

from __future__ import annotations

from nightlatch.core.text import one_line, plural, shown_path
from nightlatch.report.choice import is_shown
from nightlatch.report.place import in_words
from nightlatch.report.words import MEND_OR_ACCEPT, counts, described, once, what_was_checked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nightlatch.core.finding import Finding
    from nightlatch.core.run import Result
    from nightlatch.report.formats import Style

MOST_BYTES = 1024 * 1024
"""GitHub refuses the summary of a step that is longer, as a whole."""

LONGEST = 500
"""Characters of a path or a message: one alone must not fill the page."""


def summary(result: Result, style: Style, room: int = MOST_BYTES) -> str:
    """The summary, in so many bytes at most: what doesn't fit is left out from the end, and counted."""
    return _cut([*_lines(result, style)], room)


def _lines(result: Result, style: Style) -> Iterator[str]:
    shown = [finding for finding in result.findings if is_shown(finding, result, style)]
    unchecked = once(result.tally.unchecked)
    yield f"### nightlatch: {counts(result)}"
    yield ""
    yield f"{what_was_checked(result)}."
    yield ""
    if shown or unchecked:
        yield "| | rule | where | what |"
        yield "|---|---|---|---|"
    for remark in unchecked:
        yield f"| unchecked | | {_code(shown_path(remark.path))} | {_code(remark.reason)} |"
    for finding in shown:
        where, what = _code(in_words(finding)), _code(described(finding))
        yield f"| {finding.severity} | {_code(finding.rule.id)} | {where} | {what} |"
    if shown or unchecked:
        yield ""
    yield from _remedies(shown)
    if unchecked:
        yield MEND_OR_ACCEPT
        yield ""


def _remedies(shown: Sequence[Finding]) -> Iterator[str]:
    """How to mend it, each remedy once."""
    remedies = dict.fromkeys((finding.rule.id, finding.fix) for finding in shown if finding.fix)
    if remedies:
        yield "How to mend it:"
        yield ""
        for rule, fix in remedies:
            yield f"- {_code(rule)}: {_code(fix)}"
        yield ""


def _cut(lines: list[str], room: int) -> str:
    text = "".join(f"{line}\n" for line in lines)
    if _size(text) <= room:
        return text
    note = "\n{left} left out: GitHub takes 1 MiB from a step.\n"
    room -= _size(note) + 20
    kept = 0
    while kept < len(lines) and (room := room - _size(lines[kept]) - 1) >= 0:
        kept += 1
    if not kept:
        return ""
    return "".join(f"{line}\n" for line in lines[:kept]) + note.format(left=plural(len(lines) - kept, "line"))


def _size(text: str) -> int:
    return len(text.encode("utf-8", "backslashreplace"))


def _code(text: str) -> str:
    """A code span. The grave accent would end it and the bar its cell: they stand as Python writes them."""
    text = one_line(text)
    if len(text) > LONGEST:
        text = f"{text[: LONGEST - 1]}…"
    return "`" + text.replace("`", "\\x60").replace("|", "\\x7c") + "`"
