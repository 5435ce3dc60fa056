"""What a shell remembers from one command to the next: folders, variables, functions, open files.

Where the ways of a script part (an `if`, a loop, a `cd` that may fail) both are followed and joined again: a variable
then has several values, and the shell may stand in several folders.
"""

from __future__ import annotations

from nightlatch.agent.shell.values import Unknown, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.grammar import Node
    from nightlatch.agent.shell.prepare import HereDocument
    from nightlatch.agent.shell.values import Patch, Stream

    Value = list[Word]
    """The fields of a variable: one, or those of an array."""

MOST_VALUES = 24
"""How many values a variable is followed with; beyond it is unknown."""

MOST_FOLDERS = 4

MOST_PARTS = 4_000
MOST_CHARACTERS = 128 * 1024
"""How much text a variable is followed with."""


class Function:
    """A function's body, and the here-documents of the script that it stands in."""

    __slots__ = ("body", "documents")

    def __init__(self, body: Node, documents: list[HereDocument]) -> None:
        self.body = body
        self.documents = documents


class Mount:
    """A folder of this machine as a container sees it.

    inside   the container's path
    outside  the absolute path here
    """

    __slots__ = ("inside", "outside")

    def __init__(self, inside: str, outside: str) -> None:
        self.inside = inside.rstrip("/") or "/"
        self.outside = outside


class Twin:
    """A name that an earlier command gave to a file or a folder that has another one already.

    name     the new one, absolute
    origin   where the content comes from, absolute
    is_copy  whether it is a copy: what is written to it changes nothing there
    """

    __slots__ = ("is_copy", "name", "origin")

    def __init__(self, name: str, origin: str, *, is_copy: bool) -> None:
        self.name = name
        self.origin = origin
        self.is_copy = is_copy

    def behind(self, path: str) -> str | None:
        """Where a path leads that is this name or lies below it; None for any other."""
        if path == self.name:
            return self.origin
        return self.origin + path[len(self.name) :] if path.startswith(self.name + "/") else None


MOST_TWINS = 200


class State:
    """See above.

    folders      where the shell stands, absolute: more than one where a `cd` may fail; None: nobody knows
    variables    name → the values that it can have
    contents     name of a variable → the files whose content it holds
    functions    name → the bodies that it can have
    arguments    `$1`, `$2`, …
    knows_arguments  whether these are all: nobody knows them where the command starts
    shows_dots   whether `*` stands for names with a leading dot too (`shopt -s dotglob`)
    echoes       whether each line is shown before it runs (`set -v`, `set -x`)
    loaded       files whose content was read into the shell's variables (`source .env`)
    descriptors  number → what `exec 3< file` opened
    mounts       None: commands run on this machine; else the folders that their container sees of it
    made         folders that an earlier command made, in whichever shell
    written      path → what an earlier command wrote there; None: nobody knows
    patches      path → what `git diff` put there, as GitTree has it: the commit and the files that it compares
    twins        other names that earlier commands made: links, copies
    references   variables that stand for another one (`declare -n`), and which
    is_script    whether the commands stand in a script file that has been started
    """

    __slots__ = (
        "aliases", "arguments", "contents", "descriptors", "echoes", "folders", "functions", "is_script",
        "knows_arguments", "loaded", "made", "mounts", "patches", "references", "shows_dots", "twins",
        "variables", "written",
    )  # fmt: skip

    def __init__(self, folder: str) -> None:
        self.folders: tuple[str | None, ...] = (folder,)
        self.variables: dict[str, list[Value]] = {}
        self.contents: dict[str, tuple[str, ...]] = {}
        self.functions: dict[str, list[Function]] = {}
        self.aliases: dict[str, str] = {}
        self.arguments: list[Word] = []
        self.loaded: tuple[str, ...] = ()
        self.descriptors: dict[int, Stream] = {}
        self.mounts: tuple[Mount, ...] | None = None
        self.made: set[str] = set()
        self.written: dict[str, str | None] = {}
        self.patches: dict[str, Patch] = {}
        self.twins: list[Twin] = []
        self.references: dict[str, str] = {}
        self.is_script = False
        self.knows_arguments = False
        self.shows_dots = False
        self.echoes = False

    def copy(self) -> State:
        """A shell that knows the same and goes its own way."""
        twin = State("")
        twin.folders = self.folders
        twin.variables = dict(self.variables)
        twin.contents = dict(self.contents)
        twin.functions = dict(self.functions)
        twin.aliases = dict(self.aliases)
        twin.arguments = self.arguments
        twin.loaded = self.loaded
        twin.descriptors = dict(self.descriptors)
        twin.mounts = self.mounts
        twin.made = self.made
        twin.written = self.written
        twin.patches = self.patches
        twin.twins = self.twins
        twin.references = dict(self.references)
        twin.knows_arguments = self.knows_arguments
        twin.shows_dots = self.shows_dots
        twin.echoes = self.echoes
        twin.is_script = self.is_script
        return twin

    def take(self, other: State) -> None:
        """Go on as the other one does."""
        for name in State.__slots__:
            setattr(self, name, getattr(other, name))

    def join(self, other: State) -> None:
        """Whatever holds here or there may hold from now on."""
        self.folders = tuple(dict.fromkeys((*self.folders, *other.folders)))
        if len(self.folders) > MOST_FOLDERS:
            self.folders = (*self.folders[:MOST_FOLDERS], None)
        for name in {*self.variables, *other.variables}:
            mine, theirs = self.variables.get(name), other.variables.get(name)
            if mine is not theirs:
                self.variables[name] = distinct([*(mine or [[]]), *(theirs or [[]])], name)
        self.contents.update(other.contents)
        for name, bodies in other.functions.items():
            mine_bodies = self.functions.get(name, [])
            self.functions[name] = [*mine_bodies, *(body for body in bodies if body not in mine_bodies)]
        self.aliases.update(other.aliases)
        self.loaded = tuple(dict.fromkeys((*self.loaded, *other.loaded)))
        self.descriptors = other.descriptors | self.descriptors
        self.shows_dots = self.shows_dots or other.shows_dots
        self.echoes = self.echoes or other.echoes

    def note(self, path: str, content: str | None) -> None:
        """Remember what was written to a file; what was written before may still stand there."""
        self.patches.pop(path, None)
        before = self.written.get(path, "")
        self.written[path] = None if content is None or before is None else before + content

    def add_twin(self, name: str, origin: str, *, is_copy: bool) -> None:
        """Remember another name of a file or a folder, both absolute."""
        if name != origin and len(self.twins) < MOST_TWINS:
            self.twins.append(Twin(name, origin, is_copy=is_copy))

    def origins(self, path: str, *, copies: bool = True) -> list[str]:
        """Where a path leads by the names that were made in this call; without `copies`, by links alone."""
        found: list[str] = []
        pending = [path]
        while pending and len(found) < MOST_FOLDERS:
            here = pending.pop()
            for twin in self.twins:
                origin = twin.behind(here) if copies or not twin.is_copy else None
                if origin is not None and origin not in found and origin != path:
                    found.append(origin)
                    pending.append(origin)
        return found

    def assign(self, name: str, values: list[Value]) -> None:
        """Give a variable its values; several where nobody knows which."""
        name = self.references.get(name, name)
        self.variables[name] = distinct(values, name)

    def text(self, name: str) -> str | None:
        """A variable's only value as text; None where there is none, or more than one."""
        values = self.variables.get(name)
        return values[0][0].text if values is not None and len(values) == 1 and len(values[0]) == 1 else None


def distinct(values: list[Value], name: str) -> list[Value]:
    """Values without those that stand twice; too many become one unknown."""
    found: dict[tuple[str, ...], Value] = {}
    for value in values:
        parts = [part for word in value for part in word.parts]
        if len(parts) > MOST_PARTS or sum(len(part) for part in parts if isinstance(part, str)) > MOST_CHARACTERS:
            return [[Word(Unknown(f"${name}"))]]
        found.setdefault(tuple(word.shown for word in value), value)
    if len(found) > MOST_VALUES:
        return [[Word(Unknown(f"${name}"))]]
    return list(found.values())
