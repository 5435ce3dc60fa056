"""Where what a command prints goes: on through other commands, away, or out to whoever reads it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.grammar import Node

NOWHERE = ":"
"""Stands for what is thrown away: `> /dev/null`."""


class Flow:
    """See above.

    behind     the commands that a pipeline leads on through, as they stand in the script
    redirects  where the last of them prints to, where that stands behind the whole pipeline
    is_silent  whether what is printed is thrown away
    """

    __slots__ = ("behind", "is_silent", "redirects")

    def __init__(
        self, behind: list[Node] | None = None, redirects: list[Node] | None = None, *, is_silent: bool = False
    ) -> None:
        self.behind = behind or []
        self.redirects = redirects or []
        self.is_silent = is_silent
