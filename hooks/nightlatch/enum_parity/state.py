"""Both sides of one tree: the enums of the database, those of the code, and what belongs together."""

from __future__ import annotations

from nightlatch.enum_parity.code_side import CodeSide
from nightlatch.enum_parity.compare import EXACT
from nightlatch.enum_parity.migrations import database_enums
from nightlatch.enum_parity.packages import Packages
from nightlatch.enum_parity.pairs import Wanted, make_pairs, name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nightlatch.core.hook import Options
    from nightlatch.core.whole import WholeSource
    from nightlatch.enum_parity.code_enum import CodeEnum
    from nightlatch.enum_parity.database_enum import DatabaseEnum
    from nightlatch.enum_parity.facts_cache import FactsCache
    from nightlatch.enum_parity.pairs import Pair


class State:
    """What a tree says.

    databases  the database's enums
    codes      the code's enums
    pairs      what belongs together
    missing    (path, reason) of what somebody wants compared and isn't there
    """

    __slots__ = ("codes", "databases", "missing", "pairs")

    def __init__(
        self,
        databases: Sequence[DatabaseEnum],
        codes: Sequence[CodeEnum],
        pairs: Sequence[Pair],
        missing: Sequence[tuple[str, str]],
    ) -> None:
        self.databases = databases
        self.codes = codes
        self.pairs = pairs
        self.missing = missing


def read_state(whole: WholeSource, options: Options, known: FactsCache, *, is_listed: bool = False) -> State:
    """Read both sides of a tree.

    is_listed  whether the code is to be read although there is nothing to compare it with
    Raises GitError.
    """
    wanted = wanted_pairs(options)
    databases = database_enums(whole, options, known)
    if not databases and not wanted and not is_listed:
        return State((), (), (), ())
    side = CodeSide(whole, known, [one.code.rpartition("::")[0] for one in wanted])
    codes = list(side.enums({name_of(one) for one in databases}, every=is_listed))
    known.put_ways(side.ways)
    packages = Packages(side.paths)
    pairs, missing = make_pairs(databases, codes, wanted, packages.of)
    return State(databases, codes, pairs, missing)


def wanted_pairs(options: Options) -> list[Wanted]:
    """The pairs of the configuration."""
    pairs = options.section["pairs"] if options.configured else []
    return [_wanted(one) for one in pairs] if isinstance(pairs, list) else []


def _wanted(one: Mapping[str, str]) -> Wanted:
    return Wanted(one["db"], one["code"], one.get("mode") or EXACT, one.get("order"))
