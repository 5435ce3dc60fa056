"""Where the advisories come from: what can be named as a source, and what is taken where nothing is.

OSV collects what the databases of the ecosystems publish: GitHub's, PyPA's, OpenSSF's malicious packages. Its
archives are public, one for each ecosystem; a mirror keeps the same layout.
"""

from __future__ import annotations

import os

from nightlatch.advisories.place import SOURCE
from nightlatch.core.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

OSV = "https://osv-vulnerabilities.storage.googleapis.com"
"""OSV's archives: see https://google.github.io/osv.dev/data/"""

ARCHIVE = "{ecosystem}/all.zip"
"""An ecosystem's archive below OSV's address, or a mirror's, or a folder's."""

PAGE = "https://osv.dev/vulnerability/{id}"
"""The page about a record that names none of its own."""

CREDITS = (
    "GHSA records: GitHub Advisory Database, CC-BY-4.0. PYSEC records: PyPA Advisory Database, CC-BY-4.0. "
    "MAL records: OpenSSF Malicious Packages, Apache-2.0. Compiled from OSV's form; each record keeps its address."
)
"""Whose work the records are: see docs/advisories.md."""

OFF = "off"
"""As the variable's value: nothing is ever fetched."""

_FILES = (".zip", ".sqlite")


def named_source(option: str | None, environ: Mapping[str, str]) -> str:
    """The source that the option names, else the environment, else OSV's.

    Raises UsageError where fetching is switched off.
    """
    if option is not None:
        return option
    source = environ.get(SOURCE) or OSV
    if source == OFF:
        raise UsageError(
            f"Fetching advisories is switched off here ({SOURCE}={OFF}).",
            "Name a source with --source, or a database with --advisories FILE.",
        )
    return source


def is_remote(source: str) -> bool:
    """Whether it is fetched over the network."""
    return "://" in source


def archive_of(source: str, ecosystem: str) -> str:
    """The file for an ecosystem: the source itself where it is one, else the archive below it."""
    if source.endswith(_FILES) or os.path.isfile(source):
        return source
    if is_remote(source):
        return source.rstrip("/") + "/" + ARCHIVE.format(ecosystem=ecosystem)
    below = os.path.join(source, *ARCHIVE.format(ecosystem=ecosystem).split("/"))
    return below if os.path.isfile(below) else source
