"""How old the data may be. Its age is that of the newest record in it, whenever it was fetched or built."""

from __future__ import annotations

import time

DAY = 24 * 60 * 60
HOUR = 60 * 60
WARN_AFTER = 7 * DAY
REFUSE_AFTER = 30 * DAY
MOST_AHEAD = DAY
"""How far a clock may be behind that of whoever wrote the records."""

_UNITS = {"d": DAY, "h": HOUR}
_MOST_DIGITS = 4


def read_age(text: str) -> int | None:
    """The seconds of `2d` or `36h`; None for anything else, for nothing, and for more than is ever accepted."""
    digits, unit = text[:-1], text[-1:]
    if unit not in _UNITS or not (digits.isdigit() and digits.isascii()) or len(digits) > _MOST_DIGITS:
        return None
    seconds = int(digits) * _UNITS[unit]
    return seconds if 0 < seconds <= REFUSE_AFTER else None


def shown_age(seconds: float) -> str:
    """`5 hours`, `12 days`."""
    count, noun = (int(seconds // DAY), "day") if seconds >= 2 * DAY else (max(0, int(seconds // HOUR)), "hour")
    return f"{count} {noun}{'' if count == 1 else 's'}"


def shown_date(seconds: int) -> str:
    """The day, in UTC."""
    try:
        return time.strftime("%Y-%m-%d", time.gmtime(seconds))
    except (OverflowError, OSError, ValueError):
        return "a day beyond the calendar"
