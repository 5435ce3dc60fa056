"""What a finding says, and what it tells people to do."""

from __future__ import annotations

from nightlatch.enum_parity.database_enum import CHECK
from nightlatch.enum_parity.mend import quoted, quoted_part, renaming, statements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.enum_parity.code_enum import CodeEnum
    from nightlatch.enum_parity.pairs import Pair

MOST_NAMED = 8
"""Labels of one side that a message names; `data` has all of them."""

MOST_SHOWN = 200
"""Characters of a label that a message shows."""

ALIKE = 0.8
"""How much two labels have in common where one may be a slip for the other; 1 is all."""

MOST_SQL = 4000
"""Characters of statements that a remedy shows; `data` has all of them."""

DRIZZLE = "drizzle"
"""The tool whose journal lists the migrations: a file that is put beside them counts for nothing."""

MADE_BY_DRIZZLE = "pgEnum"
"""The kind of enum of which drizzle-kit writes the migration by itself: of a CHECK it knows nothing."""

SQLITE = "sqlite"
"""What stands for the tool where a list was read from a live SQLite."""

MINUS = "\N{MINUS SIGN}"
RECIPE = "nightlatch explain ENUM002"

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
    if stores_names(pair):
        return FIX_NAMES.format(place=f"{pair.code.path}:{pair.code.line}")
    sql = sql_of(pair)
    if not sql:
        return _recreation(pair) if pair.database.tool == SQLITE else _by_hand(pair)
    where = _list_of(pair.code)
    if not found.only_in_code:
        return (
            f"If the database is right, add {gone} to {where}. If the code is right, {_taking_out(pair)}; the "
            "statements stand in `data.sql` of --format json."
        )
    rest = f"Then, for {gone}: add it to {where}, or {_taking_out(pair)}."
    renamed = renaming(pair.database.texts, pair.code.texts) if pair.database.kind != CHECK else None
    if renamed:
        old, new = quoted(renamed[0]), quoted(renamed[1])
        added = " ".join(additions_of(pair))
        slip = f"If {new} is a slip, write {old} in {where}. " if is_alike(*renamed) else ""
        return (
            f"{slip}If {old} is called {new} now, put this into {_a_migration(pair)}: {' '.join(sql)} "
            f"If {new} is something new, put this into {_a_migration(pair)} of its own: {added} {rest}"
        )
    if any(one.startswith("DO ") for one in sql):
        return f"{_in_a_migration(pair, additions_of(pair))} {rest}"
    return _in_a_migration(pair, sql)


def _taking_out(pair: Pair) -> str:
    """How a label goes out of the database."""
    if pair.database.tool == DRIZZLE and pair.code.kind == MADE_BY_DRIZZLE:
        return "let drizzle-kit take it out of the database: npx drizzle-kit generate"
    return f"take it out of the database by the recipe that `{RECIPE}` prints"


def is_alike(one: str, other: str) -> bool:
    """Whether two labels differ by so little that one may be a slip of the pen."""
    from difflib import SequenceMatcher

    return len(one) + len(other) <= MOST_SHOWN and SequenceMatcher(None, one, other).ratio() >= ALIKE


def _by_hand(pair: Pair) -> str:
    """What to do where a CHECK says more than its list."""
    return (
        f"In a new migration, change the list in the CHECK of {pair.database.name} ({pair.database.path}:"
        f"{pair.database.line}), or in each one where there are several, to {_all(pair.code.texts)}. "
        "It says other things too, which are to stay."
    )


def stores_names(pair: Pair) -> bool:
    """Whether the database has the values of the members whose names SQLAlchemy stores."""
    gone = [label.text for label in pair.difference.only_in_database]
    return bool(gone) and set(gone) <= set(pair.code.values)


FIX_NAMES = (
    "SQLAlchemy stores the names of the members, and the database has their values. Write the type of the column at "
    "{place} as Enum(…, values_callable=lambda members: [one.value for one in members])."
)
"""Adding the names to the database would double its labels for good."""


def fix_order(pair: Pair) -> str:
    """The order that the code should have."""
    return f"Write the labels of {_list_of(pair.code)} in this order: {_all(pair.database.texts)}."


def _recreation(pair: Pair) -> str:
    """What to do where a table's CHECK can't be changed, as in SQLite; its tables are in no schema there."""
    table, column = (quoted_part(part) for part in pair.database.name.split(".")[-2:])
    new = quoted_part(pair.database.name.split(".")[-2] + "__new")
    statements = (
        f"INSERT INTO {new} SELECT * FROM {table};",  # noqa: S608 - a text for people, with quoted names
        f"DROP TABLE {table};",
        f"ALTER TABLE {new} RENAME TO {table};",
    )
    return (
        f"SQLite can't change a CHECK. In a new migration make {new}, with every column and constraint of {table}, and "
        f"CHECK ({column} IN ({_all(pair.code.texts)})). Then: {' '.join(statements)} Make the indexes anew."
    )


def _a_migration(pair: Pair) -> str:
    """`a migration`, and what makes one where a file by itself counts for nothing."""
    return "a migration (npx drizzle-kit generate --custom)" if pair.database.tool == DRIZZLE else "a migration"


def _list_of(code: CodeEnum) -> str:
    """The list to edit and its line: not the use that is compared, where that only names a list."""
    last = code.labels[-1] if code.labels else None
    is_own = last is None or (not code.through and last.path == code.path and last.line >= code.line)
    if last is None or is_own:
        return f"{code.symbol} ({code.path}:{code.line})"
    names = [place.rpartition("::")[2] for place in code.through if place.startswith(f"{last.path}::")]
    name = names[0] if len(names) == 1 else "the list"
    return f"{name} ({last.path}:{last.line}), from which {code.symbol} ({code.path}:{code.line}) has its labels"


def _in_a_migration(pair: Pair, sql: Sequence[str]) -> str:
    where = "into a migration of its own" if pair.database.kind != CHECK else "into a migration"
    text = " ".join(sql)
    fits = len(text) <= MOST_SQL
    what = "this" if fits else "the statements that stand in `data.sql` of --format json"
    end = f": {text}" if fits else "."
    if pair.database.tool != DRIZZLE:
        return f"Put {what} {where}{end}"
    if pair.code.kind != MADE_BY_DRIZZLE:
        return f"Let drizzle-kit make a file and list it: npx drizzle-kit generate --custom; put {what} into it{end}"
    return f"Let drizzle-kit write the migration: npx drizzle-kit generate; it must come to {what}{end}"


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
