"""The lockfiles that are judged, and those that are read because one of these leads to them."""

from __future__ import annotations

from nightlatch.dependencies.includes import Target, placed, targets
from nightlatch.dependencies.lockfiles import format_of, read
from nightlatch.dependencies.names import is_requirements
from nightlatch.dependencies.package import UnparsableError
from nightlatch.dependencies.place import word
from nightlatch.dependencies.remedy import where_damaged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.dependencies.package import Lockfile, Package
    from nightlatch.dependencies.tree import Tree

NOT_THERE = "a file that isn't there: correct the path, or add the file"
REQUIREMENTS = "lockfile_requirements"


class Locks:
    """The lockfiles, each read once.

    judged  each lockfile that the change touches (else: that was selected) or newly leads to, with those of its
            packages that count
    before  path → the lockfile before the change, where there was one that could be read
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._known: dict[str, Lockfile | None] = {}
        self._formats: dict[str, str] = {}
        self._newly_included: set[str] = set()
        self.before: dict[str, Lockfile] = {}
        self.judged: list[tuple[Lockfile, Sequence[Package]]] = []
        self._seen: list[str] = []
        self._queued: set[str] = set()
        self._prose: dict[str, str] = {}
        self._walk()
        self._tell_of_prose()
        for path in self._seen:
            lockfile = self.get(path) if self._is_judged(path) else None
            if lockfile is not None:
                self.judged.append((lockfile, self._news(lockfile)))

    def get(self, path: str) -> Lockfile | None:
        """The lockfile at a path; None where there is none, or none that can be read, which is noted as unchecked."""
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def requirements(self) -> dict[str, Lockfile]:
        """The requirements files that were read, those that others include among them."""
        return {path: one for path, one in self._known.items() if one is not None and one.is_requirements}

    def _read(self, path: str) -> Lockfile | None:
        page = self._tree.page(path)
        if page is None or self._tree.link(path) is not None:
            return None
        page.takes_notes = self._format(path) == REQUIREMENTS
        try:
            return read(path, page.text, self._format(path))
        except UnparsableError as error:
            if self._format(path) == REQUIREMENTS and _is_prose(path, page.text):
                self._prose[path] = str(error)
            else:
                self._tree.leave_unchecked(path, f"{error}{where_damaged(path)}")
            return None

    def _tell_of_prose(self) -> None:
        """Texts about requirements of another kind are passed over, unless a requirements file includes one."""
        for path, reason in self._prose.items():
            if path in self._formats:
                self._tree.leave_unchecked(path, reason)
            else:
                self._tree.skip(path, "named like a requirements file, but no line in it is a requirement")

    def _format(self, path: str) -> str:
        return self._formats.get(path) or format_of(path)

    def _is_judged(self, path: str) -> bool:
        return not self._tree.is_change or path in self._tree.touched or path in self._newly_included

    def _walk(self) -> None:
        """Start with what is touched, and go on to whatever that leads to."""
        tree = self._tree
        touched = [path for path in tree.touched if format_of(path)]
        self._seen = list(dict.fromkeys([*touched, *self._that_may_lead_to_what_is_touched()]))
        self._queued = set(self._seen)
        for path in self._seen:  # it grows on the way
            self._follow(path)

    def _that_may_lead_to_what_is_touched(self) -> list[str]:
        """Of a change: files that it doesn't touch, and that may include or link to what it does."""
        tree = self._tree
        if tree.is_change and tree.is_whole:
            return [path for path in tree.paths() if is_requirements(path) or self._is_link(path)]
        tree.bring(tree.includers)
        return tree.includers

    def _is_link(self, path: str) -> bool:
        return bool(format_of(path)) and self._tree.link(path) is not None

    def _follow(self, path: str) -> None:
        found = self._targets(path)
        self._tree.bring([target.path for target in found if target.path])
        is_judged = self._is_judged(path)
        known = self._targets_before(path) if found and self._tree.is_change and is_judged else set()
        for target in found:
            is_there = bool(target.path) and self._is_there(target.path)
            if not is_there and is_judged:
                self._leave(path, target)
            if not is_there:
                continue
            if is_judged and target.path not in known:
                self._newly_included.add(target.path)
            self._formats.setdefault(target.path, REQUIREMENTS if target.option else self._format(path))
            if target.path not in self._queued:
                self._queued.add(target.path)
                self._seen.append(target.path)

    def _is_there(self, path: str) -> bool:
        """What the configuration excludes is as good as read; links that lead in a circle lead nowhere."""
        seen: set[str] = set()
        while path and (link := self._tree.link(path)) is not None:
            if path in seen:
                return False
            seen.add(path)
            path = placed(path, link)[0]
            self._tree.bring([path])
        return self._tree.page(path) is not None or not self._tree.includes(path)

    def _targets(self, path: str) -> list[Target]:
        link = self._tree.link(path)
        if link is not None:
            return [Target(1, *placed(path, link))]
        lockfile = self.get(path)
        return targets(lockfile) if lockfile is not None and lockfile.is_requirements else []

    def _targets_before(self, path: str) -> set[str]:
        """What a file led to before the change."""
        before = self._tree.base(path)
        if before is not None and self._tree.link(path) is not None:
            return {placed(path, before)[0]}
        old = self._before(path)
        return {target.path for target in targets(old)} if old is not None and old.is_requirements else set()

    def _before(self, path: str) -> Lockfile | None:
        """The lockfile before the change; None where none could be read, and for what is newly included."""
        text = self._tree.base(path) if self._tree.is_change and path not in self._newly_included else None
        if text is not None and path not in self.before:
            try:
                self.before[path] = read(path, text, self._format(path))
            except UnparsableError:
                return None
        return self.before.get(path)

    def _leave(self, path: str, target: Target) -> None:
        """Say what can't be read. A list of constraints behind an address is a finding, since it installs nothing."""
        fault = target.fault or NOT_THERE
        if not target.option:
            self._tree.leave_unchecked(path, f"a symbolic link to {fault}")
        elif not (target.is_constraint and "://" in target.value):
            self._tree.leave_unchecked(path, f"line {target.line}: {target.option} {word(target.value)} names {fault}")

    def _news(self, lockfile: Lockfile) -> Sequence[Package]:
        """Of a change the packages that it adds or changes, else all."""
        old = self._before(lockfile.path)
        if old is None:
            return lockfile.packages
        known = {package.identity for package in old.packages}
        return [package for package in lockfile.packages if package.identity not in known]


def _is_prose(path: str, text: str) -> bool:
    """Whether a file that can't be read is none of pip's. Who calls it `requirements…` means pip's."""
    from nightlatch.dependencies.lockfile_requirements import is_prose

    name = path.rpartition("/")[2].lower()
    return not name.startswith(("requirements", "constraints")) and is_prose(text)
