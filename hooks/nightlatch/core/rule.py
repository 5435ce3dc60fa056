"""A rule: the one truth for messages, `explain`, reports and the documentation."""

from __future__ import annotations

ERROR = "error"
WARNING = "warning"
INFO = "info"
OFF = "off"
SEVERITIES = (ERROR, WARNING, INFO)
RANKS = {OFF: 0, INFO: 1, WARNING: 2, ERROR: 3}


def stricter(one: str, other: str) -> str:
    """The one of two severities that weighs more."""
    return one if RANKS[one] >= RANKS[other] else other


class Rule:
    """What a hook can find.

    id        such as `SEC301`: the hook's prefix and three digits
    name      the same in words, such as `github-personal-access-token`
    severity  error (blocks), warning (shown) or info (shown with --verbose)
    summary   one line that says what was found
    why       what can go wrong, in a sentence or two
    fix       what to do, in the imperative
    more      what else `explain` tells, in Markdown: the same for many rules, so the rules' page has it once
    allow     how a finding is allowed, where that isn't a note in the file, as with most rules
    is_secret whether it finds secrets: what other scanners' marks and baselines allow too
    """

    __slots__ = ("fix", "id", "name", "severity", "summary", "why")

    more = ""
    allow = ""
    is_secret = False

    def __init__(self, *, id: str, name: str, severity: str = ERROR, summary: str, why: str, fix: str) -> None:
        self.id = id
        self.name = name
        self.severity = severity
        self.summary = summary
        self.why = why
        self.fix = fix

    def __repr__(self) -> str:
        return f"<Rule {self.id} {self.name}>"
