"""What the configuration allows: from which severity on an advisory is an error, and which ones don't count."""

from __future__ import annotations

from nightlatch.core.finding import Finding
from nightlatch.core.rule import ERROR, WARNING
from nightlatch.core.suppress import Note
from nightlatch.dependencies.package import pypi_name
from nightlatch.dependencies.place import word
from nightlatch.dependencies.rules import UNUSED_IGNORE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from nightlatch.core.hook import Options

LONGEST = 180
"""For so many days an advisory may be ignored: then somebody looks again."""

BY = "dependencies.ignore"


class Policy:
    """The section `dependencies` of the configuration, on a day."""

    def __init__(self, options: Options) -> None:
        """Raises ConfigError where an entry is granted for too long, or for ever."""
        self._options = options
        section: dict[str, Any] = options.section
        self._section = section
        self._entries: list[dict[str, Any]] = list(section["ignore"])
        self._used: set[int] = set()
        for number, entry in enumerate(self._entries):
            self._check(number, entry["expires"])

    @property
    def is_data_required(self) -> bool:
        """Whether lockfiles count as unchecked where there is no advisory data."""
        return bool(self._section["advisories"] == "required")

    def severity(self, rank: int, ranks: Sequence[str]) -> str:
        """What an advisory of this rank weighs. ranks: from the least severity to the greatest."""
        return ERROR if rank >= ranks.index(self._section["fail-on"]) else WARNING

    def note(self, ids: Sequence[str], package: str) -> tuple[Note | None, str]:
        """The note that allows an advisory under any of its ids, and a remark where one has expired."""
        expired = ""
        for number, entry in enumerate(self._entries):
            if not _concerns(entry, ids, package):
                continue
            self._used.add(number)
            if entry["expires"] >= self._options.today:
                return Note(BY, entry["reason"]), ""
            expired = f" (the entry of the configuration that ignored it expired on {entry['expires']})"
        return None, expired

    def unused(self) -> Iterator[Finding]:
        """Yield a finding for each entry that nothing needed."""
        for number, entry in enumerate(self._entries):
            if number in self._used:
                continue
            place = self._options.wrong(f"ignore[{number}]", "", "")
            yield Finding(
                UNUSED_IGNORE,
                f"{word(entry['id'])}: no package here is concerned by it",
                path=place.where if ":" not in place.where else None,
                span=(place.line, place.column, place.line, place.column + 1) if place.line else None,
                anchor=str(entry["id"]),
            )

    def _check(self, number: int, expires: str | None) -> None:
        from datetime import date, timedelta

        last = (date.fromisoformat(self._options.today) + timedelta(days=LONGEST)).isoformat()
        if expires is None:
            raise self._options.wrong(
                f"ignore[{number}]",
                "lacks the key `expires`",
                f"Write the day on which somebody looks at it again, at most {LONGEST} days ahead: {last}.",
            )
        if expires > last:
            raise self._options.wrong(
                f"ignore[{number}].expires",
                f"lies more than {LONGEST} days ahead",
                f"Write {last} or an earlier day: then somebody looks again.",
            )


def _concerns(entry: dict[str, Any], ids: Sequence[str], package: str) -> bool:
    name = entry["package"]
    if name is not None and name != package and pypi_name(name) != package:
        return False
    return entry["id"].upper() in {one.upper() for one in ids}
