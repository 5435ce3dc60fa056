"""The whole command line, by argparse: `arguments.py` reads the plain forms without it."""

from __future__ import annotations

import argparse
import os
import platform
from typing import NoReturn

from nightlatch import __version__
from nightlatch.arguments import ADVISORIES, BASELINE, EXPLAIN, LISTS, RUN, Arguments
from nightlatch.core.cache import folder
from nightlatch.core.errors import UsageError
from nightlatch.core.rule import ERROR, WARNING
from nightlatch.core.run import Request
from nightlatch.core.text import nearest
from nightlatch.registry import MODULES
from nightlatch.report.formats import FORMATS

OF_SOME = "  of `run`: "
"""What the line of the overview begins with that names options of some commands alone."""

MOST_RULES = 6
LIST_FORMATS = ("text", "json")

OVERVIEW = """\
usage: nightlatch HOOK [PATH...] [options]
       nightlatch run [PATH...] [options]     every configured hook, one report
       nightlatch explain RULE                what a rule means, how to mend it
       nightlatch baseline --help             allow what is there already
       nightlatch advisories --help           the data on vulnerable packages
       nightlatch agent-hook --agent NAME     answer a coding agent's tool call

hooks: {hooks}
what to check (default: the PATHs, else what is staged, else all files):
  --staged [PATH...]         what is staged against HEAD, as it is staged
  --all-files                what git tracks, and what it does not ignore
  --from-ref A [--to-ref B]  every commit that B (default HEAD) has and A hasn't
  --history                  every commit that a branch, a tag or HEAD reaches
  --deepen                   fetch first what a shallow clone lacks for that
  --commit-message FILE      the message that git hands to a commit-msg hook
options:
  of `run`: --hooks NAME,NAME          of `enum-parity`: --list, --dsn DSN
  --format FORMAT            {formats}
  --report FORMAT=FILE       another report, to a file; repeatable
  --config FILE|REF:PATH, --no-config, --fail-on error|warning, --changed-lines
  --baseline FILE, --advisories FILE, --max-age 2d, --online, --fix
  --detect-secrets-plugin FILE|MODULE   its secrets count too; repeatable
  --quiet, --verbose (-v), --color auto|always|never, --version, --help (-h)
exit: 0 nothing found, 1 findings, 2 something could not be checked
"""


class _Parser(argparse.ArgumentParser):
    """argparse whose errors are ours, so that they end at the one boundary."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message[:1].upper() + message[1:] + ".", "See: nightlatch --help")


def parse(words: list[str]) -> Arguments | str:
    """Read the command line; for --help and --version give the text that they print. Raises UsageError."""
    commands = (*MODULES, RUN, EXPLAIN, BASELINE, ADVISORIES, "agent-hook")
    if not words:
        raise UsageError("Name a hook, or `run` for all of them.", "See: nightlatch --help")
    if words[0] in ("-h", "--help", "help"):
        return overview()
    if words[0] == "--version":
        return _version(is_verbose=not {"-v", "--verbose"}.isdisjoint(words[1:]))
    if words[0] not in commands:
        raise _no_such_command(words[0], commands)
    if words[0] == EXPLAIN:
        return _parse_explain(words[1:])
    return _parse_run(words[0], words[1:])


def _no_such_command(word: str, commands: tuple[str, ...]) -> UsageError:
    """What to say of a first word that is none: an option of a run needs the hook before it."""
    if not word.startswith("-"):
        return UsageError(f"There is no command {word}.{nearest(word, commands)}", "See: nightlatch --help")
    if word.partition("=")[0] in build_parser(RUN)._option_string_actions:  # noqa: SLF001 - as below
        return UsageError(f"{word} needs a hook before it.", f"Run: nightlatch {RUN} {word}, or a hook in its place.")
    return UsageError(f"There is no option {word}.{nearest(word, ('--help', '--version'))}", "See: nightlatch --help")


def _version(*, is_verbose: bool) -> str:
    if not is_verbose:
        return f"nightlatch {__version__}\n"
    from nightlatch.secrets.engine import description

    python = f"{platform.python_implementation()} {platform.python_version()}, {platform.platform()}"
    return f"nightlatch {__version__}\npython: {python}\nsecrets engine: {description()}\ncache: {folder()}\n"


def overview() -> str:
    """The help text."""
    return OVERVIEW.format(hooks=", ".join(MODULES), formats="|".join(FORMATS))


OF_ONE_HOOK = {
    RUN: (("--hooks NAME,NAME", "these, in place of those of the configuration"),),
    "secrets": (
        ("--commit-message FILE", "the message that git hands to a commit-msg hook"),
        ("--detect-secrets-plugin FILE|MODULE", "its secrets count too; repeatable"),
    ),
    "env-files": (("--fix", "mend modes, and add what git must ignore"),),
    "enum-parity": (
        ("--list", "every enum that is seen, and what is compared with what"),
        ("--dsn DSN", "compare a live database too: postgresql://… or sqlite:///…"),
    ),
    "dependencies": (
        ("--advisories FILE", "a database of advisories of your own"),
        ("--max-age 2d", "refuse data that is older (default: 30d)"),
        ("--online", "ask pip-audit and npm audit as well"),
    ),
    "protected-files": (("--fix", "register the guard with each agent, and mend modes"),),
}
"""Options that mean something to one command alone, and what."""


def help_of(command: str) -> str:
    """The help of a hook or of `run`: what is its own, and then what all have in common."""
    from nightlatch.registry import load

    rules, what = "", "Every configured hook in one process, with one report."
    if command != RUN:
        hook = load(command)
        rules = (
            f"rules: {', '.join(rule.id for rule in hook.rules[:MOST_RULES])}{', …' * (len(hook.rules) > MOST_RULES)}"
        )
        what = f"{hook.summary}\n{rules} (nightlatch explain RULE)"
    own = "".join(f"  {option:<37} {said}\n" for option, said in OF_ONE_HOOK.get(command, ()))
    _, start, rest = overview().partition("what to check")
    common = "".join(line for line in rest.splitlines(keepends=True) if not line.startswith(OF_SOME))
    return f"usage: nightlatch {command} [PATH...] [options]\n\n{what}\n\nits own:\n{own}{start}{common}"


def build_parser(command: str) -> argparse.ArgumentParser:
    """The options of a hook's command and of `run`."""
    parser = _Parser(prog=f"nightlatch {command}", add_help=False, allow_abbrev=False)
    parser.add_argument("paths", nargs="*", metavar="PATH")
    parser.add_argument("--staged", action="store_true")
    parser.add_argument("--all-files", action="store_true")
    parser.add_argument("--from-ref", default="", metavar="A")
    parser.add_argument("--to-ref", default="", metavar="B")
    parser.add_argument("--history", action="store_true")
    parser.add_argument("--commit-message", default="", metavar="FILE")
    parser.add_argument("--deepen", action="store_true")
    parser.add_argument("--changed-lines", action="store_true")
    if command == RUN:
        parser.add_argument("--hooks", type=_hooks, metavar="NAME,NAME")
    if command == LISTS:
        parser.add_argument("--list", action="store_true")
    if command in (RUN, LISTS):
        parser.add_argument("--dsn", default="", metavar="DSN")
    parser.add_argument("--format", choices=tuple(FORMATS), default="text")
    parser.add_argument("--report", action="append", default=[], metavar="FORMAT=FILE")
    parser.add_argument("--config", metavar="FILE|REF:PATH")
    parser.add_argument("--no-config", action="store_true")
    parser.add_argument("--baseline", metavar="FILE")
    parser.add_argument("--detect-secrets-plugin", action="append", default=[], metavar="FILE|MODULE")
    parser.add_argument("--fix", action="store_true")
    parser.add_argument("--advisories", metavar="FILE")
    parser.add_argument("--max-age", metavar="AGE")
    parser.add_argument("--online", action="store_true")
    parser.add_argument("--fail-on", choices=(ERROR, WARNING), default=ERROR)
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto")
    parser.add_argument("-h", "--help", action="store_true")
    return parser


def _parse_run(command: str, words: list[str]) -> Arguments | str:
    before, after = _split(words)
    try:
        read = build_parser(command).parse_intermixed_args(before)
    except UsageError as error:
        raise UsageError(error.what + _likely_choice(before), _hint(before, command) or error.remedy) from None
    if read.help:
        return help_of(command)
    if read.no_config and read.config is not None:
        raise UsageError("--config and --no-config exclude each other.")
    is_list = getattr(read, "list", False)
    if is_list and (read.format not in LIST_FORMATS or read.report):
        raise UsageError("--list is written as text or JSON.", "Run: nightlatch enum-parity --list --format json")
    request = Request(
        [*read.paths, *after],
        staged=read.staged,
        all_files=read.all_files,
        from_ref=read.from_ref,
        to_ref=read.to_ref,
        history=read.history,
        commit_message=read.commit_message,
        deepen=read.deepen,
        config=read.config,
        no_config=read.no_config,
        baseline=read.baseline,
        fail_on=read.fail_on,
        plugins=tuple(read.detect_secrets_plugin),
        fix=read.fix,
        advisories=read.advisories,
        max_age=None if read.max_age is None else max_age(read.max_age),
        online=read.online,
        changed_lines=read.changed_lines,
        settings={"dsn": read.dsn} if getattr(read, "dsn", "") else {},
    )
    return Arguments(
        command,
        request,
        hooks=read.hooks if command == RUN else None,
        format=read.format,
        reports=[_report(value) for value in read.report],
        quiet=read.quiet,
        verbose=read.verbose,
        color=read.color,
        is_list=is_list,
    )


def max_age(value: str) -> int:
    """The seconds that --max-age names. Raises UsageError."""
    from nightlatch.core.advisories.age import read_age

    seconds = read_age(value)
    if seconds is None:
        raise UsageError("--max-age takes days or hours up to 30d, such as 2d or 36h.")
    return seconds


def _parse_explain(words: list[str]) -> Arguments | str:
    if words[:1] in (["-h"], ["--help"]):
        return overview()
    if len(words) > 1 or (words and words[0].startswith("-")):
        raise UsageError("explain takes one rule, such as SEC001, or none.", "Run: nightlatch explain SEC001")
    return Arguments(EXPLAIN, Request(), rule="".join(words))


def _hooks(value: str) -> list[str]:
    """The hooks of `--hooks`, each once, in the order of the table; what is no hook is told when it is loaded."""
    names = {name.strip() for name in value.split(",")} - {""}
    if not names:
        raise UsageError("--hooks names no hook.", f"There are: {', '.join(MODULES)}.")
    return [*(name for name in MODULES if name in names), *sorted(names - set(MODULES))]


def _report(value: str) -> tuple[str, str]:
    name, _, path = value.partition("=")
    if name not in FORMATS or not path:
        remedy = nearest(name, tuple(FORMATS)).strip() if path else f"Write it as --report json={value}"
        raise UsageError(f"--report takes FORMAT=FILE, with a FORMAT of: {', '.join(FORMATS)}.", remedy)
    return name, path


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    """What stands before and after the first `--`: behind it everything is a PATH, which argparse forgets."""
    if "--" not in words:
        return words, []
    place = words.index("--")
    return words[:place], words[place + 1 :]


def _likely_choice(words: list[str]) -> str:
    """` Did you mean X?` where what follows --format isn't one; or nothing."""
    pairs = (word.split("=", 1) if "=" in word else [word, *words[at + 1 : at + 2]] for at, word in enumerate(words))
    wrong = next((pair[1] for pair in pairs if len(pair) > 1 and pair[0] == "--format" and pair[1] not in FORMATS), "")
    return nearest(wrong, tuple(FORMATS)) if wrong else ""


def _hint(words: list[str], command: str) -> str:
    """A file whose name begins with a dash looks like an option; an option may be misspelt."""
    if any(word.startswith("-") and os.path.lexists(word) for word in words):
        return "A file has that name: put -- before the file names."
    known = tuple(build_parser(command)._option_string_actions)  # noqa: SLF001 - argparse has no public list of them
    named = [word.partition("=")[0] for word in words if word.startswith("--")]
    return next((nearest(word, known).strip() for word in named if word not in known), "")
