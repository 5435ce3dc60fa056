"""Runs the blocks of DO statements: PL/pgSQL as far as migrations use it to guard their DDL.

What is understood is run as the server would, subtransactions of EXCEPTION blocks included. A condition that can't be
known, a loop over rows, or a statement that is put together at run time, leaves a doubt at what it touches.
"""

from __future__ import annotations

import re

from nightlatch.core.sql_lexer import STRING, SqlError, split, tokens
from nightlatch.enum_parity.catalog import Type
from nightlatch.enum_parity.cursor import Cursor
from nightlatch.enum_parity.plpgsql_values import UNKNOWN, Values
from nightlatch.enum_parity.server_error import RAISED, STATES, SYNTAX, ServerError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.core.sql_lexer import Token
    from nightlatch.enum_parity.replay import Replay

    Handler = tuple[list[str], int]

DEEPEST = 40
MOST_ROUNDS = 1000

_UNKNOWN_CONDITION = "whether this runs depends on what can't be read from migrations"
_UNKNOWN_LOOP = "how often this runs depends on what can't be read from migrations"
_VERB = re.compile(r"\s*([A-Za-z]+)\b")
_OTHER_VERBS = (
    "insert", "update", "delete", "select", "grant", "revoke", "comment", "analyze", "vacuum", "refresh", "reindex",
    "truncate", "notify", "copy", "lock", "cluster", "values", "with",
)  # fmt: skip
"""What begins a statement that changes no type and no CHECK, whatever words it holds."""

_OF_A_COLUMN = re.compile(
    r"\s*alter\s+table\s+(?:only\s+)?\S+\s+alter\s+(?:column\s+)?\S+\s+"
    r"(?:(?:drop|set)\s+default|(?:set\s+data\s+)?type)\b[^;,]*",
    re.IGNORECASE,
)
"""A column's default or type: another one makes no label and no CHECK another, whatever its name."""

_ABOUT_TYPES = re.compile(r"\b(?:type|domain|pg_enum)\b|\badd\s+value\b", re.IGNORECASE)
_ABOUT_CHECKS = re.compile(r"\bcheck\b|\bconstraint\b|\bcolumn\b|\bdrop\s+table\b|\brename\b", re.IGNORECASE)
_OTHER_CONSTRAINTS = re.compile(r"\b(?:foreign|primary|unique|references)\b", re.IGNORECASE)


class _Return(Exception):  # noqa: N818 - no error: RETURN leaves the block
    """RETURN was met."""


class _Exit(Exception):  # noqa: N818 - it is no error
    """EXIT or CONTINUE was met."""


def run_block(replay: Replay, cursor: Cursor) -> None:
    """What follows DO. Raises ServerError where an error leaves the block, SqlError where it can't be read."""
    language, body = "plpgsql", None
    while not cursor.done:
        token = cursor.next()
        if token.is_word("language"):
            language = cursor.next().value
        elif token.kind == STRING:
            body = token
    if body is None:
        return
    if language != "plpgsql":
        replay.foreign_code(cursor.tokens[0], body.value, f"a block of {language} is not followed")
        return
    try:
        _Block(replay, _body_tokens(replay, body)).run()
    except _Return:
        return


def _body_tokens(replay: Replay, body: Token) -> list[Token]:
    """A body in dollar quotes keeps its places in the text."""
    if body.end - body.start > len(body.value) + 2 and replay.session.dollar_quoted(body):
        opening = (body.end - body.start - len(body.value)) // 2
        return list(tokens(replay.session.text, body.start + opening, body.end - opening))
    return _moved(list(tokens(body.value)), body)


def _moved(found: list[Token], place: Token) -> list[Token]:
    for token in found:
        token.start, token.end = place.start, place.end
    return found


class _Block:
    """A walk over a body that runs what it meets."""

    def __init__(self, replay: Replay, body: list[Token]) -> None:
        self._replay = replay
        self._session = replay.session
        self._cursor = Cursor(body)
        self._values = Values(replay.session)
        self._depth = 0

    def run(self) -> None:
        """The outermost block."""
        self._block(runs=True)

    # --- structure

    def _block(self, *, runs: bool) -> None:
        """`[<<label>>] [DECLARE …] BEGIN … [EXCEPTION …] END [label];`"""
        self._depth += 1
        if self._depth > DEEPEST:
            raise ServerError(SYNTAX, "blocks are nested too deeply")
        cursor = self._cursor
        self._label()
        if cursor.word("declare"):
            self._declarations(runs=runs)
        cursor.expect("begin")
        if runs and self._has_handlers():
            self._guarded()
        else:
            self._statements(("end", "exception"), runs=runs)
            self._skip_handlers()
        cursor.expect("end")
        if cursor.peek().is_name:
            cursor.next()
        cursor.sign(";")
        self._depth -= 1

    def _label(self) -> None:
        if self._cursor.sign("<<"):
            self._cursor.next()
            self._cursor.sign(">>")

    def _declarations(self, *, runs: bool) -> None:
        cursor = self._cursor
        while not cursor.done and not cursor.peek().is_word("begin"):
            declared = self._to_semicolon()
            if runs and declared:
                self._values.declare(declared)

    def _has_handlers(self) -> bool:
        """Whether this block has an EXCEPTION part. The cursor stays."""
        start = self._cursor.at
        self._statements(("end", "exception"), runs=False)
        found = self._cursor.peek().is_word("exception")
        self._cursor.at = start
        return found

    def _when(self) -> list[str]:
        """`duplicate_object OR SQLSTATE '42710' THEN`"""
        names = []
        while not self._cursor.word("then"):
            token = self._cursor.next()
            if self._cursor.at > len(self._cursor.tokens):
                raise ServerError(SYNTAX, "THEN is missing")
            if token.is_word("sqlstate"):
                code = self._cursor.string().value
                names.append(STATES.get(code, code))
            elif token.is_name and not token.is_word("or"):
                names.append(token.value)
        return names

    def _guarded(self) -> None:
        """A block with an EXCEPTION part: an error takes back what the block did, then a handler runs."""
        journal = self._session.catalog.journal
        mark = journal.mark
        self._session.guards += 1
        error: ServerError | None = None
        start = self._cursor.at
        try:
            self._statements(("end", "exception"), runs=True)
        except ServerError as raised:
            error = raised
        finally:
            self._session.guards -= 1
        if error is not None:
            self._cursor.at = start
            journal.undo(mark)
            self._statements(("end", "exception"), runs=False)
        self._run_handler(error)

    def _run_handler(self, error: ServerError | None) -> None:
        cursor = self._cursor
        cursor.expect("exception")
        handled = error is None
        while cursor.word("when"):
            names = self._when()
            runs = not handled and error is not None and any(error.matches(name) for name in names)
            handled = handled or runs
            self._statements(("when", "end"), runs=runs)
        if not handled and error is not None:
            raise error

    def _skip_handlers(self) -> None:
        if self._cursor.word("exception"):
            while self._cursor.word("when"):
                self._when()
                self._statements(("when", "end"), runs=False)

    # --- statements

    def _statements(self, ends: tuple[str, ...], *, runs: bool) -> None:
        """Statements up to one of these words, which is not passed."""
        while not self._cursor.peek().is_word(*ends):
            if self._cursor.done:
                raise ServerError(SYNTAX, "a block is never ended")
            self._one(runs=runs)

    def _one(self, *, runs: bool) -> None:
        cursor = self._cursor
        self._label()
        token = cursor.peek()
        if token.is_word("declare", "begin"):
            self._block(runs=runs)
        elif cursor.word("if"):
            self._if(runs=runs)
        elif cursor.word("case"):
            self._case(runs=runs)
        elif token.is_word("for", "foreach", "while", "loop"):
            self._loop(runs=runs)
        else:
            statement = self._to_semicolon()
            if runs and statement:
                self._run(statement)

    def _to_semicolon(self) -> list[Token]:
        start = self._cursor.at
        depth = 0
        while not self._cursor.done:
            token = self._cursor.next()
            depth += token.is_sign("(") - token.is_sign(")")
            if token.is_sign(";") and depth <= 0:
                return list(self._cursor.tokens[start : self._cursor.at - 1])
        return list(self._cursor.tokens[start:])

    def _until(self, word: str) -> list[Token]:
        """The tokens up to a keyword, which is passed; CASE … END and parentheses aside."""
        start = self._cursor.at
        depth = cases = 0
        while not self._cursor.done:
            token = self._cursor.next()
            depth += token.is_sign("(") - token.is_sign(")")
            if depth <= 0 and cases <= 0 and token.is_word(word):
                return list(self._cursor.tokens[start : self._cursor.at - 1])
            cases += token.is_word("case") - token.is_word("end")
        raise ServerError(SYNTAX, f"{word.upper()} is missing")

    def _if(self, *, runs: bool) -> None:
        """`IF … THEN … [ELSIF … THEN …] [ELSE …] END IF;`"""
        cursor = self._cursor
        ends = ("elsif", "elseif", "else", "end")
        open_: object = runs
        while True:
            condition = self._until("then")
            holds = self._values.condition(condition) if open_ else False
            self._branch(ends, open_, holds, condition)
            if open_ and holds is True:
                open_ = open_ is UNKNOWN and UNKNOWN
            elif open_ and holds is UNKNOWN:
                open_ = UNKNOWN
            if not cursor.word("elsif", "elseif"):
                break
        if cursor.word("else"):
            self._branch(("end",), open_, True, cursor.tokens[cursor.at - 1 : cursor.at])
        cursor.expect("end")
        cursor.expect("if")
        cursor.sign(";")

    def _branch(self, ends: tuple[str, ...], open_: object, holds: object, condition: object) -> None:
        """Run a branch, pass over it, or run it in doubt."""
        if not open_ or holds is False or holds is None:
            self._statements(ends, runs=False)
        elif open_ is UNKNOWN or holds is UNKNOWN:
            place = condition[0] if isinstance(condition, list) and condition else self._cursor.peek()
            self._in_doubt(ends, _UNKNOWN_CONDITION, place)
        else:
            self._statements(ends, runs=True)

    def _in_doubt(self, ends: tuple[str, ...], reason: str, place: Token) -> None:
        """Run statements of which nobody knows whether they ran: what they touch becomes doubtful."""
        journal = self._session.catalog.journal
        mark = journal.mark
        start = self._cursor.at
        try:
            self._statements(ends, runs=True)
        except (ServerError, _Return, _Exit):
            self._cursor.at = start
            self._statements(ends, runs=False)
        removed = journal.removed(mark)
        for thing in journal.touched(mark):
            if thing in removed and isinstance(thing, Type):
                self._put_back(thing)
            self._session.doubt(thing, reason, place)

    def _put_back(self, thing: Type) -> None:
        """A type that may have been dropped is listed still, as a doubtful one."""
        schema = self._session.catalog.schemas.get(thing.schema)
        if schema is not None and thing.name not in schema.types:
            self._session.catalog.journal.put(schema.types, thing.name, thing, thing)

    def _case(self, *, runs: bool) -> None:
        """CASE as a statement: which of its branches ran is not worked out."""
        cursor = self._cursor
        place = cursor.peek()
        if not cursor.peek().is_word("when"):
            self._until("when")
        else:
            cursor.next()
        while True:
            self._until("then")
            self._doubtful_branch(("when", "else", "end"), place, runs=runs)
            if not cursor.word("when"):
                break
        if cursor.word("else"):
            self._doubtful_branch(("end",), place, runs=runs)
        cursor.expect("end")
        cursor.expect("case")
        cursor.sign(";")

    def _doubtful_branch(self, ends: tuple[str, ...], place: Token, *, runs: bool) -> None:
        if runs:
            self._in_doubt(ends, _UNKNOWN_CONDITION, place)
        else:
            self._statements(ends, runs=False)

    def _loop(self, *, runs: bool) -> None:
        cursor = self._cursor
        head = self._until("loop")
        start = cursor.at
        rounds = self._values.rounds(head) if runs else []
        if rounds is None or not self._session.may_take(len(rounds)):
            place = head[0] if head else cursor.peek()
            self._values.forget(head)
            self._in_doubt(("end",), _UNKNOWN_LOOP, place)
        else:
            for name, value in rounds[:MOST_ROUNDS]:
                cursor.at = start
                self._values.set(name, value)
                try:
                    self._statements(("end",), runs=True)
                except _Exit:
                    break
            cursor.at = start
            self._statements(("end",), runs=False)
        cursor.expect("end")
        cursor.expect("loop")
        if cursor.peek().is_name:
            cursor.next()
        cursor.sign(";")

    def _run(self, statement: list[Token]) -> None:
        first = statement[0]
        if first.is_word("execute"):
            self._execute(statement[1:], first)
        elif first.is_word("raise"):
            self._raise(statement)
        elif first.is_word("return"):
            raise _Return
        elif first.is_word("exit", "continue"):
            raise _Exit
        elif first.is_word("perform"):
            self._replay.dispatch(_as_select(statement))
        elif self._values.assign(statement):
            return
        elif not first.is_word("null", "get", "assert", "commit", "rollback"):
            if first.is_word("select", "with"):
                self._values.select_into(statement)
            self._replay.dispatch(statement)

    def _raise(self, statement: list[Token]) -> None:
        words = [token for token in statement[1:2] if token.is_word("notice", "warning", "info", "log", "debug")]
        if not words:
            raise ServerError(RAISED, "the block raises an error")

    def _execute(self, expression: list[Token], place: Token) -> None:
        """EXECUTE of a text: run it where it is known, doubt what it may be about where it isn't."""
        for index, token in enumerate(expression):
            if token.is_word("using", "into"):
                expression = expression[:index]
                break
        text = self._values.text(expression)
        if not isinstance(text, str):
            self._doubt_text(self._values.template(expression), place)
            return
        try:
            made = [statement.tokens() for statement in split(text)]
        except SqlError as error:
            raise ServerError(SYNTAX, error.what) from None
        before = self._session.inside(self._session.line(place))
        try:
            for statement in made:
                if statement:
                    self._replay.dispatch(statement)
        finally:
            self._session.inside(before)

    def _doubt_text(self, text: str, place: Token) -> None:
        """Doubt what a text may be about of which only parts are known; everything where its first word isn't."""
        catalog = self._session.catalog
        verb = _VERB.match(text)
        word = verb[1].lower() if verb else ""
        if (word in _OTHER_VERBS and "pg_enum" not in text) or _OF_A_COLUMN.fullmatch(text):
            return
        if _ABOUT_TYPES.search(text) or not word:
            self._session.lose(place, self._session.unknown_text)
            self._replay.doubt_named(place, text, self._replay.enum_types(), self._session.unknown_text)
        if _ABOUT_CHECKS.search(text) and not _OTHER_CONSTRAINTS.search(text):
            listed = [table for table in catalog.tables() if any(check.lists for check in table.checks.values())]
            self._replay.doubt_named(place, text, list(listed), self._session.unknown_text)


def _as_select(statement: list[Token]) -> list[Token]:
    """PERFORM is a SELECT whose result is thrown away."""
    first = statement[0]
    first.value = "select"
    return statement
