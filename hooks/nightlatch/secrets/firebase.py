"""Google's API keys: those that a Firebase client carries are public by design, the others are secrets.

A Firebase key only names the project; what may be read or written is decided by security rules. Google gives it
out in three files and one object, and each of them says what it is.
"""

from __future__ import annotations

import re

from nightlatch.secrets.assigned_name import name_before
from nightlatch.secrets.placeholder import is_example

NEAR = 1024
"""How far from the key, in bytes, the other settings of a client stand."""

CLIENT_SETTINGS = (b"authDomain", b"messagingSenderId", b"storageBucket", b"databaseURL", b"firebaseapp.com")
APP_ID = re.compile(rb"1:[0-9]{6,20}:(?:web|android|ios|macos|windows):[0-9a-f]{8,40}")
LEAST_SETTINGS = 2

ANDROID_KEY = re.compile(rb"\"current_key\"[ \t]{0,8}:[ \t]{0,8}\"\Z")
ANDROID_FILE = b'"mobilesdk_app_id"'
APPLE_KEY = re.compile(rb"<key>API_KEY</key>\s{0,40}<string>\Z")
APPLE_FILE = b"<key>GOOGLE_APP_ID</key>"
WEB_KEY = re.compile(rb"(?i)api[_-]?key")


def confirm_secret(text: bytes, start: int, end: int) -> tuple[int, int] | None:
    """The span of a key that is to be kept secret."""
    return None if is_example(text[start:end]) or _is_client_s(text, start, end) else (start, end)


def confirm_client(text: bytes, start: int, end: int) -> tuple[int, int] | None:
    """The span of a key in the configuration of a Firebase client."""
    return (start, end) if _is_client_s(text, start, end) and not is_example(text[start:end]) else None


def _is_client_s(text: bytes, start: int, end: int) -> bool:
    before = text[max(0, start - 120) : start]
    if ANDROID_KEY.search(before):
        return ANDROID_FILE in text
    if APPLE_KEY.search(before):
        return APPLE_FILE in text
    name = name_before(text, start)
    if not WEB_KEY.search(name):
        return False
    near = text[max(0, start - NEAR) : end + NEAR]
    settings = sum(setting in near for setting in CLIENT_SETTINGS) + bool(APP_ID.search(near))
    return settings >= LEAST_SETTINGS or b"firebase" in name.lower()
