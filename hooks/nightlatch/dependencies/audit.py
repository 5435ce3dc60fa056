"""The check itself: reads what is there, finds what a change brings, and asks each room of rules in turn."""

from __future__ import annotations

from nightlatch.dependencies import hosts, lock_rules, package_rules
from nightlatch.dependencies.lockfiles import format_of, read
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


def audit(files: Iterable[File], removed: Sequence[str], source: Source, options: Options) -> Iterator[Finding]:
    """Yield what is wrong.

    files    what was selected, of the names that the hook looks at; removed: what the change takes away
    Raises ConfigError where an exception is granted for too long.
    """
    from nightlatch.dependencies.policy import Policy

    policy = Policy(options)
    tree = Tree(files, removed, source, options)
    locks = _Locks(tree)
    for path in tree.touched:
        _leave_unknown(path, tree)
    for lockfile, packages in locks.judged:
        yield from _of_lockfile(lockfile, packages, locks, tree)
    yield from _of_manifests(locks, tree)
    yield from _of_settings(locks, tree)
    if locks.judged:
        from nightlatch.dependencies import advisory_rules

        ours: advisory_rules.Ours = {}
        yield from advisory_rules.check(locks.judged, tree, options, policy, ours)
        if options.is_online:
            from nightlatch.dependencies import online_rules

            yield from online_rules.check(locks.judged, ours, tree, options, policy)


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


class _Locks:
    """The lockfiles, each read once.

    judged  each lockfile that is touched, with those of its packages that count
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._known: dict[str, Lockfile | None] = {}
        self.before: dict[str, Lockfile] = {}
        self.judged: list[tuple[Lockfile, Sequence[Package]]] = []
        for path in tree.touched:
            lockfile = self.get(path) if format_of(path) else None
            if lockfile is not None:
                self.judged.append((lockfile, self._news(lockfile)))

    def get(self, path: str) -> Lockfile | None:
        """The lockfile at a path; None where there is none, or none that can be read, which is noted as unchecked."""
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def requirements(self) -> dict[str, Lockfile]:
        """The requirements files, those that they include among them."""
        from nightlatch.dependencies import requirement_rules

        found = {path: one for path, one in self._known.items() if one is not None and path.endswith(".txt")}
        todo = list(found.values())
        for lockfile in todo:
            wanted = [path for path, _ in requirement_rules.included(lockfile) if path not in found]
            self._tree.look_for(wanted)
            for path in wanted:
                other = self.get(path) if path.endswith(".txt") and format_of(path) else None
                if other is not None and path not in found:
                    found[path] = other
                    todo.append(other)
        return found

    def _read(self, path: str) -> Lockfile | None:
        page = self._tree.page(path)
        if page is None:
            return None
        try:
            return read(path, page.text)
        except UnparsableError as error:
            self._tree.leave_unchecked(path, str(error))
            return None

    def _news(self, lockfile: Lockfile) -> Sequence[Package]:
        """Of a change the packages that it adds or changes, else all."""
        before = self._tree.base(lockfile.path) if self._tree.is_change else None
        if before is None:
            return lockfile.packages
        try:
            old = read(lockfile.path, before)
        except UnparsableError:
            return lockfile.packages
        self.before[lockfile.path] = old
        known = {package.identity for package in old.packages}
        return [package for package in lockfile.packages if package.identity not in known]


def _of_lockfile(lockfile: Lockfile, packages: Sequence[Package], locks: _Locks, tree: Tree) -> Iterator[Finding]:
    page = tree.page(lockfile.path)
    if page is None:
        return
    before = locks.before.get(lockfile.path)
    if not lockfile.path.endswith(".txt"):
        _leave_without_version(lockfile, packages, tree)
    yield from package_rules.check(page, lockfile, packages, before)
    yield from hosts.check(page, lockfile, packages, before, tree)
    if lockfile.path.endswith(".txt"):
        from nightlatch.dependencies import requirement_rules

        yield from requirement_rules.check(page, lockfile, packages, locks.requirements())
    else:
        yield from lock_rules.drift(page, lockfile, tree)


def _leave_without_version(lockfile: Lockfile, packages: Sequence[Package], tree: Tree) -> None:
    """No advisory can be looked up for it, and a lockfile that leaves it open locks nothing."""
    for package in packages:
        if package.source == REGISTRY and not (package.version and package.name):
            tree.leave_unchecked(lockfile.path, f"line {package.line}: a package without a name or a version")


def _of_manifests(locks: _Locks, tree: Tree) -> Iterator[Finding]:
    if tree.is_change:
        for path in tree.touched:
            if path.rpartition("/")[2] in MANIFESTS:
                yield from lock_rules.not_staged(path, locks.get, tree)
    yield from lock_rules.two(tree)
    yield from lock_rules.missing(tree)


def _of_settings(locks: _Locks, tree: Tree) -> Iterator[Finding]:
    for path in tree.touched:
        page = tree.page(path)
        if page is not None and path.rpartition("/")[2] in SETTINGS | MANIFESTS:
            from nightlatch.dependencies import cool_down

            yield from cool_down.check_file(page, tree)
    if tree.is_whole and not tree.is_change:
        from nightlatch.dependencies import cool_down, update_bot

        lockfiles = [lockfile for lockfile, _ in locks.judged]
        yield from cool_down.missing(lockfiles, tree)
        yield from update_bot.check(lockfiles, tree)
