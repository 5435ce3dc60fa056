"""Pipenv's `Pipfile.lock`.

The format: https://pipenv.pypa.io/en/latest/pipfile.html
"""

from __future__ import annotations

from nightlatch.dependencies.documents import items, json_table, table, text_of
from nightlatch.dependencies.lines import Lines
from nightlatch.dependencies.package import (
    GIT,
    LOCAL,
    PYPI,
    REGISTRY,
    URL,
    Lockfile,
    Package,
    UnparsableError,
    pypi_name,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

META = "_meta"
REPOSITORIES = ("git", "hg", "svn", "bzr")


def parse(path: str, text: str) -> Lockfile:
    """The packages that Pipenv installs from it, of every category. Raises UnparsableError.

    `data["hash"]` is the hash that Pipenv noted of the manifest.
    """
    document = json_table(text)
    meta = table(document.get(META))
    sources = [table(source) for source in items(meta.get("sources"))]
    indexes = {text_of(source.get("name")): text_of(source.get("url")) for source in sources}
    lines = Lines(text)
    packages = []
    for category, entries in document.items():
        if category == META:
            continue
        lines.find(f'"{category}"')
        for name, value in table(entries).items():
            entry = table(value)
            line = lines.find(f'"{name}"')
            packages.append(_package(path, category, name, entry, line=line, indexes=indexes))
    data: dict[str, object] = {
        "hash": text_of(table(meta.get("hash")).get("sha256")),
    }
    return Lockfile(path, "pipenv", PYPI, packages, data=data)


def crude_count(text: str) -> int:
    """How many packages there are: the objects at the second level, those of the head aside."""
    import re

    depth = count = 0
    last = top = ""
    for token in re.finditer(r'"((?:[^"\\]|\\.)*)"|[{}]', text):
        if token[0] == "{":
            if depth == 1:
                top = last
            count += depth == 2 and top != META  # noqa: PLR2004 - category, then name
            depth += 1
        elif token[0] == "}":
            depth -= 1
        else:
            last = token[1]
    return count


def _package(
    path: str, category: str, name: str, entry: dict[str, Any], *, line: int, indexes: dict[str, str]
) -> Package:
    """indexes: name → address, in their order. The first one is asked where the entry names none."""
    kind, address = _source(entry)
    first = next(iter(indexes.values()), "")
    index = text_of(entry.get("index"))
    if index and indexes and index not in indexes:
        raise UnparsableError(f"line {line}: an index that _meta does not list")
    return Package(
        PYPI,
        pypi_name(name),
        text_of(entry.get("version")).removeprefix("==="[:2]).removeprefix("="),
        line=line,
        path=path,
        key=f"{category}/{name}",
        source=kind,
        url=address,
        registry=indexes.get(index, first) if kind == REGISTRY else "",
        hashes=[text_of(value) for value in items(entry.get("hashes"))],
        is_direct="index" in entry or kind != REGISTRY,
    )


def _source(entry: dict[str, Any]) -> tuple[str, str]:
    for kind in REPOSITORIES:
        if kind in entry:
            return GIT, f"{text_of(entry[kind])}#{text_of(entry.get('ref'))}"
    for kind in ("path", "file"):
        if kind in entry:
            address = text_of(entry[kind])
            return (URL, address) if "://" in address and not address.startswith("file:") else (LOCAL, address)
    return REGISTRY, ""
