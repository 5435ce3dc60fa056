"""Values that are patterns of paths, as gitignore has them."""

from __future__ import annotations

from nightlatch.core.schema.containers import ListOf
from nightlatch.core.schema.node import Node, Reading, called
from nightlatch.core.schema.texts import ONE_PATTERN, PATTERN, Text
from nightlatch.core.schema.value import Value, written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    Json = dict[str, object]


class PathPatterns(Node):
    """Patterns of paths as gitignore has them.

    Compiled to {"patterns": [the texts], "compiled": what core/paths.py matches with}.
    """

    __slots__ = ("least",)

    def __init__(self, doc: str, *, least: int = 0) -> None:
        super().__init__(doc)
        self.least = least

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        texts = self._as_list().read(value, reading, trail)
        return {"patterns": texts, "compiled": _compiled_patterns(value.items(), reading, trail)}

    def _as_list(self) -> ListOf:
        return ListOf(self.doc, Text("A path pattern as in `.gitignore`.", PATTERN), least=self.least)

    def absent(self) -> object:
        return self.read(written([]), Reading(""), "")

    def kind_shown(self) -> str:
        return "list of path patterns"

    def json(self) -> Json:
        return self._as_list().json()


class PathPattern(Node):
    """One pattern of paths, which can't be a negation. Compiled as `PathPatterns` are."""

    __slots__ = ()

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        text = Text(self.doc, ONE_PATTERN).read(value, reading, trail)
        return {"patterns": [text], "compiled": _compiled_patterns([value], reading, trail)}

    def kind_shown(self) -> str:
        return "path pattern"

    def json(self) -> Json:
        return Text(self.doc, ONE_PATTERN).json()


def _compiled_patterns(values: Sequence[Value], reading: Reading, trail: str) -> object:
    from nightlatch.core import paths

    try:
        return paths.compile_patterns([value.text() for value in values])
    except paths.PatternError as error:
        value = next(value for value in values if value.text() == error.pattern)
        reason = str(error).removeprefix(f"the path pattern '{error.pattern}' ")
        raise reading.wrong(value, f"a path pattern in {called(trail)} {reason}") from None
