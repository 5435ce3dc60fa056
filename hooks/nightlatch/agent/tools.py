"""What a call would do, for every tool but the shells: by the tool's name and its arguments."""

from __future__ import annotations

from nightlatch.agent import tool_names as names
from nightlatch.agent.call import EventError
from nightlatch.agent.effects import LINES, SOME, Content, Metadata, Read, Window, Write
from nightlatch.agent.search import Search
from nightlatch.agent.spelling import absolute

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
    elif call.tool.startswith("mcp__") or tool not in _DO:
        from nightlatch.agent.mcp import effects_of as effects_of_unknown

        if tool not in names.PROSE:
            yield from effects_of_unknown(call, place)
        elif tool in names.LEAVING:
            from nightlatch.agent.mcp import texts_of

            for key, text in texts_of(call.arguments):
                yield Content(text, f"the argument {key}")
    else:
        yield from _DO[tool](call, place)


def _shell(call: Call, place: Place) -> Iterator[Effect]:
    from nightlatch.agent.shell import effects_of as effects_of_command

    command = _command(call)
    yield Content(command, "the command line")
    yield from effects_of_command(command, _folder(call, place), place)


def _folder(call: Call, place: Place) -> str:
    """Where a command starts: some agents name a folder for the one call."""
    named = _first_text(call.arguments, names.FOLDERS)
    return absolute(named, call.folder, place.home) if named else call.folder


def _powershell(call: Call, place: Place) -> Iterator[Effect]:
    from nightlatch.agent.shell.powershell import effects_of as effects_of_command

    command = _command(call)
    yield Content(command, "the command line")
    yield from effects_of_command(command, _folder(call, place), place)


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
    yield from _by_patterns(call, place)
    if "include" in call.arguments and not any(key in call.arguments for key in names.PATHS):
        return
    path = _path(call, place)
    yield Metadata(path, call.tool) if place.is_folder(path) else Read(path, call.tool, _window(call.arguments))
    for key in (*names.PATHS, "attachments", "paths", "files", "file_paths"):
        value = call.arguments.get(key)
        for other in [value] if isinstance(value, str) else _texts(value):
            named = absolute(other, call.folder, place.home)
            if named != path and not place.is_folder(named):
                yield Read(named, call.tool)


def _by_patterns(call: Call, place: Place) -> Iterator[Effect]:
    """A tool that reads many files takes patterns: `include: [".env*"]`."""
    patterns = _texts(call.arguments.get("include"))
    if not patterns:
        return
    from nightlatch.agent.shell.folders import matching

    for pattern in patterns:
        for name in matching(place, call.folder, pattern, dots=True) or []:
            yield Read(absolute(name, call.folder, place.home), call.tool)


def _window(arguments: Arguments) -> Window:
    """Which lines are read. Line 0 and line 1 are the first."""
    view = arguments.get("view_range")
    if isinstance(view, list) and len(view) == 2:  # noqa: PLR2004 - first and last
        return _lines(_integer(view[0]), _integer(view[1]))
    if arguments.get("pages"):
        return Window(SOME)
    offset, limit = _number(arguments, ("offset",)), _number(arguments, ("limit",))
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
    yield Write(_path(call, place), call.tool, content=content or "")


def _edits(call: Call, place: Place) -> Iterator[Effect]:
    """One or several replacements in a file, or in several files."""
    by_path: dict[str, list[tuple[str, str, bool]]] = {}
    items = [item for key in ("edits", "replacements") for item in _objects(call.arguments.get(key))]
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
    yield Write(_path(call, place), call.tool, is_removal=True)


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
    shows = arguments.get("output_mode", "files_with_matches" if "glob" in arguments else None)
    names_only = call.tool == "Grep" and (call.agent in _LISTING_FILES or "output_mode" in arguments)
    is_shown = shows == "content" if names_only else arguments.get("output_mode") in (None, "content")
    pattern = _first_text(arguments, ("pattern", "query", "regex")) or ""
    if not place.is_folder(path):
        yield Read(path, call.tool, Window(SOME)) if is_shown else Metadata(path, call.tool)
    elif is_shown:
        globs = [_first_text(arguments, (name,)) for name in ("glob", "include", "includePattern", "include_pattern")]
        yield Search(path, call.tool, pattern, [glob for glob in globs if glob])


_LISTING_FILES = ("claude-code", "codex", "copilot")
"""Agents whose Grep gives names of files unless it is told to show lines."""


def _lists(call: Call, place: Place) -> Iterator[Effect]:
    named = _first_text(call.arguments, names.PATHS)
    if named:
        yield Metadata(absolute(named, call.folder, place.home), call.tool)


def _path(call: Call, place: Place) -> str:
    """The file that a tool names. Raises EventError where it names none."""
    named = _first_text(call.arguments, names.PATHS)
    if not named:
        raise EventError(f"The tool {call.tool} names no file.", "Give it one.")
    return absolute(named, call.folder, place.home)


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
    **dict.fromkeys(names.READERS, _reads),
    **dict.fromkeys(names.WRITERS, _writes),
    **dict.fromkeys(names.EDITORS, _edits),
    **dict.fromkeys(names.EDITORS_WITH_COMMANDS, _edits_by_command),
    **dict.fromkeys(names.DELETERS, _deletes),
    **dict.fromkeys(names.PATCHERS, _patches),
    **dict.fromkeys(names.SEARCHERS, _searches),
    **dict.fromkeys(names.LISTERS, _lists),
}
