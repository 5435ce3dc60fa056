"""The standard's `pylock.toml` and `pylock.NAME.toml`.

The format: https://packaging.python.org/en/latest/specifications/pylock-toml/
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
    from collections.abc import Iterator
    from typing import Any

HEAD = "[[packages]]"
FILE_KEYS = ("name", "url", "path")
TOKENS = (
    r'"""(?:[^"\\]|\\.|"(?!""))*+"""',
    r"'''(?:[^']|'(?!''))*+'''",
    r'"(?:[^"\\\n]|\\.)*+"',
    r"'[^'\n]*+'",
    r"#[^\n]*+",
    r"[][{}]",
)
"""Texts of TOML, comments and brackets."""


def parse(path: str, text: str) -> Lockfile:
    """The packages that an installer takes from it. Raises UnparsableError."""
    document = toml_table(text)
    if text_of(document.get("lock-version")).partition(".")[0] != "1":
        raise UnparsableError("a lock-version that is not known here (1.x is)")
    blocks = list(tables(document.get("packages")))
    is_inline = not count_blocks(text, HEAD)
    lines = list(_inline_lines(text)) if is_inline else block_lines(text, HEAD, blocks)
    if len(lines) != len(blocks):
        raise UnparsableError(f"{len(blocks)} packages, but {len(lines)} tables in their list")
    pairs = enumerate(zip(blocks, lines, strict=True))
    packages = [_package(path, number, block, line) for number, (block, line) in pairs]
    needed = {need for package in packages for need in package.needs}
    for package in packages:
        package.is_direct = package.name not in needed
    return Lockfile(path, "pip", PYPI, packages, data={"counted": len(blocks)})


def crude_count(text: str) -> int:
    """How many packages there are: the tables of that name, or the braces one level below a list of that name."""
    return count_blocks(text, HEAD) or len(list(_inline_lines(text)))


def _inline_lines(text: str) -> Iterator[int]:
    """The line of each table in `packages = [{…}, …]`: a generator may write them so."""
    import re

    start = re.search(r"(?m)^packages[ \t]*=[ \t]*(?=\[)", text)
    if start is None:
        return
    depth, line, counted = 0, 1, 0
    tokens = "|".join(TOKENS)
    for token in re.compile(tokens, re.DOTALL).finditer(text, start.end()):
        if token[0] in "[{":
            if depth == 1 and token[0] == "{":
                line += text.count("\n", counted, token.start())
                counted = token.start()
                yield line
            depth += 1
        elif token[0] in "]}":
            depth -= 1
            if not depth:
                return


def _package(path: str, number: int, block: dict[str, Any], line: int) -> Package:
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
        key=f"{line} {number}",
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
