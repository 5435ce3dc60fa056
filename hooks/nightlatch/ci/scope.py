"""What a pipeline's event asks to be checked: the commits that it brings, or everything."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nightlatch.core.commits import is_full_name
from nightlatch.core.errors import NightlatchError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_BRANCH = re.compile(r"(?!-)[^\x00-\x20\x7f~^:?*\[\\]+")


class EventError(NightlatchError):
    """A pipeline doesn't say what it is for, or says it in a way that can't be relied upon."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is to be checked. Without `start` and `beside`: everything.

    event    what the pipeline runs for, in the system's own word
    start    the commit that is known already
    beside   in its place, the branch of the remote's whose commits are known already
    end      the newest commit of a range, or a tag's reference
    history  whether everything is every commit, and not the files alone, whatever is asked for
    upload   whether a report of the whole tree is worth uploading: a pull request, or the default branch
    """

    event: str
    start: str = ""
    end: str = ""
    beside: str = ""
    history: bool = False
    upload: bool = True

    @property
    def is_range(self) -> bool:
        """Whether the event brings commits of its own."""
        return bool(self.start or self.beside)


def selector(start: str, end: str, *, history: bool) -> Sequence[str]:
    """The options of the command for a range; without a start for everything, with every commit or without."""
    if start:
        return ("--from-ref", start, "--to-ref", end)
    return ("--history",) if history else ("--all-files",)


def commit(value: object, where: str) -> str:
    """The full name of a commit as the system gives it. Raises EventError where it is none."""
    if isinstance(value, str) and is_full_name(value):
        return value
    raise EventError(f"{where} is not the full name of a commit.", "Check that the job runs for the event it is for.")


def reference(value: object, where: str) -> str:
    """The name of a branch or a tag. Raises EventError where it can't be one."""
    if isinstance(value, str) and _BRANCH.fullmatch(value) and ".." not in value:
        return value
    raise EventError(
        f"{where} is not the name of a branch or a tag.", "Check that the job runs for the event it is for."
    )


def pushed(event: str, before: str, after: str, *, default: str, is_default: bool) -> Scope:
    """A push: the commits that it brings.

    A new branch or tag answers for what the default branch hasn't, and the first push of the default branch
    itself for all that there is. A force-push answers for what the branch hadn't before.
    """
    if before.strip("0"):
        return Scope(event, start=before, end=after, upload=is_default)
    if is_default:
        return Scope(event, history=True)
    return Scope(event, beside=default, end=after, upload=False)
