"""Every test of this folder that asks for `sample` runs once for each hook."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.support.repository import Repository
from tests.support.samples import SAMPLES, Sample


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every hook's sample.

    Under the mark `file_by_file` those of the hooks that look into each file by itself, under `any_file` of these the
    ones that look at every file, whatever its name and its format.
    """
    if "sample" in metafunc.fixturenames:
        marks = {mark.name for mark in metafunc.definition.iter_markers()}
        chosen = [sample for sample in SAMPLES if sample.by_file or not marks & {"file_by_file", "any_file"}]
        chosen = [sample for sample in chosen if not ("any_file" in marks and sample.by_name)]
        metafunc.parametrize("sample", chosen, ids=[sample.hook for sample in chosen])


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A repository with one clean commit, made once: copying it is faster than five runs of git."""
    made = Repository.create(tmp_path_factory.mktemp("template"), "--template=")
    made.stage("README.md", "# A project\n")
    made.commit()
    return made


@pytest.fixture
def planted(tmp_path: Path, template: Repository, sample: Sample) -> Repository:
    """A repository with one clean commit and with the sample staged."""
    shutil.copytree(template.path, tmp_path / "repository")
    (tmp_path / "repository" / ".git" / "info").mkdir()
    repository = Repository(tmp_path / "repository")
    if sample.before:
        repository.stage(sample.path, sample.before)
        repository.commit()
    repository.stage(sample.path, sample.content())
    return repository


@pytest.fixture
def bound_by_modes() -> tuple[str, ...]:
    """What is put before a command so that file modes hold for it: they don't for root as he is."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("root may read everything, and there is no setpriv to take that away")
    return ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
