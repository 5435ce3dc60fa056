"""What the names in an expression stand for, across files, until only labels are left."""

from __future__ import annotations

from nightlatch.enum_parity.code_enum import CodeLabel, once
from nightlatch.enum_parity.expressions import (
    CALL,
    CLASS,
    CUT,
    EACH,
    ENUM,
    FIRST,
    FIRSTS,
    FUNCTION,
    ITEMS,
    JOINED,
    KEYS,
    LIST,
    NAME,
    NUMBER,
    OBJECT,
    ONLY,
    ORDERED,
    RECASED,
    REST,
    SPREAD,
    TEXT,
    UNKNOWN,
    VALUES,
    WITHOUT,
    recased,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from nightlatch.enum_parity.expressions import Declared, Expression, Facts

    FindModule = Callable[[str, str], str | None]
    LoadFacts = Callable[[str], Facts]

MOST_STEPS = 60
"""Names and files that lead from one to the other."""

MOST_WORK = 50_000
"""Expressions that are looked at for one list: lists that spread each other double with every step."""


class UnresolvedError(Exception):
    """The labels can't be told from the sources; the text says why."""


class NumbersError(UnresolvedError):
    """There are numbers where a database has labels."""


class OutsideError(UnresolvedError):
    """A name comes from what is not in the repository."""


class Place:
    """An expression, the file that it stands in, and what the parameters of the function around it are given."""

    __slots__ = ("expression", "given", "path")

    def __init__(self, expression: Expression, path: str, given: dict[str, Place] | None = None) -> None:
        self.expression = expression
        self.path = path
        self.given = given or {}

    def at(self, expression: Expression) -> Place:
        """Another expression of the same place."""
        return Place(expression, self.path, self.given)


class Resolver:
    """Looks names up.

    facts   gives what a file says; one without enums says nothing
    module  gives the file that a module names in another one, or None

    `ways` are the files that labels have come through; `is_ordered` says whether those that were last looked up have
    an order that can be told, and `through` has the declarations (path and name) that they came through.
    """

    def __init__(self, facts: LoadFacts, module: FindModule) -> None:
        self._facts = facts
        self._module = module
        self._work = 0
        self._enums: dict[int, tuple[Expression, Place]] = {}
        self.ways: set[str] = set()
        self.through: set[tuple[str, str]] = set()
        self.is_ordered = True

    def labels(self, expression: Expression, path: str) -> list[CodeLabel]:
        """The labels of an expression, in order, each once. Raises UnresolvedError."""
        self._work = 0
        self.is_ordered = True
        self.through = set()
        return once(self._labels(Place(expression, path), 0))

    def text(self, expression: Expression, path: str) -> str:
        """The one text that an expression is. Raises UnresolvedError."""
        labels = self.labels(expression, path)
        if len(labels) != 1:
            raise UnresolvedError("it is no text")
        return labels[0].text

    def schema(self, expression: Expression, path: str) -> str | None:
        """The schema that a call of pgSchema made; None for what is no schema. Raises UnresolvedError."""
        self._work = 0
        place = self._followed(Place(expression, path), 0)
        kind, *rest = place.expression
        if kind != CALL or self._own_name(rest[0], place.path) != "pgSchema" or not rest[1]:
            return None
        return self.text(rest[1][0], place.path)

    def _own_name(self, function: str, path: str) -> str:
        """A function's own name, whatever a file calls it that imports it."""
        imported = self._facts(path).imports.get(function)
        return imported[1] if imported else function.rpartition(".")[2]

    def is_enum(self, expression: Expression, path: str) -> bool:
        """Whether an expression is an enum. Raises OutsideError where what it comes from is not in the repository."""
        self._work = 0
        try:
            found = self._followed(Place(expression, path), 0).expression
            return found[0] == ENUM and (len(found) <= _WITH_BASES or found[_WITH_BASES])
        except OutsideError:
            raise
        except UnresolvedError:
            return False

    def _labels(self, place: Place, depth: int) -> list[CodeLabel]:  # noqa: PLR0911 - one a kind of expression
        place = self._followed(place, depth)
        kind, *rest = place.expression
        if kind == TEXT:
            return [CodeLabel(rest[0], place.path, rest[1])]
        if kind == NUMBER:
            raise NumbersError("its values are numbers")
        if kind in (LIST, JOINED):
            parts = [self._item(place.at(item), depth + 1) for item in rest[0]]
            return [label for part in parts for label in part] if kind == LIST else self._joined(parts)
        if kind in (ENUM, OBJECT):
            if not rest[0]:
                raise UnresolvedError("it has no members")
            values = [one[1] for one in rest[0]]
            return [label for value in values for label in self._labels(place.at(value), depth + 1)]
        if kind in (SPREAD, ITEMS, VALUES):
            return self._labels(place.at(rest[0]), depth + 1)
        if kind == KEYS:
            return self._keys(self._followed(place.at(rest[0]), depth + 1), depth + 1)
        if kind == EACH:
            return self._each(place.at(rest[0]), rest[1], depth + 1)
        if kind in _CHANGES:
            return self._changed(place, depth)
        raise UnresolvedError(_why(place.expression))

    def _item(self, place: Place, depth: int) -> list[CodeLabel]:
        """What stands in a list: an object there is a record, and its values are no labels."""
        if place.expression[0] == TEXT:
            return [CodeLabel(place.expression[1], place.path, place.expression[2])]
        place = self._followed(place, depth)
        if place.expression[0] == OBJECT:
            raise UnresolvedError("an object is no label")
        return self._labels(place, depth)

    def _changed(self, place: Place, depth: int) -> list[CodeLabel]:
        """Labels of which some are taken, or which are put into another order or written in another way."""
        kind, *rest = place.expression
        every = self._labels(place.at(rest[0]), depth + 1)
        if kind == CUT:
            return once(every)[rest[1] : rest[2]]
        if kind == RECASED:
            return [CodeLabel(recased(label.text, rest[1], rest[2]), label.path, label.line) for label in every]
        if kind == ORDERED:
            if rest[1] == "free":
                self.is_ordered = False
            return sorted(every, key=lambda label: label.text) if rest[1] == "sorted" else every[:: _STEPS[rest[1]]]
        named = {label.text for label in self._labels(place.at(rest[1]), depth + 1)}
        return [label for label in every if (label.text in named) == (kind == ONLY)]

    def _joined(self, parts: list[list[CodeLabel]]) -> list[CodeLabel]:
        """Each text of the first part with each of the second, and so on."""
        made = [CodeLabel("", "", 0)]
        for part in parts:
            self._work += len(made) * len(part)
            if self._work > MOST_WORK:
                raise UnresolvedError("too many texts are put together")
            made = [CodeLabel(one.text + other.text, other.path, other.line) for one in made for other in part]
        return made

    def _followed(self, place: Place, depth: int) -> Place:
        """What a name or a call stands for in the end."""
        for _ in range(MOST_STEPS):
            self._step(depth)
            kind, *rest = place.expression
            if kind == NAME:
                place = self._named(rest[0], place, depth + 1)
            elif kind == CALL:
                called = self._called(rest[0], rest[1], place, depth + 1)
                if called is place:
                    return place
                place = called
            elif kind == CLASS:
                return self._enum(place, depth + 1)
            else:
                return place
        raise UnresolvedError("its names lead in a circle, or too far")

    def _named(self, name: str, place: Place, depth: int) -> Place:
        head, _, rest = name.partition(".")
        if head in place.given:
            found = place.given[head]
        else:
            whole = self._declared(place.path, name)
            if whole is not None:
                self.through.add((place.path, whole.name))
                return Place(whole.expression, place.path)
            found, rest = self._global(head, rest, place.path, depth)
        for key in rest.split(".") if rest else ():
            found = self._member(self._followed(found, depth + 1), key, depth + 1)
        return found

    def _global(self, head: str, rest: str, path: str, depth: int) -> tuple[Place, str]:
        """A name of a file: its own declaration, or what another file exports."""
        declared = self._declared(path, head)
        if declared is not None:
            self.through.add((path, declared.name))
            return Place(declared.expression, path), rest
        head, rest = self._longest_import(head, rest, path)
        imported = self._facts(path).imports.get(head)
        if imported is None:
            return self._starred(head, path, depth), rest
        module, name = imported
        target = self._module(module, path)
        if name == "*" and path.endswith(_PYTHON) and target:
            return Place((MODULE, target), target), rest
        if name == "*":
            name, _, rest = rest.partition(".")
        found = self._exported(target, name, depth + 1, set()) if target and target != path else None
        if found is not None:
            return found, rest
        inner = self._inner_module(module, name, path)
        if inner:
            return Place((MODULE, inner), inner), rest
        if target is None:
            raise OutsideError(f"`{head}` comes from `{module}`, which is not in this repository")
        raise UnresolvedError(f"`{name}` was not found in {target}{self._unread(target)}")

    def _unread(self, path: str) -> str:
        """Why a file says nothing, where that is known."""
        return "".join(f": {reason}" for _, reason in self._facts(path).faults[:1])

    def _inner_module(self, module: str, name: str, path: str) -> str | None:
        """The file of a module of Python that a package's name is a part of."""
        if not path.endswith(_PYTHON):
            return None
        found = self._module(f"{module}.{name}" if module.strip(".") else module + name, path)
        return found if found != path else None

    def _longest_import(self, head: str, rest: str, path: str) -> tuple[str, str]:
        """`import a.b` of Python names two words: the longest that was imported, and what follows it."""
        imports = self._facts(path).imports
        words = rest.split(".") if rest and path.endswith(_PYTHON) else []
        for count in range(len(words), 0, -1):
            longer = ".".join([head, *words[:count]])
            if longer in imports:
                return longer, ".".join(words[count:])
        return head, rest

    def _starred(self, head: str, path: str, depth: int) -> Place:
        """A name that `from module import *` may have brought."""
        for module in self._facts(path).stars if path.endswith(_PYTHON) else ():
            target = self._module(module, path)
            found = self._exported(target, head, depth + 1, {path}) if target else None
            if found is not None:
                return found
        raise UnresolvedError(f"`{head}` is not declared where it is looked for")

    def _enum(self, place: Place, depth: int) -> Place:
        """A class of Python as an enum: with what its bases make of its members."""
        known = self._enums.get(id(place.expression))
        if known is None:
            from nightlatch.enum_parity.python_enums import finished

            self._step(depth)
            self._enums[id(place.expression)] = (place.expression, place.at((UNKNOWN, "its class leads to itself")))
            classes, roots, others = [place], list[str](), list[str]()
            self._bases(place, classes, roots, others, depth)
            members = finished(
                [one.expression for one in classes], roots, others, lambda value: self._text(place.at(value), depth + 1)
            )
            methods = {name: (one, owner.path) for owner in reversed(classes) for name, one in _methods(owner)}
            made = (ENUM, members, methods, bool(roots))
            known = self._enums[id(place.expression)] = (place.expression, Place(made, place.path))
        return known[1]

    def _text(self, place: Place, depth: int) -> str | None:
        """The one text that an expression is, or None."""
        try:
            labels = self._labels(place, depth)
        except UnresolvedError:
            return None
        return labels[0].text if len(labels) == 1 else None

    def _bases(self, place: Place, classes: list[Place], roots: list[str], others: list[str], depth: int) -> None:
        """Find the bases of a class, and theirs."""
        for base in place.expression[1]:
            try:
                found: Place | None = self._named(base, place, depth + 1)
                while found is not None and found.expression[0] == NAME:
                    self._step(depth)
                    found = self._named(found.expression[1], found, depth + 1)
            except UnresolvedError:
                found = None
            if found is not None and found.expression[0] == CLASS:
                self._step(depth)
                classes.append(found)
                self._bases(found, classes, roots, others, depth + 1)
            else:
                name = self._whole_name(base, place.path)
                (roots if _is_enum_class(name) else others).append(name)

    def _step(self, depth: int) -> None:
        self._work += 1
        if self._work > MOST_WORK:
            raise UnresolvedError(f"it has more than {MOST_WORK:,} parts, and no more are read")
        if depth > MOST_STEPS:
            raise UnresolvedError("its names lead in a circle, or too far")

    def _whole_name(self, name: str, path: str) -> str:
        """A name with the module that it is imported from."""
        head, dot, rest = name.partition(".")
        module, inner = self._facts(path).imports.get(head, ("", head))
        return ".".join(part for part in (module, "" if inner == "*" else inner, rest if dot else "") if part)

    def _exported(self, path: str, name: str, depth: int, seen: set[str]) -> Place | None:
        if path in seen or depth > MOST_STEPS:
            return None
        seen.add(path)
        self.ways.add(path)
        facts = self._facts(path)
        if name in facts.exports:
            module, inner = facts.exports[name]
            if not module:
                return Place((NAME, inner), path)
            target = self._module(module, path)
            return self._exported(target, inner, depth + 1, seen) if target else None
        declared = self._declared(path, name)
        if declared is not None:
            self.through.add((path, declared.name))
            return Place(declared.expression, path)
        for module in facts.stars:
            target = self._module(module, path)
            found = self._exported(target, name, depth + 1, seen) if target else None
            if found is not None:
                return found
        return Place((NAME, name), path) if name in facts.imports else None

    def _declared(self, path: str, name: str) -> Declared | None:
        """A declaration by its name: a value before a type, and of several the one at the top of the file."""
        found = [one for one in self._facts(path).declared if one.name == name]
        if not found and "." not in name:  # a class within a class, which names it without the outer one
            inner = [one for one in self._facts(path).declared if one.name.endswith("." + name)]
            found = inner if len(inner) == 1 else []
        values = [one for one in found if one.kind not in ("union", "type")] or found
        return next((one for one in values if one.is_top), values[0] if values else None)

    def _of_a_module(self, module: str, key: str, depth: int) -> Place:
        """What a module of Python declares or imports, or a module of the package that it is."""
        found = self._exported(module, key, depth + 1, set())
        inner = self._module("." + key, module) if found is None and module.endswith(_PACKAGE) else None
        if inner:
            return Place((MODULE, inner), inner)
        if found is None:
            raise UnresolvedError(f"`{key}` was not found in {module}{self._unread(module)}")
        return found

    def _member(self, place: Place, key: str, depth: int) -> Place:  # noqa: C901 - one branch a kind of owner
        kind, *rest = place.expression
        if kind == ENUM:
            for name, value, line in rest[0]:
                if name == key:
                    return place.at((TEXT, value[1], line) if value[0] == TEXT else value)
            if len(rest) > 1 and key in rest[1]:
                return _bound_method(place, *rest[1][key])
        if kind == OBJECT:
            for name, value in rest[0]:
                if name == key:
                    return place.at(value)
            for name, value in rest[0]:
                if name == REST:
                    return self._member(self._followed(place.at(value), depth + 1), key, depth + 1)
        if kind == MODULE:
            return self._of_a_module(rest[0], key, depth)
        if key == FIRST and (kind == TEXT or (kind == LIST and rest[0])):
            return place if kind == TEXT else place.at(rest[0][0])
        raise UnresolvedError(f"`{key}` was not found in what it is a part of")

    def _called(self, function: str, arguments: list[Expression], place: Place, depth: int) -> Place:
        """What a function of the code's own gives; a call of another one stays as it is."""
        try:
            found = self._followed(self._named(function, place, depth + 1), depth + 1)
        except UnresolvedError:
            return self._called_of_an_object(function, place, depth)
        kind, *rest = found.expression
        if kind != FUNCTION:
            return place
        given = dict(zip(rest[0], (place.at(argument) for argument in arguments), strict=False))
        return Place(rest[1], found.path, {**found.given, **given})

    def _called_of_an_object(self, function: str, place: Place, depth: int) -> Place:
        """`CONSTANT.values()` and `.keys()` of Python."""
        owner, _, method = function.rpartition(".")
        if not owner or method not in _METHODS:
            return place
        try:
            found = self._followed(self._named(owner, place, depth + 1), depth + 1)
        except UnresolvedError:
            return place
        return found.at((_METHODS[method], found.expression)) if found.expression[0] == OBJECT else place

    def _keys(self, place: Place, depth: int) -> list[CodeLabel]:
        kind, *rest = place.expression
        if kind == ENUM:
            if not all(name for name, _, _ in rest[0]):
                raise UnresolvedError("some of its members are made when the program runs")
            return [CodeLabel(name, place.path, line) for name, _, line in rest[0]]
        if kind != OBJECT:
            raise UnresolvedError(
                _why(place.expression) if kind in (CALL, UNKNOWN) else "the keys of what is no object"
            )
        found: list[CodeLabel] = []
        for name, value in rest[0]:
            if name == REST:
                found.extend(self._keys(self._followed(place.at(value), depth + 1), depth + 1))
            elif not name:
                raise UnresolvedError("a key is computed when the program runs")
            else:
                found.append(CodeLabel(name, place.path, _line_of(value)))
        return found

    def _each(self, place: Place, key: str, depth: int) -> list[CodeLabel]:
        """One property of each object in a list."""
        owner = self._followed(place, depth)
        while owner.expression[0] in (ITEMS, SPREAD, VALUES):
            owner = self._followed(owner.at(owner.expression[1]), depth + 1)
        kind, *rest = owner.expression
        if kind == FIRSTS and key == FIRST:
            return self._labels(owner.at(rest[0]), depth + 1)
        if kind == ENUM and key == FIRST:  # an enum's choices are its values
            return self._labels(owner, depth + 1)
        items = rest[0] if kind == LIST else [value for _, value in rest[0]] if kind == OBJECT else None
        if items is None:
            raise UnresolvedError(_why(owner.expression) if kind in (CALL, UNKNOWN) else "the parts of what is no list")
        found: list[CodeLabel] = []
        for item in items:
            one = self._followed(owner.at(item), depth + 1)
            if one.expression[0] == SPREAD:
                found.extend(self._each(one.at(one.expression[1]), key, depth + 1))
            else:
                found.extend(self._labels(self._member(one, key, depth + 1), depth + 1))
        return found


def _line_of(expression: Expression) -> int:
    """A line that an expression says, or 0."""
    if expression[0] == TEXT:
        return int(expression[2])
    if expression[0] == NUMBER:
        return int(expression[1])
    return 0


def _why(expression: Expression) -> str:
    """Why an expression gives no labels."""
    kind, *rest = expression
    if kind == UNKNOWN:
        return str(rest[0])
    return (
        f"what `{rest[0]}` gives is known when the program runs" if kind == CALL else f"a {kind} is no list of labels"
    )


def _methods(place: Place) -> list[tuple[str, Expression]]:
    return list(place.expression[3].get("methods", {}).items())


def _bound_method(owner: Place, method: Expression, path: str) -> Place:
    """A method as a function of what is given to it; one of the class itself knows its class."""
    _, parameters, value, *is_of_class = method
    if not is_of_class or not parameters:
        return Place((FUNCTION, parameters, value), path)
    return Place((FUNCTION, parameters[1:], value), path, {parameters[0]: owner})


def _is_enum_class(name: str) -> bool:
    from nightlatch.enum_parity.python_enums import is_enum_class

    return is_enum_class(name)


MODULE = "module"
"""A module of Python, by its file: only while names are looked up."""

_PYTHON = ".py"
_PACKAGE = "__init__.py"
_CHANGES = frozenset({CUT, ORDERED, RECASED, WITHOUT, ONLY})
_STEPS = {"free": 1, "reversed": -1}
_METHODS = {"values": VALUES, "keys": KEYS}
_WITH_BASES = 3
"""The place in an enum's expression that says whether its bases make it one: only a class of Python has it."""
