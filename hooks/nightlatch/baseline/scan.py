"""The scan that a baseline is made of and held against: every hook of the configuration, no baseline."""

from __future__ import annotations

import os

from nightlatch.core.baseline.entry import NOT_ASKED_FOR
from nightlatch.core.rule import INFO
from nightlatch.core.run import Request, looked_for, prepare, run
from nightlatch.core.source import sorted_remarks
from nightlatch.core.text import shown_path
from nightlatch.registry import check_plugins, door_to_advisories, load, load_all, load_schema

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.core.baseline.entry import Entry
    from nightlatch.core.discover import Selection
    from nightlatch.core.finding import Finding


class Scan:
    """A scan that is prepared, and after `run` what it found.

    findings   the errors and warnings that no inline note allows, in report order; none about a weakened guard
    everything these, and whatever else was found: it too stands on lines that are shown
    unchecked  `path: reason` of what could not be checked
    """

    def __init__(
        self, paths: Sequence[str], config: str | None, *, no_config: bool, plugins: Sequence[str] = ()
    ) -> None:
        self._request = Request(
            paths,
            all_files=not paths,
            config=config,
            no_config=no_config,
            baseline=NOT_ASKED_FOR,
            plugins=plugins,
        )
        self.selection, self.configuration = prepare(self._request, _environment(), load_schema)
        self.findings: list[Finding] = []
        self.everything: list[Finding] = []
        self.unchecked: list[str] = []
        self._rules: set[str] = set()
        self._unknown: set[str] = set()
        self._folders = [_from_root(path, self.selection) for path in paths]

    def run(self) -> None:
        """Let the hooks check the files."""
        names = self.configuration.hooks
        hooks = load_all() if names is None else [load(name) for name in names]
        check_plugins(self._request.plugins, hooks)
        door = door_to_advisories(self._request)
        result = run(self._request, self.selection, self.configuration, hooks, door)
        tally = result.tally
        self.findings = [one for one in result.findings if one.severity != INFO and not one.floored]
        self.everything = [*result.findings, *result.suppressed]
        self.unchecked = [f"{shown_path(one.path)}: {one.reason}" for one in sorted_remarks(tally.unchecked)]
        self._rules = looked_for(self._request, self.configuration, hooks)
        self._unknown = {shown_path(one.path) for one in (*tally.unchecked, *tally.skipped)}

    def covers(self, entry: Entry) -> bool:
        """Whether the scan would have found what an entry names, if it were still there."""
        if entry.rule not in self._rules or entry.path in self._unknown:
            return False
        return not self._folders or any(_is_below(entry.path or "", folder) for folder in self._folders)


def _environment() -> dict[str, str]:
    """The environment without the range that a runner may have named: a baseline is about files."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PRE_COMMIT_")}


def _from_root(path: str, selection: Selection) -> str:
    return os.path.relpath(os.path.realpath(path), selection.root).replace(os.sep, "/")


def _is_below(path: str, folder: str) -> bool:
    return folder in (".", path) or path.startswith(folder + "/")
