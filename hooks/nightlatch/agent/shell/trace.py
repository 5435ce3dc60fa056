"""The effects that were found so far, each once, and how much work may still be done for them."""

from __future__ import annotations

from time import process_time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.effects import Effect

MOST_STEPS = 4_000
"""How many commands are followed, loops and functions counted at each turn."""

MOST_EFFECTS = 12_000
MOST_SECONDS = 4.0
"""How much processor time following a command may take: an agent that waits no longer lets the call run."""


class TooMuchError(Exception):
    """The command does more than is followed."""


class Trace:
    """See above. `effects` are in the order in which the command would have them."""

    __slots__ = ("_end", "_seen", "effects", "steps")

    def __init__(self) -> None:
        self.effects: list[Effect] = []
        self.steps = 0
        self._end = process_time() + MOST_SECONDS
        self._seen: set[tuple[object, ...]] = set()

    def add(self, effect: Effect) -> None:
        """One effect more. Raises TooMuchError."""
        key = identity(effect)
        if key in self._seen:
            return
        if len(self.effects) >= MOST_EFFECTS:
            raise TooMuchError
        self._seen.add(key)
        self.effects.append(effect)

    def step(self) -> None:
        """One command more. Raises TooMuchError."""
        self.steps += 1
        if self.steps > MOST_STEPS or process_time() > self._end:
            raise TooMuchError


def identity(effect: Effect) -> tuple[object, ...]:
    """What makes two effects the same: their kind and every field of theirs."""
    values: list[object] = [type(effect).__name__]
    for name in type(effect).__slots__:
        value = getattr(effect, name)
        if name == "window":
            values += [value.kind, value.first, value.last, value.count]
        else:
            values.append(value)
    return tuple(values)
