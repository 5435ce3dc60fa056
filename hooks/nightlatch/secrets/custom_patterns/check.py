"""Whether a custom rule's pattern may be searched for: by both engines alike, and within a bounded time."""

from __future__ import annotations

from nightlatch.secrets import hyperscan_filter
from nightlatch.secrets.custom_patterns import tree
from nightlatch.secrets.custom_patterns.cost import MOST_STEPS, TooCostlyError, steps
from nightlatch.secrets.custom_patterns.tree import Boundary, Byte, Choice, PatternError, Repeat
from nightlatch.secrets.custom_patterns.walk import can_match
from nightlatch.secrets.scan import OVERLAP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.secrets.custom_patterns.tree import Node, Pattern

LONGEST_RUN = 2000
"""How often one thing may be repeated. The fast engine takes seconds to learn more."""

MOST_POSITIONS = 450
"""How many bytes long a pattern may be when it is written out, for the fast engine to hold it."""

LONG_RUN = 100
"""At the top of a pattern a repeated byte counts as so many at most: the engine has a counter for it there."""

SHORTER = "Write less: a rule needn't reach to the value's end."


def check(text: str) -> Pattern:
    """The pattern, read. Raises PatternError where it can't be used."""
    pattern = check_structure(text)
    fault = compiles_in_filter(pattern.expression)
    if fault:
        raise PatternError(fault, "Make it simpler.")
    return pattern


def check_structure(text: str) -> Pattern:
    """The same by what is known on every machine. Raises PatternError.

    It is strict enough that Hyperscan can compile whatever passes: a configuration must not load where its wheel is
    missing, and fail where it is installed.
    """
    pattern = tree.read(text)
    shortest, longest = pattern.width
    if not shortest:
        raise PatternError("matches the empty text", "Let it ask for one character at least.")
    if longest >= OVERLAP:
        raise PatternError(f"matches texts longer than {OVERLAP - 1} bytes", SHORTER)
    if any(isinstance(node, Repeat) and node.most > LONGEST_RUN for node in tree.everything(pattern.root)):
        raise PatternError(f"has a repeat of more than {LONGEST_RUN} times", SHORTER)
    if not can_match(pattern.root):
        raise PatternError(
            "can match no text", "Look at its \\b: each asks for a letter, digit or _ on one side alone."
        )
    _check_cost(pattern)
    if positions(pattern.root) > MOST_POSITIONS:
        raise PatternError("is too large when its repeats are written out", SHORTER)
    return pattern


def _check_cost(pattern: Pattern) -> None:
    try:
        steps(pattern.root)
    except TooCostlyError:
        raise PatternError(
            f"may take more than {MOST_STEPS} steps at one place of a text",
            "Begin with a fixed text, write smaller repeats, and let no repeat be followed by what it also matches.",
        ) from None


def positions(node: Node, *, top: bool = True) -> int:
    """How many bytes long the pattern is when its repeats are written out; a long run at its top counts less."""
    if isinstance(node, Byte | Boundary):
        return 1
    if isinstance(node, Repeat):
        if isinstance(node.body, Byte):
            return min(node.most, LONG_RUN) if top else node.most
        return node.most * positions(node.body, top=False)
    within = top and not isinstance(node, Choice)
    return sum(positions(part, top=within) for part in tree.parts(node))


def compiles_in_filter(expression: str) -> str:
    """Why Hyperscan can't take an expression; empty where it can, and where there is no Hyperscan to ask."""
    module = hyperscan_filter.extension()
    if module is None:
        return ""
    try:
        module.Database(mode=module.HS_MODE_BLOCK).compile(
            [expression.encode()], ids=[0], elements=1, flags=[module.HS_FLAG_SINGLEMATCH]
        )
    except module.HyperscanError:
        return "is more than the fast engine can take"
    return ""
