"""What the tests of the hook share."""

from __future__ import annotations

import os

import pytest

from tests.support.repository import Outcome, Repository


@pytest.fixture(autouse=True)
def _usual_umask() -> None:
    """Files come as they come to most people: 644."""
    os.umask(0o022)


def told(outcome: Outcome) -> list[str]:
    """`severity rule path` of each finding about the files themselves; those about contents have tests of their own."""
    findings = (found for found in outcome.json()["findings"] if found["rule"].startswith("ENV0"))
    return sorted(f"{found['severity']} {found['rule']} {found['path']}" for found in findings)


def look(repository: Repository, *arguments: str, **changes: str) -> list[str]:
    """What the hook finds; nothing may be left unchecked."""
    outcome = repository.nightlatch("env-files", "--format", "json", *arguments, **changes)
    assert outcome.code in (0, 1), outcome
    return told(outcome)
