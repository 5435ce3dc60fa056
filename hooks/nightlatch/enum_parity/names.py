"""When two names mean the same: `UserRoleEnum`, `USER_ROLES` and `user_role`."""

from __future__ import annotations

import re

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_DROPPED = frozenset({"enum", "enums", "value", "values", "schema", "list", "db", "pg"})
_KEPT_S = ("ss", "us", "is")


def normalized(name: str) -> str:
    """The words of a name, each in the singular, without those that only say what kind of thing it is.

    Where only such words are left, they are the name.
    """
    words = [word.lower() for word in _WORDS.findall(name)]
    kept = [word for word in words if word not in _DROPPED] or words
    return " ".join(singular(word) for word in kept)


def singular(word: str) -> str:
    """The singular of an English word, by its ending: statuses, categories, roles."""
    if len(word) <= 3 or not word.endswith("s") or word.endswith(_KEPT_S):  # noqa: PLR2004 - bus, gas
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "uses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1]
