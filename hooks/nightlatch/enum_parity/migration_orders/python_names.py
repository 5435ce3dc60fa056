"""Which names Python's statements bind, and what an expression is when the names in it stand for what they do now."""

from __future__ import annotations

import ast
import copy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

UNKNOWN = ast.Call(ast.Name("unknown", ast.Load()), [], [])
"""What a name stands for that has a value, and nobody knows which."""

MUTATORS = ("append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "add", "discard", "update")
"""Methods that change a list, a set or a dictionary in place."""

_NAMED = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar,
)  # fmt: skip
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)


def bound_names(*nodes: ast.AST) -> set[str]:
    """Every name that statements give a value to, in whatever way; not those inside of functions that they define."""
    found: set[str] = set()
    rest: list[ast.AST] = list(nodes)
    while rest:
        node = rest.pop()
        found.update(_bound_by(node))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        rest.extend(ast.iter_child_nodes(node))
    return found


def _bound_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(node, _NAMED) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest


class Variables:
    """What a file says of its names, found in one walk.

    rebound    what is assigned anywhere, parameters too: modules, functions and classes are none
    elsewhere  names that functions give another value to outside of themselves: of these nothing is known
    imports    the statements that import something
    walrus     whether expressions assign too
    by_name    whether functions may be called by names that are put together: `globals()["upgrade_" + name]()`
    """

    __slots__ = ("by_name", "elsewhere", "imports", "rebound", "walrus")

    def __init__(self, tree: ast.AST) -> None:
        self.rebound: set[str] = set()
        self.elsewhere: set[str] = set()
        self.imports: list[ast.Import | ast.ImportFrom] = []
        self.walrus = False
        self.by_name = False
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                if not isinstance(node.ctx, ast.Load):
                    self.rebound.add(node.id)
                elif node.id == "globals":
                    self.by_name = True
            elif isinstance(node, ast.Import | ast.ImportFrom):
                self.imports.append(node)
            elif isinstance(node, ast.arg):
                self.rebound.add(node.arg)
            elif isinstance(node, ast.Global | ast.Nonlocal):
                self.elsewhere.update(node.names)
            elif isinstance(node, ast.NamedExpr):
                self.walrus = True


def targets_of(node: ast.AST) -> list[ast.expr]:
    """The names that loops of a comprehension give values to."""
    return [part.target for part in getattr(node, "generators", ())]


class Substitution(ast.NodeTransformer):
    """A copy of an expression, its names replaced. One inside of a lambda or a comprehension that binds it is kept.

    value  what a name stands for; None where it stays
    spend  called for each node, to count them
    """

    def __init__(self, value: Callable[[str], ast.expr | None], spend: Callable[[], None]) -> None:
        self._value = value
        self._spend = spend
        self._own: set[str] = set()

    def of(self, node: ast.expr) -> ast.expr:
        """The copy."""
        made = self.visit(node)
        return made if isinstance(made, ast.expr) else UNKNOWN

    def visit(self, node: ast.AST) -> ast.AST:
        """Copy a node before its parts are replaced."""
        self._spend()
        if isinstance(node, ast.Name):
            return self._name(node)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id not in self._own:
            base = self._name(node.value)
            return node if base is node.value else _attribute(node, base)
        inner = bound_names(*targets_of(node)) if isinstance(node, COMPREHENSIONS) else set()
        if isinstance(node, ast.Lambda):
            inner = {part.arg for part in ast.walk(node.args) if isinstance(part, ast.arg)}
        before = self._own
        self._own = before | inner
        made = self.generic_visit(copy.copy(node)) if not _is_leaf(node) else node
        self._own = before
        return made

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Replace the parts of a copied node, in lists of its own."""
        for field, old in ast.iter_fields(node):
            if isinstance(old, list):
                setattr(node, field, [self.visit(part) if isinstance(part, ast.AST) else part for part in old])
            elif isinstance(old, ast.AST):
                setattr(node, field, self.visit(old))
        return node

    def _name(self, node: ast.Name) -> ast.expr:
        if node.id in self._own or not isinstance(node.ctx, ast.Load):
            return node
        value = self._value(node.id)
        return node if value is None else value


def _attribute(node: ast.Attribute, base: ast.expr) -> ast.Attribute:
    return ast.copy_location(ast.Attribute(base, node.attr, node.ctx), node)


def _is_leaf(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant | ast.expr_context | ast.operator)
