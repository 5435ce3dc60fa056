"""A commit that touches a lockfile: refused for what the data says, and for data that can't be relied upon."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.advisories.test_database import FAULTS
from tests.support.advisories import affected, archive, build_partial, build_whole, day, in_full, record
from tests.support.repository import Outcome, Repository
from tests.support.web import Answer, sends, serving

CLEAN = "filling-1==2.0.1 --hash=sha256:" + "0" * 64 + "\n"
VULNERABLE = "acme-http==1.3 --hash=sha256:" + "0" * 64 + "\n"


def committed(repository: Repository, text: str, **changes: str) -> Outcome:
    """The hook's answer to a staged lockfile."""
    repository.stage("requirements.txt", text)
    return repository.nightlatch("dependencies", "--format", "json", **changes)


def rules(outcome: Outcome) -> list[str]:
    return [finding["rule"] for finding in outcome.json()["findings"] if finding["data"].get("advisory")]


def assert_unchecked(outcome: Outcome, what: str, remedy: str) -> None:
    assert outcome.code == 2, outcome
    (remark,) = outcome.json()["unchecked"]
    assert what in remark["reason"]
    assert remedy in remark["reason"]


def test_a_vulnerable_package_is_refused_and_its_mended_version_passes(
    repository: Repository, whole_advisories: Path
) -> None:
    named = {"NIGHTLATCH_ADVISORIES": str(whole_advisories)}
    refused = committed(repository, VULNERABLE, **named)
    assert refused.code in (0, 1), refused  # the severity is medium: a warning unless more is asked for
    (found,) = [one for one in refused.json()["findings"] if one["data"].get("advisory")]
    assert found["data"] | {"path": []} == {
        "ecosystem": "PyPI",
        "package": "acme-http",
        "version": "1.3",
        "advisory": "GHSA-dddd-eeee-ffff",
        "aliases": ["CVE-2026-1002", "PYSEC-2026-1"],
        "severity": "medium",
        "fixed": "1.4.1",
        "path": [],
    }
    mended = committed(repository, VULNERABLE.replace("1.3", found["data"]["fixed"]), **named)
    assert rules(mended) == []


@pytest.mark.parametrize(("fault", "what", "remedy"), FAULTS.values(), ids=FAULTS)
def test_data_that_cant_be_relied_upon(
    *,
    repository: Repository,
    tmp_path: Path,
    fault: Callable[[Path], object],
    what: str,
    remedy: str,
    whole_advisories: Path,
) -> None:
    copy = tmp_path / "copy.sqlite"
    copy.write_bytes(whole_advisories.read_bytes())
    fault(copy)
    outcome = committed(repository, CLEAN, NIGHTLATCH_ADVISORIES=str(copy))
    assert_unchecked(outcome, what, remedy)


def test_an_advisory_that_cant_be_evaluated_can_be_judged_by_a_person(repository: Repository, tmp_path: Path) -> None:
    unreadable = record("PYSEC-2026-9", affected("acme-http", "introduced 0", "last_affected 2.6.0-NA"))
    other = record("PYSEC-2026-8", affected("acme-http", "introduced 0", "fixed 1.4.0.stable11"))
    named = {"NIGHTLATCH_ADVISORIES": str(build_partial(tmp_path, unreadable, other))}
    outcome = committed(repository, VULNERABLE, **named)
    assert_unchecked(outcome, "PYSEC-2026-8, PYSEC-2026-9 can't be evaluated", "under `dependencies: ignore`")
    ids = ("PYSEC-2026-9", "PYSEC-2026-8")
    for known in (1, 2):
        entries = ", ".join(f"{{id: {id}, reason: read, expires: '{day(-9)[:10]}'}}" for id in ids[:known])
        repository.stage(".nightlatch.yaml", f"dependencies: {{ignore: [{entries}]}}\n")
        outcome = committed(repository, VULNERABLE, **named)
        if known < len(ids):
            assert_unchecked(outcome, "acme-http@1.3: PYSEC-2026-8 can't be evaluated", "page")
        else:
            assert outcome.json()["unchecked"] == []


def test_no_command_has_a_full_stop_glued_to_it(repository: Repository, whole_advisories: Path) -> None:
    outcome = committed(repository, VULNERABLE, NIGHTLATCH_ADVISORIES=str(whole_advisories))
    (fix,) = [one["fix"] for one in outcome.json()["findings"] if one["data"].get("advisory")]
    assert fix.endswith(
        " | uv pip compile --no-deps --generate-hashes -    (more: https://osv.dev/vulnerability/GHSA-dddd-eeee-ffff)"
    )


def test_what_to_type_names_the_file_that_the_option_names(repository: Repository, tmp_path: Path) -> None:
    file = str(build_whole(tmp_path, ecosystems=["PyPI"], age=40).rename(tmp_path / "my data.sqlite"))
    repository.stage("requirements.txt", CLEAN)
    outcome = repository.nightlatch("dependencies", "--advisories", file, "--format", "json")
    assert_unchecked(outcome, "is 40 days old", f"Run: nightlatch advisories update --advisories '{file}'")


def test_a_part_in_the_cache_is_not_taken_for_all(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir(mode=0o700)
    part = build_partial(tmp_path, record("A-1", affected("thing", "introduced 0")))
    part.rename(tmp_path / "cache" / "advisories-pypi.sqlite")
    outcome = committed(repository, CLEAN, NIGHTLATCH_CACHE_DIR=str(tmp_path / "cache"))
    assert_unchecked(outcome, "it was built as a part of the advisories for PyPI", "Run: nightlatch advisories update")


SERVICES: dict[str, tuple[Answer, str]] = {
    "500": (sends(b"", 500), "answered 500"),
    "a web page": (sends(b"<html>", kind="text/html"), "answered with a web page"),
    "nothing": (sends(b""), "answered with nothing"),
    "no archive": (sends(b"{}"), "no whole zip archive"),
}


@pytest.mark.parametrize(("answer", "what"), SERVICES.values(), ids=SERVICES)
def test_a_service_that_fails_on_first_use(repository: Repository, tmp_path: Path, answer: Answer, what: str) -> None:
    with serving(answer) as (address, _):
        places = {"NIGHTLATCH_CACHE_DIR": str(tmp_path / "cache"), "NIGHTLATCH_ADVISORIES_SOURCE": address}
        assert_unchecked(committed(repository, CLEAN, **places), what, "Run: nightlatch advisories update")
        repository.stage(".nightlatch.yaml", "dependencies: {advisories: if-present}\n")
        assert committed(repository, CLEAN, **places).json()["unchecked"] == []


def test_a_service_that_works_on_first_use(repository: Repository, tmp_path: Path) -> None:
    data = archive(tmp_path / "all.zip", in_full("PyPI")).read_bytes()
    with serving(sends(data)) as (address, asked):
        places = {"NIGHTLATCH_CACHE_DIR": str(tmp_path / "cache"), "NIGHTLATCH_ADVISORIES_SOURCE": address}
        for text in (CLEAN, CLEAN.replace("2.0.1", "2.0.2")):
            assert committed(repository, text, **places).json()["unchecked"] == []
    assert asked == ["/PyPI/all.zip"]
    assert "advisories-pypi.sqlite" in os.listdir(tmp_path / "cache")


def test_old_data_is_a_warning_and_the_age_can_be_asked_for(repository: Repository, tmp_path: Path) -> None:
    file = str(build_whole(tmp_path, ecosystems=["PyPI"], age=9))
    repository.stage("requirements.txt", CLEAN)
    warned = repository.nightlatch("dependencies", "--advisories", file, "--format", "json")
    assert [one["message"] for one in warned.json()["findings"] if "9 days old" in one["message"]]
    assert warned.json()["unchecked"] == []
    refused = repository.nightlatch("dependencies", "--advisories", file, "--max-age", "2d", "--format", "json")
    assert_unchecked(refused, "at most 2 days are accepted", "advisories update")
