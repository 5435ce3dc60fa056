"""What a clean commit waits for: the modules that are imported, counted against those of a bare interpreter."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.support.repository import Outcome, Repository, run

HOOKS = Path(__file__).resolve().parent.parent / "hooks"
MOST_NEW_MODULES = 40
STANDARD_LIBRARY = {"__future__", "select"}
"""What may come from the standard library, beside what the interpreter has built in."""

THIRD_PARTY: set[str] = {"hyperscan"}
"""What may come from elsewhere: the filter, where it is installed."""

HEAVY = {
    "argparse", "collections", "contextlib", "dataclasses", "enum", "hashlib", "importlib", "json", "logging",
    "pathlib", "re", "subprocess", "tomllib", "typing", "yaml",
}  # fmt: skip

START = "import sys; from nightlatch.cli import main; sys.exit(main(sys.argv[1:]))"
IMPORTED = re.compile(r"^import time: +[0-9]+ \| +[0-9]+ \| +(\S+)$", re.MULTILINE)

FILES = {"words": "Nothing to see here.\n", "address": "Read on at https://acme-corp.io/a/page?of=ours first.\n"}
COMMANDS = {
    "staged": ("secrets", "--staged"),
    "as a hook": ("secrets", "--", "page.txt"),
    "run": ("run",),
}


def interpreter(repository: Repository, *words: str) -> Outcome:
    """Start Python so that it says what it imports. Without `site`, whose own imports would hide ours."""
    command = (sys.executable, "-S", "-X", "importtime", *words)
    return run(*command, cwd=repository.path, env=repository.env | {"PYTHONPATH": str(HOOKS)})


def modules(outcome: Outcome) -> set[str]:
    assert outcome.code == 0, outcome
    return set(IMPORTED.findall(outcome.err))


def bare_interpreter(repository: Repository) -> set[str]:
    """The modules of `python -c pass`, as everybody starts it."""
    return modules(run(sys.executable, "-X", "importtime", "-c", "pass", cwd=repository.path, env=repository.env))


def packages(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


@pytest.fixture(params=["without a configuration", "with a configuration"])
def committing(request: pytest.FixtureRequest, repository: Repository, tmp_path: Path) -> Repository:
    """A repository; where it has a configuration, that was read once before."""
    if request.param == "with a configuration":
        repository.write(".nightlatch.yaml", f"version: 1 # {tmp_path}\nrules: {{SEC012: warning}}\n")
        repository.git("add", ".nightlatch.yaml")
        repository.commit()
        repository.stage("page.txt", "x\n")
        before = run(sys.executable, "-X", "importtime", "-c", START, "secrets", "--staged", cwd=repository.path,
                     env=repository.env | {"PYTHONPATH": str(HOOKS)})  # fmt: skip
        assert "yaml" in modules(before), "the measure doesn't see what it should"
    return repository


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_a_clean_commit_imports_little(committing: Repository, words: tuple[str, ...], text: str) -> None:
    committing.stage("page.txt", text)
    imported = modules(interpreter(committing, "-c", START, *words))
    new = imported - bare_interpreter(committing)

    assert "nightlatch.secrets.hook" in imported
    assert not packages(imported) & HEAVY
    others = packages(new) - {"nightlatch"} - set(sys.builtin_module_names)
    assert others <= STANDARD_LIBRARY | THIRD_PARTY
    assert len(new) <= MOST_NEW_MODULES, sorted(new)


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_a_finding_is_seen_by_the_same_command(committing: Repository, words: tuple[str, ...]) -> None:
    """So that what is measured above is a check and not an early return."""
    from tests.support.tokens import line_with_token

    committing.stage("page.txt", line_with_token())
    assert interpreter(committing, "-c", START, *words).code == 1
