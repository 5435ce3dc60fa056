"""The texts that Python's expressions come to, read statically: constants, f-strings, sums, names of the module."""

from __future__ import annotations

import ast
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

DEEPEST = 30
MOST_WORDS = 100_000
MOST_TEXT = 4_000_000
MOST_STEPS = 200_000
"""Expressions that are looked at for one file: names that stand for names multiply."""

_FIELD = re.compile(r"\{(\w*)\}")
_TEXTS = ("text", "DDL", "dedent", "SQL", "f")


class PythonText:
    """The names of a module that have a value that is known, and what expressions over them come to."""

    def __init__(self, tree: ast.Module) -> None:
        self.names: dict[str, ast.expr] = {}
        self._steps = 0
        self.functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
        self.classes: dict[str, ast.ClassDef] = {}
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self.functions[node.name] = node
            elif isinstance(node, ast.ClassDef):
                self.classes[node.name] = node
        for node in tree.body:
            self.learn(node)

    def learn(self, node: ast.stmt) -> None:
        """Take note of `name = value` and `name += value`; what gets a value in another way isn't known any more."""
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            self._assign(node.targets[0].id, node.value)
        elif isinstance(node, ast.AnnAssign) and node.value is not None and isinstance(node.target, ast.Name):
            self._assign(node.target.id, node.value)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            before = self.names.get(node.target.id)
            value = None if before is None else ast.BinOp(before, node.op, node.value)
            self._assign(node.target.id, value)
        else:
            targets = [*getattr(node, "targets", ()), getattr(node, "target", None)]
            targets += [item.optional_vars for item in getattr(node, "items", ())]
            for name in (part for target in targets if target is not None for part in ast.walk(target)):
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                    self.names.pop(name.id, None)

    def _assign(self, name: str, value: ast.expr | None) -> None:
        """What the expression comes to now: the names in it may stand for something else later."""
        text = self.text(value)
        if text is not None:
            self.names[name] = ast.Constant(text)
        elif value is None or any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(value)):
            self.names.pop(name, None)
        else:
            self.names[name] = value

    def text(self, node: ast.expr | None, depth: int = 0) -> str | None:  # noqa: PLR0911 - a form of text each
        """The text, or None where it isn't known."""
        self._steps += 1
        if node is None or depth > DEEPEST or self._steps > MOST_STEPS:
            return None
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if isinstance(node, ast.Name):
            value = self.names.get(node.id)
            return None if value is None or value is node else self.text(value, depth + 1)
        if isinstance(node, ast.JoinedStr):
            return self._sum([self._formatted(part, depth) for part in node.values])
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self._sum([self.text(node.left, depth + 1), self.text(node.right, depth + 1)])
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            return self._filled(node, depth)
        if isinstance(node, ast.Attribute):
            return self._member(node)
        return self._called(node, depth) if isinstance(node, ast.Call) else None

    def _formatted(self, part: ast.expr, depth: int) -> str | None:
        if isinstance(part, ast.FormattedValue):
            return self.text(part.value, depth + 1)
        return self.text(part, depth + 1)

    def _sum(self, parts: list[str | None]) -> str | None:
        known = [part for part in parts if part is not None]
        is_short = sum(map(len, known)) < MOST_TEXT
        return "".join(known) if len(known) == len(parts) and is_short else None

    def _filled(self, node: ast.BinOp, depth: int) -> str | None:
        """`"… %s" % label`, `"… %s %s" % (name, label)`"""
        pattern = self.text(node.left, depth + 1)
        right = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        values = [self.text(part, depth + 1) for part in right]
        known = [value for value in values if value is not None]
        if pattern is None or len(known) != len(values) or not pattern.count("%") == pattern.count("%s") == len(known):
            return None
        return _interleaved(pattern.split("%s"), known)

    def _formatted_by(self, pattern: str, node: ast.Call, depth: int) -> str | None:
        """`"… {} {name}".format(label, name=name)`, without conversions."""
        parts = _FIELD.split(pattern)
        made, count = [parts[0]], 0
        named = {key.arg: key.value for key in node.keywords}
        for field, rest in zip(parts[1::2], parts[2::2], strict=True):
            index = count if not field else int(field) if field.isdigit() else -1
            count += not field
            value = node.args[index] if 0 <= index < len(node.args) else named.get(field)
            text = self.text(value, depth + 1)
            if text is None:
                return None
            made += [text, rest]
        return None if any("{" in part or "}" in part for part in parts[::2]) else "".join(made)

    def _member(self, node: ast.Attribute) -> str | None:
        """`Role.ADMIN.value` and `Role.ADMIN.name` of a class in the same file."""
        if not (isinstance(node.value, ast.Attribute) and isinstance(node.value.value, ast.Name)):
            return None
        owner = self.classes.get(node.value.value.id)
        if owner is None or node.attr not in ("value", "name"):
            return None
        for statement in owner.body:
            target = statement.targets[0] if isinstance(statement, ast.Assign) else None
            if isinstance(statement, ast.Assign) and isinstance(target, ast.Name) and target.id == node.value.attr:
                return node.value.attr if node.attr == "name" else self.text(statement.value)
        return None

    def _called(self, node: ast.Call, depth: int) -> str | None:
        """`text("…")`, `", ".join(names)`, `"…".strip()`, `dedent("…")`."""
        name = _called_name(node)
        if name in _TEXTS and node.args:
            return self.text(node.args[0], depth + 1)
        if not isinstance(node.func, ast.Attribute):
            return None
        if name in ("strip", "lstrip", "rstrip") and not node.args:
            return self.text(node.func.value, depth + 1)
        if name == "format":
            pattern = self.text(node.func.value, depth + 1)
            return None if pattern is None else self._formatted_by(pattern, node, depth)
        if name == "join" and node.args:
            mark, parts = self.text(node.func.value, depth + 1), self.texts(node.args[0], depth + 1)
            return None if mark is None or parts is None else mark.join(parts)
        return None

    def texts(self, node: ast.expr | None, depth: int = 0) -> list[str] | None:
        """A list of texts, or None."""
        self._steps += 1
        if depth > DEEPEST or self._steps > MOST_STEPS:
            return None
        if isinstance(node, ast.Name):
            return self.texts(self.names.get(node.id), depth + 1)
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            found: list[str] = []
            for part in node.elts:
                inner = self.texts(part.value, depth + 1) if isinstance(part, ast.Starred) else None
                text = self.text(part, depth + 1)
                if inner is None and text is None:
                    return None
                found.extend(inner if inner is not None else [text or ""])
            return found
        if isinstance(node, ast.GeneratorExp | ast.ListComp) and len(node.generators) == 1:
            return self._comprehended(node, depth)
        return None

    def _comprehended(self, node: ast.GeneratorExp | ast.ListComp, depth: int) -> list[str] | None:
        generator = node.generators[0]
        values = self.texts(generator.iter, depth + 1)
        if values is None or generator.ifs or not isinstance(generator.target, ast.Name):
            return None
        before = dict(self.names)
        made = []
        for value in values:
            self.names[generator.target.id] = ast.Constant(value)
            made.append(self.text(node.elt, depth + 1))
        self.names = before
        known = [text for text in made if text is not None]
        return known if len(known) == len(made) else None

    def sql(self, node: ast.expr) -> str:
        """The SQL that an expression comes to; where it isn't known, a statement that says so to the replay."""
        text = self.text(node)
        if text is not None:
            return text
        return opaque(self.words(node) if self.begins(node) else "")

    def words(self, node: ast.AST, depth: int = 0) -> str:
        """The texts that stand in an expression and in those that its names stand for."""
        found = [constants(node)]
        if depth < DEEPEST:
            values = (self.names.get(part.id) for part in ast.walk(node) if isinstance(part, ast.Name))
            found.extend(
                self.words(value, depth + DEEPEST // 3) for value in values if value is not None and value is not node
            )
        return " ".join(found)[:MOST_WORDS]

    def begins(self, node: ast.expr, depth: int = 0) -> bool:
        """Whether the beginning of the text stands here: what it is about can then be told from its words.

        A file that is read, or the answer of a function, may be about anything.
        """
        if depth > DEEPEST:
            return False
        if isinstance(node, ast.Constant):
            return isinstance(node.value, str)
        if isinstance(node, ast.Name):
            value = self.names.get(node.id)
            return value is not None and value is not node and self.begins(value, depth + 1)
        first: ast.expr | None = None
        if isinstance(node, ast.JoinedStr) and node.values:
            first = node.values[0]
        elif isinstance(node, ast.BinOp):
            first = node.left
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            is_of_text = node.func.attr in ("format", "strip", "lstrip", "rstrip", "join", "bindparams", "replace")
            first = node.func.value if is_of_text else None
        if isinstance(node, ast.Call) and first is None and _called_name(node) in _TEXTS and node.args:
            first = node.args[0]
        return first is not None and self.begins(first, depth + 1)


def _called_name(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _interleaved(parts: Sequence[str], values: Sequence[str]) -> str:
    return parts[0] + "".join(value + part for value, part in zip(values, parts[1:], strict=True))


def constants(node: ast.AST) -> str:
    """The texts that stand in an expression, to see what it may be about."""
    return " ".join(
        part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )


def opaque(text: str) -> str:
    """A statement of which only a part is known: the replay doubts what that part names."""
    return block(f"EXECUTE {quoted(text)} || unknown();")


def block(body: str) -> str:
    """A block of PL/pgSQL, in dollar quotes that the body doesn't hold."""
    tag = "$nightlatch$"
    while tag in body:
        tag = tag[:-1] + "_$"
    return f"DO {tag} BEGIN {body} END {tag};"


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def quoted_name(*names: str | None) -> str:
    """A name as SQL writes it, with its schema in front where there is one."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names if name)


def quoted_list(texts: Sequence[str]) -> str:
    """`'a', 'b'`."""
    return ", ".join(quoted(text) for text in texts)
