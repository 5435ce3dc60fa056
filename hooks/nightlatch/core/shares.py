"""The files of a large tree, shared out among processes: each takes some, checks them, and takes the next."""

from __future__ import annotations

from copy import copy

from nightlatch.core.source import Tally, TreeSource
from nightlatch.core.workers import shared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.core.config import Config
    from nightlatch.core.discover import Selection
    from nightlatch.core.files import Entry
    from nightlatch.core.finding import Finding
    from nightlatch.core.hook import Hook, Options

SHARE = 100
"""Files in a share: enough that handing over costs little, few enough that all end at about the same time."""


def check_shared(
    hook: Hook, selection: Selection, config: Config, tally: Tally, *, today: str, options: Options
) -> Iterator[Finding]:
    """Yield what a hook finds that looks at each file by itself, as one process would.

    Raises WorkerError where one of them fails.
    """

    def check(entries: list[Entry]) -> tuple[list[Finding], Tally]:
        own = Tally()
        source = TreeSource(_part(selection, entries), config, own, hook.name, today)
        return list(hook.check(source, options)), own

    entries = selection.entries
    shares = [entries[start : start + SHARE] for start in range(0, len(entries), SHARE)]
    hook.prepare(options, len(entries))
    whole = TreeSource(selection, config, tally, hook.name, today)
    with shared(check) as workers:
        if workers is None:
            yield from hook.check(whole, options)
            return
        whole.note_what_was_not_selected()
        for findings, part in workers.map(shares):
            tally.add(part)
            yield from findings


def _part(selection: Selection, entries: list[Entry]) -> Selection:
    part = copy(selection)
    part.entries = entries
    part.skipped = []
    part.unchecked = []
    return part
