"""The standard's `pylock.toml` and `pylock.NAME.toml`.

The format: https://packaging.python.org/en/latest/specifications/pylock-toml/
"""

from __future__ import annotations

from nightlatch.dependencies.documents import table, tables, text_of, toml_table
from nightlatch.dependencies.lines import Lines, block_lines, count_blocks
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

HEAD = "[[packages]]"
FILE_KEYS = ("name", "url", "path")


def parse(path: str, text: str) -> Lockfile:
    """The packages that an installer takes from it. Raises UnparsableError."""
    document = toml_table(text)
    if text_of(document.get("lock-version")).partition(".")[0] != "1":
        raise UnparsableError("a lock-version that is not known here (1.x is)")
    blocks = list(tables(document.get("packages")))
    lines = list(_lines(text, blocks))
    if len(lines) != len(blocks):
        raise UnparsableError(f"{len(blocks)} packages, but {len(lines)} lines that begin one")
    packages = [_package(path, block, line) for block, line in zip(blocks, lines, strict=True)]
    needed = {need for package in packages for need in package.needs}
    for package in packages:
        package.is_direct = package.name not in needed
    return Lockfile(path, "pip", PYPI, packages, data={"counted": len(blocks)})


def crude_count(text: str) -> int:
    """How many packages there are: the tables of that name, or the names in a list of inline tables."""
    import re

    return count_blocks(text, HEAD) or len(re.findall(r"\{\s*name\s*=", text))


def _lines(text: str, blocks: list[dict[str, Any]]) -> Iterator[int]:
    """A generator may write the tables inline, as a list."""
    if count_blocks(text, HEAD):
        yield from block_lines(text, HEAD)
        return
    lines = Lines(text)
    for block in blocks:
        yield lines.find(f'"{block.get("name")}"')


def _package(path: str, block: dict[str, Any], line: int) -> Package:
    kind, address = _source(block)
    files = [
        *tables(block.get("wheels")),
        *(table(block[part]) for part in ("sdist", "archive") if part in block),
    ]
    return Package(
        PYPI,
        pypi_name(text_of(block.get("name"))),
        text_of(block.get("version")),
        line=line,
        path=path,
        key=f"{line}",
        source=kind,
        url=address or next((text_of(file.get("url")) for file in files), ""),
        hashes=[hash for file in files for hash in _hashes(file)],
        needs=[pypi_name(text_of(need.get("name"))) for need in tables(block.get("dependencies"))],
        registry=text_of(block.get("index")),
        files=[name for file in files for key in FILE_KEYS if (name := text_of(file.get(key)))],
    )


def _source(block: dict[str, Any]) -> tuple[str, str]:
    if "vcs" in block:
        vcs = table(block["vcs"])
        return GIT, f"{text_of(vcs.get('url'))}#{text_of(vcs.get('commit-id'))}"
    if "directory" in block:
        return LOCAL, ""
    if "archive" in block:
        archive = table(block["archive"])
        return (URL, text_of(archive["url"])) if "url" in archive else (LOCAL, "")
    return REGISTRY, ""


def _hashes(file: dict[str, Any]) -> list[str]:
    """The strongest hash of a file, as a list: which of them an installer takes is its own choice."""
    hashes = {name: text_of(value) for name, value in table(file.get("hashes")).items()}
    best = max(hashes, key=lambda name: (name.startswith(("sha2", "sha3", "sha5", "blake2")), name), default="")
    return [f"{best}:{hashes[best]}"] if best else [""]
