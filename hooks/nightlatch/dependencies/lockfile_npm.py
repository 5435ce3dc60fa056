"""npm's `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3.

The format: https://docs.npmjs.com/cli/configuring-npm/package-lock-json
"""

from __future__ import annotations

from nightlatch.dependencies.documents import items, json_table, table, text_of
from nightlatch.dependencies.lines import Lines
from nightlatch.dependencies.package import BUNDLED, GIT, LOCAL, NPM, REGISTRY, URL, Lockfile, Package, UnparsableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

FOLDER = "node_modules/"
SECTIONS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
VERSIONS = (1, 2, 3)
LONGEST_KEY = 4_096
GIT_STARTS = ("git+", "git:", "git@", "github:", "gitlab:", "bitbucket:")


OF_THE_REGISTRY = ("npm:", "workspace:", "catalog:")
"""How ranges begin that ask for no other source: the last two are what packages of a workspace forgot to replace."""


def parse(path: str, text: str) -> Lockfile:
    """The packages that npm installs from it. Raises UnparsableError.

    `data["projects"]` maps the folder of each project ("" is the lockfile's own) to what npm noted of its
    manifest; None in version 1, which notes nothing.
    """
    document = json_table(text)
    version = document.get("lockfileVersion")
    if version not in VERSIONS:
        raise UnparsableError("a lockfileVersion that is not known here (1 to 3 are)")
    if "packages" in document:
        if document.get("dependencies") and not document["packages"]:
            raise UnparsableError("`packages` is empty, and `dependencies` is not")
        return _tree_of_folders(path, text, table(document["packages"]), version)
    return _nested_tree(path, text, table(document.get("dependencies")))


def crude_count(text: str) -> int:
    """How many packages there are: the keys that name a folder of node_modules, or else the versions."""
    import re

    if re.search(r'"packages"\s*:\s*\{', text):
        return sum(FOLDER in key for key in re.findall(r'"([^"\n]*)"\s*:\s*\{', text))
    depth = count = 0
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"(?=(\s*:\s*")?)|[{}]', text):
        if token[0] in "{}":
            depth += 1 if token[0] == "{" else -1
        elif token[0].startswith('"version"') and token[1]:
            count += depth > 1
    return count


def _source(resolved: str, wanted: set[str]) -> str:
    """Where it was asked for from. An address that nobody asked for is a registry's, or pretends to be.

    wanted  the ranges that it is asked for with; those of another source have a `:` or a `/`
    """
    if not any((":" in one or "/" in one) and not one.startswith(OF_THE_REGISTRY) for one in wanted):
        return REGISTRY
    if resolved.startswith(GIT_STARTS) or resolved.partition("#")[0].endswith(".git"):
        return GIT
    if resolved.startswith("file:"):
        return LOCAL
    return URL if "://" in resolved else REGISTRY


def _tree_of_folders(path: str, text: str, folders: dict[str, Any], version: int) -> Lockfile:
    lines = Lines(text)
    wanted = _ranges(folders)
    projects: dict[str, dict[str, Any]] = {}
    links: dict[str, str] = {}
    packages: dict[str, Package] = {}
    counted = 0
    for key, value in folders.items():
        entry = table(value)
        if len(key) > LONGEST_KEY:
            raise UnparsableError("a folder with a longer path than npm can make")
        line = lines.find(f'"{key}"')
        counted += FOLDER in key
        if FOLDER not in key:
            projects[key] = entry
        elif entry.get("link") is True:
            links[key] = text_of(entry.get("resolved"))
        else:
            packages[key] = _package(path, key, entry, line, wanted)
    for project, manifest in projects.items():
        for name in _asked_for(manifest):
            found = _installed(packages, project, name)
            if found:
                found.is_direct = True
    return Lockfile(
        path,
        "npm",
        NPM,
        list(packages.values()),
        data={"projects": projects, "links": links, "counted": counted, "version": version},
        resolve=lambda package, need: _installed(packages, package.key, need),
    )


def _ranges(folders: dict[str, Any]) -> dict[str, set[str]]:
    """Name → the ranges that anything asks for it with."""
    found: dict[str, set[str]] = {}
    for entry in folders.values():
        for section in SECTIONS:
            for name, wanted in table(table(entry).get(section)).items():
                found.setdefault(name, set()).add(text_of(wanted))
    return found


def _package(path: str, key: str, entry: dict[str, Any], line: int, wanted: dict[str, set[str]]) -> Package:
    resolved = text_of(entry.get("resolved"))
    folder = key.rpartition(FOLDER)[2]
    integrity = text_of(entry.get("integrity"))
    return Package(
        NPM,
        text_of(entry.get("name")) or folder,
        text_of(entry.get("version")),
        line=line,
        path=path,
        key=key,
        source=BUNDLED
        if entry.get("inBundle") is True and not resolved
        else _source(resolved, wanted.get(folder, set())),
        url=resolved,
        hashes=integrity.split(),
        needs=[name for section in SECTIONS if section != "devDependencies" for name in table(entry.get(section))],
        has_script=entry.get("hasInstallScript") is True,
    )


def _asked_for(entry: Mapping[str, Any]) -> Iterator[str]:
    for section in SECTIONS:
        yield from table(entry.get(section))


def _installed(packages: Mapping[str, Package], folder: str, name: str) -> Package | None:
    """What node finds under a name from a folder: the nearest node_modules on the way up."""
    while True:
        found = packages.get(f"{folder}/{FOLDER}{name}" if folder else f"{FOLDER}{name}")
        if found or not folder:
            return found
        folder = folder.rpartition(f"/{FOLDER}")[0] if FOLDER in folder[1:] else folder.rpartition("/")[0]


def _nested_tree(path: str, text: str, tree: dict[str, Any]) -> Lockfile:
    """Version 1: each package holds those that are installed below it."""
    lines = Lines(text)
    packages: dict[str, Package] = {}
    versions = 0
    todo = [("", name, value) for name, value in reversed(tree.items())]
    while todo:
        above, name, value = todo.pop()
        entry = table(value)
        key = f"{above}/{FOLDER}{name}" if above else FOLDER + name
        if len(key) > LONGEST_KEY:
            raise UnparsableError("a folder with a longer path than npm can make")
        package = _old_package(path, name, key, entry, lines.find(f'"{name}"'))
        packages[key] = package
        requires = entry.get("requires")
        versions += isinstance(requires, dict) and isinstance(requires.get("version"), str)
        todo.extend((key, inner, below) for inner, below in reversed(table(entry.get("dependencies")).items()))
    needed = {need for package in packages.values() for need in package.needs}
    for package in packages.values():
        package.is_direct = package.key == FOLDER + package.name and package.name not in needed
    return Lockfile(
        path,
        "npm",
        NPM,
        list(packages.values()),
        data={"projects": None, "counted": len(packages) + versions, "version": 1},
        resolve=lambda package, need: _installed(packages, package.key, need),
    )


def _old_package(path: str, name: str, key: str, entry: dict[str, Any], line: int) -> Package:
    """Here `version` is an address where the package comes from elsewhere than a registry."""
    version = text_of(entry.get("version"))
    resolved = text_of(entry.get("resolved"))
    elsewhere = ""
    if version.startswith("npm:"):
        name, _, version = version[4:].rpartition("@")
    elif "/" in version or version.startswith(("file:", *GIT_STARTS)):
        elsewhere, resolved, version = version, resolved or version, ""
    requires = entry.get("requires")
    return Package(
        NPM,
        name,
        version,
        line=line,
        path=path,
        key=key,
        source=BUNDLED if entry.get("bundled") is True else _source(resolved, {elsewhere}),
        url=resolved,
        hashes=text_of(entry.get("integrity")).split(),
        needs=list(requires) if isinstance(requires, dict) else items(None),
    )
