"""The two engines behind one interface: the standard library alone, and Hyperscan where its wheel is installed.

Both say which rules can match in a text, and a rule that they name in vain costs time and nothing else: the
findings are the same. So each text may go to the one that is quicker, and little text goes to the standard
library, since loading the other takes longer than that.
"""

from __future__ import annotations

import os

from nightlatch.core.errors import UsageError
from nightlatch.secrets.keyword_filter import KeywordFilter
from nightlatch.secrets.scan import Scanner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nightlatch.secrets.hyperscan_filter import HyperscanFilter
    from nightlatch.secrets.secret_rule import SecretRule

VARIABLE = "NIGHTLATCH_ENGINE"
AUTO = "auto"
STANDARD_LIBRARY = "stdlib"
HYPERSCAN = "hyperscan"
ENGINES = (AUTO, STANDARD_LIBRARY, HYPERSCAN)

WORTH_LOADING = 16 * 1024
"""So many bytes take the standard library as long as the database takes to load."""

WORTH_BUILDING = 8 * 1024 * 1024
"""And so many about as long as it takes to build."""


def scanner_for(rules: Sequence[SecretRule], environ: Mapping[str, str] = os.environ, *, expected: int = 0) -> Scanner:
    """A scanner for these rules with the engine that is asked for.

    expected  bytes that will be searched at least, as far as is known
    Raises UsageError where there is no such engine.
    """
    wanted = environ.get(VARIABLE) or AUTO
    if wanted not in ENGINES:
        raise UsageError(f"{VARIABLE}={wanted}: there is no such engine.", f"Set it to one of: {', '.join(ENGINES)}.")
    if wanted == STANDARD_LIBRARY:
        return Scanner(rules, KeywordFilter(rules))
    if wanted == HYPERSCAN:
        return Scanner(rules, _hyperscan(rules))
    return Scanner(rules, _Growing(rules, expected))


def description(environ: Mapping[str, str] = os.environ) -> str:
    """Which engine searches, in words."""
    from nightlatch.secrets.hyperscan_filter import version

    number = version()
    if environ.get(VARIABLE) == STANDARD_LIBRARY:
        return f"standard library ({VARIABLE} says so)"
    if not number:
        return "standard library (Hyperscan's wheel is not installed, or not for this machine)"
    return f"hyperscan {number}, and the standard library for little text"


class _Growing:
    """Begins with the standard library; loads Hyperscan's database, or builds it, when the text has become much."""

    def __init__(self, rules: Sequence[SecretRule], expected: int = 0) -> None:
        self._rules = rules
        self._filter: KeywordFilter | HyperscanFilter = KeywordFilter(rules)
        self._seen = expected
        self._next = WORTH_LOADING
        if expected >= WORTH_LOADING:
            self._grow()

    def candidates(self, text: bytes) -> list[int]:
        """As both filters give them."""
        self._seen += len(text)
        if self._next and self._seen >= self._next:
            self._grow()
        return self._filter.candidates(text)

    def holds_base64(self, text: bytes) -> bool:
        """As both filters give it."""
        return self._filter.holds_base64(text)

    def _grow(self) -> None:
        from nightlatch.secrets import hyperscan_filter

        found = hyperscan_filter.load(self._rules)
        if found is None and self._seen >= WORTH_BUILDING:
            found = hyperscan_filter.build(self._rules)
        self._next = WORTH_BUILDING if self._next < WORTH_BUILDING and found is None else 0
        self._filter = found or self._filter


def _hyperscan(rules: Sequence[SecretRule]) -> HyperscanFilter:
    from nightlatch.secrets import hyperscan_filter

    found = hyperscan_filter.load(rules) or hyperscan_filter.build(rules)
    if found is None:
        raise UsageError(
            f"{VARIABLE}={HYPERSCAN}: its wheel is not installed, or not for this machine.",
            f"Install it (pip install hyperscan), or unset {VARIABLE}: the findings are the same.",
        )
    return found
