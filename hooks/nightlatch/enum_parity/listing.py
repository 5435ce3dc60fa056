"""`nightlatch enum-parity --list`: every enum of both sides and every pair, whether they are equal or not."""

from __future__ import annotations

import time

from nightlatch.core.errors import UsageError
from nightlatch.core.source import Tally, TreeSource, sorted_remarks
from nightlatch.enum_parity.facts_cache import FactsCache
from nightlatch.enum_parity.state import read_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.core.config import Config
    from nightlatch.core.discover import Selection
    from nightlatch.core.hook import Options
    from nightlatch.enum_parity.code_enum import CodeEnum
    from nightlatch.enum_parity.database_enum import DatabaseEnum
    from nightlatch.enum_parity.pairs import Pair
    from nightlatch.enum_parity.state import State

HOOK = "enum-parity"


def listed(
    selection: Selection, config: Config, options: Options, *, is_json: bool
) -> tuple[str, list[tuple[str, str]]]:
    """The list, as JSON or for people, and (path, reason) of what could not be read.

    Raises UsageError where a range or the history is asked for.
    """
    if selection.span or selection.message:
        raise UsageError("--list shows what is staged or what stands in the working tree.", "Leave the range out.")
    tally = Tally()
    today = time.strftime("%Y-%m-%d", time.gmtime())
    source = TreeSource(selection, config, tally, HOOK, today)
    source.note_what_was_not_selected()
    whole = source.whole()
    known = FactsCache(whole.root)
    state = read_state(whole, options, known, is_listed=True)
    known.store()
    for path, reason in state.missing:
        whole.leave_unchecked(path, reason)
    text = _as_json(state) if is_json else "".join(f"{line}\n" for line in _as_text(state))
    return text, [(remark.path, remark.reason) for remark in sorted_remarks(tally.unchecked)]


def _as_json(state: State) -> str:
    import json

    listing = {
        "database": [_database(one) for one in sorted(state.databases, key=lambda one: (one.name, one.path))],
        "code": [
            _code(one, state) for one in sorted(_readable(state), key=lambda one: (one.path, one.line, one.symbol))
        ],
        "pairs": [_pair(one) for one in _in_order(state)],
    }
    return json.dumps(listing, indent=2, ensure_ascii=False) + "\n"


def _readable(state: State) -> list[CodeEnum]:
    return [one for one in state.codes if one.symbol]


def _in_order(state: State) -> list[Pair]:
    return sorted(state.pairs, key=lambda pair: (pair.database.name, pair.database.path, pair.code.place, pair.how))


def _database(one: DatabaseEnum) -> dict[str, object]:
    return {
        "name": one.name,
        "kind": one.kind,
        "labels": list(one.texts),
        "path": one.path,
        "line": one.line,
        "certain": one.certain,
    }


def _code(one: CodeEnum, state: State) -> dict[str, object]:
    bound = next((pair.database.name for pair in state.pairs if pair.code is one and pair.how == "binding"), None)
    return {
        "symbol": one.symbol,
        "kind": one.kind,
        "labels": one.texts,
        "path": one.path,
        "line": one.line,
        "binding": bound or one.binding or None,
    }


def _pair(one: Pair) -> dict[str, object]:
    return {"db": one.database.name, "code": one.code.place, "how": one.how, "state": one.difference.state}


def _as_text(state: State) -> Iterator[str]:
    for database in sorted(state.databases, key=lambda one: (one.name, one.path)):
        doubt = f" uncertain: {database.reason}" if database.reason else ""
        place = f"({database.kind}) {database.path}:{database.line}{doubt}"
        yield f"database {database.name} {place}: {', '.join(database.texts)}"
    for code in _readable(state):
        doubt = f" unknown: {code.fault}" if code.fault else ""
        yield f"code {code.place}:{code.line} ({code.kind}){doubt}: {', '.join(code.texts)}"
    for pair in _in_order(state):
        yield f"pair {pair.database.name} = {pair.code.place} ({pair.how}): {pair.difference.state}"
