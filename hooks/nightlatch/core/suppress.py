"""Inline notes that allow a finding: on its line, or in a comment of its own on the line above."""

from __future__ import annotations

NOTE = b"nightlatch: allow"

OWNERS_NOTE = "# nightlatch: allow PRO011 -- your reason"
"""What stands behind a line of the configuration that lets more through: the hook protected-files refuses it else.

Every remedy that changes the configuration so prints it, for else the next commit is blocked by the remedy.
"""

COMMENT_SIGNS = frozenset(
    (
        b"#",
        b"##",
        b"#:",
        b"//",
        b"///",
        b"/*",
        b"/**",
        b"*",
        b"--",
        b"<!--",
        b";",
        b";;",
        b"%",
        b"{/*",
        b"{#",
        b"(*",
        b"'",
        b"REM",
        b"rem",
        b'"""',
        b'"//": "',
        b'"//":"',
        b'"#": "',
        b'"_comment": "',
        b'"$comment": "',
    )
)
"""What stands before a note, and alone, on a line that holds nothing but a comment; JSON has only keys."""

SAME_LINE_MARKS = (b"pragma: allowlist secret", b"gitleaks:allow", b"betterleaks:allow", b"trufflehog:ignore")
NEXT_LINE_MARKS = (b"pragma: allowlist nextline secret",)
MARKED_RULES = "SEC"
"""What the ids of rules begin with of which those marks speak, beside a team's own rules for secrets."""


class Note:
    """A note that was found: `by` names its kind, `reason` is the author's."""

    __slots__ = ("by", "reason")

    def __init__(self, by: str, reason: str) -> None:
        self.by = by
        self.reason = reason


def note_for(rule_id: str, line: bytes, above: bytes, *, is_secret: bool = False) -> Note | None:
    """The note that allows this rule here, if there is one.

    line       the finding's first line
    above      the line before it; it counts only where it holds nothing but a comment
    is_secret  whether the rule finds secrets, of which the marks of other scanners speak; a SEC rule always does
    """
    for text in (line, above if _is_comment(above, NOTE) else b""):
        rules, reason, _ = _parts(text)
        if rule_id in rules and reason:
            return Note("inline", reason)
    return _mark(line, above) if is_secret or rule_id.startswith(MARKED_RULES) else None


def hint(rule_id: str, line: bytes, above: bytes) -> str:
    """What keeps a note that stands here from allowing this rule; empty where there is no note."""
    for text in (line, above if _is_comment(above, NOTE) else b""):
        if NOTE in text:
            return _parts(text)[2] or f"the note here does not allow {rule_id}"
    return ""


def _is_comment(line: bytes, mark: bytes) -> bool:
    """Whether nothing stands before the mark but the sign of a comment."""
    before, found, _ = line.partition(mark)
    return bool(found) and before.strip() in COMMENT_SIGNS


def _parts(line: bytes) -> tuple[list[str], str, str]:
    """The rules that a line's note names, its reason, and what is wrong with it.

    `nightlatch: allow SEC012 -- reason`; several rules are separated by commas. Nothing else may stand
    between `allow` and the dashes.
    """
    before, found, rest = line.partition(NOTE)
    if not found or before[-1:].isalnum():
        return [], "", ""
    named, _, text = rest.partition(b" --")
    rules = named.decode("utf-8", "replace").replace(",", " ").split()
    reason = _without_end(text.decode("utf-8", "replace").strip())
    if not rules or not all(_is_rule_id(word) for word in rules):
        return [], "", "the note names no rule: nightlatch: allow RULE -- reason"
    if not reason:
        return rules, "", "the note needs a reason: nightlatch: allow RULE -- reason"
    return rules, reason, ""


def _is_rule_id(word: str) -> bool:
    """Capitals and three digits, such as SEC012; a team's own may have digits among the capitals."""
    letters, digits = word[:-3], word[-3:]
    return word.isascii() and letters.isalnum() and letters.isupper() and digits.isdigit()


def _without_end(text: str) -> str:
    """A reason without the end of the comment that holds it."""
    for end in ("-->", "*/}", "*/", "#}", "*)", '",', '"""', '"'):
        text = text.removesuffix(end).rstrip()
    return text


def _mark(line: bytes, above: bytes) -> Note | None:
    """The marks of other scanners, which speak of secrets alone."""
    for mark in SAME_LINE_MARKS:
        if mark in line:
            return Note(mark.decode(), "")
    for mark in NEXT_LINE_MARKS:
        if _is_comment(above, mark):
            return Note(mark.decode(), "")
    return None
