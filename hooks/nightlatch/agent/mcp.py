"""What a call of an unknown tool would do: its name and the names of its arguments are all there is to go by.

Every text among the arguments may be a path, unless its name says that it is prose or it can't be a path.
"""

from __future__ import annotations

from nightlatch.agent import tool_names as names
from nightlatch.agent.effects import LAST, LINES, Content, Metadata, Read, Sql, Window, Write
from nightlatch.agent.spelling import absolute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

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
    contents = "\n".join(text for key, _, text in texts if _is_content(key))
    yield from _listed_command(call, place)
    for key, above, text in texts:
        yield Content(text, f"the argument {key}" if key else "the arguments")
        words = set(names.words_of(key))
        if words & names.WORDS_OF_SQL and (own_name & names.WORDS_OF_DATABASES or "sql" in words):
            yield Sql(text, call.tool)
        elif "git" in own_name and ":" in text and "://" not in text:
            yield Read(absolute(text.partition(":")[2], call.folder, place.home), call.tool)
        elif key in _CODE and own_name & _RUNNING:
            from shlex import quote

            interpreter = "node -e" if own_name & _JAVASCRIPT else "python3 -c"
            yield from _command(f"{interpreter} {quote(text)}", call, place)
        elif key in names.COMMANDS and (own_name & names.WORDS_OF_SHELLS or not call.tool.startswith("mcp__")):
            yield from _command(text, call, place)
        elif key not in _NO_PATHS and _may_be_path(
            words if words - _NAMING else words - _NAMING | set(names.words_of(above)), text, call, place
        ):
            yield from _file(text, words, contents, call, place)


def texts_of(arguments: object) -> Iterator[tuple[str, str]]:
    """Yield every text in the arguments, with the nearest name above it. Raises EventError."""
    return ((key, text) for key, _, text in _texts(arguments, ""))


_NAMING = frozenset({"name", "id", "value"})
"""Words that only say something together with what they are of: the `name` of one of the `files`."""


_CODE = ("code", "source", "script", "expression")
_RUNNING = names.WORDS_OF_SHELLS | {
    "eval",
    "evaluate",
    "repl",
    "python",
    "javascript",
    "node",
    "jupyter",
    "interpreter",
}
_JAVASCRIPT = frozenset({"javascript", "js", "node", "deno", "bun", "browser", "evaluate"})
_NO_PATHS = frozenset({"name_path", "json_path", "key_path", "symbol_path", "xpath", "jsonpath", "object_path"})
"""Arguments with the word `path` that lead through something else than folders."""


def _listed_command(call: Call, place: Place) -> Iterator[Effect]:
    """A command that is given as the list of its words."""
    from shlex import join

    for key in names.COMMANDS:
        value = call.arguments.get(key)
        if isinstance(value, list) and value and all(isinstance(word, str) for word in value):
            yield from _command(join(value), call, place)


def _texts(value: object, key: str) -> Iterator[tuple[str, str, str]]:
    """Every text in the arguments, with the nearest name above it, and the one above that."""
    waiting = [(value, key, "")]
    count = 0
    while waiting:
        item, name, above = waiting.pop()
        count += 1
        if count > MOST_ARGUMENTS:
            from nightlatch.agent.call import EventError

            raise EventError(f"The call has more than {MOST_ARGUMENTS} arguments.", "Make several calls of it.")
        if isinstance(item, str):
            yield name, above, item
        elif isinstance(item, dict):
            waiting.extend((inner, str(inner_name), name) for inner_name, inner in item.items())
        elif isinstance(item, list):
            waiting.extend((inner, name, above) for inner in item)


def _is_content(key: str) -> bool:
    return key in names.CONTENTS or key in names.NEW


def _command(text: str, call: Call, place: Place) -> Iterator[Effect]:
    from nightlatch.agent.shell import effects_of as effects_of_command

    yield from effects_of_command(text, call.folder, place)


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
    if words & names.WORDS_OF_PROSE:
        return False
    return place.exists(absolute(text, call.folder, place.home))


def _file(text: str, words: set[str], contents: str, call: Call, place: Place) -> Iterator[Effect]:
    """What happens to a file, by what the tool's name says."""
    own_name = set(names.words_of(call.tool))
    if text[:7].lower() == "file://":
        text = text.partition("#")[0].partition("?")[0]
    path = absolute(text, call.folder, place.home)
    if own_name & names.WORDS_OF_MOVING:
        yield Read(path, call.tool)
        yield Write(path, call.tool, is_removal=not words & {"destination", "dst", "dest", "to", "target"})
    elif own_name & names.WORDS_OF_COPYING:
        is_target = words & {"destination", "dst", "dest", "to", "target"}
        yield Write(path, call.tool) if is_target else Read(path, call.tool)
    elif own_name & names.WORDS_OF_WRITING:
        yield Write(path, call.tool, content=contents, is_removal=bool(own_name & names.WORDS_OF_REMOVING))
    elif own_name & names.WORDS_OF_METADATA or place.is_folder(path):
        yield Metadata(path, call.tool)
    else:
        yield Read(path, call.tool, _window(call))


def _window(call: Call) -> Window:
    """Which part is read, where the arguments say it as the usual servers do."""
    head, tail = call.arguments.get("head"), call.arguments.get("tail")
    if isinstance(head, int) and head > 0:
        return Window(LINES, 1, head)
    if isinstance(tail, int) and tail > 0:
        return Window(LAST, count=tail)
    starts = [value for name in names.FIRST_LINE if isinstance(value := call.arguments.get(name), int)]
    ends = [value for name in names.LAST_LINE if isinstance(value := call.arguments.get(name), int)]
    if starts or ends:
        return Window(LINES, max(starts[0], 1) if starts else 1, ends[0] if ends and ends[0] >= 0 else None)
    offset, limit = call.arguments.get("offset"), call.arguments.get("limit", call.arguments.get("length"))
    first = max(offset, 1) if isinstance(offset, int) else 1
    return Window(LINES, first, first + limit - 1 if isinstance(limit, int) else None)
