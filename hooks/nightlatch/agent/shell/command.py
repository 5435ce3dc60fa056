"""One command whose words are known: a function, an alias, a program of the tables, or neither."""

from __future__ import annotations

from nightlatch.agent.shell.call import Call
from nightlatch.agent.shell.values import Stream, Unknown, Word, joined, unknown_stream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.interpreter import Interpreter
    from nightlatch.agent.shell.state import State


def run_command(shell: Interpreter, words: list[Word], state: State, stdin: Stream | None) -> Stream:
    """Follow one command; gives what it prints."""
    stdin = stdin if stdin is not None else state.descriptors.get(0)
    if not words:
        return Stream(Word(""))
    name = words[0].text
    if name is None:
        return _unknown_name(shell, words, state, stdin)
    rest = words[1:]
    if name in state.functions:
        return shell.function(name, rest, state, stdin)
    if name in state.aliases:
        return _alias(shell, name, rest, state, stdin)
    program = name.rpartition("/")[2].removesuffix(".exe")
    call = Call(shell, state, program, rest, stdin)
    is_path = "/" in name
    _say_what_runs(call, name, is_path=is_path)
    return _follow(call, name, is_path=is_path)


def _say_what_runs(call: Call, name: str, *, is_path: bool) -> None:
    from nightlatch.agent.shell.commands.index import THEMES

    if is_path:
        for path in call.paths(Word(name)):
            call.execute(path)
    elif (THEMES.get(name) != "builtins" and name not in KEYWORDS) or (name == "kill" and not _lists(call)):
        call.execute(name)


def _lists(call: Call) -> bool:
    """`kill -l` names the signals."""
    return bool(call.words) and call.words[0].text in ("-l", "-L", "--list", "--table")


KEYWORDS = frozenset({"command", "builtin", "time", "coproc", "noglob", "nocorrect", "test", "["})
"""Words of the shell itself that no builtin's table has."""


def _follow(call: Call, name: str, *, is_path: bool) -> Stream:
    from nightlatch.agent.shell.commands.index import usage_of

    usage = usage_of(call.name)
    if usage is not None and not (is_path and _is_own_script(call, name)):
        printed = usage.follow(call) or _told(call)
        return printed if printed is not None else unknown_stream(_line(call))
    if is_path:
        from nightlatch.agent.shell.script_file import run_script

        run_script(call, Word(name), call.words)
    return _unknown_program(call)


def _told(call: Call) -> Stream | None:
    from nightlatch.agent.shell.commands.index import TELLING

    if call.name not in TELLING:
        return None
    from nightlatch.agent.shell.printed_folders import told

    return told(call)


def _is_own_script(call: Call, name: str) -> bool:
    """Whether a path that ends like a known program names a script of the project's (`./test`, `scripts/env`)."""
    paths = call.paths(Word(name))
    return any(path.startswith(call.place.root + "/") for path in paths) and call.file_text(Word(name)) is not None


def _unknown_program(call: Call) -> Stream:
    """A program that no table has: it may read each file that it is given, and what flows into it."""
    option = ""
    for word in call.words:
        text = word.text
        before, option = option, text or ""
        if text is None:
            continue
        if before.startswith("-") and "env" in before and "=" not in before and not text.startswith("-"):
            call.hand_over(word)  # `uvicorn --env-file .env`
            continue
        name, equals, value = text.partition("=")
        candidate = Word(value) if equals and name.startswith("-") else word
        if not text.startswith("-"):
            _follow_written(call, word)
        if not text.startswith("-") or equals:
            _may_read(call, candidate, by_option=bool(equals) and "env" in name)
    call.read_stdin()
    return _told(call) or unknown_stream(_line(call))


def _follow_written(call: Call, word: Word) -> None:
    if call.state.written:
        from nightlatch.agent.shell.code import follow_written

        follow_written(call, word)


def _may_read(call: Call, word: Word, *, by_option: bool) -> None:
    if not by_option:
        call.read_if_there(word)
    elif any(call.place.exists(path) and not call.place.is_folder(path) for path in call.paths(word)):
        call.hand_over(word)


def _unknown_name(shell: Interpreter, words: list[Word], state: State, stdin: Stream | None) -> Stream:
    """A command whose name is computed."""
    call = Call(shell, state, words[0].shown, words[1:], stdin)
    if not any(isinstance(part, Unknown) and part.is_plain for part in words[0].parts):
        call.unresolved(words[0], "the program that is run")
    _unknown_program(call)
    return unknown_stream(words[0].shown)


def _alias(shell: Interpreter, name: str, rest: list[Word], state: State, stdin: Stream | None) -> Stream:
    text = state.aliases[name]
    twin = state.copy()
    del twin.aliases[name]
    names = [f"__word{number}" for number in range(len(rest))]
    for variable, word in zip(names, rest, strict=True):
        twin.assign(variable, [[word]])
    return shell.script(" ".join([text, *(f'"${variable}"' for variable in names)]), twin, stdin)


def _line(call: Call) -> str:
    return f"$({joined([Word(call.name), *call.words]).shown})"
