"""What the names in an expression stand for, across files, until only labels are left."""

from __future__ import annotations

from nightlatch.enum_parity.code_enum import CodeLabel, once
from nightlatch.enum_parity.expressions import (
    CALL,
    EACH,
    ENUM,
    FIRST,
    FUNCTION,
    ITEMS,
    KEYS,
    LIST,
    NAME,
    NUMBER,
    OBJECT,
    ONLY,
    REST,
    SPREAD,
    TEXT,
    UNKNOWN,
    VALUES,
    WITHOUT,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from nightlatch.enum_parity.expressions import Declared, Expression, Facts

    FindModule = Callable[[str, str], str | None]
    LoadFacts = Callable[[str], Facts]

MOST_STEPS = 60
"""Names and files that lead from one to the other."""

MOST_WORK = 20_000
"""Expressions that are looked at for one list: lists that spread each other double with every step."""


class UnresolvedError(Exception):
    """The labels can't be told from the sources; the text says why."""


class NumbersError(UnresolvedError):
    """There are numbers where a database has labels."""


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

    `ways` are the files that labels have come through.
    """

    def __init__(self, facts: LoadFacts, module: FindModule) -> None:
        self._facts = facts
        self._module = module
        self._work = 0
        self.ways: set[str] = set()

    def labels(self, expression: Expression, path: str) -> list[CodeLabel]:
        """The labels of an expression, in order, each once. Raises UnresolvedError."""
        self._work = 0
        return once(self._labels(Place(expression, path), 0))

    def text(self, name: str, path: str, called: str) -> str:
        """The text that a call of a function such as pgSchema was given, by the variable that holds it."""
        self._work = 0
        place = self._followed(Place((NAME, name), path), 0)
        kind, *rest = place.expression
        if kind == CALL and rest[0].rpartition(".")[2] == called and rest[1] and rest[1][0][0] == TEXT:
            return str(rest[1][0][1])
        raise UnresolvedError(f"`{name}` is no {called}")

    def _labels(self, place: Place, depth: int) -> list[CodeLabel]:  # noqa: PLR0911 - one a kind of expression
        place = self._followed(place, depth)
        kind, *rest = place.expression
        if kind == TEXT:
            return [CodeLabel(rest[0], place.path, rest[1])]
        if kind == NUMBER:
            raise NumbersError("its values are numbers")
        if kind == LIST:
            return [label for item in rest[0] for label in self._labels(place.at(item), depth + 1)]
        if kind == ENUM:
            return [label for _, value, _ in rest[0] for label in self._labels(place.at(value), depth + 1)]
        if kind == OBJECT:
            return self._values(place, depth + 1)
        if kind in (SPREAD, ITEMS, VALUES):
            return self._labels(place.at(rest[0]), depth + 1)
        if kind == KEYS:
            return self._keys(self._followed(place.at(rest[0]), depth + 1), depth + 1)
        if kind == EACH:
            return self._each(place.at(rest[0]), rest[1], depth + 1)
        if kind in (WITHOUT, ONLY):
            named = {label.text for label in self._labels(place.at(rest[1]), depth + 1)}
            every = self._labels(place.at(rest[0]), depth + 1)
            return [label for label in every if (label.text in named) == (kind == ONLY)]
        raise UnresolvedError(str(rest[0]) if kind == UNKNOWN else f"a {kind} is no list of labels")

    def _followed(self, place: Place, depth: int) -> Place:
        """What a name or a call stands for in the end."""
        for _ in range(MOST_STEPS):
            self._work += 1
            if depth > MOST_STEPS or self._work > MOST_WORK:
                break
            kind, *rest = place.expression
            if kind == NAME:
                place = self._named(rest[0], place, depth + 1)
            elif kind == CALL:
                place = self._called(rest[0], rest[1], place, depth + 1)
                if place.expression[0] == CALL:
                    return place
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
                return Place(whole.expression, place.path)
            found, rest = self._global(head, rest, place.path, depth)
        for key in rest.split(".") if rest else ():
            found = self._member(self._followed(found, depth + 1), key, depth + 1)
        return found

    def _global(self, head: str, rest: str, path: str, depth: int) -> tuple[Place, str]:
        """A name of a file: its own declaration, or what another file exports."""
        declared = self._declared(path, head)
        if declared is not None:
            return Place(declared.expression, path), rest
        imported = self._facts(path).imports.get(head)
        if imported is None:
            raise UnresolvedError(f"`{head}` is not declared where it is looked for")
        module, name = imported
        target = self._module(module, path)
        if target is None:
            raise UnresolvedError(f"`{head}` comes from `{module}`, which is not in this repository")
        if name == "*":
            inner, _, rest = rest.partition(".")
            name = inner
        found = self._exported(target, name, depth + 1, set())
        if found is None:
            raise UnresolvedError(f"`{name}` was not found in {target}")
        return found, rest

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

    def _member(self, place: Place, key: str, depth: int) -> Place:  # noqa: C901 - one branch a kind of owner
        kind, *rest = place.expression
        if kind == ENUM:
            for name, value, line in rest[0]:
                if name == key:
                    return place.at((TEXT, value[1], line) if value[0] == TEXT else value)
        if kind == OBJECT:
            for name, value in rest[0]:
                if name == key:
                    return place.at(value)
            for name, value in rest[0]:
                if name == REST:
                    return self._member(self._followed(place.at(value), depth + 1), key, depth + 1)
        if key == FIRST and kind == LIST and rest[0]:
            return place.at(rest[0][0])
        if key == FIRST and kind == TEXT:
            return place
        raise UnresolvedError(f"`{key}` was not found in what it is a part of")

    def _called(self, function: str, arguments: list[Expression], place: Place, depth: int) -> Place:
        """What a function of the code's own gives; a call of another one stays as it is."""
        try:
            found = self._followed(self._named(function, place, depth + 1), depth + 1)
        except UnresolvedError:
            return place
        kind, *rest = found.expression
        if kind != FUNCTION:
            return place
        given = dict(zip(rest[0], (place.at(argument) for argument in arguments), strict=False))
        return Place(rest[1], found.path, given)

    def _values(self, place: Place, depth: int) -> list[CodeLabel]:
        """The values of an object."""
        found: list[CodeLabel] = []
        for _, value in place.expression[1]:
            found.extend(self._labels(place.at(value), depth + 1))
        return found

    def _keys(self, place: Place, depth: int) -> list[CodeLabel]:
        kind, *rest = place.expression
        if kind == ENUM:
            return [CodeLabel(name, place.path, line) for name, _, line in rest[0]]
        if kind != OBJECT:
            raise UnresolvedError("the keys of what is no object")
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
        if kind == ENUM and key == FIRST:  # an enum's choices are its values
            return self._labels(owner, depth + 1)
        items = rest[0] if kind == LIST else [value for _, value in rest[0]] if kind == OBJECT else None
        if items is None:
            raise UnresolvedError("the parts of what is no list")
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
