"""Real records against an independent evaluation: which versions does each concern, and in which order do they stand?

    python -m bench.advisories_oracle FOLDER [--semver FOLDER] [--pairs 200000] [--most 60] [--packages N]

FOLDER holds OSV records as JSON or YAML, such as a clone of PyPA's advisory database or of OpenSSF's malicious
packages; nothing of it belongs into this repository. Every record must load or be counted with its reason. For each
package of PyPI and npm every version that any record names, and its neighbours, are asked for: the answer must equal
that of `osv_evaluation`. The order of all these versions must equal `packaging`'s and Semantic Versioning's. With
--semver, the folder of node's `semver` package (npm brings it along), the same on made-up versions by node itself.
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
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from bench.osv_evaluation import TYPES, comparable, compare, is_concerned, is_version, parts_about
from nightlatch.advisories.build import build
from nightlatch.core.advisories import pep440, semver
from nightlatch.core.advisories.database import Database
from nightlatch.core.advisories.matching import match

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

NEIGHBOURS = {
    "PyPI": ("", ".0", ".1", "a1", "rc1", ".post1", ".dev1", "+local.1"),
    "npm": ("", "-0", "-rc.1", "-rc.1.x", "0", "+build"),
}
EXTREMES = {"PyPI": ("0.0.0.dev0", "99999"), "npm": ("0.0.0-0", "99999.0.0")}
KEYS = {"PyPI": pep440.key, "npm": semver.bound}
SEED = 20261122
OFTEN, SELDOM = 0.6, 0.2
ORDER = """
const semver = require(process.argv[1]);
const pairs = JSON.parse(require('fs').readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(pairs.map(([a, b]) => semver.compare(a, b))));
"""

Records = dict[tuple[str, str], list[dict[str, Any]]]
"""(ecosystem, name of a package) → the records about it that were not withdrawn."""


class Package:
    """What the matcher asks of a locked package."""

    def __init__(self, ecosystem: str, name: str, version: str) -> None:
        self.ecosystem, self.name, self.version = ecosystem, name, version


def main() -> int:
    """Compare, and print what was compared and what differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--semver", type=Path)
    parser.add_argument(
        "--most", type=int, default=60, help="versions of a package at bounds, and others, chosen at random"
    )
    parser.add_argument("--packages", type=int, default=0, help="only so many packages of each ecosystem, at random")
    parser.add_argument("--pairs", type=int, default=200_000)
    options = parser.parse_args()
    dice = random.Random(SEED)  # noqa: S311 - the same vectors in every run
    records = list(read(options.folder))
    wrong = compare_matches(options.folder, records, options.most, options.packages, dice)
    for ecosystem in TYPES:
        versions = sorted({version for record in records for version in named(record, ecosystem)})
        if versions:
            order, key = partial(by_oracle, ecosystem), KEYS[ecosystem]
            wrong += compare_order(ecosystem, versions, key=key, oracle=order, count=options.pairs, dice=dice)
    if options.semver:
        vectors = [semantic(dice) for _ in range(options.pairs // 10)]
        node = by_node(options.semver)
        wrong += compare_order("semver", vectors, key=semver.key, oracle=node, count=options.pairs, dice=dice)
    return 1 if wrong else 0


def read(folder: Path) -> Iterator[dict[str, Any]]:
    """The records, by parsers of their own; hidden files are none, as for `advisories build`."""
    for path in sorted(folder.rglob("*")):
        if any(part.startswith(".") for part in path.relative_to(folder).parts) or not path.is_file():
            continue
        if path.suffix == ".json":
            yield json.loads(path.read_text(encoding="utf-8"))
        elif path.suffix in (".yaml", ".yml"):
            yield yaml.load(path.read_text(encoding="utf-8"), yaml.CBaseLoader)  # noqa: S506 - makes text alone


def compare_matches(
    folder: Path, records: Sequence[dict[str, Any]], most: int, packages: int, dice: random.Random
) -> int:
    """Build, ask for every version, and print the sums; how many answers differ."""
    known = by_package(records)
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
        database = Database(dict.fromkeys(TYPES, output))
        for ecosystem in TYPES:
            names = [name for one, name in known if one == ecosystem]
            chosen = dice.sample(names, packages) if 0 < packages < len(names) else names
            wrong += compare_packages(ecosystem, chosen, known, database, most, dice)
        database.close()
    return wrong


def by_package(records: Sequence[dict[str, Any]]) -> Records:
    """The records that stand, by the packages that they are about."""
    found: Records = defaultdict(list)
    for record in records:
        if "withdrawn" in record or "id" not in record:
            continue
        packages = [part.get("package", {}) for part in record.get("affected", [])]
        for place in {(one.get("ecosystem"), comparable(one["ecosystem"], one["name"])) for one in packages if one}:
            found[place].append(record)
    return found


def compare_packages(  # noqa: PLR0917 - what it compares
    ecosystem: str, names: Sequence[str], known: Records, database: Database, most: int, dice: random.Random
) -> int:
    """Ask for versions of each of these packages, and print the sums; how many answers differ."""
    asked = concerned = unchecked = wrong = 0
    for name in names:
        those = known[ecosystem, name]
        for version in versions_to_ask(those, ecosystem, name, most, dice):
            expected, open_ones = evaluate(those, ecosystem, name, version)
            left: list[str] = []
            found = [one for _, one in match([Package(ecosystem, name, version)], database, partial(note, left))]
            asked, concerned, unchecked = asked + 1, concerned + bool(found), unchecked + bool(left)
            if not is_same(expected, open_ones, found, left):
                wrong += 1
                print(f"differs: {name} {version}: {sorted(expected)}, {[one.ids for one in found]}, {left}")
    print(
        f"{ecosystem}: {asked} versions of {len(names)} packages, "
        f"{concerned} concerned, {unchecked} unchecked, {wrong} wrong"
    )
    return wrong


def note(left: list[str], _: Package, why: str) -> None:
    """Keep why a package was left unchecked."""
    left.append(why)


def versions_to_ask(
    records: Sequence[dict[str, Any]], ecosystem: str, name: str, most: int, dice: random.Random
) -> list[str]:
    """As many of those at bounds, and of all that are named, each with its neighbours; and two extremes."""
    parts = [part for record in records for part in parts_about(record, ecosystem, name)]
    bounds = sorted({near for one in parts for near in neighbours({"ranges": one.get("ranges", [])}, ecosystem)})
    every = sorted({near for one in parts for near in neighbours(one, ecosystem)})
    chosen = [version for some in (bounds, every) for version in dice.sample(some, min(most, len(some)))]
    return sorted({*EXTREMES[ecosystem], *chosen})


def is_same(expected: set[str], open_ones: set[str], found: Sequence[Any], left: Sequence[str]) -> bool:
    """Each id in one match, each match for one of the ids, and unchecked where a record of none of them is open."""
    told = [id for one in found for id in one.ids]
    each_once = all(told.count(id) == 1 for id in expected)
    return each_once and all(one.advisory in expected for one in found) and bool(open_ones - set(told)) == bool(left)


def evaluate(records: Sequence[dict[str, Any]], ecosystem: str, name: str, version: str) -> tuple[set[str], set[str]]:
    """The ids of the records that concern a version, and of those that leave it open."""
    concerned, open_ones = set(), set()
    for record in records:
        is_malware = any(id.startswith("MAL-") for id in (record["id"], *record.get("aliases", [])))
        parts = parts_about(record, ecosystem, name)
        answers = [is_concerned(one, ecosystem, version, is_malware=is_malware) for one in parts]
        if True in answers:
            concerned.add(record["id"])
        elif None in answers:
            open_ones.add(record["id"])
    return concerned, open_ones


def named(record: dict[str, Any], ecosystem: str) -> Iterator[str]:
    """Every version that can be compared in what a record says of packages of an ecosystem."""
    for part in record.get("affected", []):
        if part.get("package", {}).get("ecosystem") == ecosystem:
            yield from named_in(part, ecosystem)


def named_in(part: dict[str, Any], ecosystem: str) -> Iterator[str]:
    """Every version that can be compared in an entry."""
    ranges = [one for one in part.get("ranges", []) if one["type"] in TYPES[ecosystem]]
    bounds = [value for one in ranges for event in one["events"] for value in event.values()]
    for version in (*part.get("versions", []), *bounds):
        if is_version(ecosystem, version):
            yield version


def neighbours(part: dict[str, Any], ecosystem: str) -> Iterator[str]:
    """The versions in an entry, and what lies right beside them; all with as many numbers as the ecosystem asks for."""
    for version in named_in(part, ecosystem):
        for end in NEIGHBOURS[ecosystem]:
            if can_be_locked(ecosystem, version + end):
                yield version + end


def can_be_locked(ecosystem: str, version: str) -> bool:
    """Whether a lockfile could have it: npm's versions always have three numbers."""
    try:
        (semver if ecosystem == "npm" else pep440).key(version)
    except ValueError:
        return False
    return is_version(ecosystem, version)


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


def by_oracle(ecosystem: str, pairs: Sequence[tuple[str, str]]) -> list[int]:
    """The order of an ecosystem as its specification or its library has it."""
    return [compare(ecosystem, one, other) for one, other in pairs]


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
