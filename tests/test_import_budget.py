"""What a clean commit waits for: the modules that are imported, counted against those of a bare interpreter."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.support.repository import Outcome, Repository, environment, run
from tests.support.tokens import line_with_token

HOOKS = Path(__file__).resolve().parent.parent / "hooks"
MOST_NEW_MODULES = 44
MOST_OF_ALL_HOOKS = 65
"""For `run`, which starts every hook: each brings its own modules."""

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

FILES = {
    "words": "Nothing to see here.\n",
    "address": "Read on at https://acme-corp.io/a/page?of=ours now.\n",
    "prose": "Read the list first. It says what you must test.\n",
    "code": "import os\n\n\ndef add(names: list[str]) -> None:\n    names.append(os.sep)\n",
}
COMMANDS = {
    "staged": ("secrets", "--staged"),
    "as a hook": ("secrets", "--", "page.txt"),
    "run": ("run",),
}
each_command = pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)


def interpreter(folder: Path, env: dict[str, str], *words: str, site: bool = False) -> Outcome:
    """Start Python so that it says what it imports; without `site`, whose own imports would hide ours."""
    command = (sys.executable, *(() if site else ("-S",)), "-X", "importtime", *words)
    return run(*command, cwd=folder, env=env | {"PYTHONPATH": str(HOOKS)})


def check(repository: Repository, *words: str, site: bool = False) -> Outcome:
    return interpreter(repository.path, repository.env, "-c", START, *words, site=site)


def modules(outcome: Outcome) -> set[str]:
    assert outcome.code == 0, outcome
    return set(IMPORTED.findall(outcome.err))


def packages(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What every start of Python imports."""
    return modules(interpreter(tmp_path_factory.mktemp("bare"), environment(), "-c", "pass", site=True))


def assert_little(outcome: Outcome, bare: set[str], hook: str = "secrets") -> None:
    imported = modules(outcome)
    new = imported - bare
    assert f"nightlatch.{hook}.hook" in imported
    assert packages(imported) & HEAVY == set()
    assert packages(new) - {"nightlatch"} - set(sys.builtin_module_names) <= STANDARD_LIBRARY | THIRD_PARTY
    is_run = len({name.split(".")[1] for name in new if name.endswith(".hook") and ".core." not in name}) > 1
    assert len(new) <= (MOST_OF_ALL_HOOKS if is_run else MOST_NEW_MODULES), sorted(new)


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
@each_command
def test_a_clean_commit_imports_little(
    repository: Repository, bare: set[str], words: tuple[str, ...], text: str
) -> None:
    repository.stage("page.txt", text)
    assert_little(check(repository, *words), bare)


def test_a_repository_without_env_files_imports_little(repository: Repository, bare: set[str]) -> None:
    for path in ("page.txt", "src/environment.ts", ".gitignore"):
        repository.stage(path, FILES["words"])
    assert_little(check(repository, "env-files"), bare, "env_files")
    repository.stage(".env", "DATABASE_PASSWORD=" + "kd83Jfk-slepw" + "\n")
    assert check(repository, "env-files").code == 1


@each_command
def test_a_known_configuration_costs_no_yaml(
    repository: Repository, bare: set[str], tmp_path: Path, words: tuple[str, ...]
) -> None:
    repository.write(".nightlatch.yaml", f"version: 1 # {tmp_path}\nrules: {{SEC012: warning}}\n")
    repository.stage("page.txt", FILES["words"])
    assert "yaml" in modules(check(repository, *words, site=True)), "the first run reads it"
    assert_little(check(repository, *words), bare)


@each_command
def test_known_custom_rules_cost_no_expressions(
    repository: Repository, bare: set[str], tmp_path: Path, words: tuple[str, ...]
) -> None:
    rule = f"{{id: ACME001, pattern: 'acme_[a-z0-9]{{32}}', keywords: [acme_, '{tmp_path.name}']}}"
    repository.write(".nightlatch.yaml", f"secrets: {{custom-rules: [{rule}]}}\n")
    repository.stage("page.txt", FILES["words"])
    first = modules(check(repository, *words, site=True))
    assert "nightlatch.secrets.custom_patterns.check" in first, "the first run checks"
    assert_little(check(repository, *words), bare)


@each_command
def test_a_finding_is_seen_by_the_same_command(repository: Repository, words: tuple[str, ...]) -> None:
    """So that what is measured above is a check and not an early return."""
    repository.stage("page.txt", line_with_token())
    assert check(repository, *words).code == 1
