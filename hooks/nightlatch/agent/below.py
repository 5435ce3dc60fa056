"""What lies below a folder and may be protected: most names are told apart without a look at every rule."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.agent.situation import Situation

MOST_ENTRIES = 200_000
"""So many names are looked at, the shallow ones first: a name takes about two microseconds."""

MOST_CANDIDATES = 2000
"""And so many of them by every rule: each takes a fraction of a millisecond."""

PASSED_OVER = frozenset(
    (
        ".git",
        ".mypy_cache",
        ".nox",
        ".pnpm-store",
        ".pytest_cache",
        ".ruff_cache",
        ".tox",
        ".venv",
        "__pycache__",
        "bower_components",
        "node_modules",
        "site-packages",
        "venv",
    )
)
"""Folders whose files are many, and not a team's own secrets."""

ANY_NAME = "\x01"
"""A name that no pattern means: what is said of it is said of every name in its folder."""


class TooManyError(Exception):
    """There is more below a folder than is looked at: whether a file in it is protected isn't known."""


def files_below(folder: str) -> Iterator[tuple[str, list[str]]]:
    """Yield (a folder, the names of the files in it), the shallow folders first. Links are left out.

    Raises TooManyError where there are more than `MOST_ENTRIES` names, after those have been told.
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


def candidates(folder: str, action: str, now: Situation, *, within_packages: bool = False) -> Iterator[str]:
    """Yield the files below a folder that a rule may be about: by their names, or as all that lies with them.

    within_packages  whether a folder of other people's packages is looked into, if it is the folder itself
    Raises TooManyError where not all could be looked at.
    """
    from nightlatch.protected_files.names import Names

    if not within_packages and os.path.basename(folder) in PASSED_OVER - {".git"}:
        return
    names = Names(now.policy.rules, action)
    real = os.path.realpath(folder)
    left = MOST_CANDIDATES
    for current, files in files_below(folder):
        may_be_whole = bool(files) and names.may_fill(real + current[len(folder) :])
        whole_folder = may_be_whole and now.has_word(action, os.path.join(current, ANY_NAME))
        for name in files:
            path = os.path.join(current, name)
            if whole_folder or names.may_fit(name) or now.may_be_secret(path):
                left -= 1
                if left < 0:
                    raise TooManyError
                yield path
