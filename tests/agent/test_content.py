"""What is about to be written passes the checks of a commit first."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.secrets.first_look import may_hold
from nightlatch.secrets.rules import RULES
from nightlatch.secrets.scan import Scanner
from tests.support.agent import Project
from tests.support.tokens import github_token, line_with_token

TOKEN = github_token("content")
LINE = f'TOKEN = "{TOKEN}"\n'

CARRIERS: dict[str, tuple[str, dict[str, Any]]] = {
    "Write": ("Write", {"file_path": "src/a.py", "content": LINE}),
    "Write in tests": ("Write", {"file_path": "tests/a.py", "content": LINE}),
    "Edit": ("Edit", {"file_path": "src/a.py", "old_string": "a\n", "new_string": LINE}),
    "an Edit that doesn't fit": ("Edit", {"file_path": "src/a.py", "old_string": "gone", "new_string": LINE}),
    "MultiEdit": ("MultiEdit", {"file_path": "src/a.py", "edits": [{"old_string": "c", "new_string": LINE}]}),
    "NotebookEdit": ("NotebookEdit", {"notebook_path": "src/a.ipynb", "new_source": LINE}),
    "apply_patch": ("apply_patch", {"command": f"*** Begin Patch\n*** Add File: src/b.py\n+{LINE}*** End Patch"}),
    "MCP": ("mcp__github__create_issue", {"title": "x", "body": LINE}),
    "MCP, deep": ("mcp__fs__write", {"files": [{"path": "src/a", "content": LINE}]}),
    "WebFetch": ("WebFetch", {"url": f"https://a.example/?token={TOKEN}", "prompt": "x"}),
}


@pytest.mark.parametrize(("tool", "arguments"), CARRIERS.values(), ids=CARRIERS)
def test_a_secret_is_refused_and_never_told(project: Project, tool: str, arguments: dict[str, Any]) -> None:
    answer = project.answer(project.event(tool, arguments))
    assert answer.code == 2
    assert "SEC301" in answer.error
    assert TOKEN not in answer.error + answer.output
    assert TOKEN not in project.log.read_text()


def test_what_stands_in_the_file_already_is_no_news(project: Project) -> None:
    (project.root / "src/old.py").write_text("a = 1\n" + LINE + "b = 2\n")
    edit = {"file_path": "src/old.py", "old_string": "b = 2", "new_string": "b = 3"}
    assert project.decision("Edit", edit) == "pass"
    assert project.decision("Write", {"file_path": "src/old.py", "content": LINE}) == "pass"
    assert project.decision("Edit", edit | {"new_string": line_with_token("another")}) == "deny"


def test_an_edit_is_judged_with_the_line_it_lands_in(project: Project) -> None:
    head, tail = TOKEN[:20], TOKEN[20:]
    (project.root / "src/half.py").write_text(f'TOKEN = "{head}"\n')
    edit = {"file_path": "src/half.py", "old_string": f'{head}"', "new_string": f'{head}{tail}"'}
    assert project.decision("Edit", edit) == "deny"
    assert project.decision("Edit", edit | {"old_string": '"\n', "new_string": f'{tail}"\n'}) == "deny"


def test_the_agent_s_own_note_is_for_a_person_to_judge(project: Project) -> None:
    allowed = LINE.rstrip() + "  # nightlatch: allow SEC301 -- an example\n"
    assert project.decision("Write", {"file_path": "src/a.py", "content": allowed}) == "ask"


def test_what_the_configuration_says_counts(project: Project) -> None:
    call = ("Write", {"file_path": "src/a.py", "content": LINE})
    for configuration, expected in (
        ("rules: {SEC301: off}", "pass"),
        ("rules: {SEC301: info}", "pass"),
        ("exclude: [/src/a.py]", "pass"),
        ("protected-files: {secrets-in-content: ask}", "ask"),
        ("protected-files: {secrets-in-content: allow}", "pass"),
        ("profile: strict", "deny"),
    ):
        project.configure(configuration)
        assert project.decision(*call) == expected, configuration
        assert TOKEN not in project.log.read_text()


def test_rules_of_a_team_count_too(project: Project) -> None:
    project.configure("secrets: {custom-rules: [{id: ACME001, pattern: 'acme_[a-z0-9]{32}', keywords: [acme_]}]}")
    content = "k = '" + "acme_" + "k3j9x7q2m5n8p1r4" * 2 + "'\n"
    assert "ACME001" in project.reason("Write", {"file_path": "src/a.py", "content": content})


def test_an_organisation_s_floor_counts(project: Project) -> None:
    floor = project.home / "policy.yaml"
    floor.write_text("rules: {SEC301: error}\n")
    project.configure("rules: {SEC301: off}")
    project.variables["NIGHTLATCH_POLICY"] = str(floor)
    assert project.decision("Write", {"file_path": "src/a.py", "content": LINE}) == "deny"
    assert project.decision("Write", {"file_path": str(floor), "content": "rules: {}"}) == "deny"


EXAMPLES = [example for rule in RULES for example in rule.positive]


@given(st.lists(st.sampled_from(EXAMPLES) | st.text(max_size=30), max_size=3))
def test_the_first_look_misses_nothing(parts: list[str]) -> None:
    text = " ".join(parts).encode("utf-8", "replace")
    if list(Scanner(RULES).matches(text)):
        assert may_hold(text)


TOKEN_IN_PARTS = github_token("escaped")
HEAD, TAIL = TOKEN_IN_PARTS[:8], TOKEN_IN_PARTS[8:]
CODE = f"{ord(HEAD[0]):02x}"

ESCAPED = {
    "of JSON": f"a = '\\u00{CODE}{TOKEN_IN_PARTS[1:]}'",
    "all of it": "a = '" + "".join(f"\\u{ord(letter):04x}" for letter in TOKEN_IN_PARTS) + "'",
    "of JavaScript": f"a = '\\u{{{CODE}}}{TOKEN_IN_PARTS[1:]}'",
    "of C": f"a = '\\x{CODE}{TOKEN_IN_PARTS[1:]}'",
    "octal": f"a = '\\{ord(HEAD[0]):03o}{TOKEN_IN_PARTS[1:]}'",
    "of a URL": f"a = '%{CODE}{TOKEN_IN_PARTS[1:]}'",
    "of HTML": f"a = '&#{ord(HEAD[0])};{TOKEN_IN_PARTS[1:]}'",
    "of HTML, hexadecimal": f"a = '&#x{CODE};{TOKEN_IN_PARTS[1:]}'",
    "joined": f'a = "{HEAD}" + "{TAIL}"',
    "joined over a line": f"a = '{HEAD}' +\n    '{TAIL}'",
    "joined with other quotes": f"a = `{HEAD}` + '{TAIL}'",
    "joined in PHP": f"$a = '{HEAD}' . '{TAIL}';",
    "joined in SQL": f"select '{HEAD}' || '{TAIL}'",
    "beside each other": f'a = ("{HEAD}"\n     "{TAIL}")',
    "on two lines": f'a = "{HEAD}\\\n{TAIL}"',
    "with NULs": "\0".join(f"a = '{TOKEN_IN_PARTS}'"),
}
"""How one and the same token may be written."""


@pytest.mark.parametrize("text", ESCAPED.values(), ids=ESCAPED)
def test_a_token_in_parts_or_in_code_numbers_is_found(project: Project, text: str) -> None:
    call = {"file_path": "src/new.py", "content": text}
    assert project.decision("Write", call) == "deny"
    (project.root / "src/new.py").write_text(text)
    assert project.decision("Write", call) == "pass", "it is no news"


IN_A_SHELL = {
    "two parts": f'tool "{HEAD}""{TAIL}"',
    "other quotes": f"tool '{HEAD}'\"{TAIL}\"",
    "a part": f'tool {HEAD}"{TAIL}"',
    "two lines": f"tool {HEAD}\\\n{TAIL}",
}


@pytest.mark.parametrize("command", IN_A_SHELL.values(), ids=IN_A_SHELL)
def test_a_token_in_parts_is_found_in_a_command(project: Project, command: str) -> None:
    assert project.decision("Bash", {"command": command}) == "deny"
    assert TAIL not in project.log.read_text()


def test_what_only_looks_like_parts_is_passed_by(project: Project) -> None:
    usual = "url = 'https://a.example/%20x?y=%67'; b = 'a' + 'b' + \"c\"; c = '\\u0041\\x42'; d = \"isn't\""
    assert project.decision("Write", {"file_path": "src/new.py", "content": usual}) == "pass"
    assert project.decision("Bash", {"command": f'tool "{HEAD}" "{TAIL}"'}) == "pass"
