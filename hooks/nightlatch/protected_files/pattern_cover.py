"""Whether path patterns cover another pattern: asked of paths that stand for all that it matches.

In such a path each wildcard is a name that no pattern spells out: what matches it does so by a wildcard of its own.
"""

from __future__ import annotations

from nightlatch.core import paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nightlatch.core.paths import Compiled, Component, Pattern, Piece

    Witness = tuple[str, str]
    """A base, and a path below it."""

STRANGE = "\ue000"
LENGTHS = (1, 7)
"""How many characters a `*` stands for: one pattern's `?` is no other's `*`."""

DEPTHS = (0, 1, 3)
"""How many folders a `**` stands for."""


def witnesses(pattern: Pattern) -> Iterator[Witness]:
    """Yield paths that a pattern matches and that stand for all of them. A pattern without a base stands everywhere."""
    base, _, dir_only, runs = pattern
    for depth in DEPTHS if len(runs) > 1 else DEPTHS[:1]:
        for length in LENGTHS:
            between = [STRANGE * length] * depth
            parts: list[str] = []
            for number, run in enumerate(runs):
                parts += between if number else []
                parts += [_name(component, length) for component in run]
            if dir_only:
                parts.append(STRANGE * length)
            yield base or paths.BASES[0], "/".join(parts)


def _name(component: Component, length: int) -> str:
    if isinstance(component, str):
        return component
    return (STRANGE * length).join(_characters(piece) for piece in component)


def _characters(piece: Piece) -> str:
    return "".join(token if isinstance(token, str) else _one_of(token) for token in piece)


def _one_of(token: tuple[bool, bool, str]) -> str:
    negated, _, ranges = token
    return STRANGE if negated else ranges[0]


def single(pattern: Pattern) -> Compiled:
    """One pattern as a list of its own, as if it stood without `!`."""
    base, _, dir_only, runs = pattern
    plain = (base, False, dir_only, runs)
    return (plain,), (plain,)


def overlaps(one: Pattern, other: Pattern) -> bool:
    """Whether some path is matched by both, as far as the paths that stand for them tell."""
    return _any(single(one), other) or _any(single(other), one)


def _any(compiled: Compiled, pattern: Pattern) -> bool:
    return any(paths.matches(compiled, path, base=base) for base, path in witnesses(pattern))


def covers(outer: Compiled, pattern: Pattern, exceptions: Sequence[Pattern] = ()) -> bool:
    """Whether a list of patterns matches all that a pattern matches.

    exceptions  what the pattern's own list takes back: the outer one may take that back as well
    """
    if not all(paths.matches(outer, path, base=base) for base, path in witnesses(pattern)):
        return False
    if not pattern[0] and any(one[0] and not one[1] for one in outer[0]) and not _by_a_floating(outer, pattern):
        return False
    holes = [one for one in outer[0] if one[1] and overlaps(one, pattern)]
    return all(any(covers(single(known), hole) for known in exceptions) for hole in holes)


def _by_a_floating(outer: Compiled, pattern: Pattern) -> bool:
    """Whether patterns that hold in every base do it: a pattern without a base is more than one at the root."""
    floating = tuple(one for one in outer[0] if not one[0] and not one[1])
    return all(paths.matches((floating, floating), path, base=base) for base, path in witnesses(pattern))
