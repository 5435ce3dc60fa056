"""Uses in Python that name the database's side: SQLAlchemy's Enum types, annotated columns, Django's choices."""

from __future__ import annotations

import ast

from nightlatch.enum_parity.expressions import EACH, FIRST, FUNCTION, KEYS, LIST, NAME, SPREAD, TEXT, UNKNOWN, Bound
from nightlatch.enum_parity.python_enums import ROOTS
from nightlatch.enum_parity.python_expressions import applied, dotted, expression, last, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from nightlatch.enum_parity.expressions import Expression, Facts

_TYPES = frozenset({"Enum", "ENUM"})
_LIBRARIES = ("sqlalchemy", "sqlmodel", "flask_sqlalchemy", "alembic")
_OTHER_LIBRARIES = frozenset({"enum", "aenum", "graphene", "strawberry", "marshmallow", "webargs", "click", "ctypes"})
_COLUMNS = frozenset({"Column", "mapped_column"})
_NO_TYPES = frozenset({"ForeignKey", "Identity", "Computed", "Sequence", "CheckConstraint", "FetchedValue"})
_MANY = 20_000


class Use:
    """Where a call stands: the symbol that it is shown by, the table and the column, and whether it is in a column."""

    __slots__ = ("column", "is_in_column", "symbol", "table")

    def __init__(self, symbol: str, table: Expression | None, column: str, *, is_in_column: bool = False) -> None:
        self.symbol = symbol
        self.table = table
        self.column = column
        self.is_in_column = is_in_column


def bind(value: ast.expr, use: Use, facts: Facts, parameters: AbstractSet[str]) -> None:
    """Note the calls in a value that name the database's side.

    parameters  those of the functions around it: a type that is named by one is known where the function is called
    """
    for call, place in _calls(value, use):
        keywords = {keyword.arg: keyword.value for keyword in call.keywords}
        if _is_sqlalchemy(call.func, facts, is_likely=place.is_in_column or "name" in keywords):
            _sqlalchemy(call, keywords, place, facts, parameters)
        elif place.table is not None and "choices" in keywords and _is_model_field(call.func):
            _django(call, keywords, place, facts)


def bind_annotated(node: ast.AnnAssign, name: str, model: ast.ClassDef, facts: Facts) -> None:
    """`role: Mapped[Role]`, and `role: Role` in a table of SQLModel: the type has the name of the class."""
    annotation: ast.expr | None = node.annotation
    if last(annotation) == "Mapped" and isinstance(annotation, ast.Subscript):
        annotation = annotation.slice
        if not _leaves_type_open(node.value, _COLUMNS):
            return
    elif not _is_sqlmodel(model) or not _leaves_type_open(node.value, frozenset({"Field"})):
        return
    named = dotted(_without_none(annotation))
    if named:
        target = _class_name(named, facts).lower()
        symbol, value = f"{model.name}.{name}", (KEYS, (NAME, named))
        facts.bound.append(Bound(symbol, "sqlalchemy", node.lineno, value, target, is_usual=True))


def annotation_map(node: ast.expr) -> Iterator[tuple[str, int, Expression]]:
    """What `type_annotation_map` says of each class: its name, the line, and how an enum `e` is stored."""
    if not isinstance(node, ast.Dict):
        return
    for key, value in zip(node.keys, node.values, strict=True):
        name = last(key)
        if name:
            stored: Expression = (UNKNOWN, "")
            if isinstance(value, ast.Call) and last(value.func) in _TYPES:
                keywords = {keyword.arg: keyword.value for keyword in value.keywords}
                if not _is_false(keywords.get("native_enum")) and "name" not in keywords:
                    stored = (FUNCTION, ["e"], _stored((NAME, "e"), keywords))
            yield name, value.lineno, stored


def table_of(node: ast.ClassDef, path: str) -> Expression | None:
    """The table of a model: `__tablename__`, Django's `db_table`, or Django's name for it."""
    for statement in node.body:
        if isinstance(statement, ast.ClassDef) and statement.name == "Meta":
            for inner in statement.body:
                if target_of(inner) == "db_table" and isinstance(inner, ast.Assign):
                    return expression(inner.value)
        elif target_of(statement) == "__tablename__" and isinstance(statement, ast.Assign | ast.AnnAssign):
            return expression(statement.value)
    parts = path.split("/")[:-1]
    if parts[-1:] == ["models"]:
        parts.pop()
    return (TEXT, f"{parts[-1]}_{node.name}".lower(), node.lineno) if parts else None


def target_of(node: ast.stmt) -> str:
    """The one name that an assignment gives a value to, or nothing."""
    if isinstance(node, ast.AnnAssign):
        target: ast.expr = node.target
    elif isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
    else:
        return ""
    return target.id if isinstance(target, ast.Name) else ""


def _calls(value: ast.expr, use: Use) -> Iterator[tuple[ast.Call, Use]]:
    """Each call in a value, and the table and column that it stands in; with Table() these are its first texts."""
    waiting: list[tuple[ast.AST, Use]] = [(value, use)]
    count = 0
    while waiting and count < _MANY:
        node, place = waiting.pop()
        count += 1
        if isinstance(node, ast.Lambda | ast.ListComp | ast.DictComp | ast.GeneratorExp | ast.SetComp):
            continue
        if isinstance(node, ast.Call):
            yield node, place
            place = _inside(node, place)
        waiting.extend((child, place) for child in reversed(list(ast.iter_child_nodes(node))))


def _inside(call: ast.Call, use: Use) -> Use:
    called = last(call.func)
    first = call.args[0] if call.args else None
    if called == "Table" and first is not None:
        return Use(use.symbol, expression(first), use.column)
    if called in _COLUMNS:
        return Use(use.symbol, use.table, text_of(first) or use.column, is_in_column=True)
    return use


def _is_sqlalchemy(function: ast.expr, facts: Facts, *, is_likely: bool) -> bool:
    """Whether it is SQLAlchemy's Enum, by whatever name, and not that of the standard library or of another one."""
    words = (dotted(function) or f"?.{last(function)}").split(".")
    module, name = facts.imports.get(words[0], ("", ""))
    called = name if len(words) == 1 and name else words[-1]
    if called not in _TYPES or module.partition(".")[0] in _OTHER_LIBRARIES:
        return False
    if module.startswith(_LIBRARIES) or (words[0] in ("sa", "postgresql") and len(words) > 1):
        return True
    return is_likely or (not module and len(words) == 1 and any(star.startswith(_LIBRARIES) for star in facts.stars))


def _sqlalchemy(
    call: ast.Call, keywords: Mapping[str | None, ast.expr], use: Use, facts: Facts, parameters: AbstractSet[str]
) -> None:
    value = _labels_of(call, keywords)
    if value is None:
        return
    if _is_false(keywords.get("native_enum")):
        if use.table is not None and use.column:
            facts.bound.append(
                _bound(use.symbol, "sqlalchemy", call.lineno, value, use.column, use.table, is_check=True)
            )
        return
    named = keywords.get("name")
    if named is not None and _is_given(named, parameters):
        return
    schema = keywords.get("schema")
    qualifier = expression(schema) if schema is not None and not _is_none(schema) else None
    if named is not None and not _is_none(named):
        target = text_of(named) or ""
        symbol = use.symbol or target or dotted(named) or "Enum"
        names = None if target else expression(named)
        facts.bound.append(_bound(symbol, "sqlalchemy", call.lineno, value, target, qualifier, names=names))
    elif isinstance(call.args[0], ast.Name | ast.Attribute) and not _is_given(call.args[0], parameters):
        name = _class_name(dotted(call.args[0]), facts)
        if name in ROOTS:  # what a `type_annotation_map` says of every enum
            return
        target = name.lower()
        facts.bound.append(_bound(use.symbol or target, "sqlalchemy", call.lineno, value, target, qualifier))


def _bound(  # noqa: PLR0917 - a record
    symbol: str,
    kind: str,
    line: int,
    value: Expression,
    target: str,
    qualifier: Expression | None,
    *,
    names: Expression | None = None,
    is_check: bool = False,
) -> Bound:
    text = qualifier[1] if qualifier is not None and qualifier[0] == TEXT else ""
    owner = qualifier if qualifier is not None and qualifier[0] != TEXT else None
    return Bound(symbol, kind, line, value, target, text, names=names, owner=owner, is_check=is_check)


def _django(call: ast.Call, keywords: Mapping[str | None, ast.expr], use: Use, facts: Facts) -> None:
    column = text_of(keywords.get("db_column")) or use.column
    value = _choices(keywords["choices"])
    facts.bound.append(_bound(use.symbol, "django", call.lineno, value, column, use.table, is_check=True))


def _labels_of(call: ast.Call, keywords: Mapping[str | None, ast.expr]) -> Expression | None:
    """What SQLAlchemy stores; None where the call has no labels."""
    if None in keywords:
        return (UNKNOWN, "what stands in its `**` arguments is known when the program runs")
    if not call.args:
        return None
    first = call.args[0]
    if len(call.args) == 1 and not isinstance(first, ast.Starred | ast.Constant | ast.JoinedStr | ast.List | ast.Tuple):
        return _stored(expression(first), keywords)
    items = first.elts if isinstance(first, ast.List | ast.Tuple) else call.args
    return (LIST, [expression(item) for item in items])


def _stored(inner: Expression, keywords: Mapping[str | None, ast.expr]) -> Expression:
    """The names of an enum's members, or what `values_callable` makes of it."""
    made = keywords.get("values_callable")
    return (KEYS, inner) if made is None or _is_none(made) else applied(made, inner)


def _choices(node: ast.expr) -> Expression:
    """Django's choices: a Choices class, pairs of value and label, groups of such, or a mapping."""
    if isinstance(node, ast.List | ast.Tuple):
        return (LIST, [_choice(item) for item in node.elts if not _is_blank(item)])
    if isinstance(node, ast.Dict):
        return (LIST, [expression(key) for key in node.keys if key is not None and not _is_none(key)])
    return (EACH, expression(node), FIRST)


def _choice(item: ast.expr) -> Expression:
    if isinstance(item, ast.Starred):
        return (SPREAD, _choices(item.value))
    if not isinstance(item, ast.Tuple | ast.List) or not item.elts:
        return expression(item)
    if isinstance(item.elts[-1], ast.List | ast.Tuple):  # a group's name and its choices
        return (SPREAD, _choices(item.elts[-1]))
    return expression(item.elts[0])


def _is_blank(item: ast.expr) -> bool:
    """Whether it is the choice of no value."""
    return isinstance(item, ast.Tuple | ast.List) and bool(item.elts) and _is_none(item.elts[0])


def _leaves_type_open(value: ast.expr | None, calls: AbstractSet[str]) -> bool:
    """Whether a column's type follows from its annotation alone."""
    if value is None:
        return True
    if not isinstance(value, ast.Call):
        return "Field" in calls and isinstance(value, ast.Attribute | ast.Name | ast.Constant)
    if last(value.func) not in calls or any(key.arg in {"type_", "sa_column", "sa_type"} for key in value.keywords):
        return False
    others = value.args if "Field" not in calls else []
    return all(
        text_of(one) is not None or (isinstance(one, ast.Call) and last(one.func) in _NO_TYPES) for one in others
    )


def _without_none(node: ast.expr | None) -> ast.expr | None:
    """`Role | None`, `Optional[Role]` and `"Role"` without what isn't the class."""
    text = text_of(node)
    if text is not None:
        try:
            node = ast.parse(text, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        other = node.left if _is_none(node.right) else node.right if _is_none(node.left) else None
        return _without_none(other)
    if isinstance(node, ast.Subscript) and last(node.value) == "Optional":
        return _without_none(node.slice)
    return node


def _class_name(named: str, facts: Facts) -> str:
    """The name of a class where it is declared."""
    imported = facts.imports.get(named, ("", ""))[1]
    return imported if imported not in ("", "*") else named.rpartition(".")[2]


def _is_sqlmodel(node: ast.ClassDef) -> bool:
    return any(
        keyword.arg == "table" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True
        for keyword in node.keywords
    )


def _is_model_field(function: ast.expr) -> bool:
    """Whether it is a model's field, which has a column, and not one of a form or a serializer."""
    owner = dotted(function).rpartition(".")[0]
    return last(function).endswith("Field") and owner in ("", "models", "django.db.models", "db.models")


def _is_given(node: ast.expr, parameters: AbstractSet[str]) -> bool:
    return any(isinstance(one, ast.Name) and one.id in parameters for one in ast.walk(node))


def _is_false(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
