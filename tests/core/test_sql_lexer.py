"""The lexer of PostgreSQL's SQL: what hides a semicolon, what a string says, and where things stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.core.sql_lexer import Lines, SqlError, clipped, decoded, folded, split, tokens

STATEMENTS = {
    "two": ("a; b", ["a", "b"]),
    "empty ones": (";; a ;;\n; ", ["a "]),
    "string": ("a ';' b; c", ["a ';' b", "c"]),
    "doubled quote": ("a 'it''s;'; c", ["a 'it''s;'", "c"]),
    "backslash is plain": (r"a '\'; c", [r"a '\'", "c"]),
    "E string": (r"a E'\';'; c", [r"a E'\';'", "c"]),
    "a name that ends in e": (r"type'\'; c", [r"type'\'", "c"]),
    "quoted name": ('a ";" b; c', ['a ";" b', "c"]),
    "dollar": ("a $$;$$; c", ["a $$;$$", "c"]),
    "dollar tag": ("a $x$; $$ ; $y$ $x$; c", ["a $x$; $$ ; $y$ $x$", "c"]),
    "a dollar within a name": ("a$b$; c$b$", ["a$b$", "c$b$"]),
    "parameter": ("a $1; b $2", ["a $1", "b $2"]),
    "line comment": ("a -- ;\n b; c", ["a -- ;\n b", "c"]),
    "nested comment": ("a /* /* ; */ ; */ b; c", ["a /* /* ; */ ; */ b", "c"]),
    "leading comments": ("-- x;\n/* ; */ a; -- y\nb", ["a", "b"]),
    "parentheses": ("rule (a; b); c", ["rule (a; b)", "c"]),
    "atomic body": (
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END; c",
        ["CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END", "c"],
    ),
    "begin alone": ("BEGIN; a; END; b", ["BEGIN", "a", "END", "b"]),
    "psql's commands": ("\\connect x; y\na;\n\\echo it's\nb", ["\\connect x; y", "a", "\\echo it's", "b"]),
    "rows of COPY": ("COPY t (a) FROM stdin;\nit's;\n\\.\nb;", ["COPY t (a) FROM stdin", "b"]),
    "rows without an end": ("copy t from STDIN;\nx;y\n", ["copy t from STDIN"]),
    "COPY to a file": ("COPY t TO 'x'; b", ["COPY t TO 'x'", "b"]),
    "drizzle's mark": ("a\n--> statement-breakpoint\nb", ["a\n", "b"]),
    "nothing": (" -- x", []),
}


@pytest.mark.parametrize(("text", "expected"), STATEMENTS.values(), ids=STATEMENTS)
def test_statements(text: str, expected: list[str]) -> None:
    assert [statement.source for statement in split(text)] == expected


VALUES = {
    "'it''s'": "it's",
    "''": "",
    r"'a\n'": r"a\n",
    r"E'a\'b\\\n\t\x41\101\u00e9'": "a'b\\\n\tAA\u00e9",
    r"e'\xc3\xa9'": "\u00e9",
    r"E'\uD83D\uDE00'": "\U0001f600",
    r"E'it''s \q'": "it's q",
    r"U&'\0061\+000062\\'": "ab\\",
    "u&'!0061!!' UESCAPE '!'": "a!",
    "'a'\n  'b'": "ab",
    "'a' -- x\n 'b'": "ab",
    "E'a\\n'\n'\\t'": "a\n\t",
    "$$it's$$": "it's",
    "$x$ $$ $x$": " $$ ",
    "N'x'": "x",
    "B'01'": "01",
}


@pytest.mark.parametrize(("text", "expected"), VALUES.items())
def test_what_a_string_says(text: str, expected: str) -> None:
    assert [(token.kind, token.value) for token in tokens(text)] == [("string", expected)]


def test_strings_on_one_line_are_two() -> None:
    assert [token.value for token in tokens("'a' 'b'")] == ["a", "b"]


def test_names() -> None:
    text = 'Foo "Foo" "a""b" U&"d\\0061" "\u00dc" \u00dcB'
    found = [(token.kind, token.value) for token in tokens(text)]
    assert found == [
        ("word", "foo"), ("quoted", "Foo"), ("quoted", 'a"b'), ("quoted", "da"), ("quoted", "\u00dc"),
        ("word", "\u00dcb"),
    ]  # fmt: skip


def test_signs_and_numbers() -> None:
    found = [token.value for token in tokens("a::text<>1.5e3 x:=$1 /* c */ -1--2\n>=.5")]
    assert found == ["a", "::", "text", "<>", "1.5e3", "x", ":=", "$1", "-", "1", ">=", ".5"]


def test_names_are_cut_at_63_bytes() -> None:
    assert folded("A" * 70) == "a" * 63
    assert clipped("\u00e9" * 40) == "\u00e9" * 31


OPEN = {"a string": "a 'b", "a name": 'a "b', "a dollar quote": "a $x$ b", "a comment": "a /* /* */", "E": r"E'\'"}


@pytest.mark.parametrize("text", OPEN.values(), ids=OPEN)
def test_what_is_never_closed_is_an_error(text: str) -> None:
    with pytest.raises(SqlError) as raised:
        list(split(text))
    assert text[raised.value.position] in "'\"$/"


def test_lines() -> None:
    lines = Lines("a\n\nb")
    assert [lines.number(at) for at in range(4)] == [1, 1, 2, 3]


def test_bytes_that_are_no_text() -> None:
    assert decoded(b"\xef\xbb\xbfa\xff") == "a\udcff"


PIECES = st.sampled_from(
    ("'", "''", '"', "$$", "$a$", "--", "/*", "*/", "\n", ";", "(", ")", "\\", "E'", "U&'", "x", " ", "1", "::",
     "BEGIN", "create function", "end", "copy", "from stdin", "\\.", "--> statement-breakpoint", "\u00e9", "\0")
)  # fmt: skip


@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_text_is_cut_or_refused(text: str) -> None:
    """Statements don't overlap, keep their order, and what they consist of lies within them."""
    end = 0
    try:
        for statement in split(text):
            assert end <= statement.start < statement.end <= len(text)
            end = statement.end
            for token in statement.tokens():
                assert statement.start <= token.start < token.end
    except SqlError as error:
        assert 0 <= error.position < len(text)  # noqa: PT017 - either outcome is right


@given(st.text(max_size=40))
def test_a_label_comes_back_as_it_was(label: str) -> None:
    quoted = "'" + label.replace("'", "''") + "'"
    assert [token.value for token in tokens(f"x {quoted} y")] == ["x", label, "y"]
