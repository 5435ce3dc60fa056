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
from nightlatch.secrets.keyword_filter import KeywordFilter
from nightlatch.secrets.scan import filter_expression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from nightlatch.secrets.secret_rule import SecretRule

KIND = "hyperscan"
PACKAGE = "hyperscan"
EXTENSION = "_hs_ext"


class HyperscanFilter:
    """Names the rules that match in a text.

    weak  the indexes of the rules that Hyperscan can't be trusted with: their keywords are looked for
    """

    name = "hyperscan"

    def __init__(self, module: Any, rules: Sequence[SecretRule], serialized: bytes, weak: Sequence[int]) -> None:
        self._database = module.loadb(serialized, module.HS_MODE_BLOCK)
        self._database.scratch = module.Scratch(self._database)
        self._found: list[int] = []
        self._weak = weak
        self._keywords = KeywordFilter([rules[index] for index in weak]) if weak else None

    def candidates(self, text: bytes) -> list[int]:
        """The indexes of the rules that can match in the text, in order."""
        if not text:
            return []
        self._database.scan(text, self._note)
        found, self._found = self._found, []
        if self._keywords is not None:
            found.extend(self._weak[index] for index in self._keywords.candidates(text))
        return sorted(found)

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
    return b"\n".join((wheel.encode("utf-8", "surrogateescape"), *map(filter_expression, rules)))


def _compile(module: Any, rules: Sequence[SecretRule]) -> tuple[bytes, list[int]]:
    """The serialized database, and the rules that it can't be trusted with."""
    every = range(len(rules))
    try:
        weak: list[int] = []
        database = _database(module, rules, every)
    except module.HyperscanError:
        weak = [index for index in every if not _compiles(module, rules, index)]
        database = _database(module, rules, [index for index in every if index not in weak])
    weak.extend(_missed(database, rules, weak))
    return module.dumpb(database), sorted(weak)


def _compiles(module: Any, rules: Sequence[SecretRule], index: int) -> bool:
    try:
        _database(module, rules, [index])
    except module.HyperscanError:
        return False
    return True


def _database(module: Any, rules: Sequence[SecretRule], indexes: Sequence[int]) -> Any:
    database = module.Database(mode=module.HS_MODE_BLOCK)
    database.compile(
        [filter_expression(rules[index]) for index in indexes],
        ids=list(indexes),
        elements=len(indexes),
        flags=[module.HS_FLAG_SINGLEMATCH] * len(indexes),
    )
    return database


def _missed(database: Any, rules: Sequence[SecretRule], without: Sequence[int]) -> list[int]:
    """The canary: a rule without examples, or of which an example isn't found, is not left to the database."""
    missed = []
    for index, rule in enumerate(rules):
        if index in without:
            continue
        found: list[set[int]] = []
        for example in rule.positive:
            seen: set[int] = set()
            database.scan(example.encode(), lambda hit, *_, seen=seen: seen.add(hit))
            found.append(seen)
        if not found or not all(index in seen for seen in found):
            missed.append(index)
    return missed


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
