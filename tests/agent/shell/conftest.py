"""The project of the cases, built once: no test changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.agent.shell.tree import build

if TYPE_CHECKING:
    from nightlatch.agent.place import Place


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return build(tmp_path_factory.mktemp("project"))
