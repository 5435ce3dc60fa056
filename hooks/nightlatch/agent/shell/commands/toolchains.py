"""Compilers and toolchains: what they write, and the folders of their own that they print."""

from __future__ import annotations

import os.path

from nightlatch.agent.shell.arguments import parsed, roles
from nightlatch.agent.shell.code import follow_written
from nightlatch.agent.shell.printed_folders import ELSEWHERE
from nightlatch.agent.shell.usage import READ, WRITE, Usage
from nightlatch.agent.shell.values import Stream, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.call import Call

_C = "-o:write -I:value -L:value -l:value -D:value -U:value -x:value -MF:write -include:read -isystem:value -std:value"
_RUSTC = (
    "-o:write --out-dir:write --crate-name:value --crate-type:value --edition:value -C:value -L:value --emit:value "
    "--print:value --target:value"
)
_GO = (
    "-o:write -coverprofile:write -cpuprofile:write -memprofile:write -trace:write -outputdir:write -f:value "
    "-run:value -bench:value -count:value -timeout:value -tags:value -ldflags:value -gcflags:value -mod:value "
    "-modfile:value -p:value -C:value -coverpkg:value -covermode:value -parallel:value -exec:value"
)


def _made(call: Call, word: Word) -> None:
    """A program is written: what it does nobody looks into, so that nothing is left of it as a script."""
    call.write(word)
    for path in call.paths(word):
        call.state.written.pop(os.path.normpath(path), None)


def printed_folder(name: str) -> Stream:
    """What a toolchain prints that is asked for a folder of its own."""
    return Stream(Word(f"{ELSEWHERE}/{name}\n"))


def go(call: Call) -> Stream | None:
    """`go build -o f`, `go run f.go`; `go env GOMODCACHE` and `go list -f '{{.Dir}}'` print folders."""
    verb = call.words[0].text if call.words else None
    arguments = parsed(call.words[1:], roles(_GO), single_dash=True)
    for word in arguments.values("-o", "-coverprofile", "-cpuprofile", "-memprofile", "-trace", "-outputdir"):
        _made(call, word)
    if verb == "env" and len(arguments.operands) == 1 and not arguments.has("-w", "-u"):
        return printed_folder("go")
    form = arguments.value("-f")
    if verb == "list" and form is not None and form.text in ("{{.Dir}}", "{{ .Dir }}"):
        return printed_folder("go") if not _is_own(arguments.operands) else Stream(Word(call.place.root + "\n"))
    if verb in ("run", "vet", "fmt", "test", "build"):
        for word in arguments.operands:
            call.read_if_there(word)
            follow_written(call, word)
    return None


def _is_own(operands: list[Word]) -> bool:
    """Whether packages of the project are asked for: where they lie is not known then, but below its root."""
    return not operands or any(not word.prefix or word.prefix.startswith(".") for word in operands)


_COMPILERS = {
    **dict.fromkeys(("gcc", "cc", "g++", "c++", "clang", "clang++", "tcc"), _C), "rustc": _RUSTC,
    "javac": "-d:value -cp:value -classpath:value -sourcepath:value -source:value -target:value",
    "protoc": "-I:value --proto_path:value -o:write",
}  # fmt: skip
"""Compiler → its options. Its errors quote what it is given."""


def compiler(call: Call) -> Stream | None:
    """`gcc -o f f.c`; `rustc --print sysroot` prints a folder."""
    arguments = parsed(call.words, roles(_COMPILERS[call.name]), single_dash=True)
    table = roles(_COMPILERS[call.name])
    for name, value in arguments.options:
        if value is not None and table.get(name) == READ:
            call.read(value)
        elif value is not None and table.get(name) == WRITE:
            _made(call, value)
    for word in arguments.operands:
        call.read_if_there(word)
        follow_written(call, word)
    return printed_folder("rust") if arguments.has("--print") else None


COMMANDS: dict[str, Usage] = {"go": Usage(handler=go), **{name: Usage(handler=compiler) for name in _COMPILERS}}
