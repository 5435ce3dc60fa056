"""The `dependencies` hook: no known-vulnerable or malicious package, and lockfiles that hold what they promise.

It looks at what a change leads to. Where the change touches no manifest, lockfile or setting of a package manager,
nothing is read and nothing imported.
"""

from __future__ import annotations

from nightlatch.core.hook import Hook
from nightlatch.dependencies.names import is_of_interest, may_be_included
from nightlatch.dependencies.rules import RULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.core.finding import Finding
    from nightlatch.core.hook import Options, Source


def check(source: Source, options: Options) -> Iterator[Finding]:
    """Yield what is wrong with the dependencies: of a change what it brings, else everything.

    Raises ConfigError where an exception is granted for too long, AdvisoriesError where no data can be had.
    """
    candidates: list[str] = []

    def is_wanted(path: str) -> bool:
        if not is_of_interest(path):
            if may_be_included(path):
                candidates.append(path)
            return False
        return True

    files = list(source.files(is_wanted))
    removed = source.removed(is_of_interest)
    includers: list[str] = []
    if candidates and not source.is_whole:
        from nightlatch.dependencies.candidates import includers as found

        includers = found(source)
    if files or removed or includers:
        from nightlatch.dependencies.audit import audit

        yield from audit(files, removed, source, options, candidates=candidates, includers=includers)


HOOK = Hook(
    "dependencies",
    "No package with a known vulnerability comes in, and lockfiles hold what they promise.",
    RULES,
    check,
    whole=True,
)
