"""What stood before the change: read only where something of now can be judged by it alone."""

from __future__ import annotations

from nightlatch.enum_parity.concern import is_of_the_database
from nightlatch.enum_parity.migrations import DatabaseSide, database_side
from nightlatch.enum_parity.names import normalized
from nightlatch.enum_parity.pairs import BINDING, NAME, RATCHET, Names
from nightlatch.enum_parity.state import State, read_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.core.hook import Options, Source
    from nightlatch.core.whole import WholeSource
    from nightlatch.enum_parity.code_enum import CodeEnum
    from nightlatch.enum_parity.facts_cache import FactsCache
    from nightlatch.enum_parity.pairs import Pair


class Earlier:
    """The tree before the change, read when it is asked for."""

    def __init__(self, source: Source, options: Options, known: FactsCache) -> None:
        self._source = source
        self._options = options
        self._known = known
        self._tree: WholeSource | None = None
        self._side: DatabaseSide | None = None
        self._state: State | None = None

    def had_enums(self) -> bool:
        """Whether the database had any, and the change may have taken them."""
        return self._is_of_the_database() and bool(self._database().enums)

    def mark_broken(self, state: State) -> None:
        """A pair of one name that was equal before the change and isn't any more is no chance: it was broken."""
        differing = [pair for pair in state.pairs if pair.how == NAME and pair.is_different]
        if not differing:
            return
        equal = [pair for pair in self._read().pairs if not pair.is_different and not pair.code.fault]
        keys = {pair.key for pair in equal} | _moved(equal, state)
        for pair in differing:
            if pair.key in keys or _by_name(pair) in keys:
                pair.how = RATCHET

    def lost(self, unbound: Sequence[CodeEnum]) -> list[CodeEnum]:
        """Those of the code that name a type which isn't there, and that had one before the change."""
        touched = self._source.touched()
        if not self._is_of_the_database():
            unbound = [code for code in unbound if touched is None or code.path in touched]
        if not unbound:
            return []
        state = self._read()
        had = {pair.code.place for pair in state.pairs if pair.how == BINDING}
        names = Names(state.databases)
        return [code for code in unbound if code.place in had or names.bound_to(code)]

    def lost_checks(self, columns: Sequence[CodeEnum]) -> list[CodeEnum]:
        """Those columns of the code of which a CHECK held the labels before migrations or dumps were changed."""
        if not columns or not self._is_of_the_database():
            return []
        had = Names(self._database().enums)
        return [code for code in columns if had.bound_to(code)]

    def _is_of_the_database(self) -> bool:
        touched = self._source.touched()
        return touched is None or any(is_of_the_database(path) for path in touched)

    def _before(self) -> WholeSource | None:
        if self._tree is None:
            self._tree = self._source.before()
        return self._tree

    def _database(self) -> DatabaseSide:
        if self._side is None:
            tree = self._before()
            self._side = DatabaseSide() if tree is None else database_side(tree, self._known)
        return self._side

    def _read(self) -> State:
        if self._state is None:
            tree, side = self._before(), self._database()
            self._state = (
                State((), (), (), ())
                if tree is None
                else read_state(tree, self._options, self._known, side=side, is_earlier=True)
            )
        return self._state


def _moved(equal: Sequence[Pair], state: State) -> set[tuple[str, str]]:
    """Pairs whose place in the code is gone: the file or the enum may have another name now."""
    places = {code.place for code in state.codes}
    return {_by_name(pair) for pair in equal if pair.code.place not in places}


def _by_name(pair: Pair) -> tuple[str, str]:
    return normalized(pair.code.symbol), pair.database.name
