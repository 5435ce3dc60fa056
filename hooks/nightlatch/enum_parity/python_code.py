"""What a file of Python says about enums, read from its syntax tree; nothing of it is imported or run.

Enum classes, Literal, constants, and the uses that name the database's side: SQLAlchemy's Enum types and Django's
fields with choices.
"""

from __future__ import annotations

import ast
import re
import sys
import warnings

from nightlatch.enum_parity.expressions import (
    CALL,
    CLASS,
    FUNCTION,
    ITEMS,
    JOINED,
    KEYS,
    LIST,
    MOST_LINES,
    NAME,
    OBJECT,
    ORDERED,
    RECASED,
    TEXT,
    UNKNOWN,
    VALUES,
    Declared,
    Facts,
)
from nightlatch.enum_parity.parity_comments import target_of as comment_target
from nightlatch.enum_parity.python_bindings import Use, annotation_map, bind, bind_annotated, table_of, target_of
from nightlatch.enum_parity.python_enums import class_expression, functional, is_enum_class
from nightlatch.enum_parity.python_expressions import dotted, expression, function, is_literal_type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = re.compile(rb"^[ \t]*(?:class[ \t]+)?(\w+)[ \t]*(?:[(=:])", re.MULTILINE)

_BINDING_MARKS = (b"sqlalchemy", b"sqlmodel", b"parity:")
_TYPE_OF_A_MEMBER = re.compile(rb"\w\.(?:Enum|ENUM)\(")
_BINDING_IMPORT = re.compile(
    rb"^[ \t]*(?:from|import)[ \t]+(?:sqlalchemy|sqlmodel|flask_sqlalchemy|django)\b|#+[ \t]*parity:", re.MULTILINE
)
_TYPE_STATEMENT = re.compile(rb"^([ \t]*)type[ \t]+(\w+)[ \t]*(?:\[[^\]\n]*\])?[ \t]*=", re.MULTILINE)
_TYPE_PARAMETERS = re.compile(
    rb"^([ \t]*(?:class|def|async def)[ \t]+\w+)(\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\])(?=[(:])", re.MULTILINE
)
_EXCEPTIONS = re.compile(rb"^([ \t]*except[ \t]+)([\w.]+(?:[ \t]*,[ \t]*[\w.]+)+)[ \t]*:", re.MULTILINE)
_TEMPLATE = re.compile(rb"\{%-? |\{\{-? ?\w+\.\w|^[ \t]*\{\{[^{}\n]*\}\}[ \t]*$", re.MULTILINE)
_COMMENT = re.compile(r"#+\s*parity:([^#]*)")
_CONSTANTS = frozenset({LIST, NAME, TEXT, JOINED, OBJECT, ORDERED, RECASED, KEYS, VALUES, ITEMS, CALL})
_TYPE_ALIAS = getattr(ast, "TypeAlias", ())
_MOST_DEEP = 20


def binds(text: bytes) -> bool:
    """Whether a file may name the database's side."""
    if any(mark in text for mark in _BINDING_MARKS) or (b"choices" in text and b"models" in text):
        return True
    return _TYPE_OF_A_MEMBER.search(text) is not None


def read(text: bytes, path: str) -> Facts:
    """What the file declares, binds and imports.

    A file that Python can't parse is a fault where it says that it has to do with a database.
    """
    try:
        tree = _parsed(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return _unparsable(text, path, error)
    is_commented = b"parity:" in text
    reading = _Reading(path, is_commented=is_commented)
    reading.body(tree.body, "", is_top=True)
    if is_commented:
        reading.found.comments.extend(_comments(text, tree))
    reading.found.declared.sort(key=lambda one: one.line)
    return reading.found


def _parsed(text: bytes) -> ast.Module:
    """The syntax tree; what only a newer Python has of types and exceptions is read as an older one would write it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes in the scanned code
        try:
            return ast.parse(text)
        except SyntaxError:
            plain = _EXCEPTIONS.sub(
                rb"\1(\2):", _TYPE_STATEMENT.sub(rb"\1\2 =", _TYPE_PARAMETERS.sub(_lines_alone, text))
            )
            if plain == text:
                raise
            return ast.parse(plain)


def _lines_alone(found: re.Match[bytes]) -> bytes:
    """The name of what has type parameters; its end stays in its line."""
    count = found[2].count(b"\n")
    return found[1] + (b"\\\n" * count)


def _unparsable(text: bytes, path: str, error: Exception) -> Facts:
    facts = Facts()
    line = getattr(error, "lineno", None) or 1
    is_told = _BINDING_IMPORT.search(text) and not _TEMPLATE.search(text) and "{" not in path
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    reason = f"Python {version}, with which nightlatch runs, can't parse it"
    facts.faults.append((line if is_told else 0, reason))
    return facts


def _comments(text: bytes, tree: ast.Module) -> Iterator[tuple[int, str, bool, int, int]]:
    """The `parity:` comments: what looks like one inside a text is none."""
    import io
    import tokenize

    statements = sorted((one for one in ast.walk(tree) if isinstance(one, ast.stmt)), key=lambda one: one.lineno)
    try:
        for token in tokenize.tokenize(io.BytesIO(text).readline):
            found = _COMMENT.match(token.string) if token.type == tokenize.COMMENT else None
            target = comment_target(found.group(1)) if found else None
            if target:
                line, column = token.start
                is_behind = bool(token.line[:column].strip())
                yield (line, *target, *_lines_at(statements, line, is_behind=is_behind))
    except (tokenize.TokenError, SyntaxError):  # what ast takes and this doesn't: form feeds and the like at the end
        return


def _lines_at(statements: list[ast.stmt], line: int, *, is_behind: bool) -> tuple[int, int]:
    """Between which lines what a comment stands at begins: the statement around it, else the next one."""
    around = [one for one in statements if one.lineno <= line <= (one.end_lineno or 0)]
    if around and (is_behind or not hasattr(around[-1], "body")):
        found: ast.stmt | None = around[-1]
    else:
        found = next((one for one in statements if one.lineno > line), None)
    return (found.lineno, min(found.end_lineno or 0, found.lineno + MOST_LINES)) if found is not None else (0, 0)


class _Reading:
    """One file while it is read."""

    def __init__(self, path: str, *, is_commented: bool) -> None:
        self.found = Facts()
        self._is_commented = is_commented
        self._path = path
        self._parameters: frozenset[str] = frozenset()

    def body(self, statements: list[ast.stmt], owner: str, *, is_top: bool, depth: int = 0) -> None:
        """The statements of a module, a class or a function. `owner` is the class around them."""
        if depth > _MOST_DEEP:
            return
        for statement in statements:
            self._statement(statement, owner, is_top=is_top, depth=depth)

    def _statement(self, node: ast.stmt, owner: str, *, is_top: bool, depth: int) -> None:
        if isinstance(node, ast.ClassDef):
            self._class(node, owner, is_top=is_top, depth=depth)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            self._import(node, is_top=is_top, is_sure=depth == 0 or not is_top)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            self._assignment(node, owner, is_top=is_top)
        elif isinstance(node, ast.Expr | ast.Return):
            if node.value is not None:
                bind(node.value, Use("", None, ""), self.found, self._parameters)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self._function(node, owner, is_top=is_top, depth=depth)
        elif _TYPE_ALIAS and isinstance(node, _TYPE_ALIAS):
            self._declare(node.name.id, "union", node.lineno, expression(node.value), is_top=is_top)
        else:
            for field in ("body", "orelse", "finalbody"):
                self.body(getattr(node, field, []), owner, is_top=is_top, depth=depth + 1)
            for case in getattr(node, "cases", []):
                self.body(case.body, owner, is_top=is_top, depth=depth + 1)

    def _declare(self, name: str, kind: str, line: int, value: object, *, is_top: bool) -> None:
        if isinstance(value, tuple):
            self.found.declared.append(Declared(name, kind, line, value, is_top=is_top))

    def _import(self, node: ast.Import | ast.ImportFrom, *, is_top: bool, is_sure: bool) -> None:
        if isinstance(node, ast.Import):
            for name in node.names:
                local = name.asname or name.name
                self.found.imports[local] = (name.name, "*")
                if not name.asname and "." in local:
                    first = local.partition(".")[0]
                    self.found.imports.setdefault(first, (first, "*"))
            return
        module = "." * node.level + (node.module or "")
        for name in node.names:
            if name.name == "*":
                self.found.stars.append(module)
                continue
            local = name.asname or name.name
            if is_top or local not in self.found.imports:
                self.found.imports[local] = (module, name.name)
            if not is_sure:  # a stand-in for what an older Python hasn't
                self.found.declared = [one for one in self.found.declared if one.name != local]

    def _class(self, node: ast.ClassDef, owner: str, *, is_top: bool, depth: int) -> None:
        if depth and is_top and not owner and node.name in self.found.imports:  # the same, for an older Python
            return
        name = f"{owner}.{node.name}" if owner else node.name
        is_enum = any(is_enum_class(self._whole(dotted(base))) for base in node.bases)
        is_model = any(target_of(one) in ("__tablename__", "__table__") for one in node.body)
        is_plain = not is_model and not any(isinstance(one, ast.ClassDef) for one in node.body)
        if is_enum or (node.bases and is_plain):  # which bases it has in the end is known later
            self._declare(name, CLASS, node.lineno, class_expression(node), is_top=is_top)
        if is_enum:
            return
        table = table_of(node, self._path)
        for statement in node.body:
            target = target_of(statement)
            if not isinstance(statement, ast.Assign | ast.AnnAssign) or not target:
                continue
            if target == "type_annotation_map" and statement.value is not None:
                for key, line, stored in annotation_map(statement.value):
                    self._declare(key, "annotation-map", line, stored, is_top=False)
            if statement.value is not None:
                bind(statement.value, Use(f"{node.name}.{target}", table, target), self.found, self._parameters)
            if isinstance(statement, ast.AnnAssign):
                bind_annotated(statement, target, node, self.found)
        self.body(node.body, name, is_top=is_top, depth=depth + 1)

    def _whole(self, name: str) -> str:
        """A name, with the one that it has where it comes from."""
        imported = self.found.imports.get(name, ("", ""))[1]
        return imported if imported not in ("", "*") else name

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, owner: str, *, is_top: bool, depth: int) -> None:
        if not owner and isinstance(node, ast.FunctionDef):
            made = function(node)
            if made[0] == FUNCTION and made[2][0] != UNKNOWN:
                self._declare(node.name, FUNCTION, node.lineno, made, is_top=is_top)
        outer = self._parameters
        given = node.args
        every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
        self._parameters = outer | {one.arg for one in every if one is not None}
        self.body(node.body, owner, is_top=False, depth=depth + 1)
        self._parameters = outer

    def _assignment(self, node: ast.Assign | ast.AnnAssign, owner: str, *, is_top: bool) -> None:
        name = target_of(node)
        if node.value is None:
            if name and self._is_commented and isinstance(node, ast.AnnAssign):  # `role: Literal["a", "b"]`
                annotated = expression(node.annotation)
                self._declare(f"{owner}.{name}" if owner else name, "constant", node.lineno, annotated, is_top=False)
            return
        if not owner:
            bind(node.value, Use(name, None, name), self.found, self._parameters)
        if not name:
            return
        full = f"{owner}.{name}" if owner else name
        made = self._made(node.value)
        if made is not None:
            self._declare(full, CLASS, node.lineno, made, is_top=is_top)
            return
        value = expression(node.value)
        if self._is_commented or (value[0] in _CONSTANTS and value != (LIST, [])):
            kind = (
                "union" if is_literal_type(node.value) else "array" if isinstance(node.value, ast.Tuple) else "constant"
            )
            self._declare(full, kind, node.lineno, value, is_top=is_top)

    def _made(self, node: ast.expr) -> object:
        """The class that a call of Python's own Enum makes, if it is one."""
        base = dotted(node.func) if isinstance(node, ast.Call) else ""
        module, name = self.found.imports.get(base.partition(".")[0], ("", ""))
        if not isinstance(node, ast.Call) or module != "enum" or not is_enum_class(base if name == "*" else name):
            return None
        return functional(base, node)
