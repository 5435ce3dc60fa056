"""Where the databases lie that `advisories update` fetches: one file for each ecosystem, in the cache folder."""

from __future__ import annotations

import os

from nightlatch.core import cache
from nightlatch.core.advisories.database import UPDATE, AdvisoriesError, may_be_replaced
from nightlatch.core.advisories.ecosystems import ECOSYSTEMS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "NIGHTLATCH_ADVISORIES"
"""Names the database as --advisories does."""

SOURCE = "NIGHTLATCH_ADVISORIES_SOURCE"
"""Names the source as `advisories update --source` does."""


def named_file(option: str | None, environ: Mapping[str, str]) -> str | None:
    """The one database that the option names, or the environment; None for those of the cache folder."""
    return option if option is not None else environ.get(VARIABLE) or None


def about_the_named(error: AdvisoriesError, option: str) -> None:
    """Let an error's remedy be about the file that --advisories names: `update` alone renews the cache's."""
    from shlex import quote

    if os.path.lexists(option) and not may_be_replaced(option):
        error.remedy = "Name a database that nightlatch wrote, or leave --advisories out for that of the cache."
    else:  # the variable needs no naming: `advisories update` reads it too
        error.remedy = error.remedy.replace(UPDATE, f"{UPDATE} --advisories {quote(option)}")


def files(named: str | None) -> dict[str, str]:
    """Ecosystem → the file about it, whether it exists or not. Raises AdvisoriesError where there is no place."""
    if named is not None:
        return dict.fromkeys(ECOSYSTEMS, named)
    folder = usable_folder(create=False)
    return {name: os.path.join(folder, f"advisories-{name.lower()}.sqlite") for name in ECOSYSTEMS}


def usable_folder(*, create: bool) -> str:
    """The cache folder. Raises AdvisoriesError where it can't hold what commits are judged by."""
    wanted = cache.folder()
    try:
        found = cache.usable_folder(create=create)
    except FileNotFoundError:
        found = wanted
    except OSError as error:
        reason = (error.strerror or "it failed").lower()
        raise AdvisoriesError(f"{wanted} can't be used: {reason}.", _REMEDY) from None
    if found is None:
        raise AdvisoriesError(
            f"{wanted or 'The cache folder'} can't hold advisories: it is in a repository, or others may write there.",
            _REMEDY,
        )
    return found


_REMEDY = f"Set {cache.FOLDER_VARIABLE} to a folder of your own, or name a database with --advisories FILE."
