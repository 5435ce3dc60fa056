"""The words of which a file of code has one at least, if it says anything about enums.

A search for them is all that most commits cost, so nothing is imported here.
"""

from __future__ import annotations

TYPESCRIPT = (".ts", ".tsx", ".mts", ".cts")
JAVASCRIPT = (".js", ".jsx", ".mjs", ".cjs")
PRISMA = (".prisma",)
PYTHON = (".py",)
RUST = (".rs",)
SUFFIXES = (*TYPESCRIPT, *JAVASCRIPT, *PRISMA, *PYTHON, *RUST)

_MARKS: tuple[tuple[tuple[str, ...], tuple[bytes, ...]], ...] = (
    (
        TYPESCRIPT,
        (
            b"enum",
            b"Enum",
            b"as const",
            b"<const>",
            b"keyof typeof",
            b"parity:",
            b"| '",
            b'| "',
            b"|'",
            b'|"',
        ),
    ),
    (JAVASCRIPT, (b"pgEnum", b"mysqlEnum", b".enum(", b"enum:", b"parity:")),
    (PRISMA, (b"enum",)),
    (PYTHON, (b"Enum", b"ENUM", b"Literal[", b"Choices", b"choices", b"Mapped[", b"SQLModel", b"parity:")),
    (RUST, (b"enum ",)),
)


def is_code(path: str) -> bool:
    """Whether a reader knows a file's language."""
    return path.endswith(SUFFIXES)


def is_marked(path: str, text: bytes) -> bool:
    """Whether a file may say something about enums: a search for a few words, without parsing."""
    return any(mark in text for suffixes, marks in _MARKS if path.endswith(suffixes) for mark in marks)
