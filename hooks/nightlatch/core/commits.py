"""Commits as git's plumbing lists them: which belong to a range, what each changes, what it says."""

from __future__ import annotations

import os

from nightlatch.core.errors import GitError, IncompleteError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.core.git import Git

GITLINK = b"160000"
DIFF_TREE = (
    "diff-tree",
    "--stdin",
    "-r",
    "-c",
    "--root",
    "--raw",
    "-z",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--no-relative",
    "--ignore-submodules=none",
)
FULL = (40, 64)
"""How many digits a full name has."""

WINDOW = 500
"""Commits asked for at once: their names fit the buffer of a pipe."""

MESSAGE_PART = "commit message"
TAG_PART = "tag message"


class Commit:
    """A commit of a range.

    name     git's full name
    parents  the full names of its parents
    """

    __slots__ = ("name", "parents")

    def __init__(self, name: str, parents: tuple[str, ...]) -> None:
        self.name = name
        self.parents = parents


class Change:
    """A file that a commit gives a content that none of its parents has at that path.

    new  the object, or "" where the commit deletes the file
    old  the objects of the parents at that path; "" where a parent has no such file
    """

    __slots__ = ("new", "old", "path")

    def __init__(self, path: str, new: str, old: tuple[str, ...]) -> None:
        self.path = path
        self.new = new
        self.old = old


class Span:
    """The commits that are to be checked.

    include, exclude  arguments of rev-list: what to walk from, and what is known already
    base              the commit whose configuration and baseline judge the range, or "" where there is none
    tip               the newest commit of a range, or "" for the whole history
    tag               the annotated tag that a range ends with, whatever it names; else ""
    """

    __slots__ = ("base", "exclude", "include", "tag", "tip")

    def __init__(
        self, include: tuple[str, ...], exclude: tuple[str, ...], base: str, tip: str, *, tag: str = ""
    ) -> None:
        self.include = include
        self.exclude = exclude
        self.base = base
        self.tip = tip
        self.tag = tag


def is_full_name(reference: str) -> bool:
    """Whether a reference is a full name, of git's old kind or of its new one."""
    return len(reference) in FULL and not reference.strip("0123456789abcdef")


def is_zero(reference: str) -> bool:
    """Whether a reference is git's all-zero name: a branch that does not exist yet, or no longer."""
    return bool(reference) and not reference.strip("0")


def range_span(git: Git, start: str, end: str) -> Span:
    """The commits that `end` has and `start` hasn't.

    An all-zero `start` means a new branch: then what the other side, or the receiving repository, has
    is left out. Raises IncompleteError where a reference can't be resolved.
    """
    if is_zero(end):
        return Span((), (), "", "")
    tip = resolve(git, end)
    tag = _tag(git, end, tip)
    if not is_zero(start):
        base = resolve(git, start)
        return Span((tip,), (base,), base, tip, tag=tag)
    known = tuple(name for name in _known_elsewhere(git) if name != tip)
    return Span((tip,), known, _nearest_known(git, tip, known), tip, tag=tag)


def _tag(git: Git, end: str, tip: str) -> str:
    """The object of an annotated tag, where the end is its name or its reference; its message is new with it."""
    if end == tip or not (is_full_name(end) or end.startswith("refs/tags/")):
        return ""
    name = git.run("rev-parse", "--verify", "--quiet", "--end-of-options", end).decode("ascii", "replace").strip()
    return "" if name == tip else name


def history_span() -> Span:
    """Every commit that a reference or HEAD reaches."""
    return Span(("--all", "HEAD"), (), "", "")


def resolve(git: Git, reference: str) -> str:
    """The full name of the commit that a reference names. Raises IncompleteError where it names none."""
    try:
        return (
            git.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}").decode().strip()
        )
    except GitError:
        raise IncompleteError(
            f"The commit {reference} can't be found in this clone: the range is incomplete.",
            "If the clone is shallow: git fetch --unshallow, or run again with --deepen. Else check the name.",
        ) from None


def _known_elsewhere(git: Git) -> list[str]:
    """What a new branch need not answer for: other sides' branches, or all references of a receiving repository."""
    is_bare = git.run("rev-parse", "--is-bare-repository").strip() == b"true"
    names = git.run("for-each-ref", "--format=%(objectname)", *(() if is_bare else ("refs/remotes",))).decode().split()
    return sorted(set(names))


def _nearest_known(git: Git, tip: str, known: tuple[str, ...]) -> str:
    """The newest commit that both a new branch and what is known have; "" where they share none."""
    if not known:
        return ""
    listing = git.run("rev-list", "--boundary", "--topo-order", tip, "--not", *known).decode().split()
    return next((name[1:] for name in listing if name.startswith("-")), "")


def commits(git: Git, span: Span) -> list[Commit]:
    """The commits of a span, parents before children."""
    if not span.include:
        return []
    exclude = ("--not", *span.exclude) if span.exclude else ()
    listing = git.run("rev-list", "--topo-order", "--reverse", "--parents", *span.include, *exclude)
    rows = (line.split() for line in listing.decode("ascii").splitlines())
    return [Commit(row[0], tuple(row[1:])) for row in rows]


def boundary_of_a_shallow_clone(git: Git) -> frozenset[str]:
    """The commits whose parents a shallow clone lacks."""
    if git.run("rev-parse", "--is-shallow-repository").strip() != b"true":
        return frozenset()
    path = os.fsdecode(git.run("rev-parse", "--git-path", "shallow").removesuffix(b"\n"))
    with open(os.path.join(git.folder or "", path), encoding="ascii") as lines:
        return frozenset(line.strip() for line in lines)


def changes(git: Git, names: Sequence[str]) -> dict[str, list[Change]]:
    """What each of these commits changes, by its name.

    A merge changes what differs from all its parents (git's combined diff): what one of them already had
    is no change of the merge's own. Gitlinks are left out.
    """
    found: dict[str, list[Change]] = {}
    for start in range(0, len(names), WINDOW):
        found.update(_changes_of_a_window(git, names[start : start + WINDOW]))
    return found


def _changes_of_a_window(git: Git, names: Sequence[str]) -> dict[str, list[Change]]:
    process = git.start(*DIFF_TREE)
    try:
        process.write("".join(f"{name}\n" for name in names).encode())
        output = process.output()
    finally:
        process.close()
    found: dict[str, list[Change]] = {name: [] for name in names}
    current = ""
    fields = iter(output.split(b"\0"))
    for field in fields:
        if not field.startswith(b":"):
            current = field.decode("ascii") or current
            continue
        path = next(fields, None)
        if path is None or current not in found:
            raise GitError("git's list of changes is cut off.", "Check the repository with: git fsck")
        change = _change(field, os.fsdecode(path))
        if change is not None:
            found[current].append(change)
    return found


def _change(head: bytes, path: str) -> Change | None:
    """Read `:MODE… MODE OBJECT… OBJECT STATUS`, with a colon and an old mode and object for each parent."""
    parents = len(head) - len(head.lstrip(b":"))
    words = head[parents:].split(b" ")
    modes, objects = words[: parents + 1], words[parents + 1 : 2 * parents + 2]
    if modes[-1] == GITLINK:
        return None
    old = tuple("" if mode == GITLINK else _object(name) for mode, name in zip(modes, objects[:-1], strict=False))
    return Change(path, _object(objects[-1]), old)


def _object(name: bytes) -> str:
    """The object's name, or "" for git's all-zero one."""
    return name.decode("ascii") if name.strip(b"0") else ""


def files_at(git: Git, commit: str, paths: Sequence[str]) -> dict[str, str]:
    """The objects of those paths that a commit has, by path. Nothing where there is no such commit."""
    found: dict[str, str] = {}
    try:
        for start in range(0, len(paths), WINDOW):
            listing = git.run("ls-tree", "-z", "-r", "--full-tree", commit, "--", *paths[start : start + WINDOW])
            for record in listing.split(b"\0")[:-1]:
                head, _, path = record.partition(b"\t")
                found[os.fsdecode(path)] = head.split(b" ")[2].decode("ascii")
    except GitError:
        return {}
    return found


def tags(git: Git) -> dict[str, tuple[str, str]]:
    """The annotated tags: object → (reference, commit that it names)."""
    listing = git.run(
        "for-each-ref", "--format=%(objecttype) %(objectname) %(*objectname) %(refname)", "refs/tags"
    ).decode("utf-8", "surrogateescape")
    rows = (line.split(" ", 3) for line in listing.splitlines())
    return {row[1]: (row[3], row[2]) for row in rows if row[0] == "tag"}


def message(content: bytes) -> bytes:
    """The message of a commit's or tag's object: what follows the first empty line. Headers are left out."""
    return content.partition(b"\n\n")[2]
