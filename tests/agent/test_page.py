"""The page about wiring: what it tells to copy must be right."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nightlatch.agent.command import AGENTS
from nightlatch.agent.cursor import EVENTS
from tests.support.agent import Project
from tests.support.repository import COMMAND, environment

PAGE = (Path(__file__).resolve().parents[2] / "docs/agent-hook.md").read_text(encoding="utf-8")
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


@pytest.mark.parametrize("agent", WIRINGS)
def test_the_command_that_is_to_be_copied_denies(tree: Project, agent: str) -> None:
    found = set(commands(json.loads(WIRINGS[agent])))
    assert found == {f"nightlatch agent-hook --agent {agent}"}
    words = shlex.split(found.pop())
    env = environment() | tree.variables | {"PATH": f"{Path(COMMAND).parent}:/usr/bin:/bin"}
    for data in (b"", b"{"):
        done = subprocess.run(words, input=data, env=env, cwd=tree.home, capture_output=True, check=False)
        assert done.returncode == 2 or b"deny" in done.stdout
        assert done.stderr


def test_cursor_is_wired_at_every_event_that_is_answered() -> None:
    assert set(json.loads(WIRINGS["cursor"])["hooks"]) == set(EVENTS)
    assert all(entry["failClosed"] for entries in json.loads(WIRINGS["cursor"])["hooks"].values() for entry in entries)


def test_the_configuration_on_the_page_loads(project: Project) -> None:
    block = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert block
    project.configure(block[1])
    assert project.decision("Read", {"file_path": "CLAUDE.md", "limit": 5}) == "deny"
    assert project.decision("Read", {"file_path": "CLAUDE.md"}) == "pass"
