"""The check of a whole tree: every pair compared, and told where the two sides differ."""

from __future__ import annotations

from nightlatch.core.rule import ERROR
from nightlatch.enum_parity import wording
from nightlatch.enum_parity.compare import EQUAL, ORDER
from nightlatch.enum_parity.database_enum import CHECK
from nightlatch.enum_parity.earlier import Earlier
from nightlatch.enum_parity.facts_cache import FactsCache
from nightlatch.enum_parity.migrations import database_side
from nightlatch.enum_parity.packages import nearness
from nightlatch.enum_parity.pairs import BINDING, FIRM, NAME, RATCHET
from nightlatch.enum_parity.rules import (
    NO_SUCH_TYPE,
    ONLY_IN_CODE,
    ONLY_IN_DATABASE,
    OTHER_ORDER,
    PARITY_BROKEN,
    SAME_NAME,
)
from nightlatch.enum_parity.state import read_state
from nightlatch.enum_parity.ways import keep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from nightlatch.core.files import File
    from nightlatch.core.finding import Finding
    from nightlatch.core.hook import Options, Source
    from nightlatch.core.rule import Rule
    from nightlatch.core.whole import WholeSource
    from nightlatch.enum_parity.code_enum import CodeEnum
    from nightlatch.enum_parity.database_enum import DatabaseEnum
    from nightlatch.enum_parity.pairs import Pair
    from nightlatch.enum_parity.state import State

PRISMA = "prisma"
STRICT = "strict"
OFF = "off"


def compare(source: Source, options: Options) -> Iterator[Finding]:
    """Yield a finding for each pair whose sides differ. Raises GitError."""
    whole = source.whole()
    if whole is None:
        return
    known = FactsCache(whole.root)
    earlier = Earlier(source, options, known)
    side = database_side(whole, known)
    live, migrated = _live(options), list(side.enums)
    if live is not None:
        from nightlatch.enum_parity.live import only_live

        side.enums.extend(only_live(live, migrated))
    state = read_state(whole, options, known, side=side, reads_code=not side.enums and earlier.had_enums())
    _tell_unknown(whole, state)
    earlier.mark_broken(state)
    without_type = _without_type(whole, state, earlier)
    known.store()
    keep(source, state.ways)
    yield from _findings(whole, options, state, without_type)
    if live is not None:
        from nightlatch.enum_parity.live import is_sqlite, live_findings

        yield from live_findings(live, migrated, is_sqlite=is_sqlite(_address(options)))


def _live(options: Options) -> list[DatabaseEnum] | None:
    """What the live database has; None where no address is given. Raises LiveError."""
    dsn = _address(options)
    if not dsn:
        return None
    from nightlatch.enum_parity.live import live_enums

    return live_enums(dsn)


def _address(options: Options) -> str:
    return options.settings.get("dsn", "")


def _tell_unknown(whole: WholeSource, state: State) -> None:
    """Say what was to be compared and can't be: exit 2."""
    for path, reason in state.missing:
        whole.leave_unchecked(path, reason)
    uncertain: dict[tuple[str, str], tuple[dict[str, None], list[str]]] = {}
    for pair in state.pairs:
        if pair.how not in FIRM:
            continue
        database = pair.database
        if pair.code.fault:
            what = f"the labels of {pair.code.symbol} (line {pair.code.line}), bound to {database.name}"
            whole.leave_unchecked(pair.code.path, f"{what}, can't be told: {pair.code.fault}")
        elif not database.certain:
            names, places = uncertain.setdefault((database.path, database.reason), ({}, []))
            names[database.name] = None
            places.append(pair.code.place)
    for (path, reason), (names, places) in uncertain.items():
        whole.leave_unchecked(path, wording.uncertain(list(names), places, reason))


def _findings(
    whole: WholeSource, options: Options, state: State, without_type: Sequence[CodeEnum]
) -> Iterator[Finding]:
    told: dict[str, list[tuple[CodeEnum, Rule, str, str, str | None, dict[str, object]]]] = {}
    for pair in state.pairs:
        for rule, message, fix, severity in _judged(pair, options):
            row = (pair.code, rule, message, fix, severity, _data(pair))
            told.setdefault(pair.code.path, []).append(row)
    for code in without_type:
        fix = wording.FIX_LOST_CHECK if code.is_check else NO_SUCH_TYPE.fix
        row = (code, NO_SUCH_TYPE, wording.no_such_type(code), fix, None, {"code": code.place})
        told.setdefault(code.path, []).append(row)
    entries = whole.entries(lambda path: path in told)
    for file in whole.read(entries):
        for code, rule, message, fix, severity, data in sorted(told[file.path], key=lambda row: row[0].line):
            finding = file.finding(rule, *_line(file, code.line), message, severity=severity, data=data)
            finding.fix = fix
            yield finding


def _judged(pair: Pair, options: Options) -> Iterator[tuple[Rule, str, str, str | None]]:
    """Rule, message, remedy and severity of what is wrong with a pair, if anything is."""
    if pair.code.fault or not pair.database.certain or pair.difference.state == EQUAL:
        return
    if pair.difference.state == ORDER:
        wanted = pair.order or _usual_order(pair, options)
        if wanted != OFF and pair.how in FIRM:
            severity = ERROR if wanted == STRICT else None
            yield OTHER_ORDER, wording.order(pair), wording.fix_order(pair), severity
        return
    rule = _rule_of(pair)
    yield rule, wording.difference(pair), wording.fix_difference(pair), None


def _rule_of(pair: Pair) -> Rule:
    """A label that only the code has outranks one that only the database has: writes fail before reads do."""
    if pair.how == RATCHET:
        return PARITY_BROKEN
    if pair.how == NAME:
        return SAME_NAME
    return ONLY_IN_CODE if pair.difference.only_in_code else ONLY_IN_DATABASE


def _usual_order(pair: Pair, options: Options) -> str:
    """What the configuration says of order; of a CHECK's list, which has none, nothing.

    Nor of a Prisma schema: `prisma migrate` writes ADD VALUE without a place, wherever the schema has the value, and
    takes the two for equal ever after. Nobody could follow a warning.
    """
    if pair.database.kind == CHECK or not pair.code.is_ordered or pair.code.kind == PRISMA:
        return OFF
    return str(options.section["order"]) if options.configured else "warn"


def _data(pair: Pair) -> dict[str, object]:
    database = pair.database
    return {
        "code": pair.code.place,
        "database": database.name,
        "database-path": database.path,
        "database-line": database.line,
        "how": pair.how,
        "only-in-code": [label.text for label in pair.difference.only_in_code],
        "only-in-database": [label.text for label in pair.difference.only_in_database],
        "introduced": {label.text: label.place for label in pair.difference.only_in_database},
        "sql": wording.sql_of(pair),
    }


def _without_type(whole: WholeSource, state: State, earlier: Earlier) -> list[CodeEnum]:
    """Types that the code names and no migration creates, as far as that is sure.

    Where migrations could not be followed to their end, one of them may create the type: that is noted as unchecked.
    """
    taken = {pair.code.place for pair in state.pairs if pair.how in FIRM}
    unbound = [code for code in state.codes if code.binding and not code.is_check and not code.comment]
    unbound = [code for code in unbound if code.place not in taken]
    sure = []
    open_: dict[tuple[str, str, str], list[str]] = {}
    for code in unbound:
        unsure = _nearest_unsure(code, state)
        if unsure is None:
            sure.append(code)
        else:
            open_.setdefault((code.path, *unsure[1:]), []).append(code.binding)
    for (path, place, why), names in open_.items():
        whole.leave_unchecked(path, wording.not_to_be_found(names, f"{place}: {why}"))
    lost = [*earlier.lost(sure), *earlier.lost_checks(_unpaired_columns(state, taken))]
    return [*lost, *(code for code in _beside_others(sure, state) if code not in lost)]


def _unpaired_columns(state: State, taken: Collection[str]) -> list[CodeEnum]:
    """Columns whose labels the code names, and no CHECK that can be read does."""
    return [one for one in state.codes if one.is_check and one.binding and not one.comment and one.place not in taken]


def _nearest_unsure(code: CodeEnum, state: State) -> tuple[str, str, str] | None:
    """What could not be followed in the migrations that lie nearest to the code; None where nothing."""
    if not state.unsure:
        return None
    most = max(
        nearness(f"{folder}/", code.path)
        for folder in {one.source for one in state.databases} | {one[0] for one in state.unsure}
    )
    return next((one for one in state.unsure if nearness(f"{one[0]}/", code.path) == most), None)


def _beside_others(unbound: Sequence[CodeEnum], state: State) -> Iterator[CodeEnum]:
    """Those in whose file most names have their type: the migrations are then whole, and one was forgotten.

    Only where the migrations are known from their beginning.
    """
    partial = {one.source for one in state.databases if not one.certain}
    found: dict[str, int] = {}
    for pair in state.pairs:
        if pair.how == BINDING and not pair.code.is_check:
            is_whole = pair.database.source not in partial
            found[pair.code.path] = found.get(pair.code.path, 0) + 1 if is_whole else -len(state.codes)
    lost: dict[str, list[CodeEnum]] = {}
    for code in unbound:
        if found.get(code.path, 0) > 0:
            lost.setdefault(code.path, []).append(code)
    for path, codes in lost.items():
        if len(codes) <= found[path]:
            yield from codes


def _line(file: File, number: int) -> tuple[int, int]:
    """Start and end of a line's text, in bytes."""
    start = 0
    for _ in range(number - 1):
        start = file.text.find(b"\n", start) + 1
        if not start:
            return 0, 0
    _, end = file.line_bounds(start)
    text = file.text[start:end]
    return start + len(text) - len(text.lstrip()), start + len(text.rstrip())
