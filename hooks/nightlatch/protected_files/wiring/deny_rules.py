"""Claude Code's own rules for what may never be read, made from the policy: files mentioned with `@` start no hook.

Source of the form: code.claude.com/docs/en/permissions. The patterns are gitignore's, as ours are, but a rule has no
exceptions: where the policy has one, what lies beside it is named one by one.
"""

from __future__ import annotations

from nightlatch.core.paths import PatternError, compile_patterns
from nightlatch.protected_files.pattern_cover import covers, overlaps
from nightlatch.protected_files.policy import DENY, READ, lists_closed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from nightlatch.core.paths import Compiled

FAMILIES = (
    ".env",
    ".env.local",
    ".env.*.local",
    ".env.dev",
    ".env.development",
    ".env.prod",
    ".env.production",
    ".env.staging",
    ".env.test",
    "~/.ssh/id_rsa",
    "~/.ssh/id_dsa",
    "~/.ssh/id_ecdsa",
    "~/.ssh/id_ed25519",
)
"""What is named where a pattern has exceptions: of these, those that the policy closes."""

WITHOUT_RULES = (
    ".env",
    ".env.local",
    ".env.*.local",
    ".env.production",
    "~/.ssh/id_rsa",
    "~/.ssh/id_dsa",
    "~/.ssh/id_ecdsa",
    "~/.ssh/id_ed25519",
    "~/.aws/credentials",
    "~/.netrc",
    "~/.pgpass",
    "~/.git-credentials",
    "~/.gnupg/**",
)
"""What is named where the configuration doesn't list the closed files: of what the built-in rules close, the usual."""


def wanted(section: Mapping[str, Any] | None) -> list[str]:
    """The rules, as `Read(…)`, for what a section closes; None: there is no section with rules."""
    if section is None or not lists_closed(section):
        return [_rule(pattern) for pattern in WITHOUT_RULES]
    closed = [rule["paths"] for rule in section["rules"] if rule[READ] == DENY]
    return list(dict.fromkeys(_rule(pattern) for paths in closed for pattern in _exact(paths)))


def _exact(patterns: Mapping[str, Any]) -> Iterator[str]:
    """Patterns that match nothing but what the list does."""
    compiled: Compiled = patterns["compiled"]
    exceptions = [one for one in compiled[0] if one[1]]
    for text, pattern in zip(patterns["patterns"], compiled[0], strict=True):
        if pattern[1]:
            continue
        if not any(overlaps(pattern, one) for one in exceptions):
            yield text
            continue
        for family in FAMILIES:
            one = compile_patterns([family])
            is_within = covers((tuple(part for part in (pattern,)), ()), one[0][0])
            if is_within and covers(compiled, one[0][0]):
                yield family


def _rule(pattern: str) -> str:
    """A pattern as Claude Code has it: one without a folder holds at any depth."""
    inner = pattern.strip()
    if not inner.startswith(("/", "~/")):
        inner = f"/{inner}" if "/" in inner.rstrip("/") else f"**/{inner}"
    return f"Read({inner}**)" if inner.endswith("/") else f"Read({inner})"


def missing(wanted_rules: Sequence[str], present: Iterable[str]) -> list[str]:
    """The rules that those that stand there don't cover."""
    known = _compiled(_pattern(rule) for rule in present if rule.startswith("Read(") and rule.endswith(")"))
    return [rule for rule in wanted_rules if not _is_covered(known, _pattern(rule))]


def _is_covered(known: Compiled, pattern: str) -> bool:
    one = _compiled([pattern])
    return not one[0] or covers(known, one[0][0])


def _pattern(rule: str) -> str:
    """The pattern of a rule in our own form: what is relative holds at any depth."""
    inner = rule[len("Read(") : -1].removeprefix("./")
    rest = inner.removeprefix("**/")
    return rest if "/" not in rest.rstrip("/") else inner


def _compiled(patterns: Iterable[str]) -> Compiled:
    """The patterns that can match at all: what another has written may be anything."""
    found: list[str] = []
    for pattern in patterns:
        try:
            compile_patterns([pattern])
        except PatternError:
            continue
        if not pattern.startswith("!"):
            found.append(pattern)
    return compile_patterns(found)
