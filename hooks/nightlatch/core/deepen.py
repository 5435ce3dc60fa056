"""`--deepen`: fetch what a shallow or partial clone lacks, until the range can be checked.

The one place that lets git speak to a network, and only when it is asked for.
"""

from __future__ import annotations

from nightlatch.core.commits import is_full_name, is_zero, range_span, resolve
from nightlatch.core.errors import GitError, IncompleteError
from nightlatch.core.fetch import ALL_BRANCHES, Fetcher, is_partial
from nightlatch.core.git import Git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

STEPS = (50, 250, 1250)
"""How many commits more are fetched at each step, before the rest of the history is."""

REMOTE = "origin/"


def deepen(environ: Mapping[str, str], start: str, end: str) -> tuple[str, str]:
    """Fetch from the clone's remote until `start` and `end` and what lies between them are there.

    Either may be a commit's full name, `origin/BRANCH` or a tag's reference, and need not be in the clone yet.
    With an empty `start` the whole history is fetched; of a partial clone all that was left out.
    Gives the names to go on with: the fetched commits' where the clone has no such reference.
    Raises GitError where the remote can't be reached.
    """
    git = Git(None, environ)
    if start and not is_partial(git) and _is_enough(git, start, end):
        return start, end
    with Fetcher(environ) as fetcher:
        if not start:
            _fetch_everything(fetcher)
            return start, end
        names = [_known(git, fetcher, reference) for reference in (start, end)]
        _fetch_range(git, fetcher, *names)
    return names[0], names[1]


def tip_of_branch(environ: Mapping[str, str], branch: str) -> str:
    """The newest commit that a branch has on the remote now, whatever the clone believes. Raises GitError."""
    with Fetcher(environ) as fetcher:
        return fetcher.tip(f"refs/heads/{branch}", *_depth(fetcher, 1))


def _fetch_everything(fetcher: Fetcher) -> None:
    if fetcher.is_partial or fetcher.is_shallow:
        fetcher.fetch([ALL_BRANCHES, "+refs/tags/*:refs/tags/*"], *_unshallow(fetcher))


def _known(git: Git, fetcher: Fetcher, reference: str) -> str:
    """The name of what a reference names: here, or else on the remote."""
    if is_zero(reference) or is_full_name(reference):
        return reference
    try:
        resolve(git, reference)
    except IncompleteError:
        if reference.startswith("refs/tags/"):
            return fetcher.tip(reference, *_depth(fetcher, 1))
        if reference.startswith(REMOTE):
            return fetcher.tip(f"refs/heads/{reference.removeprefix(REMOTE)}", *_depth(fetcher, 1))
        raise
    return reference


def _fetch_range(git: Git, fetcher: Fetcher, start: str, end: str) -> None:
    """Fetch deeper and deeper. What still can't be had is for the check of the range to say."""
    wanted = sorted({_commit(git, name) for name in (start, end) if not is_zero(name)})
    if fetcher.is_partial:
        _fetch_wanted(fetcher, wanted, *_unshallow(fetcher))
        return
    for step in STEPS:
        if _is_enough(git, start, end):
            return
        _fetch_wanted(fetcher, wanted, *_depth(fetcher, fetcher.depth + step))
        if not _are_known(git, start, end):
            return
    if not _is_enough(git, start, end):
        _fetch_wanted(fetcher, wanted, *_unshallow(fetcher))


def _fetch_wanted(fetcher: Fetcher, wanted: list[str], *options: str) -> None:
    """Fetch these commits; where the remote refuses one, each by itself, and its branches."""
    if _has_fetched(fetcher, wanted, *options):
        return
    for name in wanted if len(wanted) > 1 else ():
        _has_fetched(fetcher, [name], *options)
    fetcher.fetch([ALL_BRANCHES], *options)


def _has_fetched(fetcher: Fetcher, wanted: list[str], *options: str) -> bool:
    try:
        fetcher.fetch(wanted, *options)
    except GitError:
        return False
    return True


def _depth(fetcher: Fetcher, commits: int) -> tuple[str, ...]:
    """Never less than what is there: git would cut it off. A clone with all of its history stays as it is."""
    is_cut = fetcher.is_shallow and not fetcher.is_partial
    return (f"--depth={max(commits, fetcher.depth)}",) if is_cut else ()


def _unshallow(fetcher: Fetcher) -> tuple[str, ...]:
    return ("--unshallow",) if fetcher.is_shallow and not fetcher.is_partial else ()


def _commit(git: Git, reference: str) -> str:
    try:
        return resolve(git, reference)
    except IncompleteError:
        return reference


def _are_known(git: Git, *references: str) -> bool:
    """Whether the clone has these commits: one that the remote doesn't give isn't asked for again and again."""
    try:
        return all(is_zero(reference) or resolve(git, reference) for reference in references)
    except IncompleteError:
        return False


def _is_enough(git: Git, start: str, end: str) -> bool:
    is_shallow = git.run("rev-parse", "--is-shallow-repository").strip() == b"true"
    return _are_there(git, start, end) if is_shallow else _are_known(git, start, end)


def _are_there(git: Git, start: str, end: str) -> bool:
    """Whether both ends are there, and every commit that only one of them reaches has a parent.

    Where a walk from one end meets no commit of the other's before its history ends, the history may have been
    cut off there: then what both have can't be told from what is new.
    """
    try:
        span = range_span(git, start, end)
    except IncompleteError:
        return False
    if not span.include:
        return True
    known = ("--not", *span.exclude) if span.exclude else ()
    ends = (*span.include, *known) if is_zero(start) else (f"{span.base}...{span.tip}",)
    return not git.run("rev-list", "--max-parents=0", *ends)
