"""A list of closed files that takes the place of the built-in one: what that closed and the new one doesn't."""

from __future__ import annotations

from nightlatch.core.paths import compile_patterns
from nightlatch.core.weakening import Weakening
from nightlatch.protected_files.pattern_cover import covers
from nightlatch.protected_files.policy import DENY, READ, lists_closed
from nightlatch.protected_files.wiring.deny_rules import WITHOUT_RULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.core.config import Config

SECTION = "protected-files"
MOST_TOLD = 3


def replaced(base: Config, change: Config) -> Iterator[Weakening]:
    """Yield what the usual secret files lose where rules of a team's own close some for the first time."""
    after = change.section(SECTION)
    if lists_closed(base.section(SECTION)) or not lists_closed(after):
        return
    closing = [rule["paths"]["compiled"] for rule in after["rules"] if rule[READ] == DENY]
    open_now = [
        name
        for name in WITHOUT_RULES
        if not any(covers(compiled, compile_patterns([name])[0][0]) for compiled in closing)
    ]
    if open_now:
        more = len(open_now) - MOST_TOLD
        names = ", ".join(open_now[:MOST_TOLD]) + (f" and {more} more" if more > 0 else "")
        yield Weakening(
            f"{SECTION}.rules",
            f"{SECTION}: rules take the place of the built-in ones, "
            f"and leave {names} open: list what is to stay closed",
        )
