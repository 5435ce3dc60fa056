"""What the tests of advisories share."""

from __future__ import annotations

import pytest

from nightlatch.core.advisories.canaries import FEWEST_MALWARE, FEWEST_VULNERABILITIES
from nightlatch.core.advisories.ecosystems import ECOSYSTEMS
from tests.support.advisories import FILLING


@pytest.fixture
def low_floors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within this process a whole set is small: real ones have a hundred thousand records."""
    for floors in (FEWEST_VULNERABILITIES, FEWEST_MALWARE):
        for name in ECOSYSTEMS:
            monkeypatch.setitem(floors, name, FILLING)
