"""The `enum-parity` hook: the enums of the database and of the code are identical.

It compares the whole tree that a change leads to. At a commit it does nothing, and imports nothing, unless a
migration, a schema or a file that may declare an enum is staged.
"""

from __future__ import annotations

from nightlatch.core.hook import Hook
from nightlatch.enum_parity.rules import RULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.core.finding import Finding
    from nightlatch.core.hook import Options, Source


SUFFIXES = (
    ".ts",
    ".tsx",
    ".mts",
    ".cts",
    ".js",
    ".jsx",
    ".mjs",
    ".cjs",
    ".prisma",
    ".py",
    ".rs",
    ".sql",
    ".json",
    ".plan",
    ".toml",
    ".yaml",
    ".ini",
)
"""What the names of the files end with that may say something of an enum: no other file loads anything."""


def check(source: Source, options: Options) -> Iterator[Finding]:
    """Yield a finding for each pair of enums that differ. Raises GitError and ConfigError."""
    list(source.files(_none))  # none is read: what of the selection can't be checked at all is noted
    touched = source.touched()
    if touched is not None and not any(path.endswith(SUFFIXES) for path in touched):
        return
    from nightlatch.enum_parity.concern import concerns

    if touched is not None and not concerns(source, touched):
        return
    from nightlatch.enum_parity.parity import compare

    yield from compare(source, options)


HOOK = Hook("enum-parity", "The enums of the database and of the code are identical.", RULES, check, whole=True)


def _none(_path: str) -> bool:
    return False
