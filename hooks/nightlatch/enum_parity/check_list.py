"""Reads the condition of a CHECK: which labels it allows for which column.

`status IN ('a', 'b')`, `status = ANY (ARRAY['a', 'b'])`, `status = 'a' OR status = 'b'`, each with casts and in the
form that pg_dump writes. What else a condition says (a length, another column) restricts no list.
"""

from __future__ import annotations

from nightlatch.core.sql_lexer import STRING, Token
from nightlatch.enum_parity.cursor import Cursor, parts
from nightlatch.enum_parity.server_error import ServerError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nightlatch.enum_parity.database_enum import Label

    Lists = dict[str, tuple[Label, ...]]
    MakeLabel = Callable[[Token], Label]

DEEPEST = 20
"""How deep parentheses may be nested; a condition beyond is taken for one that isn't understood."""

_BEFORE_TYPES = ("as", "character", "bit", "double", "collate", "without", "with", "time")
"""Words behind which a name is that of a type, or a part of it."""

ALSO = "its CHECK also says something else of it"
_WORDS_OF_A_LIST = ("in", "any", "array", "or", "is", "null")
_WORDS_OF_A_TYPE = ("text", "varchar", "character", "varying", "char", "bpchar", "citext")
_NULL = Token("null", "", 0, 0)


class Meaning:
    """What a condition, or a part of it, says.

    lists     column → the labels that it allows
    mentions  the columns that it speaks of in ways that are not understood
    nulls     the columns that it demands to be NULL
    is_true   True for what restricts nothing here (`x IS NOT NULL`, `true`)
    """

    __slots__ = ("is_true", "lists", "mentions", "nulls")

    def __init__(
        self,
        lists: Lists | None = None,
        mentions: frozenset[str] = frozenset(),
        *,
        nulls: frozenset[str] = frozenset(),
        is_true: bool = False,
    ) -> None:
        self.lists: Lists = lists or {}
        self.mentions = mentions
        self.nulls = nulls
        self.is_true = is_true

    @property
    def columns(self) -> frozenset[str]:
        """All columns that it speaks of."""
        return self.mentions | self.nulls | frozenset(self.lists)


def read_check(tokens: Sequence[Token], columns: Sequence[str], label: MakeLabel) -> tuple[Lists, str]:
    """The lists of a condition, and why they may not be all of it (empty where they are).

    tokens   what stands in the CHECK's parentheses
    columns  the table's columns; `value` is what a domain's condition calls its value
    label    makes a label from the token of its string
    """
    try:
        meaning = _Reader(columns, label).any_of(list(tokens), 0)
    except ServerError:
        return {}, ""
    doubtful = [column for column in meaning.lists if column in meaning.mentions]
    return meaning.lists, ALSO if doubtful else ""


def is_plain(tokens: Sequence[Token], column: str) -> bool:
    """Whether a condition is one column's list and nothing else, so that another list may take its place.

    What lets NULL pass is no more than what a list does by itself.
    """
    names = [token for token in tokens if token.is_name]
    return all(token.value == column or token.is_word(*_WORDS_OF_A_LIST, *_WORDS_OF_A_TYPE) for token in names)


def columns_in(tokens: Sequence[Token], columns: Sequence[str]) -> tuple[str, ...]:
    """Which of the columns a condition speaks of, in the order in which it does."""
    known = set(columns)
    found = dict.fromkeys(
        token.value
        for index, token in enumerate(tokens)
        if token.is_name and token.value in known and not _is_no_column(tokens, index)
    )
    return tuple(found)


def _is_no_column(tokens: Sequence[Token], index: int) -> bool:
    """Whether a name is that of a function or a type."""
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    before = tokens[index - 1] if index else None
    is_called = after is not None and after.is_sign("(") and not tokens[index].is_word("in", "any", "and", "or", "not")
    is_type = before is not None and (before.is_sign("::") or before.is_word(*_BEFORE_TYPES))
    return is_called or is_type or (after is not None and after.is_sign("."))


class _Reader:
    def __init__(self, columns: Sequence[str], label: MakeLabel) -> None:
        self._columns = columns
        self._label = label

    def any_of(self, tokens: list[Token], depth: int) -> Meaning:
        """`a OR b OR …`"""
        sides = [self._all_of(part, depth) for part in _between(tokens, "or")]
        return sides[0] if len(sides) == 1 else _either(sides)

    def _all_of(self, tokens: list[Token], depth: int) -> Meaning:
        sides = [self._one(part, depth) for part in _between(tokens, "and")]
        return sides[0] if len(sides) == 1 else _together(sides)

    def _one(self, tokens: list[Token], depth: int) -> Meaning:
        inner = _unwrapped(tokens)
        if inner is not tokens:
            return self.any_of(inner, depth + 1) if depth < DEEPEST else self._opaque(tokens)
        return self._tested(tokens) or self._listed(tokens) or self._opaque(tokens)

    def _opaque(self, tokens: list[Token]) -> Meaning:
        return Meaning(mentions=frozenset(columns_in(tokens, self._columns)))

    def _tested(self, tokens: list[Token]) -> Meaning | None:
        """`x IS NULL`, `x IS NOT NULL`, `x NOTNULL`, TRUE."""
        if len(tokens) == 1 and tokens[0].is_word("true"):
            return Meaning(is_true=True)
        words = [token.value if token.kind == "word" else "" for token in tokens]
        if words[-2:] == ["is", "null"] or words[-1:] == ["isnull"]:
            column = self._column(tokens[: -2 if words[-1] == "null" else -1])
            return None if column is None else Meaning(nulls=frozenset({column}))
        if words[-3:] == ["is", "not", "null"] or words[-1:] == ["notnull"]:
            column = self._column(tokens[: -3 if words[-1] == "null" else -1])
            return None if column is None else Meaning(is_true=True)
        return None

    def _listed(self, tokens: list[Token]) -> Meaning | None:
        """`x IN (…)`, `x = ANY (…)`, `x = 'a'`, `'a' = x`."""
        split = _operator(tokens)
        if split is None:
            return None
        left, operator, right = tokens[: split[0]], tokens[split[0]], tokens[split[1] :]
        column = self._column(left)
        if column is None and operator.is_sign("="):
            column, right = self._column(right), left
        if column is None:
            return None
        values = _values(operator, right)
        if values is None or any(value is _NULL for value in values):
            return None
        unique = {value.value: value for value in reversed(values)}
        ordered = dict.fromkeys(value.value for value in values)
        return Meaning({column: tuple(self._label(unique[text]) for text in ordered)})

    def _column(self, tokens: list[Token]) -> str | None:
        """The column that stands here alone, casts to text aside."""
        tokens = _without_casts(tokens)
        if len(tokens) == 3 and tokens[1].is_sign("."):  # noqa: PLR2004 - table.column
            tokens = tokens[2:]
        if len(tokens) == 1 and tokens[0].is_name and tokens[0].value in self._columns:
            return tokens[0].value
        return None


def _either(sides: list[Meaning]) -> Meaning:
    """What OR makes: a list where every side lists the same column alone (or demands it to be NULL)."""
    columns = frozenset[str]().union(*(side.columns for side in sides))
    if any(side.is_true for side in sides) or len(columns) != 1:
        return Meaning(mentions=columns)
    (column,) = columns
    if any(side.mentions or not side.columns for side in sides):
        return Meaning(mentions=columns)
    if all(side.nulls for side in sides):
        return Meaning(nulls=columns)
    together: dict[str, Label] = {}
    for side in sides:
        for label in side.lists.get(column, ()):
            together.setdefault(label.text, label)
    return Meaning({column: tuple(together.values())})


def _together(sides: list[Meaning]) -> Meaning:
    """What AND makes: every list counts; two of the same column leave what both allow."""
    lists: Lists = {}
    for side in sides:
        for column, labels in side.lists.items():
            texts = {label.text for label in labels}
            lists[column] = (
                tuple(label for label in lists[column] if label.text in texts) if column in lists else labels
            )
    mentions = frozenset[str]().union(*(side.mentions | side.nulls for side in sides))
    return Meaning(lists, mentions, is_true=all(side.is_true for side in sides))


def _between(tokens: list[Token], word: str) -> list[list[Token]]:
    """What stands between such words, those in parentheses, CASE … END and BETWEEN … AND aside."""
    found: list[list[Token]] = [[]]
    depth = cases = 0
    between = False
    for token in tokens:
        depth += token.is_sign("(", "[") - token.is_sign(")", "]")
        cases += token.is_word("case") - token.is_word("end")
        if depth == 0 and cases == 0 and token.is_word("between"):
            between = True
        elif depth == 0 and cases == 0 and between and token.is_word("and"):
            between = False
        elif depth == 0 and cases == 0 and token.is_word(word):
            found.append([])
            continue
        found[-1].append(token)
    return found


def _closing(tokens: list[Token], opening: int) -> int:
    """Where the parenthesis or bracket that opens here is closed; the last token where it isn't."""
    depth = 0
    for index in range(opening, len(tokens)):
        depth += tokens[index].is_sign("(", "[") - tokens[index].is_sign(")", "]")
        if depth == 0:
            return index
    return len(tokens) - 1


def _unwrapped(tokens: list[Token]) -> list[Token]:
    """What stands in the parentheses that enclose all; the same list where none do."""
    if len(tokens) > 1 and tokens[0].is_sign("(") and _closing(tokens, 0) == len(tokens) - 1:
        return tokens[1:-1]
    return tokens


def _without_casts(tokens: list[Token]) -> list[Token]:
    """Without parentheses around all, `::type` behind and CAST(… AS type); as it is where these are too many."""
    for _ in range(DEEPEST):
        inner = _unwrapped(tokens)
        cast = _cast_at(inner)
        if cast is not None:
            inner = inner[:cast]
        elif len(inner) > 1 and inner[0].is_word("cast") and len(_unwrapped(inner[1:])) < len(inner) - 1:
            inner = _before_as(_unwrapped(inner[1:]))
        if len(inner) == len(tokens):
            break
        tokens = inner
    return tokens


def _cast_at(tokens: list[Token]) -> int | None:
    """Where the last `::type` starts, if nothing but a type stands behind it."""
    depth = 0
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        depth += token.is_sign(")", "]") - token.is_sign("(", "[")
        if depth == 0 and token.is_sign("::"):
            return index
        is_type = token.is_name or token.kind == "number" or token.is_sign(".", "(", ")", "[", "]", ",")
        if not is_type or token.is_word("and", "or", "in", "any", "array"):
            return None
    return None


def _before_as(tokens: list[Token]) -> list[Token]:
    for index, token in enumerate(tokens):
        if token.is_word("as"):
            return tokens[:index]
    return tokens


def _operator(tokens: list[Token]) -> tuple[int, int] | None:
    """Where IN, `=` or `= ANY` stands outside of parentheses, and where its right side starts."""
    depth = 0
    for index, token in enumerate(tokens):
        depth += token.is_sign("(", "[") - token.is_sign(")", "]")
        if depth or index == 0:
            continue
        if token.is_word("in") and not tokens[index - 1].is_word("not"):
            return index, index + 1
        if token.is_sign("="):
            return index, index + 1
        if token.kind == "sign" and not token.is_sign("::", ".", ")", "]", "("):
            return None
        if token.is_word("not", "like", "ilike", "similar", "between", "is"):
            return None
    return None


def _values(operator: Token, right: list[Token]) -> list[Token] | None:
    """The strings of a right side; None where it isn't made of strings. NULL is _NULL."""
    if operator.is_word("in"):
        inner = _unwrapped(right)
        return None if inner is right else _strings(inner)
    cursor = Cursor(right)
    if cursor.word("any", "some"):
        return _array(_without_casts(cursor.rest()))
    return _strings(right)


def _array(tokens: list[Token]) -> list[Token] | None:
    """The strings of ARRAY['a', 'b'] or of '{a,b}'."""
    if len(tokens) == 1 and tokens[0].kind == STRING:
        return _array_literal(tokens[0])
    is_array = len(tokens) > 2 and tokens[0].is_word("array") and tokens[1].is_sign("[")  # noqa: PLR2004 - so many words make the form
    if not is_array or _closing(tokens, 1) != len(tokens) - 1:
        return None
    return _strings(tokens[2:-1])


def _strings(tokens: list[Token]) -> list[Token] | None:
    found = []
    for part in parts(tokens):
        plain = _without_casts(part)
        if len(plain) != 1:
            return None
        if plain[0].is_word("null"):
            found.append(_NULL)
        elif plain[0].kind == STRING:
            found.append(plain[0])
        else:
            return None
    return found or None


def _array_literal(token: Token) -> list[Token] | None:
    """The elements of an array written as one string; None for a form that isn't read here."""
    text = token.value.strip()
    if not (text.startswith("{") and text.endswith("}")):
        return None
    found: list[Token] = []
    at, end = 1, len(text) - 1
    while at < end:
        value, at, quoted = _element(text, at, end)
        if "{" in value and not quoted:
            return None
        is_null = not quoted and value.upper() == "NULL"
        found.append(_NULL if is_null else Token(STRING, value, token.start, token.end))
    return found or None


def _element(text: str, at: int, end: int) -> tuple[str, int, bool]:
    """One element, where the next starts, and whether it was in quotes."""
    characters = []
    quoted = was_quoted = False
    while at < end and (quoted or text[at] != ","):
        if text[at] == "\\" and at + 1 < end:
            at += 1
            characters.append(text[at])
        elif text[at] == '"':
            quoted = not quoted
            was_quoted = True
        else:
            characters.append(text[at])
        at += 1
    value = "".join(characters)
    return (value if was_quoted else value.strip()), at + 1, was_quoted
