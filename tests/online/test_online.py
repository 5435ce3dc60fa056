"""`--online`: other audits beside our own answer, played by programs that behave as the real ones do, and worse."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from nightlatch.core.advisories.canaries import CANARIES
from tests.support.repository import Outcome, Repository

PIP_AUDIT = """\
import json, os, sys
file = sys.argv[sys.argv.index("--requirement") + 1]
assert {"--strict", "--no-deps", "--disable-pip", "--format=json"} <= set(sys.argv)
pairs = [line.strip().split("==") for line in open(file)]
assert len({name for name, _ in pairs}) == len(pairs)
assert os.getcwd() == os.path.dirname(os.path.realpath(file)) and os.listdir() == ["requirements.txt"]
known = json.loads(os.environ["KNOWN"])
told = [
    {"name": name, "version": version, "vulns": [
        {"id": ids[0], "aliases": ids[1:], "fix_versions": []} for ids in known.get(f"{name}@{version}", [])
    ]}
    for name, version in pairs
]
print(json.dumps({"dependencies": told, "fixes": []}))
sys.exit(1 if any(one["vulns"] for one in told) else 0)
"""
NPM = """\
import json, os, sys
if sys.argv[1:] == ["config", "get", "offline"]:
    print(os.environ.get("OFFLINE", "false"))
    sys.exit()
assert sys.argv[1] == "audit" and {"--json", "--package-lock-only", "--ignore-scripts"} <= set(sys.argv)
assert sorted(os.listdir()) == ["package-lock.json", "package.json"]
known = json.loads(os.environ["KNOWN"])
found = {}
for place, entry in json.load(open("package-lock.json"))["packages"].items():
    for ids in known.get(f"{entry['name']}@{entry['version']}", []) if place else []:
        one = found.setdefault(entry["name"], {"name": entry["name"], "via": [], "nodes": []})
        one["nodes"].append(place)
        one["via"].append({"source": 1, "title": "A title", "url": f"https://example.com/advisories/{ids[0]}"})
print(json.dumps({"auditReportVersion": 2, "vulnerabilities": found}))
sys.exit(1 if found else 0)
"""
KNOWN = {
    **{f"{name}@{version}": [["X-1", id]] for name, version, id in CANARIES["PyPI"]},
    **{f"{name}@{version}": [["GHSA-canary"]] for name, version, _ in CANARIES["npm"]},
    "acme-http@1.3": [["PYSEC-2026-1", "CVE-2026-1002"]],
    "leftish@1.0.0": [["GHSA-aaaa-bbbb-cccc"]],
}
SHA = "sha512-" + "A" * 86 + "=="


def program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    target = folder / name
    target.write_text(f"#!{sys.executable}\n{script}")
    target.chmod(0o755)


@pytest.fixture
def project(repository: Repository, tmp_path: Path, whole_advisories: Path) -> Repository:
    """Two lockfiles, and both programs first on PATH."""
    program(tmp_path / "bin", "pip-audit", PIP_AUDIT)
    program(tmp_path / "bin", "npm", NPM)
    repository.env |= {
        "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "NIGHTLATCH_ADVISORIES": str(whole_advisories),
        "KNOWN": json.dumps(KNOWN),
    }
    folders = {"": {}, "node_modules/leftish": {"version": "1.0.0", "integrity": SHA}}
    repository.stage("package-lock.json", json.dumps({"lockfileVersion": 3, "packages": folders}, indent=1))
    repository.stage("requirements.txt", "acme-http==1.3\nunknown-to-us==2.0\n")
    return repository


def online(repository: Repository, **changes: str) -> Outcome:
    return repository.nightlatch("dependencies", "--staged", "--online", "--format", "json", **changes)


def differences(outcome: Outcome) -> list[tuple[str, str, str]]:
    found = [one for one in outcome.json()["findings"] if one["rule"] == "DEP004"]
    return [(one["severity"], f"{one['path']}:{one['line']}", one["message"]) for one in found]


def unchecked(outcome: Outcome) -> dict[str, str]:
    assert outcome.code == 2, outcome
    return {one["path"]: one["reason"] for one in outcome.json()["unchecked"]}


def test_audits_that_agree_add_nothing(project: Repository) -> None:
    with_them, without = online(project), project.nightlatch("dependencies", "--staged", "--format", "json")
    assert differences(with_them) == []
    assert with_them.json() == without.json()


def test_what_only_the_other_knows_is_an_error(project: Repository) -> None:
    known = KNOWN | {"unknown-to-us@2.0": [["PYSEC-2026-77"]], "leftish@1.0.0": [["GHSA-aaaa-bbbb-cccc"], ["GHSA-new"]]}
    assert differences(online(project, KNOWN=json.dumps(known))) == [
        ("error", "package-lock.json:5", "leftish@1.0.0: only npm audit knows GHSA-new A title"),
        ("error", "requirements.txt:2", "unknown-to-us@2.0: only pip-audit knows PYSEC-2026-77"),
    ]


def test_what_only_we_know_is_a_warning(project: Repository) -> None:
    known = {key: value for key, value in KNOWN.items() if key not in ("acme-http@1.3", "leftish@1.0.0")}
    found = differences(online(project, KNOWN=json.dumps(known)))
    assert [(severity, message) for severity, _, message in found] == [
        ("warning", "leftish@1.0.0: npm audit doesn't know GHSA-aaaa-bbbb-cccc"),
        ("warning", "acme-http@1.3: pip-audit doesn't know GHSA-dddd-eeee-ffff"),
    ]


def test_an_npm_that_stays_offline_is_refused(project: Repository) -> None:
    assert "set to stay offline" in unchecked(online(project, OFFLINE="true"))["(npm audit)"]


def test_an_audit_that_knows_nothing_is_no_answer(project: Repository) -> None:
    reasons = unchecked(online(project, KNOWN="{}"))
    assert "it knows nothing" in reasons["(pip-audit)"]
    assert "its registry has no advisories" in reasons["(npm audit)"]


FAULTS = {
    "a traceback": ("import sys; sys.stderr.write('Traceback\\nValueError: 500\\n'); sys.exit(1)", "ValueError: 500"),
    "nothing": ("", "it wrote nothing"),
    "a web page": ("print('<html>')", "<html>"),
    "another form": ("print('[]')", "a form that isn't known"),
    "no fields": ("print('{}')", "answer"),
}


@pytest.mark.parametrize(("script", "words"), FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("name", ["pip-audit", "npm"])
def test_a_service_that_fails_leaves_it_unchecked(
    project: Repository, tmp_path: Path, name: str, script: str, words: str
) -> None:
    said = "import sys\nif 'config' in sys.argv: print('false'); sys.exit()\n" if name == "npm" else ""
    program(tmp_path / "bin", name, said + script)
    reasons = unchecked(online(project))
    assert list(reasons) == [f"({'npm audit' if name == 'npm' else name})"]
    assert any(one in reason for reason in reasons.values() for one in (words, "isn't known", "no answer")), reasons
    assert all("leave --online out" in reason for reason in reasons.values())


def test_a_program_that_is_not_there(project: Repository, tmp_path: Path) -> None:
    git = Path(os.environ["PATH"].split(os.pathsep)[0])
    (tmp_path / "bin" / "pip-audit").unlink()
    project.env["PATH"] = os.pathsep.join([str(tmp_path / "bin"), "/usr/bin", "/bin", str(git)])
    reasons = unchecked(online(project))
    assert "isn't installed" in reasons["(pip-audit)"]


def test_a_program_of_the_repository_is_not_started(project: Repository, tmp_path: Path) -> None:
    (tmp_path / "bin" / "pip-audit").unlink()
    program(project.path, "pip-audit", f"open({str(tmp_path / 'started')!r}, 'w')")
    online(project, PATH=f".{os.pathsep}{tmp_path / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")
    assert not (tmp_path / "started").exists()


def test_an_ignored_advisory_is_ignored_there_too(project: Repository) -> None:
    from tests.dependencies.test_hook import in_days

    known = KNOWN | {"unknown-to-us@2.0": [["PYSEC-2026-77"]]}
    entry = f"{{id: PYSEC-2026-77, reason: not reached, expires: '{in_days(9)}'}}"
    project.stage(".nightlatch.yaml", f"dependencies: {{ignore: [{entry}]}}\n")
    outcome = online(project, KNOWN=json.dumps(known))
    assert differences(outcome) == []
    assert [one["rule"] for one in outcome.json()["suppressed"]] == ["DEP004"]


def test_two_versions_of_a_package_are_asked_about_one_by_one(project: Repository) -> None:
    project.stage("other/requirements.txt", "acme-http==1.5\nunknown-too==3.0\n")
    assert differences(online(project)) == []


def test_it_is_for_the_hook_that_compares(project: Repository) -> None:
    outcome = project.nightlatch("secrets", "--online")
    assert outcome.code == 2
    assert "--online" in outcome.err
