"""Which reader a file of code goes to, by its name."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from nightlatch.enum_parity.expressions import Facts

TYPESCRIPT = (".ts", ".tsx", ".mts", ".cts")
PRISMA = (".prisma",)
PYTHON = (".py",)
RUST = (".rs",)
SUFFIXES = (*TYPESCRIPT, *PRISMA, *PYTHON, *RUST)

VERSION = 1
"""Counted up whenever a reader gives other facts for the same file: what a cache holds is then of no use."""


def is_code(path: str) -> bool:
    """Whether a reader knows a file's language."""
    return path.endswith(SUFFIXES)


def is_marked(path: str, text: bytes) -> bool:
    """Whether a file may say something about enums: a search for a few words, without parsing."""
    if path.endswith(TYPESCRIPT):
        from nightlatch.enum_parity.typescript import marked
    elif path.endswith(PRISMA):
        from nightlatch.enum_parity.prisma import marked
    elif path.endswith(PYTHON):
        from nightlatch.enum_parity.python_code import marked
    else:
        from nightlatch.enum_parity.rust import marked
    return marked(text)


class Readers:
    """All readers; what is costly to make is made once, when it is needed."""

    def __init__(self) -> None:
        self._typescript: tuple[Callable[[bytes], Facts], Callable[[bytes], Facts]] | None = None

    def read(self, path: str, text: bytes) -> Facts:
        """What a file of code says."""
        if path.endswith(TYPESCRIPT):
            return self._for_typescript(path)(text)
        if path.endswith(PRISMA):
            from nightlatch.enum_parity import prisma

            return prisma.read(text)
        if path.endswith(PYTHON):
            from nightlatch.enum_parity import python_code

            return python_code.read(text, path)
        from nightlatch.enum_parity import rust

        return rust.read(text)

    def _for_typescript(self, path: str) -> Callable[[bytes], Facts]:
        from nightlatch.enum_parity import typescript

        if self._typescript is None:
            plain, with_jsx = typescript.parsers()
            self._typescript = (lambda text: typescript.read(text, plain), lambda text: typescript.read(text, with_jsx))
        return self._typescript[path.endswith(".tsx")]
