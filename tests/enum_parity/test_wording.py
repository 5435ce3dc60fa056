"""What a finding shows: a long label is cut, and a remedy is whole or says where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from nightlatch.cli import main
from nightlatch.enum_parity import wording
from nightlatch.enum_parity.code_enum import CodeEnum, CodeLabel
from nightlatch.enum_parity.database_enum import CHECK, ENUM, DatabaseEnum, Label
from nightlatch.enum_parity.mend import additions
from nightlatch.enum_parity.pairs import BINDING, Pair
from nightlatch.enum_parity.rules import TAKING_OUT

ROOT = Path(__file__).resolve().parent.parent.parent


def database(*labels: str, kind: str = ENUM) -> DatabaseEnum:
    return DatabaseEnum("public.kind", kind, tuple(Label(text, "1.sql", 1) for text in labels), "1.sql", 1)


def pair(have: DatabaseEnum, *wanted: str) -> Pair:
    return Pair(CodeEnum("a.ts", 1, "K", "enum", [CodeLabel(text, "a.ts", 1) for text in wanted]), have, BINDING)


def test_a_long_label_is_cut() -> None:
    found = pair(database("a"), "a", "x" * 3_000_000)
    assert len(wording.difference(found)) < 1000
    assert "`data.sql`" in wording.fix_difference(found)
    assert len(wording.fix_difference(found)) < 1000


def test_the_recipe_is_printed_by_explain_and_stands_on_the_page(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    fix = wording.fix_difference(pair(database("a", "b"), "a"))
    assert "`nightlatch explain ENUM002`" in fix
    assert main(["explain", "ENUM002"]) == 0
    printed = capsysbinary.readouterr().out.decode()
    assert TAKING_OUT in printed
    recipe = TAKING_OUT.partition("```sql\n")[2]
    assert recipe in (ROOT / "docs" / "enum-parity.md").read_text(encoding="utf-8")


def test_an_order_is_told_whole() -> None:
    labels = [f"label {number}" for number in range(40)]
    assert all(f"'{label}'" in wording.fix_order(pair(database(*labels), *reversed(labels))) for label in labels)


def test_labels_come_where_the_code_has_them() -> None:
    assert additions(database("b", "d"), ["a", "b", "c", "d", "e", "f"]) == [
        """ALTER TYPE "public"."kind" ADD VALUE 'a' BEFORE 'b';""",
        """ALTER TYPE "public"."kind" ADD VALUE 'c' AFTER 'b';""",
        """ALTER TYPE "public"."kind" ADD VALUE 'e';""",
        """ALTER TYPE "public"."kind" ADD VALUE 'f';""",
    ]
    assert additions(database(), ["a", "b"]) == [
        """ALTER TYPE "public"."kind" ADD VALUE 'a';""",
        """ALTER TYPE "public"."kind" ADD VALUE 'b';""",
    ]


def test_a_check_that_says_more_is_changed_by_hand() -> None:
    fix = wording.fix_difference(pair(database("a", kind=CHECK), "a", "b"))
    assert "to 'a', 'b'." in fix
