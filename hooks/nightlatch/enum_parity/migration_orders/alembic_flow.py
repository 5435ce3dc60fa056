"""What a revision of Alembic runs, statement by statement, without running it.

What is known is followed: names, loops over known lists, functions of the file, conditions about the database's
dialect. What can't be known leaves a doubt at what it would touch.
"""

from __future__ import annotations

import ast

from nightlatch.enum_parity.migration_orders.alembic_operations import OPERATIONS, Operations
from nightlatch.enum_parity.migration_orders.migration_set import UNREADABLE, Script
from nightlatch.enum_parity.migration_orders.python_names import COMPREHENSIONS, UNKNOWN, bound_names
from nightlatch.enum_parity.migration_orders.python_questions import (
    ABSENT,
    BODY,
    ELSE,
    UNSURE,
    asks_for_what_it_adds,
    branch,
    foreign_names,
    makes_enums,
    names_in,
    root,
)
from nightlatch.enum_parity.migration_orders.python_text import PythonText, TooMuchError, called_name, constants
from nightlatch.enum_parity.migration_orders.sql_text import conditional, opaque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nightlatch.enum_parity.migration_orders.python_text import Function

UPGRADE = "upgrade"
DEEPEST = 8
MOST_ROUNDS = 1000
MOST_SCRIPTS = 20_000
MOST_SQL = 8_000_000

NEXT, NEXT_ROUND, END_OF_LOOP, END = "next", "next round", "end of loop", "end"
_ENDS: dict[type[ast.stmt], str] = {
    ast.Continue: NEXT_ROUND, ast.Break: END_OF_LOOP, ast.Return: END, ast.Raise: END,
}  # fmt: skip
_DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Delete, ast.Global)


def scripts(path: str, text: str) -> list[Script]:
    """The SQL of upgrade(), a script for each call."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return [Script(path, opaque(""), getattr(error, "lineno", None) or 1, why=UNREADABLE)]
    flow = None
    try:
        flow = Flow(path, tree)
        flow.upgrade()
    except (TooMuchError, RecursionError):
        return [*(flow.scripts if flow else ()), Script(path, opaque(""), 1)]
    return flow.scripts


class Flow:
    """A revision while it is followed; `scripts` is what it has run so far."""

    def __init__(self, path: str, tree: ast.Module) -> None:
        self.scripts: list[Script] = []
        self._path = path
        self._known = PythonText(tree)
        self._operations = Operations(self._known)
        self._module = dict(self._known.names)
        self._top = dict(self._known.functions)
        self._foreign = frozenset(foreign_names(self._known.variables.imports))
        self._doubts = 0
        self._depth = 0
        self._running: list[Function] = []
        self._size = 0

    def upgrade(self) -> None:
        """What the way up does; with several databases (`upgrade_engine1`) what each of its functions does."""
        name = self._known.value(UPGRADE)
        found = self._top.get(name.id if isinstance(name, ast.Name) else UPGRADE)
        if found is not None:
            self._run(found)
        elif name is not None:
            self._add(opaque(""), 1)
        if self._known.variables.by_name:
            for function in [name for name in self._top if name.startswith(f"{UPGRADE}_")]:
                self._run(self._top[function])

    def _add(self, sql: str, line: int, words: Sequence[str] = ()) -> None:
        """Note what runs, or may run."""
        self._size += len(sql)
        if len(self.scripts) >= MOST_SCRIPTS or self._size > MOST_SQL:
            raise TooMuchError
        self.scripts.append(Script(self._path, conditional(sql) if sql and self._doubts else sql, line, words))

    # --- functions

    def _run(self, function: Function, call: ast.Call | None = None) -> None:
        """What a function of the file does; its parameters stand for what it is called with."""
        known = self._known
        if self._depth >= DEEPEST or any(function is one for one in self._running):
            if self._acts(function):
                self._add(opaque(""), function.lineno)
            return
        names, functions, doubts, batches = known.names, known.functions, self._doubts, self._operations.batches
        known.spend(1 + len(names) // 10)
        known.names, known.functions = dict(names), dict(functions)
        known.bind_parameters(function, call)
        if any(function is one for one in self._top.values()):
            own = {part.arg for part in ast.walk(function.args) if isinstance(part, ast.arg)}
            known.names = {**self._module, **{name: known.names[name] for name in own}}
        self._operations.batches = self._handed_batches(function, call)
        self._depth += 1
        self._running.append(function)
        if isinstance(function, ast.Lambda):
            self._calls(function.body)
        else:
            self._body(function.body)
        self._depth -= 1
        self._running.pop()
        known.names, known.functions, self._doubts, self._operations.batches = names, functions, doubts, batches

    def _acts(self, function: Function) -> bool:
        """Whether anything in a function, or in another one of the file, is an operation; or may be one."""
        names = {called_name(node) for node in ast.walk(function) if isinstance(node, ast.Call)}
        others = names & self._known.functions.keys()
        return self._operations.has_any(names) or any(self._known.functions[name] is not function for name in others)

    def _handed_batches(self, function: Function, call: ast.Call | None) -> dict[str, tuple[str | None, str]]:
        """The batches of a function: those around it, and those that it is called with, by its own names for them."""
        batches = dict(self._operations.batches)
        names = [parameter.arg for parameter in (*function.args.posonlyargs, *function.args.args)]
        for name, value in zip(names, call.args if call is not None else (), strict=False):
            if isinstance(value, ast.Name) and value.id in self._operations.batches:
                batches[name] = self._operations.batches[value.id]
        return batches

    # --- statements

    def _body(self, body: Sequence[ast.stmt]) -> str:
        """Follow statements; how they end: NEXT where what stands behind them runs."""
        for node in body:
            self._known.spend(2)
            end = self._statement(node)
            if end != NEXT:
                return end
        return NEXT

    def _statement(self, node: ast.stmt) -> str:
        if isinstance(node, ast.If):
            end = self._if(node)
        elif isinstance(node, ast.For | ast.AsyncFor):
            end = self._for(node)
        elif isinstance(node, ast.While):
            end = self._while(node)
        elif isinstance(node, ast.Match):
            end = self._match(node)
        elif isinstance(node, ast.Try | ast.TryStar):
            end = self._try(node)
        elif isinstance(node, ast.With | ast.AsyncWith):
            end = self._with(node)
        else:
            end = self._simple(node)
        return end

    def _simple(self, node: ast.stmt) -> str:
        """A statement without others inside."""
        if not isinstance(node, _DEFINES):
            for part in ast.iter_child_nodes(node):
                if isinstance(part, ast.expr):
                    self._calls(part)
        self._known.learn(node)
        return _ENDS.get(type(node), NEXT)

    def _if(self, node: ast.If) -> str:
        self._calls(node.test)
        self._known.forget_walrus(node.test)
        way = branch(node.test, self._known)
        if way in (BODY, ELSE):
            return self._body(node.body if way == BODY else node.orelse)
        if way == UNSURE and asks_for_what_it_adds(node):
            way = ABSENT
        jumps = isinstance(node.body[-1], tuple(_ENDS))
        if way == ABSENT and not node.orelse and (not jumps or len(node.body) == 1):
            return NEXT if jumps else self._taken_for_true(node.body)
        return self._either(*self._branches(node))

    def _branches(self, node: ast.If) -> list[Sequence[ast.stmt]]:
        """The bodies of `if`, `elif`, …, `else` where nobody knows which condition holds."""
        bodies: list[Sequence[ast.stmt]] = [node.body]
        while len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
            after = node.orelse[0]
            if branch(after.test, self._known) in (BODY, ELSE):
                break
            self._calls(after.test)
            node = after
            bodies.append(node.body)
        return [*bodies, node.orelse]

    def _taken_for_true(self, body: Sequence[ast.stmt]) -> str:
        """A question whether a thing is there already is taken to have led to what it is asked for."""
        before = dict(self._known.names)
        end = self._body(body)
        self._merge(before, self._known.names)
        return end

    def _either(self, *bodies: Sequence[ast.stmt]) -> str:
        """One of these runs, and nobody knows which."""
        known, before = self._known, self._known.names
        outcomes = []
        for body in bodies:
            known.spend(len(before) // 10)
            known.names = dict(before)
            doubts = self._doubts
            self._doubts += 1
            end = self._body(body)
            self._doubts = doubts
            if end == NEXT:
                outcomes.append(known.names)
            elif not _only_raises(body):
                self._doubts += 1  # what stands behind it may not run, up to the end of the loop or of the function
        known.names = before
        for outcome in outcomes:
            self._merge(known.names if outcome is not outcomes[0] else outcome, outcome)
        return NEXT if outcomes else END

    def _merge(self, one: dict[str, ast.expr], other: dict[str, ast.expr]) -> None:
        """Of names that may stand for either of two things nothing is known."""
        merged = dict(other)
        for name in one.keys() | other.keys():
            if not _same(one.get(name), other.get(name)):
                merged[name] = UNKNOWN
        self._known.names = merged

    def _unsure(self, body: Sequence[ast.stmt]) -> str:
        return self._either(body, ())

    def _for(self, node: ast.For | ast.AsyncFor) -> str:
        self._calls(node.iter)
        doubts = self._doubts
        end = self._rounds(node.iter, node.target, lambda: self._body(node.body), node.body)
        if not any(isinstance(part, ast.Return) for part in ast.walk(node)):
            self._doubts = doubts
        return self._body(node.orelse) if end == NEXT else NEXT if end == END_OF_LOOP else end

    def _rounds(self, values: ast.expr, target: ast.expr, run: Callable[[], str], body: Sequence[ast.AST]) -> str:
        """Once for each value of a loop, which its names then stand for; once in doubt where they aren't known."""
        known = self._known
        elements = known.elements(values)
        if elements is None or len(elements) > MOST_ROUNDS:
            known.forget(bound_names(target, *body))
            self._doubts += 1
            run()
            self._doubts -= 1
            known.forget(bound_names(target, *body))
            return NEXT
        for value in elements:
            known.spend()
            known.bind(target, known.now(value))
            end = run()
            if end in (END_OF_LOOP, END):
                return end
        return NEXT

    def _while(self, node: ast.While) -> str:
        self._calls(node.test)
        self._known.forget(bound_names(*node.body))
        self._unsure(node.body)
        self._known.forget(bound_names(*node.body))
        return self._body(node.orelse)

    def _match(self, node: ast.Match) -> str:
        self._known.forget(bound_names(*(case.pattern for case in node.cases)))
        return self._either((), *(case.body for case in node.cases))

    def _try(self, node: ast.Try | ast.TryStar) -> str:
        before = dict(self._known.names)
        end = self._body(node.body)
        handled = [handler for handler in node.handlers if not _only_raises(handler.body)]
        if handled:
            self._merge(before, self._known.names)
        for handler in handled:
            if handler.name:
                self._known.forget([handler.name])
            self._unsure(handler.body)
        if end == NEXT:
            end = self._body(node.orelse)
        last = self._body(node.finalbody)
        return end if last == NEXT else last

    def _with(self, node: ast.With | ast.AsyncWith) -> str:
        """`with op.batch_alter_table("t") as batch:` says the table once."""
        batches = dict(self._operations.batches)
        for item in node.items:
            self._calls(item.context_expr)
            if item.optional_vars is not None:
                names = bound_names(item.optional_vars)
                self._known.forget(names)
                batch = self._operations.batch(item.context_expr)
                self._operations.batches.update({name: batch for name in names if batch is not None})
        end = self._body(node.body)
        self._operations.batches = batches
        return end

    # --- calls

    def _calls(self, node: ast.AST) -> None:
        """Every call of an expression, inner ones first."""
        self._known.spend()
        if isinstance(node, COMPREHENSIONS):
            self._comprehension(node)
            return
        if isinstance(node, ast.Lambda):
            return
        if isinstance(node, ast.IfExp | ast.BoolOp):
            self._choice(node.values if isinstance(node, ast.BoolOp) else [node.test, node.body, node.orelse])
            return
        for part in ast.iter_child_nodes(node):
            if not isinstance(part, ast.Name | ast.Constant | ast.expr_context):
                self._calls(part)
        if isinstance(node, ast.Call):
            self._call(node)

    def _choice(self, parts: Sequence[ast.expr]) -> None:
        """`a and b`, `b if a else c`: the first one is always looked at."""
        self._calls(parts[0])
        self._doubts += 1
        for part in parts[1:]:
            self._calls(part)
        self._doubts -= 1

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        inside = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        if not any(isinstance(part, ast.Call) for one in inside for part in ast.walk(one)):
            return
        before = self._known.names
        self._known.names = dict(before)
        generator = node.generators[0]

        def run() -> str:
            for part in inside:
                self._calls(part)
            return NEXT

        is_plain = len(node.generators) == 1 and not generator.ifs
        self._rounds(generator.iter if is_plain else UNKNOWN, generator.target, run, node.generators)
        self._known.names = before

    def _call(self, node: ast.Call) -> None:
        known, name, base = self._known, called_name(node), root(node.func)
        function = known.function_of(node)
        if function is not None:
            self._run(function, node)
            return
        if base not in self._foreign:
            sql = self._operations.sql(node)
            if sql:
                self._add(sql, node.lineno)
            elif sql is None and base == OPERATIONS and name not in _OTHER_OPERATIONS:
                self._add("", node.lineno, self._words(node))
        elif name not in _SAYS:
            everything = makes_enums(ast.unparse(node.func)) and not any(names_in(self._words(node)))
            self._add(opaque("") if everything else "", node.lineno, self._words(node))
        self._handed_on(node)

    def _handed_on(self, node: ast.Call) -> None:
        """A function of the file that another one may call."""
        for part in (*node.args, *(key.value for key in node.keywords)):
            if isinstance(part, ast.Name) and part.id in self._known.functions:
                self._doubts += 1
                self._run(self._known.functions[part.id])
                self._doubts -= 1

    def _words(self, node: ast.Call) -> list[str]:
        """What a call names."""
        texts = (self._known.words(part) for part in (*node.args, *(key.value for key in node.keywords)))
        return [word for text in (constants(node.func), *texts) for word in text.split()]


_OTHER_OPERATIONS = frozenset((
    "f", "get_bind", "get_context", "batch_alter_table", "bulk_insert", "inline_literal", "invoke", "create_index",
    "drop_index", "create_foreign_key", "create_primary_key", "create_unique_constraint", "create_exclude_constraint",
    "create_table_comment", "drop_table_comment", "run_async", "configure", "schema_obj", "create_entity",
    "drop_entity", "replace_entity",
))  # fmt: skip
"""Operations that make no types and no CHECKs."""

_SAYS = ("debug", "info", "warning", "error", "exception", "log")
"""What only says something."""


def _same(one: ast.expr | None, other: ast.expr | None) -> bool:
    if one is other:
        return True
    return isinstance(one, ast.Constant) and isinstance(other, ast.Constant) and one.value == other.value


def _only_raises(body: Sequence[ast.stmt]) -> bool:
    """A migration that succeeded has not gone there."""
    return bool(body) and isinstance(body[-1], ast.Raise)
