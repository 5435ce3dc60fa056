"""One run: discover, read, check, suppress. The order is known here and nowhere else."""

from __future__ import annotations

import os
import time

from nightlatch.core import config
from nightlatch.core.discover import select
from nightlatch.core.errors import EXIT_CLEAN, EXIT_FINDINGS, EXIT_UNCHECKED, ConfigError, UsageError
from nightlatch.core.hook import Options
from nightlatch.core.rule import ERROR, OFF, WARNING
from nightlatch.core.source import Source, Tally

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nightlatch.core.config import Config
    from nightlatch.core.discover import Selection
    from nightlatch.core.finding import Finding
    from nightlatch.core.hook import Hook
    from nightlatch.core.schema import Map

    LoadSchema = Callable[[], Map]

MISNAMED = (".nightlatch.yml", "nightlatch.yaml", "nightlatch.yml", ".nightlatch.yaml.yml")


class Request:
    """What the command line asks a run for; the names are those of its options."""

    __slots__ = ("all_files", "config", "fail_on", "no_config", "paths", "staged")

    def __init__(
        self,
        paths: Sequence[str] = (),
        *,
        staged: bool = False,
        all_files: bool = False,
        config: str | None = None,
        no_config: bool = False,
        fail_on: str = ERROR,
    ) -> None:
        self.paths = paths
        self.staged = staged
        self.all_files = all_files
        self.config = config
        self.no_config = no_config
        self.fail_on = fail_on


class Result:
    """What a run found.

    hooks       the names of the hooks that ran
    findings    in report order, those that count
    suppressed  the findings that a note allows
    tally       what was checked, skipped and left unchecked
    exit_code   0, 1 or 2
    """

    __slots__ = ("exit_code", "findings", "hooks", "root", "selector", "suppressed", "tally")

    def __init__(self, selection: Selection, hooks: Sequence[str]) -> None:
        self.selector = selection.selector
        self.root = selection.root
        self.hooks = hooks
        self.findings: list[Finding] = []
        self.suppressed: list[Finding] = []
        self.tally = Tally()
        self.exit_code = EXIT_CLEAN


def prepare(request: Request, environ: Mapping[str, str], load_schema: LoadSchema) -> tuple[Selection, Config]:
    """Find the files and read the configuration that goes with them.

    Raises NightlatchError where either can't be done.
    """
    if environ.get("PRE_COMMIT_FROM_REF") and not (request.staged or request.all_files):
        raise UsageError(
            "A range of commits is asked for (PRE_COMMIT_FROM_REF is set); this version checks files only.",
            "Run nightlatch at the pre-commit stage, or name --staged or --all-files.",
        )
    selection = select(environ, request.paths, staged=request.staged, all_files=request.all_files)
    return selection, _load_config(request, selection, load_schema)


def run(request: Request, selection: Selection, configuration: Config, hooks: Sequence[Hook]) -> Result:
    """Let each hook check the selection, and sort out what counts."""
    result = Result(selection, [hook.name for hook in hooks])
    today = time.strftime("%Y-%m-%d", time.gmtime())
    found: list[Finding] = []
    for hook in hooks:
        source = Source(selection, configuration, result.tally, hook.name, today)
        for finding in hook.check(source, Options(configuration, hook.name)):
            finding.hook = hook.name
            found.append(finding)
    if found:
        _sort_out(found, result, configuration)
    result.exit_code = _exit_code(result, request.fail_on)
    return result


def _sort_out(found: list[Finding], result: Result, configuration: Config) -> None:
    """Order, fingerprints, severities of the configuration, notes."""
    from nightlatch.core.finding import add_fingerprints

    found.sort(key=lambda finding: finding.order())
    add_fingerprints(found)
    for finding in found:
        finding.severity = configuration.severity(finding.rule.id, finding.severity, finding.path)
        if finding.severity != OFF:
            (result.suppressed if finding.note else result.findings).append(finding)


def _exit_code(result: Result, fail_on: str) -> int:
    """The exit policy: what could not be checked outranks what was found."""
    failing = (ERROR, WARNING) if fail_on == WARNING else (ERROR,)
    if result.tally.unchecked:
        return EXIT_UNCHECKED
    return EXIT_FINDINGS if any(finding.severity in failing for finding in result.findings) else EXIT_CLEAN


def _load_config(request: Request, selection: Selection, load_schema: LoadSchema) -> Config:
    """The configuration that is named, or the one at the root, or the defaults."""
    if request.no_config:
        return config.load(None, "", load_schema)
    if request.config is not None:
        return config.load(*_named_config(request.config, selection), load_schema)
    path = os.path.join(selection.root, config.NAME)
    if os.path.lexists(path):
        return config.load(config.read(path), config.NAME, load_schema)
    for name in MISNAMED:
        if os.path.lexists(os.path.join(selection.root, name)):
            raise ConfigError(name, 0, 0, "this name is not read.", f"Rename it to {config.NAME}.")
    return config.load(None, "", load_schema)


def _named_config(named: str, selection: Selection) -> tuple[bytes, str]:
    """The bytes and the label of `--config FILE` or `--config REF:PATH`."""
    reference, colon, path = named.partition(":")
    is_drive = len(reference) == 1
    if os.path.lexists(named) or not colon or is_drive or selection.git is None:
        return config.read(named), named
    if reference.startswith("-"):
        raise UsageError("--config REF:PATH: a REF can't begin with a dash.")
    return selection.git.run("cat-file", "blob", f"{reference}:{path}"), named
