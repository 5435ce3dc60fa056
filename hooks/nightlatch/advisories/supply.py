"""The door through which a hook gets the database: the one place of the check that knows environment and clock.

What was never there is fetched once, within a time limit. What is there is never renewed behind somebody's back: a
commit uses no network then.
"""

from __future__ import annotations

import os
import time

from nightlatch.advisories.place import files, named_file, usable_folder
from nightlatch.core.advisories.age import REFUSE_AFTER
from nightlatch.core.advisories.database import UPDATE, AdvisoriesError, Database, NoAdvisoriesError
from nightlatch.core.errors import NightlatchError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FIRST_USE = 120.0
"""Seconds that a commit waits for data, once."""


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
        for name in missing if may_fetch else ():
            _fetch(name, environ)
        if not may_fetch:
            places = {name: file for name, file in places.items() if name not in missing}
    if not places:
        return None
    database = Database(places)
    try:
        database.require(places, time.time(), REFUSE_AFTER if max_age is None else max_age)
    except AdvisoriesError:
        database.close()
        raise
    return database


def _fetch(ecosystem: str, environ: Mapping[str, str]) -> None:
    """Fetch what was never there. Raises NoAdvisoriesError, with the one command that mends it."""
    from nightlatch.advisories.sources import named_source
    from nightlatch.advisories.update import update

    usable_folder(create=True)
    try:
        database, _ = update(files(None)[ecosystem], (ecosystem,), named_source(None, environ), seconds=FIRST_USE)
        database.close()
    except NightlatchError as error:
        raise NoAdvisoriesError(
            f"There is no advisory data for {ecosystem} yet, and fetching it failed: {error.what}",
            f"{UPDATE}    (without a network, `dependencies: {{advisories: if-present}}` in .nightlatch.yaml)",
        ) from None
