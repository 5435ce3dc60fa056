"""What `enum-parity` takes at a commit: 552 migrations and 5,000 TypeScript files, as multiples of a bare interpreter.

python bench/enum_parity.py [ROUNDS]

Each figure is the fastest of so many rounds (default 5), and its ratio to the fastest `python -c pass`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
MIGRATIONS, FILES, BOUND = 552, 5000, 182
START = "import sys; from nightlatch.cli import main; sys.exit(main(sys.argv[1:]))"
COLUMNS = "".join(f"ALTER TABLE t{{0}} ADD COLUMN c{number} text;\n" for number in range(10))
MIGRATION = (
    "CREATE TYPE e{0} AS ENUM ('a', 'b');\nCREATE TABLE t{0} (s e{0}, k text CHECK (k IN ('x', 'y')));\n" + COLUMNS
)
CODE = "export function f{0}(): string {{\n  return 'x';\n}}\n" * 30


def main() -> None:
    """Measure and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder:
        project, cache = Path(folder, "project"), Path(folder, "cache")
        project.mkdir()
        run("git", "init", "-q", str(project))
        for path, text in files():
            write(project, path, text)
        bare = min(timed(project, cache, "-c", "pass") for _ in range(rounds))
        tell("a bare interpreter", bare, bare)
        tell("cold, everything staged", timed(project, cache, *hook()), bare)
        commit(project)
        changes = {
            "a document": ("README.md", "# {0}\n"),
            "code without an enum": ("p1/src/z.ts", "export const z = {0};\n"),
            "code with an enum": ("p1/src/y.ts", "export enum E1 {{ A = 'a', B = 'b' }} // {0}\n"),
            "a migration": ("db/migrations/9000_z.sql", "-- {0}\nCREATE TYPE z AS ENUM ('a');\n"),
        }
        for name, (path, text) in changes.items():
            taken = []
            for number in range(rounds):
                write(project, path, text.format(number))
                taken.append(timed(project, cache, *hook()))
                commit(project)
            tell(f"warm, {name} staged", min(taken[1:] or taken), bare)


def files() -> Iterator[tuple[str, str]]:
    """Path and text of each."""
    for number in range(MIGRATIONS):
        yield f"db/migrations/{number:04d}_m.sql", MIGRATION.format(number)
    for number in range(FILES):
        binding = f"export const e{number} = pgEnum('e{number}', ['a', 'b']);\n"
        other = f"export enum Foo{number} {{ A = 'a' }}\nexport type U{number} = 'a' | 'b';\n"
        yield f"p{number % 50}/src/f{number}.ts", (binding if number < BOUND else other) + CODE.format(number)


def hook() -> tuple[str, ...]:
    """What is run at a commit."""
    return ("-c", START, "enum-parity", "--staged")


def write(project: Path, path: str, text: str) -> None:
    """Write a file and stage it."""
    (project / path).parent.mkdir(parents=True, exist_ok=True)
    (project / path).write_text(text, encoding="utf-8")


def commit(project: Path) -> None:
    """Commit everything."""
    run("git", "-C", str(project), "add", "-A")
    run(
        "git", "-C", str(project), "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-q", "--no-verify", "-m", "x"
    )


def run(*command: str) -> None:
    """Run a command that must succeed."""
    subprocess.run(command, check=True)


def timed(project: Path, cache: Path, *words: str) -> float:
    """The seconds that Python takes with these words, with everything staged."""
    run("git", "-C", str(project), "add", "-A")
    env = os.environ | {"PYTHONPATH": str(ROOT / "hooks"), "NIGHTLATCH_CACHE_DIR": str(cache)}
    start = time.perf_counter()
    subprocess.run((sys.executable, *words), cwd=project, env=env, check=True)
    return time.perf_counter() - start


def tell(name: str, seconds: float, bare: float) -> None:
    """Print a line of the table."""
    print(f"{name:40} {seconds * 1000:8.0f} ms {seconds / bare:7.1f} times")


if __name__ == "__main__":
    main()
