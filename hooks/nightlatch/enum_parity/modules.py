"""Where an import of TypeScript leads: relative paths, `paths` of tsconfig files, packages of the same repository."""

from __future__ import annotations

import json
import posixpath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from typing import Any

SUFFIXES = (".ts", ".tsx", ".mts", ".cts", ".d.ts", "/index.ts", "/index.tsx", "/index.mts", "/index.d.ts")
_WRITTEN = {".js": (".ts", ".tsx", ".d.ts"), ".jsx": (".tsx",), ".mjs": (".mts", ".d.mts"), ".cjs": (".cts", ".d.cts")}
_CONFIGS = ("tsconfig.json", "tsconfig.base.json", "jsconfig.json")
_MOST_EXTENDS = 10
_MOST_JSON = 1 << 20


class Modules:
    """The files of a tree, by what modules call them.

    paths      every file of the tree
    read_text  gives a file's content, or None where it can't be had

    `consulted` has the files by which modules were looked up: what they say is a part of where labels come from.
    """

    def __init__(self, paths: Collection[str], read_text: Callable[[str], bytes | None]) -> None:
        self._paths = paths
        self._read_text = read_text
        self._configs: dict[str, list[tuple[str, list[str]]]] = {}
        self._packages: dict[str, str] | None = None
        self._found: dict[tuple[str, str], str | None] = {}
        self.consulted: set[str] = set()

    def find(self, module: str, importer: str) -> str | None:
        """The file that a module names in a file's import, or None where that lies outside the tree."""
        folder = posixpath.dirname(importer)
        key = (module, folder)
        if key not in self._found:
            self._found[key] = next(self._candidates(module, folder), None)
        return self._found[key]

    def _candidates(self, module: str, folder: str) -> Iterator[str]:
        if module.startswith("."):
            yield from self._file(posixpath.join(folder, module))
            return
        for pattern, targets in self._aliases(folder):
            before, star, after = pattern.partition("*")
            if star and module.startswith(before) and module.endswith(after):
                middle = module[len(before) : len(module) - len(after)]
                for target in targets:
                    yield from self._file(target.replace("*", middle, 1))
            elif module == pattern:
                for target in targets:
                    yield from self._file(target)
        yield from self._of_a_package(module)

    def _file(self, path: str) -> Iterator[str]:
        path = posixpath.normpath(path)
        stem, suffix = posixpath.splitext(path)
        for other in _WRITTEN.get(suffix, ()):
            if stem + other in self._paths:
                yield stem + other
        if path in self._paths and path.endswith((".ts", ".tsx", ".mts", ".cts")):
            yield path
        for ending in SUFFIXES:
            if path + ending in self._paths:
                yield path + ending

    def _aliases(self, folder: str) -> list[tuple[str, list[str]]]:
        """The `paths` of the nearest tsconfig that has any, those with the longest beginning first."""
        if folder not in self._configs:
            aliases = [one for name in _CONFIGS for one in self._config(posixpath.join(folder, name), 0)]
            aliases.sort(key=lambda one: -len(one[0].partition("*")[0]))
            self._configs[folder] = aliases or (self._aliases(posixpath.dirname(folder)) if folder else [])
        return self._configs[folder]

    def _config(self, path: str, depth: int) -> list[tuple[str, list[str]]]:
        path = posixpath.normpath(path)
        config = self._json(path) if path in self._paths and depth < _MOST_EXTENDS else {}
        if config:
            self.consulted.add(path)
        options = config.get("compilerOptions")
        options = options if isinstance(options, dict) else {}
        folder = posixpath.dirname(path)
        base = options.get("baseUrl")
        start = posixpath.join(folder, base) if isinstance(base, str) else folder
        found: list[tuple[str, list[str]]] = []
        if isinstance(base, str):
            found.append(("*", [posixpath.join(start, "*")]))
        paths = options.get("paths")
        for pattern, targets in paths.items() if isinstance(paths, dict) else ():
            if isinstance(targets, list):
                found.append((pattern, [posixpath.join(start, one) for one in targets if isinstance(one, str)]))
        if not isinstance(paths, dict):
            extended = config.get("extends")
            for other in extended if isinstance(extended, list) else [extended]:
                if isinstance(other, str) and other.startswith("."):
                    name = other if other.endswith(".json") else other + ".json"
                    found.extend(self._config(posixpath.join(folder, name), depth + 1))
        return found

    def _of_a_package(self, module: str) -> Iterator[str]:
        """A package of this repository, by its name: its source, whatever its `exports` say is built from it."""
        if self._packages is None:
            self._packages = dict(self._named_packages())
        parts = module.split("/")
        count = 2 if module.startswith("@") else 1
        name, rest = "/".join(parts[:count]), "/".join(parts[count:])
        folder = self._packages.get(name)
        if folder is None:
            return
        self.consulted.add(posixpath.join(folder, "package.json"))
        exported = self._exported(folder, rest)
        if exported:
            yield from self._file(posixpath.join(folder, exported))
        for inner in ("src", "", "lib"):
            yield from self._file(posixpath.join(folder, inner, rest or "index"))

    def _exported(self, folder: str, rest: str) -> str:
        """What package.json names for a subpath, where that is a source."""
        manifest = self._json(posixpath.join(folder, "package.json"))
        exports = manifest.get("exports")
        target = exports.get(f"./{rest}" if rest else ".") if isinstance(exports, dict) else exports
        if rest and target is None and isinstance(exports, dict):
            for pattern, one in exports.items():
                before, star, after = pattern.partition("*")
                if star and f"./{rest}".startswith(before) and rest.endswith(after):
                    middle = f"./{rest}"[len(before) : len(rest) + 2 - len(after)]
                    return _first_text(one).replace("*", middle, 1)
        if not rest and target is None:
            target = manifest.get("types") or manifest.get("main")
        return _first_text(target)

    def _named_packages(self) -> Iterator[tuple[str, str]]:
        for path in self._paths:
            if (
                path.endswith("package.json")
                and posixpath.basename(path) == "package.json"
                and "node_modules" not in path
            ):
                name = self._json(path).get("name")
                if isinstance(name, str):
                    yield name, posixpath.dirname(path)

    def _json(self, path: str) -> dict[str, Any]:
        """The object in a file of JSON with comments; empty where there is none."""
        raw = self._read_text(path) or b""
        if len(raw) > _MOST_JSON:
            return {}
        try:
            loaded = json.loads(without_comments(raw.decode("utf-8-sig", "replace")))
        except (ValueError, RecursionError):
            return {}
        return loaded if isinstance(loaded, dict) else {}


def _first_text(target: object) -> str:
    """The first path among the conditions of `exports`, that of the types before the others."""
    if isinstance(target, dict):
        ordered = sorted(
            target.items(),
            key=lambda item: (
                ("types", "import", "default").index(item[0]) if item[0] in ("types", "import", "default") else 9
            ),
        )
        return next((found for _, one in ordered if (found := _first_text(one))), "")
    return target if isinstance(target, str) else ""


def without_comments(text: str) -> str:
    """JSON without the comments and the trailing commas that tsconfig files have."""
    kept: list[str] = []
    position = 0
    while position < len(text):
        sign = text[position]
        if sign == '"':
            end = _end_of_string(text, position)
            kept.append(text[position:end])
            position = end
        elif text.startswith("//", position):
            end = text.find("\n", position)
            position = len(text) if end < 0 else end
        elif text.startswith("/*", position):
            end = text.find("*/", position + 2)
            position = len(text) if end < 0 else end + 2
        else:
            if sign in "]}":
                _drop_comma(kept)
            kept.append(sign)
            position += 1
    return "".join(kept)


def _end_of_string(text: str, start: int) -> int:
    position = start + 1
    while position < len(text) and text[position] != '"':
        position += 2 if text[position] == "\\" else 1
    return position + 1


def _drop_comma(kept: list[str]) -> None:
    index = len(kept) - 1
    while index >= 0 and kept[index].isspace():
        index -= 1
    if index >= 0 and kept[index] == ",":
        kept[index] = ""
