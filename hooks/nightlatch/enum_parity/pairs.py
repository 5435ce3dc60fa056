"""Which enum of the code belongs to which of the database, and how that is known.

Values alone never make a pair: in a large repository hundreds of unrelated lists look alike.
"""

from __future__ import annotations

from nightlatch.core.text import nearest as nearest_word
from nightlatch.enum_parity.compare import DIFFERS, EXACT, Difference
from nightlatch.enum_parity.database_enum import CHECK
from nightlatch.enum_parity.names import normalized
from nightlatch.enum_parity.packages import nearness

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from nightlatch.enum_parity.code_enum import CodeEnum
    from nightlatch.enum_parity.database_enum import DatabaseEnum

BINDING = "binding"
CONFIGURED = "configured"
COMMENT = "comment"
RATCHET = "ratchet"
NAME = "name"
FIRM = (BINDING, CONFIGURED, COMMENT)
"""What somebody has said. The other two only follow from names."""

DEFAULT_SCHEMA = "public"


class Pair:
    """An enum of the code and one of the database.

    how    binding, configured, comment, ratchet or name
    mode   exact, code-within-db or db-within-code
    order  warn, strict or off; None for what is usual
    """

    __slots__ = ("code", "database", "difference", "how", "order")

    def __init__(
        self, code: CodeEnum, database: DatabaseEnum, how: str, mode: str = EXACT, order: str | None = None
    ) -> None:
        self.code = code
        self.database = database
        self.how = how
        self.order = order
        self.difference = Difference(code, database, mode)

    @property
    def is_different(self) -> bool:
        """Whether the labels aren't the same, whatever their order."""
        return self.difference.state == DIFFERS

    @property
    def key(self) -> tuple[str, str]:
        """What names the pair at both ends of a change."""
        return self.code.place, self.database.name


class Wanted:
    """A pair of the configuration: the names of both sides, mode and order, and where it stands there."""

    __slots__ = ("code", "database", "mode", "order", "place")

    def __init__(self, database: str, code: str, mode: str, order: str | None, place: str) -> None:
        self.place = place
        self.database = database
        self.code = code.removeprefix("/")
        self.mode = mode
        self.order = order


class Names:
    """The database's enums by the names that code and people use for them."""

    def __init__(self, databases: Sequence[DatabaseEnum]) -> None:
        self.all = databases
        self._full: dict[str, list[DatabaseEnum]] = {}
        self._last: dict[str, list[DatabaseEnum]] = {}
        self._columns: dict[str, list[DatabaseEnum]] = {}
        for one in databases:
            if one.kind == CHECK and one.name.count(".") > 1:
                self._columns.setdefault(one.name, []).append(one)
                self._columns.setdefault(one.name.partition(".")[2], []).append(one)
            if one.kind != CHECK:
                self._full.setdefault(one.name, []).append(one)
                self._last.setdefault(one.name.partition(".")[2], []).append(one)

    def bound_to(self, code: CodeEnum) -> list[DatabaseEnum]:
        """What the code's own words name; nothing where the database hasn't it, or more than one schema has."""
        if code.is_check:
            return nearest(self._columns.get(code.binding, ()), code.path)
        found = self._full.get(code.binding) or ()
        if not found:
            others = self._last.get(code.binding, ())
            found = self._full.get(f"{DEFAULT_SCHEMA}.{code.binding}") or ()
            found = found or (others if len({one.name for one in others}) == 1 else ())
        return nearest(found, code.path)

    def called(self, name: str) -> list[DatabaseEnum]:
        """The enums of a name as people write it: with its schema or, where that is public, without."""
        wanted = name.replace('"', "")
        exact = [one for one in self.all if one.name == wanted]
        usual = [one for one in self.all if one.name == f"{DEFAULT_SCHEMA}.{wanted}"]
        return exact or usual or [one for one in self.all if one.name.endswith("." + wanted)]


def make_pairs(
    databases: Sequence[DatabaseEnum],
    codes: Sequence[CodeEnum],
    wanted: Sequence[Wanted],
    package_of: Callable[[str], str],
    paths: Collection[str],
) -> tuple[list[Pair], list[tuple[str, str]]]:
    """All pairs, and (path, reason) of what was asked for and isn't there.

    What is configured, or said in a comment, comes beside an enum's own binding, unless that is to the same type.
    """
    pairs: list[Pair] = []
    missing: list[tuple[str, str]] = []
    names = Names(databases)
    for one in wanted:
        pairs.extend(_configured(one, names, codes, paths, missing))
    for code in codes:
        if code.comment:
            pairs.extend(_commented(code, names, missing))
    said = {(pair.code.place, pair.database.name) for pair in pairs}
    for code in codes:
        if code.binding:
            found = names.bound_to(code)
            pairs.extend(Pair(code, one, BINDING) for one in found if (code.place, one.name) not in said)
    pairs.extend(_by_name(databases, codes, pairs, package_of))
    return pairs, missing


def _commented(code: CodeEnum, names: Names, missing: list[tuple[str, str]]) -> Iterator[Pair]:
    found = nearest(names.called(code.comment), code.path)
    if not found:
        hint = nearest_word(code.comment, _names_for_people(names.all))
        reason = (
            f"the comment `parity: {code.comment}` in line {code.line} names no type that is known.{hint} {LIST_THEM}"
        )
        missing.append((code.path, reason))
    for database in found:
        yield Pair(code, database, COMMENT)


def _configured(
    one: Wanted, names: Names, codes: Sequence[CodeEnum], paths: Collection[str], missing: list[tuple[str, str]]
) -> Iterator[Pair]:
    path, _, symbol = one.code.rpartition("::")
    found = [code for code in codes if code.path == path and code.symbol == symbol]
    named = nearest(names.called(one.database), path)
    said = f"{one.place}: `enum-parity: pairs` names {one.database} and {one.code}"
    if not found:
        why = f"{symbol} is no list of labels in {path}" if path in paths else f"there is no file {path}"
        hint = _likely_code(one.code, codes, paths)
        missing.append((path, f"{said}, and {why}.{hint} {LIST_THEM}"))
    if not named:
        hint = nearest_word(one.database, _names_for_people(names.all))
        missing.append((path, f"{said}, and the migrations don't create {one.database}.{hint} {LIST_THEM}"))
    for code in found[:1]:
        for database in named:
            yield Pair(code, database, CONFIGURED, one.mode, one.order)


LIST_THEM = "What there is: nightlatch enum-parity --list"


def _likely_code(wanted: str, codes: Sequence[CodeEnum], paths: Collection[str]) -> str:
    """` Did you mean X?` for the file or the list of that name elsewhere, or for a list of a like name; or nothing."""
    path, _, symbol = wanted.rpartition("::")
    name = path.rpartition("/")[2]
    files = [] if path in paths else [one for one in paths if one.rpartition("/")[2] == name]
    if len(files) == 1:
        return f" Did you mean {files[0]}::{symbol}?"
    places = [code.place for code in codes if code.symbol]
    same = sorted({place for place in places if place.rpartition("::")[2] == symbol})
    return f" Did you mean {same[0]}?" if len(same) == 1 else nearest_word(wanted, tuple(places))


def _names_for_people(databases: Sequence[DatabaseEnum]) -> tuple[str, ...]:
    """Each name, and without its schema where that is the usual one."""
    usual = f"{DEFAULT_SCHEMA}."
    return tuple(name for one in databases for name in dict.fromkeys((one.name, one.name.removeprefix(usual))))


def nearest(databases: Sequence[DatabaseEnum], path: str) -> list[DatabaseEnum]:
    """Those whose migrations lie nearest to a file: a repository may hold several databases."""
    if len(databases) < 2:  # noqa: PLR2004 - one has no rival
        return list(databases)
    most = max(nearness(one.path, path) for one in databases)
    return [one for one in databases if nearness(one.path, path) == most]


def _by_name(
    databases: Sequence[DatabaseEnum],
    codes: Sequence[CodeEnum],
    firm: Sequence[Pair],
    package_of: Callable[[str], str],
) -> Iterator[Pair]:
    """Pairs of one name that somebody may have meant."""
    names: dict[str, list[DatabaseEnum]] = {}
    for database in databases:
        names.setdefault(name_of(database), []).append(database)
    taken = {pair.code.place for pair in firm}
    used: dict[tuple[str, str], set[tuple[str, int]]] = {}
    for pair in firm:
        used.setdefault((pair.database.name, pair.database.source), set()).update(_places(pair.code))
    said = {(pair.database.name, pair.database.source, *pair.code.texts) for pair in firm}
    through = {(pair.database.name, place) for pair in firm for place in pair.code.through}
    candidates: dict[str, list[CodeEnum]] = {}
    for code in codes:
        if not code.binding and not code.fault and code.place not in taken:
            candidates.setdefault(normalized(code.symbol.rpartition(".")[2]), []).append(code)
    for name in sorted(names.keys() & candidates.keys()):
        for code in candidates[name]:
            for database in _in_reach(code, names[name], candidates[name], package_of):
                pair = Pair(code, database, NAME)
                key = (database.name, database.source)
                is_part = (database.name, code.place) in through or _places(code) <= used.get(key, set())
                is_said = pair.is_different and ((*key, *code.texts) in said or is_part)
                if not is_said and database.certain and _have_something_in_common(pair):
                    yield pair


def _places(code: CodeEnum) -> set[tuple[str, int]]:
    """Where its labels stand: a list through which a firm pair got its labels needn't be compared by itself."""
    return {(label.path, label.line) for label in code.labels}


def name_of(database: DatabaseEnum) -> str:
    """A CHECK is known by its table and column, a type by its name."""
    return normalized(" ".join(database.name.split(".")[1:]))


def _in_reach(
    code: CodeEnum,
    databases: Sequence[DatabaseEnum],
    rivals: Sequence[CodeEnum],
    package_of: Callable[[str], str],
) -> list[DatabaseEnum]:
    """The database's enums of the code's own package; else of another one, where no enum of that one claims it."""
    package = package_of(code.path)
    own = [one for one in databases if package_of(one.path) == package]
    if own:
        return nearest(own, code.path)
    claimed = {package_of(rival.path) for rival in rivals}
    free = [one for one in databases if package_of(one.path) not in claimed]
    return nearest(free, code.path) if len({one.source for one in free}) == 1 else []


def _have_something_in_common(pair: Pair) -> bool:
    """One label at least. Lists that only differ in case everywhere are on two sides of a mapping."""
    return not set(pair.database.texts).isdisjoint(pair.code.texts)
