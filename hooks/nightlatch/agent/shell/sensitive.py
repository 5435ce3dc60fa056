"""Whether a text that can't be parsed mentions anything that could matter: then a person is asked."""

from __future__ import annotations

from nightlatch.agent.shell.commands.index import THEMES

_IDLE = frozenset({"builtins", "machine", "runners"})
_ENDS = "\n\t ;|&()<>{}\"'`$=\\"


def mentions_what_matters(text: str) -> bool:
    """Whether a word of it names a reader, a client, a writer or an interpreter, or a file is redirected."""
    if "<" in text or ">" in text:
        return True
    for end in _ENDS:
        text = text.replace(end, " ")
    return any(THEMES.get(word.rpartition("/")[2], "builtins") not in _IDLE for word in text.split())
