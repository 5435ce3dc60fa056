"""Which names a set of rules can be about: a first look, for whoever has many names."""

from __future__ import annotations

import os

from nightlatch.core.paths import component_fits
from nightlatch.protected_files.policy import ALLOW

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.core.paths import Component
    from nightlatch.protected_files.policy import Rule


class Names:
    """The last components of the rules' patterns. A pattern for all that lies in a folder says nothing of names."""

    __slots__ = ("_folders", "_others", "_plain")

    def __init__(self, rules: Sequence[Rule], action: str) -> None:
        patterns = [
            runs
            for rule in rules
            if rule.words.get(action, ALLOW) != ALLOW
            for _, negated, _, runs in rule.compiled[1]
            if not negated
        ]
        tails: set[Component] = {runs[-1][-1] for runs in patterns}
        self._folders = {_plain_component(runs) for runs in patterns}
        self._plain = frozenset(tail for tail in tails if isinstance(tail, str))
        self._others = [tail for tail in tails if not isinstance(tail, str) and any(tail)]

    def may_fit(self, name: str) -> bool:
        """Whether a rule may be about a file of this name, wherever it lies."""
        folded = name.casefold()
        return folded in self._plain or any(component_fits(tail, folded) for tail in self._others)

    def may_fill(self, folder: str) -> bool:
        """Whether a rule may be about all that lies in a folder: one of its components is one of a pattern's.

        folder  absolute, links followed
        """
        if "" in self._folders or not folder.isascii():
            return True
        return not self._folders.isdisjoint(folder.replace(os.sep, "/").casefold().split("/"))


def _plain_component(runs: Sequence[Sequence[Component]]) -> str:
    """The innermost component of a pattern that is a plain name; empty where there is none."""
    return next((one for run in reversed(runs) for one in reversed(run) if isinstance(one, str)), "")
