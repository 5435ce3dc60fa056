"""A script of the shell that is started or sourced: followed as far as it can be read.

The team's own scripts are no agent's doing: what can't be told of them is not asked about, and what they build is
theirs. What they read of closed files, run on a database or pass by counts all the same.
"""

from __future__ import annotations

import os.path

from nightlatch.agent.effects import Metadata, Write
from nightlatch.agent.shell.values import Stream, Word, unknown_stream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.call import Call
    from nightlatch.agent.shell.state import State

MOST_CHARACTERS = 128 * 1024
_SHELLS = ("sh", "bash", "zsh", "dash", "ksh", "ash")
_LANGUAGES = {
    "python": "python",
    "python3": "python",
    "node": "javascript",
    "ruby": "ruby",
    "perl": "perl",
    "php": "php",
}


def run_script(call: Call, script: Word, arguments: list[Word]) -> Stream | None:
    """Follow a script file that is started."""
    held = call.shell.process_stream(script.text or "")
    if held is not None:
        if held.text is None:
            call.unresolved(Word(held.source or script.shown), f"the command that {call.name} runs")
            return None
        return call.shell.script(held.text, call.state.copy(), None)
    if script.text is None:
        call.unresolved(script, f"the script that {call.name} runs")
        return None
    for path in call.paths(script):
        call.execute(path)
    text = call.file_text(script)
    is_new = any(os.path.normpath(path) in call.state.written for path in call.paths(script))
    if text is None and is_new:
        call.unresolved(script, f"a script that this call writes and {call.name} runs")
    if text is None or len(text) > MOST_CHARACTERS or "\0" in text:
        return None
    interpreter = _interpreter(text.lstrip("\n"))
    if interpreter in _LANGUAGES:
        from nightlatch.agent.shell.call import Call as Made
        from nightlatch.agent.shell.code import follow_code

        state = _script_state(call.state)
        follow_code(Made(call.shell, state, call.name, [], call.stdin), _LANGUAGES[interpreter], Word(text), arguments)
    elif is_new and (interpreter in _SHELLS or not interpreter):
        state = call.state.copy()
        state.arguments, state.knows_arguments = arguments, True
        call.shell.script(text, state, call.stdin)
    elif interpreter in _SHELLS or not interpreter:  # without a first line that names one, the shell runs it itself
        state = _script_state(call.state)
        state.arguments = arguments
        _follow(call, text, state)
    return unknown_stream(f"$({script.shown})")


def _script_state(state: State) -> State:
    twin = state.copy()
    twin.is_script = True
    twin.knows_arguments = True
    return twin


def _interpreter(text: str) -> str:
    """The program that the first line names; empty where there is no such line."""
    first = text.partition("\n")[0]
    if not first.startswith("#!"):
        return ""
    words = first[2:].split()
    names = [word.rpartition("/")[2] for word in words if not word.startswith("-")]
    if names[:1] == ["env"]:
        names = names[1:]
    return names[0] if names else ""


def _follow(call: Call, text: str, state: State) -> None:
    """Follow its commands; what they build within the project is left out."""
    trace = call.shell.trace
    before = len(trace.effects)
    call.shell.script(text, state, call.stdin)
    trace.effects[before:] = [effect for effect in trace.effects[before:] if not _is_own(effect, call)]


def _is_own(effect: object, call: Call) -> bool:
    if isinstance(effect, Metadata):
        return True
    if not isinstance(effect, Write):
        return False
    root = call.place.root + "/"
    if effect.path.startswith(("/tmp/", "/var/tmp/")):  # noqa: S108 - no use of it
        return True
    inner = effect.path.removeprefix(root)
    return effect.path.startswith(root) and not any(
        part.startswith(".") and part not in (".", "..") for part in inner.split("/")
    )


def source(call: Call, script: Word, arguments: list[Word]) -> Stream | None:
    """`. file`, `source file`: its commands run here, and its variables stay."""
    held = call.shell.process_stream(script.text or "")
    if held is not None or script.text in ("/dev/stdin", "-"):
        stream = held if held is not None else call.stdin
        if stream is None or stream.text is None:
            call.unresolved(Word(stream.source if stream else "stdin"), f"the command that {call.name} runs")
            return None
        return call.shell.script(stream.text, call.state, None)
    if call.state.echoes:
        call.read(script)
    call.hand_over(script)
    if script.text is None:
        call.unresolved(script, f"the script that {call.name} runs")
        return None
    paths = call.paths(script)
    call.state.loaded = tuple(dict.fromkeys((*call.state.loaded, *paths)))
    text = call.file_text(script)
    if text is None or len(text) > MOST_CHARACTERS or "\0" in text:
        return None
    twin = _script_state(call.state)
    twin.arguments = arguments
    _follow(call, text, twin)
    _keep(call.state, twin)
    return None


def _keep(state: State, twin: State) -> None:
    """Functions and aliases stay as they are; variables stay, but for their values: those are the file's content."""
    from nightlatch.agent.shell.values import Unknown

    for name, values in twin.variables.items():
        if values is not state.variables.get(name):
            state.variables[name] = [[Word(Unknown(f"${name}"))]]
    state.functions = twin.functions
    state.aliases = twin.aliases
    state.folders = twin.folders
