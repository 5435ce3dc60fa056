"""What a file of Python says about enums, read from its syntax tree; nothing of it is imported or run.

Enum classes, Literal, constants, and the uses that name the database's side: SQLAlchemy's Enum types and Django's
fields with choices.
"""

from __future__ import annotations

import ast
import re
import warnings

from nightlatch.enum_parity.expressions import (
    EACH,
    ENUM,
    FIRST,
    KEYS,
    LIST,
    NAME,
    NUMBER,
    SPREAD,
    TEXT,
    UNKNOWN,
    VALUES,
    Bound,
    Declared,
    Facts,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.enum_parity.expressions import Expression

MARKS: tuple[bytes, ...] = (b"Enum", b"ENUM", b"Literal[", b"Choices", b"choices", b"parity:")

BINDING_MARKS: tuple[bytes, ...] = (b"sqlalchemy", b"sqlmodel", b"choices", b"parity:")
BINDING: re.Pattern[bytes] | None = None
NAMES = re.compile(rb"^[ \t]*(?:class[ \t]+)?(\w+)[ \t]*(?:[(=:])", re.MULTILINE)

_COMMENT = re.compile(r"#+\s*parity:\s*([\w\"-]+\.[\w.\"-]+)\s*$")
_ENUMS = frozenset(
    {"Enum", "StrEnum", "IntEnum", "Flag", "IntFlag", "ReprEnum", "TextChoices", "IntegerChoices", "Choices"}
)
_LOWERING = frozenset({"StrEnum"})
_CHOICES = frozenset({"TextChoices", "Choices"})
_TYPES = frozenset({"Enum", "ENUM"})
_MOST_DEEP = 20
_MANY = 20_000


def read(text: bytes, path: str) -> Facts:
    """What the file declares, binds and imports. A file that Python can't parse is a fault."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes in the scanned code
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        facts = Facts()
        line = getattr(error, "lineno", None)
        facts.faults.append((line if isinstance(line, int) else 1, "Python can't parse it"))
        return facts
    reading = _Reading(path)
    reading.body(tree.body, "", is_top=True)
    for number, line in enumerate(text.decode("utf-8", "replace").splitlines(), 1) if b"parity:" in text else ():
        found = _COMMENT.search(line)
        if found:
            reading.found.comments.append((number, found.group(1)))
    reading.found.declared.sort(key=lambda one: one.line)
    return reading.found


class _Reading:
    """One file while it is read."""

    def __init__(self, path: str) -> None:
        self.found = Facts()
        self._path = path

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
            self._import(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            self._assignment(node, owner, is_top=is_top)
        elif isinstance(node, ast.Expr):
            self._uses(node.value, "", "", node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self.body(node.body, owner, is_top=False, depth=depth + 1)
        else:
            for field in ("body", "orelse", "finalbody"):
                self.body(getattr(node, field, []), owner, is_top=is_top, depth=depth + 1)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.Import):
            for name in node.names:
                self.found.imports[name.asname or name.name.partition(".")[0]] = (name.name, "*")
            return
        module = "." * node.level + (node.module or "")
        for name in node.names:
            if name.name == "*":
                self.found.stars.append(module)
            else:
                self.found.imports[name.asname or name.name] = (module, name.name)

    def _class(self, node: ast.ClassDef, owner: str, *, is_top: bool, depth: int) -> None:
        name = f"{owner}.{node.name}" if owner else node.name
        bases = {_last(base) for base in node.bases}
        if bases & _ENUMS:
            members = _members(node, is_lowering=bool(bases & _LOWERING), is_choices=bool(bases & _CHOICES))
            self.found.declared.append(Declared(name, ENUM, node.lineno, (ENUM, members), is_top=is_top))
            return
        table = _table_of(node, self._path)
        for statement in node.body:
            if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
                target = _target(statement)
                self._uses(statement.value, target, table, statement, model=node.name)
        self.body(node.body, name, is_top=is_top, depth=depth + 1)

    def _assignment(self, node: ast.Assign | ast.AnnAssign, owner: str, *, is_top: bool) -> None:
        name = _target(node)
        if not name or node.value is None:
            return
        if not owner:
            self._uses(node.value, name, "", node)
        value = expression(node.value)
        if value[0] in (LIST, NAME) and (value[0] == NAME or value[1]):
            kind = "union" if _is_literal(node.value) else "array" if isinstance(node.value, ast.Tuple) else "constant"
            full = f"{owner}.{name}" if owner else name
            self.found.declared.append(Declared(full, kind, node.lineno, value, is_top=is_top))

    def _uses(self, value: ast.expr, name: str, table: str, node: ast.stmt, *, model: str = "") -> None:
        """The calls in a value that name the database's side."""
        symbol = f"{model}.{name}" if model else name
        for call, given in _calls(value, table, name):
            called = _last(call.func)
            if called in _TYPES and self._is_sqlalchemy(call.func):
                self._sqlalchemy(call, symbol, given[0], given[1])
            elif table and any(keyword.arg == "choices" for keyword in call.keywords) and _is_model_field(call.func):
                self._django(call, symbol, table, name, node.lineno)

    def _is_sqlalchemy(self, function: ast.expr) -> bool:
        """Whether `Enum` is SQLAlchemy's and not the standard library's."""
        words = _dotted(function).split(".")
        module, _ = self.found.imports.get(words[0], ("", ""))
        return module.startswith(("sqlalchemy", "sqlmodel")) or (words[0] in ("sa", "postgresql") and len(words) > 1)

    def _sqlalchemy(self, call: ast.Call, symbol: str, table: str, column: str) -> None:
        keywords = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
        value = _labels_of(call, by_value="values_callable" in keywords)
        if value is None:
            return
        name, schema = _text(keywords.get("name")), _text(keywords.get("schema")) or ""
        is_native = not _is_false(keywords.get("native_enum"))
        line = call.lineno
        if not is_native:
            if table and column:
                bound = Bound(symbol, "sqlalchemy", line, value, column, table, is_check=True)
                self.found.bound.append(bound)
            return
        if "name" in keywords and name is None:  # it is computed
            return
        first = call.args[0] if call.args else None
        target = name or (_last(first).lower() if isinstance(first, ast.Name | ast.Attribute) else "")
        if target:
            self.found.bound.append(Bound(symbol or target, "sqlalchemy", line, value, target, schema))

    def _django(self, call: ast.Call, symbol: str, table: str, name: str, line: int) -> None:
        keywords = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
        value = _choices(keywords["choices"])
        column = _text(keywords.get("db_column")) or name
        self.found.bound.append(Bound(symbol, "django", line, value, column, table, is_check=True))


def expression(node: ast.expr | None, depth: int = 0) -> Expression:  # noqa: C901, PLR0911 - one line a form
    """What a value says about labels."""
    if depth > _MOST_DEEP:
        return (UNKNOWN, "it is nested too deeply")
    if isinstance(node, ast.Constant):
        return (TEXT, node.value, node.lineno) if isinstance(node.value, str) else (NUMBER, node.lineno)
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return (LIST, [expression(item, depth + 1) for item in node.elts])
    if isinstance(node, ast.Starred):
        return (SPREAD, expression(node.value, depth + 1))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.BitOr):
        sides = [expression(node.left, depth + 1), expression(node.right, depth + 1)]
        return (LIST, [(SPREAD, side) for side in sides])
    if isinstance(node, ast.Name | ast.Attribute):
        dotted = _dotted(node)
        if dotted.endswith((".value", ".choices", ".values")):
            return (NAME, dotted.rpartition(".")[0])
        return (NAME, dotted) if dotted else (UNKNOWN, "a part of a value that is computed")
    if isinstance(node, ast.Subscript):
        if _last(node.value) == "Literal":
            return _literal(node.slice, depth)
        if _last(node.value) in ("Optional", "Final", "ClassVar"):
            return expression(node.slice, depth + 1)
    if isinstance(node, ast.Call) and _last(node.func) in ("tuple", "list", "frozenset", "set") and len(node.args) == 1:
        return expression(node.args[0], depth + 1)
    if isinstance(node, ast.ListComp | ast.GeneratorExp):
        return _comprehension(node, depth)
    return (UNKNOWN, f"a {type(node).__name__} is known when the program runs")


def _comprehension(node: ast.ListComp | ast.GeneratorExp, depth: int) -> Expression:
    """`[one.value for one in Role]` and `.name`."""
    loop = node.generators[0]
    if len(node.generators) == 1 and not loop.ifs and isinstance(loop.target, ast.Name):
        dotted = _dotted(node.elt)
        inner = expression(loop.iter, depth + 1)
        if dotted in (f"{loop.target.id}.value", loop.target.id):
            return (VALUES, inner)
        if dotted == f"{loop.target.id}.name":
            return (KEYS, inner)
    return (UNKNOWN, "a comprehension is known when the program runs")


def _literal(node: ast.expr, depth: int) -> Expression:
    items = node.elts if isinstance(node, ast.Tuple) else [node]
    return (LIST, [expression(item, depth + 1) for item in items])


def _members(node: ast.ClassDef, *, is_lowering: bool, is_choices: bool) -> list[tuple[str, Expression, int]]:
    """The members of an enum class in order, without aliases: a name whose value an earlier one has."""
    members: list[tuple[str, Expression, int]] = []
    known: set[object] = set()
    for statement in node.body:
        name = _target(statement) if isinstance(statement, ast.Assign) else ""
        if not name or name.startswith("_") or not isinstance(statement, ast.Assign):
            continue
        value = _member(statement.value, name, is_lowering=is_lowering, is_choices=is_choices)
        mark = value[1] if value[0] == TEXT else ast.dump(statement.value) if _is_number(statement.value) else None
        alias_of = statement.value.id if isinstance(statement.value, ast.Name) else ""
        if (mark is not None and mark in known) or alias_of in {name for name, _, _ in members}:
            continue
        known.add(mark)
        members.append((name, value, statement.lineno))
    return members


def _member(node: ast.expr, name: str, *, is_lowering: bool, is_choices: bool) -> Expression:
    if isinstance(node, ast.Call) and _last(node.func) == "auto":
        return (TEXT, name.lower(), node.lineno) if is_lowering else (NUMBER, node.lineno)
    if isinstance(node, ast.Tuple) and node.elts and (is_choices or len(node.elts) > 1):
        return expression(node.elts[0])
    if isinstance(node, ast.Call) and len(node.args) == 1 and _last(node.func) in ("str", "_", "gettext_lazy"):
        return expression(node.args[0])
    return expression(node)


def _labels_of(call: ast.Call, *, by_value: bool) -> Expression | None:
    """What SQLAlchemy stores: the texts, or the names of an enum's members unless values_callable is given."""
    if not call.args:
        return None
    first = call.args[0]
    if isinstance(first, ast.Starred | ast.Constant):
        return (LIST, [expression(item) for item in call.args])
    if isinstance(first, ast.List | ast.Tuple):
        return expression(first)
    if len(call.args) > 1 and not by_value:
        return (LIST, [expression(item) for item in call.args])
    inner = expression(first)
    return (VALUES if by_value else KEYS, inner)


def _choices(node: ast.expr) -> Expression:
    """Django's choices: a Choices class, pairs of value and label, or a mapping."""
    if isinstance(node, ast.List | ast.Tuple):
        pairs = [item.elts[0] if isinstance(item, ast.Tuple | ast.List) and item.elts else item for item in node.elts]
        return (LIST, [expression(pair) for pair in pairs])
    if isinstance(node, ast.Dict):
        return (LIST, [expression(key) for key in node.keys if key is not None])
    return (EACH, expression(node), FIRST)


def _calls(value: ast.expr, table: str, column: str) -> Iterator[tuple[ast.Call, tuple[str, str]]]:
    """Each call in a value, and the table and column that it stands in; with Table() these are its first texts."""
    waiting: list[tuple[ast.AST, str, str]] = [(value, table, column)]
    count = 0
    while waiting and count < _MANY:
        node, table, column = waiting.pop(0)
        count += 1
        if isinstance(node, ast.Lambda | ast.ListComp | ast.DictComp | ast.GeneratorExp | ast.SetComp):
            continue
        if isinstance(node, ast.Call):
            yield node, (table, column)
            named = _text(node.args[0]) if node.args else None
            if named and _last(node.func) == "Table":
                table = named
            elif named and _last(node.func) in ("Column", "mapped_column"):
                column = named
        waiting.extend((child, table, column) for child in ast.iter_child_nodes(node))


def _table_of(node: ast.ClassDef, path: str) -> str:
    """The table of a model: `__tablename__`, Django's `db_table`, or Django's name for it."""
    for statement in node.body:
        if isinstance(statement, ast.Assign) and _target(statement) == "__tablename__":
            return _text(statement.value) or ""
        if isinstance(statement, ast.ClassDef) and statement.name == "Meta":
            for inner in statement.body:
                if isinstance(inner, ast.Assign) and _target(inner) == "db_table":
                    return _text(inner.value) or ""
    parts = path.split("/")[:-1]
    if parts[-1:] == ["models"]:
        parts.pop()
    return f"{parts[-1]}_{node.name}".lower() if parts else ""


def _target(node: ast.stmt) -> str:
    """The one name that an assignment gives a value to, or nothing."""
    if isinstance(node, ast.AnnAssign):
        target: ast.expr = node.target
    elif isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
    else:
        return ""
    return target.id if isinstance(target, ast.Name) else ""


def _dotted(node: ast.expr | None) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def _last(node: ast.expr) -> str:
    """The last word of a dotted name."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _is_model_field(function: ast.expr) -> bool:
    """Whether it is a model's field, which has a column, and not one of a form or a serializer."""
    owner = _dotted(function).rpartition(".")[0]
    return _last(function).endswith("Field") and owner in ("", "models", "django.db.models", "db.models")


def _is_false(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and not isinstance(node.value, str)


def _is_literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Subscript) and _last(node.value) == "Literal"
