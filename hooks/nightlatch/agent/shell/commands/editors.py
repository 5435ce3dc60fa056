"""Editors: they show a file and may change it, by hand or with a script."""

from __future__ import annotations

from nightlatch.agent.effects import SOME, Window
from nightlatch.agent.shell.arguments import parsed, roles
from nightlatch.agent.shell.usage import Usage
from nightlatch.agent.shell.values import Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.call import Call

_TABLE = (
    "-c:script --cmd:script -S:file -s:file -u:value -i:value -T:value -w:write -W:write --eval:script -f:value "
    "-l:file --load:file --script:file"
)


def edit(call: Call) -> None:
    """Files that an editor opens: they are read, and may be written."""
    scripts = [word.cut(1) for word in call.words if word.prefix.startswith("+")]
    words = [word for word in call.words if not word.prefix.startswith("+")]
    options = roles(_TABLE)
    is_silent = any(word.text in ("-e", "-E", "-es", "-Es") for word in words)  # there `-s` takes no file
    if is_silent or call.name in ("ed", "ex", "nano", "emacs"):
        options = {name: role for name, role in options.items() if name != "-s"}
    arguments = parsed(words, options)
    for name, word in arguments.options:
        role = options.get(name, "")
        if word is not None and role == "script":
            scripts.append(word)
        elif word is not None and role == "file":
            call.read(word)
            scripts.append(Word(call.file_text(word) or "w"))
        elif word is not None and role == "write":
            call.write(word)
    if call.stdin is not None and call.name in ("ed", "ex", "vim", "vi", "nvim", "red"):
        call.read_stdin()
        scripts.append(call.stdin.word or Word("w"))
    window = Window(SOME) if any(_prints_part(script) for script in scripts) else None
    for word in arguments.operands:
        call.read(word, window)
        if call.name != "view" and not arguments.has("-R", "-M"):
            call.write(word)
    for script in scripts:
        _follow(call, script)


_PRINTING = frozenset({"p", "n", "l", "nu", "print", "#"})


def _prints_part(script: Word) -> bool:
    """Whether a script prints some lines: `1p`, `5,9n`; `%p` and `,p` print all."""
    for piece in script.shown.replace("|", "\n").splitlines():
        bare = piece.strip(" :\t")
        letters = bare.lstrip("%0123456789,.$+- ")
        if letters in _PRINTING and bare[: len(bare) - len(letters)].strip() not in ("%", ",", "1,$"):
            return True
    return False


def _follow(call: Call, script: Word) -> None:
    """What a script of an editor opens besides: other files, and the shell."""
    pieces = [piece.strip(" :\t") for line in script.shown.split("\n") for piece in line.split("|")]
    for piece in pieces:
        bare = piece.lstrip("%0123456789,.$ ")
        if bare.startswith("!"):
            call.shell.script(bare[1:], call.state.copy(), None)
        elif bare.startswith(("r !", "r!", "w !", "w!!")):
            call.shell.script(bare.partition("!")[2], call.state.copy(), None)
        elif bare.startswith(("r ", "read ", "e ", "edit ", "split ", "vs ", "so ", "source ")):
            call.read(Word(bare.partition(" ")[2].strip()))
        elif bare.startswith(("w ", "w! ", "write ", "saveas ", "sav ")):
            call.write(Word(bare.partition(" ")[2].strip()))


COMMANDS: dict[str, Usage] = {
    name: Usage(handler=edit) for name in ("ed", "emacs", "ex", "nano", "nvim", "red", "vi", "view", "vim")
}
