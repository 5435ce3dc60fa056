"""Import what a table names, when it is needed. importlib would cost a millisecond of the commit path."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType


def module(name: str) -> ModuleType:
    """The module of this name. Raises ImportError as an import statement does."""
    __import__(name)
    return sys.modules[name]


def attribute(place: str) -> object:
    """What `package.module:name` names. Raises ImportError and AttributeError as an import statement does."""
    where, _, name = place.partition(":")
    return getattr(module(where), name)
