"""The command line of `nightlatch advisories`."""

from __future__ import annotations

import argparse
from typing import NoReturn

from nightlatch.core.advisories.ecosystems import ECOSYSTEMS
from nightlatch.core.errors import UsageError
from nightlatch.core.text import nearest
from nightlatch.parser import max_age

BUILD, UPDATE, STATUS = SUBCOMMANDS = ("build", "update", "status")

OVERVIEW = """\
usage: nightlatch advisories update           fetch the data, verify it, use it
       nightlatch advisories status           what there is, and how old it is
       nightlatch advisories build DIR... --output FILE
                                              compile OSV records (JSON, YAML;
                                              folders or zip archives)
  --advisories FILE     one database of your own, not those in the cache folder
update and status:
  --ecosystem PyPI|npm  only this one; repeatable
update:
  --source URL|PATH     in place of OSV: a mirror of its layout, a folder, an
                        archive (.zip), a database that was built (.sqlite)
  --max-age 2d          do nothing where the data is no older than that
  --timeout SECONDS     the time limit
status:
  --max-age 2d          exit 2 where it is older than that (default: 30d)
build:
  --partial             the records are a part of all, on purpose

exit: 0 done and usable, 2 not
"""
MOST_SECONDS = 24 * 60 * 60


class _Parser(argparse.ArgumentParser):
    """argparse whose errors are ours."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message[:1].upper() + message[1:] + ".", "See: nightlatch advisories --help")


def parse(words: list[str]) -> argparse.Namespace | str:
    """Read what follows `nightlatch advisories`; for --help the text. Raises UsageError."""
    if words and words[0] in ("-h", "--help", "help"):
        return OVERVIEW
    if not words or words[0] not in SUBCOMMANDS:
        hint = nearest(words[0], SUBCOMMANDS) if words else ""
        what = f"advisories takes one of {', '.join(SUBCOMMANDS)}.{hint}"
        raise UsageError(what, "See: nightlatch advisories --help")
    read = _parser(words[0]).parse_args(words[1:])
    if read.help:
        return OVERVIEW
    read.subcommand = words[0]
    if read.subcommand == BUILD:
        if not read.paths or not read.output:
            raise UsageError("build takes folders or archives, and --output FILE.", "See: nightlatch advisories --help")
    elif read.max_age is not None:
        read.max_age = max_age(read.max_age)
    return read


def _parser(subcommand: str) -> argparse.ArgumentParser:
    parser = _Parser(prog=f"nightlatch advisories {subcommand}", add_help=False, allow_abbrev=False)
    parser.add_argument("-h", "--help", action="store_true")
    if subcommand == BUILD:
        parser.add_argument("paths", nargs="*", metavar="DIR")
        parser.add_argument("--output", metavar="FILE")
        parser.add_argument("--partial", action="store_true")
        return parser
    parser.add_argument("--advisories", metavar="FILE")
    parser.add_argument("--ecosystem", action="append", default=[], type=_ecosystem, metavar="PyPI|npm")
    parser.add_argument("--max-age", metavar="AGE")
    if subcommand == UPDATE:
        parser.add_argument("--source", metavar="URL|PATH")
        parser.add_argument("--timeout", type=_seconds, metavar="SECONDS")
    return parser


def _ecosystem(text: str) -> str:
    """The name as OSV writes it, however it is written here."""
    name = next((name for name in ECOSYSTEMS if name.lower() == text.lower()), "")
    if not name:
        raise argparse.ArgumentTypeError(f"there are {' and '.join(ECOSYSTEMS)}")
    return name


def _seconds(text: str) -> int:
    if not (text.isdigit() and text.isascii() and 0 < len(text) < len(str(MOST_SECONDS * 10))):
        raise argparse.ArgumentTypeError("a number of seconds is needed")
    return min(int(text), MOST_SECONDS)
