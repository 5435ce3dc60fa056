"""Questions about nodes of TypeScript's syntax tree: what they stand in, and what they are called."""

from __future__ import annotations

import re

from nightlatch.enum_parity.typescript_expressions import literal, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_MOST_CLIMBS = 40
_MOST_FUNCTIONS = 400
_TABLES = ("Table", "table", "View", "view")


def nearest_above(node: Node | None, kind: str) -> Node | None:
    """The nearest node of a kind that holds this one, not far above it."""
    for _ in range(_MOST_CLIMBS):
        if node is None or node.type == kind:
            return node
        node = node.parent
    return None


def first_of(node: Node | None, kind: str) -> Node | None:
    """The first child of a kind."""
    return next((child for child in node.named_children if child.type == kind), None) if node is not None else None


def is_generated(node: Node) -> bool:
    """Whether `Enums` stands in what Supabase generates: in the type Database, or beside `Tables`."""
    above: Node | None = node
    beside = node.parent.named_children if node.parent is not None else []
    if any(text_of(one.child_by_field_name("name")) == "Tables" for one in beside[:_MOST_CLIMBS]):
        return True
    for _ in range(_MOST_CLIMBS):
        if above is None or above.type in ("type_alias_declaration", "interface_declaration"):
            break
        above = above.parent
    return above is not None and text_of(above.child_by_field_name("name")) == "Database"


def arguments_of(node: Node) -> list[Node]:
    """What a call is given, comments aside."""
    arguments = node.child_by_field_name("arguments")
    return [one for one in arguments.named_children if one.type != "comment"] if arguments is not None else []


def stands_at_top(node: Node) -> bool:
    """Whether a declaration stands at the top of its file, exported or not."""
    above = node.parent
    while above is not None and above.type in ("export_statement", "lexical_declaration", "ambient_declaration"):
        above = above.parent
    return above is None or above.type == "program"


def qualified_name(node: Node) -> str:
    """A declaration's name behind those of the namespaces that it stands in."""
    names = [text_of(node.child_by_field_name("name"))]
    above = node.parent
    while above is not None:
        if above.type in ("internal_module", "module"):
            names.append(text_of(above.child_by_field_name("name")).strip("\"'"))
        above = above.parent
    return ".".join(reversed(names))


def parameters_around(node: Node) -> set[str]:
    """The parameters of the functions that a node stands in."""
    found: set[str] = set()
    above = node.parent
    for _ in range(_MOST_FUNCTIONS):
        if above is None:
            break
        for field in ("parameters", "parameter"):
            given = above.child_by_field_name(field)
            if given is not None:
                found.update(re.findall(r"[\w$]+", text_of(given)))
        above = above.parent
    return found


def holder_of(node: Node) -> str:
    """The variable that a value is given to, or the key of an object that it is given to."""
    child, above = node, node.parent
    for _ in range(_MOST_CLIMBS):
        if above is None or above.type in ("program", "statement_block", "arrow_function"):
            return ""
        if above.type == "variable_declarator" and above.child_by_field_name("value") == child:
            return text_of(above.child_by_field_name("name"))
        child, above = above, above.parent
    return ""


def table_around(node: Node) -> str:
    """The name of the table in whose definition a column stands."""
    above = node.parent
    for _ in range(_MOST_CLIMBS):
        if above is None:
            return ""
        if above.type == "call_expression":
            arguments = arguments_of(above)
            name = literal(arguments[0]) if arguments else None
            if name and text_of(above.child_by_field_name("function")).endswith(_TABLES):
                return name
        above = above.parent
    return ""


def imported_names(node: Node) -> Iterator[tuple[str, str]]:
    """Local name and name there of all that an import statement brings."""
    clause = next((child for child in node.named_children if child.type == "import_clause"), None)
    for child in clause.named_children if clause is not None else ():
        if child.type == "identifier":
            yield text_of(child), "default"
        elif child.type == "namespace_import":
            yield text_of(child.named_children[-1]), "*"
        elif child.type == "named_imports":
            for name, alias in specifiers(child):
                yield alias, name


def specifiers(node: Node) -> Iterator[tuple[str, str]]:
    """Name and alias of each `name as alias`."""
    for child in node.named_children:
        if child.type in ("import_specifier", "export_specifier"):
            name = text_of(child.child_by_field_name("name"))
            yield name, text_of(child.child_by_field_name("alias")) or name
