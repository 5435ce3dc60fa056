from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nightlatch.core import cache
from nightlatch.core.baseline.baselines import Baselines
from nightlatch.core.baseline.entry import MAX_BYTES, OPTIONAL, REQUIRED, Baseline, Entry
from nightlatch.core.baseline.matcher import Matcher
from nightlatch.core.baseline.reading import load
from nightlatch.core.errors import ConfigError
from nightlatch.core.files import File
from nightlatch.core.finding import Finding, add_fingerprints
from nightlatch.core.rule import Rule
from tests.support.repository import Repository, run
from tests.support.tokens import github_token, line_with_token, random_text

RULE = Rule(id="SEC999", name="test", summary="Test", why="why", fix="fix.")
SALT = random_text(32, "salt", "0123456789abcdef")
TODAY = "2026-06-15"


def findings(text: str, values: list[str], path: str = "a.py") -> list[Finding]:
    """A finding for each place of each value."""
    data = text.encode()
    spans = []
    for value in values:
        start = data.find(value.encode())
        while start >= 0:
            spans.append((start, start + len(value)))
            start = data.find(value.encode(), start + 1)
    file = File(path, data)
    file.mask(spans)
    found = [file.finding(RULE, *span, "message", value=data[slice(*span)]) for span in sorted(spans)]
    add_fingerprints(found)
    return found


def baseline_of(*found: Finding, **changes: Any) -> Baseline:
    known = Baseline("baseline", SALT, [])
    known.entries = [
        Entry(one.rule.id, one.path, one.fingerprint, known.mark(one.value), "known", **changes) for one in found
    ]
    return known


def matcher(known: Baseline, *paths: str) -> Matcher:
    """One for a tree that has these paths."""
    return Matcher(known, lambda path: path in paths)


def line(value: str) -> str:
    return f"TOKEN = '{value}'\n"


ONE, OTHER, THIRD = (github_token(seed) for seed in ("one", "other", "third"))


# ── What matches ────────────────────────────────────────────────────────────────────────────────────


def test_the_same_line_matches_wherever_it_was_moved_to_in_its_file() -> None:
    known = matcher(baseline_of(*findings(line(ONE), [ONE])), "a.py")
    (moved,) = findings("# new\n\n" + line(ONE), [ONE])
    assert known.entry_for(moved)
    assert known.unused() == []


def test_another_value_in_the_same_place_is_new() -> None:
    known = matcher(baseline_of(*findings(line(ONE), [ONE])), "a.py")
    (replaced,) = findings(line(OTHER), [OTHER])
    assert replaced.fingerprint == known.baseline.entries[0].fingerprint
    assert known.entry_for(replaced) is None
    assert len(known.unused()) == 1


def test_a_line_of_another_file_is_new_while_the_first_is_there() -> None:
    known = matcher(baseline_of(*findings(line(ONE), [ONE])), "a.py", "b.py")
    (copy,) = findings(line(ONE), [ONE], "b.py")
    assert known.entry_for(copy) is None


def test_a_line_of_another_file_matches_once_when_the_first_is_gone() -> None:
    known = matcher(baseline_of(*findings(line(ONE), [ONE])), "b.py", "c.py")
    moved, copy = findings(line(ONE), [ONE], "b.py") + findings(line(ONE), [ONE], "c.py")
    assert known.entry_for(moved)
    assert known.entry_for(copy) is None
    assert known.entry_for(moved), "the same finding again, as in a range of commits"


def test_a_moved_line_matches_beside_equal_ones() -> None:
    known = matcher(baseline_of(*findings(line(ONE), [ONE])), "b.py")
    found = findings(line(OTHER) + line(THIRD) + line(ONE), [ONE, OTHER, THIRD], "b.py")
    assert [known.entry_for(one) is not None for one in found] == [False, False, True]


def test_lines_that_differ_in_their_value_alone_may_come_and_go() -> None:
    known = baseline_of(*findings(line(ONE) + line(OTHER), [ONE, OTHER]))
    (rest,) = findings(line(OTHER), [OTHER])
    assert matcher(known, "a.py").entry_for(rest)
    found = findings(line(THIRD) + line(ONE) + line(OTHER), [ONE, OTHER, THIRD])
    held = matcher(known, "a.py")
    assert [held.entry_for(one) is not None for one in found] == [False, True, True]


@settings(deadline=None)
@given(st.lists(st.sampled_from([ONE, OTHER, THIRD]), max_size=8), st.integers(0, 8))
def test_every_finding_of_an_unchanged_file_matches_and_one_more_of_another_value_does_not(
    values: list[str], place: int
) -> None:
    known = matcher(baseline_of(*findings("".join(map(line, values)), [ONE, OTHER, THIRD])), "a.py")
    new = github_token("new")
    now = [*values[:place], new, *values[place:]]
    found = findings("".join(map(line, now)), [ONE, OTHER, THIRD, new])
    assert [one.value for one in found if known.entry_for(one) is None] == [new.encode()]


def test_a_finding_without_value_or_path_matches() -> None:
    finding = Finding(RULE, "message")
    add_fingerprints([finding])
    known = baseline_of(finding)
    assert known.entries[0].mark is None
    assert matcher(known).entry_for(finding)


def test_the_search_for_moved_lines_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nightlatch.core.baseline.matcher.MOST_ATTEMPTS", 3)
    known = matcher(baseline_of(*findings(line(ONE), [ONE], "z.py")), "b.py")
    filler = findings(line(ONE) * 8, [ONE], "b.py")[-1]
    filler.anchor = "none"
    assert known.entry_for(filler) is None
    (moved,) = findings(line(ONE), [ONE], "c.py")
    moved.ordinal = 5
    assert known.entry_for(moved) is None, "what isn't looked for any more is new"


def test_a_mark_is_8_bits() -> None:
    known = Baseline("", SALT, [])
    marks = {known.mark(github_token(seed).encode()) for seed in range(3000)}
    assert len(marks) == 256
    assert {len(mark or "") for mark in marks} == {2}


# ── Expiry ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("expires", "allowed"), [(None, True), ("2026-06-15", True), ("2026-06-16", True), ("2026-06-14", False)]
)
def test_an_entry_counts_until_the_end_of_its_day(expires: str | None, *, allowed: bool) -> None:
    (finding,) = findings(line(ONE), [ONE])
    note = Baselines(lambda: matcher(baseline_of(finding, expires=expires), "a.py"), None, TODAY).note_for(finding)
    assert (note is not None) is allowed
    if note:
        assert (note.by, note.reason) == ("baseline", "known")
    else:
        assert finding.message == "message (its entry in the baseline expired on 2026-06-14)"


# ── The file ────────────────────────────────────────────────────────────────────────────────────────


def entry_object(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "rule": "SEC999",
        "path": "a.py",
        "fingerprint": "0" * 32,
        "mark": "0a",
        "reason": "known",
    }
    return {name: value for name, value in (values | changes).items() if value is not ...}


def text_of(*entries: object, **changes: object) -> str:
    """A file as it may be written, an entry on each line from the fourth on."""
    top: dict[str, object] = {"version": 1, "salt": SALT} | changes
    head = ", ".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in top.items())
    body = ",\n".join(json.dumps(entry) for entry in entries)
    return f'{{\n{head},\n"entries": [\n{body}\n]}}\n'


def test_a_file_is_read_in_whatever_layout() -> None:
    text = text_of(
        entry_object(), entry_object(mark=None, path=None, expires="2027-01-31", audit="unsure"), {"section": "end"}
    )
    for one in (text, json.dumps(json.loads(text), indent=4), "\ufeff" + text):
        known = load(one.encode(), "b.json")
        assert known.salt == SALT
        first, second = known.entries
        assert (first.rule, first.path, first.mark, first.reason) == ("SEC999", "a.py", "0a", "known")
        assert (second.path, second.mark, second.expires, second.audit) == (None, None, "2027-01-31", "unsure")


def test_a_file_that_was_met_before_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = text_of(entry_object(reason="met before")).encode()
    first = load(raw, "b.json")
    monkeypatch.setattr("nightlatch.core.baseline.reading.parsed", None)
    assert vars_of(load(raw, "b.json")) == vars_of(first)
    assert cache.load("baseline", raw) is None, "the key names the version of the form"


def vars_of(known: Baseline) -> list[object]:
    return [known.salt, *([getattr(entry, name) for name in Entry.__slots__] for entry in known.entries)]


OLD_MARKER, NEW_MARKER = "<" * 7 + " ours", ">" * 7 + " theirs"

HOSTILE = {
    "empty": ("", 1, "not JSON"),
    "no JSON": ("nonsense", 1, "not JSON"),
    "cut off": (text_of(entry_object())[:-5], 4, "not JSON"),
    "a list": ("[]", 0, "a JSON object"),
    "no entries": (json.dumps({"version": 1, "salt": SALT}), 0, "`entries` is missing"),
    "entries that are none": (json.dumps({"version": 1, "salt": SALT, "entries": {}}), 0, "must be a list"),
    "another version": (text_of(version=2), 0, "`version` must be 1"),
    "true as version": (text_of(version=True), 0, "`version` must be 1"),
    "a short salt": (text_of(salt="00"), 0, "`salt`"),
    "a salt of other signs": (text_of(salt="x" * 32), 0, "`salt`"),
    "an unknown key at the top": (text_of(generated_at="now"), 0, "no key `generated_at`"),
    "an unknown key": (text_of(entry_object(), entry_object(line=3)), 5, "no key `line`"),
    "a missing key": (text_of(entry_object(mark=...)), 4, "`mark` is missing"),
    "a key twice": (text_of(entry_object()).replace('"mark"', '"rule": "SEC998", "mark"'), 4, "`rule` stands twice"),
    "a key twice at the top": (text_of().replace('"version": 1', '"version": 1, "version": 1'), 0, "stands twice"),
    "an entry twice": (text_of(entry_object(), entry_object(reason="again")), 5, "stands twice"),
    "an entry that is none": (text_of("x"), 4, "an object"),
    "an empty entry": (text_of({}, entry_object()), 4, "is missing"),
    "a section with more": (text_of(entry_object(section="00")), 4, "no key `section`"),
    "a rule that is none": (text_of(entry_object(rule="SEC 9")), 4, "`rule`"),
    "a path that is none": (text_of(entry_object(path="")), 4, "`path`"),
    "a short fingerprint": (text_of(entry_object(fingerprint="0")), 4, "`fingerprint`"),
    "a number as fingerprint": (text_of(entry_object(fingerprint=0)), 4, "`fingerprint`"),
    "a long mark": (text_of(entry_object(mark="0123")), 4, "`mark`"),
    "no reason": (text_of(entry_object(reason=" ")), 4, "`reason`"),
    "a reason without end": (text_of(entry_object(reason="x" * 2000)), 4, "`reason`"),
    "no day": (text_of(entry_object(expires="2027-02-30")), 4, "`expires`"),
    "a day in another form": (text_of(entry_object(expires="20270130")), 4, "`expires`"),
    "an unknown audit": (text_of(entry_object(audit="maybe")), 4, "`audit`"),
    "conflict markers": (
        text_of(entry_object()).replace("[\n", f"[\n{OLD_MARKER}\n", 1) + NEW_MARKER,
        4,
        "conflict markers",
    ),
    "no number": (text_of(entry_object(reason=float("nan"))), 0, "number"),
    "a huge number": (text_of().replace('"version": 1', f'"version": {"9" * 9999}'), 0, "number"),
    "too deep": ("[" * 100_000, 0, "nested too deeply"),
}


@pytest.mark.parametrize(("text", "place", "said"), HOSTILE.values(), ids=HOSTILE)
def test_a_file_that_is_not_valid_is_refused_with_its_line(text: str, place: int, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(text.encode(), "b.json")
    assert said in caught.value.what
    assert caught.value.what.startswith("b.json:")
    assert caught.value.line == place
    assert caught.value.remedy


def test_a_file_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(ConfigError, match="UTF-8") as caught:
        load(b"{\n\xff", "b.json")
    assert caught.value.line == 2


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_file_brings_another_error_than_ours(raw: bytes) -> None:
    with pytest.raises(ConfigError):
        load(raw, "b.json")


@settings(deadline=None)
@given(st.data())
def test_a_file_with_anything_in_an_entry_is_read_or_refused(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([*REQUIRED, *OPTIONAL]))
    value = data.draw(st.none() | st.booleans() | st.integers() | st.text(max_size=40) | st.lists(st.none()))
    try:
        load(text_of(entry_object(**{name: value})).encode(), "b.json")
    except ConfigError as error:
        assert error.line == 4  # noqa: PT017 - either is right


# ── In a run ────────────────────────────────────────────────────────────────────────────────────────


def suppressed(report: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one["path"], one["by"], one["reason"]) for one in report["suppressed"]]


def adopted(repository: Repository) -> Repository:
    """With an old secret and the baseline of it, committed."""
    repository.stage("old.py", line_with_token("old"))
    assert repository.nightlatch("baseline", "create").code == 0
    repository.git("add", ".")
    repository.commit("adopt")
    return repository


def test_after_adoption_a_commit_is_judged_by_its_own_change_alone(repository: Repository) -> None:
    adopted(repository)
    repository.stage("old.py", "import os\n\n" + line_with_token("old"))
    report = repository.nightlatch("secrets", "--staged", "--format", "json")
    assert report.code == 0
    assert report.json()["findings"] == []
    assert suppressed(report.json()) == [("old.py", "baseline", "present at adoption")]

    repository.stage("old.py", line_with_token("old") + "NEW_" + line_with_token("new"))
    report = repository.nightlatch("secrets", "--staged", "--format", "json")
    assert report.code == 1
    assert report.findings() == ["SEC301 old.py:2"]


def test_another_value_in_the_place_of_an_old_one_stops_the_commit(repository: Repository) -> None:
    adopted(repository).stage("old.py", line_with_token("new"))
    assert repository.nightlatch("secrets", "--staged").code == 1


def test_a_renamed_file_passes_and_a_copied_one_does_not(repository: Repository) -> None:
    adopted(repository).git("mv", "old.py", "renamed.py")
    for words in (("--staged",), ("--all-files",), ("renamed.py",)):
        assert repository.nightlatch("secrets", *words).code == 0, words
    repository.git("mv", "renamed.py", "old.py")
    repository.stage("copy.py", line_with_token("old"))
    for words in (("--staged",), ("--all-files",), ("copy.py",)):
        assert repository.nightlatch("secrets", *words).code == 1, words


def test_what_is_removed_in_the_index_alone_is_gone_for_the_commit(repository: Repository) -> None:
    adopted(repository).stage("renamed.py", line_with_token("old"))
    repository.git("rm", "--quiet", "--cached", "old.py")
    assert repository.nightlatch("secrets", "--staged").code == 0
    assert repository.nightlatch("secrets", "renamed.py").code == 1


@pytest.mark.skipif(os.name == "nt", reason="names there are text")
def test_a_name_of_any_bytes_has_its_entry(repository: Repository) -> None:
    repository.stage(b"gr\xf6\xdfe %41.py", line_with_token("old"))
    assert repository.nightlatch("baseline", "create").code == 0
    assert repository.nightlatch("secrets", "--all-files").code == 0
    repository.stage("copy.py", line_with_token("old"))
    assert repository.nightlatch("secrets", "--all-files").code == 1, "the first is still there"


def test_an_expired_entry_counts_no_more_and_says_so(repository: Repository) -> None:
    repository.stage("old.py", line_with_token("old"))
    assert repository.nightlatch("baseline", "create", "--expires", "2020-01-31").code == 0
    outcome = repository.nightlatch("secrets", "--all-files")
    assert outcome.code == 1
    assert "(its entry in the baseline expired on 2020-01-31)" in outcome.out


def test_an_inline_note_goes_before_the_baseline(repository: Repository) -> None:
    repository.stage("old.py", line_with_token("old"))
    repository.nightlatch("baseline", "create")
    repository.stage("old.py", "# nightlatch: allow SEC301 -- a test\n" + line_with_token("old"))
    report = repository.nightlatch("secrets", "--all-files", "--format", "json").json()
    assert suppressed(report) == [("old.py", "inline", "a test")]


def test_unused_entries_are_named_where_the_whole_tree_was_checked(repository: Repository) -> None:
    adopted(repository).stage("old.py", "")
    repository.stage("other.py", line_with_token("other"))
    outcome = repository.nightlatch("secrets", "--all-files", "-v")
    assert "old.py: unused baseline entry SEC301 (present at adoption)" in outcome.out
    assert "1 entry of the baseline is no longer needed: nightlatch baseline update" in outcome.out
    assert "unused" not in repository.nightlatch("secrets", "--staged", "-v").out
    assert "unused" not in repository.nightlatch("secrets", "other.py", "-v").out


def test_an_unused_entry_changes_no_exit_code(repository: Repository) -> None:
    adopted(repository).stage("old.py", "")
    outcome = repository.nightlatch("secrets", "--all-files")
    assert (outcome.code, outcome.out) == (0, "")


def test_an_entry_of_a_file_that_could_not_be_checked_is_not_unused(repository: Repository) -> None:
    adopted(repository)
    (repository.path / "old.py").unlink()
    os.mkfifo(repository.path / "old.py")
    outcome = repository.nightlatch("secrets", "--all-files", "-v")
    assert outcome.code == 2
    assert "unused" not in outcome.out


def test_another_file_can_be_named(repository: Repository) -> None:
    repository.stage("old.py", line_with_token("old"))
    assert repository.nightlatch("baseline", "create", "--baseline", "ci/known.json").code == 2, "no such folder"
    (repository.path / "ci").mkdir()
    assert repository.nightlatch("baseline", "create", "--baseline", "ci/known.json").code == 0
    assert repository.nightlatch("secrets", "--all-files").code == 1
    assert repository.nightlatch("secrets", "--all-files", "--baseline", "ci/known.json").code == 0
    missing = repository.nightlatch("secrets", "--all-files", "--baseline", "other.json")
    assert missing.code == 2
    assert "other.json: there is no such file" in missing.err


def test_a_broken_baseline_is_exit_2_even_where_nothing_is_found(repository: Repository) -> None:
    repository.stage("page.txt", "words\n")
    repository.write(".nightlatch-baseline.json", text_of(entry_object(), entry_object(mark="?")))
    for words in (("--staged",), ("--all-files",), ("page.txt",)):
        outcome = repository.nightlatch("secrets", *words)
        assert outcome.code == 2
        assert ".nightlatch-baseline.json:5:1: `mark` must be 2 hexadecimal digits" in outcome.err


def test_a_baseline_that_is_no_file_is_exit_2_and_never_waits(repository: Repository) -> None:
    repository.stage("page.txt", "words\n")
    place = repository.path / ".nightlatch-baseline.json"
    os.mkfifo(place)
    assert repository.nightlatch("secrets", "--staged").code == 2
    place.unlink()
    place.symlink_to("nowhere")
    assert repository.nightlatch("secrets", "--staged").code == 2
    place.unlink()
    place.symlink_to("/dev/zero")
    assert repository.nightlatch("secrets", "--staged").code == 2
    place.unlink()
    place.mkdir()
    assert repository.nightlatch("secrets", "--staged").code == 2


def test_a_baseline_over_the_bound_is_exit_2(repository: Repository) -> None:
    repository.stage("page.txt", "words\n")
    place = repository.write(".nightlatch-baseline.json", b" ")
    os.truncate(place, MAX_BYTES + 1)
    outcome = repository.nightlatch("secrets", "--staged")
    assert outcome.code == 2
    assert "larger than 16 MiB" in outcome.err


def test_a_range_is_judged_by_the_baseline_of_its_base(repository: Repository) -> None:
    adopted(repository)
    base = repository.git("rev-parse", "HEAD").strip()
    repository.stage("old.py", "import os\n" + line_with_token("old"))
    repository.commit("move")
    assert repository.nightlatch("secrets", "--from-ref", base).code == 0

    repository.stage("new.py", line_with_token("new"))
    repository.nightlatch("baseline", "update", "--add", "--reason", "to disarm the check")
    repository.git("add", ".")
    repository.commit("disarm")
    outcome = repository.nightlatch("secrets", "--from-ref", base, "--format", "json")
    assert outcome.code == 1
    assert outcome.findings() == ["SEC301 new.py:1"]
    assert repository.nightlatch("secrets", "--all-files").code == 0


def test_a_file_that_a_range_renames_keeps_its_entry(repository: Repository) -> None:
    adopted(repository)
    (repository.path / "sub").mkdir()
    repository.git("mv", "old.py", "sub/renamed.py")
    repository.commit("move")
    assert repository.nightlatch("secrets", "--from-ref", "HEAD~1").code == 0


def test_a_known_baseline_costs_a_commit_no_json(repository: Repository) -> None:
    adopted(repository).stage("page.txt", "words\n")
    assert repository.nightlatch("secrets", "--staged").code == 0, "the first run reads it"
    start = "import sys; from nightlatch.cli import main; sys.exit(main(['secrets', '--staged']))"
    hooks = str(Path(__file__).resolve().parents[2] / "hooks")
    outcome = run(
        *(sys.executable, "-S", "-X", "importtime", "-c", start),
        cwd=repository.path,
        env=repository.env | {"PYTHONPATH": hooks},
    )
    assert outcome.code == 0
    imported = {line.rpartition("|")[2].strip() for line in outcome.err.splitlines()}
    assert "nightlatch.core.baseline.reading" in imported
    assert imported & {"json", "re", "hmac", "hashlib", "datetime", "argparse", "typing", "collections"} == set()
