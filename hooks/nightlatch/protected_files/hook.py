"""The `protected-files` hook: a change can't disarm its own check.

The guard files before a change are compared with those after it, once for a whole range. Which of them differ is
known by the names of git's objects: where none does, nothing is read, and no YAML.
"""

from __future__ import annotations

from nightlatch.core import config
from nightlatch.core.errors import ConfigError
from nightlatch.core.files import UnreadableError
from nightlatch.core.hook import Hook
from nightlatch.protected_files.rules import RULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.core.config import Config
    from nightlatch.core.finding import Finding
    from nightlatch.core.hook import Options, Source

BASELINE = ".nightlatch-baseline.json"
DETECT_SECRETS_BASELINE = ".secrets.baseline"
RUNNER = ".pre-commit-config.yaml"
GUARDS = (config.NAME, BASELINE, DETECT_SECRETS_BASELINE, RUNNER)


def check(source: Source, options: Options) -> Iterator[Finding]:
    """Yield a finding for each weakening of a guard file against what stood there before the change.

    Its severity is what the configuration before the change says, or more. Raises ConfigError where the
    configuration after it is invalid.
    """
    list(source.files(_none))  # none is read: what of the selection can't be checked at all is noted
    guards = (*GUARDS, *_named_baseline(options))
    changed = source.changed(guards)
    if not changed:
        return
    base = _base(source, options)
    for path in changed:
        try:
            before, after = source.base(path), source.current(path)
        except UnreadableError as error:
            source.leave_unchecked(path, str(error))
            continue
        for finding in _compared(path, before, after, source.where(path), options):
            finding.severity = base.severity(finding.rule.id, finding.severity, path)
            finding.floored = True
            yield finding


HOOK = Hook("protected-files", "A change can't weaken the checks that it is judged by.", RULES, check, whole=True)


def _none(_path: str) -> bool:
    return False


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


def _compared(path: str, before: bytes | None, after: bytes | None, where: str, options: Options) -> list[Finding]:
    from nightlatch.protected_files import compare

    if path == config.NAME:
        return compare.configurations(path, before, after, where, options)
    if path == RUNNER:
        return compare.runners(path, before, after)
    return compare.baselines(path, before, after, is_ours=path == BASELINE)
