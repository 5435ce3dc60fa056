"""Interpreters whose language nobody reads here: code that names a file which is there is told as such."""

from __future__ import annotations

from nightlatch.agent.shell.arguments import parsed, roles
from nightlatch.agent.shell.code import name_files
from nightlatch.agent.shell.usage import Usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.call import Call
    from nightlatch.agent.shell.values import Stream, Word

CODES: dict[str, str] = {
    "R": "-e:code -f:read --file:read", "Rscript": "-e:code", "bc": "-e:code --expression:code",
    "clojure": "-e:code --eval:code", "crystal": "", "dc": "-e:code -f:read", "elixir": "-e:code --eval:code",
    "erl": "-eval:code -s:value -pa:value", "ghc": "-e:code", "groovy": "-e:code",
    "guile": "-c:code", "jshell": "", "julia": "-e:code -E:code --eval:code --print:code", "kotlin": "-e:code",
    "kotlinc": "-e:code", "m4": "", "octave": "--eval:code", "racket": "-e:code", "raku": "-e:code",
    "sbcl": "--eval:code --load:read", "scala": "-e:code", "swipl": "-g:code", "tclsh": "",
    "wolframscript": "-code:code",
    "lldb": "-o:code -O:code -s:read",
}  # fmt: skip
"""Program → its options: `code` is a text of its language. Their operands are files that they run or show."""

SINGLE_DASH = frozenset({"erl", "wolframscript"})


def follow(call: Call) -> Stream | None:
    """Files that the code names; scripts and what flows in are such code too."""
    table = roles(CODES[call.name])
    arguments = parsed(call.words, table, single_dash=call.name in SINGLE_DASH)
    for name, word in arguments.options:
        if word is not None and table.get(name) == "code":
            _names(call, word)
        elif word is not None and table.get(name) == "read":
            call.read_if_there(word)
    for word in arguments.operands:
        call.read_if_there(word)
        text = call.file_text(word)
        if text is not None:
            name_files(text, call)
    if call.stdin is not None:
        flowing = call.stdin.word
        call.read_stdin()
        if flowing is not None:
            _names(call, flowing)
    return None


def _names(call: Call, code: Word) -> None:
    """The files that code names, in quotes or as words of their own."""
    text = code.shown
    name_files(text, call)
    bare = "".join(sign if sign.isalnum() or sign in "._-/~" else " " for sign in text)
    name_files(" ".join(f"'{word}'" for word in bare.split()), call)


COMMANDS: dict[str, Usage] = {name: Usage(handler=follow) for name in CODES}
