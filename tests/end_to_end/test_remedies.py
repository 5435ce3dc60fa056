"""A remedy that changes the configuration is followed word for word, and no hook blocks the commit for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nightlatch.core.suppress import OWNERS_NOTE
from nightlatch.protected_files.rules import WEAKENED
from tests.support.repository import Outcome, Repository

LOCKFILE = "filling-1==2.0.1 --hash=sha256:" + "0" * 64 + "\n"
YARN = (
    '# yarn lockfile v1\n\n\na@^1.0.0:\n  version "1.0.0"\n'
    f'  resolved "http://packages.example/a-1.0.0.tgz#{"0" * 40}"\n'
)
PRO011 = "error PRO011"


@pytest.fixture
def begun(repository: Repository, tmp_path: Path) -> Repository:
    """A repository with a first commit, to which the next is compared, on a machine without advisories."""
    repository.stage("README.md", "hello\n")
    repository.commit()
    repository.env |= {"NIGHTLATCH_CACHE_DIR": str(tmp_path / "cache"), "NIGHTLATCH_ADVISORIES_SOURCE": "off"}
    return repository


def committed(repository: Repository, *options: str) -> Outcome:
    return repository.nightlatch("run", "--staged", *options)


def test_the_note_names_the_rule_that_would_block() -> None:
    assert f"allow {WEAKENED.id} -- " in OWNERS_NOTE


def test_the_line_that_lets_lockfiles_pass_without_a_network(begun: Repository) -> None:
    begun.stage("requirements.txt", LOCKFILE)
    refused = committed(begun)
    assert refused.code == 2
    line = re.search(r"write this line into \.nightlatch\.yaml: (.*)", refused.out)
    assert line, refused.out
    begun.stage(".nightlatch.yaml", line[1].partition("  #")[0] + "\n")
    assert PRO011 in committed(begun).out
    begun.stage(".nightlatch.yaml", line[1] + "\n")
    assert committed(begun).code == 0


def test_the_entry_that_accepts_what_is_unchecked(begun: Repository) -> None:
    begun.stage("requirements.txt", LOCKFILE)
    _, _, entry = committed(begun).out.partition("accept-unchecked in .nightlatch.yaml:\n")
    begun.stage(".nightlatch.yaml", re.sub(r" *#.*\n", "", entry))
    assert PRO011 in committed(begun).out
    begun.stage(".nightlatch.yaml", entry)
    passed = committed(begun, "--verbose")
    assert passed.code == 0, passed
    accepted = next(line for line in passed.out.splitlines() if line.startswith("(advisories)"))
    assert accepted.endswith("accepted: your reason")
    assert "Run:" not in accepted, "what is accepted asks for nothing"


def test_the_override_for_a_file_that_takes_no_notes(begun: Repository) -> None:
    accepted = f"accept-unchecked:\n  {OWNERS_NOTE}\n  - {{path: (advisories), reason: none here}}\n"
    begun.stage("yarn.lock", YARN)
    begun.stage("package.json", '{"name": "x", "dependencies": {"a": "^1.0.0"}}\n')
    begun.stage(".nightlatch.yaml", accepted)
    refused = committed(begun)
    assert refused.code == 1
    line = re.search(r"in \.nightlatch\.yaml: (overrides: .*DEP203.*)", refused.out)
    assert line, refused.out
    begun.stage(".nightlatch.yaml", f"{accepted}{line[1].partition('  #')[0]}\n")
    assert PRO011 in committed(begun).out
    begun.stage(".nightlatch.yaml", f"{accepted}{line[1]}\n")
    assert committed(begun).code == 0
