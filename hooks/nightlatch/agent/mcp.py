"""What a call of an unknown tool would do: its name and the names of its arguments are all there is to go by.

Every text among the arguments may be a path, unless its name says that it is prose or it can't be a path.
"""

from __future__ import annotations

from nightlatch.agent import tool_names as names
from nightlatch.agent.effects import LAST, LINES, Content, GitOutput, Metadata, Read, Sql, Window, Write
from nightlatch.agent.search import Search
from nightlatch.agent.spelling import absolute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nightlatch.agent.call import Call
    from nightlatch.agent.effects import Effect
    from nightlatch.agent.place import Place

MOST_ARGUMENTS = 5000
"""So many texts are looked at; a call with more is refused."""

LONGEST_PATH = 4096


def effects_of(call: Call, place: Place) -> Iterator[Effect]:
    """Yield what a call may do. Raises EventError where it has too many arguments."""
    own_name = set(names.words_of(call.tool))
    texts = list(_texts(call.arguments, ""))
    contents = "\n".join(text for key, text in texts if _is_content(key))
    runs = bool(own_name & names.WORDS_OF_SHELLS)
    yield from _in_several_words(call, place) if runs else ()
    yield from _printed_by_git(call, own_name, texts, place) if "git" in own_name else ()
    for key, text in texts:
        yield Content(text, f"the argument {key}" if key else "the arguments")
        words = set(names.words_of(key))
        if words & names.WORDS_OF_SQL and (own_name & names.WORDS_OF_DATABASES or words & names.WORDS_OF_SQL_ALONE):
            yield Sql(text, call.tool)
        elif key in names.COMMANDS and (runs or not call.tool.startswith("mcp__")):
            yield from _command(text, call, place)
        elif (
            key in names.CODES and (runs or own_name & names.WORDS_OF_INTERPRETERS) and not _is_there(text, call, place)
        ):
            yield from _code(text, call, place)
        elif key not in names.NO_PATHS and _may_be_path(words, text, call, place):
            yield from _file(text, words, contents, call, place)
        elif ":" in text and (words & names.WORDS_OF_REVISIONS or "git" in own_name):
            yield from _in_revision(text, call, place)


def _printed_by_git(call: Call, own_name: set[str], texts: Sequence[tuple[str, str]], place: Place) -> Iterator[Effect]:
    """What a server for git prints of tracked files: `git_diff`, `git_diff_staged`, `git_show`."""
    name = next((one for one in ("diff", "show") if one in own_name), "")
    if not name:
        return
    folder = call.folder
    revisions, paths = [], []
    for key, text in texts:
        words = set(names.words_of(key))
        if words & names.WORDS_OF_REVISIONS or "target" in words:
            revisions.append(text)
        elif place.is_folder(absolute(text, call.folder, place.home)):
            folder = absolute(text, call.folder, place.home)
        elif words & names.WORDS_OF_PATHS:
            paths.append(text)
    if name == "show" and revisions and all(":" in one for one in revisions):
        return  # single files, which are read as such
    is_staged = bool(own_name & {"staged", "cached"})
    behind = ["--", *paths] if paths else []
    yield GitOutput(folder, name, [*(["--cached"] if is_staged else []), *revisions, *behind])


def texts_of(arguments: object) -> Iterator[tuple[str, str]]:
    """Yield every text in the arguments, with the nearest name above it. Raises EventError."""
    return _texts(arguments, "")


def _texts(value: object, key: str) -> Iterator[tuple[str, str]]:
    """Every text in the arguments, with the nearest name above it."""
    waiting = [(value, key)]
    count = 0
    while waiting:
        item, name = waiting.pop()
        count += 1
        if count > MOST_ARGUMENTS:
            from nightlatch.core.errors import EventError

            raise EventError(f"The call has more than {MOST_ARGUMENTS} arguments.", "Make several calls of it.")
        if isinstance(item, str):
            yield name, item
        elif isinstance(item, dict):
            for inner_name, inner in item.items():  # the name of something says what that is: `file: {name: …}`
                waiting.append((inner, name if inner_name == "name" and name else str(inner_name)))
        elif isinstance(item, list):
            waiting.extend((inner, name) for inner in item)


def _is_content(key: str) -> bool:
    return key in names.CONTENTS or key in names.NEW


def _command(text: str, call: Call, place: Place) -> Iterator[Effect]:
    from nightlatch.agent.shell import effects_of as effects_of_command

    yield from effects_of_command(text, call.folder, place)


def _in_several_words(call: Call, place: Place) -> Iterator[Effect]:
    """A command that comes as a list, or as a program with a list of its arguments."""
    from shlex import join

    for key in names.COMMANDS:
        value = call.arguments.get(key)
        further = next((call.arguments[name] for name in ("args", "arguments", "argv") if name in call.arguments), [])
        if isinstance(value, str) and isinstance(further, list) and further:
            yield from _command(f"{value} {join(map(str, further))}", call, place)
        elif isinstance(value, list) and value:
            yield from _command(join(map(str, value)), call, place)


def _code(text: str, call: Call, place: Place) -> Iterator[Effect]:
    """Code that the tool's interpreter runs, judged as if a command brought it. Which one it is, is not always told."""
    from shlex import quote

    from nightlatch.agent.effects import Execute, Unresolved
    from nightlatch.agent.shell.trace import identity

    said = str(call.arguments.get("language", call.arguments.get("lang", ""))).lower()
    if said in names.SHELLS:
        yield from _command(text, call, place)
        return
    own_name = {*names.words_of(call.tool), said}
    programs = ["node -e"] if own_name & names.WORDS_OF_JAVASCRIPT else ["python3 -c"] if _is_python(text) else []
    is_told = bool(own_name & (names.WORDS_OF_JAVASCRIPT | names.WORDS_OF_PYTHON))
    seen = set()
    for program in programs if is_told and programs else dict.fromkeys((*programs, "node -e")):
        for effect in _command(f"{program} {quote(text)}", call, place):
            key = (type(effect), getattr(effect, "path", identity(effect)))  # by whichever of the two it was seen
            is_known = key in seen
            seen.add(key)
            if not is_known and not isinstance(effect, Execute) and (is_told or not isinstance(effect, Unresolved)):
                yield effect


def _is_python(text: str) -> bool:
    """Whether a text can be Python; what is too deep to say is taken for it."""
    import ast

    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return any(line.lstrip()[:1] in ("%", "!") for line in text.splitlines())  # a notebook's own commands
    except (RecursionError, MemoryError):
        return True
    return True


def _in_revision(text: str, call: Call, place: Place) -> Iterator[Effect]:
    """`HEAD:src/a.py`: a file as git has it, by its path in the repository or from the current folder."""
    path = text.partition(":")[2]
    if path and "\n" not in path and "://" not in text and len(path) <= LONGEST_PATH and "\0" not in path:
        yield Read(absolute(path, place.root, place.home), call.tool)
        if path.startswith(("./", "../")):
            yield Read(absolute(path, call.folder, place.home), call.tool)


def _is_there(text: str, call: Call, place: Place) -> bool:
    """Whether a text names something that is there."""
    is_name = bool(text) and len(text) <= LONGEST_PATH and "\n" not in text and "\0" not in text
    return is_name and place.exists(absolute(text, call.folder, place.home))


def _may_be_path(words: set[str], text: str, call: Call, place: Place) -> bool:
    """Whether an argument may name a file: by its own name, or as something that is there has this name."""
    if not text or len(text) > LONGEST_PATH or "\n" in text or "\0" in text:
        return False
    if text[:7].lower() == "file://":
        return True
    if "://" in text[:32]:
        return False
    if words & names.WORDS_OF_PATHS:
        return True
    if words & names.WORDS_OF_PROSE and not text.startswith(("/", "~/")):
        return False
    return place.exists(absolute(text, call.folder, place.home))


def _file(text: str, words: set[str], contents: str, call: Call, place: Place) -> Iterator[Effect]:
    """What happens to a file, by what the tool's name says."""
    own_name = set(names.words_of(call.tool))
    if text[:7].lower() == "file://" and ("?" in text or "#" in text):
        plain = text.partition("?")[0].partition("#")[0]
        yield from _file(plain, words, contents, call, place)
    if own_name & names.REMOTES and own_name & names.WORDS_OF_WRITING and not text.startswith(("/", "~", "file:")):
        return
    path = absolute(text, call.folder, place.home)
    if own_name & names.WORDS_OF_MOVING:
        yield Read(path, call.tool)
        yield Write(path, call.tool, is_removal=not words & {"destination", "dst", "dest", "to", "target"})
    elif own_name & names.WORDS_OF_COPYING:
        is_target = words & {"destination", "dst", "dest", "to", "target"}
        yield Write(path, call.tool) if is_target else Read(path, call.tool)
    elif own_name & names.WORDS_OF_WRITING:
        yield Write(path, call.tool, content=contents, is_removal=bool(own_name & names.WORDS_OF_REMOVING))
    elif place.is_folder(path) and own_name & names.WORDS_OF_SEARCHING and not own_name & {"file", "files"}:
        yield Search(path, call.tool, _pattern(call))
    elif own_name & names.WORDS_OF_METADATA or place.is_folder(path):
        yield Metadata(path, call.tool)
    else:
        yield Read(path, call.tool, _window(call))


def _pattern(call: Call) -> str:
    """What is searched for."""
    found = (call.arguments.get(name) for name in names.SEARCHED_FOR)
    return next((text for text in found if isinstance(text, str)), "")


def _window(call: Call) -> Window:
    """Which part is read, where the arguments say it as the usual servers do."""
    head, tail = call.arguments.get("head"), call.arguments.get("tail")
    if isinstance(head, int) and head > 0:
        return Window(LINES, 1, head)
    if isinstance(tail, int) and tail > 0:
        return Window(LAST, count=tail)
    start, end = (_number(call, keys) for keys in (names.FIRST_LINE, names.LAST_LINE))
    if start is not None or end is not None:
        last = None if end is None or end < 0 else end + (start == 0)  # a server that counts from 0
        return Window(LINES, max(start or 1, 1), last)
    offset, limit = call.arguments.get("offset"), call.arguments.get("limit", call.arguments.get("length"))
    first = max(offset, 1) if isinstance(offset, int) else 1
    return Window(LINES, first, first + limit - 1 if isinstance(limit, int) else None)


def _number(call: Call, keys: Sequence[str]) -> int | None:
    found = (call.arguments.get(key) for key in keys)
    return next((value for value in found if isinstance(value, int)), None)
