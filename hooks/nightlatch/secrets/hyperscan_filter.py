"""The filter on Hyperscan: every rule's expression at once, a gigabyte a second.

It says which rules match at all, and `scan.py` then finds where. So an expression may match more than its rule
does: it lacks what Hyperscan doesn't know (look-around), but never less. What it is known to get wrong is kept
from it: DOTALL (Vectorscan 5.4.12 misses matches), and any rule whose own examples it doesn't find once the
database is built; such a rule is left to the keywords.
"""

from __future__ import annotations

import os
import sys

from nightlatch.core import cache
from nightlatch.secrets.base64_text import SHAPE, holds_text
from nightlatch.secrets.keyword_filter import KeywordFilter
from nightlatch.secrets.scan import PLAIN_ASSIGNMENT, filter_expression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from nightlatch.secrets.secret_rule import SecretRule

KIND = "hyperscan"
PACKAGE = "hyperscan"
EXTENSION = "_hs_ext"

BASE64_EXAMPLE = b"bGlnaHQtaG91c2Uta2VlcGVy"
"""The words `light-house-keeper`, for the canary."""

PLAIN_EXAMPLE = b'api_key = "0123456789"'


class HyperscanFilter:
    """Names the rules that match in a text.

    weak  the indexes of the expressions that Hyperscan can't be trusted with, which the standard library takes over
    """

    name = "hyperscan"

    def __init__(self, module: Any, rules: Sequence[SecretRule], serialized: bytes, weak: Sequence[int]) -> None:
        self._database = module.loadb(serialized, module.HS_MODE_BLOCK)
        self._database.scratch = module.Scratch(self._database)
        self._base64 = len(rules)
        self._plain = len(rules) + 1
        self._near = [index for index, rule in enumerate(rules) if rule.near]
        self._near_keywords = KeywordFilter([rules[index] for index in self._near])
        self._found: list[int] = []
        self._last: list[int] = []
        self._weak = [index for index in weak if index < len(rules)]
        self._keywords = KeywordFilter([rules[index] for index in self._weak]) if self._weak else None
        self._untrusted = frozenset(weak)

    def candidates(self, text: bytes) -> list[int]:
        """The indexes of the rules that can match in the text, in order."""
        if text:
            self._database.scan(text, self._note)
        self._last, self._found = self._found, []
        found = [index for index in self._last if index < self._base64]
        if self._plain in self._last or self._plain in self._untrusted:
            found.extend(self._near[index] for index in self._near_keywords.candidates(text))
        if self._keywords is not None:
            found.extend(self._weak[index] for index in self._keywords.candidates(text))
        return sorted(set(found))

    def holds_base64(self, text: bytes) -> bool:
        """Whether text in base64 may stand in the text that was just searched."""
        return holds_text(text) if self._base64 in self._untrusted else self._base64 in self._last

    def _note(self, index: int, _start: int, _end: int, _flags: int, _context: object) -> None:
        self._found.append(index)


def load(rules: Sequence[SecretRule]) -> HyperscanFilter | None:
    """The filter from the cache, or None where there is no extension or no database for these rules yet."""
    module = extension()
    if module is None:
        return None
    kept = cache.load(KIND, _key(module, rules))
    if not isinstance(kept, tuple):
        return None
    try:
        return HyperscanFilter(module, rules, *kept)
    except module.HyperscanError:
        return None  # of another processor, or damaged: it is built again


def build(rules: Sequence[SecretRule]) -> HyperscanFilter | None:
    """Compile the filter (it takes a second or two) and keep it in the cache; None without the extension."""
    module = extension()
    if module is None:
        return None
    serialized, weak = _compile(module, rules)
    cache.store(KIND, _key(module, rules), (serialized, weak))
    return HyperscanFilter(module, rules, serialized, weak)


def version() -> str:
    """The version of the wheel; empty where it can't be used."""
    if extension() is None:
        return ""
    from importlib import metadata

    return metadata.version(PACKAGE)


def extension() -> Any | None:
    """Hyperscan's extension module, or None where the wheel isn't installed.

    It is loaded by its path: the package around it imports `typing`, which takes longer than a commit's check.
    """
    name = f"{PACKAGE}.{EXTENSION}"
    if name in sys.modules:
        return sys.modules[name]
    path = _path()
    if not path:
        return None
    return _loaded(name, path)


def _key(module: Any, rules: Sequence[SecretRule]) -> bytes:
    """What a database depends on beside Python, which the cache knows: the machine, the wheel, the expressions."""
    machine = sys.version if sys.platform == "win32" else os.uname().machine
    state = os.stat(module.__file__)
    wheel = f"{machine} {module.__file__} {state.st_size} {state.st_mtime_ns}"
    return b"\n".join((wheel.encode("utf-8", "surrogateescape"), *_expressions(rules)))


def _expressions(rules: Sequence[SecretRule]) -> list[bytes]:
    """What the database looks for: each rule at its index, and behind them base64 and values with plain names."""
    return [*map(filter_expression, rules), SHAPE, PLAIN_ASSIGNMENT]


def _examples(rules: Sequence[SecretRule]) -> list[list[bytes]]:
    """What each expression must find: examples that it matches, whose kind `re` tells."""
    return [*(_own_examples(rule) for rule in rules), [BASE64_EXAMPLE], [PLAIN_EXAMPLE]]


def _own_examples(rule: SecretRule) -> list[bytes]:
    """A rule's examples; of one that also goes by plain names, those that its own expression matches."""
    examples = [example.encode() for example in rule.positive]
    if not rule.near:
        return examples
    import re

    return [example for example in examples if re.search(filter_expression(rule), example)]


def _compile(module: Any, rules: Sequence[SecretRule]) -> tuple[bytes, list[int]]:
    """The serialized database, and the expressions that it can't be trusted with."""
    expressions = _expressions(rules)
    every = range(len(expressions))
    weak: list[int] = []
    try:
        database = _database(module, expressions, every)
    except module.HyperscanError:
        weak = [index for index in every if not _compiles(module, expressions, index)]
        database = _database(module, expressions, [index for index in every if index not in weak])
    examples = _examples(rules)
    weak.extend(index for index in every if index not in weak and not _finds(database, index, examples[index]))
    return module.dumpb(database), sorted(weak)


def _compiles(module: Any, expressions: Sequence[bytes], index: int) -> bool:
    try:
        _database(module, expressions, [index])
    except module.HyperscanError:
        return False
    return True


def _database(module: Any, expressions: Sequence[bytes], indexes: Sequence[int]) -> Any:
    database = module.Database(mode=module.HS_MODE_BLOCK)
    database.compile(
        [expressions[index] for index in indexes],
        ids=list(indexes),
        elements=len(indexes),
        flags=[module.HS_FLAG_SINGLEMATCH] * len(indexes),
    )
    return database


def _finds(database: Any, index: int, examples: Sequence[bytes]) -> bool:
    """The canary: an expression without examples, or of which an example isn't found, is not trusted."""
    for example in examples:
        seen: set[int] = set()
        database.scan(example, lambda hit, *_, seen=seen: seen.add(hit))
        if index not in seen:
            return False
    return bool(examples)


def _path() -> str:
    from _imp import extension_suffixes

    for folder in sys.path:
        for suffix in extension_suffixes() if os.path.isabs(folder) else ():
            path = os.path.join(folder, PACKAGE, EXTENSION + suffix)
            if os.path.isfile(path):
                return path
    return ""


def _loaded(name: str, path: str) -> Any | None:
    from _frozen_importlib import ModuleSpec, module_from_spec
    from _frozen_importlib_external import ExtensionFileLoader

    loader = ExtensionFileLoader(name, path)
    try:
        module = module_from_spec(ModuleSpec(name, loader, origin=path))
        loader.exec_module(module)
    except ImportError:
        return None  # built for another C library or processor: the standard library does the same work
    sys.modules[name] = module
    return module
