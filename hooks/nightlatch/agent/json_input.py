"""JSON that comes from outside: bounded, and never an exception that nobody expects."""

from __future__ import annotations

import json
import os

from nightlatch.core.errors import EventError

MOST_BYTES = 16 * 1024 * 1024
"""The largest event that is read. What an agent writes at once is far smaller."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_REMEDY = "Check what the hook's command gets on standard input."


def read_all(descriptor: int) -> bytes:
    """What a file descriptor gives. Raises EventError where it is too large."""
    parts = []
    size = 0
    while part := os.read(descriptor, 1024 * 1024):
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            raise EventError(f"The event is larger than {MOST_BYTES // 1024 // 1024} MiB.", _REMEDY)
    return b"".join(parts)


def event_of(data: bytes) -> dict[str, object]:
    """The event in some bytes. Raises EventError where they are no JSON object."""
    try:
        text = data.removeprefix(BYTE_ORDER_MARK).decode("utf-8")
    except UnicodeDecodeError:
        raise EventError("The event is not UTF-8.", _REMEDY) from None
    event = parsed(text)
    if not isinstance(event, dict):
        raise EventError("The event is no JSON object.", _REMEDY)
    return event


def parsed(text: str) -> object:
    """The value of JSON text. Raises EventError."""
    try:
        value: object = json.loads(text)
    except RecursionError:
        raise EventError("The event is nested too deeply.", _REMEDY) from None
    except ValueError:
        raise EventError("The event is not JSON.", _REMEDY) from None
    return value
