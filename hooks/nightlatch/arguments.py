"""What the command line asks for, and the quick reading of its plain forms."""

from __future__ import annotations

from nightlatch.core.run import Request
from nightlatch.registry import MODULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

RUN = "run"
EXPLAIN = "explain"
LISTS = "enum-parity"
"""The hook that can list what it sees."""

BASELINE = "baseline"
ADVISORIES = "advisories"


class Arguments:
    """A command line that was read.

    command     a hook's name, `run` or `explain`
    request     what to check, for a hook and for `run`
    hooks       the hooks that `run` is to run, or None for those of the configuration
    is_list     whether what the hook sees is to be listed, and nothing checked
    rule        the rule to explain
    format      of standard output
    reports     (format, file) of each --report
    quiet, verbose, color   as their options
    """

    __slots__ = (
        "color",
        "command",
        "format",
        "hooks",
        "is_list",
        "quiet",
        "reports",
        "request",
        "rule",
        "verbose",
    )

    def __init__(
        self,
        command: str,
        request: Request,
        *,
        hooks: Sequence[str] | None = None,
        rule: str = "",
        format: str = "text",
        reports: Sequence[tuple[str, str]] = (),
        quiet: bool = False,
        verbose: bool = False,
        color: str = "auto",
        is_list: bool = False,
    ) -> None:
        self.is_list = is_list
        self.command = command
        self.request = request
        self.hooks = hooks
        self.rule = rule
        self.format = format
        self.reports = reports
        self.quiet = quiet
        self.verbose = verbose
        self.color = color

    @property
    def is_plain(self) -> bool:
        """Whether a clean result has nothing to show."""
        return self.format == "text" and not self.reports and not self.verbose


def quick(words: Sequence[str]) -> Arguments | None:
    """Read a hook or `run` with nothing but --staged, --all-files, --changed-lines and PATHs; None where there is more.

    argparse costs as much as the whole check of a small commit; a test holds the two readings together.
    """
    if not words or (words[0] not in MODULES and words[0] != RUN):
        return None
    paths: list[str] = []
    flags: set[str] = set()
    rest = iter(words[1:])
    for word in rest:
        if word == "--":
            paths.extend(rest)
        elif word in ("--staged", "--all-files", "--changed-lines"):
            flags.add(word)
        elif word.startswith("-"):
            return None
        else:
            paths.append(word)
    request = Request(
        paths,
        staged="--staged" in flags,
        all_files="--all-files" in flags,
        changed_lines="--changed-lines" in flags,
    )
    return Arguments(words[0], request)
