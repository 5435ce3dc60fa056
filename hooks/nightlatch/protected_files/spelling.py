"""A file's name as a shell, `.gitignore` and `CODEOWNERS` take it: a remedy is there to be pasted."""

from __future__ import annotations

import os
import shlex

IGNORE_SIGNS = frozenset("\\*?[ ")
OWNER_SIGNS = frozenset("\\*?[]#")
PLAIN = range(0x20, 0x7F)


def for_a_shell(path: str) -> str:
    """One word for bash, zsh and the like. Whatever can't be shown is written as the bytes that it is."""
    start = "-- " if path.startswith("-") else ""
    if path.isprintable():
        return start + shlex.quote(path)
    shown = (chr(one) if one in PLAIN and chr(one) not in "'\\" else f"\\x{one:02x}" for one in os.fsencode(path))
    return f"{start}$'{''.join(shown)}'"


def for_gitignore(path: str) -> str:
    """A pattern for this path from the root; git compares bytes, and what can't be shown is any byte."""
    return "/" + "".join(_for_gitignore(character) for character in path)


def _for_gitignore(character: str) -> str:
    if character in IGNORE_SIGNS:
        return f"\\{character}"
    return character if character.isprintable() else "?" * len(os.fsencode(character))


def for_codeowners(path: str) -> str:
    """A pattern for this path from the root. No service takes every escape, and each takes wildcards."""
    return "/" + "".join(_for_codeowners(character) for character in path)


def _for_codeowners(character: str) -> str:
    if character in OWNER_SIGNS:
        return "?"
    if character == " ":
        return "\\ "
    return character if character.isprintable() else "*"
