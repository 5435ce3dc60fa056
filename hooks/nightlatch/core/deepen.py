"""`--deepen`: fetch what a shallow or partial clone lacks, until the range can be checked.

The one place that lets git speak to a network. It is asked for by hand, and goes through GitPython, with
the runner's hardened environment but for the transports.
"""

from __future__ import annotations

import os

from nightlatch.core.commits import boundary_of_a_shallow_clone, is_zero, range_span, resolve
from nightlatch.core.errors import GitError, IncompleteError
from nightlatch.core.git import HARDENING, Git, find_git, hardened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DEPTHS = (50, 250, 1250)
"""How many commits are fetched at each step, before the rest of the history is."""

ONLY_OFFLINE = frozenset({"core.sshCommand=false", "credential.helper=", "protocol.allow=never"})


def deepen(environ: Mapping[str, str], start: str, end: str) -> None:
    """Fetch from the clone's remote until `start` and `end` and what lies between them are there.

    Either may be a commit's full name or `REMOTE/BRANCH`, and need not be in the clone yet. With an empty
    `start` the whole history is fetched; of a partial clone all that was left out.
    Raises GitError where the remote can't be reached.
    """
    git = Git(None, environ)
    if _is_partial(git):
        _fetch(environ, "--refetch", "--no-filter")
    if not start:
        if _is_shallow(git):
            _fetch(environ, "--unshallow")
        return
    if _is_there(git, start, end):
        return
    remote = _remote(git)
    wanted = [_as_the_remote_has_it(git, remote, reference) for reference in (start, end) if not is_zero(reference)]
    _fetch_range(environ, git, remote, wanted, start=start, end=end)


def _fetch_range(
    environ: Mapping[str, str], git: Git, remote: str, wanted: Sequence[str], *, start: str, end: str
) -> None:
    """Fetch deeper and deeper. What still can't be had is for the check of the range to say."""
    if not _is_shallow(git):
        _fetch_wanted(environ, (), remote, wanted)
        return
    for depth in DEPTHS:
        _fetch_wanted(environ, (f"--depth={depth}",), remote, wanted)
        if _is_there(git, start, end) or not _are_known(git, start, end):
            return
    if _is_shallow(git):
        _fetch_wanted(environ, ("--unshallow",), remote, wanted)


def _fetch_wanted(environ: Mapping[str, str], options: Sequence[str], remote: str, wanted: Sequence[str]) -> None:
    """Fetch these commits; one by one, and then what the clone follows, where the remote refuses to give all."""
    if _has_fetched(environ, *options, remote, *wanted):
        return
    for one in wanted if len(wanted) > 1 else ():
        _has_fetched(environ, *options, remote, one)
    _fetch(environ, *options, remote)


def _as_the_remote_has_it(git: Git, remote: str, reference: str) -> str:
    """What to ask a remote for: a commit's name, or a branch of the remote's with where it belongs here."""
    try:
        return resolve(git, reference)
    except IncompleteError:
        owner, slash, branch = reference.partition("/")
        return f"+refs/heads/{branch}:refs/remotes/{remote}/{branch}" if slash and owner == remote else reference


def _remote(git: Git) -> str:
    """The remote to fetch from: `origin`, or the only one. Raises GitError where there is none, or no telling which."""
    names = git.run("remote").decode("utf-8", "replace").split()
    if "origin" in names:
        return "origin"
    if len(names) != 1:
        raise GitError(
            "--deepen doesn't know where to fetch from: " + ("no remote" if not names else "no remote named origin"),
            "Add it with: git remote add origin ADDRESS",
        )
    return names[0]


def _is_partial(git: Git) -> bool:
    """Whether a remote has promised objects that were left out when the clone was made."""
    settings = git.run("config", "--list", "-z").split(b"\0")
    return any(setting.endswith(b".promisor\ntrue") for setting in settings)


def _is_shallow(git: Git) -> bool:
    return git.run("rev-parse", "--is-shallow-repository").strip() == b"true"


def _is_there(git: Git, start: str, end: str) -> bool:
    """Whether both ends are there, and every commit that only one of them reaches has its parents.

    Both sides count: where the history behind `start` is cut off, what both have can't be told from what is new.
    """
    try:
        span = range_span(git, start, end)
    except IncompleteError:
        return False
    known = ("--not", *span.exclude) if is_zero(start) and span.exclude else ()
    ends = (*span.include, *known) if is_zero(start) else (f"{span.base}...{span.tip}",)
    reached = git.run("rev-list", *ends).decode("ascii").split() if span.include else []
    return boundary_of_a_shallow_clone(git).isdisjoint(reached)


def _are_known(git: Git, *references: str) -> bool:
    """Whether the clone has these commits: one that the remote doesn't give isn't asked for again and again."""
    try:
        return all(is_zero(reference) or resolve(git, reference) for reference in references)
    except IncompleteError:
        return False


def _fetch(environ: Mapping[str, str], *words: str) -> None:
    """Fetch. Raises GitError where that fails."""
    code = _exit_code_of_fetch(environ, words)
    if code:
        raise GitError(
            f"git could not fetch what the clone lacks (exit code {code}).", "Check the remote with: git fetch"
        )


def _has_fetched(environ: Mapping[str, str], *words: str) -> bool:
    return not _exit_code_of_fetch(environ, words)


def _exit_code_of_fetch(environ: Mapping[str, str], words: Sequence[str]) -> int:
    from git import Git as Command
    from git.exc import GitCommandError

    command = Command(os.getcwd())
    environment = hardened(environ)
    del environment["GIT_ALLOW_PROTOCOL"]
    command.update_environment(**environment)
    try:
        command.execute([find_git(environ), *_options(), "fetch", "--quiet", "--no-recurse-submodules", *words])
    except GitCommandError as error:
        return error.status if isinstance(error.status, int) else 1
    return 0


def _options() -> list[str]:
    """The runner's hardening without what forbids the network."""
    pairs = zip(HARDENING[1::2], HARDENING[2::2], strict=True)
    return [HARDENING[0], *(word for flag, value in pairs if value not in ONLY_OFFLINE for word in (flag, value))]
