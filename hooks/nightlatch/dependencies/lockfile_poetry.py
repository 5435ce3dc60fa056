"""Poetry's `poetry.lock`, of Poetry 1.0 and newer.

The format is Poetry's own: https://python-poetry.org/docs/basic-usage/#installing-dependencies
"""

from __future__ import annotations

from nightlatch.dependencies.documents import table, tables, text_of, toml_table
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
    from typing import Any

HEAD = "[[package]]"
VERSIONS = ("1", "2")
SOURCES = {"git": GIT, "url": URL, "file": LOCAL, "directory": LOCAL, "legacy": REGISTRY}


def parse(path: str, text: str) -> Lockfile:
    """The packages that Poetry installs from it. Raises UnparsableError.

    `data["content-hash"]` is the hash that Poetry noted of the manifest.
    """
    document = toml_table(text)
    metadata = table(document.get("metadata"))
    if "content-hash" not in metadata:
        raise UnparsableError("no lockfile of Poetry 1.0 or newer: it has no [metadata] of one")
    if text_of(metadata.get("lock-version", "1.0")).partition(".")[0] not in VERSIONS:
        raise UnparsableError("a lock-version that is not known here (1.x and 2.x are)")
    blocks = list(tables(document.get("package")))
    lines = block_lines(text, HEAD, blocks)
    files_below = table(metadata.get("files"))
    packages = [_package(path, block, files_below, line) for block, line in zip(blocks, lines, strict=True)]
    needed = {need for package in packages for need in package.needs}
    for package in packages:
        package.is_direct = package.name not in needed
    data: dict[str, object] = {"content-hash": text_of(metadata.get("content-hash")), "counted": len(blocks)}
    return Lockfile(path, "poetry", PYPI, packages, data=data)


def crude_count(text: str) -> int:
    """How many packages there are: the tables of that name."""
    return count_blocks(text, HEAD)


def _package(path: str, block: dict[str, Any], files_below: dict[str, Any], line: int) -> Package:
    """Poetry before 1.3 lists the files of all packages at the end."""
    name = text_of(block.get("name"))
    files = list(tables(block["files"] if "files" in block else files_below.get(name)))
    source = table(block.get("source"))
    kind = text_of(source.get("type"))
    if kind and kind not in SOURCES:
        raise UnparsableError("a package from a source that is not known here")
    address = text_of(source.get("url"))
    reference = text_of(source.get("resolved_reference")) or text_of(source.get("reference"))
    is_index = SOURCES.get(kind, REGISTRY) == REGISTRY
    return Package(
        PYPI,
        pypi_name(name),
        text_of(block.get("version")),
        line=line,
        path=path,
        source=SOURCES.get(kind, REGISTRY),
        url="" if is_index else f"{address}#{reference}" if kind == GIT else address,
        registry=address if is_index else "",
        hashes=[text_of(file.get("hash")) for file in files],
        needs=[pypi_name(need) for need in table(block.get("dependencies"))],
        files=[text_of(file.get("file")) for file in files],
    )
