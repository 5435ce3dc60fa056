"""GitLab's report on dependency scanning: the format `gitlab` where `dependencies` ran without `secrets`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from nightlatch.core.rule import Rule
from nightlatch.core.run import Result
from nightlatch.report.formats import Style
from nightlatch.report.to_gitlab import render
from tests.report.examples import SCHEMAS, finding, hostile, remark, result_with
from tests.support.repository import Repository

SCHEMA = json.loads((SCHEMAS / "gitlab-dependency-scanning-15.0.7.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.validators.validator_for(SCHEMA)(SCHEMA)
HOOK = "dependencies"
VULNERABLE = Rule(id="DEP001", name="vulnerable-package", summary="A test", why="It can go wrong.", fix="Mend it.")
MALICIOUS = Rule(id="DEP002", name="malicious-package", summary="A test", why="It can go wrong.", fix="Mend it.")
DRIFT = Rule(id="DEP101", name="drift", summary="A test", why="It can go wrong.", fix="Mend it.")


def advisory(severity: str = "high", **changes: Any) -> dict[str, object]:
    return {
        "ecosystem": "npm", "package": "@a/b", "version": "1.0.0", "advisory": "GHSA-aaaa-bbbb-cccc",
        "aliases": ["CVE-2026-1", "PYSEC-2026-1"], "severity": severity, "fixed": None, "path": ["@a/b@1.0.0"],
    } | changes  # fmt: skip


def report_of(result: Result) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(render(result, Style()))
    VALIDATOR.validate(report)
    return report


def test_a_vulnerable_package_is_a_vulnerability() -> None:
    made = finding(VULNERABLE, hook=HOOK, path="package-lock.json", data=advisory())
    (found,) = report_of(result_with(made, hooks=(HOOK,)))["vulnerabilities"]
    assert found["location"] == {
        "file": "package-lock.json",
        "dependency": {"package": {"name": "@a/b"}, "version": "1.0.0"},
    }
    assert [(one["type"], one["value"]) for one in found["identifiers"]] == [
        ("ghsa", "GHSA-aaaa-bbbb-cccc"),
        ("cve", "CVE-2026-1"),
        ("osv", "PYSEC-2026-1"),
    ]
    assert (found["severity"], found["solution"]) == ("High", "Mend it.")


@pytest.mark.parametrize(
    ("severity", "said"),
    [("low", "Low"), ("medium", "Medium"), ("high", "High"), ("critical", "Critical"), ("unknown", "Unknown")],
)
def test_the_severity_is_the_advisory_s(severity: str, said: str) -> None:
    made = finding(VULNERABLE, hook=HOOK, data=advisory(severity))
    (found,) = report_of(result_with(made, hooks=(HOOK,)))["vulnerabilities"]
    assert found["severity"] == said


def test_malware_is_critical() -> None:
    made = finding(MALICIOUS, hook=HOOK, data=advisory("unknown"))
    (found,) = report_of(result_with(made, hooks=(HOOK,)))["vulnerabilities"]
    assert found["severity"] == "Critical"


def test_what_else_is_wrong_with_a_lockfile_is_only_mentioned() -> None:
    report = report_of(result_with(finding(DRIFT, hook=HOOK), hooks=(HOOK,)))
    assert report["vulnerabilities"] == []
    assert report["scan"]["messages"] == [
        {"level": "info", "value": "Not in this report: 1 finding of the hook dependencies (DEP101)"}
    ]


def test_what_is_unchecked_makes_the_scan_a_failed_one() -> None:
    scan = report_of(result_with(hooks=(HOOK,), unchecked=(remark("(advisories)", "none", hook=HOOK),)))["scan"]
    assert (scan["type"], scan["status"]) == ("dependency_scanning", "failure")


def test_with_secrets_it_is_a_report_on_secrets() -> None:
    made = finding(VULNERABLE, hook=HOOK, data=advisory())
    report = json.loads(render(result_with(made, hooks=("secrets", HOOK)), Style()))
    assert (report["scan"]["type"], report["vulnerabilities"]) == ("secret_detection", [])
    assert "of the hook dependencies (DEP001)" in report["scan"]["messages"][0]["value"]


@pytest.mark.parametrize("result", hostile(), ids=lambda result: ascii(result.findings[0].path)[:30])
def test_nothing_hostile_is_acted_upon(result: Result) -> None:
    text = result.findings[0].message
    hostile_data = advisory(package=text, version=text, advisory=text, aliases=[text])
    made = finding(VULNERABLE, hook=HOOK, message=text, data=hostile_data)
    rendered = render(result_with(made, hooks=(HOOK,)), Style())
    VALIDATOR.validate(json.loads(rendered))
    assert rendered.isascii()
    assert rendered.replace("\n", "").isprintable()


def test_the_command_writes_it(repository: Repository, whole_advisories: Path) -> None:
    repository.stage("requirements.txt", "acme-http==1.3\n")
    env = {"NIGHTLATCH_ADVISORIES": str(whole_advisories)}
    report = json.loads(repository.nightlatch("dependencies", "--format", "gitlab", **env).out)
    VALIDATOR.validate(report)
    assert [one["identifiers"][0]["value"] for one in report["vulnerabilities"]] == ["GHSA-dddd-eeee-ffff"]
    assert report["scan"]["status"] == "success"
