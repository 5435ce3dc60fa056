"""What the operations of Alembic do, as SQL: op.execute, enums, tables, columns, CHECKs."""

from __future__ import annotations

import ast

from nightlatch.enum_parity.migration_orders.python_questions import is_about_rows, root
from nightlatch.enum_parity.migration_orders.python_text import PythonText, constants, members
from nightlatch.enum_parity.migration_orders.python_text import called_name as _name
from nightlatch.enum_parity.migration_orders.sql_text import block, opaque, quoted, quoted_list, quoted_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ENUMS = ("Enum", "ENUM", "PgEnum", "PGEnum")
COLUMNS = ("column", "Column", "literal_column")
DEEPEST = 8
OPERATIONS = "op"


class Operations:
    """The operations of one revision.

    known    what its names stand for
    batches  the names of batches, which have named their table: (schema, table)
    """

    def __init__(self, known: PythonText) -> None:
        self._known = known
        self.batches: dict[str, tuple[str | None, str]] = {}

    def sql(self, call: ast.Call) -> str | None:
        """What a call does; None where it is no operation."""
        handler = _HANDLERS.get(_name(call))
        return None if handler is None else handler(self, call)

    def has_any(self, names: Iterable[str]) -> bool:
        """Whether one of these is an operation."""
        return any(name in _HANDLERS for name in names)

    def batch(self, call: ast.expr) -> tuple[str | None, str] | None:
        """The table of `op.batch_alter_table("t")`; None for every other call."""
        if not (isinstance(call, ast.Call) and _name(call) == "batch_alter_table"):
            return None
        return self._text(call, -1, "schema"), self._text(call, 0, "table_name") or ""

    # --- arguments

    def _argument(self, call: ast.Call, index: int, name: str) -> ast.expr | None:
        named = next((key.value for key in call.keywords if key.arg == name), None)
        return call.args[index] if named is None and 0 <= index < len(call.args) else named

    def _text(self, call: ast.Call, index: int, name: str) -> str | None:
        return self._known.text(self._argument(call, index, name))

    def _target(self, call: ast.Call, index: int) -> tuple[str, int]:
        """The table, and where the arguments behind it start: a batch has named it already."""
        batch = self.batches.get(root(call.func))
        if batch is not None:
            return quoted_name(*batch), index
        name = self._text(call, index, "table_name")
        schema = self._text(call, -1, "schema")
        return (quoted_name(schema, name) if name else ""), index + 1

    # --- enums

    def _enum(self, node: ast.expr | None, depth: int = 0) -> ast.Call | None:
        """The call that makes an enum: `sa.Enum(…)`, or a name that stands for one."""
        if isinstance(node, ast.Name) and depth < DEEPEST:
            return self._enum(self._known.value(node.id), depth + 1)
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
        """The name, in SQL; without one a class's own, in small letters. Empty where it isn't known."""
        name = self._text(enum, -1, "name")
        if self._argument(enum, -1, "name") is None and len(enum.args) == 1 and isinstance(enum.args[0], ast.Name):
            name = enum.args[0].id.lower()
        return quoted_name(self._text(enum, -1, "schema"), name) if name else ""

    def _create_enum(self, enum: ast.Call, *, guarded: bool) -> str:
        name, labels = self._type_name(enum), self._labels(enum)
        if not _is_native(enum) or (not name and self._argument(enum, -1, "name") is None):
            return ""
        if labels is None or not name:
            return opaque(f"CREATE TYPE {name} {self._known.words(enum)}")
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
        if enum is None or not _is_native(enum):
            return ""
        name = self._type_name(enum)
        return f"DROP TYPE IF EXISTS {name};" if name else opaque(f"DROP TYPE {self._known.words(enum)}")

    # --- operations

    def execute(self, call: ast.Call) -> str:
        """`op.execute("…")`, `connection.execute(text("…"))`"""
        statement = self._argument(call, 0, "sqltext")
        if isinstance(statement, ast.Name):
            statement = self._known.value(statement.id) or statement
        return self._known.sql(statement) if statement is not None and not is_about_rows(statement) else ""

    def create_table(self, call: ast.Call) -> str:
        """`op.create_table("t", sa.Column(…), sa.CheckConstraint(…))`"""
        target, start = self._target(call, 0)
        if not target:
            return ""
        before, elements, after = [], [], []
        for argument in call.args[start:]:
            if isinstance(argument, ast.Call) and _name(argument) == "Column":
                enum = self._enum(self._type_of(argument))
                if enum is not None and _creates(enum):
                    before.append(self._create_enum(enum, guarded=False))
            elements.append(self._element(argument))
            after.append(self._unread_check(target, argument))
        made = f"CREATE TABLE {target} ({', '.join(element for element in elements if element)});"
        return "".join([*before, made, *after])

    def _unread_check(self, target: str, node: ast.expr) -> str:
        """A CHECK of a table, or of its column, whose condition isn't known."""
        calls = [node, *node.args[1:]] if isinstance(node, ast.Call) and _name(node) == "Column" else [node]
        for call in calls:
            if isinstance(call, ast.Call) and _name(call) == "CheckConstraint" and not self._text(call, 0, "sqltext"):
                return opaque(f"ALTER TABLE {target} ADD CONSTRAINT {self._known.words(call)} CHECK")
        return ""

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
        if not target or not made or column is None:
            return ""
        return f"ALTER TABLE {target} ADD COLUMN {made};" + self._unread_check(target, column)

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
        if target and not check and condition is not None:
            return opaque(f"ALTER TABLE {target} ADD CONSTRAINT {name} CHECK {self._known.words(condition)}")
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
        name, given = self._text(call, 0, "constraint_name"), self._argument(call, 0, "constraint_name")
        target, start = self._target(call, 1)
        kind = self._text(call, start, "type_")
        if not target or (kind and kind != "check") or (isinstance(given, ast.Constant) and not name):
            return ""
        if not name:
            return opaque(f"ALTER TABLE {target} DROP CONSTRAINT CHECK")
        return f"ALTER TABLE {target} DROP CONSTRAINT IF EXISTS {quoted_name(name)};"

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


_HANDLERS: dict[str, Callable[[Operations, ast.Call], str]] = {
    "execute": Operations.execute,
    "exec_driver_sql": Operations.execute,
    "create": Operations.create,
    "drop": Operations.drop,
    "create_table": Operations.create_table,
    "add_column": Operations.add_column,
    "drop_column": Operations.drop_column,
    "drop_table": Operations.drop_table,
    "rename_table": Operations.rename_table,
    "alter_column": Operations.alter_column,
    "create_check_constraint": Operations.create_check_constraint,
    "drop_constraint": Operations.drop_constraint,
    "sync_enum_values": Operations.sync_enum_values,
}


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
    found = members(owner)
    if any(key.arg == "values_callable" for key in enum.keywords):
        return known.texts(ast.List(list(found.values()), ast.Load()))
    return list(found)
