r"""What a client of a database does with a text before the server sees it: `\i file`, `.read file`, `\!`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Protocol

    class Reader(Protocol):
        """Reads a file that a script names; None where it can't."""

        def __call__(self, name: str, *, is_relative: bool) -> str | None: ...


MOST_INCLUDES = 20
MOST_CHARACTERS = 4 * 1024 * 1024
_INCLUDING = {"\\i": False, "\\include": False, "\\ir": True, "\\include_relative": True, ".read": False,
"source": False,
              "\\.": False, "start": False, "@": False, "@@": True, "!run": False, ":r": False, "!source": False
}  # fmt: skip
_RUNNING = ("\\!", ".shell", ".system", "system", "!", "!!", "host")
_WRITING = ("\\o", "\\out", "\\w", "\\write", "\\g", "\\gx", ".output", ".once", ".backup", ".save", ".dump_to", "tee")
_PSQL = ("psql", "pgcli", "usql", "vsql", "cockroach", "heroku", "fly", "flyctl")
"""Clients with psql's commands; the last ones start it."""
_MYSQL = ("mysql", "mariadb", "mycli", "mysqlsh")
_SQLITE = ("sqlite3", "sqlite", "duckdb", "litecli", "sqlcipher")


class Opened:
    """A text as the server gets it.

    text         with the files that it includes
    is_complete  whether all of them could be read
    commands     what the client lets a shell run
    read         files that the client reads as data
    written      files that it writes
    """

    __slots__ = ("commands", "is_complete", "read", "text", "written")

    def __init__(self) -> None:
        self.text = ""
        self.is_complete = True
        self.commands: list[str] = []
        self.read: list[str] = []
        self.written: list[str] = []


def opened(text: str, client: str, variables: Mapping[str, str], read: Reader) -> Opened:
    """The text with everything done that the client does by itself.

    client     its name: what `source` means differs
    variables  those that the command line sets (`psql -v`)
    """
    result = Opened()
    result.text = _inserted(_lines(text, client, read, result, [MOST_INCLUDES]), dict(variables))
    _programs(result, client)
    return result


def _lines(text: str, client: str, read: Reader, result: Opened, left: list[int]) -> str:
    if client not in _PSQL:
        return "\n".join(_line(line, client, read, result, left) for line in text.split("\n"))
    from nightlatch.agent.sql.psql_commands import commands_in, pieces

    made: list[str] = []
    for is_command, piece in pieces(text):
        if is_command:
            result.commands += commands_in(piece)
            made.append(_line(piece, client, read, result, left))
        elif piece:
            made.append(piece.removeprefix("\n"))
    return "\n".join(made)


def _line(line: str, client: str, read: Reader, result: Opened, left: list[int]) -> str:
    """What the server gets of a line; the rest is noted."""
    bare = line.strip()
    words = bare.rstrip(";").split(None, 1)
    name = _command_name(words[0], client) if words else ""
    rest = words[1].strip() if len(words) > 1 else ""
    if name in _INCLUDING:
        named = rest or bare.lstrip("@").strip()
        return _included(named, client, read, result, left, is_relative=_INCLUDING[name])
    if name in _RUNNING:
        result.commands.append(_of_shell(bare, name))
    elif name in _WRITING and rest:
        _written(rest, result)
    elif name == ".import" and rest:
        named = _unquoted(rest)
        (result.commands if named.startswith("|") else result.read).append(named.lstrip("|"))
    elif name == "\\copy":
        _copied(rest, result)
        return _kept_copy(rest)
    elif name == "\\gexec":
        result.is_complete = False  # what the query gives is run as SQL
    elif name.startswith(".") and client in _SQLITE:
        return "RESTORE DATABASE;" if name == ".restore" else ""
    elif client not in _PSQL and ("\\i " in line or "\\ir " in line or "\\!" in line or "\\g " in line):
        return _trailing(line, client, read, result, left)
    else:
        return line
    return ""


def _of_shell(bare: str, name: str) -> str:
    r"""The command behind `\!` or `system`, whose quotes and semicolons are the shell's."""
    return bare[len(name) :].strip() if bare.lower().startswith(name) else bare.lstrip("\\!")


def _command_name(word: str, client: str) -> str:
    """The client's own command that a line starts with, in small letters; empty where the server gets the line."""
    lower = word.lower()
    if lower.startswith("\\"):
        return "\\!" if lower.startswith("\\!") else lower
    if lower.startswith("."):
        return lower if client in _SQLITE else ""
    if lower in ("source", "system", "tee"):
        return lower if client in _MYSQL or lower == "source" else ""
    if lower.startswith("@") and client == "sqlplus":
        return "@@" if lower.startswith("@@") else "@"
    if lower in ("!run", "!source", ":r", "start", "host", "!", "!!") and client in (
        "sqlplus",
        "snowsql",
        "sqlcmd",
        "beeline",
    ):
        return lower
    return ""


def _included(name: str, client: str, read: Reader, result: Opened, left: list[int], *, is_relative: bool) -> str:
    left[0] -= 1
    name = _unquoted(name.split(" ", maxsplit=1)[0] if name[:1] not in "'\"" else name)
    if name.startswith("|"):
        result.commands.append(name[1:])
        return ""
    text = read(name, is_relative=is_relative) if left[0] >= 0 else None
    if text is None or len(text) > MOST_CHARACTERS:
        result.is_complete = False
        return ""
    return _lines(text, client, read, result, left)


def _trailing(line: str, client: str, read: Reader, result: Opened, left: list[int]) -> str:
    r"""`SELECT 1; \i file`, `SELECT 1 \g |cmd`: psql's commands may follow a statement."""
    place = line.find("\\")
    if "'" in line[:place]:
        return line
    return line[:place] + "\n" + _lines(line[place:], client, read, result, left)


def _written(rest: str, result: Opened) -> None:
    rest = rest.strip()
    if rest.startswith("|"):
        result.commands.append(rest[1:])
    elif rest not in ("stdout", "off"):
        result.written.append(_unquoted(rest.split()[-1]))


def _copied(rest: str, result: Opened) -> None:
    r"""`\\copy table from 'file'`, `to 'file'`, `from program 'cmd'`."""
    words = rest.split()
    lower = [word.lower() for word in words]
    for direction in ("from", "to"):
        if direction in lower[1:]:
            place = len(lower) - 1 - lower[::-1].index(direction)
            target = " ".join(words[place + 1 :])
            if target.lower().startswith("program"):
                result.commands.append(_unquoted(target[len("program") :].strip()))
            elif not target.lower().startswith(("stdin", "stdout", "pstdin", "pstdout")):
                name = _unquoted(target)
                (result.read if direction == "from" else result.written).append(name)
            return


def _kept_copy(rest: str) -> str:
    """For the server it is a COPY of its standard streams."""
    lower = f" {rest.lower()} "
    table = rest.split(maxsplit=1)[0] if rest.split() and not rest.startswith("(") else "query"
    return f"COPY {table} {'FROM' if ' from ' in lower else 'TO'} STDIN;\n\\." if " from " in lower else "SELECT 1;"


def _unquoted(text: str) -> str:
    text = text.strip()
    if text[:1] in ("'", '"'):
        end = text.find(text[0], 1)
        return text[1 : end if end > 0 else None]
    return text.split()[0].rstrip(";") if text.split() else ""


_FILES_BEHIND = {"duckdb": ("from ", "join "), **dict.fromkeys(_MYSQL, ("infile ",))}
"""Client → the words behind which a text in quotes is a file: `SELECT * FROM 'data.csv'`, `LOAD DATA INFILE 'x'`."""


def _programs(result: Opened, client: str) -> None:
    """`COPY … PROGRAM 'cmd'` and SQLite's functions run on the server, which is this machine often enough."""
    lower = result.text.lower()
    at = 0
    while (place := lower.find(" program ", at)) >= 0:
        rest = result.text[place + len(" program ") :].strip()
        if rest.startswith("'"):
            result.commands.append(_unquoted(rest))
        at = place + 1
    for function in (
        "readfile(",
        "pg_read_file(",
        "load_file(",
        "read_text(",
        "read_csv(",
        "read_csv_auto(",
        "read_json(",
        *_FILES_BEHIND.get(client, ()),
    ):
        at = 0
        while (place := lower.find(function, at)) >= 0:
            rest = result.text[place + len(function) :].strip()
            if rest.startswith(("'", '"')):
                result.read.append(_unquoted(rest))
            at = place + 1


def _inserted(text: str, variables: dict[str, str]) -> str:
    r"""Psql's variables put in: `\set verb 'DROP TABLE'`, `:verb users`, `:'name'`."""
    if "\\set" not in text and not variables:
        return text
    made: list[str] = []
    for line in text.split("\n"):
        words = line.strip().split(None, 2)
        if words[:1] == ["\\set"] and len(words) > 1:
            variables[words[1]] = "".join(_unquoted_parts(words[2])) if len(words) > 2 else ""  # noqa: PLR2004 - so many words make the form
            continue
        for name in sorted(variables, key=len, reverse=True):
            for form in (f":'{name}'", f':"{name}"', f":{name}"):
                if form in line:
                    value = variables[name]
                    quoted = {"'": f"'{value}'", '"': f'"{value}"'}.get(form[1], value)
                    line = line.replace(form, quoted)  # noqa: PLW2901 - the line with its variables
        made.append(line)
    return "\n".join(made)


def _unquoted_parts(text: str) -> list[str]:
    found: list[str] = []
    quote = ""
    for character in text:
        if character in "'\"" and quote in ("", character):
            quote = "" if quote else character
        elif quote or not character.isspace():
            found.append(character)
    return found
