"""The door through which a hook gets the database: the one place of the check that knows environment and clock.

What was never there is fetched once, within a time limit. What is there is never renewed behind somebody's back: a
commit uses no network then.
"""

from __future__ import annotations

import os
import time

from nightlatch.advisories.place import about_the_named, files, named_file, usable_folder
from nightlatch.core import cache
from nightlatch.core.advisories.age import REFUSE_AFTER
from nightlatch.core.advisories.database import UPDATE, AdvisoriesError, Database, NoAdvisoriesError
from nightlatch.core.errors import NightlatchError, UsageError
from nightlatch.core.suppress import OWNERS_NOTE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FIRST_USE = 20.0
"""Seconds that a commit waits for data, for all ecosystems together: once."""

FIRST_USE_IN_CI = 300.0
"""The same for a job, where nobody waits and each one may begin without data."""

NOT_AGAIN = 600
"""Seconds after a failure in which no other commit tries: it fails at once, with what was said then."""

WITHOUT_NETWORK = f"dependencies: {{advisories: if-present}}  {OWNERS_NOTE}"
"""The line of the configuration that lets lockfiles pass where there is no data."""

_FAILURES = "advisories-failed"
"""The kind of file in the cache folder that remembers a failure."""


def supply(
    ecosystems: Sequence[str],
    environ: Mapping[str, str],
    option: str | None,
    max_age: int | None,
    *,
    may_fetch: bool,
) -> Database | None:
    """The database, whole and fresh for the ecosystems; None without data where none may be fetched.

    ecosystems  those that the lockfiles are of
    option      what --advisories names
    max_age     in seconds, what --max-age says
    Raises AdvisoriesError.
    """
    named = named_file(option, environ)
    places = {name: file for name, file in files(named).items() if name in ecosystems}
    if named is None:
        missing = [name for name, file in places.items() if not os.path.lexists(file)]
        if may_fetch and missing:
            _fetch(missing, environ)
        if not may_fetch:
            places = {name: file for name, file in places.items() if name not in missing}
    if not places:
        return None
    try:
        return _required(places, REFUSE_AFTER if max_age is None else max_age, may_be_a_part=named is not None)
    except AdvisoriesError as error:
        if option is not None:
            about_the_named(error, option)
        raise


def _required(places: Mapping[str, str], refuse_after: int, *, may_be_a_part: bool) -> Database:
    """The files, opened. Raises AdvisoriesError unless they can be relied upon."""
    database = Database(places)
    try:
        database.require(places, time.time(), refuse_after, may_be_a_part=may_be_a_part)
    except AdvisoriesError:
        database.close()
        raise
    return database


def _fetch(ecosystems: Sequence[str], environ: Mapping[str, str]) -> None:
    """Fetch what was never there. Raises NoAdvisoriesError, with the one command that mends it."""
    from nightlatch.advisories.sources import named_source
    from nightlatch.advisories.update import update
    from nightlatch.core.run import in_ci

    usable_folder(create=True)
    limit = FIRST_USE_IN_CI if in_ci(environ) else FIRST_USE
    deadline = time.monotonic() + limit
    for ecosystem in ecosystems:
        try:
            source = named_source(None, environ)
        except UsageError as error:
            raise _not_fetched(ecosystem, f"it can't be fetched: {error.what}", f"{UPDATE} --source URL|PATH") from None
        key = f"{ecosystem} {_without_secrets(source)}".encode()
        _refuse_again(ecosystem, cache.load(_FAILURES, key))
        try:
            seconds = max(0.0, deadline - time.monotonic())
            database, _ = update(files(None)[ecosystem], (ecosystem,), source, seconds=seconds)
            database.close()
        except NightlatchError as error:
            cache.store(_FAILURES, key, (int(time.time()), error.what))
            failed = f"fetching it within {limit:.0f} seconds failed: {error.what}{_PAUSE}"
            raise _not_fetched(ecosystem, failed) from None


def _without_secrets(source: str) -> str:
    """A source as it may be kept: without what stands before its host, or behind its path."""
    return source.partition("?")[0].rpartition("@")[2]


def _refuse_again(ecosystem: str, kept: object) -> None:
    """Raise NoAdvisoriesError where fetching has failed a short while ago. A clock that went back tells nothing."""
    match kept:
        case (int(then), str(reason)) if 0 <= time.time() - then < NOT_AGAIN:
            tried = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(then))
            raise _not_fetched(ecosystem, f"fetching it failed at {tried}: {reason}{_PAUSE}")


def _not_fetched(ecosystem: str, what: str, command: str = UPDATE) -> NoAdvisoriesError:
    return NoAdvisoriesError(
        f"There is no advisory data for {ecosystem} yet, and {what}",
        f"{command}    or, without a network, write this line into .nightlatch.yaml: {WITHOUT_NETWORK}",
    )


_PAUSE = f" No commit tries again within {NOT_AGAIN // 60} minutes."
