"""The check of the agents' settings (PRO009): asked at every commit, so that what was seen before is remembered."""

from __future__ import annotations

from nightlatch.core import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from nightlatch.core.finding import Finding
    from nightlatch.protected_files.wiring.judge import Fault

CACHE_KIND = "wiring"
CACHE_VERSION = 6
"""Raise it whenever the judgement or its form changes."""


def check(
    agents: Sequence[str],
    files: Mapping[str, bytes],
    links: Sequence[str],
    section: Mapping[str, object] | None,
    place: tuple[str, str],
    *,
    is_strict: bool,
    is_own: Callable[[str], bool],
) -> Iterator[Finding]:
    """Yield a finding for each fault of the registrations.

    agents   the names of those that are set up
    files    path → bytes of every file of settings
    links    settings that are links, or lie behind one
    section  the policy; None where the configuration has no rules of its own
    place    the top folder of the working tree, and the person's home folder; empty where it isn't known
    is_own   tells of an agent whether it is set up for one person alone; asked only where something is missing
    """
    key = repr((CACHE_VERSION, agents, sorted(files.items()), links, section, place)).encode("utf-8", "surrogatepass")
    known = cache.load(CACHE_KIND, key)
    if not isinstance(known, list):
        known = _judged(agents, files, links, _deny(agents, section), place)
        cache.store(CACHE_KIND, key, known)
    if not known:
        return
    from nightlatch.protected_files.wiring.findings import finding

    own = {name for name in dict.fromkeys(fault[0] for fault in known if fault[5]) if is_own(name)}
    for fault in known:
        deny = _deny([fault[0]], section)
        yield finding(fault, files, deny, place, is_strict=is_strict, is_own=fault[0] in own)


def _judged(
    agents: Sequence[str],
    files: Mapping[str, bytes],
    links: Sequence[str],
    deny: Sequence[str],
    place: tuple[str, str],
) -> list[Fault]:
    from nightlatch.protected_files.wiring import judge

    return list(judge.faults(agents, files, links, deny, place))


def _deny(agents: Sequence[str], section: Mapping[str, object] | None) -> list[str]:
    """Claude Code's own rules for what may not be read."""
    if "claude-code" not in agents:
        return []
    from nightlatch.protected_files.wiring import deny_rules

    return deny_rules.wanted(section)
