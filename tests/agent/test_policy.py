"""What the policy says of files, however they are spelled, and what holds without one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nightlatch.agent.spelling import as_posix
from tests.support.agent import Project

NO_CONFIGURATION = ""


def read(project: Project, path: str | Path, **arguments: Any) -> str:
    return project.decision("Read", {"file_path": str(path)} | arguments)


def write(project: Project, path: str | Path, content: str = "x\n") -> str:
    return project.decision("Write", {"file_path": str(path), "content": content})


CLOSED = [".env", ".env.production", ".envrc", "apps/api/.env", "secrets/prod.yaml", "certs/server.key"]
OPEN = [".env.example", "src/app.ts", "README.md", "tests/fixtures/test.pem", "certs/server.crt"]


@st.composite
def respelled(draw: st.DrawFn, paths: list[str], *, fold: bool) -> str:
    """Another spelling of one of the paths: each of them means the same file."""
    parts = draw(st.sampled_from(paths)).split("/")
    spelled: list[str] = []
    for part in parts:
        spelled += draw(st.lists(st.sampled_from([".", "", "src/..", "docs/./..", "gone/.."]), max_size=2))
        spelled.append(draw(st.sampled_from([part, part.upper(), part.title()])) if fold else part)
    return "/".join(spelled)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(path=respelled(CLOSED, fold=True), style=st.sampled_from(["absolute", "relative", "home", "address", "linked"]))
def test_a_closed_file_is_closed_in_every_spelling(tree: Project, path: str, style: str) -> None:
    assert read(tree, in_style(tree, path, style)) == "deny"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(path=respelled(OPEN, fold=False), style=st.sampled_from(["absolute", "relative", "home", "address", "linked"]))
def test_an_open_file_is_open_in_every_spelling(tree: Project, path: str, style: str) -> None:
    assert read(tree, in_style(tree, path, style)) == "pass"


def in_style(project: Project, path: str, style: str) -> str:
    absolute = f"{project.root}/{path}"
    if style == "home":
        return f"~/../../workspace/app/{path}"
    if style == "linked":
        link = project.root.parent / "linked"
        if not link.is_symlink():
            link.symlink_to(project.root)
        return f"{link}/{path}"
    return {"absolute": absolute, "relative": path.lstrip("/"), "address": f"file://{absolute}"}[style]


def test_links_are_followed_and_their_own_names_count_too(tree: Project) -> None:
    assert read(tree, "docs/notes.txt") == "deny"
    assert read(tree, "docs/arch.md", limit=5) == "deny"
    assert read(tree, "docs/arch.md") == "pass"


def test_a_second_hard_link_is_the_same_file(project: Project) -> None:
    os.link(project.root / ".env", project.root / "src" / "plain.txt")
    os.link(project.root / "src/app.ts", project.root / "src" / "other.ts")
    assert read(project, "src/plain.txt") == "deny"
    assert write(project, "src/plain.txt") == "deny"
    assert read(project, "src/other.ts") == "pass"


def test_a_path_that_goes_up_behind_a_link_is_taken_in_both_ways(project: Project) -> None:
    (project.root / "deep" / "er").mkdir(parents=True)
    (project.root / "to").symlink_to("deep/er")
    (project.root / "deep" / ".env").write_text("A=b\n")
    assert read(project, "to/../.env") == "deny"
    (project.root / ".env").unlink()
    (project.root / "deep" / ".env").unlink()
    project.configure("protected-files: {rules: [{id: a, paths: [/deep/x], read: deny}]}")
    assert read(project, "to/../x") == "deny"
    assert read(project, "x") == "pass"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("C:\\src\\.env", "C:/src/.env"),
        ("c:\\src\\.env. ", "C:/src/.env"),
        ("\\\\?\\C:\\src\\.env", "C:/src/.env"),
        ("C:\\src\\.env::$DATA", "C:/src/.env"),
        ("C:\\a\\..\\.env", "C:/a/../.env"),
        ("\\\\server\\share\\.env", "//server/share/.env"),
    ],
)
def test_spellings_of_windows(written: str, meant: str) -> None:
    assert as_posix(written, is_windows=True) == meant
    assert as_posix(written, is_windows=False) == written


def test_within_a_rule_the_last_pattern_wins_and_between_rules_the_strictest(project: Project) -> None:
    project.configure(
        """
        protected-files:
          rules:
            - {id: a, paths: ["*.txt", "!/free/*.txt"], read: ask}
            - {id: b, paths: [/shut.txt], read: deny}
            - {id: c, paths: ["**/*.txt"], read: allow}
        """
    )
    assert [read(project, path) for path in ("a.txt", "free/a.txt", "shut.txt", "a.md")] == [
        "ask",
        "pass",
        "deny",
        "pass",
    ]


WINDOWS: list[tuple[dict[str, Any], str]] = [
    ({}, "pass"),
    ({"offset": 0}, "pass"),
    ({"offset": 1}, "pass"),
    ({"limit": 620}, "pass"),
    ({"limit": 2000}, "pass"),
    ({"offset": 0, "limit": 620}, "pass"),
    ({"limit": None, "offset": None}, "pass"),
    ({"limit": 620.0}, "pass"),
    ({"limit": "620"}, "pass"),
    ({"limit": 619}, "deny"),
    ({"offset": 2}, "deny"),
    ({"offset": 2, "limit": 5000}, "deny"),
    ({"offset": 1, "limit": 619}, "deny"),
    ({"limit": 0}, "deny"),
    ({"limit": -1}, "deny"),
    ({"pages": "1-2"}, "deny"),
    ({"view_range": [1, -1]}, "pass"),
    ({"view_range": [1, 620]}, "pass"),
    ({"view_range": [10, 20]}, "deny"),
    ({"startLine": 1, "endLine": 620}, "pass"),
    ({"startLine": 1, "endLine": 10}, "deny"),
]


@pytest.mark.parametrize(("arguments", "expected"), WINDOWS)
def test_a_part_is_measured_against_the_real_file(tree: Project, arguments: dict[str, Any], expected: str) -> None:
    assert read(tree, "CLAUDE.md", **arguments) == expected


def test_the_reason_gives_the_call_to_make_instead(tree: Project) -> None:
    reason = tree.reason("Read", {"file_path": "docs/../CLAUDE.md", "limit": 3})
    path = str(tree.root / "CLAUDE.md")
    assert f'Read with file_path="{path}" and no offset and no limit' in reason
    assert "620 lines" in reason
    assert read(tree, path) == "pass"
    assert ".env.example" in tree.reason("Read", {"file_path": ".env"})
    assert read(tree, ".env.example") == "pass"


def test_a_file_without_a_last_newline_and_an_empty_one(project: Project) -> None:
    project.configure("protected-files: {rules: [{id: whole, paths: [/w/**], read: whole}]}")
    (project.root / "w").mkdir()
    (project.root / "w/a").write_text("1\n2\n3")
    (project.root / "w/b").write_text("")
    assert [read(project, "w/a", limit=count) for count in (2, 3)] == ["deny", "pass"]
    assert read(project, "w/b", limit=1) == "pass"
    assert read(project, "w/gone", limit=1) == "pass"


def test_grep_shows_a_part(tree: Project) -> None:
    for path, expected in (("CLAUDE.md", "deny"), ("src/app.ts", "pass")):
        assert tree.decision("Grep", {"pattern": "line", "path": path, "output_mode": "content"}) == expected
    assert tree.decision("Grep", {"pattern": "line", "path": "CLAUDE.md", "output_mode": "count"}) == "pass"


def test_where_agents_may_write(tree: Project) -> None:
    assert write(tree, "src/new.ts") == "pass"
    for path in ("lib/new.ts", "src/../lib/a.ts", "/etc/hosts", "SRC/../x"):
        assert write(tree, path) == "deny", path
    assert [write(tree, path) for path in ("/dev/null", "/dev/fd/2")] == ["pass", "pass"]
    assert write(tree, "/dev/fd/../../etc/hosts") == "deny"
    assert tree.decision("Edit", {"file_path": "lib/a", "old_string": "", "new_string": "x"}) == "deny"
    assert tree.decision("NotebookEdit", {"notebook_path": "lib/a.ipynb", "new_source": "x"}) == "deny"
    assert tree.decision("Delete", {"path": "README.md"}) == "deny"


def test_neither_a_neighbour_nor_a_link_is_a_way_out(project: Project) -> None:
    project.configure("protected-files: {write-allowed: [/src/**]}")
    (project.root / "src" / "out").symlink_to(project.home)
    assert write(project, "src/a.ts") == "pass"
    for path in ("../app-evil/src/a.ts", "../app/src/../lib/a.ts", "src/out/.bashrc", "../app-evil/../app/b"):
        assert write(project, path) == "deny", path


def test_scratch_space_is_not_a_project_that_lies_in_it(project: Project) -> None:
    around = project.root.parent.as_posix()
    project.configure(f'protected-files: {{write-allowed: [/src/**, "/{around}/**"]}}')
    assert [write(project, path) for path in ("../x", "src/x", "lib/x")] == ["pass", "pass", "deny"]
    project.configure('protected-files: {write-allowed: [/src/**, "//tmp/**"]}')
    expected = dict.fromkeys((f"/{'tmp'}/x", "src/x"), "pass") | dict.fromkeys(("lib/x", "../x", "~/x"), "deny")
    assert {path: write(project, path) for path in expected} == expected
    project.configure(f'protected-files: {{write-allowed: ["/{around}/**"]}}')
    assert write(project, "lib/x") == "pass"
    project.configure('protected-files: {write-allowed: [/src/**, "//**"]}')
    assert write(project, "lib/x") == "pass"


def test_where_agents_may_read(project: Project) -> None:
    project.configure('protected-files: {read-allowed: ["/*", "!/private"]}')
    assert [read(project, path) for path in ("src/a.py", "private/a", "/etc/hosts")] == ["pass", "deny", "deny"]


GUARDS = [
    ".nightlatch.yaml",
    ".nightlatch-baseline.json",
    ".claude/settings.json",
    ".claude/settings.local.json",
    ".claude/hooks/guard.py",
    ".codex/hooks.json",
    ".codex/config.toml",
    ".cursor/hooks.json",
    ".github/hooks/guard.json",
    ".git/hooks/pre-commit",
    "sub/.claude/settings.json",
    "~/.claude/settings.json",
    "~/.codex/config.toml",
    "~/.cursor/hooks.json",
    "~/.copilot/hooks/a.json",
    "/etc/claude-code/managed-settings.json",
]

LOOSE = """
protected-files:
  mode: auto
  rules: [{id: all, paths: ["//**"], read: allow, write: allow, metadata: allow, consume: allow}]
  write-allowed: ["//**"]
  hook-bypass: allow
"""


@pytest.mark.parametrize("configuration", [NO_CONFIGURATION, LOOSE], ids=["without a policy", "under a loose one"])
def test_guard_files_are_never_written(project: Project, configuration: str) -> None:
    if configuration:
        project.configure(configuration)
    cache = os.environ["NIGHTLATCH_CACHE_DIR"]
    for path in (*GUARDS, f"{cache}/config-00.cache", str(project.log), f"{project.log}.1.gz"):
        assert write(project, path) == "deny", path
        assert tree_edit(project, path) == "deny", path
    for path in (".pre-commit-config.yaml", ".husky/pre-commit", "~/.gitconfig", ".git/config"):
        assert write(project, path) == "ask", path
    assert read(project, ".claude/settings.json") == "pass"


def tree_edit(project: Project, path: str) -> str:
    return project.decision("Edit", {"file_path": path, "old_string": "a", "new_string": "b"})


def test_a_folder_goes_with_what_lies_in_it(project: Project) -> None:
    for folder in (".claude", ".git", "apps"):
        assert project.decision("Delete", {"path": folder}) == "deny", folder
    assert project.decision("Delete", {"path": "docs"}) == "pass"


def test_without_a_policy_secret_files_are_closed(project: Project) -> None:
    (project.root / "prod.pem").write_text("-----BEGIN " + "PRIVATE KEY-----\n")
    (project.root / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    (project.root / "state.tfstate").write_text("{}")
    closed = (".env", ".env.local", "apps/api/.env", ".envrc", "prod.pem", "state.tfstate", "~/.aws/credentials")
    for path in (*closed, "~/.ssh/id_ed25519", "~/.ssh/id_rsa"):
        assert read(project, path) == "deny", path
        assert write(project, path) == "deny", path
    for path in (".env.example", "ca.pem", "~/.ssh/id_ed25519.pub", "~/.ssh/config", "src/env.ts", "package.json"):
        assert read(project, path) == "pass", path
    for tool in ("Glob", "LS"):
        assert project.decision(tool, {"path": ".", "pattern": "**/.env*"}) == "pass"


OF_A_TEAM = {
    "no rules": ("mode: auto", "deny"),
    "a file that is read whole": ("rules: [{id: guidance, paths: [/CLAUDE.md], read: whole}]", "deny"),
    "a file that is asked about": ("rules: [{id: a, paths: [/mine], read: ask, write: deny}]", "deny"),
    "a file that is opened": ("rules: [{id: a, paths: [.env], read: allow}]", "deny"),
    "a list of closed files": ("rules: [{id: mine, paths: [/mine], read: deny}]", "pass"),
}


@pytest.mark.parametrize(("section", "expected"), OF_A_TEAM.values(), ids=OF_A_TEAM)
def test_a_team_s_own_list_of_closed_files_takes_the_place_of_the_built_in_one(
    project: Project, section: str, expected: str
) -> None:
    project.configure(f"protected-files: {{{section}}}")
    for path in (".env", "apps/api/.env", "~/.ssh/id_ed25519", "~/.aws/credentials"):
        assert read(project, path) == expected, path
    assert project.decision("Bash", {"command": "cat .env"}) == expected
    search = {"pattern": "not-real", "output_mode": "content", "path": "apps"}
    assert project.decision("Grep", search) == expected


def test_metadata_and_hand_over_have_words_of_their_own(project: Project) -> None:
    project.configure("protected-files: {rules: [{id: hidden, paths: [/hidden/**], metadata: deny}]}")
    assert project.decision("Glob", {"pattern": "*", "path": "hidden/a"}) == "deny"
    assert project.decision("Glob", {"pattern": "*", "path": "src"}) == "pass"


SEARCHES: list[tuple[dict[str, Any], str]] = [
    ({"pattern": "not-real", "output_mode": "content"}, "deny"),
    ({"pattern": "DATABASE_URL=", "output_mode": "content", "path": "apps"}, "deny"),
    ({"pattern": ".*", "output_mode": "content"}, "deny"),
    ({"pattern": "x|DATABASE", "output_mode": "content"}, "deny"),
    ({"pattern": "anything", "output_mode": "content", "glob": ".env*"}, "deny"),
    ({"pattern": "anything", "output_mode": "content", "glob": "**/.env{,.local}"}, "deny"),
    ({"pattern": "anything", "output_mode": "content", "glob": "*.key"}, "deny"),
    ({"pattern": "not-real", "output_mode": "content", "glob": "!.env*", "path": "apps"}, "pass"),
    ({"pattern": "line", "output_mode": "content"}, "pass"),
    ({"pattern": "TODO|FIXME", "output_mode": "content"}, "pass"),
    ({"pattern": "not-real"}, "pass"),
    ({"pattern": "not-real", "output_mode": "files_with_matches", "glob": ".env*"}, "pass"),
    ({"pattern": "not-real", "output_mode": "content", "glob": "*.ts"}, "pass"),
    ({"pattern": "not-real", "output_mode": "content", "path": "docs"}, "pass"),
]


@pytest.mark.parametrize(("arguments", "expected"), SEARCHES)
def test_a_search_that_would_show_lines_of_closed_files(
    tree: Project, arguments: dict[str, Any], expected: str
) -> None:
    assert tree.decision("Grep", arguments) == expected


def test_what_git_ignores_is_not_searched(project: Project) -> None:
    search = {"pattern": "not-real", "output_mode": "content"}
    assert project.decision("Grep", search) == "deny"
    (project.root / ".gitignore").write_text(".env*\n*.key\nsecrets\n")
    assert project.decision("Grep", search) == "pass"
    assert project.decision("Grep", search | {"glob": ".env"}) == "deny"
