"""The command `nightlatch`: it reads the hook's name and imports that hook alone.

The commit path is short on purpose. Plain arguments are read here; everything else goes to argparse.
"""

from __future__ import annotations

import os
import sys

from nightlatch.core.errors import EXIT_CLEAN, EXIT_INTERRUPTED, EXIT_UNCHECKED, NightlatchError, unforeseen
from nightlatch.core.text import one_line, shown_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nightlatch.arguments import Arguments
    from nightlatch.core.config import Config
    from nightlatch.core.discover import Selection
    from nightlatch.core.run import Result


AGENT_HOOK = "agent-hook"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit code."""
    return guarded(lambda: _dispatch(list(sys.argv[1:] if arguments is None else arguments)))


def guarded(work: Callable[[], int]) -> int:
    """The exit code of some work. Every error ends here: in a sentence on standard error, and in its exit code."""
    try:
        return work()
    except NightlatchError as error:
        _say(error.what, error.remedy)
        return error.exit_code
    except KeyboardInterrupt:
        _say("Interrupted.", "")
        return EXIT_INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the boundary: nothing unforeseen may pass as success
        _say(*unforeseen(error))
        return EXIT_UNCHECKED


def _dispatch(arguments: list[str]) -> int:
    if arguments[:1] == [AGENT_HOOK]:  # an agent waits for it at each of its calls: nothing else is loaded
        from nightlatch.agent.command import command as answer

        return answer(arguments[1:])
    from nightlatch import arguments as reader

    if arguments[:1] == [reader.BASELINE]:
        from nightlatch.baseline.command import command

        return command(arguments[1:])
    if arguments[:1] == [reader.ADVISORIES]:
        from nightlatch.advisories.command import command as advisories

        return advisories(arguments[1:])
    asked = reader.quick(arguments)
    if asked is None:
        from nightlatch.parser import parse

        parsed = parse(arguments)
        if isinstance(parsed, str):
            return _show(parsed)
        asked = parsed
    if asked.command == "explain":
        from nightlatch.explain import explain

        return explain(asked.rule)
    return _run(asked)


def _run(asked: Arguments) -> int:
    from nightlatch.core.run import prepare, run
    from nightlatch.registry import (
        ask_online,
        check_advisories,
        check_plugins,
        check_rules,
        door_to_advisories,
        load,
        load_all,
        load_schema,
    )

    asked.request.settings.setdefault("dsn", os.environ.get("NIGHTLATCH_DSN", ""))
    selection, config = prepare(asked.request, os.environ, load_schema, lambda change: check_rules(change, load_all()))
    if asked.command == "run":
        _refuse_hooks_as_paths(asked, selection)
        names = config.hooks if asked.hooks is None else config.at_least(asked.hooks)
        hooks = load_all() if names is None else [load(name) for name in names]
    else:
        hooks = [load(asked.command)]
    check_plugins(asked.request.plugins, hooks)
    check_advisories(asked.request, hooks, is_run=asked.command == "run")
    if config.where:
        check_rules(config, hooks)
    if asked.is_list:
        return _list(asked, selection, config)
    result = run(asked.request, selection, config, hooks, door_to_advisories(asked.request), ask_online=ask_online)
    for done in result.fixed:
        _say(f"{done.path}: {done.what}", "")
    if result.findings or result.tally.unchecked or not asked.is_plain:
        _deliver(result, asked)
    return result.exit_code


def _refuse_hooks_as_paths(asked: Arguments, selection: Selection) -> None:
    """`nightlatch run secrets` means the hook; raises UsageError unless a file has that name."""
    from nightlatch.arguments import RUN
    from nightlatch.core.errors import UsageError
    from nightlatch.registry import MODULES

    hook = next((path for path in asked.request.paths if path in MODULES), None)
    if hook is not None and selection.unchecked and not os.path.lexists(hook):
        what = f"`nightlatch {RUN}` takes PATHs, and there is no file {hook} here."
        raise UsageError(what, f"For the hook of that name: nightlatch {hook}, or nightlatch {RUN} --hooks {hook}")


def _list(asked: Arguments, selection: Selection, config: Config) -> int:
    """What the hook sees, on standard output; what it can't see on standard error."""
    from nightlatch.core.hook import Options
    from nightlatch.enum_parity.listing import listed

    options = Options(config, asked.command, settings=asked.request.settings)
    text, unchecked = listed(selection, config, options, is_json=asked.format == "json")
    _show(text)
    for path, reason in unchecked:
        _say(f"{path}: unchecked: {reason}", "")
    return EXIT_UNCHECKED if unchecked else EXIT_CLEAN


def _deliver(result: Result, asked: Arguments) -> None:
    from nightlatch.report.deliver import deliver, is_colored
    from nightlatch.report.formats import Style

    in_runner = bool(os.environ.get("PRE_COMMIT"))
    style = Style(
        quiet=asked.quiet,
        verbose=asked.verbose,
        color=is_colored(asked.color),
        in_runner=in_runner,
        commit_time=os.environ.get("CI_COMMIT_TIMESTAMP", ""),
        command=_own_command() if in_runner else "",
    )
    deliver(result, asked.format, style, asked.reports, github_summary=os.environ.get("GITHUB_STEP_SUMMARY", ""))


def _own_command() -> str:
    """Where this command lies, if a shell would not find one: a runner keeps its copy to itself."""
    own = os.path.abspath(sys.argv[0])
    folder, name = os.path.split(own)
    others = (place for place in os.environ.get("PATH", "").split(os.pathsep) if place)
    known = (place for place in others if os.path.realpath(place) != os.path.realpath(folder))
    return "" if any(os.access(os.path.join(place, name), os.X_OK) for place in known) else own


def _show(text: str) -> int:
    from nightlatch.report.formats import write

    write(text)
    return EXIT_CLEAN


def _say(what: str, remedy: str) -> None:
    """Tell a person, on standard error. Where that is closed the exit code still tells."""
    lines = [f"nightlatch: {one_line(shown_path(what))}"]
    if remedy:
        lines.append(f"    {one_line(shown_path(remedy))}")
    if sys.stderr is None:
        return
    try:
        sys.stderr.write("\n".join(lines) + "\n")
        sys.stderr.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())  # so that closing it doesn't fail again


if __name__ == "__main__":
    # `python -m` would put the current folder, and so the scanned repository's modules, in front of the library.
    sys.stderr.write("nightlatch: start the command `nightlatch`, not this module.\n")
    sys.exit(EXIT_UNCHECKED)
