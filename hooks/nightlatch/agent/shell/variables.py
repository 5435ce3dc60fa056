"""Assignments: what a variable holds from now on, and the variables that turn hooks off."""

from __future__ import annotations

from nightlatch.agent.effects import Bypass
from nightlatch.agent.shell.expand import assigned, fields
from nightlatch.agent.shell.values import Word, merged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.interpreter import Interpreter
    from nightlatch.agent.shell.state import State, Value
    from nightlatch.agent.shell.values import Unknown


POLICY = "NIGHTLATCH_POLICY"
"""Names the organisation's policy: an empty value takes it away as well."""


def assign(
    shell: Interpreter, source: str, items: list[str] | None, state: State, *, environment: bool = False
) -> None:
    """Follow one assignment.

    source       as it is written: `name=value`, `name+=value`, `name[1]=value`
    items        the words of `name=(…)`
    environment  whether it is exported, or holds for one command
    """
    left, _, right = source.partition("=")
    adds = left.endswith("+")
    left = left.removesuffix("+")
    name, bracket, index = left.partition("[")
    if items is not None:
        value: Value = [word for item in items for way in fields(_item(item), state, shell) for word in way]
        values = [value]
    else:
        values = [[word] for word in assigned(right, state, shell)]
    store(state, name, values, adds=adds or bool(bracket), is_list=items is not None or bool(bracket))
    del index
    if environment:
        warn(shell, name, state)


def _item(item: str) -> str:
    """An item of an array: `[key]=value` counts by its value."""
    return item.partition("]=")[2] if item.startswith("[") and "]=" in item else item


def store(state: State, name: str, values: list[Value], *, adds: bool = False, is_list: bool = False) -> None:
    """Give a variable its values; with `adds` what it has stays."""
    if not adds:
        state.assign(name, values)
        return
    before = state.variables.get(name, [[]])
    if is_list:
        state.assign(name, [[*old, *new] for old in before for new in values])
        return
    joined = [[merged([*_parts(old), *_parts(new)])] for old in before for new in values]
    state.assign(name, joined)


def _parts(value: Value) -> tuple[str | Unknown, ...]:
    return value[0].parts if value else ()


def warn(shell: Interpreter, name: str, state: State) -> None:
    """Say it where a variable of the environment takes hooks out of the way by itself."""
    from nightlatch.agent.shell.commands.git import switch

    for value in state.variables.get(name, []):
        found = switch(name, value[0]) if value else ""
        if found and name.startswith(("GIT_CONFIG", "HUSKY", "LEFTHOOK", "PRE_COMMIT", "OVERCOMMIT", "NIGHTLATCH")):
            shell.trace.add(Bypass(found))


def word_assignment(shell: Interpreter, word: Word, state: State, *, environment: bool) -> str:
    """An assignment among a command's words (`export a=b`, `env a=b`); gives its name, empty where it is none."""
    name, equals, _ = word.prefix.partition("=")
    if not equals or not name.removesuffix("+").isidentifier():
        return ""
    adds = name.endswith("+")
    name = name.removesuffix("+")
    store(state, name, [[word.cut(len(name) + 1 + adds)]], adds=adds)
    if environment:
        warn(shell, name, state)
    return name
