"""The guards as they stand, whatever a change made of them: rules, registrations, closed files, owners."""

from __future__ import annotations

import os

from nightlatch.core import config
from nightlatch.protected_files.agents import FIXED, FURTHER, agent_of, present

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from nightlatch.core.config import Config
    from nightlatch.core.finding import Finding
    from nightlatch.core.hook import Options, Source

SECTION = "protected-files"
OWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
RUNNER = ".pre-commit-config.yaml"
BASELINE = ".nightlatch-baseline.json"
A_LINK = "a link: what it leads to is not read"
GUARDS = (config.NAME, BASELINE, RUNNER)


class Standing:
    """What of a selection the checks share: the names of its files, and the contents that they look into.

    names     every path of the selection
    contents  path → bytes of settings, configuration and owners: as they are staged or committed, else as on the disk
    """

    def __init__(self, source: Source, options: Options) -> None:
        self._source = source
        self._options = options
        self.names: list[str] = []
        self.contents: dict[str, bytes] = {}
        self._is_change = source.is_change
        for file in source.files(self._wanted):
            if not file.again:
                self.contents[file.path] = file.text
        if source.tree is not None:
            self._add_from_the_disk(source.tree)

    def _wanted(self, path: str) -> bool:
        """Note a path; whether its content is looked into."""
        self.names.append(path)
        return path == config.NAME or path in OWNERS or agent_of(path) is not None

    def _add_from_the_disk(self, tree: str) -> None:
        """Read what the selection doesn't hold: agents go by what lies on the disk, ignored or not."""
        removed = set(self._source.removed(lambda path: path in FIXED or path in OWNERS or path == config.NAME))
        for path in (config.NAME, *OWNERS, *FIXED, *_listed(tree)):
            full = f"{tree}/{path}"
            if path in removed or not os.path.lexists(full):
                continue
            if os.path.islink(full) and not (self._is_change and path in self.contents):
                self.contents.pop(path, None)
                self._source.skip(path, A_LINK)
            elif path not in self.contents:
                for file in self._source.beside(path):
                    if not file.again:
                        self.contents[path] = file.text

    @property
    def _is_staged(self) -> bool:
        return self._is_change and self._source.tree is not None

    def check(self) -> Iterator[Finding]:
        """Yield what is wrong. Raises ConfigError, GitError."""
        configured = self._configured()
        section = _rules_of(configured)
        if configured is not None and section is not None:
            yield from self._rules(configured, section)
            yield from self._closed(section)
        yield from self._wiring(section)
        if self._is_change:
            yield from self._owners(section)

    def _configured(self) -> Config | None:
        """The configuration as the change leaves it: what is in force may be what was there before."""
        raw = self.contents.get(config.NAME)
        return None if raw is None else self._options.parse_config(raw, config.NAME)

    def _rules(self, configured: Config, section: Mapping[str, Any]) -> Iterator[Finding]:
        """Rules that don't count: when they are changed, and when the whole is checked."""
        if self._is_staged and config.NAME not in self.names:
            return
        from nightlatch.core.rule import ERROR, WARNING
        from nightlatch.protected_files import compare, rule_faults

        raw = self.contents[config.NAME]
        yield from compare.placed(config.NAME, raw, configured, list(rule_faults.faults(section)), ERROR)
        if self._source.is_whole:
            known = self._known_names(section)
            is_clean = self._source.tree is None or self._options.in_ci
            nothing = rule_faults.about_nothing(section, known, is_clean_checkout=is_clean)
            yield from compare.placed(config.NAME, raw, configured, list(nothing), WARNING)

    def _known_names(self, section: Mapping[str, Any]) -> list[str]:
        """The paths of the selection and, in a working tree, those of the closed files that git ignores."""
        tree = self._source.tree
        if tree is None:
            return self.names
        from nightlatch.protected_files.closed_files import Closed, walk

        return [*self.names, *walk(self._source, tree, Closed(section))]

    def _closed(self, section: Mapping[str, Any]) -> Iterator[Finding]:
        from nightlatch.protected_files import closed_files

        closed = closed_files.Closed(section)
        if closed.is_empty:
            return
        if self._source.tree is None:
            yield from closed_files.tracked_names(closed, self.names)
        elif not self._source.scope:
            staged = self.names if self._is_staged else []
            yield from closed_files.check(self._source, closed, staged, in_ci=self._options.in_ci)

    def _wiring(self, section: Mapping[str, Any] | None) -> Iterator[Finding]:
        agents = present(self._source.tree, self.names)
        if not agents:
            return
        from nightlatch.protected_files.wiring import check

        files = {path: raw for path, raw in self.contents.items() if agent_of(path) is not None}
        is_strict = self._options.profile == "strict"
        yield from check.check(agents, files, section, self._source.tree, home_of(self._source), is_strict=is_strict)
        if self._source.is_whole and self._source.tree is not None and not self._is_change:
            from nightlatch.protected_files.wiring import self_test

            yield from self_test.check(self._source, self._source.tree, agents, files, in_ci=self._options.in_ci)

    def _owners(self, section: Mapping[str, Any] | None) -> Iterator[Finding]:
        """Protected files that the change touches, and for which nobody answers."""
        if section is None and not any(path in self.contents for path in OWNERS):
            return
        from nightlatch.protected_files import owners
        from nightlatch.protected_files.guarded import is_guarded

        gone = self._source.removed(lambda _path: True)
        likely = [path for path in dict.fromkeys([*self.names, *gone, *GUARDS]) if is_guarded(path, section)]
        known = {*self.names, *gone}
        changed = [path for path in likely if path in known] if self._is_staged else self._source.changed(likely)
        yield from owners.check(changed, self.contents, demands=section is not None)


def home_of(source: Source) -> str:
    """The person's home folder, as git is told it; empty where nobody says."""
    known = source.git.environment if source.git is not None else {}
    return known.get("HOME") or known.get("USERPROFILE", "")


def _listed(tree: str) -> list[str]:
    """The files of the folders in which every JSON file holds settings."""
    found = []
    for folder in FURTHER:
        try:
            found += [f"{folder}{name}" for name in sorted(os.listdir(f"{tree}/{folder}")) if name.endswith(".json")]
        except OSError:
            continue  # it isn't there, or what is in it can't be an agent's either
    return found


def _rules_of(configured: Config | None) -> Mapping[str, Any] | None:
    """The section with the policy; None where the configuration has no rules for files."""
    if configured is None or configured.place(f"{SECTION}.rules") is None:
        return None
    section: Mapping[str, Any] = configured.section(SECTION)
    return section
