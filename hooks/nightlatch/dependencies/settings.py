"""What the settings of package managers say: registries, and the least age of a version."""

from __future__ import annotations

from nightlatch.dependencies.documents import table, toml_table
from nightlatch.dependencies.package import UnparsableError
from nightlatch.dependencies.tree import and_above, folder_of, joined
from nightlatch.dependencies.yaml_document import yaml_fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from nightlatch.dependencies.package import Lockfile
    from nightlatch.dependencies.tree import Tree

INDEX_KEYS = ("index", "index-url", "extra-index-url", "find-links", "source")

OF_MANAGER = {
    "npm": (".npmrc",),
    "pnpm": (".npmrc", "pnpm-workspace.yaml"),
    "yarn": (".yarnrc.yml", ".yarnrc", ".npmrc"),
    "uv": ("pyproject.toml", "uv.toml"),
    "poetry": ("pyproject.toml", "poetry.toml"),
    "pipenv": ("Pipfile",),
    "pip": ("pip.conf",),
}
"""Manager → its settings, which stand beside the lockfile or above it."""


def places(lockfile: Lockfile) -> list[str]:
    """Where the settings of a lockfile's manager may stand, the nearest first."""
    names = OF_MANAGER[lockfile.manager]
    return [joined(folder, name) for folder in and_above(folder_of(lockfile.path)) for name in names]


def registries(lockfile: Lockfile, tree: Tree) -> set[str]:
    """The addresses of registries that the settings name. What can't be read names none: others report it."""
    found: set[str] = set()
    tree.look_for(places(lockfile))
    for path in places(lockfile):
        page = tree.page(path)
        if page is not None:
            try:
                found.update(_addresses(path.rpartition("/")[2], page.text))
            except UnparsableError:
                continue
    sources = lockfile.data.get("sources")
    if isinstance(sources, list):
        found.update(str(source.get("url", "")) for source in sources)
    return {url for url in found if "://" in url}


def _addresses(name: str, text: str) -> Iterator[str]:
    if name in (".npmrc", "pip.conf", "pip.ini"):
        wanted = ("registry", "index-url", "extra-index-url")
        for _, key, value in ini_lines(text):
            if key.rpartition(":")[2].replace("_", "-").lower() in wanted:
                yield from value.split()
    elif name == ".yarnrc":
        for line in text.splitlines():
            key, _, value = line.strip().partition(" ")
            if key.strip("\"'").endswith("registry"):
                yield value.strip().strip("\"'")
    elif name.endswith((".yml", ".yaml")):
        yield from _texts(
            {key: field.plain() for key, field in yaml_fields(text).items() if "egist" in key or "cope" in key}
        )
    else:
        document = toml_table(text)
        tool = table(document.get("tool"))
        yield from _texts([document.get(key) for key in INDEX_KEYS])
        for program in ("uv", "poetry", "pdm"):
            yield from _texts([table(tool.get(program)).get(key) for key in INDEX_KEYS])


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
