"""The command line of `nightlatch baseline`."""

from __future__ import annotations

import argparse
from typing import NoReturn

from nightlatch.core.baseline.entry import MOST_REASON, NAME
from nightlatch.core.baseline.reading import is_date, is_reason
from nightlatch.core.errors import UsageError
from nightlatch.core.text import nearest

CREATE, UPDATE, AUDIT, PRUNE, IMPORT = SUBCOMMANDS = ("create", "update", "audit", "prune", "import")
AT_ADOPTION = "present at adoption"

OVERVIEW = f"""\
usage: nightlatch baseline create [PATH...]  allow what is there today
       nightlatch baseline update [PATH...]  drop what is gone, follow moves
       nightlatch baseline prune [PATH...]   the same, and drop what has expired
       nightlatch baseline audit [PATH...]   say of each whether it is real
       nightlatch baseline import FILE       take over one of detect-secrets

  --baseline FILE       instead of {NAME} at the root
  --config FILE|REF:PATH, --no-config
  --detect-secrets-plugin FILE|MODULE   its secrets count too; repeatable
create and update:
  --expires YYYY-MM-DD  the last day on which the new entries count
update:
  --add --reason TEXT   allow what is new, too
audit:
  --list                show the entries and what was said of them
  --again               ask about every entry, answered or not

exit: 0 done, 2 something could not be checked or written
"""


class _Parser(argparse.ArgumentParser):
    """argparse whose errors are ours."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message[:1].upper() + message[1:] + ".", "See: nightlatch baseline --help")


def parse(words: list[str]) -> argparse.Namespace | str:
    """Read what follows `nightlatch baseline`; for --help the text. Raises UsageError."""
    if words and words[0] in ("-h", "--help", "help"):
        return OVERVIEW
    if not words or words[0] not in SUBCOMMANDS:
        hint = nearest(words[0], SUBCOMMANDS) if words else ""
        what = f"baseline takes one of {', '.join(SUBCOMMANDS)}.{hint}"
        raise UsageError(what, "See: nightlatch baseline --help")
    before, after = _split(words[1:])
    read = _parser(words[0]).parse_intermixed_args(before)
    if read.help:
        return OVERVIEW
    read.subcommand = words[0]
    read.paths += after
    _check(read)
    return read


def _parser(subcommand: str) -> argparse.ArgumentParser:
    parser = _Parser(prog=f"nightlatch baseline {subcommand}", add_help=False, allow_abbrev=False)
    parser.add_argument("paths", nargs="*", metavar="FILE" if subcommand == IMPORT else "PATH")
    parser.add_argument("--baseline", metavar="FILE")
    parser.add_argument("--config", metavar="FILE|REF:PATH")
    parser.add_argument("--no-config", action="store_true")
    parser.add_argument("--detect-secrets-plugin", action="append", default=[], metavar="FILE|MODULE")
    parser.add_argument("-h", "--help", action="store_true")
    if subcommand in (CREATE, UPDATE):
        parser.add_argument("--expires", metavar="YYYY-MM-DD")
        parser.add_argument("--reason", metavar="TEXT", default=AT_ADOPTION if subcommand == CREATE else None)
    if subcommand == UPDATE:
        parser.add_argument("--add", action="store_true")
    if subcommand == AUDIT:
        parser.add_argument("--list", action="store_true")
        parser.add_argument("--again", action="store_true")
    return parser


def _check(read: argparse.Namespace) -> None:
    """Refuse what doesn't fit together."""
    if read.no_config and read.config is not None:
        raise UsageError("--config and --no-config exclude each other.")
    if read.baseline == "":
        raise UsageError("--baseline needs a FILE.")
    if read.subcommand == IMPORT and len(read.paths) != 1:
        raise UsageError("import takes one FILE.", "Run: nightlatch baseline import .secrets.baseline")
    if read.subcommand == AUDIT and read.list and read.again:
        raise UsageError("--list and --again exclude each other.")
    if read.subcommand == UPDATE:
        _check_addition(read)
    expires = getattr(read, "expires", None)
    if expires is not None and not is_date(expires):
        raise UsageError("--expires takes a day, as YYYY-MM-DD.")
    reason = getattr(read, "reason", None)
    if reason is not None and not is_reason(reason):
        raise UsageError(f"--reason takes a text of at most {MOST_REASON} characters.")


def _check_addition(read: argparse.Namespace) -> None:
    if read.add and read.reason is None:
        raise UsageError("--add needs a reason.", 'Say why it is allowed: --add --reason "…"')
    if not read.add and (read.reason is not None or read.expires is not None):
        raise UsageError("--reason and --expires are for entries that are added.", "Put --add before them.")


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    """What stands before and after the first `--`, behind which everything is a PATH."""
    if "--" not in words:
        return words, []
    place = words.index("--")
    return words[:place], words[place + 1 :]
