"""What a script of sed or awk opens by itself: `w file`, `getline < "file"`, `print > "file"`, `system(…)`."""

from __future__ import annotations

from nightlatch.agent.shell.secret_names import is_credential
from nightlatch.agent.shell.values import Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.arguments import Arguments
    from nightlatch.agent.shell.call import Call


def sed_files(call: Call, scripts: list[Word]) -> None:
    """The commands `r`, `R`, `w`, `W`, `e` of sed, and the flags `w` and `e` of its `s`."""
    for script in scripts:
        for line in (script.text or "").replace(";", "\n").split("\n"):
            _sed_line(call, line.strip(" \t{}"))


def _sed_line(call: Call, line: str) -> None:
    if line.startswith("s") and len(line) > 1 and not line[1].isalnum() and line[1] not in " \\":
        flags, _, name = line.rpartition(line[1])[2].partition("w")
        if name.strip():
            call.write(Word(name.strip()))
        if "e" in flags:
            call.unresolved(Word(line), "the command that sed runs")
        return
    command = line.lstrip("0123456789,$+~! \t")
    if command.startswith("/"):
        command = command.rpartition("/")[2].lstrip("I! \t")
    letter, name = command[:1], command[1:].strip()
    if letter in ("r", "R", "w", "W") and name and not name.startswith("="):
        call.read(Word(name)) if letter in "rR" else call.write(Word(name))
    elif letter == "e" and (not command[1:2].isalpha()):
        call.shell.script(name, call.state, None)


def awk_files(call: Call, program: Word | None, arguments: Arguments) -> None:
    """What the texts in quotes stand for behind `getline <`, `print >`, `|` and in `system()`; `ARGV` by hand."""
    text = program.shown if program is not None else ""
    values = dict(_assignments(arguments))
    at = 0
    while (place := text.find("getline", at)) >= 0:
        rest = text[place + len("getline") :].lstrip(
            " \tabcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789)"
        )
        if rest.startswith("<"):
            _opened(call, rest[1:], values, is_read=True)
        before = text[:place].rstrip()
        if before.endswith("|"):
            _command(call, before[:-1].rstrip())
        at = place + len("getline")
    for start in _behind(text, "system"):
        _call(call, text[start:])
    for start in _printing(text):
        _output(call, text[start:], values)
    if "ENVIRON" in text:
        _environment(call, text)
    for mark in ("ARGV[", "@include", "@load"):
        for start in _behind(text, mark):
            before, quote, rest = text[start : start + 200].partition('"')
            if quote and before.strip(" 0123456789]=") == "":
                call.read(Word(rest.partition('"')[0]))


def _environment(call: Call, text: str) -> None:
    for path in call.state.loaded:
        call.read_path(path)
    for part in "".join(text.split()).split('printENVIRON["')[1:]:
        name = part.partition('"')[0]
        if is_credential(name):
            call.shows_credentials(f"{call.name} ENVIRON {name}")


def _assignments(arguments: Arguments) -> list[tuple[str, Word]]:
    found = []
    for word in arguments.values("-v", "--assign"):
        name, equals, _ = word.prefix.partition("=")
        if equals:
            found.append((name, word.cut(len(name) + 1)))
    return found


def _behind(text: str, name: str) -> list[int]:
    found = []
    at = 0
    while (place := text.find(name, at)) >= 0:
        at = place + len(name)
        found.append(at)
    return found


def _printing(text: str) -> list[int]:
    return [*_behind(text, "print"), *_behind(text, "printf")]


def _literal(text: str) -> tuple[str, str] | None:
    """The text in quotes that stands here, and what is behind it; None where there is none."""
    text = text.lstrip(" \t(")
    if not text.startswith('"'):
        return None
    end = 1
    while end < len(text) and text[end] != '"':
        end += 2 if text[end] == "\\" else 1
    return text[1:end].replace('\\"', '"'), text[end + 1 :]


def _opened(call: Call, text: str, values: dict[str, Word], *, is_read: bool) -> None:
    literal = _literal(text)
    if literal is not None and literal[1].lstrip()[:1] not in ('"', "$"):
        word = Word(literal[0])
    else:
        name = text.lstrip(" \t(")
        end = 0
        while end < len(name) and (name[end].isalnum() or name[end] == "_"):
            end += 1
        word = values.get(name[:end]) or _computed(text)
    call.read(word) if is_read else call.write(word)


def _computed(text: str) -> Word:
    from nightlatch.agent.shell.values import Unknown

    return Word(Unknown(text.strip().split("}")[0].split(";")[0]))


def _output(call: Call, text: str, values: dict[str, Word]) -> None:
    """The target behind a `print`, up to the end of its statement; a `>` in a text is none."""
    at = 0
    while at < len(text) and text[at] not in ";}\n":
        if text[at] == '"':
            literal = _literal(text[at:])
            at = len(text) - len(literal[1]) if literal else at + 1
            continue
        if text[at] == "(":
            depth = text.find(")", at)
            at = depth + 1 if depth > 0 else at + 1
            continue
        if text[at] == ">":
            _opened(call, text[at:].lstrip(">"), values, is_read=False)
            return
        if text[at] == "|" and text[at + 1 : at + 2] != "|":
            _call(call, text[at + 1 :].lstrip("& "))
            return
        at += 2 if text.startswith("||", at) else 1


def _call(call: Call, text: str) -> None:
    literal = _literal(text)
    if literal is None:
        call.unresolved(Word(text[:40]), "the command that awk runs")
        return
    if literal[1].lstrip()[:1] in ('"', "$") or literal[1].lstrip()[:1].isalpha():
        call.unresolved(Word(literal[0]), "the command that awk runs")
    call.shell.script(literal[0], call.state, None)


def _command(call: Call, before: str) -> None:
    start = before[:-1].rfind('"') if before.endswith('"') else -1
    if start < 0:
        call.unresolved(Word(before[-40:]), "the command that awk runs")
    else:
        call.shell.script(before[start + 1 : -1], call.state, None)
