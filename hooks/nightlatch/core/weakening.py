"""What a configuration lets through that an earlier version of it did not: the keys that belong to no hook.

A weakening is told wherever one can't be excluded. Comments, order and what becomes stricter are none. The steps
that the comparison is made of serve the sections of the hooks too.
"""

from __future__ import annotations

from nightlatch.core.rule import ERROR, RANKS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from nightlatch.core.config import Config

    Severities = Mapping[str, str]

FOR_EVER = "9999-12-31"
MOST_CHARACTERS = 80


class Weakening:
    """One of them: where it stands in the later version, and what it is, in a sentence."""

    __slots__ = ("key", "sentence")

    def __init__(self, key: str, sentence: str) -> None:
        self.key = key
        self.sentence = sentence


def weakenings(base: Config, change: Config) -> list[Weakening]:
    """What the later of two configurations lets through in its general keys. For no file give the defaults."""
    before, after = base.values, change.values
    return [
        *_profile(before["profile"], after["profile"]),
        *_hooks(before["hooks"], after["hooks"]),
        *more_matched("exclude", before["exclude"], after["exclude"], "is no longer checked"),
        *_rules(before["rules"], after["rules"]),
        *_overrides(before, after),
        *_accepted(before["accept-unchecked"], after["accept-unchecked"]),
    ]


def shown(text: str) -> str:
    """A pattern or a name for a sentence, of bounded length."""
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"


def _profile(before: str, after: str) -> Iterator[Weakening]:
    if before == "strict" and after != before:
        yield Weakening("profile", "profile: strict became standard")


def _hooks(before: Sequence[str] | None, after: Sequence[str] | None) -> Iterator[Weakening]:
    if after is None:
        return
    if before is None:
        yield Weakening("hooks", f"hooks: only {', '.join(after)} run; before, all that apply did")
        return
    for name in before:
        if name not in after:
            yield Weakening("hooks", f"hooks: {name} no longer runs")


def more_matched(
    key: str, before: Mapping[str, Any], after: Mapping[str, Any], what: str, lost: str = "exempts nothing any more"
) -> Iterator[Weakening]:
    """What a list of patterns may match now and did not match before: patterns that came, exceptions that went.

    what  is said of a pattern that is new, lost of an exception that was taken out
    """
    old, new = _last_of_each(before["patterns"]), _last_of_each(after["patterns"])
    written = after["patterns"]
    told = False
    for pattern in new:
        if pattern not in old and not _is_exception(pattern):
            told = True
            yield Weakening(f"{key}[{written.index(pattern)}]", f"{key}: {shown(pattern)} {what}")
    for pattern in old:
        if pattern not in new and _is_exception(pattern):
            told = True
            yield Weakening(key, f"{key}: {shown(pattern)} {lost}")
    if not told and any(map(_is_exception, (*old, *new))) and _reordered(old, new):
        yield Weakening(key, f"{key}: the order changed, and of the patterns that fit a path the last one counts")


def _last_of_each(patterns: Sequence[str]) -> list[str]:
    """Without the repetitions that a later equal pattern makes idle."""
    return list(dict.fromkeys(reversed(patterns)))[::-1]


def _is_exception(pattern: str) -> bool:
    return pattern.startswith("!")


def _reordered(old: Sequence[Any], new: Sequence[Any]) -> bool:
    return [item for item in old if item in new] != [item for item in new if item in old]


def is_weaker(before: str | None, after: str | None) -> bool:
    """Whether a severity may have become a lower one; None is the rule's own, whatever that is."""
    if before == after:
        return False
    if after is None:
        return before == ERROR
    return after != ERROR if before is None else RANKS[after] < RANKS[before]


def _said(severity: str | None) -> str:
    return severity or "its own severity"


def _rules(before: Severities, after: Severities) -> Iterator[Weakening]:
    for rule in sorted({*before, *after}):
        old, new = before.get(rule), after.get(rule)
        if is_weaker(old, new):
            yield Weakening(f"rules.{rule}", f"rules: {rule} goes from {_said(old)} to {_said(new)}")


def _overrides(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Weakening]:
    """Entries with the same paths belong together; one that came or went is measured against all that is left."""
    old, new = _by_paths(before["overrides"]), _by_paths(after["overrides"])
    told = False
    for paths in dict.fromkeys((*old, *new)):
        place, severities = new.get(paths, ("overrides", {}))
        _, known = old.get(paths, ("", {}))
        for rule in sorted({*known, *severities}):
            was = [known[rule]] if rule in known else _anywhere(rule, before)
            now = [severities[rule]] if rule in severities else _anywhere(rule, after)
            pair = next(((one, other) for one in was for other in now if is_weaker(one, other)), None)
            if pair:
                told = True
                where = f"{place}.rules.{rule}" if rule in severities else place
                patterns = shown(", ".join(paths))
                yield Weakening(
                    where, f"overrides: {rule} goes from {_said(pair[0])} to {_said(pair[1])} in {patterns}"
                )
    if not told and _reordered(list(old), list(new)) and _disagree(new):
        yield Weakening("overrides", "overrides: the order changed, and of the entries that fit the last one counts")


def _by_paths(overrides: Sequence[Mapping[str, Any]]) -> dict[tuple[str, ...], tuple[str, dict[str, str]]]:
    """Patterns → the key path of the last entry that has them, and the severities of all that do."""
    found: dict[tuple[str, ...], tuple[str, dict[str, str]]] = {}
    for number, entry in enumerate(overrides):
        patterns = tuple(entry["paths"]["patterns"])
        _, severities = found.pop(patterns, ("", {}))
        found[patterns] = (f"overrides[{number}]", severities | entry["rules"])
    return found


def _anywhere(rule: str, values: Mapping[str, Any]) -> list[str | None]:
    """Every severity that a rule may have where an override doesn't say."""
    others = [entry["rules"][rule] for entry in values["overrides"] if rule in entry["rules"]]
    return [values["rules"].get(rule), *others]


def _disagree(overrides: Mapping[tuple[str, ...], tuple[str, dict[str, str]]]) -> bool:
    """Whether two entries give one rule different severities."""
    said: dict[str, str] = {}
    pairs = (pair for _, severities in overrides.values() for pair in severities.items())
    return any(said.setdefault(rule, severity) != severity for rule, severity in pairs)


def _accepted(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterator[Weakening]:
    yield from more_exceptions(
        "accept-unchecked",
        [(entry["path"]["patterns"][0], entry["expires"]) for entry in before],
        [(entry["path"]["patterns"][0], entry["expires"]) for entry in after],
        "may go unchecked",
    )


def more_exceptions(
    key: str, before: Sequence[tuple[str, str | None]], after: Sequence[tuple[str, str | None]], what: str
) -> Iterator[Weakening]:
    """Exceptions, each a name and its last day, that came or count for longer."""
    known: dict[str, str] = {}
    for name, expires in before:
        known[name] = max(known.get(name, ""), expires or FOR_EVER)
    for number, (name, expires) in enumerate(after):
        until = expires or FOR_EVER
        if name not in known:
            yield Weakening(f"{key}[{number}]", f"{key}: {shown(name)} {what}")
        elif until > known[name]:
            days = f"{_until(until)}, not {_until(known[name])}"
            yield Weakening(f"{key}[{number}]", f"{key}: {shown(name)} {what} {days}")


def _until(day: str) -> str:
    return "for ever" if day == FOR_EVER else f"until {day}"
