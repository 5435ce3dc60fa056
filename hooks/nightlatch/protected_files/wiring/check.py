"""The check of the agents' settings (PRO009): asked at every commit, so that what was seen before is remembered."""

from __future__ import annotations

from nightlatch.core import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nightlatch.core.finding import Finding
    from nightlatch.protected_files.wiring.judge import Fault

CACHE_KIND = "wiring"
CACHE_VERSION = 4
"""Raise it whenever the judgement or its form changes."""


def check(
    agents: Sequence[str],
    files: Mapping[str, bytes],
    section: Mapping[str, object] | None,
    tree: str | None,
    home: str,
    *,
    is_strict: bool,
) -> Iterator[Finding]:
    """Yield a finding for each fault of the registrations.

    agents   the names of those that are set up
    files    path → bytes of every file of settings
    section  the policy; None where the configuration has no rules of its own
    home     the person's home folder; empty where it isn't known
    """
    key = repr((CACHE_VERSION, agents, sorted(files.items()), section, tree, home)).encode("utf-8", "surrogatepass")
    known = cache.load(CACHE_KIND, key)
    if not isinstance(known, list):
        known = _judged(agents, files, _deny(agents, section), tree or "", home)
        cache.store(CACHE_KIND, key, known)
    if not known:
        return
    from nightlatch.protected_files.wiring.findings import finding

    for fault in known:
        deny = _deny([fault[0]], section)
        yield finding(fault, files, deny, is_strict=is_strict)


def _judged(
    agents: Sequence[str], files: Mapping[str, bytes], deny: Sequence[str], tree: str, home: str
) -> list[Fault]:
    from nightlatch.protected_files.wiring import judge

    return list(judge.faults(agents, files, deny, tree, home))


def _deny(agents: Sequence[str], section: Mapping[str, object] | None) -> list[str]:
    """Claude Code's own rules for what may not be read."""
    if "claude-code" not in agents:
        return []
    from nightlatch.protected_files.wiring import deny_rules

    return deny_rules.wanted(section)
