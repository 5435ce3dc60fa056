"""What requirements files include, and what symbolic links lead to: read as part of the audit, or unchecked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.repository import Outcome, Repository

HASH = " --hash=sha256:" + "0" * 64
VULNERABLE = f"acme-http==1.0{HASH}\n"
CLEAN = f"acme-http==9.0{HASH}\n"
CONFIG = "rules: {DEP301: off, DEP303: off}\n"


@pytest.fixture
def project(repository: Repository, whole_advisories: Path) -> Repository:
    repository.env["NIGHTLATCH_ADVISORIES"] = str(whole_advisories)
    repository.stage(".nightlatch.yaml", CONFIG)
    return repository


def checked(project: Repository, *arguments: str) -> Outcome:
    return project.nightlatch("dependencies", "--format", "json", *(arguments or ("--all-files",)))


def unchecked(outcome: Outcome) -> list[str]:
    report: dict[str, Any] = outcome.json()
    return [f"{one['path']}: {one['reason']}" for one in report["unchecked"]]


@pytest.mark.parametrize("selector", ["--all-files", "--staged", "requirements.txt"])
@pytest.mark.parametrize("name", ["reqs.txt", "deps/base.pip", "deps/base", "deps/a b.lst"])
def test_an_included_file_is_audited_under_its_own_path(project: Repository, name: str, selector: str) -> None:
    project.stage("requirements.txt", f"-r {name}\n" if " " not in name else f'-r "{name}"\n')
    project.stage(name, VULNERABLE)
    outcome = checked(project, selector)
    if " " in name:  # pip takes blanks in no way that all its versions share
        assert outcome.code == 2
    else:
        assert (outcome.findings(), unchecked(outcome)) == ([f"DEP001 {name}:1"], [])


def test_includes_of_includes_and_cycles_are_followed(project: Repository) -> None:
    project.stage("requirements.txt", "-r a/one.lst\n")
    project.stage("a/one.lst", "-r ../b/two.lst\n-c pins.lst\n")
    project.stage("b/two.lst", f"-r ../requirements.txt\n{VULNERABLE}")
    project.stage("a/pins.lst", "acme-http==1.0\n")
    assert checked(project).findings() == ["DEP001 a/pins.lst:1", "DEP001 b/two.lst:2"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("-r ../outside.txt", "outside of the repository"),
        ("-r /etc/requirements.txt", "outside of the repository"),
        ("-r https://other.example/r.txt", "behind an address"),
        ("-r file:///etc/r.txt", "behind an address"),
        ("-r ${PLACE}/r.txt", "the environment decides"),
        ("-r missing.txt", "isn't there"),
        ("-c missing.txt", "isn't there"),
        ("-r folder", "isn't there"),
    ],
)
def test_what_is_included_and_not_read_is_unchecked(project: Repository, line: str, said: str) -> None:
    project.stage("requirements.txt", f"# all\n{line}\n")
    project.stage("folder/r.txt", VULNERABLE)
    outcome = checked(project)
    (reason,) = unchecked(outcome)
    assert outcome.code == 2
    assert reason.startswith(f"requirements.txt: line 2: {line} names ")
    assert said in reason


def test_constraints_behind_an_address_are_a_finding(project: Repository) -> None:
    project.stage("requirements.txt", f"-c https://other.example/c.txt\n{CLEAN}")
    outcome = checked(project)
    assert (outcome.code, outcome.findings()) == (1, ["DEP205 requirements.txt:1"])


def test_a_change_of_an_included_file_alone_is_seen(project: Repository) -> None:
    project.stage("requirements.txt", "-r deps/base.pip\n")
    project.stage("deps/base.pip", CLEAN)
    project.stage("notes.txt", "some words\n")
    project.commit()
    project.stage("deps/base.pip", VULNERABLE)
    assert checked(project, "--staged").findings() == ["DEP001 deps/base.pip:1"]
    project.commit()
    assert checked(project, "--from-ref", "HEAD~1", "--to-ref", "HEAD").findings() == ["DEP001 deps/base.pip:1"]
    project.stage("notes.txt", "acme-http==1.0\n")
    outcome = checked(project, "--staged")
    assert (outcome.code, outcome.findings()) == (0, [])


def test_a_file_that_was_there_and_is_newly_included_brings_all_that_it_holds(project: Repository) -> None:
    project.stage("requirements.txt", CLEAN)
    project.stage("deps/base.pip", f"-r more.pip\n{VULNERABLE}")
    project.stage("deps/more.pip", f"acme-http==1.1{HASH}\n")
    project.commit()
    project.stage("requirements.txt", f"-r deps/base.pip\n{CLEAN}")
    assert checked(project, "--staged").findings() == ["DEP001 deps/base.pip:2", "DEP001 deps/more.pip:1"]


def test_a_change_beside_what_was_included_before_says_nothing_of_it(project: Repository) -> None:
    project.stage("requirements.txt", "-r deps/base.pip\n-r missing.pip\n")
    project.stage("deps/base.pip", VULNERABLE)
    project.commit()
    project.stage("requirements-dev.txt", CLEAN)
    assert checked(project, "--staged").code == 0


def test_what_the_configuration_excludes_is_not_missing(project: Repository) -> None:
    project.stage(".nightlatch.yaml", f'{CONFIG}exclude: ["/deps/**"]\n')
    project.stage("requirements.txt", "-r deps/base.pip\n")
    project.stage("deps/base.pip", VULNERABLE)
    assert checked(project).code == 0


@pytest.mark.parametrize("selector", ["--all-files", "--staged"])
@pytest.mark.parametrize("name", ["requirements.txt", "Pipfile.lock"])
def test_a_symbolic_link_is_read_where_it_leads(project: Repository, name: str, selector: str) -> None:
    text = VULNERABLE
    if name == "Pipfile.lock":
        text = '{"_meta": {}, "default": {"acme-http": {"version": "==1.0", "hashes": ["sha256:0"]}}}\n'
    project.stage("real.data", text)
    (project.path / "deps").mkdir()
    (project.path / "deps" / name).symlink_to("../real.data")
    project.git("add", "--all")
    assert "DEP001 real.data:1" in checked(project, selector).findings()


@pytest.mark.parametrize("target", ["/etc/hosts", "../../outside.txt", "missing.txt"])
def test_a_symbolic_link_to_nowhere_is_unchecked(project: Repository, target: str) -> None:
    (project.path / "requirements.txt").symlink_to(target)
    project.git("add", "--all")
    outcome = checked(project)
    (reason,) = unchecked(outcome)
    assert outcome.code == 2
    assert reason.startswith("requirements.txt: a symbolic link to ")


def test_a_change_of_what_a_link_leads_to_is_seen(project: Repository) -> None:
    project.stage("real.txt", CLEAN)
    (project.path / "requirements.txt").symlink_to("real.txt")
    project.git("add", "--all")
    project.commit()
    project.stage("real.txt", VULNERABLE)
    assert checked(project, "--staged").findings() == ["DEP001 real.txt:1"]


@pytest.mark.parametrize("name", ["docs/requirements/readme.txt", "docs/product-requirements.txt"])
def test_requirements_of_another_kind_are_passed_over(project: Repository, name: str) -> None:
    project.stage(name, "# Rules\n\nThe system shall be fast.\n")
    assert checked(project).code == 0
    project.stage(name, "The system shall be fast.\nacme-http==1.0\n")
    assert checked(project).code == 2
    project.stage(name, "The system shall be fast.\nacme-http\n")
    project.stage("requirements.txt", f"-r {name}\n")
    assert checked(project).code == 2


@pytest.mark.parametrize(
    "name", ["requirements3.txt", "Requirements.txt", "dev_requirements.txt", "reqs.txt", "x/reqs-2.TXT"]
)
def test_names_of_requirements_files(project: Repository, name: str) -> None:
    project.stage(name, VULNERABLE)
    assert checked(project).findings() == [f"DEP001 {name}:1"]
    project.stage(name, "The system shall be fast.\n")
    assert checked(project).code == (0 if "reqs" in name or name.startswith("dev") else 2)
