"""The enums of Prisma's schema files: what `prisma migrate` makes of them in the database.

The language has line comments, strings in double quotes and blocks in braces, each member on a line of its own.
See https://www.prisma.io/docs/orm/reference/prisma-schema-reference#enum
"""

from __future__ import annotations

import re

from nightlatch.enum_parity.expressions import LIST, MOST_LINES, TEXT, Bound, Facts
from nightlatch.enum_parity.parity_comments import target_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.enum_parity.expressions import Expression

NAMES = re.compile(rb"enum\s+(\w+)")

_START = re.compile(r"^\s*enum\s+(\w+)\s*\{(.*)$")
_MEMBER = re.compile(r"^(\w+)")
_MAP = re.compile(r'(?<!@)@map\(\s*(?:name\s*:\s*)?"((?:[^"\\]|\\.)*)"')
_MAP_ALL = re.compile(r'@@map\(\s*(?:name\s*:\s*)?"((?:[^"\\]|\\.)*)"')
_SCHEMA = re.compile(r'@@schema\(\s*(?:map\s*:\s*|name\s*:\s*)?"((?:[^"\\]|\\.)*)"')
_COMMENT = re.compile(r"//+\s*parity:(.*)$")
_BLOCK = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)")


def binds(text: bytes) -> bool:
    """Whether a file names the database's side: each enum does."""
    return b"enum" in text


def read(text: bytes) -> Facts:
    """Each enum as a use that names its type."""
    facts = Facts()
    name, start = "", 0
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(_without_blocks(text.decode("utf-8", "replace")).splitlines(), 1):
        comment = _COMMENT.search(line)
        named = target_of(comment.group(1)) if comment else None
        if named:
            facts.comments.append((number, *named, number, number + MOST_LINES))
        code = without_comment(line)
        opened = _START.match(code) if not name else None
        if opened:
            name, start, lines, code = opened.group(1), number, [], opened.group(2)
        if name:
            inner, closed, _ = _at_brace(code)
            lines.append((number, inner))
            if closed:
                facts.bound.append(_bound(name, start, lines))
                name = ""
    if name:
        facts.faults.append((start, f"the enum {name} has no end"))
    return facts


def _without_blocks(text: str) -> str:
    """The schema without its comments of several lines, each line in its place."""
    return _BLOCK.sub(_lines_alone, text) if "/*" in text else text


def _lines_alone(found: re.Match[str]) -> str:
    return "\n" * found.group().count("\n") if found.group().startswith("/*") else found.group()


def without_comment(line: str) -> str:
    """The line up to a comment: `//` outside a string."""
    if "//" not in line:
        return line
    is_quoted = False
    position = 0
    while position < len(line):
        if is_quoted and line[position] == "\\":
            position += 1
        elif line[position] == '"':
            is_quoted = not is_quoted
        elif not is_quoted and line.startswith("//", position):
            return line[:position]
        position += 1
    return line


def _at_brace(code: str) -> tuple[str, str, str]:
    """What stands before and after the closing brace, if there is one outside a string."""
    parts = code.split('"')
    for index in range(0, len(parts), 2):
        if "}" in parts[index]:
            before, brace, after = parts[index].partition("}")
            return '"'.join([*parts[:index], before]), brace, after
    return code, "", ""


def _bound(name: str, start: int, lines: list[tuple[int, str]]) -> Bound:
    labels: list[Expression] = []
    target, schema = name, ""
    for number, line in lines:
        code = line.strip()
        if code.startswith("@@"):
            mapped, named = _MAP_ALL.search(code), _SCHEMA.search(code)
            target = _unescaped(mapped.group(1)) if mapped else target
            schema = _unescaped(named.group(1)) if named else schema
            continue
        member, mapped = _MEMBER.match(code), _MAP.search(code)
        if member:
            labels.append((TEXT, _unescaped(mapped.group(1)) if mapped else member.group(1), number))
    return Bound(name, "prisma", start, (LIST, labels), target, schema)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
