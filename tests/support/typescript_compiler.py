"""Two views of the same files of TypeScript: the compiler's own, and the hook's."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nightlatch.enum_parity import typescript
from nightlatch.enum_parity.expressions import ENUM, TEXT, Facts
from nightlatch.enum_parity.marks import is_marked
from nightlatch.enum_parity.resolve import Resolver, UnresolvedError

PACKAGE = Path(__file__).resolve().parents[1] / "enum_parity" / "typescript-compiler"

Members = tuple[tuple[str, str | None], ...]


@dataclass
class View:
    """Enums with their members (a text, or None where the value is none), and types with their labels.

    The keys are (path, name, line). `values` are the lists that a module exports when it runs, by (path, name); of
    the hook's view None where it doesn't tell what a list holds.
    """

    enums: dict[tuple[str, str, int], Members] = field(default_factory=dict)
    types: dict[tuple[str, str, int], frozenset[str]] = field(default_factory=dict)
    values: dict[tuple[str, str], list[str] | None] = field(default_factory=dict)


def compiler_view(node: str, folder: Path, paths: Iterable[Path]) -> View:
    """What the compiler in a folder's node_modules sees."""
    script = folder / "enums.js"
    script.write_bytes((PACKAGE / "enums.js").read_bytes())
    told = subprocess.run(
        (node, "--max-old-space-size=4096", str(script)),
        input="\n".join(map(str, paths)),
        cwd=folder,
        capture_output=True,
        check=True,
        encoding="utf-8",
    ).stdout
    view = View()
    for line in told.splitlines():
        one: dict[str, Any] = json.loads(line)
        if one["kind"] == "value":
            view.values[one["path"], one["name"]] = one["labels"]
            continue
        key = (one["path"], one["name"], one["line"])
        if one["kind"] == "enum":
            view.enums[key] = tuple((name, value) for name, value in one["members"])
        else:
            view.types[key] = frozenset(one["labels"])
    return view


def our_view(paths: Iterable[Path]) -> View:
    """What the hook's reader sees of the same files, each by itself."""
    plain, with_jsx = typescript.parsers()
    view = View()
    for path in paths:
        text = path.read_bytes()
        if is_marked(str(path), text):
            facts = typescript.read(text, with_jsx if path.suffix == ".tsx" else plain)
            view.enums.update(_enums(str(path), facts))
            view.types.update(_types(str(path), facts))
            view.values.update(_values(str(path), facts))
    return view


def _enums(path: str, facts: Facts) -> Iterator[tuple[tuple[str, str, int], Members]]:
    resolver = Resolver(lambda _: facts, lambda _module, _importer: None)
    for one in facts.declared:
        if one.kind == ENUM and one.expression[0] == ENUM:
            members = [(name, _text(resolver, value, path)) for name, value, _ in one.expression[1]]
            yield (path, one.name, one.line), tuple(members)


def _text(resolver: Resolver, value: Any, path: str) -> str | None:
    if value[0] == TEXT:
        return str(value[1])
    try:
        labels = resolver.labels(value, path)
    except UnresolvedError:
        return None
    return labels[0].text if len(labels) == 1 else None


def _types(path: str, facts: Facts) -> Iterator[tuple[tuple[str, str, int], frozenset[str]]]:
    resolver = Resolver(lambda _: facts, lambda _module, _importer: None)
    for one in facts.declared:
        if one.kind in ("union", "type"):
            try:
                labels = resolver.labels(one.expression, path)
            except UnresolvedError:
                continue
            yield (path, one.name, one.line), frozenset(label.text for label in labels)


def _values(path: str, facts: Facts) -> Iterator[tuple[tuple[str, str], list[str] | None]]:
    resolver = Resolver(lambda _: facts, lambda _module, _importer: None)
    for one in facts.declared:
        if one.kind in ("constant", "array"):
            try:
                yield (path, one.name), [label.text for label in resolver.labels(one.expression, path)]
            except UnresolvedError:
                yield (path, one.name), None
