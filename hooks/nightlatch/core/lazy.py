"""Import what a table names, when it is needed. importlib would cost a millisecond of the commit path."""

from __future__ import annotations

import sys


def attribute(place: str) -> object:
    """What `package.module:name` names. Raises ImportError and AttributeError as an import statement does."""
    module, _, name = place.partition(":")
    __import__(module)
    return getattr(sys.modules[module], name)
