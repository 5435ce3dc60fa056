"""Which secret files git's index holds, wherever they lie and whether they are on the disk or not.

git is asked once, for names with one of the signs alone, and only where the index's own bytes show such a sign.
"""

from __future__ import annotations

import os

from nightlatch.core.secret_files import SIGNS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.core.git import Git

COMMAND = ("--no-literal-pathspecs", "ls-files", "-z", "--stage", "--full-name", "--")
PATTERNS = tuple(f":(top,icase)*{sign}*" for sign in SIGNS)

HEAD = b"DIRC\0\0\0"
WHOLE_NAMES = (2, 3)
"""Versions of the index that hold each path as a whole: see gitformat-index(5)."""

IN_PARTS = (b"link", b"sdir")
"""Extensions by which an index leaves entries to another file, or to a folder as one entry."""


def listing(git: Git, tree: str) -> bytes:
    """What `git ls-files -z --stage` says of every path with a sign; nothing where none can be there.

    Raises GitError.
    """
    return git.at(tree).run(*COMMAND, *PATTERNS) if _may_hold_any(git, tree) else b""


def _may_hold_any(git: Git, tree: str) -> bool:
    """Whether the index may hold such a path: no by its bytes alone; whatever is unusual is a yes."""
    from nightlatch.core.files import UnreadableError, read_from_tree

    folder = os.path.join(tree, ".git")
    named = git.environment.get("GIT_INDEX_FILE")
    if not named and (os.path.islink(folder) or not os.path.isdir(folder)):
        return True
    try:
        data = read_from_tree(os.path.join(tree, named) if named else os.path.join(folder, "index"))
    except FileNotFoundError:
        return bool(named)
    except UnreadableError:
        return True
    if not data.startswith(HEAD) or data[len(HEAD)] not in WHOLE_NAMES or any(part in data for part in IN_PARTS):
        return True
    lowered = data.lower()
    return any(sign.encode() in lowered for sign in SIGNS)
