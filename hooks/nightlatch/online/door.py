"""The door through which a hook asks other audits."""

from __future__ import annotations

import os

from nightlatch.core.lazy import attribute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from nightlatch.core.advisories.opinion import Opinion

    Ask = Callable[[Sequence[tuple[str, str]], Mapping[str, str]], Iterable[Opinion]]

AUDITS = {"PyPI": "nightlatch.online.pip_audit:ask", "npm": "nightlatch.online.npm_audit:ask"}
"""Ecosystem → what asks its audit."""


def ask(ecosystem: str, packages: Sequence[tuple[str, str]]) -> list[Opinion]:
    """What the other audit of an ecosystem says of packages, given as (name, version). Raises OnlineError."""
    asked: Ask = attribute(AUDITS[ecosystem])  # type: ignore[assignment] # by its name
    return list(asked(packages, os.environ))
