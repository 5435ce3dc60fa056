"""Files whose content stands in variables and words: `x=$(cat file)`, `echo "$x" | head`, `${x:0:50}`."""

from __future__ import annotations

from nightlatch.agent.effects import SOME, Read, Window
from nightlatch.agent.shell.parameters import Parameter
from nightlatch.agent.shell.words import COMMAND, PARAMETER, WordError, pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.interpreter import Interpreter
    from nightlatch.agent.shell.state import State

_CUTTING = (":", "#", "##", "%", "%%")
PRINTING = ("echo", "printf", "print")
"""Commands whose words are what they print."""


def files_in(shell: Interpreter, sources: list[str], state: State) -> tuple[str, ...]:
    """The files whose content stands in some words, as they are written. Where it is cut, a part of them is read."""
    found: list[str] = []
    for source in sources:
        if "$" not in source and "`" not in source:
            continue
        try:
            parts = pieces(source)
        except WordError:
            continue
        for piece in parts:
            if piece.kind == COMMAND:
                found += shell.printed_files.get(piece.text, ())
            elif piece.kind == PARAMETER and state.contents:
                found += _of_variable(shell, piece.text, state)
    return tuple(dict.fromkeys(found))


def _of_variable(shell: Interpreter, text: str, state: State) -> tuple[str, ...]:
    parameter = Parameter(text)
    files = state.contents.get(parameter.name, ())
    if parameter.is_length:
        return ()
    if parameter.operator in _CUTTING or parameter.index not in ("", "@", "*"):
        for path in files:
            shell.trace.add(Read(path, "bash", Window(SOME)))
    return files
