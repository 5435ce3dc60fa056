"""The texts that Python's expressions come to, read statically: constants, f-strings, sums, names of the module."""

from __future__ import annotations

import ast
import re
from itertools import islice

from nightlatch.enum_parity.migration_orders.python_names import (
    COMPREHENSIONS,
    MUTATORS,
    UNKNOWN,
    Substitution,
    Variables,
    bound_names,
)
from nightlatch.enum_parity.migration_orders.sql_text import opaque, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

DEEPEST = 30
MOST_WORDS = 100_000
MOST_TEXT = 1_000_000
MOST_PARTS = 50_000
MOST_STEPS = 200_000
"""Expressions that are looked at for one file: names that stand for names multiply."""

_FIELD = re.compile(r"\{(\w*)\}")
_BIND = re.compile(r"(?<![:\w]):(\w+)")
_CHANGES_ROWS = re.compile(r"\s*(?:insert|update|delete|merge|copy|with)\b", re.IGNORECASE)
_MORE = re.compile(r"\bpg_enum\b|;\s*\S", re.IGNORECASE)
_TEXTS = ("text", "DDL", "dedent", "cleandoc", "SQL", "str", "f")
_OF_CLAUSES = ("bindparams", "params", "columns", "execution_options")
_TEXT_METHODS = ("format", "strip", "lstrip", "rstrip", "lower", "upper", "replace", *_OF_CLAUSES)
_ITERATED = ("list", "tuple", "set", "frozenset", "get_args")


class TooMuchError(ValueError):
    """A file asks for more steps than are taken for one."""


class PythonText:
    """The names of a module that have a value that is known, and what expressions over them come to.

    names      what each stands for where it was assigned: a text, a list, or an expression whose own names are replaced
    functions  those of the file
    classes    those of the file
    variables  what the whole file says of its names
    """

    def __init__(self, tree: ast.Module) -> None:
        self.names: dict[str, ast.expr] = {}
        self.functions: dict[str, Function] = {}
        self.classes: dict[str, ast.ClassDef] = {}
        self.variables = Variables(tree)
        self._changed: dict[int, ast.expr] = {}
        self._steps = 0
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                self.learn(node)
        for node in tree.body:
            self.learn(node)

    # --- names

    def learn(self, node: ast.stmt) -> None:
        """Take note of the names to which a statement gives a value; of what isn't understood nothing is known."""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self._define(node)
        elif isinstance(node, ast.Assign):
            value = self.now(node.value)
            self.forget_walrus(node)
            for target in node.targets:
                self.bind(target, value)
        elif isinstance(node, ast.AnnAssign):
            if node.value is not None:
                self.bind(node.target, self.now(node.value))
        elif isinstance(node, ast.AugAssign):
            self._augment(node)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for name in bound_names(node):
                self.names.pop(name, None)
                self.functions.pop(name, None)
        elif isinstance(node, ast.Expr):
            self.forget_walrus(node)
            self._change(node.value)
        else:
            self.forget(bound_names(node))

    def _define(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        self.names.pop(node.name, None)
        if isinstance(node, ast.ClassDef):
            self.classes[node.name] = node
        else:
            self.functions[node.name] = node

    def bind(self, target: ast.expr, value: ast.expr) -> None:
        """`target = value`, with a value that `now` gave: one name, or several at once."""
        if isinstance(target, ast.Name):
            self.functions.pop(target.id, None)
            if isinstance(value, ast.Lambda):
                self.functions[target.id] = value
            is_known = target.id not in self.variables.elsewhere and self._is_small(value)
            self.names[target.id] = value if is_known else UNKNOWN
        elif isinstance(target, ast.Tuple | ast.List):
            parts = value.elts if isinstance(value, ast.Tuple | ast.List) else []
            plain = not any(isinstance(part, ast.Starred) for part in (*target.elts, *parts))
            if plain and len(parts) == len(target.elts):
                for one, part in zip(target.elts, parts, strict=True):
                    self.bind(one, part)
            else:
                self.forget(bound_names(target))
        else:
            self._change_value(_root(target))

    def _is_small(self, value: ast.expr) -> bool:
        """Whether an expression has few parts: `x = [x, x]`, again and again, has more than anybody could look at."""
        size = sum(1 for _ in islice(ast.walk(value), MOST_PARTS))
        self.spend(size // 10)
        return size < MOST_PARTS

    def forget(self, names: Iterable[str]) -> None:
        """These stand for something, and nobody knows for what."""
        for name in names:
            self.names[name] = UNKNOWN
            self.functions.pop(name, None)

    def value(self, name: str) -> ast.expr | None:
        """What a name stands for now; None where it is no variable of the file."""
        value = self.names.get(name)
        if value is None:
            is_free = name in self.variables.rebound and name not in self.functions and name not in self.classes
            return UNKNOWN if is_free else None
        return UNKNOWN if id(value) in self._changed else value

    def now(self, node: ast.expr) -> ast.expr:
        """What an expression comes to at this moment: the names in it may stand for something else later."""
        text = self.text(node)
        if text is not None:
            return ast.copy_location(ast.Constant(text), node)
        if isinstance(node, ast.Name):
            value = self.value(node.id)
            return node if value is None else value
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return ast.copy_location(type(node)([self.now(part) for part in node.elts]), node)
        if isinstance(node, ast.Starred):
            return ast.Starred(self.now(node.value), ast.Load())
        if isinstance(node, COMPREHENSIONS):
            made = self.texts(node)
            if made is not None:
                return ast.List([ast.Constant(part) for part in made], ast.Load())
        return Substitution(self.value, self.spend).of(node)

    def spend(self, steps: int = 1) -> None:
        """Count steps. Raises TooMuchError."""
        self._steps += steps
        if self._steps > MOST_STEPS:
            raise TooMuchError

    def _augment(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            before = ast.Name(node.target.id, ast.Load())
            joined = ast.copy_location(ast.BinOp(before, node.op, node.value), node)
            texts = self.texts(joined) if self.text(joined) is None else None
            made = self.now(joined) if texts is None else ast.List([ast.Constant(part) for part in texts], ast.Load())
            self._change_value(node.target.id)
            self.bind(node.target, made)
        else:
            self._change_value(_root(node.target))

    def _change(self, node: ast.expr) -> None:
        """`labels.append("x")`: the list that other names stand for too is another one now."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATORS:
            name = _root(node.func)
            value = self.value(name)
            if not isinstance(value, ast.List | ast.Set | ast.Dict | ast.Tuple):
                return
            self._change_value(name)
            if isinstance(value, ast.List) and len(node.args) == 1 and node.func.attr in ("append", "extend"):
                added = self.now(node.args[0])
                part = added if node.func.attr == "append" else ast.Starred(added, ast.Load())
                self.names[name] = ast.List([*value.elts, part], ast.Load())

    def _change_value(self, name: str) -> None:
        value = self.names.get(name)
        if value is not None and value is not UNKNOWN and not isinstance(value, ast.Constant):
            self._changed[id(value)] = value  # kept, so that no other object gets its identity
            self.names[name] = UNKNOWN

    def forget_walrus(self, node: ast.AST) -> None:
        """`(name := value)` anywhere inside of a statement or an expression."""
        if not self.variables.walrus:
            return
        self.forget({name for part in ast.walk(node) if isinstance(part, ast.NamedExpr) for name in bound_names(part)})

    # --- texts

    def text(self, node: ast.expr | None, depth: int = 0) -> str | None:  # noqa: PLR0911 - a form of text each
        """The text, or None where it isn't known. Raises TooMuchError."""
        self.spend()
        if node is None or depth > DEEPEST:
            return None
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if isinstance(node, ast.Name):
            value = self.value(node.id)
            return None if value is None or value is node else self.text(value, depth + 1)
        if isinstance(node, ast.JoinedStr):
            return self._sum([self._formatted(part, depth) for part in node.values])
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self._sum([self.text(part, depth) for part in _summands(node)])
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            return self._filled(node, depth)
        if isinstance(node, ast.Attribute):
            return self._member(node, depth)
        return self._called(node, depth) if isinstance(node, ast.Call) else None

    def _formatted(self, part: ast.expr, depth: int) -> str | None:
        if not isinstance(part, ast.FormattedValue):
            return self.text(part, depth + 1)
        value = self.value(part.value.id) if isinstance(part.value, ast.Name) else part.value
        if isinstance(value, ast.Constant) and isinstance(value.value, int) and part.format_spec is None:
            return str(value.value)
        text = None if part.format_spec is not None else self.text(part.value, depth + 1)
        if text is None or part.conversion in (-1, ord("s")):
            return text
        return repr(text) if part.conversion == ord("r") else None

    def _sum(self, parts: list[str | None]) -> str | None:
        known = [part for part in parts if part is not None]
        if len(known) != len(parts):
            return None
        if sum(map(len, known)) > MOST_TEXT:
            raise TooMuchError
        return "".join(known)

    def _filled(self, node: ast.BinOp, depth: int) -> str | None:
        """`"… %s" % label`, `"… %s %s" % (name, label)`"""
        pattern = self.text(node.left, depth + 1)
        value = (self.value(node.right.id) if isinstance(node.right, ast.Name) else None) or node.right
        right = value.elts if isinstance(value, ast.Tuple) else [value]
        values = [self.text(part, depth + 1) for part in right]
        known = [text for text in values if text is not None]
        if pattern is None or len(known) != len(values) or not pattern.count("%") == pattern.count("%s") == len(known):
            return None
        return self._sum(list(_interleaved(pattern.split("%s"), known)))

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
        return None if any("{" in part or "}" in part for part in parts[::2]) else self._sum(list(made))

    def _member(self, node: ast.Attribute, depth: int) -> str | None:
        """`Role.ADMIN.value` and `Role.ADMIN.name` of a class in the same file, also through a loop's name."""
        base: ast.expr | None = node.value
        if isinstance(base, ast.Name):
            base = self.value(base.id)
        if not (isinstance(base, ast.Attribute) and isinstance(base.value, ast.Name)):
            return None
        owner = self.classes.get(base.value.id)
        if owner is None or node.attr not in ("value", "name"):
            return None
        value = members(owner).get(base.attr)
        if value is None:
            return None
        return base.attr if node.attr == "name" else self.text(value, depth + 1)

    def _called(self, node: ast.Call, depth: int) -> str | None:
        """`text("…")`, `", ".join(names)`, `"…".strip()`, `dedent("…")`, a function that gives back a text."""
        name = called_name(node)
        function = self.function_of(node)
        if function is not None:
            return self._returned(function, node, depth)
        if name in _TEXTS and node.args and not _is_text_method(node):
            return self.text(node.args[0], depth + 1)
        return self._method(node, node.func, depth) if isinstance(node.func, ast.Attribute) else None

    def _method(self, node: ast.Call, function: ast.Attribute, depth: int) -> str | None:
        name = function.attr
        if name == "join":
            return self._joined(node, function, depth)
        text = self.text(function.value, depth + 1) if name in _TEXT_METHODS else None
        if text is None:
            return None
        if name == "format":
            return self._formatted_by(text, node, depth)
        if name in _OF_CLAUSES:
            return self._with_parameters(text, node, depth) if name.endswith("params") else text
        if name == "replace":
            return self._replaced(text, [self.text(part, depth + 1) for part in node.args])
        return None if node.args else str(getattr(text, name)())

    def _joined(self, node: ast.Call, function: ast.Attribute, depth: int) -> str | None:
        mark, parts = self.text(function.value, depth + 1), self.texts(node.args[0] if node.args else None, depth + 1)
        return None if mark is None or parts is None else self._sum([mark.join(parts)])

    def _replaced(self, text: str, given: list[str | None]) -> str | None:
        if len(given) != 2 or not given[0] or given[1] is None:  # noqa: PLR2004 - old, new
            return None
        return self._sum(list(_interleaved_with(text.split(given[0]), given[1])))

    def _with_parameters(self, text: str, node: ast.Call, depth: int) -> str | None:
        """`text("… :label").bindparams(label="x")`"""
        given = {key.arg: self.text(key.value, depth + 1) for key in node.keywords}
        used = set(_BIND.findall(text))
        if node.args or any(given.get(name) is None for name in used):
            return None
        return self._sum([_BIND.sub(lambda found: quoted(given[found[1]] or ""), text)])

    def function_of(self, call: ast.Call) -> Function | None:
        """The function of the file that is called, also through another name."""
        if not isinstance(call.func, ast.Name):
            return None
        value = self.value(call.func.id)
        return self.functions.get(value.id if isinstance(value, ast.Name) else call.func.id)

    def _returned(self, function: Function, call: ast.Call, depth: int) -> str | None:
        """What a function of the file gives back that does nothing else."""
        if isinstance(function, ast.Lambda):
            value: ast.expr | None = function.body
        else:
            body = [node for node in function.body if not _is_docstring(node)]
            value = body[0].value if len(body) == 1 and isinstance(body[0], ast.Return) else None
        if value is None or depth > DEEPEST:
            return None
        before = dict(self.names)
        self.spend(1 + len(before) // 10)
        self.bind_parameters(function, call)
        text = self.text(value, depth + 1)
        self.names = before
        return text

    def bind_parameters(self, function: Function, call: ast.Call | None) -> None:
        """What a function's parameters stand for when it is called so; of those that aren't given nothing is known."""
        arguments = function.args
        names = [parameter.arg for parameter in (*arguments.posonlyargs, *arguments.args)]
        optional = names[len(names) - len(arguments.defaults) :]
        given = {name: self.now(value) for name, value in zip(optional, arguments.defaults, strict=True)}
        for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            if default is not None:
                given[parameter.arg] = self.now(default)
        spread = call is not None and (
            any(isinstance(part, ast.Starred) for part in call.args) or any(key.arg is None for key in call.keywords)
        )
        if call is not None and not spread:
            given.update({name: self.now(value) for name, value in zip(names, call.args, strict=False)})
            given.update({key.arg: self.now(key.value) for key in call.keywords if key.arg})
        self.forget(part.arg for part in ast.walk(arguments) if isinstance(part, ast.arg))
        if not spread:
            for name, value in given.items():
                self.bind(ast.Name(name, ast.Store()), value)

    # --- lists

    def texts(self, node: ast.expr | None, depth: int = 0) -> list[str] | None:
        """A list of texts, or None. Raises TooMuchError."""
        elements = self.elements(node, depth)
        if elements is None:
            return None
        found = [self.text(part, depth + 1) for part in elements]
        known = [text for text in found if text is not None]
        return known if len(known) == len(found) else None

    def elements(self, node: ast.expr | None, depth: int = 0) -> list[ast.expr] | None:  # noqa: PLR0911 - a form each
        """What a loop over the expression would give, or None. Raises TooMuchError."""
        self.spend()
        if node is None or depth > DEEPEST:
            return None
        if isinstance(node, ast.Name):
            value = self.value(node.id)
            if value is None and node.id in self.classes:
                made: list[ast.expr] = [ast.Attribute(node, name) for name in members(self.classes[node.id])]
                return made or None
            return None if value is None or value is node else self.elements(value, depth + 1)
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return self._spread(node.elts, depth)
        if isinstance(node, ast.Dict):
            keys = [key for key in node.keys if key is not None]
            return keys if len(keys) == len(node.keys) else None
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self._spread([ast.Starred(node.left), ast.Starred(node.right)], depth)
        if isinstance(node, ast.GeneratorExp | ast.ListComp | ast.SetComp) and len(node.generators) == 1:
            return self._comprehended(node, depth)
        return self._iterated(node, depth) if isinstance(node, ast.Call) else None

    def _spread(self, parts: Sequence[ast.expr], depth: int) -> list[ast.expr] | None:
        found: list[ast.expr] = []
        for part in parts:
            inner = self.elements(part.value, depth + 1) if isinstance(part, ast.Starred) else [part]
            if inner is None:
                return None
            self.spend(len(inner))
            found.extend(inner)
        return found

    def _iterated(self, node: ast.Call, depth: int) -> list[ast.expr] | None:
        """`list(labels)`, `labels_of.items()`"""
        name = called_name(node)
        if name in _ITERATED and isinstance(node.func, ast.Name) and len(node.args) == 1:
            return self.elements(node.args[0], depth + 1)
        if not isinstance(node.func, ast.Attribute) or node.args or name not in ("items", "keys", "values"):
            return None
        owner = self.now(node.func.value)
        if not isinstance(owner, ast.Dict) or any(key is None for key in owner.keys):
            return None
        keys = [key for key in owner.keys if key is not None]
        if name == "items":
            return [ast.Tuple([key, value], ast.Load()) for key, value in zip(keys, owner.values, strict=True)]
        return keys if name == "keys" else list(owner.values)

    def _comprehended(self, node: ast.GeneratorExp | ast.ListComp | ast.SetComp, depth: int) -> list[ast.expr] | None:
        generator = node.generators[0]
        values = self.elements(generator.iter, depth + 1)
        if values is None or generator.ifs:
            return None
        before = dict(self.names)
        made = []
        for value in values:
            self.bind(generator.target, self.now(value))
            made.append(self.now(node.elt))
        self.names = before
        return made

    # --- what isn't known

    def sql(self, node: ast.expr) -> str:
        """The SQL that an expression comes to; where it isn't known, a statement that says so to the replay."""
        if isinstance(node, ast.Attribute) and node.attr == "noop":
            return ""
        text = self.text(node)
        while text is None and isinstance(node, ast.Call) and called_name(node) in _OF_CLAUSES:
            node = node.func.value if isinstance(node.func, ast.Attribute) else UNKNOWN
            text = self.text(node)
        if text is not None:
            return text
        beginning, words = self.beginning(node), self.words(node)
        if beginning is None:
            return opaque("")
        is_about_rows = _CHANGES_ROWS.match(beginning) is not None and not _MORE.search(words)
        return "" if is_about_rows else opaque(words)

    def words(self, node: ast.AST, depth: int = 0) -> str:
        """The texts that stand in an expression and in those that its names stand for."""
        parts = list(islice(ast.walk(node), MOST_PARTS))
        self.spend(len(parts) // 10)
        if len(parts) == MOST_PARTS:
            raise TooMuchError
        found = [constants(node)]
        functions = [self.function_of(part) for part in parts if isinstance(part, ast.Call)]
        found.extend(constants(function) for function in functions if function is not None)
        if depth < DEEPEST:
            names = [part.id for part in parts if isinstance(part, ast.Name)]
            self.spend(len(names))
            values = (self.value(name) for name in names)
            found.extend(
                self.words(value, depth + DEEPEST // 3) for value in values if value is not None and value is not node
            )
        return " ".join(found)[:MOST_WORDS]

    def beginning(self, node: ast.expr | None, depth: int = 0) -> str | None:
        """The text's beginning, where it stands here: what it is about can then be told from its words.

        A file that is read, or the answer of a function, may be about anything: None.
        """
        self.spend()
        if node is None or depth > DEEPEST:
            return None
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if isinstance(node, ast.Name):
            value = self.value(node.id)
            return None if value is node else self.beginning(value, depth + 1)
        if isinstance(node, ast.Call):
            return self._beginning_of_call(node, depth)
        first: ast.expr | None = None
        if isinstance(node, ast.JoinedStr) and node.values:
            first = node.values[0]
        elif isinstance(node, ast.FormattedValue):
            first = node.value
        elif isinstance(node, ast.BinOp):
            first = node.left
        return self.beginning(first, depth + 1)

    def _beginning_of_call(self, node: ast.Call, depth: int) -> str | None:
        function = self.function_of(node)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            returned = [part.value for part in ast.walk(function) if isinstance(part, ast.Return)]
            found = [self.beginning(part, depth + 1) for part in returned]
            return found[0] if len(found) == 1 else None
        if _is_text_method(node) and isinstance(node.func, ast.Attribute):
            is_joined = node.func.attr == "join" and len(node.args) == 1
            several = self.elements(node.args[0], depth + 1) if is_joined else None
            first = (several[0] if several else None) if is_joined else node.func.value
            return self.beginning(first, depth + 1)
        return self.beginning(node.args[0], depth + 1) if called_name(node) in _TEXTS and node.args else None


def members(owner: ast.ClassDef) -> dict[str, ast.expr]:
    """The members of an enum class, by name."""
    found: dict[str, ast.expr] = {}
    for node in owner.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(target, ast.Name) and node.value is not None:
            found[target.id] = node.value
    return {name: value for name, value in found.items() if not name.startswith("_")}


def called_name(call: ast.Call) -> str:
    """The last part of what is called: `execute` of `op.execute(…)`."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def constants(node: ast.AST) -> str:
    """The texts that stand in an expression, to see what it may be about."""
    return " ".join(
        part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )


def _is_text_method(node: ast.Call) -> bool:
    """A method of a text, which is what it is called on."""
    return isinstance(node.func, ast.Attribute) and node.func.attr in (*_TEXT_METHODS, "join")


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _summands(node: ast.BinOp) -> list[ast.expr]:
    """The parts of `a + b + c`, however many there are."""
    found: list[ast.expr] = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add):
        found.append(left.right)
        left = left.left
    return [left, *reversed(found)]


def _interleaved(parts: Sequence[str], values: Sequence[str]) -> list[str]:
    return [parts[0], *(value + part for value, part in zip(values, parts[1:], strict=True))]


def _interleaved_with(parts: Sequence[str], mark: str) -> list[str]:
    return _interleaved(parts, [mark] * (len(parts) - 1))
