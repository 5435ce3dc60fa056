"""The files around a change: those that were selected, and those beside them that a judgement needs."""

from __future__ import annotations

from nightlatch.core.ends import A_LINK
from nightlatch.core.files import File, UnreadableError
from nightlatch.dependencies.names import LOCKFILES, MANIFESTS, RIVALS, SETTINGS
from nightlatch.dependencies.place import Page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nightlatch.core.hook import Options, Source

LONGEST_LINK = 4_096
MOST_ASKED = 2_000
"""So many paths fit into one question to git on every system."""


class Tree:
    """What a repository holds of manifests, lockfiles and settings, as far as it was asked for.

    touched    the paths that are judged: of a change what it changes, else all that were selected
    removed    the paths that the change takes away
    candidates what was selected of names that a requirements file may include: it is read if one does
    includers  the requirements files that may, wherever they stand; none where there are no candidates
    is_change  whether a change is judged: only what it brings counts
    is_whole   whether every file that there is was selected
    has_base   whether there is something that the change can be compared with: the first commit has nothing
    """

    def __init__(
        self,
        files: Iterable[File],
        removed: Sequence[str],
        source: Source,
        options: Options,
        *,
        candidates: Sequence[str] = (),
        includers: Sequence[str] = (),
    ) -> None:
        self.candidates = list(candidates)
        self.includers = list(includers)
        self._links: dict[str, str | None] = {}
        self._source = source
        self._profile = options.profile
        self._pages = {file.path: Page(file, options.profile) for file in files if not file.again}
        self._bases: dict[str, str | None] = {}
        self.removed = list(removed)
        self.is_change = source.is_change
        self.is_whole = source.is_whole
        self.has_base = False
        self.touched = list(self._pages)
        self._asked: set[str] = set()
        self._faults: dict[str, str] = {}
        if self.is_change:
            self._compare()

    def _compare(self) -> None:
        """Find out what the change touches, and read what is likely to be asked for: one question to git for all."""
        near = [] if self.is_whole else self._unasked(_neighbours([*self._pages, *self.removed]))[:MOST_ASKED]
        changed = self._source.changed([*self._pages, *self.removed, *near])
        self.has_base = bool(changed)
        if changed or self.is_whole:
            self.touched = [path for path in changed if path in self._pages]
        self._read_bases([*self.touched, *self.removed])
        self._read(near)

    def page(self, path: str) -> Page | None:
        """What stands at a path; None where nothing does, or nobody has asked for it with `look_for`."""
        return self._pages.get(path)

    def paths(self) -> Iterator[str]:
        """Every path that is known to be there."""
        return iter(self._pages)

    def base(self, path: str) -> str | None:
        """What stood at a path that the change touches, before it; None where nothing did."""
        return self._bases.get(path)

    def settled(self, path: str) -> str | None:
        """What stood at a path before the change; what stands there now, where nothing is there to compare with."""
        if self.has_base and (path in self._bases):
            return self._bases[path]
        page = self.page(path)
        return None if page is None else page.text

    def look_for(self, paths: Iterable[str]) -> None:
        """Read what stands at these paths, where it wasn't selected. What can't be read is noted as unchecked."""
        if self.is_whole:
            return  # whatever there is has been selected
        paths = list(paths)
        wanted = self._unasked(paths)
        for start in range(0, len(wanted), MOST_ASKED):
            part = wanted[start : start + MOST_ASKED]
            self._source.changed([*self.touched[:1], *self.removed[:1], *part])
            self._read(part)
        for path in paths:
            if path in self._faults:
                self._tell(path, self._faults.pop(path))

    def bring(self, paths: Iterable[str]) -> None:
        """Read files that are judged because others lead to them, and what they were before the change."""
        wanted = self._unasked(paths)
        if self.is_whole:
            self._asked.update(wanted)
            chosen = frozenset(wanted)
            found = [file for file in self._source.files(chosen.__contains__) if not file.again] if wanted else []
            self._pages |= {file.path: Page(file, self._profile) for file in found}
        for start in range(0, len(wanted), MOST_ASKED):
            part = wanted[start : start + MOST_ASKED]
            changed = set(self._source.changed([*self.touched[:1], *self.removed[:1], *self.candidates[:1], *part]))
            if not self.is_whole:
                self._read(part)
            if self.is_change:
                news = [path for path in part if path in changed and path not in self.touched]
                self._read_bases(news)
                self.touched += news

    def link(self, path: str) -> str | None:
        """Where the symbolic link at a path points to; None where there is none."""
        if path not in self._links:
            self._links[path] = self._linked(path)
        return self._links[path]

    def _linked(self, path: str) -> str | None:
        """Git stores a link as a text without an end of line, and so it is read; the exact answer costs a question."""
        page = self.page(path)
        text = "" if page is None else page.text
        if path in self._faults:
            text = next((file.text.decode("utf-8", "replace") for file in self._source.beside(path)), "")
        if not text or len(text) > LONGEST_LINK or "\n" in text:
            return None
        self._source.changed([*self.touched[:1], *self.candidates[:1], path])
        try:
            self._source.current(path)
        except UnreadableError as error:
            self._faults.pop(path, "")
            return text if str(error) == A_LINK else None
        return None

    def includes(self, path: str) -> bool:
        """Whether the configuration lets a path be looked at."""
        return self._source.includes(path)

    def _tell(self, path: str, reason: str) -> None:
        """Without its settings a lockfile is judged more strictly, and not at all without its manifest."""
        if path.rpartition("/")[2] in SETTINGS:
            self.skip(path, reason)
        else:
            self.leave_unchecked(path, reason)

    def _unasked(self, paths: Iterable[str]) -> list[str]:
        known = (self._pages, self.removed, self._asked)
        return [path for path in dict.fromkeys(paths) if not any(path in one for one in known)]

    def _read(self, paths: list[str]) -> None:
        for path in paths:
            self._asked.add(path)
            try:
                data = self._source.current(path)
            except UnreadableError as error:
                self._faults[path] = str(error)
                continue
            if data is not None:
                self._pages[path] = Page(File(path, data), self._profile)

    def _read_bases(self, paths: list[str]) -> None:
        for path in paths:
            try:
                data = self._source.base(path)
            except UnreadableError as error:
                self._source.leave_unchecked(path, str(error))
                continue
            self._bases[path] = None if data is None else data.decode("utf-8", "replace").removeprefix("\ufeff")

    def leave_unchecked(self, path: str, reason: str) -> None:
        """Note a path as unchecked."""
        self._source.leave_unchecked(path, reason)

    def skip(self, path: str, reason: str) -> None:
        """Note a path as passed over."""
        self._source.skip(path, reason)


def _neighbours(paths: Iterable[str]) -> Iterator[str]:
    """What may stand beside these paths and above them, and is asked for by one rule or another."""
    for folder in dict.fromkeys(above for path in paths for above in and_above(folder_of(path))):
        for name in sorted(LOCKFILES | MANIFESTS | SETTINGS | RIVALS):
            yield joined(folder, name)


def folder_of(path: str) -> str:
    """The folder of a path; "" for the root."""
    return path.rpartition("/")[0]


def joined(folder: str, name: str) -> str:
    """A path below a folder; `.` and `..` are resolved, and "" stands for what lies outside."""
    parts: list[str] = folder.split("/") if folder else []
    for part in name.split("/"):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def and_above(folder: str) -> Iterator[str]:
    """A folder and those above it, up to the root, which is an empty text."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""
