"""Django: each migration names those that it depends on. Only RunSQL makes enums; choices stay in the code."""

from __future__ import annotations

import ast
import re
from graphlib import CycleError, TopologicalSorter

from nightlatch.enum_parity.migration_orders.migration_set import UNREADABLE, MigrationSet, Script, joined
from nightlatch.enum_parity.migration_orders.python_text import PythonText, constants
from nightlatch.enum_parity.migration_orders.sql_text import opaque

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
        return list(_run_by(path, tree, PythonText(tree)))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return [Script(path, opaque(""), getattr(error, "lineno", None) or 1, why=UNREADABLE)]


def _run_by(path: str, tree: ast.Module, known: PythonText) -> Iterator[Script]:
    names = {"RunSQL", *_other_names(tree)}
    backward = _backward(tree)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = {id(part): function for function in functions for part in ast.walk(function)}
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and id(node) not in backward]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        first = call.args[0] if call.args else next((key.value for key in call.keywords if key.arg == "sql"), None)
        if first is None:
            continue
        if _name(call) in names:
            for part in _statements(first, known):
                yield Script(path, known.sql(part), getattr(part, "lineno", call.lineno))
        elif _name(call) == "execute" and isinstance(call.func, ast.Attribute):
            yield Script(path, _in_function(first, inside.get(id(call)), known), call.lineno)


def _in_function(statement: ast.expr, function: ast.AST | None, known: PythonText) -> str:
    """What a function runs when it is called: nobody knows how often, and with which values."""
    text = known.text(statement)
    if text is None and isinstance(statement, ast.Name) and function is not None:
        reads = (node for node in ast.walk(function) if isinstance(node, ast.Call))
        is_read = any(_name(node) in ("read", "read_text", "open") for node in reads)
        return opaque("" if is_read else constants(function) or "SELECT")
    return known.sql(statement) if text is None else opaque(text or "SELECT")


def _backward(tree: ast.Module) -> set[int]:
    """The parts of functions that only the way back calls."""
    ways = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node) == "RunPython"]
    forward = {_given(call, 0, "code") for call in ways}
    names = {_given(call, 1, "reverse_code") for call in ways} - forward
    return {
        id(part)
        for function in tree.body
        if isinstance(function, ast.FunctionDef) and (function.name in names or _is_backward(function, forward))
        for part in ast.walk(function)
    }


def _given(call: ast.Call, index: int, name: str) -> str:
    value = next((key.value for key in call.keywords if key.arg == name), None)
    value = call.args[index] if value is None and index < len(call.args) else value
    return value.id if isinstance(value, ast.Name) else ""


def _is_backward(function: ast.FunctionDef, forward: set[str]) -> bool:
    return function.name not in forward and any(word in function.name.lower() for word in _BACKWARD)


def _other_names(tree: ast.Module) -> Iterator[str]:
    """`from django.db.migrations import RunSQL as Run`"""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            yield from (alias.asname for alias in node.names if alias.name == "RunSQL" and alias.asname)


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _statements(node: ast.expr, known: PythonText) -> list[ast.expr]:
    """One text, or a list of texts and of (text, parameters)."""
    parts = known.elements(node)
    if parts is None:
        return [node]
    return [part.elts[0] if isinstance(part, ast.Tuple) and part.elts else part for part in parts]
