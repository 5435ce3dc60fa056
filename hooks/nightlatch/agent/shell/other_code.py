"""Code of JavaScript, Ruby, Perl, PHP and Lua: calls of functions that open files, by name and literal arguments.

No grammar is asked: texts in quotes are told from the rest, and behind the name of a function stand its arguments.
"""

from __future__ import annotations

import re

from nightlatch.agent.shell.kept_parts import takes_part
from nightlatch.agent.shell.secret_names import is_credential
from nightlatch.agent.shell.sql_in_code import UNKNOWN_PART, is_statement, report, report_whole_tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.code import Finder

READ, WRITE, REMOVE, COPY, MOVE, SHELL, PROGRAM, HAND, LOAD, OPEN, SQL = (
    "read", "write", "remove", "copy", "move", "shell", "program", "hand", "load", "open", "sql",
)  # fmt: skip

_JAVASCRIPT = {
    "readFileSync": READ, "readFile": READ, "createReadStream": READ, "openAsBlob": READ, "readTextFile": READ,
    "readTextFileSync": READ, "Bun.file": READ, "readJsonSync": READ, "readJSONSync": READ, "readJson": READ,
    "writeFileSync": WRITE, "writeFile": WRITE, "appendFileSync": WRITE, "appendFile": WRITE,
    "createWriteStream": WRITE,
    "writeTextFile": WRITE, "writeTextFileSync": WRITE, "Bun.write": WRITE, "truncateSync": WRITE, "unlinkSync": REMOVE,
    "unlink": REMOVE, "rmSync": REMOVE, "fs.rm": REMOVE, "removeSync": REMOVE, "Deno.remove": REMOVE,
    "copyFileSync": COPY, "copyFile": COPY, "cpSync": COPY, "symlinkSync": COPY, "linkSync": COPY, "renameSync": MOVE,
    "rename": MOVE, "execSync": SHELL, "exec": SHELL, "spawnSync": PROGRAM, "spawn": PROGRAM, "execFileSync": PROGRAM,
    "execFile": PROGRAM, "Bun.spawn": PROGRAM, "Bun.spawnSync": PROGRAM, "Deno.Command": PROGRAM, "require": LOAD,
    "import": LOAD,
    "openSync": OPEN, "fs.open": OPEN, "loadEnvFile": HAND, "query": SQL, "$queryRawUnsafe": SQL,
    "$executeRawUnsafe": SQL, "execute": SQL,
}  # fmt: skip
_RUBY = {
    "File.read": READ, "File.readlines": READ, "File.foreach": READ, "File.binread": READ, "IO.read": READ,
    "IO.readlines": READ, "IO.foreach": READ, "IO.binread": READ, "YAML.load_file": READ, "JSON.load_file": READ,
    "File.open": OPEN, "File.new": OPEN, "open": OPEN, "File.write": WRITE, "IO.write": WRITE, "File.delete": REMOVE,
    "File.unlink": REMOVE, "FileUtils.rm": REMOVE, "FileUtils.rm_rf": REMOVE, "FileUtils.rm_f": REMOVE,
    "FileUtils.cp": COPY, "FileUtils.copy": COPY, "FileUtils.mv": MOVE, "File.rename": MOVE, "system": SHELL,
    "exec": SHELL, "spawn": SHELL, "IO.popen": SHELL, "Open3.capture2": SHELL, "Open3.capture3": SHELL, "load": LOAD,
    "Dotenv.load": HAND, "execute": SQL, "exec_query": SQL,
    "exec_update": SQL, "exec_delete": SQL, "find_by_sql": SQL, "select_all": SQL, "exec_params": SQL, "query": SQL,
}  # fmt: skip
_PERL = {
    "open": OPEN, "sysopen": OPEN, "unlink": REMOVE, "rename": MOVE, "system": SHELL, "exec": SHELL, "do": LOAD,
    "require": LOAD, "copy": COPY, "move": MOVE, "read_file": READ, "slurp": READ, "path": READ, "link": COPY,
    "symlink": COPY,
}  # fmt: skip
_PHP = {
    "file_get_contents": READ, "readfile": READ, "file": READ, "fopen": OPEN, "parse_ini_file": READ,
    "highlight_file": READ, "show_source": READ, "include": READ, "include_once": READ, "require": READ,
    "require_once": READ, "file_put_contents": WRITE, "unlink": REMOVE, "copy": COPY, "rename": MOVE, "system": SHELL,
    "shell_exec": SHELL, "exec": SHELL, "passthru": SHELL, "popen": SHELL, "proc_open": SHELL, "query": SQL,
    "exec_sql": SQL,
}  # fmt: skip
_LUA = {
    "io.open": OPEN, "io.lines": READ, "dofile": LOAD, "loadfile": LOAD, "os.execute": SHELL, "io.popen": SHELL,
    "os.remove": REMOVE, "os.rename": MOVE,
}  # fmt: skip
_GO = {
    "os.ReadFile": READ, "os.Open": READ, "ioutil.ReadFile": READ, "os.OpenFile": READ, "godotenv.Read": READ,
    "os.WriteFile": WRITE, "os.Create": WRITE, "os.Remove": REMOVE, "os.RemoveAll": REMOVE, "os.Rename": MOVE,
    "exec.Command": PROGRAM, "godotenv.Load": HAND,
}  # fmt: skip
_RUST = {
    "std::fs::read_to_string": READ, "fs::read_to_string": READ, "std::fs::read": READ, "fs::read": READ,
    "File::open": READ, "std::fs::File::open": READ, "include_str": READ, "fs::write": WRITE, "std::fs::write": WRITE,
    "File::create": WRITE, "fs::remove_file": REMOVE, "fs::copy": COPY, "fs::rename": MOVE,
}  # fmt: skip
LANGUAGES = {
    "go": _GO,
    "rust": _RUST,
    "javascript": _JAVASCRIPT,
    "ruby": _RUBY,
    "perl": _PERL,
    "php": _PHP,
    "lua": _LUA,
}
_ENVIRONMENTS = {"javascript": "process.env", "ruby": "ENV", "perl": "%ENV", "php": "getenv", "lua": "os.getenv"}
_FOLDERS = frozenset({"__dirname", "__DIR__", "import.meta.dir", "process.cwd()", "Dir.pwd"})


MOST_TOKENS = 400
"""So many pieces of code the arguments of a call may have; what stands behind them is not looked at."""


class _Token:
    """A name (`fs.readFileSync`), a text in quotes (None where something is put into it), or a sign.

    written  a text as it is written, with what is put into it
    """

    __slots__ = ("is_text", "value", "written")

    def __init__(self, value: str | None, *, is_text: bool, written: str = "") -> None:
        self.value = value
        self.is_text = is_text
        self.written = written


def find(text: str, language: str, finder: Finder) -> None:
    """Report what the code does, in so far as it calls what is known by name."""
    table = LANGUAGES.get(language, _JAVASCRIPT)
    tokens = _tokens(text, language, finder)
    known = _assigned(tokens)

    def reads(place: int) -> bool:
        return _act_of(tokens[place].value or "", table, language) in (READ, OPEN) and not _is_defined(tokens, place)

    finder.takes_part = not finder.call.state.is_script and takes_part(tokens, text, language, reads)
    listed = _walked(tokens, known)
    for place, token in enumerate(tokens):
        if token.is_text or not token.value:
            continue
        act = _act_of(token.value, table, language)
        if act and not _is_defined(tokens, place):
            arguments = _arguments(tokens, place + 1, known, is_bare=act == OPEN and language == "perl")
            walked = listed if arguments and act == READ and arguments[0] is None else []
            if arguments is not None and not walked:
                _report(act, arguments, token.value, finder)
            for folder, pattern in walked:
                finder.search(folder, pattern)
    _statements(tokens, known, finder)
    report_whole_tables(text, language, finder)
    _environment(text, language, finder)


def _environment(text: str, language: str, finder: Finder) -> None:
    """What the code looks at of the environment, and what of it it prints."""
    squeezed = "".join(text.split())
    mark = _ENVIRONMENTS.get(language, "")
    if mark and mark in text:
        if any(f"{quote}dotenv" in squeezed for quote in "'\"") and f"log({mark}" in squeezed:
            finder.load(".env")
        printed = any(f"{verb}{mark}" in squeezed for verb in _VERBS)
        whole = printed and not any(f"{mark}{sign}" in squeezed for sign in (".", "["))
        finder.environment(mark, is_printed=whole)
    for name in _printed_variables(squeezed, language):
        if is_credential(name):
            finder.environment(f"{mark} {name}", is_printed=True)


_VERBS = ("log(", "puts", "print", "p(", "stringify(", "inspect(", "p")
_PRINTING = {
    "javascript": (("log(", "info(", "error(", "stdout.write("), ("process.env",)),
    "ruby": (("puts", "print", "p", "write"), ("ENV.fetch", "ENV")), "perl": (("print", "say"), ("$ENV",)),
    "php": (("echo", "print", "var_dump("), ("getenv", "$_ENV", "$_SERVER")), "lua": (("print(",), ("os.getenv",)),
}  # fmt: skip
"""Language → what prints, and what stands before the name of a variable of the environment. Blanks are left out."""


def _printed_variables(squeezed: str, language: str) -> list[str]:
    """The variables whose values are printed as they are: `console.log(process.env.TOKEN)`."""
    found: list[str] = []
    verbs, marks = _PRINTING.get(language, ((), ()))
    for start in (verb + mark for verb in verbs for mark in marks):
        at = squeezed.find(start)
        while at >= 0:
            inner = squeezed[at + len(start) :][:LONGEST].lstrip("[({'\".")
            end = 0
            while end < len(inner) and (inner[end].isalnum() or inner[end] == "_"):
                end += 1
            behind = inner[end:].lstrip("])}'\"")
            if behind[:1] in ("", ",", ";", "+", "|"):
                found.append(inner[:end])
            at = squeezed.find(start, at + 1)
    return found


LONGEST = 100
_INSERTED = re.compile(r"[$#]\{[^{}]*\}|\$\w+")


def _statements(tokens: list[_Token], known: dict[str, str], finder: Finder) -> None:
    """Texts that are handed over and may be SQL, also as templates: sql`DROP TABLE x`."""
    for place, token in enumerate(tokens):
        text = known.get(token.value or "") if not token.is_text else token.value
        if token.is_text and text is None:
            text = _INSERTED.sub(UNKNOWN_PART, token.written)
        if text and is_statement(text):
            report(_taker(tokens, place), text, finder)


def _taker(tokens: list[_Token], place: int) -> str:
    """The name of the function, or the tag, that gets a text; empty where it is none's argument."""
    before = tokens[place - 1] if place else None
    if before is None or before.is_text or not before.value:
        return ""
    if before.value not in ("(", ","):
        return before.value if before.value[0].isalpha() or before.value[0] in "_$" else ""
    depth = 0
    for at in range(place - 1, max(place - MOST_TOKENS, 0), -1):
        sign = "" if tokens[at].is_text else tokens[at].value
        if sign in (")", "]", "}"):
            depth += 1
        elif sign in ("(", "[", "{"):
            if depth == 0:
                return "" if sign != "(" or tokens[at - 1].is_text else (tokens[at - 1].value or "")
            depth -= 1
    return ""


MOST_FOLDERS = 20
_LISTING = ("readdirSync", "readdir", "Dir.children", "Dir.entries", "Dir.each_child", "scandir")


def _walked(tokens: list[_Token], known: dict[str, str]) -> list[tuple[str, str]]:
    """The folders that the code lists, whose files it then reads, each with the ending that it asks for."""
    found: list[str] = []
    endings: list[str | None] = []
    for place, token in enumerate(tokens):
        name = "" if token.is_text else token.value or ""
        if name.endswith(_LISTING) or name.endswith((".endsWith", ".end_with")):
            arguments = _arguments(tokens, place + 1, known, is_bare=False) or [None]
            if name.endswith(_LISTING):
                found += [argument for argument in arguments[:1] if argument is not None]
            else:
                endings.append(None if _is_sign(tokens, place - 1, "!") else arguments[0])
    pattern = f"*{endings[0]}" if len(endings) == 1 and endings[0] else "**"
    folders = list(dict.fromkeys(found))
    return [(folder, pattern) for folder in folders] if len(folders) <= MOST_FOLDERS else []


def _act_of(name: str, table: dict[str, str], language: str) -> str:
    if name in table:
        return table[name]
    short = name.rpartition(".")[2]
    if language == "javascript" and short in table and short not in ("require", "import", "exec", "rename", "unlink"):
        return table[short]
    if language == "ruby" and table.get(short) == SQL:
        return SQL
    if language == "javascript" and name in (
        "fs.unlink",
        "fs.rename",
        "child_process.exec",
        "cp.exec",
        "promises.unlink",
    ):
        return table[short]
    return table[short] if language in ("php", "perl") and short in table and "." not in name else ""


def _is_defined(tokens: list[_Token], place: int) -> bool:
    before = tokens[place - 1] if place else None
    return before is not None and before.value in ("function", "def", "sub", "import", "as") and not before.is_text


def _tokens(text: str, language: str, finder: Finder) -> list[_Token]:  # noqa: C901, PLR0912 - one form after the other
    found: list[_Token] = []
    at = 0
    while at < len(text):
        character = text[at]
        if character in "'\"" or (character == "`" and language == "javascript"):
            start = at
            value, at = _quoted(text, at, language)
            found.append(_Token(value, is_text=True, written=text[start + 1 : at - 1]))
        elif character == "`" and language in ("ruby", "perl", "php"):
            value, at = _quoted(text, at, language)
            finder.shell(value, text[max(at - 40, 0) : at])
        elif language == "ruby" and text.startswith("%x", at) and text[at + 2 : at + 3] in ("(", "{", "["):
            end = _closing(text, at + 2)
            finder.shell(text[at + 3 : end], "")
            at = end + 1
        elif language in ("perl", "ruby") and text.startswith(_WORD_LISTS, at) and not text[at - 1 : at].isalnum():
            end = _closing(text, at + 2)
            for number, word in enumerate(text[at + 3 : end].split()):
                found += [_Token(",", is_text=False)] * (number > 0) + [_Token(word, is_text=True)]
            at = end + 1
        elif language == "perl" and text.startswith(("qx", "qq", "q("), at) and not text[at - 1 : at].isalnum():
            end = _closing(text, text.find(text[at + 1 if text[at + 1] in "({[/" else at + 2], at))
            start = at + (2 if text[at + 1] in "({[/" else 3)
            if text.startswith("qx", at):
                finder.shell(text[start:end], "")
            else:
                found.append(_Token(text[start:end], is_text=True))
            at = end + 1
        elif character.isalpha() or character in "_$@":
            end = at + 1
            while end < len(text) and (text[end].isalnum() or text[end] in "_.$" or text.startswith("::", end)):
                end += 2 if text.startswith("::", end) else 1
            found.append(_Token(text[at:end].rstrip(".").replace("?.", ".").replace("node:", ""), is_text=False))
            at = end
        else:
            if not character.isspace() or character == "\n":
                found.append(_Token(character, is_text=False))
            at += 1
    return found


_WORD_LISTS = ("qw(", "qw{", "qw[", "qw/", "%w(", "%w[", "%w{")

_CLOSING = {"(": ")", "{": "}", "[": "]", "/": "/"}


def _closing(text: str, at: int) -> int:
    end = text.find(_CLOSING.get(text[at : at + 1], ")"), at + 1)
    return len(text) if end < 0 else end


def _quoted(text: str, at: int, language: str) -> tuple[str | None, int]:
    """A text in quotes; None where something is put into it."""
    quote = text[at]
    made: list[str] = []
    is_known = True
    end = at + 1
    while end < len(text) and text[end] != quote:
        if text[end] == "\\":
            value, end = _escape(text, end + 1)
            made.append(value)
            continue
        if _is_inserted(text, end, quote, language):
            is_known = False
        made.append(text[end])
        end += 1
    return ("".join(made) if is_known else None), end + 1


def _is_inserted(text: str, at: int, quote: str, language: str) -> bool:
    if quote == "'":
        return False
    if language == "javascript":
        return quote == "`" and text.startswith("${", at)
    if language == "ruby":
        return text.startswith("#{", at)
    return (
        language in ("perl", "php")
        and text[at] in "$@"
        and (text[at + 1 : at + 2].isalpha() or text.startswith("${", at))
    )


def _escape(text: str, at: int) -> tuple[str, int]:
    letter = text[at : at + 1]
    if letter == "x" and _is_hex(text[at + 1 : at + 3]):
        return chr(int(text[at + 1 : at + 3], 16)), at + 3
    if letter == "u" and _is_hex(text[at + 1 : at + 5]):
        return chr(int(text[at + 1 : at + 5], 16)), at + 5
    return {"n": "\n", "t": "\t", "r": "\r"}.get(letter, letter), at + 1


def _is_hex(text: str) -> bool:
    return len(text) > 1 and all(character in "0123456789abcdefABCDEF" for character in text)


def _assigned(tokens: list[_Token]) -> dict[str, str]:
    """Names that are given a text and nothing else: `const f = '.env'`."""
    found: dict[str, str] = {}
    for place in range(len(tokens) - 2):
        name, sign, value = tokens[place : place + 3]
        if (
            not name.is_text
            and name.value
            and not sign.is_text
            and sign.value == "="
            and value.is_text
            and value.value is not None
        ):
            text, _ = _joined(tokens, place + 2, found)
            if text is not None:
                found[name.value] = text
    return found


def _joined(tokens: list[_Token], place: int, known: dict[str, str]) -> tuple[str | None, int]:
    """Texts that a sign joins (`+`, `.`, `..`); None where a part isn't known. And where to go on."""
    made: list[str] = []
    is_known = True
    while place < len(tokens):
        token = tokens[place]
        if token.is_text:
            is_known = is_known and token.value is not None
            made.append(token.value or "")
        elif token.value in known:
            made.append(known[token.value])
        elif token.value in _FOLDERS or token.value == "process.cwd":
            made.append(".")
            if token.value == "process.cwd":
                place += 2
        elif token.value and token.value.rpartition(".")[2] in ("join", "resolve") and _is_sign(tokens, place + 1, "("):
            parts, place = _list(tokens, place + 2, known)
            is_known = is_known and all(part is not None for part in parts)
            made.append("/".join(part or "" for part in parts))
        else:
            return None, place
        place += 1
        if not (_is_sign(tokens, place, "+") or _is_sign(tokens, place, ".")):
            break
        while _is_sign(tokens, place, "+") or _is_sign(tokens, place, "."):
            place += 1
    return ("".join(made) if is_known and made else None), place


def _is_sign(tokens: list[_Token], place: int, sign: str) -> bool:
    return place < len(tokens) and not tokens[place].is_text and tokens[place].value == sign


def _list(tokens: list[_Token], place: int, known: dict[str, str]) -> tuple[list[str | None], int]:
    """Arguments up to the closing bracket, which is where the second value points to."""
    found: list[str | None] = []
    depth = 0
    expects = True
    last = min(len(tokens), place + MOST_TOKENS)
    while place < last:
        token = tokens[place]
        if not token.is_text and token.value in ("(", "[", "{"):
            depth += 1
        elif not token.is_text and token.value in (")", "]", "}"):
            if depth == 0:
                return found, place
            depth -= 1
        elif not token.is_text and token.value in (",", "\n", ";"):
            expects = True
            if token.value == ";":
                return found, place
        elif expects:
            text, after = _joined(tokens, place, known)
            found.append(text)
            place = max(after, place + 1)
            expects = False
            continue
        place += 1
    return found, place


def _arguments(tokens: list[_Token], place: int, known: dict[str, str], *, is_bare: bool) -> list[str | None] | None:
    """The arguments of a call; without brackets only where a text follows. None where it is no call.

    is_bare  whether anything may follow without brackets: Perl's `open F, "name"`
    """
    if _is_sign(tokens, place, "("):
        return _list(tokens, place + 1, known)[0]
    if place < len(tokens) and (tokens[place].is_text or is_bare):
        return _list(tokens, place, known)[0]
    return None


def _report(act: str, arguments: list[str | None], name: str, finder: Finder) -> None:
    """Say what a call of a known function does."""
    if not arguments:
        return
    if act == OPEN:
        _open(arguments, name, finder)
    elif act == LOAD:
        _load(arguments[0], name, finder)
    elif act in (SHELL, PROGRAM):
        _start(act, arguments, name, finder)
    elif act == HAND:
        finder.hand_over(arguments[0] or ".env")
    elif act == SQL:
        finder.sql(arguments[0])
    else:
        _touch(act, arguments, name, finder)


def _touch(act: str, arguments: list[str | None], name: str, finder: Finder) -> None:
    """A file is read, written, taken away, copied or moved."""
    first, source = arguments[0], f"{name}(…)"
    second = arguments[1] if len(arguments) > 1 else None
    if act in (READ, COPY, MOVE):
        finder.read(first, source)
    if act in (REMOVE, MOVE):
        finder.write(first, source, is_removal=True)
    if act == WRITE:
        finder.write(first, source, second)
    elif act in (COPY, MOVE):
        finder.write(second, source)


def _load(first: str | None, name: str, finder: Finder) -> None:
    """`require('./x')`: code, or a file whose content it shows."""
    if first is not None and first.startswith((".", "/", "~")) and not first.endswith(_CODE):
        finder.read(first, f"{name}(…)")


_CODE = (".js", ".mjs", ".ts", ".rb", ".pl")


def _start(act: str, arguments: list[str | None], name: str, finder: Finder) -> None:
    """A command line, or a program with its words."""
    is_list = len(arguments) > 1 and all(argument is not None for argument in arguments) and name != "execSync"
    if act == PROGRAM or is_list:
        finder.command(list(arguments), f"{name}(…)")
    else:
        finder.shell(arguments[0], f"{name}(…)")


def _open(arguments: list[str | None], name: str, finder: Finder) -> None:
    """`open(path, mode)`; Perl's `open(F, '<', path)` and `open(F, '< path')`."""
    texts = [argument for argument in arguments if argument is not None]
    if not texts:
        finder.read(None, f"{name}(…)")
        return
    signs = ("<", ">", ">>", "+<", "-|", "|-")
    mode = next((text for text in texts if text.partition(":")[0].strip() in signs), None)
    rest = [text for text in texts if text is not mode]
    path = rest[0] if rest else None
    if (mode is None and path is not None and path[:1] in "<>|") or (path or "").endswith("|"):
        bare = (path or "").strip("<>| ")
        mode, path = (">" if (path or "").startswith(">") else "-|" if "|" in (path or "") else "<"), bare
    letters = mode or (rest[1] if len(rest) > 1 else "r")
    if "|" in letters:
        finder.shell(path, f"{name}(…)")
    elif any(letter in letters for letter in ">wa"):
        finder.write(path, f"{name}(…)")
    else:
        finder.read(path, f"{name}(…)")
