"""Who may get at the secret files of the working tree: modes, owners, links (ENV001, 002, 003, 009, 010).

git keeps 644 and 755 alone, so nothing is asked of a file that it tracks, nor of a CI system's checkout.
"""

from __future__ import annotations

import os
import stat

from nightlatch.core.files import UnreadableError, read_from_tree
from nightlatch.core.finding import Finding
from nightlatch.core.secret_files import TEMPLATE
from nightlatch.core.sticking import Sticking
from nightlatch.env_files.rules_of_files import LINK, NOT_OURS, OPEN_FILE, OPEN_FOLDER, OPEN_LOG
from nightlatch.env_files.secret_contents import is_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.core.hook import Source
    from nightlatch.core.rule import Rule
    from nightlatch.core.secret_files import Kind
    from nightlatch.env_files.find import Found
    from nightlatch.env_files.settings import Settings

OTHERS = 0o077
"""Whoever is not the owner."""

MORE_THAN_A_LOG = 0o137
"""What goes beyond 640."""

MORE_THAN_A_FOLDER_OF_LOGS = 0o027
"""What goes beyond 750."""

MOST_SEARCHED = 1 << 24
"""The largest file that is searched for what makes it a secret one, such as the header of a private key."""

TOO_LARGE = "larger than"

NOWHERE = "a link that leads nowhere"


class Modes:
    """Checks the files of one working tree.

    sticking  answers whether modes stick in a folder
    """

    def __init__(self, source: Source, tree: str, found: Found, sticking: Sticking | None = None) -> None:
        self._source = source
        self._tree = tree
        self._found = found
        self._sticking = sticking or Sticking()
        self._told_folders: set[str] = set()

    def files(self) -> Iterator[Finding]:
        """Yield what is wrong with each secret file that git doesn't track."""
        for path, kind in sorted(self._found.kinds.items()):
            if kind is TEMPLATE or path not in self._found.on_disk or path in self._found.quiet:
                continue
            status = self._status(path)
            if status is None:
                continue
            if stat.S_ISLNK(status.st_mode):
                yield from self._link(path)
            elif path in self._found.tracked:
                continue
            elif stat.S_ISREG(status.st_mode) and status.st_size and self._is_secret(path, kind):
                yield from self._open(path, status, OPEN_FILE, OTHERS, kind.label)
                yield from self._hands(path, status)

    def configured(self, settings: Settings) -> Iterator[Finding]:
        """Yield what is wrong with the folders and the logs that the configuration names."""
        walked = self._found.walked
        for path, is_folder in sorted(walked.matched.items()) if walked else ():
            if path in self._found.tracked or not self._source.includes(path):
                continue
            status = self._status(path)
            if status is None or stat.S_ISLNK(status.st_mode):
                continue
            if is_folder and settings.secret_folder(path):
                yield from self._open(path, status, OPEN_FOLDER, OTHERS, "a folder for secrets")
            if settings.log(path, is_folder=is_folder):
                wide = MORE_THAN_A_FOLDER_OF_LOGS if is_folder else MORE_THAN_A_LOG
                yield from self._open(path, status, OPEN_LOG, wide, "a folder of logs" if is_folder else "a log")

    def _full(self, path: str) -> str:
        return os.path.join(self._tree, path)

    def _status(self, path: str) -> os.stat_result | None:
        """Without following a link. What can't be had is noted."""
        try:
            return os.lstat(self._full(path))
        except OSError as error:
            self._source.leave_unchecked(path, (error.strerror or "unreadable").lower())
            return None

    def _is_secret(self, path: str, kind: Kind) -> bool:
        """Whether a file holds what its kind is known by; of a file that we may not read its name must do."""
        if not kind.marks:
            return True
        try:
            data = read_from_tree(self._full(path), MOST_SEARCHED)
        except UnreadableError as error:
            if str(error).startswith(TOO_LARGE):
                self._source.leave_unchecked(path, str(error))
                return False
            return True
        except FileNotFoundError:
            return False
        return is_secret(kind, data)

    def _open(self, path: str, status: os.stat_result, rule: Rule, wide: int, what: str) -> Iterator[Finding]:
        mode = stat.S_IMODE(status.st_mode)
        if not mode & wide:
            return
        reason = self._sticking.why_not(os.path.dirname(self._full(path)))
        if reason:
            self._source.skip(path, f"mode {mode:03o}: {reason}")
            return
        closed = mode & ~wide & 0o777
        yield Finding(
            rule,
            f"{rule.summary}: mode {mode:03o} for {what}.",
            path=path,
            fix=f"Run: chmod {closed:o} {_quoted(path)}",
            data={"mode": f"{mode:03o}", "to": f"{closed:03o}"},
        )

    def _hands(self, path: str, status: os.stat_result) -> Iterator[Finding]:
        """Whose file it is, who may write to its folder, and what other names it has."""
        if os.name == "nt":
            return
        us = os.geteuid()
        folder = os.path.dirname(path) or "."
        faults = []
        if us and status.st_uid not in (us, 0):
            faults.append(f"it belongs to another user (number {status.st_uid})")
        if status.st_nlink > 1:
            faults.append(f"it has {status.st_nlink} hard links, of which each is a way to it")
        if folder not in self._told_folders and _is_writable_by_others(self._full(folder)):
            self._told_folders.add(folder)
            faults.append(f"others may write to its folder, {folder}")
        if faults and not self._sticking.why_not(self._full(folder)):
            yield Finding(NOT_OURS, f"{NOT_OURS.summary}: {'; '.join(faults)}.", path=path)

    def _link(self, path: str) -> Iterator[Finding]:
        """Where a link leads: out of the repository, or to a file that others may read."""
        full = self._full(path)
        try:
            status = os.stat(full)
        except FileNotFoundError:
            self._source.skip(path, NOWHERE)
            return
        except OSError as error:
            self._source.leave_unchecked(path, (error.strerror or "unreadable").lower())
            return
        top, target = os.path.realpath(self._tree), os.path.realpath(full)
        inside = target.startswith(top + os.sep)
        relative = target[len(top) + 1 :].replace(os.sep, "/") if inside else ""
        if relative in self._found.kinds:
            return  # that file is checked under its own name
        mode = stat.S_IMODE(status.st_mode)
        faults = [] if inside else ["it leads out of the repository"]
        if mode & OTHERS and stat.S_ISREG(status.st_mode) and not self._is_tracked(relative):
            faults.append(f"others may read the file that it leads to (mode {mode:03o})")
        if faults and not self._sticking.why_not(os.path.dirname(full)):
            yield Finding(LINK, f"{LINK.summary}: {', and '.join(faults)}.", path=path)

    def _is_tracked(self, relative: str) -> bool:
        from nightlatch.env_files.find import tracked

        git = self._source.git
        return bool(relative and git and tracked(git.at(self._tree), [relative]))


def _is_writable_by_others(folder: str) -> bool:
    """Whether somebody else may put another file in a file's place.

    The sticky bit keeps others from that. A group of the owner's own, as many systems give each user, is nobody else.
    """
    try:
        status = os.stat(folder)
    except OSError:
        return False
    if status.st_mode & stat.S_ISVTX:
        return False
    own_group = status.st_gid == status.st_uid
    return bool(status.st_mode & (0o002 if own_group else 0o022))


def _quoted(path: str) -> str:
    import shlex

    return shlex.quote(path)
