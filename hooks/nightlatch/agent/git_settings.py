"""Credentials in git's own configuration: in the address of a remote, or in a header that git sends along."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

SHOWING = {
    "remote": ("-v", "--verbose", "show", "get-url"),
    "config": ("-l", "--list", "list", "--get", "--get-all", "--get-regexp", "--get-urlmatch", "get"),
}
"""Subcommand → words with which it prints settings."""

OF_ADDRESSES = ("url", "remote", "http", "header", "insteadof")
"""What stands in the names of settings that may hold a credential."""

CREDENTIAL = r"://[^/\s:@]{0,100}:[^/\s@]+@|://[^/\s:@]{20,200}@|(?i:authorization:)"
"""`https://name:password@host`, `https://token@host`, and a header."""

FILE = "/.git/config"
SIGNS = ("@", "authorization")
"""Without any of these there is none, and no regular expression is needed."""


def holds_credentials(text: str) -> bool:
    """Whether a text of git's configuration holds a credential."""
    if not any(sign in text.lower() for sign in SIGNS):
        return False
    import re

    return re.search(CREDENTIAL, text) is not None


def shows_credentials(name: str, given: Iterable[str | None], folder: str) -> bool:
    """Whether a command prints settings, and one of them holds a credential.

    name    the subcommand
    given   what stands behind it; None for a word that isn't known
    folder  where git runs
    """
    words = [word or "" for word in given]
    is_list = any(word in ("-l", "--list", "list", "--get-regexp") for word in words)
    names_one = any(sign in word.lower() for word in words for sign in OF_ADDRESSES)
    is_bare = name == "config" and sum(not word.startswith("-") for word in words) == 1
    is_shown = is_bare or any(word in SHOWING[name] for word in words)
    if not is_shown or not (name == "remote" or is_list or names_one):
        return False
    from nightlatch.core.errors import NightlatchError
    from nightlatch.core.git import Git

    try:
        settings = os.fsdecode(Git(folder, os.environ).run("config", "--list", "-z"))
    except NightlatchError:
        return False  # git would print nothing either
    return holds_credentials(settings)
