"""The sections of the configuration that belong to hooks: what a later version lets through. Told when in doubt."""

from __future__ import annotations

from nightlatch.core.weakening import Weakening, more_exceptions, more_matched, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from nightlatch.core.config import Config

    Step = Callable[[str, Any, Any], Iterator[Weakening]]
    Steps = Mapping[str, Step]


def weakened_sections(base: Config, change: Config) -> list[Weakening]:
    """What the hooks' sections let through now and did not before."""
    return [
        weakening
        for name, steps in SECTIONS.items()
        for weakening in _section(name, base.section(name), change.section(name), steps)
    ]


def _section(name: str, before: Mapping[str, Any], after: Mapping[str, Any], steps: Steps) -> Iterator[Weakening]:
    for key, value in after.items():
        yield from steps.get(key, different)(f"{name}.{key}", before[key], value)


def different(key: str, before: object, after: object) -> Iterator[Weakening]:
    """Of any other value nobody can say in which direction it was changed."""
    if before != after:
        yield Weakening(key, f"{_colon(key)} changed")


def _colon(key: str) -> str:
    """`sql: destructive` for `protected-files.sql.destructive`: as the sentences begin."""
    section, _, rest = key.partition(".")
    return f"{section}: {rest}"


def _named(key: str, before: str | None, after: str | None) -> Iterator[Weakening]:
    """A file that allows findings: another one, or one where there was none."""
    if after is not None and before != after:
        yield Weakening(key, f"{_colon(key)} goes from {shown(before or 'none')} to {shown(after)}")


def _ladder(*words: str) -> Step:
    """Words from the loosest to the strictest; where none stands it is the loosest."""

    def step(key: str, before: str | None, after: str | None) -> Iterator[Weakening]:
        if words.index(after or words[0]) < words.index(before or words[0]):
            yield Weakening(key, f"{_colon(key)} goes from {before} to {after or 'nothing'}")

    return step


def _at_least(key: str, before: float | None, after: float | None) -> Iterator[Weakening]:
    """A number that may grow, and not be taken out."""
    if before is not None and (after is None or after < before):
        yield Weakening(key, f"{_colon(key)} goes from {before:g} to {'nothing' if after is None else f'{after:g}'}")


def _at_most(key: str, before: float | None, after: float | None) -> Iterator[Weakening]:
    """A number that may shrink, or be taken out."""
    if after is not None and (before is None or after > before):
        yield Weakening(key, f"{_colon(key)} goes from {'nothing' if before is None else f'{before:g}'} to {after:g}")


def _demanded(key: str, before: str | None, after: str | None) -> Iterator[Weakening]:
    """A demand that may come, and not go or change."""
    if before is not None:
        yield from different(key, before, after)


def _kept(key: str, before: Sequence[object], after: Sequence[object]) -> Iterator[Weakening]:
    """A list that may only grow. Its items may be of any form, and are not told."""
    gone = sum(item not in after for item in before)
    if gone:
        yield Weakening(key, f"{_colon(key)} lost {gone} of {len(before)} entries")


def _ignored(key: str, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterator[Weakening]:
    """Advisories that don't count; one that is ignored everywhere may be ignored for one package instead."""
    known = [_advisory(entry) for entry in before]
    everywhere = {entry["id"]: entry["expires"] for entry in before if not entry["package"]}
    known += [(_advisory(entry)[0], everywhere[entry["id"]]) for entry in after if entry["id"] in everywhere]
    yield from more_exceptions(key, known, [_advisory(entry) for entry in after], "is ignored")


def _advisory(entry: Mapping[str, Any]) -> tuple[str, str | None]:
    name = f"{entry['id']} for {entry['package']}" if entry["package"] else entry["id"]
    return name, entry["expires"]


def _each(steps: Steps, *, identity: str = "") -> Step:
    """Maps of a list by their identity, or the values of a map: none may go, each is compared key by key."""

    def step(key: str, before: Any, after: Any) -> Iterator[Weakening]:
        places = {entry[identity]: f"{key}[{number}]" for number, entry in enumerate(after)} if identity else {}
        old, new = ({entry[identity]: entry for entry in side} if identity else side for side in (before, after))
        for name, entry in old.items():
            if name not in new:
                yield Weakening(key, f"{_colon(key)}: {shown(name)} was taken out")
                continue
            place = places.get(name, f"{key}.{name}")
            for part, one in steps.items():
                for found in one(f"{key}.{name}.{part}", entry[part], new[name][part]):
                    yield Weakening(found.key.replace(f"{key}.{name}", place, 1), found.sentence)

    return step


def _less_matched(key: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Weakening]:
    """Patterns that close: what they may no longer match is what the others may match more."""
    for found in more_matched(key, after, before, "was taken out", "is exempt"):
        gone = found.sentence.removeprefix(f"{key}: ")
        yield Weakening(key, f"{_colon(key)}: {gone}")


def _allowed(key: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Weakening]:
    """Patterns that open; none at all opens everything."""
    if not before["patterns"]:
        return
    if not after["patterns"]:
        yield Weakening(key, f"{_colon(key)} is empty, so it holds everywhere")
        return
    for found in more_matched(key, before, after, "is open now"):
        yield Weakening(found.key, found.sentence.replace(key, _colon(key), 1))


def _map(steps: Steps) -> Step:
    def step(key: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Weakening]:
        return _section(key, before, after, steps)

    return step


_VERDICT = _ladder("allow", "ask", "deny")

SECTIONS: Mapping[str, Steps] = {
    "secrets": {
        "detect-secrets-baseline": _named,
        "custom-rules": _each(
            {"pattern": different, "keywords": _kept, "entropy": _at_most},
            identity="id",
        ),
    },
    "env-files": {
        "dialect": _demanded,
        "required": _each({"min-length": _at_least, "format": _demanded}),
        "secret-files": _less_matched,
        "secret-folders": _less_matched,
        "logs": _less_matched,
        "environments": different,
        "ledger": different,
    },
    "enum-parity": {"pairs": _kept, "order": _ladder("off", "warn", "strict")},
    "dependencies": {
        "advisories": _ladder("if-present", "required"),
        "fail-on": _ladder("critical", "high", "medium", "low"),
        "ignore": _ignored,
    },
    "protected-files": {
        "mode": _ladder("auto", "ask", "explore"),
        "rules": _each(
            {
                "paths": _less_matched,
                "read": _ladder("allow", "whole", "ask", "deny"),
                "write": _VERDICT,
                "metadata": _VERDICT,
                "consume": _VERDICT,
            },
            identity="id",
        ),
        "read-allowed": _allowed,
        "write-allowed": _allowed,
        "execute-allowed": _allowed,
        "sql": _map({"destructive": _VERDICT, "schema-change": _VERDICT, "opaque": _VERDICT}),
        "hook-bypass": _VERDICT,
        "credentials-on-stdout": _VERDICT,
        "unresolved-command": _VERDICT,
        "secrets-in-content": _VERDICT,
    },
    "audit-log": {"path": different, "max-size": _at_least, "files": _at_least, "days": _at_least},
}
"""Section → key → how its values are compared. A key that isn't here may not change unseen; a test names it."""
