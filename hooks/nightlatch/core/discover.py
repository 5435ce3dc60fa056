"""Which files are checked: what is staged, what PATHs name, or the whole tree, in git or outside it."""

from __future__ import annotations

import os

from nightlatch.core.errors import GitError, NotARepositoryError, UsageError
from nightlatch.core.files import Entry
from nightlatch.core.git import Git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nightlatch.core.commits import Span

STAGED = "staged"
PATHS = "paths"
ALL_FILES = "all-files"
RANGE = "range"
HISTORY = "history"
COMMIT_MESSAGE = "commit-message"

NO_SUCH_FILE = "no such file (PATHs count from the current folder)"
GITLINK = b"160000"
LINK = b"120000"
SUBMODULE = "submodule: not entered"
NESTED = "a git repository of its own: not entered"

SET_FOR_HOOKS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")

STAGED_DIFF = (
    "diff",
    "--cached",
    "--raw",
    "-z",
    "--no-abbrev",
    "--no-renames",
    "--no-relative",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--ignore-submodules=none",
)


class Selection:
    """What a run checks.

    selector   staged, paths, all-files, range, history or commit-message
    root       the repository's top folder, or the scanned folder outside git; absolute
    git        the runner for that repository, or None outside git
    message    the file that holds a commit's message, for commit-message alone
    scope      the PATHs, relative to the root, that the working tree is narrowed to; none: all of it
    in_ci      whether a CI system has checked this out
    span       the commits, for a range and the history; the files below are then none
    changes    how many staged changes there are, deletions among them
    touched    path → mode and object of each staged change; git's zeros where the file is deleted
    entries    the files, each path once
    skipped    (path, reason) of what is passed over and why
    unchecked  (path, reason) of what should have been checked and can't be
    """

    __slots__ = (
        "_known",
        "changes",
        "entries",
        "git",
        "in_ci",
        "message",
        "root",
        "scope",
        "selector",
        "skipped",
        "span",
        "touched",
        "unchecked",
    )

    def __init__(self, selector: str, root: str, git: Git | None) -> None:
        self.selector = selector
        self.root = root
        self.git = git
        self.scope: list[str] = []
        self.in_ci = False
        self.span: Span | None = None
        self.message = ""
        self.changes = 0
        self.touched: dict[str, tuple[bytes, str]] = {}
        self.entries: list[Entry] = []
        self.skipped: list[tuple[str, str]] = []
        self.unchecked: list[tuple[str, str]] = []
        self._known: set[str] = set()

    def add(self, entries: Iterable[Entry]) -> None:
        """Add those whose paths are not there yet."""
        for entry in entries:
            if entry.path not in self._known:
                self._known.add(entry.path)
                self.entries.append(entry)

    def holds(self, path: str) -> bool:
        """Whether this path, or something below it, is among the files."""
        return path in self._known or any(_is_below(other, path) for other in self._known)


def select(
    environ: Mapping[str, str], paths: Sequence[str], *, staged: bool = False, all_files: bool = False
) -> Selection:
    """Find the files that the command line asks for.

    Without --staged and --all-files: the PATHs; without PATHs what is staged, or all files where nothing is.
    Inside a commit's hook, where git names the index, it is what is staged even if that is nothing: an
    empty commit, or one that only removes files, answers for no other file.
    Raises GitError where git can't answer, and UsageError where the words don't fit together.
    """
    if "" in paths:
        raise UsageError("A PATH is empty.", "Leave it out, or write . for this folder.")
    if staged and all_files:
        raise UsageError("--staged and --all-files exclude each other.")
    if all_files and paths:
        raise UsageError("--all-files takes no PATH.", "Leave out --all-files to check the PATHs alone.")
    if paths and not staged:
        return _select_at_commit(environ, paths) if environ.get("GIT_INDEX_FILE") else _select_paths(environ, paths)
    if all_files:
        return _select_all(environ)
    try:
        selection = select_staged(environ, paths)
    except NotARepositoryError:
        if staged:
            raise
        return _select_all(environ)
    at_commit = bool(environ.get("GIT_INDEX_FILE"))
    return selection if staged or at_commit or selection.changes else _select_all(environ, selection.root)


def select_message(environ: Mapping[str, str], path: str) -> Selection:
    """The message of the commit that is being made, in the file that git hands to the hook."""
    git = Git(None, environ)
    selection = Selection(COMMIT_MESSAGE, _folder_of_repository(git), git)
    selection.message = path
    return selection


def select_commits(environ: Mapping[str, str], start: str, end: str) -> Selection:
    """The commits that `end` has and `start` hasn't; with neither, the whole history. In a bare repository too.

    Raises IncompleteError where a reference can't be resolved.
    """
    from nightlatch.core.commits import history_span, range_span

    git = Git(None, environ)
    selection = Selection(RANGE if start else HISTORY, _folder_of_repository(git), git)
    selection.span = range_span(git, start, end) if start else history_span()
    return selection


def _folder_of_repository(git: Git) -> str:
    """The top folder, or the repository itself where it is bare, as a receiving one is."""
    if git.run("rev-parse", "--is-inside-work-tree").strip() == b"true":
        return _folder(git.run("rev-parse", "--show-toplevel"))
    return _folder(git.run("rev-parse", "--absolute-git-dir"))


def select_staged(environ: Mapping[str, str], paths: Sequence[str]) -> Selection:
    """The files of the index that differ from HEAD; of these only the ones at or below the PATHs, if any."""
    git = Git(None, environ)
    top, difference = git.start("rev-parse", "--show-toplevel"), git.start(*STAGED_DIFF)
    try:
        root = _folder(top.output())
        changes = list(_changes(difference.output()))
    finally:
        top.close()
        difference.close()
    selection = Selection(STAGED, root, git)
    selection.changes = len(changes)
    if paths:
        selection.scope = [_relative(root, path) for path in paths]
        changes = _within(selection, changes, selection.scope)
    for path, mode, name, status in changes:
        selection.touched[path] = (mode, name)
        if mode == GITLINK:
            selection.skipped.append((path, SUBMODULE))
        elif status == b"U":
            selection.unchecked.append((path, "unmerged: resolve the conflict and stage the file"))
        elif status != b"D":
            selection.entries.append(Entry(path, name, staged=True))
    return selection


Change = tuple[str, bytes, str, bytes]
"""Path, new mode, new object and status letter of one staged change."""


def _changes(raw: bytes) -> Iterator[Change]:
    """Read `git diff --raw -z`: `:OLDMODE NEWMODE OLD NEW STATUS`, NUL, path, NUL. See git-diff(1)."""
    fields = _records(raw)
    for head, path in zip(fields[0::2], fields[1::2], strict=True):
        _, mode, _, name, status = head.split(b" ")
        yield os.fsdecode(path), mode, name.decode(), status


def _records(listing: bytes) -> list[bytes]:
    """What git lists, each item ended by a NUL. Raises GitError where the list is cut off."""
    *records, rest = listing.split(b"\0")
    if rest:
        raise GitError("git's list of files is cut off.", "Check the repository with: git fsck")
    return records


def _within(selection: Selection, changes: list[Change], wanted: list[str]) -> list[Change]:
    """The changes at or below the wanted paths. A path that names nothing at all is unchecked."""
    known = set(wanted)
    named: set[str] = set()
    kept = []
    for change in changes:
        above = known.intersection(_and_above(change[0]))
        if above:
            named |= above
            kept.append(change)
    for path in wanted:
        if path not in named and not os.path.lexists(os.path.join(selection.root, path)):
            selection.unchecked.append((path, NO_SUCH_FILE))
    return kept


def _and_above(path: str) -> list[str]:
    """A path, the folders above it, and the root."""
    parts = path.split("/")
    return [".", *("/".join(parts[:count]) for count in range(1, len(parts) + 1))]


def _is_below(path: str, folder: str) -> bool:
    return folder in (".", path) or path.startswith(folder + "/")


def _select_all(environ: Mapping[str, str], root: str = "") -> Selection:
    """What git tracks, and what it neither tracks nor ignores; outside git every file below this folder.

    root  the repository's top folder, where it is known already
    """
    try:
        root = root or _folder(Git(None, environ).run("rev-parse", "--show-toplevel"))
    except NotARepositoryError:
        selection = Selection(ALL_FILES, current_folder(), None)
        _walk(selection, ".")
        return selection
    selection = Selection(ALL_FILES, root, Git(root, environ))
    _list(selection, ())
    return selection


def _select_paths(environ: Mapping[str, str], paths: Sequence[str]) -> Selection:
    """The files that PATHs name, and those below the folders that they name."""
    start = _starting_folder(environ, paths)
    here = current_folder()
    foreign = not (_is_below(start, here) or _is_below(here, start))
    git = Git(None if start == here else start, environ, foreign=foreign)
    try:
        root = _folder(git.run("rev-parse", "--show-toplevel"))
    except NotARepositoryError:
        selection = Selection(PATHS, start, None)
    else:
        selection = Selection(PATHS, root, Git(None if root == here else root, environ, foreign=foreign))
    missing = []
    for path in paths:
        relative = _relative(selection.root, path)
        selection.scope.append(relative)
        full = os.path.join(selection.root, relative)
        if os.path.isdir(full) and (not os.path.islink(full) or path.endswith("/")):
            _add_folder(selection, relative)
        elif os.path.lexists(full):
            selection.add([Entry(relative)])
        else:
            missing.append(relative)
    if missing:
        _add_missing(selection, missing)
    return selection


def _select_at_commit(environ: Mapping[str, str], paths: Sequence[str]) -> Selection:
    """Inside a commit's hook: what is staged, as it is staged, and the PATHs beside that.

    What a runner names is read from the index, where the working tree may hide it (skip-worktree, filters),
    and what it does not name although it is staged (links, the clean part of a merge) is checked too.
    """
    selection = select_staged(environ, ())
    named = _select_paths(environ, paths)
    if named.root != selection.root:
        return named
    staged = {entry.path for entry in selection.entries}
    selection.add(entry for entry in named.entries if entry.path not in staged)
    selection.skipped.extend(remark for remark in named.skipped if remark not in selection.skipped)
    selection.unchecked.extend(named.unchecked)
    return selection


def _starting_folder(environ: Mapping[str, str], paths: Sequence[str]) -> str:
    """The folder that all PATHs have in common; the current one where git has set the place for a hook."""
    folders = [_existing_folder(path) for path in paths]
    here = current_folder()
    if any(environ.get(name) for name in SET_FOR_HOOKS) and all(_is_below(folder, here) for folder in folders):
        return here
    try:
        return os.path.commonpath(folders)
    except ValueError:
        raise UsageError("The PATHs lie on different drives.", "Check each drive in a run of its own.") from None


def _existing_folder(path: str) -> str:
    """The real folder of a PATH: itself, or the nearest one above it that exists. A link is not followed."""
    current_folder()
    if "\0" in path:
        raise UsageError("A PATH holds a NUL byte.")
    folder = os.path.realpath(os.path.dirname(path) or "." if os.path.islink(path) else path)
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder


def current_folder() -> str:
    """The folder that nightlatch was started in. Raises UsageError where it is gone."""
    try:
        return os.getcwd()
    except OSError:
        raise UsageError("The current folder is gone.", "Change to a folder that exists.") from None


def _relative(root: str, path: str) -> str:
    """The path from the root, with `/`. The last component is not followed, whatever it links to."""
    if path.endswith(("/", os.sep)) or os.path.basename(path) in ("", ".", ".."):
        full = os.path.realpath(path)
    else:
        full = os.path.join(os.path.realpath(os.path.dirname(path) or "."), os.path.basename(path))
    relative = os.path.relpath(full, root)
    return relative.replace(os.sep, "/") if os.sep != "/" else relative


def _add_folder(selection: Selection, folder: str) -> None:
    """A folder in git holds what git tracks or does not ignore; one that git ignores as a whole is walked."""
    before = len(selection.entries) + len(selection.skipped)
    if selection.git and not folder.startswith(".."):
        _list(selection, (folder,))
    if len(selection.entries) + len(selection.skipped) == before and not (selection.git and folder == "."):
        _walk(selection, folder)


def add_listed(selection: Selection) -> None:
    """Add all that git lists. What it can't list and passes over is noted in the selection."""
    _list(selection, ())


def _list(selection: Selection, folders: tuple[str, ...]) -> None:
    """Add what git lists below these folders, or everywhere: tracked files, then untracked ones not ignored."""
    git = selection.git
    if git is None:
        raise GitError("There is no repository to list.")
    limits = ("--", *folders) if folders else ()
    tracked = git.start("ls-files", "-z", "--stage", *limits)
    others = git.start("ls-files", "-z", "--others", "--exclude-standard", *limits)
    try:
        selection.add(_tracked(selection, tracked.output()))
        selection.add(_untracked(selection, others.output()))
        selection.unchecked.extend(_unopened(others.warnings))
    finally:
        tracked.close()
        others.close()


def _tracked(selection: Selection, listing: bytes) -> Iterator[Entry]:
    """Read `git ls-files -z --stage`: `MODE OBJECT STAGE`, tab, path, NUL."""
    for record in _records(listing):
        head, _, path = record.partition(b"\t")
        mode, name, stage = head.split(b" ")
        if mode == GITLINK:
            selection.skipped.append((os.fsdecode(path), SUBMODULE))
        else:
            yield Entry(os.fsdecode(path), name.decode() if stage == b"0" else None, is_link=mode == LINK)


def _untracked(selection: Selection, listing: bytes) -> Iterator[Entry]:
    for record in _records(listing):
        if record.endswith(b"/"):
            selection.skipped.append((os.fsdecode(record[:-1]), NESTED))
        else:
            yield Entry(os.fsdecode(record))


def _unopened(warnings: str) -> Iterator[tuple[str, str]]:
    """The folders that git could not look into: it only warns, and lists nothing of them."""
    for line in warnings.splitlines():
        _, found, rest = line.partition("could not open directory '")
        if found:
            path, ended, reason = rest.rpartition("': ")
            # git cuts its message off at 4096 bytes, and so the reason of a path that is too long.
            yield (path if ended else reason).rstrip("/"), f"folder: {reason.lower() if ended else 'path too long'}"


def _add_missing(selection: Selection, paths: list[str]) -> None:
    """PATHs that the working tree lacks may stand in the index: a sparse checkout leaves files out."""
    inside = [path for path in paths if not path.startswith("../")]
    if selection.git and inside:
        selection.add(_tracked(selection, selection.git.run("ls-files", "-z", "--stage", "--", *inside)))
    selection.unchecked.extend((path, NO_SUCH_FILE) for path in paths if not selection.holds(path))


def _walk(selection: Selection, folder: str) -> None:
    """Add every file below a folder but git's own. Links are not followed."""
    top = os.path.join(selection.root, folder) if folder != "." else selection.root

    def failed(error: OSError) -> None:
        reason = (error.strerror or "unreadable").lower()
        selection.unchecked.append((_relative_to(selection.root, error.filename), f"folder: {reason}"))

    entries: list[Entry] = []
    for parent, folders, names in os.walk(top, onerror=failed):
        links = [name for name in folders if os.path.islink(os.path.join(parent, name))]
        folders[:] = sorted(name for name in folders if name != ".git" and name not in links)
        entries.extend(
            Entry(_relative_to(selection.root, os.path.join(parent, name)))
            for name in sorted((*names, *links))
            if name != ".git"
        )
    selection.add(entries)


def _relative_to(root: str, full: str) -> str:
    relative = os.path.relpath(full, root)
    return relative.replace(os.sep, "/") if os.sep != "/" else relative


def _folder(output: bytes) -> str:
    """The folder that `git rev-parse` prints: its last newline is not part of the name. Raises GitError."""
    folder = os.fsdecode(output.removesuffix(b"\n"))
    if not os.path.isabs(folder):
        raise GitError("git did not say where the repository is.", "Check that it does: git rev-parse --show-toplevel")
    return os.path.normpath(folder)
