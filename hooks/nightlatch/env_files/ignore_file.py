"""Lines are appended to the ignore file at the root, and git is asked what came of it: what does harm is taken back."""

from __future__ import annotations

import os
import stat

from nightlatch.core.hook import Fixed
from nightlatch.core.ignored import Hit, hits
from nightlatch.core.secret_files import DIRENV, TEMPLATE
from nightlatch.env_files.ignore_cover import FAMILIES, GITIGNORE
from nightlatch.env_files.ignore_lines import is_ours
from nightlatch.env_files.walk import walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.core.git import Git

NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
MOST_BYTES = 1 << 24
MOST_SHOWN = 3


class Answer:
    """What git ignores at one moment: `env` of the env files that are here or may come, `templates` of the others."""

    __slots__ = ("env", "hits", "templates")

    def __init__(self, git: Git, tree: str) -> None:
        kinds = walk(tree).secret
        here = [path for path, kind in kinds.items() if kind.is_env or kind is DIRENV]
        folders = {path.rpartition("/")[0] for path in kinds} | {""}
        likely = [f"{folder}/{name}" if folder else name for folder in folders for name in FAMILIES]
        templates = [path for path, kind in kinds.items() if kind is TEMPLATE]
        self.hits: dict[str, Hit] = hits(git, dict.fromkeys([*here, *likely, *templates]))
        ignored = {path for path, hit in self.hits.items() if not hit.is_negated}
        self.env = ignored.intersection([*here, *likely])
        self.templates = ignored.intersection(templates)


def add(git: Git, tree: str, lines: Sequence[str]) -> Fixed:
    """Append the lines that the ignore file at the root lacks. Raises GitError.

    git  started in the tree
    What lets git show an env file that it ignored, and what changes nothing, is taken back.
    """
    refused = [line for line in lines if not is_ours(line)]
    if refused:
        return Fixed(GITIGNORE, f"{len(refused)} lines were refused: they are no plain names", is_failure=True)
    before = Answer(git, tree)
    path = os.path.join(tree, GITIGNORE)
    is_new = not os.path.lexists(path)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | NO_LINK, 0o666)
    except OSError as error:
        return _not_added(lines, _reason(error))
    try:
        return _added(git, tree, descriptor, lines, before, is_new=is_new)
    except OSError as error:
        return _not_added(lines, _reason(error))
    finally:
        os.close(descriptor)


def _added(git: Git, tree: str, descriptor: int, lines: Sequence[str], before: Answer, *, is_new: bool) -> Fixed:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_BYTES:
        return _not_added(lines, "not a regular file, or too large")
    text = os.read(descriptor, MOST_BYTES)
    there = {line.rstrip() for line in text.splitlines()}
    missing = [line for line in lines if line.encode() not in there]
    if not missing:
        return _not_added(lines, "they stand there already")
    end = "\r\n" if b"\r\n" in text else "\n"
    start = end if text and not text.endswith(b"\n") else ""
    is_kept = False
    try:
        os.write(descriptor, (start + "".join(line + end for line in missing)).encode())
        result = _judged(missing, before, Answer(git, tree))
        is_kept = result.is_content
    finally:
        if not is_kept:
            os.ftruncate(descriptor, len(text))
            if is_new:
                os.unlink(os.path.join(tree, GITIGNORE))
    return result


def _judged(lines: Sequence[str], before: Answer, after: Answer) -> Fixed:
    """What came of the lines."""
    shown = " and ".join(lines)
    lost = sorted(before.env - after.env)
    if lost:
        which = ", ".join(str(after.hits.get(path, path)) for path in lost[:MOST_SHOWN])
        return Fixed(
            GITIGNORE,
            f"{shown} taken back out: git would no longer ignore {len(lost)} env files ({which})",
            is_failure=True,
        )
    if after.env == before.env and not before.templates - after.templates:
        return Fixed(GITIGNORE, f"{shown} taken back out: they change nothing, other lines decide")
    return Fixed(GITIGNORE, f"{shown} added", is_content=True)


def _not_added(lines: Sequence[str], reason: str) -> Fixed:
    return Fixed(GITIGNORE, f"{' and '.join(lines)} could not be added ({reason})")


def _reason(error: OSError) -> str:
    return (error.strerror or "unreadable").lower()
