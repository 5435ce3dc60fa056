"""What the live database has and the migrations don't lead to, and the other way round."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nightlatch.enum_parity.database_enum import DatabaseEnum


class Drift:
    """A list of labels that is not the same in the two.

    migrated  as the migrations lead to it; None where only the live database has it
    live      as it is; None where the live database lacks it
    """

    __slots__ = ("live", "migrated")

    def __init__(self, migrated: DatabaseEnum | None, live: DatabaseEnum | None) -> None:
        self.migrated = migrated
        self.live = live

    @property
    def name(self) -> str:
        """The list's name, which both have."""
        either = self.migrated or self.live
        return either.name if either else ""

    @property
    def only_live(self) -> list[str]:
        """Labels that no migration adds."""
        return _without(self.live, self.migrated)

    @property
    def only_migrated(self) -> list[str]:
        """Labels that the live database lacks."""
        return _without(self.migrated, self.live)


def drifts(migrated: Iterable[DatabaseEnum], live: Iterable[DatabaseEnum]) -> Iterator[Drift]:
    """Each list that differs, by name. What the migrations leave uncertain is not compared.

    The order counts for types alone. What only the live database has is left out where it is no type: a column's CHECK
    may be anybody's.
    """
    ours = {(enum.name, enum.kind): enum for enum in migrated}
    theirs = {(enum.name, enum.kind): enum for enum in live}
    for key in sorted({*ours, *theirs}):
        one, other = ours.get(key), theirs.get(key)
        if one is not None and not one.certain:
            continue
        if one is None and other is not None and other.kind != "enum":
            continue
        if _labels(one) != _labels(other):
            yield Drift(one, other)


def _labels(enum: DatabaseEnum | None) -> list[str] | None:
    if enum is None:
        return None
    return list(enum.texts) if enum.kind == "enum" else sorted(enum.texts)


def _without(one: DatabaseEnum | None, other: DatabaseEnum | None) -> list[str]:
    known = other.texts if other else ()
    return [text for text in (one.texts if one else ()) if text not in known]
