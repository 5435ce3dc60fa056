"""What the templates start: `python -I -m nightlatch.ci github|gitlab`.

It finds out what the pipeline's event brings, fetches what the clone lacks for that, and starts the command; the
line that it says first is what anyone can start in a clone of their own to get the same findings.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
from typing import NoReturn

from nightlatch import cli
from nightlatch.ci import github, gitlab
from nightlatch.ci.code_scanning import to_upload
from nightlatch.ci.credentials import settings
from nightlatch.ci.scope import selector
from nightlatch.core.deepen import deepen, tip_of_branch
from nightlatch.core.errors import EXIT_CLEAN, EXIT_FINDINGS, EXIT_UNCHECKED, ReportError, UsageError
from nightlatch.core.text import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nightlatch.ci.scope import Scope

SYSTEMS = {"github": github, "gitlab": gitlab}
SERVERS = {"github": "GITHUB_SERVER_URL", "gitlab": "CI_SERVER_URL"}
"""The variable that holds the address which the job's token is for."""

FORMATS = {"github": "github", "gitlab": "text"}
"""What the job's log shows."""

TOKEN = "NIGHTLATCH_TOKEN"  # noqa: S105 - a variable's name
COMMAND = "import sys; from nightlatch.cli import main; sys.exit(main())"
SWITCH = ("true", "false")


class _Parser(argparse.ArgumentParser):
    """argparse whose errors end at the command's one boundary."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message[:1].upper() + message[1:] + ".", "See the inputs in docs/ci.md.")


def main() -> int:
    """Do what the job is for, and give its exit code."""
    code = cli.guarded(lambda: _check(_arguments().parse_args()))
    return max(code, cli.guarded(lambda: _tell_the_job("exit-code", str(code))))


def _arguments() -> argparse.ArgumentParser:
    parser = _Parser(prog="nightlatch.ci", description="Check what a pipeline is for.")
    parser.add_argument("system", choices=tuple(SYSTEMS))
    parser.add_argument("--hooks", default="", metavar="NAME,NAME", help="as for `nightlatch run`")
    parser.add_argument("--fail-on", default="error", metavar="error|warning")
    parser.add_argument("--history", choices=SWITCH, default="false", help="where everything is checked: every commit")
    parser.add_argument("--max-age", default="", metavar="AGE", help="as for `nightlatch run`")
    parser.add_argument("--report", action="append", default=[], metavar="FORMAT=FILE")
    parser.add_argument("--sarif", choices=SWITCH, default="false", help="make a report for code scanning")
    parser.add_argument("--sarif-file", default="nightlatch.sarif", metavar="FILE", help="where that goes")
    return parser


def _check(asked: argparse.Namespace) -> int:
    scope = SYSTEMS[asked.system].scope(os.environ)
    history = scope.history or asked.history == "true"
    start, end = _complete_the_clone(asked.system, scope, history=history)
    run = ["run", *_given("--hooks", asked.hooks), "--fail-on", asked.fail_on, *_given("--max-age", asked.max_age)]
    reports = [word for report in asked.report for word in ("--report", report)]
    words = [*run, *selector(start, end, history=history)]
    _say(f"{scope.event}: {shlex.join(['nightlatch', *words, *(['--deepen'] if start or history else [])])}")
    code = cli.main([*words, "--format", FORMATS[asked.system], *reports])
    if asked.sarif == "true" and scope.upload:
        code = max(code, _report_to_upload(run, asked.sarif_file))
    return code


def _complete_the_clone(system: str, scope: Scope, *, history: bool) -> tuple[str, str]:
    """Fetch the commits that are to be checked, and give both ends of the range; neither for everything.

    The job's token is for the fetching alone: it stands in no environment but git's, which speaks with it to the
    job's own server.
    """
    environ = _with_token(system, os.environ.pop(TOKEN, ""))
    if not scope.is_range:
        if history:
            deepen(environ, "", "HEAD")
        return "", ""
    start = tip_of_branch(environ, scope.beside) if scope.beside else scope.start
    return deepen(environ, start, scope.end)


def _with_token(system: str, token: str) -> Mapping[str, str]:
    server = os.environ.get(SERVERS[system], "")
    if not (token and server):
        return os.environ
    return os.environ | settings(os.environ, server, SYSTEMS[system].USER, token)


def _report_to_upload(run: Sequence[str], path: str) -> int:
    """Write a report of the whole tree, and say where it is. Gives 2 where something was left unchecked, else 0.

    Findings are what the report is for; whether they fail the job has been decided by what the event brings.
    """
    words = (sys.executable, "-I", "-c", COMMAND, *run, "--all-files", "--report", f"sarif={path}")
    done = subprocess.run(words, stdout=subprocess.PIPE, check=False)
    if done.returncode not in (EXIT_CLEAN, EXIT_FINDINGS):
        sys.stdout.flush()
        sys.stdout.buffer.write(done.stdout)
        sys.stdout.flush()
        _say("The report for code scanning is not complete, and is left out: code scanning would refuse it.")
        return EXIT_UNCHECKED
    to_upload(path)
    return _tell_the_job("sarif", path)


def _given(option: str, value: str) -> tuple[str, ...]:
    return (option, value) if value else ()


def _tell_the_job(name: str, value: str) -> int:
    """Set an output of the step in GitHub Actions; 0. Raises ReportError where that can't be written."""
    path = os.environ.get("GITHUB_OUTPUT")
    try:
        with open(path or os.devnull, "a", encoding="utf-8") as file:
            file.write(f"{name}={one_line(value)}\n")
    except OSError as error:
        raise ReportError(
            f"The step's outputs can't be written to {path}: {error.strerror}.", "GITHUB_OUTPUT names that file."
        ) from None
    return EXIT_CLEAN


def _say(text: str) -> None:
    sys.stderr.write(f"nightlatch: {one_line(text)}\n")
    sys.stderr.flush()
