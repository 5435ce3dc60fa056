"""`find`, `fd`, `xargs`, `parallel`: programs that give other programs the names to work on."""

from __future__ import annotations

import os.path

from nightlatch.agent.shell.arguments import parsed, roles
from nightlatch.agent.shell.folders import files_below
from nightlatch.agent.shell.patterns import matches
from nightlatch.agent.shell.usage import LOOK, Usage
from nightlatch.agent.shell.values import Stream, Unknown, Word, merged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.arguments import Arguments
    from nightlatch.agent.shell.call import Call

_VALUES = frozenset(
    {"-maxdepth", "-mindepth", "-type", "-xtype", "-size", "-mtime", "-mmin", "-newer", "-newermt", "-user", "-group",
     "-perm", "-atime", "-ctime", "-cmin", "-amin", "-depth-limit", "-links", "-inum", "-fstype", "-samefile",
     "-regextype",
     "-printf", "-uid", "-gid", "-lname", "-ilname", "-context", "-used", "-anewer", "-cnewer"}
)  # fmt: skip
_NAMES = ("-name", "-iname", "-path", "-ipath", "-wholename", "-iwholename", "-regex", "-iregex")
_WRITES = ("-fprint", "-fprint0", "-fls", "-fprintf")
MOST_WORDS = 2_000


class _Search:
    """What a `find` looks for: `wanted` are the tests of each way through its `-o`, an empty one for everything."""

    def __init__(self) -> None:
        self.roots: list[Word] = []
        self.wanted: list[list[tuple[str, Word, bool]]] = [[]]
        self.depth = 25
        self.commands: list[list[Word]] = []
        self.deletes = False
        self.is_known = True
        self.only_folders = False


def find(call: Call) -> Stream | None:
    """`find`: names; with `-exec` what is done to them, with `-delete` that they go."""
    search = _search(call)
    for root in search.roots:
        call.look(root)
    if not search.commands and not search.deletes:
        return Stream(load=lambda: _listed(call, search), source="$(find …)")
    names = _found(call, search)
    for words in search.commands:
        _execute(call, words, names)
    if search.deletes:
        for name in names if names is not None else [Word(Unknown("find … -delete"))]:
            call.write(name, is_removal=True)
    return None


def _search(call: Call) -> _Search:  # noqa: C901 - one form after the other
    search = _Search()
    words = list(call.words)
    negated = False
    while words:
        word = words.pop(0)
        text = word.text or ""
        if text in ("-H", "-L", "-P") or text.startswith("-O"):
            continue
        if text in _NAMES and words:
            search.wanted[-1].append((text, words.pop(0), negated))
            negated = False
        elif text in ("-exec", "-execdir", "-ok", "-okdir"):
            search.commands.append(_until_end(words))
        elif text in _WRITES and words:
            call.write(words.pop(0))
        elif text in _VALUES and words:
            _option(search, text, words.pop(0), negated=negated)
            negated = False
        elif text == "-delete":
            search.deletes = True
        elif text in ("-o", "-or"):
            search.wanted.append([])
        elif text == "-prune":
            search.wanted[-1].clear()
            search.wanted[-1].append(("-name", Word("/"), False))
        elif text in ("!", "-not"):
            negated = not negated
        elif not text.startswith("-") and text not in ("(", ")", ","):
            search.roots.append(word)
    if not search.roots:
        search.roots.append(Word("."))
    return search


def _option(search: _Search, name: str, value: Word, *, negated: bool) -> None:
    text = value.text or ""
    if name == "-maxdepth" and text.isdigit():
        search.depth = int(text)
    if name == "-type" and text == "d" and not negated:
        search.only_folders = True


def _until_end(words: list[Word]) -> list[Word]:
    found: list[Word] = []
    while words:
        word = words.pop(0)
        if word.text in (";", "+"):
            break
        found.append(word)
    return found


def _found(call: Call, search: _Search) -> list[Word] | None:
    """The files that are found; None where nobody knows."""
    found: list[Word] = []
    for root in search.roots:
        paths = call.paths(root)
        if root.text is None or len(paths) != 1 or call.state.mounts is not None:
            return None
        if not call.place.is_folder(paths[0]):
            if _is_wanted(search, root.text, root.text):
                found.append(root)
            continue
        files = files_below(call.place, os.path.normpath(paths[0]), most_depth=search.depth + search.only_folders)
        if not files.is_complete:
            return None
        start = os.path.normpath(paths[0])
        for path in _folders(files.paths, start) if search.only_folders else files.paths:
            shown = os.path.join(root.text, os.path.relpath(path, start))
            if _is_wanted(search, shown, path):
                found.append(Word(shown))
    return found if len(found) <= MOST_WORDS else None


def _folders(paths: list[str], start: str) -> list[str]:
    """The folders that files lie in, below the one where the search starts."""
    found: dict[str, None] = {}
    for path in paths:
        folder = os.path.dirname(path)
        while len(folder) > len(start) and folder not in found:
            found[folder] = None
            folder = os.path.dirname(folder)
    return list(found)


def _is_wanted(search: _Search, shown: str, path: str) -> bool:
    return any(all(_fits(test, shown, path) for test in tests) for tests in search.wanted)


def _fits(test: tuple[str, Word, bool], shown: str, path: str) -> bool:
    name, pattern, negated = test
    text = pattern.text
    if text is None:
        return True
    if name in ("-regex", "-iregex"):
        return True if negated else _fits_expression(text, shown)
    subject = os.path.basename(path) if name in ("-name", "-iname") else shown
    if name.startswith("-i"):
        text, subject = text.lower(), subject.lower()
    return matches(text, subject) != negated


def _fits_expression(text: str, shown: str) -> bool:
    """The end of an expression that is plain text decides; else it may fit."""
    end = text.rpartition("*")[2].replace("\\.", ".").rstrip("$")
    return any(mark in end for mark in "[](){}|+?\\^") or shown.endswith(end)


def _listed(call: Call, search: _Search) -> Word | None:
    found = _found(call, search)
    return None if found is None else Word("".join((word.text or "") + "\n" for word in found))


def _execute(call: Call, words: list[Word], names: list[Word] | None) -> None:
    """A command with the names in the place of `{}`."""
    if names is None:
        unknown = Word(Unknown("find …"))
        call.run([_filled(word, unknown) for word in words])
        return
    for name in names:
        call.run([_filled(word, name) for word in words])


def _filled(word: Word, name: Word, mark: str = "{}") -> Word:
    parts: list[str | Unknown] = []
    for part in word.parts:
        if isinstance(part, Unknown):
            parts.append(part)
            continue
        first, *rest = part.split(mark)
        parts.append(first)
        for text in rest:
            parts += [*name.parts, text]
    return merged(parts)


def fd(call: Call) -> Stream | None:
    """`fd`: names, hidden ones only with `-H`; `-x` and `-X` run a command on them."""
    table = roles("-e:value --extension:value -E:value --exclude:value -d:value --max-depth:value -t:value "
    "--type:value "
                  "-c:value --color:value -S:value --changed-within:value -j:value --glob -g")  # fmt: skip
    words = list(call.words)
    command: list[Word] = []
    for place, word in enumerate(words):
        if word.text in ("-x", "-X", "--exec", "--exec-batch"):
            command, words = [item for item in words[place + 1 :] if item.text != ";"], words[:place]
            break
    arguments = parsed(words, table)
    names = _fd_names(call, arguments)
    if not command:
        lines = None if names is None else Word("".join((name.text or "") + "\n" for name in names))
        return Stream(lines, source="$(fd …)") if lines is not None else None
    if not any("{}" in word.shown for word in command):
        command = [*command, Word("{}")]
    _execute(call, command, names)
    return None


def _fd_names(call: Call, arguments: Arguments) -> list[Word] | None:
    pattern = (arguments.operands[0].text if arguments.operands else "") or ""
    roots = arguments.operands[1:] or [Word(".")]
    endings = [f".{word.text}" for word in arguments.values("-e", "--extension")]
    plain = pattern.strip("^$").replace("\\.", ".")
    if any(mark in plain for mark in "*[](){}|+?\\"):
        plain = ""
    hidden = arguments.has("-H", "--hidden", "-u", "--unrestricted")
    found: list[Word] = []
    for root in roots:
        for path in call.paths(root):
            files = files_below(call.place, os.path.normpath(path), hidden=hidden)
            if not files.is_complete:
                return None
            names = [name for name in files.paths if plain in os.path.basename(name)]
            found += [Word(name) for name in names if not endings or name.endswith(tuple(endings))]
    return found if len(found) <= MOST_WORDS else None


def xargs(call: Call) -> Stream | None:
    """`xargs`: what flows in becomes the arguments of a command."""
    table = roles(
        "-I:value -i:optional -n:value -P:value -L:value -l:optional -s:value -d:value -E:value -a:read -J:value "
        "-R:value --max-args:value --max-procs:value --max-lines:value --delimiter:value --arg-file:read "
        "--replace:optional"
    )
    arguments = parsed(call.words, table, stops=True)
    given = arguments.value("-a", "--arg-file")
    stream = call.shell.opened(given, call) if given is not None else call.stdin
    if given is not None:
        call.read(given)
    call.read_stdin()
    command = arguments.operands or [Word("echo")]
    marks = arguments.value("-I", "-J", "--replace", "-i")
    mark = marks.text if marks is not None else ("{}" if arguments.has("-i", "--replace", "-I") else None)
    items = _items(stream, arguments, by_line=mark is not None)
    if mark is None:
        return call.run([*command, *items], Stream(Word("")))
    return (
        [call.run([_filled(word, item, mark) for word in command], Stream(Word(""))) for item in items][-1:][0]
        if items
        else None
    )


def _items(stream: Stream | None, arguments: Arguments, *, by_line: bool) -> list[Word]:  # noqa: PLR0911 - one form after the other
    if stream is None:
        return []
    word = stream.word
    if word is None:
        return [Word(Unknown(stream.source or "what flows in"))]
    text = word.text
    if text is None:
        return [Word(*word.parts)]
    if arguments.has("-0", "--null"):
        return _bounded([item for item in text.replace("\n", "\0").split("\0") if item])
    delimiter = arguments.value("-d", "--delimiter")
    if delimiter is not None:
        from nightlatch.agent.shell.words import escaped

        mark = escaped(delimiter.text or "\n")
        return _bounded([item.rstrip("\n") for item in text.split(mark or "\n") if item.strip()])
    if by_line:
        return _bounded([line.strip() for line in text.split("\n") if line.strip()])
    return _bounded(_unquoted(text))


def _bounded(items: list[str]) -> list[Word]:
    """The items as words; one that nobody knows where they are too many."""
    return [Word(item) for item in items] if len(items) <= MOST_WORDS else [Word(Unknown("so many names"))]


def _unquoted(text: str) -> list[str]:
    """Words as xargs parts them: at blanks, with quotes and backslashes."""
    found: list[str] = []
    current: list[str] | None = None
    quote = ""
    at = 0
    while at < len(text):
        character = text[at]
        if quote:
            if character == quote:
                quote = ""
            else:
                (current := current or []).append(character)
        elif character in "'\"":
            quote, current = character, current or []
        elif character == "\\":
            (current := current or []).append(text[at + 1 : at + 2])
            at += 1
        elif character.isspace():
            if current is not None:
                found.append("".join(current))
            current = None
        else:
            (current := current or []).append(character)
        at += 1
    return [*found, "".join(current)] if current is not None else found


def parallel(call: Call) -> Stream | None:
    """GNU parallel: a command for each item behind `:::`, or that flows in."""
    words = list(call.words)
    items: list[Word] = []
    for place, word in enumerate(words):
        if word.text in (":::", ":::+"):
            items = [item for item in words[place + 1 :] if item.text not in (":::", ":::+")]
            words = words[:place]
            break
        if word.text == "::::":
            for name in words[place + 1 :]:
                call.read(name)
                stream = call.shell.opened(name, call)
                items += _items(stream, parsed([], {}), by_line=True)
            words = words[:place]
            break
    arguments = parsed(words,
    roles("-j:value --jobs:value -I:value -a:read -n:value -C:value --joblog:write --tmpdir:value"),
                       stops=True)  # fmt: skip
    given = arguments.value("-a")
    if given is not None:
        call.read(given)
        items += _items(call.shell.opened(given, call), arguments, by_line=True)
    if not items:
        items = _items(call.stdin, arguments, by_line=True)
    command = merged([part for word in arguments.operands for part in (*word.parts, " ")])
    if "{" not in command.shown:
        command = merged([*command.parts, "{}"])
    for item in items:
        quoted = Word(*(part if isinstance(part, Unknown) else _in_quotes(part) for part in item.parts))
        if arguments.operands:
            filled = _filled(_filled(command, quoted), quoted, "{.}")
            call.script(filled, "the command that parallel runs")
        else:
            call.script(item, "the command that parallel runs")
    return None


def _in_quotes(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'" if text else ""


COMMANDS: dict[str, Usage] = {
    "find": Usage(handler=find), "gfind": Usage(handler=find), "fd": Usage(handler=fd), "fdfind": Usage(handler=fd),
    "xargs": Usage(handler=xargs), "gxargs": Usage(handler=xargs), "parallel": Usage(handler=parallel),
    "locate": Usage(LOOK, skip=1), "fzf": Usage(), "entr": Usage(handler=lambda call: call.run(call.words)),
}  # fmt: skip
