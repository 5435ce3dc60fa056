"""What a file of TypeScript says about enums, read from its syntax tree.

Where a declaration may stand is found in the bytes, and the tree is asked about that place alone: walking the whole
tree takes longer than parsing it.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from nightlatch.enum_parity.expressions import (
    ENUM,
    LIST,
    MOST_LINES,
    OBJECT,
    UNKNOWN,
    Bound,
    Declared,
    Facts,
    names_in,
    replaced,
)
from nightlatch.enum_parity.parity_comments import target_of
from nightlatch.enum_parity.typescript_expressions import (
    enum_members,
    expression,
    key_of,
    line_of,
    literal,
    text_of,
)
from nightlatch.enum_parity.typescript_nodes import (
    arguments_of,
    first_of,
    holder_of,
    imported_names,
    is_generated,
    nearest_above,
    parameters_around,
    qualified_name,
    specifiers,
    stands_at_top,
    table_around,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node, Parser

    from nightlatch.enum_parity.expressions import Expression

_BINDING_MARKS = (b"pgEnum", b"mysqlEnum", b"pgSchema", b"Enums:", b"parity:")
_BINDING = re.compile(rb"\.enum\(\s*(?:[\"'`]|[A-Za-z_$][\w$.]*\s*,)")
NAMES = re.compile(rb"(?:enum|type|const)\s+([\w$]+)")

_ENUM = re.compile(rb"enum\s")
_TYPE = re.compile(rb"type\s+[\w$\x80-\xff]+\s*=")
_CONST = re.compile(rb"as const|<const>")
_TOP = re.compile(rb"^(?:export\s+)?(?:declare\s+)?(const|let|var|function)\s", re.MULTILINE)
_MODULE = re.compile(rb"^(import|export)\b", re.MULTILINE)
_CALL = re.compile(rb"(?:pgEnum|mysqlEnum)\s*\(|[.\s]enum\s*\(\s*(?=[\"'`]|[A-Za-z_$][\w$.]*\s*[,+])")
_COLUMN = re.compile(rb"enum[\"']?\s*:")
_REQUIRED = re.compile(rb"\brequire\s*\(")
_ENUMS = re.compile(rb"\bEnums\s*:\s*\{")
_COMMENT = re.compile(rb"(?://+|/\*+|^[ \t]*\*)[ \t]*(parity:)([^\n]*)", re.MULTILINE)

_END = re.compile(rb"\*/|//")
"""What ends a comment, or begins another one in it."""

_CONSTANTS = {OBJECT: "object", LIST: "array"}
_KEYWORDS = {"enum", "type"}
_VALUES = (
    "array",
    "object",
    "as_expression",
    "satisfies_expression",
    "call_expression",
    "member_expression",
    "type_assertion",
)
_FUNCTIONS = ("arrow_function", "function_expression")
_NAMES = ("identifier", "string", "template_string", "subscript_expression")
_TYPED_COLUMNS = frozenset({"text", "varchar", "char", "character", "tinytext", "mediumtext", "longtext"})
_MAKERS = frozenset({"pgEnum", "mysqlEnum"})
_NAME_LIKE = frozenset({"string", "template_string", "identifier", "member_expression", "binary_expression"})
_COMMENTED = ("property_signature", "public_field_definition", "pair", "type_alias_declaration")
_MOST_PLACES = 4000
"""Calls that name types, of one kind, that are read of a file: a program that nests them makes each more costly."""
_LIBRARIES = ("zod", "z", "v", "yup", "t", "valibot")


def binds(text: bytes) -> bool:
    """Whether a file may name the database's side."""
    if any(mark in text for mark in _BINDING_MARKS) or _BINDING.search(text) is not None:
        return True
    return b"Table(" in text and _COLUMN.search(text) is not None


def parsers() -> tuple[Parser, Parser]:
    """A parser for TypeScript, and one for TypeScript with JSX. They are costly to make and serve many files."""
    import tree_sitter_typescript as grammars
    from tree_sitter import Language, Parser

    return Parser(Language(grammars.language_typescript())), Parser(Language(grammars.language_tsx()))


def read(text: bytes, parser: Parser) -> Facts:
    """What the file declares, binds, imports and exports."""
    return _Reading(text, parser).facts()


class _Reading:
    """One file while it is read."""

    def __init__(self, text: bytes, parser: Parser) -> None:
        self.text = text
        self.root = parser.parse(text).root_node
        self.found = Facts()
        self._is_commented = b"parity:" in text
        self._known: set[int] = set()
        self._called: dict[str, str] = {}
        self._lines: list[int] = []

    def facts(self) -> Facts:
        """Read it all."""
        for place in _MODULE.finditer(self.text):
            self._module(self._at(*place.span(1)))
        for place in _REQUIRED.finditer(self.text):
            self._required(self._at(place.start(), place.start() + 7))
        self._called = {local: name for local, (_, name) in self.found.imports.items() if name in _MAKERS}
        self._declarations()
        self._uses()
        for place in _COMMENT.finditer(self.text):
            self._comment(self._at(*place.span(1)), place)
        self.found.declared.sort(key=lambda one: one.line)
        self._merge()
        return self.found

    def _declarations(self) -> None:
        for place in _ENUM.finditer(self.text):
            self._enum(self._at(place.start(), place.start() + 4))
        for place in _TYPE.finditer(self.text):
            self._type(self._at(place.start(), place.start() + 4))
        for place in _CONST.finditer(self.text):
            self._constant(nearest_above(self._at(place.start() + 3, place.end() - 1), "variable_declarator"))
        for place in _TOP.finditer(self.text):
            self._top(self._at(*place.span(1)))

    def _uses(self) -> None:
        for place in self._some(_CALL):
            self._bound_call(self._at(place.start() + 1, place.end() - 1))
        for local in self._called:
            for place in re.finditer(rb"(?<![\w$.])%s\s*\(" % re.escape(local.encode()), self.text):
                self._bound_call(self._at(place.start(), place.end() - 1))
        for place in _COLUMN.finditer(self.text):
            self._typed_column(self._at(place.start(), place.start() + 4))
        for place in self._some(_ENUMS):
            self._generated(self._at(place.start(), place.start() + 5))

    def _some(self, pattern: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
        """Where a pattern stands, so many times and no more: that it is more often is a fault."""
        for count, place in enumerate(pattern.finditer(self.text)):
            if count >= _MOST_PLACES:
                self.found.faults.append((1, f"it names more than {_MOST_PLACES:,} types, and no more are read"))
                return
            yield place

    def _at(self, start: int, end: int) -> Node | None:
        return self.root.descendant_for_byte_range(start, end)

    def _once(self, node: Node) -> bool:
        """Whether a node is met for the first time: two marks may lead to one."""
        if node.id in self._known:
            return False
        self._known.add(node.id)
        return True

    def _declare(self, name: str, kind: str, node: Node, value: Expression) -> None:
        self.found.declared.append(Declared(name, kind, line_of(node), value, is_top=stands_at_top(node)))

    def _enum(self, keyword: Node | None) -> None:
        node = keyword.parent if keyword is not None and keyword.type in _KEYWORDS else None
        if node is None or node.type != "enum_declaration" or not self._once(node):
            return
        members = enum_members(node.child_by_field_name("body"))
        if node.has_error:
            members = (UNKNOWN, "its declaration can't be parsed")
        self._declare(qualified_name(node), ENUM, node, members)

    def _merge(self) -> None:
        """Enums of one name at the top of a file are one enum: the first has the members of all."""
        known: dict[str, Declared] = {}
        kept: list[Declared] = []
        for one in self.found.declared:
            first = known.setdefault(one.name, one) if one.kind == ENUM and one.is_top else one
            if first is one:
                kept.append(one)
            elif one.expression[0] == first.expression[0] == ENUM:
                earlier = {name: value for name, value, _ in first.expression[1]}
                added = [(name, replaced(value, earlier), line) for name, value, line in one.expression[1]]
                first.expression = (ENUM, [*first.expression[1], *added])
            else:
                first.expression = (UNKNOWN, "one of its declarations can't be parsed")
        self.found.declared = kept

    def _type(self, keyword: Node | None) -> None:
        node = keyword.parent if keyword is not None and keyword.type in _KEYWORDS else None
        if node is None or node.type != "type_alias_declaration" or not self._once(node):
            return
        value = expression(node.child_by_field_name("value"))
        if value[0] != UNKNOWN or self._is_commented:
            self._declare(qualified_name(node), "union" if value[0] == LIST else "type", node, value)

    def _constant(self, node: Node | None) -> None:
        if node is None or not self._once(node):
            return
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None or name.type != "identifier" or value is None or text_of(name) in self.found.imports:
            return
        read_value = expression(value)
        self._declare(qualified_name(node), _kind_of(read_value, value), node, read_value)

    def _top(self, keyword: Node | None) -> None:
        """A constant or a function that another declaration may refer to."""
        node = keyword.parent if keyword is not None else None
        if node is None:
            return
        if node.type == "function_declaration" and self._once(node):
            value = expression(node)
            if value[0] != UNKNOWN and value[2][0] != UNKNOWN:
                self._declare(text_of(node.child_by_field_name("name")), "function", node, value)
            return
        for child in node.named_children if node.type == "lexical_declaration" else ():
            value_node = child.child_by_field_name("value")
            if value_node is not None and value_node.type in (*_VALUES, *_FUNCTIONS, *_NAMES):
                self._constant(child)

    def _bound_call(self, callee: Node | None) -> None:
        """`pgEnum("name", …)`, `schema.enum("name", …)`, `mysqlEnum("column", …)`."""
        node = nearest_above(callee, "call_expression")
        if node is None or callee is None or not self._once(node):
            return
        function, arguments = node.child_by_field_name("function"), arguments_of(node)
        called = text_of(function)
        called = self._called.get(called, called)
        if called.endswith("mysqlEnum"):
            self._column(node, "mysqlEnum", arguments)
        elif called.endswith("pgEnum"):
            self._postgres(node, arguments, None)
        elif called.endswith(".enum") and function is not None:
            owner = function.child_by_field_name("object")
            if text_of(owner) not in _LIBRARIES and len(arguments) > 1 and arguments[0].type in _NAME_LIKE:
                self._postgres(node, arguments, expression(owner))

    def _postgres(self, node: Node, arguments: list[Node], owner: Expression | None) -> None:
        if len(arguments) < 2:  # noqa: PLR2004 - the name and the labels
            return
        target = literal(arguments[0])
        names = expression(arguments[0]) if target is None else None
        if names is not None and not set(names_in(names)).isdisjoint(parameters_around(node)):
            return  # a function that makes types: which ones is known where it is called
        symbol = holder_of(node) or target or text_of(arguments[0])[:40]
        labels = expression(arguments[1])
        bound = Bound(symbol, "pgEnum", line_of(node), labels, target or "", names=names, owner=owner)
        self.found.bound.append(bound)

    def _column(self, node: Node, kind: str, arguments: list[Node]) -> None:
        """A column with its own list: of the table that the call stands in."""
        named = literal(arguments[0]) if arguments else None
        labels = arguments[1 if named is not None else 0 :][:1]
        pair, table = nearest_above(node, "pair"), table_around(node)
        if not labels or pair is None or not table:
            return
        column = named or key_of(pair.child_by_field_name("key"))
        symbol = f"{holder_of(pair) or table}.{key_of(pair.child_by_field_name('key'))}"
        self.found.bound.append(Bound(symbol, kind, line_of(node), expression(labels[0]), column, table, is_check=True))

    def _typed_column(self, key: Node | None) -> None:
        """`text("column", { enum: […] })`: what the code takes for the labels of a column."""
        pair = nearest_above(key, "pair")
        node = nearest_above(pair, "call_expression")
        if pair is None or node is None or not self._once(pair) or key_of(pair.child_by_field_name("key")) != "enum":
            return
        if text_of(node.child_by_field_name("function")).rpartition(".")[2] not in _TYPED_COLUMNS:
            return
        arguments = arguments_of(node)
        labels = pair.child_by_field_name("value")
        if labels is not None:
            self._column(node, "column", [*[one for one in arguments[:1] if literal(one) is not None], labels])

    def _generated(self, key: Node | None) -> None:
        """What Supabase generates: `{ public: { Enums: { user_role: "a" | "b" } } }` in the type Database."""
        node = nearest_above(key, "property_signature")
        owner = nearest_above(node.parent if node is not None else None, "property_signature")
        if node is None or owner is None or not is_generated(node):
            return
        schema = text_of(owner.child_by_field_name("name")).strip("\"'")
        members = first_of(first_of(node, "type_annotation"), "object_type")
        for member in members.named_children if members is not None else ():
            name = text_of(member.child_by_field_name("name")).strip("\"'")
            labels = first_of(member, "type_annotation")
            if member.type == "property_signature" and labels is not None and labels.named_children:
                value = expression(labels.named_children[0])
                symbol = f"Database.{schema}.Enums.{name}"
                self.found.bound.append(Bound(symbol, "supabase", line_of(member), value, name, schema))

    def _comment(self, node: Node | None, place: re.Match[bytes]) -> None:
        if node is not None and node.type == "comment":
            named = target_of(_END.split(place.group(2), maxsplit=1)[0].decode("utf-8", "replace"))
            if named:
                if not self._lines:
                    self._lines = [one.start() for one in re.finditer(b"\n", self.text)]
                line = bisect_left(self._lines, place.start()) + 1
                self.found.comments.append((line, *named, *self._lines_at(node)))

    def _lines_at(self, comment: Node) -> tuple[int, int]:
        """Between which lines what a comment stands at begins: what ends on its line, else what follows."""
        row = comment.start_point[0]
        before = comment.prev_sibling
        while before is not None and (before.type == "comment" or not before.is_named):
            if before.end_point[0] != row:
                before = None
                break
            before = before.prev_sibling
        if before is not None and before.end_point[0] == row:
            found: Node | None = before
        elif comment.prev_sibling is not None and comment.prev_sibling.end_point[0] == row:  # `enum A { // comment`
            return row + 1, row + 1
        else:
            found = comment.next_named_sibling
            while found is not None and found.type == "comment":
                found = found.next_named_sibling
        if found is None:
            return 0, 0
        self._commented(found)
        start = found.start_point[0] + 1
        return start, min(found.end_point[0] + 1, start + MOST_LINES)

    def _commented(self, node: Node) -> None:
        """A list that nothing but its comment makes one: any constant, a field of a class, a key of an object."""
        if node.type == "export_statement":
            node = node.child_by_field_name("declaration") or node
        if node.type in ("lexical_declaration", "variable_declaration"):
            for child in node.named_children:
                self._constant(child if child.type == "variable_declarator" else None)
            return
        name = node.child_by_field_name("name") or node.child_by_field_name("key")
        value = node.child_by_field_name("value")
        if value is None and node.type in ("property_signature", "public_field_definition"):
            annotation = first_of(node, "type_annotation")
            value = annotation.named_children[0] if annotation is not None and annotation.named_children else None
        if name is not None and value is not None and node.type in _COMMENTED and self._once(node):
            self._declare(key_of(name), "constant", node, expression(value))

    def _module(self, keyword: Node | None) -> None:
        node = keyword.parent if keyword is not None else None
        if node is None or not self._once(node):
            return
        source = literal(node.child_by_field_name("source")) or ""
        if node.type == "import_statement":
            for local, name in imported_names(node):
                self.found.imports[local] = (source, name)
        elif node.type == "export_statement":
            self._export(node, source)

    def _required(self, called: Node | None) -> None:
        """`const { a, b: c } = require("…")` of JavaScript."""
        call = nearest_above(called, "call_expression")
        holder = call.parent if call is not None else None
        arguments = arguments_of(call) if call is not None else []
        source = literal(arguments[0]) if arguments else None
        if holder is None or holder.type != "variable_declarator" or source is None:
            return
        name = holder.child_by_field_name("name")
        if name is not None and name.type == "identifier":
            self.found.imports[text_of(name)] = (source, "*")
        for child in name.named_children if name is not None and name.type == "object_pattern" else ():
            if child.type == "shorthand_property_identifier_pattern":
                self.found.imports[text_of(child)] = (source, text_of(child))
            elif child.type == "pair_pattern":
                local = text_of(child.child_by_field_name("value"))
                self.found.imports[local] = (source, key_of(child.child_by_field_name("key")))

    def _export(self, node: Node, source: str) -> None:
        value = node.child_by_field_name("value")
        if value is not None and value.type == "identifier":
            self.found.exports["default"] = ("", text_of(value))
        declaration = node.child_by_field_name("declaration")
        if declaration is not None and any(child.type == "default" for child in node.children):
            self.found.exports["default"] = ("", text_of(declaration.child_by_field_name("name")))
        for child in node.named_children:
            if child.type == "export_clause":
                for name, alias in specifiers(child):
                    self.found.exports[alias] = (source, name)
            elif child.type == "namespace_export" and child.named_children:
                self.found.exports[text_of(child.named_children[-1])] = (source, "*")
        if source and any(child.type == "*" for child in node.children):
            self.found.stars.append(source)


def _kind_of(value: Expression, node: Node) -> str:
    """What a constant is: `constant` where it may change, and so is no list that anyone promises."""
    if node.type == "call_expression":
        words = text_of(node.child_by_field_name("function"))
        if words.partition(".")[0] in ("z", "zod") and value[0] != UNKNOWN:
            return "zod"
        return _CONSTANTS.get(value[0], "constant") if words == "Object.freeze" else "constant"
    if node.type == "satisfies_expression":
        return _kind_of(value, node.named_children[0])
    is_const = node.type == "type_assertion" or any(child.type == "const" for child in node.children)
    return _CONSTANTS.get(value[0], "constant") if is_const else "constant"
