"""How long Python's `re` may search at one place of a hostile text: a bound, read from the pattern's tree.

`re` tries every way in which a pattern can fit before it gives up, and ways multiply: `(a{1,30}){1,30}!` has more
of them than there are atoms. The bound is found from the end of the pattern to its beginning. For each part it is
known what the rest costs by the byte that comes next, and which bytes the rest must begin with. So a repeat
multiplies what follows by the places where it can end and the rest can begin, and by no others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_

from nightlatch.secrets.custom_patterns.tree import ALL, Boundary, Byte, Choice, Repeat, Secret, everything

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.secrets.custom_patterns.tree import Node

    Ahead = tuple[tuple[int, int, int], ...]

MOST_STEPS = 10_000
"""From one place of the text. A pattern that begins with a fixed text and has no repeats in a row stays below 500."""

MOST_WORK = 10_000
"""Parts that are looked at, repeats counted each time."""

FARTHEST = 32
"""How many bytes of a rest's beginning are known."""


class TooCostlyError(Exception):
    """The bound lies above `MOST_STEPS`, or can't be found in `MOST_WORK`."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What follows at a place of the pattern.

    costs  the most steps, for each kind of byte that may come next, and last for the end of the line
    ahead  the sets of bytes that must come first, one after the other, each with the steps that test it and with
           the most that follow it
    """

    costs: tuple[int, ...]
    ahead: Ahead = ()

    @property
    def most(self) -> int:
        """The most steps, whatever comes."""
        return max(self.costs)


def steps(root: Node) -> int:
    """The most steps from one place of any text. Raises TooCostlyError."""
    bound = _Bound(root)
    found = bound.before(root, Rest((1,) * (len(bound.kinds) + 1))).most
    if found > MOST_STEPS:
        raise TooCostlyError
    return found


class _Bound:
    def __init__(self, root: Node) -> None:
        self.kinds = _kinds(root)
        self._work = 0

    def before(self, node: Node, rest: Rest) -> Rest:
        """The costs of a part and of what follows it."""
        self._work += 1
        if rest.most > MOST_STEPS or self._work > MOST_WORK:
            raise TooCostlyError
        if isinstance(node, Byte):
            return self._byte(node.mask, rest)
        if isinstance(node, Repeat):
            return self._repeat(node, rest)
        if isinstance(node, Boundary):
            return Rest(tuple(1 + cost for cost in rest.costs))
        if isinstance(node, Choice):
            return _either([self.before(option, rest) for option in node.options])
        if isinstance(node, Secret):
            return self.before(node.body, rest)
        return reduce(lambda after, part: self.before(part, after), reversed(node.parts), rest)

    def _byte(self, mask: int, rest: Rest) -> Rest:
        costs = tuple(1 + rest.most if kind & mask else 1 for kind in (*self.kinds, 0))
        return Rest(costs, ((mask, 1, rest.most), *rest.ahead[: FARTHEST - 1]))

    def _repeat(self, node: Repeat, rest: Rest) -> Rest:
        if not node.most:
            return rest
        if isinstance(node.body, Byte) and (node.most > FARTHEST or node.least < node.most):
            return self._run(node.body.mask, node.least, node.most, rest)
        after = rest
        for done in reversed(range(node.most)):
            after = self.before(node.body, after)
            after = after if done < node.least else _either([after, rest])
        return after

    def _run(self, mask: int, least: int, most: int, rest: Rest) -> Rest:
        """A class of bytes, `least` to `most` times."""
        within = max((cost for kind, cost in zip(self.kinds, rest.costs, strict=False) if kind & mask), default=0)
        ends = min([(most - least) * within + rest.most, *_ends(mask, most - least, rest.ahead)])
        kinds = zip((*self.kinds, 0), rest.costs, strict=True)
        costs = tuple(1 + most + ends if kind & mask else 1 + (0 if least else cost) for kind, cost in kinds)
        return Rest(costs, ((mask, 1, most + ends),) * min(least, FARTHEST))


def _either(options: list[Rest]) -> Rest:
    """One rest or another: all may have to be tried."""
    costs = zip(*(option.costs for option in options), strict=True)
    ahead = zip(*(option.ahead for option in options), strict=False)
    return Rest(tuple(1 + sum(each) for each in costs), tuple(_merged(place) for place in ahead))


def _merged(place: Ahead) -> tuple[int, int, int]:
    masks, tests, after = zip(*place, strict=True)
    return reduce(or_, masks), 1 + sum(tests), sum(after)


def _ends(mask: int, freedom: int, ahead: Ahead) -> list[int]:
    """The steps after a run of bytes, for each number of bytes that the rest must begin with.

    The run may end at `freedom` + 1 places in a row. The rest's beginning fits at few of them: not where it lies
    upon itself, and not where a byte of it would lie within the run and can't.
    """
    bounds = []
    reach = freedom
    tested = 0
    for length, (first, test, after) in enumerate(ahead, start=1):
        tested += test
        if not first & mask:
            reach = min(reach, length - 1)
        fitting = reach // _shift([mask for mask, _, _ in ahead[:length]]) + 1
        bounds.append((freedom + 1) * tested + fitting * after)
    return bounds


def _shift(masks: list[int]) -> int:
    """By how many bytes a beginning must at least be moved to fit upon itself."""
    for shift in range(1, len(masks)):
        if all(one & other for one, other in zip(masks[shift:], masks, strict=False)):
            return shift
    return len(masks)


def _kinds(root: Node) -> tuple[int, ...]:
    """All bytes, parted by what the pattern tells apart."""
    kinds = [ALL]
    for mask in {node.mask for node in everything(root) if isinstance(node, Byte)}:
        kinds = [part for kind in kinds for part in (kind & mask, kind & ~mask) if part]
    return tuple(kinds)
