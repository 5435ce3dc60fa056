"""Which advisories concern which packages: cases, and an evaluation of OSV's own written for the test."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.version import Version

from nightlatch.core.advisories.matching import Match, match, rank
from tests.support.advisories import Locked, Record, affected, build_partial, opened, record


@dataclass
class Answer:
    """What the matcher says of one package."""

    matches: list[Match]
    unchecked: list[str]

    @property
    def ids(self) -> list[str]:
        return [found.advisory for found in self.matches]


def ask(folder: Path, records: Sequence[Record], name: str, version: str, ecosystem: str = "PyPI") -> Answer:
    database = opened(build_partial(folder, *records))
    left: list[str] = []
    try:
        found = [one for _, one in match([Locked(ecosystem, name, version)], database, lambda _, why: left.append(why))]
    finally:
        database.close()
    return Answer(found, left)


def npm(name: str, *events: str, **more: Any) -> Record:
    return affected(name, *events, ecosystem="npm", **more)


# ── Versions ────────────────────────────────────────────────────────────────────────────────────────

PYTHON = [
    (("introduced 0", "fixed 1.2"), (), {"1.1": True, "1.2": False, "1.2rc1": True, "1.2.dev0": True, "1.10": False}),
    (
        ("introduced 1.0", "last_affected 1.5"),
        (),
        {"0.9": False, "1.0rc1": False, "1.0": True, "1.5": True, "1.5.1": False},
    ),
    (("introduced 1.0", "last_affected 1.5"), (), {"1.5+cu118": True, "1.5.post1": False}),
    (("introduced 0", "fixed 1.5"), (), {"1.5+cu118": False, "1.4+cu118": True}),
    (
        ("introduced 0", "fixed 1", "introduced 2", "fixed 2.5"),
        (),
        {"0.5": True, "1.0": False, "2.0.0": True, "2.5": False},
    ),
    (("introduced 2", "fixed 2.5", "fixed 1", "introduced 0"), (), {"0.5": True, "1.0": False, "2.1": True}),
    (("introduced 0", "limit 1.0"), (), {"0.9": True, "1.0": False}),
    (("introduced 0", "limit *"), (), {"99": True}),
    (("introduced 1!0",), (), {"2026.1": False, "1!0": True}),
    ((), ("1.0", "2.0rc1"), {"1.0.0": True, "2.0c1": True, "2.0": False, "1.0+local": True}),
    (("introduced 0", "fixed 1.0"), ("3.0",), {"0.5": True, "2.0": False, "3.0": True}),
    ((), ("1.0-legacy_build",), {"1.0-legacy_build": True, "1.0": False}),
]
NODE = [
    (("introduced 0", "fixed 1.2.3"), (), {"1.2.2": True, "1.2.3-rc.1": True, "1.2.3": False, "1.2.3+build": False}),
    (
        ("introduced 1.0.0", "last_affected 1.5.0"),
        (),
        {"1.0.0-alpha": False, "1.5.0": True, "1.5.0+b": True, "1.5.1-0": False},
    ),
    (("introduced 2.0", "fixed 3"), (), {"1.9.9": False, "2.0.0": True, "3.0.0": False}),
    ((), ("1.2.3",), {"1.2.3": True, "1.2.4": False}),
    (("introduced 0",), (), {"0.0.1": True, "999.0.0": True}),
]
CASES = [("PyPI", *case) for case in PYTHON] + [("npm", *case) for case in NODE]


@pytest.mark.parametrize(("ecosystem", "events", "versions", "expected"), CASES)
def test_versions(
    tmp_path: Path, ecosystem: str, events: Sequence[str], versions: Sequence[str], expected: dict[str, bool]
) -> None:
    entry = affected("thing", *events, ecosystem=ecosystem, versions=versions)
    database = opened(build_partial(tmp_path, record("GHSA-1", entry)))
    packages = [Locked(ecosystem, "thing", version) for version in expected]
    found = {
        package.version
        for package, _ in match(packages, database, lambda package, why: pytest.fail(f"{package} {why}"))
    }
    assert {version: version in found for version in expected} == expected


def test_git_ranges_are_left_aside(tmp_path: Path) -> None:
    entry = affected("thing", "introduced 0", "fixed 2.0")
    entry["ranges"].insert(0, {"type": "GIT", "repo": "x", "events": [{"introduced": "0"}, {"fixed": "abc"}]})
    assert ask(tmp_path, [record("A-1", entry)], "thing", "1.0").ids == ["A-1"]
    assert ask(tmp_path / "b", [record("A-1", entry)], "thing", "2.0") == Answer([], [])


@pytest.mark.parametrize("name", ["Acme.HTTP", "acme-http", "ACME__http", "acme_.-http"])
def test_names_of_python_packages_are_compared_as_pip_does(tmp_path: Path, name: str) -> None:
    assert ask(tmp_path, [record("A-1", affected("acme_HTTP", "introduced 0"))], name, "1").ids == ["A-1"]


def test_names_of_node_packages_are_compared_as_they_are(tmp_path: Path) -> None:
    records = [record("A-1", npm("@acme/Thing_x", "introduced 0"))]
    assert ask(tmp_path, records, "@acme/Thing_x", "1.0.0", "npm").ids == ["A-1"]
    assert ask(tmp_path / "b", records, "@acme/thing-x", "1.0.0", "npm").ids == []


def test_the_same_name_in_another_ecosystem_is_another_package(tmp_path: Path) -> None:
    assert ask(tmp_path, [record("A-1", npm("thing", "introduced 0"))], "thing", "1.0.0") == Answer([], [])


# ── Which records count ─────────────────────────────────────────────────────────────────────────────


def test_withdrawn_records_have_no_say(tmp_path: Path) -> None:
    records = [record("A-1", affected("thing", "introduced 0"), withdrawn="2026-01-01T00:00:00Z")]
    assert ask(tmp_path, records, "thing", "1") == Answer([], [])


def test_aliases_are_one_match(tmp_path: Path) -> None:
    records = [
        record("PYSEC-2026-1", affected("thing", "introduced 0", "fixed 1.4"), aliases=["CVE-2026-1"]),
        record(
            "GHSA-aaaa", affected("thing", "introduced 0", "fixed 1.5"), aliases=["CVE-2026-1"], severity="MODERATE"
        ),
        record("GHSA-bbbb", affected("thing", "introduced 0", "fixed 1.5"), aliases=["CVE-2026-2"], severity="LOW"),
    ]
    answer = ask(tmp_path, records, "thing", "1.0")
    assert [(found.advisory, found.aliases, found.severity) for found in answer.matches] == [
        ("GHSA-aaaa", ["CVE-2026-1", "PYSEC-2026-1"], "medium"),
        ("GHSA-bbbb", ["CVE-2026-2"], "low"),
    ]


def test_a_chain_of_aliases_is_one_match(tmp_path: Path) -> None:
    entry = affected("thing", "introduced 0")
    records = [
        record("A-1", entry, aliases=["B-1"]),
        record("C-1", entry, aliases=["D-1"]),
        record("E-1", entry, aliases=["B-1", "D-1"]),
    ]
    (found,) = ask(tmp_path, records, "thing", "1").matches
    assert set(found.ids) == {"A-1", "B-1", "C-1", "D-1", "E-1"}


def test_the_record_that_concerns_the_version_stands_for_its_group(tmp_path: Path) -> None:
    records = [
        record("GHSA-aaaa", affected("thing", "introduced 0", "fixed 1.0"), aliases=["CVE-1"], severity="CRITICAL"),
        record("PYSEC-1", affected("thing", "introduced 0", "fixed 2.0"), aliases=["CVE-1"]),
    ]
    (found,) = ask(tmp_path, records, "thing", "1.5").matches
    assert (found.advisory, found.severity) == ("PYSEC-1", "critical")


def test_severity_is_the_highest_of_the_group_and_unknown_counts_as_high(tmp_path: Path) -> None:
    (found,) = ask(tmp_path, [record("A-1", affected("thing", "introduced 0"))], "thing", "1").matches
    assert found.severity == "unknown"
    assert rank("unknown") == rank("high") < rank("critical")


@pytest.mark.parametrize(
    ("id", "more"),
    [
        ("MAL-2026-1", {}),
        ("GHSA-a", {"aliases": ["MAL-2026-1"]}),
        ("GHSA-a", {"database_specific": {"cwe_ids": ["CWE-506"]}}),
    ],
)
def test_malware_is_told(tmp_path: Path, id: str, more: dict[str, Any]) -> None:
    (found,) = ask(tmp_path, [record(id, npm("thing", "introduced 0"), **more)], "thing", "1.0.0", "npm").matches
    assert (found.is_malware, found.severity, found.fixed) == (True, "critical", None)


def test_malware_without_versions_means_all_of_them(tmp_path: Path) -> None:
    assert ask(tmp_path, [record("MAL-1", npm("thing"))], "thing", "1.0.0", "npm").ids == ["MAL-1"]


def test_summary_and_address(tmp_path: Path) -> None:
    entry = affected("thing", "introduced 0")
    page: dict[str, Any] = {
        "references": [{"type": "WEB", "url": "https://a.example"}, {"type": "ADVISORY", "url": "https://b.example/1"}]
    }
    records = [
        record("A-1", entry, summary="One\x1b[31m line", **page),
        record(
            "B-1",
            entry,
            details="First line.\nSecond.",
            references=[{"type": "ADVISORY", "url": "javascript:alert(1)"}],
        ),
    ]
    first, second = ask(tmp_path, records, "thing", "1").matches
    assert (first.summary, first.url) == ("One\\x1b[31m line", "https://b.example/1")
    assert (second.summary, second.url) == ("First line.", "https://osv.dev/vulnerability/B-1")


# ── What can't be decided ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "events",
    [
        ["introduced 0", "fixed not-a-version"],
        ["introduced ???"],
        ["fixed 1.0"],
        ["introduced 0", "mended 1.0"],
        ["introduced 0", "last_affected 1.x"],
    ],
)
def test_a_record_that_cant_be_evaluated_makes_its_package_unchecked(tmp_path: Path, events: list[str]) -> None:
    answer = ask(tmp_path, [record("A-1", affected("thing", *events))], "thing", "1.0")
    assert answer.ids == []
    assert [("A-1" in why, "can't be evaluated" in why) for why in answer.unchecked] == [(True, True)]


@pytest.mark.parametrize(
    "entry",
    [
        {"package": {"ecosystem": "PyPI", "name": "thing"}},
        {
            "package": {"ecosystem": "PyPI", "name": "thing"},
            "ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}],
        },
        {
            "package": {"ecosystem": "PyPI", "name": "thing"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}],
        },
        {"package": {"ecosystem": "PyPI", "name": "thing"}, "ranges": "all"},
        {"package": {"ecosystem": "PyPI", "name": "thing"}, "versions": [1.5]},
        {"package": {"ecosystem": "PyPI", "name": "thing"}, "versions": ["a b\tc"]},
    ],
)
def test_neither_does_a_record_without_usable_versions_let_it_pass(tmp_path: Path, entry: Record) -> None:
    answer = ask(tmp_path, [record("A-1", entry)], "thing", "1.0")
    assert (answer.ids, len(answer.unchecked)) == ([], 1)


def test_what_is_found_beside_it_is_told_too(tmp_path: Path) -> None:
    records = [
        record("A-1", affected("thing", "introduced 0", "fixed ?"), aliases=["CVE-1"]),
        record("B-1", affected("thing", "introduced 0", "fixed 2.0")),
    ]
    answer = ask(tmp_path, records, "thing", "1.0")
    assert (answer.ids, len(answer.unchecked)) == (["B-1"], 1)


def test_nothing_is_open_where_an_alias_decides(tmp_path: Path) -> None:
    records = [
        record("A-1", affected("thing", "introduced 0", "fixed ?"), aliases=["CVE-1"]),
        record("B-1", affected("thing", "introduced 0", "fixed 2.0"), aliases=["CVE-1"]),
    ]
    assert ask(tmp_path, records, "thing", "1.0").unchecked == []


@pytest.mark.parametrize("version", ["", "latest", "1.0 beta!", "git+ssh"])
def test_a_version_that_is_none_leaves_its_package_unchecked(tmp_path: Path, version: str) -> None:
    answer = ask(tmp_path, [record("A-1", affected("thing", "introduced 1"))], "thing", version)
    assert (answer.ids, len(answer.unchecked)) == ([], 1)


def test_such_a_version_is_concerned_where_all_are(tmp_path: Path) -> None:
    assert ask(tmp_path, [record("MAL-1", affected("thing", "introduced 0"))], "thing", "latest").ids == ["MAL-1"]


def test_an_unknown_ecosystem_is_unchecked(tmp_path: Path) -> None:
    answer = ask(tmp_path, [record("A-1", affected("thing", "introduced 1"))], "thing", "1", "Maven")
    assert (answer.ids, answer.unchecked) == ([], ["no advisories are kept for Maven"])


# ── The version that clears them all ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("version", "entries", "expected"),
    [
        ("1.0.0", [("introduced 0", "fixed 1.2.0")], "1.2.0"),
        ("1.0.0", [("introduced 0", "fixed 1.2.0"), ("introduced 0", "fixed 1.3.0")], "1.3.0"),
        ("1.0.0", [("introduced 0", "fixed 1.2.0"), ("introduced 1.2.0", "fixed 1.2.5")], "1.2.5"),
        ("2.0.0", [("introduced 0", "fixed 3.0.0"), ("introduced 2.0.0", "fixed 2.9.0")], "3.0.0"),
        ("2.0.0", [("introduced 0", "fixed 1.5.0", "introduced 2.0.0", "fixed 2.4.0", "introduced 3.0.0")], "2.4.0"),
        ("1.0.0", [("introduced 0", "fixed 2.0.0-rc.1"), ("introduced 0", "fixed 2.0.0")], "2.0.0"),
        ("1.0.0", [("introduced 0", "fixed 1.5.0-beta.1", "introduced 1.5.0-beta.2", "fixed 2.0.0")], "2.0.0"),
        ("1.0.0", [("introduced 0", "fixed 1.1.0-rc.1")], "1.1.0-rc.1"),
        ("1.0.0", [("introduced 0", "last_affected 1.5.0")], None),
        ("1.0.0", [("introduced 0", "fixed 1.2.0"), ("introduced 0",)], None),
        ("1.0.0", [("introduced 0", "fixed 1.2")], None),
    ],
)  # fmt: skip
def test_fixed(tmp_path: Path, version: str, entries: list[tuple[str, ...]], expected: str | None) -> None:
    records = [record(f"GHSA-{number}", npm("thing", *events)) for number, events in enumerate(entries)]
    matches = ask(tmp_path, records, "thing", version, "npm").matches
    assert {found.fixed for found in matches} == {expected}


# ── Against an evaluation of the test's own ─────────────────────────────────────────────────────────

VERSIONS = ["0.1", "1.0a1", "1.0", "1.0.post1", "1.1", "1.2.dev1", "1.2", "2.0rc1", "2.0", "2.1"]


@st.composite
def ranges(draw: st.DrawFn) -> list[str]:
    """Openings and closings, in any order."""
    opening = st.sampled_from(["0", *VERSIONS]).map(lambda version: f"introduced {version}")
    closing = st.tuples(st.sampled_from(["fixed", "last_affected"]), st.sampled_from(VERSIONS)).map(" ".join)
    limits = draw(st.lists(st.sampled_from([*VERSIONS, "*"]).map(lambda version: f"limit {version}"), max_size=1))
    return [draw(opening), *draw(st.lists(st.one_of(opening, closing), max_size=5)), *limits]


def is_vulnerable(version: str, events: Sequence[str], listed: Sequence[str]) -> bool:
    """The evaluation of OSV's specification, one event after the other."""
    asked = Version(version)
    if asked in [Version(one) for one in listed]:
        return True
    pairs = [event.split(" ") for event in events]
    limits = [value for kind, value in pairs if kind == "limit"]
    if limits and not any(value == "*" or asked < Version(value) for value in limits):
        return False
    vulnerable = False
    for kind, value in sorted(pairs, key=lambda pair: (pair[1] not in "0*", Version(pair[1].replace("*", "0")))):
        if kind == "introduced" and (value == "0" or asked >= Version(value)):
            vulnerable = True
        elif (kind == "fixed" and asked >= Version(value)) or (kind == "last_affected" and asked > Version(value)):
            vulnerable = False
    return vulnerable


@settings(max_examples=40)
@given(st.lists(st.tuples(ranges(), st.lists(st.sampled_from(VERSIONS), max_size=2)), min_size=1, max_size=12))
def test_the_answers_are_those_of_the_specification(said: list[tuple[list[str], list[str]]]) -> None:
    records = [
        record(f"A-{number}", affected(f"p{number}", *events, versions=listed))
        for number, (events, listed) in enumerate(said)
    ]
    with tempfile.TemporaryDirectory() as folder:
        database = opened(build_partial(Path(folder), *records))
        asked = [
            Locked("PyPI", f"p{number}", version) for number, version in itertools.product(range(len(said)), VERSIONS)
        ]
        found = {(package.name, package.version) for package, _ in match(asked, database, lambda *_: None)}
        database.close()
    expected = {
        (f"p{number}", version)
        for number, (events, listed) in enumerate(said)
        for version in VERSIONS
        if is_vulnerable(version, events, listed)
    }
    assert found == expected
