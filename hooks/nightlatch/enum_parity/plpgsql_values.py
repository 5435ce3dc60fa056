"""What expressions of PL/pgSQL come to, where migrations let it be known: texts, and conditions about the catalog.

Values are str, bool, None for NULL, and UNKNOWN.
"""

from __future__ import annotations

import re

from nightlatch.core.sql_lexer import NUMBER, STRING
from nightlatch.enum_parity.catalog_queries import exists
from nightlatch.enum_parity.cursor import Cursor, parts

MOST_TEXT = 100_000
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.core.sql_lexer import Token
    from nightlatch.enum_parity.session import Session

    Value = object

UNKNOWN = type("Unknown", (), {"__repr__": lambda _: "UNKNOWN"})()
"""What can't be known. Neither true nor false."""

DEEPEST = 30
"""How deep an expression may be nested; what lies deeper isn't known."""

_FORMAT = re.compile(r"%(?:(\d+)\$)?(-?\d+)?([sIL%])")
_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_$]*")


class Values:
    """The variables of a block, and what expressions over them come to."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._variables: dict[str, Value] = {}
        self._templates: dict[str, str] = {}

    def set(self, name: str, value: Value) -> None:
        """Give a variable a value."""
        self._variables[name] = value

    def declare(self, tokens: Sequence[Token]) -> None:
        """`name [CONSTANT] type [NOT NULL] [:= | = | DEFAULT expression]`"""
        name = tokens[0].value
        for index, token in enumerate(tokens):
            if token.is_sign(":=", "=") or token.is_word("default"):
                self._variables[name] = self._any(list(tokens[index + 1 :]))
                return
        self._variables[name] = None

    def assign(self, tokens: Sequence[Token]) -> bool:
        """`name := expression`; False where that isn't what stands here."""
        if len(tokens) < 2 or not tokens[0].is_name:  # noqa: PLR2004 - a name and a sign
            return False
        if tokens[1].is_sign(":=", "=") and tokens[0].value in self._variables:
            self._variables[tokens[0].value] = self._any(list(tokens[2:]))
            self._templates[tokens[0].value] = self.template(tokens[2:])
            return True
        return any(token.is_sign(":=") for token in tokens[1:6])

    def template(self, tokens: Sequence[Token]) -> str:
        """The strings that stand in an expression and in what its variables were given, to see what it may be about."""
        known = (token.value if token.kind == STRING else self._templates.get(token.value, "") for token in tokens)
        return " ".join(text for text in known if text)[:MOST_TEXT]

    def select_into(self, tokens: Sequence[Token]) -> None:
        """`SELECT expression INTO variable …`: the variable's value, where the query has no FROM of its own."""
        for index, token in enumerate(tokens):
            if token.is_word("into") and index + 1 < len(tokens):
                target = tokens[index + 2] if tokens[index + 1].is_word("strict") else tokens[index + 1]
                rest = tokens[index + 2 :]
                value = self._any(list(tokens[1:index])) if not rest else UNKNOWN
                if index == 1 or value is UNKNOWN:
                    value = self._any(list(rest)) if index == 1 else UNKNOWN
                self._variables[target.value] = value
                return

    def forget(self, head: Sequence[Token]) -> None:
        """The variable of a loop whose values aren't known."""
        if len(head) > 1:
            self._variables[head[1].value] = UNKNOWN

    def rounds(self, head: Sequence[Token]) -> list[tuple[str, Value]] | None:
        """The variable and its values for each round of a loop; None where they aren't known."""
        cursor = Cursor(head)
        if not cursor.word("foreach"):
            return None
        name = cursor.name()
        if not (cursor.word("in") and cursor.word("array")):
            return None
        texts = self._array(cursor.rest())
        return None if texts is None else [(name, text) for text in texts]

    def _array(self, tokens: list[Token]) -> list[str] | None:
        if len(tokens) < 3 or not tokens[0].is_word("array") or not tokens[1].is_sign("["):  # noqa: PLR2004 - so many words make the form
            return None
        end = next((index for index, token in enumerate(tokens) if token.is_sign("]")), len(tokens))
        texts = [self.text(part) for part in parts(tokens[2:end])]
        found = [text for text in texts if isinstance(text, str)]
        return found if len(found) == len(texts) else None

    def _any(self, tokens: list[Token]) -> Value:
        """A text if it is one, else a condition."""
        text = self.text(tokens)
        return self.condition(tokens) if text is UNKNOWN else text

    # --- texts

    def text(self, tokens: Sequence[Token], depth: int = 0) -> Value:
        """The text that an expression comes to, NULL as None, or UNKNOWN."""
        if depth > DEEPEST:
            return UNKNOWN
        pieces = parts(tokens, "||")
        values = [self._piece(piece, depth + 1) for piece in pieces]
        if not values or any(value is UNKNOWN for value in values):
            return UNKNOWN
        if any(value is None for value in values):
            return None
        return "".join(str(value) for value in values)

    def _piece(self, tokens: list[Token], depth: int) -> Value:
        while tokens and len(tokens) > 2 and tokens[-2].is_sign("::"):  # noqa: PLR2004 - x::text
            tokens = tokens[:-2]
        if len(tokens) == 1:
            return self._single(tokens[0])
        if len(tokens) > 1 and tokens[0].is_sign("(") and tokens[-1].is_sign(")"):
            return self.text(tokens[1:-1], depth)
        if len(tokens) > 2 and tokens[1].is_sign("(") and tokens[-1].is_sign(")"):  # noqa: PLR2004 - f(x)
            return self._call(tokens[0].value, [self.text(part, depth) for part in parts(tokens[2:-1])])
        return UNKNOWN

    def _single(self, token: Token) -> Value:
        if token.kind in (STRING, NUMBER):
            return token.value
        if token.is_word("null"):
            return None
        if token.is_word("true", "false"):
            return token.value == "true"
        return self._variables.get(token.value, UNKNOWN) if token.is_name else UNKNOWN

    def _call(self, function: str, arguments: list[Value]) -> Value:  # noqa: PLR0911 - a case each
        if function == "current_schema" and not arguments:
            return next((schema.name for schema in self._session.visible_schemas() if _is_own(schema.name)), UNKNOWN)
        if any(not isinstance(value, str) for value in arguments) or not arguments:
            return UNKNOWN
        texts = [str(value) for value in arguments]
        if function == "format":
            return _formatted(texts[0], texts[1:])
        if function == "quote_ident":
            return _quoted_name(texts[0])
        if function == "quote_literal":
            return _quoted_text(texts[0])
        if function == "concat":
            return "".join(texts)
        if function in ("lower", "upper"):
            return texts[0].lower() if function == "lower" else texts[0].upper()
        return UNKNOWN

    # --- conditions

    def condition(self, tokens: Sequence[Token]) -> Value:
        """True, False, None for NULL, or UNKNOWN."""
        return self._any_of(list(tokens), 0)

    def _any_of(self, tokens: list[Token], depth: int) -> Value:
        values = [self._all_of(part, depth) for part in _split(tokens, "or")]
        if True in [value for value in values if isinstance(value, bool)]:
            return True
        return UNKNOWN if UNKNOWN in values else (False if None not in values else None)

    def _all_of(self, tokens: list[Token], depth: int) -> Value:
        values = [self._not(part, depth) for part in _split(tokens, "and")]
        if False in [value for value in values if isinstance(value, bool)]:
            return False
        return UNKNOWN if UNKNOWN in values else (True if None not in values else None)

    def _not(self, tokens: list[Token], depth: int) -> Value:
        if tokens and tokens[0].is_word("not"):
            value = self._not(tokens[1:], depth)
            return not value if isinstance(value, bool) else value
        return self._atom(tokens, depth)

    def _atom(self, tokens: list[Token], depth: int) -> Value:
        if not tokens or depth > DEEPEST:
            return UNKNOWN
        if tokens[0].is_word("exists") and len(tokens) > 1:
            return self._exists(Cursor(tokens[1:]))
        if tokens[0].is_sign("(") and tokens[-1].is_sign(")") and _encloses(tokens):
            inner = tokens[1:-1]
            return self._selected(inner) if inner and inner[0].is_word("select") else self._any_of(inner, depth + 1)
        if tokens[0].is_word("select"):
            return self._selected(tokens)
        if len(tokens) == 1:
            value = self._single(tokens[0])
            return value if isinstance(value, bool) or value is None else UNKNOWN
        return self._compared(tokens)

    def _exists(self, cursor: Cursor) -> Value:
        if not cursor.peek().is_sign("("):
            return UNKNOWN
        found = exists(self._session, cursor.group(), self.text)
        return UNKNOWN if found is None or not cursor.done else found

    def _selected(self, tokens: list[Token]) -> Value:
        """`SELECT EXISTS (…)`, `SELECT count(*) > 0 FROM …`"""
        if len(tokens) > 1 and tokens[1].is_word("exists", "not"):
            return self._any_of(tokens[1:], 1)
        return UNKNOWN

    def _compared(self, tokens: list[Token]) -> Value:
        """`to_regtype('x') IS NULL`, `(SELECT count(*) …) = 0`, `a = 'b'`"""
        words = [token.value if token.kind == "word" else "" for token in tokens]
        if words[-2:] == ["is", "null"]:
            return self._is_null(tokens[:-2])
        if words[-3:] == ["is", "not", "null"]:
            value = self._is_null(tokens[:-3])
            return not value if isinstance(value, bool) else value
        for index, token in enumerate(tokens):
            if token.is_sign("=", "<>", "!=", ">") and _at_top(tokens, index):
                return self._sides(tokens[:index], token.value, tokens[index + 1 :])
        return UNKNOWN

    def _is_null(self, tokens: list[Token]) -> Value:
        if len(tokens) > 1 and tokens[0].is_word("to_regtype", "to_regclass"):
            name = self.text(Cursor(tokens[1:]).group())
            if isinstance(name, str):
                return not exists_named(self._session, name, type=tokens[0].value == "to_regtype")
        text = self.text(tokens)
        return UNKNOWN if text is UNKNOWN else text is None

    def _sides(self, left: list[Token], operator: str, right: list[Token]) -> Value:
        if left and left[0].is_sign("(") and len(left) > 1 and left[1].is_word("select"):
            return self._counted(left[1:-1], operator, right)
        first, second = self.text(left), self.text(right)
        if first is UNKNOWN or second is UNKNOWN or operator == ">":
            return UNKNOWN
        if first is None or second is None:
            return None
        return (first == second) == (operator == "=")

    def _counted(self, query: list[Token], operator: str, right: list[Token]) -> Value:
        is_count = len(query) > 1 and query[1].is_word("count")
        if not is_count or len(right) != 1 or right[0].value != "0":
            return UNKNOWN
        found = exists(self._session, query, self.text)
        if found is None:
            return UNKNOWN
        return not found if operator == "=" else found


def exists_named(session: Session, name: str, *, type: bool) -> bool:
    """Whether a type or table of that name, written as SQL writes it, is there."""
    from nightlatch.core.sql_lexer import tokens

    cursor = Cursor(list(tokens(name)))
    schema, plain = cursor.qualified()
    return (session.find_type(schema, plain) if type else session.find_table(schema, plain)) is not None


def _is_own(schema: str) -> bool:
    return schema not in ("pg_temp", "pg_catalog")


def _encloses(tokens: list[Token]) -> bool:
    depth = 0
    for index, token in enumerate(tokens):
        depth += token.is_sign("(") - token.is_sign(")")
        if depth == 0:
            return index == len(tokens) - 1
    return False


def _at_top(tokens: list[Token], index: int) -> bool:
    before = tokens[:index]
    return sum(token.is_sign("(") - token.is_sign(")") for token in before) == 0


def _split(tokens: list[Token], word: str) -> list[list[Token]]:
    found: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += token.is_sign("(") - token.is_sign(")")
        if depth == 0 and token.is_word(word):
            found.append([])
        else:
            found[-1].append(token)
    return found


def _formatted(pattern: str, arguments: list[str]) -> Value:
    """format(): %s, %I, %L and %%, with numbered arguments."""
    following = iter(range(len(arguments)))
    out = []
    at = 0
    for found in _FORMAT.finditer(pattern):
        out.append(pattern[at : found.start()])
        at = found.end()
        if found[3] == "%":
            out.append("%")
            continue
        index = int(found[1]) - 1 if found[1] else next(following, -1)
        if found[2] or not 0 <= index < len(arguments):
            return UNKNOWN
        argument = arguments[index]
        if found[3] == "s":
            out.append(argument)
        else:
            out.append(_quoted_name(argument) if found[3] == "I" else _quoted_text(argument))
    return "".join([*out, pattern[at:]])


def _quoted_name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if not _PLAIN_NAME.fullmatch(name) else name


def _quoted_text(text: str) -> str:
    quoted = "'" + text.replace("'", "''") + "'"
    return " E" + quoted.replace("\\", "\\\\") if "\\" in text else quoted
