"""The patterns of custom rules: read alike by both engines, bounded in time, always with a keyword."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from nightlatch.secrets import hyperscan_filter
from nightlatch.secrets.custom_patterns import check as pattern_check
from nightlatch.secrets.custom_patterns.check import check, check_structure, compiles_in_filter
from nightlatch.secrets.custom_patterns.cost import MOST_STEPS, TooCostlyError, steps
from nightlatch.secrets.custom_patterns.tree import (
    Boundary,
    Byte,
    Choice,
    Node,
    Pattern,
    PatternError,
    Repeat,
    parts,
    read,
)
from nightlatch.secrets.custom_patterns.walk import WORD, always_holds, can_match
from nightlatch.secrets.hyperscan_filter import extension
from tests.support.patterns import ALPHABET, patterns

ACCEPTED = (
    "acme_[a-z0-9]{32}",
    "acme_[a-z0-9]{20,80}",
    "acme[_-]?(?:live|test)_[A-Za-z0-9]{24,64}",
    r"""(?i)acme[\w.-]{0,40}\s{0,5}[=:]\s{0,5}["']?([a-z0-9]{32})""",
    r"""(?i)acme[\w.-]{0,40}\s{0,5}[=:]\s{0,5}["']?(?P<secret>[a-z0-9]{32})\b""",
    r"\bacme-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",
    r"https://[a-z0-9.-]{1,100}\.acme\.io/[\w/-]{1,80}",
    r"acme\.[A-Za-z0-9_-]{10,1000}\.[A-Za-z0-9_-]{10,1000}\.[A-Za-z0-9_-]{10,1000}",
    "acme_[A-Za-z0-9_-]{1,2000}",
    r"acme:[^\s\"']{8,64}[\"']",
    "acme_.{10}",
    "acme_[^ ]{10,20}? ",
    "acme_(?:|x)[0-9]{8}",
    "acme_a{0}b{3}",
)

REFUSED = {
    "acme_(": "missing ), unterminated subpattern, at its character 6",
    "acme_[a-": "unterminated character set, at its character 6",
    r"acme_\u00e9": "no regular expression over bytes, at its character 6",
    "acme_é": "not ASCII",
    "acme_[a-z]+": "without an end",
    "acme_[a-z]*": "without an end",
    "acme_[a-z]{3,}": "without an end",
    "acme_[a-z]+?": "without an end",
    "^acme_[a-z]{9}": "anchor",
    "acme_[a-z]{9}$": "anchor",
    r"\Aacme_": "anchor",
    r"acme_\Z": "anchor",
    "(?:x|^)acme_": "anchor",
    "(?<=x)acme_": "looks ahead or behind",
    "(?<!x)acme_": "looks ahead or behind",
    "acme_(?=x)": "looks ahead or behind",
    "acme_(?!x)": "looks ahead or behind",
    "acme_(?!)": "looks ahead or behind",
    r"(acme)_\1": "refers back",
    "(a)?cme_(?(1)b|c)": "asks whether a group",
    "acme_[a-z]{1,9}+": "possessive",
    "acme_(?>a|ab)": "atomic",
    "(?s)acme_.{9}": "a flag other than i",
    "(?s:acme_.{9})": "a flag other than i",
    "(?x) acme _": "a flag other than i",
    "(?m)acme_": "a flag other than i",
    "acme_[[a-z]]": "other engines read differently",
    "acme_[[:alpha:]]": "other engines read differently",
    "acme_[a&&b]": "other engines read differently",
    "acme_\n": "line end",
    r"acme_\n": "line end",
    r"acme_[\n]": "line end",
    r"acme_[^\x00-\xff]": "line end",
    "(?:acme_)?": "the empty text",
    "(?:)": "the empty text",
    "(?:a?){1,3}b": "repeats what may be empty",
    r"(?:\b){1,3}acme": "repeats what may be empty",
    "(?P<token>acme_)": "named group",
    "(?P<secret>acme_)?b": "`secret` that may be",
    "(?:(?P<secret>acme_)|b)": "`secret` that may be",
    "(?:(?P<secret>acme_)){1,2}": "`secret` that may be",
    "acme_(?P<secret>[a-z]?)": "`secret` that may be",
    r"acme\bx": "can match no text",
    r"acme_\B-": "can match no text",
    "acme_[a-z]{1,2001}": "more than 2000 times",
    "(?:acme[a-z]{1,1990}){1,9}": "longer than 16383 bytes",
    "(?:acme[a-z]{2}-){1,90}": "too large",
    "(a{1,30}){1,30}!": "more than 10000 steps",
    "([a-z]{1,100}[a-z0-9]{1,100}){1,10}x": "more than 10000 steps",
    "[a-z]{1,100}[a-z0-9]{1,100}x": "more than 10000 steps",
    "(?:a|a){1,20}b": "more than 10000 steps",
    "(?:a|aa){1,20}b": "more than 10000 steps",
    "(?:a|ab|b){1,20}c": "more than 10000 steps",
    "(?:(?:a?a){1,8}){1,8}b": "more than 10000 steps",
    "(" * 25 + "a" + ")" * 25: "nested deeper",
    "(" * 300 + "a" + ")" * 300: "",
}


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_teams_write_is_accepted(text: str) -> None:
    assert check(text).expression.isascii()


@pytest.mark.parametrize("text", REFUSED)
def test_what_an_engine_could_not_do_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(PatternError) as caught:
        check(text)
    assert REFUSED[text] in caught.value.what
    assert caught.value.remedy.endswith(".")


@pytest.mark.parametrize(
    "text", ["acme_(SEKRET", "(?P<SEKRET>a)", r"SEKRET\q", "[z-aSEKRET]", "SEKRET+", "(?P=SEKRET)"]
)
def test_no_error_quotes_the_pattern(text: str) -> None:
    with pytest.raises(PatternError) as caught:
        check(text)
    assert "SEKRET" not in caught.value.what + caught.value.remedy


def readable(text: str) -> Pattern:
    try:
        return read(text)
    except PatternError:
        reject()


def spans(pattern: str, text: bytes) -> list[tuple[int, int]]:
    return [match.span() for match in re.compile(pattern.encode()).finditer(text)]


@settings(max_examples=400)
@given(patterns(4), st.text(ALPHABET + "AB\t\r\xe9", max_size=12))
def test_what_is_searched_with_matches_as_the_pattern_does(text: str, line: str) -> None:
    """Each line by itself: none holds a line end, which the pattern could match and the rule must not."""
    assert spans(readable(text).expression, line.encode()) == spans(text, line.encode())


@given(patterns(4), st.binary(max_size=12))
def test_no_match_runs_over_a_line_end(text: str, line: bytes) -> None:
    expression = readable(text).expression
    for start, end in spans(expression, line + b"\n" + line):
        assert b"\n" not in (line + b"\n" + line)[start:end]


@pytest.mark.parametrize("flags", ["", "(?i)"])
@pytest.mark.parametrize(
    "text", ["[a-f]", "[^a-f]", "k", "[^k]", r"[\w-]", r"[^\W_]", r"\S", "[@-z]", r"[\x80-\xff]", "."]
)
def test_a_class_means_every_byte_that_python_takes_it_to_mean(flags: str, text: str) -> None:
    every = bytes(range(256)).replace(b"\n", b"")
    assert spans(read(flags + text).expression, every) == spans(flags + text, every)


# ── Time ────────────────────────────────────────────────────────────────────────────────────────────


class Counting:
    """A matcher that tries every way, as Python's does before it gives up, and counts what it tries."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self.steps = 0

    def run(self, node: Node, place: int, then: Callable[[int], None]) -> None:
        if isinstance(node, Byte | Boundary):
            self._test(node, place, then)
        elif isinstance(node, Choice):
            for option in node.options:
                self.run(option, place, then)
        elif isinstance(node, Repeat):
            self._repeat(node, 0, place, then)
        else:
            self._sequence(parts(node), place, then)

    def _test(self, node: Byte | Boundary, place: int, then: Callable[[int], None]) -> None:
        self.steps += 1
        if isinstance(node, Boundary):
            sides = [0 <= at < len(self._text) and bool(WORD >> self._text[at] & 1) for at in (place - 1, place)]
            if (sides[0] == sides[1]) is node.inside:
                then(place)
        elif place < len(self._text) and node.mask >> self._text[place] & 1:
            then(place + 1)

    def _repeat(self, node: Repeat, done: int, place: int, then: Callable[[int], None]) -> None:
        if done < node.most:
            self.run(node.body, place, lambda after: self._repeat(node, done + 1, after, then))
        if done >= node.least:
            then(place)

    def _sequence(self, rest: tuple[Node, ...], place: int, then: Callable[[int], None]) -> None:
        if rest:
            self.run(rest[0], place, lambda after: self._sequence(rest[1:], after, then))
        else:
            then(place)


def most_steps(root: Node, text: bytes) -> int:
    """The most that a search takes from one place of the text."""
    counts = []
    for place in range(len(text) + 1):
        counting = Counting(text)
        counting.run(root, place, lambda _: None)
        counts.append(counting.steps)
    return max(counts)


@settings(max_examples=400)
@given(patterns(5, flags=False), st.text("ab1_- ", max_size=16), st.integers(1, 3))
def test_no_search_takes_more_steps_than_the_bound(text: str, line: str, times: int) -> None:
    root = readable(text).root
    try:
        bound = steps(root)
    except TooCostlyError:
        return
    assert most_steps(root, line.encode() * times) <= bound


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a{1,9}a{1,9}b", "a" * 20),
        ("a{0,9}ab{1,9}c", "a" * 9 + "b" * 9),
        ("[ab]{0,20}ab[ab]{0,9}c", "ab" * 20),
        ("[ab]{0,20}aab[ab]{0,9}c", "aab" * 12),
        ("[ab]{0,20}aa[ab]{0,9}c", "a" * 40),
        ("[ab]{0,9}(?:ab|ba)[ab]{0,9}c", "ab" * 12),
        ("(?:a{1,3}b){1,5}c", "aaab" * 6),
        ("(?:a|ab|b){1,6}c", "ab" * 6),
        (r"(?:a\b|a){1,2}-{0,3}\b1", "a---a"),
    ],
)
def test_the_bound_is_near_what_a_hostile_line_takes(text: str, line: str) -> None:
    """Not below, and not so far above that it would refuse what is harmless."""
    root = read(text).root
    taken = most_steps(root, line.encode())
    assert taken <= steps(root) <= 8 * taken


def hostile_lines(pattern: Pattern) -> list[str]:
    """What begins to match again and again: the shortest and longest beginnings, in long rows."""
    beginnings = {begun(pattern.root, longest=longest) for longest in (False, True)}
    pieces = {piece for whole in beginnings for piece in (whole, whole[:-1], whole[: len(whole) // 2], whole[:1])}
    return [(piece * 100_000)[:100_000] for piece in sorted(pieces) if piece]


def begun(node: Node, *, longest: bool) -> str:
    """A text that the part matches, with word's edges left out of account."""
    if isinstance(node, Byte):
        return next(chr(byte) for byte in b"a1_- b" + bytes(range(128)) if node.mask >> byte & 1)
    if isinstance(node, Boundary):
        return ""
    if isinstance(node, Choice):
        return begun(node.options[-1 if longest else 0], longest=longest)
    if isinstance(node, Repeat):
        return begun(node.body, longest=longest) * (node.most if longest else node.least)
    return "".join(begun(part, longest=longest) for part in parts(node))


SEARCH = """
import json, re, sys
for expression, lines in json.load(sys.stdin):
    pattern = re.compile(expression.encode())
    for line in lines:
        sum(1 for _ in pattern.finditer(line.encode()))
"""


def search(cases: list[Pattern]) -> None:
    """Search hostile lines in a process of its own, which would be at it for years if time weren't bounded."""
    tasks = [(case.expression, hostile_lines(case)) for case in cases]
    subprocess.run([sys.executable, "-c", SEARCH], input=json.dumps(tasks).encode(), check=True, timeout=900)


@pytest.mark.slow
@settings(max_examples=25)
@given(st.lists(patterns(40, leaves=12), min_size=1, max_size=4))
def test_hostile_lines_of_accepted_patterns_end(texts: list[str]) -> None:
    accepted = []
    for text in texts:
        try:
            accepted.append(check_structure(text))
        except PatternError:
            continue
    assume(accepted)
    search(accepted)


@pytest.mark.slow
def test_hostile_lines_of_what_teams_write_end() -> None:
    search([check(text) for text in ACCEPTED])


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["[a-z]{1,60}[a-z0-9]{1,60}!", "(?:a|b|ab){1,10}c", "(?:aa|a){1,10}c", "[a-z]{1,2000}!"]
)
def test_hostile_lines_end_for_what_is_just_below_the_limit(text: str) -> None:
    case = check(text)
    assert steps(case.root) > MOST_STEPS // 4
    search([case])


# ── Keywords ────────────────────────────────────────────────────────────────────────────────────────

KEYWORDS = {
    "in a fixed text": ("acme_[0-9]{9}", ("acme_",), True),
    "in another case": ("(?i)ACME_[0-9]{9}", ("acme_",), True),
    "over a group": ("(?:ac)(?P<secret>me_[0-9]{9})", ("acme_",), True),
    "over repeats": ("(?:ac){2}me", ("acacme",), True),
    "in each choice": ("(?:foo|bar)_[0-9]{9}", ("foo", "bar"), True),
    "not in one choice": ("(?:foo|bar)_[0-9]{9}", ("foo",), False),
    "in every combination": ("acme[_-](?:live|test)", ("acme_live", "acme_test", "acme-live", "acme-test"), True),
    "not in one combination": ("acme[_-](?:live|test)", ("acme_live", "acme_test", "acme-live"), False),
    "only by chance": ("[a-z]{20}", ("acme",), False),
    "only where something optional is": ("(?:acme_)?[0-9]{9}", ("acme_",), False),
    "beside a word's edge": (r"\bacme\b-[0-9]{9}", ("acme-",), True),
    "in what can be matched": (r"(?:acme|x\by)_[0-9]{9}", ("acme",), True),
    "upon itself": ("aaacme", ("aacme",), True),
}


@pytest.mark.parametrize(("text", "keywords", "expected"), KEYWORDS.values(), ids=KEYWORDS)
def test_a_keyword_stands_in_every_match_or_not(text: str, keywords: tuple[str, ...], *, expected: bool) -> None:
    assert always_holds(check(text).root, [keyword.encode() for keyword in keywords]) is expected


def matched(text: str, most: int) -> list[str]:
    """Every text of a few characters that a pattern matches, whatever stands around it."""
    found = []
    for size in range(most + 1):
        for characters in itertools.product("ab-", repeat=size):
            whole = "".join(characters)
            around = itertools.product(("", "a"), ("", "a"))
            if any(
                re.compile(f"(?:{text}){after}").fullmatch(before + whole + after, len(before))
                for before, after in around
            ):
                found.append(whole)
    return found


@settings(max_examples=150)
@given(patterns(3, leaves=5, flags=False), st.lists(st.text("ab-", min_size=1, max_size=3), min_size=1, max_size=3))
def test_a_keyword_is_guaranteed_where_every_match_holds_one(text: str, keywords: list[str]) -> None:
    pattern = readable(text)
    assume(pattern.width[1] <= 6)
    found = [whole for whole in matched(text, 6) if set(whole) <= set("ab-")]
    lacking = [whole for whole in found if not any(keyword in whole for keyword in keywords)]
    assert not (lacking and always_holds(pattern.root, [keyword.encode() for keyword in keywords]))
    assert not (found and not can_match(pattern.root))


@settings(max_examples=150)
@given(
    patterns(3, leaves=5, flags=False).filter(lambda text: not set(text) & set("^.1_zwdsSW")),
    st.lists(st.text("ab-", min_size=1, max_size=3), min_size=1, max_size=2),
)
def test_where_no_keyword_is_guaranteed_a_match_lacks_it(text: str, keywords: list[str]) -> None:
    """For patterns over the few characters that the search for such a match tries."""
    pattern = readable(text)
    assume(pattern.width[1] <= 6)
    found = matched(text, 6)
    lacking = [whole for whole in found if not any(keyword in whole for keyword in keywords)]
    assert bool(lacking) is not always_holds(pattern.root, [keyword.encode() for keyword in keywords])
    assert bool(found) is can_match(pattern.root)


# ── The filter ──────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=300)
@given(patterns(120, leaves=12))
def test_what_passes_without_hyperscan_compiles_in_it(text: str) -> None:
    assert extension() is not None, "the wheel is a dependency on the machines that run the tests"
    try:
        pattern = check_structure(f"q{text}")
    except PatternError:
        return
    assert compiles_in_filter(pattern.expression) == ""


@pytest.mark.parametrize("text", ["acme{0}", "q(?:[a-z]{1,20}-){1,100}x", r"acme\bx", "(?=a)b"])
def test_what_hyperscan_refuses_has_a_reason(text: str) -> None:
    assert compiles_in_filter(text)


def test_without_the_wheel_the_structure_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hyperscan_filter, "extension", lambda: None)
    assert pattern_check.compiles_in_filter("(?=a)b") == ""
    assert pattern_check.check("acme_[a-z]{9}").width == (14, 14)
