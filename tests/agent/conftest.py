"""What the tests of the agent's guard may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.agent import CASES, Project, build, build_for_calls


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with the sample's policy. Tests leave it as it is."""
    project = build(tmp_path_factory.mktemp("agent"))
    project.configure((CASES / "policy.yaml").read_text(encoding="utf-8"))
    return project


@pytest.fixture(scope="session")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The larger project that the calls are about. Tests leave it as it is."""
    return build_for_calls(tmp_path_factory.mktemp("calls"))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project of the test's own, without a configuration."""
    return build(tmp_path)


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """What a test forgets to name must not be the developer's own."""
    elsewhere = tmp_path_factory.getbasetemp() / "nobody"
    monkeypatch.setenv("HOME", str(elsewhere))
    monkeypatch.setenv("XDG_STATE_HOME", str(elsewhere / "state"))
