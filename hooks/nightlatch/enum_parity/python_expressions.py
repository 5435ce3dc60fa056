"""Values and types of Python as expressions, from its syntax tree."""

from __future__ import annotations

import ast

from nightlatch.enum_parity.expressions import (
    CALL,
    EACH,
    FIRST,
    FIRSTS,
    FUNCTION,
    ITEMS,
    JOINED,
    KEYS,
    LIST,
    MOST_DEEP,
    NAME,
    NUMBER,
    OBJECT,
    ORDERED,
    RECASED,
    REST,
    SPREAD,
    TEXT,
    TEXT_METHODS,
    UNKNOWN,
    VALUES,
    replaced,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from nightlatch.enum_parity.expressions import Expression

_SAME = frozenset({"tuple", "list", "str", "_", "gettext_lazy", "gettext"})
_READ = frozenset({"sorted", "get_args"})
_UNORDERED = frozenset({"set", "frozenset"})
_GENERICS = frozenset({"Optional", "Final", "ClassVar", "Annotated", "Type", "Required", "NotRequired"})


def expression(node: ast.expr | None, depth: int = 0) -> Expression:
    """What a value or a type says about labels."""
    if depth > MOST_DEEP:
        return (UNKNOWN, "it is nested too deeply")
    reader = _READERS.get(type(node))
    return reader(node, depth) if reader else _unknown(node)


def dotted(node: ast.expr | None) -> str:
    """A name with the names that it is a part of; "" for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def last(node: ast.expr | None) -> str:
    """The last word of a dotted name."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def text_of(node: ast.expr | None) -> str | None:
    """The text of a literal, or None."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def is_literal_type(node: ast.expr) -> bool:
    """Whether it is `Literal[…]`."""
    return isinstance(node, ast.Subscript) and last(node.value) == "Literal"


def function(node: ast.Lambda | ast.FunctionDef) -> Expression:
    """A function that does nothing but to give a value."""
    if isinstance(node, ast.Lambda):
        value: ast.expr | None = node.body
    else:
        body = [one for one in node.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
        value = body[0].value if len(body) == 1 and isinstance(body[0], ast.Return) else None
    if value is None:
        return (UNKNOWN, "a function does more than to give a value")
    return (FUNCTION, [one.arg for one in (*node.args.posonlyargs, *node.args.args)], expression(value))


def _unknown(node: ast.expr | None, _depth: int = 0) -> Expression:
    return (UNKNOWN, f"a {type(node).__name__} is known when the program runs")


def _constant(node: ast.Constant, _depth: int) -> Expression:
    return (TEXT, node.value, node.lineno) if isinstance(node.value, str) else (NUMBER, node.lineno, node.value)


def _negative(node: ast.UnaryOp, _depth: int) -> Expression:
    if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        value = node.operand.value
        if isinstance(value, int | float):
            return (NUMBER, node.lineno, -value)
    return _unknown(node)


def _items(node: ast.List | ast.Tuple, depth: int) -> Expression:
    return (LIST, [expression(item, depth + 1) for item in node.elts])


def _set(node: ast.Set, depth: int) -> Expression:
    return (ORDERED, (LIST, [expression(item, depth + 1) for item in node.elts]), "free")


def _spread(node: ast.Starred, depth: int) -> Expression:
    return (SPREAD, expression(node.value, depth + 1))


def _object(node: ast.Dict, depth: int) -> Expression:
    pairs: list[tuple[str, Expression]] = []
    for key, value in zip(node.keys, node.values, strict=True):
        name = REST if key is None else text_of(key) or ""
        pairs.append((name, expression(value, depth + 1)))
    return (OBJECT, pairs)


def _sum(node: ast.BinOp, depth: int) -> Expression:
    """Texts and lists are put together with a plus, types with a bar."""
    if not isinstance(node.op, ast.Add | ast.BitOr):
        return _unknown(node)
    sides = [expression(side, depth + 1) for side in (node.left, node.right) if not _is_none(side)]
    if isinstance(node.op, ast.Add) and any(side[0] in {TEXT, JOINED} for side in sides):
        return (JOINED, sides)
    return (LIST, [(SPREAD, side) for side in sides])


def _format(node: ast.JoinedStr, depth: int) -> Expression:
    parts: list[Expression] = []
    for value in node.values:
        if isinstance(value, ast.FormattedValue) and (value.format_spec or value.conversion not in {-1, ord("s")}):
            return (UNKNOWN, "a text is formatted when the program runs")
        parts.append(expression(value.value if isinstance(value, ast.FormattedValue) else value, depth + 1))
    return (JOINED, parts)


def _name(node: ast.Name | ast.Attribute, depth: int) -> Expression:
    whole = dotted(node)
    if not whole:
        return (UNKNOWN, "a part of a value that is computed")
    if isinstance(node, ast.Attribute):
        if node.attr in ("value", "choices", "values"):
            return expression(node.value, depth + 1)
        if node.attr in ("__members__", "_member_names_", "_member_map_"):
            return (KEYS, expression(node.value, depth + 1))
        if node.attr == "__args__":
            return (ITEMS, expression(node.value, depth + 1))
    return (NAME, whole)


def _subscript(node: ast.Subscript, depth: int) -> Expression:
    name = last(node.value)
    if name == "Literal":
        items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return (LIST, [expression(item, depth + 1) for item in items if not _is_none(item)])
    if name == "Union":
        items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return (LIST, [(SPREAD, expression(item, depth + 1)) for item in items if not _is_none(item)])
    if name in _GENERICS:
        first = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
        return expression(first, depth + 1)
    owner, key = dotted(node.value), text_of(node.slice)
    if owner and key and key.isidentifier():
        return (NAME, f"{owner}.{key}")
    return _unknown(node)


def _call(node: ast.Call, depth: int) -> Expression:
    name, arguments = last(node.func), node.args
    if len(arguments) == 1 and name in _SAME | _UNORDERED | _READ:
        inner = expression(arguments[0], depth + 1)
        if name in _READ:
            how = "free" if node.keywords or name != "sorted" else name
            return (ITEMS, inner) if name == "get_args" else (ORDERED, inner, how)
        return (ORDERED, inner, "free") if name in _UNORDERED else inner
    if name == "map" and len(arguments) == 2 and isinstance(arguments[0], ast.Lambda):  # noqa: PLR2004 - map(f, items)
        made = arguments[0]
        parameters = made.args.args
        return _each(made.body, parameters[0].arg, arguments[1], depth) if len(parameters) == 1 else _unknown(node)
    if isinstance(node.func, ast.Attribute) and name in TEXT_METHODS:
        texts = [text_of(argument) for argument in arguments]
        if None not in texts and not node.keywords:
            return (RECASED, expression(node.func.value, depth + 1), name, texts)
    return _call_of_a_name(node, depth)


def _call_of_a_name(node: ast.Call, depth: int) -> Expression:
    called = dotted(node.func)
    if not called or node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
        return _unknown(node)
    owner, _, method = called.rpartition(".")
    if owner.endswith(".__members__"):
        kind = {"keys": KEYS, "values": VALUES}.get(method)
        return (kind, (NAME, owner.removesuffix(".__members__"))) if kind else _unknown(node)
    return (CALL, called, [expression(argument, depth + 1) for argument in node.args])


def _comprehension(node: ast.ListComp | ast.GeneratorExp | ast.SetComp, depth: int) -> Expression:
    """`[one.value for one in Role]`, `[(one.value, one.name) for one in Role]`, `[key for key, _ in PAIRS]`."""
    loop = node.generators[0]
    if len(node.generators) == 1 and not loop.ifs:
        target = loop.target
        if isinstance(target, ast.Name):
            return _each(node.elt, target.id, loop.iter, depth)
        if isinstance(target, ast.Tuple) and target.elts and isinstance(target.elts[0], ast.Name):
            is_pair = isinstance(node.elt, ast.Tuple) and bool(node.elt.elts)
            given = node.elt.elts[0] if isinstance(node.elt, ast.Tuple) and is_pair else node.elt
            if dotted(given) == target.elts[0].id:
                first = _first_of_pairs(loop.iter, depth)
                return (FIRSTS, first) if is_pair else first
    return (UNKNOWN, "a comprehension is known when the program runs")


def _first_of_pairs(items: ast.expr, depth: int) -> Expression:
    if isinstance(items, ast.Call) and isinstance(items.func, ast.Attribute) and items.func.attr == "items":
        return (KEYS, expression(items.func.value, depth + 1))
    return (EACH, expression(items, depth + 1), FIRST)


def _each(element: ast.expr, variable: str, items: ast.expr, depth: int) -> Expression:
    """What is made of each item of a list, where that is the item, its value, its name or its first part."""
    source = expression(items, depth + 1)
    if isinstance(element, ast.Tuple | ast.List) and element.elts:
        return (FIRSTS, _each(element.elts[0], variable, items, depth + 1))
    if isinstance(element, ast.Call):
        made = expression(element, depth + 1)
        if made[0] == RECASED and isinstance(element.func, ast.Attribute):
            return (RECASED, _each(element.func.value, variable, items, depth + 1), made[2], made[3])
        is_text = last(element.func) == "str" and len(element.args) == 1 and dotted(element.args[0]) != variable
        return _each(element.args[0], variable, items, depth + 1) if is_text else _unknown(element)
    if isinstance(element, ast.Subscript) and dotted(element.value) == variable:
        index = element.slice
        is_first = isinstance(index, ast.Constant) and index.value == 0
        return (EACH, source, FIRST) if is_first else _unknown(element)
    simple: dict[str, Expression] = {
        variable: (VALUES, source),
        f"{variable}.value": (VALUES, source),
        f"{variable}.name": (KEYS, source),
    }
    return simple.get(dotted(element), (UNKNOWN, "a comprehension is known when the program runs"))


def _if(_node: ast.IfExp, _depth: int) -> Expression:
    return (UNKNOWN, "which of two values it has is known when the program runs")


def applied(node: ast.expr, inner: Expression) -> Expression:
    """What a function, written there or named, gives for one argument."""
    if isinstance(node, ast.Lambda):
        made = function(node)
        if made[0] == FUNCTION and len(made[1]) == 1:
            return replaced(made[2], {made[1][0]: inner})
        return (UNKNOWN, "a function of several arguments is known when the program runs")
    called = dotted(node)
    return (CALL, called, [inner]) if called else _unknown(node)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


_READERS: dict[type, Callable[..., Expression]] = {
    ast.Constant: _constant,
    ast.UnaryOp: _negative,
    ast.List: _items,
    ast.Tuple: _items,
    ast.Set: _set,
    ast.Starred: _spread,
    ast.Dict: _object,
    ast.BinOp: _sum,
    ast.JoinedStr: _format,
    ast.Name: _name,
    ast.Attribute: _name,
    ast.Subscript: _subscript,
    ast.Call: _call,
    ast.ListComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.SetComp: _comprehension,
    ast.IfExp: _if,
    ast.Lambda: lambda node, _: function(node),
}
