"""The hook through the whole command: which ends it compares, where it points, what allows it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.repository import Outcome, Repository
from tests.support.tokens import line_with_token
from tests.support.wiring import CLAUDE, claude

CONFIG = ".nightlatch.yaml"
BASELINE = ".nightlatch-baseline.json"


def found(repository: Repository, *arguments: str, code: int = 1, hook: str = "protected-files") -> list[str]:
    outcome = repository.nightlatch(hook, *arguments, "--format", "json")
    assert outcome.code == code, outcome
    return [f"{one['path']}:{one['line']}:{one['column']} {one['message']}" for one in outcome.json()["findings"]]


@pytest.fixture
def strict(repository: Repository) -> Repository:
    repository.stage(CONFIG, "version: 1\nprofile: strict\n")
    repository.commit()
    return repository


def entry(number: int, **more: Any) -> dict[str, Any]:
    known = {"rule": "SEC301", "path": f"{number}.py", "fingerprint": f"{number:032x}", "mark": "a0", "reason": "old"}
    return known | more


def baseline(*entries: dict[str, Any]) -> str:
    rows = ",\n".join(json.dumps(one) for one in entries)
    return f'{{"version": 1, "salt": "{"5a" * 16}", "entries": [\n{rows}\n]}}\n'


@pytest.mark.parametrize("arguments", [(), ("--staged",), ("--all-files",), (CONFIG,)])
def test_staged_and_written_changes_are_compared_with_head(strict: Repository, arguments: tuple[str, ...]) -> None:
    strict.stage(CONFIG, "version: 1\nexclude:\n  - '/src/**'\n")
    assert found(strict, *arguments) == [
        f"{CONFIG}:1:1 profile: strict became standard",
        f"{CONFIG}:3:5 exclude: /src/** is no longer checked",
    ]


def test_staged_means_the_index_from_any_folder(strict: Repository) -> None:
    strict.stage(CONFIG, "version: 1\n")
    strict.stage("below/a.py", "x = 1\n")
    strict.write(CONFIG, "version: 1\nprofile: strict\n")
    assert found(Repository(strict.path / "below"), "--staged") == [f"{CONFIG}:1:1 profile: strict became standard"]
    assert found(strict, "--all-files", code=0) == []


def test_a_range_is_compared_as_a_whole_and_laid_to_its_end(strict: Repository) -> None:
    strict.stage(CONFIG, "version: 1\n")
    strict.commit()
    strict.stage("a.py", "x = 1\n")
    tip = strict.commit()
    outcome = strict.nightlatch("protected-files", "--from-ref", "HEAD~2", "--format", "json")
    assert [(one["commit"], one["line"]) for one in outcome.json()["findings"]] == [(tip, 1)]
    assert found(strict, "--from-ref", "HEAD~1", code=0) == []
    assert found(strict, "--history", code=0) == []
    strict.stage(CONFIG, "version: 1\nprofile: strict\n")
    strict.commit()
    assert found(strict, "--from-ref", "HEAD~3", code=0) == []


def test_a_first_file_is_compared_with_the_defaults(repository: Repository) -> None:
    repository.stage("a.py", "x = 1\n")
    repository.commit()
    repository.stage(CONFIG, "profile: strict\nrules: {SEC301: off}\n")
    assert found(repository) == [f"{CONFIG}:2:9 rules: SEC301 goes from its own severity to off"]


LISTED = "{id: closed, paths: [.env, .env.*, ~/.ssh/**], read: deny}"


def test_a_list_of_closed_files_that_takes_the_place_of_the_built_in_one_is_told(repository: Repository) -> None:
    guidance = "{id: guidance, paths: [/CLAUDE.md], read: whole}"
    section = f"version: 1\nprotected-files:\n  rules:\n    - {guidance}\n"
    said = (
        f"{CONFIG}:3:3 protected-files: rules take the place of the built-in ones, "
        "and leave ~/.aws/credentials, ~/.netrc, ~/.pgpass and 2 more open: list what is to stay closed"
    )
    repository.stage("CODEOWNERS", "* @owner\n")
    repository.commit()
    repository.stage(CONFIG, f"{section}    - {LISTED}\n")
    assert found(repository, "--staged", code=0) == [said]
    repository.stage(CONFIG, section)
    repository.commit()
    repository.stage(CONFIG, f"{section}    - {LISTED}\n")
    assert found(repository, "--staged") == [said]
    usual = "~/.aws/**, ~/.netrc, ~/.pgpass, ~/.git-credentials, ~/.gnupg/**"
    listed = LISTED.replace("~/.ssh/**", f"~/.ssh/**, {usual}")
    repository.stage(CONFIG, f"{section}    - {listed}\n")
    assert found(repository, "--staged", code=0) == []


def test_the_first_commit_and_a_folder_outside_git_have_no_base(repository: Repository) -> None:
    repository.stage(CONFIG, "exclude: ['**']\n")
    assert found(repository, code=0) == []
    (repository.path / ".git").rename(repository.path / "elsewhere")
    assert found(repository, code=0) == []


@pytest.mark.parametrize("renamed", [False, True])
def test_a_deleted_or_renamed_file_no_longer_demands_anything(strict: Repository, *, renamed: bool) -> None:
    strict.git(*(("mv", CONFIG, "other.yaml") if renamed else ("rm", "--quiet", CONFIG)))
    assert found(strict) == [f"{CONFIG}:None:None {CONFIG} was deleted; profile: strict became standard"]


DISARMING = ("rules: {PRO011: off}", "rules: {PRO011: info}", "overrides: [{paths: ['*'], rules: {PRO011: off}}]")


@pytest.mark.parametrize("text", [*DISARMING, "exclude: ['**']", "hooks: [secrets]"])
def test_a_change_does_not_disarm_the_hook_that_judges_it(strict: Repository, text: str) -> None:
    strict.stage(CONFIG, f"profile: strict\n{text}\n")
    assert found(strict)
    strict.commit()
    assert found(strict, "--from-ref", "HEAD~1", hook="run")


def test_a_rule_that_was_off_before_stays_off_and_can_be_raised(strict: Repository) -> None:
    strict.stage(CONFIG, "profile: strict\nrules: {PRO011: off}\n")
    strict.commit()
    strict.stage(CONFIG, "rules: {PRO011: off}\n")
    assert found(strict, code=0) == []
    strict.stage(CONFIG, "rules: {PRO011: error}\n")
    assert found(strict) == [f"{CONFIG}:1:1 profile: strict became standard"]


def test_a_note_in_the_file_allows_its_line_alone(strict: Repository) -> None:
    note = "# nightlatch: allow PRO011 -- generated code, agreed with the owner"
    strict.stage(CONFIG, f"profile: strict\nexclude:\n  {note}\n  - /gen\n  - /src\n")
    assert found(strict) == [f"{CONFIG}:5:5 exclude: /src is no longer checked"]
    strict.stage(CONFIG, f"profile: standard {note}\n")
    assert found(strict, code=0) == []
    strict.stage(CONFIG, f"{note}\nversion: 1\n")
    assert found(strict, code=0) == []


def test_an_invalid_end_of_a_range_is_refused_for_every_hook(strict: Repository) -> None:
    strict.stage(CONFIG, "profil: strict\n")
    tip = strict.commit()
    for hook in ("protected-files", "secrets", "run"):
        outcome = strict.nightlatch(hook, "--from-ref", "HEAD~1")
        assert outcome.code == 2
        assert f"{tip[:12]}:{CONFIG}:1:1: unknown key" in outcome.err


def test_a_repaired_file_is_compared_with_the_defaults(repository: Repository) -> None:
    repository.stage(CONFIG, "profil: strict\n")
    repository.commit()
    repository.stage(CONFIG, "profile: strict\n")
    assert found(repository, code=0) == []


def test_a_first_baseline_only_warns(strict: Repository) -> None:
    strict.stage(BASELINE, baseline(entry(1), entry(2)))
    assert found(strict, code=0) == [f"{BASELINE}:2:1 2 findings more allowed (SEC301 1.py, SEC301 2.py)"]
    assert strict.nightlatch("protected-files", "--fail-on", "warning").code == 1


@pytest.mark.parametrize("before", [baseline(), baseline(entry(0)), "no JSON"])
def test_entries_that_a_baseline_gains_are_counted(strict: Repository, before: str) -> None:
    strict.stage(BASELINE, before)
    strict.commit()
    strict.stage(BASELINE, baseline(*([entry(0)] if before == baseline(entry(0)) else []), *map(entry, range(1, 6))))
    (said,) = found(strict)
    assert said.startswith(
        f"{BASELINE}:{3 if before == baseline(entry(0)) else 2}:1 5 findings more allowed (SEC301 1.py"
    )
    assert said.endswith("and 2 more)")


def test_a_baseline_that_shrinks_or_is_reordered_is_not_told(strict: Repository) -> None:
    strict.stage(BASELINE, baseline(entry(1), entry(2), entry(3, expires="2030-01-01")))
    strict.commit()
    strict.stage(BASELINE, baseline(entry(3, expires="2029-01-01", reason="new"), entry(1, expires="2030-01-01")))
    assert found(strict, code=0) == []
    strict.stage(BASELINE, baseline(entry(3), entry(1)))
    assert found(strict) == [f"{BASELINE}:2:1 1 finding more allowed (SEC301 3.py)"]
    strict.git("rm", "--quiet", "--force", BASELINE)
    assert found(strict, code=0) == []


def test_entries_that_carry_the_note_are_allowed(strict: Repository) -> None:
    strict.stage(BASELINE, baseline())
    strict.commit()
    noted = entry(1, reason="nightlatch: allow PRO011 -- present at adoption")
    strict.stage(BASELINE, baseline(noted))
    assert found(strict, code=0) == []
    strict.stage(BASELINE, baseline(noted, entry(2)))
    assert found(strict) == [f"{BASELINE}:3:1 1 finding more allowed (SEC301 2.py)"]


def remedy(repository: Repository) -> str:
    """What the one finding advises, as text shows it."""
    outcome = repository.nightlatch("protected-files", "--staged")
    assert outcome.code == 1, outcome
    (fix,) = [line.partition("fix:    ")[2] for line in outcome.out.splitlines() if "fix:    " in line]
    return fix


def test_the_remedy_for_yaml_names_the_note_and_holds(strict: Repository) -> None:
    strict.stage(CONFIG, "profile: strict\nexclude: [/gen]\n")
    fix = remedy(strict)
    assert fix.startswith("Restore what was there; or have an owner approve it, and write a comment on the line")
    note = fix.partition("# ")[2]
    strict.stage(CONFIG, f"profile: strict\nexclude: [/gen]  # {note}\n")
    assert found(strict, code=0) == []


def test_the_remedy_in_a_first_configuration_speaks_of_nothing_that_was_there(repository: Repository) -> None:
    repository.stage("a.txt", "x\n")
    repository.commit()
    repository.stage(CONFIG, "exclude: [/gen]\n")
    assert remedy(repository).startswith("Take it out; or, where it is meant, have an owner approve it, and write a")


def test_the_remedy_for_a_baseline_is_its_reason(strict: Repository) -> None:
    strict.stage(BASELINE, baseline())
    strict.commit()
    strict.stage(BASELINE, baseline(entry(1)))
    note = remedy(strict).partition("with: ")[2]
    strict.stage(BASELINE, baseline(entry(1, reason=note)))
    assert found(strict, code=0) == []


RUNNER = ".pre-commit-config.yaml"
STARTED = "repos: [{repo: https://example.org/nightlatch, rev: v1, hooks: [{id: nightlatch}]}]\n"


@pytest.mark.parametrize("path", [CONFIG, RUNNER, CLAUDE, ".secrets.baseline"])
def test_where_no_note_can_stand_a_change_of_its_own_goes_before(strict: Repository, path: str) -> None:
    before = {CONFIG: "profile: strict\n", RUNNER: STARTED, CLAUDE: "", ".secrets.baseline": "{}"}
    before[CLAUDE] = json.dumps(claude(permissions={"deny": ["Read(**)", "Read(~/**)", "Read(/x)"]}))
    strict.stage(path, before[path])
    strict.commit()

    def weaken() -> None:
        if path == ".secrets.baseline":
            items = [{"type": "Secret Keyword", "hashed_secret": "1" * 40, "line_number": 1}]
            strict.stage(path, json.dumps({"version": "1.5.0", "plugins_used": [], "results": {"a.py": items}}))
        elif path == CLAUDE:
            strict.stage(path, json.dumps(claude(permissions={"deny": ["Read(**)", "Read(~/**)"]})))
        else:
            strict.git("rm", "--quiet", path)

    weaken()
    line = remedy(strict).partition(f"It says in {CONFIG}: ")[2]
    strict.git("reset", "--quiet", "--hard")
    strict.stage(CONFIG, f"profile: strict\n{line}\n")
    assert found(strict, code=0) == []
    strict.commit()
    weaken()
    outcome = strict.nightlatch("protected-files", "--staged", "--format", "json")
    assert [one for one in outcome.json()["findings"] if one["rule"] == "PRO011"] == []


def test_a_baseline_of_detect_secrets_is_compared_and_its_hashes_are_not_told(strict: Repository) -> None:
    def of(*hashes: str) -> str:
        items = [{"type": "Secret Keyword", "hashed_secret": one, "line_number": 1} for one in hashes]
        return json.dumps({"version": "1.5.0", "plugins_used": [], "results": {"a.py": items}}, indent=2) + "\n"

    strict.stage(".secrets.baseline", of("1" * 40))
    strict.commit()
    strict.stage(".secrets.baseline", of("2" * 40, "1" * 40))
    outcome = strict.nightlatch("protected-files")
    assert outcome.code == 1
    assert ".secrets.baseline:8:9: error PRO011 1 finding more allowed (a.py)" in outcome.out
    assert "2222" not in outcome.out


def test_a_place_is_found_behind_any_line_break_and_mark(strict: Repository) -> None:
    strict.stage(CONFIG, b"\xef\xbb\xbfprofile: strict\r\n# \xc3\xa4\xf0\x9f\x98\x80\r\nexclude: [\xc3\xa4, /b]\r\n")
    assert found(strict) == [
        f"{CONFIG}:3:11 exclude: ä is no longer checked",
        f"{CONFIG}:3:14 exclude: /b is no longer checked",
    ]


def imports(repository: Repository, *arguments: str) -> set[str]:
    outcome: Outcome = repository.nightlatch(*arguments, PYTHONPROFILEIMPORTTIME="1")
    return {line.rpartition("|")[2].strip() for line in outcome.err.splitlines()}


def test_nothing_is_read_where_no_guard_changed(strict: Repository) -> None:
    strict.stage("a.py", "x = 0\n")
    strict.nightlatch("run")  # which keeps the compiled configuration, and what of the tree counts
    strict.stage("a.py", "x = 1\n")
    loaded = imports(strict, "run", "--staged")
    assert "nightlatch.protected_files.hook" in loaded
    heavy = {"yaml", "json", "nightlatch.schema", "nightlatch.core.ends", "nightlatch.protected_files.compare"}
    assert not loaded & heavy
    assert "nightlatch.protected_files" not in imports(strict, "secrets", "--staged")


def test_secrets_and_guards_are_found_in_one_run(strict: Repository) -> None:
    strict.stage(CONFIG, "profile: strict\nrules: {SEC302: off}\n")
    strict.stage("a.py", line_with_token())
    outcome = strict.nightlatch("run", "--format", "json")
    assert {one["rule"] for one in outcome.json()["findings"]} == {"SEC301", "PRO011"}
