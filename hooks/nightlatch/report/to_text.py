"""Text for people: nothing when all is well, else each finding with its reason and its remedy."""

from __future__ import annotations

from nightlatch.core.rule import ERROR, INFO, RANKS, WARNING
from nightlatch.core.suppress import OWNERS_NOTE
from nightlatch.core.text import one_line, shown_path
from nightlatch.report.choice import is_shown
from nightlatch.report.place import in_words
from nightlatch.report.words import MEND_OR_ACCEPT, acceptance, counts, once, what_was_checked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.core.finding import Finding
    from nightlatch.core.run import Result
    from nightlatch.core.source import Remark
    from nightlatch.report.formats import Style

COLORS = {ERROR: "\x1b[1;31m", WARNING: "\x1b[1;33m", INFO: "\x1b[36m", "dim": "\x1b[2m"}
COMMAND = "nightlatch "
"""What a remedy that names the command holds, and a note (`nightlatch: allow`) doesn't."""

JSON = (".json", ".ipynb", ".webmanifest", ".har")
"""What the names of files end with that take no comments, and a key in the place of one."""

RESET = "\x1b[0m"


def render(result: Result, style: Style) -> str:
    """The report, or an empty text when there is nothing to say."""
    shown = [finding for finding in result.findings if is_shown(finding, result, style)]
    unchecked = once(result.tally.unchecked)
    lines: list[str] = []
    for finding in shown:
        lines.extend(_finding(finding, style))
    lines.extend(_unchecked(remark, style) for remark in unchecked)
    if style.verbose:
        lines.extend(_passed_over(result))
    if not style.quiet and (lines or style.verbose):
        lines.extend(["", *_summary(result, shown, style)] if lines else _summary(result, shown, style))
        if style.command and any(COMMAND in line for line in lines):
            lines.append(f"Where your shell knows no command nightlatch, write: {one_line(shown_path(style.command))}")
    return "".join(line + "\n" for line in lines)


def _finding(finding: Finding, style: Style) -> Iterator[str]:
    """Where and what, then why, how to mend it and how to allow it."""
    rule = finding.rule
    where = in_words(finding)
    severity = _painted(finding.severity, COLORS[finding.severity], style)
    yield one_line(f"{where}: ") + f"{severity} {rule.id} " + one_line(finding.message)
    if finding.commit:
        yield f"    commit: {finding.commit[:12]}"
    yield f"    why:    {one_line(rule.why)}"
    if finding.fix:
        yield f"    fix:    {one_line(finding.fix)}"
    if finding.line:
        yield _painted(f"    allow:  {_allowance(finding)}", COLORS["dim"], style)


def _allowance(finding: Finding) -> str:
    """How to allow it, in a way that this file takes."""
    rule = finding.rule
    if rule.allow:
        return rule.allow
    note = f"nightlatch: allow {rule.id} -- your reason"
    where = '{paths: ["/' + shown_path(finding.path or "") + '"], rules: {' + rule.id + ": off}}"
    override = f"in .nightlatch.yaml: overrides: [{where}]  {OWNERS_NOTE}"
    if finding.takes_notes and (finding.path or "").endswith(JSON):
        return one_line(f'only if it is harmless, by a line of its own above: "//": "{note}",    or {override}')
    if finding.takes_notes:
        return f"only if it is harmless, by a comment on the line: {note}"
    return one_line(f"only if it is harmless, {override}")


def _unchecked(remark: Remark, style: Style) -> str:
    label = _painted("unchecked", COLORS[ERROR], style)
    return one_line(f"{shown_path(remark.path)}: ") + f"{label} " + one_line(remark.reason)


def _passed_over(result: Result) -> Iterator[str]:
    """What --verbose adds: skipped files and allowed findings."""
    for remark in once(result.tally.skipped):
        yield one_line(f"{shown_path(remark.path)}: skipped: {remark.reason}")
    for finding in result.suppressed:
        note = finding.note
        reason = f"{note.by}: {note.reason}".rstrip(": ") if note else ""
        yield one_line(f"{in_words(finding)}: allowed {finding.rule.id} ({reason})")
    for entry in result.unused:
        yield one_line(f"{entry.path or '(repository)'}: unused baseline entry {entry.rule} ({entry.reason})")


def _summary(result: Result, shown: list[Finding], style: Style) -> Iterator[str]:
    """What was checked and what came of it, and where to read on."""
    yield f"nightlatch: {counts(result)}; {what_was_checked(result)}."
    if result.tally.unchecked:
        entries = acceptance(once(result.tally.unchecked))
        yield MEND_OR_ACCEPT[:-1] + (":" if entries else ".")
        yield from map(one_line, entries)  # from the first column, as the file has it
    if result.unused:
        count = len(result.unused)
        unused = "1 entry of the baseline is" if count == 1 else f"{count} entries of the baseline are"
        yield f"{unused} no longer needed: nightlatch baseline update"
    if shown and not style.in_runner:
        worst = max(shown, key=lambda finding: RANKS[finding.severity])
        yield f"More on a rule: nightlatch explain {worst.rule.id}"


def _painted(text: str, color: str, style: Style) -> str:
    return f"{color}{text}{RESET}" if style.color else text
