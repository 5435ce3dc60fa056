from __future__ import annotations

from nightlatch.core.files import File
from nightlatch.core.finding import Finding, add_fingerprints
from nightlatch.core.rule import Rule
from tests.support.tokens import github_token

RULE = Rule(id="SEC999", name="test", summary="Test", why="why", fix="fix.")


def fingerprint_of(text: str, value: str, path: str = "a.py", rule: Rule = RULE) -> str:
    return next(finding.fingerprint for finding in findings(text, [value], path, rule))


def findings(text: str, values: list[str], path: str = "a.py", rule: Rule = RULE) -> list[Finding]:
    data = text.encode()
    spans = []
    for value in values:
        start = data.find(value.encode())
        while start >= 0:
            spans.append((start, start + len(value.encode())))
            start = data.find(value.encode(), start + 1)
    file = File(path, data)
    file.mask(spans)
    found = [file.finding(rule, *span, "message") for span in sorted(spans)]
    add_fingerprints(found)
    return found


def test_the_fingerprint_survives_moved_lines_and_line_ends() -> None:
    value = github_token()
    first = fingerprint_of(f"x = '{value}'\n", value)
    assert fingerprint_of(f"# new\n\nx = '{value}'\n", value) == first
    assert fingerprint_of(f"x = '{value}'\r\n", value) == first
    assert fingerprint_of(f"x = '{value}'", value) == first


def test_the_fingerprint_says_nothing_about_the_value() -> None:
    one, other = github_token(1), github_token(2)
    assert fingerprint_of(f"x = '{one}'", one) == fingerprint_of(f"x = '{other}'", other)
    both = f"x = ['{one}', '{other}']"
    again = f"x = ['{github_token(3)}', '{github_token(4)}']"
    assert [f.fingerprint for f in findings(both, [one, other])] == [
        f.fingerprint for f in findings(again, [github_token(3), github_token(4)])
    ]


def test_the_fingerprint_tells_rule_path_line_and_ordinal_apart() -> None:
    value = github_token()
    text = f"x = '{value}'\n"
    other_rule = Rule(id="SEC998", name="other", summary="Other", why="why", fix="fix.")
    prints = {
        fingerprint_of(text, value),
        fingerprint_of(text, value, path="b.py"),
        fingerprint_of(f"y = '{value}'\n", value),
        fingerprint_of(text, value, rule=other_rule),
    }
    assert len(prints) == 4
    twice = findings(text * 2, [value])
    assert len({finding.fingerprint for finding in twice}) == 2
    assert twice[0].fingerprint == fingerprint_of(text, value)


def test_positions_count_characters_and_ends_are_exclusive() -> None:
    value = github_token()
    (finding,) = findings(f"# one\n  né = '{value}'  # ok\n", [value])
    assert (finding.line, finding.column, finding.end_line, finding.end_column) == (2, 9, 2, 9 + len(value))


def test_bytes_that_are_not_utf8_count_as_one_character_each() -> None:
    file = File("a.txt", b"\xe9\xe8 value")
    assert file.span(3, 8) == (1, 4, 1, 9)


def test_a_span_over_several_lines_ends_in_its_last_line() -> None:
    file = File("a.txt", b"one\ntwo\nthree\n")
    assert file.span(1, 10) == (1, 2, 3, 3)


def test_line_numbers_are_right_in_any_order_of_asking() -> None:
    file = File("a.txt", b"a\nb\nc\nd\n")
    assert [file.line_number(offset) for offset in (6, 0, 4, 2, 7)] == [4, 1, 3, 2, 4]


def test_a_secret_that_no_rule_has_found_is_not_hashed_either() -> None:
    value = github_token()
    for one, other in (
        (f"login('{value}', 'hunter2')", f"login('{value}', 'letmein')"),
        (f"postgres://u:{value}@dragon99@db/x", f"postgres://u:{value}@monkey77@db/x"),
        (f"id {value} wJ4lrXUt", f"id {value} bPx9fi1C"),
    ):
        assert fingerprint_of(one, value) == fingerprint_of(other, value)
