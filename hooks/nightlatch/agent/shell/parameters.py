"""What `${…}` stands for: the values a variable may have, and what the operators behind its name make of them."""

from __future__ import annotations

from nightlatch.agent.shell.patterns import matches
from nightlatch.agent.shell.values import Unknown, Word, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.place import Place
    from nightlatch.agent.shell.state import State, Value

_NAME = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
_NUMBERS = frozenset(
    {"?", "$", "!", "#", "RANDOM", "SECONDS", "EPOCHSECONDS", "EPOCHREALTIME", "UID", "EUID", "PPID", "LINENO",
     "BASHPID", "SHLVL", "COLUMNS", "LINES", "OPTIND", "HISTCMD", "SRANDOM"}
)  # fmt: skip
_KNOWN = {"IFS": " \t\n", "0": "bash", "-": "", "SHELL": "/bin/bash", "BASH": "/bin/bash", "_": "bash"}
_RUNNER = frozenset(
    {"GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY", "GITHUB_STATE", "GITHUB_EVENT_PATH",
     "GITHUB_WORKSPACE", "RUNNER_TEMP", "RUNNER_TOOL_CACHE"}
)  # fmt: skip
"""Files and folders that a runner of GitHub Actions has ready, in its own temporary folder."""
_OPERATORS = (":-", ":=", ":+", ":?", "##", "%%", "//", "/#", "/%", "^^", ",,", "-", "=", "+", "?", "#", "%", "/",
              "^", ",", ":", "@")  # fmt: skip


class Parameter:
    """A parameter as it is written.

    index      what stands in its brackets; "" where there are none
    operator   one of `_OPERATORS`, or ""
    rest       what stands behind the operator
    is_length  `${#name}`
    is_name    `${!name}`: the name of the variable is the value of this one
    """

    __slots__ = ("index", "is_length", "is_name", "name", "operator", "rest")

    def __init__(self, text: str) -> None:
        self.is_length = len(text) > 1 and text[0] == "#" and (text[1] in _NAME or text[1] in "@*")
        self.is_name = len(text) > 1 and text[0] == "!" and text[1] in _NAME
        text = text[self.is_length or self.is_name :]
        end = 0
        while end < len(text) and text[end] in _NAME:
            end += 1
        end = end or min(1, len(text))
        self.name, rest = text[:end], text[end:]
        self.index = ""
        if rest.startswith("[") and "]" in rest:
            self.index, rest = rest[1 : rest.index("]")].strip("\"'"), rest[rest.index("]") + 1 :]
        self.operator = next((operator for operator in _OPERATORS if rest.startswith(operator)), "")
        self.rest = rest[len(self.operator) :] if self.operator else rest

    @property
    def is_list(self) -> bool:
        """Whether quoted it still becomes several words."""
        return self.index == "@" or self.name == "@"


def values_of(parameter: Parameter, state: State, place: Place, source: str) -> list[Value]:
    """The values that the bare parameter can have. An unset variable of the script's own has the empty value []."""
    name = state.references.get(parameter.name, parameter.name)
    if parameter.is_name:
        inner = state.text(name)
        if inner is None:
            return [[Word(Unknown(source))]]
        parameter = Parameter(inner)
        name = parameter.name
    if (name in ("@", "*") or (name.isdigit() and name != "0")) and not state.knows_arguments:
        return [[Word(Unknown(source))]]
    if name in ("@", "*"):
        return [state.arguments]
    if name.isdigit() and name != "0":
        number = int(name) if len(name) < 4 else 0  # noqa: PLR2004 - nobody has so many arguments
        return [state.arguments[number - 1 : number] if number else []]
    if name in state.variables:
        return [_indexed(value, parameter.index, state, source) for value in state.variables[name]]
    return [_environment(name, state, place, source)]


def _indexed(value: Value, index: str, state: State, source: str) -> Value:
    if index in ("@", "*"):
        return value
    if index in ("", "0"):
        return value[:1]
    known = index if index.lstrip("-").isdigit() else state.text(index.lstrip("$"))
    if known is not None and known.lstrip("-").isdigit() and len(known) < 6:  # noqa: PLR2004 - no array is so long
        number = int(known)
        return [value[number]] if -len(value) <= number < len(value) else []
    return [Word(Unknown(source))] if len(value) != 1 else value


def _environment(name: str, state: State, place: Place, source: str) -> Value:
    """A variable that the script doesn't set: one of the environment, known for a few."""
    if name in ("PWD", "OLDPWD") and len(state.folders) == 1 and state.folders[0] is not None:
        return [Word(state.folders[0])] if name == "PWD" else [Word(Unknown(source))]
    if name == "HOME" and place.home:
        return [Word(place.home)]
    if name in _NUMBERS:
        return [Word(Unknown(source, is_plain=True))]
    if name in _RUNNER:
        return [Word(place.root if name == "GITHUB_WORKSPACE" else f"/tmp/runner/{name.lower()}")]  # noqa: S108 - no use
    known = place.variables.get(name) or _KNOWN.get(name)
    return [Word(known)] if known is not None else [Word(Unknown(source))]


def applied(parameter: Parameter, value: Value, source: str) -> Value:
    """What the operators for texts make of a value: removal, replacement, cutting, letter case."""
    if parameter.is_length:
        return [Word(Unknown(source, is_plain=True))]
    operator, rest = parameter.operator, parameter.rest
    if not operator or operator in ("@", "-", "+", "=", "?", ":-", ":+", ":=", ":?"):
        return value
    if operator == ":" and (parameter.is_list or parameter.name == "*"):
        return _cut_list(value, rest, source)
    result = []
    for word in value:
        text = word.text
        changed = None if text is None or any(isinstance(part, Unknown) for part in word.parts) else text
        made = _changed(changed, operator, rest) if changed is not None else None
        result.append(Word(made) if made is not None else Word(Unknown(source)))
    return result


def _cut_list(value: Value, rest: str, source: str) -> Value:
    numbers = rest.replace(" ", "").split(":")
    if not all(number.isdigit() for number in numbers):
        return [Word(Unknown(source))]
    start = int(numbers[0])
    end = start + int(numbers[1]) if len(numbers) > 1 else len(value) + 1
    # `${@:1}` counts from 1 and `${a[@]:1}` from 0: one field more is kept rather than one too few
    return value[max(start - 1, 0) : end]


def _changed(text: str, operator: str, rest: str) -> str | None:  # noqa: PLR0911 - one form after the other
    if operator in ("^^", "^"):
        return text.upper() if operator == "^^" else text[:1].upper() + text[1:]
    if operator in (",,", ","):
        return text.lower() if operator == ",," else text[:1].lower() + text[1:]
    if any(mark in rest for mark in "$`\"'"):
        return None
    if operator in ("#", "##", "%", "%%"):
        return _without(text, operator, rest)
    if operator == ":":
        return _cut(text, rest)
    old, _, new = rest.partition("/")
    if any(mark in old for mark in "*?[\\"):
        return None
    if operator == "/#":
        return new + text[len(old) :] if text.startswith(old) else text
    if operator == "/%":
        return text[: len(text) - len(old)] + new if text.endswith(old) else text
    return text.replace(old, new, -1 if operator == "//" else 1) if old else text


MOST_WORK = 200_000
"""So many comparisons a removal may need: the square of the text's length times the pattern's."""


def _without(text: str, operator: str, pattern: str) -> str | None:
    """The text less what matches at one end; None where finding it would take too long."""
    if len(text) ** 2 * (pattern.count("*") * len(pattern) + 1) > MOST_WORK * 10:
        return None
    sizes = range(len(text) + 1)
    is_longest = len(operator) > 1
    for size in reversed(sizes) if is_longest else sizes:
        part = text[:size] if operator[0] == "#" else text[len(text) - size :]
        if matches(pattern, part):
            return text[size:] if operator[0] == "#" else text[: len(text) - size]
    return text


def _cut(text: str, rest: str) -> str | None:
    numbers = [number.strip(" ()") for number in rest.split(":")]
    if not all(number.removeprefix("-").isdigit() for number in numbers):
        return None
    start = int(numbers[0])
    cut = text[start:] if start >= 0 else text[max(len(text) + start, 0) :]
    if len(numbers) > 1:
        length = int(numbers[1])
        cut = cut[:length]
    return cut


def as_one(value: Value) -> Word:
    """A value where only one word may stand."""
    return value[0] if len(value) == 1 else joined(value)
