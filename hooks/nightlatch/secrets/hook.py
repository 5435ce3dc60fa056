"""The `secrets` hook: no credential enters a commit, a branch or the history."""

from __future__ import annotations

from nightlatch.core.errors import UsageError
from nightlatch.core.hook import Hook
from nightlatch.core.rule import WARNING
from nightlatch.secrets.engine import scanner_for
from nightlatch.secrets.rules import RULES
from nightlatch.secrets.secret_rule import BLOCK, CANDIDATE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.core.files import File
    from nightlatch.core.finding import Finding
    from nightlatch.core.hook import Options, Source
    from nightlatch.secrets.scan import Match, Scanner
    from nightlatch.secrets.secret_rule import SecretRule

    Span = tuple[int, int, SecretRule]


NOT_YET = ("custom-rules",)
"""Keys of the configuration that this version can't honour."""


def check(source: Source, options: Options) -> Iterator[Finding]:
    """Yield a finding for each credential, one for each line and value.

    Raises UsageError where the configuration asks for what this version can't do: it must not pass unseen.
    """
    if options.configured:
        _refuse_unknown(options.section)
    scanner = scanner_for(RULES)
    for file in source.files():
        yield from findings_in(file, scanner)


HOOK = Hook("secrets", "No credential enters a commit, a branch or the history.", RULES, check)


def findings_in(file: File, scanner: Scanner) -> Iterator[Finding]:
    """Yield the findings of one file, in order of place."""
    matches = list(scanner.matches(file.text))
    if matches:
        yield from _findings(file, matches)


def _refuse_unknown(section: dict[str, object]) -> None:
    for key in NOT_YET:
        if section.get(key):
            raise UsageError(
                f"This version of nightlatch can't honour secrets: {key} in the configuration.",
                "Take it out, or install a later version.",
            )


def _findings(file: File, matches: list[Match]) -> Iterator[Finding]:
    from nightlatch.secrets.confirm import confirmed

    spans = []
    for match in matches:
        span = confirmed(file.text, match)
        if span is not None:
            spans.append((*span, match.rule))
    kept = _one_rule_each(spans)
    file.mask((start, end) for start, end, _ in kept)
    seen: set[tuple[int, bytes]] = set()
    for start, end, rule in kept:
        key = (file.line_bounds(start)[0], file.text[start:end])
        if key not in seen:
            seen.add(key)
            value = file.text[start:end]
            yield file.finding(
                rule, start, end, _message(rule, value), severity=_severity(rule, file.path), value=value
            )


def _one_rule_each(spans: list[Span]) -> list[Span]:
    """The spans in order of place, and of those that overlap the one whose format says the most.

    A key's block competes with nothing: what stands inside it is told too.
    """
    kept = [span for span in spans if span[2].tier == BLOCK]
    others = [span for span in spans if span[2].tier != BLOCK]
    for group in _overlapping(sorted(others, key=lambda span: span[:2])):
        best: list[Span] = []
        for span in sorted(group, key=_rank):
            if all(span[1] <= other[0] or other[1] <= span[0] for other in best):
                best.append(span)
        kept.extend(best)
    return sorted(kept, key=lambda span: (span[0], span[2].id))


def _overlapping(spans: list[Span]) -> Iterator[list[Span]]:
    """Runs of spans, in order of their starts, of which each overlaps one before it."""
    group: list[Span] = []
    reach = 0
    for span in spans:
        if group and span[0] >= reach:
            yield group
            group = []
        group.append(span)
        reach = max(reach, span[1])
    if group:
        yield group


def _rank(span: Span) -> tuple[bool, int, str]:
    """A provider's format before a candidate, then the longest, then the first rule."""
    start, end, rule = span
    return rule.tier == CANDIDATE, start - end, rule.id


def _message(rule: SecretRule, value: bytes) -> str:
    """The rule's summary and at most the value's public prefix."""
    lowered = value.lower()
    prefixes = [keyword for keyword in rule.keywords if lowered.startswith(keyword.encode()) and not rule.context]
    shown = value[: max(map(len, prefixes))].decode("ascii", "replace") if prefixes else ""
    return f"{rule.summary} ({shown}…)" if shown else rule.summary


def _severity(rule: SecretRule, path: str) -> str:
    """The rule's own; formats that prove little by themselves only warn in test folders."""
    from nightlatch.core.test_folders import is_test

    return WARNING if rule.tier == CANDIDATE and is_test(path) else rule.severity
