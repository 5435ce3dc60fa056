"""What the settings of package managers say: registries, and the least age of a version."""

from __future__ import annotations

from nightlatch.dependencies.addresses import parsed
from nightlatch.dependencies.documents import table, toml_table
from nightlatch.dependencies.package import UnparsableError
from nightlatch.dependencies.tree import and_above, folder_of, joined
from nightlatch.dependencies.yaml_document import yaml_fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from nightlatch.dependencies.package import Lockfile
    from nightlatch.dependencies.tree import Tree
    from nightlatch.dependencies.yaml_document import Field

INI_KEYS = ("registry", "index-url", "extra-index-url", "find-links")
INDEX_KEYS = ("index", "index-url", "extra-index-url", "find-links", "source")

OF_MANAGER = {
    "npm": (".npmrc",),
    "pnpm": (".npmrc", "pnpm-workspace.yaml"),
    "yarn": (".yarnrc.yml", ".yarnrc", ".npmrc"),
    "uv": ("pyproject.toml", "uv.toml"),
    "poetry": ("pyproject.toml", "poetry.toml"),
    "pipenv": ("Pipfile",),
    "pip": ("pip.conf", "pip.ini"),
}
"""Manager → its settings, which stand beside the lockfile or above it."""


def places(lockfile: Lockfile) -> list[str]:
    """Where the settings of a lockfile's manager may stand, the nearest first."""
    names = OF_MANAGER[lockfile.manager]
    return [joined(folder, name) for folder in and_above(folder_of(lockfile.path)) for name in names]


class Registry:
    """A registry that a setting names.

    scope   the npm scope (`@acme`) whose packages come from it; "" for all of them
    url     its address. May hold a credential
    """

    __slots__ = ("scope", "url")

    def __init__(self, scope: str, url: str) -> None:
        self.scope = scope
        self.url = url

    @property
    def origin(self) -> str:
        """Its host, as `addresses` gives it; "" where nobody can say which that is."""
        found = parsed(self.url)
        return "" if found.fault else found.origin

    def serves(self, name: str) -> bool:
        """Whether a package of this name is asked of it."""
        return not self.scope or name.startswith(f"{self.scope}/")


def registries(lockfile: Lockfile, tree: Tree) -> list[Registry]:
    """The registries that the settings name. What can't be read names none: others report it.

    Of a change those that were named before it: one that it brings itself vouches for nothing.
    """
    found: list[Registry] = []
    tree.look_for(places(lockfile))
    for path in places(lockfile):
        text = tree.settled(path)
        if text is not None:
            try:
                found.extend(named_in(path, text))
            except UnparsableError:
                continue
    return found


def named_in(path: str, text: str) -> list[Registry]:
    """The registries that a file of settings names. Raises UnparsableError."""
    found = [Registry(scope, url.strip()) for scope, url in _addresses(path.rpartition("/")[2], text)]
    return [registry for registry in found if "://" in registry.url]


def _addresses(name: str, text: str) -> Iterator[tuple[str, str]]:
    """(scope, address) of each."""
    if name in (".npmrc", "pip.conf", "pip.ini"):
        for _, key, value in ini_lines(text):
            scope, _, key = key.rpartition(":")  # noqa: PLW2901 - without its scope
            if key.replace("_", "-").lower() in INI_KEYS:
                yield from ((scope, word) for word in value.split())
    elif name == ".yarnrc":
        for line in text.splitlines():
            key, _, value = line.strip().partition(" ")
            scope, _, key = key.strip("\"'").rpartition(":")
            if key == "registry":
                yield scope, value.strip().strip("\"'")
    elif name.endswith((".yml", ".yaml")):
        yield from _of_yaml(yaml_fields(text))
    else:
        document = toml_table(text)
        tool = table(document.get("tool"))
        uv = table(tool.get("uv"))
        for place in (document, uv, table(uv.get("pip")), table(tool.get("poetry")), table(tool.get("pdm"))):
            yield from (("", url) for url in _texts([place.get(key) for key in INDEX_KEYS]))


def _of_yaml(fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
    """Yarn's `npmRegistryServer` and `npmScopes`, pnpm's `registry` and `registries`."""
    for key in ("npmRegistryServer", "registry"):
        if key in fields:
            yield "", fields[key].text()
    for scope, field in fields["npmScopes"].fields().items() if "npmScopes" in fields else ():
        server = field.fields().get("npmRegistryServer")
        if server is not None:
            yield f"@{scope}", server.text()
    for scope, field in fields["registries"].fields().items() if "registries" in fields else ():
        yield "" if scope == "default" else scope, field.text()


def _texts(value: Any) -> Iterator[str]:
    """Every text in lists and tables."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(inner)


def ini_lines(text: str) -> Iterator[tuple[int, str, str]]:
    """Line, key and value of each `key = value`. An indented line goes on with the value above (pip.conf)."""
    last: tuple[int, str, str] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        said = line.strip()
        if not said or said[0] in "#;[":
            continue
        key, equals, value = said.partition("=")
        if last is not None and line[0].isspace() and not equals:
            last = (last[0], last[1], f"{last[2]} {said}".strip())
            continue
        if last is not None:
            yield last
        last = (number, key.strip(), value.strip().strip("\"'"))
    if last is not None:
        yield last
