"""The `secrets` hook: no credential enters a commit, a branch or the history."""

from __future__ import annotations

from nightlatch.core.errors import UsageError
from nightlatch.core.hook import Hook
from nightlatch.core.rule import WARNING
from nightlatch.secrets.engine import scanner_for
from nightlatch.secrets.rules import RULES
from nightlatch.secrets.scan import Scanner
from nightlatch.secrets.secret_rule import BLOCK, CANDIDATE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.core.files import File
    from nightlatch.core.finding import Finding
    from nightlatch.core.hook import Options, Source
    from nightlatch.secrets.scan import Match
    from nightlatch.secrets.secret_rule import SecretRule


SCANNER = "scanner"
"""Where the scanner is kept from one question of a run to the next."""

NOT_YET = ("custom-rules",)
"""Keys of the configuration that this version can't honour."""


def check(source: Source, options: Options) -> Iterator[Finding]:
    """Yield a finding for each credential, one for each line and value.

    Raises UsageError where the configuration asks for what this version can't do: it must not pass unseen.
    """
    if options.configured:
        _refuse_unknown(options.section)
    scanner = options.kept.get(SCANNER)
    if not isinstance(scanner, Scanner):
        scanner = options.kept[SCANNER] = scanner_for(RULES)
    for file in source.files():
        yield from findings_in(file, scanner)


HOOK = Hook("secrets", "No credential enters a commit, a branch or the history.", RULES, check)


def findings_in(file: File, scanner: Scanner) -> Iterator[Finding]:
    """Yield the findings of one file, in order of place."""
    found = _found(file.text, list(scanner.matches(file.text)))
    opened = scanner.opened(file.text)
    if opened is not None:
        for value in _found(opened.text, list(scanner.matches(opened.text))):
            value.start, value.end = opened.place(value.start, value.end)
            value.is_encoded = True
            found.append(value)
    if found:
        yield from _findings(file, found)


def _refuse_unknown(section: dict[str, object]) -> None:
    for key in NOT_YET:
        if section.get(key):
            raise UsageError(
                f"This version of nightlatch can't honour secrets: {key} in the configuration.",
                "Take it out, or install a later version.",
            )


class _Value:
    """A credential, and where it stands in the file, in bytes."""

    __slots__ = ("end", "is_encoded", "rule", "start", "value")

    def __init__(self, rule: SecretRule, start: int, end: int, value: bytes) -> None:
        self.rule = rule
        self.start = start
        self.end = end
        self.value = value
        self.is_encoded = False


def _found(text: bytes, matches: list[Match]) -> list[_Value]:
    """What the matches really are, after the second look."""
    if not matches:
        return []
    from nightlatch.secrets.confirm import confirmed

    spans = [(match.rule, confirmed(text, match)) for match in matches]
    return [_Value(rule, *span, text[slice(*span)]) for rule, span in spans if span is not None]


def _findings(file: File, found: list[_Value]) -> Iterator[Finding]:
    from nightlatch.secrets.confidence import confidence

    kept = _one_rule_each(found)
    file.mask((value.start, value.end) for value in kept)
    seen: set[tuple[int, bytes]] = set()
    for value in kept:
        key = (file.line_bounds(value.start)[0], value.value)
        if key not in seen:
            seen.add(key)
            yield file.finding(
                value.rule,
                value.start,
                value.end,
                _message(value),
                severity=_severity(value.rule, file.path),
                value=value.value,
                data={"confidence": confidence(value.rule, value.value)},
            )


def _one_rule_each(found: list[_Value]) -> list[_Value]:
    """The values in order of place, and of those that overlap the one whose format says the most.

    A key's block competes with nothing: what stands inside it is told too.
    """
    kept = [value for value in found if value.rule.tier == BLOCK]
    others = [value for value in found if value.rule.tier != BLOCK]
    for group in _overlapping(sorted(others, key=lambda value: (value.start, value.end))):
        best: list[_Value] = []
        for value in sorted(group, key=_rank):
            if all(value.end <= other.start or other.end <= value.start for other in best):
                best.append(value)
        kept.extend(best)
    return sorted(kept, key=lambda value: (value.start, value.rule.id))


def _overlapping(found: list[_Value]) -> Iterator[list[_Value]]:
    """Runs of values, in order of their starts, of which each overlaps one before it."""
    group: list[_Value] = []
    reach = 0
    for value in found:
        if group and value.start >= reach:
            yield group
            group = []
        group.append(value)
        reach = max(reach, value.end)
    if group:
        yield group


def _rank(value: _Value) -> tuple[bool, int, str]:
    """A provider's format before a candidate, then the longest, then the first rule."""
    return value.rule.tier == CANDIDATE, value.start - value.end, value.rule.id


def _message(found: _Value) -> str:
    """The rule's summary and at most the value's public prefix."""
    rule, lowered = found.rule, found.value.lower()
    prefixes = [keyword for keyword in rule.keywords if lowered.startswith(keyword.encode()) and not rule.context]
    shown = found.value[: max(map(len, prefixes))].decode("ascii", "replace") + "…" if prefixes else ""
    notes = ", ".join(note for note in (shown, "in base64" if found.is_encoded else "") if note)
    return f"{rule.summary} ({notes})" if notes else rule.summary


def _severity(rule: SecretRule, path: str) -> str:
    """The rule's own; formats that prove little by themselves only warn in test folders."""
    from nightlatch.core.test_folders import is_test

    return WARNING if rule.tier == CANDIDATE and is_test(path) else rule.severity
