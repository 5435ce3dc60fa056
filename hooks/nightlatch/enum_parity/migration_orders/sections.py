"""Files that hold the way up and the way down: what of them is run, by the marks of each tool."""

from __future__ import annotations

import re

from nightlatch.enum_parity.migration_orders.migration_set import Script

_COMMENT = r"^[ \t]*(?:--|#)[ \t/-]*"
_UP = re.compile(
    _COMMENT + r"(?:(?:\+goose|\+micrate|\+migrate|rambler|@)[ \t]*up\b|migrate:up\b|up[ \t]+migration\b|!Ups\b)",
    re.IGNORECASE,
)
_DOWN = re.compile(
    _COMMENT
    + r"(?:(?:\+goose|\+micrate|\+migrate|rambler|@)[ \t]*(?:down|undo)\b|migrate:down\b|down[ \t]+migration\b|!Downs\b"
    r"|create above / drop below[ \t]*-{2,}[ \t]*$)",
    re.IGNORECASE,
)
"""goose, micrate, sql-migrate, rambler, dbmate, node-pg-migrate, Play, MyBatis and tern, in this order."""

_WORDS = ("up", "down", "undo", "create above")


def up_section(path: str, text: str) -> list[Script]:
    """What of a file is run on the way up: all but what stands behind the mark Down. Lines keep their place."""
    is_up = True
    kept = []
    for line in text.split("\n"):
        is_mark = line.lstrip(" \t").startswith(("--", "#")) and any(word in line.lower() for word in _WORDS)
        if is_mark and _UP.match(line):
            is_up, line = True, ""  # noqa: PLW2901 - the mark itself is no SQL everywhere
        elif is_mark and _DOWN.match(line):
            is_up = False
        kept.append(line if is_up else "")
    return [Script(path, "\n".join(kept))]
