"""From two versions of a guard file to findings. Heavy: imported only when one differs."""

from __future__ import annotations

import re

from nightlatch.core.config import NAME as CONFIG
from nightlatch.core.errors import ConfigError
from nightlatch.core.files import File
from nightlatch.core.finding import Finding
from nightlatch.core.rule import WARNING
from nightlatch.core.suppress import note_for
from nightlatch.core.weakening import weakenings
from nightlatch.protected_files.replaced import replaced
from nightlatch.protected_files.rules import FAULTY_RULE, WEAKENED
from nightlatch.protected_files.sections import weakened_sections

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nightlatch.core.config import Config
    from nightlatch.core.hook import Options
    from nightlatch.core.rule import Rule
    from nightlatch.protected_files.baselines import Entry

    Place = tuple[int, int]

SECTION = "protected-files"
RESTORE = "Restore what was there; or"
NOTE = f"nightlatch: allow {WEAKENED.id} -- your reason"
BY_A_COMMENT = f"have an owner approve it, and write a comment on the line, or alone on the line above: # {NOTE}"
BY_THE_REASON = f"Take them out again; or have an owner approve them, and begin the `reason` of each with: {NOTE}"
_LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_WORD = re.compile(rb"[^\s,:{}\[\]]+")
_LAST_STEP = re.compile(r"(?:\.[^.\[]*|\[[0-9]+\])$")


def configurations(path: str, before: bytes | None, after: bytes | None, where: str, options: Options) -> list[Finding]:
    """The weakenings of `.nightlatch.yaml`. Raises ConfigError where the later version is invalid."""
    new = options.parse_config(after, where)
    try:
        old = options.parse_config(before, path)
    except ConfigError:
        old = options.parse_config(None, "")
    found = [*weakenings(old, new), *weakened_sections(old, new)]
    if after is None:
        return [_gone(path, f"{path} was deleted; {one.sentence}") for one in found]
    file = File(path, after)
    fix = f"{RESTORE if before is not None else 'Take it out; or, where it is meant,'} {BY_A_COMMENT}"
    told = _placed(file, [(_place(new, one.key), one.sentence) for one in found], fix)
    # A first file with closed files of its own is how adoption begins: there it only warns, as with a first baseline.
    severity = None if before is not None else WARNING
    offsets = [(_offset(file.text, _place(new, one.key)), one.sentence) for one in replaced(old, new)]
    lists = [_finding(file, offset, sentence, severity) for offset, sentence in offsets]
    for finding in lists:
        finding.fix = fix
    return told + lists


def runners(path: str, before: bytes | None, after: bytes | None) -> list[Finding]:
    """What of `.pre-commit-config.yaml` no longer starts nightlatch as it did."""
    from nightlatch.protected_files.pre_commit_config import weakened

    try:
        faults = weakened(before, after)
    except ConfigError as error:
        return _unreadable(path, before, after, error)
    if after is None:
        return [_gone(path, fault.sentence) for fault in faults]
    return _placed(File(path, after), [(fault.place or (1, 1), fault.sentence) for fault in faults])


def settings(path: str, before: bytes | None, after: bytes | None, others: Mapping[str, bytes]) -> list[Finding]:
    """What an agent's settings no longer guard.

    others  path → bytes of what else everybody has of that agent's settings, after the change
    """
    from nightlatch.protected_files.wiring.weakened import weakened

    faults = weakened(path, before, after, others)
    if after is None:
        return [_gone(path, sentence) for _, sentence in faults]
    file = File(path, after)
    found = [_finding(file, offset, sentence) for offset, sentence in sorted(faults)]
    for finding in found:
        finding.takes_notes = path.endswith(".toml")
        finding.fix = f"{RESTORE} {BY_A_COMMENT if finding.takes_notes else _before_this_one(path)}"
    return found


def placed(
    path: str, raw: bytes, configuration: Config, faults: Iterable[tuple[str, str]], severity: str
) -> list[Finding]:
    """Faults of the policy's rules, each at its key in the configuration."""
    file = File(path, raw)
    places = sorted((_offset(raw, _place(configuration, f"{SECTION}.{key}")), sentence) for key, sentence in faults)
    return [_finding(file, start, sentence, severity, FAULTY_RULE) for start, sentence in places]


def _unreadable(path: str, before: bytes | None, after: bytes | None, error: ConfigError) -> list[Finding]:
    """One side isn't plain YAML: told, unless the earlier one never named nightlatch."""
    if before is None or (b"nightlatch" not in before and b"check-" not in before):
        return []
    said = f"it can't be compared with what it was: {error.what.partition(': ')[2]}"
    return _placed(File(path, after), [((error.line or 1, error.column or 1), said)]) if after else [_gone(path, said)]


def baselines(path: str, before: bytes | None, after: bytes | None, *, is_ours: bool) -> list[Finding]:
    """What a baseline allows that it did not allow before: those entries with a note of their own apart.

    A first baseline only warns: the change that brings it is judged without it, and adoption begins so.
    """
    from nightlatch.protected_files.baselines import (
        UnfitError,
        added,
        detect_secrets_entries,
        nightlatch_entries,
        said,
    )

    if after is None:
        return []
    file = File(path, after)
    try:
        entries = added(before, after, nightlatch_entries if is_ours else detect_secrets_entries)
    except UnfitError:
        said_of = "it is no baseline that can be read, so what it allows can't be told"
        return _placed(file, [((1, 1), said_of)], f"{RESTORE} {_before_this_one(path)}")
    lots: dict[bool, list[Entry]] = {}
    for entry in entries:
        lots.setdefault(_has_note(file, entry), []).append(entry)
    offsets = sorted((_line_of(file, lot[0]), said(lot)) for lot in lots.values())
    severity = None if before is not None else WARNING
    found = [_finding(file, offset, sentence, severity) for offset, sentence in offsets]
    for finding in found:
        finding.fix = BY_THE_REASON if is_ours else f"{RESTORE} {_before_this_one(path)}"
        finding.takes_notes = is_ours
    return found


def _has_note(file: File, entry: Entry) -> bool:
    start, end = file.line_bounds(_line_of(file, entry))
    return note_for(WEAKENED.id, file.text[start:end], b"") is not None


def _line_of(file: File, entry: Entry) -> int:
    """Where the line of an entry begins: of the text that it alone has."""
    found = max(file.text.find(entry.mark.encode("utf-8", "replace")), 0) if entry.mark else 0
    start, end = file.line_bounds(found)
    return start + len(file.text[start:end]) - len(file.text[start:end].lstrip())


def _gone(path: str, sentence: str) -> Finding:
    return Finding(WEAKENED, sentence, path=path, anchor=sentence, fix=f"{RESTORE} {_before_this_one(path)}")


def _before_this_one(path: str) -> str:
    """How a change is allowed for which no note can stand in the file: what stood in force before it counts."""
    allowed = f'overrides: [{{paths: ["/{path}"], rules: {{{WEAKENED.id}: off}}}}]  # {NOTE}'
    return f"let a change of its own, that an owner approves, go before this one. It says in {CONFIG}: {allowed}"


def _placed(file: File, places: Iterable[tuple[Place, str]], fix: str = f"{RESTORE} {BY_A_COMMENT}") -> list[Finding]:
    offsets = sorted((_offset(file.text, place), sentence) for place, sentence in places)
    found = [_finding(file, offset, sentence) for offset, sentence in offsets]
    for finding in found:
        finding.fix = fix
    return found


def _finding(file: File, start: int, sentence: str, severity: str | None = None, rule: Rule = WEAKENED) -> Finding:
    word = _WORD.match(file.text, start)
    end = word.end() if word else min(start + 1, file.line_bounds(start)[1])
    return file.finding(rule, start, max(end, start), sentence, severity=severity)


def _place(configuration: Config, key: str) -> Place:
    """Where a key stands, or the nearest one above it that the file has, or the file's beginning."""
    while key:
        place = configuration.place(key)
        if place:
            return place
        shorter = _LAST_STEP.sub("", key)
        key = shorter if shorter != key else ""
    return 1, 1


def _offset(text: bytes, place: Place) -> int:
    """The byte of a line and a column as YAML counts them: it knows more line breaks, and no byte order mark."""
    line, column = place
    mark = len(b"\xef\xbb\xbf") if text.startswith(b"\xef\xbb\xbf") else 0
    try:
        characters = text[mark:].decode("utf-8")
    except UnicodeDecodeError:
        return 0
    starts = [0, *(found.end() for found in _LINE_BREAK.finditer(characters))]
    begin = starts[min(line, len(starts)) - 1]
    return mark + len(characters[: begin + column - 1].encode("utf-8"))
