"""What is read of JavaScript: the types and columns that it names, by the reader of TypeScript."""

from __future__ import annotations

import re

NAMES = re.compile(rb"const\s+([\w$]+)")

_BINDING = re.compile(rb"pgEnum|mysqlEnum|pgSchema|(?://+|/\*+|^[ \t]*\*)[ \t]*parity:", re.MULTILINE)


def binds(text: bytes) -> bool:
    """Whether a file may name the database's side."""
    return _BINDING.search(text) is not None or (b"Table(" in text and b"enum:" in text)
