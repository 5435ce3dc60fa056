"""`nightlatch baseline audit`: a person says of each entry whether it is a real secret."""

from __future__ import annotations

import sys

from nightlatch.baseline.comparison import Comparison
from nightlatch.baseline.masked import MaskedLines
from nightlatch.core.baseline.entry import AUDITS, FALSE, REAL, UNSURE, Baseline, Entry
from nightlatch.core.errors import UsageError
from nightlatch.core.text import one_line, plural, shown_path
from nightlatch.report.formats import write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.baseline.scan import Scan
    from nightlatch.baseline.store import Store
    from nightlatch.core.finding import Finding

    Question = tuple[Finding, Entry]

ANSWERS = {"y": REAL, "yes": REAL, "n": FALSE, "no": FALSE, "u": UNSURE, "unsure": UNSURE}
SKIP = ("s", "skip")
QUIT = ("q", "quit")
PROMPT = "real secret? [y]es, [n]o, [u]nsure, [s]kip, [q]uit: "
UNANSWERED = "not audited"


def audit(store: Store, scan: Scan, *, again: bool) -> None:
    """Ask about each entry that nobody answered for; each answer is kept at once.

    again   ask about every entry
    Raises UsageError where the input ends before it is all done.
    """
    questions = _questions(Comparison(store.load(), scan), again=again)
    lines = MaskedLines(scan.selection.root, scan.everything)
    for number, (finding, entry) in enumerate(questions, 1):
        write(_question(finding, entry, lines, f"[{number}/{len(questions)}]"))
        answer = _answer(len(questions) - number + 1)
        if answer in QUIT:
            break
        if answer not in SKIP:
            _keep(store, entry, ANSWERS[answer])
    write("".join(f"{line}\n" for line in summary(store.load())))


def _questions(comparison: Comparison, *, again: bool) -> list[Question]:
    return [(finding, entry) for finding, entry in comparison.matches if again or entry.audit is None]


def _question(finding: Finding, entry: Entry, lines: MaskedLines, number: str) -> str:
    place = shown_path(finding.path) if finding.path is not None else "(repository)"
    if finding.line is not None:
        place += f":{finding.line}"
    shown = [f"{number} {one_line(place)}  {entry.rule} {finding.rule.name}", f"    {lines.around(finding)}"]
    if entry.audit is not None:
        shown.append(f"    so far: {entry.audit}")
    return "".join(f"{line}\n" for line in shown if line.strip())


def _answer(left: int) -> str:
    """A person's answer, asked for until it is one."""
    while True:
        write(PROMPT)
        line = sys.stdin.readline() if sys.stdin is not None else ""
        if not line:
            write("\n")
            raise UsageError(
                f"The input ended, and {plural(left, 'question')} of the audit had no answer; the others are kept.",
                "Run it where a person can answer: nightlatch baseline audit",
            )
        answer = line.strip().lower()
        if answer in (*ANSWERS, *SKIP, *QUIT):
            return answer


def _keep(store: Store, entry: Entry, answer: str) -> None:
    """Write an answer down, into the file as it is by now."""

    def answered(baseline: Baseline | None) -> Baseline:
        if baseline is None:
            return store.load()  # it says what is wrong
        for one in baseline.entries:
            if one.key == entry.key:
                one.audit = answer
        return baseline

    store.change(answered)


def summary(baseline: Baseline) -> Iterator[str]:
    """How many entries are what, and what to do about the real ones."""
    counts = [
        f"{number} {audit or UNANSWERED}"
        for audit in (*AUDITS, None)
        if (number := sum(entry.audit == audit for entry in baseline.entries))
    ]
    yield f"nightlatch: {baseline.where}: {', '.join(counts) or 'no entries'}."
    if any(entry.audit == REAL for entry in baseline.entries):
        yield "Revoke the real ones and take them out of the files; then: nightlatch baseline update"


def listing(baseline: Baseline) -> Iterator[str]:
    """Each entry in a line, by path, and the summary."""
    for entry in sorted(baseline.entries, key=lambda entry: (entry.path or "", entry.rule, *map(str, entry.key))):
        until = f" (expires {entry.expires})" if entry.expires else ""
        place = one_line(shown_path(entry.path)) if entry.path else "(repository)"
        audit = entry.audit or UNANSWERED
        yield f"{audit:11}  {entry.rule}  {place}  {entry.fingerprint[:8]}  {one_line(shown_path(entry.reason))}{until}"
    yield from summary(baseline)
