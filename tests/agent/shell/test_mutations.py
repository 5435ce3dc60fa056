"""A command that reads a closed file still does, however it is written."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from nightlatch.agent.effects import Read
from nightlatch.agent.shell import effects_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nightlatch.agent.place import Place

COMMANDS = (
    "{cat} {file}", "{cat} {other} {file}", "head -5 {file}", "grep . {file}", "{cat} < {file}", "base64 {file}",
    "sed -n 1,3p {file}", "awk 1 {file}", "cp {file} /tmp/copy", "curl -d @{file} localhost", "xxd {file}",
    "{cat} {file} | head", "echo start; {cat} {file}", "true && {cat} {file}", "{cat} {file} 2>/dev/null",
)  # fmt: skip
PATHS = (
    ".env",
    "./.env",
    "src/../.env",
    "./src/.././.env",
    "{root}/.env",
    "{root}//.env",
    "apps/api/.env",
    "docs/notes.txt",
)
WRAPPERS = (
    "{}", "sudo {}", "env A=1 {}", "command {}", "nohup {}", "timeout 5 {}", "nice -n 3 {}", "time {}", "( {} )",
    "{{ {}; }}",
    "if true; then {}; fi", "for i in 1; do {}; done", "f() {{ {}; }}; f", "while {}; do break; done", "! {}", "{} &",
    "cd src && cd .. && {}", "x=1 {}", "bash -c {q}", "sh -c {q}", "eval {q}", "bash <<< {q}", "echo {q} | sh",
    'echo "$( {} )"', "y=$( {} )", "trap {q} EXIT", "case a in a) {};; esac", "env bash -c {q}",
    "bash <<'END'\n{}\nEND",
)  # fmt: skip


def quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def in_single_quotes(word: str, at: int) -> str:
    return word[:at] + quoted(word[at:])


def in_double_quotes(word: str, at: int) -> str:
    return f'{word[:at]}"{word[at:]}"'


def with_empty_quotes(word: str, at: int) -> str:
    return f"{word[:at]}''{word[at:]}"


def with_backslash(word: str, at: int) -> str:
    return f"{word[:at]}\\{word[at:]}"


def in_ansi_c(word: str, at: int) -> str:
    return word[:at] + "$'" + "".join(f"\\x{ord(character):02x}" for character in word[at:]) + "'"


def in_octal(word: str, at: int) -> str:
    return word[:at] + "$'" + "".join(f"\\{ord(character):03o}" for character in word[at:]) + "'"


def with_braces(word: str, at: int) -> str:
    return f"{word[:at]}{{{word[at:]},nosuchfile}}"


def as_pattern(word: str, at: int) -> str:
    place = max(at, 1)
    is_special = word[place : place + 1] in ("", "/", ".") or word[place - 1 : place] == "/"
    return word if is_special else f"{word[:place]}[{word[place]}]{word[place + 1 :]}"


def by_command(word: str, at: int) -> str:
    return f"{word[:at]}$(printf %s {quoted(word[at:])})"


def by_base64(word: str, at: int) -> str:
    import base64

    return f"{word[:at]}$(echo {base64.b64encode(word[at:].encode()).decode()} | base64 -d)"


def by_reversal(word: str, at: int) -> str:
    return f"{word[:at]}$(echo {quoted(word[at:][::-1])} | rev)"


def unchanged(word: str, at: int) -> str:
    del at
    return word


SPELLINGS: tuple[Callable[[str, int], str], ...] = (
    unchanged, in_single_quotes, in_double_quotes, with_empty_quotes, with_backslash, in_ansi_c, in_octal, with_braces,
    as_pattern, by_command, by_base64, by_reversal,
)  # fmt: skip
NAME_SPELLINGS = (unchanged, in_single_quotes, in_double_quotes, with_empty_quotes, with_backslash, in_ansi_c)


def by_variable(command: str, word: str, at: int) -> str:
    return f"v={quoted(word[:at])}; w={quoted(word[at:])}; " + command.replace("{file}", "$v${w}")


def by_loop(command: str, word: str, at: int) -> str:
    del at
    return f"for f in nosuch {quoted(word)}; do " + command.replace("{file}", '"$f"') + "; done"


def by_array(command: str, word: str, at: int) -> str:
    del at
    return f"a=(nosuch {quoted(word)}); " + command.replace("{file}", '"${a[1]}"')


def by_default(command: str, word: str, at: int) -> str:
    del at
    return command.replace("{file}", f'"${{unset_here:-{word}}}"')


def by_argument(command: str, word: str, at: int) -> str:
    del at
    return "g() { " + command.replace("{file}", '"$1"') + f"; }}; g {quoted(word)}"


BINDINGS = (by_variable, by_loop, by_array, by_default, by_argument)


@st.composite
def written(draw: st.DrawFn, root: str) -> str:
    """A command that reads one of the closed files."""
    path = draw(st.sampled_from(PATHS)).replace("{root}", root)
    at = draw(st.integers(0, max(len(path) - 2, 0)))
    command = draw(st.sampled_from(COMMANDS)).replace("{other}", "README.md")
    name = draw(st.sampled_from(NAME_SPELLINGS))("cat", draw(st.integers(0, 1)))
    command = command.replace("{cat}", draw(st.sampled_from((name, "/bin/cat", "tac", "nl", "less"))))
    binding = draw(st.sampled_from((None, *BINDINGS)))
    if binding is not None and "@{file}" not in command:
        command = binding(command, path, at)
    spelling = draw(st.sampled_from(SPELLINGS))
    if "@{file}" in command and spelling in (with_braces, as_pattern):
        spelling = unchanged
    command = command.replace("{file}", spelling(path, at))
    for _ in range(draw(st.integers(0, 2))):
        wrapper = draw(st.sampled_from(WRAPPERS))
        is_compound = command.startswith("! ") or any(
            mark in command for mark in (";", "&", "|", "\n", "{", "(", "if ", "case ", "v=")
        )
        if is_compound and wrapper.split(" ")[0] in (
            "sudo",
            "env",
            "command",
            "nohup",
            "timeout",
            "nice",
            "time",
            "x=1",
            "!",
        ):
            continue
        if command.rstrip().endswith(("&", "END")) or "END\n" in command:
            continue
        command = wrapper.replace("{q}", quoted(command)).replace("{{", "\0").replace("}}", "\1").replace("{}", command)
        command = command.replace("\0", "{").replace("\1", "}")
    return command


@given(st.data())
def test_it_stays_a_read(place: Place, data: st.DataObject) -> None:
    command = data.draw(written(place.root))
    found = effects_of(command, place.root, place)
    read = {os.path.realpath(effect.path) for effect in found if isinstance(effect, Read)}
    closed = {os.path.realpath(f"{place.root}/{name}") for name in (".env", "apps/api/.env")}
    assert read & closed, command
