"""One run: discover, read, check, suppress. The order is known here and nowhere else."""

from __future__ import annotations

import os
import time

from nightlatch.core import config
from nightlatch.core.discover import ALL_FILES, HISTORY, select, select_commits, select_message
from nightlatch.core.errors import EXIT_CLEAN, EXIT_FINDINGS, EXIT_UNCHECKED, ConfigError, UsageError
from nightlatch.core.files import UnreadableError
from nightlatch.core.hook import Options
from nightlatch.core.rule import ERROR, INFO, OFF, WARNING, stricter
from nightlatch.core.source import Remark, Tally, TreeSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from nightlatch.core.baseline.baselines import Baselines
    from nightlatch.core.baseline.entry import Entry
    from nightlatch.core.changed_lines import ChangedLines
    from nightlatch.core.config import Config
    from nightlatch.core.discover import Selection
    from nightlatch.core.finding import Finding
    from nightlatch.core.hook import AskOnline, Fixed, Hook, OpenAdvisories
    from nightlatch.core.schema.containers import Map

    LoadSchema = Callable[[], Map]
    CheckConfig = Callable[[Config], None]

MANY = 500
"""Files or commits: so many take longer to check than it takes to share them out among processes."""

COMMITS = "(commits)"
"""Stands for a path where something is to be said about the commits as a whole."""

CI_VARIABLES = ("CI", "GITHUB_ACTIONS", "GITLAB_CI")
NOT_SET = ("", "0", "false", "no", "off", "n")
"""What such a variable holds where it denies what its name says."""

BASELINES = (".nightlatch-baseline.json", ".secrets.baseline")
MISNAMED = (".nightlatch.yml", "nightlatch.yaml", "nightlatch.yml", ".nightlatch.yaml.yml")


class Request:
    """What the command line asks a run for; the names are those of its options. `max_age` is in seconds.

    settings  what options of one hook alone are given: their name, without the dashes, and the value
    """

    __slots__ = (
        "advisories",
        "all_files",
        "baseline",
        "changed_lines",
        "commit_message",
        "config",
        "deepen",
        "fail_on",
        "fix",
        "from_ref",
        "history",
        "max_age",
        "no_config",
        "online",
        "paths",
        "plugins",
        "settings",
        "staged",
        "to_ref",
    )

    def __init__(
        self,
        paths: Sequence[str] = (),
        *,
        staged: bool = False,
        all_files: bool = False,
        from_ref: str = "",
        to_ref: str = "",
        history: bool = False,
        commit_message: str = "",
        deepen: bool = False,
        config: str | None = None,
        no_config: bool = False,
        baseline: str | None = None,
        fail_on: str = ERROR,
        plugins: Sequence[str] = (),
        fix: bool = False,
        advisories: str | None = None,
        max_age: int | None = None,
        online: bool = False,
        changed_lines: bool = False,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.settings = dict(settings or {})
        self.paths = paths
        self.staged = staged
        self.all_files = all_files
        self.from_ref = from_ref
        self.to_ref = to_ref
        self.history = history
        self.commit_message = commit_message
        self.deepen = deepen
        self.config = config
        self.no_config = no_config
        self.baseline = baseline
        self.fail_on = fail_on
        self.plugins = plugins
        self.fix = fix
        self.advisories = advisories
        self.max_age = max_age
        self.online = online
        self.changed_lines = changed_lines


class Result:
    """What a run found.

    hooks       the names of the hooks that ran
    findings    in report order, those that count
    suppressed  the findings that a note or a baseline allows
    unused      the baseline's entries that nothing needed, where the whole tree was checked
    tally       what was checked, skipped and left unchecked
    failing     the severities that make the run fail
    fixed       what --fix has done before the rest was found
    exit_code   0, 1 or 2
    """

    __slots__ = (
        "exit_code",
        "failing",
        "findings",
        "fixed",
        "hooks",
        "root",
        "selector",
        "suppressed",
        "tally",
        "unused",
    )

    def __init__(self, selection: Selection, hooks: Sequence[str]) -> None:
        self.selector = selection.selector
        self.root = selection.root
        self.hooks = hooks
        self.findings: list[Finding] = []
        self.suppressed: list[Finding] = []
        self.fixed: list[Fixed] = []
        self.unused: list[Entry] = []
        self.tally = Tally()
        self.failing: tuple[str, ...] = (ERROR,)
        self.exit_code = EXIT_CLEAN


def prepare(
    request: Request, environ: Mapping[str, str], load_schema: LoadSchema, check_change: CheckConfig | None = None
) -> tuple[Selection, Config]:
    """Find the files and read the configuration that goes with them.

    check_change  looks at the configuration that a range ends with, for what the schema can't know
    Raises NightlatchError where either can't be done.
    """
    _refuse_contradictions(request)
    selection = _select(request, environ)
    selection.in_ci = in_ci(environ)
    configuration = _load_config(request, selection, load_schema, check_change)
    named = environ.get("NIGHTLATCH_POLICY")
    if named:
        from nightlatch.core.policy import governed

        configuration = governed(configuration, named, selection.root if selection.git else "", load_schema)
    return selection, configuration


def in_ci(environ: Mapping[str, str]) -> bool:
    """Whether a CI system has started this."""
    return any(environ.get(name, "").lower() not in NOT_SET for name in CI_VARIABLES)


def _refuse_contradictions(request: Request) -> None:
    chosen = [
        option
        for option, value in (
            ("--staged", request.staged),
            ("--all-files", request.all_files),
            ("--from-ref", request.from_ref),
            ("--history", request.history),
            ("--commit-message", request.commit_message),
        )
        if value
    ]
    if len(chosen) > 1:
        raise UsageError(f"{chosen[0]} and {chosen[1]} exclude each other.")
    if request.to_ref and not request.from_ref:
        raise UsageError("--to-ref needs --from-ref.")
    if request.paths and (request.from_ref or request.history or request.commit_message):
        raise UsageError(f"{chosen[0]} takes no PATH.", "Leave the PATHs out.")


def _select(request: Request, environ: Mapping[str, str]) -> Selection:
    """The commits or the files; a runner's range goes before the PATHs that it also names."""
    start, end = request.from_ref, request.to_ref
    if request.commit_message:
        return select_message(environ, request.commit_message)
    if not (request.staged or request.all_files or request.history or start):
        start, end = environ.get("PRE_COMMIT_FROM_REF", ""), environ.get("PRE_COMMIT_TO_REF", "")
    if not start and not request.history:
        return select(environ, request.paths, staged=request.staged, all_files=request.all_files)
    if request.deepen:
        from nightlatch.core.deepen import deepen

        start, end = deepen(environ, start, end or "HEAD")
    return select_commits(environ, start, end or "HEAD")


def run(
    request: Request,
    selection: Selection,
    configuration: Config,
    hooks: Sequence[Hook],
    open_advisories: OpenAdvisories | None = None,
    *,
    ask_online: AskOnline | None = None,
) -> Result:
    """Let each hook check the selection, and sort out what counts; with --fix, mend it and check again.

    open_advisories  the door to the database of advisories, for the hook that asks for it
    ask_online       the door to other audits, opened where the request says so
    Raises UsageError where nothing can be mended.
    """
    if not request.fix:
        return _checked(request, selection, configuration, hooks, open_advisories, ask_online=ask_online)
    _refuse_to_fix(selection, hooks)
    first = _checked(request, selection, configuration, hooks, open_advisories, ask_online=ask_online)
    fixed = [
        done for hook in hooks if hook.fix for done in hook.fix(selection.root, _shown(first, hook.name), selection.git)
    ]
    result = (
        _checked(request, selection, configuration, hooks, open_advisories, ask_online=ask_online) if fixed else first
    )
    result.fixed = fixed
    if any(done.is_content for done in fixed):
        result.exit_code = max(result.exit_code, EXIT_FINDINGS)
    if any(done.is_failure for done in fixed):
        result.exit_code = EXIT_UNCHECKED
    return result


def _shown(result: Result, hook: str) -> list[Finding]:
    """A hook's findings that people see without asking: nothing else is mended."""
    return [finding for finding in result.findings if finding.hook == hook and finding.severity != INFO]


def _refuse_to_fix(selection: Selection, hooks: Sequence[Hook]) -> None:
    if not any(hook.fix for hook in hooks):
        raise UsageError(f"There is no --fix in the hook {hooks[0].name}.", "Leave it out.")
    if selection.span or selection.message:
        raise UsageError("--fix mends the working tree, and commits are checked here.", "Run it without a range.")
    if selection.in_ci:
        raise UsageError("--fix mends your own checkout, and this is a CI system's.", "Run it where you commit.")


def _checked(
    request: Request,
    selection: Selection,
    configuration: Config,
    hooks: Sequence[Hook],
    open_advisories: OpenAdvisories | None,
    *,
    ask_online: AskOnline | None,
) -> Result:
    result = Result(selection, [hook.name for hook in hooks])
    today = time.strftime("%Y-%m-%d", time.gmtime())
    baselines = _baselines(request, selection, configuration, today)
    found: list[Finding] = []
    for hook in hooks:
        check = _check_commits if selection.span and not hook.whole else _check_files
        options = Options(
            configuration,
            hook.name,
            request.plugins,
            open_advisories,
            settings=request.settings,
            in_ci=selection.in_ci,
            today=today,
        )
        options.ask_other_audits = ask_online if request.online else None
        for finding in check(hook, selection, configuration, result.tally, today=today, options=options):
            finding.hook = hook.name
            found.append(finding)
    narrowed = _narrowed(request, selection)
    if found:
        _sort_out(found, result, configuration, baselines, narrowed)
    if baselines and selection.selector == ALL_FILES:
        passed_over = [remark.path for remark in (*result.tally.skipped, *result.tally.unchecked)]
        result.unused = baselines.unused(looked_for(request, configuration, hooks), passed_over)
    result.failing = (ERROR, WARNING) if request.fail_on == WARNING else (ERROR,)
    result.exit_code = _exit_code(result)
    return result


def looked_for(request: Request, configuration: Config, hooks: Sequence[Hook]) -> set[str]:
    """The ids of the rules that a run of these hooks looks for."""
    every = ((hook, Options(configuration, hook.name, request.plugins)) for hook in hooks)
    return {rule.id for hook, options in every for rule in hook.rules_for(options)}


def _check_files(
    hook: Hook, selection: Selection, configuration: Config, tally: Tally, *, today: str, options: Options
) -> Iterator[Finding]:
    if selection.message:
        from nightlatch.core.commit_message import MessageSource

        return hook.check(MessageSource(selection.message, tally), options)
    if selection.span:
        return _check_the_end(hook, selection, configuration, tally, today=today, options=options)
    if not hook.whole and len(selection.entries) >= MANY:
        from nightlatch.core.shares import check_shared

        return check_shared(hook, selection, configuration, tally, today=today, options=options)
    return hook.check(TreeSource(selection, configuration, tally, hook.name, today), options)


def _check_the_end(
    hook: Hook, selection: Selection, configuration: Config, tally: Tally, *, today: str, options: Options
) -> Iterator[Finding]:
    """Where a range leads to, for a hook that checks the whole, and before that what its commits bring."""
    from nightlatch.core.tip_source import TipSource

    told = set()
    each = hook.for_contents()
    if each is not None:
        for finding in _check_commits(each, selection, configuration, tally, today=today, options=options):
            told.add((finding.rule.id, finding.path, finding.anchor))
            yield finding
    source = TipSource(selection, configuration, tally, hook.name, today)
    for finding in hook.check(source, options):
        if (finding.rule.id, finding.path, finding.anchor) not in told:
            yield finding.at_commit(selection.span.tip) if selection.span and selection.span.tip else finding


def _check_commits(
    hook: Hook, selection: Selection, configuration: Config, tally: Tally, *, today: str, options: Options
) -> Iterator[Finding]:
    from nightlatch.core.history import Walk
    from nightlatch.core.progress import progress
    from nightlatch.core.scan_state import state_of
    from nightlatch.core.workers import shared

    if selection.git is None or selection.span is None:
        return
    walk = Walk(
        selection.git, selection.span, config=configuration, tally=tally, hook=hook, options=options, today=today
    )
    is_kept = selection.selector == HISTORY and not options.plugins  # plugins may find more the next time
    if len(walk.commits) >= MANY:
        hook.prepare(options, len(walk.commits))
    state = state_of(selection.git, hook, configuration) if is_kept else None
    with shared(walk.check_contents, worth_it=len(walk.commits) >= MANY) as workers, progress("commits") as told:
        walk.share(workers)
        yield from walk.findings(state=state, progress=told)
    if state and not walk.incomplete:
        state.store()
    if walk.incomplete:
        tally.unchecked.append(Remark(COMMITS, walk.incompleteness(), hook.name))


def _narrowed(request: Request, selection: Selection) -> ChangedLines | None:
    """What tells the lines that the change touches, where only these are asked for. Raises UsageError."""
    if not request.changed_lines:
        return None
    from nightlatch.core.changed_lines import ChangedLines

    return ChangedLines(selection)


def _sort_out(
    found: list[Finding],
    result: Result,
    configuration: Config,
    baselines: Baselines | None,
    narrowed: ChangedLines | None,
) -> None:
    """Order, fingerprints, severities of the configuration, notes, baselines, the lines that are asked for."""
    from nightlatch.core.finding import add_fingerprints, told_once

    found = sorted(told_once(found), key=lambda finding: finding.order())
    add_fingerprints(found)
    for finding in found:
        severity = configuration.severity(finding.rule.id, finding.severity, finding.path)
        finding.severity = stricter(severity, finding.severity) if finding.floored else severity
        if finding.severity != OFF:
            if baselines and not finding.note:
                finding.note = baselines.note_for(finding)
            if narrowed and not finding.note:
                finding.note = narrowed.note_for(finding)
            (result.suppressed if finding.note else result.findings).append(finding)


def _baselines(request: Request, selection: Selection, configuration: Config, today: str) -> Baselines | None:
    """What allows findings beside their notes; None, without an import, where it is clear that nothing does."""
    configured = configuration.section("secrets").get("detect-secrets-baseline") if configuration.where else None
    is_named = request.baseline is not None or configured or selection.span
    if not is_named and not any(os.path.lexists(os.path.join(selection.root, name)) for name in BASELINES):
        return None
    from nightlatch.core.baseline.baselines import find_baselines

    return find_baselines(request.baseline, selection, configuration, today)


def _exit_code(result: Result) -> int:
    """The exit policy: what could not be checked outranks what was found."""
    if result.tally.unchecked:
        return EXIT_UNCHECKED
    return EXIT_FINDINGS if any(finding.severity in result.failing for finding in result.findings) else EXIT_CLEAN


def _load_config(
    request: Request, selection: Selection, load_schema: LoadSchema, check_change: CheckConfig | None
) -> Config:
    """The configuration that is named, or the one at the root, or the defaults."""
    if request.no_config:
        return config.load(None, "", load_schema)
    if request.config is not None:
        return config.load(*_named_config(request.config, selection), load_schema)
    if selection.span and (selection.span.base or selection.span.tip):
        _validate_the_change(selection, load_schema, check_change)
        return config.load(*_config_of_the_base(selection), load_schema)
    path = os.path.join(selection.root, config.NAME)
    if os.path.lexists(path):
        return config.load(config.read(path), config.NAME, load_schema)
    for name in MISNAMED:
        if os.path.lexists(os.path.join(selection.root, name)):
            raise ConfigError(name, 0, 0, "this name is not read.", f"Rename it to {config.NAME}.")
    return config.load(None, "", load_schema)


def _config_of_the_base(selection: Selection) -> tuple[bytes | None, str]:
    """A range is judged by the configuration of the commit that it starts from: it can't disarm its own check.

    A branch that has nothing in common with what is known has only its own.
    """
    git, span = selection.git, selection.span
    if git is None or span is None:
        return None, ""
    commit = span.base or span.tip
    listed = git.run("ls-tree", "-z", "--full-tree", commit, "--", config.NAME)
    if not listed:
        return None, ""
    return git.run("cat-file", "blob", f"{commit}:{config.NAME}"), f"{commit[:12]}:{config.NAME}"


def _validate_the_change(selection: Selection, load_schema: LoadSchema, check: CheckConfig | None) -> None:
    """The configuration that a range ends with doesn't count yet, but it will: it must be valid."""
    from nightlatch.core.ends import Ends

    ends = Ends(selection)
    try:
        if ends.changed([config.NAME]):
            changed = config.load(ends.current(config.NAME), ends.where(config.NAME), load_schema)
            if check is not None and changed.where:
                check(changed)
    except UnreadableError as error:
        raise ConfigError(ends.where(config.NAME), 0, 0, f"it can't be read: {error}") from None


def _named_config(named: str, selection: Selection) -> tuple[bytes, str]:
    """The bytes and the label of `--config FILE` or `--config REF:PATH`."""
    reference, colon, path = named.partition(":")
    is_drive = len(reference) == 1
    if os.path.lexists(named) or not colon or is_drive or selection.git is None:
        return config.read(named), named
    if reference.startswith("-"):
        raise UsageError("--config REF:PATH: a REF can't begin with a dash.")
    return selection.git.run("cat-file", "blob", f"{reference}:{path}"), named
