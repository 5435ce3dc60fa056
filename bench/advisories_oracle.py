"""Real records against an independent evaluation: which versions does each concern, and in which order do they stand?

    python -m bench.advisories_oracle FOLDER [--semver FOLDER] [--pairs 200000] [--most 60]

FOLDER holds OSV records as JSON or YAML, such as a clone of PyPA's advisory database; nothing of it belongs into this
repository. Every record must load or be counted with its reason. For each package every version that any record
names, and its neighbours, are asked for: the answer must equal that of OSV's evaluation, written here as the
specification tells it, on `packaging`'s versions. The order of all these versions must equal `packaging`'s. With
--semver, the folder of node's `semver` package (npm brings it along), the same for Semantic Versioning.
Exit code 1 where anything differs.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from packaging.specifiers import Specifier
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from nightlatch.advisories.build import build
from nightlatch.core.advisories import pep440, semver
from nightlatch.core.advisories.database import Database
from nightlatch.core.advisories.matching import match

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

NEIGHBOURS = ("", ".0", ".1", "a1", "rc1", ".post1", ".dev1", "+local.1")
SEED = 20261122
OFTEN, SELDOM = 0.6, 0.2
ORDER = """
const semver = require(process.argv[1]);
const pairs = JSON.parse(require('fs').readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(pairs.map(([a, b]) => semver.compare(a, b))));
"""


class Package:
    """What the matcher asks of a locked package."""

    def __init__(self, name: str, version: str) -> None:
        self.ecosystem, self.name, self.version = "PyPI", name, version


def main() -> int:
    """Compare, and print what was compared and what differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--semver", type=Path)
    parser.add_argument(
        "--most", type=int, default=60, help="versions of a package at bounds, and others, chosen at random"
    )
    parser.add_argument("--pairs", type=int, default=200_000)
    options = parser.parse_args()
    dice = random.Random(SEED)  # noqa: S311 - the same vectors in every run
    records = list(read(options.folder))
    wrong = compare_matches(options.folder, records, options.most, dice)
    versions = sorted({version for record in records for version in named(record)})
    wrong += compare_order("PEP 440", versions, key=pep440.key, oracle=by_packaging, count=options.pairs, dice=dice)
    if options.semver:
        vectors = [semantic(dice) for _ in range(options.pairs // 10)]
        node = by_node(options.semver)
        wrong += compare_order("semver", vectors, key=semver.key, oracle=node, count=options.pairs, dice=dice)
    return 1 if wrong else 0


def read(folder: Path) -> Iterator[dict[str, Any]]:
    """The records, by parsers of their own."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".json":
            yield json.loads(path.read_text(encoding="utf-8"))
        elif path.suffix in (".yaml", ".yml"):
            yield yaml.load(path.read_text(encoding="utf-8"), yaml.CBaseLoader)  # noqa: S506 - makes text alone


def compare_matches(folder: Path, records: Sequence[dict[str, Any]], most: int, dice: random.Random) -> int:
    """Build, ask for every version, and print the sums; how many answers differ."""
    by_package: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in records:
        for name in {str(canonicalize_name(one["package"]["name"])) for one in python_parts(record)}:
            if "withdrawn" not in record:
                by_package[name].append(record)
    with tempfile.TemporaryDirectory() as place:
        output = str(Path(place) / "advisories.sqlite")
        start = time.perf_counter()
        counts = build([str(folder)], output, is_partial=True, now=time.time())
        print(f"build: {time.perf_counter() - start:.1f} s, {Path(output).stat().st_size / 1e6:.1f} MB")
        print(
            f"records: {counts.read} read, {counts.withdrawn} withdrawn, {counts.others} of other ecosystems, "
            f"{counts.partly} kept and not evaluated whole, refused: {counts.refused or 'none'}"
        )
        wrong = int(counts.read != len(records))
        database = Database({"PyPI": output})
        asked = concerned = unchecked = 0
        for name, those in by_package.items():
            for version in versions_to_ask(those, name, most, dice):
                expected, open_ones = evaluate(those, name, version)
                left: list[str] = []
                package = Package(name, version)
                found = [one for _, one in match([package], database, partial(note, left))]
                asked, concerned, unchecked = asked + 1, concerned + bool(found), unchecked + bool(left)
                if not is_same(expected, open_ones, found, left):
                    wrong += 1
                    print(f"differs: {name} {version}: {sorted(expected)}, {[one.ids for one in found]}, {left}")
        database.close()
    print(
        f"matches: {asked} versions of {len(by_package)} packages, "
        f"{concerned} concerned, {unchecked} unchecked, {wrong} wrong"
    )
    return wrong


def note(left: list[str], _: Package, why: str) -> None:
    """Keep why a package was left unchecked."""
    left.append(why)


def versions_to_ask(records: Sequence[dict[str, Any]], name: str, most: int, dice: random.Random) -> list[str]:
    """As many of those at bounds, and of all that are named, each with its neighbours; and two extremes."""
    parts = [
        one for record in records for one in python_parts(record) if canonicalize_name(one["package"]["name"]) == name
    ]
    bounds = sorted({near for one in parts for near in neighbours({"ranges": one.get("ranges", [])})})
    every = sorted({near for one in parts for near in neighbours(one)})
    chosen = [version for some in (bounds, every) for version in dice.sample(some, min(most, len(some)))]
    return sorted({"0.0.0.dev0", "99999", *chosen})


def is_same(expected: set[str], open_ones: set[str], found: Sequence[Any], left: Sequence[str]) -> bool:
    """Each id in one match, each match for one of the ids, and unchecked where a record of none of them is open."""
    told = [id for one in found for id in one.ids]
    each_once = all(told.count(id) == 1 for id in expected)
    return each_once and all(one.advisory in expected for one in found) and bool(open_ones - set(told)) == bool(left)


def python_parts(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What a record says of packages of PyPI."""
    return (one for one in record.get("affected", []) if one.get("package", {}).get("ecosystem") == "PyPI")


def evaluate(records: Sequence[dict[str, Any]], name: str, version: str) -> tuple[set[str], set[str]]:
    """The ids of the records that concern a version, and of those that leave it open."""
    concerned, open_ones = set(), set()
    for record in records:
        parts = [one for one in python_parts(record) if canonicalize_name(one["package"]["name"]) == name]
        answers = [is_concerned(one, version) for one in parts]
        if True in answers:
            concerned.add(record["id"])
        elif None in answers:
            open_ones.add(record["id"])
    return concerned, open_ones


def is_concerned(part: dict[str, Any], version: str) -> bool | None:
    """OSV's evaluation; None where a version in it is none."""
    if any(is_equal(version, one) for one in part.get("versions", [])):
        return True
    answer: bool | None = False
    for one in part.get("ranges", []):
        if one["type"] == "ECOSYSTEM":
            try:
                if in_range(one["events"], parsed(version)):
                    return True
            except InvalidVersion:
                answer = None
    return answer


def in_range(events: Sequence[dict[str, str]], version: Version) -> bool:
    """The events one after the other, in the order of their versions."""
    is_vulnerable = False
    for event in sorted(events, key=lambda event: order_of(next(iter(event.values())))):
        ((kind, value),) = event.items()
        if kind == "introduced" and (value == "0" or version >= parsed(value)):
            is_vulnerable = True
        elif (kind == "fixed" and version >= parsed(value)) or (
            kind == "last_affected" and not is_at_most(version, value)
        ):
            is_vulnerable = False
    return is_vulnerable


def order_of(value: str) -> tuple[int, Version]:
    """`0` stands before everything."""
    return (0, parsed("0")) if value == "0" else (1, parsed(value))


def is_at_most(version: Version, last: str) -> bool:
    """As the specifier `<=` has it, for which a local version is its public one."""
    return version <= parsed(last) if "+" in last else specifier(f"<={last}").contains(version, prereleases=True)


def is_equal(version: str, listed: str) -> bool:
    """As the specifier `==` has it."""
    try:
        return specifier(f"=={parsed(listed)}").contains(parsed(version), prereleases=True)
    except InvalidVersion:
        return version == listed


@lru_cache(maxsize=100_000)
def parsed(version: str) -> Version:
    """A version. Raises InvalidVersion."""
    return Version(version)


@lru_cache(maxsize=100_000)
def specifier(text: str) -> Specifier:
    """A specifier."""
    return Specifier(text)


def named(record: dict[str, Any]) -> Iterator[str]:
    """Every version that PEP 440 knows in what a record says of packages of PyPI."""
    for part in python_parts(record):
        yield from named_in(part)


def named_in(part: dict[str, Any]) -> Iterator[str]:
    """Every version that PEP 440 knows in an entry."""
    ranges = [one for one in part.get("ranges", []) if one["type"] == "ECOSYSTEM"]
    bounds = [value for one in ranges for event in one["events"] for value in event.values()]
    for version in (*part.get("versions", []), *bounds):
        try:
            parsed(version)
        except InvalidVersion:
            continue
        yield version


def neighbours(part: dict[str, Any]) -> Iterator[str]:
    """The versions in an entry, and what lies right beside them."""
    for version in named_in(part):
        for end in NEIGHBOURS:
            try:
                parsed(version + end)
            except InvalidVersion:
                continue
            yield version + end


def compare_order(
    label: str,
    versions: Sequence[str],
    *,
    key: Callable[[str], str],
    oracle: Callable[[Sequence[tuple[str, str]]], list[int]],
    count: int,
    dice: random.Random,
) -> int:
    """So many pairs by both, and print the sum; how many differ."""
    pairs = [(dice.choice(versions), dice.choice(versions)) for _ in range(count)]
    found = [(key(one) > key(other)) - (key(one) < key(other)) for one, other in pairs]
    wrong = [pair for pair, ours, theirs in zip(pairs, found, oracle(pairs), strict=True) if ours != theirs]
    print(f"{label}: {len(pairs)} pairs of {len(set(versions))} versions, {len(wrong)} wrong {wrong[:5] or ''}")
    return len(wrong)


def by_packaging(pairs: Sequence[tuple[str, str]]) -> list[int]:
    """The order of PEP 440 as its library has it."""
    return [(parsed(one) > parsed(other)) - (parsed(one) < parsed(other)) for one, other in pairs]


def by_node(package: Path) -> Callable[[Sequence[tuple[str, str]]], list[int]]:
    """The order as node's package has it."""

    def order(pairs: Sequence[tuple[str, str]]) -> list[int]:
        node = shutil.which("node") or "node"
        done = subprocess.run(
            [node, "-e", ORDER, str(package.resolve())],
            input=json.dumps(pairs),
            capture_output=True,
            text=True,
            check=True,
        )
        answer: list[int] = json.loads(done.stdout)
        return answer

    return order


def semantic(dice: random.Random) -> str:
    """A version of Semantic Versioning."""
    version = ".".join(str(dice.choice((0, 0, 1, 2, 9, 10, 11, 2026, 9007199254740991))) for _ in range(3))
    if dice.random() < OFTEN:
        words = ("alpha", "beta", "rc", "0", "1", "2", "10", "11", "a1", "1a", "-", "--1", "A", "x-y-z", "99999999999")
        version += "-" + ".".join(dice.choice(words) for _ in range(dice.randint(1, 4)))
    if dice.random() < SELDOM:
        version += "+" + dice.choice(("build.1", "001", "20260101", "a-b"))
    return version


if __name__ == "__main__":
    sys.exit(main())
