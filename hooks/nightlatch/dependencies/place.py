"""Findings at a line of a file, with a fingerprint made of what they are about: lines of JSON look all alike."""

from __future__ import annotations

from nightlatch.core.text import one_line
from nightlatch.dependencies.rules import MALICIOUS, severity_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.core.files import File
    from nightlatch.core.finding import Finding
    from nightlatch.core.rule import Rule

LONGEST_WORD = 200
MOST_NAMED = 3


class Page:
    """A file that findings are made in, with the bytes of its lines.

    profile      of the configuration: some rules weigh more under `strict`
    takes_notes  whether a note in the file allows findings: not in JSON, which has no comments, and not in what
                 programs write from what strangers have published
    """

    def __init__(self, file: File, profile: str) -> None:
        self.file = file
        self.path = file.path
        self.profile = profile
        self.takes_notes = not file.path.endswith(".json")
        self._starts: list[int] = []

    @property
    def text(self) -> str:
        """The characters; what is not UTF-8 is replaced."""
        return self.file.text.decode("utf-8", "replace").removeprefix("\ufeff")

    def finding(
        self,
        rule: Rule,
        line: int,
        message: str,
        *,
        about: Sequence[str] = (),
        fix: str | None = None,
        severity: str | None = None,
        data: dict[str, object] | None = None,
    ) -> Finding:
        """A finding in a line.

        about     what it is about, beside rule and file: the fingerprint is made of it, so it holds no place,
                  no message and nothing secret
        """
        from hashlib import sha256

        start, end = self._span(line)
        severity = severity or severity_of(rule, self.profile)
        said = one_line(message)
        finding = self.file.finding(rule, start, end, said, severity=severity, data=data)
        if rule is MALICIOUS or not self.takes_notes:
            finding.takes_notes, finding.note, finding.message = False, None, said
        finding.floored = rule is MALICIOUS
        finding.anchor = sha256("\0".join(about).encode("utf-8", "surrogateescape")).hexdigest()
        finding.ordinal = 0
        if fix is not None:
            finding.fix = one_line(fix)
        return finding

    def _span(self, line: int) -> tuple[int, int]:
        """What a line holds, without the blanks at its ends."""
        text = self.file.text
        if not self._starts:
            self._starts = [0]
            place = text.find(b"\n")
            while place >= 0:
                self._starts.append(place + 1)
                place = text.find(b"\n", place + 1)
        start = self._starts[min(line, len(self._starts)) - 1]
        _, end = self.file.line_bounds(start)
        said = text[start:end]
        return start + len(said) - len(said.lstrip()), max(start + len(said.rstrip()), start)


def word(text: str) -> str:
    """A name, a version or an address from a lockfile, for a message: on one line, and not for ever."""
    text = one_line(text)
    return text if len(text) <= LONGEST_WORD else f"{text[:LONGEST_WORD]}…"


def address(url: str) -> str:
    """An address for a message, without what may be a credential: user and password, query and fragment."""
    scheme, mark, rest = url.partition("://")
    if not mark:
        return word(url.partition("?")[0])
    host, slash, path = rest.partition("/")
    return word(f"{scheme}://{host.rpartition('@')[2]}{slash}{path.partition('?')[0].partition('#')[0]}")


def named(names: Sequence[str]) -> str:
    """`a, b, c and 4 more`."""
    names = list(dict.fromkeys(names))
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(word(name) for name in names[:MOST_NAMED]) + more
