"""uv's `uv.lock`, and `script.py.lock` beside a script.

The format is uv's own: https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile
"""

from __future__ import annotations

from nightlatch.dependencies.documents import items, table, tables, text_of, toml_table
from nightlatch.dependencies.lines import block_lines, count_blocks
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
    from collections.abc import Iterator
    from typing import Any

HEAD = "[[package]]"
OWN = ("virtual", "editable")
KINDS = frozenset(("directory", "editable", "git", "path", "registry", "url", "virtual"))
FILE_KEYS = ("url", "path", "filename")
LOCAL_SOURCES = ("directory", "path")
VERSIONS = (1,)


def parse(path: str, text: str) -> Lockfile:
    """The packages that uv installs from it. Raises UnparsableError.

    `data["projects"]` lists what stands of projects (the lockfile's, its workspace's, and others in place),
    `data["members"]` names those of its workspace.
    """
    document = toml_table(text)
    if document.get("version", 1) not in VERSIONS:
        raise UnparsableError("a version of uv's lockfile that is not known here (1 is)")
    blocks = list(tables(document.get("package")))
    lines = block_lines(text, HEAD, blocks)
    packages: list[Package] = []
    projects: list[dict[str, Any]] = []
    asked_for: set[str] = set()
    for block, line in zip(blocks, lines, strict=True):
        source = table(block.get("source"))
        if len(KINDS.intersection(source)) > 1:
            raise UnparsableError(f"line {line}: a package with more than one kind of source")
        if any(text_of(source.get(kind)) for kind in OWN):
            projects.append(block)
            asked_for.update(_needs(block))
        else:
            packages.append(_package(path, block, source, line))
    _mark_direct(packages, asked_for, document)
    members = items(table(document.get("manifest")).get("members"))
    data: dict[str, object] = {"projects": projects, "members": members, "counted": len(blocks)}
    return Lockfile(path, "uv", PYPI, packages, data=data)


def crude_count(text: str) -> int:
    """How many packages there are: the tables of that name."""
    return count_blocks(text, HEAD)


def _mark_direct(packages: list[Package], asked_for: set[str], document: dict[str, Any]) -> None:
    manifest = table(document.get("manifest"))
    asked_for |= {pypi_name(text_of(need.get("name"))) for need in tables(manifest.get("requirements"))}
    for package in packages:
        package.is_direct = package.name in asked_for


def _package(path: str, block: dict[str, Any], source: dict[str, Any], line: int) -> Package:
    files = [*([table(block["sdist"])] if "sdist" in block else []), *tables(block.get("wheels"))]
    kind, address = _source(source, line)
    hashes = [text_of(file.get("hash")) for file in files]
    return Package(
        PYPI,
        pypi_name(text_of(block.get("name"))),
        text_of(block.get("version")),
        line=line,
        path=path,
        source=kind,
        url=address or next((text_of(file.get("url")) for file in files), ""),
        hashes=hashes,
        needs=list(_needs(block)),
        registry=text_of(source.get("registry")),
        files=[name for file in files for key in FILE_KEYS if (name := text_of(file.get(key)))],
    )


def _source(source: dict[str, Any], line: int) -> tuple[str, str]:
    """The kind, and the address where the package as a whole has one."""
    if "registry" in source:
        return REGISTRY, ""
    for kind in (GIT, URL):
        if kind in source:
            return kind, text_of(source[kind])
    if any(kind in source for kind in LOCAL_SOURCES):
        return LOCAL, ""
    raise UnparsableError(f"line {line}: a package from a source that is not known here")


def _needs(block: dict[str, Any]) -> Iterator[str]:
    for need in tables(block.get("dependencies")):
        yield pypi_name(text_of(need.get("name")))
    for section in ("optional-dependencies", "dev-dependencies"):
        for group in table(block.get(section)).values():
            for need in tables(group):
                yield pypi_name(text_of(need.get("name")))
