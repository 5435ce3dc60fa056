"""The answers of other audits beside our own: what only one of them finds is told."""

from __future__ import annotations

from nightlatch.core.errors import NightlatchError
from nightlatch.core.rule import ERROR
from nightlatch.dependencies.advisory_rules import is_published
from nightlatch.dependencies.package_rules import facts, shown
from nightlatch.dependencies.place import word
from nightlatch.dependencies.rules import AUDITS_DIFFER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nightlatch.core.advisories.opinion import Opinion
    from nightlatch.core.finding import Finding
    from nightlatch.core.hook import Options
    from nightlatch.dependencies.advisory_rules import Locked, Ours
    from nightlatch.dependencies.package import Package
    from nightlatch.dependencies.policy import Policy
    from nightlatch.dependencies.tree import Tree

NAMES = {"PyPI": "pip-audit", "npm": "npm audit"}


def check(locked: Locked, ours: Ours, tree: Tree, options: Options, policy: Policy) -> Iterator[Finding]:
    """Yield a finding for each advisory that only one side knows. An audit that fails leaves all unchecked."""
    places: dict[tuple[str, str, str], Package] = {}
    for _, packages in locked:
        for package in packages:
            if is_published(package):
                places.setdefault((package.ecosystem, package.name, package.version), package)
    for ecosystem in sorted({key[0] for key in places}):
        asked = [key[1:] for key in places if key[0] == ecosystem]
        try:
            opinions = options.ask_online(ecosystem, asked)
        except NightlatchError as error:
            tree.leave_unchecked(f"({NAMES[ecosystem]})", f"{error.what} {error.remedy}".strip())
            continue
        yield from _only_theirs(ecosystem, opinions, ours, places, tree=tree, policy=policy)
        yield from _only_ours(ecosystem, opinions, ours, places, tree)


def _only_theirs(
    ecosystem: str,
    opinions: Sequence[Opinion],
    ours: Ours,
    places: Mapping[tuple[str, str, str], Package],
    *,
    tree: Tree,
    policy: Policy,
) -> Iterator[Finding]:
    """What the other audit knows and we don't may be of today: it weighs as much as an advisory."""
    for opinion in opinions:
        key = (ecosystem, opinion.name, opinion.version)
        known = {one.upper() for ids in ours.get(key, ()) for one in ids}
        page = tree.page(places[key].path)
        if page is None or known & {one.upper() for one in opinion.ids}:
            continue
        summary = f" {word(opinion.summary)}" if opinion.summary else ""
        note, expired = policy.note(opinion.ids, opinion.name)
        finding = page.finding(
            AUDITS_DIFFER,
            places[key].line,
            f"{shown(places[key])}: only {NAMES[ecosystem]} knows {word(opinion.ids[0])}{summary}{expired}",
            about=(opinion.name, opinion.version, opinion.ids[0]),
            severity=ERROR,
            data=facts(places[key]) | {"ids": [word(one) for one in opinion.ids], "known-to": NAMES[ecosystem]},
        )
        finding.note = note or finding.note
        yield finding


def _only_ours(
    ecosystem: str,
    opinions: Sequence[Opinion],
    ours: Ours,
    places: Mapping[tuple[str, str, str], Package],
    tree: Tree,
) -> Iterator[Finding]:
    theirs: dict[tuple[str, str], set[str]] = {}
    for opinion in opinions:
        theirs.setdefault((opinion.name, opinion.version), set()).update(one.upper() for one in opinion.ids)
    for key, advisories in ours.items():
        page = tree.page(places[key].path) if key[0] == ecosystem and key in places else None
        for ids in advisories if page is not None else ():
            if page is not None and not theirs.get(key[1:], set()) & {one.upper() for one in ids}:
                yield page.finding(
                    AUDITS_DIFFER,
                    places[key].line,
                    f"{shown(places[key])}: {NAMES[ecosystem]} doesn't know {word(ids[0])}",
                    about=(*key[1:], ids[0], "only ours"),
                    data=facts(places[key]) | {"ids": [word(one) for one in ids], "known-to": "nightlatch"},
                )
