"""One statement of SQL told by its tokens. The lexer is PostgreSQL's; other spellings are rewritten first."""

from __future__ import annotations

from nightlatch.agent.sql.verbs import DESTRUCTIVE, HARMLESS_META, OPAQUE, READ, SCHEMA_CHANGE, VERBS, WRITE
from nightlatch.core import sql_lexer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.core.sql_lexer import Token

MOST_CHARACTERS = 2 * 1024 * 1024
MOST_DEPTH = 4
LONGEST_SHOWN = 60
_JOINING = ("and", "or")
_TRUE = frozenset({"true", "1", "t", "yes", "on"})


class Statement:
    """A statement.

    kind  destructive, schema-change, opaque, write or read
    what  for people: `DROP TABLE users`, `DELETE without WHERE`
    """

    __slots__ = ("kind", "what")

    def __init__(self, kind: str, what: str) -> None:
        self.kind = kind
        self.what = what

    def __repr__(self) -> str:
        return f"Statement({self.kind}, {self.what!r})"


def statements(text: str, depth: int = 0) -> list[Statement]:
    """The statements of a text. What is never closed, too long or too deep is opaque."""
    if len(text) > MOST_CHARACTERS or depth > MOST_DEPTH or _is_deep(text):
        return [Statement(OPAQUE, "SQL that is too long, or nested too deeply, to be read")]
    found: list[Statement] = []
    text = rewritten(text)
    try:
        for statement in sql_lexer.split(text):
            found += _of_one(statement.source, list(statement.tokens()), depth)
    except sql_lexer.SqlError as error:
        found += _of_broken(text[error.position :], depth)
        found.append(Statement(OPAQUE, f"SQL in which {error.what}"))
    return found


MOST_BRACKETS = 200
"""So many brackets may be open at once."""


def _is_deep(text: str) -> bool:
    """Whether brackets are nested more deeply than anybody writes them; those in strings count too."""
    if text.count("(") <= MOST_BRACKETS:
        return False
    open_now = 0
    for character in text:
        if character == "(":
            open_now += 1
            if open_now > MOST_BRACKETS:
                return True
        elif character == ")":
            open_now = max(open_now - 1, 0)
    return False


def _of_broken(rest: str, depth: int) -> list[Statement]:
    """Behind what is never closed another server may read on: words that take data away are named all the same."""
    bare = rest.translate(dict.fromkeys(map(ord, "'\"`$/*"), " "))
    return [found for found in statements(bare, depth + 1) if found.kind == DESTRUCTIVE] if depth < MOST_DEPTH else []


def rewritten(text: str) -> str:
    """MySQL's names in backticks, its executable comments and `#` comments, SQL Server's names in square brackets."""
    if not any(mark in text for mark in ("`", "/*!", "/*M!", "#", "[", "\nGO", "\ngo")):
        return text
    made: list[str] = []
    at = 0
    while at < len(text):
        end, part = _next(text, at)
        made.append(part)
        at = end
    return "".join(made)


def _next(text: str, at: int) -> tuple[int, str]:  # noqa: PLR0911 - one form after the other
    """Behind the next piece, and what stands in its place."""
    character = text[at]
    if character in "'\"":
        end = text.find(character, at + 1)
        end = len(text) if end < 0 else end + 1
        return end, text[at:end]
    if character == "`":
        end = text.find("`", at + 1)
        end = len(text) if end < 0 else end
        return end + 1, '"' + text[at + 1 : end].replace('"', "") + '"'
    if text.startswith(("/*!", "/*M!"), at):
        start = at + (4 if text.startswith("/*M", at) else 3)
        while text[start : start + 1].isdigit():
            start += 1
        end = text.find("*/", start)
        return (len(text), text[start:]) if end < 0 else (end + 2, " " + rewritten(text[start:end]) + " ")
    if text.startswith("--", at) or (character == "#" and (at == 0 or text[at - 1].isspace() or text[at - 1] in ";/*")):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        return end, " "
    if character == "[" and (at == 0 or text[at - 1] in " \t\n.,("):
        end = text.find("]", at)
        if 0 < end < at + 130 and "\n" not in text[at:end] and "'" not in text[at:end]:
            return end + 1, '"' + text[at + 1 : end].replace('"', "") + '"'
    if character == "\n" and text[at + 1 : at + 3].upper() == "GO" and text[at + 3 : at + 4] in ("", "\n", "\r", " "):
        return at + 3, ";"
    return at + 1, character


def _of_one(source: str, tokens: list[Token], depth: int) -> list[Statement]:
    if not source.strip() or (not tokens and not source.startswith("\\")):
        return []
    if source.startswith("\\"):
        return _of_meta(source)
    if _ends_with_meta(source):
        before, _, meta = source.partition("\\")
        return [*statements(before, depth + 1), *_of_meta("\\" + meta)]
    return _of_tokens(source, tokens, depth)


def _ends_with_meta(source: str) -> bool:
    r"""`DROP TABLE x \g`: psql's own commands may end a statement."""
    place = source.find("\\")
    return place > 0 and "'" not in source[:place] and '"' not in source[:place] and "$" not in source[:place]


def _of_meta(source: str) -> list[Statement]:
    words = source[1:].split()
    name = words[0].rstrip("+") if words else ""
    if name == "!":
        return [Statement(OPAQUE, "\\! runs a program")]
    if name == "copy":
        rest = " ".join(words[1:]).lower()
        if " program " in rest:
            return [Statement(OPAQUE, "\\copy … PROGRAM runs a program")]
        return [Statement(WRITE if " from " in rest else READ, "\\copy")]
    if name in HARMLESS_META or (name.startswith("d") and len(name) < 6):  # noqa: PLR2004 - `\dtS+` and its like
        return []
    return [Statement(OPAQUE, _shown(source))]


def _of_tokens(source: str, tokens: list[Token], depth: int) -> list[Statement]:
    tokens = _without_brackets(tokens)
    first = tokens[0].value if tokens and tokens[0].is_name else ""
    if first == "explain":
        return _of_explained(source, tokens, depth)
    if first == "with":
        return _of_common(source, tokens, depth)
    if first in ("do", "execute", "exec", "call", "prepare", "if", "while", "begin"):
        return _of_program(source, tokens, first, depth)
    kind = VERBS.get(first)
    if kind is None:
        return [Statement(OPAQUE, _shown(source))] if first or len(tokens) > 1 else []
    return [_judged(first, kind, tokens, source), *_of_functions(tokens, source)]


def _judged(first: str, kind: str, tokens: list[Token], source: str) -> Statement:  # noqa: C901, PLR0911 - one form after the other
    if first in ("delete", "update"):
        return _narrowed(first, tokens, source)
    if first == "alter":
        return _altered(tokens, source)
    if first == "merge" and _has(tokens, "delete"):
        return Statement(DESTRUCTIVE, "MERGE … DELETE")
    if first == "copy":
        return _copied(tokens, source)
    if first == "replace" and not _has(tokens, "into"):
        return Statement(WRITE, _shown(source))
    if first == "create" and _has(tokens, "replace"):
        return _created(tokens, source)
    if first == "select":
        return _selected(tokens, source)
    if first == "load" and not _has(tokens, "data", "xml"):
        return Statement(OPAQUE, "LOAD of a library")
    if first == "detach" or (first == "set" and len(tokens) > 1 and tokens[1].is_word("role", "session")):
        return Statement(READ, _shown(source))
    if first == "pragma" and _has(tokens, "writable_schema"):
        return Statement(SCHEMA_CHANGE, _shown(source))
    return Statement(kind, _shown(source))


def _created(tokens: list[Token], source: str) -> Statement:
    """`CREATE OR REPLACE TABLE` takes the old one away; of a view or a function nothing is lost."""
    replaced = tokens[3] if len(tokens) > 3 else None  # noqa: PLR2004 - CREATE OR REPLACE …
    takes = replaced is not None and replaced.is_word("table", "database", "schema", "transient")
    return Statement(DESTRUCTIVE if takes else SCHEMA_CHANGE, _shown(source))


def _selected(tokens: list[Token], source: str) -> Statement:
    """`SELECT … INTO` makes a table, or writes a file in MySQL."""
    into = next((place for place, token in enumerate(tokens) if token.is_word("into")), None)
    if into is None:
        return Statement(READ, _shown(source))
    following = tokens[into + 1] if into + 1 < len(tokens) else None
    if following is not None and following.is_word("outfile", "dumpfile"):
        return Statement(WRITE, _shown(source))
    is_variable = following is not None and following.value.startswith("@")
    return Statement(READ if is_variable else SCHEMA_CHANGE, _shown(source))


_TAKING_FUNCTIONS = frozenset(
    {"pg_terminate_backend", "lo_unlink", "pg_drop_replication_slot", "dblink_exec", "query_to_xml", "xp_cmdshell",
     "pg_read_file", "pg_read_binary_file", "lo_import", "lo_export", "pg_execute_server_program", "load_file",
     "load_extension",
     "writefile", "readfile", "sp_executesql", "pg_rotate_logfile"}
)  # fmt: skip


def _of_functions(tokens: list[Token], source: str) -> list[Statement]:
    """Functions that reach outside the database, or run text as SQL."""
    found = {token.value for token in tokens if token.kind == sql_lexer.WORD} & _TAKING_FUNCTIONS
    del source
    return [Statement(OPAQUE, f"{name}()") for name in sorted(found)]


def _narrowed(verb: str, tokens: list[Token], source: str) -> Statement:
    """DELETE and UPDATE: which rows is told by a WHERE that isn't always true."""
    depth = 0
    for place, token in enumerate(tokens):
        depth += token.is_sign("(") - token.is_sign(")")
        if depth == 0 and token.is_word("where"):
            condition = _condition(tokens[place + 1 :])
            if _is_always_true(condition):
                return Statement(DESTRUCTIVE, f"{verb.upper()} with a WHERE that is always true")
            return Statement(WRITE, _shown(source))
    if verb == "update" and not _has(tokens, "set"):
        return Statement(WRITE, _shown(source))
    if verb == "delete" and _has(tokens, "limit") and not _has(tokens, "from"):
        return Statement(WRITE, _shown(source))
    return Statement(DESTRUCTIVE, f"{verb.upper()} without WHERE")


def _condition(tokens: list[Token]) -> list[Token]:
    """The condition, up to what may follow it."""
    depth = 0
    for place, token in enumerate(tokens):
        depth += token.is_sign("(") - token.is_sign(")")
        if depth < 0 or (depth == 0 and token.is_word("returning", "limit", "order", "on")):
            return tokens[:place]
    return tokens


def _is_always_true(tokens: list[Token]) -> bool:
    tokens = _unwrapped(tokens)
    if not tokens:
        return True
    ors = _parts(tokens, "or")
    if len(ors) > 1:
        return any(_is_always_true(part) for part in ors)
    ands = _parts(tokens, "and")
    if len(ands) > 1:
        return all(_is_always_true(part) for part in ands)
    if tokens[0].is_word("not"):
        return _is_always_false(tokens[1:])
    return _is_true_term(tokens)


def _is_always_false(tokens: list[Token]) -> bool:
    tokens = _unwrapped(tokens)
    if len(tokens) == 1:
        return tokens[0].value in ("false", "0")
    sides = _sides(tokens, "=")
    return (
        sides is not None
        and _is_constant(sides[0])
        and _is_constant(sides[1])
        and _values(sides[0]) != _values(sides[1])
    )


def _is_true_term(tokens: list[Token]) -> bool:
    if len(tokens) == 1:
        token = tokens[0]
        is_number = token.kind == sql_lexer.NUMBER and token.value.strip("0.") != ""
        return token.value in _TRUE or is_number
    if tokens[-1].is_word("true") and len(tokens) > 2 and tokens[-2].is_word("is"):  # noqa: PLR2004 - x IS TRUE
        return _is_always_true(tokens[:-2])
    for sign in ("=", "<=>", "==", ">=", "<=", "like"):
        sides = _sides(tokens, sign)
        if sides is not None:
            return _values(sides[0]) == _values(sides[1]) or _is_wildcard(sign, sides[1])
    for sign in ("<>", "!=", "<", ">"):
        sides = _sides(tokens, sign)
        if sides is not None and _is_constant(sides[0]) and _is_constant(sides[1]):
            return _compares(sign, _values(sides[0]), _values(sides[1]))
    if len(tokens) > 3 and [token.value for token in tokens[-3:]] == ["is", "not", "null"]:  # noqa: PLR2004 - so many words make the form
        return tokens[0].kind in (sql_lexer.NUMBER, sql_lexer.STRING) or (len(tokens) == 4 and tokens[0].value == "id")  # noqa: PLR2004 - so many words make the form
    return tokens[0].is_word("exists") and _is_constant_select(tokens)


def _is_wildcard(sign: str, side: list[Token]) -> bool:
    return sign == "like" and len(side) == 1 and side[0].value.strip("%") == "" and side[0].value != ""


def _is_constant_select(tokens: list[Token]) -> bool:
    inner = _unwrapped(tokens[1:])
    return len(inner) == 2 and inner[0].is_word("select")  # noqa: PLR2004 - SELECT 1


def _compares(sign: str, left: list[str], right: list[str]) -> bool:
    if sign in ("<>", "!="):
        return left != right
    try:
        first, second = float("".join(left)), float("".join(right))
    except ValueError:
        return False
    return first < second if sign == "<" else first > second


def _sides(tokens: list[Token], sign: str) -> tuple[list[Token], list[Token]] | None:
    depth = 0
    for place, token in enumerate(tokens):
        depth += token.is_sign("(") - token.is_sign(")")
        if depth == 0 and (token.is_sign(sign) or token.is_word(sign)) and 0 < place < len(tokens) - 1:
            return tokens[:place], tokens[place + 1 :]
    return None


def _is_constant(tokens: list[Token]) -> bool:
    return all(token.kind in (sql_lexer.NUMBER, sql_lexer.STRING) or token.is_sign("+", "-", "*") for token in tokens)


def _values(tokens: list[Token]) -> list[str]:
    return [token.value for token in _unwrapped(tokens)]


def _parts(tokens: list[Token], word: str) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    depth = 0
    between = False
    for token in tokens:
        depth += token.is_sign("(") - token.is_sign(")")
        between = between or token.is_word("between")
        if depth == 0 and token.is_word(word) and not (between and word == "and"):
            parts.append([])
            continue
        if token.is_word("and"):
            between = False
        parts[-1].append(token)
    return parts


def _unwrapped(tokens: list[Token]) -> list[Token]:
    """Without brackets around the whole."""
    while len(tokens) > 1 and tokens[0].is_sign("(") and tokens[-1].is_sign(")") and _closes_last(tokens):
        tokens = tokens[1:-1]
    return tokens


def _closes_last(tokens: list[Token]) -> bool:
    depth = 0
    for place, token in enumerate(tokens):
        depth += token.is_sign("(") - token.is_sign(")")
        if depth == 0:
            return place == len(tokens) - 1
    return False


def _without_brackets(tokens: list[Token]) -> list[Token]:
    while tokens and tokens[0].is_sign("("):
        tokens = tokens[1:]
    return tokens


def _altered(tokens: list[Token], source: str) -> Statement:
    """ALTER that takes something away: `ALTER TABLE … DROP COLUMN`; not `ALTER COLUMN … DROP DEFAULT`."""
    for place, token in enumerate(tokens):
        if not token.is_word("drop"):
            continue
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        if following is None or not following.is_word("default", "not", "expression", "identity"):
            return Statement(DESTRUCTIVE, _shown(source))
    if _has(tokens, "truncate"):
        return Statement(DESTRUCTIVE, _shown(source))
    return Statement(SCHEMA_CHANGE, _shown(source))


def _copied(tokens: list[Token], source: str) -> Statement:
    if _has(tokens, "program"):
        return Statement(OPAQUE, "COPY … PROGRAM runs a program")
    return Statement(WRITE if _has(tokens, "from") else READ, _shown(source))


def _has(tokens: list[Token], *words: str) -> bool:
    return any(token.is_word(*words) for token in tokens)


def _of_explained(source: str, tokens: list[Token], depth: int) -> list[Statement]:
    """EXPLAIN alone runs nothing; EXPLAIN ANALYZE does."""
    if not _has(tokens[:6], "analyze", "analyse"):
        return [Statement(READ, _shown(source))]
    for place, token in enumerate(tokens):
        if token.is_word("select", "insert", "update", "delete", "with", "merge", "create", "execute", "values"):
            return _of_tokens(source, tokens[place:], depth)
    return [Statement(READ, _shown(source))]


def _of_common(source: str, tokens: list[Token], depth: int) -> list[Statement]:
    """WITH: what each part in brackets does, and the statement behind them."""
    found: list[Statement] = []
    place = 0
    level = 0
    inner: list[Token] = []
    while place < len(tokens):
        token = tokens[place]
        if token.is_sign("("):
            level += 1
            if level == 1:
                inner = []
                place += 1
                continue
        elif token.is_sign(")"):
            level -= 1
            if level == 0 and inner and inner[0].is_word("select", "insert", "update", "delete", "merge", "with"):
                found += _of_tokens(source, inner, depth)
        elif level == 0 and token.is_word("select", "insert", "update", "delete", "merge") and place:
            found += _of_tokens(source, tokens[place:], depth)
            break
        if level:
            inner.append(token)
        place += 1
    return (
        [statement for statement in found if statement.kind != READ] or found[:1] or [Statement(READ, _shown(source))]
    )


def _of_program(source: str, tokens: list[Token], first: str, depth: int) -> list[Statement]:
    """Code in the database: what its texts say is looked into; it stays opaque, unless it is a transaction's BEGIN."""
    if first == "begin" and not _has(tokens[1:], *VERBS):
        return [Statement(READ, "BEGIN")]
    found: list[Statement] = []
    for token in tokens:
        if token.kind == sql_lexer.STRING and token.value.strip():
            found += [inner for inner in statements(token.value, depth + 1) if inner.kind == DESTRUCTIVE]
    for place, token in enumerate(tokens[1:], 1):
        if token.is_word("drop", "truncate") and tokens[place - 1].is_word("begin", "then", "loop", "else", "as", "do"):
            found.append(Statement(DESTRUCTIVE, _shown(source[token.start - tokens[0].start :])))
        if token.is_word("delete", "update") and tokens[place - 1].is_word("begin", "then", "loop", "else", "as"):
            found += _of_tokens(source, tokens[place:], depth)
    what = {"call": "CALL of a procedure", "do": "a DO block"}.get(first, f"{first.upper()}: text that is run as SQL")
    return [*found, Statement(OPAQUE, what)]


def _shown(source: str) -> str:
    """The start of a statement, on one line, its texts left out: they may hold what is not to be shown."""
    text = " ".join(source.split())
    made: list[str] = []
    quote = ""
    for character in text:
        if quote:
            quote = "" if character == quote else quote
            if not quote:
                made.append("…'")
        else:
            made.append(character)
            quote = "'" if character == "'" else ""
    shown = "".join(made)
    return shown if len(shown) <= LONGEST_SHOWN else shown[: LONGEST_SHOWN - 1] + "…"
