"""What a call would do, for every tool but the shells: by the tool's name and its arguments."""

from __future__ import annotations

from nightlatch.agent import tool_names as names
from nightlatch.agent.effects import LINES, SOME, Content, Metadata, Read, Window, Write
from nightlatch.agent.search import Search
from nightlatch.agent.spelling import absolute
from nightlatch.core.errors import EventError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nightlatch.agent.call import Call
    from nightlatch.agent.effects import Effect
    from nightlatch.agent.place import Place

    Arguments = Mapping[str, object]

MOST_BYTES_EDITED = 8 * 1024 * 1024


def effects_of(call: Call, place: Place) -> Iterator[Effect]:
    """Yield what a call would do. Raises EventError where a known tool's arguments are not of its form."""
    tool = names.normal(call.tool)
    if tool in names.SHELLS:
        yield from _shell(call, place)
    elif tool in names.POWERSHELLS:
        yield from _powershell(call, place)
    elif tool in names.OWN_DATABASES.get(call.agent, ()):
        yield from _own_database(call)
    elif call.tool.startswith("mcp__") or tool not in _DO:
        from nightlatch.agent.mcp import effects_of as effects_of_unknown

        yield from _prose(call, tool) if tool in names.PROSE else effects_of_unknown(call, place)
    else:
        yield from _DO[tool](call, place)


def _prose(call: Call, tool: str) -> Iterator[Effect]:
    """What goes to somebody else: a search engine, another agent."""
    from nightlatch.agent.mcp import texts_of

    for key, text in texts_of(call.arguments) if tool in names.SENT else ():
        yield Content(text, f"the argument {key}" if key else "the arguments")


def _own_database(call: Call) -> Iterator[Effect]:
    """Statements for a database that is the agent's own, unless they take in another one."""
    from nightlatch.agent.effects import Sql
    from nightlatch.agent.mcp import texts_of

    for _, text in texts_of(call.arguments):
        if "attach" in text.lower():
            yield Sql(text, call.tool)


def _shell(call: Call, place: Place) -> Iterator[Effect]:
    from nightlatch.agent.shell import effects_of as effects_of_command

    command = _command(call)
    yield Content(command, "the command line")
    for folder in _folders(call, place):
        yield from effects_of_command(command, folder, place)


def _folders(call: Call, place: Place) -> list[str]:
    """Where a command starts: in the folder that the call names. Claude Code's Bash knows no such argument."""
    named = _first_text(call.arguments, names.FOLDERS)
    if not named:
        return [call.folder]
    folder = absolute(named, call.folder, place.home)
    return [folder, call.folder] if call.agent == "claude-code" and call.tool == "Bash" else [folder]


def _keys(call: Call, place: Place) -> Iterator[Effect]:
    """What is typed into a program that runs: a shell, perhaps. A program that it would start may be an answer."""
    from nightlatch.agent.effects import Execute, Unresolved
    from nightlatch.agent.shell import effects_of as effects_of_command

    typed = _typed(_first_text(call.arguments, names.TYPED) or "")
    yield Content(typed, "what is typed")
    for effect in effects_of_command(typed, call.folder, place) if typed.strip() else ():
        if not isinstance(effect, (Execute, Unresolved)):
            yield effect


def _typed(text: str) -> str:
    """What is typed, without the keys that one agent writes in braces; `{enter}` ends a line."""
    import re

    return re.sub(r"\{[a-z]{1,12}\}", lambda key: "\n" if key[0] == "{enter}" else "", text)


def _powershell(call: Call, place: Place) -> Iterator[Effect]:
    from nightlatch.agent.shell.powershell import effects_of as effects_of_command

    command = _command(call)
    yield Content(command, "the command line")
    for folder in _folders(call, place):
        yield from effects_of_command(command, folder, place)


def _command(call: Call) -> str:
    """The command line: a text, or the list of a program and its arguments."""
    for name in names.COMMANDS:
        value = call.arguments.get(name)
        if isinstance(value, str):
            return value
        if isinstance(value, list) and value and all(isinstance(word, str) for word in value):
            from shlex import join

            return join(value)
    raise EventError(f"The tool {call.tool} comes without a command.", "Give it one.")


def _reads(call: Call, place: Place) -> Iterator[Effect]:
    for path in _paths(call, place):
        yield Metadata(path, call.tool) if place.is_folder(path) else Read(path, call.tool, _window(call.arguments))
    for attached in (text for key in names.SEVERAL for text in _texts(call.arguments.get(key))):
        yield Read(absolute(attached, call.folder, place.home), call.tool)


def _reads_many(call: Call, place: Place) -> Iterator[Effect]:
    """Files by their names and by patterns."""
    named = [text for key in (*names.SEVERAL, *names.GLOBS) for text in _several(call.arguments.get(key))]
    globs = []
    for text in named:
        if any(sign in text for sign in "*?[{"):
            globs.append(text)
        else:
            yield Read(absolute(text, call.folder, place.home), call.tool)
    if globs:
        yield Search(call.folder, call.tool, "", globs)


def _several(value: object) -> list[str]:
    return [value] if isinstance(value, str) else _texts(value)


def _window(arguments: Arguments) -> Window:
    """Which lines are read. Line 0 and line 1 are the first."""
    view = arguments.get("view_range")
    if isinstance(view, list) and len(view) == 2:  # noqa: PLR2004 - first and last
        return _lines(_integer(view[0]), _integer(view[1]))
    if arguments.get("pages") or isinstance(view, str):
        return Window(SOME)
    offset, limit = _number(arguments, ("offset",)), _number(arguments, ("limit",))
    if offset is not None and offset < 0:
        return Window(SOME)  # from the end, perhaps
    first = offset if offset is not None else _number(arguments, names.FIRST_LINE)
    if first is not None and first < 0:
        return Window(SOME)
    first = max(first or 1, 1)
    if limit is not None:
        return Window(LINES, first, first + max(limit, 0) - 1)
    return _lines(first, _number(arguments, names.LAST_LINE))


def _lines(first: int | None, last: int | None) -> Window:
    return Window(LINES, max(first or 1, 1), None if last is None or last < 0 else last)


def _number(arguments: Arguments, keys: Sequence[str]) -> int | None:
    for key in keys:
        if arguments.get(key) is not None:
            return _integer(arguments[key])
    return None


def _integer(value: object) -> int | None:
    """A whole number, as agents send it: 100, 100.0 or "100". Raises EventError for anything else."""
    if value is None or isinstance(value, int):
        return value
    try:
        return int(float(value if isinstance(value, (str, float)) else ""))
    except (TypeError, ValueError, OverflowError):
        raise EventError("A number of lines is no number.", "Give the tool's arguments their types.") from None


def _writes(call: Call, place: Place) -> Iterator[Effect]:
    content = _first_text(call.arguments, names.CONTENTS)
    for path in _paths(call, place):
        yield Write(path, call.tool, content=content or "")


def _edits(call: Call, place: Place) -> Iterator[Effect]:
    """One or several replacements in a file, or in several files."""
    by_path: dict[str, list[tuple[str, str, bool]]] = {}
    items = [item for key in ("edits", "replacements") for item in _objects(call.arguments.get(key))]
    for path in _paths(call, place)[1:] if _first_text(call.arguments, names.PATHS) else ():
        yield Write(path, call.tool)
    for item in items or [call.arguments]:
        named = _first_text(item, names.PATHS) or _first_text(call.arguments, names.PATHS)
        if not named:
            raise EventError(f"The tool {call.tool} names no file.", "Give it one.")
        old, new = _first_text(item, names.OLD), _first_text(item, names.NEW)
        replacement = (old or "", new or "", bool(item.get("replace_all") or item.get("allow_multiple")))
        by_path.setdefault(absolute(named, call.folder, place.home), []).append(replacement)
    for path, replacements in by_path.items():
        yield Write(path, call.tool, content=_after(path, replacements, place))


def _after(path: str, replacements: Sequence[tuple[str, str, bool]], place: Place) -> str:
    from nightlatch.agent.edits import changed_part

    return changed_part(place.read_text(path, MOST_BYTES_EDITED) or "", replacements)


def _edits_by_command(call: Call, place: Place) -> Iterator[Effect]:
    """The tool whose argument `command` says what it does."""
    wanted = call.arguments.get("command")
    if wanted == "view":
        return _reads(call, place)
    return _writes(call, place) if wanted == "create" else _edits(call, place)


def _deletes(call: Call, place: Place) -> Iterator[Effect]:
    for path in _paths(call, place):
        yield Write(path, call.tool, is_removal=True)


def _patches(call: Call, place: Place) -> Iterator[Effect]:
    from nightlatch.agent.patch import changes

    text = _first_text(call.arguments, names.PATCHES)
    for change in changes(text or ""):
        path = absolute(change.path, call.folder, place.home)
        yield Write(path, call.tool, content="\n".join(change.added), is_removal=change.is_removal)
        if change.moved_to:
            yield Write(path, call.tool, is_removal=True)
            yield Write(absolute(change.moved_to, call.folder, place.home), call.tool, content="\n".join(change.added))


def _searches(call: Call, place: Place) -> Iterator[Effect]:
    """Where lines are shown, content is read; a list of files or counts say no more than that something is there."""
    arguments = call.arguments
    path = absolute(_first_text(arguments, names.PATHS) or call.folder, call.folder, place.home)
    is_shown = not _shows_names_only(call)
    pattern = _first_text(arguments, ("pattern", "query", "regex")) or ""
    if not place.is_folder(path):
        yield Read(path, call.tool, Window(SOME)) if is_shown else Metadata(path, call.tool)
    elif is_shown:
        globs = [_first_text(arguments, (name,)) for name in ("glob", "include", "includePattern", "include_pattern")]
        yield Search(path, call.tool, pattern, [glob for glob in globs if glob])


def _shows_names_only(call: Call) -> bool:
    """Whether a search tells no lines: Claude Code's shows names unless it is asked for more, the others lines."""
    if call.tool != "Grep":
        return False
    shows = call.arguments.get("output_mode")
    if shows is None:
        return call.agent == "claude-code" and call.can_ask
    return shows in ("files_with_matches", "count")


def _lists(call: Call, place: Place) -> Iterator[Effect]:
    named = _first_text(call.arguments, names.PATHS)
    if named:
        yield Metadata(absolute(named, call.folder, place.home), call.tool)


def _paths(call: Call, place: Place) -> list[str]:
    """The files that a tool names: the one that it is about first, and whatever else it calls so.

    Raises EventError where it names none.
    """
    given = [name for name in names.PATHS if call.arguments.get(name)]
    files = [name for name in given if name not in names.OF_FOLDERS] or given[:1]
    named = dict.fromkeys(absolute(_text(call.arguments, name), call.folder, place.home) for name in files)
    if not named:
        raise EventError(f"The tool {call.tool} names no file.", "Give it one.")
    return list(named)


def _text(arguments: Arguments, key: str) -> str:
    return _first_text(arguments, (key,)) or ""


def _first_text(arguments: Arguments, keys: Sequence[str]) -> str | None:
    """The first of some arguments that is there. Raises EventError where it is no text."""
    for key in keys:
        value = arguments.get(key)
        if value is None:
            continue
        if not isinstance(value, str):
            raise EventError(f"The argument `{key}` is no text.", "Give the tool's arguments their types.")
        return value
    return None


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _objects(value: object) -> list[Arguments]:
    """The objects of a list; none where it is missing. Raises EventError where one is something else."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise EventError("A list of edits is none.", "Give the tool's arguments their types.")
    return value


_DO = {
    **dict.fromkeys(names.READERS_OF_MANY, _reads_many),
    **dict.fromkeys(names.TYPING, _keys),
    **dict.fromkeys(names.READERS, _reads),
    **dict.fromkeys(names.WRITERS, _writes),
    **dict.fromkeys(names.EDITORS, _edits),
    **dict.fromkeys(names.EDITORS_WITH_COMMANDS, _edits_by_command),
    **dict.fromkeys(names.DELETERS, _deletes),
    **dict.fromkeys(names.PATCHERS, _patches),
    **dict.fromkeys(names.SEARCHERS, _searches),
    **dict.fromkeys(names.LISTERS, _lists),
}
