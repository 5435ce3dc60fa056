"""Both sides of one tree: the enums of the database, those of the code, and what belongs together."""

from __future__ import annotations

from nightlatch.enum_parity.code_side import CodeSide
from nightlatch.enum_parity.compare import EXACT
from nightlatch.enum_parity.migrations import DatabaseSide, database_side
from nightlatch.enum_parity.packages import Packages
from nightlatch.enum_parity.pairs import Wanted, make_pairs

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
    unsure     (folder of migrations, path, why) of what may have made types that aren't known
    ways       the files that count, and folders with a closing `/` whose files do
    """

    __slots__ = ("codes", "databases", "missing", "pairs", "unsure", "ways")

    def __init__(
        self,
        databases: Sequence[DatabaseEnum],
        codes: Sequence[CodeEnum],
        pairs: Sequence[Pair],
        missing: Sequence[tuple[str, str]],
        *,
        unsure: Sequence[tuple[str, str, str]] = (),
        ways: Sequence[str] = (),
    ) -> None:
        self.databases = databases
        self.codes = codes
        self.pairs = pairs
        self.missing = missing
        self.unsure = unsure
        self.ways = ways


def read_state(
    whole: WholeSource,
    options: Options,
    known: FactsCache,
    *,
    is_listed: bool = False,
    reads_code: bool = False,
    side: DatabaseSide | None = None,
    is_earlier: bool = False,
) -> State:
    """Read both sides of a tree.

    is_listed   whether everything of the code is asked for
    reads_code  whether the code is to be read although there is nothing to compare it with
    side        the database's, where it was read already
    is_earlier  whether this is what stood before a change: what can't be read of its code is nobody's task any more
    Raises GitError.
    """
    wanted = wanted_pairs(options)
    database = side or database_side(whole, known)
    databases = database.enums
    code = CodeSide(whole, known, [one.code for one in wanted], is_earlier=is_earlier)
    if databases or wanted or is_listed or reads_code or database.unsure:
        codes = list(code.enums(databases, every=is_listed))
    elif whole.git is not None:
        codes = list(code.commented())
    else:  # outside git only what was asked for is known: the migrations may lie beside it
        codes = []
    packages = Packages(code.paths)
    pairs, missing = make_pairs(databases, codes, wanted, packages.of, code.paths)
    return State(databases, codes, pairs, missing, unsure=database.unsure, ways=[*code.ways, *database.folders])


def wanted_pairs(options: Options) -> list[Wanted]:
    """The pairs of the configuration."""
    pairs = options.section["pairs"] if options.configured else []
    return [_wanted(one, _place(options, at)) for at, one in enumerate(pairs)] if isinstance(pairs, list) else []


def _wanted(one: Mapping[str, str], place: str) -> Wanted:
    return Wanted(one["db"], one["code"], one.get("mode") or EXACT, one.get("order"), place)


def _place(options: Options, number: int) -> str:
    """Where an entry of `pairs` stands in the configuration."""
    fault = options.wrong(f"pairs[{number}]", "", "")
    return f"{fault.where}:{fault.line}"
