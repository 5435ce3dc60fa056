from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch import __version__
from nightlatch.arguments import RUN, Arguments, quick
from nightlatch.cli import main
from nightlatch.core.errors import NightlatchError
from nightlatch.core.run import Request
from nightlatch.parser import OF_ONE_HOOK, build_parser, overview, parse
from nightlatch.registry import MODULES
from nightlatch.secrets.rules import RULES
from tests.support.repository import Repository
from tests.support.tokens import line_with_token

WORDS = st.sampled_from(
    [
        *("--staged", "--all-files", "--changed-lines", "--staged=1"),
        *("--", "a.py", "b c.py", "-x", "--format", "json", "-v", "", "-"),
    ]
)


def as_dict(thing: object) -> dict[str, object]:
    values: dict[str, object] = {}
    for name in type(thing).__slots__:  # type: ignore[attr-defined]
        value = getattr(thing, name)
        values[name] = as_dict(value) if isinstance(value, Request) else list(value) if name == "paths" else value
    return values


@given(st.lists(WORDS, max_size=6))
def test_the_quick_reading_equals_the_whole_one(words: list[str]) -> None:
    fast = quick(["secrets", *words])
    if fast is None:
        return
    slow = parse(["secrets", *words])
    assert isinstance(slow, Arguments)
    assert as_dict(fast) | {"reports": []} == as_dict(slow)


def test_plain_command_lines_are_read_quickly() -> None:
    for words in (
        ["secrets"],
        ["run"],
        ["secrets", "--staged"],
        ["secrets", "--", "-x", "a.py"],
        ["run", "--all-files"],
        ["run", "--changed-lines", "a.py"],
    ):
        assert quick(words) is not None, words


def test_help_fits_a_screen_and_names_every_option(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    for words in (["--help"], ["-h"], ["secrets", "--help"], ["run", "-h"], ["explain", "--help"]):
        assert main(words) == 0
    lines = overview().splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert capsysbinary.readouterr().out.decode().count("usage: nightlatch") == 5


@pytest.mark.parametrize("command", [*MODULES, RUN])
def test_the_help_of_a_command_begins_with_its_own_options(command: str) -> None:
    page = parse([command, "--help"])
    assert isinstance(page, str)
    own, _, common = page.partition("what to check")
    assert own.startswith(f"usage: nightlatch {command} ")
    named = {option.split(" ")[0] for option, _ in OF_ONE_HOOK[command]}
    assert named
    assert named <= set(own.split())
    assert named <= set(build_parser(command)._option_string_actions)
    assert "of `run`" not in common
    assert max(map(len, page.splitlines())) <= 100


def test_a_missing_path_is_told_once_however_many_hooks_run(repository: Repository) -> None:
    outcome = repository.nightlatch("run", "nope.txt", "--format", "text")
    assert outcome.code == 2
    assert outcome.out.count("nope.txt: unchecked") == 1
    assert "1 unchecked" in outcome.out
    assert "accept-unchecked:\n" not in outcome.out, "a slip in a PATH is nothing to accept"


def test_version(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["--version"]) == 0
    assert capsysbinary.readouterr().out.decode() == f"nightlatch {__version__}\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Name a hook"),
        (["secret"], "Did you mean secrets?"),
        (["SECRETS"], "Did you mean secrets?"),
        (["env"], "Did you mean env-files?"),
        (["secrets", "--format", "jsn"], "Did you mean json?"),
        (["secrets", "--format=sariff"], "Did you mean sarif?"),
        (["secrets", "--report", "out.json"], "Write it as --report json=out.json"),
        (["secrets", "--report", "jsn=out.json"], "Did you mean json?"),
        (["secrets", "--baseline", "my own.json"], "nightlatch baseline create --baseline 'my own.json'"),
        (["--hlep"], "There is no option --hlep. Did you mean --help?"),
        (["--staged"], "Run: nightlatch run --staged"),
        (["run", "--hooks", "secret"], "Did you mean secrets?"),
        (["baseline", "import", "nope"], "Name a baseline that detect-secrets has written."),
        (["run", "dependencies"], "For the hook of that name: nightlatch dependencies"),
        (["enum-parity", "--list", "--format", "sarif"], "--list is written as text or JSON"),
        (["enum-parity", "--list", "--report", "json=x.json"], "--list is written as text or JSON"),
        (["secrets", "--formt", "json"], "--formt"),
        (["secrets", "--format", "sarif9"], "invalid choice"),
        (["secrets", "--config", "a", "--no-config"], "exclude each other"),
        (["secrets", "--staged", "--all-files"], "exclude each other"),
        (["secrets", "--to-ref", "HEAD"], "--to-ref needs --from-ref"),
        (["secrets", "--history", "--staged"], "exclude each other"),
        (["secrets", "--history", "a.txt"], "takes no PATH"),
        (["explain", "SEC001", "SEC002"], "explain takes one rule"),
        (["explain", "SEC998"], "There is no rule SEC998"),
        (["explain", "github-personal-acces-token"], "Did you mean github-personal-access-token?"),
    ],
)
def test_mistakes_end_in_a_sentence_and_exit_2(
    words: list[str],
    said: str,
    capsys: pytest.CaptureFixture[str],
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(repository.path)
    assert main(words) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.err.startswith("nightlatch: ")
    assert captured.out == ""


def test_no_other_id_is_guessed_for_one_that_is_no_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "SEC998"]) == 2
    assert "Did you mean" not in capsys.readouterr().err


def test_a_file_that_looks_like_an_option_is_hinted_at(repository: Repository) -> None:
    repository.write("-x.py", line_with_token())
    outcome = repository.nightlatch("secrets", "-x.py")
    assert outcome.code == 2
    assert "put -- before" in outcome.err
    assert repository.nightlatch("secrets", "--", "-x.py").code == 1


def test_explain_tells_the_whole_of_every_rule(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    for rule in RULES:
        assert main(["explain", rule.id.lower()]) == 0
        page = capsysbinary.readouterr().out.decode()
        for part in (rule.id, rule.name, rule.summary, rule.why, rule.fix, f"nightlatch: allow {rule.id}"):
            assert part in page
        assert main(["explain", rule.name]) == 0
        assert capsysbinary.readouterr().out.decode() == page


def test_explain_without_a_rule_lists_them_all(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["explain"]) == 0
    listed = capsysbinary.readouterr().out.decode().splitlines()
    assert {rule.id for rule in RULES} <= {line.split()[0] for line in listed}


def test_an_unforeseen_error_is_exit_2_and_does_not_show_its_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_words: object) -> None:
        raise KeyError(line_with_token())

    monkeypatch.setattr("nightlatch.arguments.quick", broken)
    assert main(["secrets"]) == 2
    said = capsys.readouterr().err
    assert "KeyError (test_cli.py, line" in said
    assert line_with_token().strip() not in said


def test_an_interruption_is_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(_words: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nightlatch.arguments.quick", interrupted)
    assert main(["secrets"]) == 130
    assert "Interrupted" in capsys.readouterr().err


def test_errors_carry_their_exit_codes() -> None:
    assert NightlatchError("what").exit_code == 2


def test_warnings_pass_unless_they_are_asked_to_fail(repository: Repository) -> None:
    url = "postgres://billing:" + "zh87mTa5Vsqxez@db.acme-corp.io/billing"
    repository.stage("tests/settings.py", f'URL = "{url}"\n')
    passed = repository.nightlatch("secrets")
    assert passed.code == 0
    assert "warning SEC011" in passed.out
    assert repository.nightlatch("secrets", "--fail-on", "warning").code == 1
    assert repository.nightlatch("secrets", "--quiet").out == ""


def test_a_range_from_the_runner_goes_before_the_paths_that_it_names(repository: Repository) -> None:
    repository.stage("a.txt", "clean\n")
    repository.commit()
    repository.stage("a.txt", line_with_token())
    repository.commit()
    repository.stage("a.txt", "clean\n")
    repository.commit()
    runner = {"PRE_COMMIT_FROM_REF": "HEAD~2", "PRE_COMMIT_TO_REF": "HEAD"}
    assert repository.nightlatch("secrets", "a.txt").code == 0
    outcome = repository.nightlatch("secrets", "a.txt", **runner)
    assert outcome.code == 1
    assert "(range)" in outcome.out


def test_a_rule_that_does_not_exist_is_an_error_with_its_place(repository: Repository) -> None:
    repository.write(".nightlatch.yaml", "version: 1\nrules:\n  SEC998: off\n")
    outcome = repository.nightlatch("secrets")
    assert outcome.code == 2
    assert ".nightlatch.yaml:3:3: there is no rule SEC998" in outcome.err
    repository.write(".nightlatch.yaml", "version: 1\nrules: {CON107: off, SEC010: warning}\n")
    assert repository.nightlatch("secrets").code == 0


def test_quiet_still_shows_what_makes_the_run_fail(repository: Repository) -> None:
    url = "postgres://billing:" + "zh87mTa5Vsqxez@db.acme-corp.io/billing"
    repository.stage("tests/settings.py", f'URL = "{url}"\n')
    outcome = repository.nightlatch("secrets", "--quiet", "--fail-on", "warning")
    assert outcome.code == 1
    assert "warning SEC011" in outcome.out


def test_in_a_runner_no_command_is_named_that_is_not_at_hand(repository: Repository) -> None:
    repository.stage("a.txt", line_with_token())
    assert "nightlatch explain" in repository.nightlatch("secrets").out
    assert "nightlatch explain" not in repository.nightlatch("secrets", PRE_COMMIT="1").out
