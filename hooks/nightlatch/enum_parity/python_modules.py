"""Where an import of Python leads: to a module below the importer's folder or one above it, or below a source root."""

from __future__ import annotations

import posixpath

from nightlatch.enum_parity.packages import nearness

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

_INIT = "__init__.py"
_ENDINGS = (".py", f"/{_INIT}")
_SOURCE_ROOTS = ("src", "lib", "python")


class PythonModules:
    """The modules of a tree. `paths` are all its files."""

    def __init__(self, paths: Collection[str]) -> None:
        self._paths = paths
        self._names: dict[str, list[str]] | None = None
        self._found: dict[tuple[str, str], str | None] = {}

    def find(self, module: str, importer: str) -> str | None:
        """The file of a module that a file imports, or None where that lies outside the tree."""
        folder = posixpath.dirname(importer)
        key = (module, folder)
        if key not in self._found:
            self._found[key] = self._find(module, folder)
        return self._found[key]

    def _find(self, module: str, folder: str) -> str | None:
        name = module.lstrip(".")
        below = name.replace(".", "/")
        for _ in range(len(module) - len(name) - 1):
            folder = posixpath.dirname(folder)
        if module.startswith("."):
            return self._at(folder, below)
        start = folder
        while True:
            found = self._at(folder, below)
            if found or not folder:
                return found or self._below_a_root(below, start)
            folder = posixpath.dirname(folder)

    def _at(self, folder: str, below: str) -> str | None:
        if not below:
            path = posixpath.join(folder, _INIT)
            return path if path in self._paths else None
        candidates = (posixpath.join(folder, below + ending) for ending in _ENDINGS)
        return next((path for path in candidates if path in self._paths), None)

    def _below_a_root(self, below: str, folder: str) -> str | None:
        """A module that lies elsewhere, as below `src/`: the nearest, where there are several."""
        found: list[str] = []
        for path in self._named(posixpath.basename(below)):
            ending = next((ending for ending in _ENDINGS if path.endswith(f"/{below}{ending}")), None)
            if ending is not None:
                root = path[: -len(f"/{below}{ending}")]
                is_root = f"{root}/{_INIT}" not in self._paths  # else it is a part of another package
                if is_root and ("/" in below or posixpath.basename(root) in _SOURCE_ROOTS):
                    found.append(path)
        return max(found, key=lambda path: (nearness(path, f"{folder}/x"), path), default=None)

    def _named(self, name: str) -> list[str]:
        """The files of the modules and packages of a name."""
        if self._names is None:
            self._names = {}
            for path in self._paths:
                if path.endswith(".py"):
                    folder, _, base = path.rpartition("/")
                    word = folder.rpartition("/")[2] if base == _INIT else base[:-3]
                    self._names.setdefault(word, []).append(path)
        return self._names.get(name, [])
