"""The commands that the shell itself has: they change what it knows, print what is known, or run something."""

from __future__ import annotations

import os.path

from nightlatch.agent.effects import LINES, Window
from nightlatch.agent.shell.arguments import parsed, roles
from nightlatch.agent.shell.secret_names import is_credential
from nightlatch.agent.shell.usage import Usage
from nightlatch.agent.shell.values import Stream, Unknown, Word, joined, lines_of, merged
from nightlatch.agent.shell.variables import store, word_assignment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from nightlatch.agent.shell.call import Call


def echo(call: Call) -> Stream:
    """`echo`, `print`: its words."""
    from nightlatch.agent.shell.words import escaped

    words = list(call.words)
    is_escaped = has_end = False
    while (
        words
        and (words[0].text or "").startswith("-")
        and set(words[0].text or "") <= set("-neEr")
        and words[0].text != "-"
    ):
        is_escaped = is_escaped or "e" in (words[0].text or "")
        has_end = has_end or "n" in (words[0].text or "")
        words = words[1:]
    _shows_loaded(call, words)
    word = joined(words)
    if is_escaped or call.name == "print":
        word = merged(part if isinstance(part, Unknown) else escaped(part) for part in word.parts)
    printed = Stream(word if has_end else merged([*word.parts, "\n"]))
    printed.prints = credentials_in(words)
    return printed


def credentials_in(words: list[Word]) -> tuple[str, ...]:
    """Variables of the environment among some words whose names say that they hold a credential."""
    found = []
    for word in words:
        for part in word.parts:
            if isinstance(part, Unknown) and not part.is_plain and part.source.startswith("$"):
                name = part.source.lstrip("${").partition(":")[0].rstrip("}")
                if is_credential(name):
                    found.append(name)
    return tuple(dict.fromkeys(found))


def _shows_loaded(call: Call, words: list[Word]) -> None:
    """A variable that may come from a file that was sourced is printed."""
    if not call.state.loaded:
        return
    for word in words:
        for part in word.parts:
            if (
                isinstance(part, Unknown)
                and not part.is_plain
                and part.source.startswith("$")
                and part.source[1:2] != "("
            ):
                for path in call.state.loaded:
                    call.read_path(path, via=call.name)
                return


def printf(call: Call) -> Stream | None:
    """`printf format words…`; with `-v name` into a variable."""
    words = list(call.words)
    variable = ""
    if words and words[0].text == "-v" and len(words) > 1:
        variable = words[1].text or ""
        words = words[2:]
    if words and words[0].text == "--":
        words = words[1:]
    _shows_loaded(call, words)
    made = _formatted(words)
    if variable:
        call.state.assign(variable, [[made]])
        return Stream(Word(""))
    printed = Stream(made)
    printed.prints = credentials_in(words)
    return printed


def _formatted(words: list[Word]) -> Word:
    from nightlatch.agent.shell.words import escaped

    if not words:
        return Word("")
    form, rest = words[0].text, words[1:]
    if form is None or any(isinstance(part, Unknown) for part in words[0].parts):
        return Word(Unknown("$(printf …)"))
    parts: list[str | Unknown] = []
    turns = 0
    while turns == 0 or (rest and turns < 200):  # noqa: PLR2004 - a bound
        before = len(rest)
        parts += _one_format(form, rest, escaped)
        turns += 1
        if len(rest) == before:
            break
    return merged(parts)


def _one_format(form: str, rest: list[Word], escaped: Callable[[str], str]) -> list[str | Unknown]:
    """One turn through the format; takes the words that it needs from `rest`."""
    parts: list[str | Unknown] = []
    at = 0
    while at < len(form):
        place = form.find("%", at)
        if place < 0:
            parts.append(escaped(form[at:]))
            break
        parts.append(escaped(form[at:place]))
        end = place + 1
        while end < len(form) and form[end] in "0123456789-+ #.'*lhz":
            end += 1
        letter = form[end : end + 1]
        if letter == "%":
            parts.append("%")
        else:
            word = rest.pop(0) if rest else Word("")
            parts += _value(letter, word, escaped)
        at = end + 1
    return parts


def _value(letter: str, word: Word, escaped: Callable[[str], str]) -> list[str | Unknown]:
    text = word.text
    if letter in "sq" or (letter and letter not in "bcdiouxXeEfgG"):
        return list(word.parts)
    if letter == "b":
        return [part if isinstance(part, Unknown) else escaped(part) for part in word.parts]
    if letter == "c":
        return [text[:1]] if text is not None else [Unknown("$(printf …)")]
    known = text if text is not None and not any(isinstance(part, Unknown) for part in word.parts) else None
    try:
        number = int(known, 0) if known else None
    except ValueError:
        number = None
    if number is None:
        return [Unknown("$(printf …)", is_plain=True)]
    return [{"x": f"{number:x}", "X": f"{number:X}", "o": f"{number:o}"}.get(letter, str(number))]


def change_folder(call: Call) -> Stream | None:
    """`cd`, `pushd`: the folder changes, where it is there; else nobody knows whether."""
    arguments = parsed(call.words, {})
    target = arguments.operands[0] if arguments.operands else Word("~")
    state = call.state
    before = state.folders
    if target.text == "-" or (call.name == "pushd" and not arguments.operands):
        last = state.text("OLDPWD") if call.name != "pushd" else None
        state.folders = (last,) if last is not None else (*state.folders, None)
        _remember(call, before)
        return Stream(Word(""))
    if target.text == "~":
        target = Word(call.place.home)
    if target.text is None:
        state.folders = (None,)
        return Stream(Word(""))
    found: list[str | None] = []
    for folder in state.folders:
        base = folder if folder is not None else ""
        if folder is None and not target.text.startswith("/"):
            found.append(None)
            continue
        path = os.path.normpath(os.path.join(base, target.text))
        found.append(path)
        known = [path, *state.origins(path)]
        is_there = state.mounts is not None or path in state.made or any(map(call.place.is_folder, known))
        if not is_there and folder is not None:
            found.append(folder)
    state.folders = tuple(dict.fromkeys(found))
    _remember(call, before)
    return Stream(Word(""))


def _remember(call: Call, folders: tuple[str | None, ...]) -> None:
    """Where the shell stood before: `cd -`, `$OLDPWD`, `~-`."""
    call.state.assign(
        "OLDPWD", [[Word(Unknown("$OLDPWD"))] if folder is None else [Word(folder)] for folder in folders]
    )


def pop_folder(call: Call) -> Stream:
    """`popd`: back to where nobody has kept count."""
    call.state.folders = (*call.state.folders, call.shell.folder)
    call.state.folders = tuple(dict.fromkeys(call.state.folders))
    return Stream(Word(""))


def folder(call: Call) -> Stream:
    """`pwd`."""
    folders = call.state.folders
    known = folders[0] if len(folders) == 1 else None
    return Stream(Word(known + "\n") if known is not None else Word(Unknown("$(pwd)")))


def read(call: Call) -> Stream:
    """`read a b`: a line that flows in goes into variables."""
    arguments = parsed(
        call.words, roles("-a:value -d:value -i:value -n:value -N:value -p:value -t:value -u:value -k:optional")
    )
    stream = call.stdin
    number = arguments.value("-u")
    if number is not None and (number.text or "").isdigit():
        stream = call.state.descriptors.get(int(number.text or "0"), stream)
    reader = call.named(call.name, [])
    reader.stdin = stream
    takes_all = arguments.has("-d", "-n", "-N") or stream is None or call.shell.is_looping
    reader.read_stdin(None if takes_all else Window(LINES, 1, 1))
    word = stream.word if stream is not None else None
    lines = lines_of(word) if word is not None else []
    line = lines[0] if lines else None
    names = [operand.text or "" for operand in arguments.operands] or ["REPLY"]
    array = arguments.value("-a")
    if array is not None:
        names = [array.text or ""]
    source = stream.source if stream is not None and stream.source else "read"
    if line is None:
        value = Word(Unknown(source)) if stream is not None and word is None else Word("")
        for name in names:
            call.state.assign(name, [[value]])
        return Stream(Word(""))
    _fill(call, names, line, is_array=array is not None)
    return Stream(Word(""))


def _fill(call: Call, names: list[str], line: Word, *, is_array: bool) -> None:
    text = line.text
    separator = call.state.text("IFS")
    if text is None:
        for name in names:
            call.state.assign(name, [[line]])
        return
    is_blank = separator is None or not separator.strip()
    if is_array:
        parts = text.split() if is_blank else text.split((separator or " ")[0])
        call.state.assign(names[0], [[Word(part) for part in parts]])
        return
    count = len(names) - 1
    pieces = text.split(None, count) if is_blank else text.split((separator or " ")[0], count)
    if len(names) == 1:
        pieces = [text if separator == "" else text.strip()]
    for place, name in enumerate(names):
        call.state.assign(name, [[Word(pieces[place].strip() if place < len(pieces) else "")]])


def map_file(call: Call) -> Stream:
    """`mapfile`, `readarray`: lines that flow in become an array."""
    arguments = parsed(call.words, roles("-d:value -n:value -O:value -s:value -u:value -C:value -c:value"))
    count = arguments.value("-n")
    number = count.text if count is not None else None
    call.read_stdin(Window(LINES, 1, int(number)) if number and number.isdigit() and number != "0" else None)
    name = (arguments.operands[0].text if arguments.operands else "MAPFILE") or "MAPFILE"
    word = call.stdin.word if call.stdin is not None else None
    source = call.stdin.source if call.stdin is not None else ""
    if call.stdin is not None and call.stdin.files:
        call.state.contents[name] = call.stdin.files
    call.state.assign(name, [lines_of(word) if word is not None else [Word(Unknown(source or name))]])
    return Stream(Word(""))


_SETUPS = frozenset(
    {"ssh-agent", "fnm env", "pyenv init", "pyenv virtualenv-init", "rbenv init", "nodenv init", "goenv init",
     "jenv init", "brew shellenv", "direnv hook", "mise activate", "rtx activate", "zoxide init", "starship init",
     "opam env", "conda shell.bash", "conda shell.zsh", "micromamba shell", "minikube docker-env", "podman machine",
     "dircolors -b", "luarocks path", "thefuck --alias", "atuin init", "uv generate-shell-completion",
     "gh completion", "kubectl completion", "docker-machine env"}
)  # fmt: skip
"""Programs that print how a shell is set up for them. What they print is theirs, and names no file of the project."""


def evaluate(call: Call) -> Stream:
    """`eval`: its words as a command, here."""
    word = joined(call.words)
    unknown = [part.source for part in word.parts if isinstance(part, Unknown)]
    if len(unknown) == len(word.parts) and all(_sets_up(source) for source in unknown):
        return Stream(Word(""))
    return call.script(word, "the command that eval runs")


def _sets_up(source: str) -> bool:
    """Whether `$(…)` is of one of those programs alone."""
    words = source.removeprefix("$(").removesuffix(")").split()
    is_one = source.startswith("$(") and not set(source[2:-1]) & set("|;&<>`$()")
    return is_one and (" ".join(words[:2]) in _SETUPS or " ".join(words[:1]) in _SETUPS)


def source(call: Call) -> Stream | None:
    """`. file`."""
    from nightlatch.agent.shell.script_file import source as follow

    return follow(call, call.words[0], call.words[1:]) if call.words else None


def execute(call: Call) -> Stream | None:
    """`exec command`; alone it keeps the redirections."""
    arguments = parsed(call.words, roles("-a:value"), stops=True)
    if arguments.operands:
        return call.run(arguments.operands)
    if call.stdin is not None:
        call.state.descriptors = {**call.state.descriptors, 0: call.stdin}
    return Stream(Word(""))


def trap(call: Call) -> Stream:
    """`trap 'commands' EXIT`."""
    arguments = parsed(call.words, {})
    if len(arguments.operands) > 1:
        twin = call.named("trap", [])
        twin.state = call.state.copy()
        twin.script(arguments.operands[0], "the command that trap runs")
    return Stream(Word(""))


def alias(call: Call) -> Stream:
    """`alias name='command'`."""
    for word in call.words:
        name, equals, value = word.shown.partition("=")
        if equals:
            call.state.aliases[name] = value
    return Stream(Word(""))


def unalias(call: Call) -> Stream:
    for word in call.words:
        call.state.aliases.pop(word.text or "", None)
    return Stream(Word(""))


def declare(call: Call) -> Stream:
    """`export`, `declare`, `local`, `readonly`: words that are assignments; without any, all variables are shown."""
    from nightlatch.agent.shell.variables import warn

    if any(word.text == "-n" for word in call.words):
        unset(call)
    names = [word for word in call.words if not word.prefix.startswith("-")]
    exports = call.name == "export" or any((word.text or "").startswith("-x") for word in call.words)
    for word in names:
        name = word_assignment(call.shell, word, call.state, environment=exports)
        if not name and exports and word.text is not None:
            warn(call.shell, word.text, call.state)
    if not names and not any((word.text or "") in ("-f", "-F", "-A", "-a") for word in call.words):
        from nightlatch.agent.shell.commands.credentials import shows_environment

        shows_environment(call.named(call.name, []), f"{call.name} -p" if call.words else call.name)
    elif any("p" in (word.text or "")[1:] for word in call.words if (word.text or "").startswith("-")):
        for path in call.state.loaded:
            call.read_path(path, via=call.name)
    return Stream(Word(""))


def unset(call: Call) -> None:
    """`unset`, `export -n`: the organisation's policy taken away."""
    from nightlatch.agent.shell.variables import POLICY

    if any(word.text == POLICY for word in call.words):
        call.bypass(f"{call.name} {POLICY}")


def set_options(call: Call) -> Stream:
    """`set -- a b` gives arguments; `set` alone shows all variables."""
    texts = [word.text for word in call.words]
    if "--" in texts:
        call.state.arguments = call.words[texts.index("--") + 1 :]
        call.state.knows_arguments = True
    elif not texts:
        from nightlatch.agent.shell.commands.credentials import shows_environment

        shows_environment(call, "set")
    elif not (texts[0] or "-").startswith(("-", "+")):
        call.state.arguments = list(call.words)
        call.state.knows_arguments = True
    elif any(_is_echoing(text or "") for text in texts):
        call.state.echoes = True
    if "dotglob" in texts or "globdots" in texts:
        call.state.shows_dots = True
    return Stream(Word(""))


def _is_echoing(option: str) -> bool:
    """`-x`, `-v`, `-ev`, and the words behind `-o`."""
    if option in ("xtrace", "verbose"):
        return True
    return option.startswith("-") and not option.startswith("--") and ("x" in option or "v" in option)


def shell_options(call: Call) -> Stream:
    """`shopt -s dotglob`, `setopt globdots`: what patterns stand for from now on."""
    texts = {(word.text or "").lower().replace("_", "") for word in call.words}
    if texts & {"dotglob", "globdots"} and "-u" not in texts:
        call.state.shows_dots = True
    return Stream(Word(""))


def shift(call: Call) -> Stream:
    count = call.words[0].text if call.words else "1"
    call.state.arguments = call.state.arguments[int(count) if count and count.isdigit() else 1 :]
    return Stream(Word(""))


def lookup(call: Call) -> Stream | None:
    """`type`, `which`, `command -v`: where a program lies."""
    from nightlatch.agent.programs import on_the_path
    from nightlatch.agent.shell.commands.packages import GUARDS

    names = [word.text or "" for word in call.words if not word.prefix.startswith("-")]
    if call.name == "type" or len(names) != 1 or "/" in names[0]:
        return None
    found = on_the_path(names[0]) or (f"/usr/local/bin/{names[0]}" if names[0] in GUARDS else None)
    return Stream(Word(found + "\n")) if found else None


def let(call: Call) -> Stream:
    """`let x=1`: numbers."""
    for word in call.words:
        name = word.shown.partition("=")[0].rstrip("+-*/%")
        if name.isidentifier():
            store(call.state, name, [[Word(Unknown(f"${name}", is_plain=True))]])
    return Stream(Word(""))


def nothing(call: Call) -> Stream:
    """What neither reads nor writes."""
    del call
    return Stream(Word(""))


def kill(call: Call) -> Stream:
    """A process is ended: neither reading nor writing, and yet more than looking."""
    call.execute("kill")
    return Stream(Word(""))


_NOTHING = (
    "true", "false", ":", "exit", "return", "break", "continue", "wait", "jobs", "ulimit", "umask",
    "getopts", "bg", "fg", "disown", "times", "logout", "unsetopt", "bind", "complete", "compgen",
    "enable", "help", "suspend", "hash", "autoload", "zmodload", "emulate", "dirs",
    "caller", "fc", "history", "bindkey", "compdef",
)  # fmt: skip

COMMANDS: dict[str, Usage] = {
    **{name: Usage(handler=nothing) for name in _NOTHING},
    "echo": Usage(handler=echo), "print": Usage(handler=echo), "printf": Usage(handler=printf),
    "cd": Usage(handler=change_folder), "chdir": Usage(handler=change_folder), "pushd": Usage(handler=change_folder),
    "popd": Usage(handler=pop_folder), "pwd": Usage(handler=folder), "read": Usage(handler=read),
    "mapfile": Usage(handler=map_file), "readarray": Usage(handler=map_file), "eval": Usage(handler=evaluate),
    "source": Usage(handler=source), ".": Usage(handler=source), "exec": Usage(handler=execute),
    "trap": Usage(handler=trap), "shopt": Usage(handler=shell_options), "setopt": Usage(handler=shell_options),
    "alias": Usage(handler=alias), "unalias": Usage(handler=unalias), "export": Usage(handler=declare),
    "declare": Usage(handler=declare), "typeset": Usage(handler=declare), "local": Usage(handler=declare),
    "readonly": Usage(handler=declare), "set": Usage(handler=set_options), "shift": Usage(handler=shift),
    "let": Usage(handler=let), "type": Usage(handler=lookup), "which": Usage(handler=lookup),
    "whereis": Usage(handler=lookup), "unset": Usage(handler=unset), "kill": Usage(handler=kill),
}  # fmt: skip
