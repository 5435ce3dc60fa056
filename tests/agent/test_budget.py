"""What an agent waits for at each of its calls: the modules that are imported."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.agent import Project
from tests.support.repository import environment

HOOKS = Path(__file__).resolve().parents[2] / "hooks"
START = "import sys; from nightlatch.cli import main; sys.exit(main(['agent-hook', '--agent', 'claude-code']))"
IMPORTED = re.compile(r"^import time: +[0-9]+ \| +[0-9]+ \| +(\S+)$", re.MULTILINE)

HEAVY = {
    "argparse",
    "contextlib",
    "dataclasses",
    "importlib.metadata",
    "logging",
    "pathlib",
    "subprocess",
    "typing",
    "yaml",
}
RULES_OF_SECRETS = "nightlatch.secrets.rules"
OF_RUNS = {
    "nightlatch.core.run",
    "nightlatch.core.source",
    "nightlatch.registry",
    "nightlatch.schema",
    RULES_OF_SECRETS,
}
MOST_OF_OURS = 40
"""Of a call that no shell is needed for."""


def imported(project: Project, tool: str, arguments: dict[str, Any], code: int = 0, *, site: bool = True) -> set[str]:
    """The modules that one call imports; without `site`, whose own imports would hide ours."""
    event = json.dumps(project.event(tool, arguments)).encode()
    env = environment() | project.variables | {"PYTHONPATH": str(HOOKS)}
    words = (sys.executable, *(() if site else ("-S",)), "-X", "importtime", "-c", START)
    done = subprocess.run(words, input=event, env=env, cwd=project.root, capture_output=True, check=False)
    assert done.returncode == code, done
    return set(IMPORTED.findall(done.stderr.decode()))


CALLS: dict[str, tuple[str, dict[str, Any], int]] = {
    "Read": ("Read", {"file_path": "src/app.ts"}, 0),
    "Read, denied": ("Read", {"file_path": "CLAUDE.md", "limit": 5}, 2),
    "Write": ("Write", {"file_path": "src/new.ts", "content": "one\n"}, 0),
    "Glob": ("Glob", {"pattern": "**/*"}, 0),
    "TodoWrite": ("TodoWrite", {"todos": []}, 0),
}


@pytest.mark.parametrize(("tool", "arguments", "code"), CALLS.values(), ids=CALLS)
def test_a_simple_call_imports_little(tree: Project, tool: str, arguments: dict[str, Any], code: int) -> None:
    imported(tree, tool, arguments, code)  # the caches are filled
    found = imported(tree, tool, arguments, code, site=False)
    assert not found & (HEAVY | OF_RUNS)
    ours = [name for name in found if name.startswith("nightlatch")]
    assert len(ours) <= MOST_OF_OURS, sorted(ours)
    assert not [name for name in ours if name.startswith("nightlatch.agent.shell")]


def test_an_organisation_s_policy_costs_no_yaml(project: Project) -> None:
    place = project.home / "policy.yaml"
    place.write_text("protected-files: {mode: ask, rules: [{id: org, paths: [/x], read: deny}]}\n")
    project.variables["NIGHTLATCH_POLICY"] = str(place)
    call = ("Read", {"file_path": "src/app.ts"})
    imported(project, *call)
    found = imported(project, *call, site=False)
    assert "nightlatch.core.policy" in found
    assert not found & (HEAVY | OF_RUNS | {"nightlatch.core.discover"})


def test_a_plain_command_is_not_parsed_and_no_rule_is_loaded(tree: Project) -> None:
    call = ("Bash", {"command": "npm run build"})
    imported(tree, *call)
    found = imported(tree, *call, site=False)
    assert not found & (HEAVY | OF_RUNS | {"tree_sitter"})


def test_what_may_hold_a_secret_is_looked_at_with_every_rule(tree: Project) -> None:
    assert RULES_OF_SECRETS in imported(tree, "Write", {"file_path": "src/new.ts", "content": "sk_live_\n"})


def test_a_changed_policy_is_read_and_compiled_anew(project: Project) -> None:
    for number, word in enumerate(("deny", "ask", "deny")):
        project.configure(
            f"# {number} {project.root}\nprotected-files: {{rules: [{{id: a, paths: [/a], read: {word}}}]}}\n"
        )
        code = 2 if word == "deny" else 0
        assert "yaml" in imported(project, "Read", {"file_path": "a"}, code)
        assert "yaml" not in imported(project, "Read", {"file_path": "a"}, code)


def test_a_damaged_cache_is_built_again(project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NIGHTLATCH_CACHE_DIR", str(tmp_path / "cache"))
    project.configure("protected-files: {rules: [{id: a, paths: [/a], read: deny}]}\n")
    assert project.decision("Read", {"file_path": "a"}) == "deny"
    kept = list((tmp_path / "cache").iterdir())
    assert kept
    for damage in (b"", b"\0" * 100, None):
        for path in kept:
            path.write_bytes(path.read_bytes()[:-5] if damage is None else damage)
        assert project.decision("Read", {"file_path": "a"}) == "deny"
        assert project.decision("Read", {"file_path": ".nightlatch.yaml"}) == "pass"
        assert project.decision("Write", {"file_path": ".nightlatch.yaml", "content": ""}) == "deny"
