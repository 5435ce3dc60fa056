"""The enums of the code of a whole tree: each file is read or taken from the cache, then the names are looked up."""

from __future__ import annotations

import posixpath
import re

from nightlatch.core.test_folders import is_test
from nightlatch.enum_parity.code_enum import CodeEnum, CodeLabel
from nightlatch.enum_parity.expressions import CALL, CLASS, FUNCTION, KEYS, NAME, UNKNOWN, Facts, replaced
from nightlatch.enum_parity.facts_cache import object_name
from nightlatch.enum_parity.languages import COMMENT_MARK, Readers, glance
from nightlatch.enum_parity.links import MOST_HOPS
from nightlatch.enum_parity.marks import PYTHON, is_code
from nightlatch.enum_parity.modules import Modules
from nightlatch.enum_parity.names import normalized
from nightlatch.enum_parity.packages import Packages
from nightlatch.enum_parity.pairs import name_of
from nightlatch.enum_parity.python_modules import PythonModules
from nightlatch.enum_parity.resolve import NumbersError, OutsideError, Resolver, UnresolvedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from nightlatch.core.files import Entry, File
    from nightlatch.core.whole import WholeSource
    from nightlatch.enum_parity.database_enum import DatabaseEnum
    from nightlatch.enum_parity.expressions import Bound, Declared, Expression
    from nightlatch.enum_parity.facts_cache import FactsCache

LISTED = frozenset({"enum", "class", "union", "type", "array", "object", "zod", "rust"})
"""Kinds of declarations that are lists of labels by themselves."""

_CAPITAL = re.compile(r"(?<!^)([A-Z])")
SHOWN_AS = {"type": "union", "rust": "enum", "class": "enum"}
ANNOTATION_MAP = "annotation-map"
"""What a file says of the types that SQLAlchemy takes for annotations."""

DRIZZLE = "pgEnum"
SQLALCHEMY = "sqlalchemy"
NEARLY = 0.85
"""How much a name has in common with the one that was meant; 1 is all."""

COLUMN = "column"
ENUM_ROOTS = ("StrEnum", "Enum")
MOST_BYTES = 8 * 1024 * 1024
"""The largest file of code that is parsed."""

GENERATED_FOLDERS = ("node_modules", ".next")
PACKAGE_FOLDERS = ("dist", "build", "vendor")
"""What lies in them is generated or somebody else's where they stand at the top of a package; else they are words."""

MIGRATION_FOLDERS = ("migrations", "migration", "versions", "alembic")
"""What lies there tells the database's history, and not what the code believes now."""


class CodeSide:
    """The files of code of a tree, and what they say.

    whole   the tree
    known   what was learned before
    named   what the configuration names, as `path::symbol`: it counts wherever it lies, and whatever list it is
    is_earlier  whether this is what stood before a change: what can't be read of it is nobody's task any more
    """

    def __init__(
        self, whole: WholeSource, known: FactsCache, named: Collection[str] = (), *, is_earlier: bool = False
    ) -> None:
        self._whole = whole
        self._known = known
        self._is_earlier = is_earlier
        self._chosen = frozenset(named)
        self._named = frozenset(one.rpartition("::")[0] for one in named)
        self._exact: AbstractSet[str] = frozenset()
        self._short: dict[str, str] = {}
        self._readers = Readers()
        self._entries = {entry.path: entry for entry in whole.entries()}
        self._facts: dict[str, Facts] = {}
        self._wanted: AbstractSet[str] = frozenset()
        self._modules = Modules(self._entries, self._text)
        self._packages = Packages(self._entries)
        self._python_modules = PythonModules(self._entries)
        self._resolver = Resolver(self._facts_of, self._module)

    def enums(self, databases: Sequence[DatabaseEnum], *, every: bool = False) -> Iterator[CodeEnum]:
        """The enums of the code, by path and line. What should be read and can't be is noted as unchecked.

        databases  the database's enums: of lists that name nothing themselves only those of their names count
        every      whether all others are asked for too
        """
        names = self._wanted = {name_of(one) for one in databases}
        self._exact = {one.name for one in databases}
        self._learn([entry for path, entry in self._entries.items() if self._counts(path)])
        needed = [path for path in sorted(self._facts) if self._is_needed(path, None if every else names)]
        mapped = self._annotation_map(needed)
        for path in needed:
            yield from self._of_a_file(path, self._facts_of(path), None if every else names, mapped)

    def _annotation_map(self, paths: Sequence[str]) -> dict[str, Expression]:
        """How SQLAlchemy is told to store enums that are only annotated, by the names of their classes."""
        declared = [one for path in paths if path.endswith(PYTHON) for one in self._facts_of(path).declared]
        return {one.name: one.expression for one in declared if one.kind == ANNOTATION_MAP}

    def commented(self) -> Iterator[CodeEnum]:
        """The enums at which a `parity:` comment stands, and no others."""
        self._learn([entry for path, entry in self._entries.items() if self._counts(path)])
        for path in sorted(self._facts):
            facts = self._facts[path]
            if facts.comments if facts.glance is None else COMMENT_MARK in facts.glance.names:
                found = self._of_a_file(path, self._facts_of(path), frozenset(), {})
                yield from (one for one in found if one.comment)

    def _leave_unchecked(self, path: str, reason: str) -> None:
        if not self._is_earlier:
            self._whole.leave_unchecked(path, reason)

    @property
    def paths(self) -> Collection[str]:
        """Every path of the tree."""
        return self._entries

    @property
    def ways(self) -> list[str]:
        """The files that say something of enums, that pass labels on, and that say where modules are."""
        marked = (path for path, facts in self._facts.items() if _says_something(facts))
        return sorted({*marked, *self._named, *self._resolver.ways, *self._modules.consulted})

    def _counts(self, path: str) -> bool:
        return is_code(path) and (path in self._named or not self._is_foreign(path))

    def _is_foreign(self, path: str) -> bool:
        """Whether a file is generated or somebody else's."""
        words = path.split("/")[:-1]
        if any(word in GENERATED_FOLDERS for word in words):
            return True
        for index, word in enumerate(words):
            if word in PACKAGE_FOLDERS:
                above = "/".join(words[:index])
                is_app = posixpath.join(above, word, "apps.py") in self._entries  # an application of Django's
                if self._packages.of(posixpath.join(above, "x")) == above and not is_app:
                    return True
        return False

    def _is_left_out(self, path: str) -> bool:
        return path not in self._named and is_left_out(path)

    def _is_needed(self, path: str, names: AbstractSet[str] | None) -> bool:
        """Whether a file must be parsed, if it was not: it binds, it is named, or it declares one of the names."""
        seen = self._facts[path].glance
        if seen is not None and self._is_left_out(path):
            return COMMENT_MARK in seen.names or (seen.binds and _binds_anywhere(path))
        if seen is None or seen.binds or path in self._named:
            return True
        return bool(seen.names) and (names is None or not names.isdisjoint(seen.names))

    def _normalized(self, name: str) -> str:
        known = self._short.get(name)
        if known is None:
            known = self._short[name] = normalized(name)
        return known

    def _learn(self, entries: Sequence[Entry]) -> None:
        """What is known or seen of each file: from the cache by the object's name, else from its text."""
        unknown: list[Entry] = []
        for entry in entries:
            known = self._remembered(entry.path, entry.object) if entry.staged and entry.object else None
            if known is None:
                unknown.append(entry)
            else:
                self._facts[entry.path] = known
        for file in self._whole.read(unknown):
            if not file.again:
                self._facts[file.path] = self._seen(file)

    def _remembered(self, path: str, name: str) -> Facts | None:
        plain = self._known.get(_key(path, name))
        if plain is None:
            return None
        try:
            return Facts.from_plain(plain)
        except (ValueError, TypeError, IndexError, AttributeError):
            self._known.drop(_key(path, name))
            return None

    def _name_of(self, file: File) -> str:
        entry = self._entries[file.path]
        return entry.object if entry.staged and entry.object else object_name(file.text)

    def _seen(self, file: File) -> Facts:
        name = self._name_of(file)
        facts = self._remembered(file.path, name)
        if facts is None:
            facts = Facts(glance(file.path, file.text))
            self._known.put(_key(file.path, name), facts.plain())
        return facts

    def _facts_of(self, path: str) -> Facts:
        """What a file says, parsed at last: names may lead to any file."""
        if path not in self._facts and path in self._entries:
            self._learn([self._entries[path]])
        facts = self._facts.setdefault(path, Facts())
        if facts.glance is None:
            return facts
        facts = Facts()
        is_read = False
        for file in self._whole.read([self._entries[path]]):
            is_read = True
            if file.again:
                continue
            if len(file.text) > MOST_BYTES:
                self._leave_unchecked(path, f"larger than {MOST_BYTES >> 20} MiB: its enums are not read")
            else:
                facts = self._readers.read(path, file.text)
                self._known.put(_key(path, self._name_of(file)), facts.plain())
        if not is_read:
            facts.faults.append((0, "it is a symbolic link, or it can't be read"))
        self._facts[path] = facts
        return facts

    def _text(self, path: str) -> bytes | None:
        entry = self._entries.get(path)
        return next((file.text for file in self._whole.read([entry])), None) if entry else None

    def _module(self, module: str, importer: str) -> str | None:
        modules = self._python_modules if importer.endswith(PYTHON) else self._modules
        return self._real(modules.find(module, importer))

    def _real(self, path: str | None) -> str | None:
        """The file that a symbolic link means: a module is what it is by its real path."""
        entry = self._entries.get(path or "")
        for _ in range(MOST_HOPS):
            if path is None or entry is None or not entry.is_link:
                break
            target = (self._text(path) or b"").decode("utf-8", "surrogateescape")
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
            entry = self._entries.get(path)
        return path if entry is not None and not entry.is_link else None

    def _of_a_file(
        self, path: str, facts: Facts, names: AbstractSet[str] | None, mapped: Mapping[str, Expression]
    ) -> Iterator[CodeEnum]:
        is_left_out = self._is_left_out(path)
        is_silent = is_left_out and not _binds_anywhere(path)
        made = (self._bound(path, one, mapped, is_left_out=is_silent) for one in facts.bound)
        found = [one for one in made if one is not None]
        held = {one.symbol for one in found}
        every = names is None or facts.comments or path in self._named
        for declared in facts.declared:
            if not every and self._normalized(declared.name.rpartition(".")[2]) not in (names or ()):
                continue
            if declared.name not in held or declared.kind == "rust":
                listed = self._declared(path, declared, is_chosen=f"{path}::{declared.name}" in self._chosen)
                if listed is not None:
                    found.append(listed)
        found.sort(key=lambda one: one.line)
        self._attach(path, facts, found)
        for line, reason in facts.faults:
            if not line:
                continue
            self._leave_unchecked(path, f"line {line}: {reason}")
        is_bound = _binds_anywhere(path)
        yield from (one for one in found if one.comment or not is_left_out or (is_bound and one.binding))

    def _attach(self, path: str, facts: Facts, found: list[CodeEnum]) -> None:
        """Give each comment to the declaration on its line or right below it."""
        for line, target, is_alone, start, end in facts.comments:
            is_known = self._is_known(target)
            if not is_alone and is_known:
                remedy = f"write `parity: {target}` alone in a comment of its own"
                self._leave_unchecked(path, f"the `parity:` comment in line {line} can't be read: {remedy}")
            is_meant = is_known or "." in target or self._is_nearly_known(target)
            if not is_alone or not is_meant:  # a word of somebody's sentence
                continue
            one = self._at_lines(path, facts, found, start, end)
            if one is None:
                reason = f"the comment `parity: {target}` in line {line} stands at no list of labels that can be read"
                self._leave_unchecked(path, reason)
            elif one.comment:  # another comment stands there too
                one = one.copy()
                found.append(one)
            if one is not None:
                one.comment = target

    def _at_lines(self, path: str, facts: Facts, found: list[CodeEnum], start: int, end: int) -> CodeEnum | None:
        """The first list of labels between two lines; one that counts for the comment alone is added."""
        every = sorted((one for one in found if start <= one.line <= end), key=lambda one: (one.line, not one.binding))
        if not every:
            plain = (one for one in facts.declared if start <= one.line <= end)
            chosen = (made for one in plain if (made := self._declared(path, one, is_chosen=True)) is not None)
            every = [*chosen][:1]
            found.extend(every)
        return every[0] if every else None

    def _is_known(self, target: str) -> bool:
        """Whether a name is that of one of the database's enums, with its schema or table or without."""
        words = target.replace('"', "").split(".")
        return any(self._normalized(" ".join(words[start:])) in self._wanted for start in range(len(words)))

    def _is_nearly_known(self, target: str) -> bool:
        """Whether a name is that of one of the database's enums but for a slip."""
        from difflib import get_close_matches

        return bool(get_close_matches(self._normalized(target), self._wanted, 1, NEARLY))

    def _declared(self, path: str, one: Declared, *, is_chosen: bool = False) -> CodeEnum | None:
        """A list of labels, or None for what isn't one.

        is_chosen  whether a comment or the configuration says that it is one: what isn't readable is told then
        """
        kind = SHOWN_AS.get(one.kind, one.kind)
        is_listed = one.kind in LISTED and one.expression[0] not in (CALL, FUNCTION)
        if not is_chosen and (not is_listed or (one.expression[0] == NAME and kind != "zod")):
            return None
        labels: list[CodeLabel] = []
        fault = ""
        try:
            if one.expression[0] == CLASS and not is_chosen and not self._resolver.is_enum(one.expression, path):
                return None
            labels = self._resolver.labels(one.expression, path)
        except UnresolvedError as error:
            fault = str(error)
        if not labels and not is_chosen:
            return None
        is_ordered = self._resolver.is_ordered
        return CodeEnum(path, one.line, one.name, kind, _placed(labels, one.line), is_ordered=is_ordered, fault=fault)

    def _bound(self, path: str, one: Bound, mapped: Mapping[str, Expression], *, is_left_out: bool) -> CodeEnum | None:
        """A use that names the database's side, or None where it turns out to be none."""
        labels: list[CodeLabel] = []
        fault = ""
        try:
            target, qualifier = self._target(path, one)
        except NoTypeError:
            return None
        except UnresolvedError as error:
            if not is_left_out:
                reason = f"line {one.line}: which type of the database {one.symbol} is bound to can't be told: {error}"
                self._leave_unchecked(path, reason)
            target, qualifier = "", ""
        expression = one.expression
        if one.is_usual:
            stored = self._usual(path, one, mapped) if self._normalized(target) in self._wanted else None
            if stored is None:
                return None
            expression = stored
        is_ordered = not one.is_check
        try:
            labels = self._resolver.labels(expression, path)
            is_ordered = is_ordered and self._resolver.is_ordered
        except NumbersError:
            fault = "its values are numbers"
        except UnresolvedError as error:
            fault = str(error)
        through = [f"{place}::{name}" for place, name in self._resolver.through]
        return CodeEnum(
            path,
            one.line,
            one.symbol,
            one.kind,
            _placed(labels, one.line),
            values=self._values(expression, path) if one.kind == SQLALCHEMY else (),
            binding=f"{qualifier}.{target}" if qualifier and target else target,
            is_check=one.is_check,
            is_ordered=is_ordered,
            fault=fault,
            through=through,
        )

    def _values(self, expression: Expression, path: str) -> list[str]:
        """The values of members whose names are stored; none where they can't be told."""
        try:
            return [label.text for label in self._resolver.labels(expression[1], path)] if expression[0] == KEYS else []
        except UnresolvedError:
            return []

    def _target(self, path: str, one: Bound) -> tuple[str, str]:
        """The type or column that a use names, and its schema or table. Raises NoTypeError and UnresolvedError."""
        target = self._resolver.text(one.names, path) if one.names is not None else one.target
        if one.owner is None:
            return self._cased(target, one), one.qualifier
        if one.kind != DRIZZLE:
            return target, self._resolver.text(one.owner, path)
        try:
            schema = self._resolver.schema(one.owner, path)
        except UnresolvedError:
            if any(module.startswith("drizzle-orm") for module, _ in self._facts_of(path).imports.values()):
                raise
            schema = None
        if schema is None:
            raise NoTypeError
        return target, schema

    def _cased(self, target: str, one: Bound) -> str:
        """A column's name as the database has it: drizzle's `casing: "snake_case"` changes those of the keys."""
        snake = _CAPITAL.sub(r"_\1", target).lower()
        if one.kind != COLUMN or snake == target:
            return target
        ends = [f".{one.qualifier}.{name}" for name in (target, snake)]
        known = [name for name, end in zip((target, snake), ends, strict=True) if self._has_column(end)]
        return known[0] if known else target

    def _has_column(self, end: str) -> bool:
        return any(name.endswith(end) for name in self._exact)

    def _usual(self, path: str, one: Bound, mapped: Mapping[str, Expression]) -> Expression | None:
        """What is stored of an enum that a column is annotated with; None where the annotation is no enum."""
        if one.expression[0] != KEYS:
            return one.expression
        named = one.expression[1]
        try:
            if not self._resolver.is_enum(named, path):
                return None
        except OutsideError:
            return one.expression
        name = named[1].rpartition(".")[2]
        if name in mapped:  # it has a type of its own, which is another use
            return None
        style = next((mapped[root] for root in ENUM_ROOTS if root in mapped), None)
        if style is None:
            return one.expression
        return replaced(style[2], {style[1][0]: named}) if style[0] != UNKNOWN else None


class NoTypeError(Exception):
    """What looks like the name of a type is none: another library's method is called like that."""


def is_left_out(path: str) -> bool:
    """Files that say nothing of what the code believes, but in a comment: tests, and migrations in code."""
    is_migration = path.endswith((".py", ".ts")) and any(part in MIGRATION_FOLDERS for part in path.split("/")[:-1])
    return is_migration or is_test(path)


def _says_something(facts: Facts) -> bool:
    return facts.glance is None or facts.glance.binds or bool(facts.glance.names)


def _binds_anywhere(path: str) -> bool:
    """Whether a file's bindings count in a folder of migrations: drizzle's schema may lie there, a script may not."""
    return not path.endswith(PYTHON) and not is_test(path)


def _key(path: str, name: str) -> str:
    """What facts depend on: the content, the language, and for Python the path, which Django's tables are named by."""
    return f"{name}:{path}" if path.endswith(PYTHON) else f"{name}{posixpath.splitext(path)[1]}"


def _placed(labels: list[CodeLabel], line: int) -> list[CodeLabel]:
    return [label if label.line else CodeLabel(label.text, label.path, line) for label in labels]
