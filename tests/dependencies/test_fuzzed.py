"""Lockfiles whose structure is broken on purpose: whatever comes, the hook gives findings or a clear reason."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nightlatch.core.advisories.database import Database
from tests.dependencies.memory_source import MemorySource, findings
from tests.dependencies.test_cases import CASES, read

SAMPLES = {
    "package-lock.json": "npm-vulnerable-and-malicious",
    "old/package-lock.json": "npm-version-1",
    "pnpm-lock.yaml": "pnpm-vulnerable",
    "uv.lock": "uv-git",
    "poetry.lock": "poetry",
    "pylock.dev.toml": "pylock",
    "Pipfile.lock": "pipenv",
}
"""The lockfile → the case that has it and its manifest."""

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.just(10**400),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", ".", "..", "/", "\ud800", "\0", "a\nb", "é", "${X}", "@", "@/", "npm:", "a" * 5_000, "1.0.0"]),
    st.text(max_size=8),
    st.sampled_from([[], [[]], [{}], {}, {"": ""}, {"a": {}}, {"name": []}, ["a"], [None]]),
    st.integers(50, 300).map(lambda depth: json.loads("[" * depth + "]" * depth)),
)


def places(node: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each node below."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield (*at, key)
        yield from places(value, (*at, key))


def changed(document: Any, data: st.DataObject) -> Any:
    """The document with a node exchanged, taken away, renamed or doubled."""
    *above, last = data.draw(st.sampled_from(list(places(document)) or [("a",)]))
    place = document
    for key in above:
        place = place[key]
    what = data.draw(st.sampled_from(["exchange", "exchange", "take away", "rename", "copy"]))
    if not isinstance(place, dict | list) or (isinstance(place, dict) and last not in place):
        return document
    if what == "exchange":
        place[last] = deepcopy(data.draw(ODD))
    elif what == "take away" or isinstance(place, list):
        del place[last]
    elif what == "rename":
        place[data.draw(st.sampled_from(["", "é", "..", "a/b", "\ud800", "node_modules/", "\0", "@x/y@1.0.0"]))] = (
            place.pop(last)
        )
    else:
        place[data.draw(st.sampled_from(["name", "version", "source", "resolved", "packages"]))] = deepcopy(place[last])
    return document


def as_toml(document: Any) -> str:
    """Enough of TOML for any tree: everything inline but the tables and lists of tables at the top."""

    def value(node: Any) -> str:
        if isinstance(node, dict):
            return "{" + ", ".join(f"{text(key)} = {value(inner)}" for key, inner in node.items()) + "}"
        if isinstance(node, list):
            return "[" + ", ".join(map(value, node)) + "]"
        if isinstance(node, bool):
            return str(node).lower()
        return text(node) if isinstance(node, str) or node is None else str(node)

    def text(node: Any) -> str:
        return json.dumps(node or "", ensure_ascii=True)

    lines = [f"{text(key)} = {value(node)}" for key, node in document.items() if not _is_block(node)]
    for key, node in document.items():
        for block in node if _is_block(node) else ():
            name = key if re.fullmatch(r"[a-z-]+", key) else text(key)
            lines += [
                f"[[{name}]]",
                *(f"{text(inner) if inner != 'name' else inner} = {value(one)}" for inner, one in block.items()),
            ]
    return "\n".join(lines) + "\n"


def _is_block(node: Any) -> bool:
    return isinstance(node, list) and bool(node) and all(isinstance(one, dict) for one in node)


def as_pnpm(document: Any) -> str:
    """Each key at the top in pnpm's own way, what is below it in the way of the library."""
    plain = json.loads(json.dumps(document))
    return "".join(f"{yaml.safe_dump({key: node}, allow_unicode=True, width=10_000)}\n" for key, node in plain.items())


def parsed(name: str, text: str) -> Any:
    if name.endswith(("toml", "uv.lock", "poetry.lock")):
        return tomllib.loads(text)
    if name.endswith(".yaml"):
        return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - which makes nothing but texts
    return json.loads(text)


def written(name: str, document: Any) -> str:
    if name.endswith(("toml", "uv.lock", "poetry.lock")):
        return as_toml(document)
    return as_pnpm(document) if name.endswith(".yaml") else json.dumps(document, indent=2)


@pytest.mark.parametrize("name", SAMPLES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(data=st.data())
def test_a_structure_that_is_broken_is_judged_or_refused(
    whole_advisories: Path, name: str, data: st.DataObject
) -> None:
    files, _ = read(CASES / f"{SAMPLES[name]}.txt")
    plain = name.rpartition("/")[2]
    document = parsed(plain, files[plain])
    for _ in range(data.draw(st.integers(1, 3))):
        document = changed(document, data)
    text = written(plain, document)
    source = MemorySource(files | {plain: text}, data.draw(st.sampled_from([None, files, {}])))
    names = dict.fromkeys(("PyPI", "npm"), str(whole_advisories))
    found = findings(source, lambda: Database(names))
    for finding in found:
        told = json.dumps([finding.message, finding.fix, finding.data], ensure_ascii=False)
        assert told.encode()
        assert finding.line is None or finding.line > 0
    for reason in source.unchecked:
        assert reason.encode()
        assert "\n" not in reason
        assert len(reason) < 1_000


@pytest.mark.parametrize("name", ["uv.lock", "poetry.lock", "pylock.dev.toml"])
def test_the_writer_writes_what_the_library_reads(name: str) -> None:
    files, _ = read(CASES / f"{SAMPLES[name]}.txt")
    document = tomllib.loads(files[name])
    assert tomllib.loads(as_toml(document)) == document
