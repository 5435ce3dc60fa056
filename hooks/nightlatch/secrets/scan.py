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
    from collections.abc import Iterator, Sequence
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
        keywords = [keyword.encode() for keyword in rule.keywords]
        in_line = rule.in_line.encode()
        for start, stop, end in chunks(keywords, lowered):
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
        words = b"|".join(word.encode() for word in rule.context)
        name = rb"(?i:(?:%s)[\w.-]{0,40})" % words
        return WORD_START + name + ASSIGNMENT + b"(?P<secret>" + pattern + b")" + after
    return before + pattern + after


def filter_expression(rule: SecretRule) -> bytes:
    """The same without look-around, for a filter: it matches wherever `expression` does, and elsewhere too."""
    pattern = rule.pattern.encode()
    if not rule.context:
        return pattern
    words = b"|".join(word.encode() for word in rule.context)
    return rb"(?i:(?:%s)[\w.-]{0,40})" % words + LOOSE_ASSIGNMENT + b"(?:" + pattern + b")"


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
