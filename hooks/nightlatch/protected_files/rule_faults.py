"""Rules that don't count as they stand (PRO010): contradicted, shadowed, taken back, or about nothing."""

from __future__ import annotations

from nightlatch.protected_files.pattern_cover import covers, overlaps, single
from nightlatch.protected_files.policy import ACTIONS, ALLOW, DENY, RANKS, READ, WRITE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from nightlatch.core.paths import Compiled, Pattern

    Fault = tuple[str, str]
    """The key that it stands at, below the section, and a sentence."""

MOST_PATTERNS = 2000
"""Of so many patterns in all the rules are compared; each with each other takes long beyond."""


def faults(section: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what never counts in the rules of a section."""
    rules = section["rules"]
    if sum(len(rule["paths"]["patterns"]) for rule in rules) > MOST_PATTERNS:
        return
    for number, rule in enumerate(rules):
        key = f"rules[{number}]"
        if not any(rule[action] for action in ACTIONS):
            yield key, f"{rule['id']} names no action, so it does nothing: give it read, write, metadata or consume"
            continue
        yield from _in_the_list(rule["paths"], f"{key}.paths")
        yield from _between(rules, number, key)
    yield from _allowed(section, rules)


def _in_the_list(patterns: Mapping[str, Any], key: str) -> Iterator[Fault]:
    """Patterns of one rule that others of it leave without effect: of those that fit the last one counts."""
    written: Sequence[str] = patterns["patterns"]
    compiled: Sequence[Pattern] = patterns["compiled"][0]
    for number, pattern in enumerate(compiled):
        before, after = compiled[:number], compiled[number + 1 :]
        if pattern[1]:
            yield from _exception(pattern, before, after, f"{key}[{number}]", written[number])
        elif after:
            back = next((place for place, one in enumerate(after) if one[1] and covers(single(one), pattern)), None)
            if back is not None:
                other = written[number + 1 + back]
                yield f"{key}[{number}]", f"{written[number]} has no effect: {other} below it takes it all back"


def _exception(
    pattern: Pattern, before: Sequence[Pattern], after: Sequence[Pattern], key: str, text: str
) -> Iterator[Fault]:
    closing = [one for one in before if not one[1] and overlaps(one, pattern)]
    later = [one for one in after if not one[1] and overlaps(one, pattern)]
    if not closing and later:
        yield key, f"{text} has no effect: it stands above what it is an exception of, and the last pattern counts"
    elif not closing and not before:
        yield key, f"{text} has no effect: nothing above it closes anything"
    elif any(_takes_a_folder(one, pattern) for one in closing):
        yield key, f"{text} has no effect: a folder that is closed as such stays closed; write `folder/**` above it"


def _takes_a_folder(closing: Pattern, exception: Pattern) -> bool:
    """Whether a pattern names a folder above what the exception is about, and not what lies in it.

    What lies in a matched folder is matched whatever later patterns say, as in gitignore.
    """
    from nightlatch.core.paths import verdict
    from nightlatch.protected_files.pattern_cover import witnesses

    alone = single(closing)
    for base, path in witnesses(exception):
        above = path.rpartition("/")[0]
        if not above or verdict(alone, above, base=base, is_dir=True) is not True:
            return False
    return True


def _between(rules: Sequence[Mapping[str, Any]], number: int, key: str) -> Iterator[Fault]:
    """What of a rule another makes idle: between rules the strictest word counts."""
    rule = rules[number]
    for place, other in enumerate(rules):
        if place == number or not _covered(rule["paths"]["compiled"], other["paths"]["compiled"]):
            continue
        words = [(action, rule[action], other[action]) for action in ACTIONS if rule[action]]
        weaker = [
            (action, word, stronger) for action, word, stronger in words if RANKS[word] < RANKS[stronger or ALLOW]
        ]
        for action, word, stronger in weaker:
            sentence = (
                f"{rule['id']} says {action}: {word}, and {other['id']} says {stronger} for all of its files: "
                "the strictest counts, so this never does"
            )
            yield f"{key}.{action}", sentence
        closing = [(word, stronger) for _, word, stronger in words if word != ALLOW]
        is_idle = bool(closing) and all(stronger and RANKS[word] <= RANKS[stronger] for word, stronger in closing)
        is_twin = place > number and _covered(other["paths"]["compiled"], rule["paths"]["compiled"])
        if is_idle and not weaker and not is_twin:
            yield key, f"{rule['id']} is shadowed: {other['id']} says as much for all of its files"
            return


def _covered(inner: Compiled, outer: Compiled) -> bool:
    exceptions = [one for one in inner[0] if one[1]]
    plain = [one for one in inner[0] if not one[1]]
    return bool(plain) and all(covers(outer, one, exceptions) for one in plain)


def _allowed(section: Mapping[str, Any], rules: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    """Places that are allowed, and that a rule denies altogether."""
    for key, action in ((f"{READ}-allowed", READ), (f"{WRITE}-allowed", WRITE)):
        allowed = section[key]
        for number, pattern in enumerate(allowed["compiled"][0]):
            for rule in rules:
                if not pattern[1] and rule[action] == DENY and covers(rule["paths"]["compiled"], pattern):
                    text = allowed["patterns"][number]
                    yield (
                        f"{key}[{number}]",
                        f"{text} is allowed here, and {rule['id']} says {action}: deny for all of it",
                    )
                    break


def about_nothing(
    section: Mapping[str, Any],
    known: Sequence[str],
    ignored: Callable[[Sequence[str]], set[str]],
    *,
    is_clean_checkout: bool,
) -> Iterator[Fault]:
    """Yield the patterns of the rules that match none of the known paths.

    known              the paths of all files, relative to the root
    ignored            gives those of some paths that git ignores, whether they are there or not
    is_clean_checkout  whether files that git ignores can't be among them
    Places outside the repository are exempt, and so are exceptions, git's own folder, and bare names and ignored
    places, and those at any depth, of closed files: these are a family that may come.
    """
    from nightlatch.protected_files.pattern_cover import witnesses

    idle = list(_idle(section, known, is_clean_checkout=is_clean_checkout))
    samples = {key: [path for _, path in witnesses(pattern)] for key, _, pattern, is_closed in idle if is_closed}
    may_come = ignored([path for paths in samples.values() for path in paths]) if samples else set()
    for key, text, _, _ in idle:
        if not may_come.issuperset(samples.get(key, [""])):
            yield key, f"{text} matches no file of this repository"


def _idle(
    section: Mapping[str, Any], known: Sequence[str], *, is_clean_checkout: bool
) -> Iterator[tuple[str, str, Pattern, bool]]:
    """Yield the key, the text and the form of each such pattern, and whether its rule closes files."""
    from nightlatch.core.paths import matches

    for number, rule in enumerate(section["rules"]):
        is_closed = rule[READ] == DENY
        if is_closed and is_clean_checkout:
            continue
        for place, pattern in enumerate(rule["paths"]["compiled"][0]):
            if pattern[1] or pattern[0] in ("home", "fs") or pattern[3][0][:1] == (".git",):
                continue
            text = rule["paths"]["patterns"][place]
            if is_closed and (not pattern[0] or text.startswith("**/")):
                continue
            alone = single(pattern)
            if not any(matches(alone, path) for path in known):
                yield f"rules[{number}].paths[{place}]", text, pattern, is_closed
