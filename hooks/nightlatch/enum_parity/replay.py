"""Replays SQL scripts: each statement goes to what knows it; transactions and failures are the server's."""

from __future__ import annotations

import re

from nightlatch.core.sql_lexer import STRING, SqlError, split
from nightlatch.enum_parity import replay_schemas, replay_tables, replay_types
from nightlatch.enum_parity.catalog import DOMAIN
from nightlatch.enum_parity.cursor import Cursor
from nightlatch.enum_parity.database_enum import ENUM
from nightlatch.enum_parity.server_error import (
    DUPLICATE_SCHEMA,
    ServerError,
)
from nightlatch.enum_parity.session import DEFAULT_PATH, Remark, Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nightlatch.core.sql_lexer import Statement, Token
    from nightlatch.enum_parity.catalog import Thing

_PSQL = re.compile(r"^[ \t]*(\\(?:ir?|include(?:_relative)?|gexec|if))(?:[ \t]|$)", re.MULTILINE)
_LABELS_BY_HAND = re.compile(r"\bpg_enum\b", re.IGNORECASE)
_LABELS_WITHIN = re.compile(
    r"\b(?:update|into|from)\s+(?:only\s+)?(?:\"?pg_catalog\"?\s*\.\s*)?\"?pg_enum\b", re.IGNORECASE
)
_UNKNOWN_CALL = "a function that isn't in this file is called with its name"
_BY_HAND = "the labels in pg_enum are changed by hand"


class Replay:
    """Runs scripts in one database. `session.catalog` is what they lead to; `session.remarks` what was not followed.

    faithful  see the module `session`
    """

    def __init__(self, *, faithful: bool = False) -> None:
        self.session = Session(faithful=faithful)
        self._transaction = False
        self._aborted = False
        self._savepoints: list[tuple[str, int]] = []

    def run(self, path: str, text: str, line: int = 0, *, is_last: bool = True) -> None:
        """One script. Raises SqlError where the text can't be cut into statements.

        line     where the whole script stands in its file; 0 where the text is the file's own
        is_last  whether the session ends with it; else the next script is run in the same one
        """
        session = self.session
        session.open(path, text)
        session.inside(line)
        try:
            for statement in split(text):
                self._statement(statement)
            if "\\" in text:
                self._doubt_commands(path, text)
        finally:
            session.inside(0)
            if is_last:
                self._end_session()

    def _doubt_commands(self, path: str, text: str) -> None:
        """What psql is told to read, to run, or to leave out is not followed."""
        found = _PSQL.search(text)
        if found is not None:
            what = f"psql's {found[1]} is not followed"
            line = text.count("\n", 0, found.start()) + 1
            self.session.lost.append(Remark(path, line, what))
            for thing in self.enum_types():
                self.session.catalog.doubt(thing, f"{path}:{line}: {what}")

    def _end_session(self) -> None:
        session = self.session
        if self._transaction:
            self._finish(keep=not session.faithful and not self._aborted)
        session.session_path = DEFAULT_PATH
        session.end_transaction()
        self._drop_temporary()

    def _drop_temporary(self) -> None:
        schema = self.session.catalog.schemas["pg_temp"]
        schema.types.clear()
        schema.tables.clear()

    def _statement(self, statement: Statement) -> None:
        word = statement.first_word
        if word in _TRANSACTION:
            self._controlled(statement)
        elif word in _INTERESTING and not self._aborted and not _is_about_something_else(statement):
            self._guarded(statement, word)
        if not self._transaction:
            self.session.end_transaction()

    def _controlled(self, statement: Statement) -> None:
        try:
            self._control(Cursor(statement.tokens()))
        except ServerError:
            self._aborted = self._transaction and self.session.faithful

    def _guarded(self, statement: Statement, word: str) -> None:
        """Run a statement; where the server would refuse it, nothing of it happened."""
        journal = self.session.catalog.journal
        mark = journal.mark
        tokens: list[Token] = []
        try:
            if word in _ROWS or word in _AROUND_ROWS:
                self._by_hand(statement, _LABELS_BY_HAND if word in _ROWS else _LABELS_WITHIN)
                return
            tokens = statement.tokens()
            self.dispatch(tokens)
        except ServerError as error:
            journal.undo(mark)
            self._refused(error, tokens)
        except RecursionError:
            journal.undo(mark)
            raise SqlError("a statement is nested too deeply", statement.start) from None

    def _refused(self, error: ServerError, tokens: list[Token]) -> None:
        if self.session.faithful:
            self._aborted = self._transaction
        elif error.thing is not None and not error.same and tokens:
            self.session.doubt(error.thing, f"the server would refuse this statement: {error.what}", tokens[0])
        elif tokens and not error.same:
            self.session.remark(tokens[0], error.what)
            self._unread(tokens, error.what)

    def _unread(self, tokens: list[Token], what: str) -> None:
        """A statement about types that can't be followed, such as one with a placeholder for the schema's name."""
        words = [token.value for token in tokens[:4]]
        if words[0] not in ("create", "alter", "drop") or not any(word in ("type", "domain") for word in words[1:3]):
            return
        self.session.lose(tokens[0], what)
        named = {token.value for token in tokens if token.is_name}
        for thing in self.session.catalog.types():
            if thing.name in named and thing.kind in (ENUM, DOMAIN):
                self.session.doubt(thing, f"this statement can't be followed: {what}", tokens[0])

    def dispatch(self, tokens: list[Token]) -> None:
        """Run one statement. Raises ServerError where the server would refuse it."""
        cursor = Cursor(tokens)
        verb = cursor.next().value
        if verb == "do":
            from nightlatch.enum_parity.plpgsql import run_block

            run_block(self, cursor)
        elif verb == "create":
            self._create(cursor)
        elif verb in ("select", "call"):
            self._select(cursor)
        elif verb in ("set", "reset"):
            self._set(cursor, verb)
        elif verb in _ROWS:
            self._labels_by_hand(tokens)
        else:
            handler = _HANDLERS.get((verb, cursor.peek().value))
            if handler is not None:
                cursor.next()
                handler(self.session, cursor)

    # --- CREATE

    def _create(self, cursor: Cursor) -> None:
        replaces = cursor.words("or", "replace")
        cursor.word("global", "local")
        temporary = bool(cursor.word("temp", "temporary"))
        cursor.word("unlogged", "recursive")
        what = cursor.next()
        if what.is_word("table"):
            replay_tables.create_table(self.session, cursor, temporary=temporary)
        elif what.is_word("foreign") and cursor.word("table"):
            replay_tables.create_table(self.session, cursor)
        elif what.is_word("type"):
            replay_types.create_type(self.session, cursor)
        elif what.is_word("domain"):
            replay_types.create_domain(self.session, cursor)
        elif what.is_word("schema"):
            self._create_schema(cursor)
        elif what.is_word("view") or (what.is_word("materialized") and cursor.word("view")):
            replay_tables.create_view(self.session, cursor, replaces=replaces)
        elif what.is_word("function", "procedure"):
            self._remember_routine(cursor)

    def _create_schema(self, cursor: Cursor) -> None:
        from nightlatch.enum_parity.catalog import Schema

        schemas = self.session.catalog.schemas
        skips = cursor.words("if", "not", "exists")
        name = "" if cursor.peek().is_word("authorization") else cursor.name()
        if cursor.word("authorization"):
            name = name or cursor.name()
            if cursor.peek().is_name and not cursor.peek().is_word("create", "grant"):
                cursor.next()
        existing = schemas.get(name)
        if existing is not None and (existing.known or not self.session.assumes):
            if skips or (name == "public" and not self.session.faithful):
                return
            raise ServerError(DUPLICATE_SCHEMA, f'the schema "{name}" exists already')
        if existing is None:
            self.session.catalog.journal.put(schemas, name, Schema(name), None)
        else:
            self.session.catalog.journal.assign(existing, "known", True)
        self._schema_elements(name, cursor)

    def _schema_elements(self, name: str, cursor: Cursor) -> None:
        """CREATE SCHEMA x CREATE TABLE …: what follows is created in it."""
        session = self.session
        before = session.search_path
        session.search_path = (name, *before)
        try:
            while not cursor.done:
                end = cursor.at + 1
                while end < len(cursor.tokens) and not cursor.tokens[end].is_word("create", "grant"):
                    end += 1
                self.dispatch(list(cursor.tokens[cursor.at : end]))
                cursor.at = end
        finally:
            session.search_path = before

    def _remember_routine(self, cursor: Cursor) -> None:
        """A routine whose body changes types or CHECKs: calling it is what can't be followed."""
        name = cursor.qualified()[1]
        bodies = [token.value for token in cursor.rest() if token.kind == STRING]
        body = next((text for text in bodies if _DDL_IN_BODY.search(text)), "")
        if body or name in self.session.functions:
            self.session.functions[name] = body

    # --- SELECT, SET

    def _select(self, cursor: Cursor) -> None:
        """SELECT set_config('search_path', …), and calls of routines that have DDL in them."""
        tokens = cursor.tokens
        for index, token in enumerate(tokens[:-1]):
            if not (token.is_name and tokens[index + 1].is_sign("(")):
                continue
            if token.value == "set_config":
                self._set_config(Cursor(tokens[index + 1 :]))
            elif self.session.functions.get(token.value):
                self._called(token, self.session.functions[token.value])

    def _set_config(self, cursor: Cursor) -> None:
        arguments = Cursor(cursor.group())
        name, value = arguments.peek(), arguments.peek(2)
        if name.kind == STRING and name.value == "search_path" and value.kind == STRING:
            names = tuple(part.strip().strip('"') for part in value.value.split(",") if part.strip())
            local = arguments.peek(4).is_word("true")
            self.session.set_path(names, local=local)

    def _called(self, token: Token, body: str) -> None:
        """The types that the routine's body names are no longer certain; all of them where it names none."""
        things = [*self.session.catalog.types(), *self.session.catalog.tables()]
        self.session.lose(token, f"{token.value}() is called, and its body changes types or CHECKs")
        self.doubt_named(token, body, things, f"{token.value}() is called, and its body changes types or CHECKs")

    def _set(self, cursor: Cursor, verb: str) -> None:
        local = bool(cursor.word("local"))
        cursor.word("session")
        if cursor.word("all") or (verb == "reset" and cursor.word("search_path")):
            self.session.set_path(DEFAULT_PATH, local=False)
        elif cursor.word("search_path") and (cursor.sign("=") or cursor.word("to")):
            self._set_path(cursor, local=local)
        elif cursor.word("schema") and cursor.peek().kind == STRING:
            self.session.set_path((cursor.string().value,), local=local)

    def _set_path(self, cursor: Cursor, *, local: bool) -> None:
        names: list[str] = []
        while not cursor.done:
            token = cursor.next()
            if token.is_word("default"):
                names.extend(DEFAULT_PATH)
            elif token.is_name or token.kind == STRING:
                names.append(token.value)
        self.session.set_path(tuple(name for name in names if name), local=local)

    # --- what changes labels behind the server's back

    def _by_hand(self, statement: Statement, words: re.Pattern[str]) -> None:
        if words.search(statement.text, statement.start, statement.end):
            tokens = statement.tokens()
            self._labels_by_hand(tokens, within=words is _LABELS_WITHIN)

    def _labels_by_hand(self, tokens: list[Token], *, within: bool = False) -> None:
        target = [token.value for token in (tokens if within else tokens[:5]) if token.is_name]
        if "pg_enum" in target:
            text = " ".join(token.value for token in tokens if token.kind == STRING)
            self.doubt_named(tokens[0], text, self.enum_types(), _BY_HAND)

    def foreign_code(self, token: Token, text: str, reason: str) -> None:
        """Code of which only its words are known: it may do what these say."""
        if _DDL_IN_BODY.search(text):
            self.session.lose(token, reason)
            self.doubt_named(token, text, self.enum_types(), reason)

    def enum_types(self) -> list[Thing]:
        """Every enum type."""
        return [type_ for type_ in self.session.catalog.types() if type_.kind == ENUM]

    def doubt_words(self, place: str, words: Sequence[str]) -> None:
        """Doubt the enum types that have one of these names: something was done with them, and nobody knows what."""
        for thing in self.enum_types():
            if thing.name in words or f"{thing.schema}.{thing.name}" in words:
                self.session.catalog.doubt(thing, f"{place}: {_UNKNOWN_CALL}")

    def doubt_named(self, token: Token, text: str, things: list[Thing], reason: str) -> None:
        """Doubt those of the things that a text names as whole words; all of them where it names none."""
        words = set(re.findall(r"[\w$]+", text))
        named = [thing for thing in things if thing.name in words]
        for thing in named or things:
            if thing.schema != "pg_catalog":
                self.session.doubt(thing, reason, token)

    # --- transactions

    def _control(self, cursor: Cursor) -> None:
        word = cursor.next().value
        if word in ("begin", "start"):
            self._begin()
        elif word == "savepoint":
            self._savepoint(cursor)
        elif word == "release":
            cursor.word("savepoint")
            self._release(cursor)
        elif word == "rollback" and (cursor.words("to", "savepoint") or cursor.word("to")):
            self._roll_back_to(cursor.name())
        elif word in ("rollback", "abort") or (word == "prepare" and cursor.word("transaction")):
            self._end(cursor, keep=False)
        elif word in ("commit", "end"):
            self._end(cursor, keep=not self._aborted)

    def _begin(self) -> None:
        if not self._transaction:
            self.session.catalog.journal.forget()
            self._transaction = True

    def _end(self, cursor: Cursor, *, keep: bool) -> None:
        if cursor.word("prepared") or not self._transaction:
            return
        cursor.word("work", "transaction")
        chained = cursor.words("and", "chain")
        self._finish(keep=keep)
        if chained:
            self._begin()

    def _finish(self, *, keep: bool) -> None:
        if not keep:
            self.session.catalog.journal.undo(0)
        self._transaction = self._aborted = False
        self._savepoints.clear()
        self.session.end_transaction()

    def _savepoint(self, cursor: Cursor) -> None:
        if self._transaction and not self._aborted:
            self._savepoints.append((cursor.name(), self.session.catalog.journal.mark))

    def _release(self, cursor: Cursor) -> None:
        if not self._transaction or self._aborted:
            return
        index = self._find_savepoint(cursor.name())
        if index is None:
            self._aborted = self.session.faithful
        else:
            del self._savepoints[index:]

    def _roll_back_to(self, name: str) -> None:
        index = self._find_savepoint(name)
        if not self._transaction:
            return
        if index is None:
            self._aborted = self.session.faithful
            return
        self.session.catalog.journal.undo(self._savepoints[index][1])
        del self._savepoints[index + 1 :]
        self._aborted = False

    def _find_savepoint(self, name: str) -> int | None:
        found = [index for index, (known, _) in enumerate(self._savepoints) if known == name]
        return found[-1] if found else None


def _is_about_something_else(statement: Statement) -> bool:
    """Whether its first two words tell that it is none of ours, so that its tokens needn't be made.

    In a faithful replay too: what other objects a server would refuse is not modelled.
    """
    found = _FIRST_WORDS.match(statement.text, statement.start)
    if found is None:
        return False
    verb, what = found[1].lower(), found[2].lower()
    if verb == "create":
        return what in _OTHER_OBJECTS
    return verb in ("alter", "drop") and what != "materialized" and (verb, what) not in _HANDLERS


_FIRST_WORDS = re.compile(r"([A-Za-z]+)[ \t\r\n]+([A-Za-z]+)\b")
_OTHER_OBJECTS = frozenset((
    "index", "unique", "extension", "policy", "trigger", "sequence", "role", "user", "rule", "publication", "event",
    "operator", "aggregate", "cast", "collation", "statistics", "server", "subscription", "language", "database",
))  # fmt: skip
_TRANSACTION = ("begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release", "prepare")
_ROWS = ("update", "insert", "delete")
_AROUND_ROWS = ("with", "merge", "explain", "copy")
"""What a statement may begin with that has one of these inside."""
_INTERESTING = ("create", "alter", "drop", "do", "set", "reset", "select", "call", *_ROWS, *_AROUND_ROWS)
_DDL_IN_BODY = re.compile(
    r"\b(?:create|alter|drop)\s+(?:type|domain|schema)\b|\bpg_enum\b|\bconstraint\b[^;]*\bcheck\b", re.IGNORECASE
)
_HANDLERS: dict[tuple[str, str], Callable[[Session, Cursor], None]] = {
    ("alter", "type"): replay_types.alter_type,
    ("alter", "domain"): replay_types.alter_domain,
    ("alter", "table"): replay_tables.alter_table,
    ("alter", "schema"): replay_schemas.alter_schema,
    ("drop", "type"): replay_types.drop_type,
    ("drop", "domain"): replay_types.drop_type,
    ("drop", "table"): replay_tables.drop_table,
    ("drop", "view"): replay_tables.drop_table,
    ("drop", "schema"): replay_schemas.drop_schema,
}
