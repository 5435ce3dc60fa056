"""The search: a filter says which rules can match at all (`engine.py`), and here is found where each does.

A text is cut into chunks that don't depend on the rules: its lines, and overlapping slices of lines that
are very long. A rule looks only at the chunks that hold one of its keywords, so the time is linear in
the text; and whatever filter names at least the rules that match, the matches are the same.
"""

from __future__ import annotations

from nightlatch.secrets.entropy import bits_per_character
from nightlatch.secrets.keyword_filter import KeywordFilter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from re import Pattern
    from typing import Protocol

    from nightlatch.secrets.base64_text import Opened
    from nightlatch.secrets.secret_rule import SecretRule

    class Filter(Protocol):
        """One of the two engines: it may name more than there is, and never less."""

        def candidates(self, text: bytes) -> Sequence[int]:
            """The indexes of the rules that can match in the text, in order."""

        def holds_base64(self, text: bytes) -> bool:
            """Whether text in base64 may stand in the text that was just searched."""


SLICE = 32 * 1024
OVERLAP = 16 * 1024
"""A line longer than both together is searched slice by slice; no match is longer than the overlap."""

ESCAPES_BEFORE = rb"(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2})|(?<=\\u[0-9A-Fa-f]{4})|(?<=\\x[0-9A-Fa-f]{2})"
"""What ends in a letter or digit and still is no part of the word: `\\n`, `%3D`, `\\u003d` and `\\x3d`."""

NAME_END = rb"""\\{0,2}["'`\])]{0,3}"""
TYPE = rb""":[ \t]{0,2}[A-Za-z][A-Za-z0-9_.<>\[\]?*&]{0,30}[ \t]{0,4}="""
OPERATOR = rb"(?:[ \t]{0,20}(?:" + TYPE + rb"|:=|\?\?=?|\|\|=?|\?=|=>|==|=|:-|:|,|or)[ \t]{0,8}|[ \t]{1,4})"
PREFIX = rb"[A-Za-z@$]{1,2}"
QUOTE = rb"""\\{0,2}["'`]{0,3}"""
ASSIGNMENT = NAME_END + OPERATOR + rb"(?:" + PREFIX + rb"""(?=["']))?""" + QUOTE
"""What stands between a name and its value in one language or another: `: str =`, `=>`, `") or`, a blank."""

CALL = rb"""[ \t]{0,2}\([ \t]{0,4}(?:[A-Za-z_]{1,20}[ \t]{0,2}[=:][ \t]{0,2})?["'`]"""
"""What stands between a function's name and its first argument: `Client("`, `login(key="`."""

SCHEME = rb"(?:(?i:bearer|token|bot|basic|api-?key|splunk|geniekey|accesskey|key|ssws)[ \t]{1,2})?"
"""The word in front of a credential in a header, as in `Authorization: Bearer …`."""

PLAIN_NAMES = ("key", "token", "secret", "password", "authorization", "login")
"""Words of which one stands in each name that says what a value is and not whose."""

PLAIN_NAME = (
    rb"(?i:(?:x-)?(?:api|access|secret|auth|license)[_.-]?key|(?:client|app|api|access)[_.-]?secret|secret|password"
    rb"|(?:(?:auth|access|api|bearer|bot)[_.-]?)?token|authorization)"
)

OF_ITS_OWN = (
    rb"(?:(?<![A-Za-z0-9_-])|(?<=--))(?i:(?:x|set|get|with|use|key|channel|app|token|server|bot|client|hec|private"
    rb"|access|project|x-subscription|cloud_api|secret|s3)[_-]?)?"
)
"""Before a plain name: `ACME_TOKEN` says whose it is, whoever else stands around it; `accessToken` doesn't."""

LINES_BEFORE = 6
LINES_BEHIND = 2
NEAR = 600
"""How many lines, and how many bytes, from a value the word that says whose it is may stand."""

LOOSE_ASSIGNMENT = NAME_END + OPERATOR + rb"(?:" + PREFIX + rb")?" + QUOTE
"""The same for a filter that can't look ahead: it matches more."""

WORD_START = rb"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))"
"""Where a word of a name begins: `DD_KEY` and `myDdKey` hold the word `dd`, `add_key` doesn't."""


class Match:
    """A rule's match: where the value starts and ends, in bytes."""

    __slots__ = ("end", "rule", "start")

    def __init__(self, rule: SecretRule, start: int, end: int) -> None:
        self.rule = rule
        self.start = start
        self.end = end


class Scanner:
    """Searches texts for the formats of the given rules.

    filter  says which rules can match in a text; by default the standard library's
    """

    def __init__(self, rules: Sequence[SecretRule], filter: Filter | None = None) -> None:
        self._rules = rules
        self._filter = filter or KeywordFilter(rules)
        self._compiled: dict[str, Pattern[bytes]] = {}

    def matches(self, text: bytes) -> Iterator[Match]:
        """Every match of every rule, rule by rule."""
        indexes = self._filter.candidates(text)
        if not indexes:
            return
        lowered = text.lower()
        for index in indexes:
            rule = self._rules[index]
            if not rule.in_file or rule.in_file.encode() in lowered:
                yield from self._rule_matches(rule, text, lowered)

    def opened(self, text: bytes) -> Opened | None:
        """What stands in base64 in the text whose matches were asked for last; None where there is none."""
        if not self._filter.holds_base64(text):
            return None
        from nightlatch.secrets.base64_text import opened

        return opened(text)

    def _rule_matches(self, rule: SecretRule, text: bytes, lowered: bytes) -> Iterator[Match]:
        last = -1
        in_line = rule.in_line.encode()
        for start, stop, end in _places(rule, lowered):
            if lowered.find(in_line, start, end) < 0:
                continue
            pattern = self._pattern(rule)
            for found in pattern.finditer(text, start, end):
                if found.start() >= stop:
                    break
                first, final = found.span("secret" if "secret" in pattern.groupindex else 0)
                if found.start() < last:
                    continue
                last = found.end()
                if rule.near and found["plain"] and not _is_near(rule, lowered, first, final):
                    continue
                if bits_per_character(text[first:final]) >= rule.entropy:
                    yield Match(rule, first, final)

    def _pattern(self, rule: SecretRule) -> Pattern[bytes]:
        """Compiled at the first text that holds a keyword: most rules are never needed."""
        if rule.id not in self._compiled:
            import re

            self._compiled[rule.id] = re.compile(expression(rule))
        return self._compiled[rule.id]


def expression(rule: SecretRule) -> bytes:
    """The whole regular expression: the rule's pattern within its boundaries, after its context."""
    before = b"(?:(?<![%s])|%s)" % (rule.before.encode(), ESCAPES_BEFORE) if rule.before else b""
    after = b"(?![%s])" % rule.after.encode() if rule.after else b""
    pattern = rule.pattern.encode()
    if rule.context:
        return WORD_START + _name(rule) + _between(ASSIGNMENT) + b"(?P<secret>" + pattern + b")" + after
    return before + pattern + after


def filter_expression(rule: SecretRule) -> bytes:
    """The same without look-around, for a filter: it matches wherever `expression` does, and elsewhere too.

    Not where a plain name stands before the value: that is what `PLAIN_ASSIGNMENT` finds, for all rules at once.
    """
    pattern = rule.pattern.encode()
    return _named(rule) + _between(LOOSE_ASSIGNMENT) + b"(?:" + pattern + b")" if rule.context else pattern


def _name(rule: SecretRule) -> bytes:
    """The name that a value is assigned to: one that says whose it is, or a plain one where that may stand near."""
    if not rule.near:
        return _named(rule)
    return b"(?:" + _named(rule) + b"|" + OF_ITS_OWN + b"(?P<plain>" + PLAIN_NAME + b"))"


def _named(rule: SecretRule) -> bytes:
    return rb"(?i:(?:%s)[\w.-]{0,40})" % b"|".join(word.encode() for word in rule.context)


def _between(assignment: bytes) -> bytes:
    return b"(?:" + assignment + b"|" + CALL + b")" + SCHEME


PLAIN_ASSIGNMENT = PLAIN_NAME + _between(LOOSE_ASSIGNMENT) + rb"[A-Za-z0-9_.:/|+=*@\[\]-]{8}"
"""For a filter: a plain name and a value. The rules with `near` then go by their keywords."""


def _is_near(rule: SecretRule, lowered: bytes, start: int, end: int) -> bool:
    """Whether a word that says whose the value is stands in its line or in one of those around it."""
    before = lowered[max(0, start - NEAR) : start].rsplit(b"\n", LINES_BEFORE + 1)[-LINES_BEFORE - 1 :]
    behind = lowered[end : end + NEAR].split(b"\n", LINES_BEHIND + 1)[: LINES_BEHIND + 1]
    around = b"\n".join((*before, *behind))
    return any(word.encode() in around for word in rule.near)


def _places(rule: SecretRule, lowered: bytes) -> Iterable[tuple[int, int, int]]:
    """The chunks that hold a keyword; and around the words that say whose a value is, those with a plain name."""
    keywords = [keyword.encode() for keyword in rule.keywords]
    if not rule.near:
        return chunks(keywords, lowered)
    found = set(chunks(keywords, lowered))
    plain = [word.encode() for word in PLAIN_NAMES]
    words = [word.encode() for word in rule.near]
    for word in words:
        for first, last in _lines_around(word, lowered):
            for start, stop, end in chunks(plain, lowered[first:last]):
                around = lowered[max(0, first + start - NEAR) : first + end + NEAR]
                if any(other in around for other in words):
                    found.add((first + start, first + stop, first + end))
    return sorted(found)


def _lines_around(word: bytes, lowered: bytes) -> Iterator[tuple[int, int]]:
    """Whole lines around each place of a word, as far as a value may stand from it; each line once."""
    last = 0
    while (place := lowered.find(word, last)) >= 0:
        first = max(lowered.rfind(b"\n", last, max(last, place - 2 * NEAR)) + 1, last)
        end = lowered.find(b"\n", place + len(word) + 2 * NEAR)
        end = len(lowered) if end < 0 else end
        yield first, end
        last = min(end + 1, len(lowered))


def chunks(keywords: list[bytes], lowered: bytes) -> Iterator[tuple[int, int, int]]:
    """The chunks that hold a keyword, in order, each once.

    Yields (start, stop, end): matches begin from start up to stop and may run up to end.
    """
    position = 0
    size = len(lowered)
    nexts = {keyword: lowered.find(keyword) for keyword in keywords}
    while True:
        hit = min((place for place in nexts.values() if place >= 0), default=-1)
        if hit < 0:
            return
        line_start = max(lowered.rfind(b"\n", position, hit) + 1, position)
        line_end = lowered.find(b"\n", hit)
        line_end = size if line_end < 0 else line_end
        yield from _pieces(line_start, line_end, keywords, lowered)
        position = line_end + 1
        for keyword, place in nexts.items():
            if 0 <= place < position:
                nexts[keyword] = lowered.find(keyword, position)


def _pieces(start: int, end: int, keywords: list[bytes], lowered: bytes) -> Iterator[tuple[int, int, int]]:
    """A line as it is, or the slices of a long one that hold a keyword."""
    if end - start <= SLICE + OVERLAP:
        yield start, end, end
        return
    for first in range(start, end, SLICE):
        last = min(first + SLICE + OVERLAP, end)
        if any(lowered.find(keyword, first, last) >= 0 for keyword in keywords):
            yield first, min(first + SLICE, end), last
