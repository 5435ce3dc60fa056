"""Other names of the same file: a second hard link to a closed file is that file."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.place import Place

MOST_NAMES = 2000


def other_names(path: str, place: Place) -> list[str]:
    """The names that a file with several links has in its own folder and at the project's root.

    Elsewhere they can't be found without a walk through everything.
    """
    try:
        state = os.stat(path)
    except (OSError, ValueError):
        return []
    if state.st_nlink < 2 or os.path.isdir(path):  # noqa: PLR2004 - one name is its own
        return []
    folders = dict.fromkeys((os.path.dirname(os.path.realpath(path)), place.root))
    return [other for folder in folders for other in _with_inode(folder, state.st_ino) if other != path]


def _with_inode(folder: str, inode: int) -> list[str]:
    found = []
    try:
        with os.scandir(folder) as entries:
            for count, entry in enumerate(entries):
                if count > MOST_NAMES:
                    break
                if entry.inode() == inode:
                    found.append(entry.path)
    except OSError:
        return found
    return found
