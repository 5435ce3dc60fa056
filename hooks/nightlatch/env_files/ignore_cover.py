"""Which env files git ignores, and which it would not (ENV005, ENV006, ENV007)."""

from __future__ import annotations

import os
import stat

from nightlatch.core.files import File, UnreadableError, read_from_tree
from nightlatch.core.finding import Finding
from nightlatch.core.ignored import Hit, hits
from nightlatch.core.rule import INFO
from nightlatch.core.secret_files import DIRENV, TEMPLATE
from nightlatch.core.test_folders import is_test
from nightlatch.env_files.ignore_lines import lines_for, may_be_kept
from nightlatch.env_files.rules_of_files import NOT_COVERED, NOT_IGNORED, TEMPLATE_IGNORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nightlatch.core.hook import Options, Source
    from nightlatch.env_files.find import Found

FAMILIES = (".env", ".env.local", ".env.production", ".env.prod", ".env.staging", ".env.dev")
"""Names that an env file is likely to get one day."""

GITIGNORE = ".gitignore"
MOST_FOLDERS = 2000
"""Folders with env files of which the families are asked, beside the root."""

FOR_SHOW = frozenset(
    ("demo", "demos", "example", "examples", "integration-tests", "playground", "playgrounds", "sandbox", "samples")
)
"""Folders of a library's examples: nobody runs them in production."""


RENAME = "Rename it to letters, digits, dots and dashes: its name can't stand in .gitignore as it is."


class IgnoreCover:
    """What git says of the env files of one working tree.

    hits  path → the pattern that decides about it
    """

    def __init__(self, source: Source, tree: str, found: Found) -> None:
        self._source = source
        self._tree = tree
        self._found = found
        real = (path for path, kind in found.kinds.items() if kind.is_env or kind is DIRENV)
        self._real = [path for path in real if path not in found.quiet]
        self._templates = [path for path, kind in found.kinds.items() if kind is TEMPLATE]
        self._evident = False
        self._kept: list[str] | None = None
        self._probes = self._families()
        git = source.git
        asked = _without_links_above(tree, [*self._real, *self._templates, *self._probes])
        self.hits: Mapping[str, Hit] = hits(git.at(tree), dict.fromkeys(asked)) if git and asked else {}

    def ignored(self) -> dict[str, Hit]:
        """Path → the pattern that ignores it."""
        return {path: hit for path, hit in self.hits.items() if not hit.is_negated}

    def check(self, options: Options) -> Iterator[Finding]:
        """Yield what git should ignore and doesn't, and what it ignores and shouldn't."""
        open_files = [] if options.in_ci else self._open_files()
        for path in open_files:
            yield self._not_ignored(path)
        if not open_files and not self._has_shared():
            yield from self._not_covered()
        for path in sorted(self._templates):
            yield from self._template(path)

    def _families(self) -> list[str]:
        """Where an env file is likely to come: beside those that are there; else in the root, if git ignores some."""
        if self._source.scope not in ((), []) and "." not in self._source.scope:
            return []
        evident = [path for path in (*self._real, *self._templates) if self._found.kinds[path] is not DIRENV]
        folders = sorted({path.rpartition("/")[0] for path in evident if not _is_for_show(path)})
        self._evident = bool(folders)
        if len(folders) > MOST_FOLDERS:
            self._source.leave_unchecked(
                ".", f"more than {MOST_FOLDERS} folders with env files: not all were asked for"
            )
            folders = folders[:MOST_FOLDERS]
        return [f"{folder}/{name}" if folder else name for folder in folders or ("",) for name in FAMILIES]

    def _open_files(self) -> list[str]:
        """The env files on the disk that git neither tracks nor ignores."""
        candidates = self._found.on_disk.intersection(self._real) - self._found.tracked.keys() - self.ignored().keys()
        return sorted(
            path
            for path in candidates
            if self._can_be_added(path) and (self._found.kinds[path] is not DIRENV or self._is_secret(path))
        )

    def _can_be_added(self, path: str) -> bool:
        """Whether `git add` would take it: no FIFO, no socket, no device. What can't be asked counts."""
        try:
            mode = os.lstat(f"{self._tree}/{path}").st_mode
        except OSError:
            return True
        return stat.S_ISREG(mode) or stat.S_ISLNK(mode)

    def _has_shared(self) -> bool:
        """Whether env files are in git on purpose, or are told to be taken out, with the same lines to add."""
        tracked = (path for path in self._real if path in self._found.tracked)
        return any(self._found.kinds[path].is_env and not is_test(path) for path in tracked)

    def _is_secret(self, path: str) -> bool:
        """Whether a direnv file, which many teams share, holds something that must not be."""
        from nightlatch.env_files import plaintext

        files = self._found.readings.get(path) or self._source.beside(path)
        return any(plaintext.secrets(file.text) for file in files)

    def _not_ignored(self, path: str) -> Finding:
        hit = self.hits.get(path)
        if hit:
            message = f"{NOT_IGNORED.summary}: {hit} takes it back in."
            return Finding(NOT_IGNORED, message, path=path, fix=self.remedy(path))
        data: dict[str, object] = {"lines": self.lines([path])}
        return Finding(NOT_IGNORED, f"{NOT_IGNORED.summary}.", path=path, fix=self.remedy(path), data=data)

    def remedy(self, path: str) -> str:
        """What is to be done so that git ignores a path that it doesn't."""
        hit = self.hits.get(path)
        if hit and hit.is_negated:
            return how_to_take_out(hit)
        return how_to_add(self.lines([path]))

    def _not_covered(self) -> Iterator[Finding]:
        """One finding for the repository, where it is evident that it works with env files."""
        cover = self.ignored()
        main = next((cover[path] for path in self._probes if path.rpartition("/")[2] == ".env" and path in cover), None)
        open_names = [path for path in self._probes if path not in cover and path not in self._found.tracked]
        if not open_names or not (main or self._evident):
            return
        severity = NOT_COVERED.severity if self._evident else INFO
        shown = ", ".join(open_names[: len(FAMILIES)]) + (" and more" if len(open_names) > len(FAMILIES) else "")
        message = f"{NOT_COVERED.summary}: {shown}."
        back = next((self.hits[path] for path in open_names if path in self.hits), None)
        lines = self.lines([path for path in open_names if path not in self.hits])
        fix = how_to_add(lines) if lines else ""
        if back is not None:
            message = f"{message[:-1]}; {back} takes one back in."
            fix = f"{how_to_take_out(back)} {fix}".rstrip()
        file = self._file_of(main)
        if file is None or main is None:
            yield Finding(NOT_COVERED, message, fix=fix, severity=severity, data={"lines": lines})
            return
        start = _offset(file.text, main.line)
        finding = file.finding(
            NOT_COVERED, start, file.line_bounds(start)[1], message, severity=severity, data={"lines": lines}
        )
        finding.fix = fix
        yield finding

    def _template(self, path: str) -> Iterator[Finding]:
        hit = self.hits.get(path)
        if hit is None or hit.is_negated or path in self._found.tracked or not _names(hit.pattern, path):
            return
        name = path.rpartition("/")[2]
        message = f"{TEMPLATE_IGNORED.summary}: {hit}."
        if not may_be_kept(name):
            yield Finding(TEMPLATE_IGNORED, message, path=path, fix=RENAME)
            return
        lines = [f"!{name}"]
        yield Finding(TEMPLATE_IGNORED, message, path=path, fix=how_to_add(lines), data={"lines": lines})

    def _file_of(self, hit: Hit | None) -> File | None:
        """The ignore file of the repository that holds a pattern; None for one outside it."""
        if hit is None or hit.source.rpartition("/")[2] != GITIGNORE or hit.source.startswith("/"):
            return None
        try:
            return File(hit.source, read_from_tree(f"{self._tree}/{hit.source}"))
        except (UnreadableError, FileNotFoundError):
            return None

    def lines(self, paths: Sequence[str]) -> list[str]:
        """What to add to .gitignore so that it covers these paths, every env file with them, and keeps the templates.

        None where a name can't be written as a pattern.
        """
        if not paths:
            return []
        if self._kept is None:
            self._kept = [*self._templates, *self._harmless()]
        return lines_for(paths, self._kept)

    def _harmless(self) -> list[str]:
        """What begins with `.env` and is no env file, such as code: it is meant to be in git."""
        git = self._source.git
        if git is None:
            return []
        listed = (os.fsdecode(path) for path in git.at(self._tree).run("ls-files", "-z").split(b"\0"))
        return [path for path in listed if path.rpartition("/")[2].startswith(".env")]


def _without_links_above(tree: str, paths: Sequence[str]) -> list[str]:
    """The paths of which no folder is a link: git refuses to be asked about what lies beyond one."""
    links: dict[str, bool] = {"": False}

    def is_beyond(folder: str) -> bool:
        if folder not in links:
            links[folder] = is_beyond(folder.rpartition("/")[0]) or os.path.islink(f"{tree}/{folder}")
        return links[folder]

    return [path for path in paths if not is_beyond(path.rpartition("/")[0])]


def _is_for_show(path: str) -> bool:
    return is_test(path) or not FOR_SHOW.isdisjoint(path.lower().split("/")[:-1])


def how_to_add(lines: list[str]) -> str:
    """What a person is told to do with lines for .gitignore."""
    if not lines:
        return RENAME
    return f"Add to .gitignore, each on a line of its own: {' and '.join(lines)}"


def how_to_take_out(hit: Hit) -> str:
    """What a person is told to do with a line that takes an env file back in."""
    return f"Take line {hit.line} out of {hit.source}."


def _offset(text: bytes, line: int) -> int:
    """Where a line starts, counted from 1; the start where there is no such line."""
    offset = 0
    for _ in range(line - 1):
        offset = text.find(b"\n", offset) + 1
        if not offset:
            return 0
    return offset


def _names(pattern: str, path: str) -> bool:
    """Whether a pattern speaks of the file itself, and not of a folder that it lies in."""
    from fnmatch import fnmatchcase

    return not pattern.endswith("/") and fnmatchcase(path.rpartition("/")[2], pattern.rpartition("/")[2])
