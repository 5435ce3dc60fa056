"""What a revision of Alembic does, as SQL: op.execute, enums that are created and dropped, tables, columns, CHECKs."""

from __future__ import annotations

import ast

from nightlatch.enum_parity.migration_orders.migration_set import Script
from nightlatch.enum_parity.migration_orders.python_questions import (
    calls_by_name,
    compares_with_a_list,
    foreign_names,
    is_known_at_run_time,
    root,
)
from nightlatch.enum_parity.migration_orders.python_text import (
    PythonText,
    block,
    constants,
    opaque,
    quoted,
    quoted_list,
    quoted_name,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ENUMS = ("Enum", "ENUM", "PgEnum", "PGEnum")
UPGRADE = "upgrade"
COLUMNS = ("column", "Column", "literal_column")
DEEPEST = 8
MOST_ROUNDS = 1000
MOST_STATEMENTS = 20_000
"""Of one revision: functions that call each other, and loops in loops, multiply."""


def scripts(path: str, text: str) -> list[Script]:
    """The SQL of upgrade(), a script for each call."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [Script(path, opaque(""), 1)]
    try:
        return list(_Revision(path, tree).upgrade())
    except RecursionError:
        return [Script(path, opaque(""), 1)]


class _Revision:
    def __init__(self, path: str, tree: ast.Module) -> None:
        self._path = path
        self._known = PythonText(tree)
        self._foreign = frozenset(foreign_names(tree))
        self._table = ""
        self._schema: str | None = None
        self._depth = 0
        self._left = MOST_STATEMENTS

    def upgrade(self) -> Iterator[Script]:
        """What the way up does; with several databases (`upgrade_engine1`) what each of its functions does."""
        name = self._known.names.get(UPGRADE)
        yield from self._run(name.id if isinstance(name, ast.Name) else UPGRADE)
        if calls_by_name(self._known.functions.get(UPGRADE)):
            for function in self._known.functions:
                if function.startswith(f"{UPGRADE}_"):
                    yield from self._run(function)

    def _run(self, function: str, call: ast.Call | None = None) -> Iterator[Script]:
        """What a function of the file does; its parameters stand for what it is called with."""
        found = self._known.functions.get(function)
        if found is None or self._depth >= DEEPEST:
            return
        before = dict(self._known.names)
        if call is not None:
            self._bind(found.args, call)
        self._depth += 1
        yield from self._body(found.body)
        self._depth -= 1
        self._known.names = before

    def _bind(self, parameters: ast.arguments, call: ast.Call) -> None:
        names = [parameter.arg for parameter in (*parameters.posonlyargs, *parameters.args)]
        optional = names[len(names) - len(parameters.defaults) :]
        given: dict[str, ast.expr] = dict(zip(optional, parameters.defaults, strict=True))
        given.update(zip(names, call.args, strict=False))
        given.update({key.arg: key.value for key in call.keywords if key.arg})
        known = {name: self._known.text(value) for name, value in given.items()}
        for name, value in given.items():
            text = known[name]
            self._known.names[name] = value if text is None else ast.Constant(text)

    def _body(self, body: Sequence[ast.stmt]) -> Iterator[Script]:
        for node in body:
            self._left -= 1
            if self._left <= 0:
                if self._left == 0:
                    yield Script(self._path, opaque(""), node.lineno)
                return
            self._known.learn(node)
            if isinstance(node, ast.If):
                yield from self._if(node)
            elif isinstance(node, ast.While | ast.Match):
                yield from self._in_doubt(_inner(node))
            elif isinstance(node, ast.For):
                yield from self._loop(node)
            elif isinstance(node, ast.With):
                yield from self._with(node)
            elif isinstance(node, ast.Try):
                yield from self._body([*node.body, *node.orelse, *node.finalbody])
                yield from self._in_doubt([part for handler in node.handlers for part in handler.body])
            elif isinstance(node, ast.Expr | ast.Assign | ast.AnnAssign | ast.Return) and node.value is not None:
                yield from self._calls(node.value)

    def _if(self, node: ast.If) -> Iterator[Script]:
        """Both branches: what asks whether a thing is there already is taken to have found what it leads to."""
        if _is_of_another_database(node.test):
            yield from self._body(node.orelse)
        elif _is_about_the_database(node.test):
            yield from self._body(node.body)
        elif is_known_at_run_time(node.test):
            yield from self._in_doubt([*node.body, *node.orelse])
        else:
            yield from self._body(node.body)
            yield from self._body(node.orelse)

    def _in_doubt(self, body: Sequence[ast.stmt]) -> Iterator[Script]:
        """What may or may not run."""
        for script in self._body(body):
            text = block(f"IF unknown() THEN EXECUTE {quoted(script.text)}; END IF;") if script.text else ""
            yield Script(self._path, text, script.line, script.words)

    def _loop(self, node: ast.For) -> Iterator[Script]:
        for _ in self._rounds(node.iter, node.target):
            yield from self._body(node.body)

    def _rounds(self, values: ast.expr, target: ast.expr) -> Iterator[None]:
        """Once for each value of a loop, which the loop's name then stands for; once where they aren't known."""
        texts = self._known.texts(values)
        if texts is None or not isinstance(target, ast.Name):
            yield None
            return
        for text in texts[:MOST_ROUNDS]:
            self._known.names[target.id] = ast.Constant(text)
            yield None

    def _with(self, node: ast.With) -> Iterator[Script]:
        """`with op.batch_alter_table("t") as batch:` says the table once."""
        before = self._table, self._schema
        call = node.items[0].context_expr
        if isinstance(call, ast.Call) and _name(call) == "batch_alter_table":
            self._table = self._text(call, 0, "table_name") or ""
            self._schema = self._text(call, -1, "schema")
        yield from self._body(node.body)
        self._table, self._schema = before

    def _calls(self, node: ast.expr) -> Iterator[Script]:
        if isinstance(node, ast.ListComp | ast.GeneratorExp | ast.SetComp) and len(node.generators) == 1:
            for _ in self._rounds(node.generators[0].iter, node.generators[0].target):
                yield from self._calls(node.elt)
        if isinstance(node, ast.Await):
            node = node.value
        if not isinstance(node, ast.Call):
            return
        name = _name(node)
        if isinstance(node.func, ast.Name) and name in self._known.functions:
            yield from self._run(name, node)
        elif name in _HANDLERS and root(node.func) not in self._foreign:
            sql = _HANDLERS[name](self, node)
            if sql:
                yield Script(self._path, sql, node.lineno)
        elif root(node.func) in self._foreign:
            yield Script(self._path, "", node.lineno, constants(node).split())

    # --- arguments

    def _argument(self, call: ast.Call, index: int, name: str) -> ast.expr | None:
        named = next((key.value for key in call.keywords if key.arg == name), None)
        return call.args[index] if named is None and 0 <= index < len(call.args) else named

    def _text(self, call: ast.Call, index: int, name: str) -> str | None:
        return self._known.text(self._argument(call, index, name))

    def _target(self, call: ast.Call, index: int) -> tuple[str, int]:
        """The table, and where the arguments behind it start: a batch has named it already."""
        if self._table:
            return quoted_name(self._schema, self._table), index
        name = self._text(call, index, "table_name")
        schema = self._text(call, -1, "schema")
        return (quoted_name(schema, name) if name else ""), index + 1

    # --- enums

    def _enum(self, node: ast.expr | None, depth: int = 0) -> ast.Call | None:
        """The call that makes an enum: `sa.Enum(…)`, or a name that stands for one."""
        if isinstance(node, ast.Name) and depth < DEEPEST:
            return self._enum(self._known.names.get(node.id), depth + 1)
        if isinstance(node, ast.Call) and _name(node) in ENUMS:
            return node
        if isinstance(node, ast.Call) and _name(node) == "with_variant" and isinstance(node.func, ast.Attribute):
            return self._enum(node.func.value, depth + 1) or self._enum(self._argument(node, 0, "type_"), depth + 1)
        return None

    def _labels(self, enum: ast.Call) -> list[str] | None:
        arguments = enum.args
        if len(arguments) == 1 and isinstance(arguments[0], ast.Name) and arguments[0].id in self._known.classes:
            return _members(self._known, self._known.classes[arguments[0].id], enum)
        return self._known.texts(ast.List(list(arguments), ast.Load()))

    def _type_name(self, enum: ast.Call) -> str:
        name = self._text(enum, -1, "name")
        return quoted_name(self._text(enum, -1, "schema"), name) if name else ""

    def _create_enum(self, enum: ast.Call, *, guarded: bool) -> str:
        name, labels = self._type_name(enum), self._labels(enum)
        if not name or not _is_native(enum):
            return ""
        if labels is None:
            return opaque(f"CREATE TYPE {name} {constants(enum)}")
        created = f"CREATE TYPE {name} AS ENUM ({quoted_list(labels)});"
        if not guarded:
            return created
        return block(f"IF to_regtype({quoted(name)}) IS NULL THEN {created} END IF;")

    def create(self, call: ast.Call) -> str:
        """`enum.create(op.get_bind(), checkfirst=…)`"""
        enum = self._enum(call.func.value) if isinstance(call.func, ast.Attribute) else None
        check = self._argument(call, 1, "checkfirst")
        guarded = not (isinstance(check, ast.Constant) and check.value is False)
        return self._create_enum(enum, guarded=guarded) if enum is not None else ""

    def drop(self, call: ast.Call) -> str:
        """`enum.drop(op.get_bind())`"""
        enum = self._enum(call.func.value) if isinstance(call.func, ast.Attribute) else None
        name = self._type_name(enum) if enum is not None else ""
        return f"DROP TYPE IF EXISTS {name};" if name else ""

    # --- operations

    def execute(self, call: ast.Call) -> str:
        """`op.execute("…")`, `connection.execute(text("…"))`"""
        statement = self._argument(call, 0, "sqltext")
        return self._known.sql(statement) if statement is not None else ""

    def create_table(self, call: ast.Call) -> str:
        """`op.create_table("t", sa.Column(…), sa.CheckConstraint(…))`"""
        target, start = self._target(call, 0)
        if not target:
            return ""
        before, elements = [], []
        for argument in call.args[start:]:
            if isinstance(argument, ast.Call) and _name(argument) == "Column":
                enum = self._enum(self._type_of(argument))
                if enum is not None and _creates(enum):
                    before.append(self._create_enum(enum, guarded=False))
            elements.append(self._element(argument))
        return "".join(before) + f"CREATE TABLE {target} ({', '.join(element for element in elements if element)});"

    def _type_of(self, column: ast.Call) -> ast.expr | None:
        named = self._argument(column, -1, "type_")
        return named if named is not None else (column.args[1] if len(column.args) > 1 else None)

    def _element(self, node: ast.expr) -> str:
        if not isinstance(node, ast.Call):
            return ""
        if _name(node) == "Column":
            return self._column(node)
        if _name(node) == "CheckConstraint":
            return self._check(self._text(node, -1, "name"), self._text(node, 0, "sqltext"))
        return ""

    def _check(self, name: str | None, condition: str | None) -> str:
        if condition is None:
            return ""
        return (f"CONSTRAINT {quoted_name(name)} " if name else "") + f"CHECK ({condition})"

    def _column(self, column: ast.Call) -> str:
        name = self._text(column, 0, "name")
        if name is None:
            return ""
        type_ = self._type_of(column)
        enum = self._enum(type_)
        made = (
            f"{quoted_name(name)} {(self._type_name(enum) if enum is not None and _is_native(enum) else '') or 'text'}"
        )
        if enum is not None and not _is_native(enum) and _is_true(enum, "create_constraint"):
            labels = self._labels(enum)
            if labels is not None:
                made += " " + self._check(
                    self._text(enum, -1, "name"), f"{quoted_name(name)} IN ({quoted_list(labels)})"
                )
        for argument in column.args[1:]:
            if isinstance(argument, ast.Call) and _name(argument) == "CheckConstraint":
                made += " " + self._element(argument)
        return made

    def add_column(self, call: ast.Call) -> str:
        """`op.add_column("t", sa.Column(…))`: it creates no type."""
        target, start = self._target(call, 0)
        column = self._argument(call, start, "column")
        made = self._element(column) if column is not None else ""
        return f"ALTER TABLE {target} ADD COLUMN {made};" if target and made else ""

    def drop_column(self, call: ast.Call) -> str:
        target, start = self._target(call, 0)
        name = self._text(call, start, "column_name")
        return f"ALTER TABLE {target} DROP COLUMN {quoted_name(name)};" if target and name else ""

    def drop_table(self, call: ast.Call) -> str:
        target, _ = self._target(call, 0)
        return f"DROP TABLE {target};" if target else ""

    def rename_table(self, call: ast.Call) -> str:
        before, after = self._text(call, 0, "old_table_name"), self._text(call, 1, "new_table_name")
        schema = self._text(call, 2, "schema")
        return f"ALTER TABLE {quoted_name(schema, before)} RENAME TO {quoted_name(after)};" if before and after else ""

    def alter_column(self, call: ast.Call) -> str:
        target, start = self._target(call, 0)
        name = self._text(call, start, "column_name")
        if not target or not name:
            return ""
        made = ""
        enum = self._enum(self._argument(call, -1, "type_"))
        if enum is not None and _is_native(enum):
            made += f"ALTER TABLE {target} ALTER COLUMN {quoted_name(name)} TYPE {self._type_name(enum) or 'text'};"
        elif self._argument(call, -1, "type_") is not None:
            made += f"ALTER TABLE {target} ALTER COLUMN {quoted_name(name)} TYPE text;"
        after = self._text(call, -1, "new_column_name")
        if after:
            made += f"ALTER TABLE {target} RENAME COLUMN {quoted_name(name)} TO {quoted_name(after)};"
        return made

    def create_check_constraint(self, call: ast.Call) -> str:
        name = self._text(call, 0, "constraint_name")
        target, start = self._target(call, 1)
        condition = self._argument(call, start, "condition")
        check = self._check(name, self._known.text(condition) or self._in_list(condition))
        if target and not check and condition is not None and compares_with_a_list(condition):
            return opaque(f"ALTER TABLE {target} ADD CONSTRAINT {name} CHECK IN")
        return f"ALTER TABLE {target} ADD {check};" if target and check else ""

    def _in_list(self, node: ast.expr | None) -> str | None:
        """`sa.column("status").in_(["a", "b"])`"""
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "in_"):
            return None
        column = node.func.value
        labels = self._known.texts(node.args[0]) if node.args else None
        if not isinstance(column, ast.Call) or labels is None or _name(column) not in COLUMNS:
            return None
        name = self._text(column, 0, "text")
        return f"{quoted_name(name)} IN ({quoted_list(labels)})" if name else None

    def drop_constraint(self, call: ast.Call) -> str:
        name = self._text(call, 0, "constraint_name")
        target, _ = self._target(call, 1)
        return f"ALTER TABLE {target} DROP CONSTRAINT IF EXISTS {quoted_name(name)};" if target and name else ""

    def sync_enum_values(self, call: ast.Call) -> str:
        """The type is made anew with these labels.

        The third argument are the new ones in alembic-postgresql-enum; in alembic-autogenerate-enums the old ones.
        """
        schema = self._text(call, 0, "enum_schema") or self._text(call, -1, "schema")
        name, labels = self._text(call, 1, "enum_name"), self._known.texts(self._argument(call, 2, "new_values"))
        labels = (self._known.texts(call.args[3]) if len(call.args) > 3 else None) or labels  # noqa: PLR2004 - old, new
        if name is None or labels is None:
            return opaque(f"ALTER TYPE {constants(call)}")
        old, new = quoted_name(schema, name), quoted_name(f"{name}_old")
        gone = quoted_name(schema, f"{name}_old")
        return f"ALTER TYPE {old} RENAME TO {new}; CREATE TYPE {old} AS ENUM ({quoted_list(labels)}); DROP TYPE {gone};"


_HANDLERS: dict[str, Callable[[_Revision, ast.Call], str]] = {
    "execute": _Revision.execute,
    "exec_driver_sql": _Revision.execute,
    "create": _Revision.create,
    "drop": _Revision.drop,
    "create_table": _Revision.create_table,
    "add_column": _Revision.add_column,
    "drop_column": _Revision.drop_column,
    "drop_table": _Revision.drop_table,
    "rename_table": _Revision.rename_table,
    "alter_column": _Revision.alter_column,
    "create_check_constraint": _Revision.create_check_constraint,
    "drop_constraint": _Revision.drop_constraint,
    "sync_enum_values": _Revision.sync_enum_values,
}


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _inner(node: ast.While | ast.Match) -> list[ast.stmt]:
    if isinstance(node, ast.While):
        return [*node.body, *node.orelse]
    return [part for case in node.cases for part in case.body]


def _is_true(call: ast.Call, name: str) -> bool:
    return any(
        key.arg == name and isinstance(key.value, ast.Constant) and key.value.value is True for key in call.keywords
    )


def _is_false(call: ast.Call, name: str) -> bool:
    return any(
        key.arg == name and isinstance(key.value, ast.Constant) and key.value.value is False for key in call.keywords
    )


def _is_native(enum: ast.Call) -> bool:
    return not _is_false(enum, "native_enum")


def _creates(enum: ast.Call) -> bool:
    """Whether a table's creation creates the type too."""
    return _is_native(enum) and not _is_false(enum, "create_type")


def _members(known: PythonText, owner: ast.ClassDef, enum: ast.Call) -> list[str] | None:
    """SQLAlchemy stores an enum class's names, unless values_callable says otherwise."""
    if any(key.arg == "values_callable" for key in enum.keywords):
        values = [known.text(node.value) for node in owner.body if isinstance(node, ast.Assign)]
        texts = [value for value in values if value is not None]
        return texts if len(texts) == len(values) else None
    targets = [node.targets[0] for node in owner.body if isinstance(node, ast.Assign)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _is_about_the_database(test: ast.expr) -> bool:
    return any(word in constants(test).split() for word in ("postgresql", "sqlite", "mysql", "postgres"))


def _is_of_another_database(test: ast.expr) -> bool:
    words = constants(test).split()
    negated = any(isinstance(node, ast.NotEq | ast.Not) for node in ast.walk(test))
    other = "sqlite" in words or "mysql" in words
    ours = "postgresql" in words or "postgres" in words
    return (other and not negated) or (ours and negated)
