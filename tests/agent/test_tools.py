"""What each tool's arguments mean, those of unknown tools and of MCP servers among them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.agent import effects, tools
from nightlatch.agent.call import Call
from nightlatch.agent.edits import LINES_AROUND, changed_part
from nightlatch.agent.patch import changes
from nightlatch.agent.place import Place
from nightlatch.agent.tool_names import words_of
from tests.support.agent import Project
from tests.support.tokens import github_token


def told(project: Project, tool: str, arguments: dict[str, Any]) -> list[str]:
    """The effects of a call in a few words: `Read .env`, `Write a.txt -`."""
    call = Call("claude-code", tool, arguments, folder=str(project.root))
    place = Place(str(project.root), str(project.home))
    return [_in_words(effect, project) for effect in tools.effects_of(call, place)]


def _in_words(effect: object, project: Project) -> str:
    words = [type(effect).__name__]
    path = getattr(effect, "path", getattr(effect, "folder", None))
    if path is not None:
        words.append(path.replace(f"{project.root}/", "").replace(str(project.home), "~"))
    if isinstance(effect, effects.Write) and effect.is_removal:
        words.append("-")
    return " ".join(words)


CALLS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("Read", {"file_path": "a"}, ["Read a"]),
    ("NotebookRead", {"notebook_path": "a.ipynb"}, ["Read a.ipynb"]),
    ("view", {"path": "src"}, ["Metadata src"]),
    ("read_file", {"filePath": "~/a"}, ["Read ~/a"]),
    ("Write", {"file_path": "a", "content": "x"}, ["Write a"]),
    ("create", {"path": "a", "file_text": "x"}, ["Write a"]),
    ("MultiEdit", {"file_path": "a", "edits": [{"old_string": "", "new_string": "x"}] * 2}, ["Write a"]),
    (
        "multi_replace_string_in_file",
        {"replacements": [{"filePath": "a", "newString": ""}, {"filePath": "b"}]},
        ["Write a", "Write b"],
    ),
    ("str_replace_editor", {"command": "view", "path": "a"}, ["Read a"]),
    ("str_replace_editor", {"command": "create", "path": "a", "file_text": ""}, ["Write a"]),
    ("str_replace_editor", {"command": "str_replace", "path": "a", "old_str": "x", "new_str": ""}, ["Write a"]),
    ("Delete", {"path": "a"}, ["Write a -"]),
    ("Glob", {"pattern": "**/.env*"}, []),
    ("LS", {"path": "src"}, ["Metadata src"]),
    ("Grep", {"pattern": "x"}, []),
    ("Grep", {"pattern": "x", "path": "src", "output_mode": "content"}, ["Search src"]),
    ("TodoWrite", {"todos": [{"content": ".env"}]}, []),
    ("WebFetch", {"url": "https://a.example/.env", "prompt": ".env"}, ["Content", "Content"]),
    ("WebFetch", {"url": "file:///x/.env"}, ["Content", "Read /x/.env"]),
    ("mcp__fs__read_file", {"path": ".env"}, ["Content", "Read .env"]),
    ("mcp__fs__read_multiple_files", {"paths": [".env", "b"]}, ["Content", "Read b", "Content", "Read .env"]),
    ("mcp__fs__write_file", {"path": "a", "content": "x"}, ["Content", "Content", "Write a"]),
    ("mcp__fs__delete_file", {"path": "a"}, ["Content", "Write a -"]),
    (
        "mcp__fs__move_file",
        {"source": "a", "destination": "b"},
        ["Content", "Read b", "Write b", "Content", "Read a", "Write a -"],
    ),
    ("mcp__fs__list_directory", {"path": "src"}, ["Content", "Metadata src"]),
    ("mcp__fs__get_file_info", {"path": ".env"}, ["Content", "Metadata .env"]),
    ("mcp__x__y", {"thing": {"deep": [{"uri": "file:///x/.env"}]}}, ["Content", "Read /x/.env"]),
    ("mcp__x__y", {"anything": ".env"}, ["Content", "Read .env"]),
    ("mcp__x__y", {"anything": "not there"}, ["Content"]),
    ("mcp__x__y", {"title": ".env"}, ["Content"]),
    ("mcp__postgres__query", {"sql": "DROP TABLE a"}, ["Content", "Sql"]),
    ("mcp__supabase__execute_sql", {"query": "SELECT 1"}, ["Content", "Sql"]),
    ("mcp__github__search", {"query": "DROP TABLE"}, ["Content"]),
    ("mcp__git__git_show", {"revision": "HEAD:.env"}, ["Content", "Read .env"]),
    ("mcp__fs__read", {"uri": "file:///x/.env?a#b"}, ["Content", "Read /x/.env", "Read /x/.env?a#b"]),
    ("mcp__x__query", {"sql": "DROP TABLE a"}, ["Content", "Sql"]),
    ("mcp__serena__replace_symbol_body", {"name_path": "Foo", "relative_path": "a"}, ["Content", "Write a", "Content"]),
    ("mcp__fs__search", {"path": "src", "pattern": "x"}, ["Content", "Content", "Search src"]),
    ("mcp__fs__search_files", {"path": "src", "pattern": "*.ts"}, ["Content", "Content", "Metadata src"]),
    ("mcp__x__open", {"name": "~/.ssh/id_ed25519"}, ["Content", "Read ~/.ssh/id_ed25519"]),
    ("mcp__ide__executeCode", {"code": "print(open('.env').read())"}, ["Content", "Read .env", "Named .env"]),
    ("mcp__x__browser_run_code", {"code": "await page.click('a')"}, ["Content"]),
    ("REPL", {"code": "require('fs').readFileSync('.env')"}, ["Content", "Named .env", "Read .env"]),
    ("WebSearch", {"query": "x"}, ["Content"]),
    ("Read", {"file_path": "a", "path": ".env", "paths": ["b"]}, ["Read a", "Read .env", "Read b"]),
    ("Write", {"file_path": "a", "path": ".env", "content": ""}, ["Write a", "Write .env"]),
    ("write_stdin", {"chars": "cat .env\n"}, ["Content", "Read .env"]),
    ("write_stdin", {"chars": "y\n"}, ["Content"]),
    ("UnknownReader", {"file": ".env"}, ["Content", "Read .env"]),
]


@pytest.mark.parametrize(("tool", "arguments", "expected"), CALLS)
def test_what_a_call_would_do(tree: Project, tool: str, arguments: dict[str, Any], expected: list[str]) -> None:
    assert told(tree, tool, arguments) == expected


def test_a_search_without_a_folder_is_in_the_current_one(tree: Project) -> None:
    assert told(tree, "Grep", {"pattern": "x", "output_mode": "content"}) == [f"Search {tree.root}"]


PATCH = """*** Begin Patch
*** Add File: src/new.ts
+one
*** Update File: src/app.ts
*** Move to: lib/app.ts
@@ here
 context
-old
+new
*** Delete File: .env
*** End Patch
"""


def test_a_patch_names_each_file_that_it_touches(tree: Project) -> None:
    expected = ["Write src/new.ts", "Write src/app.ts", "Write src/app.ts -", "Write lib/app.ts", "Write .env -"]
    assert told(tree, "apply_patch", {"command": PATCH}) == expected
    assert [change.added for change in changes(PATCH)] == [["one"], ["context", "new"], []]
    answer = tree.answer(tree.event("apply_patch", {"command": PATCH}), "codex")
    assert ".env may not be removed" in answer.error


def test_the_words_of_a_name() -> None:
    assert words_of("mcp__fs__readTextFile") == ["mcp", "fs", "read", "text", "file"]
    assert words_of("PATH") == ["path"]


TEXTS = st.text(alphabet="ab\n", max_size=60)


@given(TEXTS, st.lists(st.tuples(TEXTS, TEXTS, st.booleans()), max_size=3))
def test_an_edit_s_part_holds_every_new_text(before: str, replacements: list[tuple[str, str, bool]]) -> None:
    """What an edit brings stands in the part, wherever it lands and whether it fits or not."""
    part = changed_part(before, replacements)
    after = before
    for old, new, everywhere in replacements:
        if old and old in after:
            after = after.replace(old, new, -1 if everywhere else 1)
        elif before:
            assert new in part
    added = {line for line in after.split("\n") if line not in before.split("\n")}
    assert all(line in part for line in added)


def test_an_edit_is_seen_with_the_lines_around_it() -> None:
    before = "".join(f"line {number}\n" for number in range(500))
    part = changed_part(before, [("line 250\n", "changed\n", False)])
    lines = part.splitlines()
    assert lines[LINES_AROUND] == "changed"
    assert (lines[0], lines[-1]) == (f"line {250 - LINES_AROUND}", f"line {250 + LINES_AROUND}")
    assert changed_part(before, [("line 3\n", "line 3\n", False)]) == ""
    assert changed_part("", [("", "new\n", False)]) == "new\n"


def test_files_that_are_named_by_patterns_are_read(tree: Project) -> None:
    assert told(tree, "read_many_files", {"include": [".env*"], "paths": ["a"]}) == ["Read a", f"Search {tree.root}"]
    for include, decision in (([".env*"], "deny"), (["src/*.ts"], "pass")):
        assert tree.decision("read_many_files", {"include": include}) == decision


def test_a_read_from_the_end_is_a_part(tree: Project) -> None:
    assert tree.decision("Read", {"file_path": "CLAUDE.md", "offset": -5}) == "deny"
    assert (
        tree.decision("mcp__serena__read_file", {"relative_path": "CLAUDE.md", "start_line": 0, "end_line": 5})
        == "deny"
    )
    assert tree.decision("mcp__serena__read_file", {"relative_path": "CLAUDE.md"}) == "pass"


COMMANDS: list[tuple[str, dict[str, Any]]] = [
    ("exec_command", {"cmd": "cat prod.yaml", "workdir": "secrets"}),
    ("shell", {"command": ["cat", "prod.yaml"], "workdir": "secrets"}),
    ("Bash", {"command": "cat secrets/prod.yaml", "workdir": "src"}),
    ("shell", {"command": ["apply_patch", "*** Begin Patch\n*** Delete File: .nightlatch.yaml\n*** End Patch"]}),
    ("write_stdin", {"chars": "cat .env\n"}),
    ("mcp__x__execute", {"cmd": ["cat", ".env"]}),
    ("mcp__x__run", {"command": "cat", "args": [".env"]}),
    ("mcp__repl__run_python", {"code": "import os; os.system('cat .env')"}),
]


@pytest.mark.parametrize(("tool", "arguments"), COMMANDS)
def test_commands_in_other_forms(tree: Project, tool: str, arguments: dict[str, Any]) -> None:
    assert tree.decision(tool, arguments) == "deny"


def test_a_secret_in_a_web_search_is_refused(tree: Project) -> None:
    assert tree.decision("WebSearch", {"query": f"what is {github_token('search')}"}) == "deny"
    assert tree.decision("Task", {"prompt": "look at .env"}) == "pass"
