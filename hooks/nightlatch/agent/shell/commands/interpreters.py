"""Interpreters: shells that are given commands, languages that are given code, and the scripts that both are given."""

from __future__ import annotations

from nightlatch.agent.effects import SOME, Window
from nightlatch.agent.shell.arguments import Arguments, parsed, roles
from nightlatch.agent.shell.code import follow_code
from nightlatch.agent.shell.usage import Usage
from nightlatch.agent.shell.values import Stream, Word, merged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from nightlatch.agent.shell.call import Call

_NODE = (
    "-e:code --eval:code -p:code --print:code -r:value --require:value --import:value --env-file:hand "
    "--env-file-if-exists:hand --loader:value --inspect:optional --conditions:value -C:value"
)
_PERL = "-e:code -E:code -M:value -m:value -I:value -F:value -i:optional -l:optional -0:optional -C:optional"

LANGUAGES: dict[str, tuple[str, str]] = {
    "python": ("python", "-c:code -m:module -W:value -X:value"), "python2": ("python", "-c:code -m:module -W:value"),
    "python3": ("python", "-c:code -m:module -W:value -X:value"), "pypy": ("python", "-c:code -m:module"),
    "pypy3": ("python", "-c:code -m:module"), "ipython": ("python", "-c:code -m:module"),
    "node": ("javascript", _NODE),
    "nodejs": ("javascript", "-e:code --eval:code -p:code --print:code -r:value"),
    "bun": ("javascript", "-e:code --eval:code -p:code --print:code --env-file:hand --cwd:value"),
    "tsx": ("javascript", "-e:code --eval:code --env-file:hand --tsconfig:value"),
    "ts-node": ("javascript", "-e:code --eval:code -p:code -P:value -O:value -r:value"),
    "ruby": ("ruby", "-e:code -r:value -I:value -C:value"), "irb": ("ruby", ""),
    "perl": ("perl", _PERL),
    "php": ("php", "-r:code -f:value -d:value -c:value -S:value -t:value"), "lua": ("lua", "-e:code -l:value"),
    "luajit": ("lua", "-e:code"), "osascript": ("javascript", "-e:value -l:value"),
}  # fmt: skip
"""Interpreter → the language it speaks, and its options: `code` is a text of it."""

SHELLS = ("bash", "sh", "zsh", "dash", "ksh", "ash", "fish", "rbash", "mksh", "csh", "tcsh")
_SHELL = "-c:code -o:value -O:value --rcfile:value --init-file:value"
_BUILT_IN_MODULES = {"json.tool": "read", "zipfile": "read", "tarfile": "read",
"base64": "read",
                     "gzip": "read", "tokenize": "read", "ast": "read", "dis": "read", "fileinput": "read",
                     "calendar": ""}  # fmt: skip


def shell(call: Call) -> Stream | None:
    """`bash -c '…'`, `bash script`, `bash <<< '…'`, `… | sh`."""
    words = [_without_plus(word) for word in call.words]
    arguments = parsed(words, roles(_SHELL), stops=True)
    code = arguments.value("-c")
    _by_environment(call)
    for file in arguments.values("--rcfile", "--init-file"):
        call.read_if_there(file)  # what can't be understood of it is printed
    if arguments.has("-c") and code is not None:
        return _inner(call, arguments.operands).script(code, f"the command that {call.name} runs")
    if arguments.has("-n") or arguments.has("--version", "--help"):
        return None
    if arguments.has("-v", "-x", "--verbose", "--xtrace") or {"xtrace", "verbose"} & {
        word.text for word in arguments.values("-o")
    }:
        _shows_script(call, arguments.operands)
    if arguments.operands and not arguments.has("-s"):
        from nightlatch.agent.shell.script_file import run_script

        return run_script(call, arguments.operands[0], arguments.operands[1:])
    if call.stdin is None:
        return None
    if call.stdin.is_raw:
        for path in call.stdin.files:
            call.execute(path)
    word = call.stdin.word
    if word is None:
        call.unresolved(Word(call.stdin.source or "what flows in"), f"the command that {call.name} runs")
        return None
    return _inner(call, arguments.operands, takes_stdin=False).script(word, f"the command that {call.name} runs")


def _by_environment(call: Call) -> None:
    """What variables let a shell run before the first command."""
    for value in call.state.variables.get("PROMPT_COMMAND", []):
        if value:
            call.named("bash", []).script(value[0], "the command of PROMPT_COMMAND")
    for name in ("BASH_ENV", "ENV"):
        for value in call.state.variables.get(name, []):
            if value and value[0].text and call.place.exists(next(iter(call.paths(value[0])), "")):
                call.read(value[0])


def _shows_script(call: Call, operands: list[Word]) -> None:
    """`bash -v file` prints each line of a script, `-x` what becomes of it."""
    for word in operands[:1]:
        call.read(word)
    if not operands:
        call.read_stdin()


def _without_plus(word: Word) -> Word:
    return Word("-" + word.prefix[1:]) if word.prefix.startswith("+") and word.text else word


def _inner(call: Call, arguments: list[Word], *, takes_stdin: bool = True) -> Call:
    """A shell of its own: it knows what the outer one does, and changes nothing of it."""
    from nightlatch.agent.shell.call import Call as Made

    state = call.state.copy()
    state.arguments = arguments[1:]
    state.knows_arguments = True
    if arguments:
        state.assign("0", [[arguments[0]]])
    state.aliases = {}
    return Made(call.shell, state, call.name, [], call.stdin if takes_stdin else None)


_PRINTING = ("-p", "--print")


def language(call: Call) -> Stream | None:
    """An interpreter: code in an option, a script, or what flows in."""
    name, table = LANGUAGES[call.name]
    options = roles(table)
    words = call.words
    if name == "perl":
        words = _perl(words)
    if name == "javascript" and words and words[0].text in ("eval", "run", "x", "test", "watch"):
        words = words[1:]
    if name == "javascript":
        words = [Word("-p") if word.text in ("-pe", "-ep") else word for word in words]
    arguments = parsed(words, options, stops=True)
    codes = [
        _printed(value) if option in _PRINTING and name == "javascript" else value
        for option, value in arguments.options
        if options.get(option) == "code" and value is not None
    ]
    for option, value in arguments.options:
        if options.get(option) == "hand" and value is not None:
            call.hand_over(value)
            call.state.loaded = (*call.state.loaded, *call.paths(value))
        elif options.get(option) == "module" and value is not None:
            return _module(call, value, _behind(words, value))
    if codes:
        call.read_stdin()
        _codes(call, name, codes, arguments, words)
        return _told(call, name, codes[-1].text)
    if arguments.operands and arguments.operands[0].text != "-":
        return _script(call, name, arguments.operands)
    return _from_stdin(call, name, arguments.operands[1:])


def _told(call: Call, name: str, code: str | None) -> Stream | None:
    """What the code prints, where that is plain to see."""
    from nightlatch.agent.shell.printed_folders import told_by_node, told_by_python

    if code is None or name not in ("python", "javascript"):
        return None
    return told_by_python(code) if name == "python" else told_by_node(call, code)


def _printed(code: Word) -> Word:
    """`node -p code` prints what the code comes to."""
    return merged(["console.log(", *code.parts, ")"])


def _codes(call: Call, name: str, codes: list[Word], arguments: Arguments, words: list[Word]) -> None:
    if name == "python":
        follow_code(call, name, codes[0], _behind(words, codes[0]))
        return
    for code in codes:
        follow_code(call, name, code, arguments.operands)
        _operands_of_one_liner(call, name, arguments, code.shown)


def _behind(words: list[Word], value: Word) -> list[Word]:
    """What stands behind an option's value: arguments of the code."""
    for place, word in enumerate(words):
        if word is value:
            return words[place + 1 :]
    return []


def _perl(words: list[Word]) -> list[Word]:
    """`-ne 'code'`, `-pi -e`, `-lane`: the letters of a cluster before the `e` are options of their own."""
    made: list[Word] = []
    for word in words:
        text = word.text or ""
        if text.startswith("-") and len(text) > 2 and text[-1] in "eE" and text[1:-1].isalnum():  # noqa: PLR2004 - so many words make the form
            made += [Word("-" + letter) for letter in text[1:-1] if letter in "npial"]
            made.append(Word("-" + text[-1]))
        elif text.startswith(("-pi", "-ni")):
            made += [Word("-p"), Word("-i")]
        else:
            made.append(word)
    return made


def _operands_of_one_liner(call: Call, name: str, arguments: Arguments, code: str) -> None:
    """`perl -ne`, `ruby -pe`: the files are read, with `-i` written; so they are by Perl's `<>` and Ruby's ARGF."""
    loops = arguments.has("-n", "-p")
    if name not in ("perl", "ruby") or not (loops or any(mark in code for mark in _READING_OPERANDS)):
        return
    window = Window(SOME) if loops and _leaves_out(code) else None
    for word in arguments.operands:
        if arguments.has("-i"):
            call.write(word)
        else:
            call.read(word, window)
    if not arguments.operands:
        call.read_stdin(window)


_READING_OPERANDS = ("<>", "<ARGV>", "<<>>", "ARGF", "gets", "$<")
_CONDITIONS = frozenset({"if", "unless", "last", "exit", "next", "and", "break"})


def _leaves_out(code: str) -> bool:
    """Whether a program for each line may leave lines out."""
    words = "".join(letter if letter.isalnum() or letter == "_" else " " for letter in code).split()
    return not _CONDITIONS.isdisjoint(words) or "&&" in code or "$." in code or "?" in code


def _timed(call: Call, words: list[Word]) -> None:
    """`python -m timeit -s 'code' 'code'`."""
    arguments = parsed(words, roles("-n:value -r:value -s:value --setup:value -u:value"))
    for word in (*arguments.values("-s", "--setup"), *arguments.operands):
        follow_code(call, "python", word, [])


def _traced(call: Call, words: list[Word]) -> Stream | None:
    """`python -m pdb -c command script`, `python -m cProfile script`: a script, and what is evaluated at it."""
    arguments = parsed(words, roles("-c:value -o:write -s:value -m:value"), stops=True)
    for name, word in arguments.options:
        if word is not None and name == "-o":
            call.write(word)
        elif word is not None and name == "-c":
            follow_code(call, "python", Word(word.shown.removeprefix("!").removeprefix("pp ").removeprefix("p ")), [])
        elif word is not None and name == "-m":
            return _module(call, word, arguments.operands)
    return _script(call, "python", arguments.operands) if arguments.operands else None


def _served(call: Call, words: list[Word]) -> None:
    """`python -m http.server`: whoever asks gets any file below the folder."""
    call.read(
        parsed(words, roles("-d:value --directory:value -b:value -p:value")).value("-d", "--directory") or Word(".")
    )


_FOLLOWED_MODULES: dict[str, Callable[[Call, list[Word]], Stream | None]] = {
    "timeit": _timed, "pdb": _traced, "cProfile": _traced, "profile": _traced, "trace": _traced,
    "http.server": _served,
}  # fmt: skip


def _module(call: Call, module: Word, words: list[Word]) -> Stream | None:
    """`python -m module`: one that a table knows, or a program of the same name."""
    name = module.text or ""
    if name in _FOLLOWED_MODULES:
        return _FOLLOWED_MODULES[name](call, words)
    if name in _BUILT_IN_MODULES:
        if _BUILT_IN_MODULES[name] == "read":
            for word in words:
                if not word.prefix.startswith("-"):
                    call.read(word)
            if not words:
                call.read_stdin()
        return None
    if name == "dotenv":
        return call.run([Word("dotenv"), *words])
    return call.run([Word(name.replace("_", "-") if name == "pre_commit" else name), *words]) if name else None


def _script(call: Call, name: str, operands: list[Word]) -> Stream | None:
    script, rest = operands[0], operands[1:]
    held = call.shell.process_stream(script.text or "")
    if held is not None:
        follow_code(call, name, held.word or Word(""), rest)
        return None
    if script.text is None:
        call.unresolved(script, f"the script that {call.name} runs")
        return None
    if (script.text or "").rpartition("/")[2] == "manage.py":
        from nightlatch.agent.shell.commands.databases import django

        django(call, rest)
    if script.text.rpartition("/")[2] == "artisan":
        return call.run([Word("artisan"), *rest])
    for path in call.paths(script):
        call.execute(path)
    if script.text.rpartition("/")[2].startswith("."):
        call.read(script)  # no script: what can't be understood of it is printed
    text = call.file_text(script)
    if text is not None:
        _follow_file(call, name, text, rest)
    return None


def _follow_file(call: Call, name: str, text: str, rest: list[Word]) -> None:
    from nightlatch.agent.shell.call import Call as Made
    from nightlatch.agent.shell.code import MOST_CHARACTERS

    if len(text) > MOST_CHARACTERS:
        return
    state = call.state.copy()
    state.is_script = True
    follow_code(Made(call.shell, state, call.name, [], call.stdin), name, Word(text), rest)


def _from_stdin(call: Call, name: str, rest: list[Word]) -> Stream | None:
    if call.stdin is None:
        return None
    if any(path.rpartition("/")[2].startswith(".") for path in call.stdin.files):
        call.read_stdin()  # no script: what can't be understood of it is printed
    word = call.stdin.word
    if word is None:
        call.unresolved(Word(call.stdin.source or "what flows in"), f"the code that {call.name} runs")
        return None
    follow_code(call, name, word, rest)
    return None


def deno(call: Call) -> Stream | None:
    """`deno eval 'code'`, `deno run --allow-read script.ts`."""
    texts = [word.text for word in call.words]
    arguments = parsed(
        call.words[1:], roles("--env-file:optional -c:value --config:value --import-map:value -A"), stops=True
    )
    for word in arguments.values("--env-file"):
        call.hand_over(word)
    if texts[:1] == ["eval"] and arguments.operands:
        follow_code(call, "javascript", arguments.operands[0], arguments.operands[1:])
    elif texts[:1] == ["run"] and arguments.operands:
        if arguments.operands[0].text == "-":
            return _from_stdin(call, "javascript", [])
        return _script(call, "javascript", arguments.operands)
    return None


def _bun(call: Call) -> Stream | None:
    name = call.words[0].text if call.words else ""
    if name in ("x", "exec"):
        return call.run(call.words[1:]) if call.words[1:] else None
    if name in ("install", "add", "remove", "test", "build", "init", "create", "pm", "update", "link", "outdated"):
        return None
    if name == "run" and call.words[1:] and "." not in call.words[1].shown:
        return None
    is_option_or_file = name is not None and (name.startswith("-") or "." in name or name == "run")
    return language(call) if is_option_or_file else None


def _osascript(call: Call) -> Stream | None:
    """`do shell script "…"`."""
    for word in call.words:
        _, found, rest = word.shown.partition("do shell script ")
        if found:
            call.shell.script(rest.strip().strip('"').replace('\\"', '"'), call.state.copy(), None)
    return None


COMMANDS: dict[str, Usage] = {
    **{name: Usage(handler=shell) for name in SHELLS},
    **{name: Usage(handler=language) for name in LANGUAGES if name not in ("osascript", "bun")},
    "deno": Usage(handler=deno), "bun": Usage(handler=_bun),
    "osascript": Usage(handler=_osascript),
}  # fmt: skip
