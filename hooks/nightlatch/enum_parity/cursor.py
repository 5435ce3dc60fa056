"""Walks over the tokens of a statement."""

from __future__ import annotations

from nightlatch.core.sql_lexer import SIGN, STRING, Token
from nightlatch.enum_parity.server_error import SYNTAX, ServerError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

END = Token(SIGN, "", -1, -1)
"""What stands behind the last token."""

_OPENING = ("(", "[")
_CLOSING = (")", "]")


class Cursor:
    """A position among tokens. What is asked for and doesn't stand there raises ServerError, as a syntax error."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return self.at >= len(self.tokens)

    def peek(self, ahead: int = 0) -> Token:
        """The next token, or one behind it; END where there is none."""
        at = self.at + ahead
        return self.tokens[at] if at < len(self.tokens) else END

    def next(self) -> Token:
        """The next token, which is passed; END where there is none."""
        token = self.peek()
        self.at += 1
        return token

    def word(self, *words: str) -> str:
        """Pass one of these keywords and give it; empty where none stands here."""
        token = self.peek()
        if not token.is_word(*words):
            return ""
        self.at += 1
        return token.value

    def words(self, *words: str) -> bool:
        """Pass these keywords, where they stand here one after the other."""
        if not all(self.peek(ahead).is_word(word) for ahead, word in enumerate(words)):
            return False
        self.at += len(words)
        return True

    def sign(self, *signs: str) -> bool:
        """Pass one of these signs."""
        if not self.peek().is_sign(*signs):
            return False
        self.at += 1
        return True

    def name(self) -> str:
        """Pass a name and give it as the server stores it."""
        token = self.next()
        if not token.is_name:
            raise ServerError(SYNTAX, f"a name is expected before `{token.value}`")
        return token.value

    def qualified(self) -> tuple[str, str]:
        """Pass `[[database.]schema.]name`; the schema is empty where none is given."""
        parts = [self.name()]
        while self.sign("."):
            parts.append(self.name())
        return (parts[-2] if len(parts) > 1 else ""), parts[-1]

    def qualified_list(self) -> list[tuple[str, str]]:
        """Pass names with commas between them."""
        names = [self.qualified()]
        while self.sign(","):
            names.append(self.qualified())
        return names

    def string(self) -> Token:
        """Pass a string."""
        token = self.next()
        if token.kind != STRING:
            raise ServerError(SYNTAX, f"a string is expected before `{token.value}`")
        return token

    def expect(self, word: str) -> None:
        """Pass a keyword that must stand here."""
        if not self.word(word):
            raise ServerError(SYNTAX, f"{word.upper()} is expected before `{self.peek().value}`")

    def group(self) -> list[Token]:
        """Pass what stands in parentheses, and give what is inside."""
        if not self.sign("("):
            raise ServerError(SYNTAX, f"( is expected before `{self.peek().value}`")
        start = self.at
        depth = 1
        while depth:
            token = self.next()
            if token is END:
                raise ServerError(SYNTAX, "a parenthesis is never closed")
            depth += token.is_sign(*_OPENING) - token.is_sign(*_CLOSING)
        return list(self.tokens[start : self.at - 1])

    def rest(self) -> list[Token]:
        """Everything that is left."""
        rest = list(self.tokens[self.at :])
        self.at = len(self.tokens)
        return rest


def parts(tokens: Sequence[Token], mark: str = ",") -> list[list[Token]]:
    """What stands between the marks, those within parentheses and brackets aside; none for no tokens."""
    found: list[list[Token]] = [[]] if tokens else []
    depth = 0
    for token in tokens:
        depth += token.is_sign(*_OPENING) - token.is_sign(*_CLOSING)
        if depth == 0 and token.is_sign(mark):
            found.append([])
        else:
            found[-1].append(token)
    return found
