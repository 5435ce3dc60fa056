"""What clients do with a text before the server sees it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nightlatch.agent.sql import classify
from nightlatch.agent.sql.client_commands import Opened, opened
from nightlatch.agent.sql.psql_commands import pieces

FILES = {"a.sql": "DROP TABLE a;\n", "b.sql": "\\i a.sql\n", "loop.sql": "\\i loop.sql\n"}


def read(name: str, *, is_relative: bool) -> str | None:
    del is_relative
    return FILES.get(name)


def open_(text: str, client: str = "psql", **variables: str) -> Opened:
    return opened(text, client, variables, read)


@pytest.mark.parametrize(("client", "text"), [
    ("psql", "\\i a.sql"), ("psql", "\\ir 'a.sql'"), ("psql", "\\include a.sql"), ("psql", "\\i b.sql"), ("psql",
    "SELECT 1; \\i a.sql"),
    ("mysql", "source a.sql;"), ("mysql", "SOURCE a.sql"), ("mysql", "\\. a.sql"), ("sqlite3", ".read a.sql"),
    ("sqlplus", "@a.sql"),
    ("sqlcmd", ":r a.sql"), ("snowsql", "!source a.sql"),
])  # fmt: skip
def test_a_file_is_included(client: str, text: str) -> None:
    found = open_(text, client)
    assert "DROP TABLE a" in found.text
    assert found.is_complete


@pytest.mark.parametrize("text", ["\\i nosuch.sql", "\\i loop.sql"])
def test_what_cannot_be_read_is_not_complete(text: str) -> None:
    assert not open_(text).is_complete


@pytest.mark.parametrize(("client", "text", "command"), [
    ("psql", "\\! cat x", "cat x"), ("sqlite3", ".shell cat x", "cat x"), ("sqlite3", ".system cat x", "cat x"),
    ("mysql", "system cat x", "cat x"),
    ("mysql", "\\! cat x", "cat x"), ("psql", "COPY a FROM PROGRAM 'cat x'", "cat x"), ("psql",
    "\\copy a from program 'cat x'", "cat x"),
    ("psql", "SELECT 'a' \\g |cat x", "cat x"), ("psql", "\\set a `cat x`", "cat x"),
    ("psql", "\\echo 'a' `cat x`", "cat x"),
    ("psql", "SELECT 'a\nb'; \\! cat x", "cat x"), ("psql", "\\echo a \\! cat x", "cat x"),
    ("psql", "SELECT E'\\'' \\o |cat x", "cat x"), ("psql", "SELECT $a$ ' $a$ \\! cat x", "cat x"),
    ("psql", "COPY t FROM STDIN;\nit's\n\\.\nSELECT 1 \\g |cat x", "cat x"),
    ("psql", "SELECT 1; \\copy a to program 'cat x'", "cat x"),
    ("psql", "SELECT 1 \\g |cat x", "cat x"), ("psql", "\\o |cat x", "cat x"), ("sqlite3", ".read |cat x", "cat"),
])  # fmt: skip
def test_a_program_is_run(client: str, text: str, command: str) -> None:
    assert command in open_(text, client).commands


@pytest.mark.parametrize(("client", "text", "name"), [
    ("psql", "\\copy a from 'x.csv'", "x.csv"), ("sqlite3", ".import x.csv t", "x.csv"), ("sqlite3",
    "SELECT readfile('x.csv')", "x.csv"),
    ("duckdb", "SELECT * FROM read_csv('x.csv')", "x.csv"),
])  # fmt: skip
def test_a_file_is_read(client: str, text: str, name: str) -> None:
    assert name in open_(text, client).read


@pytest.mark.parametrize(
    ("client", "text"), [("psql", "\\o x"), ("sqlite3", ".output x"), ("sqlite3", ".once x"), ("psql", "\\copy a to x")]
)
def test_a_file_is_written(client: str, text: str) -> None:
    assert open_(text, client).written == ["x"]


def test_variables_are_put_in() -> None:
    assert open_(":verb a", verb="DROP TABLE").text == "DROP TABLE a"
    assert open_("\\set verb 'TRUNCATE'\n:verb a").text == "TRUNCATE a"


@pytest.mark.parametrize("text", [
    "SELECT 'a \\! cat x'", "-- \\! cat x\nSELECT 1", "/* \\! cat x */ SELECT 1", 'SELECT "a\\! cat x"',
    "SELECT $$ \\gexec $$", "SELECT 'a\n\\! cat x'", "\\echo '`cat x`'", "SELECT E'it\\'s \\! cat x'",
])  # fmt: skip
def test_a_backslash_in_a_text_or_a_comment_is_none_of_psqls_commands(text: str) -> None:
    found = open_(text)
    assert found.commands == []
    assert found.is_complete


def test_what_a_query_gives_is_not_known_where_it_is_run() -> None:
    assert not open_("SELECT format('%s', a) FROM b \\gexec").is_complete


def test_a_statement_ends_where_a_command_sends_it() -> None:
    assert [statement.kind for statement in classify(open_("SELECT 1 \\gx\nDROP TABLE a").text)] == [
        "read",
        "destructive",
    ]
    assert [statement.kind for statement in classify(open_("\\echo a \\\\ DROP TABLE a").text)] == ["destructive"]


PARTS = st.sampled_from(
    [
        "'",
        '"',
        "`",
        "$$",
        "$a$",
        "\\",
        "\\\\",
        "\\;",
        "\\g ",
        "\\! ",
        "\\o |",
        ";",
        "--",
        "/*",
        "*/",
        "\n",
        " a ",
        "E'",
        "COPY t FROM stdin;",
    ]
)


@given(st.lists(PARTS, max_size=30).map("".join))
@example("\\")
def test_nothing_of_a_text_is_lost(text: str) -> None:
    found = list(pieces(text))
    kept = "".join(piece for _, piece in found)
    assert all(piece.startswith("\\") for is_command, piece in found if is_command)
    assert "".join(text.replace("\\", "").replace(";", "").split()) == "".join(
        kept.replace("\\", "").replace(";", "").split()
    )


def test_many_statements_take_no_longer_each() -> None:
    assert sum(is_command for is_command, _ in pieces("SELECT 1; \\g\n" * 20_000)) == 20_000
