"""A team's own rules: from the section `secrets: custom-rules` of the configuration to rules like all others.

What is wrong is refused when the rules are loaded, with its place in the file: a pattern that the two engines would
read differently or that may take for ever, a keyword that a match may lack, an example that isn't found. What was
found to be right is remembered, so that a commit's check need not look again. No message quotes a pattern, a keyword
or an example: what was put in the wrong place may be a secret.
"""

from __future__ import annotations

import os

from nightlatch.core import cache
from nightlatch.secrets.secret_rule import CUSTOM, WHY, SecretRule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from nightlatch.core.hook import Options
    from nightlatch.secrets.custom_patterns.tree import Pattern

KEY = "custom-rules"
MOST_RULES = 200
SHORTEST_KEYWORD = 3
LONGEST_KEYWORD = 64
CACHE_KIND = "custom-rules"


class _FaultError(Exception):
    """What is wrong with one rule: under which of its keys, what, and what to write instead."""

    def __init__(self, key: str, what: str, remedy: str) -> None:
        super().__init__(what)
        self.key = key
        self.what = what
        self.remedy = remedy


def custom_rules(options: Options) -> list[SecretRule]:
    """The rules that the configuration adds; none without a configuration. Raises ConfigError."""
    section: Any = options.section[KEY] if options.configured else []
    if not section:
        return []
    expressions = _expressions(section, options)
    return [_rule(entry, expression) for entry, expression in zip(section, expressions, strict=True)]


def _expressions(section: Sequence[dict[str, Any]], options: Options) -> Sequence[str]:
    """What each rule is searched for with, from the cache or checked now."""
    key = f"{_state()}\n{section!r}".encode("utf-8", "surrogateescape")
    known = cache.load(CACHE_KIND, key)
    if isinstance(known, tuple):
        return known
    if len(section) > MOST_RULES:
        raise options.wrong(KEY, f"has more than {MOST_RULES} rules", "Leave out what nightlatch's own rules find.")
    expressions = tuple(_checked(entry, number, options) for number, entry in enumerate(section))
    cache.store(CACHE_KIND, key, expressions)
    return expressions


def _state() -> list[tuple[str, int, int]]:
    """What tells this version of the checks from another: it is read from the files, not imported."""
    here = os.path.dirname(__file__)
    sources: list[tuple[str, int, int]] = []
    for folder in (here, os.path.join(here, "custom_patterns")):
        with os.scandir(folder) as found:
            states = [(entry.path, entry.stat()) for entry in found if entry.name.endswith(".py")]
        sources.extend((path, state.st_size, state.st_mtime_ns) for path, state in states)
    return sorted(sources)


def _checked(entry: dict[str, Any], number: int, options: Options) -> str:
    try:
        pattern = _pattern(entry["pattern"])
        _check_keywords(pattern, entry["keywords"])
        _check_examples(_rule(entry, pattern.expression), entry["examples"])
    except _FaultError as fault:
        raise options.wrong(f"{KEY}[{number}].{fault.key}", f"of {entry['id']} {fault.what}", fault.remedy) from None
    return pattern.expression


def _pattern(text: str) -> Pattern:
    from nightlatch.secrets.custom_patterns.check import check
    from nightlatch.secrets.custom_patterns.tree import PatternError

    try:
        return check(text)
    except PatternError as error:
        raise _FaultError("pattern", error.what, error.remedy) from None


def _check_keywords(pattern: Pattern, keywords: Sequence[str]) -> None:
    from nightlatch.secrets.custom_patterns.walk import TooMuchWorkError, always_holds

    for number, keyword in enumerate(keywords):
        if not SHORTEST_KEYWORD <= len(keyword) <= LONGEST_KEYWORD:
            raise _FaultError(
                f"keywords[{number}]",
                f"must have {SHORTEST_KEYWORD} to {LONGEST_KEYWORD} characters",
                "A short one would be met everywhere, and the beginning of a long one does as well.",
            )
    try:
        is_held = always_holds(pattern.root, [_lowered(keyword).encode() for keyword in keywords])
    except TooMuchWorkError:
        what = "are too many or too long to be held against the pattern"
        raise _FaultError("keywords", what, "Name fewer, and shorter ones.") from None
    if not is_held:
        raise _FaultError(
            "keywords",
            "are all missing from some text that the pattern matches",
            "Name texts of which each match holds one, in any case: only lines with a keyword are searched.",
        )


def _check_examples(rule: SecretRule, examples: Sequence[str]) -> None:
    for number, example in enumerate(examples):
        fault = _fault_of_example(rule, example.encode())
        if fault:
            raise _FaultError(f"examples[{number}]", *fault)


def _fault_of_example(rule: SecretRule, example: bytes) -> tuple[str, str] | None:
    """Why the rule doesn't find an example, and what to do; None where it does."""
    import re

    from nightlatch.secrets.confirm import confirmed
    from nightlatch.secrets.scan import Scanner, expression

    matches = list(Scanner([rule]).matches(example))
    if any(confirmed(example, match) for match in matches):
        return None
    if matches:
        return (
            "is taken for a placeholder",
            "Values with `example`, `xxxxx`, `000000`, `0123456789` or `abcdefghij` in them are passed over.",
        )
    if any(re.search(expression(rule), line) for line in example.split(b"\n")):
        return (
            f"has a value with less than {rule.entropy:g} bits of entropy a character",
            "Lower `entropy`, or give an example as random as real values are.",
        )
    return "is not matched by the pattern", "Mend the one or the other."


def _rule(entry: dict[str, Any], expression: str) -> SecretRule:
    return SecretRule(
        id=entry["id"],
        name=f"custom-{entry['id'].lower()}",
        provider="",
        summary=f"Custom secret rule {entry['id']}",
        pattern=expression,
        keywords=tuple(_lowered(keyword) for keyword in entry["keywords"]),
        revoke="where it was issued",
        positive=tuple(entry["examples"]),
        negative=(),
        before="",
        after="",
        entropy=entry["entropy"] or 0.0,
        tier=CUSTOM,
        why=f"{WHY} The rule is this repository's own: secrets: {KEY} in its configuration.",
    )


def _lowered(keyword: str) -> str:
    """As the bytes of a text are lowered: ASCII letters alone."""
    return keyword.encode().lower().decode()
