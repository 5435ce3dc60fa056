"""The `secrets` hook: no credential enters a commit, a branch or the history."""

from __future__ import annotations

from nightlatch.core.hook import Hook
from nightlatch.core.rule import OFF, RANKS, WARNING
from nightlatch.secrets.engine import scanner_for
from nightlatch.secrets.rules import ALL, PLUGIN, RULES
from nightlatch.secrets.scan import Scanner
from nightlatch.secrets.secret_rule import BLOCK, CANDIDATE, CUSTOM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nightlatch.core.files import File
    from nightlatch.core.finding import Finding
    from nightlatch.core.hook import Options, Source
    from nightlatch.secrets.foreign_plugins import Hit, Plugins
    from nightlatch.secrets.scan import Match
    from nightlatch.secrets.secret_rule import SecretRule

    Severity = Callable[[str, str, str | None], str]


SCANNER = "scanner"
"""Where the scanner is kept from one question of a run to the next."""

PLUGINS = "plugins"
"""The same for the plugins that the command line names."""

BYTES_EACH = 4096
"""How large a file, or what a commit changes, is at least on average."""


def check(source: Source, options: Options) -> Iterator[Finding]:
    """Yield a finding for each credential, one for each line and value.

    Raises ConfigError where a rule of the configuration is wrong, UsageError where a plugin can't be had, and
    NightlatchError where one fails.
    """
    scanner = _scanner(options)
    plugins = _plugins(options) if options.plugins else None
    severity = options.severity if options.configured else None
    for file in source.files():
        yield from findings_in(file, scanner, plugins, severity)


def rules_for(options: Options) -> Sequence[SecretRule]:
    """What is looked for: our rules, those of the configuration, and that of plugins where there are any."""
    return (*_searched(options), PLUGIN) if options.plugins else _searched(options)


def prepare(options: Options, count: int) -> None:
    """Make the scanner ready for so many files or commits, and plugins. Raises what `check` does."""
    _scanner(options, expected=count * BYTES_EACH)
    if options.plugins:
        _plugins(options)


HOOK = Hook(
    "secrets",
    "No credential enters a commit, a branch or the history.",
    ALL,
    check,
    rules_for=rules_for,
    prepare=prepare,
)


def _scanner(options: Options, expected: int = 0) -> Scanner:
    """The scanner of this run. Raises ConfigError and UsageError."""
    scanner = options.kept.get(SCANNER)
    if not isinstance(scanner, Scanner):
        scanner = options.kept[SCANNER] = scanner_for(_searched(options), expected=expected)
    return scanner


def _searched(options: Options) -> Sequence[SecretRule]:
    """The rules that an engine searches for. Raises ConfigError."""
    if not options.configured or not options.section["custom-rules"]:
        return RULES
    from nightlatch.secrets.custom_rules import custom_rules

    return (*RULES, *custom_rules(options))


def _plugins(options: Options) -> Plugins:
    from nightlatch.secrets.foreign_plugins import Plugins, load

    plugins = options.kept.get(PLUGINS)
    if not isinstance(plugins, Plugins):
        plugins = options.kept[PLUGINS] = load(options.plugins, options.severity)
    return plugins


def findings_in(
    file: File, scanner: Scanner, plugins: Plugins | None = None, severity: Severity | None = None
) -> Iterator[Finding]:
    """Yield the findings of one file, in order of place.

    severity  what the configuration makes of a rule's severity at a path: what is off hides nothing else
    """
    found = _found(file.text, list(scanner.matches(file.text)))
    opened = scanner.opened(file.text)
    if opened is not None:
        for value in _one_rule_each(_found(opened.text, list(scanner.matches(opened.text)))):
            value.start, value.end = opened.place(value.start, value.end)
            value.is_encoded = True
            found.append(value)
    if severity is not None:
        found = [value for value in found if severity(value.rule.id, value.rule.severity, file.path) != OFF]
    hits = plugins.hits(file) if plugins else ()
    if found or hits:
        yield from _findings(file, found, hits, plugins)


class _Value:
    """A credential, and where it stands in the file, in bytes."""

    __slots__ = ("end", "is_encoded", "message", "rule", "start", "value")

    def __init__(self, rule: SecretRule, start: int, end: int, value: bytes) -> None:
        self.rule = rule
        self.start = start
        self.end = end
        self.value = value
        self.is_encoded = False
        self.message = ""


def _found(text: bytes, matches: list[Match]) -> list[_Value]:
    """What the matches really are, after the second look."""
    if not matches:
        return []
    from nightlatch.secrets.confirm import confirmed

    spans = [(match.rule, confirmed(text, match)) for match in matches]
    return [_Value(rule, *span, text[slice(*span)]) for rule, span in spans if span is not None]


def _findings(file: File, found: list[_Value], hits: Sequence[Hit], plugins: Plugins | None) -> Iterator[Finding]:
    from nightlatch.secrets.confidence import confidence

    kept = _one_rule_each(found)
    file.mask([*((value.start, value.end) for value in kept), *(place for hit in hits for place in hit.places)])
    if plugins:
        kept = _with_hits(kept, hits, file, plugins)
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


def _with_hits(kept: list[_Value], hits: Sequence[Hit], file: File, plugins: Plugins) -> list[_Value]:
    """Our values and the plugins', in order of place; where both tell the same, the one that weighs more."""

    def weight(value: _Value) -> int:
        return RANKS[plugins.severity(value.rule.id, _severity(value.rule, file.path), file.path)]

    for hit in hits:
        theirs = _Value(PLUGIN, *hit.places[0], hit.value)
        theirs.message = hit.message
        same = [value for value in kept if _is_same(value, theirs, file)]
        if all(weight(value) < weight(theirs) for value in same):
            kept = [value for value in kept if value not in same] + [theirs]
    return sorted(kept, key=lambda value: (value.start, value.rule.id))


def _is_same(ours: _Value, theirs: _Value, file: File) -> bool:
    """Whether a plugin's value is, or shares text with, one of ours; or stands a second time in its line."""
    if ours.rule.tier != BLOCK and ours.start < theirs.end and theirs.start < ours.end:
        return True
    return ours.value == theirs.value and file.line_bounds(ours.start) == file.line_bounds(theirs.start)


def _one_rule_each(found: list[_Value]) -> list[_Value]:
    """The values in order of place, and of those that overlap the one whose format says the most.

    A key's block competes with nothing: what stands inside it is told too. Nor does what base64 hides: its
    neighbours share characters with it, and it was sorted out among them before.
    """
    kept = [value for value in found if value.rule.tier == BLOCK or value.is_encoded]
    others = [value for value in found if value.rule.tier != BLOCK and not value.is_encoded]
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


def _rank(value: _Value) -> tuple[int, int, str]:
    """A provider's format, a team's own, a candidate; then the longest, then the first rule."""
    rank = {CUSTOM: 1, CANDIDATE: 2}.get(value.rule.tier, 0)
    return rank, value.start - value.end, value.rule.id


def _message(found: _Value) -> str:
    """The rule's summary and at most the value's public prefix, or what a plugin says."""
    if found.message:
        return found.message
    rule, lowered = found.rule, found.value.lower()
    prefixes = [keyword for keyword in rule.keywords if lowered.startswith(keyword.encode()) and not rule.context]
    shown = found.value[: max(map(len, prefixes))].decode("ascii", "replace") + "…" if prefixes else ""
    notes = ", ".join(note for note in (shown, "in base64" if found.is_encoded else "") if note)
    return f"{rule.summary} ({notes})" if notes else rule.summary


def _severity(rule: SecretRule, path: str) -> str:
    """The rule's own; formats that prove little by themselves only warn in test folders."""
    from nightlatch.core.test_folders import is_test

    return WARNING if rule.tier == CANDIDATE and is_test(path) else rule.severity
