"""The lines that .gitignore gets: which ones there may be, and which ones files need.

A line is a pattern, and the name of a file may be anything: nothing but plain names is ever written.
"""

from __future__ import annotations

from nightlatch.core.secret_files import TEMPLATE, kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

EVERY_FAMILY = ".env*"
START = ".env"
PLAIN_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
USUAL_TEMPLATE = ".env.example"


def is_plain(name: str) -> bool:
    """Whether a name means itself as a pattern, and nothing else."""
    return bool(name) and PLAIN_NAME.issuperset(name)


def may_be_kept(name: str) -> bool:
    """Whether git may be told to take a name back in: templates, and what is no env file at all."""
    return is_plain(name) and kind_of(name) in (TEMPLATE, None)


def is_ours(line: str) -> bool:
    """Whether a line is one that is written here: `.env*`, a plain name, or `!` and the name of what may be kept."""
    if line.startswith("!"):
        return may_be_kept(line[1:])
    return line == EVERY_FAMILY or is_plain(line)


def lines_for(paths: Iterable[str], kept: Iterable[str]) -> list[str]:
    """The lines that let git ignore these paths; none for a path whose name can't be written as a pattern.

    kept  paths of which those that may be kept are taken back in
    """
    names = {path.rpartition("/")[2] for path in paths}
    others = sorted(name for name in names if not name.startswith(START) and is_plain(name))
    if not others and not any(name.startswith(START) for name in names):
        return []
    back = {path.rpartition("/")[2] for path in kept}
    named = sorted(name for name in back if name.startswith(START) and may_be_kept(name)) or [USUAL_TEMPLATE]
    return [EVERY_FAMILY, *others, *(f"!{name}" for name in named)]
