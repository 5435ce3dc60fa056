"""Guard files that a command of git would bring back from another commit: only those that differ from what is there."""

from __future__ import annotations

import os

from nightlatch.agent.spelling import every_place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.agent.effects import GitTree
    from nightlatch.agent.situation import Situation
    from nightlatch.core.git import Git

MOST_BYTES = 1024 * 1024
"""A guard file that is larger counts as another one."""

MOST_FILES = 200
"""Of more guard files all are taken to differ."""

_SIGNS = frozenset("./_-~^@{}+")
_RAW = ("--raw", "--no-abbrev", "-z", "--no-renames")


class Unclear(Exception):  # noqa: N818 - no error: an answer
    """Which files would change can't be told."""


def guard_files_changed(tree: GitTree, now: Situation) -> list[str]:
    """The guard files that would change, relative to the top of the repository.

    Raises Unclear where it can't be told; what git itself would refuse changes nothing.
    """
    from nightlatch.core.errors import NightlatchError
    from nightlatch.core.git import Git

    try:
        git = Git(tree.folder, os.environ)
        top = os.fsdecode(git.run("rev-parse", "--show-toplevel")).rstrip("\n")
    except (NightlatchError, ValueError):
        return []  # no repository: git would refuse
    try:
        revision = _tree_of(tree, git)
        raw = os.fsdecode(git.run("--no-literal-pathspecs", *_question(tree, revision)))
    except (NightlatchError, ValueError) as error:  # ValueError: what no argument of a program can hold
        raise Unclear from error
    listed = _objects(raw)
    guards = {name: listed[name] for name in listed if "/." in f"/{name}" and _is_guard(os.path.join(top, name), now)}
    try:
        return _different(guards, top, git)
    except NightlatchError:
        return list(guards)


def _objects(raw: str) -> dict[str, str]:
    """Path → the object that the commit or the index has; from `:mode mode object object status`, NUL, path, NUL."""
    parts = raw.split("\0")
    return {name: entry.split()[2] for entry, name in zip(parts[::2], parts[1::2], strict=False)}


def covers_guards(pathspecs: Sequence[str]) -> bool:
    """Whether guard files may lie among these: in the top folder, or where a name begins with a dot."""
    return any(spec in _ALL or spec.startswith(".") or "/." in spec for spec in pathspecs)


_ALL = (".", "./", ":/", "*", ":(top)")


def _tree_of(tree: GitTree, git: Git) -> str:
    """The commit's own name; empty for the index. Raises Unclear, GitError."""
    revision = tree.revision
    if revision == "":
        return ""
    if revision is None or revision.startswith("-") or not all(one.isalnum() or one in _SIGNS for one in revision):
        raise Unclear
    return os.fsdecode(git.run("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")).strip()


def _question(tree: GitTree, revision: str) -> tuple[str, ...]:
    """What to ask git for the names; a comparison that runs no filter."""
    specs = ("--", *tree.pathspecs) if tree.pathspecs is not None else ()
    if not revision:
        return ("diff-files", *_RAW, *specs)
    kept = ("--diff-filter=a",) if tree.keeps_others else ()
    staged = ("--cached",) if tree.keeps_changes else ()
    return ("diff-index", *staged, *_RAW, *kept, revision, *specs)


def _is_guard(path: str, now: Situation) -> bool:
    from nightlatch.protected_files.built_in import GUARDS_ID
    from nightlatch.protected_files.policy import WRITE

    return any(rule.id == GUARDS_ID for _, rule in now.policy.words(WRITE, every_place(path, now.place)))


def _different(guards: dict[str, str], top: str, git: Git) -> list[str]:
    """Those whose content is another one: git lists a file too that was only touched. Raises GitError."""
    if not guards or len(guards) > MOST_FILES:
        return list(guards)
    found = []
    for name, (_, content, _) in zip(guards, git.objects(guards.values(), MOST_BYTES), strict=True):
        there = _content(os.path.join(top, name))
        if content != there or (content is None and guards[name].strip("0")):
            found.append(name)
    return found


def _content(path: str) -> bytes | None:
    """What stands in a file; of a link where it leads, as git keeps it."""
    try:
        if os.path.islink(path):
            return os.fsencode(os.readlink(path))
        with open(path, "rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError:
        return None
