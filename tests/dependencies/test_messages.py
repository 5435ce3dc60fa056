"""What is said of a lockfile that is broken, gone or reached without TLS: where, and the command that mends it."""

from __future__ import annotations

import pytest

from tests.support.repository import Repository

UV = """\
version = 1

[[package]]
name = "a"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "idna" }]

[[package]]
name = "idna"
version = "3.10"
source = { registry = "https://packages.example/simple" }
"""
PYPROJECT = '[project]\nname = "a"\nversion = "1"\ndependencies = ["idna"]\n'
PACKAGE_LOCK = """\
{
  "name": "a", "lockfileVersion": 3,
  "packages": {
    "": {"name": "a", "dependencies": {"left-pad": "1.3.0"}},
    "node_modules/left-pad": {
      "version": "1.3.0",
      "resolved": "http://packages.example/left-pad-1.3.0.tgz",
      "integrity": "sha512-%s=="
    }
  }
}
"""


def reason(repository: Repository, path: str) -> str:
    remarks = repository.nightlatch("dependencies", "--staged", "--format", "json").json()["unchecked"]
    return next(str(remark["reason"]) for remark in remarks if remark["path"] == path)


@pytest.mark.parametrize(
    ("path", "text", "what", "command"),
    [
        ("uv.lock", UV[:-20], "no valid TOML", "rm uv.lock && uv lock"),
        (
            "uv.lock",
            UV.rpartition("source = { registry")[0],
            "line 10: a package from a source",
            "rm uv.lock && uv lock",
        ),
        ("web/package-lock.json", "{", "no valid JSON", "rm web/package-lock.json && (cd web && npm install"),
        ("poetry.lock", "[[", "no valid TOML", "rm poetry.lock && poetry lock"),
        ("pnpm-lock.yaml", "a: 1", "lockfileVersion", "rm pnpm-lock.yaml && pnpm install --lockfile-only"),
    ],
)
def test_a_broken_lockfile_says_how_it_comes_back(
    repository: Repository, path: str, text: str, what: str, command: str
) -> None:
    repository.stage(path, text)
    said = reason(repository, path)
    assert what in said
    assert f"git checkout HEAD -- {path}" in said
    assert command in said


def test_a_lockfile_that_the_change_takes_away_can_be_brought_back(repository: Repository) -> None:
    repository.stage("pyproject.toml", PYPROJECT)
    repository.stage("uv.lock", UV)
    repository.commit()
    repository.git("rm", "--quiet", "uv.lock")
    (found,) = repository.nightlatch("dependencies", "--staged", "--format", "json").json()["findings"]
    assert found["message"].endswith("; this change takes uv.lock away")
    assert found["fix"].startswith("Bring it back: git checkout HEAD -- uv.lock ")
    repository.git("checkout", "HEAD", "--", "uv.lock")
    assert repository.nightlatch("dependencies", "--staged").code == 0


@pytest.mark.parametrize(
    ("path", "text", "command"),
    [("pyproject.toml", PYPROJECT, "uv lock"), ("package.json", '{"dependencies": {"a": "1"}}', "npm install ")],
)
def test_a_manifest_without_a_lockfile_says_what_makes_one(
    repository: Repository, path: str, text: str, command: str
) -> None:
    repository.stage(path, text)
    found = repository.nightlatch("dependencies", "--all-files", "--format", "json").json()["findings"]
    (fix,) = [one["fix"] for one in found if one["rule"] == "DEP102"]
    assert fix.startswith(f"Make a lockfile, and commit it: {command}")


def test_an_address_without_tls_is_mended_in_its_line(repository: Repository) -> None:
    repository.stage("package.json", '{"name": "a", "dependencies": {"left-pad": "1.3.0"}}\n')
    lockfile = PACKAGE_LOCK % ("A" * 86)
    repository.stage("package-lock.json", lockfile)
    found = repository.nightlatch("dependencies", "--staged", "--format", "json").json()["findings"]
    (fix,) = [one["fix"] for one in found if one["rule"] == "DEP203"]
    assert fix.startswith("In line 5 and below, write https:// in place of http://.")
    repository.stage("package-lock.json", lockfile.replace("http://", "https://"))
    after = repository.nightlatch("dependencies", "--staged", "--format", "json").json()["findings"]
    assert [one for one in after if one["rule"] == "DEP203"] == []
