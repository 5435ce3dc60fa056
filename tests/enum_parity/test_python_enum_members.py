"""What is read of an enum class of Python is what Python makes of it when the class is really made."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.enum_parity import python_code
from nightlatch.enum_parity.expressions import KEYS, NAME, VALUES
from nightlatch.enum_parity.resolve import Resolver, UnresolvedError

SOURCE = Path(__file__).resolve().parent.parent / "cases" / "enum_parity" / "python" / "enum_classes.txt"

UNTOLD = "Untold"


def made_by_python(source: str) -> Mapping[str, type[enum.Enum]]:
    """The enum classes with members that a module of ours makes."""
    module: dict[str, Any] = {"__name__": "made"}
    exec(compile(source, "made.py", "exec"), module)  # noqa: S102 - our own text
    made = [one for one in module.values() if isinstance(one, type) and issubclass(one, enum.Enum)]
    return {one.__name__: one for one in made if one.__module__ == "made" and len(one)}


class Reading:
    """The same module as the hook reads it."""

    def __init__(self, source: str) -> None:
        self._facts = python_code.read(source.encode(), "made.py")
        self._resolver = Resolver(lambda _: self._facts, lambda _module, _importer: None)

    def told(self, expression: tuple[Any, ...]) -> list[str] | None:
        """The labels, or None where they can't be told."""
        try:
            return [one.text for one in self._resolver.labels(expression, "made.py")]
        except UnresolvedError:
            return None

    def names(self, name: str) -> list[str] | None:
        """The names of an enum's members, as SQLAlchemy stores them."""
        return self.told((KEYS, (NAME, name)))

    def values(self, name: str) -> list[str] | None:
        """Their values; None also where they are no texts."""
        return self.told((VALUES, (NAME, name)))


def names_of(made: type[enum.Enum]) -> list[str]:
    return [name for name, member in made.__members__.items() if member.name == name]


def values_of(made: type[enum.Enum]) -> list[str] | None:
    values = [member.value for member in made]
    return values if all(isinstance(value, str) for value in values) else None


CLASSES = made_by_python(SOURCE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CLASSES)
def test_members_are_python_s(name: str) -> None:
    reading = Reading(SOURCE.read_text(encoding="utf-8"))
    if name == "UntoldLoop":
        assert (reading.names(name), reading.values(name)) == (None, None)
        return
    assert reading.names(name) == names_of(CLASSES[name])
    assert reading.values(name) == (None if UNTOLD in name else values_of(CLASSES[name]))


BASES = ("Enum", "str, Enum", "StrEnum", "ByName", "enum.Enum", "TextBase")
VALUES_OF_MEMBERS = (
    "'a'",
    "'b'",
    "'A'",
    "auto()",
    "'c' + 'd'",
    "f'{SHARED}x'",
    "SHARED",
    "'e'.upper()",
    "M0",
    "str('f')",
)
TOP = (
    "import enum\nfrom enum import Enum, StrEnum, auto\nSHARED = 's'\n"
    "class ByName(Enum):\n    def _generate_next_value_(name, start, count, last_values):\n        return name\n"
    "class TextBase(str, Enum):\n    pass\n"
)


@given(
    st.sampled_from(BASES),
    st.lists(
        st.tuples(st.sampled_from(("M", "_m", "__m")), st.sampled_from(VALUES_OF_MEMBERS), st.booleans()), max_size=7
    ),
)
def test_any_class_has_python_s_members(base: str, members: list[tuple[str, str, bool]]) -> None:
    lines = ["M0 = 'first'"]
    for number, (start, value, is_annotated) in enumerate(members, 1):
        lines.append(f"{start}{number}{': str' if is_annotated else ''} = {value}")
    source = f"{TOP}class Made({base}):\n" + "".join(f"    {line}\n" for line in lines)
    try:
        made = made_by_python(source)["Made"]
    except (TypeError, DeprecationWarning):  # auto() after a text, which newer Pythons refuse
        return
    reading = Reading(source)
    assert reading.names("Made") == names_of(made), source
    assert reading.values("Made") == values_of(made), source
