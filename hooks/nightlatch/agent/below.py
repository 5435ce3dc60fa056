"""What lies below a folder and may be protected: most names are told apart without a look at every rule."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.agent.situation import Situation

MOST_ENTRIES = 200_000
"""So many names are looked at, the shallow ones first. Names alone are cheap: no file is opened for them."""

MOST_CANDIDATES = 1000
"""And so many of them by every rule: each takes a fraction of a millisecond."""


class TooManyError(Exception):
    """There is more below a folder than can be looked at: what was not seen may be closed."""


PASSED_OVER = frozenset((".git", "node_modules", ".venv", "venv", "__pycache__"))
"""Folders whose files are many, and not a team's own secrets."""

ANY_NAME = "\x01"
"""A name that no pattern means: what is said of it is said of every name in its folder."""


def files_below(folder: str) -> Iterator[tuple[str, list[str]]]:
    """Yield (a folder, the names of the files in it), the shallow folders first, up to a bound. Links are left out.

    Raises TooManyError where the bound is reached.
    """
    waiting = [folder]
    left = MOST_ENTRIES
    for current in waiting:
        names: list[str] = []
        try:
            with os.scandir(current) as entries:
                for entry in entries:
                    left -= 1
                    if left < 0:
                        break
                    if entry.is_symlink():
                        continue
                    if not entry.is_dir():
                        names.append(entry.name)
                    elif entry.name not in PASSED_OVER:
                        waiting.append(entry.path)
        except (OSError, ValueError):
            continue
        yield current, sorted(names)
        if left < 0:
            raise TooManyError


def candidates(folder: str, action: str, now: Situation) -> Iterator[str]:
    """Yield the files below a folder that a rule may be about: by their names, or as all that lies with them.

    Raises TooManyError, when it has yielded what it has seen.
    """
    from nightlatch.protected_files.names import Names

    if os.path.basename(folder) in PASSED_OVER - {".git"}:
        return
    names = Names(now.policy.rules, action)
    left = MOST_CANDIDATES
    for current, files in files_below(folder):
        whole_folder = bool(files) and now.has_word(action, os.path.join(current, ANY_NAME))
        for name in files:
            path = os.path.join(current, name)
            if whole_folder or names.may_fit(name) or now.may_be_secret(path):
                left -= 1
                if left < 0:
                    raise TooManyError
                yield path
