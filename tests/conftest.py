"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.advisories import WHOLE_RECORDS, build_whole
from tests.support.repository import Repository

settings.register_profile("patient", deadline=None)  # machines are noisy: no test asserts a wall-clock time
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test uses the network or the user's cache, and none sees variables that git or a runner has set around it."""
    for name in tuple(os.environ):
        if name.startswith(("GIT_", "PRE_COMMIT", "PREK", "NIGHTLATCH_", "GITHUB_", "GITLAB_", "CI")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NIGHTLATCH_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("NIGHTLATCH_ADVISORIES_SOURCE", "off")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """An empty repository in a folder of its own."""
    return Repository.create(tmp_path / "repository")


@pytest.fixture(scope="session")
def whole_advisories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of advisories that counts as whole and fresh; what it has is `WHOLE_RECORDS`."""
    return build_whole(tmp_path_factory.mktemp("advisories"), *WHOLE_RECORDS)
