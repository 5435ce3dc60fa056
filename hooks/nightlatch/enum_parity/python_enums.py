"""Classes of Python that are enums: what the file says of one, and what Python makes of its members.

A class is kept as ("class", [bases], members, ways). A member is (name, value, line); ways are what the class does
by itself: "auto", the steps by which `_generate_next_value_` makes a value of a name; "new", the argument that
`__new__` makes the value; "methods", those that give something of the members. Which bases it has in the end is known
when the names have been looked up; `finished` then gives its members as Python's enum module does, without aliases.
"""

from __future__ import annotations

import ast

from nightlatch.enum_parity.expressions import (
    AUTO,
    CLASS,
    FUNCTION,
    JOINED,
    LIST,
    NAME,
    NUMBER,
    RECASED,
    TEXT,
    UNKNOWN,
    recased,
    replaced,
)
from nightlatch.enum_parity.python_expressions import dotted, expression, function, last, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from nightlatch.enum_parity.expressions import Expression

    Member = tuple[str, Expression, int]

_NUMBERS = "numbers"
_UNTOLD = "untold"
_NO_MEMBERS = frozenset({"property", "staticmethod", "classmethod", "cached_property", "nonmember", "partial"})

ROOTS: dict[str, Any] = {
    "Enum": _NUMBERS,
    "IntEnum": _NUMBERS,
    "ReprEnum": _NUMBERS,
    "Flag": _UNTOLD,
    "IntFlag": _UNTOLD,
    "StrEnum": [("lower", [])],
    "LowercaseStrEnum": [("lower", [])],
    "LowerStrEnum": [("lower", [])],
    "UppercaseStrEnum": [("upper", [])],
    "UpperStrEnum": [("upper", [])],
    "TextChoices": [],
    "IntegerChoices": _NUMBERS,
    "Choices": _NUMBERS,
}
"""The libraries' own enum classes, and what auto() is in each: numbers, or the steps from the name to the value."""

_VERBATIM = ("strenum.StrEnum", "fastapi_utils.enums.StrEnum", "fastapi_restful.enums.StrEnum")
"""StrEnum of these modules gives the name itself."""

_LABELLED = frozenset({"TextChoices", "IntegerChoices", "Choices"})
"""Django's: the last part of a tuple is for people."""


def is_enum_class(name: str) -> bool:
    """Whether a class that is not in the repository is an enum, by its name."""
    word = name.rpartition(".")[2]
    return word in ROOTS or word.endswith("Enum")


def class_expression(node: ast.ClassDef) -> Expression:
    """What a class says that may be an enum."""
    bases = [name for name in (dotted(base) for base in node.bases) if name]
    return (CLASS, bases, list(_members(node)), _ways(node))


def functional(base: str, call: ast.Call) -> Expression | None:
    """`Enum("Role", "ADMIN MEMBER")`; None where the call makes no class."""
    if len(call.args) != 2 or text_of(call.args[0]) is None:  # noqa: PLR2004 - the name and the members
        return None
    names, line = call.args[1], call.lineno
    members: list[Member] = []
    words = text_of(names)
    if call.keywords and any(keyword.arg in {"type", "start"} or keyword.arg is None for keyword in call.keywords):
        members.append(("", (UNKNOWN, "how its values are made is known when the program runs"), line))
    elif words is not None:
        members.extend((word, (AUTO, line), line) for word in words.replace(",", " ").split())
    elif isinstance(names, ast.Dict):
        for key, value in zip(names.keys, names.values, strict=True):
            members.append((text_of(key) or "", expression(value), value.lineno))
    elif isinstance(names, ast.List | ast.Tuple):
        members.extend(_listed(one) for one in names.elts)
    else:
        members.append(("", (UNKNOWN, "its members are known when the program runs"), line))
    return (CLASS, [base], members, {})


def _listed(node: ast.expr) -> Member:
    if isinstance(node, ast.List | ast.Tuple) and len(node.elts) == 2:  # noqa: PLR2004 - name and value
        return (text_of(node.elts[0]) or "", expression(node.elts[1]), node.lineno)
    name = text_of(node)
    return (name or "", (AUTO, node.lineno), node.lineno)


def _members(node: ast.ClassDef) -> Iterator[Member]:
    """Name, value and line of each member, in order. A name of "" stands for what can't be told."""
    known: dict[str, Expression] = {}
    ignored = _ignored(node)
    for statement in node.body:
        for name, value in _given(statement):
            if isinstance(value, ast.Lambda) or (isinstance(value, ast.Call) and last(value.func) in _NO_MEMBERS):
                continue
            if name in ignored or not is_member(name, node.name):
                continue
            made = _value(value)
            if made[0] != AUTO:  # it may be made of an earlier member's value
                made = replaced(made, known)
                known[name] = made
            yield name, made, value.lineno if value is not None else statement.lineno
        if isinstance(statement, ast.If | ast.For | ast.While | ast.Try | ast.With) and _assigns(statement):
            yield "", (UNKNOWN, "some of its members are made when the program runs"), statement.lineno


def _value(node: ast.expr | None) -> Expression:
    if isinstance(node, ast.Call):
        name = last(node.func)
        if name == "auto":
            return (AUTO, node.lineno)
        if name == "member" and len(node.args) == 1:
            return expression(node.args[0])
    return expression(node)


def _given(statement: ast.stmt) -> Iterator[tuple[str, ast.expr | None]]:
    """Each name that a statement gives a value to."""
    if isinstance(statement, ast.AnnAssign) and statement.value is not None:
        if isinstance(statement.target, ast.Name):
            yield statement.target.id, statement.value
    elif isinstance(statement, ast.Assign):
        for target in statement.targets:
            if isinstance(target, ast.Name):
                yield target.id, statement.value
            elif isinstance(target, ast.Tuple | ast.List):
                values = statement.value
                is_same = isinstance(values, ast.Tuple | ast.List) and len(values.elts) == len(target.elts)
                for index, part in enumerate(target.elts):
                    value = values.elts[index] if is_same and isinstance(values, ast.Tuple | ast.List) else None
                    if isinstance(part, ast.Name):
                        yield part.id, value


def _ignored(node: ast.ClassDef) -> frozenset[str]:
    for statement in node.body:
        for name, value in _given(statement):
            if name == "_ignore_" and value is not None:
                words = text_of(value)
                items = value.elts if isinstance(value, ast.List | ast.Tuple) else []
                every = (
                    words.replace(",", " ").split() if words is not None else [text_of(item) or "" for item in items]
                )
                return frozenset(every)
    return frozenset()


def is_member(name: str, class_name: str) -> bool:
    """Whether Python takes what is assigned to this name for a member: not `__x__`, `_x_` and private names."""
    if name.startswith("__") and (name.endswith("__") or class_name.strip("_")):
        return False
    return not (len(name) > 2 and name.startswith("_") and name.endswith("_"))  # noqa: PLR2004 - `_` and `__` are names


def _assigns(node: ast.stmt) -> bool:
    return any(isinstance(one, ast.Assign | ast.AnnAssign | ast.AugAssign) for one in ast.walk(node))


def _ways(node: ast.ClassDef) -> dict[str, Any]:
    ways: dict[str, Any] = {}
    for statement in node.body:
        if not isinstance(statement, ast.FunctionDef):
            continue
        if statement.name == "_generate_next_value_":
            ways["auto"] = _steps(statement)
        elif statement.name == "__new__":
            ways["new"] = _argument_of_new(statement)
        elif not statement.name.startswith("__"):
            _add_method(ways, statement)
    return ways


def _add_method(ways: dict[str, Any], node: ast.FunctionDef) -> None:
    kinds = {last(one) for one in node.decorator_list}
    if kinds - {"classmethod", "staticmethod", "property", "classproperty"}:
        return
    made = function(node)
    if made[0] == FUNCTION and made[2][0] != UNKNOWN:
        ways.setdefault("methods", {})[node.name] = made if "staticmethod" in kinds else (*made, True)


def _steps(node: ast.FunctionDef) -> list[tuple[str, list[str]]] | str:
    """The methods that make a value of the name: none for the name itself."""
    made = function(node)
    if made[0] != FUNCTION or not made[1]:
        return _UNTOLD
    steps: list[tuple[str, list[str]]] = []
    value = made[2]
    while value[0] == RECASED:
        steps.insert(0, (value[2], value[3]))
        value = value[1]
    return steps if value == (NAME, made[1][0]) else _UNTOLD


def _argument_of_new(node: ast.FunctionDef) -> int | str | None:
    """Which argument becomes the value; None where it is made by the class's type, as without `__new__`."""
    parameters = [one.arg for one in (*node.args.posonlyargs, *node.args.args)][1:]
    for one in ast.walk(node):
        if isinstance(one, ast.Assign) and any(last(target) == "_value_" for target in one.targets):
            name = dotted(one.value)
            return parameters.index(name) if name in parameters else _UNTOLD
    return None


def finished(
    classes: Sequence[Expression],
    roots: Sequence[str],
    others: Sequence[str],
    told: Callable[[Expression], str | None],
) -> list[Member]:
    """An enum's members as they are when the program runs.

    classes  the class itself and then those of its bases that are known, the nearest first
    roots    the libraries' enum classes among its bases, with their modules
    others   its other bases, such as `str`
    told     gives the text of an expression, or None where it can't be told
    """
    makes = _Making(classes, roots, others)
    members: list[Member] = []
    known: set[object] = set()
    names: set[str] = set()
    for name, raw, line in classes[0][2]:
        if raw[0] == NAME and raw[1] in names:  # the value of an earlier one
            continue
        names.add(name)
        value = makes.value(name, raw)
        mark = told(value) if value[0] in {NAME, JOINED, RECASED} else _mark(value)
        if mark is None or mark not in known:
            known.add(mark)
            members.append((name, value, line))
    return members


class _Making:
    """How the values of a class's members are made."""

    def __init__(self, classes: Sequence[Expression], roots: Sequence[str], others: Sequence[str]) -> None:
        self._steps = next((one[3]["auto"] for one in classes if "auto" in one[3]), None)
        if self._steps is None:
            self._steps = _usual_steps(roots)
        self._new = next((one[3]["new"] for one in classes if "new" in one[3]), None)
        self._is_labelled = any(root.rpartition(".")[2] in _LABELLED for root in roots)
        text_roots = any(root.endswith(("StrEnum", "TextChoices")) for root in roots)
        self._is_text = text_roots or "str" in others
        self._numbers: list[int] = []

    def value(self, name: str, raw: Expression) -> Expression:
        """What the member's value is."""
        value = self._auto(name, raw[1]) if raw[0] == AUTO else raw
        arguments = list(value[1]) if value[0] == LIST else [value]
        if value[0] == LIST and self._is_labelled and len(arguments) > 1:
            arguments = arguments[:-1]
            value = arguments[0] if len(arguments) == 1 else (LIST, arguments)
        if isinstance(self._new, int):
            value = arguments[self._new] if self._new < len(arguments) else _untold("an argument that isn't given")
        elif self._new is not None:
            value = _untold("`__new__` makes its values when the program runs")
        elif value[0] == LIST:
            is_one = self._is_text and len(arguments) == 1
            value = arguments[0] if is_one else (UNKNOWN, "its values are tuples", _mark(value))
        if value[0] == NUMBER and len(value) > 2:  # noqa: PLR2004 - whose value is known
            if isinstance(value[2], int):
                self._numbers.append(int(value[2]))
            if self._is_text and self._new is None:
                value = (TEXT, str(value[2]), value[1])
        return value

    def _auto(self, name: str, line: int) -> Expression:
        if self._steps == _NUMBERS:
            return (NUMBER, line, max(self._numbers, default=0) + 1)
        if isinstance(self._steps, str) or self._steps is None:
            return (UNKNOWN, "what auto() gives is known when the program runs")
        text = name
        for method, arguments in self._steps:
            text = recased(text, method, arguments)
        return (TEXT, text, line)


def _usual_steps(roots: Sequence[str]) -> Any:
    for root in roots:
        module, _, name = root.rpartition(".")
        if root in _VERBATIM:
            return []
        if name == "StrEnum" and module not in {"", "enum", "aenum", "backports.strenum", "backports"}:
            return _UNTOLD
        if name in ROOTS:
            return ROOTS[name]
    return None


def _untold(reason: str) -> Expression:
    return (UNKNOWN, reason)


def _mark(value: Expression) -> object:
    """What two members have in common that are one: None where that can't be told."""
    if value[0] == TEXT:
        return value[1]
    if value[0] == NUMBER:
        return (NUMBER, value[2]) if len(value) > 2 else None  # noqa: PLR2004 - whose value is known
    if value[0] == LIST:
        marks = tuple(_mark(one) for one in value[1])
        return None if None in marks else marks
    if value[0] == UNKNOWN and len(value) > 2:  # noqa: PLR2004 - of which something is known
        return value[2]
    return None
