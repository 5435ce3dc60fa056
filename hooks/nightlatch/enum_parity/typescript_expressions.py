"""Nodes of TypeScript's grammar as expressions: values and types alike."""

from __future__ import annotations

from nightlatch.enum_parity.expressions import (
    CALL,
    EACH,
    ENUM,
    FUNCTION,
    ITEMS,
    KEYS,
    LIST,
    NAME,
    NUMBER,
    OBJECT,
    ONLY,
    REST,
    SPREAD,
    TEXT,
    UNKNOWN,
    VALUES,
    WITHOUT,
)
from nightlatch.enum_parity.javascript_text import unescaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tree_sitter import Node

    from nightlatch.enum_parity.expressions import Expression

MOST_DEEP = 24
"""Levels of an expression that are read."""

MOST_ITEMS = 5000
"""Items of a list that are read: a database's enum has fewer."""

_WRAPPERS = frozenset(
    {
        "as_expression",
        "satisfies_expression",
        "non_null_expression",
        "parenthesized_expression",
        "parenthesized_type",
        "readonly_type",
        "literal_type",
        "await_expression",
    }
)
_MODIFIERS = frozenset(
    {"min", "max", "length", "optional", "nullable", "nullish", "default", "describe", "catch", "brand"}
)
_UNCHANGED = frozenset({"slice", "sort", "toSorted", "reverse", "toReversed", "flat"})
_FILTERING = frozenset({"filter"})
_STRINGS = frozenset({"string", "template_string", "template_literal_type"})
_PARTS = frozenset({"template_substitution", "template_type"})


def deep_fault() -> Expression:
    """What is said of an expression that goes on below the levels that are read."""
    return (UNKNOWN, "it is nested too deeply")


def text_of(node: Node | None) -> str:
    """The source of a node."""
    return (node.text or b"").decode("utf-8", "replace") if node is not None else ""


def line_of(node: Node) -> int:
    """The line that a node starts on, counted from 1."""
    return node.start_point[0] + 1


def literal(node: Node | None) -> str | None:
    """The text of a string, or of a template without parts; None for anything else."""
    if node is None or node.type not in _STRINGS:
        return None
    if any(child.type in _PARTS for child in node.named_children):
        return None
    return unescaped(text_of(node)[1:-1])


def expression(node: Node | None, depth: int = 0) -> Expression:
    """What a value or a type says about labels."""
    if node is None:
        return (UNKNOWN, "there is no value")
    if depth > MOST_DEEP:
        return deep_fault()
    while node.type in _WRAPPERS:
        inner = _first(node)
        if inner is None:
            break
        node = inner
    reader = _READERS.get(node.type)
    return reader(node, depth) if reader else (UNKNOWN, f"a {node.type.replace('_', ' ')} is no list of labels")


def enum_members(body: Node | None) -> Expression:
    """The members of an enum, in order. One without a value is a number."""
    members = []
    for child in body.named_children if body is not None else ():
        if child.type == "enum_assignment":
            name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
            members.append((key_of(name), _member_value(value), line_of(child)))
        elif child.type in ("property_identifier", "string", "private_property_identifier"):
            members.append((key_of(child), (NUMBER, line_of(child)), line_of(child)))
    return (ENUM, members)


def key_of(node: Node | None) -> str:
    """A property's name."""
    inner = literal(node)
    return inner if inner is not None else text_of(node)


def _member_value(node: Node | None) -> Expression:
    if node is not None and node.type == "binary_expression" and text_of(node.child_by_field_name("operator")) != "+":
        return (NUMBER, line_of(node))
    return expression(node)


def _first(node: Node) -> Node | None:
    return next((child for child in node.named_children if child.type != "comment"), None)


def _inner(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type != "comment"][:MOST_ITEMS]


def _text(node: Node, _depth: int) -> Expression:
    text = literal(node)
    if text is not None:
        return (TEXT, text, line_of(node))
    parts = [child for child in node.named_children if child.type != "comment"]
    if len(parts) == 1:  # `${value}` is the value as a text
        return expression(_first(parts[0]), 1)
    return (UNKNOWN, "a template is put together when the program runs")


def _number(node: Node, _depth: int) -> Expression:
    return (NUMBER, line_of(node))


def _list(node: Node, depth: int) -> Expression:
    return (LIST, [expression(child, depth + 1) for child in _inner(node)])


def _union(node: Node, depth: int) -> Expression:
    """A union nests to its left: the last member is at the top."""
    members: list[Node] = []
    while node.type == "union_type":
        parts = _inner(node)
        members.extend(reversed(parts[1:]))
        if not parts:
            break
        node = parts[0]
    members.append(node)
    return (LIST, [expression(member, depth + 1) for member in reversed(members)][:MOST_ITEMS])


def _spread(node: Node, depth: int) -> Expression:
    return (SPREAD, expression(_first(node), depth + 1))


def _object(node: Node, depth: int) -> Expression:
    pairs: list[tuple[str, Expression]] = []
    for child in _inner(node):
        if child.type == "pair":
            pairs.append(_pair(child, depth))
        elif child.type == "spread_element":
            pairs.append((REST, expression(_first(child), depth + 1)))
        elif child.type == "shorthand_property_identifier":
            pairs.append((text_of(child), (NAME, text_of(child))))
        else:
            pairs.append((key_of(child.child_by_field_name("name")), (UNKNOWN, "a method is no label")))
    return (OBJECT, pairs)


def _pair(node: Node, depth: int) -> tuple[str, Expression]:
    key = node.child_by_field_name("key")
    value = expression(node.child_by_field_name("value"), depth + 1)
    if key is not None and key.type == "computed_property_name":
        return "", (UNKNOWN, "a key is computed when the program runs") if value[0] == OBJECT else value
    return key_of(key), value


def _name(node: Node, _depth: int) -> Expression:
    return (NAME, text_of(node))


def _member(node: Node, depth: int) -> Expression:
    owner, name = node.child_by_field_name("object"), text_of(node.child_by_field_name("property"))
    if name in ("options", "enumValues"):
        return (ITEMS, expression(owner, depth + 1))
    if name in ("Values", "Enum", "enum"):
        return expression(owner, depth + 1)
    dotted = text_of(node)
    return (NAME, dotted) if _is_dotted(dotted) else (UNKNOWN, "a part of a value that is computed")


def _subscript(node: Node, depth: int) -> Expression:
    owner, key = expression(node.child_by_field_name("object"), depth + 1), literal(node.child_by_field_name("index"))
    if owner[0] == NAME and key is not None and _is_dotted(key):
        return (NAME, f"{owner[1]}.{key}")
    return (UNKNOWN, "a part of a value that is computed")


def _is_dotted(text: str) -> bool:
    return all(part.replace("$", "_").isidentifier() for part in text.split("."))


def _binary(node: Node, depth: int) -> Expression:
    """Texts put together with a plus; everything else is a number, if anything."""
    left, right = (expression(node.child_by_field_name(side), depth + 1) for side in ("left", "right"))
    if text_of(node.child_by_field_name("operator")) == "+" and left[0] == right[0] == TEXT:
        return (TEXT, left[1] + right[1], left[2])
    return (UNKNOWN, "an expression is computed when the program runs")


def _call(node: Node, depth: int) -> Expression:
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    given = _inner(arguments) if arguments is not None else []
    if function is None:
        return (UNKNOWN, "a call of nothing")
    if function.type == "member_expression":
        owner, name = function.child_by_field_name("object"), text_of(function.child_by_field_name("property"))
        return _method(node, owner, name, given, depth)
    called = text_of(function)
    return (CALL, called, [expression(one, depth + 1) for one in given]) if _is_dotted(called) else deep_fault()


def _method(node: Node, owner: Node | None, name: str, given: list[Node], depth: int) -> Expression:  # noqa: PLR0911 - one line a method
    """What a method gives that leads from labels to labels."""
    first = given[0] if given else None
    if text_of(owner) == "Object" and name in ("values", "keys", "freeze"):
        inner = expression(first, depth + 1)
        return inner if name == "freeze" else (VALUES if name == "values" else KEYS, inner)
    if name in ("enum", "nativeEnum") and owner is not None and owner.type == "identifier":
        return expression(given[-1] if literal(first) is not None else first, depth + 1)
    if name in ("exclude", "extract"):
        kind = WITHOUT if name == "exclude" else ONLY
        return (kind, expression(owner, depth + 1), expression(first, depth + 1))
    if name == "map":
        return _mapped(expression(owner, depth + 1), first)
    if name == "concat":
        parts = [(SPREAD, expression(owner, depth + 1)), *((SPREAD, expression(one, depth + 1)) for one in given)]
        return (LIST, parts)
    if name in _MODIFIERS or name in _UNCHANGED or (name in _FILTERING and _asks_for_text(first)):
        return expression(owner, depth + 1)
    called = text_of(node.child_by_field_name("function"))
    if _is_dotted(called):
        return (CALL, called, [expression(one, depth + 1) for one in given])
    return (UNKNOWN, f"what `{name[:40]}` gives is computed when the program runs")


def _mapped(owner: Expression, function: Node | None) -> Expression:
    """`map` with a function that gives what it gets, its text, or one of its properties."""
    if text_of(function) == "String":
        return owner
    shape = expression(function, 1) if function is not None and function.type == "arrow_function" else (UNKNOWN, "")
    if shape[0] == FUNCTION and len(shape[1]) >= 1:
        parameter, value = shape[1][0], shape[2]
        if value == (NAME, parameter) or (value[0] == CALL and value[1:] == ("String", [(NAME, parameter)])):
            return owner
        if value[0] == NAME and value[1].startswith(parameter + ".") and value[1].count(".") == 1:
            return (EACH, owner, value[1].partition(".")[2])
    return (UNKNOWN, "what a function makes of each label is known when the program runs")


def _asks_for_text(function: Node | None) -> bool:
    """`filter` that only drops the numbers of a numeric enum."""
    words = text_of(function).replace('"', "'")
    return "typeof" in words and words.rstrip(" )};").endswith("=== 'string'")


def _function(node: Node, depth: int) -> Expression:
    parameters = node.child_by_field_name("parameters")
    single = node.child_by_field_name("parameter")
    names = (
        [text_of(single)]
        if single is not None
        else [_parameter(one) for one in _inner(parameters)]
        if parameters
        else []
    )
    body = node.child_by_field_name("body")
    if body is not None and body.type == "statement_block":
        statements = _inner(body)
        if len(statements) != 1 or statements[0].type != "return_statement":
            return (UNKNOWN, "a function does more than to give a value")
        body = _first(statements[0])
    return (FUNCTION, names, expression(body, depth + 1))


def _parameter(node: Node) -> str:
    return text_of(node.child_by_field_name("pattern"))


def _assertion(node: Node, depth: int) -> Expression:
    """`<const>['a']`: the value comes last."""
    return expression(node.named_children[-1], depth + 1)


def _type_query(node: Node, depth: int) -> Expression:
    return expression(_first(node), depth + 1)


def _lookup(node: Node, depth: int) -> Expression:
    """`(typeof X)[number]`, `(typeof X)[keyof typeof X]`, `(typeof X)["key"]`."""
    parts = _inner(node)
    if len(parts) != 2:  # noqa: PLR2004 - the type and the index
        return (UNKNOWN, "a type that is looked up")
    owner, index = expression(parts[0], depth + 1), parts[1]
    if index.type == "predefined_type":
        return (ITEMS, owner)
    if index.type == "index_type_query":
        return (VALUES, owner)
    key = literal(_first(index)) if index.type == "literal_type" else None
    if key is None:
        return (UNKNOWN, "a type that is looked up")
    if owner[0] == ITEMS:
        return (EACH, owner, key)
    return (
        (NAME, f"{owner[1]}.{key}") if owner[0] == NAME and _is_dotted(key) else (UNKNOWN, "a type that is looked up")
    )


def _keys_type(node: Node, depth: int) -> Expression:
    return (KEYS, expression(_first(node), depth + 1))


def _generic(node: Node, depth: int) -> Expression:
    """`z.infer<typeof x>`, `Extract<X, 'a'>`, `Exclude<X, 'a'>`, `Readonly<X>`."""
    name, given = text_of(node.child_by_field_name("name")), node.child_by_field_name("type_arguments")
    types = [expression(one, depth + 1) for one in _inner(given)] if given is not None else []
    if len(types) == 1 and name in (
        "z.infer",
        "z.output",
        "z.input",
        "zod.infer",
        "Readonly",
        "NonNullable",
        "InferEnum",
    ):
        return types[0]
    if len(types) == 2 and name in ("Exclude", "Extract"):  # noqa: PLR2004 - the type and the labels
        return (WITHOUT if name == "Exclude" else ONLY, types[0], types[1])
    return (UNKNOWN, f"the type {name[:40]}<…> is known to the compiler alone")


_READERS = {
    "string": _text,
    "template_string": _text,
    "template_literal_type": _text,
    "number": _number,
    "unary_expression": _number,
    "array": _list,
    "tuple_type": _list,
    "union_type": _union,
    "spread_element": _spread,
    "rest_type": _spread,
    "object": _object,
    "identifier": _name,
    "type_identifier": _name,
    "nested_type_identifier": _name,
    "nested_identifier": _name,
    "member_expression": _member,
    "subscript_expression": _subscript,
    "binary_expression": _binary,
    "call_expression": _call,
    "arrow_function": _function,
    "function_declaration": _function,
    "function_expression": _function,
    "type_assertion": _assertion,
    "type_query": _type_query,
    "lookup_type": _lookup,
    "index_type_query": _keys_type,
    "generic_type": _generic,
}
