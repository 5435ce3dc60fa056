"""Shells of Windows that another shell starts: PowerShell, and `cmd`, whose builtins PowerShell knows as aliases."""

from __future__ import annotations

from nightlatch.agent.shell.usage import Usage
from nightlatch.agent.shell.values import Stream, Word, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.call import Call

COMMAND, FILE, ENCODED = "command", "file", "encodedcommand"
TAKE_VALUES = (
    "configurationname", "configurationfile", "custompipename", "executionpolicy", "ep", "ex", "inputformat", "if",
    "outputformat", "of", "psconsolefile", "settingsfile", "version", "windowstyle", "w", "workingdirectory", "wd",
)  # fmt: skip
SHORT = {"c": COMMAND, "f": FILE, "e": ENCODED, "ec": ENCODED}


def powershell(call: Call) -> Stream | None:
    """`pwsh -c 'gc .env'`, `powershell -File x.ps1`, `pwsh -EncodedCommand …`, `… | pwsh -`.

    Source: about_Pwsh and about_PowerShell_exe. Names of options may be cut short, in any case.
    """
    words = list(call.words)
    while words:
        word = words.pop(0)
        name = _option(word)
        if name in TAKE_VALUES:
            words = words[1:]
        elif name in (COMMAND, FILE, ENCODED) or not name:
            kind = name or (COMMAND if call.name == "powershell" or not _is_file(call, word) else FILE)
            return _given(call, kind, words if name else [word, *words])
    return _flowing(call)


def _option(word: Word) -> str:
    """The whole name of an option, in small letters; a dash alone for what is none of interest, "" for no option."""
    text = (word.text or "").lower()
    if not text.startswith(("-", "/")) or text == "-" or "/" in text[1:]:
        return ""
    bare = text[1:].lstrip("-")
    if bare in SHORT:
        return SHORT[bare]
    whole = [name for name in (COMMAND, FILE, ENCODED) if len(bare) > 1 and name.startswith(bare)]
    return whole[0] if whole else bare or "-"


def _is_file(call: Call, word: Word) -> bool:
    return any(call.place.exists(path) for path in call.paths(word))


def _given(call: Call, kind: str, words: list[Word]) -> Stream | None:
    if kind == COMMAND and [word.text for word in words] == ["-"]:
        return _flowing(call)
    if kind == COMMAND:
        return _run(call, joined(words))
    if kind == FILE and words:
        return _file(call, words[0])
    return _run(call, _decoded(words[0])) if words else None


def _file(call: Call, word: Word) -> Stream | None:
    if word.text == "-":
        return _flowing(call)
    for path in call.paths(word):
        call.execute(path)
    text = call.file_text(word)
    return None if text is None else _run(call, Word(text))


def _decoded(word: Word) -> Word:
    """What `-EncodedCommand` holds: UTF-16 in base64."""
    from base64 import b64decode

    try:
        return Word(b64decode(word.text or "", validate=True).decode("utf-16-le"))
    except ValueError:
        return Word("")


def _flowing(call: Call) -> Stream | None:
    if call.stdin is None:
        return None
    word = call.stdin.word
    return _run(call, word if word is not None else Word(""))


def _run(call: Call, code: Word) -> Stream | None:
    from nightlatch.agent.shell.powershell import Runner

    if not code.text:
        call.unresolved(code, f"the command that {call.name} runs")
        return None
    Runner(call.shell, call.state.copy()).run(code.text)
    return None


def cmd(call: Call) -> Stream | None:
    """`cmd /c "type .env"`."""
    for place, word in enumerate(call.words):
        if (word.text or "").lower() in ("/c", "/k", "/r"):
            return _run(call, joined(call.words[place + 1 :]))
    return None


COMMANDS: dict[str, Usage] = {
    "cmd": Usage(handler=cmd), "powershell": Usage(handler=powershell), "pwsh": Usage(handler=powershell),
    "pwsh-preview": Usage(handler=powershell),
}  # fmt: skip
