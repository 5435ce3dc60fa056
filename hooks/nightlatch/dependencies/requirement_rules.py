"""What is wrong with the requirements of a requirements file: open versions, missing hashes."""

from __future__ import annotations

from nightlatch.core.text import plural
from nightlatch.dependencies.includes import constraints, pins
from nightlatch.dependencies.package import REGISTRY
from nightlatch.dependencies.place import named, word
from nightlatch.dependencies.remedy import compiled, source_of
from nightlatch.dependencies.rules import NO_HASH, UNPINNED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nightlatch.core.finding import Finding
    from nightlatch.core.rule import Rule
    from nightlatch.dependencies.package import Lockfile, Package
    from nightlatch.dependencies.place import Page
    from nightlatch.dependencies.tree import Tree


def check(
    page: Page, lockfile: Lockfile, packages: Sequence[Package], others: Mapping[str, Lockfile], tree: Tree
) -> Iterator[Finding]:
    """Yield what is wrong with the requirements of a file. One that only narrows others down installs nothing.

    packages  those that count: of a change, the ones that it brings
    others    the requirements files that are known, by path
    """
    if "constraints" in lockfile.path.rpartition("/")[2] or lockfile.path in constraints(others):
        return
    known = pins(lockfile, others)
    of_registry = [one for one in packages if one.source == REGISTRY]
    unpinned = [one for one in of_registry if not one.version and one.name not in known]
    lacking = [one for one in of_registry if not one.hashes]
    if unpinned:  # without versions there is nothing to hash
        names = [one.name for one in unpinned]
        yield _summed(page, lockfile, tree, UNPINNED, names, fault="without an exact version", line=unpinned[0].line)
    elif lacking:
        names = [f"{one.name}=={one.version}" if one.version else one.name for one in lacking]
        yield _summed(page, lockfile, tree, NO_HASH, names, fault="without a hash", line=lacking[0].line)


def _summed(
    page: Page, lockfile: Lockfile, tree: Tree, rule: Rule, names: Sequence[str], *, fault: str, line: int
) -> Finding:
    names = list(dict.fromkeys(names))
    source = source_of(lockfile.path)
    tree.bring([source])
    return page.finding(
        rule,
        line,
        f"{plural(len(names), 'requirement')} {fault}: {named(names)}",
        fix=compiled(lockfile, has_source=tree.page(source) is not None),
        data={"packages": [word(name) for name in names]},
    )
