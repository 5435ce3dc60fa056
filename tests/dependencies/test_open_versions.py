"""Ranges: which versions they let in, and the malware among these."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from nightlatch.core.advisories.ecosystems import ECOSYSTEMS
from nightlatch.dependencies.version_ranges import spans
from tests.support.advisories import affected, build_whole, record
from tests.support.repository import Repository

PYPROJECT_2, PYPROJECT_3 = ["DEP002 pyproject.toml:2"], ["DEP002 pyproject.toml:3"]
numbers = st.lists(st.integers(0, 3).map(str), min_size=1, max_size=3).map(".".join)
versions = st.builds("{}{}".format, numbers, st.sampled_from(["", "", "a1", "rc1", ".post1", ".dev1"]))
clauses = st.builds("{}{}".format, st.sampled_from(["==", "!=", ">=", "<=", ">", "<", "~="]), versions)
prefixes = st.builds("{}{}.*".format, st.sampled_from(["==", "!="]), numbers)
specifiers = st.lists(st.one_of(clauses, prefixes), min_size=1, max_size=3).map(",".join)


def lets_in(ecosystem: str, wanted: str, version: str) -> bool:
    key = ECOSYSTEMS[ecosystem].key(version)
    return any(first <= key < end for first, end in spans(ecosystem, wanted))


@given(specifiers, versions)
def test_whatever_pip_would_take_is_let_in(wanted: str, version: str) -> None:
    try:
        expected = SpecifierSet(wanted).contains(version, prereleases=True)
    except InvalidSpecifier:
        return
    if expected:
        assert lets_in("PyPI", wanted, version)
    elif not any(part in f"{wanted} {version}" for part in ("a1", "rc1", "post", "dev")):
        assert not lets_in("PyPI", wanted, version)


def test_the_oracle_knows_the_same_versions() -> None:
    assert SpecifierSet("~=1.4").contains(Version("1.9"))
    assert lets_in("PyPI", "~=1.4", "1.9")
    assert not lets_in("PyPI", "~=1.4", "2.0")


@pytest.mark.parametrize(
    ("wanted", "within", "outside"),
    [
        ("^1.2.3", "1.2.3 1.9.0", "1.2.2 2.0.0"),
        ("^0.2.3", "0.2.3 0.2.9", "0.2.2 0.3.0"),
        ("^0.0.3", "0.0.3", "0.0.4"),
        ("^0.0", "0.0.0 0.0.9", "0.1.0"),
        ("^1", "1.0.0 1.9.9", "2.0.0"),
        ("~1.2.3", "1.2.3 1.2.9", "1.3.0"),
        ("~1.2", "1.2.0 1.2.9", "1.3.0"),
        ("~1", "1.0.0 1.9.0", "2.0.0"),
        ("1.2.3", "1.2.3", "1.2.4"),
        ("=v1.2.3", "1.2.3", "1.2.4"),
        ("1.2", "1.2.0 1.2.9", "1.3.0"),
        ("1.x", "1.0.0 1.9.9", "2.0.0"),
        (">=1.2.3 <2", "1.2.3 1.9.9", "1.2.2 2.0.0"),
        (">= 1.2.3", "1.2.3 9.0.0", "1.2.2"),
        (">1.2", "1.3.0", "1.2.9"),
        ("<=1.2", "1.2.9 0.1.0", "1.3.0"),
        ("1.2.3 - 2.3", "1.2.3 2.3.9", "1.2.2 2.4.0"),
        ("^1.0.0 || ^3.0.0", "1.1.0 3.1.0", "2.0.0 4.0.0"),
        ("1.0.0-rc.1", "1.0.0-rc.1", "1.0.0"),
        ("*", "0.0.1 9.9.9", ""),
        ("", "0.0.1 9.9.9", ""),
        ("latest", "0.0.1 9.9.9", ""),
        ("catalog:", "0.0.1 9.9.9", ""),
    ],
)
def test_a_range_of_npm(wanted: str, within: str, outside: str) -> None:
    assert all(lets_in("npm", wanted, version) for version in within.split())
    assert not any(lets_in("npm", wanted, version) for version in outside.split())


@pytest.fixture(scope="module")
def malware(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_whole(
        tmp_path_factory.mktemp("malware"),
        record("MAL-2026-7", affected("evil-py", "introduced 0")),
        record("MAL-2026-8", affected("taken-over", versions=["1.5"])),
        record("MAL-2026-9", affected("taken-over", "introduced 1.5.0", "fixed 1.5.1", ecosystem="npm")),
    )


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("requirements.txt", "evil-py>=1\n", ["DEP002 requirements.txt:1"]),
        ("requirements.txt", "evil_py\n", ["DEP002 requirements.txt:1"]),
        ("requirements.txt", "taken-over>=1,!=1.5\n", []),
        ("requirements.txt", "taken-over>=1\n", ["DEP002 requirements.txt:1"]),
        ("requirements.txt", "taken-over>1.5\n", []),
        ("package.json", '{"dependencies": {"taken-over": "^1.0.0"}}\n', ["DEP002 package.json:1"]),
        ("package.json", '{"dependencies": {"x": "npm:taken-over@^1.0.0"}}\n', ["DEP002 package.json:1"]),
        ("package.json", '{"dependencies": {"taken-over": "^1.6.0"}}\n', []),
        ("package.json", '{"dependencies": {"taken-over": "github:a/b"}}\n', []),
        ("pyproject.toml", '[project]\ndependencies = ["evil-py[x]>=1; python_version > \'3\'"]\n', PYPROJECT_2),
        ("pyproject.toml", '[dependency-groups]\ndev = ["evil-py"]\n', PYPROJECT_2),
        ("pyproject.toml", '[tool.poetry.dependencies]\npython = "^3"\ntaken-over = "^1.2"\n', PYPROJECT_3),
        ("pyproject.toml", '[tool.poetry.dependencies]\ntaken-over = {git = "x"}\n', []),
        ("Pipfile", '[packages]\nevil-py = "*"\n', ["DEP002 Pipfile:2"]),
    ],
)  # fmt: skip
def test_malware_among_the_versions_that_are_asked_for(
    repository: Repository, malware: Path, name: str, text: str, expected: list[str]
) -> None:
    repository.stage(name, text)
    repository.stage(".nightlatch.yaml", "rules: {DEP102: off, DEP208: off, DEP303: off, DEP002: off}\n")
    outcome = repository.nightlatch(
        "dependencies", "--format", "json", "--all-files", NIGHTLATCH_ADVISORIES=str(malware)
    )
    assert outcome.findings() == expected
    assert outcome.code == bool(expected and "evil" in text), "where only some versions are malware, none is there yet"


def test_of_a_change_only_what_it_asks_for_anew(repository: Repository, malware: Path) -> None:
    repository.stage("package.json", '{"dependencies": {"taken-over": "^1.0.0"}}\n')
    repository.commit()
    repository.stage("package.json", '{"dependencies": {"taken-over": "^1.0.0", "other": "1"}}\n')
    outcome = repository.nightlatch("dependencies", "--format", "json", "--staged", NIGHTLATCH_ADVISORIES=str(malware))
    assert (outcome.code, outcome.findings()) == (0, [])


@pytest.mark.parametrize(
    "files",
    [
        {"requirements.txt": f"evil-py==1.0 --hash=sha256:{'0' * 64}  # nightlatch: allow DEP002 -- fine\n"},
        {
            "package-lock.json": '{"lockfileVersion": 3, "packages": {"node_modules/taken-over": {"version": "1.5.0",'
            '"integrity": "sha512-AA==", "license": "nightlatch: allow DEP002 -- fine"}}}\n'
        },
        {"requirements.txt": "evil-py>=1  # nightlatch: allow DEP002 -- fine\n"},
    ],
)
def test_no_note_and_no_configuration_allows_malware(
    repository: Repository, malware: Path, files: dict[str, str]
) -> None:
    for name, text in files.items():
        repository.stage(name, text)
    repository.stage(".nightlatch.yaml", "rules: {DEP002: off, DEP208: off}\n")
    outcome = repository.nightlatch("dependencies", "--format", "json", "--staged", NIGHTLATCH_ADVISORIES=str(malware))
    (found,) = outcome.json()["findings"]
    assert (outcome.code, found["rule"], found["severity"]) == (1, "DEP002", "error")
