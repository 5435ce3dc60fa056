"""The hook at a commit, over a range and over everything; the policy; what a finding says."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nightlatch.cli import main
from nightlatch.core.suppress import OWNERS_NOTE
from tests.support.repository import Outcome, Repository
from tests.support.tokens import random_text

SHA = "sha512-" + "A" * 86 + "=="
HASH = " --hash=sha256:" + "0" * 64
MANIFEST = json.dumps({"dependencies": {"upper": "^1.0.0"}}) + "\n"


def lockfile(*versions: str) -> str:
    """`upper` is asked for, and brings `leftish` in these versions."""
    folders: dict[str, object] = {
        "": json.loads(MANIFEST),
        "node_modules/upper": {"version": "1.0.0", "integrity": SHA, "dependencies": {"leftish": "*"}},
    }
    places = ["node_modules/leftish", "node_modules/upper/node_modules/leftish"]
    for place, version in zip(places, versions, strict=False):
        folders[place] = {"version": version, "integrity": SHA}
    return json.dumps({"lockfileVersion": 3, "packages": folders}, indent=2) + "\n"


@pytest.fixture
def project(repository: Repository, whole_advisories: Path) -> Repository:
    repository.env["NIGHTLATCH_ADVISORIES"] = str(whole_advisories)
    repository.stage(".nightlatch.yaml", "rules: {DEP301: off, DEP303: off}\n")
    repository.stage("package.json", MANIFEST)
    repository.stage("package-lock.json", lockfile("1.2.3"))
    repository.commit("first")
    return repository


def checked(repository: Repository, *arguments: str, **changes: str) -> Outcome:
    return repository.nightlatch("dependencies", "--format", "json", *arguments, **changes)


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%d")


def test_what_a_finding_says(project: Repository) -> None:
    project.stage("package-lock.json", lockfile("1.0.0"))
    outcome = checked(project)
    (found,) = outcome.json()["findings"]
    assert outcome.code == 1
    assert found["message"] == (
        "leftish@1.0.0: GHSA-aaaa-bbbb-cccc (high) Padding runs over; by way of upper@1.0.0 > leftish@1.0.0"
    )
    assert found["fix"].startswith(
        "Run: npm update --package-lock-only leftish; if it stays below 1.2.3, "
        'write under "overrides" in package.json: "leftish": "1.2.3"'
    )
    assert found["data"] == {
        "ecosystem": "npm",
        "package": "leftish",
        "version": "1.0.0",
        "advisory": "GHSA-aaaa-bbbb-cccc",
        "aliases": ["CVE-2026-1001"],
        "severity": "high",
        "fixed": "1.2.3",
        "path": ["upper@1.0.0", "leftish@1.0.0"],
    }


def test_the_same_package_in_two_places_is_one_finding(project: Repository) -> None:
    project.stage("package-lock.json", lockfile("1.0.0", "1.0.0"))
    assert len(checked(project).json()["findings"]) == 1
    project.stage("package-lock.json", lockfile("1.0.0", "1.1.0"))
    assert len(checked(project).json()["findings"]) == 2


def test_a_finding_has_the_same_fingerprint_wherever_it_is_met(project: Repository) -> None:
    project.stage("package-lock.json", lockfile("1.0.0"))
    staged = checked(project).json()["findings"]
    project.commit("second")
    others = [checked(project, "--all-files"), checked(project, "--from-ref", "HEAD~"), checked(project, "--history")]
    fingerprints = {finding["fingerprint"] for finding in staged}
    assert len(fingerprints) == 1
    assert [{finding["fingerprint"] for finding in one.json()["findings"]} for one in others] == [fingerprints] * 3


def test_other_findings_that_come_and_go_change_no_fingerprint(project: Repository) -> None:
    project.stage("package-lock.json", lockfile("1.0.0", "1.1.0"))
    both = {one["fingerprint"] for one in checked(project).json()["findings"]}
    project.stage("package-lock.json", lockfile("1.2.3", "1.1.0"))
    (left,) = checked(project).json()["findings"]
    assert left["fingerprint"] in both


def test_a_range_is_judged_by_what_it_leads_to(project: Repository) -> None:
    project.stage("package-lock.json", lockfile("1.0.0"))
    project.commit("bring")
    assert checked(project, "--from-ref", "HEAD~").code == 1
    project.stage("package-lock.json", lockfile("1.2.3"))
    project.commit("mend")
    assert checked(project, "--from-ref", "HEAD~2").code == 0
    project.stage("README.md", "words\n")
    project.commit("words")
    assert checked(project, "--from-ref", "HEAD~").json()["checked"]["files"] >= 0


def test_what_the_range_did_not_touch_is_not_its_concern(project: Repository) -> None:
    project.stage("package-lock.json", lockfile("1.0.0"))
    project.commit("old sins")
    project.stage("README.md", "words\n")
    project.commit("words")
    assert checked(project, "--from-ref", "HEAD~").code == 0
    assert checked(project, "--all-files").code == 1


def test_the_index_counts_and_not_the_working_tree(project: Repository) -> None:
    project.stage("package-lock.json", lockfile("1.0.0"))
    project.write("package-lock.json", lockfile("1.2.3"))
    assert checked(project, "--staged").code == 1
    project.git("add", "package-lock.json")
    project.write("package-lock.json", lockfile("1.0.0"))
    assert checked(project, "--staged").code == 0


def test_paths_and_no_git(project: Repository, tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    for name, text in (("package.json", MANIFEST), ("package-lock.json", lockfile("1.0.0"))):
        (tmp_path / "web" / name).write_text(text)
    outside = Repository(tmp_path / "web", project.env)
    assert checked(outside, "package-lock.json").code == 1
    assert checked(outside).code == 1
    (tmp_path / "web" / "package.json").write_text('{"dependencies": {"upper": "2"}}\n')
    assert {one["rule"] for one in checked(outside, "package-lock.json").json()["findings"]} == {"DEP001", "DEP101"}


def test_the_first_commit_brings_everything(repository: Repository, whole_advisories: Path) -> None:
    repository.stage("package.json", MANIFEST)
    repository.stage("package-lock.json", lockfile("1.0.0"))
    assert checked(repository, "--staged", NIGHTLATCH_ADVISORIES=str(whole_advisories)).code == 1


def test_without_data_the_other_findings_are_still_told(project: Repository, tmp_path: Path) -> None:
    project.stage("package.json", MANIFEST.replace("^1.0.0", "^2.0.0"))
    project.stage("package-lock.json", lockfile("1.2.4"))
    outcome = checked(project, NIGHTLATCH_ADVISORIES=str(tmp_path / "none"))
    assert outcome.code == 2
    assert [one["rule"] for one in outcome.json()["findings"]] == ["DEP101"]
    (remark,) = outcome.json()["unchecked"]
    assert "nightlatch advisories" in remark["reason"]


def test_no_data_is_needed_where_nothing_is_locked(repository: Repository, tmp_path: Path) -> None:
    repository.stage("requirements.txt", "-e ./own\n")
    assert checked(repository, NIGHTLATCH_ADVISORIES=str(tmp_path / "none")).code == 0


# ── Policy ──────────────────────────────────────────────────────────────────────────────────────────


def ignoring(project: Repository, entry: str) -> Outcome:
    project.stage(".nightlatch.yaml", f"rules: {{DEP301: off, DEP303: off}}\ndependencies: {{ignore: [{{{entry}}}]}}\n")
    project.stage("package-lock.json", lockfile("1.0.0"))
    return checked(project)


def test_an_ignored_advisory_is_suppressed_with_its_reason(project: Repository) -> None:
    outcome = ignoring(project, f"id: GHSA-aaaa-bbbb-cccc, reason: not reached, expires: '{in_days(180)}'")
    assert outcome.code == 0
    (suppressed,) = outcome.json()["suppressed"]
    assert (suppressed["by"], suppressed["reason"]) == ("dependencies.ignore", "not reached")


@pytest.mark.parametrize("entry", ["id: CVE-2026-1001, package: other", "id: CVE-2026-1002"])
def test_an_entry_for_another_package_or_advisory_allows_nothing(project: Repository, entry: str) -> None:
    assert ignoring(project, f"{entry}, reason: x, expires: '{in_days(9)}'").code == 1


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("id: CVE-2026-1001, reason: x", "lacks the key `expires`"),
        (f"id: CVE-2026-1001, reason: x, expires: '{in_days(200)}'", "lies more than 180 days ahead"),
    ],
    ids=["for ever", "too long"],
)
def test_an_exception_that_is_granted_for_too_long_is_an_error(project: Repository, entry: str, words: str) -> None:
    outcome = ignoring(project, entry)
    assert outcome.code == 2
    assert words in outcome.err
    assert ".nightlatch.yaml:2:" in outcome.err


def test_an_expired_entry_is_said_where_the_advisory_is_active_again(project: Repository) -> None:
    outcome = ignoring(project, "id: CVE-2026-1001, reason: x, expires: '2026-01-01'")
    assert outcome.code == 1
    assert "expired on 2026-01-01" in outcome.json()["findings"][0]["message"]


def test_a_lockfile_that_cannot_be_read_may_be_accepted(repository: Repository) -> None:
    repository.stage("Cargo.lock", "x\n")
    refused = checked(repository)
    assert refused.code == 2
    assert "cargo audit" in refused.json()["unchecked"][0]["reason"]
    repository.stage(".nightlatch.yaml", "accept-unchecked: [{path: Cargo.lock, reason: cargo audit runs in CI}]\n")
    assert checked(repository).code == 0


# ── Hostile texts ───────────────────────────────────────────────────────────────────────────────────


HOSTILE = "\x1b[31m\u202e::error::##[x]"


@pytest.mark.parametrize("format", ["text", "json", "sarif", "gitlab", "codequality", "junit", "github"])
def test_names_from_a_lockfile_are_escaped_in_every_format(repository: Repository, format: str) -> None:
    name = f"evil{HOSTILE}"
    folders = {"": {}, f"node_modules/{name}": {"version": f"1{HOSTILE}", "resolved": f"http://h/{name}/-/x.tgz"}}
    repository.stage("package-lock.json", json.dumps({"lockfileVersion": 3, "packages": folders}, ensure_ascii=False))
    outcome = repository.nightlatch("dependencies", "--format", format)
    assert outcome.code == 2  # no data
    for output in (outcome.out, outcome.err):
        assert not {"\x1b", "\u202e"} & set(output)
        assert not any(line.lstrip().startswith("::error::") for line in output.splitlines())
        assert output.startswith("{") or "##[" not in output


def test_credentials_in_addresses_are_never_told(repository: Repository, whole_advisories: Path) -> None:
    repository.env["NIGHTLATCH_ADVISORIES"] = str(whole_advisories)
    password = random_text(24, "registry password")
    addresses = [
        f"-i http://build:{password}@index.example.org/{password}?token={password}",
        f"--extra-index-url https://build:{password}@other.example.org/simple",
        f"--trusted-host build:{password}@third.example.org",
        f"a @ git+https://{password}@git.example.org/a.git@main",
        f"b @ https://files.example.org/b-1.0.zip?key={password}",
    ]
    repository.stage("requirements.txt", "\n".join([*addresses, "c"]).replace(f"/{password}?", "/simple?") + "\n")
    for format in ("text", "json", "sarif", "gitlab"):
        outcome = repository.nightlatch("dependencies", "--format", format, "--verbose")
        assert outcome.code == 1, outcome
        assert password not in outcome.out + outcome.err


def test_names_that_a_shell_would_act_upon_stand_in_no_command(repository: Repository, whole_advisories: Path) -> None:
    folder = "a;reboot"
    repository.stage(f"{folder}/package.json", MANIFEST)
    repository.stage(f"{folder}/package-lock.json", lockfile("1.0.0"))
    outcome = checked(repository, NIGHTLATCH_ADVISORIES=str(whole_advisories))
    fixes = [one["fix"] for one in outcome.json()["findings"] if one["rule"] == "DEP001"]
    assert fixes
    assert not any("reboot" in fix for fix in fixes)


# ── Faults ──────────────────────────────────────────────────────────────────────────────────────────


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _link(path: Path) -> None:
    path.symlink_to("elsewhere.txt")


BROKEN: dict[str, Callable[[Path], None]] = {
    "a FIFO": _fifo,
    "a link": _link,
    "a loop of links": lambda path: path.symlink_to(path.name),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_what_is_no_file_in_a_lockfile_s_place_is_unchecked(project: Repository, fault: str) -> None:
    target = project.path / "package-lock.json"
    target.unlink()
    BROKEN[fault](target)
    outcome = checked(project, "--all-files")
    assert outcome.code == 2, outcome
    assert "package-lock.json" in {one["path"] for one in outcome.json()["unchecked"]}


def test_a_manifest_beside_the_lockfile_that_cannot_be_read_is_unchecked(project: Repository) -> None:
    (project.path / "package.json").unlink()
    os.mkfifo(project.path / "package.json")
    outcome = checked(project, "package-lock.json")
    assert outcome.code == 2
    assert {one["path"] for one in outcome.json()["unchecked"]} == {"package.json"}


@pytest.mark.parametrize("text", ["{", "[]", '{"dependencies": []}'])
def test_a_manifest_that_is_none_is_unchecked(project: Repository, text: str) -> None:
    project.stage("package.json", text)
    outcome = checked(project, "--all-files")
    assert outcome.code == 2, outcome
    assert {one["path"] for one in outcome.json()["unchecked"]} == {"package.json"}


def test_a_base_that_was_no_lockfile_hides_nothing(project: Repository) -> None:
    project.stage("package-lock.json", "{")
    project.commit("broken")
    project.stage("package-lock.json", lockfile("1.0.0"))
    assert checked(project).code == 1


def test_a_link_in_the_place_of_settings_is_skipped(project: Repository) -> None:
    (project.path / ".npmrc").symlink_to("elsewhere")
    project.git("add", ".npmrc")
    project.commit("settings elsewhere")
    project.stage("package-lock.json", lockfile("1.2.4"))
    outcome = checked(project)
    assert outcome.code == 0, outcome
    assert outcome.json()["unchecked"] == []


def test_a_manifest_that_is_a_link_is_unchecked_where_its_lockfile_changes(project: Repository) -> None:
    (project.path / "package.json").unlink()
    (project.path / "package.json").symlink_to("elsewhere")
    project.git("add", "package.json")
    project.commit("a link")
    project.stage("package-lock.json", lockfile("1.2.4"))
    outcome = checked(project)
    assert outcome.code == 2, outcome
    assert {one["path"] for one in outcome.json()["unchecked"]} == {"package.json"}
    project.stage("unrelated/requirements.txt", "-e ./own\n")
    project.git("reset", "--quiet", "package-lock.json")
    assert checked(project, "--staged").code == 0


@pytest.mark.parametrize("id", ["DEP001", "DEP003", "DEP004"])
def test_explain_names_the_form_of_an_ignored_advisory(capsys: pytest.CaptureFixture[str], id: str) -> None:
    assert main(["explain", id]) == 0
    page = capsys.readouterr().out
    assert (
        f"dependencies:\n  ignore:\n    {OWNERS_NOTE}\n    - {{id: GHSA-xxxx-xxxx-xxxx, package: name, reason: " in page
    )
    assert "expires" in page


def test_explain_offers_no_ignore_for_malware(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "DEP002"]) == 0
    assert "ignore:" not in capsys.readouterr().out
