"""What every whole set of advisories has: records that must be found, and how many there are at least.

An empty, truncated or wrongly built file has no say about any package, and nothing of that shows: each lookup would
find nothing. So these are looked up first. Old advisories of widely used packages are taken, told by their CVE,
which stays while the ids of the records change.
"""

from __future__ import annotations

CANARIES = {
    "PyPI": (
        ("django", "1.4", "CVE-2012-3442"),
        ("jinja2", "2.7.1", "CVE-2014-0012"),
        ("requests", "2.2.1", "CVE-2014-1829"),
    ),
    "npm": (
        ("lodash", "4.17.20", "CVE-2021-23337"),
        ("minimist", "1.2.5", "CVE-2021-44906"),
        ("ws", "7.4.5", "CVE-2021-32640"),
    ),
}
"""Ecosystem → (package, version, an id or alias of an advisory that concerns it)."""

FEWEST_RECORDS = {"PyPI": 2000, "npm": 2500}
"""Ecosystem → how many records there are at least: the smallest of the public sets has more."""
