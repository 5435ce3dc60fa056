"""What each order gives: the migrations of one database, in the order in which they run."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Cut = Callable[[str, str], "Sequence[Script]"]

POSTGRES = "postgresql"
UNREADABLE = "this is no Python that can be read"


class Script:
    """SQL to run.

    path  the file that it stands in
    text  the SQL
    line  0 where the text is the file's own, so that its places are the file's; else the line that it stands at
    words instead of SQL, what a call names of which nobody knows what it does: types of these names are doubtful
    why   why what the script does isn't known, where it isn't
    """

    __slots__ = ("line", "path", "text", "why", "words")

    def __init__(self, path: str, text: str, line: int = 0, words: Sequence[str] = (), *, why: str = "") -> None:
        self.why = why
        self.path = path
        self.text = text
        self.line = line
        self.words = words


def whole_file(path: str, text: str) -> list[Script]:
    """A file that is all SQL."""
    return [Script(path, text)]


class MigrationSet:
    """The migrations of one database.

    folder   where they stand; the folder of the tool's own files, without a closing `/`
    tool     whose they are
    files    their paths, in the order in which they run
    cut      what of a file's text is run
    dialect  the database, where the tool's own files name it; empty where they don't
    doubts   (path, why) for what makes the whole order doubtful
    beside   files of the folder of which it isn't known whether they were run: what they would change is doubtful
    why      what is to be said of these
    """

    __slots__ = ("beside", "cut", "dialect", "doubts", "files", "folder", "tool", "why")

    def __init__(
        self,
        folder: str,
        tool: str,
        files: Sequence[str],
        *,
        cut: Cut = whole_file,
        dialect: str = "",
        doubts: Sequence[tuple[str, str]] = (),
        beside: Sequence[str] = (),
        why: str = "",
    ) -> None:
        self.folder = folder
        self.tool = tool
        self.files = files
        self.cut = cut
        self.dialect = dialect
        self.doubts = doubts
        self.beside = beside
        self.why = why


class Tree:
    """The paths of a repository that may matter, by folder, and their texts.

    text  path → the file's text; empty where it can't be read
    """

    def __init__(self, paths: Iterable[str], text: Callable[[str], str]) -> None:
        self.paths = sorted(paths)
        self.text = text
        self.folders: dict[str, list[str]] = {}
        self.taken: set[str] = set()
        for path in self.paths:
            folder, _, name = path.rpartition("/")
            self.folders.setdefault(folder, []).append(name)

    def take(self, found: MigrationSet) -> MigrationSet:
        """Note that a set's files are no other set's."""
        self.taken.update(found.files, found.beside)
        return found

    def free(self, folder: str, suffix: str) -> list[str]:
        """The names of a folder's files with a suffix that no set has taken."""
        lead = f"{folder}/" if folder else ""
        return [
            name for name in self.folders.get(folder, ()) if name.endswith(suffix) and lead + name not in self.taken
        ]


def joined(folder: str, name: str) -> str:
    """A path of a folder (empty for the root) and a name."""
    return f"{folder}/{name}" if folder else name


_NUMBER = re.compile(r"(\d+)")


def by_number(name: str) -> list[tuple[int, int, str]]:
    """A key that sorts `10_b.sql` behind `2_a.sql`."""
    return [
        (0, int(part), "") if part.isdigit() and part.isascii() else (1, 0, part)
        for part in _NUMBER.split(name)
        if part
    ]
