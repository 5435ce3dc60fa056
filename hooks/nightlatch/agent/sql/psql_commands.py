r"""psql's own commands in a text of SQL: on a line of their own, or behind a statement (`SELECT 1 \g |less`).

The rules are those of psql's manual page: a backslash outside quotes and comments starts a command, whose arguments end
at the line's end or at the next backslash; `\\` leads back to SQL.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK = re.compile(r"['\"$;\\]|--|/\*")
_ESCAPED_END = re.compile(r"(?:[^'\\]|\\[\s\S])*+'")
_TAG = re.compile(r"\$(?:[^\W\d]\w*+)?\$")
_COMMENT = re.compile(r"/\*|\*/")
_NAME = re.compile(r"\\(?:!|[^\s\\|'\"`]*+)")
_ARGUMENT_MARK = re.compile(r"['\"`\\\n]")
_WHOLE_LINE = frozenset({"\\!", "\\copy", "\\ef", "\\ev", "\\sf", "\\sv", "\\h", "\\help"})
_PIPED = frozenset({"\\o", "\\out", "\\g", "\\gx", "\\w", "\\write"})
_SENDING = frozenset({"\\g", "\\gx", "\\gexec", "\\gset", "\\gdesc", "\\crosstabview", "\\watch"})


def pieces(text: str) -> Iterator[tuple[bool, str]]:
    r"""Yield (whether it is a command of psql, the text), in order; SQL that a command sends ends with a semicolon.

    Behind a quote that is never closed all is SQL.
    """
    start = at = statement = 0
    while found := _MARK.search(text, at):
        at = found.start()
        if found[0] == ";":
            at = statement = _behind_rows(text, statement, at)
        elif found[0] != "\\":
            at = _behind_hidden(text, at, found[0])
        elif text.startswith("\\;", at):
            yield False, text[start:at]
            start = at = statement = at + 1
        else:
            end = _command_end(text, at)
            command = text[at:end]
            name = _name(command)
            yield False, text[start:at] + (";" if name in _SENDING else "")
            if command != "\\":
                yield True, command.strip()
            start = at = statement = end + 1 if text.startswith("\\", end) and command == "\\" else end
    yield False, text[start:]


def _name(command: str) -> str:
    found = _NAME.match(command)
    return found[0].lower() if found else ""


def _behind_hidden(text: str, at: int, mark: str) -> int:
    """Behind a string, a name in quotes or a comment; the end of the text where it is never closed."""
    if mark == "--":
        return _found(text, "\n", at)
    if mark == "/*":
        return _behind_comment(text, at)
    if mark == "$":
        tag = _TAG.match(text, at)
        is_name = at > 0 and (text[at - 1].isalnum() or text[at - 1] == "_")
        return at + 1 if tag is None or is_name else _found(text, tag[0], tag.end()) + len(tag[0])
    if mark == "'" and text[max(at - 1, 0)] in "eE" and not text[max(at - 2, 0)].isalnum():
        end = _ESCAPED_END.match(text, at + 1)
        return end.end() if end else len(text)
    return _found(text, mark, at + 1) + 1


def _found(text: str, mark: str, at: int) -> int:
    end = text.find(mark, at)
    return len(text) if end < 0 else end


def _behind_comment(text: str, at: int) -> int:
    depth = 0
    for found in _COMMENT.finditer(text, at):
        depth += 1 if found[0] == "/*" else -1
        if depth == 0:
            return found.end()
    return len(text)


def _behind_rows(text: str, start: int, at: int) -> int:
    """Behind a semicolon, and behind the rows that follow it where it ends a `COPY … FROM stdin`."""
    words = text[start:at].lower().split()
    if words[:1] != ["copy"] or " from stdin" not in " ".join(words):
        return at + 1
    end = text.find("\n\\.", at)
    return len(text) if end < 0 else end + len("\n\\.")


def _command_end(text: str, at: int) -> int:
    """Where a command and its arguments end."""
    found = _NAME.match(text, at)
    behind = found.end() if found else at + 1
    name = text[at:behind].lower()
    line_end = _found(text, "\n", behind)
    if name in _WHOLE_LINE or (name in _PIPED and text[behind:line_end].lstrip().startswith("|")):
        return line_end
    if behind == at + 1:
        return behind  # `\\`
    while mark := _ARGUMENT_MARK.search(text, behind, line_end):
        if mark[0] in "\\\n":
            return mark.start()
        end = text.find(mark[0], mark.end(), line_end)
        if end < 0:
            return line_end
        behind = end + 1
    return line_end


def commands_in(command: str) -> list[str]:
    r"""What stands in backticks among a command's arguments: a shell runs it."""
    name = _name(command)
    if name in _WHOLE_LINE:
        return []
    made: list[str] = []
    at = len(name)
    while mark := _ARGUMENT_MARK.search(command, at):
        end = command.find(mark[0], mark.end()) if mark[0] in "'\"`" else mark.start()
        end = len(command) if end < 0 else end
        if mark[0] == "`":
            made.append(command[mark.end() : end])
        at = end + 1
    return made
