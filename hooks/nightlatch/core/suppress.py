"""Inline notes that allow a finding: on its line, or in a comment of its own on the line above."""

from __future__ import annotations

NOTE = b"nightlatch: allow"

COMMENT_STARTS = (
    b"#",
    b"//",
    b"/*",
    b"*",
    b"--",
    b"<!--",
    b";",
    b"%",
    b'"//"',
    b'"#"',
    b'"_comment"',
    b'"$comment"',
    b"{/*",
    b"{#",
    b"'",
    b"REM ",
    b"rem ",
    b'"""',
)
"""How a line begins that holds nothing but a comment, in one language or another; JSON has only keys."""

SAME_LINE_MARKS = (b"pragma: allowlist secret", b"gitleaks:allow", b"betterleaks:allow", b"trufflehog:ignore")
NEXT_LINE_MARKS = (b"pragma: allowlist nextline secret",)
MARKED_RULES = "SEC"


class Note:
    """A note that was found: `by` names its kind, `reason` is the author's."""

    __slots__ = ("by", "reason")

    def __init__(self, by: str, reason: str) -> None:
        self.by = by
        self.reason = reason


def note_for(rule_id: str, line: bytes, above: bytes) -> Note | None:
    """The note that allows this rule here, if there is one.

    line   the finding's first line
    above  the line before it; it counts only where it holds nothing but a comment
    """
    lonely = above.lstrip().startswith(COMMENT_STARTS)
    return _own_note(rule_id, line) or (_own_note(rule_id, above) if lonely else None) or _mark(rule_id, line, above)


def unreasoned(rule_id: str, line: bytes, above: bytes) -> bool:
    """Whether there is a note for this rule that lacks its reason, and so allows nothing."""
    return any(_lacks_reason(rule_id, text) for text in (line, above))


def _lacks_reason(rule_id: str, line: bytes) -> bool:
    if NOTE not in line:
        return False
    rules, reason = _parts(line)
    return rule_id in rules and not reason


def _own_note(rule_id: str, line: bytes) -> Note | None:
    """`nightlatch: allow SEC012 -- reason`; several rules are separated by commas."""
    if NOTE not in line:
        return None
    rules, reason = _parts(line)
    return Note("inline", reason) if rule_id in rules and reason else None


def _parts(line: bytes) -> tuple[list[str], str]:
    """The rules that a note names, and its reason without the comment's end."""
    named, _, reason = line.partition(NOTE)[2].partition(b"--")
    words = named.decode("utf-8", "replace").replace(",", " ").split()
    text = reason.decode("utf-8", "replace").strip()
    for end in ("-->", "*/}", "*/", "#}", '",', '"', '"""'):
        text = text.removesuffix(end).rstrip()
    return words, text


def _mark(rule_id: str, line: bytes, above: bytes) -> Note | None:
    """The marks of other scanners, which speak of secrets alone."""
    if not rule_id.startswith(MARKED_RULES):
        return None
    for marks, text in ((SAME_LINE_MARKS, line), (NEXT_LINE_MARKS, above)):
        for mark in marks:
            if mark in text:
                return Note(mark.decode(), "")
    return None
