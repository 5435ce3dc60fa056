"""When secrets were last replaced: ENV115.

The ledger is a file of lines `NAME,class,YYYY-MM-DD`: a secret, what kind it is, and the day it was made. It holds no
values, and can be committed.
"""

from __future__ import annotations

import re

from nightlatch.env_files import rules_of_contents as rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.core.files import File
    from nightlatch.core.finding import Finding

DAYS = {"ai": 90, "jwt": 30, "mcp": 90, "service": 7}
"""Class → how many days a secret of it may be in use: keys of AI providers, signing secrets, keys of MCP servers,
tokens of services."""

NAME = ".nightlatch-rotation.csv"
"""The ledger, where the configuration names no other."""

LINE = re.compile(rb"^(?P<key>[^,\r\n#]+),(?P<kind>[^,\r\n]*),(?P<day>[^,\r\n]*)\r?$", re.MULTILINE)
ANY_LINE = re.compile(rb"^(?![ \t]*(?:#|\r?$))[^\r\n]+", re.MULTILINE)
DATE = re.compile(rb"([0-9]{4})-([0-9]{2})-([0-9]{2})")
VARIABLE = re.compile(rb"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
HEADING = (b"key", b"name", b"variable")


def check(file: File, today: str) -> Iterator[Finding]:
    """Yield a finding for each secret of the ledger that is overdue, and for each line that can't be understood.

    today  as YYYY-MM-DD, in UTC
    """
    yield from _not_understood(file)
    for found in LINE.finditer(file.text):
        key = found["key"].strip()
        if key.lower() not in HEADING:
            message, fix = _overdue(key, found["kind"].strip(), found["day"].strip(), today)
            if message:
                place = found.start("key")
                yield _finding(file, place, place + len(key), message, fix)


def _not_understood(file: File) -> Iterator[Finding]:
    """The lines that are neither empty nor comments, and have no three parts."""
    for found in ANY_LINE.finditer(file.text):
        if not LINE.fullmatch(found[0]):
            message = "This line of the ledger isn't understood"
            yield _finding(file, found.start(), found.end(), message, "Write NAME,class,YYYY-MM-DD.")


def _finding(file: File, start: int, end: int, message: str, fix: str) -> Finding:
    found = file.finding(rules.ROTATION, start, end, message)
    found.fix = fix or rules.ROTATION.fix
    return found


def _overdue(key: bytes, kind: bytes, day: bytes, today: str) -> tuple[str, str]:
    """What is amiss with a secret, and what to do where that isn't to replace it; twice "" where nothing is."""
    shown = key.decode("ascii") if VARIABLE.fullmatch(key) else "This secret"
    days = DAYS.get(kind.decode("ascii", "replace").lower())
    if days is None:
        return f"{shown} is of a class that isn't known", f"Write one of: {', '.join(DAYS)}."
    age = _days_between(day, today)
    if age is None:
        return f"{shown} has no day of the form YYYY-MM-DD that is past", "Write the day on which it was made."
    is_old = age > days
    return (f"{shown} is {age} days old, and one of its class should be replaced after {days}" if is_old else ""), ""


def _days_between(day: bytes, today: str) -> int | None:
    from datetime import date

    found = DATE.fullmatch(day)
    try:
        then = date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
    age = (date.fromisoformat(today) - then).days if then else None
    return age if age is not None and age >= -1 else None
