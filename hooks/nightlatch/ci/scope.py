"""What a pipeline's event asks to be checked: the commits that it brings, or everything."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nightlatch.core.errors import NightlatchError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

ZERO = "0" * 40
"""git's name for a commit that does not exist: what a new branch was before."""

_NAME = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_BRANCH = re.compile(r"(?!-)[^\x00-\x20\x7f~^:?*\[\\]+")


class EventError(NightlatchError):
    """A pipeline doesn't say what it is for, or says it in a way that can't be relied upon."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is to be checked.

    event   what the pipeline runs for, in the system's own word
    start   the commit, or REMOTE/BRANCH, that is known already; "" where everything is to be checked
    end     the newest commit of a range
    upload  whether a report of the whole tree is worth uploading: a pull request, or the default branch
    """

    event: str
    start: str = ""
    end: str = ""
    upload: bool = True

    def selector(self, *, history: bool) -> Sequence[str]:
        """The options of the command. history: whether everything means every commit, and not the files alone."""
        if self.start:
            return ("--from-ref", self.start, "--to-ref", self.end)
        return ("--history",) if history else ("--all-files",)


def commit(value: object, where: str) -> str:
    """The full name of a commit as the system gives it. Raises EventError where it is none."""
    if isinstance(value, str) and _NAME.fullmatch(value):
        return value
    raise EventError(f"{where} is not the full name of a commit.", "Check that the job runs for the event it is for.")


def branch(value: object, where: str) -> str:
    """The branch's place in the clone, `origin/NAME`. Raises EventError where the name can't be a branch's."""
    if isinstance(value, str) and _BRANCH.fullmatch(value) and ".." not in value:
        return f"origin/{value}"
    raise EventError(f"{where} is not the name of a branch.", "Check that the job runs for the event it is for.")


def pushed(event: str, before: str, after: str, *, default: str, is_default: bool) -> Scope:
    """A push: the commits that it brings.

    A new branch or tag answers for what the default branch hasn't, and the first push of the default branch
    itself for all that it holds. A force-push answers for what the branch hadn't before.
    """
    new = ZERO if is_default else default
    start = before if before.strip("0") else new
    return Scope(event, start, after, upload=is_default)
