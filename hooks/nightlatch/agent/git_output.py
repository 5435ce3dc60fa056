"""What git prints of tracked files: whether a patch, or an archive, would show one that is closed.

git is asked twice at most: which files it tracks, and, only where one of them is closed, whether it is among what the
command shows. Closed files that are tracked are rare, so that nearly every call costs the first question alone.
"""

from __future__ import annotations

import os

from nightlatch.agent.below import ANY_NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.agent.effects import GitOutput
    from nightlatch.agent.situation import Situation
    from nightlatch.core.git import Git

PATCH = ("-p", "-u", "--patch", "-c", "--cc", "-U", "--unified", "-W", "--function-context", "--word-diff",
         "--color-words", "--patch-with-stat", "--patch-with-raw", "--binary", "--remerge-diff")  # fmt: skip
"""Options with which the content is shown."""

INTERACTIVE = frozenset(("add", "stage", "checkout", "restore", "reset", "commit", "stash"))
"""Subcommands of which only `-p` shows anything: their `-u` and `-c` mean other things."""

NO_PATCH = ("--name-only", "--name-status", "--stat", "--shortstat", "--numstat", "--summary", "-s", "--quiet", "-q",
            "--no-patch", "--dirstat", "--raw", "--compact-summary", "--check")  # fmt: skip
"""Options with which it isn't, without one of `PATCH`."""

WITH_A_VALUE = frozenset(
    ("-n", "--max-count", "-S", "-G", "-O", "-L", "-l", "-o", "--output", "--output-directory", "--author", "--grep",
     "--since", "--until", "--after", "--before", "--skip", "--date", "--format", "--prefix", "--remote", "--exec",
     "-m", "-F", "-C", "--message", "--file", "--source")
)  # fmt: skip
"""Options that take the next word with them; `-m` and the like do so where a message is written."""

OF_FORM = frozenset(
    ("--oneline", "--color", "--no-color", "--format", "--pretty", "--decorate", "--no-decorate", "--graph", "--date",
     "--abbrev-commit", "--no-abbrev-commit", "--stdout", "-o", "--output-directory", "--full-index", "-w", "-b",
     "--no-ext-diff", "--no-textconv", "--stat", "--shortstat", "--numstat", "--summary", "--no-prefix", "--minimal",
     *PATCH)
)  # fmt: skip
"""Options of a log that say how it is printed, and not which commits."""

REFERENCES = ("--all", "--branches", "--tags", "--remotes")
"""Options that stand for revisions."""

ALWAYS = frozenset(("format-patch", "range-diff", "archive", "fast-export"))
"""Subcommands that write contents whatever they are told: their `-s` and `-q` mean other things."""

SHOWN = frozenset(("diff", "difftool", "show"))
"""Subcommands that print contents unless they are told not to."""

WITH_PATCH = frozenset(
    ("log", "reflog", "whatchanged", "diff-tree", "diff-index", "diff-files", "stash", "add", "stage", "checkout",
     "restore", "reset", "commit")
)  # fmt: skip
"""Subcommands that print contents with one of `PATCH` alone."""

PRINTING = ALWAYS | SHOWN | WITH_PATCH
OF_SETTINGS = frozenset(("remote", "config"))
"""Subcommands that print git's own configuration: see `git_settings.py`."""

OF_COMMITS = ("log", "whatchanged", "format-patch", "show")

LONGEST_NUMBER = 9
MOST_COUNTED = 100
MOST_CLOSED = 100
"""So many commits, and closed files, are looked at one by one: of more, all are taken to be shown."""

_SIGNS_OF_REVISIONS = frozenset("./_-~^@{}+=!:")
_LISTED = ("--no-literal-pathspecs", "ls-files", "--stage", "-z")
_FILE = "100"
"""How the modes of files begin; of links and of other repositories only where they lead is shown."""

_NAMES = ("--no-ext-diff", "--no-textconv", "--name-only", "-z")


def closed_files_shown(output: GitOutput, now: Situation) -> list[str]:
    """The closed files that a command would show, relative to its folder; none where git can't be asked."""
    words = _Words(output)
    if not words.shows:
        return []
    from nightlatch.core.errors import NightlatchError
    from nightlatch.core.git import Git

    try:
        git = Git(output.folder, os.environ)
        listed = git.run(*_LISTED, "--", *(words.pathspecs or [":/"]))
    except NightlatchError:
        return []  # no repository, or none that git would show anything of
    entries = os.fsdecode(listed).split("\0")
    files = [entry.partition("\t")[2] for entry in entries if entry.startswith(_FILE)]
    closed = _closed(files, output.folder, now)
    if not closed or len(closed) > MOST_CLOSED:
        return closed
    try:
        return _among(closed, words, git)
    except NightlatchError:
        return closed


def _closed(paths: Sequence[str], folder: str, now: Situation) -> list[str]:
    """Those of some paths that are closed; most are told apart by their names."""
    from nightlatch.protected_files.names import Names

    names = Names(now.policy.rules, "read")
    real = os.path.realpath(folder)
    whole: dict[str, bool] = {}
    found = []
    for path in dict.fromkeys(paths):
        above, _, name = path.rpartition("/")
        if above not in whole:
            place = os.path.normpath(os.path.join(real, above))
            whole[above] = names.may_fill(place) and now.has_word("read", os.path.join(place, ANY_NAME))
        may_be = whole[above] or names.may_fit(name) or now.may_be_secret(path)
        if may_be and now.is_closed(os.path.normpath(os.path.join(folder, path))):
            found.append(path)
    return found


def _among(closed: list[str], words: _Words, git: Git) -> list[str]:
    """Those of the closed files that are shown. Raises GitError."""
    comparison = words.comparison()
    if comparison is None:
        return closed
    paths = [] if words.count else closed
    shown = os.fsdecode(git.run(*comparison, "--", *paths)).replace("\n", "\0").split("\0")
    tails = {path: path.replace("../", "") for path in closed}
    return [path for path in closed if any(f"/{one}".endswith(f"/{tails[path]}") for one in shown)]


class _Words:
    """The arguments of a command, as far as they say what is shown."""

    def __init__(self, output: GitOutput) -> None:
        words = list(output.words)
        self._name = output.name
        if self._name == "stash":
            self._name = "stash" if words[:1] == ["show"] else ""
            words = words[1:]
        behind = words.index("--") if "--" in words else len(words)
        self.pathspecs = [word for word in words[behind + 1 :] if word is not None]
        self._is_of_files = False
        self._options: list[str] = []
        self._revisions: list[str] = []
        self._sort(words[:behind], output.folder, has_paths=behind < len(words))
        self._is_known = None not in words and all(_is_plain(one) for one in self._revisions)

    def _sort(self, words: Sequence[str | None], folder: str, *, has_paths: bool) -> None:
        """Tell options, revisions and paths apart."""
        takes_next = ""
        for word in words:
            if word is None:
                takes_next = ""
            elif takes_next:
                self._options.append(f"{takes_next}={word}")
                takes_next = ""
            elif word.startswith("-") and word != "-":
                is_message = word in ("-m", "-C", "-F") and self._name not in ("commit", "stash")
                takes_next = word if word in WITH_A_VALUE and not is_message else ""
                self._options += [] if takes_next else [word]
            elif not has_paths and os.path.lexists(os.path.join(folder, word)):
                self.pathspecs.append(word)
            elif self._name != "show" or ":" not in word:  # a single file of a commit is read as such
                self._revisions.append(word)
            else:
                self._is_of_files = True

    def _has(self, *names: str) -> bool:
        return any(
            option.partition("=")[0] in names or (option[:2] == "-U" and "-U" in names) for option in self._options
        )

    @property
    def shows(self) -> bool:
        """Whether contents are shown at all."""
        if self._name not in PRINTING or self._has("--no-index") or (self._is_of_files and not self._revisions):
            return False
        if self._name in ALWAYS:
            return True
        if self._name in INTERACTIVE:
            return self._has("-p", "--patch")
        return self._has(*PATCH) or (self._name in SHOWN and not self._has(*NO_PATCH))

    @property
    def count(self) -> int:
        """How many commits are shown; 0 where that isn't said, or they are chosen in another way too."""
        if self.pathspecs or self._name not in OF_COMMITS:
            return 0
        numbers = [_number(option) for option in self._options]
        others = [option.partition("=")[0] for option, number in zip(self._options, numbers, strict=True) if not number]
        if any(name not in OF_FORM and name not in REFERENCES and name[:2] != "-U" for name in others):
            return 0
        count = next((number for number in reversed(numbers) if number), 0)
        return count if count <= MOST_COUNTED else 0

    def comparison(self) -> tuple[str, ...] | None:
        """What to ask git for the names of what is shown; None where that can't be told, or is everything."""
        revisions = self._revisions
        if not self._is_known or self._has("--merge-base", "--glob", "--reflog", "-g", "--walk-reflogs", "--stdin"):
            return None
        if self._name in ("diff", "difftool"):
            return self._of_diff(revisions)
        if self._name in OF_COMMITS:
            return self._of_log([*(one for one in self._options if one in REFERENCES), *revisions])
        return self._of_others(revisions)

    def _of_others(self, revisions: list[str]) -> tuple[str, ...] | None:
        if self._name == "stash":
            stash = revisions[0] if revisions else "stash@{0}"
            return ("diff", *_NAMES, f"{stash}^1", stash)
        if self._name == "diff-tree" and revisions:
            return ("diff-tree", "-r", "-m", "--root", "--name-only", "-z", *revisions)
        if self._name == "diff-index" and revisions:
            return ("diff-index", *(["--cached"] if self._has("--cached") else []), "--name-only", "-z", *revisions)
        is_of_the_tree = self._name in INTERACTIVE or self._name == "diff-files"
        return ("diff-files", "--name-only", "-z") if is_of_the_tree and not revisions else None

    def _of_diff(self, revisions: list[str]) -> tuple[str, ...]:
        """Never what compares contents: filters of the repository would run."""
        if len(revisions) > 1 or any(".." in one or "^" in one for one in revisions):
            return (
                ("diff", *_NAMES, *revisions) if _is_of_commits(revisions) else ("diff-index", *_NAMES[2:], *revisions)
            )
        if self._has("--cached", "--staged"):
            return ("diff-index", "--cached", "--name-only", "-z", *(revisions or ["HEAD"]))
        return ("diff-index", "--name-only", "-z", *revisions) if revisions else ("diff-files", "--name-only", "-z")

    def _of_log(self, revisions: list[str]) -> tuple[str, ...]:
        count = self.count
        if self._name == "show" and not any(map(_number, self._options)):
            return ("show", "-m", "--format=", *_NAMES, *revisions)
        if self._name == "format-patch" and not count:
            revisions = [one if ".." in one else f"{one}..HEAD" for one in revisions]
        return ("log", f"--max-count={count or 1}", "-m", "--format=", *_NAMES, *revisions)


def _number(option: str) -> int:
    """The number of commits that an option asks for: `-3`, `-n3`, `--max-count=3`; 0 for any other."""
    name, _, value = option.partition("=")
    text = value if name in ("-n", "--max-count") else name[2:] if name[:2] == "-n" else name[1:]
    return int(text) if text.isdecimal() and text.isascii() and len(text) < LONGEST_NUMBER else 0


def _is_of_commits(revisions: Sequence[str]) -> bool:
    """Whether two commits are compared, and not one with the working tree."""
    return len(revisions) > 1 or ".." in revisions[0] or revisions[0].endswith(("^!", "^@"))


def _is_plain(revision: str) -> bool:
    return not revision.startswith("-") and all(one.isalnum() or one in _SIGNS_OF_REVISIONS for one in revision)
