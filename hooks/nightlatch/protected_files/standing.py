"""The guards as they stand, whatever a change made of them: rules, registrations, closed files, owners."""

from __future__ import annotations

import os

from nightlatch.core import config
from nightlatch.core.files import UnreadableError, read_from_tree
from nightlatch.protected_files.agents import (
    AGENTS,
    FIXED,
    FURTHER,
    LINKABLE,
    agent_of,
    guided,
    is_behind_a_link,
    named,
    present,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from nightlatch.core.config import Config
    from nightlatch.core.files import File
    from nightlatch.core.finding import Finding
    from nightlatch.core.hook import Options, Source

SECTION = "protected-files"
OWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
RUNNER = ".pre-commit-config.yaml"
BASELINE = ".nightlatch-baseline.json"
PERSONAL_NAME = "/settings.local.json"
A_LINK = "a link: what it leads to is not read"
GUIDANCE = "{} has guidance here and no settings, so nothing starts the guard; `{{}}` in {} sets it up for --fix"
GUARDS = (config.NAME, BASELINE, RUNNER)


class Standing:
    """What of a selection the checks share: the names of its files, and the contents that they look into.

    names     every path of the selection
    contents  path → bytes of settings, configuration and owners: as they are staged or committed, else as on the disk
    links     settings that are links, or lie behind one: what these lead to is not read
    """

    def __init__(self, source: Source, options: Options) -> None:
        self._source = source
        self._options = options
        self.names: list[str] = []
        self.contents: dict[str, bytes] = {}
        self.links: list[str] = []
        self._is_change = source.is_change
        linked: list[File] = []
        for file in source.files(self._wanted):
            if file.path in LINKABLE:
                linked.append(file)
            elif not file.again:
                self.contents[file.path] = file.text
        self._take_as_it_is()
        if source.tree is not None:
            self._add_from_the_disk(source.tree)
        for file in linked if source.tree is None else ():
            self._add_behind(file)

    def _wanted(self, path: str) -> bool:
        """Note a path; whether its content is looked into."""
        self.names.append(path)
        return path == config.NAME or path in OWNERS or agent_of(path) is not None or path in LINKABLE

    def _take_as_it_is(self) -> None:
        """The bytes of settings: no agent takes another encoding than UTF-8, and what was read so far may be one."""
        paths = [path for path in self.contents if agent_of(path) is not None]
        if paths and (self._is_change or self._source.tree is None):
            self._source.changed(paths)  # from then on it is known what stands there
        for path in paths:
            try:
                raw = self._source.current(path)
            except UnreadableError:
                self._note_link(path)
            else:
                self.contents[path] = self.contents[path] if raw is None else raw

    def _note_link(self, path: str) -> None:
        self.contents.pop(path, None)
        self._source.skip(path, A_LINK)
        if agent_of(path) is not None and path not in self.links:
            self.links.append(path)

    def _add_behind(self, link: File) -> None:
        """Note the settings that lie behind a link in a folder's place: in the commits, or outside of them."""
        target = os.path.normpath(os.path.join(os.path.dirname(link.path), os.fsdecode(link.text)))
        is_outside = target.startswith(("..", "/"))
        for agent in AGENTS:
            behind = [path for path in agent.files if path.startswith(f"{link.path}/")]
            known = [path for path in behind if f"{target}{path[len(link.path) :]}" in self.names]
            for path in behind[:1] if is_outside else known:
                self._note_link(path)

    def _add_from_the_disk(self, tree: str) -> None:
        """Read what the selection doesn't hold: agents go by what lies on the disk, ignored or not."""
        removed = set(self._source.removed(lambda path: path in (*OWNERS, config.NAME) or agent_of(path) is not None))
        for path in (config.NAME, *OWNERS, *FIXED, *_listed(tree)):
            full = f"{tree}/{path}"
            if not os.path.lexists(full):
                continue
            if is_behind_a_link(tree, path) and not (self._is_change and path in self.contents):
                self._note_link(path)
            elif path not in self.contents and path not in removed:
                self._read(path, full)

    def _read(self, path: str, full: str) -> None:
        for file in self._source.beside(path):
            if not file.again:
                self.contents[path] = file.text
        if path in self.contents and agent_of(path) is not None:
            try:
                self.contents[path] = read_from_tree(full)
            except (OSError, UnreadableError):
                self._source.leave_unchecked(path, "it changed while it was read")

    def others(self, path: str) -> dict[str, bytes]:
        """Path → bytes of what else everybody has of an agent's settings: what git holds. Raises GitError."""
        agent = agent_of(path)
        found = [] if agent is None else [one for one in self.contents if one != path and agent.owns(one)]
        found = [one for one in found if not one.endswith(PERSONAL_NAME)]
        tree, git = self._source.tree, self._source.git
        if found and tree is not None and git is not None:
            listed = git.at(tree).run("ls-files", "-z", "--full-name", "--", *found).split(b"\0")
            found = [one for one in found if os.fsencode(one) in listed]
        return {one: self.contents[one] for one in found}

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
            nothing = rule_faults.about_nothing(section, known, self._ignored, is_clean_checkout=is_clean)
            yield from compare.placed(config.NAME, raw, configured, list(nothing), WARNING)

    def _ignored(self, paths: Sequence[str]) -> set[str]:
        """Those of the paths that git ignores, whether they are there or not. Raises GitError."""
        tree, git = self._source.tree, self._source.git
        if tree is None or git is None:
            return set()
        from nightlatch.core.ignored import hits

        known = hits(git.at(tree), [path for path in paths if not is_behind_a_link(tree, path)])
        return {path for path, hit in known.items() if not hit.is_negated}

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
            yield from closed_files.tracked_names(self._source, closed, self.names)
        elif not self._source.scope:
            staged = self.names if self._is_staged else []
            yield from closed_files.check(self._source, closed, staged, in_ci=self._options.in_ci)

    def _wiring(self, section: Mapping[str, Any] | None) -> Iterator[Finding]:
        names = [*self.names, *self.links]
        for name in guided(self._source.tree, names):
            agent = named(name)
            self._source.skip(agent.folders[0].rstrip("/"), GUIDANCE.format(agent.title, agent.files[0]))
        agents = present(self._source.tree, names)
        if not agents:
            return
        from nightlatch.protected_files.wiring import check

        files = {path: raw for path, raw in self.contents.items() if agent_of(path) is not None}
        yield from check.check(
            agents,
            files,
            self.links,
            section,
            (self._source.tree or self._source.root, home_of(self._source)),
            is_strict=self._options.profile == "strict",
            is_own=self._is_own,
        )
        if self._source.is_whole and self._source.tree is not None and not self._is_change:
            from nightlatch.protected_files.wiring import self_test

            yield from self_test.check(self._source, self._source.tree, agents, files, in_ci=self._options.in_ci)

    def _is_own(self, name: str) -> bool:
        """Whether an agent is set up for one person alone: git ignores the settings that are there. Raises GitError."""
        tree, git = self._source.tree, self._source.git
        if tree is None or git is None:
            return False
        agent = named(name)
        paths = [path for path in (*agent.files, *_listed(tree)) if agent.owns(path) and path in self.contents]
        paths = paths or [agent.files[0]]
        is_tracked = bool(git.at(tree).run("ls-files", "-z", "--full-name", "--", *paths))
        return not is_tracked and self._ignored(paths).issuperset(paths)

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
        yield from owners.check(self._source, changed, self.contents, demands=section is not None)


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
