"""Where a call happens, as far as reading it needs to know: folders, a few variables, and bounded looks at files.

Nothing is followed, started or changed here. What can't be seen is said to be unknown (None), never empty.
"""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_BYTES = 1024 * 1024
"""How much of a script, or of a file of SQL, is read: more is unknown."""

MOST_NAMES = 10_000
"""How many names of a folder are looked at: with more its content is unknown."""

VARIABLES = ("HOME", "PWD", "OLDPWD", "TMPDIR", "USER", "LOGNAME", "CLAUDE_PROJECT_DIR", "XDG_CONFIG_HOME")
"""What a command may read of the environment when its words are expanded. Everything else is unknown."""


class Place:
    """The folders of a call, and the door to the file system.

    root       the policy's root: the folder of the project, absolute, links followed
    home       the home folder, absolute; empty where there is none
    variables  name → value, of `VARIABLES` those that are set
    """

    __slots__ = ("_worktrees", "home", "root", "variables")

    def __init__(self, root: str, home: str, variables: Mapping[str, str] | None = None) -> None:
        self.root = root
        self.home = home
        self.variables = variables or {}
        self._worktrees: list[str] | None = None

    @property
    def worktrees(self) -> list[str]:
        """The other working trees of the project's repository: what is at a path of the project is at theirs."""
        if self._worktrees is None:
            git = os.path.join(self.root, ".git")
            self._worktrees = []
            if self.root and (os.path.isfile(git) or os.path.isdir(os.path.join(git, "worktrees"))):
                from nightlatch.agent.worktrees import worktrees_of

                self._worktrees = worktrees_of(self.root, self.read_text)
        return self._worktrees

    def exists(self, path: str) -> bool:
        """Whether something has this name, a broken link too. `path` is absolute, as all below."""
        return os.path.lexists(path)

    def is_folder(self, path: str) -> bool:
        """Whether it is a folder, or a link to one."""
        try:
            return os.path.isdir(path)
        except ValueError:  # a NUL in the name
            return False

    def read_text(self, path: str, limit: int = MOST_BYTES) -> str | None:
        """The text of a regular file, links followed; None where it can't be read or has more than `limit` bytes.

        Bytes that are no UTF-8 become surrogates. A FIFO or a device never blocks.
        """
        try:
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        except (OSError, ValueError):
            return None
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return None
            data = _read(descriptor, limit + 1)
        except OSError:
            return None
        finally:
            os.close(descriptor)
        return None if len(data) > limit else data.decode("utf-8", "surrogateescape")

    def listing(self, folder: str) -> list[str] | None:
        """The names in a folder, sorted; None where they can't be read or are more than `MOST_NAMES`."""
        names: list[str] = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if len(names) == MOST_NAMES:
                        return None
                    names.append(entry.name)
        except (OSError, ValueError):
            return None
        return sorted(names)


def _read(descriptor: int, most: int) -> bytes:
    parts = []
    while most > 0 and (part := os.read(descriptor, most)):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)
