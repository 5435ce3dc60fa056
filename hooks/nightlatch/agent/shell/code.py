"""Code that an interpreter is given, on the command line or in a file: the files, commands and SQL that it names."""

from __future__ import annotations

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
    """What the readers of code report to; all that isn't known stands behind the call that runs the code."""

    def __init__(self, call: Call, arguments: list[Word]) -> None:
        self.call = call
        self.arguments = arguments

    def read(self, path: str | None, source: str) -> None:
        """A file is read, or one that can't be told."""
        self.call.read(_word(path, source))

    def hand_over(self, path: str) -> None:
        self.call.hand_over(Word(path))

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
