"""Django: each migration names those that it depends on. Only RunSQL makes enums; choices stay in the code."""

from __future__ import annotations

import ast
import re
from graphlib import CycleError, TopologicalSorter

from nightlatch.enum_parity.migration_orders.migration_set import MigrationSet, Script, joined
from nightlatch.enum_parity.migration_orders.python_text import PythonText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nightlatch.enum_parity.migration_orders.migration_set import Tree

_MARK = "migrations.Migration"
_DDL = re.compile(r"\b(?:type|domain|check|enum)\b", re.IGNORECASE)
_DEPENDENCY = re.compile(r"""\(\s*["'](\w+)["']\s*,\s*["'](\w+)["']\s*,?\s*\)""")


def find(tree: Tree) -> Iterator[MigrationSet]:
    """All apps' migrations are one set, where any of them runs SQL about types or CHECKs."""
    texts: dict[str, str] = {}
    for folder in sorted(tree.folders):
        if folder.rpartition("/")[2] == "migrations":
            paths = [joined(folder, name) for name in tree.free(folder, ".py")]
            found = {path: tree.text(path) for path in paths}
            texts.update({path: text for path, text in found.items() if _MARK in text})
    if any("RunSQL" in text and _DDL.search(text) for text in texts.values()):
        yield tree.take(_set(texts))


def _set(texts: dict[str, str]) -> MigrationSet:
    by_key = {_key(path): path for path in texts}
    graph = {}
    for path, text in sorted(texts.items()):
        keys = _DEPENDENCY.findall(text.partition("operations")[0])
        graph[path] = [by_key[key] for key in keys if key in by_key and by_key[key] != path]
    try:
        ordered = list(TopologicalSorter(graph).static_order())
        doubts = []
    except CycleError:
        ordered = sorted(graph)
        doubts = [(ordered[0], "the migrations depend on each other in a circle")]
    folder = ordered[0].partition("/migrations/")[0].rpartition("/")[0]
    return MigrationSet(folder, "django", [path for path in ordered if "RunSQL" in texts[path]], cut=cut, doubts=doubts)


def _key(path: str) -> tuple[str, str]:
    """App and name: `shop/migrations/0001_initial.py`."""
    parts = path.split("/")
    return (parts[-3] if len(parts) > 2 else ""), parts[-1].removesuffix(".py")  # noqa: PLR2004 - app, folder, file


def cut(path: str, text: str) -> Sequence[Script]:
    """The SQL of each RunSQL, in order."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [Script(path, "", 1)]
    known = PythonText(tree)
    found: list[Script] = []
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_run_sql(node)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        first = call.args[0] if call.args else next((key.value for key in call.keywords if key.arg == "sql"), None)
        if first is not None:
            found.extend(Script(path, known.sql(part), part.lineno) for part in _statements(first))
    return found


def _is_run_sql(call: ast.Call) -> bool:
    return (isinstance(call.func, ast.Attribute) and call.func.attr == "RunSQL") or (
        isinstance(call.func, ast.Name) and call.func.id == "RunSQL"
    )


def _statements(node: ast.expr) -> list[ast.expr]:
    """One text, or a list of texts and of (text, parameters)."""
    if isinstance(node, ast.List | ast.Tuple):
        return [part.elts[0] if isinstance(part, ast.Tuple) and part.elts else part for part in node.elts]
    return [node]
