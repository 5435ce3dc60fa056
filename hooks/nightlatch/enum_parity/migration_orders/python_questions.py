"""What a migration in Python may depend on that isn't in its file: modules, the environment, conditions."""

from __future__ import annotations

import ast
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

KNOWN_MODULES = ("alembic", "sqlalchemy", "sqlmodel", "geoalchemy2", "pgvector", "sqlalchemy_utils")
"""Packages whose calls make no enums, or make those that are read."""

AT_RUN_TIME = ("environ", "getenv", "settings", "config", "get_x_argument", "get_settings")


def root(node: ast.expr) -> str:
    """The name that a call's function begins with."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def foreign_names(tree: ast.Module) -> Iterator[str]:
    """What is imported from the project's own modules, or from packages that aren't known here."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if not _is_known(alias.name):
                    yield alias.asname or alias.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom) and (node.level or not _is_known(node.module or "")):
            for alias in node.names:
                yield alias.asname or alias.name


def _is_known(module: str) -> bool:
    name = module.partition(".")[0]
    return name in KNOWN_MODULES or name in sys.stdlib_module_names


def calls_by_name(function: ast.AST | None) -> bool:
    """`globals()["upgrade_" + name]()`"""
    names = (node for node in ast.walk(function) if isinstance(node, ast.Name)) if function is not None else ()
    return any(node.id == "globals" for node in names)


def is_known_at_run_time(test: ast.expr) -> bool:
    """Whether a condition asks for the environment or the configuration."""
    names = {node.id for node in ast.walk(test) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(test) if isinstance(node, ast.Attribute)}
    return not names.isdisjoint(AT_RUN_TIME)


def compares_with_a_list(node: ast.expr) -> bool:
    """`column.in_(…)`"""
    return any(isinstance(part, ast.Attribute) and part.attr in ("in_", "any_") for part in ast.walk(node))
