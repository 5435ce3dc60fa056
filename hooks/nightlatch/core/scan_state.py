"""What a scan of the history has checked already, kept outside the repository: the next one goes on behind it.

It holds names of commits and counts, nothing of any content: the commits that bring findings are named, and
checked anew each time, so that a note, a baseline or a rule that has changed meanwhile counts.
"""

from __future__ import annotations

import os
from hashlib import sha256
from time import monotonic

from nightlatch.core import cache
from nightlatch.core.errors import GitError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nightlatch.core.commits import Commit
    from nightlatch.core.config import Config
    from nightlatch.core.git import Git
    from nightlatch.core.hook import Hook
    from nightlatch.core.source import Tally

KIND = "history"
SECONDS_BETWEEN_STORES = 5.0


class State:
    """How far the history of one repository was checked by one hook.

    tips           commits that reach everything that was checked, and nothing else
    bringing       the commits that bring findings, in the order of the walk
    objects, object_bytes, skipped   what the run up to here has counted
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._stored = monotonic()
        self.tips: list[str] = []
        self.bringing: list[str] = []
        self.objects = 0
        self.object_bytes = 0
        self.skipped: list[tuple[str, str]] = []
        known = cache.load(KIND, key)
        if isinstance(known, tuple):
            self.tips, self.bringing, self.objects, self.object_bytes, self.skipped = known

    def divide(self, git: Git, commits: Sequence[Commit]) -> tuple[list[Commit], list[Commit]]:
        """The commits that are to be looked at again, and those that were not checked yet.

        Forgets everything where a commit of the state is gone: the history was rewritten and pruned.
        """
        try:
            output = git.run("rev-list", "--ignore-missing", *self.tips) if self.tips else b""
        except GitError:
            output = b""
        checked = set(output.decode("ascii").split())
        if not checked.issuperset(self.tips) or checked - {commit.name for commit in commits}:
            self._forget()
            return [], list(commits)
        again = set(self.bringing)
        return (
            [commit for commit in commits if commit.name in again],
            [commit for commit in commits if commit.name not in checked],
        )

    def add(
        self, window: Sequence[Commit], bringing: Iterable[str], tally: Tally, skipped: Iterable[tuple[str, str]]
    ) -> None:
        """Note that these commits were checked too, and store it now and then."""
        self._window(window)
        self.bringing = sorted(bringing)
        self.objects, self.object_bytes, self.skipped = tally.objects, tally.object_bytes, sorted(skipped)
        if monotonic() - self._stored > SECONDS_BETWEEN_STORES:
            self.store()

    def store(self) -> None:
        """Write it to the cache."""
        self._stored = monotonic()
        cache.store(KIND, self._key, (self.tips, self.bringing, self.objects, self.object_bytes, self.skipped))

    def _window(self, window: Sequence[Commit]) -> None:
        tips = dict.fromkeys(self.tips)
        for commit in window:
            tips[commit.name] = None
            for parent in commit.parents:
                tips.pop(parent, None)
        self.tips = list(tips)

    def _forget(self) -> None:
        self.tips, self.bringing, self.skipped = [], [], []
        self.objects = self.object_bytes = 0


def state_of(git: Git, hook: Hook, config: Config) -> State:
    """The state for this repository, hook and configuration, and for the code that checks."""
    folder = os.fsdecode(git.run("rev-parse", "--git-common-dir").removesuffix(b"\n"))
    place = os.path.realpath(os.path.join(git.folder or ".", folder))
    settings = repr(sorted(config.values.items(), key=lambda item: item[0]))
    parts = (os.fsencode(place), hook.name.encode(), sha256(settings.encode("utf-8", "surrogateescape")).digest())
    return State(b"\0".join((*parts, _code())))


def _code() -> bytes:
    """A hash of the sources: what another version has checked is checked again."""
    digest = sha256()
    for parent, folders, names in os.walk(os.path.dirname(os.path.dirname(__file__))):
        folders.sort()
        for name in sorted(name for name in names if name.endswith(".py")):
            with open(os.path.join(parent, name), "rb") as source:
                digest.update(source.read())
    return digest.digest()
