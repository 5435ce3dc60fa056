"""What a migration in Python may depend on that isn't in its file: modules, the environment, conditions."""

from __future__ import annotations

import ast
import re
import sys

from nightlatch.enum_parity.migration_orders.python_names import UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nightlatch.enum_parity.migration_orders.python_text import PythonText

KNOWN_MODULES = ("alembic", "sqlalchemy", "sqlmodel", "geoalchemy2", "pgvector", "sqlalchemy_utils")
"""Packages whose calls make no enums, or make those that are read."""

AT_RUN_TIME = ("environ", "getenv", "settings", "config", "get_x_argument", "get_settings")


def root(node: ast.expr) -> str:
    """The name that a call's function begins with."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def foreign_names(imports: Iterable[ast.Import | ast.ImportFrom]) -> Iterator[str]:
    """What is imported from the project's own modules, or from packages that aren't known here."""
    for node in imports:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if not _is_known(alias.name):
                    yield alias.asname or alias.name.partition(".")[0]
        elif node.level or not _is_known(node.module or ""):
            for alias in node.names:
                yield alias.asname or alias.name


def _is_known(module: str) -> bool:
    name = module.partition(".")[0]
    return name in KNOWN_MODULES or name in sys.stdlib_module_names


def branch(test: ast.expr, known: PythonText) -> str:
    """Which way a condition leads: BODY, ELSE, ABSENT (it asks whether a thing is there already), or UNSURE."""
    known.spend()
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return _OTHER_WAY[branch(test.operand, known)]
    if isinstance(test, ast.Constant):
        return BODY if test.value else ELSE
    if isinstance(test, ast.BoolOp):
        return _both([branch(part, known) for part in test.values], is_and=isinstance(test.op, ast.And))
    value = known.value(test.id) if isinstance(test, ast.Name) else None
    if isinstance(value, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Constant):
        return branch(value, known)
    return _asked_way(test, known)


def _asked_way(test: ast.expr, known: PythonText) -> str:
    """The same for a condition that is one question."""
    words = _words(test)
    compared = _compared(test, known)
    if compared is not None:
        return BODY if compared else ELSE
    if not words.isdisjoint(_OFFLINE):
        return ELSE
    if not words.isdisjoint(_DIALECTS):
        return _of_dialect(test, words)
    is_asked = any(_EXISTENCE.search(word) for word in words) or _asks_the_catalog(test, known)
    return ABSENT if is_asked and words.isdisjoint(AT_RUN_TIME) else UNSURE


def _both(branches: list[str], *, is_and: bool) -> str:
    """What several conditions come to together."""
    decides, goes_on = (ELSE, BODY) if is_and else (BODY, ELSE)
    if decides in branches:
        return decides
    rest = {way for way in branches if way != goes_on}
    return goes_on if not rest else rest.pop() if len(rest) == 1 else UNSURE


def _words(test: ast.expr) -> set[str]:
    """The names and the texts of a condition."""
    words: set[str] = set()
    for node in ast.walk(test):
        if isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            words.update([name, *name.lower().split("_")])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) <= LONGEST_WORD:
            words.update(node.value.split())
    return words


def _of_dialect(test: ast.expr, words: set[str]) -> str:
    is_ours = not words.isdisjoint(_POSTGRES)
    negated = any(isinstance(node, ast.NotEq | ast.NotIn | ast.Not | ast.IsNot) for node in ast.walk(test))
    return BODY if is_ours != negated else ELSE


def _compared(test: ast.expr, known: PythonText) -> bool | None:
    """What a comparison of two texts that are known comes to."""
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1):
        return None
    operator, one = test.ops[0], known.text(test.left)
    if one is None:
        return None
    if isinstance(operator, ast.In | ast.NotIn):
        several = known.texts(test.comparators[0])
        return None if several is None else (one in several) == isinstance(operator, ast.In)
    other = known.text(test.comparators[0])
    if other is None or not isinstance(operator, ast.Eq | ast.NotEq):
        return None
    return (one == other) == isinstance(operator, ast.Eq)


def asks_for_what_it_adds(node: ast.If) -> bool:
    """`if "b" not in labels(): op.execute("… ADD VALUE 'b'")`: afterwards the label is there, whoever answers."""
    test = node.test
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.NotIn)):
        return False
    asked = test.left.value if isinstance(test.left, ast.Constant) else None
    if not isinstance(asked, str) or not _words(test.comparators[0]).isdisjoint(AT_RUN_TIME):
        return False
    texts = (part.value for one in node.body for part in ast.walk(one) if isinstance(part, ast.Constant))
    return any(isinstance(text, str) and f"'{asked}'" in text for text in texts)


def _asks_the_catalog(test: ast.expr, known: PythonText) -> bool:
    """`if "s" not in columns`, `if not found`: whether the answer of a question about the catalog is there."""
    names = {node.id for node in ast.walk(test) if isinstance(node, ast.Name)}
    values = [value for value in map(known.value, names) if value is not None]
    return any(_EXISTENCE.search(word) for value in values for word in _asked(value))


def _asked(value: ast.expr) -> Iterator[str]:
    for node in ast.walk(value):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _CATALOG.findall(node.value)


BODY, ELSE, ABSENT, UNSURE = "body", "else", "absent", "unsure"
_OTHER_WAY = {BODY: ELSE, ELSE: BODY, ABSENT: ABSENT, UNSURE: UNSURE}
_OFFLINE = {"is_offline_mode", "as_sql"}
_POSTGRES = {"postgresql", "postgres"}
_DIALECTS = {*_POSTGRES, "sqlite", "mysql", "mariadb", "oracle", "mssql"}
_EXISTENCE = re.compile(
    r"exist|inspect|has_(?:table|column|index|type|constraint|enum|sequence)|get_(?:table|column|index|enum|check|unique|"
    r"foreign|pk|view|schema)|table_names|\bpg_\w+|information_schema",
    re.IGNORECASE,
)
_CATALOG = re.compile(r"\bpg_\w+|\binformation_schema\b", re.IGNORECASE)
LONGEST_WORD = 200


def is_about_rows(node: ast.expr) -> bool:
    """`users.update().where(…)`, `select(…)`: SQLAlchemy's own expressions, which change no types."""
    while isinstance(node, ast.Call | ast.Attribute):
        function = node.func if isinstance(node, ast.Call) else node
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if isinstance(node, ast.Call) and (name in _ABOUT_ROWS or name.startswith("to_sql_statement")):
            return True
        node = function.value if isinstance(function, ast.Attribute) else UNKNOWN.func
    return False


def makes_enums(name: str) -> bool:
    """Whether the name of a function says that it is about types: what it does may concern every one."""
    return _MAKES_ENUMS.search(name) is not None


def names_in(words: Sequence[str]) -> Iterator[str]:
    """Those of the words that may be a type's name."""
    return (word for word in words if _NAME.fullmatch(word))


_ABOUT_ROWS = frozenset((
    "select", "insert", "update", "delete", "values", "where", "from_select", "on_conflict_do_nothing",
    "on_conflict_do_update", "returning", "filter", "order_by", "CreateSequence", "DropSequence", "CreateIndex",
    "DropIndex", "CreateSchema", "SetColumnComment", "SetTableComment",
))  # fmt: skip
_MAKES_ENUMS = re.compile(r"(?:^|[._])(?:enums?|ddl|pgenum|create_all|drop_all)(?:$|[._])", re.IGNORECASE)
_NAME = re.compile(r'["\w.]+')
