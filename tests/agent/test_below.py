"""Files below a folder: the quick look by names must not lose what the rules say of a whole path."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nightlatch.agent import below
from nightlatch.agent.below import TooManyError, candidates
from nightlatch.agent.situation import Situation, situation
from tests.support.agent import Project

NAMES = ("a", "b.txt", ".env", "c.pem", "[x]", "Deep")
FILES = [
    f"{folder}{name}" for folder in ("", "a/", "deep/", "deep/er/", "x.d/") for name in NAMES if name != "a" or folder
]

PATTERNS = st.lists(
    st.tuples(
        st.sampled_from(["", "!"]),
        st.sampled_from(["/", "", "**/", "/deep/", "/*/", "//**/"]),
        st.sampled_from(["**", "*.pem", ".env", "b.*", "?.txt", "er", "er/", "[ab]*", "\\[x\\]", "DEEP", "*"]),
    ).map("".join),
    min_size=1,
    max_size=4,
)


@pytest.fixture(scope="module")
def wood(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project of many files in a few folders."""
    folder = tmp_path_factory.mktemp("wood")
    root = folder / "root"
    for path in FILES:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("")
    (root / ".git").mkdir()
    variables = {"CLAUDE_PROJECT_DIR": str(root), "HOME": str(folder), "XDG_STATE_HOME": str(folder / "state")}
    return Project(root, folder, variables)


def every_file(now: Situation) -> set[str]:
    root = Path(now.place.root)
    return {str(path) for path in root.rglob("*") if path.is_file()}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(PATTERNS)
def test_every_file_that_a_rule_is_about_is_a_candidate(wood: Project, patterns: list[str]) -> None:
    wood.configure(f"protected-files: {{rules: [{{id: a, paths: {patterns!r}, read: deny}}]}}\n".replace("\\\\", "\\"))
    now = situation(str(wood.root), wood.variables)
    closed = {path for path in every_file(now) if now.is_closed(path)}
    assert closed <= set(candidates(str(wood.root), "read", now))


def test_secret_files_are_candidates_where_no_rules_are_configured(project: Project) -> None:
    now = situation(str(project.root), project.variables)
    found = {os.path.relpath(path, project.root) for path in candidates(str(project.root), "read", now)}
    assert {".env", ".env.local", "apps/api/.env"} <= found
    assert "src/app.ts" not in found


def test_the_looks_are_bounded_and_what_is_left_is_asked_about(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.configure('protected-files: {rules: [{id: a, paths: ["/src/**"], read: whole}]}')
    now = situation(str(project.root), project.variables)
    for number in range(50):
        (project.root / f"src/{number}.ts").write_text("")
    calls = [("Grep", {"pattern": "unlikely", "output_mode": "content"}), ("Bash", {"command": "cp -r src /tmp/x"})]
    assert [project.decision(*call) for call in calls] == ["pass", "pass"]
    monkeypatch.setattr(below, "MOST_CANDIDATES", 10)
    with pytest.raises(TooManyError):
        list(candidates(str(project.root / "src"), "read", now))
    assert [project.decision(*call) for call in calls] == ["ask", "ask"]
    assert "so many files" in project.reason(*calls[0])
    monkeypatch.setattr(below, "MOST_ENTRIES", 5)
    told: list[tuple[str, list[str]]] = []
    with pytest.raises(TooManyError):
        told.extend(below.files_below(str(project.root / "src")))
    assert 0 < sum(len(names) for _, names in told) <= 5
    assert list(below.files_below(str(project.root / "gone"))) == []


def test_a_closed_file_behind_thousands_of_others_is_found(project: Project) -> None:
    many = project.root / "many"
    for folder in range(8):
        (many / f"{folder}").mkdir(parents=True)
        for number in range(700):
            (many / f"{folder}" / f"{number}.ts").touch()
    (many / "z/deep").mkdir(parents=True)
    (many / "z/deep/.env").write_text("UNUSUAL_NAME=x\n")
    for command in ("grep -rn UNUSUAL_NAME many", "cp -r many /tmp/x", "tar cf /tmp/x.tar many"):
        assert project.decision("Bash", {"command": command}) == "deny", command
    assert project.decision("Bash", {"command": "grep -rn useState many"}) == "pass"


def test_a_folder_of_packages_is_searched_only_where_it_is_named(project: Project) -> None:
    package = project.root / "node_modules/p"
    package.mkdir(parents=True)
    (package / ".env").write_text("UNUSUAL_NAME=x\n")
    assert project.decision("Bash", {"command": "grep -rn UNUSUAL_NAME node_modules"}) == "deny"
    assert project.decision("Bash", {"command": "grep -rn useState node_modules"}) == "pass"
    assert project.decision("Bash", {"command": "rm -rf node_modules"}) == "pass"


def test_a_guard_file_that_is_a_link_is_guarded_where_it_lies(project: Project) -> None:
    dotfiles = project.home / "dotfiles"
    dotfiles.mkdir()
    (dotfiles / "settings.json").write_text("{}")
    (project.home / ".claude").mkdir()
    (project.home / ".claude/settings.json").symlink_to(dotfiles / "settings.json")
    (project.root / "config.yaml").write_text("protected-files: {mode: auto}\n")
    (project.root / ".nightlatch.yaml").symlink_to("config.yaml")
    for path in (dotfiles / "settings.json", project.root / "config.yaml"):
        assert project.decision("Write", {"file_path": str(path), "content": "{}"}) == "deny", path
    assert project.decision("Write", {"file_path": str(dotfiles / "other.json"), "content": "{}"}) == "pass"
