"""Which files a loop of Python goes through: `for p in Path('src').rglob('*.py')`, `os.walk('src')`.

What the loop's names stand for is a folder and a pattern of names, narrowed where the code asks for an ending.
"""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    Walk = list[tuple[str, str]]
    """Folders, each with the pattern that the names below it fit."""

    class Reader(Protocol):
        """Who knows names and values."""

        def name(self, node: ast.expr) -> str:
            """The dotted name of what is called."""

        def values(self, node: ast.expr | None) -> list[str] | None:
            """The texts that an expression can be."""


MOST_FOLDERS = 20
"""How many folders that a loop goes through are followed."""

_LISTS = frozenset({"os.walk", "os.listdir", "os.scandir", "os.fwalk"})
_PASSING = frozenset(
    {"sorted", "list", "set", "reversed", "enumerate", "tuple", "filter", "iter", "str", "open", "zip", "os.fspath",
     "os.path.abspath", "os.path.realpath", "os.path.normpath", "Path", "pathlib.Path", "os.path.join", "tqdm"}
)  # fmt: skip
"""Functions whose value names the same files as what they are given."""


class Walks:
    """The names that are bound to what a loop goes through.

    reader  who knows names and values
    """

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.bound: dict[str, Walk] = {}

    def bind(self, target: ast.expr, value: ast.expr) -> None:
        """A name, or several, are given a value: forgotten where it is no walk."""
        found = self.of(value)
        for node in ast.walk(target):
            if not isinstance(node, ast.Name):
                continue
            if found:
                self.bound[node.id] = found
            else:
                self.bound.pop(node.id, None)

    def of(self, node: ast.expr | None) -> Walk:
        """Where an expression's files lie; empty where it isn't known for a walk."""
        if isinstance(node, ast.Name):
            return self.bound.get(node.id, [])
        if isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
            return self.of(node.value)
        if isinstance(node, ast.BinOp):
            return self.of(node.right) or self.of(node.left)
        if isinstance(node, ast.JoinedStr):
            parts = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
            return self._last(parts)
        if isinstance(node, ast.ListComp | ast.GeneratorExp | ast.SetComp):
            return self.of(node.elt)
        return self._called(node) if isinstance(node, ast.Call) else []

    def _last(self, nodes: list[ast.expr]) -> Walk:
        """The last part says most: a name below a folder."""
        return next((found for node in reversed(nodes) if (found := self.of(node))), [])

    def _called(self, node: ast.Call) -> Walk:
        name = self.reader.name(node.func)
        if name in _LISTS:
            folders = self.reader.values(node.args[0]) if node.args else ["."]
            return _bounded([(folder, "**") for folder in folders or []])
        if name in ("glob.glob", "glob.iglob") and node.args:
            patterns = self.reader.values(node.args[0]) or []
            return [_parted(pattern) for pattern in patterns]
        if name in _PASSING:
            return self._last(node.args)
        if isinstance(node.func, ast.Attribute):
            return self._method(node.func, node)
        return []

    def _method(self, function: ast.Attribute, node: ast.Call) -> Walk:
        if function.attr in ("rglob", "glob", "iterdir", "walk"):
            patterns = (self.reader.values(node.args[0]) if node.args else ["**"]) or ["**"]
            folders = self.reader.values(function.value) or [folder for folder, _ in self.of(function.value)]
            found = [(folder, pattern.rpartition("/")[2]) for folder in folders for pattern in patterns]
            return _bounded(found)
        return self.of(function.value)

    def narrow(self, test: ast.expr, *, holds: bool) -> dict[str, tuple[str, ...]]:
        """From here on a condition holds, or doesn't: `name.endswith('.py')`, `path.suffix == '.py'`.

        Gives the endings that each name has then.
        """
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            return self.narrow(test.operand, holds=not holds)
        found: dict[str, tuple[str, ...]] = {}
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And if holds else ast.Or):
            for part in test.values:
                found |= self.narrow(part, holds=holds)
            return found
        name, endings = self._endings(test, holds=holds)
        if name in self.bound and endings:
            self.bound[name] = [(folder, "*" + end) for folder, _ in self.bound[name] for end in endings]
        return {name: tuple(endings)} if endings else found

    def _endings(self, test: ast.expr, *, holds: bool) -> tuple[str, list[str]]:
        """The name that a condition is about, and the endings that it allows."""
        if isinstance(test, ast.Call) and isinstance(test.func, ast.Attribute) and test.func.attr == "endswith":
            subject, wanted, fits = test.func.value, test.args[0] if test.args else None, holds
        elif isinstance(test, ast.Compare) and len(test.ops) == 1:
            subject, wanted = test.left, test.comparators[0]
            fits = isinstance(test.ops[0], ast.Eq | ast.In if holds else ast.NotEq | ast.NotIn)
            if not (isinstance(subject, ast.Attribute) and subject.attr == "suffix"):
                return "", []
        else:
            return "", []
        while isinstance(subject, ast.Attribute):
            subject = subject.value
        endings = self.reader.values(wanted) if fits else None
        return (subject.id, endings) if isinstance(subject, ast.Name) and endings else ("", [])


def _bounded(found: Walk) -> Walk:
    """Each folder once; none where they are too many, so that it isn't known what is read."""
    once = list(dict.fromkeys(found))
    return once if len(once) <= MOST_FOLDERS else []


def _parted(pattern: str) -> tuple[str, str]:
    """A pattern's folder, up to its first wildcard, and the pattern of the name."""
    parts = pattern.split("/")
    plain = next((place for place, part in enumerate(parts) if set(part) & set("*?[")), len(parts) - 1)
    return "/".join(parts[:plain]) or ("/" if pattern.startswith("/") else "."), parts[-1]
