"""What every whole set of advisories has: records that must be found, and how many there are at least.

An empty, truncated or wrongly built file has no say about any package, and nothing of that shows: each lookup would
find nothing. So these are looked up first. A set without reports of malware would look as clean, so they are counted
and looked up by themselves.
"""

from __future__ import annotations

MALWARE = "MAL-"
"""How the ids of reports of malicious packages begin: https://github.com/ossf/malicious-packages."""

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
"""Ecosystem → (package, version, an id or alias of an advisory that concerns it): each must be found.

Old advisories of widely used packages, told by their CVE, which stays while the ids of the records change.
"""

FAMILIES = {"PyPI": ("GHSA-",), "npm": ("GHSA-",)}
"""Ecosystem → how ids begin: of each family one of the canaries must have a record. PyPA's alone are a part."""

MALWARE_CANARIES = {
    "PyPI": (("aiocpa", "0.1.13"), ("fabrice", "1.0.0"), ("zebo", "0.1.0")),
    "npm": (("@solana/web3.js", "1.95.6"), ("@lottiefiles/lottie-player", "2.0.5"), ("ethers-provider2", "1.18.0")),
}
"""Ecosystem → (package, version) that a report of malware concerns: one must be found, since reports are withdrawn.

Attacks of 2024 and 2025 that were widely told of.
"""

FEWEST_VULNERABILITIES = {"PyPI": 7_500, "npm": 3_000}
"""Ecosystem → how many records that are no reports of malware there are at least.

PyPI: PyPA's database had 6,811 that stand on 2026-07-23, GitHub's thousands more; OSV's archive had 25,297 records of
both kinds in November 2026. npm: about as many as the 28,618 that GitHub had reviewed of all ecosystems in April
2026 suggest, of which npm's are a fifth. Half of that is asked for: records are withdrawn and merged.
"""

FEWEST_MALWARE = {"PyPI": 5_000, "npm": 100_000}
"""Ecosystem → how many reports of malware there are at least.

PyPI: the source had 9,207 on 2025-06-04. npm: 22,241 on that day, 191,336 more packages in the year 2025; OSV's archive
had 228,684 records of both kinds in November 2026. Half of that is asked for.
"""
