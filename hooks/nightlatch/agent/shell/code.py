"""Code that an interpreter is given, on the command line or in a file: the files, commands and SQL that it names."""

from __future__ import annotations

import os.path

from nightlatch.agent.effects import SOME, Named, Window
from nightlatch.agent.shell.values import Unknown, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.call import Call

MOST_CHARACTERS = 200 * 1024
SQL_STARTS = frozenset(
    {"select", "insert", "update", "delete", "drop", "truncate", "alter", "create", "grant", "revoke", "merge", "with",
     "do", "copy", "call", "execute", "begin", "set", "replace", "rename"}
)  # fmt: skip


class Finder:
    """What the readers of code report to; all that isn't known stands behind the call that runs the code.

    takes_part  whether the code keeps a part of what it reads
    """

    def __init__(self, call: Call, arguments: list[Word]) -> None:
        self.call = call
        self.arguments = arguments
        self.takes_part = False

    def read(self, path: str | None, source: str) -> None:
        """A file is read, or one that can't be told."""
        self.call.read(_word(path, source), Window(SOME) if self.takes_part else None)

    def search(self, folder: str, pattern: str) -> None:
        """The files below a folder whose names fit are read, one after the other."""
        from nightlatch.agent.search import Search

        for path in self.call.paths(Word(folder)):
            self.call.shell.trace.add(Search(path, self.call.name, "", (pattern,)))

    def hand_over(self, path: str) -> None:
        self.call.hand_over(Word(path))

    def load(self, path: str) -> None:
        """A file's variables go into the environment, which is shown."""
        word = Word(path)
        self.call.hand_over(word)
        self.call.state.loaded = (*self.call.state.loaded, *self.call.paths(word))

    def write(self, path: str | None, source: str, content: str | None = None, *, is_removal: bool = False) -> None:
        """A file is written or taken away."""
        self.call.write(_word(path, source), content, is_removal=is_removal)

    def shell(self, text: str | None, source: str) -> None:
        """A command line runs."""
        self.call.script(_word(text, source), f"the command that {self.call.name} runs")

    def command(self, words: list[str | None], source: str) -> None:
        """A program runs with these arguments."""
        self.call.run([_word(word, source) for word in words])

    def sql(self, text: str | None) -> None:
        """A database runs a text, where it is one of SQL."""
        if text is not None and text.lstrip(" \t\n(").split(None, 1)[:1] and _first_word(text) in SQL_STARTS:
            self.call.sql(text, self.call.name)

    def environment(self, source: str, *, is_printed: bool) -> None:
        """The environment is looked at: what was loaded into it before may be shown."""
        for path in self.call.state.loaded:
            self.call.read_path(path, via=source)
        if is_printed:
            self.call.shows_credentials(source)

    def unresolved(self, source: str, why: str) -> None:
        self.call.unresolved(Word(source[:60]), why)


def _first_word(text: str) -> str:
    bare = text.lstrip(" \t\n(")
    end = 0
    while end < len(bare) and bare[end].isalpha():
        end += 1
    return bare[:end].lower()


def _word(text: str | None, source: str) -> Word:
    return Word(text) if text is not None else Word(Unknown(source))


def follow_code(call: Call, language: str, code: Word, arguments: list[Word] | None = None) -> None:
    """Report what a piece of code does, in so far as it says so itself."""
    text = code.text
    if text is None:
        call.unresolved(code, f"the code that {call.name} runs")
        text = code.shown
    if len(text) > MOST_CHARACTERS:
        call.unresolved(Word(text[:40]), f"the code that {call.name} runs: it is too long to be followed")
        return
    finder = Finder(call, arguments or [])
    if language == "python":
        from nightlatch.agent.shell.python_code import find

        find(text, finder)
    else:
        from nightlatch.agent.shell.other_code import find as find_others

        find_others(text, language, finder)
    if not call.state.is_script:
        name_files(text, call)


ENDINGS = {
    ".py": "python", ".js": "javascript", ".mjs": "javascript", ".cjs": "javascript", ".ts": "javascript",
    ".tsx": "javascript", ".jsx": "javascript", ".mts": "javascript", ".rb": "ruby", ".pl": "perl", ".php": "php",
    ".lua": "lua", ".go": "go", ".rs": "rust",
}  # fmt: skip
"""What a file's name ends with → its language."""


def follow_written(call: Call, word: Word) -> None:
    """Report what a file of code does that this call wrote before: a test runner or a compiler is given it."""
    if not call.state.written or word.text is None:
        return
    name = word.text.partition("::")[0]  # `pytest file::test`
    language = ENDINGS.get(os.path.splitext(name)[1])
    for path in call.paths(Word(name)) if language is not None else []:
        text = call.state.written.get(os.path.normpath(path))
        if text:
            from nightlatch.agent.shell.call import Call as Made

            state = call.state.copy()
            state.is_script = True
            follow_code(Made(call.shell, state, call.name, [], None), language or "", Word(text))


_ASKING = frozenset(
    {"exists", "existsSync", "isfile", "is_file", "isdir", "stat", "statSync", "access", "accessSync", "lstatSync",
     "load_dotenv", "dotenv_values", "config", "loadEnvFile", "chmod", "basename", "endswith", "startswith", "endsWith",
     "startsWith", "includes", "exist", "file_exists", "getsize", "load", "print", "log", "puts", "echo", "find",
     "index", "count", "replace", "write", "writeFileSync", "write_text"}
)  # fmt: skip
"""Functions that look at a file, hand it over, or take the text as a text."""

MOST_NAMES = 200


def name_files(text: str, call: Call) -> None:
    """Report texts in quotes that are names of files: what a way of reading that nobody knows here would take."""
    at = found = 0
    while at < len(text) and found < MOST_NAMES:
        quote = text[at]
        if quote not in "'\"":
            at += 1
            continue
        end = text.find(quote, at + 1)
        if end < 0:
            return
        inner = text[at + 1 : end]
        if 0 < len(inner) < LONGEST_NAME and "\n" not in inner and _caller(text, at) not in _ASKING:
            found += 1
            for path in call.paths(Word(inner)):
                if call.place.exists(path):
                    call.shell.trace.add(Named(path, call.name))
        at = end + 1


LONGEST_NAME = 200


def _caller(text: str, at: int) -> str:
    """The name of the function whose first argument stands here; empty where it is none's."""
    before = text[:at].rstrip()[-60:]
    if not before.endswith("("):
        return "in" if before.endswith(("==", "!=", " in")) else ""
    name = before[:-1].rstrip()
    end = len(name)
    while end and (name[end - 1].isalnum() or name[end - 1] == "_"):
        end -= 1
    return name[end:]
