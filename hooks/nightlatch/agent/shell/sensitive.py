"""Whether a text that can't be parsed mentions anything that could matter: then a person is asked."""

from __future__ import annotations

from nightlatch.agent.shell.commands.index import THEMES

_IDLE = frozenset({"builtins", "machine", "runners", "toolchains"})
_WORDS = frozenset({"at", "code", "dir", "file", "host", "json", "open", "test"})
"""Programs whose names are words of any text, and that show nothing by themselves."""
_ENDS = "\n\t ;|&()<>{}\"'`$=\\"


def mentions_what_matters(text: str) -> bool:
    """Whether a word of it names a reader, a client, a writer or an interpreter, or a file is redirected."""
    if "<" in text or ">" in text:
        return True
    for end in _ENDS:
        text = text.replace(end, " ")
    names = {word.rpartition("/")[2] for word in text.split()} - _WORDS
    return any(THEMES.get(name, "builtins") not in _IDLE for name in names)
