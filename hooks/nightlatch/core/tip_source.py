"""The files at the end of a range, as its last commit has them."""

from __future__ import annotations

from nightlatch.core.ends import REGULAR, tree_rows
from nightlatch.core.files import Entry
from nightlatch.core.source import TreeSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nightlatch.core.files import File


class TipSource(TreeSource):
    """The files at the end of a range, for a hook that checks the whole; at the end of the history, HEAD's."""

    @property
    def tree(self) -> str | None:
        """None: whatever the working tree holds now is no part of the commits."""
        return None

    def files(self, wanted: Callable[[str], bool] | None = None) -> Iterator[File]:
        """Read and yield each wanted file of the last commit."""
        selection = self._selection
        if selection.git and selection.span and selection.span.include:
            rows = tree_rows(selection.git.run("ls-tree", "-z", "-r", "--full-tree", selection.span.tip or "HEAD"))
            selection.add(Entry(path, name, staged=True) for path, mode, name in rows if mode in REGULAR)
        yield from super().files(wanted)
