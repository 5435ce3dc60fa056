"""Where a lockfile's packages are downloaded from: the registry of the settings, or the one that most entries use.

No host is known here by name, and no two hosts count as one owner's: what is right is what the repository itself says
or does. An index and the host of its files are often two, so both are looked at by themselves.
"""

from __future__ import annotations

from nightlatch.core.rule import WARNING
from nightlatch.core.text import plural
from nightlatch.dependencies.addresses import parsed
from nightlatch.dependencies.package import REGISTRY
from nightlatch.dependencies.place import named, word
from nightlatch.dependencies.rules import FOREIGN_HOST
from nightlatch.dependencies.settings import registries

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nightlatch.core.finding import Finding
    from nightlatch.dependencies.package import Lockfile, Package
    from nightlatch.dependencies.place import Page
    from nightlatch.dependencies.settings import Registry
    from nightlatch.dependencies.tree import Tree

    Origins = Callable[[Package], set[str]]
    """The hosts of a package, in one of its roles."""

ESTABLISHED = 20
"""From so many packages on a host is a second registry, rather than an entry that was changed."""

SILENT = ("npm", "pnpm", "yarn", "poetry")
"""Managers that may write an address only where it isn't the default registry's."""

EXCEPTIONS_ONLY = ("pnpm", "poetry")
"""Of these, managers that never write another one; so does Yarn since version 2."""

ALWAYS_ADDRESSES = ("npm", "yarn")
"""Managers for which whatever stands as an address is none of the registry's unless it is a URL."""

NO_URL = "a file or a repository (no URL of a registry)"
USUAL = 0.1
"""The share of the packages from which on nobody can say that a second registry is the exception."""


class Known:
    """How many packages each host has, in one role.

    silent   how many packages of the registry come without an address
    leaders  the hosts with the most packages; none where most come without an address
    usual    the hosts that nobody can call the exception
    """

    def __init__(self, packages: Sequence[Package], origins: Origins, lockfile: Lockfile) -> None:
        self.counts: dict[str, int] = {}
        addressed = 0
        for package in packages:
            found = origins(package)
            addressed += bool(found)
            for host in found:
                self.counts[host] = self.counts.get(host, 0) + 1
        of_registry = sum(one.source == REGISTRY for one in packages)
        self.silent = of_registry - addressed if lockfile.manager in SILENT else 0
        most = max(self.counts.values(), default=0)
        leaders = [host for host, count in self.counts.items() if count == most and count > self.silent]
        self.leaders = [] if _writes_exceptions(lockfile) else leaders
        total = sum(self.counts.values())
        self.usual = {host for host, count in self.counts.items() if count >= max(total * USUAL, ESTABLISHED)}


def check(
    page: Page, lockfile: Lockfile, packages: Sequence[Package], before: Lockfile | None, tree: Tree
) -> Iterator[Finding]:
    """Yield a finding for each host that the packages come from and that is not the registry's.

    before  the lockfile before the change: a host that it has not is news, however many packages it brings
    """

    def of_files(package: Package) -> set[str]:
        return _of_files(package, lockfile.manager)

    if not any(_of_index(one) or of_files(one) for one in packages):
        return
    settled = registries(lockfile, tree)
    yield from _foreign(page, lockfile, packages, before, origins=_of_index, settled=settled)
    by_index = _of_each_index(before.packages if before is not None else lockfile.packages, of_files, settled)
    yield from _foreign(page, lockfile, packages, before, origins=of_files, settled=settled, by_index=by_index)


def _foreign(
    page: Page,
    lockfile: Lockfile,
    packages: Sequence[Package],
    before: Lockfile | None,
    *,
    origins: Origins,
    settled: Sequence[Registry],
    by_index: dict[str, str] | None = None,
) -> Iterator[Finding]:
    """The findings of one role. by_index: the host of an index → that of its files."""
    known = Known(before.packages, origins, lockfile) if before is not None else None
    if known is None or not (known.counts or known.silent):
        known = Known(lockfile.packages, origins, lockfile)
        is_open = len(known.leaders) > 1
    else:
        is_open = False
    usual = known.usual | (set() if is_open else set(known.leaders))
    foreign: dict[str, list[Package]] = {}
    for package in packages:
        allowed = {registry.origin for registry in settled if registry.serves(package.name)}
        allowed.add((by_index or {}).get(parsed(package.registry).origin, ""))
        for host in sorted(origins(package) - usual - allowed):
            foreign.setdefault(host, []).append(package)
    for host, found in foreign.items():
        yield _finding(page, host, found, known, is_open=is_open)


def _finding(page: Page, host: str, found: Sequence[Package], known: Known, *, is_open: bool) -> Finding:
    if is_open:
        others = ", and as many from another host: nobody can say which of them is the registry"
    elif known.leaders:
        others = f", while most come from {word(known.leaders[0])}"
    else:
        others = ", which no setting names as a registry"
    shown = f"an address that begins with {host}" if host.endswith(":") else host
    names = list(dict.fromkeys(f"{one.name}@{one.version}" if one.version else one.name for one in found))
    return page.finding(
        FOREIGN_HOST,
        found[0].line,
        f"{plural(len(names), 'package')} from {word(shown)}{others}: {named(names)}",
        about=(host,),
        severity=WARNING if known.counts.get(host, 0) >= ESTABLISHED else None,
        data={"host": word(host), "packages": [word(name) for name in names]},
    )


def _writes_exceptions(lockfile: Lockfile) -> bool:
    """Whether its manager writes an address only where it isn't the registry's own: then none of them is the rule."""
    return lockfile.manager in EXCEPTIONS_ONLY or bool(lockfile.data.get("berry"))


def _of_index(package: Package) -> set[str]:
    """The host of the index that a registry's package is looked up in."""
    found = parsed(package.registry) if package.source == REGISTRY and package.registry else None
    return {found.origin} if found is not None and found.origin and not found.fault else set()


def _of_files(package: Package, manager: str) -> set[str]:
    """The hosts that a registry's package is downloaded from; what has a fault is another rule's."""
    if package.source != REGISTRY:
        return set()
    addresses = [parsed(url) for url in (package.url, *package.files) if url]
    if manager in ALWAYS_ADDRESSES and package.url and not (addresses[0].origin or addresses[0].fault):
        return {NO_URL}
    return {one.origin for one in addresses if one.origin and not one.fault}


def _of_each_index(packages: Sequence[Package], of_files: Origins, settled: Sequence[Registry]) -> dict[str, str]:
    """For each index that the settings name, the one host that most of its files come from."""
    counts: dict[str, dict[str, int]] = {}
    named_ones = {registry.origin for registry in settled}
    for package in packages:
        index = parsed(package.registry).origin if package.registry else ""
        if index in named_ones:
            mine = counts.setdefault(index, {})
            for host in of_files(package):
                mine[host] = mine.get(host, 0) + 1
    return {index: max(mine, key=lambda host: (mine[host], host)) for index, mine in counts.items() if mine}
