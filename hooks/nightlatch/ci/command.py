"""The command `nightlatch-ci github|gitlab`: what the templates start.

It finds out what the pipeline's event brings, fetches what the clone lacks for that, and starts the command; the
line that it says first is what anyone can start in a clone of their own to get the same findings.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys

from nightlatch import cli
from nightlatch.ci import github, gitlab
from nightlatch.ci.code_scanning import to_upload
from nightlatch.ci.credentials import settings
from nightlatch.core.deepen import deepen
from nightlatch.core.errors import EXIT_CLEAN, EXIT_UNCHECKED, ReportError
from nightlatch.core.text import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.ci.scope import Scope

SYSTEMS = {"github": github, "gitlab": gitlab}
SERVERS = {"github": "GITHUB_SERVER_URL", "gitlab": "CI_SERVER_URL"}
"""The variable that holds the address which the job's token is for."""

FORMATS = {"github": "github", "gitlab": "text"}
"""What the job's log shows."""

TOKEN = "NIGHTLATCH_TOKEN"  # noqa: S105 - a variable's name
COMMAND = "import sys; from nightlatch.cli import main; sys.exit(main())"


def main() -> int:
    """Do what the job is for, and give its exit code."""
    asked = _arguments().parse_args()
    code = cli.guarded(lambda: _check(asked))
    return max(code, cli.guarded(lambda: _tell_the_job("exit-code", str(code))))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nightlatch-ci", description="Check what a pipeline is for.")
    parser.add_argument("system", choices=tuple(SYSTEMS))
    parser.add_argument("--hooks", default="", metavar="NAME,NAME", help="as for `nightlatch run`")
    parser.add_argument("--fail-on", default="error", metavar="error|warning")
    parser.add_argument("--history", action="store_true", help="where everything is checked: every commit too")
    parser.add_argument("--report", action="append", default=[], metavar="FORMAT=FILE")
    parser.add_argument("--code-scanning", default="", metavar="FILE", help="a SARIF report to upload")
    return parser


def _check(asked: argparse.Namespace) -> int:
    scope = SYSTEMS[asked.system].scope(os.environ)
    _complete_the_clone(asked.system, scope, history=asked.history)
    run = ["run", *_given("--hooks", asked.hooks), "--fail-on", asked.fail_on]
    reports = [word for report in asked.report for word in ("--report", report)]
    words = [*run, *scope.selector(history=asked.history)]
    _say(f"{scope.event}: {shlex.join(['nightlatch', *words])}")
    code = cli.main([*words, "--format", FORMATS[asked.system], *reports])
    if asked.code_scanning and scope.upload:
        code = max(code, _report_to_upload(run, asked.code_scanning))
    return code


def _complete_the_clone(system: str, scope: Scope, *, history: bool) -> None:
    """Fetch the commits that are to be checked. The token is for that alone: no other process is handed it."""
    token = os.environ.pop(TOKEN, "")
    environ = dict(os.environ)
    server = environ.get(SERVERS[system], "")
    if token and server:
        environ |= settings(environ, server, SYSTEMS[system].USER, token)
    if scope.start or history:
        deepen(environ, scope.start, scope.end)


def _report_to_upload(run: Sequence[str], path: str) -> int:
    """Write a report of the whole tree, and say where it is. Gives 2 where something was left unchecked, else 0.

    Findings are what the report is for; whether they fail the job has been decided by what the event brings.
    """
    words = (sys.executable, "-I", "-c", COMMAND, *run, "--all-files", "--report", f"sarif={path}")
    done = subprocess.run(words, stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1):
        sys.stdout.flush()
        sys.stdout.buffer.write(done.stdout)
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
