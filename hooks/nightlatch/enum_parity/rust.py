"""The enums of Rust that name a type of the database, in their common forms: sqlx, diesel_derive_enum, serde, strum.

Read are an enum's attributes and the variants without fields. An enum with fields is no list of labels.
"""

from __future__ import annotations

import re

from nightlatch.enum_parity.expressions import ENUM, LIST, MOST_LINES, TEXT, Bound, Declared, Facts
from nightlatch.enum_parity.parity_comments import target_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from nightlatch.enum_parity.expressions import Expression

_BINDING_MARKS = (b"sqlx", b"DbEnum", b"DeriveActiveEnum", b"#[postgres", b"parity:")
NAMES = re.compile(rb"enum\s+(\w+)")

_TOKEN = re.compile(
    r"""(?P<blank>\s+|//[^\n]*|/\*)|(?P<text>b?"(?:[^"\\]|\\.)*")|(?P<raw>b?r(?P<hashes>\#{0,8})")"""
    r"""|(?P<char>b?'(?:[^'\\\n]|\\[^\n]{1,10}?)')|(?P<word>(?:r\#)?\w+)|(?P<sign>[^\w\s])""",
    re.DOTALL,
)
_COMMENT = re.compile(r"//+\s*parity:(.*)$")
_WORDS = re.compile(r"[A-Z0-9]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z0-9]+")
"""The words of a name as the crate `heck` has them: a digit belongs to the word before it."""
_TEXT_TYPES = ("text", "varchar", "char", "bpchar", "citext", "character varying")
_NAME = re.compile(r'"([^"]+)"|([^".]+)')
_ESCAPED = re.compile(r"\\(.)")
_OPEN = {"{": "}", "(": ")", "[": "]"}


def binds(text: bytes) -> bool:
    """Whether a file may name the database's side."""
    return any(mark in text for mark in _BINDING_MARKS)


class _Token:
    __slots__ = ("kind", "line", "text")

    def __init__(self, kind: str, text: str, line: int) -> None:
        self.kind = kind
        self.text = text
        self.line = line


def read(text: bytes) -> Facts:
    """The file's enums whose variants have no fields."""
    facts = Facts()
    source = text.decode("utf-8", "replace")
    if "parity:" in source:
        for number, line in enumerate(source.splitlines(), 1):
            found = _COMMENT.search(line)
            named = target_of(found.group(1)) if found else None
            if named:
                facts.comments.append((number, *named, number, number + MOST_LINES))
    tokens = list(_tokens(source))
    attributes: list[list[_Token]] = []
    position = 0
    while position < len(tokens):
        if tokens[position].text == "#" and _is(tokens, position + 1, "["):
            end = _closing(tokens, position + 1)
            attributes.extend(_unwrapped(tokens[position + 2 : end]))
            position = end + 1
        elif tokens[position].text == "enum" and _is(tokens, position + 2, "{"):
            end = _closing(tokens, position + 2)
            _enum(facts, tokens[position + 1], attributes, tokens[position + 3 : end])
            attributes = []
            position = end + 1
        else:
            if tokens[position].text not in ("pub", "(", ")", "crate", "super", "in"):
                attributes = []
            position += 1
    return facts


def _tokens(source: str) -> Iterator[_Token]:
    position, line = 0, 1
    while position < len(source):
        found = _TOKEN.match(source, position)
        if found is None:
            position += 1
            continue
        end, kind = found.end(), found.lastgroup or ""
        if found.group() == "/*":
            end = _end_of_comment(source, position)
        elif found.group("raw"):
            close = source.find('"' + found.group("hashes"), end)
            end = len(source) if close < 0 else close + 1 + len(found.group("hashes"))
            kind = "char"
        whole = source[position:end]
        if not found.group("blank"):
            yield _Token(kind, whole, line)
        line += whole.count("\n")
        position = end


def _end_of_comment(source: str, start: int) -> int:
    """Block comments nest."""
    depth, position = 0, start
    for found in re.compile(r"/\*|\*/").finditer(source, start):
        depth += 1 if found.group() == "/*" else -1
        position = found.end()
        if not depth:
            return position
    return len(source)


def _is(tokens: Sequence[_Token], position: int, text: str) -> bool:
    return position < len(tokens) and tokens[position].text == text and tokens[position].kind == "sign"


def _closing(tokens: Sequence[_Token], start: int) -> int:
    """The place of the bracket that closes the one at the start; the end where there is none."""
    waiting: list[str] = []
    for position in range(start, len(tokens)):
        token = tokens[position]
        if token.kind != "sign":
            continue
        if token.text in _OPEN:
            waiting.append(_OPEN[token.text])
        elif waiting and token.text == waiting[-1]:
            waiting.pop()
            if not waiting:
                return position
    return len(tokens)


def _unwrapped(attribute: list[_Token]) -> list[list[_Token]]:
    """The attribute, or those that `cfg_attr(condition, …)` stands for."""
    if not attribute or attribute[0].text != "cfg_attr":
        return [attribute]
    parts: list[list[_Token]] = [[]]
    depth = 0
    for token in attribute[2:-1]:
        if token.kind == "sign":
            depth += (token.text in _OPEN) - (token.text in _OPEN.values())
        if token.text == "," and not depth:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts[1:]


def _enum(facts: Facts, name: _Token, attributes: list[list[_Token]], body: list[_Token]) -> None:
    variants = _variants(body)
    if not variants:
        return
    says = _Attributes(attributes)
    style, kind, target = says.binding(name.text)
    is_usual = not target
    target = target or name.text.lower()  # PostgreSQL folds the name of the enum, which is then the type's
    members = [(one.name, (TEXT, says.written(one), one.line), one.line) for one in variants]
    facts.declared.append(Declared(name.text, "rust", name.line, (ENUM, members), is_top=True))
    if kind:
        stored: list[Expression] = [(TEXT, _renamed(one, style, (kind,)), one.line) for one in variants]
        bound = Bound(name.text, kind, name.line, (LIST, stored), *_parted(target), is_usual=is_usual)
        facts.bound.append(bound)


def _parted(target: str) -> tuple[str, str]:
    """A type's name and its schema: quoted where the name is to keep its capitals."""
    words = [quoted or plain for quoted, plain in _NAME.findall(target)]
    return (words[-1] if words else target), ".".join(words[:-1])


class _Variant:
    __slots__ = ("line", "name", "renames")

    def __init__(self, name: str, line: int, renames: dict[str, str]) -> None:
        self.name = name
        self.line = line
        self.renames = renames


def _variants(body: list[_Token]) -> list[_Variant]:
    """The variants, or none where one of them has fields."""
    found: list[_Variant] = []
    renames: dict[str, str] = {}
    position = 0
    while position < len(body):
        token = body[position]
        if token.text == "#" and _is(body, position + 1, "["):
            end = _closing(body, position + 1)
            for attribute in _unwrapped(body[position + 2 : end]):
                renames |= _renames(attribute)
            position = end + 1
        elif token.kind == "word":
            found.append(_Variant(token.text.removeprefix("r#"), token.line, renames))
            renames = {}
            position += 1
            if position < len(body) and body[position].text in ("(", "{"):
                return []
            while position < len(body) and body[position].text != ",":
                position += 1
        else:
            position += 1
    return found


def _renames(attribute: list[_Token]) -> dict[str, str]:
    """What the attribute of a variant calls it, by the library that says so."""
    library = attribute[0].text if attribute else ""
    found: dict[str, str] = {}
    for key, value in _settings(attribute):
        if library == "sqlx" and key == "rename":
            found["sqlx"] = value
        elif library == "db_rename" or (library == "db_enum" and key == "rename"):
            found["diesel"] = value
        elif library == "serde" and key == "rename":
            found["serde"] = value
        elif library == "sea_orm" and key == "string_value":
            found["sea-orm"] = value
        elif library == "postgres" and key == "name":
            found["postgres"] = value
        elif library == "strum" and key in ("serialize", "to_string"):
            found["strum"] = value
    return found


def _settings(attribute: list[_Token]) -> Iterator[tuple[str, str]]:
    """Each `key = "text"` of an attribute."""
    for index, token in enumerate(attribute):
        if token.kind == "text" and index > 1 and attribute[index - 1].text == "=":
            yield attribute[index - 2].text, _ESCAPED.sub(r"\1", token.text[1:-1])


class _Attributes:
    """What the attributes of an enum say."""

    def __init__(self, attributes: list[list[_Token]]) -> None:
        self._settings: list[tuple[str, str, str]] = []
        self._derived: set[str] = set()
        self._is_number = any(attribute[0].text == "repr" for attribute in attributes if attribute)
        for attribute in attributes:
            library = attribute[0].text if attribute else ""
            if library == "derive":
                words = "".join(token.text for token in attribute[2:-1])
                self._derived |= set(words.split(","))
            self._settings.extend((library, key, value) for key, value in _settings(attribute))

    def _setting(self, library: str, *keys: str) -> str:
        return next((value for owner, key, value in self._settings if owner == library and key in keys), "")

    def _alone(self, *names: str) -> str:
        """`#[Name = "text"]`"""
        return next((value for owner, key, value in self._settings if owner in names and key in names), "")

    def binding(self, name: str) -> tuple[str, str, str]:
        """How variants are written in the database, by which library, and the type's name there; or nothing."""
        if self._derived & {"sqlx::Type", "Type"} or ({"sqlx::Encode", "Encode"} & self._derived):
            target = self._setting("sqlx", "type_name", "rename")
            is_sqlx = "sqlx::Type" in self._derived or any(owner == "sqlx" for owner, _, _ in self._settings)
            is_bound = target or (is_sqlx and not self._is_number)
            is_text = target.lower().partition("(")[0] in _TEXT_TYPES
            return (self._setting("sqlx", "rename_all"), "sqlx", target) if is_bound and not is_text else ("", "", "")
        if self._derived & {"DbEnum", "diesel_derive_enum::DbEnum"}:
            path = self._alone("ExistingTypePath") or self._setting("db_enum", "existing_type_path")
            target = self._alone("PgType", "DbEnumType") or self._setting("db_enum", "pg_type")
            style = self._alone("DbValueStyle") or self._setting("db_enum", "value_style") or "snake_case"
            return style, "diesel", target or _snake(path.rpartition("::")[2] or name)
        if self._derived & {"DeriveActiveEnum", "sea_orm::DeriveActiveEnum"}:
            target = self._setting("sea_orm", "enum_name")
            return (self._setting("sea_orm", "rename_all"), "sea-orm", target) if target else ("", "", "")
        if self._derived & {"ToSql", "FromSql", "postgres_types::ToSql", "postgres_types::FromSql"}:
            return self._setting("postgres", "rename_all"), "postgres", self._setting("postgres", "name") or name
        return "", "", ""

    def written(self, variant: _Variant) -> str:
        """How serde or strum writes a variant."""
        serde = self._setting("serde", "rename_all")
        if "serde" in variant.renames or serde:
            return _renamed(variant, serde, ("serde",), _SERDE)
        return _renamed(variant, self._setting("strum", "serialize_all"), ("strum",))


def _renamed(
    variant: _Variant, style: str, libraries: tuple[str, ...], styles: Mapping[str, Callable[[str], str]] | None = None
) -> str:
    for library in libraries:
        if library in variant.renames:
            return variant.renames[library]
    return (styles or _STYLES).get(style, _unchanged)(variant.name)


def _words(name: str) -> list[str]:
    return list(_WORDS.findall(name))


def _unchanged(name: str) -> str:
    return name


def _snake(name: str) -> str:
    return "_".join(_words(name)).lower()


def _serde_snake(name: str) -> str:
    """As serde does: a line before each capital but the first, whatever stands around it."""
    return "".join(f"_{one.lower()}" if index and one.isupper() else one.lower() for index, one in enumerate(name))


_STYLES: dict[str, Callable[[str], str]] = {
    "lowercase": str.lower,
    "UPPERCASE": str.upper,
    "snake_case": _snake,
    "SCREAMING_SNAKE_CASE": lambda name: _snake(name).upper(),
    "shouty_snake_case": lambda name: _snake(name).upper(),
    "kebab-case": lambda name: _snake(name).replace("_", "-"),
    "kebab_case": lambda name: _snake(name).replace("_", "-"),
    "SCREAMING-KEBAB-CASE": lambda name: _snake(name).upper().replace("_", "-"),
    "camelCase": lambda name: "".join(
        word.lower() if not index else word.capitalize() for index, word in enumerate(_words(name))
    ),
    "camel_case": lambda name: "".join(
        word.lower() if not index else word.capitalize() for index, word in enumerate(_words(name))
    ),
    "PascalCase": lambda name: "".join(word.capitalize() for word in _words(name)),
    "pascal_case": lambda name: "".join(word.capitalize() for word in _words(name)),
    "screaming_snake_case": lambda name: _snake(name).upper(),
    "verbatim": _unchanged,
}
_SERDE: dict[str, Callable[[str], str]] = {
    "lowercase": str.lower,
    "UPPERCASE": str.upper,
    "snake_case": _serde_snake,
    "SCREAMING_SNAKE_CASE": lambda name: _serde_snake(name).upper(),
    "kebab-case": lambda name: _serde_snake(name).replace("_", "-"),
    "SCREAMING-KEBAB-CASE": lambda name: _serde_snake(name).upper().replace("_", "-"),
    "camelCase": lambda name: name[:1].lower() + name[1:],
    "PascalCase": _unchanged,
}
