"""The other working trees of the project's repository: an agent works in one, and the project's rules hold there too.

Read from git's own files and not by git, which every call would wait for. Source of the format: gitrepository-layout.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Read = Callable[[str, int], str | None]

MOST = 200
"""So many are looked at."""

MOST_BYTES = 4096
LINK = "gitdir: "


def worktrees_of(root: str, read: Read) -> list[str]:
    """The folders of a repository's other working trees, links followed. Each must name the repository in its turn.

    root  the folder of one of them, absolute
    read  gives the text of a file of at most so many bytes; None where there is none
    """
    common = _common(os.path.join(root, ".git"), read)
    if not common:
        return []
    found = [os.path.dirname(common)] if os.path.basename(common) == ".git" else []
    kept = os.path.join(common, "worktrees")
    try:
        names = sorted(os.listdir(kept))[:MOST]
    except OSError:
        names = []
    for name in names:
        link = _line(os.path.join(kept, name, "gitdir"), read)
        if link and _linked(link, read) == os.path.realpath(os.path.join(kept, name)):
            found.append(os.path.realpath(os.path.dirname(link)))
    return [folder for folder in found if folder != root]


def _common(git: str, read: Read) -> str:
    """The folder that all working trees of a repository share; empty where there is none."""
    if os.path.isdir(git):
        return os.path.realpath(git)
    own = _linked(git, read)
    shared = _line(os.path.join(own, "commondir"), read) if own else ""
    return os.path.realpath(os.path.join(own, shared)) if shared else ""


def _linked(git: str, read: Read) -> str:
    """The folder that the `.git` file of a working tree names, links followed; empty where it names none."""
    line = _line(git, read)
    if not line.startswith(LINK):
        return ""
    return os.path.realpath(os.path.join(os.path.dirname(git), line[len(LINK) :]))


def _line(path: str, read: Read) -> str:
    """The one line of a small file; empty where there is none."""
    return (read(path, MOST_BYTES) or "").strip()
