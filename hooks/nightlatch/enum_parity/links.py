"""Symbolic links of a tree, as git stores them: a file that holds the name of another one."""

from __future__ import annotations

import posixpath

from nightlatch.enum_parity.migration_orders.numbered_files import FOLDERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.core.files import Entry
    from nightlatch.core.whole import WholeSource

MOST_HOPS = 8
MIGRATIONS = (*FOLDERS, "versions", "alembic", "drizzle")
"""What a folder of migrations is called. One that is called so itself is found without a link."""


class Links:
    """The symbolic links of a tree that are called like a migration, or like a folder of them.

    suffixes  what the names of migrations end with
    """

    def __init__(self, whole: WholeSource, suffixes: tuple[str, ...]) -> None:
        self._suffixes = suffixes
        found = [entry for entry in whole.entries(self._may_count) if entry.is_link]
        self._entries: dict[str, Entry] = {entry.path: entry for entry in whole.entries()} if found else {}
        self._texts = {file.path: file.text.decode("utf-8", "surrogateescape") for file in whole.read(found)}

    def files(self) -> Iterator[tuple[str, str, Entry | None]]:
        """Path of each link of a file, where it leads, and the file there; None where there is none."""
        for path in self._texts:
            if path.endswith(self._suffixes):
                end = self._end_of(path)
                meant = self._entries.get(end)
                yield path, end, None if meant is None or meant.is_link else meant

    def below(self) -> Iterator[tuple[str, Entry]]:
        """Path through a link of a folder, and the file that is meant, for each file there."""
        for link in self._texts:
            folder = self._end_of(link)
            if link.endswith(self._suffixes) or not set(MIGRATIONS).isdisjoint(folder.lower().split("/")):
                continue
            for path, entry in self._entries.items():
                if path.startswith(f"{folder}/") and not entry.is_link:
                    yield f"{link}{path[len(folder) :]}", entry

    def _may_count(self, path: str) -> bool:
        return path.endswith(self._suffixes) or path.rpartition("/")[2].lower() in MIGRATIONS

    def _end_of(self, path: str) -> str:
        """The path that a link comes to in the end."""
        for _ in range(MOST_HOPS):
            if path not in self._texts:
                break
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), self._texts[path].strip()))
        return path
