"""What a finding says, and what it tells people to do."""

from __future__ import annotations

from nightlatch.enum_parity.database_enum import CHECK
from nightlatch.enum_parity.mend import quoted, renaming, statements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.enum_parity.code_enum import CodeEnum
    from nightlatch.enum_parity.database_enum import DatabaseEnum
    from nightlatch.enum_parity.pairs import Pair

MOST_NAMED = 8
"""Labels of one side that a message names; `data` has all of them."""

MOST_SHOWN = 200
"""Characters of a label that a message shows."""

MOST_SQL = 4000
"""Characters of statements that a remedy shows; `data` has all of them."""

MINUS = "\N{MINUS SIGN}"
PAGE = "docs/enum-parity.md"

_HOW = {
    "configured": ", as the configuration pairs them",
    "comment": ", as the comment says",
    "ratchet": "; they were equal before this change",
    "name": "; they have the same name",
}


def difference(pair: Pair) -> str:
    """Both places, and each label, with a plus where only the code has it and a minus where only the database has."""
    found = pair.difference
    added = [f"+ {_shown(one.text)} ({one.path}:{one.line})" for one in found.only_in_code]
    gone = [f"{MINUS} {_shown(one.text)} ({one.place})" for one in found.only_in_database]
    parts = []
    if added:
        parts.append(f"only in the code: {_some(added)}")
    if gone:
        parts.append(f"only in the database: {_some(gone)}")
    return f"{_both(pair)} differ{_HOW.get(pair.how, '')}: {'; '.join(parts)}"


def order(pair: Pair) -> str:
    """Both orders, side by side."""
    return (
        f"{_both(pair)} have the same labels in another order: "
        f"{_listed(pair.code.texts)} in the code, {_listed(pair.database.texts)} in the database"
    )


def fix_difference(pair: Pair) -> str:
    """The SQL that brings the code's labels into the database, or where to add the database's to the code."""
    found = pair.difference
    gone = ", ".join(_shown(one.text) for one in found.only_in_database[:MOST_NAMED])
    where = f"{pair.code.symbol} ({pair.code.path}:{pair.code.line})"
    sql = sql_of(pair)
    if not sql:
        return (
            f"In a new migration, change the list in the CHECK of {pair.database.name} ({pair.database.path}:"
            f"{pair.database.line}), or in each one where there are several, to {_all(pair.code.texts)}. "
            "It says other things too, which are to stay."
        )
    if not found.only_in_code:
        return (
            f"If the database is right, add {gone} to {where}. If the code is right, take it out of the database by "
            f"the recipe under “Taking labels out” in {PAGE}; the statements stand in `data.sql` of --format json."
        )
    renamed = renaming(pair.database.texts, pair.code.texts) if pair.database.kind != CHECK else None
    if renamed:
        old, new = quoted(renamed[0]), quoted(renamed[1])
        added = " ".join(additions_of(pair))
        return (
            f"If {old} is called {new} now, put this into a migration: {' '.join(sql)} If {new} is something new, put "
            f"this into a migration of its own: {added} Then, for {gone}: add it to {where}, or see “Taking labels "
            f"out” in {PAGE}."
        )
    if any(one.startswith("DO ") for one in sql):
        sql = additions_of(pair)
        rest = f"Then, for {gone}: add it to {where}, or see “Taking labels out” in {PAGE}."
        return f"{_in_a_migration(pair.database, sql)} {rest}"
    return _in_a_migration(pair.database, sql)


def fix_order(pair: Pair) -> str:
    """The order that the code should have."""
    return (
        f"Write the labels of {pair.code.symbol} ({pair.code.path}:{pair.code.line}) in this order: "
        f"{_all(pair.database.texts)}."
    )


def _in_a_migration(database: DatabaseEnum, sql: Sequence[str]) -> str:
    where = "into a migration" + (" of its own" if database.kind != CHECK else "")
    text = " ".join(sql)
    if len(text) > MOST_SQL:
        return f"Put the statements that stand in `data.sql` of --format json {where}."
    return f"Put this {where}: {text}"


def sql_of(pair: Pair) -> list[str]:
    """The statements after which the database has the code's labels."""
    return statements(pair.database, pair.code.texts)


def additions_of(pair: Pair) -> list[str]:
    """The statements that only add what the database lacks."""
    from nightlatch.enum_parity.mend import additions

    have = pair.database.texts
    wanted = pair.code.texts
    if pair.difference.is_other_order:
        known = set(have)
        wanted = [*have, *(text for text in wanted if text not in known)]
    return additions(pair.database, wanted)


def no_such_type(code: CodeEnum) -> str:
    """What is said of a type that the code names and no migration creates, or of a CHECK that is gone."""
    if code.is_check:
        return (
            f"{code.symbol} was compared with the CHECK of {code.binding}, which is gone with this change, or holds no "
            "list of labels any more"
        )
    return f"{code.symbol} is bound to the type {code.binding}, which no migration creates"


FIX_LOST_CHECK = (
    "Write the CHECK as a list: column IN ('a', 'b'). If the database is to take any text from now on, say so by a "
    "note at the column in the code."
)


def not_to_be_found(names: Sequence[str], why: str) -> str:
    """What is said of types that the code names, where migrations can't be followed to their end."""
    return f"no migration creates {_some(names)}, to which it is bound, as far as they can be followed: {why}"


def uncertain(names: Sequence[str], places: Sequence[str], why: str) -> str:
    """What is said of lists of the database that can't be known for sure, all for one reason."""
    verb = "is" if len(places) == 1 else "are"
    state = "is" if len(names) == 1 else "are"
    return f"{_some(names)}, which {_some(places)} {verb} compared with, {state} uncertain: {why}"


def _both(pair: Pair) -> str:
    database = pair.database
    what = "the CHECK of " if database.kind == CHECK else ""
    place = f"{database.path}:{database.line}" if database.line else database.path
    return f"{pair.code.symbol} ({pair.code.kind}) and {what}{database.name} ({place})"


def _shown(text: str) -> str:
    """A label as a message has it: a long one is cut."""
    return quoted(text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…")


def _some(words: Sequence[str], count: int = 0) -> str:
    """The first words; `count` says how many there are, where not all are given."""
    left = max(count, len(words)) - MOST_NAMED
    more = f" and {left} more" if left > 0 else ""
    return ", ".join(words[:MOST_NAMED]) + more


def _listed(texts: Sequence[str]) -> str:
    return _some([_shown(text) for text in texts[: MOST_NAMED + 1]], len(texts))


def _all(texts: Sequence[str]) -> str:
    """Every label, so that it can be written down, unless that fills a screen."""
    text = ", ".join(quoted(text) for text in texts)
    return text if len(text) <= MOST_SQL else _listed(texts)
