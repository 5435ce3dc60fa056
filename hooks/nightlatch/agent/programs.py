"""Programs by their names: which only look, and which the policy lets agents run."""

from __future__ import annotations

import os

from nightlatch.agent.spelling import IGNORES_CASE, every_place
from nightlatch.core import paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.situation import Situation

LOOKING = frozenset(
    (
        "[",
        "basename",
        "bat",
        "cat",
        "cd",
        "cmp",
        "column",
        "comm",
        "cut",
        "df",
        "diff",
        "dirname",
        "du",
        "echo",
        "egrep",
        "env",
        "expr",
        "false",
        "fd",
        "fgrep",
        "file",
        "find",
        "fold",
        "getconf",
        "grep",
        "head",
        "help",
        "hexdump",
        "history",
        "id",
        "jq",
        "join",
        "less",
        "ls",
        "lsof",
        "md5sum",
        "more",
        "nl",
        "od",
        "paste",
        "popd",
        "printenv",
        "printf",
        "ps",
        "pushd",
        "pwd",
        "readlink",
        "realpath",
        "rev",
        "sed",
        "awk",
        "gawk",
        "mawk",
        "man",
        "psql",
        "mysql",
        "sqlite3",
        "sha1sum",
        "sha256sum",
        "sha512sum",
        "sleep",
        "stat",
        "strings",
        "tac",
        "tail",
        "test",
        "tr",
        "tree",
        "true",
        "tsort",
        "type",
        "uname",
        "uptime",
        "wait",
        "wc",
        "whereis",
        "which",
        "who",
        "whoami",
        "xxd",
        "yq",
    )
)
"""Programs that change nothing by themselves. What they write to, and what they start, are effects of their own."""

OF_THE_SHELL = frozenset(
    (
        ".",
        ":",
        "[",
        "alias",
        "bg",
        "break",
        "cd",
        "command",
        "continue",
        "declare",
        "dirs",
        "echo",
        "eval",
        "exec",
        "exit",
        "export",
        "false",
        "fg",
        "getopts",
        "hash",
        "history",
        "jobs",
        "let",
        "local",
        "mapfile",
        "popd",
        "printf",
        "pushd",
        "pwd",
        "read",
        "readarray",
        "readonly",
        "return",
        "set",
        "shift",
        "shopt",
        "source",
        "test",
        "times",
        "trap",
        "true",
        "type",
        "typeset",
        "ulimit",
        "umask",
        "unalias",
        "unset",
        "wait",
    )
)
"""Commands of the shell itself: they are no program that could be allowed or not."""

CHANGING_OF_THE_SHELL = frozenset(("kill",))
"""Those that do more than look without writing any file."""


LOOKING_BY_WORDS: dict[str, frozenset[str]] = {
    "git": frozenset(
        ("status", "log", "diff", "show", "blame", "annotate", "ls-files", "ls-tree", "rev-parse", "rev-list",
         "describe", "shortlog", "grep", "cat-file", "name-rev", "merge-base", "for-each-ref", "check-ignore",
         "check-attr", "whatchanged", "show-ref", "show-branch", "count-objects", "diff-tree", "diff-index",
         "stash list", "stash show", "remote -v", "remote show", "branch -a", "branch -v", "branch -vv", "branch -r",
         "branch --list", "branch --show-current", "tag -l", "tag --list", "config --get", "config --list",
         "config -l", "reflog show", "worktree list", "submodule status")
    ),
    "npm": frozenset(("ls", "list", "view", "outdated", "explain", "why", "root", "prefix")),
    "pnpm": frozenset(("ls", "list", "why", "outdated")), "yarn": frozenset(("list", "why", "info")),
    "pip": frozenset(("list", "show", "freeze", "check")), "cargo": frozenset(("tree", "metadata")),
    "gh": frozenset(
        ("pr view", "pr list", "pr diff", "pr checks", "pr status", "issue view", "issue list", "issue status",
         "run view", "run list", "repo view", "release list", "release view")
    ),
    "docker": frozenset(("ps", "images", "logs", "inspect", "version", "info")),
    "kubectl": frozenset(("get", "describe", "logs", "version", "explain")),
    "tar": frozenset(("tf", "-tf", "tvf", "-tvf", "tzf", "-tzf", "-t", "--list")),
}  # fmt: skip
"""Program → the words, one or two, behind which it only looks. What it runs or writes all the same is seen apart."""


CHANGING_OPTIONS = {
    "date": ("-s", "--set"),
    "hostname": ("-F", "--file", "-b", "--boot"),
    "rg": ("--pre", "--hostname-bin"),
    "sort": ("--compress-program",),
    "uniq": (),
}
"""Program → the options with which it does more than look."""

OPENING = ("-O", "--open-files-in-pager")
"""Options with which `git grep` starts a program."""

MOST_OPERANDS = {"hostname": 0, "uniq": 1}
"""Program → so many operands it has when it only looks: a further one is set or written."""


def _only_looks_with(program: str, words: list[str]) -> bool:
    """Whether one of the programs of `CHANGING_OPTIONS` is called without any of them."""
    if any(word.startswith(CHANGING_OPTIONS[program]) for word in words):
        return False
    operands = [word for word in words if not word.startswith("-") or word == "-"]
    return len(operands) <= MOST_OPERANDS.get(program, len(operands))


def looks_with(program: str, words: list[str]) -> bool:
    """Whether a program only looks with these arguments."""
    if words in (["--version"], ["-V"], ["--help"], ["version"]) or words == ["-v"]:
        return True
    if os.path.basename(program) in CHANGING_OPTIONS:
        return _only_looks_with(os.path.basename(program), words)
    known = LOOKING_BY_WORDS.get(os.path.basename(program), frozenset())
    if program == "git" and words[:1] in (["-C"], ["--no-pager"]):
        words = words[1 + (words[0] == "-C") :]
    if program == "git" and words[:1] == ["grep"] and any(word.startswith(OPENING) for word in words):
        return False
    is_bare = words in (["branch"], ["tag"], ["remote"], ["reflog"]) and program == "git"
    return is_bare or (bool(known) and (" ".join(words[:1]) in known or " ".join(words[:2]) in known))


def only_looks(program: str) -> bool:
    """Whether a program changes nothing by itself."""
    return os.path.basename(program) in LOOKING or program in OF_THE_SHELL


def is_allowed(program: str, now: Situation) -> bool:
    """Whether `execute-allowed` names a program: by its bare name, or by where it lies."""
    lists = now.policy.allowed.get("execute", ())
    if not lists or program in OF_THE_SHELL or program in CHANGING_OF_THE_SHELL:
        return True
    is_bare = not os.path.isabs(program)
    if is_bare and all(paths.verdict_at(compiled, [("root", program)]) is True for compiled in lists):
        return True
    found = on_the_path(program) if is_bare else program
    return found is not None and now.policy.is_allowed(
        "execute", every_place(found, now.place), ignore_case=IGNORES_CASE
    )


def on_the_path(name: str) -> str | None:
    """Where the shell finds a program; None where it doesn't."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        candidate = os.path.join(folder, name)
        if os.path.isabs(folder) and os.access(candidate, os.X_OK) and not os.path.isdir(candidate):
            return candidate
    return None
