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
    contents = "\n".join(text for key, text in texts if _is_content(key))
    for key, text in texts:
        yield Content(text, f"the argument {key}" if key else "the arguments")
        words = set(names.words_of(key))
        if words & names.WORDS_OF_SQL and own_name & names.WORDS_OF_DATABASES:
            yield Sql(text, call.tool)
        elif key in names.COMMANDS and (own_name & names.WORDS_OF_SHELLS or not call.tool.startswith("mcp__")):
            yield from _command(text, call, place)
        elif _may_be_path(words, text, call, place):
            yield from _file(text, words, contents, call, place)


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
            from nightlatch.agent.call import EventError

            raise EventError(f"The call has more than {MOST_ARGUMENTS} arguments.", "Make several calls of it.")
        if isinstance(item, str):
            yield name, item
        elif isinstance(item, dict):
            waiting.extend((inner, str(inner_name)) for inner_name, inner in item.items())
        elif isinstance(item, list):
            waiting.extend((inner, name) for inner in item)


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
    offset, limit = call.arguments.get("offset"), call.arguments.get("limit", call.arguments.get("length"))
    first = max(offset, 1) if isinstance(offset, int) else 1
    return Window(LINES, first, first + limit - 1 if isinstance(limit, int) else None)
