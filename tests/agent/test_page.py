"""The page about wiring: what it tells to copy must be right."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from nightlatch.agent.command import AGENTS
from nightlatch.agent.cursor import EVENTS
from tests.support.agent import Project
from tests.support.repository import COMMAND, environment

PAGE = (Path(__file__).resolve().parents[2] / "docs/agent-hook.md").read_text(encoding="utf-8")
SCHEMAS = Path(__file__).resolve().parents[1] / "protected_files/agent_schemas"
WIRINGS = dict(re.findall(r"<!-- wiring: (\S+) -->\n```json\n(.*?)```", PAGE, re.DOTALL))


def commands(value: Any) -> Iterator[str]:
    """Every command in a piece of settings."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("command", "bash", "powershell") and isinstance(inner, str):
                yield inner
            else:
                yield from commands(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from commands(inner)


def test_there_is_a_wiring_for_every_agent() -> None:
    assert {*WIRINGS, "auto"} == set(AGENTS)


CLOSING = ("claude-code", "codex")
"""Agents that let a call run where the command isn't found, unless it ends with 2."""


@pytest.mark.parametrize("agent", WIRINGS)
def test_what_is_to_be_copied_is_as_the_agent_s_documentation_says(agent: str) -> None:
    schema = json.loads((SCHEMAS / f"{agent}.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(WIRINGS[agent]), schema)


@pytest.mark.parametrize("agent", WIRINGS)
def test_the_command_that_is_to_be_copied_denies(tree: Project, agent: str) -> None:
    found = set(commands(json.loads(WIRINGS[agent])))
    closing = " || exit 2" if agent in CLOSING else ""
    assert found == {f"nightlatch agent-hook --agent {agent}{closing}"}
    command = found.pop()
    env = environment() | tree.variables | {"PATH": f"{Path(COMMAND).parent}:/usr/bin:/bin"}
    for data in (b"", b"{"):
        done = started(command, data, env, tree)
        assert done.returncode == 2 or b"deny" in done.stdout
        assert done.stderr
    missing = started(command, b"{}", env | {"PATH": "/usr/bin:/bin"}, tree)
    assert missing.returncode == (2 if agent in CLOSING else 127)
    assert missing.stderr


def started(command: str, data: bytes, env: dict[str, str], project: Project) -> subprocess.CompletedProcess[bytes]:
    """A command line as an agent starts it: by a shell."""
    return subprocess.run(
        ["/bin/sh", "-c", command], input=data, env=env, cwd=project.home, capture_output=True, check=False
    )


def test_cursor_is_wired_at_every_event_that_is_answered() -> None:
    assert set(json.loads(WIRINGS["cursor"])["hooks"]) == set(EVENTS)
    assert all(entry["failClosed"] for entries in json.loads(WIRINGS["cursor"])["hooks"].values() for entry in entries)


def test_the_configuration_on_the_page_loads(project: Project) -> None:
    block = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert block
    project.configure(block[1])
    assert project.decision("Read", {"file_path": "CLAUDE.md", "limit": 5}) == "deny"
    assert project.decision("Read", {"file_path": "CLAUDE.md"}) == "pass"
