"""`--deepen`: fetch what a shallow or partial clone lacks, until the range can be checked.

The one place that lets git speak to a network. It is asked for by hand, and goes through GitPython, with
the runner's hardened environment but for the transports.
"""

from __future__ import annotations

import os

from nightlatch.core.errors import GitError, IncompleteError
from nightlatch.core.git import HARDENING, Git, find_git, hardened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

STEPS = (50, 200, 1000)
"""How many commits more are fetched at each step, before the rest of the history is."""

ONLY_OFFLINE = frozenset({"core.sshCommand=false", "credential.helper=", "protocol.allow=never"})


def deepen(environ: Mapping[str, str], start: str, end: str) -> None:
    """Fetch from the clone's remote until `start` and what lies between it and `end` are there.

    With an empty `start` the whole history is fetched; of a partial clone all that was left out.
    Raises GitError where the remote can't be reached.
    """
    git = Git(None, environ)
    if _is_partial(git):
        _fetch(environ, "--refetch", "--no-filter")
    if not _is_shallow(git):
        return
    for step in STEPS if start else ():
        _fetch(environ, f"--deepen={step}")
        if not _is_shallow(git) or _reaches(git, start, end):
            return
    _fetch(environ, "--unshallow")


def _is_partial(git: Git) -> bool:
    """Whether a remote has promised objects that were left out when the clone was made."""
    settings = git.run("config", "--list", "-z").split(b"\0")
    return any(setting.endswith(b".promisor\ntrue") for setting in settings)


def _is_shallow(git: Git) -> bool:
    return git.run("rev-parse", "--is-shallow-repository").strip() == b"true"


def _reaches(git: Git, start: str, end: str) -> bool:
    """Whether every commit between the two has its parents."""
    from nightlatch.core.commits import boundary_of_a_shallow_clone, commits, range_span

    try:
        span = range_span(git, start, end)
    except IncompleteError:
        return False
    return not boundary_of_a_shallow_clone(git) & {commit.name for commit in commits(git, span)}


def _fetch(environ: Mapping[str, str], *options: str) -> None:
    from git import Git as Command
    from git.exc import GitCommandError

    command = Command(os.getcwd())
    environment = hardened(environ)
    del environment["GIT_ALLOW_PROTOCOL"]
    command.update_environment(**environment)
    try:
        command.execute([find_git(environ), *_options(), "fetch", "--quiet", "--no-recurse-submodules", *options])
    except GitCommandError as error:
        raise GitError(
            f"git could not fetch what the clone lacks (exit code {error.status}).",
            "Check the remote with: git fetch",
        ) from None


def _options() -> list[str]:
    """The runner's hardening without what forbids the network."""
    pairs = zip(HARDENING[1::2], HARDENING[2::2], strict=True)
    return [HARDENING[0], *(word for flag, value in pairs if value not in ONLY_OFFLINE for word in (flag, value))]
