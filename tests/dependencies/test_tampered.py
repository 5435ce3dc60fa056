"""Lockfiles that say one thing and install another: none is read as if all were well."""

from __future__ import annotations

import pytest

from nightlatch.advisories.osv import read as read_record
from nightlatch.dependencies.advisory_rules import may_be_concerned
from nightlatch.dependencies.lockfiles import read
from nightlatch.dependencies.names import is_of_interest
from nightlatch.dependencies.package import UnparsableError
from nightlatch.dependencies.yaml_document import yaml_fields
from tests.dependencies.memory_source import MemorySource, findings

PNPM = """\
lockfileVersion: '9.0'

importers:

  .: {{}}

packages:

  evil@1.0.0:
    resolution: {{integrity: sha512-abc==}}
{more}
snapshots:

  evil@1.0.0: {{}}
"""
BERRY = """\
__metadata:
  version: 8

"lodash@npm:^4.17.0":
  version: {version}
  resolution: "lodash@npm:4.17.20"
  checksum: 10/abc
  languageName: node
  linkType: hard
"""
UV = """\
version = 1

[[package]]
name = "evil"
version = "1.0.0"
source = {source}
"""


def test_an_entry_of_pnpm_is_what_its_key_names() -> None:
    assert [package.name for package in read("pnpm-lock.yaml", PNPM.format(more="")).packages] == ["evil"]
    for more in ("    name: lodash\n", "    version: 4.17.21\n"):
        with pytest.raises(UnparsableError):
            read("pnpm-lock.yaml", PNPM.format(more=more))


@pytest.mark.parametrize(
    "snapshots",
    [
        "",
        "  evil@1.0.0: {}\n  worse@1.0.0: {}\n",
        "  evil@1.0.0: {}\n  worse@1.0.0:\n    resolution: {integrity: sha512-abc==}\n",
        "  evil@1.0.0:\n    resolution: {integrity: sha512-other==}\n",
        "  evil@1.0.0:\n    version: 2.0.0\n",
        "  evil@2.0.0: {}\n",
    ],
)
def test_snapshots_and_packages_of_pnpm_are_the_same(snapshots: str) -> None:
    start = PNPM.format(more="").partition("snapshots:")[0]
    assert read("pnpm-lock.yaml", f"{start}snapshots:\n\n  evil@1.0.0(peer@2.0.0):\n    optional: true\n").packages
    with pytest.raises(UnparsableError):
        read("pnpm-lock.yaml", f"{start}snapshots:\n\n{snapshots}" if snapshots else start)


def test_an_entry_of_yarn_is_what_its_resolution_names() -> None:
    assert [package.version for package in read("yarn.lock", BERRY.format(version="4.17.20")).packages] == ["4.17.20"]
    with pytest.raises(UnparsableError, match="resolution"):
        read("yarn.lock", BERRY.format(version="4.17.21"))


def test_a_package_of_uv_has_one_kind_of_source() -> None:
    assert read("uv.lock", UV.format(source='{ registry = "https://pypi.example/simple" }')).packages
    with pytest.raises(UnparsableError, match="source"):
        read("uv.lock", UV.format(source='{ registry = "https://pypi.example/simple", virtual = "x" }'))


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"packages": {}}',
        '{"lockfileVersion": 2, "packages": {}, "dependencies": {"evil": {"version": "1.0.0"}}}',
    ],
)
def test_a_lockfile_of_npm_without_its_parts_is_unparsable(text: str) -> None:
    with pytest.raises(UnparsableError):
        read("package-lock.json", text)


def test_a_range_that_a_workspace_forgot_changes_no_source() -> None:
    text = """\
{"lockfileVersion": 3, "packages": {
"": {"dependencies": {"lodash": "^4.17.0"}},
"node_modules/lodash": {"version": "4.17.20", "resolved": "https://r.example/lodash/-/lodash-4.17.20.tgz"},
"node_modules/b": {"version": "1.0.0", "peerDependencies": {"lodash": "workspace:*"}}
}}
"""
    (lodash, _) = read("package-lock.json", text).packages
    assert (lodash.name, lodash.source) == ("lodash", "registry")


@pytest.mark.parametrize("source", ["registry", "git", "url", "bundled"])
def test_an_advisory_may_concern_whatever_is_not_the_team_s_own(source: str) -> None:
    (package,) = read("pnpm-lock.yaml", PNPM.format(more="")).packages
    package.source = source
    assert may_be_concerned(package)
    package.source = "local"
    assert not may_be_concerned(package)


@pytest.mark.parametrize(
    "text",
    [
        "a:\n" + "  [\n" * 200_000,
        "a: {b: &b [x, x], c: &c [*b, *b], d: [*c, *c]}\n",
        "a: &x 1\nb: *x\n",
        "a: !!str &é 1\nb: *é\n",
    ],
)
def test_deep_yaml_and_aliases_are_refused(text: str) -> None:
    with pytest.raises(UnparsableError):
        yaml_fields(text)


def test_stars_and_brackets_that_nest_nothing_are_read() -> None:
    text = "a: '*'\nb: '>=1 <2 || *'\nc: [x, y]\n" + "".join(f"d{number}: 'open ['\n" for number in range(500))
    assert len(yaml_fields(text)) == 503


def test_only_a_folder_of_that_name_holds_installed_packages() -> None:
    assert is_of_interest("x_node_modules/package-lock.json")
    assert not is_of_interest("node_modules/a/package-lock.json")
    assert not is_of_interest("web/node_modules/a/package-lock.json")


@pytest.mark.parametrize(
    ("written", "expected"), [(None, False), ("null", False), ("~", False), ("2026-01-02T00:00:00Z", True)]
)
def test_a_record_is_withdrawn_where_it_has_a_date(written: str | None, *, expected: bool) -> None:
    record: dict[str, object] = {
        "id": "PYSEC-2026-1",
        "modified": "2026-01-02T00:00:00Z",
        "affected": [],
        "withdrawn": written,
    }
    assert read_record(record).is_withdrawn is expected


RESOLUTIONS = [
    "{integrity: sha512-abc==, tarball: 'file:evil.tgz'}",
    "{integrity: sha512-abc==, tarball: https://other.example/evil/-/evil-1.0.0.tgz}",
    "{type: directory, directory: evil}",
    "{type: git, repo: https://other.example/evil.git, commit: abc}",
]


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_what_pnpm_asks_a_registry_for_comes_from_nowhere_else(resolution: str) -> None:
    text = PNPM.format(more="").replace("{integrity: sha512-abc==}", resolution)
    assert "DEP206" in judged({"pnpm-lock.yaml": text})


@pytest.mark.parametrize(
    "resolution",
    [
        "lodash@https://other.example/lodash-4.17.20.tgz",
        "lodash@file:./lodash.tgz",
        "lodash@npm:4.17.20::__archiveUrl=https%3A%2F%2Fother.example%2Flodash%2F-%2Flodash-4.17.20.tgz",
        "lodash@https://other.example/lodash.git#commit=abc",
    ],
)
def test_what_yarn_asks_a_registry_for_comes_from_nowhere_else(resolution: str) -> None:
    assert judged({"yarn.lock": BERRY.format(version="4.17.20")}) == []
    assert "DEP206" in judged({"yarn.lock": BERRY.format(version="4.17.20").replace("lodash@npm:4.17.20", resolution)})


ENTRY = """\
{name}@^1:
  version "1.0.0"
  resolved "{address}"
  integrity sha512-a
"""


@pytest.mark.parametrize("address", ["file:e.tgz", "https://other.example/lodash/-/lodash-1.0.0.tgz", "other/lodash"])
def test_what_yarn_1_asks_a_registry_for_comes_from_nowhere_else(address: str) -> None:
    others = [ENTRY.format(name=name, address=f"https://r.example/{name}/-/{name}-1.0.0.tgz") for name in "abc"]
    text = "\n".join(["# yarn lockfile v1\n", *others, ENTRY.format(name="lodash", address=address)])
    assert "DEP206" in judged({"yarn.lock": text})


def judged(files: dict[str, str]) -> list[str]:
    """The rules of what is found, those about settings aside."""
    source = MemorySource(files)
    found = [finding.rule.id for finding in findings(source, None)]
    assert not source.unchecked
    return [rule for rule in found if not rule.startswith("DEP3")]


@pytest.mark.parametrize("line", ["# -*- coding: utf-7 -*-", "#\n# vim: set fileencoding=utf-7 :"])
def test_requirements_in_an_encoding_of_their_own_are_unparsable(line: str) -> None:
    assert read("requirements.txt", "# -*- coding: utf-8 -*-\nacme==1.0\n").packages
    with pytest.raises(UnparsableError, match="encoding"):
        read("requirements.txt", f"{line}\n# note+AAo-evil-py==1.0\nacme==1.0\n")


def test_the_version_of_a_source_archive_is_that_of_its_name() -> None:
    (package,) = read("requirements.txt", "evil-py @ https://f.example/evil_py-1.0.tar.gz\n").packages
    assert (package.name, package.version) == ("evil-py", "1.0")
