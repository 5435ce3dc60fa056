"""What `git ls-files` and `git diff --name-only` hand on is what git itself lists, by its patterns."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from nightlatch.agent.effects import Read
from nightlatch.agent.place import Place
from nightlatch.agent.shell import effects_of

if TYPE_CHECKING:
    from pathlib import Path

FILES = (".env", "a.ts", "src/b.ts", "src/.env", "docs/c.md")
PATTERNS = (
    "", "'.e*'", "'*.env'", ".env", "src", "'src/*'", "'*.ts' docs", "'s*'", "'[.]env'", "nosuch", "'*/.env'",
    "'*'", "./src", "src/", "'./*.ts'", "-- '*.md'", "'.env*' a.ts",
)  # fmt: skip


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("lists")
    for name in FILES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x\n", encoding="utf-8")
    git(root, "init", "-q")
    git(root, "add", "-f", ".")
    return root


def git(root: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("patterns", PATTERNS)
def test_every_file_that_git_lists_is_seen_to_be_read(repository: Path, patterns: str) -> None:
    listed = subprocess.run(
        ["bash", "-c", f"git ls-files {patterns}"], cwd=repository, check=True, capture_output=True, text=True
    ).stdout.split()
    place = Place(str(repository), str(repository), {})
    found = effects_of(f"git ls-files {patterns} | xargs cat", str(repository), place)
    read = {effect.path.removeprefix(f"{repository}/") for effect in found if isinstance(effect, Read)}
    is_told = all(isinstance(effect, Read) or type(effect).__name__ == "Execute" for effect in found)
    assert read == set(listed) or not is_told


def test_changes_are_chosen_by_patterns_too(repository: Path) -> None:
    git(repository, "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "x")
    for name in FILES:
        (repository / name).write_text("y\n", encoding="utf-8")
    place = Place(str(repository), str(repository), {})
    found = effects_of("git diff --name-only HEAD -- '.e*' docs | xargs cat", str(repository), place)
    read = {effect.path.removeprefix(f"{repository}/") for effect in found if isinstance(effect, Read)}
    assert read == {".env", "docs/c.md"}
