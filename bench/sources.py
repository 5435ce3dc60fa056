"""The text files of a commit, read from a local clone or bare repository without checking it out."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTROLS = frozenset(
    {
        ".betterleaks.toml",
        ".betterleaksignore",
        ".gitattributes",
        ".gitignore",
        ".gitleaks.toml",
        ".gitleaksignore",
        ".gitmodules",
        ".ignore",
        ".nightlatch-baseline.json",
        ".nightlatch.yaml",
        ".secrets.baseline",
        "kingfisher.yaml",
    }
)
"""Files that tell one scanner or another what to leave out: without them all are given the same work."""

REGULAR = (b"100644", b"100755")
SNIFFED = 8000
"""As many bytes as git itself looks at for a NUL, to call a file binary."""


class Source(NamedTuple):
    """A commit of a repository."""

    repository: Path
    revision: str

    @classmethod
    def parse(cls, text: str) -> Source:
        """`PATH` (its HEAD) or `PATH@REVISION`."""
        if Path(text).is_dir():
            return cls(Path(text).resolve(), "HEAD")
        path, _, revision = text.rpartition("@")
        return cls(Path(path).resolve(), revision)

    @property
    def label(self) -> str:
        """A folder's name for it: `owner+name` of `…/owner+name/repo`, else the repository's own name."""
        folder = self.repository.parent if self.repository.name in ("repo", ".git") else self.repository
        name = folder.name.removesuffix(".git")
        return name if self.revision == "HEAD" else f"{name}-{self.revision.replace('/', '-')}"


def text_files(source: Source) -> Iterator[tuple[str, bytes]]:
    """Path and content of each regular file that is neither binary nor one of `CONTROLS`, in git's order.

    Files that the clone doesn't hold (it may be a partial one) are left out.
    """
    reader = subprocess.Popen(
        ["git", "cat-file", "--batch"], cwd=source.repository, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with reader:
        for path, name in regular_files(source):
            content = read(reader, name)
            if content is not None and b"\0" not in content[:SNIFFED]:
                yield path, content


def regular_files(source: Source) -> Iterator[tuple[str, bytes]]:
    """Path and object name of each regular file of the commit but `CONTROLS`."""
    command = ["git", "ls-tree", "-r", "-z", "--full-tree", source.revision]
    listed = subprocess.run(command, cwd=source.repository, check=True, stdout=subprocess.PIPE).stdout
    for entry in listed.split(b"\0")[:-1]:
        facts, _, path = entry.partition(b"\t")
        mode, _, name = facts.split(b" ")
        if mode in REGULAR and os.path.basename(os.fsdecode(path)) not in CONTROLS:
            yield os.fsdecode(path), name


def read(reader: subprocess.Popen[bytes], name: bytes) -> bytes | None:
    """One object's bytes, or None where the repository does not hold it. `EOFError` when git ends."""
    into, out = pipes(reader)
    into.write(name + b"\n")
    into.flush()
    header = out.readline().split()
    if not header:
        raise EOFError("git cat-file ended early")
    if header[-1] == b"missing":
        return None
    size = int(header[-1])
    return out.read(size + 1)[:size]


def pipes(process: subprocess.Popen[bytes]) -> tuple[BinaryIO, BinaryIO]:
    """What to write to and read from a process that was started with both pipes."""
    if process.stdin is None or process.stdout is None:
        raise ValueError("started without pipes")
    return process.stdin, process.stdout  # type: ignore[return-value]
