"""What another audit says of a package."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Opinion:
    """One advisory that another audit finds.

    name, version  of the package, as it was asked about
    ids            every id that the other audit has for the advisory
    summary        one line of untrusted text, or ""
    """

    __slots__ = ("ids", "name", "summary", "version")

    def __init__(self, name: str, version: str, ids: Sequence[str], summary: str = "") -> None:
        self.name = name
        self.version = version
        self.ids = ids
        self.summary = summary
