"""The enums of the code of a whole tree: each file is read or taken from the cache, then the names are looked up."""

from __future__ import annotations

import posixpath

from nightlatch.core.test_folders import is_test
from nightlatch.enum_parity.code_enum import CodeEnum, CodeLabel
from nightlatch.enum_parity.expressions import CALL, FUNCTION, NAME, Facts
from nightlatch.enum_parity.facts_cache import object_name
from nightlatch.enum_parity.languages import COMMENT_MARK, PYTHON, Readers, glance, is_code
from nightlatch.enum_parity.modules import Modules
from nightlatch.enum_parity.names import normalized
from nightlatch.enum_parity.resolve import NumbersError, Resolver, UnresolvedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from nightlatch.core.files import Entry, File
    from nightlatch.core.whole import WholeSource
    from nightlatch.enum_parity.expressions import Bound, Declared
    from nightlatch.enum_parity.facts_cache import FactsCache

LISTED = frozenset({"enum", "union", "type", "array", "object", "zod", "rust"})
"""Kinds of declarations that are lists of labels by themselves."""

SHOWN_AS = {"type": "union", "rust": "enum"}
MOST_LINES = 6
"""How far below a `parity:` comment its declaration may begin: there may be other comments and decorators between."""

MOST_BYTES = 8 * 1024 * 1024
"""The largest file of code that is parsed."""

GENERATED_FOLDERS = ("node_modules", "dist", "vendor", ".next", "build")
MIGRATION_FOLDERS = ("migrations", "migration", "versions", "alembic")
"""What lies there tells the database's history, and not what the code believes now."""


class CodeSide:
    """The files of code of a tree, and what they say.

    whole   the tree
    known   what was learned before
    named   files that the configuration names: they count wherever they lie
    """

    def __init__(self, whole: WholeSource, known: FactsCache, named: Collection[str] = ()) -> None:
        self._whole = whole
        self._known = known
        self._named = frozenset(named)
        self._short: dict[str, str] = {}
        self._readers = Readers()
        self._entries = {entry.path: entry for entry in whole.entries()}
        self._facts: dict[str, Facts] = {}
        self._modules = Modules(self._entries, self._text)
        self._resolver = Resolver(self._facts_of, self._module)

    def enums(self, names: AbstractSet[str] | None = None) -> Iterator[CodeEnum]:
        """The enums of the code, by path and line. What should be read and can't be is noted as unchecked.

        names  of lists that name nothing themselves only those of these (normalized) names; None for all
        """
        self._learn([entry for path, entry in self._entries.items() if self._counts(path)])
        for path in sorted(self._facts):
            if self._is_needed(path, names):
                yield from self._of_a_file(path, self._facts_of(path), names)

    def commented(self) -> Iterator[CodeEnum]:
        """The enums at which a `parity:` comment stands, and no others."""
        self._learn([entry for path, entry in self._entries.items() if self._counts(path)])
        for path in sorted(self._facts):
            facts = self._facts[path]
            if facts.comments if facts.glance is None else COMMENT_MARK in facts.glance.names:
                yield from (one for one in self._of_a_file(path, self._facts_of(path), frozenset()) if one.comment)

    @property
    def paths(self) -> Collection[str]:
        """Every path of the tree."""
        return self._entries

    @property
    def ways(self) -> list[str]:
        """The files through which labels came from one file to another, and those that say where modules are."""
        return sorted({*self._resolver.ways, *self._modules.consulted})

    def _counts(self, path: str) -> bool:
        return is_code(path) and (path in self._named or not is_foreign(path))

    def _is_left_out(self, path: str) -> bool:
        return path not in self._named and is_left_out(path)

    def _is_needed(self, path: str, names: AbstractSet[str] | None) -> bool:
        """Whether a file must be parsed, if it was not: it binds, it is named, or it declares one of the names."""
        seen = self._facts[path].glance
        if seen is not None and self._is_left_out(path):
            return COMMENT_MARK in seen.names
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
        for file in self._whole.read([self._entries[path]]):
            if file.again:
                continue
            if len(file.text) > MOST_BYTES:
                self._whole.leave_unchecked(path, f"larger than {MOST_BYTES >> 20} MiB: its enums are not read")
            else:
                facts = self._readers.read(path, file.text)
                self._known.put(_key(path, self._name_of(file)), facts.plain())
        self._facts[path] = facts
        return facts

    def _text(self, path: str) -> bytes | None:
        entry = self._entries.get(path)
        return next((file.text for file in self._whole.read([entry])), None) if entry else None

    def _module(self, module: str, importer: str) -> str | None:
        return (
            self._python_module(module, importer) if importer.endswith(PYTHON) else self._modules.find(module, importer)
        )

    def _python_module(self, module: str, importer: str) -> str | None:
        """A module's file: below the importer's folder or one above it, as a source root would have it."""
        folder = posixpath.dirname(importer)
        name = module.lstrip(".")
        for _ in range(len(module) - len(name) - 1):
            folder = posixpath.dirname(folder)
        below = name.replace(".", "/")
        while True:
            for ending in (".py", "/__init__.py"):
                path = posixpath.join(folder, below + ending) if below else posixpath.join(folder, "__init__.py")
                if path in self._entries:
                    return path
            if not folder or module.startswith("."):
                return None
            folder = posixpath.dirname(folder)

    def _of_a_file(self, path: str, facts: Facts, names: AbstractSet[str] | None) -> Iterator[CodeEnum]:
        found = [*(self._bound(path, one) for one in facts.bound)]
        held = {one.symbol for one in found}
        every = names is None or facts.comments or path in self._named
        for declared in facts.declared:
            if not every and self._normalized(declared.name.rpartition(".")[2]) not in (names or ()):
                continue
            if declared.name not in held or declared.kind == "rust":
                made = self._declared(path, declared)
                if made is not None:
                    found.append(made)
        found.sort(key=lambda one: one.line)
        self._attach(path, facts, found)
        for line, reason in facts.faults:
            self._whole.leave_unchecked(path, f"line {line}: {reason}")
        is_left_out = self._is_left_out(path)
        yield from (one for one in found if one.comment or not is_left_out)

    def _attach(self, path: str, facts: Facts, found: list[CodeEnum]) -> None:
        """Give each comment to the declaration on its line or right below it."""
        for line, target in facts.comments:
            below = [one for one in found if line <= one.line <= line + MOST_LINES]
            nearest = [one for one in below if one.line == below[0].line]
            if not nearest:
                reason = f"the comment `parity: {target}` in line {line} stands at no list of labels that can be read"
                self._whole.leave_unchecked(path, reason)
            for one in sorted(nearest, key=lambda one: not one.binding)[:1]:
                one.comment = target

    def _declared(self, path: str, one: Declared) -> CodeEnum | None:
        """A list of labels, or None for what isn't one; with a comment, why it can't be read."""
        kind = SHOWN_AS.get(one.kind, one.kind)
        if one.kind not in LISTED or one.expression[0] in (NAME, CALL, FUNCTION):
            return None
        try:
            labels = self._resolver.labels(one.expression, path)
        except UnresolvedError:
            return None
        return CodeEnum(path, one.line, one.name, kind, _placed(labels, one.line)) if labels else None

    def _bound(self, path: str, one: Bound) -> CodeEnum:
        labels: list[CodeLabel] = []
        fault, qualifier = "", one.qualifier
        try:
            if one.is_variable:
                qualifier = self._resolver.text(one.qualifier, path, "pgSchema")
            labels = self._resolver.labels(one.expression, path)
        except NumbersError:
            fault = "its values are numbers"
        except UnresolvedError as error:
            fault = str(error)
        return CodeEnum(
            path,
            one.line,
            one.symbol,
            one.kind,
            _placed(labels, one.line),
            binding=f"{qualifier}.{one.target}" if qualifier else one.target,
            is_check=one.is_check,
            is_ordered=not one.is_check,
            fault=fault,
        )


def is_foreign(path: str) -> bool:
    """Whether a file is generated or somebody else's."""
    return any(folder in GENERATED_FOLDERS for folder in path.split("/")[:-1])


def is_left_out(path: str) -> bool:
    """Files that say nothing of what the code believes, but in a comment: tests, and migrations in code."""
    is_migration = path.endswith((".py", ".ts")) and any(part in MIGRATION_FOLDERS for part in path.split("/")[:-1])
    return is_migration or is_test(path)


def _key(path: str, name: str) -> str:
    """What facts depend on: the content, the language, and for Python the path, which Django's tables are named by."""
    return f"{name}:{path}" if path.endswith(PYTHON) else f"{name}{posixpath.splitext(path)[1]}"


def _placed(labels: list[CodeLabel], line: int) -> list[CodeLabel]:
    return [label if label.line else CodeLabel(label.text, label.path, line) for label in labels]
