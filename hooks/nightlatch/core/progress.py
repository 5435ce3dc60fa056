"""A progress bar on a terminal, for long work only."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONG = 1.0
"""Seconds after which work counts as long."""


@contextmanager
def progress(noun: str) -> Iterator[Callable[[int, int], None] | None]:
    """Give a function that is told (done, all), and that shows it once the work turns out to be long.

    None where standard error is no terminal: there nobody watches.
    """
    if not (sys.stderr and sys.stderr.isatty()):
        yield None
        return
    bar = _Bar(noun)
    try:
        yield bar.tell
    finally:
        bar.close()


class _Bar:
    """Rich's bar, imported when it is first shown."""

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._start = monotonic()
        self._shown: Callable[[int, int], None] | None = None
        self._stop: Callable[[], None] = lambda: None

    def tell(self, done: int, total: int) -> None:
        if self._shown is None and monotonic() - self._start > LONG:
            self._open()
        if self._shown:
            self._shown(done, total)

    def close(self) -> None:
        self._stop()

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn(self._noun), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        bar = Progress(*columns, console=Console(stderr=True), transient=True)
        task = bar.add_task(self._noun, total=None)
        bar.start()
        self._shown = lambda done, total: bar.update(task, completed=done, total=total)
        self._stop = bar.stop
