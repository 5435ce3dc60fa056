"""The baseline: findings that are known and allowed, each with a reason, in a file of an entry a line.

An entry names its finding by the fingerprint, which survives moved lines and says nothing of the value, and by
`mark`: 8 bits of an HMAC of the value under the file's random salt. So another value in the same place is a new
finding, and nobody can test guesses against the file: every 256th guess fits.

Here is how the file is read and what it allows; `nightlatch/baseline` writes it.
"""

from __future__ import annotations

import os

from nightlatch.core import cache
from nightlatch.core.errors import ConfigError
from nightlatch.core.files import UnreadableError, over_the_bound, read_from_tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from nightlatch.core.config import Config
    from nightlatch.core.detect_secrets_baseline import DetectSecretsBaseline
    from nightlatch.core.discover import Selection
    from nightlatch.core.finding import Finding
    from nightlatch.core.suppress import Note

    Row = tuple[str, str | None, str, str | None, str, str | None, str | None]
    Places = dict[str, dict[str, "Entry"]]
    """Path → fingerprint → entry."""

NAME = ".nightlatch-baseline.json"
NOT_ASKED_FOR = ""
"""As `--baseline`: no baseline of any kind is consulted."""

BY = "baseline"
VERSION = 1
MAX_BYTES = 16 * 1024 * 1024
REAL, FALSE, UNSURE = "real", "false", "unsure"
AUDITS = (REAL, FALSE, UNSURE)

SECTION = "section"
"""The one key of an object among the entries that is none: it parts them for git's sake."""

REQUIRED = ("rule", "path", "fingerprint", "mark", "reason")
OPTIONAL = ("expires", "audit")
CONFLICT_MARKERS = ("<<<<<<< ", "=======", "||||||| ", ">>>>>>> ")
MOST_REASON = 1000
MOST_NAME = 40

MOST_ORDINALS = 8
"""A line that was moved among equal ones is looked for under this many ordinals beside its own."""

MOST_ATTEMPTS = 1_000_000
"""How often a run looks for a finding at another place than its own; a second's work. The rest are new findings."""

# Raise it whenever the checks or the form of what is cached change.
_COMPILED_VERSION = 1
_CACHE_KIND = "baseline"
_VALID_KIND = "baseline-valid"
_DOUBLED = "\0doubled"


class Entry:
    """One allowed finding.

    rule, path, fingerprint  the finding's; the path as reports show it, None for the whole repository
    mark                     two hexadecimal digits of the value, or None for a finding without one
    reason                   why it is allowed
    expires                  the last day on which it counts, as an ISO date; None for ever
    audit                    what a person said of it: real, false or unsure; None where nobody was asked
    """

    __slots__ = ("audit", "expires", "fingerprint", "mark", "path", "reason", "rule")

    def __init__(
        self,
        rule: str,
        path: str | None,
        fingerprint: str,
        mark: str | None,
        reason: str,
        *,
        expires: str | None = None,
        audit: str | None = None,
    ) -> None:
        self.rule = rule
        self.path = path
        self.fingerprint = fingerprint
        self.mark = mark
        self.reason = reason
        self.expires = expires
        self.audit = audit

    @property
    def key(self) -> tuple[str, str | None]:
        """What no two entries share."""
        return self.fingerprint, self.mark

    def is_expired(self, today: str) -> bool:
        """Whether its day is over; it still counts on that day."""
        return self.expires is not None and self.expires < today


class Baseline:
    """A valid baseline: its label for messages, its salt in hexadecimal digits, and its entries."""

    __slots__ = ("entries", "salt", "where")

    def __init__(self, where: str, salt: str, entries: list[Entry]) -> None:
        self.where = where
        self.salt = salt
        self.entries = entries

    def mark(self, value: bytes | None) -> str | None:
        """The mark of a finding's value."""
        if value is None:
            return None
        from hmac import digest

        return digest(bytes.fromhex(self.salt), value, "sha256")[:1].hex()


# ── What a baseline allows ──────────────────────────────────────────────────────────────────────────


class Matcher:
    """Finds the entry for a finding, and remembers which entries were needed.

    exists  tells whether a path, as reports show it, is in the tree that is checked
    """

    def __init__(self, baseline: Baseline, exists: Callable[[str], bool]) -> None:
        self.baseline = baseline
        self._exists = exists
        self._entries = {entry.key: entry for entry in baseline.entries}
        self._places: dict[tuple[str, str | None], Places] | None = None
        self._gone: dict[tuple[str, str | None], Places] = {}
        self._counts: dict[tuple[str, str | None], int] = {}
        self._fingerprints: dict[tuple[str, str, str], list[str]] = {}
        self._serves: dict[tuple[str, str | None], str] = {}
        self._moves: dict[str, str] = {}
        self._attempts_left = MOST_ATTEMPTS

    def entry_for(self, finding: Finding) -> Entry | None:
        """The entry that names this finding, expired or not: at its place, beside it, or at one that is gone."""
        mark = self.baseline.mark(finding.value)
        exact = self._entries.get((finding.fingerprint, mark))
        if exact is not None:
            self._serves[exact.key] = finding.fingerprint
            return exact
        if finding.path is None:
            return None
        return self._among_equal_lines(finding, mark) or self._moved(finding, mark)

    def unused(self) -> list[Entry]:
        """The entries that named no finding so far."""
        return [entry for entry in self.baseline.entries if entry.key not in self._serves]

    def _takes(self, entry: Entry | None, finding: Finding) -> bool:
        """Whether an entry for another place serves this finding: it serves one, not every copy of a line."""
        return entry is not None and self._serves.setdefault(entry.key, finding.fingerprint) == finding.fingerprint

    def _among_equal_lines(self, finding: Finding, mark: str | None) -> Entry | None:
        """The entry of a line that changed its ordinal, since an equal one was put above it or taken away."""
        from nightlatch.core.text import shown_path

        path = shown_path(finding.path or "")
        known = self._by_place(finding.rule.id, mark).get(path)
        if not known:
            return None
        for name in self._fingerprints_of(finding.rule.id, path, finding.anchor):
            entry = known.get(name)
            if entry and self._takes(entry, finding):
                return entry
        return None

    def _moved(self, finding: Finding, mark: str | None) -> Entry | None:
        """The entry for the same line at a path that is gone (`git mv`)."""
        from nightlatch.core.finding import fingerprint

        place = finding.path or ""
        gone = self._gone_places(finding.rule.id, mark)
        for path in self._likeliest(place, gone):
            if self._attempts_left <= 0:
                return None
            for ordinal in _ordinals(finding.ordinal):
                self._attempts_left -= 1
                entry = gone[path].get(fingerprint(finding.rule.id, path, finding.anchor, ordinal))
                if entry and self._takes(entry, finding):
                    self._moves[place] = path
                    return entry
        return None

    def _likeliest(self, path: str, gone: Places) -> Iterator[str]:
        """The paths that are gone: first where another line of this file came from, then those of the same name."""
        before = self._moves.get(path, "")
        if before in gone:
            yield before
        name = path.rpartition("/")[2]
        yield from (other for other in gone if other != before and other.rpartition("/")[2] == name)
        yield from (other for other in gone if other != before and other.rpartition("/")[2] != name)

    def _by_place(self, rule: str, mark: str | None) -> Places:
        """The entries of a rule and mark by their path and fingerprint."""
        if self._places is None:
            self._places = {}
            for entry in self.baseline.entries:
                if entry.path is not None:
                    places = self._places.setdefault((entry.rule, entry.mark), {})
                    places.setdefault(entry.path, {})[entry.fingerprint] = entry
                    self._counts[entry.rule, entry.path] = self._counts.get((entry.rule, entry.path), 0) + 1
        return self._places.get((rule, mark), {})

    def _gone_places(self, rule: str, mark: str | None) -> Places:
        """Those of them whose path the tree no longer has."""
        key = (rule, mark)
        if key not in self._gone:
            places = self._by_place(rule, mark)
            self._gone[key] = {path: known for path, known in places.items() if not self._exists(path)}
        return self._gone[key]

    def _fingerprints_of(self, rule: str, path: str, anchor: str) -> list[str]:
        """The fingerprints of as many equal lines as there are entries of the rule for a file."""
        from nightlatch.core.finding import fingerprint

        key = (rule, path, anchor)
        if key not in self._fingerprints:
            count = max(min(self._counts.get((rule, path), 0), self._attempts_left), 0)
            self._attempts_left -= count
            self._fingerprints[key] = [fingerprint(rule, path, anchor, number) for number in range(1, count + 1)]
        return self._fingerprints[key]


def _ordinals(own: int) -> Iterator[int]:
    """A moved line mostly keeps its ordinal; beside equal ones it takes another."""
    yield own
    yield from (ordinal for ordinal in range(1, MOST_ORDINALS + 1) if ordinal != own)


class Baselines:
    """What allows the findings of a run beside their notes: the own baseline, and one of detect-secrets.

    own, foreign   give them once they are needed: most commits find nothing
    """

    def __init__(
        self,
        own: Callable[[], Matcher] | None,
        foreign: Callable[[], DetectSecretsBaseline | None] | None,
        today: str,
    ) -> None:
        self._own = own
        self._matcher: Matcher | None = None
        self._foreign = foreign
        self._loaded: DetectSecretsBaseline | None = None
        self._today = today

    def note_for(self, finding: Finding) -> Note | None:
        """The note that allows a finding, if there is one. An entry that has expired says so in the message.

        A finding about a weakened guard has none: a baseline is such a guard itself.
        """
        if finding.floored:
            return None
        from nightlatch.core.suppress import Note

        own = self._own_matcher()
        entry = own.entry_for(finding) if own else None
        if entry and not entry.is_expired(self._today):
            return Note(BY, entry.reason)
        note = self._foreign_note(finding)
        if entry and not note:
            finding.message += f" (its entry in the baseline expired on {entry.expires})"
        return note

    def unused(self, rules: Iterable[str], passed_over: Iterable[str]) -> list[Entry]:
        """The entries of the own baseline that a check of the whole tree had no need of.

        rules        the rules that were looked for
        passed_over  paths that were not checked: what they hold is not known
        """
        own = self._own_matcher()
        if own is None:
            return []
        from nightlatch.core.text import shown_path

        looked_for, unknown = set(rules), {shown_path(path) for path in passed_over}
        return [entry for entry in own.unused() if entry.rule in looked_for and entry.path not in unknown]

    def _own_matcher(self) -> Matcher | None:
        if self._own:
            self._matcher, self._own = self._own(), None
        return self._matcher

    def _foreign_note(self, finding: Finding) -> Note | None:
        if self._foreign and finding.value is not None:
            self._loaded, self._foreign = self._foreign(), None
        return self._loaded.note_for(finding) if self._loaded else None


def find_baselines(named: str | None, selection: Selection, configuration: Config, today: str) -> Baselines:
    """The baselines that go with a selection. A range is judged by those of the commit that it starts from.

    named  the value of --baseline; None for the file at the root, if there is one
    Raises ConfigError where one that counts can't be read or isn't valid.
    """
    if named == NOT_ASKED_FOR:
        return Baselines(None, None, today)
    from nightlatch.core.detect_secrets_baseline import finder

    found = (read(named, named), named) if named is not None else content_at(selection, NAME)
    own = _matcher_of(*found, selection) if found else None
    return Baselines(own, finder(selection, configuration), today)


def _matcher_of(raw: bytes, where: str, selection: Selection) -> Callable[[], Matcher]:
    """What gives the matcher once it is needed. Raises ConfigError at once where the baseline isn't valid."""
    require_valid(raw, where)
    return lambda: Matcher(load(raw, where), existence(selection))


def content_at(selection: Selection, path: str) -> tuple[bytes, str] | None:
    """The bytes and the label of a file that judges the selection, or None where there is none.

    path  relative to the root
    """
    span, git = selection.span, selection.git
    if git and span and (span.base or span.tip):
        commit = span.base or span.tip
        if not git.run("ls-tree", "-z", "--full-tree", commit, "--", path):
            return None
        where = f"{commit[:12]}:{path}"
        return _bounded(git.run("cat-file", "blob", f"{commit}:{path}"), where), where
    full = os.path.join(selection.root, path)
    return (read(full, path), path) if os.path.lexists(full) else None


def existence(selection: Selection) -> Callable[[str], bool]:
    """Tells of a path, as reports show it, whether the checked tree has it."""
    from nightlatch.core.discover import STAGED
    from nightlatch.core.text import shown_path

    span, git = selection.span, selection.git
    if git and span and span.tip:
        listing: tuple[str, ...] = ("ls-tree", "-r", "-z", "--full-tree", "--name-only", span.tip)
    elif git and selection.selector == STAGED:
        listing = ("ls-files", "-z", "--full-name", "--", selection.root)
    else:
        return lambda path: any(os.path.lexists(os.path.join(selection.root, one)) for one in _spellings(path))
    known: list[set[str]] = []

    def is_listed(path: str) -> bool:
        if not known:
            known.append({shown_path(os.fsdecode(name)) for name in git.run(*listing).split(b"\0")})
        return path in known[0]

    return is_listed


def _spellings(path: str) -> Iterator[str]:
    """A path that is shown with `%FF` was written so, or holds that byte."""
    yield path
    if "%" in path:
        import re

        raw = re.sub(
            rb"%([89A-F][0-9A-F])", lambda found: bytes.fromhex(found[1].decode()), path.encode("utf-8", "replace")
        )
        yield os.fsdecode(raw)


# ── How the file is read ────────────────────────────────────────────────────────────────────────────


def read(path: str, where: str) -> bytes:
    """The bytes of a baseline. A link is followed, but only to a regular file; never waits. Raises ConfigError."""
    try:
        return read_from_tree(os.path.realpath(path), MAX_BYTES)
    except FileNotFoundError:
        raise ConfigError(where, 0, 0, "there is no such file.", "Make it with: nightlatch baseline create") from None
    except (UnreadableError, ValueError) as error:
        what = str(error) if isinstance(error, UnreadableError) else "its name can't be opened"
        raise ConfigError(where, 0, 0, f"the baseline can't be read: {what}.", "Mend or remove the file.") from None


def _bounded(raw: bytes, where: str) -> bytes:
    if len(raw) > MAX_BYTES:
        what = f"the baseline can't be read: {over_the_bound(len(raw), MAX_BYTES)}."
        raise ConfigError(where, 0, 0, what, "Remove entries.")
    return raw


def require_valid(raw: bytes, where: str) -> None:
    """Raise ConfigError where a file's bytes are no valid baseline. Costs nothing but a look for one met before."""
    key = b"%d\n%b" % (_COMPILED_VERSION, raw)
    if cache.load(_VALID_KIND, key) is not True:
        load(raw, where)
        cache.store(_VALID_KIND, key, value=True)


def load(raw: bytes, where: str) -> Baseline:
    """The baseline in a file's bytes. One that was met before costs neither JSON nor the checks.

    where  the file's label, for messages
    Raises ConfigError, with the line, where the file isn't valid.
    """
    key = b"%d\n%b" % (_COMPILED_VERSION, raw)
    known: Any = cache.load(_CACHE_KIND, key)
    if not isinstance(known, tuple):
        known = _Reading(raw, where).result()
        cache.store(_CACHE_KIND, key, known)
    salt, rows = known
    return Baseline(where, salt, [Entry(*row[:5], expires=row[5], audit=row[6]) for row in rows])


class _Reading:
    """The strict reading of one file."""

    def __init__(self, raw: bytes, where: str) -> None:
        self.where = where
        self.text = parsed_text(raw, where)

    def result(self) -> tuple[str, list[Row]]:
        """The salt, and the entries as plain data."""
        top = parsed(self.text, self.where, _dict_without_doubles)
        if not isinstance(top, dict):
            raise self._wrong("a baseline is a JSON object")
        self._check_keys(top, ("version", "salt", "entries"), (), None)
        if type(top["version"]) is not int or top["version"] != VERSION:
            raise self._wrong(
                f"`version` must be {VERSION}", "Install the version of nightlatch that wrote it, or make it anew."
            )
        if not _is_hex(top["salt"], 32, 128):
            raise self._wrong("`salt` must be 32 to 128 hexadecimal digits")
        if not isinstance(top["entries"], list):
            raise self._wrong("`entries` must be a list")
        return top["salt"], self._rows(top["entries"])

    def _rows(self, entries: list[Any]) -> list[Row]:
        rows: dict[tuple[str, str | None], Row] = {}
        for number, entry in enumerate(entries):
            if isinstance(entry, dict) and entry.keys() == {SECTION}:
                continue  # says nothing; `baseline/store.py` tells what it is for
            row = self._row(entry, number)
            if (row[2], row[3]) in rows:
                raise self._wrong("this entry stands twice", "Remove one of the two lines.", number)
            rows[row[2], row[3]] = row
        return list(rows.values())

    def _row(self, entry: Any, number: int) -> Row:
        if not isinstance(entry, dict):
            raise self._wrong("an entry must be an object", number=number)
        self._check_keys(entry, REQUIRED, OPTIONAL, number)
        for name, fits, form in _FORMS:
            if name in entry and not fits(entry[name]):
                raise self._wrong(f"`{name}` must be {form}", number=number)
        values: Any = tuple(entry.get(name) for name in (*REQUIRED, *OPTIONAL))
        row: Row = values
        return row

    def _check_keys(
        self, found: dict[str, Any], required: tuple[str, ...], optional: tuple[str, ...], number: int | None
    ) -> None:
        if _DOUBLED in found:
            raise self._wrong(f"the key `{_shown(found[_DOUBLED])}` stands twice in one object", number=number)
        for name in found:
            if name not in required and name not in optional:
                raise self._wrong(f"there is no key `{_shown(name)}` in a baseline", "Take it out.", number)
        for name in required:
            if name not in found:
                raise self._wrong(f"the key `{name}` is missing", number=number)

    def _wrong(self, what: str, remedy: str = "", number: int | None = None) -> ConfigError:
        line = 0 if number is None else _line_of_entry(self.text, number)
        return ConfigError(self.where, line, 1, f"{what}.", remedy or "Mend it, or take the version that git has.")


def parsed_text(raw: bytes, where: str) -> str:
    """A JSON file's text. Raises ConfigError where it isn't UTF-8."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(where, line, 1, "the file is not UTF-8.", "Save it as UTF-8.") from None


def parsed(text: str, where: str, as_object: Callable[[list[tuple[str, Any]]], Any] | None = None) -> Any:
    """What a JSON text says. Raises ConfigError where it is none; conflict markers are named as what they are.

    as_object  makes an object from its pairs, where a dict isn't wanted
    """
    import json

    try:
        return json.loads(text, object_pairs_hook=as_object, parse_constant=_refuse_constant)
    except RecursionError:
        raise ConfigError(where, 0, 0, "the JSON is nested too deeply.", "Mend or remove the file.") from None
    except json.JSONDecodeError as error:
        for number, line in enumerate(text.split("\n"), 1):
            if line.startswith(CONFLICT_MARKERS):
                remedy = "Keep the lines of both sides, without the markers."
                raise ConfigError(where, number, 1, "a merge left its conflict markers.", remedy) from None
        raise ConfigError(where, error.lineno, error.colno, "this is not JSON.", "Mend or remove the file.") from None
    except ValueError:
        raise ConfigError(where, 0, 0, "a number in the JSON is none.", "Mend or remove the file.") from None


def _refuse_constant(_name: str) -> None:
    raise ValueError


def _dict_without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The pairs as a dict; a key that stands twice is noted under a name that no file should use."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        found[_DOUBLED] = next(name for name in names if names.count(name) > 1)
    return found


def _line_of_entry(text: str, number: int) -> int:
    """The line on which the entry of this number starts, counted from 1; 0 where it can't be told."""
    import json

    decoder = json.JSONDecoder()
    try:
        place = text.index("[", text.index('"entries"')) + 1
        for _ in range(number):
            place = decoder.raw_decode(text, _skipped(text, place))[1]
        return text.count("\n", 0, _skipped(text, place)) + 1
    except ValueError:
        return 0


def _skipped(text: str, place: int) -> int:
    """Where the next element starts."""
    while text[place : place + 1] in (" ", "\t", "\r", "\n", ","):
        place += 1
    return place


def _shown(name: str) -> str:
    from nightlatch.core.text import one_line

    return one_line(name if len(name) <= MOST_NAME else name[:MOST_NAME] + "…")


def _is_hex(value: object, least: int, most: int) -> bool:
    return isinstance(value, str) and least <= len(value) <= most and not len(value) % 2 and not value.strip(_HEX)


_HEX = "0123456789abcdef"


def is_date(value: object) -> bool:
    """Whether a value is a day as YYYY-MM-DD."""
    if not isinstance(value, str) or len(value) != len("YYYY-MM-DD") or value[4] + value[7] != "--":
        return False
    from datetime import date

    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_reason(value: object) -> bool:
    """Whether a value says anything, and no more than a person reads."""
    return _is_text(value, MOST_REASON)


def _is_text(value: object, most: int) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= most


_FORMS: tuple[tuple[str, Callable[[object], bool], str], ...] = (
    ("rule", lambda value: _is_text(value, MOST_NAME) and str(value).isalnum(), "a rule, such as SEC301"),
    ("path", lambda value: value is None or _is_text(value, MAX_BYTES), "a path, or null"),
    ("fingerprint", lambda value: _is_hex(value, 32, 32), "32 hexadecimal digits"),
    ("mark", lambda value: value is None or _is_hex(value, 2, 2), "2 hexadecimal digits, or null"),
    ("reason", is_reason, f"a text of at most {MOST_REASON} characters"),
    ("expires", is_date, "a day, as YYYY-MM-DD"),
    ("audit", lambda value: value in AUDITS, f"one of {', '.join(AUDITS)}"),
)
