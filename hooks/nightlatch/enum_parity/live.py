"""A live database against the migrations: opt-in, by an address on the command line or in NIGHTLATCH_DSN."""

from __future__ import annotations

from nightlatch.core.finding import Finding
from nightlatch.enum_parity.database_enum import ENUM
from nightlatch.enum_parity.live_compare import Drift, drifts
from nightlatch.enum_parity.rules import LIVE_DRIFT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nightlatch.enum_parity.database_enum import DatabaseEnum

SQLITE = "sqlite:///"
POSTGRESQL = ("postgresql://", "postgres://")
ADDRESSES = (
    "Write it as postgresql://user@host:5432/database?sslmode=require or sqlite:///path/of/a.db, "
    "in --dsn or NIGHTLATCH_DSN."
)
MOST_OF_A_SCHEME = 30


def live_enums(dsn: str) -> list[DatabaseEnum]:
    """Every list of labels of the live database. Raises LiveError, before anything is loaded or asked."""
    if dsn.startswith(SQLITE):
        from nightlatch.enum_parity.live_sqlite import sqlite_lists

        return sqlite_lists(dsn)
    from nightlatch.enum_parity import live_postgres

    if not dsn.startswith(POSTGRESQL):
        raise live_postgres.LiveError(_no_database_of_ours(dsn), ADDRESSES)
    return live_postgres.live_enums(dsn)


def _no_database_of_ours(dsn: str) -> str:
    """What is wrong with an address; nothing of it is told but its scheme, for the rest may hold a password."""
    scheme, found, _ = dsn.partition("://")
    if not found or not scheme.replace("+", "").isalnum() or len(scheme) > MOST_OF_A_SCHEME:
        return "What --dsn or NIGHTLATCH_DSN holds is no address of a database."
    return f"An address that begins with {scheme}:// can't be compared: one of PostgreSQL or SQLite can."


def only_live(live: Sequence[DatabaseEnum], migrated: Sequence[DatabaseEnum]) -> list[DatabaseEnum]:
    """What only the live database has: the code is compared with that, where no migration says anything of it."""
    names = {enum.name for enum in migrated}
    return [enum for enum in live if enum.name not in names]


def is_sqlite(dsn: str) -> bool:
    """Whether the address is one of SQLite, which has CHECKs and no types."""
    return dsn.startswith(SQLITE)


def live_findings(
    live: Sequence[DatabaseEnum], migrated: Sequence[DatabaseEnum], *, is_sqlite: bool = False
) -> Iterator[Finding]:
    """Yield a finding for each list of labels that isn't the same in the two. Raises LiveError.

    Of what no migration creates only in schemas in which migrations create something: the others are a platform's.
    """
    same = _of_the_same_database(migrated, live)
    if is_sqlite:
        _refuse_types(same)
    schemas = {_schema(enum) for enum in same}
    for drift in drifts(same, [enum for enum in live if _schema(enum) in schemas]):
        place = drift.migrated
        message = _message(drift)
        data: dict[str, object] = {
            "database": drift.name,
            "only-in-migrations": drift.only_migrated,
            "only-in-live-database": drift.only_live,
        }
        span = (place.line, 1, place.line, 1) if place and place.line else None
        path = place.path if place else None
        yield Finding(LIVE_DRIFT, message, path=path, span=span, anchor=message, data=data)


def _refuse_types(migrated: Sequence[DatabaseEnum]) -> None:
    """Raise LiveError where the migrations create a type: a SQLite can't be what they lead to."""
    from nightlatch.enum_parity.live_postgres import LiveError

    type_ = next((enum for enum in migrated if enum.kind == ENUM), None)
    if type_ is not None:
        what = f"--dsn names a SQLite, and {type_.path} creates the type {type_.name}, which SQLite can't have."
        raise LiveError(what, "Name the PostgreSQL that the migrations are for, or leave --dsn and NIGHTLATCH_DSN out.")


def _schema(enum: DatabaseEnum) -> str:
    return enum.name.partition(".")[0]


def _of_the_same_database(migrated: Sequence[DatabaseEnum], live: Sequence[DatabaseEnum]) -> list[DatabaseEnum]:
    """A repository may hold several databases' migrations: those count of which the live one has the half at least."""
    names = {enum.name for enum in live}
    by_source: dict[str, list[DatabaseEnum]] = {}
    for enum in migrated:
        by_source.setdefault(enum.source, []).append(enum)
    if len(by_source) == 1:
        return list(migrated)
    same = [enums for enums in by_source.values() if 2 * sum(enum.name in names for enum in enums) >= len(enums)]
    return [enum for enums in same for enum in enums]


def _message(drift: Drift) -> str:
    if drift.live is None:
        return f"{drift.name} is created by migrations, and the live database lacks it"
    if drift.migrated is None:
        return f"{drift.name} is in the live database, and no migration creates it"
    parts = [f"+{label!r} (no migration adds it)" for label in drift.only_live]
    parts += [f"-{label!r} (a migration adds it)" for label in drift.only_migrated]
    said = ", ".join(parts) or "the same labels in another order: " + ", ".join(map(repr, drift.live.texts))
    return f"{drift.name} in the live database differs from what the migrations lead to: {said}"
