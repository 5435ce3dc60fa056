"""What a record concerns equals OSV's evaluation, written a second time in `bench/osv_evaluation.py`."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.osv_evaluation import is_concerned
from nightlatch.advisories.osv import read
from nightlatch.core.advisories.ecosystems import ECOSYSTEMS
from tests.support.advisories import RANGE_TYPES, Record, events, record

VERSIONS = {
    "PyPI": (
        "0", "0.1", "0.9.dev0", "0.9", "1.0.dev1", "1.0a1", "1.0a1.post1", "1.0b2", "1.0rc1", "1.0", "1.0.0",
        "1.0+local.1", "1.0.post1", "1.0.1", "1.1.dev3", "1.1", "1.10", "1.9", "2.0", "2.0+cu118", "10.0", "1!0.1",
    ),
    "npm": (
        "0.0.0-0", "0.0.0", "0.0.1", "0.9.9", "1.0.0-0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
        "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.0+build.5", "1.0.1-0", "1.0.1", "1.1.0",
        "1.9.0", "1.10.0", "2.0.0-rc.1", "2.0.0", "10.0.0",
    ),
}  # fmt: skip
"""Close to one another, so that bounds meet, and versions stand right beside them."""

KINDS = ("introduced", "introduced", "fixed", "last_affected", "limit")
NO_VERSION = "2.6.0-NA"
GIT = {"type": "GIT", "repo": "https://example.com/x", "events": [{"introduced": "0"}, {"fixed": "deadbeef"}]}
EXAMPLES = 2500
MOST_EVENTS = 7
RARELY = 0.04


def answers(ecosystem: str, parts: Sequence[Record], version: str, id: str = "X-1") -> tuple[str, str]:
    """What the record says of a version, by ours and by the oracle: yes, no or open."""
    entries = [{"package": {"ecosystem": ecosystem, "name": "thing"}, **part} for part in parts]
    ours = read(record(id, *entries)).packages[ecosystem, "thing"]
    is_ours = ours.concerns(ECOSYSTEMS[ecosystem].key(version), version)
    mine = "yes" if is_ours else "open" if ours.is_unreadable else "no"
    theirs = [is_concerned(entry, ecosystem, version, is_malware=id.startswith("MAL-")) for entry in entries]
    return mine, "yes" if True in theirs else "open" if None in theirs else "no"


def any_part(ecosystem: str, dice: random.Random) -> Record:
    """An entry of `affected` with ranges whose events stand in any order and number, and with or without a list."""

    def event() -> dict[str, str]:
        kind = dice.choice(KINDS)
        if kind == "introduced" and dice.random() < 1 / 3:
            return {kind: "0"}
        if kind == "limit" and dice.random() < 1 / 3:
            return {kind: "*"}
        return {
            kind: NO_VERSION if ecosystem == "PyPI" and dice.random() < RARELY else dice.choice(VERSIONS[ecosystem])
        }

    def one_range() -> Record:
        if dice.random() < RARELY:
            return GIT
        found = [event() for _ in range(dice.randint(1, MOST_EVENTS))]
        return {"type": RANGE_TYPES[ecosystem], "events": found}

    part: Record = {"ranges": [one_range() for _ in range(dice.choice((0, 1, 1, 2, 3)))]}
    if dice.random() < 1 / 3:
        part["versions"] = dice.sample(VERSIONS[ecosystem], dice.randint(0, 3))
    return part


@pytest.mark.parametrize("ecosystem", ECOSYSTEMS)
@pytest.mark.parametrize("seed", range(2))
def test_tens_of_thousands_of_versions(ecosystem: str, seed: int) -> None:
    dice = random.Random(seed)
    seen: Counter[str] = Counter()
    for _ in range(EXAMPLES):
        parts = [any_part(ecosystem, dice) for _ in range(dice.choice((1, 1, 1, 2)))]
        for version in dice.sample(VERSIONS[ecosystem], 3):
            ours, theirs = answers(ecosystem, parts, version)
            assert ours == theirs, f"{version} of {parts}"
            seen[ours] += 1
    assert min(seen.values()) > EXAMPLES / 10, seen
    assert set(seen) == {"yes", "no", "open"}


@given(st.data())
def test_whatever_the_events(data: st.DataObject) -> None:
    """The same, with examples that shrink."""
    ecosystem = data.draw(st.sampled_from(list(ECOSYSTEMS)))
    version = st.sampled_from(VERSIONS[ecosystem])
    event = st.one_of(
        st.just({"introduced": "0"}),
        st.builds(lambda kind, at: {kind: at}, st.sampled_from(KINDS), version),
    )
    ranges = st.lists(
        st.fixed_dictionaries({"type": st.just(RANGE_TYPES[ecosystem]), "events": st.lists(event, min_size=1)}),
        max_size=3,
    )
    part = {"ranges": data.draw(ranges), "versions": data.draw(st.lists(version, max_size=2))}
    ours, theirs = answers(ecosystem, [part], data.draw(version))
    assert ours == theirs


def case(*pairs: str, versions: Sequence[str] = (), type: str = "ECOSYSTEM") -> Record:
    found: Record = {"ranges": [{"type": type, "events": events(*pairs)}]}
    return found | ({"versions": list(versions)} if versions else {})


CASES = {
    "from the first version on": (case("introduced 0", "fixed 2.0"), "0", "yes"),
    "before what introduced it": (case("introduced 1.0", "fixed 2.0"), "0.9", "no"),
    "at what introduced it": (case("introduced 1.0", "fixed 2.0"), "1.0", "yes"),
    "at what mended it": (case("introduced 1.0", "fixed 2.0"), "2.0", "no"),
    "at the last one": (case("introduced 1.0", "last_affected 2.0"), "2.0", "yes"),
    "behind the last one": (case("introduced 1.0", "last_affected 2.0"), "2.0.1", "no"),
    "between two pairs": (case("introduced 1.0", "fixed 1.5", "introduced 2.0", "fixed 2.5"), "1.7", "no"),
    "in the second pair": (case("introduced 1.0", "fixed 1.5", "introduced 2.0", "fixed 2.5"), "2.1", "yes"),
    "not in order": (case("fixed 2.5", "introduced 2.0", "fixed 1.5", "introduced 1.0"), "1.7", "no"),
    "not in order, concerned": (case("fixed 2.5", "introduced 2.0", "fixed 1.5", "introduced 1.0"), "2.1", "yes"),
    "introduced once more": (case("introduced 1.0", "fixed 1.5", "introduced 3.0"), "9", "yes"),
    "introduced twice": (case("introduced 1.0", "introduced 1.2", "fixed 1.5"), "1.1", "yes"),
    "mended twice": (case("introduced 0", "fixed 1.5", "fixed 2.0"), "1.7", "no"),
    "several last ones": (case("introduced 0", "last_affected 1.0", "last_affected 2.0"), "1.5", "no"),
    "last and mended": (case("introduced 0", "last_affected 1.0", "fixed 2.0"), "1.5", "no"),
    "a local one, mended": (case("introduced 0", "last_affected 2.0", "fixed 2.0+b"), "2.0+c", "no"),
    "a local one": (case("introduced 0", "last_affected 2.0", "fixed 2.0+b"), "2.0+a", "yes"),
    "at the limit": (case("introduced 1.0", "limit 2.0"), "2.0", "no"),
    "before the limit": (case("introduced 1.0", "limit 2.0"), "1.9", "yes"),
    "one of several limits": (case("introduced 1.0", "limit 2.0", "limit 3.0"), "2.5", "yes"),
    "no limit": (case("introduced 1.0", "limit *"), "99", "yes"),
    "in the list alone": (case("introduced 1.0", "fixed 2.0", versions=["3.1"]), "3.1", "yes"),
    "in the range alone": (case("introduced 1.0", "fixed 2.0", versions=["3.1"]), "1.5", "yes"),
    "a range of another ecosystem's": (case("introduced 1.0", "fixed 2.0", type="SEMVER"), "1.5", "open"),
    "commits alone": ({"ranges": [GIT]}, "1.5", "open"),
    "commits and a list": ({"ranges": [GIT], "versions": ["1.0"]}, "1.5", "no"),
    "commits first": ({"ranges": [GIT, case("introduced 0", "fixed 2.0")["ranges"][0]]}, "1.5", "yes"),
    "nothing at all": ({}, "1.5", "open"),
    "nothing introduced": (case("fixed 2.0"), "1.5", "open"),
    "no version": (case("introduced 0", "last_affected 2.6.0-NA"), "1.5", "open"),
    "no version, and a list": (case("introduced 0", "last_affected 2.6.0-NA", versions=["1.5"]), "1.5", "yes"),
}  # fmt: skip


@pytest.mark.parametrize(("part", "version", "expected"), CASES.values(), ids=CASES)
def test_by_hand(part: Record, version: str, expected: str) -> None:
    assert answers("PyPI", [part], version) == (expected, expected)


def test_malware_without_versions_is_every_version() -> None:
    assert answers("npm", [{}], "1.0.0", id="MAL-2026-1") == ("yes", "yes")
