"""The strict reading of a baseline; one that was met before is taken from the cache."""

from __future__ import annotations

from nightlatch.core import cache
from nightlatch.core.baseline.entry import (
    AUDITS,
    MAX_BYTES,
    MOST_NAME,
    MOST_REASON,
    OPTIONAL,
    REQUIRED,
    SECTION,
    VERSION,
    Baseline,
    Entry,
)
from nightlatch.core.errors import ConfigError
from nightlatch.core.json_file import parsed, parsed_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Row = tuple[str, str | None, str, str | None, str, str | None, str | None]


# Raise it whenever the checks or the form of what is cached change.
_COMPILED_VERSION = 1
_CACHE_KIND = "baseline"
_VALID_KIND = "baseline-valid"
_DOUBLED = "\0doubled"


def require_valid(raw: bytes, where: str) -> None:
    """Raise ConfigError where a file's bytes are no valid baseline. Costs nothing but a look for one met before."""
    key = b"%d\n%b" % (_COMPILED_VERSION, raw)
    if cache.load(_VALID_KIND, key) is not True:
        load(raw, where)
        cache.store(_VALID_KIND, key, value=True)


def load(raw: bytes, where: str) -> Baseline:
    """The baseline in a file's bytes. One that was met before costs neither JSON nor the checks.

    where  the file's label, for messages
    Raises ConfigError, with the line, where the file isn't valid.
    """
    key = b"%d\n%b" % (_COMPILED_VERSION, raw)
    known: Any = cache.load(_CACHE_KIND, key)
    if not isinstance(known, tuple):
        known = _Reading(raw, where).result()
        cache.store(_CACHE_KIND, key, known)
    salt, rows = known
    return Baseline(where, salt, [Entry(*row[:5], expires=row[5], audit=row[6]) for row in rows])


class _Reading:
    """The strict reading of one file."""

    def __init__(self, raw: bytes, where: str) -> None:
        self.where = where
        self.text = parsed_text(raw, where)

    def result(self) -> tuple[str, list[Row]]:
        """The salt, and the entries as plain data."""
        top = parsed(self.text, self.where, _dict_without_doubles)
        if not isinstance(top, dict):
            raise self._wrong("a baseline is a JSON object")
        self._check_keys(top, ("version", "salt", "entries"), (), None)
        if type(top["version"]) is not int or top["version"] != VERSION:
            raise self._wrong(
                f"`version` must be {VERSION}", "Install the version of nightlatch that wrote it, or make it anew."
            )
        if not _is_hex(top["salt"], 32, 128):
            raise self._wrong("`salt` must be 32 to 128 hexadecimal digits")
        if not isinstance(top["entries"], list):
            raise self._wrong("`entries` must be a list")
        return top["salt"], self._rows(top["entries"])

    def _rows(self, entries: list[Any]) -> list[Row]:
        rows: dict[tuple[str, str | None], Row] = {}
        for number, entry in enumerate(entries):
            if isinstance(entry, dict) and entry.keys() == {SECTION}:
                continue  # says nothing; `baseline/store.py` tells what it is for
            row = self._row(entry, number)
            if (row[2], row[3]) in rows:
                raise self._wrong("this entry stands twice", "Remove one of the two lines.", number)
            rows[row[2], row[3]] = row
        return list(rows.values())

    def _row(self, entry: Any, number: int) -> Row:
        if not isinstance(entry, dict):
            raise self._wrong("an entry must be an object", number=number)
        self._check_keys(entry, REQUIRED, OPTIONAL, number)
        for name, fits, form in _FORMS:
            if name in entry and not fits(entry[name]):
                raise self._wrong(f"`{name}` must be {form}", number=number)
        values: Any = tuple(entry.get(name) for name in (*REQUIRED, *OPTIONAL))
        row: Row = values
        return row

    def _check_keys(
        self, found: dict[str, Any], required: tuple[str, ...], optional: tuple[str, ...], number: int | None
    ) -> None:
        if _DOUBLED in found:
            raise self._wrong(f"the key `{_shown(found[_DOUBLED])}` stands twice in one object", number=number)
        for name in found:
            if name not in required and name not in optional:
                raise self._wrong(f"there is no key `{_shown(name)}` in a baseline", "Take it out.", number)
        for name in required:
            if name not in found:
                raise self._wrong(f"the key `{name}` is missing", number=number)

    def _wrong(self, what: str, remedy: str = "", number: int | None = None) -> ConfigError:
        line = 0 if number is None else _line_of_entry(self.text, number)
        return ConfigError(self.where, line, 1, f"{what}.", remedy or "Mend it, or take the version that git has.")


def _dict_without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The pairs as a dict; a key that stands twice is noted under a name that no file should use."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        found[_DOUBLED] = next(name for name in names if names.count(name) > 1)
    return found


def _line_of_entry(text: str, number: int) -> int:
    """The line on which the entry of this number starts, counted from 1; 0 where it can't be told."""
    import json

    decoder = json.JSONDecoder()
    try:
        place = text.index("[", text.index('"entries"')) + 1
        for _ in range(number):
            place = decoder.raw_decode(text, _skipped(text, place))[1]
        return text.count("\n", 0, _skipped(text, place)) + 1
    except ValueError:
        return 0


def _skipped(text: str, place: int) -> int:
    """Where the next element starts."""
    while text[place : place + 1] in (" ", "\t", "\r", "\n", ","):
        place += 1
    return place


def _shown(name: str) -> str:
    from nightlatch.core.text import one_line

    return one_line(name if len(name) <= MOST_NAME else name[:MOST_NAME] + "…")


def _is_hex(value: object, least: int, most: int) -> bool:
    return isinstance(value, str) and least <= len(value) <= most and not len(value) % 2 and not value.strip(_HEX)


_HEX = "0123456789abcdef"


def is_date(value: object) -> bool:
    """Whether a value is a day as YYYY-MM-DD."""
    if not isinstance(value, str) or len(value) != len("YYYY-MM-DD") or value[4] + value[7] != "--":
        return False
    from datetime import date

    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_reason(value: object) -> bool:
    """Whether a value says anything, and no more than a person reads."""
    return _is_text(value, MOST_REASON)


def _is_text(value: object, most: int) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= most


_FORMS: tuple[tuple[str, Callable[[object], bool], str], ...] = (
    ("rule", lambda value: _is_text(value, MOST_NAME) and str(value).isalnum(), "a rule, such as SEC301"),
    ("path", lambda value: value is None or _is_text(value, MAX_BYTES), "a path, or null"),
    ("fingerprint", lambda value: _is_hex(value, 32, 32), "32 hexadecimal digits"),
    ("mark", lambda value: value is None or _is_hex(value, 2, 2), "2 hexadecimal digits, or null"),
    ("reason", is_reason, f"a text of at most {MOST_REASON} characters"),
    ("expires", is_date, "a day, as YYYY-MM-DD"),
    ("audit", lambda value: value in AUDITS, f"one of {', '.join(AUDITS)}"),
)
