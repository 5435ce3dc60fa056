"""How a package comes in: the shortest way from a package that the manifest asks for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.dependencies.package import Lockfile, Package


class Paths:
    """The shortest ways of one lockfile, found for all its packages at once when one is asked for."""

    def __init__(self, lockfile: Lockfile) -> None:
        self._lockfile = lockfile
        self._brought_by: dict[str, Package | None] | None = None

    def to(self, package: Package) -> list[str]:
        """`name@version` of each package on the way, the direct one first and this one last."""
        if self._brought_by is None:
            self._brought_by = self._search()
        found: list[str] = []
        step: Package | None = package
        while step is not None:
            found.append(f"{step.name}@{step.version}")
            step = self._brought_by.get(step.key)
        return found[::-1]

    def _search(self) -> dict[str, Package | None]:
        """Key → the package that brings it; None for what is direct."""
        lockfile = self._lockfile
        brought_by: dict[str, Package | None] = {
            package.key: None for package in lockfile.packages if package.is_direct
        }
        todo = [package for package in lockfile.packages if package.is_direct]
        for package in todo:
            for need in package.needs:
                found = lockfile.resolve(package, need)
                if found is not None and found.key not in brought_by:
                    brought_by[found.key] = package
                    todo.append(found)
        return brought_by
