"""Where a lockfile's packages are downloaded from: the registry of the settings, or the one that most entries use.

No host is known here by name: what is right is what the repository itself says or does.
"""

from __future__ import annotations

from nightlatch.core.rule import WARNING
from nightlatch.core.text import plural
from nightlatch.dependencies.package import REGISTRY
from nightlatch.dependencies.package_rules import host_of
from nightlatch.dependencies.place import named, word
from nightlatch.dependencies.rules import FOREIGN_HOST
from nightlatch.dependencies.settings import registries

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nightlatch.core.finding import Finding
    from nightlatch.dependencies.package import Lockfile, Package
    from nightlatch.dependencies.place import Page
    from nightlatch.dependencies.tree import Tree

ESTABLISHED = 20
"""From so many packages on a host is a second registry, rather than an entry that was changed."""

SILENT = ("pnpm", "poetry")
"""Managers that write an address only where it isn't the default registry's."""

USUAL = 0.1
"""The share of the packages from which on nobody can say that a second registry is the exception."""


def check(
    page: Page, lockfile: Lockfile, packages: Sequence[Package], before: Lockfile | None, tree: Tree
) -> Iterator[Finding]:
    """Yield a finding for each host that the packages come from and that is not the registry's.

    before  the lockfile before the change: a host that it has not is news, however many packages it brings
    """
    everywhere = _counted(lockfile.packages)
    if not everywhere:
        return
    known = _counted(before.packages) if before is not None else everywhere
    main = _main_host(known or everywhere, lockfile)
    total = sum(known.values())
    usual = {main, *(host for host, count in known.items() if count >= total * USUAL and count >= ESTABLISHED)}
    usual |= {host_of(url) for url in registries(lockfile, tree)}
    owners = {_owner(host) for host in usual}
    foreign: dict[str, list[Package]] = {}
    for package in packages:
        for host in _hosts(package):
            if _owner(host) not in owners:
                foreign.setdefault(host, []).append(package)
    others = f", while most come from {word(main)}" if main else ", while the others come from the default registry"
    for host, found in foreign.items():
        is_second = known.get(host, 0) >= ESTABLISHED
        names = named([f"{one.name}@{one.version}" for one in found])
        yield page.finding(
            FOREIGN_HOST,
            found[0].line,
            f"{plural(len(found), 'package')} from {word(host)}{others}: {names}",
            about=(host,),
            severity=WARNING if is_second else None,
            data={"host": word(host), "packages": [word(f"{one.name}@{one.version}") for one in found]},
        )


def _hosts(package: Package) -> set[str]:
    """The hosts of a registry's package."""
    if package.source != REGISTRY:
        return set()
    return {host for url in (package.url, *package.files) if (host := host_of(url))}


def _counted(packages: Iterable[Package]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for package in packages:
        for host in _hosts(package):
            counts[host] = counts.get(host, 0) + 1
    return counts


def _main_host(counts: dict[str, int], lockfile: Lockfile) -> str:
    """The host that most entries use; "" where most use pnpm's default, which it doesn't write down."""
    host = max(counts, key=lambda one: (counts[one], one))
    of_registry = sum(one.source == REGISTRY for one in lockfile.packages)
    silent = of_registry - sum(counts.values())
    return "" if lockfile.manager in SILENT and silent >= counts[host] else host


def _owner(host: str) -> str:
    """What hosts of one owner have in common, as far as a name tells: its last two labels."""
    return ".".join(host.split(".")[-2:])
