"""The check itself: reads what is there, finds what a change brings, and asks each room of rules in turn."""

from __future__ import annotations

from nightlatch.dependencies import hosts, lock_rules, package_rules
from nightlatch.dependencies.lockfiles import format_of
from nightlatch.dependencies.locks import Locks
from nightlatch.dependencies.names import MANIFESTS, OTHER_LOCKFILES, SETTINGS, looks_like_a_lockfile
from nightlatch.dependencies.package import REGISTRY, UnparsableError
from nightlatch.dependencies.tree import Tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nightlatch.core.files import File
    from nightlatch.core.finding import Finding
    from nightlatch.core.hook import Options, Source
    from nightlatch.dependencies.package import Lockfile, Package


def audit(
    files: Iterable[File],
    removed: Sequence[str],
    source: Source,
    options: Options,
    *,
    candidates: Sequence[str] = (),
    includers: Sequence[str] = (),
) -> Iterator[Finding]:
    """Yield what is wrong.

    files       what was selected, of the names that the hook looks at; removed: what the change takes away
    candidates  what was selected of names that a requirements file may include
    includers   the requirements files that may
    Raises ConfigError where an exception is granted for too long.
    """
    from nightlatch.dependencies.policy import Policy

    policy = Policy(options)
    tree = Tree(files, removed, source, options, candidates=candidates, includers=includers)
    locks = Locks(tree)
    for path in tree.touched:
        _leave_unknown(path, tree)
    for lockfile, packages in locks.judged:
        try:
            yield from _of_lockfile(lockfile, packages, locks, tree)
        except UnparsableError as error:
            tree.leave_unchecked(lockfile.path, str(error))
    yield from _of_manifests(locks, tree)
    yield from _of_settings(locks, tree)
    asked = [*_without_pinned(locks), *_without_lockfile(tree)]
    if asked:
        from nightlatch.dependencies import advisory_rules

        ours: advisory_rules.Ours = {}
        yield from advisory_rules.check(asked, tree, options, policy, ours)
        if options.is_online:
            from nightlatch.dependencies import online_rules

            yield from online_rules.check(locks.judged, ours, tree, options, policy)


def _without_pinned(locks: Locks) -> Iterator[tuple[Lockfile, Sequence[Package]]]:
    """What advisories are looked up for: a requirement whose version a constraint pins is judged where that stands."""
    for lockfile, packages in locks.judged:
        if lockfile.is_requirements:
            from nightlatch.dependencies.includes import pins

            known = pins(lockfile, locks.requirements())
            yield lockfile, [one for one in packages if one.version or one.name not in known]
        else:
            yield lockfile, packages


def _without_lockfile(tree: Tree) -> Iterator[tuple[Lockfile, Sequence[Package]]]:
    """What manifests ask for by ranges, where no lockfile says what comes of it; of a change what it brings."""
    for path in tree.touched:
        page = tree.page(path)
        if page is None or path.rpartition("/")[2] not in MANIFESTS or lock_rules.has_lockfile(path, tree):
            continue
        from nightlatch.dependencies.asked_for import read

        before = tree.base(path) if tree.is_change else None
        try:
            now = read(path, page.text)
        except UnparsableError as error:
            tree.leave_unchecked(path, str(error))
            continue
        try:
            known = set() if before is None else {(one.name, one.wanted) for one in read(path, before).packages}
        except UnparsableError:
            known = set()
        yield now, [one for one in now.packages if (one.name, one.wanted) not in known]


def _leave_unknown(path: str, tree: Tree) -> None:
    """Say that a lockfile can't be read; a file of such a name that locks no version of anything is passed over."""
    name = path.rpartition("/")[2]
    page = tree.page(path)
    if page is None or not looks_like_a_lockfile(name) or format_of(path):
        return
    if name not in OTHER_LOCKFILES and not _has_versions(page.file.text):
        tree.skip(path, "named like a lockfile, but there is no version in it")
        return
    checker = OTHER_LOCKFILES.get(name, "")
    instead = f"check it with {checker}" if checker else "check it with a tool of its ecosystem"
    tree.leave_unchecked(path, f"a lockfile that nightlatch can't read: {instead}, and name it under accept-unchecked")


def _has_versions(text: bytes) -> bool:
    """Whether a digit, a dot and a digit stand in a row: the files of programs that lock one another out have none."""
    import re

    return re.search(rb"[0-9]\.[0-9]", text) is not None


def _of_lockfile(lockfile: Lockfile, packages: Sequence[Package], locks: Locks, tree: Tree) -> Iterator[Finding]:
    page = tree.page(lockfile.path)
    if page is None:
        return
    before = locks.before.get(lockfile.path)
    if not lockfile.is_requirements:
        _leave_without_version(lockfile, packages, tree)
    yield from package_rules.check(page, lockfile, packages, before)
    yield from hosts.check(page, lockfile, packages, before, tree)
    if lockfile.is_requirements:
        from nightlatch.dependencies import index_rules, registry_changes, requirement_rules

        yield from index_rules.check(page, lockfile, tree)
        yield from registry_changes.of_requirements(page, lockfile, before, tree)
        yield from requirement_rules.check(page, lockfile, packages, locks.requirements(), tree)
    else:
        yield from lock_rules.drift(page, lockfile, tree)


def _leave_without_version(lockfile: Lockfile, packages: Sequence[Package], tree: Tree) -> None:
    """No advisory can be looked up for it, and a lockfile that leaves it open locks nothing."""
    for package in packages:
        if package.source == REGISTRY and not (package.version and package.name):
            tree.leave_unchecked(lockfile.path, f"line {package.line}: a package without a name or a version")


def _of_manifests(locks: Locks, tree: Tree) -> Iterator[Finding]:
    if tree.is_change:
        for path in tree.touched:
            if path.rpartition("/")[2] in MANIFESTS:
                yield from lock_rules.not_staged(path, locks.get, tree)
    yield from lock_rules.two(tree)
    yield from lock_rules.missing(tree)


def _of_settings(locks: Locks, tree: Tree) -> Iterator[Finding]:
    for path in tree.touched:
        page = tree.page(path)
        if page is not None and path.rpartition("/")[2] in SETTINGS | MANIFESTS:
            from nightlatch.dependencies import cool_down, registry_changes

            yield from cool_down.check_file(page, tree)
            yield from registry_changes.of_settings(page, tree)
    if tree.is_whole and not tree.is_change:
        from nightlatch.dependencies import cool_down, update_bot

        lockfiles = [lockfile for lockfile, _ in locks.judged]
        yield from cool_down.missing(lockfiles, tree)
        yield from update_bot.check(lockfiles, tree)
