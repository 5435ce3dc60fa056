"""What a tool call would do, said in the same words whichever agent and tool it is of.

A tool, or a command of a shell, is read into effects; the rules of the policy know nothing but these.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final, TypeAlias

WHOLE: Final = "whole"
LINES: Final = "lines"
LAST: Final = "last"
SOME: Final = "some"


class Window:
    """Which part of a file is read.

    kind   `whole`; `lines`: from `first` to `last`; `last`: the last `count` lines; `some`: matches, bytes or what
           else can't be held against a count of lines, which is never the whole
    first  a line, from 1
    last   a line, included; None: to the end
    count  a number of lines
    """

    __slots__ = ("count", "first", "kind", "last")

    def __init__(self, kind: str = WHOLE, first: int = 1, last: int | None = None, count: int = 0) -> None:
        self.kind = kind
        self.first = first
        self.last = last
        self.count = count


class Read:
    """A file's content is read, and may reach the agent.

    path  absolute, in the spelling that the call leads to; links are not followed yet
    via   the tool or command that does it, for the reason: `Read`, `cat`, `git show`
    """

    __slots__ = ("path", "via", "window")

    def __init__(self, path: str, via: str, window: Window | None = None) -> None:
        self.path = path
        self.via = via
        self.window = window or Window()


class Named:
    """Code of an interpreter holds a file's name, and what it does with the file can't be told."""

    __slots__ = ("path", "via")

    def __init__(self, path: str, via: str) -> None:
        self.path = path
        self.via = via


class Metadata:
    """A file's name, size, mode or existence is asked for or set (ls, stat, chmod, `git rm --cached`)."""

    __slots__ = ("path", "via")

    def __init__(self, path: str, via: str) -> None:
        self.path = path
        self.via = via


class HandOver:
    """A file is given to a program that uses it without showing it (`docker compose --env-file`)."""

    __slots__ = ("path", "via")

    def __init__(self, path: str, via: str) -> None:
        self.path = path
        self.via = via


class Write:
    """A file is made, changed, moved over or taken away.

    is_removal  whether it is gone afterwards
    content     what will stand in it, where that is known: only the text that the call brings along
    """

    __slots__ = ("content", "is_removal", "path", "via")

    def __init__(self, path: str, via: str, *, content: str | None = None, is_removal: bool = False) -> None:
        self.path = path
        self.via = via
        self.content = content
        self.is_removal = is_removal


class Execute:
    """A program is started. `path` is absolute where the call names a file, else the bare name of the command.

    looks  whether its arguments make it one that only looks: `git status`
    """

    __slots__ = ("looks", "path")

    def __init__(self, path: str, *, looks: bool = False) -> None:
        self.path = path
        self.looks = looks


class Sql:
    """Text that a database is asked to run.

    text  None where a client runs what can't be known (a variable, an unreadable file): `opaque` of the policy
    via   `psql -c`
    """

    __slots__ = ("text", "via")

    def __init__(self, text: str | None, via: str) -> None:
        self.text = text
        self.via = via


class Content:
    """Text that leaves the agent for somewhere that keeps or shows it: a commit's message, an issue, a command line.

    where  as the reason names it: `the command line`, `the commit's message`, `the argument body`
    """

    __slots__ = ("text", "where")

    def __init__(self, text: str, where: str) -> None:
        self.text = text
        self.where = where


class Bypass:
    """The checks of a commit, or this guard, would be passed by. `what`: `--no-verify`, `SKIP=`, `core.hooksPath`."""

    __slots__ = ("what",)

    def __init__(self, what: str) -> None:
        self.what = what


class CredentialsShown:
    """A command prints credentials by its nature (`gh auth token`, `printenv`, `aws configure get`)."""

    __slots__ = ("via",)

    def __init__(self, via: str) -> None:
        self.via = via


class Unresolved:
    """Something that can't be known before it runs, and that matters: it feeds a reader, a client or an interpreter.

    what  the part of the call, short, for the reason: `$(fetch)`, `"$FILE"`
    why   `the file that cat reads`, `the program that bash runs`
    """

    __slots__ = ("what", "why")

    def __init__(self, what: str, why: str) -> None:
        self.what = what
        self.why = why


class GitOutput:
    """A command of git that may print the contents of tracked files.

    folder   where git runs, absolute
    name     the subcommand
    words    what stands behind it; None for a word that isn't known
    """

    __slots__ = ("folder", "name", "words")

    def __init__(self, folder: str, name: str, words: Sequence[str | None]) -> None:
        self.folder = folder
        self.name = name
        self.words = tuple(words)

    @property
    def via(self) -> str:
        """The command for a sentence."""
        return f"git {self.name}"

    @property
    def has_paths(self) -> bool:
        """Whether it is narrowed to some paths already."""
        return "--" in self.words


class GitTree:
    """Files of the working tree become what they are in a commit.

    folder     where git runs, absolute
    via        `git checkout`
    revision   the commit as it is written; empty for the index; None where it isn't known
    pathspecs  which files; None for the whole tree
    """

    __slots__ = ("folder", "pathspecs", "revision", "via")

    def __init__(self, folder: str, via: str, revision: str | None, pathspecs: Sequence[str] | None) -> None:
        self.folder = folder
        self.via = via
        self.revision = revision
        self.pathspecs = pathspecs

    @property
    def keeps_others(self) -> bool:
        """Whether files stay that the commit doesn't have."""
        return self.via == "git checkout" and self.pathspecs is not None

    @property
    def keeps_changes(self) -> bool:
        """Whether changes stay that aren't committed."""
        return self.via in ("git checkout", "git switch") and self.pathspecs is None


if TYPE_CHECKING:
    from nightlatch.agent.search import Search

    Effect: TypeAlias = (
        Read
        | Named
        | Metadata
        | HandOver
        | Write
        | Execute
        | Sql
        | Content
        | Bypass
        | CredentialsShown
        | Unresolved
        | Search
        | GitOutput
        | GitTree
    )
