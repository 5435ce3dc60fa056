"""Files that agents may not read: git must not track them and must ignore them, and no other user may read them.

Only what the team's own rules close is looked for: what secret files are by their names, `env-files` knows.
"""

from __future__ import annotations

import os
import stat

from nightlatch.core import paths
from nightlatch.core.finding import Finding
from nightlatch.protected_files.policy import DENY, READ
from nightlatch.protected_files.rules import NOT_IGNORED, OPEN_MODE, TRACKED
from nightlatch.protected_files.spelling import for_a_shell, for_gitignore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from nightlatch.core.git import Git
    from nightlatch.core.hook import Fixed, Source
    from nightlatch.core.paths import Compiled, Component, Pattern

OTHERS = 0o077
MOST_FOLDERS = 200_000
FILLED = ("CACHEDIR.TAG", "pyvenv.cfg")
"""A folder with one of these is filled by a tool, as is the one that npm fills."""

NOT_ENTERED = frozenset((".git", "node_modules"))
AT_ONCE = 500
LINK = b"120000 "
"""The mode of a link in git's index."""


class Closed:
    """The rules that close files for reading: each with its name."""

    def __init__(self, section: Mapping[str, Any]) -> None:
        self._rules: list[tuple[str, Compiled]] = [
            (rule["id"], rule["paths"]["compiled"]) for rule in section["rules"] if rule[READ] == DENY
        ]
        patterns = [one for _, compiled in self._rules for one in compiled[0] if not one[1] and one[0] in ("root", "")]
        self.is_empty = not patterns
        self._names, self._starts, self._ends, self._everything = _hints(patterns)

    def rule_for(self, path: str) -> str:
        """The name of a rule that closes a path; empty where none does."""
        return next((name for name, compiled in self._rules if paths.matches(compiled, path)), "")

    def may_hold(self, name: str) -> bool:
        """Whether a file or a folder of this name may be one that a pattern ends with: only then it is compared."""
        return self._everything or name in self._names or name.startswith(self._starts) or name.endswith(self._ends)


def _hints(patterns: Sequence[Pattern]) -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...], bool]:
    """What the last component of the patterns begins or ends with, or is; and whether any says nothing of that.

    Of a pattern that ends in a wildcard alone (`/secrets/**`) the component before says it: the folder is entered.
    """
    names: set[str] = set()
    starts: list[str] = []
    ends: list[str] = []
    everything = False
    for pattern in patterns:
        components = [component for run in pattern[3] for component in run]
        told = [component for component in components if _says(component)]
        last = told[-1] if told else None
        if last is None:
            everything = True
        elif isinstance(last, str):
            names.add(last)
        elif _literal(last[0]):
            starts.append(_literal(last[0]))
        elif _literal(last[-1]):
            ends.append(_literal(last[-1]))
        else:
            everything = True
    return frozenset(names), tuple(starts), tuple(ends), everything


def _says(component: Component) -> bool:
    return isinstance(component, str) or any(component)


def _literal(piece: Sequence[object]) -> str:
    """The characters of a piece; empty where one of them is a class."""
    return "".join(one for one in piece if isinstance(one, str)) if all(isinstance(one, str) for one in piece) else ""


def tracked_names(source: Source, closed: Closed, names: Sequence[str]) -> Iterator[Finding]:
    """Yield a finding for each closed path among those that commits hold. Of a link they hold no content."""
    found = {path: closed.rule_for(path) for path in sorted(set(names))}
    found = {path: rule for path, rule in found.items() if rule and source.includes(path)}
    whole = source.whole() if found else None
    links = {entry.path for entry in whole.entries(found.__contains__) if entry.is_link} if whole else set()
    for path, rule in found.items():
        if path not in links:
            yield _tracked(path, rule)


def check(source: Source, closed: Closed, staged: Sequence[str], *, in_ci: bool) -> Iterator[Finding]:
    """Yield what is wrong with the closed files of the working tree. Raises GitError."""
    tree, git = source.tree, source.git
    if tree is None:
        return
    found = {path: closed.rule_for(path) for path in sorted({*walk(source, tree, closed), *staged})}
    found = {path: rule for path, rule in found.items() if rule and source.includes(path)}
    if not found:
        return
    known, links = _tracked_of(git.at(tree), list(found)) if git is not None else (set(), set())
    links |= {path for path in found if path not in known and os.path.islink(os.path.join(tree, path))}
    found = {path: rule for path, rule in found.items() if path not in links}
    for path in known.intersection(found) | set(staged).intersection(found):
        yield _tracked(path, found[path])
    others = [path for path in found if path not in known and path not in staged]
    if git is not None:
        yield from _not_ignored(git.at(tree), others, found)
    if not in_ci:
        yield from _open(source, tree, others, found)


def _tracked(path: str, rule: str) -> Finding:
    fix = (
        f"Take it out of git, not off the disk: git rm --cached {for_a_shell(path)}; replace what is secret in it, "
        f"if it was ever pushed; or except it from the rule {rule}: !{for_gitignore(path)}"
    )
    message = f"The rule {rule} closes it for agents, and git tracks it."
    return Finding(TRACKED, message, path=path, fix=fix, anchor=path, data={"policy": rule})


def _tracked_of(git: Git, names: Sequence[str]) -> tuple[set[str], set[str]]:
    """The names that git tracks: files, and links, of which it holds no content."""
    result: set[str] = set()
    links: set[str] = set()
    for start in range(0, len(names), AT_ONCE):
        listing = git.run("ls-files", "-z", "--stage", "--full-name", "--", *names[start : start + AT_ONCE])
        for entry in listing.split(b"\0"):
            about, _, name = entry.partition(b"\t")
            if name:
                (links if about.startswith(LINK) else result).add(os.fsdecode(name))
    return result, links - result


def _not_ignored(git: Git, names: Sequence[str], rules: Mapping[str, str]) -> Iterator[Finding]:
    if not names:
        return
    from nightlatch.core.ignored import hits

    known = hits(git, names)
    for path in names:
        if path not in known or known[path].is_negated:
            message = f"The rule {rules[path]} closes it for agents, and git doesn't ignore it."
            fix = f"Add to .gitignore, on a line of its own: {for_gitignore(path)}"
            yield Finding(NOT_IGNORED, message, path=path, fix=fix, anchor=path, data={"policy": rules[path]})


def _open(source: Source, tree: str, names: Sequence[str], rules: Mapping[str, str]) -> Iterator[Finding]:
    """Modes of files that git doesn't keep: of those that it tracks it keeps 644 alone."""
    sticking = None
    for path in names:
        full = os.path.join(tree, path)
        try:
            status = os.lstat(full)
        except OSError as error:
            source.leave_unchecked(path, (error.strerror or "unreadable").lower())
            continue
        mode = stat.S_IMODE(status.st_mode)
        if not stat.S_ISREG(status.st_mode) or not mode & OTHERS:
            continue
        if sticking is None:
            from nightlatch.core.sticking import Sticking

            sticking = Sticking()
        reason = sticking.why_not(os.path.dirname(full))
        if reason:
            source.skip(path, f"mode {mode:03o}: {reason}")
            continue
        yield _finding_of_mode(path, mode, rules[path])


def _finding_of_mode(path: str, mode: int, rule: str) -> Finding:
    to = mode & ~OTHERS & 0o777
    message = f"The rule {rule} closes it for agents, and other users may get at it: mode {mode:03o}."
    fix = f"Run: chmod {to:o} {for_a_shell(path)}"
    data: dict[str, object] = {"policy": rule, "mode": f"{mode:03o}", "to": f"{to:03o}"}
    return Finding(OPEN_MODE, message, path=path, fix=fix, anchor=path, data=data)


def walk(source: Source, tree: str, closed: Closed) -> Iterator[str]:
    """Yield the files of the tree that may be closed, relative to it. What can't be looked into is noted."""
    folders = [("", False)]
    entered = 0
    while folders:
        folder, is_within = folders.pop()
        entered += 1
        if entered > MOST_FOLDERS:
            source.leave_unchecked(".", f"more than {MOST_FOLDERS} folders")
            return
        try:
            with os.scandir(os.path.join(tree, folder) if folder else tree) as listing:
                entries = list(listing)
        except OSError as error:
            source.leave_unchecked(folder or ".", f"folder: {(error.strerror or 'unreadable').lower()}")
            continue
        if folder and any(entry.name in (*FILLED, ".git") for entry in entries):
            continue  # filled by a tool, or a repository of its own
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            is_wanted = is_within or closed.may_hold(entry.name)
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in NOT_ENTERED:
                    folders.append((path, is_wanted))
            elif is_wanted:
                yield path


def fix(tree: str, findings: Sequence[Finding]) -> Iterator[Fixed]:
    """Close the files whose mode is too wide; yield what was done."""
    from nightlatch.core.file_modes import close

    for finding in findings:
        mode, closed = finding.data.get("mode"), finding.data.get("to")
        if finding.rule is OPEN_MODE and finding.path and isinstance(mode, str) and isinstance(closed, str):
            yield close(tree, finding.path, int(mode, 8), int(closed, 8))
