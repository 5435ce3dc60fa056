"""A live database against the migrations: opt-in, by an address on the command line or in NIGHTLATCH_DSN."""

from __future__ import annotations

from nightlatch.core.finding import Finding
from nightlatch.enum_parity.live_compare import Drift, drifts
from nightlatch.enum_parity.rules import LIVE_DRIFT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nightlatch.enum_parity.database_enum import DatabaseEnum

SQLITE = "sqlite:///"


def live_enums(dsn: str) -> list[DatabaseEnum]:
    """Every list of labels of the live database. Raises LiveError."""
    if dsn.startswith(SQLITE):
        from nightlatch.enum_parity.live_sqlite import sqlite_lists

        return sqlite_lists(dsn)
    from nightlatch.enum_parity import live_postgres

    return live_postgres.live_enums(dsn)


def only_live(live: Sequence[DatabaseEnum], migrated: Sequence[DatabaseEnum]) -> list[DatabaseEnum]:
    """What only the live database has: the code is compared with that, where no migration says anything of it."""
    names = {enum.name for enum in migrated}
    return [enum for enum in live if enum.name not in names]


def live_findings(live: Sequence[DatabaseEnum], migrated: Sequence[DatabaseEnum]) -> Iterator[Finding]:
    """Yield a finding for each list of labels that isn't the same in the two.

    Of what no migration creates only in schemas in which migrations create something: the others are a platform's.
    """
    same = _of_the_same_database(migrated, live)
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
