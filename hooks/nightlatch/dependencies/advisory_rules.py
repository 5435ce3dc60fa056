"""Known-vulnerable and malicious packages: what the database of advisories says of a lockfile's packages."""

from __future__ import annotations

from nightlatch.core.advisories.database import AdvisoriesError
from nightlatch.core.advisories.matching import SEVERITIES, match, rank
from nightlatch.core.finding import Finding
from nightlatch.core.rule import ERROR, WARNING
from nightlatch.core.text import one_line
from nightlatch.dependencies.package import BUNDLED, LOCAL, REGISTRY
from nightlatch.dependencies.package_rules import shown
from nightlatch.dependencies.paths import Paths
from nightlatch.dependencies.place import word
from nightlatch.dependencies.remedy import source_of, upgrade
from nightlatch.dependencies.rules import DATA_AGES, MALICIOUS, VULNERABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nightlatch.core.advisories.database import Database
    from nightlatch.core.advisories.matching import Match
    from nightlatch.core.hook import Options
    from nightlatch.dependencies.package import Lockfile, Package
    from nightlatch.dependencies.place import Page
    from nightlatch.dependencies.policy import Policy
    from nightlatch.dependencies.tree import Tree

DATA = "(advisories)"
"""Stands for a path where something is to be said about the data."""

MOST_ON_THE_WAY = 6

ALL = "malware, whatever the version"
SOME = "some of these versions are malware"

Ours = dict[tuple[str, str, str], list["Sequence[str]"]]
"""(ecosystem, name, version) → the ids of each advisory that our own data has about it."""

Locked = list[tuple["Lockfile", "Sequence[Package]"]]
"""Each lockfile with those of its packages that count."""


def check(locked: Locked, tree: Tree, options: Options, policy: Policy, ours: Ours) -> Iterator[Finding]:
    """Yield a finding for each advisory that concerns one of the packages. Without data they are unchecked.

    ours  is filled with what was found, for the comparison with other audits
    """
    wanted = [(lockfile, [one for one in packages if _is_asked_about(one)]) for lockfile, packages in locked]
    ecosystems = sorted({one.ecosystem for _, packages in wanted for one in packages})
    if not ecosystems:
        return
    try:
        database = options.open_advisories(ecosystems, is_required=policy.is_data_required)
        if database is None:
            tree.skip(
                DATA, f"no advisories of {' and '.join(ecosystems)} are at hand, and the configuration lets that pass"
            )
            return
        try:
            for warning, remedy in database.warnings:
                yield Finding(DATA_AGES, one_line(warning), fix=one_line(remedy))
            for lockfile, packages in wanted:
                yield from _of_lockfile(lockfile, packages, database, tree, policy=policy, ours=ours)
        finally:
            database.close()
    except AdvisoriesError as error:
        tree.leave_unchecked(DATA, f"{error.what} {error.remedy}".strip())
        return
    if tree.is_whole and not tree.is_change:
        yield from policy.unused()


def _is_asked_about(package: Package) -> bool:
    return may_be_concerned(package) or is_open(package)


def is_open(package: Package) -> bool:
    """Whether a registry is asked for it, and nothing says which version comes of that."""
    return package.source == REGISTRY and bool(package.name) and not package.version


def may_be_concerned(package: Package) -> bool:
    """Whether an advisory may speak of it: it has a version, and isn't the team's own.

    What comes from a repository or a URL is judged by the name that it has: malware needs no registry.
    """
    return bool(package.version) and package.source != LOCAL


def is_published(package: Package) -> bool:
    """Whether other audits know it: it has a version, and came from a registry."""
    return bool(package.version) and package.source in (REGISTRY, BUNDLED)


def _of_lockfile(
    lockfile: Lockfile, packages: Sequence[Package], database: Database, tree: Tree, *, policy: Policy, ours: Ours
) -> Iterator[Finding]:
    page = tree.page(lockfile.path)
    if page is None:
        return
    has_source = lockfile.is_requirements and _has_source(lockfile, tree)
    yield from _of_open_versions(page, [package for package in packages if is_open(package)], database)
    once = {(package.name, package.version): package for package in reversed(packages) if package.version}
    ways = Paths(lockfile)

    def leave(package: Package, reason: str) -> None:
        tree.leave_unchecked(lockfile.path, f"{shown(package)}: {one_line(reason)}")

    def is_settled(package: Package, ids: Sequence[str]) -> bool:
        return policy.note(ids, package.name)[0] is not None

    for package, found in match(reversed(once.values()), database, leave, is_settled):
        ours.setdefault((package.ecosystem, package.name, package.version), []).append(found.ids)
        note, expired = policy.note(found.ids, package.name)
        way = ways.to(package)
        finding = page.finding(
            MALICIOUS if found.is_malware else VULNERABLE,
            package.line,
            f"{shown(package)}: {word(found.advisory)} ({_said(found)}){_summary(found)}{_way(way)}{expired}",
            about=(package.name, package.version, found.advisory),
            fix=MALICIOUS.fix if found.is_malware else _remedy(lockfile, package, found, has_source=has_source),
            severity=ERROR if found.is_malware else policy.severity(rank(found.severity), SEVERITIES),
            data={
                "ecosystem": package.ecosystem,
                "package": word(package.name),
                "version": word(package.version),
                "advisory": word(found.advisory),
                "aliases": [word(alias) for alias in found.aliases],
                "severity": found.severity,
                "fixed": found.fixed,
                "path": [word(step) for step in way],
            },
        )
        if note is not None and not found.is_malware:
            finding.note = note
        yield finding


def _of_open_versions(page: Page, packages: Sequence[Package], database: Database) -> Iterator[Finding]:
    """Malware among the versions that a range lets in: the next installation may bring it.

    An error where every version is, and a warning where only some are: then none is there yet, and what is amiss is
    that nothing pins the others. Packages whose account was once taken over are widely used.
    """
    from nightlatch.core.advisories.ecosystems import ECOSYSTEMS
    from nightlatch.dependencies.version_ranges import lies_within, overlap, spans

    once = {(package.name, package.wanted): package for package in reversed(packages)}
    for package in reversed(once.values()):
        ecosystem = ECOSYSTEMS[package.ecosystem]
        records = database.records(ecosystem.name, ecosystem.comparable(package.name))
        malware = [record for record in records if record.is_malware]
        mine = spans(package.ecosystem, package.wanted) if malware else []
        for record in malware:
            if not (record.listed or record.is_unreadable or overlap(record.spans, mine)):
                continue
            summary, url = database.details(ecosystem.name, record.id)
            asked = word(f"{package.name} {package.wanted}".strip())
            is_every = record.is_unreadable or lies_within(mine, record.spans)
            yield page.finding(
                MALICIOUS,
                package.line,
                f"{asked}: {word(record.id)} ({ALL if is_every else SOME}) {word(summary)}".rstrip(),
                about=(package.name, package.wanted, record.id),
                fix=(MALICIOUS.fix if is_every else "Commit a lockfile, or ask for versions above the malware")
                + (f" (more: {word(url)})" if url else ""),
                severity=ERROR if is_every else WARNING,
                data={
                    "ecosystem": package.ecosystem,
                    "package": word(package.name),
                    "version": "",
                    "wanted": word(package.wanted),
                    "advisory": word(record.id),
                    "aliases": [word(alias) for alias in record.aliases],
                    "severity": record.severity,
                    "fixed": None,
                    "path": [word(package.name)],
                },
            )


def _said(found: Match) -> str:
    return "malware" if found.is_malware else found.severity


def _summary(found: Match) -> str:
    return f" {word(found.summary)}" if found.summary else ""


def _way(way: Sequence[str]) -> str:
    if len(way) < 2:  # noqa: PLR2004 - it is direct itself
        return ""
    steps = [word(step) for step in way]
    if len(steps) > MOST_ON_THE_WAY:
        steps = [*steps[:2], "…", *steps[-2:]]
    return f"; by way of {' > '.join(steps)}"


def _has_source(lockfile: Lockfile, tree: Tree) -> bool:
    source = source_of(lockfile.path)
    tree.bring([source])
    return tree.page(source) is not None


def _remedy(lockfile: Lockfile, package: Package, found: Match, *, has_source: bool) -> str:
    """What to do, and where to read more: apart, so that a command can be copied to its end."""
    more = f"    (more: {word(found.url)})" if found.url else ""
    return upgrade(lockfile, package, found.fixed, has_source=has_source) + more
