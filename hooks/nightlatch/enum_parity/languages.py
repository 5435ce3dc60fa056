"""Which reader a file of code goes to, by its name."""

from __future__ import annotations

from nightlatch.enum_parity.marks import JAVASCRIPT, PRISMA, PYTHON, TYPESCRIPT, is_marked

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable
    from typing import Protocol

    from nightlatch.enum_parity.expressions import Facts, Glance

    class Language(Protocol):
        """What a reader says of its language, for a look without parsing."""

        NAMES: re.Pattern[bytes]

        def binds(self, text: bytes, /) -> bool: ...


_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
COMMENT_MARK = "parity:"

VERSION = 7
"""Counted up whenever a reader gives other facts for the same file: what a cache holds is then of no use."""


def glance(path: str, text: bytes) -> Glance:
    """What is seen of a file without parsing it."""
    from nightlatch.enum_parity.expressions import Glance
    from nightlatch.enum_parity.names import normalized

    if not is_marked(path, text):
        return Glance(False, [])
    reader = _reader(path)
    binds = reader.binds(text)
    names = {normalized(name.decode("ascii", "replace")) for name in set(reader.NAMES.findall(text))}
    if COMMENT_MARK.encode() in text:
        names.add(COMMENT_MARK)
    return Glance(binds, sorted(names))


def _reader(path: str) -> Language:
    if path.endswith(TYPESCRIPT):
        from nightlatch.enum_parity import typescript

        return typescript
    if path.endswith(JAVASCRIPT):
        from nightlatch.enum_parity import javascript

        return javascript
    if path.endswith(PRISMA):
        from nightlatch.enum_parity import prisma

        return prisma
    if path.endswith(PYTHON):
        from nightlatch.enum_parity import python_code

        return python_code
    from nightlatch.enum_parity import rust

    return rust


class Readers:
    """All readers; what is costly to make is made once, when it is needed."""

    def __init__(self) -> None:
        self._typescript: tuple[Callable[[bytes], Facts], Callable[[bytes], Facts]] | None = None

    def read(self, path: str, text: bytes) -> Facts:
        """What a file of code says."""
        text = text.removeprefix(_BYTE_ORDER_MARK)
        if path.endswith((*TYPESCRIPT, *JAVASCRIPT)):
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
        return self._typescript[path.endswith((".tsx", *JAVASCRIPT))]
