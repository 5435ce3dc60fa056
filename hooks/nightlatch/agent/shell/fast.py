"""The fast path: commands in which there is nothing to expand, so that no grammar is needed to tell their words."""

from __future__ import annotations

_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:,@%+= \t")
MOST_CHARACTERS = 16 * 1024
_NOT_IN_DOUBLE_QUOTES = frozenset('"$`\\\n!')
_KEYWORDS = frozenset(
    {"if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac", "select", "function",
     "time", "coproc", "in", "export", "declare", "typeset", "local", "readonly", "unset", "alias", "eval", "trap",
     "nocorrect", "noglob", "repeat", "foreach", "end", "always"}
)  # fmt: skip
"""Words that the grammar reads in a way of its own where a command starts."""


def plain_commands(command: str) -> list[list[str]] | None:  # noqa: C901, PLR0911, PLR0912 - one form after the other
    """The commands of a line, as their words; None where anything would have to be expanded, or is no plain command.

    Read are: letters, digits, a few signs, quotes without anything special between them, `&&` and `;`.
    """
    if len(command) > MOST_CHARACTERS:
        return None
    commands: list[list[str]] = [[]]
    word: list[str] | None = None
    at, size = 0, len(command)
    while at < size:
        character = command[at]
        if character in " \t":
            _end(word, commands)
            word = None
            at += 1
        elif character in _PLAIN:
            end = at + 1
            while end < size and command[end] in _PLAIN and command[end] not in " \t":
                end += 1
            word = word or []
            word.append(command[at:end])
            at = end
        elif character in "'\"":
            end = command.find(character, at + 1)
            inner = command[at + 1 : end]
            if end < 0 or (character == '"' and not _NOT_IN_DOUBLE_QUOTES.isdisjoint(inner)):
                return None
            word = word or []
            word.append(inner)
            at = end + 1
        elif character == ";" or command.startswith("&&", at):
            _end(word, commands)
            word = None
            if not commands[-1]:
                return None
            commands.append([])
            at += 1 if character == ";" else 2
            if command[at : at + 1] in (";", "&"):
                return None
        else:
            return None
    _end(word, commands)
    if not commands[-1]:
        if len(commands) == 1 or command.rstrip().endswith("&&"):
            return None if command.strip() else []
        commands.pop()
    return None if any(not _is_plain(words[0]) for words in commands) else commands


def _end(word: list[str] | None, commands: list[list[str]]) -> None:
    if word is not None:
        commands[-1].append("".join(word))


def _is_plain(name: str) -> bool:
    return bool(name) and name not in _KEYWORDS and "=" not in name
