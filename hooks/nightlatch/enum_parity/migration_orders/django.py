"""Django: each migration names those that it depends on. Only RunSQL makes enums; choices stay in the code."""

from __future__ import annotations

import ast
import re
from graphlib import CycleError, TopologicalSorter

from nightlatch.enum_parity.migration_orders.migration_set import MigrationSet, Script, joined
from nightlatch.enum_parity.migration_orders.python_text import PythonText, constants, opaque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nightlatch.enum_parity.migration_orders.migration_set import Tree

_DDL = re.compile(r"\b(?:type|domain|check|enum)\b", re.IGNORECASE)
_ASSIGNED = re.compile(r"^[ \t]+(?:dependencies|replaces)\b", re.MULTILINE)
_LIST = re.compile(
    r"^[ \t]+(dependencies|replaces)[ \t]*(?::[^=\n]+)?=[ \t]*\[([^\[\]]*)\][ \t]*(?:\#.*)?$", re.MULTILINE
)
_PAIR = re.compile(r"""\([ \t\n]*["'](\w+)["'][ \t\n]*,[ \t\n]*["'](\w+)["'][ \t\n]*,?[ \t\n]*\)""")
_RUNS = ("RunSQL", "execute(")
_BACKWARD = ("reverse", "backward", "undo", "rollback", "downgrade")


def find(tree: Tree) -> Iterator[MigrationSet]:
    """All apps' migrations are one set, where any of them runs SQL about types or CHECKs."""
    texts: dict[str, str] = {}
    for folder in sorted(tree.folders):
        if folder.rpartition("/")[2] == "migrations":
            paths = [joined(folder, name) for name in tree.free(folder, ".py")]
            found = {path: tree.text(path) for path in paths}
            texts.update({path: text for path, text in found.items() if "django" in text and "class Migration" in text})
    if any(_runs_sql(text) and _DDL.search(text) for text in texts.values()):
        yield tree.take(_set(texts))


def _runs_sql(text: str) -> bool:
    return any(word in text for word in _RUNS)


def _set(texts: dict[str, str]) -> MigrationSet:
    by_key = {_key(path): path for path in texts}
    needed: dict[str, list[str]] = {}
    replaced: dict[str, str] = {}
    for path, text in sorted(texts.items()):
        dependencies, replaces = _links(text)
        needed[path] = [by_key[key] for key in dependencies if key in by_key]
        replaced.update({by_key[key]: path for key in replaces if key in by_key})
    graph = {
        path: sorted({replaced.get(one, one) for one in before} - {path})
        for path, before in needed.items()
        if path not in replaced
    }
    doubts = []
    try:
        ordered = list(TopologicalSorter(graph).static_order())
    except CycleError:
        ordered = sorted(graph)
        doubts = [(ordered[0], "the migrations depend on each other in a circle")]
    folder = ordered[0].partition("/migrations/")[0].rpartition("/")[0]
    return MigrationSet(folder, "django", [path for path in ordered if _runs_sql(texts[path])], cut=cut, doubts=doubts)


def _links(text: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What a migration depends on, and what it was made from and stands for: (app, name) of each.

    By the text where the lists stand there plainly, as nearly everywhere; else as Python.
    """
    plain = {name: _PAIR.findall(inner) for name, inner in _LIST.findall(text)}
    if len(plain) == len(_ASSIGNED.findall(text)):
        return plain.get("dependencies", []), plain.get("replaces", [])
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [], []
    found: dict[str, list[tuple[str, str]]] = {"dependencies": [], "replaces": []}
    owners = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Migration")
    for node in (part for owner in owners for part in owner.body):
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(target, ast.Name) and target.id in found:
            found[target.id].extend(_keys(node.value))
    return found["dependencies"], found["replaces"]


def _keys(node: ast.expr | None) -> Iterator[tuple[str, str]]:
    for part in ast.walk(node) if node is not None else ():
        if isinstance(part, ast.Tuple) and len(part.elts) == 2:  # noqa: PLR2004 - app, name
            app, name = (getattr(one, "value", None) for one in part.elts)
            if isinstance(app, str) and isinstance(name, str):
                yield app, name


def _key(path: str) -> tuple[str, str]:
    """App and name: `shop/migrations/0001_initial.py`."""
    parts = path.split("/")
    return (parts[-3] if len(parts) > 2 else ""), parts[-1].removesuffix(".py")  # noqa: PLR2004 - app, folder, file


def cut(path: str, text: str) -> Sequence[Script]:
    """The SQL of each RunSQL, in order; what functions run themselves (RunPython) is doubtful."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [Script(path, opaque(""), 1)]
    known = PythonText(tree)
    names = {"RunSQL", *_other_names(tree)}
    backward = {id(node) for function in tree.body if _is_backward(function) for node in ast.walk(function)}
    found: list[Script] = []
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and id(node) not in backward]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        first = call.args[0] if call.args else next((key.value for key in call.keywords if key.arg == "sql"), None)
        if first is None:
            continue
        if _name(call) in names:
            found.extend(Script(path, known.sql(part), part.lineno) for part in _statements(first))
        elif _name(call) == "execute" and isinstance(call.func, ast.Attribute):
            found.append(Script(path, opaque(known.text(first) or constants(first) or "SELECT"), call.lineno))
    return found


def _other_names(tree: ast.Module) -> Iterator[str]:
    """`from django.db.migrations import RunSQL as Run`"""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            yield from (alias.asname for alias in node.names if alias.name == "RunSQL" and alias.asname)


def _is_backward(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and any(word in node.name.lower() for word in _BACKWARD)


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _statements(node: ast.expr) -> list[ast.expr]:
    """One text, or a list of texts and of (text, parameters)."""
    if isinstance(node, ast.List | ast.Tuple):
        return [part.elts[0] if isinstance(part, ast.Tuple) and part.elts else part for part in node.elts]
    return [node]
