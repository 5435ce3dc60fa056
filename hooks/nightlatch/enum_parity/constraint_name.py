"""The names that PostgreSQL gives to constraints without one (ChooseConstraintName, makeObjectName)."""

from __future__ import annotations

from nightlatch.core.sql_lexer import NAME_BYTES, clipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container


def chosen_name(taken: Container[str], table: str, column: str, label: str = "check") -> str:
    """`table_column_check`, with a number behind where that is taken in the schema; the column may be empty."""
    number = 0
    while True:
        name = _made(table, column, label + (str(number) if number else ""))
        if name not in taken:
            return name
        number += 1


def _made(first: str, second: str, label: str) -> str:
    """Both names and the label, the longer of the names cut until all fit into 63 bytes."""
    overhead = len(label) + 1 + (1 if second else 0)
    room = NAME_BYTES - overhead
    lengths = [len(first.encode("utf-8", "surrogateescape")), len(second.encode("utf-8", "surrogateescape"))]
    while sum(lengths) > room:
        lengths[0 if lengths[0] > lengths[1] else 1] -= 1
    cut = [clipped(first, lengths[0]), clipped(second, lengths[1])]
    return "_".join([*(cut if second else cut[:1]), label])
