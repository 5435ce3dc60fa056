"""A program's arguments told apart: options, their values, operands. By the conventions of getopt and GNU."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from nightlatch.agent.shell.values import Word

FLAG = ""
"""The role of an option that takes no value."""


class Arguments:
    """What stands behind a program's name.

    options   (name with its dashes, value or None), in order
    operands  what is no option
    """

    __slots__ = ("operands", "options")

    def __init__(self) -> None:
        self.options: list[tuple[str, Word | None]] = []
        self.operands: list[Word] = []

    def has(self, *names: str) -> bool:
        """Whether one of these options is given."""
        return any(name in names for name, _ in self.options)

    def value(self, *names: str) -> Word | None:
        """The last value of one of these options."""
        found = [value for name, value in self.options if name in names and value is not None]
        return found[-1] if found else None

    def values(self, *names: str) -> list[Word]:
        """All values of these options."""
        return [value for name, value in self.options if name in names and value is not None]


def roles(table: str) -> dict[str, str]:
    """A table of options, written as `-n:value --lines:value -f:read -q`, by name."""
    found: dict[str, str] = {}
    for entry in table.split():
        name, _, role = entry.partition(":")
        found[name] = role
    return found


def parsed(
    words: Iterable[Word], table: dict[str, str], *, stops: bool = False, single_dash: bool = False
) -> Arguments:
    """The arguments, read by a table of the options that take values; an option that isn't in it is a flag.

    stops        whether the first operand ends the options (a wrapper: the rest is another command)
    single_dash  whether long options have one dash (`openssl -in`, `find -name`)
    """
    result = Arguments()
    rest = list(words)
    while rest:
        word = rest.pop(0)
        text = word.prefix
        if word.text == "--":
            result.operands += rest
            break
        if not text.startswith("-") or word.text == "-":
            result.operands.append(word)
            if stops:
                result.operands += rest
                break
        elif text.startswith("--") or single_dash:
            _long(word, table, rest, result)
        else:
            _cluster(word, table, rest, result)
    return result


def _long(word: Word, table: dict[str, str], rest: list[Word], result: Arguments) -> None:
    name, equals, _ = word.prefix.partition("=")
    full = _full_name(name, table)
    if equals:
        result.options.append((full, word.cut(len(name) + 1)))
    elif _takes_value(table.get(full, FLAG)) and rest:
        result.options.append((full, rest.pop(0)))
    else:
        result.options.append((full, None))


def _full_name(name: str, table: dict[str, str]) -> str:
    """An option that is cut short is the one that it can only be, as getopt has it."""
    if name in table or not name.startswith("--") or len(name) < 4:  # noqa: PLR2004 - dashes and two letters
        return name
    found = [known for known in table if known.startswith(name)]
    return found[0] if len(found) == 1 else name


def _takes_value(role: str) -> bool:
    return role not in (FLAG, "optional")


def _cluster(word: Word, table: dict[str, str], rest: list[Word], result: Arguments) -> None:
    """`-rn`, `-n5`, `-ofile`: letters up to the first that takes a value."""
    text = word.prefix
    if text[1:].isdigit():
        result.options.append((text, None))
        return
    for place in range(1, len(text)):
        name = "-" + text[place]
        role = table.get(name, FLAG)
        if role == FLAG:
            result.options.append((name, None))
            continue
        attached = word.cut(place + 1)
        if attached.parts and attached.shown:
            result.options.append((name, attached))
        elif role == "optional" or not rest:
            result.options.append((name, None))
        else:
            result.options.append((name, rest.pop(0)))
        return
