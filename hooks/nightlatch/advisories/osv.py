"""One record of OSV, in whichever of its versions: what it says of which packages.

The form is https://ossf.github.io/osv-schema/. A record that says something about a package in a way that can't be
evaluated is kept, marked as such, so that the package counts as unchecked; what can't be told is never dropped.
"""

from __future__ import annotations

import calendar
import re

from nightlatch.advisories.severity import severity
from nightlatch.advisories.sources import PAGE
from nightlatch.advisories.spans import FIXED, merged, spans_of_list, spans_of_range
from nightlatch.core.advisories.ecosystems import ECOSYSTEMS
from nightlatch.core.advisories.layout import CRITICAL, EVERY, Fixed, Record
from nightlatch.core.advisories.matching import highest
from nightlatch.core.text import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from nightlatch.advisories.spans import Span
    from nightlatch.core.advisories.ecosystems import Ecosystem

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+~-]{0,199}")
_DATE = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?(?:[Zz]|\+00:?00)?"
)
_PLAIN = re.compile(r"[^\s,\x00-\x1f\x7f]{1,256}")
"""What a row can hold of versions."""

_FIRST_YEAR = 1970
_GIT = "GIT"
NOT_WITHDRAWN = (None, "", "null", "~")
"""As YAML writes that there is no date."""

_MALWARE = ("MAL-",)
_MALICIOUS_CODE = "CWE-506"
"""Embedded malicious code: how GitHub's database marks packages that are an attack."""

_MOST_SUMMARY = 300
_MOST_URL = 500


class NotARecordError(Exception):
    """The text of it is the reason, in a few words that are the same for all such records."""


class Said:
    """What one record says.

    id, modified   of the record; modified in seconds since 1970
    is_withdrawn   whether it has no say any more
    summary, url   untrusted: one line each, url "" or http(s)
    packages       (ecosystem, comparable name) → the record about it; of the ecosystems that are kept
    others         whether it is about packages of other ecosystems, or about none
    """

    __slots__ = ("id", "is_withdrawn", "modified", "others", "packages", "summary", "url")

    def __init__(self, id: str, modified: int, *, is_withdrawn: bool, summary: str, url: str) -> None:
        self.id = id
        self.modified = modified
        self.is_withdrawn = is_withdrawn
        self.summary = summary
        self.url = url
        self.packages: dict[tuple[str, str], Record] = {}
        self.others = False


def read(data: Any) -> Said:
    """What a record says, parsed from JSON or YAML. Raises NotARecordError."""
    if not isinstance(data, dict):
        raise NotARecordError("no object")
    id = data.get("id")
    if not isinstance(id, str) or not _ID.fullmatch(id):
        raise NotARecordError("no id")
    said = Said(
        id,
        _seconds(data.get("modified")),
        is_withdrawn=data.get("withdrawn") not in NOT_WITHDRAWN,
        summary=_summary(data),
        url=_url(data, id),
    )
    affected = data.get("affected", [])
    if not isinstance(affected, list):
        raise NotARecordError("`affected` is no list")
    for place, parts in _by_package(affected).items():
        if place is None:
            said.others = True
        else:
            said.packages[place] = _record(data, id, parts, ECOSYSTEMS[place[0]])
    said.others = said.others or not affected
    return said


def _by_package(affected: Sequence[Any]) -> dict[tuple[str, str] | None, list[dict[str, Any]]]:
    """The entries for each package; those of other ecosystems under None."""
    found: dict[tuple[str, str] | None, list[dict[str, Any]]] = {}
    for part in affected:
        if not isinstance(part, dict):
            raise NotARecordError("an entry of `affected` is no object")
        found.setdefault(_place(part.get("package")), []).append(part)
    return found


def _place(package: Any) -> tuple[str, str] | None:
    if package is None:
        return None
    if not isinstance(package, dict) or not isinstance(package.get("ecosystem"), str):
        raise NotARecordError("a package without an ecosystem")
    ecosystem = ECOSYSTEMS.get(package["ecosystem"].partition(":")[0])
    if ecosystem is None:
        return None
    name = package.get("name")
    if not isinstance(name, str) or not name.strip() or "\0" in name:
        raise NotARecordError("a package without a name")
    return ecosystem.name, ecosystem.comparable(name.strip())


def _record(data: dict[str, Any], id: str, parts: list[dict[str, Any]], ecosystem: Ecosystem) -> Record:
    aliases = _strings(data.get("aliases"))
    is_malware = _is_malware(data, (id, *aliases))
    evaluated = [_evaluated(part, ecosystem, is_malware=is_malware) for part in parts]
    severities = {severity(data, part) for part in parts}
    return Record(
        id,
        aliases=sorted({alias for alias in aliases if _ID.fullmatch(alias)} - {id}),
        severity=CRITICAL if is_malware else highest(severities),
        is_malware=is_malware,
        is_unreadable=any(is_unreadable for _, _, is_unreadable in evaluated),
        spans=merged(span for spans, _, _ in evaluated for span in spans),
        listed=sorted({version for _, listed, _ in evaluated for version in listed}),
        fixed=_fixed(parts, ecosystem),
    )


def _evaluated(part: dict[str, Any], ecosystem: Ecosystem, *, is_malware: bool) -> tuple[list[Span], list[str], bool]:
    """The spans of an entry, its versions without a key, and whether something in it could not be read.

    An entry without any version that could be compared can't be evaluated; of malware it means all versions.
    """
    ranges, versions = part.get("ranges") or [], part.get("versions") or []
    if not isinstance(ranges, list) or not isinstance(versions, list):
        return [], [], True
    named = [version.strip() for version in versions if isinstance(version, str)]
    spans, others = spans_of_list(named, ecosystem)
    listed = [version for version in others if _PLAIN.fullmatch(version)]
    is_unreadable = len(named) < len(versions) or len(listed) < len(others)
    usable = 0
    for one in ranges:
        if isinstance(one, dict) and one.get("type") == _GIT:
            continue
        usable += 1
        try:
            spans += spans_of_range(_events(one, ecosystem), ecosystem)
        except ValueError:
            is_unreadable = True
    if not usable and not versions:
        return ([EVERY], [], False) if is_malware else ([], [], True)
    return spans, listed, is_unreadable


def _events(one: Any, ecosystem: Ecosystem) -> list[dict[str, Any]]:
    events = one.get("events") if isinstance(one, dict) and one.get("type") in ecosystem.range_types else None
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise ValueError("a range of another kind")
    return events


def _fixed(parts: list[dict[str, Any]], ecosystem: Ecosystem) -> list[Fixed]:
    """The versions that the entries name as mended, once each, in order."""
    found: dict[str, Fixed] = {}
    for part in parts:
        ranges = part.get("ranges")
        for one in ranges if isinstance(ranges, list) else ():
            if isinstance(one, dict) and one.get("type") in ecosystem.range_types:
                for version in _fixed_of(one.get("events")):
                    _add_fixed(found, version.strip(), ecosystem)
    return [found[key] for key in sorted(found)]


def _fixed_of(events: Any) -> Iterator[str]:
    for event in events if isinstance(events, list) else ():
        version = event.get(FIXED) if isinstance(event, dict) else None
        if isinstance(version, str):
            yield version


def _add_fixed(found: dict[str, Fixed], version: str, ecosystem: Ecosystem) -> None:
    try:
        key = ecosystem.key(version)  # not `bound`: an upgrade needs a version that there is
        if _PLAIN.fullmatch(version):
            found.setdefault(key, Fixed(key, version, is_prerelease=ecosystem.is_prerelease(version)))
    except ValueError:
        return


def _is_malware(data: dict[str, Any], ids: Sequence[str]) -> bool:
    extra = data.get("database_specific")
    weaknesses = extra.get("cwe_ids") if isinstance(extra, dict) else None
    return any(id.startswith(_MALWARE) for id in ids) or (
        isinstance(weaknesses, list) and _MALICIOUS_CODE in weaknesses
    )


def _seconds(text: Any) -> int:
    """RFC 3339 in UTC, as seconds since 1970; 0 where a record doesn't tell: it counts, and makes no data fresher."""
    read = _DATE.fullmatch(text) if isinstance(text, str) else None
    if read is None:
        return 0
    year, month, *rest = (int(part) for part in read.groups())
    if year < _FIRST_YEAR or not 1 <= month <= len(calendar.month_name) - 1:
        return 0
    return calendar.timegm((year, month, *rest))


def _summary(data: dict[str, Any]) -> str:
    for name in ("summary", "details"):
        text = data.get(name)
        if isinstance(text, str) and text.strip():
            first = one_line(text.strip().splitlines()[0].strip())
            return first if len(first) <= _MOST_SUMMARY else first[: _MOST_SUMMARY - 1] + "…"
    return ""


def _url(data: dict[str, Any], id: str) -> str:
    """The page that the record names as the advisory, or OSV's own page about it."""
    references = data.get("references")
    for one in references if isinstance(references, list) else ():
        if isinstance(one, dict) and one.get("type") == "ADVISORY" and isinstance(one.get("url"), str):
            url: str = one["url"]
            is_plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= _MOST_URL
            if url.startswith(("https://", "http://")) and is_plain:
                return url
    return PAGE.format(id=id)


def _strings(values: Any) -> list[str]:
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []
