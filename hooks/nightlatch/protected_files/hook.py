"""The `protected-files` hook: the guards of a repository are sound, wired in, and not disarmed by a change.

The guard files before a change are compared with those after it, once for a whole range. Which of them differ is
known by the names of git's objects: where none does, nothing is read, and no YAML. Where no agent is set up and no
policy stands, nothing more is imported.
"""

from __future__ import annotations

import os

from nightlatch.core import config
from nightlatch.core.errors import ConfigError
from nightlatch.core.files import UnreadableError
from nightlatch.core.hook import Hook
from nightlatch.protected_files.agents import FIXED, FURTHER, LINKABLE, agent_of
from nightlatch.protected_files.rules import RULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nightlatch.core.config import Config
    from nightlatch.core.finding import Finding
    from nightlatch.core.git import Git
    from nightlatch.core.hook import Fixed, Options, Source
    from nightlatch.protected_files.standing import Standing

BASELINE = ".nightlatch-baseline.json"
DETECT_SECRETS_BASELINE = ".secrets.baseline"
RUNNER = ".pre-commit-config.yaml"
GUARDS = (config.NAME, BASELINE, DETECT_SECRETS_BASELINE, RUNNER)
SETTINGS = (*FIXED, *FURTHER)
"""The agents' own settings; what ends with `/` is a folder of them."""


def check(source: Source, options: Options) -> Iterator[Finding]:
    """Yield what is wrong with the guards themselves, then each weakening of one against what stood there before.

    Raises ConfigError where the configuration after a change is invalid, and GitError where git can't be asked.
    """
    from nightlatch.protected_files.standing import Standing

    standing = Standing(source, options)
    yield from _weakened(source, options, standing)
    yield from standing.check()


def fix(tree: str, findings: Sequence[Finding], git: Git | None) -> Iterator[Fixed]:
    """Register the guard where findings say that it isn't, and close files; yield what was done."""
    from nightlatch.protected_files.closed_files import fix as close
    from nightlatch.protected_files.wiring.fix import unwired, wire

    yield from unwired(tree)
    yield from wire(tree, findings, is_in_git=git is not None)
    yield from close(tree, findings)


HOOK = Hook(
    "protected-files",
    "The rules for protected files hold, are wired into every agent, and no change weakens them.",
    RULES,
    check,
    whole=True,
    fix=fix,
)


def _weakened(source: Source, options: Options, standing: Standing) -> Iterator[Finding]:
    """Yield a finding for each weakening of a guard file. A link in the place of one is unchecked.

    Its severity is what the configuration before the change says, or more.
    """
    guards = (*GUARDS, *_named_baseline(options), *SETTINGS, *_linked(source.tree, standing.links))
    changed = source.changed(guards)
    if not changed:
        return
    base = _base(source, options)
    for path in changed:
        try:
            before, after = source.base(path), source.current(path)
        except UnreadableError as error:
            if not _is_known_link(source, path, standing.names):
                source.leave_unchecked(path, str(error))
            continue
        for finding in _compared(path, (before, after), source.where(path), options, standing):
            finding.severity = base.severity(finding.rule.id, finding.severity, path)
            finding.floored = True
            yield finding


def _is_known_link(source: Source, path: str, names: Sequence[str]) -> bool:
    """Whether what can't be read is a link that stood there before the change, or is one person's own."""
    full = f"{source.tree}/{path}"
    if source.tree is None or source.is_change or not os.path.islink(full):
        return False
    try:
        before = source.base(path)
        return path not in names if before is None else os.fsencode(os.readlink(full)) == before
    except (OSError, UnreadableError):
        return False


def _linked(tree: str | None, links: Sequence[str]) -> list[str]:
    """The folders that are links to settings: git has each under its own name, and nothing in it."""
    above = [folder for folder in LINKABLE if any(path.startswith(f"{folder}/") for path in links)]
    return [folder for folder in above if tree is None or os.path.islink(f"{tree}/{folder}")]


def _named_baseline(options: Options) -> tuple[str, ...]:
    """The baseline of detect-secrets that the configuration names, where it has another name."""
    section = options.section_of("secrets") if options.configured else {}
    name = section.get("detect-secrets-baseline")
    return (name,) if isinstance(name, str) and name not in GUARDS else ()


def _base(source: Source, options: Options) -> Config:
    """The configuration before the change; the defaults where that was none, or none that is valid."""
    try:
        return options.parse_config(source.base(config.NAME), config.NAME)
    except (ConfigError, UnreadableError):
        return options.parse_config(None, "")


def _compared(
    path: str, ends: tuple[bytes | None, bytes | None], where: str, options: Options, standing: Standing
) -> list[Finding]:
    from nightlatch.protected_files import compare

    before, after = ends
    if path == config.NAME:
        return compare.configurations(path, before, after, where, options)
    if path == RUNNER:
        return compare.runners(path, before, after)
    if agent_of(path) is not None:
        return compare.settings(path, before, after, standing.others(path))
    if path.endswith("/") or path.startswith(FURTHER):
        return []
    return compare.baselines(path, before, after, is_ours=path == BASELINE)
