"""A finding: a rule, a place, and what to tell the person who put it there."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nightlatch.core.rule import Rule
    from nightlatch.core.suppress import Note


class Finding:
    """One finding of one hook.

    path                      relative to the root, or None for the whole repository
    line, column              where it starts, counted from 1, columns in characters
    end_line, end_column      where it ends, the column exclusive
    message, fix              what and how to mend it; no file content that could be a secret
    anchor                    a hash of the line with every secret masked: what the fingerprint is made of
    commit                    the commit's full name where it was found in one
    data                      the hook's own facts, as JSON can hold them
    ordinal                   which one it is among those of its file with the same rule and anchor, from 1
    value                     the secret, for comparisons in memory; no report, log or message may hold it
    again                     True where the second reading of a file shows it
    object                    the name of git's object in the history that it was found in, or ""
    note                      the inline note that allows it, if any
    takes_notes               False where no note counts: in what programs write, and where there are no comments
    floored                   True where the configuration may raise its severity, and not lower it
    fingerprint               set once all findings of a run are known
    """

    __slots__ = (
        "again",
        "anchor",
        "column",
        "commit",
        "data",
        "end_column",
        "end_line",
        "fingerprint",
        "fix",
        "floored",
        "hook",
        "line",
        "message",
        "note",
        "object",
        "ordinal",
        "path",
        "rule",
        "severity",
        "takes_notes",
        "value",
    )

    def __init__(
        self,
        rule: Rule,
        message: str,
        *,
        path: str | None = None,
        span: tuple[int, int, int, int] | None = None,
        fix: str | None = None,
        severity: str | None = None,
        anchor: str = "",
        ordinal: int = 0,
        value: bytes | None = None,
        object: str = "",
        again: bool = False,
        data: dict[str, object] | None = None,
        note: Note | None = None,
    ) -> None:
        self.rule = rule
        self.message = message
        self.path = path
        self.line: int | None = span[0] if span else None
        self.column: int | None = span[1] if span else None
        self.end_line: int | None = span[2] if span else None
        self.end_column: int | None = span[3] if span else None
        self.fix = rule.fix if fix is None else fix
        self.severity = severity or rule.severity
        self.anchor = anchor
        self.ordinal = ordinal
        self.value = value
        self.commit: str | None = None
        self.object = object
        self.again = again
        self.data = data or {}
        self.note = note
        self.takes_notes = True
        self.floored = False
        self.hook = ""
        self.fingerprint = ""

    def at_commit(self, commit: str) -> Finding:
        """The same finding, as a commit brought it."""
        from copy import copy

        finding = copy(self)
        finding.commit = commit
        return finding

    def order(self) -> tuple[object, ...]:
        """The place in a report: by path, then by position; the whole repository first."""
        return (
            self.path is not None,
            self.path or "",
            self.line or 0,
            self.column or 0,
            self.rule.id,
            self.message,
            self.commit or "",
        )


def told_once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings without those that only repeat, from a file's second reading, what its first has shown."""
    shown: set[tuple[str, str | None, str, bytes | None]] = set()
    for finding in findings:
        identity = (finding.rule.id, finding.path, finding.object, finding.value)
        if finding.again and identity in shown:
            continue
        shown.add(identity)
        yield finding


def add_fingerprints(findings: Iterable[Finding]) -> None:
    """Give each finding its fingerprint. They come in report order: findings of no line are counted here."""
    seen: dict[tuple[str, str | None, str], int] = {}
    for finding in findings:
        if not finding.ordinal:
            key = (finding.rule.id, finding.path, finding.anchor)
            seen[key] = finding.ordinal = seen.get(key, 0) + 1
        finding.fingerprint = fingerprint(finding.rule.id, finding.path, finding.anchor, finding.ordinal)


def fingerprint(rule_id: str, path: str | None, anchor: str, ordinal: int) -> str:
    """A hash of rule, path, masked line and the ordinal among equal ones: 32 hexadecimal digits.

    It survives moved lines and says nothing about a secret's value.
    """
    from hashlib import sha256

    from nightlatch.core.text import shown_path

    text = "\0".join((rule_id, shown_path(path or ""), anchor, str(ordinal)))
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]
