"""One command as it is run: its words, what flows into it, and the ways to say what it does."""

from __future__ import annotations

import os.path

from nightlatch.agent.effects import (
    Bypass,
    Content,
    CredentialsShown,
    Execute,
    HandOver,
    Metadata,
    Read,
    Sql,
    Unresolved,
    Window,
    Write,
)
from nightlatch.agent.shell.values import Stream, Unknown, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nightlatch.agent.effects import Effect
    from nightlatch.agent.place import Place
    from nightlatch.agent.shell.interpreter import Interpreter
    from nightlatch.agent.shell.state import State

DEVICES = frozenset(
    {"/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/random",
     "/dev/urandom", "-"}
)  # fmt: skip


class Call:
    """See above.

    name   the command's name without its folder, as the reasons give it
    words  its arguments
    stdin  what flows in; None where nothing does
    """

    __slots__ = ("name", "shell", "state", "stdin", "words")

    def __init__(self, shell: Interpreter, state: State, name: str, words: list[Word], stdin: Stream | None) -> None:
        self.shell = shell
        self.state = state
        self.name = name
        self.words = words
        self.stdin = stdin

    @property
    def place(self) -> Place:
        return self.shell.place

    def named(self, name: str, words: list[Word]) -> Call:
        """The same call under another name: a subcommand, as the reasons give it."""
        return Call(self.shell, self.state, name, words, self.stdin)

    # what it does

    def read(self, word: Word, window: Window | None = None, via: str = "") -> list[str]:
        """A file's content is read. Gives the paths."""
        number = descriptor(word.text or "")
        if number is not None:
            opened = self.stdin if number == 0 else self.state.descriptors.get(number)
            twin = self.named(self.name, [])
            twin.stdin = opened
            twin.read_stdin(window)
            return list(opened.files) if opened is not None else []
        found = self._each(word, "reads", lambda path: Read(path, via or self.name, window))
        for origin in self.origins(found):
            self.read_path(origin, window, via)
        return found

    def read_if_there(self, word: Word) -> None:
        """A file that a program may look into and quote, where the word is the name of one."""
        for path in self.paths(word):
            if self.place.exists(path) and not self.place.is_folder(path):
                self.read_path(path)

    def read_path(self, path: str, window: Window | None = None, via: str = "") -> None:
        """The same for a path that is absolute already."""
        self.shell.trace.add(Read(path, via or self.name, window))

    def look(self, word: Word) -> None:
        """A file's name, size, mode or existence is asked for. Nobody asks about one that isn't known."""
        for path in self.paths(word):
            self.shell.trace.add(Metadata(path, self.name))

    def hand_over(self, word: Word, via: str = "") -> None:
        """A file is given to a program that uses it without showing it."""
        for path in self.paths(word):
            self.shell.trace.add(HandOver(path, via or self.name))

    def origins(self, paths: list[str], *, copies: bool = True) -> list[str]:
        """Where paths lead by the links and copies that this call makes itself."""
        if not self.state.twins:
            return []
        return [origin for path in paths for origin in self.state.origins(os.path.normpath(path), copies=copies)]

    def write(self, word: Word, content: str | None = None, *, is_removal: bool = False, via: str = "") -> None:
        """A file is made, changed or taken away."""
        verb = "removes" if is_removal else "writes"
        if self.state.mounts is not None and not self._is_mounted(word):
            return  # a container's own files are none of this machine's

        def effect(path: str) -> Write:
            return Write(path, via or self.name, content=content, is_removal=is_removal)

        paths = self._each(word, verb, effect)
        if self.state.twins:
            self._write_through(paths, content, via or self.name, is_removal=is_removal)
        if not is_removal and not self.state.is_script:
            for path in paths:
                self.state.note(os.path.normpath(path), content)

    def _write_through(self, paths: list[str], content: str | None, via: str, *, is_removal: bool) -> None:
        """What is written goes where a link leads; a link itself is removed, what lies below it is not."""
        names = {twin.name for twin in self.state.twins}
        for path in map(os.path.normpath, paths):
            if not (is_removal and path in names):
                for origin in self.state.origins(path, copies=False):
                    self.shell.trace.add(Write(origin, via, content=content, is_removal=is_removal))
        self.state.twins[:] = [twin for twin in self.state.twins if not (twin.is_copy and twin.name in paths)]

    def execute(self, path: str) -> None:
        from nightlatch.agent.programs import looks_with

        words = [word.text or "" for word in self.words]
        self.shell.trace.add(Execute(path, looks=looks_with(path, words)))

    def sql(self, text: str | None, via: str) -> None:
        self.shell.trace.add(Sql(text, via))

    def content(self, word: Word, where: str) -> None:
        """Text that leaves for somewhere that keeps it."""
        if word.shown:
            self.shell.trace.add(Content(word.shown, where))

    def bypass(self, what: str) -> None:
        self.shell.trace.add(Bypass(what))

    def shows_credentials(self, via: str) -> None:
        """Credentials are printed; what is thrown away is shown to nobody."""
        if self.shell.flow.is_silent:
            return
        self.shell.trace.add(CredentialsShown(via))

    def unresolved(self, word: Word, why: str) -> None:
        """Something can't be known that matters. In a script that the repository has, nobody is asked about it."""
        if not self.state.is_script:
            self.shell.trace.add(Unresolved(_shown(word), why))

    # paths

    def paths(self, word: Word) -> list[str]:
        """The absolute paths that a word may name; what is known of it where the rest isn't. Never a device."""
        text = word.text
        if text is None:
            end = word.suffix.strip("/")
            return [self._joined(folder, end) for folder in self._folders()] if end else []
        if text in DEVICES or text.startswith("/dev/fd/") or not text:
            return []
        if self.state.mounts is not None:
            return self._outside(text)
        if text.startswith("/"):
            return [text]
        return [self._joined(folder, text) for folder in self._folders()]

    def _folders(self) -> list[str]:
        return [folder for folder in self.state.folders if folder is not None] or [self.shell.folder]

    def _joined(self, folder: str, path: str) -> str:
        return os.path.join(folder, path)

    def _outside(self, text: str) -> list[str]:
        """A container's path on this machine; one that isn't mounted as if the container's root were the project's.

        Images hold copies of the project, so that `/app/.env` is taken for a `.env` of its.
        """
        inside = text if text.startswith("/") else os.path.join(self._folders()[0], text)
        inside = os.path.normpath(inside)
        for mount in sorted(self.state.mounts or (), key=lambda mount: -len(mount.inside)):
            if inside == mount.inside or inside.startswith(mount.inside.rstrip("/") + "/"):
                return [os.path.normpath(mount.outside + "/" + inside[len(mount.inside) :].lstrip("/"))]
        return [self.place.root + inside]

    def _is_mounted(self, word: Word) -> bool:
        text = word.text or ""
        inside = os.path.normpath(text if text.startswith("/") else os.path.join(self._folders()[0], text))
        return any(
            inside == mount.inside or inside.startswith(mount.inside.rstrip("/") + "/")
            for mount in self.state.mounts or ()
        )

    def _each(self, word: Word, verb: str, effect: Callable[[str], Effect]) -> list[str]:
        if word.text is None:
            self.unresolved(word, f"the file that {self.name} {verb}")
        elif None in self.state.folders and not word.prefix.startswith("/"):
            self.unresolved(word, f"the folder of the file that {self.name} {verb}")
        paths = self.paths(word)
        for path in paths:
            self.shell.trace.add(effect(path))
        return paths

    # streams

    def read_stdin(self, window: Window | None = None) -> None:
        """What flows in is read: a file that a redirection opened, or a part of what another program read."""
        if self.stdin is None:
            return
        if self.stdin.is_raw or (window is not None and window.kind != "whole"):
            for path in self.stdin.files:
                self.read_path(path, window)
        self.stdin.is_raw = False

    def look_at_stdin(self) -> None:
        """What flows in is counted or hashed, no more."""
        if self.stdin is not None and self.stdin.is_raw:
            for path in self.stdin.files:
                self.shell.trace.add(Metadata(path, self.name))

    def file_text(self, word: Word) -> str | None:
        """The text of a file; None where it can't be known."""
        if word.text in ("-", "/dev/stdin"):
            return self.stdin.text if self.stdin is not None else ""
        paths = self.paths(word) if word.text is not None else []
        if len(paths) != 1:
            return None
        written = self.state.written.get(os.path.normpath(paths[0]))
        before = self.place.read_text(next(iter(self.origins(paths)), paths[0]))
        return before if written is None else (before or "") + "\n" + written

    def is_folder(self, word: Word) -> bool:
        """Whether a word names a folder that is there."""
        if word.text is None:
            return False
        paths = self.paths(word)
        return any(self.place.is_folder(path) for path in (*paths, *self.origins(paths)))

    def run(self, words: Iterable[Word], stdin: Stream | None = None) -> Stream:
        """Another command that this one starts."""
        return self.shell.command(list(words), self.state, stdin if stdin is not None else self.stdin)

    def script(self, text: Word, why: str) -> Stream:
        """Commands that this one lets a shell run."""
        known = text.text
        if known is None:
            self.unresolved(text, why)
            known = text.shown if any(isinstance(part, str) and part.strip() for part in text.parts) else ""
        return self.shell.script(known, self.state, self.stdin)


_DESCRIPTORS = ("/dev/fd/", "/proc/self/fd/")


def descriptor(path: str) -> int | None:
    """The number of an open file that a path stands for: `/dev/fd/3`."""
    for folder in _DESCRIPTORS:
        if path.startswith(folder) and path[len(folder) :].isdigit():
            return int(path[len(folder) :][:4])
    return None


def _shown(word: Word) -> str:
    """The part that isn't known, with what stands beside it."""
    text = " ".join(word.shown.split())
    unknown = next((part.source for part in word.parts if isinstance(part, Unknown)), text)
    return text if len(text) <= 60 else unknown  # noqa: PLR2004 - fits into a reason
