from __future__ import annotations

import pytest

from nightlatch.core.suppress import hint, note_for


@pytest.mark.parametrize(
    ("line", "above"),
    [
        (b"x = 1  # nightlatch: allow SEC301 -- a fixture", b""),
        (b"x = 1 // nightlatch: allow SEC301 -- a fixture", b""),
        (b"x = 1 /* nightlatch: allow SEC301 -- a fixture */", b""),
        (b"<p> <!-- nightlatch: allow SEC301 -- a fixture -->", b""),
        (b"x = 1", b"# nightlatch: allow SEC301 -- a fixture"),
        (b"x = 1", b"   // nightlatch: allow SEC301 -- a fixture"),
        (b'"x": 1', b'  "//": "nightlatch: allow SEC301 -- a fixture",'),
        (b"x = 1", b"# nightlatch: allow SEC010, SEC301 -- a fixture"),
    ],
)
def test_a_note_with_a_reason_allows_its_rule(line: bytes, above: bytes) -> None:
    note = note_for("SEC301", line, above)
    assert note is not None
    assert (note.by, note.reason) == ("inline", "a fixture")


@pytest.mark.parametrize("rule", ["ACME001", "A1001", "ZZ9Z999"])
def test_a_team_s_own_rule_may_have_digits_in_its_name(rule: str) -> None:
    line = f"x = 1  # nightlatch: allow {rule} -- a fixture".encode()
    note = note_for(rule, line, b"")
    assert note is not None
    assert note.reason == "a fixture"


@pytest.mark.parametrize(
    ("line", "above"),
    [
        (b"x = 1  # nightlatch: allow SEC302 -- another rule", b""),
        (b"x = 1  # nightlatch: allow SEC30 -- a part of an id", b""),
        (b"x = 1  # nightlatch: allow SEC301", b""),
        (b"x = 1  # nightlatch: allow SEC301 --", b""),
        (b"x = 1  # nightlatch: allow -- every rule", b""),
        (b"x = 1", b"y = 2  # nightlatch: allow SEC301 -- for y alone"),
        (b"x = 1", b"    '<token>',  # nightlatch: allow SEC301 -- an item of a list"),
        (b"x = 1", b"* item <!-- nightlatch: allow SEC301 -- an item of a page -->"),
        (b"x = 1", b'#define X "<token>" // nightlatch: allow SEC301 -- a definition'),
        (b"x = 1  # notnightlatch: allow SEC301 -- a part of a word", b""),
        (b"x = 1  # nightlatch: allow nothing but never SEC301 -- z", b""),
        (b"x = 1  # nightlatch: allow SEC301, see --help", b""),
        (b"x = 1", b""),
    ],
)
def test_anything_else_allows_nothing(line: bytes, above: bytes) -> None:
    assert note_for("SEC301", line, above) is None


def test_a_note_without_a_reason_is_recognised_so_that_the_message_can_say_it() -> None:
    assert "needs a reason" in hint("SEC301", b"x = 1  # nightlatch: allow SEC301", b"")
    assert "needs a reason" in hint("SEC301", b"x = 1", b"# nightlatch: allow SEC301")
    assert "names no rule" in hint("SEC301", b"x = 1  # nightlatch: allow -- why", b"")
    assert "does not allow SEC301" in hint("SEC301", b"x = 1  # nightlatch: allow SEC302 -- why", b"")
    assert hint("SEC301", b"x = 1", b"") == ""


@pytest.mark.parametrize(
    "mark", ["pragma: allowlist secret", "gitleaks:allow", "betterleaks:allow", "trufflehog:ignore"]
)
def test_the_marks_of_other_scanners_count_for_secrets_alone(mark: str) -> None:
    line = f"x = 1  # {mark}".encode()
    note = note_for("SEC301", line, b"")
    assert note is not None
    assert note.by == mark
    assert note_for("ENV001", line, b"") is None
    assert note_for("ACME001", line, b"") is None
    assert note_for("ACME001", line, b"", is_secret=True) is not None
    assert note_for("SEC301", b"x = 1", line) is None


def test_the_next_line_mark_stands_above() -> None:
    assert note_for("SEC301", b"x = 1", b"y = 'pragma: allowlist nextline secret'") is None
    mark = b"# pragma: allowlist nextline secret"
    assert note_for("SEC301", b"x = 1", mark) is not None
    assert note_for("SEC301", b"x = 1 " + mark, b"") is None
