"""What the documentation tells people to type: it exists, and on a fresh copy it works."""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from nightlatch.advisories.options import SUBCOMMANDS
from nightlatch.advisories.options import _parser as advisories_parser
from nightlatch.arguments import LISTS
from nightlatch.parser import OVERVIEW, build_parser
from nightlatch.registry import MODULES
from tests.support.repository import Outcome, Repository, environment, fresh_copy
from tests.support.tokens import line_with_token

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [path for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))] if path.is_file()]
MANIFEST: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))

FENCE = re.compile(r"^ *```(\w*)[^\n]*\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
MARKED = re.compile(r"^<!-- test: (\w+) -->\s*^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"(?<!inject )(?:^|(?<=[\s$&|]))nightlatch ([A-Za-z-]+)([^|&;#>\n]*)", re.MULTILINE)
OPTION = re.compile(r"(?<!\S)(--?[a-z][a-z-]*)")

WAY_THERE = ("git clone ", "cd ")
"""What a person types before, and a copy has behind it."""

TEST_COMMAND = "python3 dev.py test"
SCAN_COMMAND = "python3 dev.py scan"


# ── The two commands for a fresh machine ────────────────────────────────────────────────────────────


def command_at(marker: str) -> str:
    """The one command of the block below `<!-- test: MARKER -->`."""
    blocks: list[str] = [text for name, text in MARKED.findall(README) if name == marker]
    assert len(blocks) == 1, f"README.md has {len(blocks)} blocks below <!-- test: {marker} -->"
    lines = [line.strip() for line in blocks[0].splitlines() if line.strip() and not line.startswith(WAY_THERE)]
    assert len(lines) == 1, lines
    return lines[0].partition("#")[0].strip()


def test_the_readme_shows_how_to_scan() -> None:
    assert command_at("scan").startswith(SCAN_COMMAND)


def test_continuous_integration_runs_the_very_test_command() -> None:
    assert command_at("tests") == TEST_COMMAND
    assert TEST_COMMAND in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh clone, with nothing set up in it."""
    return fresh_copy(tmp_path_factory.mktemp("copy")).path


def typed(command: str, *more: str, folder: Path) -> Outcome:
    """A command as it is typed, on a machine that has Python and git. Its first start installs, so it may take long."""
    words = [sys.executable if word == "python3" else word for word in (*shlex.split(command), *more)]
    done = subprocess.run(
        words, cwd=folder, env=environment(), capture_output=True, text=True, timeout=600, check=False
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.mark.slow
def test_scan_sets_everything_up_and_checks_a_repository(copy: Path, repository: Repository) -> None:
    repository.stage("app.py", "print()\n")
    command = " ".join(shlex.split(command_at("scan"))[:3])
    clean = typed(command, str(repository.path), folder=copy)
    assert clean.code == 0, clean
    assert "nightlatch: nothing found; 1 file checked (all-files)." in clean.out

    repository.stage("key.py", line_with_token())
    refused = typed(command, str(repository.path), folder=copy)
    assert refused.code == 1, refused
    assert "key.py:1:10: error SEC301" in refused.out


@pytest.mark.slow
def test_the_product_passes_its_own_scan(copy: Path) -> None:
    outcome = typed(SCAN_COMMAND, ".", folder=copy)
    assert outcome.code == 0, outcome.out[-3000:]


@pytest.mark.slow
def test_the_test_command_sets_everything_up_and_passes_tests(copy: Path) -> None:
    """Not all of them: these tests are among them."""
    outcome = typed(command_at("tests"), "tests/core/test_paths.py", "-q", folder=copy)
    assert outcome.code == 0, outcome.out[-3000:]
    assert re.search(r"^[0-9]+ passed", outcome.out, re.MULTILINE)


# ── Commands and options ────────────────────────────────────────────────────────────────────────────


def code_in(text: str) -> list[str]:
    """What stands in fences and between backticks."""
    return [body for _, body in FENCE.findall(text)] + INLINE.findall(FENCE.sub("", text))


def commands_in(text: str) -> list[tuple[str, str]]:
    """(word, the rest) of each `nightlatch WORD …` in code."""
    return [found for code in code_in(text) for found in COMMAND.findall(code)]


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    return {
        option
        for action in parser._actions
        if not isinstance(action, argparse._HelpAction)
        for option in action.option_strings
    }


KNOWN_OPTIONS = options_of(build_parser("run")) | {"--version"}
KNOWN_COMMANDS = {*MODULES, "run", "explain", "baseline", "advisories", "agent-hook", "HOOK"}
"""Of these, `advisories`, `agent-hook` and the hook that can list have options of their own."""

OF_ONE_COMMAND = {"agent-hook": {"--agent"}, LISTS: options_of(build_parser(LISTS))}


def known_options(command: str, rest: str) -> set[str]:
    subcommand = (rest.split() or [""])[0]
    if command == "advisories" and subcommand in SUBCOMMANDS:
        return options_of(advisories_parser(subcommand))
    return OF_ONE_COMMAND.get(command, KNOWN_OPTIONS)


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_what_a_page_tells_to_type_exists(page: Path) -> None:
    for word, rest in commands_in(page.read_text(encoding="utf-8")):
        assert word in KNOWN_COMMANDS or word in KNOWN_OPTIONS, f"nightlatch {word}"
        for option in OPTION.findall(rest):
            assert option in known_options(word, rest), f"nightlatch {word} {option}"


def test_the_help_shows_every_option_and_no_other() -> None:
    assert {
        f"-{option}" for option in re.findall(r"(?<![\w-])-(-[a-z][a-z-]*|[a-z])\b", OVERVIEW)
    } == KNOWN_OPTIONS.union(*OF_ONE_COMMAND.values())


def test_the_reader_finds_commands() -> None:
    text = (
        "Run `nightlatch run --all-files`:\n\n```sh\n$ nightlatch secrets --staged a.py | cat --x\n```\nnightlatch is"
    )
    assert commands_in(text) == [("secrets", " --staged a.py "), ("run", " --all-files")]


# ── The runners' configuration ──────────────────────────────────────────────────────────────────────


def runner_configurations() -> list[dict[str, Any]]:
    """The pages' YAML blocks that have `repos:`."""
    return [
        read
        for page in PAGES
        for language, body in FENCE.findall(page.read_text(encoding="utf-8"))
        if language in ("yaml", "yml")
        and re.search(r"^ *repos:", body, re.MULTILINE)
        and isinstance(read := yaml.safe_load(body), dict)
    ]


def test_the_readme_shows_a_configuration_for_the_runners() -> None:
    assert re.search(r"^ *repos:", README, re.MULTILINE)
    assert runner_configurations()


def test_the_configurations_name_hooks_that_exist() -> None:
    known = {entry["id"] for entry in MANIFEST}
    for configuration in runner_configurations():
        assert configuration.keys() <= {"repos", "default_install_hook_types", "default_stages", "fail_fast"}
        ours = [repo for repo in configuration["repos"] if repo["repo"].rstrip("/").endswith("nightlatch")]
        assert ours
        for repo in ours:
            assert isinstance(repo["rev"], str)
            assert {hook["id"] for hook in repo["hooks"]} <= known
