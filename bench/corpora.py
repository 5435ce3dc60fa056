"""Make what the scanners are compared on, from clones that are on this machine.

    python -m bench.corpora OUTPUT REPOSITORY[@REVISION]… [--history REPOSITORY…] [--megabytes 400] [--planted 200]

The text files of the repositories, in the order given and until there are enough bytes, become `tree`, and an
evenly spaced choice of them `tree-small`; both are repositories of one commit, whose git folder lies beside them,
so that no scanner that walks folders meets git's objects. Each `--history` becomes a bare clone of its default
branch. `commit-1` and `commit-10` have that many clean staged files, `commit-token` has one with a token.
Tokens are generated. `corpora.json` lists what was made. Give a new folder.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.sources import Source, text_files
from tests.support.tokens import line_with_token

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LIST = "corpora.json"
MILLION = 1_000_000
SMALL_SHARE = 40
"""Every fortieth file of the tree goes to the small one."""

PLANTED_IN = (".go", ".java", ".js", ".php", ".py", ".rb", ".rs", ".sh", ".ts", ".tsx")
"""Source code: what no scanner leaves out by name."""

STAGED_SIZES = range(2_000, 20_000)
IDENTITY = {
    f"GIT_{role}_{key}": value
    for role in ("AUTHOR", "COMMITTER")
    for key, value in {"NAME": "Ada", "EMAIL": "ada@example.com", "DATE": "2026-01-02T03:04:05Z"}.items()
}
PLAIN = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
OPTIONS = ["-c", "core.autocrlf=false", "-c", "core.quotePath=off", "-c", "gc.auto=0", "-c", "maintenance.auto=false"]


@dataclass(frozen=True)
class Corpus:
    """One thing to scan. `mode` is commit, tree or history; `size` counts bytes of text, or of blobs."""

    name: str
    mode: str
    folder: str
    files: int = 0
    size: int = 0
    commits: int = 0
    planted: int = 0


def main() -> None:
    """Make all of them, and list them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path)
    parser.add_argument("repositories", nargs="+", type=Source.parse, metavar="REPOSITORY")
    parser.add_argument("--history", nargs="+", default=[], type=Source.parse, metavar="REPOSITORY")
    parser.add_argument("--megabytes", type=int, default=400)
    parser.add_argument("--planted", type=int, default=200)
    asked = parser.parse_args()
    output: Path = asked.output.resolve()
    output.mkdir(parents=True, exist_ok=True)
    made = list(make(output, asked.repositories, asked.history, asked.megabytes * MILLION, asked.planted))
    save(output, made)
    for corpus in made:
        print(describe(corpus))


def make(
    output: Path, trees: Sequence[Source], histories: Sequence[Source], size: int, planted: int
) -> Iterator[Corpus]:
    """Make each corpus below `output`. `FileExistsError` where one is there already."""
    yield from commits(output, trees[0])
    tree = output / "tree"
    write(tree, several(trees, size))
    yield copied(tree, output / "tree-small", planted // SMALL_SHARE)
    yield committed(tree, planted)
    for source in histories:
        yield cloned(source, output / f"history-{source.label}.git")


def several(sources: Sequence[Source], size: int) -> Iterator[tuple[str, bytes]]:
    """The text files of several commits, each commit's in a folder of its own, until there are `size` bytes."""
    for source in sources:
        for path, content in text_files(source):
            if size <= 0:
                return
            size -= len(content)
            yield f"{source.label}/{path}", content


def write(folder: Path, files: Iterator[tuple[str, bytes]]) -> None:
    """Write the files into a new folder."""
    folder.mkdir()
    for path, content in files:
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def copied(tree: Path, folder: Path, planted: int) -> Corpus:
    """The small tree, of files of the large one that are evenly spaced."""
    chosen = evenly(files_of(tree), len(files_of(tree)) // SMALL_SHARE)
    write(folder, ((str(path.relative_to(tree)), path.read_bytes()) for path in chosen))
    return committed(folder, planted)


def committed(folder: Path, planted: int) -> Corpus:
    """Plant tokens in a tree of files and commit it."""
    files = files_of(folder)
    chosen = evenly([path for path in files if path.suffix in PLANTED_IN], planted)
    for path in chosen:
        plant(path, str(path.relative_to(folder)))
    git(folder, "init", "--quiet", "--separate-git-dir", f"{folder}.git")
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message", "Text files")
    size = sum(path.stat().st_size for path in files)
    return Corpus(folder.name, "tree", folder.name, len(files), size, 1, len(chosen))


def plant(path: Path, seed: str) -> None:
    """Add a line with a generated token."""
    with path.open("ab") as file:
        file.write(b"\n" + line_with_token(seed).encode())


def files_of(folder: Path) -> list[Path]:
    """Every file below a folder, sorted."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / ".git")


def evenly(paths: Sequence[Path], count: int) -> list[Path]:
    """So many of them, evenly spaced; all where there are fewer."""
    count = min(count, len(paths))
    return [paths[number * len(paths) // count] for number in range(count)]


def cloned(source: Source, folder: Path) -> Corpus:
    """A bare clone of the default branch, packed anew, so that it holds what the branch reaches and no more."""
    if folder.exists():
        raise FileExistsError(folder)
    git(folder.parent, "clone", "--quiet", "--bare", "--no-local", "--single-branch", "--no-tags",
        str(source.repository), folder.name)  # fmt: skip
    count = int(git(folder, "rev-list", "--count", "--all"))
    blobs = [int(size) for kind, size in object_sizes(folder) if kind == "blob"]
    return Corpus(folder.stem, "history", folder.name, len(blobs), sum(blobs), count)


def object_sizes(folder: Path) -> Iterator[tuple[str, str]]:
    """Kind and size of each object of a repository."""
    listed = git(folder, "cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objecttype) %(objectsize)")
    for line in listed.splitlines():
        kind, _, size = line.partition(" ")
        yield kind, size


def commits(output: Path, source: Source) -> Iterator[Corpus]:
    """The repositories with staged files: real source files of a usual size, in a repository with a commit."""
    usual = [found for found in text_files(source) if len(found[1]) in STAGED_SIZES and found[0].endswith(PLANTED_IN)]
    ten = usual[:: max(1, len(usual) // 10)][:10]
    yield staged(output / "commit-1", ten[:1], planted=0)
    yield staged(output / "commit-10", ten, planted=0)
    yield staged(output / "commit-token", ten[:1], planted=1)


def staged(folder: Path, files: Sequence[tuple[str, bytes]], planted: int) -> Corpus:
    """A repository with one commit and these files staged, a token in the last `planted` of them."""
    folder.mkdir()
    git(folder, "init", "--quiet")
    git(folder, "config", "user.name", "Ada")  # kingfisher makes a commit of what is staged
    git(folder, "config", "user.email", "ada@example.com")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "Nothing yet")
    write(folder / "src", ((f"{number}-{os.path.basename(path)}", text) for number, (path, text) in enumerate(files)))
    placed = files_of(folder / "src")
    for path in placed[len(placed) - planted :]:
        plant(path, path.name)
    git(folder, "add", "--all", "--force")
    size = sum(path.stat().st_size for path in placed)
    return Corpus(folder.name, "commit", folder.name, len(placed), size, 1, planted)


def git(folder: Path, *words: str) -> str:
    """Run git without anybody's configuration and give what it prints."""
    environment = os.environ | PLAIN | IDENTITY
    done = subprocess.run(["git", *OPTIONS, *words], cwd=folder, env=environment, check=True, stdout=subprocess.PIPE)
    return done.stdout.decode("utf-8", "surrogateescape")


def save(output: Path, made: Sequence[Corpus]) -> None:
    """List the corpora in `corpora.json`."""
    (output / LIST).write_text(json.dumps([asdict(corpus) for corpus in made], indent=1), encoding="utf-8")


def load(output: Path) -> list[Corpus]:
    """What `corpora.json` of a folder lists."""
    return [Corpus(**facts) for facts in json.loads((output / LIST).read_text(encoding="utf-8"))]


def describe(corpus: Corpus) -> str:
    """One line about a corpus."""
    blobs = "blobs" if corpus.mode == "history" else "files"
    counted = f"{corpus.files:,} {blobs}, {corpus.size / MILLION:,.1f} MB"
    more = f", {corpus.commits:,} commits" if corpus.mode == "history" else f", {corpus.planted} planted tokens"
    return f"{corpus.name} ({corpus.mode}): {counted}{more}"


if __name__ == "__main__":
    main()
