"""What SQL would do, as data, and that spelling changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.agent.sql import classify

CASES = [
    (kinds.split(), text.replace("\\n", "\n").replace("\\t", "\t"))
    for line in (Path(__file__).parent / "cases.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
    for kinds, _, text in [line.partition(" | ")]
]
KINDS = {"destructive", "schema-change", "opaque", "write", "read"}


@pytest.mark.parametrize(("kinds", "text"), CASES, ids=[text for _, text in CASES])
def test_what_sql_would_do(kinds: list[str], text: str) -> None:
    found = [statement.kind for statement in classify(text)]
    assert found == ([] if kinds == ["nothing"] else kinds)


PLAIN = [text for kinds, text in CASES if kinds == ["destructive"] and not set(text) & set("'\"#-`[/$\\")]
SPACES = (" ", "\n", "\t", "  ", "/**/", "/* DROP */", "-- x\n", " /* a /* b */ */ ", "\r\n")


@given(st.sampled_from(PLAIN), st.data())
def test_spelling_changes_nothing(text: str, data: st.DataObject) -> None:
    spaces = st.sampled_from(SPACES)
    made = data.draw(spaces) + "".join(
        data.draw(spaces)
        if character.isspace()
        else character.upper()
        if data.draw(st.booleans())
        else character.lower()
        for character in text
    )
    assert "destructive" in {
        statement.kind for statement in classify(made + data.draw(st.sampled_from(("", ";", " ;"))))
    }


@given(st.text(max_size=60) | st.text("DROPdeltfrmwhn 'x=1;-/*()$\"`[]#\\\n", max_size=60))
def test_any_text_is_told(text: str) -> None:
    assert {statement.kind for statement in classify(text)} <= KINDS


def test_no_text_of_the_statement_is_shown() -> None:
    value = "hush" * 3
    assert value not in " ".join(statement.what for statement in classify(f"CREATE USER a PASSWORD '{value}'"))
